"""One question over HTTP, bounded in time and size, with every way it can go wrong told apart.

A single attempt: whether it is worth another is for the caller, who is told by `FetchError.transient`. The package
requests is of the extra ``live`` and needed only to ask.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from cryptorisk.errors import FetchError

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 60.0
"""The slowest providers think for half a minute before the first byte of a long series."""
ANSWER_SECONDS = 180.0
"""For a whole answer: one that drips in for longer is not worth waiting for."""
MAX_BYTES = 64_000_000
"""The largest honest answer, a monthly series of all economies, is about 20 MB; what is decoded is counted."""

MAX_REDIRECTS = 3

_PIECE = 65_536
_BUSY = (408, 425, 429)
_FEW_WORDS = 120


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
            When it is none; transient, because an outage answers with a page for people.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            what = "a web page" if self._is_page else f"text that is no JSON ({_short(str(error))})"
            raise FetchError(
                f"answered with {what}: {self._beginning}", where=self.url, transient=True
            ) from None

    @property
    def _is_page(self) -> bool:
        return "html" in self.content_type or self.content[:200].lstrip()[:1] == b"<"

    @property
    def _beginning(self) -> str:
        return repr(_short(self.content[:400].decode("utf-8", "replace")))


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
    """

    connect_seconds: float = CONNECT_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    max_bytes: int = MAX_BYTES

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
        import requests
        import urllib3

        shown = without_query(url)
        begun = time.monotonic()
        target, query = url, dict(params or {})
        try:
            with requests.Session() as session:
                for _ in range(MAX_REDIRECTS + 1):
                    response = session.get(
                        target,
                        params=query,
                        headers={"User-Agent": "cryptorisk (macro-risk statistics)", **(headers or {})},
                        timeout=(self.connect_seconds, min(self.silence_seconds, self.answer_seconds)),
                        stream=True,
                        allow_redirects=False,  # the library would read the bodies between without a bound
                        auth=_no_credentials,
                    )
                    with response:
                        if not response.is_redirect:
                            self._demand_good(response, shown)
                            content = self._read(response, shown, begun)
                            break
                        target, query = _same_host(response.url, response.headers["Location"], shown), {}
                else:
                    raise FetchError(f"sends in circles (more than {MAX_REDIRECTS} redirects)", where=shown)
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
            raise FetchError(f"is no usable address ({_short(str(error))})", where=shown) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchError(_in_words(error), where=shown, transient=True) from None
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
        return Reply(shown, content, kind)

    def _demand_good(self, response: requests.Response, shown: str) -> None:
        status = response.status_code
        if status == 200:
            return
        busy = status in _BUSY or status >= 500
        wait = _retry_after(response.headers.get("Retry-After", "")) if busy else None
        said = f"answered {status} {response.reason or ''}".rstrip()
        if wait is not None:
            said += f" and asks to wait {wait:.0f} seconds"
        raise FetchError(said, where=shown, transient=busy, retry_after=wait, status=status)

    def _read(self, response: requests.Response, shown: str, begun: float) -> bytes:
        """The body, piece by piece as it arrives, so that neither a drip nor a flood goes on unnoticed."""
        pieces: list[bytes] = []
        size = 0
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > self.max_bytes:
            raise self._too_large(shown)
        while piece := response.raw.read1(_PIECE, decode_content=True):
            size += len(piece)
            if size > self.max_bytes:
                raise self._too_large(shown)
            if time.monotonic() - begun > self.answer_seconds:
                what = f"was still answering after {self.answer_seconds:.0f} seconds"
                raise FetchError(what, where=shown, transient=True)
            pieces.append(piece)
        return b"".join(pieces)

    def _too_large(self, shown: str) -> FetchError:
        return FetchError(f"answers with more than {self.max_bytes / 1e6:.0f} MB", where=shown)


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No provider asks for any: without this the library sends what the user's .netrc has for the host."""
    return request


def _same_host(asked: str, location: str, shown: str) -> str:
    """Where a redirect leads, if that is the same host by no lesser protocol: nothing inside an institution is asked."""
    target = urljoin(asked, location)
    before, after = urlsplit(asked), urlsplit(target)
    if before.netloc != after.netloc or after.scheme not in (before.scheme, "https"):
        raise FetchError("sends to another host, where nothing is asked", where=shown)
    return target


def without_query(url: str) -> str:
    """An address fit to be shown: no query, no user, no password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from a number or a date; None when the header says neither."""
    text = text.strip()
    if text.isdigit():
        return float(text)
    try:
        when = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds())


def _in_words(error: Exception) -> str:
    import requests
    import urllib3

    if isinstance(error, requests.ConnectTimeout):
        return "did not accept a connection in time"
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return "fell silent"
    if isinstance(error, requests.ConnectionError) and not isinstance(
        error, requests.exceptions.ChunkedEncodingError
    ):
        return "cannot be reached"
    if isinstance(error, urllib3.exceptions.IncompleteRead | urllib3.exceptions.ProtocolError):
        return "broke off in the middle of the answer"
    return f"broke off ({type(error).__name__})"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _FEW_WORDS else f"{text[: _FEW_WORDS - 1]}…"
