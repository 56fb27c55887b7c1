"""What yfinance may ask: daily charts, of one address, within the bounds of a `Web`.

yfinance takes a session of curl_cffi (`yfinance.Ticker(..., session=)`), which it needs because Yahoo turns away clients
that do not look like a browser. Left alone it asks, besides the chart, for a cookie, a "crumb" and, when refused, for
Yahoo's consent page, on which it agrees in the user's name. The chart needs none of them and yfinance goes on without
(``YfData._make_request`` of version 1.7: "chart API works without its cookie"), so that here they are not asked: no
institution agrees to anything unawares, and there is nothing to keep.

Import this module only where curl_cffi may be absent without harm: it comes with the extra ``live``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from curl_cffi import CurlECode, CurlOpt
from curl_cffi.curl import CURL_WRITEFUNC_ERROR
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException

from cryptorisk.data.sources.address import without_query
from cryptorisk.data.sources.refusals import refusal
from cryptorisk.data.sources.web import Reply, Web, media_type
from cryptorisk.errors import FetchError

CHART = "/v8/finance/chart/"
_LATEST = 10**11
"""Seconds since 1970: some three thousand years."""
_HOSTS = ("query1.finance.yahoo.com", "query2.finance.yahoo.com")


class ChartSession(Session[Response]):
    """A session that asks charts alone, at one address, and tells what went wrong as `FetchError`.

    Parameters
    ----------
    address : str
        Where charts are asked: Yahoo's host, a mirror of it or a server under test.
    web : Web
        Bounds of time and size.
    """

    def __init__(self, address: str, web: Web) -> None:
        connect = min(web.connect_seconds, web.answer_seconds)
        super().__init__(
            impersonate="chrome",
            allow_redirects=False,
            timeout=(connect, web.answer_seconds - connect),
            curl_options={
                CurlOpt.LOW_SPEED_LIMIT: 1,  # bytes a second
                CurlOpt.LOW_SPEED_TIME: max(1, math.ceil(web.silence_seconds)),
            },
        )
        self.address, self.web = address.rstrip("/"), web

    def request(self, method: Any, url: str, **asked: Any) -> Response:  # type: ignore[override]
        """Ask a chart.

        Raises
        ------
        RequestException
            For any other question: yfinance takes it for a host that does not answer.
        FetchError
            When there is no usable answer.
        """
        path = _chart_path(url)
        if method != "GET" or path is None:
            raise RequestException(f"{without_query(url)} is not asked")
        shown = without_query(self.address + path)
        self.web.demand_going_on(shown)
        body = _Body(self.web.most)
        try:
            response = super().request(
                "GET", self.address + path, params=asked.get("params"), content_callback=body.take
            )
        except RequestException as error:
            raise (self.web.too_large(shown) if body.flooded else _broken(error, shown)) from None
        response.content = b"".join(body.pieces)
        _demand_good(response, shown)
        kind = media_type(response.headers.get("Content-Type") or "")
        _demand_numbers(Reply(shown, response.content, kind).json(), shown)
        return response


@dataclass
class _Body:
    """An answer as it comes in, decompressed, and no more of it than is allowed."""

    most: int
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    @property
    def flooded(self) -> bool:
        return self.size > self.most

    def take(self, piece: bytes) -> int:
        self.size += len(piece)
        if self.flooded:
            return int(CURL_WRITEFUNC_ERROR)
        self.pieces.append(piece)
        return len(piece)


def _broken(error: RequestException, shown: str) -> FetchError:
    if error.code == CurlECode.OPERATION_TIMEDOUT:
        return FetchError("did not answer in time", where=shown, transient=True)
    if error.code in (CurlECode.COULDNT_CONNECT, CurlECode.COULDNT_RESOLVE_HOST):
        return FetchError("cannot be reached", where=shown, transient=True)
    return FetchError(f"broke off ({type(error).__name__})", where=shown, transient=True)


def _chart_path(url: str) -> str | None:
    """The path of a question for a chart at Yahoo's own hosts; None for any other question."""
    parts = urlsplit(url)
    return parts.path if parts.hostname in _HOSTS and parts.path.startswith(CHART) else None


def _demand_numbers(answer: Any, shown: str) -> None:
    """Refuse closes that are no numbers: yfinance makes one of ``1_000`` and of infinity, and gives a lone one to all days.

    An answer without closes is left to yfinance, which tells it from an error.
    """
    try:
        given = answer["chart"]["result"][0]
        days, closes = given["timestamp"], given["indicators"]["quote"][0]["close"]
    except (TypeError, KeyError, IndexError):
        return
    sound = isinstance(days, list) and isinstance(closes, list) and len(days) == len(closes)
    if not (sound and all(map(_is_moment, days)) and all(map(_is_close, closes))):
        raise FetchError("gives closes or days that are no numbers", where=shown)


def _is_moment(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and abs(given) < _LATEST


def _is_close(given: Any) -> bool:
    if given is None:
        return True
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < math.inf


def _demand_good(response: Response, shown: str) -> None:
    status = response.status_code
    if status == 200:
        return
    if status == 404:
        ticker = unquote(shown.rpartition("/")[2])
        raise FetchError(f"Yahoo does not know {ticker}", where=shown, remedy="look for its new name")
    raise refusal(status, response.reason or "", response.headers.get("Retry-After") or "", shown)
