"""An amount that a rule can be applied to: one finite number, not negative."""

from __future__ import annotations

import math
from numbers import Real

from cryptorisk.errors import ModelError


def amount(value: float, name: str, *, where: str, positive: bool = False) -> float:
    """The number given, or a refusal that names it.

    Parameters
    ----------
    value : float
    name : str
        For the message: ``"Tier 1 capital"``.
    where : str
        The rule.
    positive : bool
        Whether nought is refused too.

    Raises
    ------
    ModelError
        For what is no single number, not finite, negative, or nought where it must be positive.
    """
    if not isinstance(value, Real):
        raise ModelError(
            f"{name} must be one number (got {type(value).__name__})",
            where=where,
            remedy="apply the rule to one economy or bank at a time",
        )
    if not math.isfinite(value):
        raise ModelError(f"{name} must be a finite number (got {value})", where=where)
    if value < 0 or (positive and value == 0):
        raise ModelError(
            f"{name} must {'be positive' if positive else 'not be negative'} (got {value})", where=where
        )
    return float(value)
