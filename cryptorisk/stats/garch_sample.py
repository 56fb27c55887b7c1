"""Returns that a volatility model can be fitted to: enough of them, in percent, of a price that moves, day after day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample, checked_time

MIN_OBSERVATIONS = 250
"""A year of trading days; nothing is fitted below it."""

MAX_UNCHANGED = 10
"""Two weeks of trading days. In a longer spell without any change fitted volatility runs down towards zero and
the Student t likelihood gains without limit; a market price does not stand still so long."""

LONGEST_HOLE = 30
"""Usual steps between two dates. Markets close for a week or two, and a price may fail for some days; the recursion takes
what follows a hole as the next day, which a month's hole makes untrue: volatility has then moved on unseen."""


def checked_returns(returns_pct: Values) -> FloatArray:
    """Returns as an array, or an error that says why no volatility model is fitted to them; see `garch.fit`."""
    sample = checked_sample(returns_pct, name="returns", minimum=MIN_OBSERVATIONS)
    _check_dates(returns_pct)
    _check_scale(sample)
    return sample


def _check_dates(returns: Values) -> None:
    checked_time(returns, name="returns")
    if not isinstance(returns, pd.Series) or not isinstance(returns.index, pd.DatetimeIndex):
        return
    steps = np.diff(returns.index.to_numpy())
    usual, longest = np.median(steps), int(steps.argmax())
    if steps[longest] > LONGEST_HOLE * usual:
        before, after = (returns.index[place].date() for place in (longest, longest + 1))
        raise ModelError(
            f"returns have a hole from {before} to {after}, more than {LONGEST_HOLE} of their usual steps",
            remedy="start the sample after it",
        )


def _check_scale(sample: FloatArray) -> None:
    spread = float(sample.std())
    if spread <= 1e-12 * float(np.abs(sample).max()) and sample[0] != 0:
        raise ModelError(
            f"all returns are {sample[0]:.4g} percent: they have no volatility to estimate",
            remedy="give the returns of a price that is set in a market",
        )
    if (sample == 0).mean() > 0.5:
        raise ModelError(
            "more than half of the returns are exactly zero: the price is fixed or not updated",
            remedy="volatility clustering cannot be estimated on it",
        )
    stale = _longest_zero_run(sample)
    if stale > MAX_UNCHANGED:
        raise ModelError(
            f"the price does not change for {stale} periods in a row: it was not updated or was fixed",
            remedy="start the sample after that spell",
        )
    if spread < 0.1:
        raise ModelError(
            f"returns have a standard deviation of {spread:.4g} percent; they look like shares, not percent",
            remedy="multiply them by 100",
        )
    if spread > 100:
        raise ModelError(
            f"returns have a standard deviation of {spread:.4g} percent; they look multiplied by 100 twice",
            remedy="give returns in percent (a rise of 3 % is 3.0)",
        )


def _longest_zero_run(sample: FloatArray) -> int:
    breaks = np.flatnonzero(np.r_[True, sample != 0, True])
    return int(np.diff(breaks).max()) - 1
