"""Supply of dollar stablecoins and value locked in decentralised finance, from DefiLlama's free interface.

``/stablecoincharts/all`` gives a list of days with ``date`` (seconds since 1970, as text) and ``totalCirculatingUSD``, an
object with a number for every currency that coins are pegged to (``peggedUSD``, ``peggedEUR``): units times price, in
dollars. With ``stablecoin=<id>`` it is one coin's. ``/v2/historicalChainTvl`` gives ``date`` (number) and ``tvl``, without
liquid staking and what is counted twice. Documented in `defillama-openapi-free.json` of github.com/DefiLlama/api-docs;
what the numbers mean stands in `craftChartsResponse` of github.com/DefiLlama/peggedassets-server.

**Which dollars.** The part pegged to the US dollar, at market value: the embedded total is that (its first figure,
110 105 dollars on 2017-11-29, and the fall with TerraUSD in May 2022). An amount that the provider does not know is
written as 0 and left out. The embedded value locked is of another kind, with liquid staking and double counting (327 bn
USD on 2025-10-07, when the press quoted DefiLlama with 172 to 178 bn), so that the catalogue never joins the two.

**Which day.** A stamp is 00:00 UTC and the figure the record nearest to it, so that it is the level at the beginning of
the day by which it is dated, like the embedded figures; Coin Metrics dates the same hour a day earlier. The current
day's record is the latest hour's until the next day. Stamps within a day are readings of an unfinished day and are
left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.sources.numerals import figures, whole
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

SOURCE_ID = "defillama_live"
HOSTS = {"api": "https://api.llama.fi", "stablecoins": "https://stablecoins.llama.fi"}
"""The two hosts by the name of the part. A mirror holds both parts under one address, ``<mirror>/api/...`` and
``<mirror>/stablecoins/...``, as the provider's own paid interface does."""

PEG = "peggedUSD"
TOTAL, LOCKED = "stablecoins", "tvl"
COINS = {"USDT": "tether", "USDC": "usd-coin", "DAI": "dai"}
"""Symbol to the id at CoinGecko, which the provider's list carries: symbols and names are not unique, and the
provider's own numbers are looked up rather than trusted."""

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class DefiLlama(LiveSource):
    """DefiLlama."""

    name: ClassVar[str] = "defillama"
    register: ClassVar[tuple[str, ...]] = (SOURCE_ID,)
    home: ClassVar[str] = HOSTS["api"]
    documentation: ClassVar[str] = "https://api-docs.defillama.com/"
    tested: ClassVar[str] = "2026-09-10"
    limits: ClassVar[str] = "free interface, 'standard' rate without a number"
    pause_seconds: ClassVar[float] = 1.0
    answer_bytes: ClassVar[int] = 16_000_000
    """The list of all stablecoins with their chains, and the days of every peg, are 3 to 4 MB."""
    task_bytes: ClassVar[int] = 32_000_000

    def tasks(self, request: Request) -> tuple[Task, ...]:  # noqa: ARG002 (world series are asked whatever the request)
        """All dollar stablecoins, three of them, and the value locked."""
        coins = tuple(Task(symbol, (f"{symbol.lower()}_supply_usd",)) for symbol in COINS)
        total = Task(TOTAL, ("stablecoin_supply_total_usd",), "stablecoincharts/all")
        return (total, *coins, Task(LOCKED, ("defi_tvl_usd",), "v2/historicalChainTvl"))

    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """The figures of the world, a day each."""
        if task.key == LOCKED:
            answer = web.get(self._address("api", task.code)).json()
            return _observations(answer, task, request, lambda row: row["tvl"])
        coin = {} if task.key == TOTAL else {"stablecoin": self._number(task.key, web)}
        answer = web.get(self._address("stablecoins", "stablecoincharts/all"), coin).json()
        _demand_dollars(answer, task.key)
        return _observations(answer, task, request, _dollars)

    def _address(self, part: str, path: str) -> str:
        host = HOSTS[part] if self.base_url == self.home else f"{self.base_url}/{part}"
        return f"{host}/{path}"

    def _number(self, symbol: str, web: Web) -> str:
        """The provider's number of a coin, from its list."""
        answer = web.get(self._address("stablecoins", "stablecoins"), {"includePrices": "false"}).json()
        listed = answer.get("peggedAssets") if isinstance(answer, dict) else None
        if not isinstance(listed, list):
            raise FetchError(f"{symbol}: the list of stablecoins is not as documented", transient=True)
        coins = [one for one in listed if isinstance(one, dict) and one.get("symbol") == symbol]
        meant = [one for one in coins if one.get("gecko_id") == COINS[symbol] and one.get("id")]
        if len(meant) != 1:
            names = ", ".join(f"{one.get('name')} ({one.get('gecko_id')})" for one in coins[:5]) or "none"
            what = f"{symbol}: {len(meant)} stablecoins with the id {COINS[symbol]!r} at CoinGecko; of that symbol: {names}"
            raise FetchError(what, remedy="see whether the coin was renamed, then defillama.py")
        if meant[0].get("pegType") != PEG:
            raise FetchError(f"{symbol}: listed as {meant[0].get('pegType')}, not {PEG}")
        return str(meant[0]["id"])


def _dollars(row: dict[str, Any]) -> Any:
    """Dollars of the coins pegged to the dollar; 0 is how the provider writes that it does not know."""
    return (row.get("totalCirculatingUSD") or {}).get(PEG) or None


def _demand_dollars(answer: Any, key: str) -> None:
    """Check that some day has an amount pegged to the dollar, known or not."""
    if not isinstance(answer, list):
        return
    amounts = [row.get("totalCirculatingUSD") for row in answer if isinstance(row, dict)]
    pegs = sorted({str(peg) for amount in amounts if isinstance(amount, dict) for peg in amount})
    if pegs and PEG not in pegs:
        raise FetchError(f"{key}: amounts in {', '.join(pegs[:5])} and none in {PEG}")


def _observations(
    answer: Any, task: Task, request: Request, value: Callable[[dict[str, Any]], Any]
) -> pd.DataFrame:
    """The days with a figure; the same row twice is one, differing ones both stay."""
    if not isinstance(answer, list):
        what = f"{task.key}: answered {str(answer)[:80]!r} where a list of days belongs"
        raise FetchError(what, where=task.code, transient=True)
    try:
        stamps = [whole(row["date"]) for row in answer]
        table = pd.DataFrame(
            {"stamp": pd.Series(stamps, dtype="int64"), "value": figures(map(value, answer))}
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FetchError(f"{task.key}: a row is not as documented ({error})") from None
    chosen = table["value"].notna() & (table["stamp"] % _DAY_SECONDS == 0)
    chosen &= table["stamp"].between(_stamp(request.start), _stamp(request.end))
    frame = table[chosen].drop_duplicates()
    if frame.empty:
        raise FetchError(f"{task.key}: no figure between {request.start} and {request.end}")
    frame = frame.assign(
        country=WORLD, series=task.series[0], source=SOURCE_ID, date=pd.to_datetime(frame["stamp"], unit="s")
    )
    return frame[list(COLUMNS)].sort_values("date", kind="stable", ignore_index=True)


def _stamp(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days * _DAY_SECONDS


SOURCE = DefiLlama
