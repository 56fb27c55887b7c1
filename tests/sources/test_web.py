"""One question over HTTP: bounded in time and size whatever the server does, on its host, and with nobody's password."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cryptorisk.data.sources.address import is_usable, same_host, without_query
from cryptorisk.data.sources.refusals import refusal
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.watch import Watch
from cryptorisk.data.sources.web import MAX_REDIRECTS, Reply, Web
from cryptorisk.errors import DataError, FetchError


@contextmanager
def serving(answer):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, self.headers.get("Authorization")))
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def saying(*parts, every=0.05, times=400, listens=True):
    """A server that says ``parts`` once and then the last of them again and again, without heed to what is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection):
            with connection:
                try:
                    if listens:
                        connection.recv(65_536)
                    for part in (*parts, *[parts[-1]] * times):
                        connection.sendall(part)
                        if ended.wait(every):
                            return
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()


# --- time ---------------------------------------------------------------------------------------------------------

HURRIED = Web(connect_seconds=2, silence_seconds=2, answer_seconds=0.6)
OK = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "status": (b"HTTP/1.1 200 ", b"O"),
    "headers": (OK + b"X: ", b"a"),
    "many headers": (OK, b"X: a\r\n"),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n",),
    "body": (OK + b"Content-Length: 5000\r\n\r\n", b" "),
    "body without a length": (OK + b"\r\n[1", b" "),
    "pieces": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "size of a piece": (OK + b"Transfer-Encoding: chunked\r\n\r\n1;x=", b"a"),
    "compressed nothing": (
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10],
        b"\0\0\0\xff\xff" * 10_000,  # blocks without content
    ),
}


def in_time(url, web=HURRIED):
    """The error of a question that must not take long."""
    begun = time.monotonic()
    with pytest.raises(FetchError) as caught:
        web.get(url)
    assert time.monotonic() - begun < 3, "the server goes on for twenty seconds"
    assert caught.value.transient
    return caught.value


@pytest.mark.parametrize("drip", DRIPS)
def test_what_comes_byte_by_byte_ends_with_the_time(drip):
    with saying(*DRIPS[drip]) as address:
        assert "still answering" in str(in_time(f"http://{address}/a"))


def test_a_handshake_byte_by_byte_ends_with_the_time():
    with saying(b"\x16\x03\x03\x40\x00", b"\x02") as address:
        in_time(f"https://{address}/a")


@pytest.mark.parametrize("drip", ["headers", "continue"])
def test_a_proxy_byte_by_byte_ends_with_the_time(drip, monkeypatch):
    with saying(*DRIPS[drip]) as address:
        monkeypatch.setenv("https_proxy", f"http://{address}")
        monkeypatch.setenv("no_proxy", "")
        in_time("https://nobody.example/a")


def test_redirects_share_the_time():
    def answer(path):
        time.sleep(0.4)
        return 302, {"Location": f"{path}x"}, b""

    with serving(answer) as (url, _):
        assert "still answering" in str(in_time(f"{url}/a"))


def test_a_redirect_whose_body_comes_byte_by_byte_is_followed_at_once():
    begun = time.monotonic()
    head = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 5000\r\n\r\n"
    with saying(head, b" ") as address, pytest.raises(FetchError, match="circles"):
        Web(answer_seconds=30).get(f"http://{address}/a")
    assert time.monotonic() - begun < 3


def test_addresses_that_do_not_answer_are_not_tried_for_ever(monkeypatch):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # until the system takes no more
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", full.getsockname())] * 100
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        in_time("http://many.example/a", Web(connect_seconds=0.3, answer_seconds=0.6))
        for one in waiting:
            one.close()


def test_a_connection_that_comes_after_the_end_is_shut_at_once():
    one, other = socket.socketpair()
    with one, other, Watch(0.01) as watch:
        while not watch.over:
            time.sleep(0.01)
        one.settimeout(5)
        watch.hold(one)
        assert one.recv(1) == b""


def test_nothing_stays_behind_after_an_answer(monkeypatch):
    held = []
    plain = socket.socket.dup
    monkeypatch.setattr(socket.socket, "dup", lambda self: held.append(plain(self)) or held[-1])
    with serving(lambda path: (200, {}, b"[1]")) as (url, _):
        for _ in range(3):
            assert Web().get(url).json() == [1]
    assert len(held) == 3
    assert all(one.fileno() == -1 for one in held)
    assert not [
        one for one in threading.enumerate() if isinstance(one, threading.Timer) and not one.finished.is_set()
    ]


# --- size ---------------------------------------------------------------------------------------------------------


def peak_of_refused(web, url, said):
    with pytest.raises(FetchError, match=said) as caught:
        web.get(url)
    assert not caught.value.transient
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match=said):
            web.get(url)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_decompressed_counts(times):
    body = b" " * 60_000_000
    for _ in range(times):
        body = gzip.compress(body, 6)
    assert len(body) < 100_000
    packing = {"Content-Encoding": ", ".join(["gzip"] * times)}
    with serving(lambda path: (200, packing, body)) as (url, _):
        assert peak_of_refused(Web(max_bytes=1_000_000), url, "more than 1 MB") < 5_000_000


def test_what_is_decompressed_and_not_too_large_is_taken():
    body = b"[" + b" " * 900_000 + b"1]"
    with serving(lambda path: (200, {"Content-Encoding": "gzip"}, gzip.compress(body))) as (url, _):
        assert Web(max_bytes=1_000_000).get(url).content == body


@pytest.mark.parametrize("announced", ["1000001", "9" * 30, "9" * 5000])
def test_an_announced_flood_is_not_waited_for(announced):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {announced}\r\n\r\n".encode()
    begun = time.monotonic()
    with (
        saying(head, b" ", every=1.0) as address,
        pytest.raises(FetchError, match="more than 1 MB") as caught,
    ):
        Web(max_bytes=1_000_000, answer_seconds=2).get(f"http://{address}/a")
    assert time.monotonic() - begun < 0.9, "refused at the head"
    assert not caught.value.transient


@pytest.mark.parametrize("announced", ["²", "-1", "1e3", "0x10", "many", ""])
def test_an_announcement_that_is_no_number_is_none(announced):
    head = OK + b"Connection: close\r\nContent-Length: " + announced.encode("latin-1") + b"\r\n\r\n[1]"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once():
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(head)

        threading.Thread(target=once, daemon=True).start()
        assert Web().get(f"http://127.0.0.1:{server.getsockname()[1]}/a").json() == [1]


def test_the_body_of_a_redirect_is_not_read():
    body = gzip.compress(b" " * 60_000_000)
    headers = {"Content-Encoding": "gzip"}

    def answer(path):
        return (302, {**headers, "Location": "/new"}, body) if path == "/old" else (200, {}, b"[1]")

    with serving(answer) as (url, _):
        Web().get(f"{url}/old")
        tracemalloc.start()
        try:
            assert Web(max_bytes=1000).get(f"{url}/old").json() == [1]
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()


def test_the_answers_to_a_task_are_counted_together():
    with serving(lambda path: (200, {}, b" " * 600_000)) as (url, _):
        web = Web().for_task(1_000_000, 1_500_000)
        assert (web.most, len(web.get(url).content)) == (1_000_000, 600_000)
        assert (web.most, len(web.get(url).content)) == (900_000, 600_000)
        assert web.most == 300_000
        with pytest.raises(FetchError, match="more than 2 MB to the parts of one question") as caught:
            web.get(url)
        assert not caught.value.transient
        assert len(Web().for_task(1_000_000, 1_500_000).get(url).content) == 600_000, (
            "another task has its own"
        )


def test_the_lower_bound_counts():
    assert Web(max_bytes=5).for_task(10, 20).max_bytes == 5
    assert Web(max_bytes=50).for_task(10, 20).max_bytes == 10


# --- where --------------------------------------------------------------------------------------------------------


def test_a_redirect_on_the_host_is_followed():
    def answer(path):
        return (302, {"Location": "/new?x=1"}, b"") if path.startswith("/old") else (200, {}, b"[1]")

    with serving(answer) as (url, seen):
        assert Web().get(f"{url}/old", {"q": "2"}).json() == [1]
    assert [path for path, _ in seen] == ["/old?q=2", "/new?x=1"]


def test_a_redirect_to_another_host_is_not_followed():
    with (
        serving(lambda path: (200, {}, b"secret")) as (inside, inner),
        serving(lambda path: (302, {"Location": f"{inside}/secret"}, b"")) as (url, _),
        pytest.raises(FetchError, match="another host") as caught,
    ):
        Web().get(url)
    assert inner == []
    assert not caught.value.transient


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("http://a.example/x", "/y"),
        ("http://a.example/x", "https://a.example/y"),
        ("http://a.example:80/x", "https://a.example:443/y"),
        ("http://a.example:8080/x", "//a.example:8080/y"),
        ("http://me:secret@a.example/x", "http://a.example/y"),
        ("http://a.example/x", "http://A.example/y"),
    ],
)
def test_the_same_host(asked, location):
    assert same_host(asked, location, "here").lower().endswith("/y")


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("http://a.example/x", "http://b.example/y"),
        ("http://a.example/x", "http://a.example:8080/y"),
        ("http://a.example:8080/x", "https://a.example/y"),
        ("https://a.example/x", "http://a.example/y"),
        ("http://a.example/x", "file:///etc/hosts"),
        ("http://a.example/x", "http://a.example@b.example/y"),
        ("http://a.example/x", "http://[::1/y"),
        ("http://a.example/x", "http://a.example:99999/y"),
        ("http://a.example/x", "http://a.example:²/y"),
    ],
)
def test_what_is_not_the_same_host(asked, location):
    with pytest.raises(FetchError, match="sends to") as caught:
        same_host(asked, location, "here")
    assert not caught.value.transient


@pytest.mark.parametrize("location", ["http://[::1/y", "http://127.0.0.1:²/"])
def test_a_redirect_to_what_is_no_address(location):
    shown = location.encode().decode("latin-1")
    with serving(lambda path: (302, {"Location": shown}, b"")) as (url, _), pytest.raises(FetchError):
        Web().get(url)


def test_so_many_redirects_are_followed_and_no_more():
    def answer(path):
        left = int(path[1:])
        return (302, {"Location": f"/{left - 1}"}, b"") if left else (200, {}, b"[1]")

    with serving(answer) as (url, _):
        assert Web().get(f"{url}/{MAX_REDIRECTS}").json() == [1]
        with pytest.raises(FetchError, match="circles"):
            Web().get(f"{url}/{MAX_REDIRECTS + 1}")


def test_circles_end():
    with (
        serving(lambda path: (302, {"Location": path}, b"")) as (url, seen),
        pytest.raises(FetchError, match="circles"),
    ):
        Web().get(f"{url}/a")
    assert len(seen) == 4


def test_no_password_of_the_user_is_sent(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hidden\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(lambda path: (200, {}, b"[]")) as (url, seen):
        Web().get(url)
    assert [sent for _, sent in seen] == [None]


@pytest.mark.parametrize(
    "address", ["http://me:secret@[bad/", "http://me:secret@a.example:99999/", "http://me:secret@/x"]
)
def test_an_address_that_cannot_be_asked_is_refused_before_anything_is(address):
    assert not is_usable(address)
    with pytest.raises(DataError, match="none that can be asked") as caught:
        live_sources(["bis"], {"bis": address})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["http://me:secret@a.example:99999/x", "ftp://me:secret@a.example/x", "me:secret@x"]
)
def test_the_words_of_the_library_about_an_address_are_not_told(address):
    with pytest.raises(FetchError, match="no usable address") as caught:
        Web().get(address)
    assert "secret" not in caught.value.what
    assert not caught.value.transient


def test_what_is_shown_of_an_address():
    assert without_query("https://me:secret@a.example:8443/x/y?key=1#z") == "https://a.example:8443/x/y"


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 400, 366 * 86_400.0),
        ("²", None),
        ("٣", None),
        ("1.5", None),
        ("-3", None),
        ("Infinity", None),
        ("soon", None),
        ("", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 9999 00:00:00 GMT", 366 * 86_400.0),
    ],
)
def test_how_long_a_provider_asks_to_wait(said, seconds):
    assert refusal(429, "Too Many Requests", said, "here").retry_after == seconds
    assert refusal(403, "Forbidden", said, "here").retry_after is None


def test_a_moment_to_wait_for():
    import datetime as dt

    then = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90), usegmt=True)
    assert 60 < refusal(503, "", then, "here").retry_after <= 90


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 599])
def test_what_may_pass(status):
    assert refusal(status, "", "", "here").transient


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 451])
def test_what_will_not(status):
    error = refusal(status, "for reasons", "", "here")
    assert not error.transient
    assert (error.what, error.status) == (f"answered {status} for reasons", status)


@pytest.mark.parametrize(
    "body", [b'{"a": 1, "a": 2}', b'[{"a": {"b": 1, "b": 1}}]', b"[" * 100_000, b"9" * 5000]
)
def test_what_is_no_json(body):
    with pytest.raises(FetchError, match="no JSON") as caught:
        Reply("here", body, "application/json").json()
    assert caught.value.transient
    assert len(str(caught.value)) < 400
