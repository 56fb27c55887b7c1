"""Nested constant-elasticity demand for three moneys: national, foreign bank money, stablecoins."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cryptorisk.errors import ModelError

COBB_DOUGLAS = 1e-7
"""Elasticities nearer to one than this take the limit; the formula with 1/(1 - sigma) has lost its digits there."""


@dataclass(frozen=True)
class UserCosts:
    """Cost of holding one unit for a year, as a share of it: all positive."""

    national: float
    bank: float
    stablecoin: float

    def __post_init__(self) -> None:
        for name in ("national", "bank", "stablecoin"):
            if not 0 < getattr(self, name) < math.inf:
                raise ModelError(
                    f"the user cost of {name} money must be positive (got {getattr(self, name)})"
                )


@dataclass(frozen=True)
class MoneyShares:
    """Shares of the three moneys in real balances; they add to one."""

    national: float
    bank: float
    stablecoin: float

    @property
    def foreign(self) -> float:
        """Foreign bank money and stablecoins together."""
        return self.bank + self.stablecoin


def user_cost(interest: float, own_return: float = 0.0, access: float = 0.0) -> float:
    """Cost of holding money for a year: ``(i - r + kappa) / (1 + i)``.

    Parameters
    ----------
    interest : float
        What the wealth would have earned, share a year (0.05 for 5 %).
    own_return : float
        What the money itself pays.
    access : float
        What it costs to come by it and to leave it again, a year of holding.

    Raises
    ------
    ModelError
        When interest is -100 % or less.

    References
    ----------
    Barnett (1978), The user cost of money, Economics Letters 1(2), 145-149.
    """
    if not interest > -1:
        raise ModelError(f"an interest rate of {100 * interest:g} % a year leaves nothing")
    return (interest - own_return + access) / (1 + interest)


@dataclass(frozen=True)
class NestedCES:
    """Preferences over national money *m*, foreign bank money *b* and stablecoins *c*.

    Attributes
    ----------
    national : float
        Weight of national money in the outer nest, between 0 and 1.
    bank : float
        Weight of bank money in the foreign nest.
    outer, inner : float
        Elasticities of substitution between national and foreign money, and inside the foreign nest.

    Notes
    -----
    ``L = [w m^rho + (1 - w) F^rho]^(1/rho)`` with ``F = [v b^r + (1 - v) c^r]^(1/r)``, ``outer = 1/(1 - rho)``,
    ``inner = 1/(1 - r)``. Minimising the cost of a given *L* gives ``F/m = [((1 - w)/w) u_m/P]^outer`` and
    ``c/b = [((1 - v)/v) u_b/u_c]^inner``, where *P* is the price index of the foreign nest. With one foreign money
    this is ``ln(m*/m) = sigma ln((1 - w)/w) + sigma ln(u/u*)``. At an elasticity of one both are Cobb-Douglas.

    References
    ----------
    Miles (1978), Currency substitution, flexible exchange rates, and monetary independence, American Economic
    Review 68(3), 428-436: one foreign money, weights and an elasticity between the two.
    """

    national: float
    bank: float
    outer: float
    inner: float

    def __post_init__(self) -> None:
        for name in ("national", "bank"):
            if not 0 < getattr(self, name) < 1:
                raise ModelError(
                    f"the weight of {name} money lies between 0 and 1 (got {getattr(self, name)})"
                )
        _positive(self.outer, self.inner)

    def shares(self, costs: UserCosts) -> MoneyShares:
        """Shares of the three moneys at given user costs."""
        index = _log_price(self.bank, costs, self.inner)
        nest = self.outer * (_log_odds(self.national) + math.log(costs.national) - index)
        bank = nest + self.inner * (math.log(self.bank) + index - math.log(costs.bank))
        coins = nest + self.inner * (math.log1p(-self.bank) + index - math.log(costs.stablecoin))
        top = max(0.0, bank, coins)
        parts = [math.exp(one - top) for one in (0.0, bank, coins)]
        return MoneyShares(*(one / sum(parts) for one in parts))


def calibrate(shares: MoneyShares, costs: UserCosts, outer: float, inner: float) -> NestedCES:
    """Weights with which observed shares are the demand at observed user costs: the inverse of `NestedCES.shares`.

    Raises
    ------
    ModelError
        When a share is not positive, the shares do not add to one, or an elasticity is not positive.
    """
    parts = (shares.national, shares.bank, shares.stablecoin)
    if min(parts) <= 0 or not math.isclose(sum(parts), 1.0, abs_tol=1e-9):
        raise ModelError(f"the shares of the three moneys must be positive and add to one (got {parts})")
    _positive(outer, inner)
    # ln((1 - v)/v) = ln(c/b) / inner + ln(u_c/u_b), and the same one nest up.
    inside = math.log(shares.stablecoin / shares.bank) / inner + math.log(costs.stablecoin / costs.bank)
    bank = _share_of(-inside)
    index = _log_price(bank, costs, inner)
    # b = F (v P / u_b)^inner gives the size of the nest from either of its parts; the larger loses fewer digits.
    if shares.bank >= shares.stablecoin:
        size = math.log(shares.bank) - inner * (_log_share(-inside) + index - math.log(costs.bank))
    else:
        size = math.log(shares.stablecoin) - inner * (_log_share(inside) + index - math.log(costs.stablecoin))
    outside = (size - math.log(shares.national)) / outer + index - math.log(costs.national)
    return NestedCES(_share_of(-outside), bank, outer, inner)


def _log_price(bank: float, costs: UserCosts, elasticity: float) -> float:
    """Log of the cost of one unit of the foreign nest."""
    logs = (math.log(bank), math.log1p(-bank))
    prices = (math.log(costs.bank), math.log(costs.stablecoin))
    if abs(elasticity - 1) < COBB_DOUGLAS:
        weights = (bank, 1 - bank)
        return sum(w * (p - log) for w, log, p in zip(weights, logs, prices, strict=True))
    terms = [elasticity * log + (1 - elasticity) * p for log, p in zip(logs, prices, strict=True)]
    top = max(terms)
    return (top + math.log(sum(math.exp(one - top) for one in terms))) / (1 - elasticity)


def _log_odds(weight: float) -> float:
    """Log of ``(1 - w) / w``."""
    return math.log1p(-weight) - math.log(weight)


def _share_of(odds: float) -> float:
    """The share whose log odds are given."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def _log_share(odds: float) -> float:
    return -math.log1p(math.exp(-odds)) if odds >= 0 else odds - math.log1p(math.exp(odds))


def _positive(*elasticities: float) -> None:
    for one in elasticities:
        if not 0 < one < math.inf:
            raise ModelError(f"an elasticity of substitution must be positive (got {one})")
