"""The one place where yfinance is patched: while the replay runs, nothing that it asks leaves the machine.

yfinance has its hosts written into its code and asks through libcurl, whose sockets pytest-socket does not see. The kit
gives it a session that sends charts to the source's address and refuses every other question (`yahoo_session`), so that
no host needs to be replaced. Should that session or yfinance change, what would reach Yahoo fails the test here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from curl_cffi.requests import Session
from curl_cffi.requests.exceptions import RequestException


@contextmanager
def loopback_only() -> Iterator[None]:
    """Questions to any other host are stopped and fail the block at its end."""
    asked, leaks = Session.request, []

    def guarded(self, method, url, **kwargs):
        if urlsplit(url).hostname != "127.0.0.1":
            leaks.append(url)
            raise RequestException("stopped on the way out")
        return asked(self, method, url, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "request", guarded)
        yield
    assert not leaks, f"would have left the machine: {leaks}"
