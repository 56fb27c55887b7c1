"""What a bad day and a bad spell cost a holder of bitcoin, in sentences: the same in every country."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.price_risk.fall_counted import counted_in_words
from cryptorisk.models.price_risk.findings import backtest_clause, likelihood_words
from cryptorisk.models.price_risk.measure import Market
from cryptorisk.models.price_risk.tail import REFERENCE_FALL_PCT, simple_fall
from cryptorisk.models.price_risk.volatility_choice import DAYS
from cryptorisk.params import CrashParams
from cryptorisk.result import Finding, Table
from cryptorisk.words import significance


def bad_days_finding(
    market: Market,
    prices: pd.Series[float],
    known: Mapping[str, Estimate],
    params: CrashParams,
    backtest: Table | None,
    over: bool,
) -> Finding:
    """``crash.tail``: the chance of a very bad day, and the loss of the worst outcomes.

    Parameters
    ----------
    market : Market
    prices : pandas.Series
        The whole price series.
    known : mapping of str to Estimate
        The chapter's own, by name.
    params : CrashParams
    backtest : Table or None
        ``crash.backtest``, where there is one.
    over : bool
        Whether the days that the conditional loss speaks of are over; the loss through the cycle is then given.
    """
    probability, shape = known["fall_probability_pct"], known["tail_index"]
    word = likelihood_words(probability)
    text = (
        f"A fall of bitcoin by more than {REFERENCE_FALL_PCT:g} % on one day within a year is {word}: its "
        f"probability is {probability:full}. {counted_in_words(market.returns, prices)} "
    )
    if significance(shape) == "above":
        text += "Extreme days are more frequent than a bell curve of the usual days would suggest. "
    loss = known["es_1d_cycle" if over else "es_10d"]
    text += _cycle(market, loss, known["var_1d_cycle"], params) if over else _spell(loss, params, backtest)
    return Finding("crash.tail", text, "info", "result", (probability.id, shape.id, loss.id))


def _cycle(market: Market, loss: Estimate, level: Estimate, params: CrashParams) -> str:
    """The worst days of the whole sample, and how often such days came of late."""
    share = 1 - params.var_level
    recent = simple_fall(-market.returns.iloc[-DAYS:].to_numpy())
    days = int(np.sum(recent > (level.value or 0.0)))
    return (
        f"On the worst {100 * share:.3g} % of days, calm and stormy years together, a holder loses {loss:full} on average; "
        f"such days begin at a loss of {level:value}, and the last {len(recent)} days of prices had {days} of them where "
        f"{number(share * len(recent), 0)} would be due."
    )


def _spell(loss: Estimate, params: CrashParams, backtest: Table | None) -> str:
    """The days after the last price, and whether such forecasts held."""
    days = f"{params.horizon_days} days" if params.horizon_days > 1 else "one day"
    last = loss.date.rsplit("/", 1)[-1]
    return (
        f"A holder of bitcoin would lose {loss:full} on average over the worst {100 * (1 - params.var_level):.3g} % of "
        f"outcomes in the {days} after {last}, the last day with a price{backtest_clause(backtest)}."
    )
