"""Cagan's money demand: the inflation rate that raises most revenue, and that revenue."""

from __future__ import annotations

import math

from cryptorisk.errors import ModelError


def revenue_maximising_inflation(alpha: float) -> float:
    """Revenue-maximising inflation in percent a period when ``ln(M/P) = gamma - alpha * expected inflation``.

    Parameters
    ----------
    alpha : float
        Semi-elasticity of real balances, in periods (months when inflation is monthly).

    Returns
    -------
    float
        ``100 (exp(1 / alpha) - 1)`` percent a period; the continuous rate is ``1 / alpha``.

    Raises
    ------
    ModelError
        When alpha is not positive: then revenue has no maximum.

    References
    ----------
    Cagan (1956), The monetary dynamics of hyperinflation, in Friedman (ed.), Studies in the Quantity
    Theory of Money.
    """
    return 100.0 * math.expm1(1.0 / _positive(alpha))


def peak_revenue(alpha: float, gamma: float) -> float:
    """Largest steady-state revenue ``exp(gamma - 1) / alpha``, in the units of real balances a period."""
    return math.exp(gamma - 1.0) / _positive(alpha)


def revenue(inflation: float, alpha: float, gamma: float) -> float:
    """Steady-state revenue at a continuous inflation rate: ``inflation * exp(gamma - alpha * inflation)``."""
    return inflation * math.exp(gamma - _positive(alpha) * inflation)


def _positive(alpha: float) -> float:
    if not alpha > 0:
        raise ModelError(f"the semi-elasticity of money demand must be positive (got {alpha})")
    return alpha
