"""Seigniorage, two measures, and what a displacement of base money would take from it."""

from __future__ import annotations

from cryptorisk.errors import ModelError


def opportunity_cost(interest_pct: float, base_money_pct_gdp: float) -> float:
    """Interest saved because base money bears none: ``i * H / Y``, percent of GDP a year.

    Parameters
    ----------
    interest_pct : float
        Nominal interest rate, percent a year.
    base_money_pct_gdp : float

    References
    ----------
    Drazen (1985), A general measure of inflation tax revenues, Economics Letters 17(4), 327-330.
    """
    return interest_pct * _stock(base_money_pct_gdp) / 100.0


def monetary(inflation_pct: float, growth_pct: float, base_money_pct_gdp: float) -> float:
    """New base money at a constant ratio to GDP: ``(pi + g) / (1 + pi + g) * h``, percent of GDP a year.

    Raises
    ------
    ModelError
        When nominal GDP would shrink by everything or more.

    References
    ----------
    Fischer (1982), Seigniorage and the case for a national money, Journal of Political Economy 90(2),
    295-313.
    """
    growth = (inflation_pct + growth_pct) / 100.0
    if growth <= -1.0:
        raise ModelError(f"nominal growth of {100 * growth:.0f} % leaves no output")
    return growth / (1.0 + growth) * _stock(base_money_pct_gdp)


def displaced_flow(displacement: float, seigniorage_pct_gdp: float) -> float:
    """Yearly loss when a share of base money is displaced, percent of GDP."""
    return _share(displacement) * seigniorage_pct_gdp


def displaced_stock(displacement: float, base_money_pct_gdp: float) -> float:
    """One-off redemption of the displaced base money, percent of GDP."""
    return _share(displacement) * _stock(base_money_pct_gdp)


def _share(displacement: float) -> float:
    if not 0 <= displacement <= 1:
        raise ModelError(f"a displaced share lies between 0 and 1 (got {displacement})")
    return displacement


def _stock(base_money_pct_gdp: float) -> float:
    if base_money_pct_gdp < 0:
        raise ModelError(f"base money must not be negative (got {base_money_pct_gdp} % of GDP)")
    return base_money_pct_gdp
