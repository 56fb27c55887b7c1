"""Bitcoin and other markets by week, Friday to Friday: returns, and the volatility of the days within the week.

Markets close at different hours: bitcoin at midnight UTC, New York four hours earlier, others sooner. Of a daily return
that is a good part, of a weekly one a fiftieth; so weeks are compared, and no day is shifted. A week also holds bitcoin's
weekend and the others' Monday alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs, Series
from cryptorisk.models.market.cycle import HOLIDAYS, weekly_change
from cryptorisk.params import Params

FEWEST_WEEKS = 156
"""Three years, as for volatility and tails; a vector autoregression of seven markets then has some twenty observations a
coefficient of an equation."""

OLDEST_WEEKS = 52
"""A market whose figures end more than a year before bitcoin's is left out: it would cut the sample for all."""

FEWEST_DAYS = 3
"""Daily changes that make a week's volatility."""

BITCOIN = "bitcoin"


@dataclass(frozen=True)
class Market:
    """A market beside bitcoin.

    Attributes
    ----------
    label : str
    series : tuple of str
        Series that can stand for it; the one that reaches furthest is taken, the first among equals.
    kind : {"log", "difference"}
        Of its weekly change.
    bad : {-1, 0, 1}
        Sign of a bad week; zero where it has none.
    index : bool
        A volatility already: its level, and not that of its changes, enters among volatilities.
    """

    label: str
    series: tuple[str, ...]
    kind: Literal["log", "difference"] = "log"
    bad: Literal[-1, 0, 1] = -1
    index: bool = False


MARKETS: Mapping[str, Market] = {
    BITCOIN: Market("Bitcoin", ("btc_price_usd",)),
    "sp500": Market("S&P 500", ("sp500_index",)),
    "em_equity": Market("Emerging-market shares (fund)", ("em_equity_etf_usd",)),
    "vix": Market("VIX", ("vix_close",), bad=1, index=True),
    "dollar": Market("Dollar index", ("usd_broad_index", "dxy_index"), bad=1),
    "yield": Market("US 10-year yield", ("us_10y_pct",), "difference", bad=0),
    "oil": Market("Brent crude", ("brent_usd_bbl", "brent_future_usd_bbl")),
}
EQUITY = ("sp500", "em_equity")


@dataclass(frozen=True, eq=False)
class Weeks:
    """A sample in which every market has every week.

    Attributes
    ----------
    returns : DataFrame
        Index Fridays, columns names of markets; percent (log) or, for a yield, percentage points.
    volatility : DataFrame
        Log of the root mean square daily change within the week; of a volatility index the log of its level.
    markets : mapping of str to Market
    sources, series : tuple of str
    absent : mapping of str to str
        Markets that are not in, with the reason.
    reason : str
        Why there is no sample; empty when there is one.
    ending : tuple of str
        Names of the markets whose figures end with the sample while others go on.
    """

    returns: pd.DataFrame
    volatility: pd.DataFrame
    markets: Mapping[str, Market]
    sources: tuple[str, ...]
    series: tuple[str, ...]
    absent: Mapping[str, str]
    reason: str = ""
    ending: tuple[str, ...] = ()

    def part(self, rows: slice) -> Weeks:
        """The same markets over a stretch of the weeks, by date."""
        return replace(self, returns=self.returns.loc[rows], volatility=self.volatility.loc[rows])

    @property
    def span(self) -> str:
        """First and last week, ``2014-01-10/2025-12-26``."""
        index = self.returns.index
        return f"{index[0].date().isoformat()}/{index[-1].date().isoformat()}"


def no_prices(params: Params) -> str:
    """Why bitcoin's price is not there."""
    why = "left out on request" if not params.include_non_commercial else "not in the vintage at this date"
    return f"bitcoin's price is {why}"


def bitcoin_fridays(inputs: Inputs, params: Params) -> tuple[pd.Series, tuple[str, ...]]:
    """Bitcoin's price on Fridays from the sample's start, after the last week without one, and its sources."""
    series = inputs.series("btc_price_usd", country=WORLD)
    prices = series.values.dropna()
    prices = prices[prices.index >= pd.Timestamp(params.crash.sample_start)]
    if prices.empty:
        return prices, ()
    fridays = pd.date_range(prices.index[0], prices.index[-1], freq="W-FRI", name="date")
    known = prices.reindex(fridays, method="ffill", tolerance=HOLIDAYS)
    gaps = np.flatnonzero(known.isna())
    return known.iloc[gaps[-1] + 1 if gaps.size else 0 :], series.source_ids


def weeks_of(
    inputs: Inputs,
    params: Params,
    markets: Mapping[str, Market] = MARKETS,
    places: Mapping[str, str] | None = None,
) -> Weeks:
    """The sample of all markets that have figures.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    markets : mapping of str to Market
        Bitcoin among them.
    places : mapping of str to str, optional
        Economy of a market's series; default: the world.
    """
    where = places or {}
    absent: dict[str, str] = {}
    chosen: dict[str, Series] = {}
    start = pd.Timestamp(params.crash.sample_start)
    bitcoin = _known(inputs, MARKETS[BITCOIN], WORLD, start)
    if bitcoin is None:
        return _none(no_prices(params), absent)
    for name, market in markets.items():
        found = _known(inputs, market, where.get(name, WORLD), start)
        if found is None:
            absent[name] = f"no figures of {' or '.join(market.series)} in the vintage"
        elif (bitcoin.values.index[-1] - found.values.index[-1]).days > 7 * OLDEST_WEEKS:
            absent[name] = f"{found.id} ends on {found.values.index[-1].date().isoformat()}"
        else:
            chosen[name] = found
    changes = {name: _changes(each.values, markets[name], start) for name, each in chosen.items()}
    short = [name for name, pair in changes.items() if len(pair[0]) < FEWEST_WEEKS and name != BITCOIN]
    for name in short:
        absent[name] = f"{chosen[name].id} has {len(changes[name][0])} weeks; {FEWEST_WEEKS} are needed"
    names = [name for name in chosen if name not in short]
    if len(names) < 2:
        return _none("no market beside bitcoin has figures", absent)
    both = {kind: pd.DataFrame({name: changes[name][kind] for name in names}) for kind in (0, 1)}
    # A week counts where all markets have both, so that the two say something of the same weeks.
    whole = both[0].dropna().index.intersection(both[1].dropna().index)
    returns, volatility = both[0].loc[whole], both[1].loc[whole]
    if len(returns) < FEWEST_WEEKS:
        return _none(f"{len(returns)} weeks have figures of all markets; {FEWEST_WEEKS} are needed", absent)
    sources = tuple(dict.fromkeys(id for name in names for id in chosen[name].source_ids))
    kept = {name: markets[name] for name in names}
    return Weeks(
        returns,
        volatility,
        kept,
        sources,
        tuple(chosen[n].id for n in names),
        absent,
        ending=_ending({name: changes[name][0] for name in names}),
    )


def _ending(returns: Mapping[str, pd.Series]) -> tuple[str, ...]:
    """Those that end first, where they do not all end together."""
    last = {name: each.dropna().index[-1] for name, each in returns.items()}
    first = min(last.values())
    return () if first == max(last.values()) else tuple(name for name, day in last.items() if day == first)


def _none(reason: str, absent: Mapping[str, str]) -> Weeks:
    return Weeks(pd.DataFrame(), pd.DataFrame(), {}, (), (), absent, reason)


def _known(inputs: Inputs, market: Market, place: str, start: pd.Timestamp) -> Series | None:
    """Of the series that can stand for a market the one that reaches furthest."""
    found = [inputs.series(id, country=place) for id in market.series]
    dated = [each for each in found if len(each.values.dropna().loc[start:]) > 1]
    return max(dated, key=lambda each: each.values.index[-1]) if dated else None


def _changes(values: pd.Series, market: Market, start: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """Weekly changes and weekly log volatility."""
    known = values.dropna().loc[start:]
    if market.kind == "log":
        known = known[known > 0]
    weekly = weekly_change(known, market.kind) * (100.0 if market.kind == "log" else 1.0)
    if market.index:
        fridays = pd.date_range(known.index[0], known.index[-1], freq="W-FRI", name="date")
        return weekly, np.log(known.reindex(fridays, method="ffill", tolerance=HOLIDAYS)).dropna()
    daily = (np.log(known) if market.kind == "log" else known).diff().dropna()
    groups = (daily**2).resample("W-FRI")
    square = groups.mean().where(groups.count() >= FEWEST_DAYS)
    # A week without any change has no logarithm: it is left out.
    return weekly, 0.5 * np.log(square[square > 0]).rename_axis("date")
