"""Reverse stress of banks: what takes them past the limits of SCO60 and below the requirements for CET1."""

from __future__ import annotations

import math

from cryptorisk.models.crash.bank_capital import READINGS, Capital, requirements
from cryptorisk.models.crash.one_side import Side
from cryptorisk.models.crash.reverse import Breach, Driver
from cryptorisk.models.crash.told_capital import ROUNDING, ratio_below
from cryptorisk.params import CrashParams
from cryptorisk.rules.sco60 import LIMIT_SHARE, NOTIFY_SHARE


def bank_breaches(
    capital: Capital | None,
    bare: Capital | None,
    exposure_share: float | None,
    params: CrashParams,
    coarse: bool,
    own_currency: bool = True,
    hidden_ratio: bool = False,
) -> list[Breach]:
    """What takes banks past the limits of SCO60 and below the requirements for CET1.

    Parameters
    ----------
    capital : Capital or None
    bare : Capital or None
        Capital and risk-weighted assets alone, which are enough to say how much could be lost.
    exposure_share : float or None
        Exposure to Tier 1; rounded up to one digit where a figure behind it is confidential.
    params : CrashParams
    coarse : bool
    own_currency : bool
        Whether there is a currency that can lose value against the dollar.
    hidden_ratio : bool
        Whether CET1 or risk-weighted assets are confidential, so that their ratio is known to a digit alone.

    Notes
    -----
    A fall of prices shrinks the exposure faster than Tier 1, so that it breaches no limit of SCO60; a larger holding, a rise
    of the price or a weaker national currency does.
    """
    found = []
    nothing = "at least 0 %" if coarse else "any"
    for limit in (NOTIFY_SHARE, LIMIT_SHARE):
        threshold = f"Banks' exposure above {100 * limit:g} % of Tier 1"
        if exposure_share is None:
            why = "banks' exposure or Tier 1 is not public"
            found.append(Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=why))
            continue
        above = exposure_share > limit
        found.append(Breach(threshold, "fall", "Fall of bitcoin", (0.0 if above else None,) * 3, coarse))
        if above:
            continue
        room = 100 * max(0.0, limit - exposure_share)
        found.append(_banks(threshold, "holding", "Further exposure", room, coarse, nothing))
        if own_currency:
            cause = 1.0 - exposure_share / limit if exposure_share > 0 else None
            words = "Depreciation, prices in dollars unchanged"
            found.append(_banks(threshold, "depreciation", words, cause, coarse, nothing))
    for requirement in requirements(params.cet1_requirement):
        threshold = f"Banks' CET1 ratio below {100 * requirement:g} %"
        if capital is None:
            why = "banks' exposure and capital are not public"
            found.append(Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=why))
        else:
            found += _capital_breaches(capital, requirement, threshold, coarse, hidden_ratio)
        if bare is not None:
            spare = bare.cet1 - requirement * bare.rwa
            room = 100 * spare / bare.tier1 if spare > ROUNDING * bare.rwa else 0.0
            zero = "already" if not coarse or _below(bare, requirement, hidden_ratio) else "at least 0 %"
            found.append(_banks(threshold, "holding", "Exposure that is lost whole", room, coarse, zero))
    return found


def _below(capital: Capital, requirement: float, hidden_ratio: bool) -> bool:
    """Whether CET1 to risk-weighted assets is below a requirement for certain."""
    return ratio_below(capital, requirement) if hidden_ratio else capital.cet1 < requirement * capital.rwa


def _capital_breaches(
    capital: Capital, requirement: float, threshold: str, coarse: bool, hidden_ratio: bool
) -> list[Breach]:
    """The fall by each reading of the weights, or one line where they agree."""
    zero = "already"
    if not _below(capital, requirement, hidden_ratio):
        # By the weights, or by figures that may have been rounded to the safe side.
        zero = "at least 0 %" if coarse else "already, by the weights"
    causes = {reading: capital.smallest_fall(requirement, reading) for reading in READINGS}
    if causes["limit"] == causes["all"]:
        return [_banks(threshold, "fall", "Fall of bitcoin, by both readings", causes["all"], coarse, zero)]
    return [
        _banks(threshold, "fall", f"Fall of bitcoin, {words}", causes[reading], coarse, zero)
        for reading, words in READINGS.items()
    ]


def _banks(
    threshold: str, driver: Driver, words: str, cause: float | None, coarse: bool, at_zero: str
) -> Breach:
    """A line on banks, whose figures have no range."""
    side: Side | None = "at least" if coarse else None
    return Breach(threshold, driver, words, (cause,) * 3, coarse, at_zero=at_zero, side=side)
