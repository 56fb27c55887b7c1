"""One question over HTTP: redirects stay on the host, are not read without bound, and carry nobody's password."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError


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
