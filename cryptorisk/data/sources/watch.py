"""Connections that end when their time is up, whatever the other side does.

The time limits of a socket count from one byte to the next, so that a server that sends a byte of its headers, of its
handshake or another line ``100 Continue`` now and then is waited for without end. Here a clock shuts the connection:
what waits for it wakes up. Only the look-up of a name is left to the system, which gives up by itself.

Import this module only where requests may be absent without harm: it comes with the extra ``live``.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool


class Watch:
    """Shuts the connections of one question when its time is up; a context manager.

    Parameters
    ----------
    seconds : float

    Attributes
    ----------
    over : bool
        Whether the time was up before the end of the block. A body without an announced length looks whole then.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._clock = threading.Timer(seconds, self._end)
        self._clock.daemon = True

    def __enter__(self) -> Watch:
        self._clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock.cancel()
        with self._lock:
            for one in self._held:
                one.close()
            self._held.clear()

    def hold(self, connection: socket.socket) -> None:
        """Watch over a connection, from before its handshake on.

        A duplicate is kept, because TLS takes the socket itself away; to shut one shuts both.
        """
        own = connection.dup()
        with self._lock:
            self._held.append(own)
            if self.over:
                _shut(own)

    def _end(self) -> None:
        with self._lock:
            self.over = True
            for one in self._held:
                _shut(one)


class WatchedSession(requests.Session):
    """A session for one question under a `Watch`, which asks each address itself.

    Parameters
    ----------
    watch : Watch
    """

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _WatchedAdapter(watch))

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """None, whatever the answer: before it looks there, the library reads the answer's body without a bound."""
        return None


class _WatchedAdapter(HTTPAdapter):
    def __init__(self, watch: Watch) -> None:
        super().__init__(max_retries=0)
        self._watch = watch

    def get_connection_with_tls_context(self, *asked: Any, **more: Any) -> HTTPConnectionPool:
        """The pool that the library would take, a proxy's too, with connections that are watched over."""
        pool = cast(HTTPConnectionPool, super().get_connection_with_tls_context(*asked, **more))
        if not issubclass(pool.ConnectionCls, _WatchedConnection):
            kinds = (_WatchedConnection, pool.ConnectionCls)
            pool.ConnectionCls = type("Watched", kinds, {"watch": self._watch})
        return pool


class _WatchedConnection(HTTPConnection):
    """What is put in front of the library's kinds of connection."""

    watch: Watch

    def _new_conn(self) -> socket.socket:
        self.socket_options = _InTime(self.watch, self.socket_options or ())
        connection = super()._new_conn()
        self.watch.hold(connection)
        return connection


class _InTime(list[tuple[int, int, int | bytes]]):
    """Options of a socket, which the library sets before each address of a host that it tries.

    A host may have any number of addresses that do not answer: once the time is up, none is tried.
    """

    def __init__(self, watch: Watch, options: Any) -> None:
        super().__init__(options)
        self._watch = watch

    def __iter__(self) -> Iterator[tuple[int, int, int | bytes]]:
        if self._watch.over:
            raise TimeoutError("the time is up")
        return super().__iter__()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)
