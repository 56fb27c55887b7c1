"""What it means that a provider refuses, asks to wait, or that a connection breaks off: one reading for all sources."""

from __future__ import annotations

import datetime as dt
import email.utils

from cryptorisk.errors import FetchError

_BUSY = (408, 425, 429)
_LONGEST_WAIT = 366 * 86_400.0
"""Seconds: what a provider asks for beyond a year is as long as for ever."""
_FEW_WORDS = 120


def refusal(status: int, reason: str, wait: str, shown: str) -> FetchError:
    """What to say of an answer with another status than 200.

    Parameters
    ----------
    status : int
    reason : str
        The provider's words for it.
    wait : str
        The header ``Retry-After``, or "".
    shown : str
        Address without what identifies a user.
    """
    busy = status in _BUSY or status >= 500
    seconds = _retry_after(wait) if busy else None
    said = f"answered {status} {few_words(reason)}".rstrip()
    if seconds is not None:
        said += f" and asks to wait {seconds:.0f} seconds"
    return FetchError(said, where=shown, transient=busy, retry_after=seconds, status=status)


def went_wrong(error: Exception, shown: str) -> Exception:
    """What went wrong, as `FetchError` where it is the provider's doing; the library's words may hold the address."""
    import requests
    import urllib3

    if isinstance(error, FetchError):
        return error
    unusable = (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
    )
    if isinstance(error, unusable):
        return FetchError(f"is no usable address ({type(error).__name__})", where=shown)
    if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError | OSError):
        return FetchError(_in_words(error), where=shown, transient=True)
    return error


def few_words(text: str) -> str:
    """The beginning of a text, on one line."""
    text = " ".join(text[: 10 * _FEW_WORDS].split())
    return text if len(text) <= _FEW_WORDS else f"{text[: _FEW_WORDS - 1]}…"


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


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from a number or a date; None when the header says neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:_FEW_WORDS]), _LONGEST_WAIT)
    try:
        when = email.utils.parsedate_to_datetime(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=dt.UTC)
        return min(max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds()), _LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):  # whatever its parser meets in what is no date
        return None
