"""Coin Metrics' community data: prices and on-chain figures of crypto-assets, one asset a task.

The wire format is that of ``/timeseries/asset-metrics`` in the provider's OpenAPI description of API v4 (as in its
Python client of October 2026): rows of an asset and a time with one key a metric, figures as strings, null where there
is none, a token for the next page. A row's time is the beginning of its UTC day, and prices are those at the day's end,
so that the day is the date.

The community tier gives a choice of metrics that changes. All that the catalogue knows of an asset are asked at once
with ``ignore_forbidden_errors`` and ``ignore_unsupported_errors``: what is withheld is then missing in the answer instead
of spoiling it, and the series is reported as not given. The next page is asked by its token at the same address; the
address that an answer names for it (``next_page_url``) is never followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from cryptorisk.data.catalogue import WORLD, catalogue
from cryptorisk.data.sources.address import without_query
from cryptorisk.data.sources.numerals import figures
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

REGISTER = "coinmetrics_live"

ASSETS = ("btc", "eth", "ltc", "xrp", "doge", "ada", "bnb", "trx", "usdt", "usdc", "dai", "busd", "tusd")

METRICS: Mapping[str, str] = {
    "price_usd": "PriceUSD",
    "market_cap_usd": "CapMrktCurUSD",
    "onchain_transfer_adj_usd": "TxTfrValAdjUSD",
    "onchain_transfer_usd": "TxTfrValUSD",
    "active_addresses": "AdrActCnt",
    "hash_rate_th_s": "HashRate",
    "supply": "SplyCur",
    "tx_count": "TxCnt",
    "exchange_inflow_usd": "FlowInExUSD",
    "exchange_outflow_usd": "FlowOutExUSD",
}
"""What follows the asset in the id of a series, and the metric; units are the same (terahashes a second, whole coins)."""

PAGE_SIZE = 10_000
"""Rows, the most that the provider gives: 27 years of days."""
MOST_PAGES = 50


@dataclass(frozen=True)
class CoinMetrics(LiveSource):
    """Daily metrics of the community tier; no key is needed."""

    name: ClassVar[str] = "coinmetrics"
    register: ClassVar[tuple[str, ...]] = (REGISTER,)
    home: ClassVar[str] = "https://community-api.coinmetrics.io/v4"
    documentation: ClassVar[str] = "https://docs.coinmetrics.io/api/v4"
    tested: ClassVar[str] = "2026-10-23"
    limits: ClassVar[str] = "10 requests in 6 seconds for each address (sliding window), 10 at the same time"
    jobs: ClassVar[int] = 1
    pause_seconds: ClassVar[float] = 0.7
    answer_bytes: ClassVar[int] = 12_000_000
    """Ten metrics of bitcoin since 2009 are 2.5 MB."""
    task_bytes: ClassVar[int] = 24_000_000

    def tasks(self, request: Request) -> tuple[Task, ...]:  # noqa: ARG002
        """One for each asset, whatever the request: they are the world's."""
        return tuple(Task(asset, tuple(_metrics(asset)), code=asset) for asset in ASSETS)

    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """All metrics of an asset that the community is given, by day."""
        where = without_query(self._address)
        rows = [row for page in self._pages(task, request, web, where) for row in page]
        parts = list(_series(task, rows, where)) if rows else []
        found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
        if parts:
            found = found[found["date"].between(pd.Timestamp(request.start), pd.Timestamp(request.end))]
        if found.empty:
            raise FetchError(
                f"gives no figure for {task.key}", where=where, remedy="see whether it was renamed"
            )
        return found

    @property
    def _address(self) -> str:
        return f"{self.base_url}/timeseries/asset-metrics"

    def _pages(self, task: Task, request: Request, web: Web, where: str) -> Iterator[list[dict[str, Any]]]:
        asked = {
            "assets": task.key,
            "metrics": ",".join(_metrics(task.key).values()),
            "frequency": "1d",
            "start_time": request.start.isoformat(),
            "end_time": request.end.isoformat(),
            "paging_from": "start",
            "page_size": str(PAGE_SIZE),
            "ignore_forbidden_errors": "true",
            "ignore_unsupported_errors": "true",
        }
        for _ in range(MOST_PAGES):
            answer = web.get(self._address, asked).json()
            data = answer.get("data") if isinstance(answer, dict) else None
            if not (isinstance(data, list) and all(isinstance(row, dict) for row in data)):
                raise FetchError("answers in another form than documented", where=where)
            yield data
            token = answer.get("next_page_token")
            if not token:
                return
            if not isinstance(token, str):
                raise FetchError("answers in another form than documented", where=where)
            if token == asked.get("next_page_token"):
                break
            asked["next_page_token"] = token
        raise FetchError(f"gives page after page without end for {task.key}", where=where)


def _metrics(asset: str) -> dict[str, str]:
    """Series of an asset that the catalogue knows, and their metrics."""
    return {f"{asset}_{what}": metric for what, metric in METRICS.items() if f"{asset}_{what}" in catalogue()}


def _series(task: Task, rows: list[dict[str, Any]], where: str) -> Iterator[pd.DataFrame]:
    """The observations of each metric that the answer has; no other name in it is looked at."""
    days = _days(task, rows, where)
    for series, metric in _metrics(task.key).items():
        try:
            values = pd.Series(figures(row.get(metric) for row in rows))
        except ValueError as error:
            raise FetchError(f"gives for {metric} of {task.key}: {error}", where=where) from None
        given = values.notna()
        if given.any():
            found = pd.DataFrame({"date": days[given], "value": values[given]})
            found = found.assign(country=WORLD, series=series, source=REGISTER)
            yield found[list(COLUMNS)].sort_values("date", kind="stable")


def _days(task: Task, rows: list[dict[str, Any]], where: str) -> pd.Series:
    """The UTC days, each row's time being the beginning of one."""
    if any(row.get("asset") != task.key for row in rows):
        raise FetchError(f"answers for something else than {task.key}", where=where)
    texts = pd.Series([row.get("time") for row in rows], dtype=object)
    spelled = texts.map(lambda one: one if isinstance(one, str) and one.isascii() else None)
    times = pd.to_datetime(spelled, utc=True, errors="coerce", format="ISO8601").dt.tz_localize(None)
    if not times.eq(times.dt.normalize()).all():
        raise FetchError(f"gives times of {task.key} that are no beginnings of days", where=where)
    return times.dt.as_unit("s")


SOURCE = CoinMetrics
