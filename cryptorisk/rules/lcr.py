"""Basel liquidity coverage ratio (LCR) after funding is withdrawn.

Source: Basel Committee on Banking Supervision, "Basel III: The Liquidity Coverage Ratio and liquidity risk monitoring tools"
(d238, January 2013), paragraphs 22 and 23 (ratio), 69 (net outflows), 93 to 104 (operational deposits) and 88(e), 109 (other
legal entities); in the Basel Framework chapters LCR20, LCR30 and LCR40 (LCR40.1: net outflows). A jurisdiction may apply it
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptorisk.errors import ModelError

MINIMUM = 1.0
"""Liquid assets at least equal to net outflows over 30 days, outside of stress; in stress they may be used (d238, 17)."""

RUN_OFF_OTHER = 1.0
"""Unsecured funding by financial institutions and other legal entities, special purpose vehicles and the like: all of it is
taken to leave (d238, 109)."""

RUN_OFF_OPERATIONAL = 0.25
"""Operational deposits (clearing, custody, cash management) of any wholesale customer (d238, 93)."""

INFLOW_CAP = 0.75
"""Part of outflows that inflows may offset (d238, 69 and 144; LCR40.1)."""


@dataclass(frozen=True)
class Coverage:
    """Liquid assets against net outflows, in one currency.

    Attributes
    ----------
    hqla : float
        Stock of high-quality liquid assets after haircuts and caps. Crypto-assets are none: they are on none of the lists of
        LCR30.
    outflows : float
        Net cash outflows over 30 days, positive.
    """

    hqla: float
    outflows: float

    def __post_init__(self) -> None:
        if not self.outflows > 0:
            raise ModelError(f"net cash outflows must be positive (got {self.outflows})", where="LCR")

    @property
    def ratio(self) -> float:
        """LCR as a share of one; zero when the liquid assets are used up."""
        return max(self.hqla, 0.0) / self.outflows

    @property
    def surplus(self) -> float:
        """Liquid assets less net outflows."""
        return self.hqla - self.outflows


def net_outflows(outflows: float, inflows: float) -> float:
    """Outflows less inflows, of which no more than three quarters of outflows count (LCR40.1).

    Parameters
    ----------
    outflows, inflows : float
        Over 30 days, each times its rate; not negative.
    """
    if not (outflows >= 0 and inflows >= 0):
        raise ModelError(f"flows must not be negative (got {outflows}, {inflows})", where="LCR")
    return outflows - min(inflows, INFLOW_CAP * outflows)


def after_withdrawal(before: Coverage, withdrawn: float, run_off: float) -> Coverage:
    """Coverage once deposits have been paid out of liquid assets.

    Parameters
    ----------
    before : Coverage
    withdrawn : float
        Deposits paid out, not negative.
    run_off : float
        Rate at which net outflows counted these deposits, 0 to 1.

    Returns
    -------
    Coverage
        ``(H - W) / (N - r W)``.

    Raises
    ------
    ModelError
        When rate or amount is out of bounds, or the outflows do not hold the deposits.

    Notes
    -----
    The formula takes inflows to be below their cap. At a rate of one the surplus does not change and a ratio above one
    rises: the standard had assumed the run. At a lower rate the surplus falls by ``(1 - r) W``.
    """
    if not withdrawn >= 0 or not 0 <= run_off <= 1:
        raise ModelError(
            f"what is withdrawn must not be negative and the rate lie in 0 to 1 (got {withdrawn}, {run_off})",
            where="LCR",
        )
    left = before.outflows - run_off * withdrawn
    if not left > 0:
        raise ModelError(
            "net outflows are smaller than the outflow of these deposits alone: inflows are at their cap, or the returns "
            "count the deposits at a lower rate",
            where="LCR",
        )
    return Coverage(before.hqla - withdrawn, left)


def smallest_withdrawal(before: Coverage, run_off: float) -> float | None:
    """Smallest amount paid out after which the ratio is below the minimum.

    Parameters
    ----------
    before : Coverage
    run_off : float

    Returns
    -------
    float or None
        0 when it is below already; None when no amount takes it there, because the outflows hold the deposits in full.
    """
    if before.surplus < 0:
        return 0.0
    return None if run_off >= 1 else before.surplus / (1 - run_off)
