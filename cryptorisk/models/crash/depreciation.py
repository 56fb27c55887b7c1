"""How far the currency falls in the combined scenario: by its own past, or, where that says nothing, by an assumption."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.dollar_price import OLDEST_MONTHS, DollarPrice, dollar_price
from cryptorisk.models.crash.ended_pegs import HELD_MONTHS, EndedPegs, ended_pegs
from cryptorisk.models.crash.measured_falls import MONTHS, SELDOM, USUAL_BAD, Measured, measured, windows
from cryptorisk.models.substitution.verdict import STABLE_MARGIN
from cryptorisk.params import DepreciationRange

FEWEST_WINDOWS = 60
"""Windows of twelve months that end in five years: fewer hold no tail."""


@dataclass(frozen=True)
class Depreciation:
    """The part of the combined scenario that the currency plays.

    Attributes
    ----------
    mild, central, severe : float
        Share of its value in US dollars that it loses; nothing where not known.
    basis : str
        Where they come from, in a sentence.
    known : bool
        False where neither the past nor an assumption gives a number.
    assumed : bool
        Whether the assumption enters.
    """

    mild: float
    central: float
    severe: float
    basis: str
    known: bool = True
    assumed: bool = False


def as_stated(chosen: DepreciationRange) -> Depreciation:
    """The range of the parameter file."""
    return Depreciation(chosen.low, chosen.central, chosen.high, "Depreciation as in the parameter file.")


def past_depreciation(inputs: Inputs) -> Depreciation:
    """The currency's own windows of twelve months in the last twenty years; else an assumption, said to be one.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Depreciation
        Nothing where the US dollar is the currency. Never nothing because a rate was held. Severe alone is never below
        what prices say the currency has lost within twelve months; central may be.
    """
    if country(inputs.country).currency_on(inputs.as_of) == "USD":
        return Depreciation(0.0, 0.0, 0.0, "No depreciation: the US dollar is the currency here.")
    price = dollar_price(inputs)
    fell, reason = falls(price, pd.Timestamp(inputs.as_of))
    coarse = bool(inputs.confidential & set(price.series))
    own = None if reason else _own_past(fell, price, coarse)
    reason = reason or _reason(own, fell, price)
    seen = measured(price)
    if own is not None and not reason:
        return _not_below(own, seen, coarse)
    assumed = _assumed(reason, ended_pegs(inputs))
    # What is hidden was no calm: it does not bring an economy below what it has seen.
    return _not_below(own if own is not None and own.central > assumed.central else assumed, seen, coarse)


def _not_below(chosen: Depreciation, seen: Measured | None, coarse: bool) -> Depreciation:
    """The rungs raised to what was measured; beside an assumption the largest fall is said in any case."""
    if seen is None or seen.largest <= STABLE_MARGIN:
        return chosen
    usual, largest = (_tenths(end) if coarse else end for end in (seen.usual, seen.largest))
    central = max(chosen.central, usual)
    severe = max(chosen.severe, largest, central)
    raised = (central > chosen.central, severe > chosen.severe)
    if not chosen.assumed and not any(raised):
        return chosen
    text = f"{chosen.basis} Measured here: {'about ' if coarse else ''}{100 * largest:.0f} % {seen.when}"
    if raised[0] and usual < largest:
        text += f", more than {100 * usual:.0f} % in one of ten windows"
    text += {
        (False, False): ".",
        (True, False): "; the central rung is raised to it.",
        (False, True): "; the severe rung is raised to it.",
        (True, True): "; both rungs are raised to it.",
    }[raised]
    return Depreciation(chosen.mild, central, severe, text, True, chosen.assumed)


def _tenths(fall: float) -> float:
    """A fall by a confidential rate in tenths: one that is not nothing does not become nothing, nor the whole value."""
    return min(max(round(fall, 1), 0.1), 0.9) if fall > 0 else 0.0


def _reason(own: Depreciation | None, fell: pd.Series, price: DollarPrice) -> str:
    """Why windows that could be computed do not tell the tail; empty where they do."""
    if own is None:
        return f"the rate was held within {100 * STABLE_MARGIN:g} %" + (
            " or was no price" if len(price.hidden) else ""
        )
    first = fell.index[0] - pd.DateOffset(months=MONTHS)
    months = price.hidden[price.hidden >= first]
    lost = {month + pd.offsets.MonthEnd(ahead) for month in months for ahead in (0, MONTHS)}
    lost = {month for month in lost if first < month <= fell.index[-1]} - set(fell.index)
    if len(lost) <= (1 - USUAL_BAD) * (len(lost) + len(fell)):
        return ""
    share = 100 * len(lost) / (len(lost) + len(fell))
    return f"the official rate was no price in {share:.0f} % of the windows of twelve months and there is no other"


def falls(price: DollarPrice, as_of: pd.Timestamp) -> tuple[pd.Series, str]:
    """Share of its value that the currency lost in every window of twelve months, or why they say nothing.

    Parameters
    ----------
    price : DollarPrice
    as_of : Timestamp

    Returns
    -------
    pandas.Series
        By last month; negative where it gained.
    str
        Empty, or a reason.
    """
    rate = price.monthly
    known = rate.dropna()
    if known.empty:
        return known, "there is no exchange rate in the vintage"
    if (as_of - known.index[-1]).days > 30.5 * OLDEST_MONTHS:
        later = bool((price.hidden > known.index[-1]).any())
        last = "the last rate that was a price" if later else "the last rate in the vintage"
        return known, f"{last} is of {known.index[-1]:%Y-%m}"
    if price.marked_since is not None:
        rate = rate[rate.index >= price.marked_since]
    found = windows(rate)
    if len(found) < FEWEST_WINDOWS:
        since = (
            f"the official rate has been no price since {price.marked_since:%Y-%m} and others cover"
            if price.marked_since is not None
            else "rates cover"
        )
        return found, f"{since} {len(found)} windows of twelve months (at least {FEWEST_WINDOWS} are needed)"
    return found, ""


def spells(fell: pd.Series) -> pd.Series:
    """Deepest fall of every spell of windows that fell by more than the margin of a held rate; months apart are spells."""
    down = fell[fell > STABLE_MARGIN]
    if down.empty:
        return down
    number = (pd.Series(down.index, index=down.index).diff() > pd.Timedelta(days=31)).cumsum()
    return down.groupby(number).max()


def _own_past(fell: pd.Series, price: DollarPrice, coarse: bool) -> Depreciation | None:
    """By the windows, or by spells where few windows fell; None where none did."""
    deep = spells(fell)
    if deep.empty:
        return None
    worst = float(deep.max())
    if float((fell > STABLE_MARGIN).mean()) >= SELDOM:
        usual = float(fell.clip(lower=0.0).quantile(USUAL_BAD))
        what = "exceeded in one of ten windows of twelve months"
    else:
        usual = float(deep.median())
        what = f"the median of {len(deep)} spells of falls" if len(deep) > 1 else "the one spell of falls"
    if coarse:
        usual, worst = _tenths(usual), _tenths(worst)
    years = (fell.index[-1] - fell.index[0]).days / 365.25 + 1
    basis = (
        f"Depreciation: none; {100 * usual:.0f} %, {what}; {100 * worst:.0f} %, the largest ({price.kind}, "
        f"{years:.0f} years to {fell.index[-1]:%Y-%m})."
    )
    return Depreciation(0.0, usual, max(worst, usual), basis)


def _assumed(reason: str, pegs: EndedPegs | None) -> Depreciation:
    text = f"Depreciation: not computed from the past, because {reason}."
    if pegs is None:
        return Depreciation(0.0, 0.0, 0.0, text, known=False)
    basis = (
        f"{text} Assumption: none; {100 * pegs.median:.0f} and {100 * pegs.ninth:.0f} %, the median and the 90 % quantile "
        f"of what currencies had lost a year after a rate held for {HELD_MONTHS // 12} years gave way, by a tenth or more "
        f"({pegs.n} cases in {pegs.economies} economies, {pegs.years})."
    )
    return Depreciation(0.0, pegs.median, pegs.ninth, basis, assumed=True)
