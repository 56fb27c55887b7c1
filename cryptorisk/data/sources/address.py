"""Addresses: what of one may be shown, and where a redirect may lead."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from cryptorisk.errors import FetchError

_PORTS = {"http": 80, "https": 443}


def without_query(url: str) -> str:
    """An address fit to be shown: no query, no user, no password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def is_usable(url: str) -> bool:
    """Whether something can be asked there: a scheme that is spoken, a host, a port that exists."""
    try:
        parts = urlsplit(url)
        return parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def same_host(asked: str, location: str, shown: str) -> str:
    """Where a redirect leads, if that is the same host by no lesser protocol: nothing inside an institution is asked."""
    try:
        target = urljoin(asked, location)
        before, after = urlsplit(asked), urlsplit(target)
        same = _host(before) == _host(after)
    except ValueError:
        raise FetchError("sends to what is no address", where=shown) from None
    if not same or after.scheme not in (before.scheme, "https"):
        raise FetchError("sends to another host, where nothing is asked", where=shown)
    return target


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port, None for the scheme's own; who asks there makes no difference."""
    return parts.hostname, None if parts.port == _PORTS.get(parts.scheme) else parts.port
