"""A server on loopback that speaks the providers' wire formats and misbehaves on request.

Each provider has a module ``wire_<name>.py`` beside this one with a class `WIRE`; its address here is
``http://127.0.0.1:<port>/<name>``. The server ends with its context.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from urllib.parse import parse_qsl, urlsplit

from replay_world import World

TRANSPORT_FAULTS = (
    "busy_429",  # 429 without Retry-After
    "busy_429_wait",  # 429 with Retry-After: 1
    "error_500",
    "web_page",  # 200 with a page for people
    "truncated",  # announces more bytes than it sends
    "drip",  # a byte now and then
    "drip_head",  # the same before the body
    "continues",  # asks to go on, again and again
    "huge",  # 100 MB
    "silent",  # accepts and never answers
)
DATA_FAULTS = (
    "empty",  # a well-formed answer without figures
    "reordered",  # columns or keys in another order
    "duplicated",  # every row twice
    "renamed",  # the provider no longer knows the code
    "nan_tail",  # the last periods are there and have no value
    "wrong_currency",  # another currency or unit than asked
)


@dataclass(frozen=True)
class Asked:
    """A request as a wire sees it: path after the provider's name, query, headers in small letters."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What a provider answers."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Wire:
    """A provider's wire format. Subclasses state where the format is documented in their docstring."""

    name: str
    data_faults: tuple[str, ...] = DATA_FAULTS
    """Those that can happen with this provider."""
    sample: tuple[str, ...] = ()
    """Keys of the tasks that the contract tests ask, the first with every fault."""

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        """The provider's answer; ``fault`` is one of `data_faults` or None."""
        raise NotImplementedError


@dataclass
class Replay:
    """A running server.

    Attributes
    ----------
    url : str
        ``http://127.0.0.1:<port>``.
    fault : str or None
        What goes wrong from now on; None for nothing.
    times : int
        How many requests a fault hits before all is well again; -1 for every one.
    only : callable, optional
        Says which requests the fault hits, from provider and `Asked`.
    asked : Counter
        Requests by provider, answered or not.
    keeping : bool
        Whether a well-behaved answer is kept and given again when the same is asked.
    """

    url: str
    wires: dict[str, Wire]
    fault: str | None = None
    times: int = -1
    only: Callable[[str, Asked], bool] | None = None
    asked: Counter = field(default_factory=Counter)
    paths: list[str] = field(default_factory=list)
    keeping: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def addresses(self) -> dict[str, str]:
        return {name: f"{self.url}/{name}" for name in self.wires}

    def misbehave(self, fault: str | None, times: int = -1, only=None) -> None:
        with self.lock:
            self.fault, self.times, self.only = fault, times, only

    def take_fault(self, provider: str, asked: Asked) -> str | None:
        with self.lock:
            self.asked[provider] += 1
            self.paths.append(f"/{provider}{asked.path}")
            if self.fault is None or self.times == 0 or (self.only and not self.only(provider, asked)):
                return None
            self.times -= self.times > 0
            return self.fault


WIRES = ("yahoo", "worldbank", "imf", "bis", "coinmetrics", "defillama")


@contextmanager
def replay_server(world: World, names: tuple[str, ...] = WIRES) -> Iterator[Replay]:
    """Run the server for the length of the block."""
    wires = {name: import_module(f"wire_{name}").WIRE(world) for name in names}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.replay = Replay(f"http://127.0.0.1:{server.server_port}", wires)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        replay: Replay = self.server.replay
        parts = urlsplit(self.path)
        _, provider, *rest = parts.path.split("/")
        asked = Asked(
            "/" + "/".join(rest),
            dict(parse_qsl(parts.query)),
            {k.lower(): v for k, v in self.headers.items()},
        )
        if provider not in replay.wires:
            self._send(Answer(b"no such provider", "text/plain", 404))
            return
        fault = replay.take_fault(provider, asked)
        if fault in TRANSPORT_FAULTS:
            getattr(self, f"_{fault}")()
            return
        if fault is not None or not replay.keeping:
            self._send(replay.wires[provider].answer(asked, fault))
            return
        if self.path not in replay.answers:  # making a large answer takes longer than reading it
            answer = replay.wires[provider].answer(asked, None)
            replay.answers[self.path] = replace(answer, body=gzip.compress(answer.body, 1))
        self._send(replay.answers[self.path], packed=True)

    def _send(self, answer: Answer, *, packed: bool = False) -> None:
        body = answer.body
        headers = {"Content-Type": answer.content_type, **answer.headers}
        wanted = "gzip" in self.headers.get("Accept-Encoding", "")
        if packed and not wanted:
            body = gzip.decompress(body)
        elif wanted:
            body, headers["Content-Encoding"] = body if packed else gzip.compress(body, 1), "gzip"
        self._head(answer.status, {**headers, "Content-Length": str(len(body))})
        self._write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _write(self, body: bytes) -> None:
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True

    def _busy_429(self) -> None:
        self._send(Answer(b"Too Many Requests", "text/plain", 429))

    def _busy_429_wait(self) -> None:
        self._send(Answer(b"Too Many Requests", "text/plain", 429, {"Retry-After": "1"}))

    def _error_500(self) -> None:
        self._send(Answer(b"<html>Internal Server Error</html>", "text/html", 500))

    def _web_page(self) -> None:
        self._send(Answer(b"<!DOCTYPE html><html><body>We will be back soon</body></html>", "text/html"))

    def _truncated(self) -> None:
        self._head(200, {"Content-Type": "application/json", "Content-Length": "5000"})
        self._write(b'[{"page":1,')
        self.close_connection = True

    def _drip(self) -> None:
        self._head(200, {"Content-Type": "application/json", "Content-Length": "100000"})
        self._now_and_then(b"", b" ")

    def _drip_head(self) -> None:
        self._now_and_then(b"HTTP/1.1 200 OK\r\nX-Wait: ", b"a")

    def _continues(self) -> None:
        self._now_and_then(b"", b"HTTP/1.1 100 Continue\r\n\r\n")

    def _now_and_then(self, first: bytes, again: bytes) -> None:
        self._write(first)
        for _ in range(600):  # at most a minute, whatever the reader does
            self._write(again)
            if self.close_connection:
                return
            time.sleep(0.1)
        self.close_connection = True

    def _huge(self) -> None:
        self._head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        piece = b"%x\r\n%s\r\n" % (1_000_000, b" " * 1_000_000)
        for _ in range(100):
            self._write(piece)
            if self.close_connection:
                return
        self._write(b"0\r\n\r\n")

    def _silent(self) -> None:
        for _ in range(300):
            time.sleep(0.1)
            if self.close_connection:
                return

    def log_message(self, *args) -> None:
        pass
