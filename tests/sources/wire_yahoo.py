"""Yahoo's chart endpoint, ``/v8/finance/chart/<ticker>``.

The format is that which yfinance 1.7.0 reads (`scrapers/history.py`, `utils.parse_quotes`) and that of chart answers of
October 2026 quoted in public projects' tests: ``meta`` with currency, instrument type, the exchange's clock and the
session in force, ``timestamp`` at the beginning of each bar, prices in single precision, 404 with an error object for an
unknown ticker. The clock stands at 21:30 UTC of the world's last day: shares in Europe and America have closed, crypto-
assets, exchange rates and futures have not.
"""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from replay_server import Answer, Asked, Wire

from cryptorisk.data.sources.yahoo_tickers import KINDS, Instrument, instruments

ZONES = {
    "ARS": "America/Argentina/Buenos_Aires", "AUD": "Australia/Sydney", "BRL": "America/Sao_Paulo",
    "CNY": "Asia/Shanghai", "EUR": "Europe/Berlin", "GBP": "Europe/London", "HKD": "Asia/Hong_Kong",
    "IDR": "Asia/Jakarta", "INR": "Asia/Kolkata", "JPY": "Asia/Tokyo", "KRW": "Asia/Seoul",
    "MXN": "America/Mexico_City", "PHP": "Asia/Manila", "SAR": "Asia/Riyadh", "TRY": "Europe/Istanbul",
}  # fmt: skip
"""Of the exchange, by currency; New York where it matters little."""

ROUND_THE_CLOCK = ("crypto", "fx", "future")


class YahooWire(Wire):
    name = "yahoo"
    sample = ("BTC-USD", "KES=X", "^GDAXI")
    now = dt.time(21, 30)

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        ticker = unquote(asked.path.removeprefix("/v8/finance/chart/"))
        found = {i.ticker: i for i in instruments((), self.world.end)}.get(ticker)
        if found is None or fault == "renamed":
            return _told(
                404, None, {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            )
        return _told(200, [self.result(found, asked.query, fault)], None)

    def result(self, found: Instrument, query: dict[str, str], fault: str | None) -> dict:
        zone = ZoneInfo(_zone(found))
        meta = self.meta(found, zone)
        if fault == "wrong_currency":
            meta["currency"] = "EUR" if found.currency != "EUR" else "USD"
        if fault == "empty":
            return {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        bars = self.bars(found, zone)
        bars = bars[
            (bars["timestamp"] >= int(query["period1"])) & (bars["timestamp"] < int(query["period2"]))
        ]
        if fault == "nan_tail":
            bars.iloc[-5:, 1:] = np.nan
        if fault == "duplicated":
            bars = bars.loc[bars.index.repeat(2)]
        if fault == "reordered":
            bars = bars.iloc[::-1, ::-1]
        lists = {name: [None if pd.isna(x) else x for x in bars[name].tolist()] for name in bars}
        stamps, adjusted = lists.pop("timestamp"), lists.pop("adjclose")
        answer = {
            "meta": meta,
            "timestamp": stamps,
            "indicators": {"quote": [lists], "adjclose": [{"adjclose": adjusted}]},
        }
        return dict(reversed(answer.items())) if fault == "reordered" else answer

    def bars(self, found: Instrument, zone: ZoneInfo) -> pd.DataFrame:
        closes = self.world.figures(found.series, found.places[0])
        days = pd.DatetimeIndex(closes.index)
        if found.kind != "crypto":
            working = days.day_of_week < 5
            closes, days = closes[working], days[working]
        begin = days.tz_localize(zone) + pd.Timedelta(_hours(found)[0])
        close = closes.to_numpy().astype("float32").astype("float64")  # Yahoo gives single precision
        return pd.DataFrame(
            {
                "timestamp": begin.as_unit("s").asi8,
                "close": close,
                "low": close * 0.99,
                "volume": np.where(close > 0, 0.0 if found.kind == "fx" else 1000.0, 0.0),
                "open": close * 0.995,
                "high": close * 1.01,
                "adjclose": close * (0.9 if found.kind == "etf" else 1.0),  # less the dividends since
            }
        )

    def meta(self, found: Instrument, zone: ZoneInfo) -> dict:
        begin, close = (_at(self.world.end, hour, zone) for hour in _hours(found))
        now = dt.datetime.combine(self.world.end, self.now, dt.UTC).timestamp()
        clock = {"timezone": zone.key, "gmtoffset": 0}
        return {
            "currency": found.currency,
            "symbol": found.ticker,
            "exchangeName": "CCC" if found.kind == "crypto" else "CCY",
            "instrumentType": KINDS[found.kind],
            "firstTradeDate": 946857600,
            "regularMarketTime": int(min(now, close)),
            "hasPrePostMarketData": False,
            "gmtoffset": 0,
            "timezone": zone.key,
            "exchangeTimezoneName": zone.key,
            "priceHint": 2,
            "currentTradingPeriod": {
                "pre": {**clock, "start": begin, "end": begin},
                "regular": {**clock, "start": begin, "end": close},
                "post": {**clock, "start": close, "end": close},
            },
            "dataGranularity": "1d",
            "range": "",
            "validRanges": ["1d", "5d", "1mo", "1y", "max"],
        }


def _told(status: int, result: list | None, error: dict | None) -> Answer:
    return Answer(json.dumps({"chart": {"result": result, "error": error}}).encode(), status=status)


def _zone(found: Instrument) -> str:
    fixed = {"crypto": "UTC", "fx": "Europe/London"}.get(found.kind)
    return fixed or ZONES.get(found.currency, "America/New_York")


def _hours(found: Instrument) -> tuple[str, str]:
    return ("00:00:00", "23:59:00") if found.kind in ROUND_THE_CLOCK else ("09:30:00", "16:00:00")


def _at(day: dt.date, hour: str, zone: ZoneInfo) -> int:
    return int(dt.datetime.combine(day, dt.time.fromisoformat(hour), zone).timestamp())


WIRE = YahooWire
