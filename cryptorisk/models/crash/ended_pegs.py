"""What currencies lost within a year when a rate that had been held was given up, over all economies of the vintage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.shadow import MONTHLY
from cryptorisk.models.substitution.verdict import STABLE_MARGIN
from cryptorisk.models.volumes.public import public

HELD_MONTHS = 24
"""A rate within `STABLE_MARGIN` for two years was held, not calm: with six months floats in calm times would be in."""
AFTER_MONTHS = 12
LARGE = 0.10
"""A fall by a tenth within the year: less is an adjustment of a rate that goes on being held."""
FEWEST = 10
"""Below ten ends the ninth decile is the largest."""


class Rule(NamedTuple):
    """What counts as the end of a held rate, and what as the fall after it.

    Attributes
    ----------
    held : int
        Months within ``margin`` of each other.
    margin : float
    large : float
        Least fall.
    marked : bool
        Whether months that a known fault marks are kept.
    deepest : bool
        The deepest month within twelve, in place of the twelfth.
    """

    held: int = HELD_MONTHS
    margin: float = STABLE_MARGIN
    large: float = LARGE
    marked: bool = False
    deepest: bool = False


CHOSEN = Rule()


class EndedPegs(NamedTuple):
    """Falls of currencies after a held rate ended.

    ``median`` and ``ninth`` (90 % quantile) are shares of one; ``n`` ends in ``economies`` economies.
    """

    median: float
    ninth: float
    n: int
    economies: int
    years: str


def ended_pegs(inputs: Inputs, rule: Rule = CHOSEN) -> EndedPegs | None:
    """The falls in the vintage, or None with fewer than `FEWEST`.

    Parameters
    ----------
    inputs : Inputs
        The official rates of all economies.
    rule : Rule
    """
    shown = public(inputs)
    rates = shown.panel(MONTHLY).resample("ME").mean()
    if not rule.marked:
        rates = _without_marked(rates, shown.table("faults"))
    found = falls_after_holding(rates, rule)
    if len(found) < FEWEST:
        return None
    falls = found["fall"].to_numpy(dtype=float)
    years = f"{found['end'].min():%Y} to {found['end'].max():%Y}"
    median, ninth = (float(np.quantile(falls, level)) for level in (0.5, 0.9))
    return EndedPegs(median, ninth, len(found), int(found["country"].nunique()), years)


def falls_after_holding(rates: pd.DataFrame, rule: Rule = CHOSEN) -> pd.DataFrame:
    """Every end of a held rate that was followed by a large fall.

    Parameters
    ----------
    rates : DataFrame
        National money per dollar, month ends by economy; NaN where not known.
    rule : Rule

    Returns
    -------
    DataFrame
        ``country``, ``end`` (last month held) and ``fall``, the share of its value in dollars that the currency had
        lost twelve months later, the same definition as that of an economy's own windows.
    """
    window = rates.rolling(rule.held, min_periods=rule.held)
    held = (window.max() / window.min() - 1) <= rule.margin
    ends = held & ~held.shift(-1, fill_value=True)
    later = rates[::-1].rolling(AFTER_MONTHS, min_periods=AFTER_MONTHS).max()[::-1].shift(-1)
    if not rule.deepest:
        later = rates.shift(-AFTER_MONTHS)
    falls = (1 - rates / later).where(ends).rename_axis(index="end", columns="country")
    long = falls.reset_index().melt(id_vars="end", value_name="fall")
    return long.loc[long["fall"] > rule.large, ["country", "end", "fall"]].reset_index(drop=True)


def _without_marked(rates: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    kept = rates.copy()
    marked = known[(known["series"] == MONTHLY) & (known["action"] == "flag")]
    for _, row in marked[marked["country"].isin(list(rates.columns))].iterrows():
        start = pd.Timestamp(str(row["from"])) if isinstance(row["from"], str) else rates.index[0]
        end = pd.Timestamp(str(row["to"])) if isinstance(row["to"], str) else rates.index[-1]
        kept.loc[start : end + pd.offsets.MonthEnd(0), str(row["country"])] = np.nan
    return kept
