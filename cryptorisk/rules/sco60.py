"""Basel standard SCO60: the limit on banks' Group 2 crypto-asset exposures and the capital they need.

Source: Basel Committee on Banking Supervision, "Prudential treatment of cryptoasset exposures" (d545,
December 2022), as amended in "Cryptoasset standard amendments" (July 2024), chapter SCO60 of the Basel
Framework, paragraphs SCO60.116 to 60.119 (exposure limit). A jurisdiction may apply it later or otherwise:
the standard binds only where it was adopted.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cryptorisk.errors import ModelError
from cryptorisk.rules.amount import amount

VALID_FROM = dt.date(2026, 1, 1)
"""First day on which members of the Committee agreed to apply the standard (amended version of July 2024)."""

NOTIFY_SHARE = 0.01
"""Share of Tier 1 that aggregate Group 2 exposure should not generally exceed (SCO60.116 to 60.119)."""

LIMIT_SHARE = 0.02
"""Share of Tier 1 that aggregate Group 2 exposure must not exceed (SCO60.116 to 60.119)."""

GROUP_2B_RISK_WEIGHT = 12.5
"""1250 %: the reciprocal of the 8 % minimum capital ratio, so that capital equals the exposure."""

MINIMUM_CAPITAL_RATIO = 0.08
"""Minimum total capital to risk-weighted assets under the Basel Framework."""

Status = Literal["within", "notify", "breach"]

IN_WORDS: Mapping[Status, str] = {
    "within": "not above 1 % of Tier 1",
    "notify": "above 1 % and not above 2 % of Tier 1",
    "breach": "above 2 % of Tier 1",
}
"""The outcome in words: what may be said of a confidential exposure."""


@dataclass(frozen=True)
class Sco60:
    """A bank's, or a banking system's, Group 2 exposure against the limit.

    Attributes
    ----------
    exposure, tier1 : float
        Aggregate Group 2 exposure (per asset the higher of absolute long and short positions) and Tier 1
        capital, in one currency.
    share : float
        Exposure as a share of Tier 1.
    status : {"within", "notify", "breach"}
        ``within``: not above 1 %; ``notify``: above 1 % and not above 2 %, the supervisor is told;
        ``breach``: above 2 %.
    penalised : float
        The part that the limit puts under Group 2b treatment: nothing, the excess over 1 %, or everything.
    rwa, capital : float
        Risk-weighted assets of the penalised part and minimum total capital against them.
    own_treatment : float
        The part left under its own Group 2a or 2b treatment, which the limit does not decide.
    rwa_if_all_2b : float
        Risk-weighted assets when all of it takes 1250 %, whatever its size.
    in_force : bool or None
        Whether the standard's date had come on the date asked about; None without a date.
    """

    exposure: float
    tier1: float
    share: float
    status: Status
    penalised: float
    rwa: float
    capital: float
    own_treatment: float
    rwa_if_all_2b: float
    in_force: bool | None


def assess(group2_exposure: float, tier1: float, *, on: dt.date | None = None) -> Sco60:
    """Apply the exposure limit of SCO60.116 to 60.119, whose inequalities are strict.

    Parameters
    ----------
    group2_exposure : float
        Aggregate Group 2 exposure, not negative.
    tier1 : float
        Tier 1 capital in the same currency, positive.
    on : datetime.date, optional
        Date of the assessment, to tell whether the standard was in force.

    Returns
    -------
    Sco60

    Raises
    ------
    ModelError
        If an amount is no finite number, the exposure is negative or Tier 1 is not positive.
    """
    group2_exposure = amount(group2_exposure, "Group 2 exposure", where="SCO60")
    tier1 = amount(tier1, "Tier 1 capital", where="SCO60", positive=True)
    status = _status(group2_exposure, tier1)
    penalised = {
        "within": 0.0,
        "notify": group2_exposure - NOTIFY_SHARE * tier1,
        "breach": group2_exposure,
    }[status]
    rwa = GROUP_2B_RISK_WEIGHT * penalised
    return Sco60(
        exposure=group2_exposure,
        tier1=tier1,
        share=group2_exposure / tier1,
        status=status,
        penalised=penalised,
        rwa=rwa,
        capital=MINIMUM_CAPITAL_RATIO * rwa,
        own_treatment=group2_exposure - penalised,
        rwa_if_all_2b=GROUP_2B_RISK_WEIGHT * group2_exposure,
        in_force=None if on is None else _day(on) >= VALID_FROM,
    )


@dataclass(frozen=True)
class AfterFall:
    """Capital of banks after a fall of prices.

    Attributes
    ----------
    before, loss_only, after : float
        CET1 ratio in percent: before; less the loss; less the loss and with the risk-weighted assets of the limit alone.
    before_limit : float
        Before, with the risk-weighted assets of the limit: what ``after`` is to be compared with.
    before_all_2b, after_all_2b : float
        The same two with 1250 % on all of the exposure, as for unhedged positions.
    rule : Sco60
        The limit applied to what is left of the exposure and of Tier 1.
    added_rwa : float
        Risk-weighted assets that the limit adds after the fall.
    """

    before: float
    loss_only: float
    after: float
    before_limit: float
    before_all_2b: float
    after_all_2b: float
    rule: Sco60
    added_rwa: float


def after_fall(group2_exposure: float, tier1: float, cet1: float, rwa: float, fall: float) -> AfterFall:
    """Charge a fall of prices to capital and apply the limit to what the fall leaves.

    Parameters
    ----------
    group2_exposure, tier1, cet1, rwa : float
        Before the fall, in one currency.
    fall : float
        Share of the exposure's value that is lost, 0 to 1.

    Returns
    -------
    AfterFall

    Raises
    ------
    ModelError
        As `assess`, when the loss exhausts Tier 1, the fall is not between 0 and 1, CET1 exceeds Tier 1, of which it is a
        part, or risk-weighted assets are not positive.

    Notes
    -----
    What the fall has taken is charged to capital and carries no risk weight any more: the limit is assessed on
    ``exposure * (1 - fall)`` against ``tier1 - loss``. The risk-weighted assets given are assumed to hold nothing for
    crypto-assets, since what banks had booked for them is not known. Two readings are given: 1250 % of all that is left is
    added, which an unhedged position binds in Group 2b and, net, in Group 2a; or of the part that the limit penalises
    alone, which leaves the rest without a weight, as neither group does for an unhedged position. Above a ratio of 8 % a
    fall raises the first from its own start, because at 1250 % the exposure binds more capital than it can lose.
    """
    if amount(fall, "the fall", where="SCO60") > 1:
        raise ModelError(f"a price falls by no more than all of it, 1 (got {fall})", where="SCO60")
    if cet1 > tier1:
        raise ModelError(
            f"CET1 is part of Tier 1 and cannot exceed it (got {cet1} and {tier1})", where="SCO60"
        )
    loss = amount(group2_exposure, "Group 2 exposure", where="SCO60") * fall
    start, rule = assess(group2_exposure, tier1), assess(group2_exposure - loss, tier1 - loss)
    before, loss_only = cet1_after(cet1, rwa, loss)
    with_limit, with_all = (cet1_after(cet1, rwa, 0.0, one)[1] for one in (start.rwa, start.rwa_if_all_2b))
    after, after_all = (cet1_after(cet1, rwa, loss, one)[1] for one in (rule.rwa, rule.rwa_if_all_2b))
    return AfterFall(before, loss_only, after, with_limit, with_all, after_all, rule, rule.rwa)


def cet1_after(cet1: float, rwa: float, loss: float, added_rwa: float = 0.0) -> tuple[float, float]:
    """CET1 ratio before and after a loss, both in percent.

    Parameters
    ----------
    cet1, rwa : float
        Common equity tier 1 capital and risk-weighted assets before, in one currency.
    loss : float
        Loss on crypto-assets, charged to CET1 in full (no tax relief assumed).
    added_rwa : float, optional
        Risk-weighted assets that the standard adds.

    Returns
    -------
    tuple of float
        Ratio before and after.

    Raises
    ------
    ModelError
        If CET1 or the loss is no finite number, or risk-weighted assets are not positive.
    """
    if not (math.isfinite(cet1) and math.isfinite(loss)):
        raise ModelError(f"CET1 and the loss must be finite numbers (got {cet1} and {loss})", where="SCO60")
    if not rwa > 0 or not rwa + added_rwa > 0:
        raise ModelError(
            f"risk-weighted assets must be positive (got {rwa} and {added_rwa} added)", where="SCO60"
        )
    return 100 * cet1 / rwa, 100 * (cet1 - loss) / (rwa + added_rwa)


def _day(on: dt.date) -> dt.date:
    if not isinstance(on, dt.date):
        raise ModelError(f"the date must be a datetime.date (got {on!r})", where="SCO60")
    return on.date() if isinstance(on, dt.datetime) else on


def _status(exposure: float, tier1: float) -> Status:
    if exposure > LIMIT_SHARE * tier1:
        return "breach"
    return "notify" if exposure > NOTIFY_SHARE * tier1 else "within"
