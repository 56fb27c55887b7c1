"""What stands beside the probability of a very bad day: how often it came, and what other clustering would make of it."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.price_risk.clustering import RUN_LENGTHS
from cryptorisk.models.price_risk.measure import log_returns
from cryptorisk.models.price_risk.tail import DAYS_A_YEAR, REFERENCE_FALL_PCT, Tail, log_loss
from cryptorisk.stats.clusters import LEAST_COUNTED


def counted_in_words(returns: pd.Series[float], prices: pd.Series[float]) -> str:
    """How often the fall came in the sample and before it, and the chance of a year at the sample's rate: no model enters.

    Parameters
    ----------
    returns : pandas.Series
        Daily log returns of the sample in percent, by day.
    prices : pandas.Series
        The whole price series: days before the sample are not in the chance, but a reader must know of them.
    """
    seen, years = len(_bad_days(returns)), len(returns) / DAYS_A_YEAR
    since = f"{number(years, 1)} years from {_month(returns.index[0])} on"
    before = _before(prices[prices.index < returns.index[0]])
    if not seen:
        return f"It never came in the {since}{before}."
    chance = 100 * -math.expm1(-seen / years)
    return f"It came {_times(seen)} in the {since}, plainly counted {number(chance, 0)} % a year{before}."


def _before(prices: pd.Series[float]) -> str:
    """A clause on the prices that came before; nothing where the fall did not come in them."""
    days = _bad_days(log_returns(prices)) if len(prices) > 1 else []
    if not days:
        return ""
    last = f"last on {days[-1].date().isoformat()}" if len(days) > 1 else f"on {days[0].date().isoformat()}"
    return f"; before that, in prices from {_month(prices.index[0])}, {_times(len(days))}, {last}"


def _bad_days(returns: pd.Series[float]) -> list[pd.Timestamp]:
    days = pd.DatetimeIndex(returns.index[returns < -log_loss(REFERENCE_FALL_PCT)])
    return list(days)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _month(day: object) -> str:
    return f"{pd.Timestamp(str(day)):%Y-%m}"


def clustering_in_words(tail: Tail) -> str:
    """What the probability would be with other clustering, for it depends on it and its interval does not hold that."""
    lower = tail.clusters.extremal_index
    frame = tail.clustering
    # The level at which the chapter's index is counted, or the highest that the frame has.
    row = frame[frame["n_exceed"] >= min(LEAST_COUNTED, tail.fit.n_exceed)].iloc[-1]
    by_runs = sorted(_chance(tail, float(row[f"runs_{length}"])) for length in RUN_LENGTHS)
    return (
        f"Extremal index {number(tail.rare.extremal_index, 2)}, with four quiet days to end a cluster; the interval takes "
        f"these four as given. With {RUN_LENGTHS[0]} to {RUN_LENGTHS[-1]} days the probability is "
        f"{number(by_runs[0], 1)} to {number(by_runs[-1], 1)} %, after Ferro and Segers "
        f"{number(_chance(tail, float(row['intervals'])), 1)} %, with the index of all losses above the tail's threshold "
        f"({number(lower, 2)}) {number(_chance(tail, lower), 1)} %, with independent days, the most it can be, "
        f"{number(_chance(tail, 1.0), 1)} %."
    )


def _chance(tail: Tail, index: float) -> float:
    return 100 * tail.yearly_probability(REFERENCE_FALL_PCT, index)
