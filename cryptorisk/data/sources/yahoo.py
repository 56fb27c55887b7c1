"""Yahoo Finance through yfinance: prices of crypto-assets, exchange rates, shares, volatility, commodities, yields.

One ticker a task; `yahoo_tickers` says which, `yahoo_session` what yfinance may ask. Yahoo documents no interface: the
wire format is that which yfinance 1.7 reads (its `scrapers/history.py`) and that of chart answers of October 2026. A
ticker that Yahoo no longer has fails alone and is named.

**Days.** Yahoo dates a bar by its beginning; the day is that of the exchange's own clock: UTC for crypto-assets, as for
Coin Metrics, London for exchange rates. **The open day.** Yahoo's last bar is today's, whose close is only the last
quote. It is left out until Yahoo's own clock (``regularMarketTime`` against ``currentTradingPeriod``) shows that the
session is over; a crypto-asset's day is never over on the day of the refresh. **Closes** are as traded: adjusted for
splits, not for dividends.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.sources.address import without_query
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.sources.web import Web
from cryptorisk.data.sources.yahoo_tickers import KINDS, Instrument, first_day, instruments
from cryptorisk.errors import FetchError

REGISTER = "yahoo_live"

_ONE_AT_A_TIME = threading.Lock()
"""yfinance keeps one session for the whole process (its `YfData` is a singleton)."""


@dataclass(frozen=True)
class Yahoo(LiveSource):
    """Daily closes. Nothing is kept between calls: no cookie, no cache on disk."""

    name: ClassVar[str] = "yahoo"
    register: ClassVar[tuple[str, ...]] = (REGISTER,)
    home: ClassVar[str] = "https://query2.finance.yahoo.com"
    documentation: ClassVar[str] = "https://ranaroussi.github.io/yfinance"
    tested: ClassVar[str] = "2026-10-05"
    limits: ClassVar[str] = (
        "not stated by Yahoo; refusals (429) come in waves: one ticker at a time, with a pause"
    )
    jobs: ClassVar[int] = 1
    pause_seconds: ClassVar[float] = 0.5
    answer_bytes: ClassVar[int] = 6_000_000
    """The days since 2000 are 1 MB."""

    def tasks(self, request: Request) -> tuple[Task, ...]:
        """One for each ticker; of exchange rates and national series those of the request's economies (all if none)."""
        return tuple(
            Task(found.ticker, (found.series,), countries=() if WORLD in found.places else found.places)
            for found in instruments(request.countries, request.end)
        )

    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """Closes of the days that are over, under every place for which the ticker is asked."""
        instrument = {found.ticker: found for found in instruments((), request.end)}[task.key]
        closes = self._closes(instrument, request, web)
        parts = [_filed(closes, instrument, place, request.end) for place in task.countries or (WORLD,)]
        rows = pd.concat(parts, ignore_index=True)
        if rows.empty:
            raise self._error(task.key, "has no close of a day that is over")
        return rows

    def _closes(self, instrument: Instrument, request: Request, web: Web) -> pd.Series:
        """By day of the exchange, in order, without missing ones."""
        frame, meta = self._ask(instrument.ticker, request.start, web)
        self._demand_expected(instrument, meta)
        if "Close" not in frame or frame["Close"].dropna().empty:
            raise self._error(instrument.ticker, "has no figure at all")
        closes = frame["Close"].astype("float64").dropna()
        closes.index = pd.DatetimeIndex(closes.index).tz_localize(None).normalize()
        if not (closes.index.is_monotonic_increasing and closes.index.is_unique):
            raise self._error(instrument.ticker, "has days out of order or twice")
        last = last_closed_day(meta, request.end, instrument.kind)
        return closes[(closes.index >= pd.Timestamp(request.start)) & (closes.index <= pd.Timestamp(last))]

    def _ask(self, ticker: str, start: dt.date, web: Web) -> tuple[pd.DataFrame, Mapping[str, Any]]:
        """The frame of yfinance and what Yahoo says about the ticker."""
        yfinance = _library()
        from cryptorisk.data.sources.yahoo_session import ChartSession

        with _ONE_AT_A_TIME, _strict(yfinance), ChartSession(self.base_url, web) as session:
            try:
                asked = yfinance.Ticker(ticker, session=session)
                asked._tz = "UTC"  # yfinance would ask Yahoo a second time, only to read the start by it
                frame = asked.history(
                    start=start, interval="1d", auto_adjust=False, actions=False, timeout=web.answer_seconds
                )
                return frame, asked.get_history_metadata()
            except FetchError:
                raise
            except Exception as error:  # yfinance raises whatever the shape of an answer makes it stumble on
                said = f"gives nothing that yfinance can use ({type(error).__name__}: {str(error)[:120]})"
                busy = type(error).__name__ == "YFRateLimitError"
                raise self._error(ticker, said, transient=busy) from None

    def _demand_expected(self, instrument: Instrument, meta: Mapping[str, Any]) -> None:
        """An index is a level and may name no currency; what is a price must name the expected one."""
        currency, kind = meta.get("currency") or "", meta.get("instrumentType") or ""
        if currency != instrument.currency and (currency or instrument.kind != "index"):
            said = f"is quoted in {currency or 'no stated currency'}, not in {instrument.currency}"
            raise self._error(instrument.ticker, said)
        if kind and kind != KINDS[instrument.kind]:
            raise self._error(instrument.ticker, f"is of type {kind}, not {KINDS[instrument.kind]}")

    def _error(self, ticker: str, said: str, *, transient: bool = False) -> FetchError:
        where = without_query(f"{self.base_url}/v8/finance/chart/{ticker}")
        return FetchError(f"{ticker} {said}", where=where, transient=transient)


def last_closed_day(meta: Mapping[str, Any], end: dt.date, kind: str) -> dt.date:
    """The last day, by the exchange's clock, whose close is final.

    Parameters
    ----------
    meta : mapping
        What Yahoo says about the ticker, moments as yfinance gives them, on the exchange's clock.
    end : datetime.date
        Day of the refresh, wherever it is made.
    kind : str
        Key of `KINDS`.
    """
    anywhere = end - dt.timedelta(days=2)  # no clock on Earth is more than 26 hours behind another
    if kind == "crypto":
        end -= dt.timedelta(days=1)
    periods = meta.get("currentTradingPeriod")
    session = periods.get("regular") if isinstance(periods, Mapping) else None
    session = session if isinstance(session, Mapping) else {}
    quoted, begin, close = (
        moment if isinstance(moment, pd.Timestamp) else None
        for moment in (meta.get("regularMarketTime"), session.get("start"), session.get("end"))
    )
    if quoted is None or begin is None or close is None:
        return anywhere
    if quoted >= close:
        return end
    return min(end, max(anywhere, begin.to_pydatetime().date() - dt.timedelta(days=1)))


def _filed(closes: pd.Series, instrument: Instrument, place: str, end: dt.date) -> pd.DataFrame:
    first = first_day(instrument, place, end)
    closes = closes[pd.DatetimeIndex(closes.index).date >= first]
    rows = pd.DataFrame({"date": closes.index, "value": closes.to_numpy()})
    rows = rows.assign(country=place, series=instrument.series, source=REGISTER)
    return rows[list(COLUMNS)]


@cache
def _library() -> Any:
    """The library, told to keep nothing on disk.

    Raises
    ------
    FetchError
        When it is not installed.
    """
    try:
        import curl_cffi  # noqa: F401
        import yfinance
    except ImportError as error:
        raise FetchError(
            f"Yahoo Finance is asked through yfinance, which cannot be loaded ({error})",
            remedy="pip install 'cryptorisk[live]'",
        ) from None
    yfinance.set_tz_cache_location(os.devnull)  # no folder: yfinance then does without its caches
    warnings.filterwarnings(
        "ignore", category=DeprecationWarning, module="^yfinance"
    )  # for its makers to read
    return yfinance


@contextmanager
def _strict(yfinance: Any) -> Iterator[None]:
    """Errors are raised and not logged; the settings of others in the process come back."""
    log, debug = logging.getLogger("yfinance"), yfinance.config.debug
    level, hidden = log.level, debug.hide_exceptions
    log.setLevel(logging.CRITICAL)
    debug.hide_exceptions = False
    try:
        yield
    finally:
        log.setLevel(level)
        debug.hide_exceptions = hidden


SOURCE = Yahoo
