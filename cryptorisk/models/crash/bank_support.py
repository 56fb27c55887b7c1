"""What banks would lose and what capital they would need, in the lines and the sentence on stepping in."""

from __future__ import annotations

from typing import NamedTuple

from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.bank_capital import READINGS, Capital, Reading, requirements
from cryptorisk.models.crash.one_side import bounded
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.supervisory import EXPOSURE, TIER1, Supervisory
from cryptorisk.models.crash.told_capital import ROUNDING
from cryptorisk.rules.sco60 import LIMIT_SHARE

TEMPLATE = "cryptorisk data template bank_exposures takes the supervisor's figures"


class Support(NamedTuple):
    """Capital that banks need for one requirement, US dollars: the words of the line, and the amount."""

    key: str
    words: str
    usd: float


def capital_lines(own: Supervisory, scenario: Scenario, own_requirement: float | None) -> list[Support]:
    """Capital that lifts the CET1 ratio after the loss to each requirement, by each reading of the weights.

    Parameters
    ----------
    own : Supervisory
    scenario : Scenario
    own_requirement : float or None
        The jurisdiction's, as a share.

    Returns
    -------
    list of Support
        One line where both readings give the same; empty without capital.
    """
    ends = own.capital_ends()
    if ends is None:
        return []
    lines = []
    for requirement in requirements(own_requirement):
        short = _short(ends, requirement, scenario)
        words = f"Banks: capital to reach a CET1 ratio of {100 * requirement:g} % after the loss, all banks as one"
        if short["limit"] == short["all"]:
            lines.append(Support(f"capital_{requirement:g}", f"{words}, by both readings", short["all"]))
            continue
        lines += [
            Support(f"capital_{requirement:g}_{name}", f"{words}, {READINGS[name]}", short[name])
            for name in READINGS
        ]
    return lines


def banks_sentence(own: Supervisory, scenario: Scenario, own_requirement: float | None) -> str:
    """What is known of the banks: their own loss and the capital they would need, or what the limit would mean.

    Parameters
    ----------
    own : Supervisory
    scenario : Scenario
    own_requirement : float or None

    Returns
    -------
    str
        "Not public" only where the supervisor's figures give neither exposure nor capital.
    """
    at_limit = 100 * LIMIT_SHARE * scenario.price_drop
    limit = f"at the limit of {100 * LIMIT_SHARE:g} % of Tier 1 they would lose {at_limit:.2g} % of Tier 1"
    if own.exposure is None:
        lacking = "not public" if own.tier1 is None else "their exposure is not given"
        return f"Banks: {lacking}; {limit} ({TEMPLATE})."
    if own.exposure_share is None:
        lost = _usd(own.exposure.value * scenario.price_drop, own.hides(EXPOSURE))
        return f"Banks would lose {lost} on the exposure given; {own.problem or 'their Tier 1 capital is not given'}."
    share = Estimate("crash.own", "", 100 * own.exposure_share * scenario.price_drop, "pct_tier1")
    lost = f"{'at most ' if own.hides(EXPOSURE, TIER1) else ''}{share:value}"
    return f"Banks would lose {lost} on the exposure given{_capital(own, scenario, own_requirement)}."


def _capital(own: Supervisory, scenario: Scenario, own_requirement: float | None) -> str:
    """The clause on the highest requirement, by both readings of the weights."""
    ends = own.capital_ends()
    if ends is None:
        return f"; {own.problem or 'without CET1 and risk-weighted assets the capital they would need is not known'}"
    highest = requirements(own_requirement)[-1]
    short = _short(ends, highest, scenario)
    if not any(short.values()):
        return f" and would need no capital to keep a CET1 ratio of {100 * highest:g} % after it"
    amount = {name: _usd(usd, bool(own.hidden)) if usd else "none" for name, usd in short.items()}
    words = (
        f" and would need {amount['all']} of capital to reach a CET1 ratio of {100 * highest:g} % after it"
    )
    if amount["limit"] == amount["all"]:
        return words
    return f"{words} with {READINGS['all']}, {amount['limit']} by {READINGS['limit']}"


def _short(ends: tuple[Capital, Capital], requirement: float, scenario: Scenario) -> dict[Reading, float]:
    """Capital short of a requirement after the loss, by reading: the most that the digits told leave possible."""
    short = {
        name: max(one.short_of(requirement, scenario.price_drop, name) for one in ends) for name in READINGS
    }
    return {name: usd if usd > ROUNDING * ends[0].rwa else 0.0 for name, usd in short.items()}


def _usd(amount: float, coarse: bool) -> str:
    """An amount; what a confidential figure stands behind is at most its upper digit."""
    used = bounded(amount, "at most") if coarse else amount
    return f"{'at most ' if coarse else ''}{Estimate('crash.usd', '', used, 'usd'):value}"
