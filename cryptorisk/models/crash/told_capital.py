"""Banks' capital as a report may reckon with it: confidential figures put back from the one digit of each ratio told.

One digit of a difference is many digits of the figure where the difference is small: capital that lacks 5 million of two
billion to a requirement is known to a thousandth. Rounding the amounts does not help. So the two ratios, exposure to Tier 1
and CET1 to risk-weighted assets, are rounded first, each to its safe side, and every amount is reckoned from them and from
the public figures alone: all that is printed is then a function of what is public and of two digits.
"""

from __future__ import annotations

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.one_side import next_digit, previous_digit, rounded_down, rounded_up

ROUNDING = 1e-9
"""Share of risk-weighted assets below which a difference from a requirement is that of the machine's own rounding."""


def told(exact: Capital, *, share: tuple[bool, bool], ratio: tuple[bool, bool]) -> tuple[Capital, Capital]:
    """The capital that the digits leave possible.

    Parameters
    ----------
    exact : Capital
        As given.
    share, ratio : tuple of bool
        Whether exposure and Tier 1, and whether CET1 and risk-weighted assets, are confidential.

    Returns
    -------
    tuple of Capital
        With the least and with the largest risk-weighted assets. They differ where CET1 and risk-weighted assets are both
        confidential: then no public amount says how large the banks are, and neither end is the safe one for all purposes.
    """
    exposure, tier1 = _exposure(exact, *share)
    return (
        Capital(exposure, tier1, *_capital(exact, *ratio, up=False)),
        Capital(exposure, tier1, *_capital(exact, *ratio, up=True)),
    )


def told_tier1(exact: Capital, *, share: tuple[bool, bool]) -> float:
    """The largest Tier 1 capital that the digits leave possible: an amount is "at least" its share of that.

    Parameters
    ----------
    exact : Capital
    share : tuple of bool
        Whether exposure and Tier 1 are confidential.
    """
    exposure_hidden, tier1_hidden = share
    if not tier1_hidden:
        return exact.tier1
    if exposure_hidden or not exact.exposure > 0:
        return rounded_up(exact.tier1)
    return exact.exposure / (previous_digit(rounded_up(100 * exact.exposure / exact.tier1)) / 100)


def ratio_below(capital: Capital, requirement: float) -> bool:
    """Whether the digit of CET1 to risk-weighted assets lies below a requirement as a whole.

    Parameters
    ----------
    capital : Capital
        Of `told`.
    requirement : float
        As a share.
    """
    return next_digit(100 * capital.cet1 / capital.rwa) <= 100 * requirement * (1 + 1e-9)


def _exposure(exact: Capital, exposure_hidden: bool, tier1_hidden: bool) -> tuple[float, float]:
    """Exposure, at least as large, and Tier 1, whose ratio is the digit that is told."""
    if not (exposure_hidden or tier1_hidden):
        return exact.exposure, exact.tier1
    share = rounded_up(100 * exact.exposure / exact.tier1) / 100
    if not exposure_hidden:
        return exact.exposure, exact.exposure / share if share > 0 else rounded_up(exact.tier1)
    tier1 = rounded_up(exact.tier1) if tier1_hidden else exact.tier1
    return share * tier1, tier1


def _capital(exact: Capital, cet1_hidden: bool, rwa_hidden: bool, *, up: bool) -> tuple[float, float]:
    """CET1 and risk-weighted assets whose ratio is the digit that is told."""
    if not (cet1_hidden or rwa_hidden):
        return exact.cet1, exact.rwa
    ratio = rounded_down(100 * exact.cet1 / exact.rwa) / 100
    if not cet1_hidden:
        return exact.cet1, exact.cet1 / ratio
    rwa = (rounded_up if up else rounded_down)(exact.rwa) if rwa_hidden else exact.rwa
    return ratio * rwa, rwa
