"""One question over HTTP, bounded in time and size, with every way it can go wrong told apart.

A single attempt: whether it is worth another is for the caller, who is told by `FetchError.transient`. The packages
requests and urllib3 are of the extra ``live`` and needed only to ask.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cryptorisk.data.sources.address import same_host, without_query
from cryptorisk.data.sources.numerals import is_count
from cryptorisk.data.sources.refusals import few_words, refusal, went_wrong
from cryptorisk.errors import FetchError

if TYPE_CHECKING:
    import requests

    from cryptorisk.data.sources.watch import Watch

CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 60.0
"""The slowest providers think for half a minute before the first byte of a long series."""
ANSWER_SECONDS = 180.0
"""For a whole answer, redirects and headers included: one that drips in for longer is not worth waiting for."""
MAX_BYTES = 64_000_000
"""Of any answer, decompressed. Every source has a lower bound of its own (`LiveSource.answer_bytes`)."""

MAX_REDIRECTS = 3

_PIECE = 65_536


@dataclass(frozen=True)
class Reply:
    """A complete answer with status 200.

    Attributes
    ----------
    url : str
        As asked, without what identifies a user.
    content : bytes
    content_type : str
        Media type in small letters, without parameters; "" when not given.
    """

    url: str
    content: bytes
    content_type: str

    def json(self) -> Any:
        """The answer read as JSON.

        Raises
        ------
        FetchError
            When it is none; transient, because an outage answers with a page for people. An object that has a name twice
            is none either: what it says depends on who reads it.
        """
        try:
            return json.loads(self.content, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            what = "a web page" if self._is_page else f"text that is no JSON ({few_words(str(error))})"
            raise FetchError(
                f"answered with {what}: {self._beginning}", where=self.url, transient=True
            ) from None

    @property
    def _is_page(self) -> bool:
        return "html" in self.content_type or self.content[:200].lstrip()[:1] == b"<"

    @property
    def _beginning(self) -> str:
        return repr(few_words(self.content[:400].decode("utf-8", "replace")))


@dataclass
class Allowance:
    """What all answers to one task may come to together.

    Attributes
    ----------
    of, left : int
        Bytes, decompressed: at first and now.
    """

    of: int
    left: int


@dataclass(frozen=True)
class Web:
    """Asks one question at a time; its bounds. Sessions are not shared, so that threads do not meet.

    Parameters
    ----------
    connect_seconds, silence_seconds : float
        Longest wait for a connection, and for the next byte.
    answer_seconds : float
        Longest time for a whole answer.
    max_bytes : int
        Largest answer, decompressed.
    allowance : Allowance, optional
        What is left for the answers to a task; see `for_task`.
    stopped : threading.Event, optional
        When it is set, nothing is asked any more.
    """

    connect_seconds: float = CONNECT_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    max_bytes: int = MAX_BYTES
    allowance: Allowance | None = field(default=None, compare=False)
    stopped: threading.Event | None = field(default=None, compare=False)

    def for_task(self, answer_bytes: int, task_bytes: int) -> Web:
        """The same for the questions of one task, with the bounds of its source if they are lower.

        Parameters
        ----------
        answer_bytes, task_bytes : int
            Of one answer, and of all together.
        """
        return replace(
            self, max_bytes=min(self.max_bytes, answer_bytes), allowance=Allowance(task_bytes, task_bytes)
        )

    @property
    def most(self) -> int:
        """Bytes that the next answer may have."""
        return self.max_bytes if self.allowance is None else min(self.max_bytes, self.allowance.left)

    def too_large(self, shown: str) -> FetchError:
        """What to say of an answer with more than `most`."""
        if self.allowance is None or self.max_bytes <= self.allowance.left:
            return FetchError(f"answers with more than {self.max_bytes / 1e6:.0f} MB", where=shown)
        what = f"answers with more than {self.allowance.of / 1e6:.0f} MB to the parts of one question"
        return FetchError(what, where=shown)

    def demand_going_on(self, shown: str) -> None:
        """Refuse to ask when `stopped` is set.

        Raises
        ------
        FetchError
        """
        if self.stopped is not None and self.stopped.is_set():
            raise FetchError("is not asked any more: the refresh has ended", where=shown)

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask ``url`` with the query ``params``.

        Raises
        ------
        FetchError
            No connection, silence, a drip beyond the time, a broken or too large answer, another status than 200.
            ``transient`` says whether asking again later may help, ``retry_after`` how many seconds the provider
            asks to wait.
        """
        from cryptorisk.data.sources.watch import Watch

        shown = without_query(url)
        self.demand_going_on(shown)
        with Watch(self.answer_seconds) as watch:
            try:
                reply = self._asked(url, params or {}, headers or {}, shown, watch)
            except Exception as error:
                raise (self._too_slow(shown) if watch.over else went_wrong(error, shown)) from None
            if watch.over:  # what was shut looks whole where no length was announced
                raise self._too_slow(shown)
        return reply

    def _asked(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str], shown: str, watch: Watch
    ) -> Reply:
        """The answer at the address, or where it sends."""
        from cryptorisk.data.sources.watch import WatchedSession

        target, query = url, params
        with WatchedSession(watch) as session:
            for _ in range(MAX_REDIRECTS + 1):
                with self._answer(session, target, query, headers) as response:
                    if not response.is_redirect:
                        return self._reply(response, shown)
                    target, query = same_host(response.url, response.headers["Location"], shown), {}
        raise FetchError(f"sends in circles (more than {MAX_REDIRECTS} redirects)", where=shown)

    def _answer(
        self, session: requests.Session, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> requests.Response:
        """The head of an answer; its body has not been read."""
        return session.get(
            url,
            params=params,
            headers={"User-Agent": "cryptorisk (macro-risk statistics)", **headers},
            timeout=(self.connect_seconds, min(self.silence_seconds, self.answer_seconds)),
            stream=True,
            allow_redirects=False,
            auth=_no_credentials,
        )

    def _reply(self, response: requests.Response, shown: str) -> Reply:
        if response.status_code != 200:
            wait = response.headers.get("Retry-After", "")
            raise refusal(response.status_code, response.reason or "", wait, shown)
        content = self._read(response, shown)
        if self.allowance is not None:
            self.allowance.left -= len(content)
        return Reply(shown, content, media_type(response.headers.get("Content-Type", "")))

    def _read(self, response: requests.Response, shown: str) -> bytes:
        """The body, piece by piece as it is decompressed, so that a flood does not go on unnoticed."""
        most = self.most
        if _announced(response.headers.get("Content-Length", "")) > most:
            raise self.too_large(shown)
        pieces: list[bytes] = []
        size = 0
        while piece := response.raw.read1(_PIECE, decode_content=True):
            size += len(piece)
            if size > most:
                raise self.too_large(shown)
            pieces.append(piece)
        return b"".join(pieces)

    def _too_slow(self, shown: str) -> FetchError:
        what = f"was still answering after {self.answer_seconds:.0f} seconds"
        return FetchError(what, where=shown, transient=True)


def media_type(header: str) -> str:
    """The media type of a header ``Content-Type``, in small letters and without parameters."""
    return header.partition(";")[0].strip().casefold()


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No provider asks for any: without this the library sends what the user's .netrc has for the host."""
    return request


def _announced(text: str) -> float:
    """Bytes that a header ``Content-Length`` announces; 0 when it says nothing, and endless when it is too long a number."""
    text = text.strip()
    if is_count(text):
        return int(text)
    return float("inf") if text.isascii() and text.isdigit() else 0


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        raise ValueError("an object has a name twice")
    return held
