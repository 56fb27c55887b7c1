"""When a fixed exchange rate falls to a foreseen attack: first-generation models in closed form.

Credit grows, money demand does not follow, and reserves pay for the difference. The shadow rate is the rate that would
float if reserves stood at their floor. Savers who see ahead attack when it reaches the peg: later they would give away
a certain gain, earlier they would make a certain loss. The attack comes before reserves would run out by themselves,
and by more the more money demand falls when depreciation begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cryptorisk.errors import ModelError


@dataclass(frozen=True)
class LinearPeg:
    """The linear model: ``M = beta S - alpha dS/dt``, ``M = R + D``, ``dD/dt = mu``.

    Attributes
    ----------
    rate : float
        The peg, national currency per unit of foreign currency.
    beta : float
        Money demanded per unit of the exchange rate, at no expected depreciation.
    alpha : float
        Fall of money demand per unit of the rate's change in a year; not negative.
    credit : float
        Domestic credit today.
    credit_flow : float
        Domestic credit added in a year; positive.
    floor : float
        Reserves that are not spent.

    References
    ----------
    Flood and Garber (1984), Collapsing Exchange-Rate Regimes: Some Linear Examples, Journal of International Economics
    17, section 2; after Krugman (1979), Journal of Money, Credit and Banking 11(3).
    """

    rate: float
    beta: float
    alpha: float
    credit: float
    credit_flow: float
    floor: float = 0.0

    def __post_init__(self) -> None:
        if not (self.rate > 0 and self.beta > 0 and self.alpha >= 0 and self.floor >= 0):
            raise ModelError(
                f"rate and beta are positive, alpha and floor not negative (got {self.rate}, {self.beta}, "
                f"{self.alpha}, {self.floor})"
            )
        if not self.credit_flow > 0:
            raise ModelError(f"without growing credit no attack comes in this model (got {self.credit_flow})")

    @property
    def reserves(self) -> float:
        """Reserves today: money demanded at the peg less domestic credit."""
        return self.beta * self.rate - self.credit

    def shadow_rate(self, time: float) -> float:
        """Rate that would float at ``time`` with reserves at the floor, ``(D + floor)/beta + alpha mu/beta**2``."""
        backing = self.credit + self.credit_flow * time + self.floor
        return backing / self.beta + self.alpha * self.credit_flow / self.beta**2

    @property
    def attack_time(self) -> float:
        """Years to the attack, ``(R - floor)/mu - alpha/beta``; negative: the shadow rate is above the peg today."""
        return (self.reserves - self.floor) / self.credit_flow - self.alpha / self.beta

    @property
    def exhaustion_time(self) -> float:
        """Years until reserves would stand at the floor if nobody attacked."""
        return (self.reserves - self.floor) / self.credit_flow

    @property
    def jump(self) -> float:
        """Reserves lost in the attack, ``alpha mu/beta``."""
        return self.alpha * self.credit_flow / self.beta


@dataclass(frozen=True)
class GrowingPeg:
    """The same in logarithms with trends: ``ln M - s = k + g t - eta ds/dt``, domestic credit grows at ``mu``.

    Attributes
    ----------
    money, reserves : float
        Today, in one currency; what is not reserves in money's cover is domestic credit.
    credit_growth, money_growth : float
        ``mu``, ``g``: growth of credit, and of money demand while the rate is fixed; log points a year.
    semi_elasticity : float
        ``eta``, years: fall of log money demand per unit of yearly depreciation expected.
    floor : float
        Reserves that are not spent; taken to grow with credit, as imports and debts do.
    """

    money: float
    reserves: float
    credit_growth: float
    money_growth: float
    semi_elasticity: float
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.floor < 0 or not 0 <= self.reserves < self.money:
            raise ModelError(
                f"reserves lie between nought and money, the floor is not negative (got reserves {self.reserves}, "
                f"money {self.money}, floor {self.floor})"
            )
        if self.semi_elasticity < 0:
            raise ModelError(f"the semi-elasticity is not negative (got {self.semi_elasticity})")

    @property
    def excess(self) -> float:
        """Growth of credit beyond that of money demand, log points a year."""
        return self.credit_growth - self.money_growth

    @property
    def _distance(self) -> float:
        """Log of money over what covers it when reserves stand at the floor."""
        return math.log(self.money / (self.money - self.reserves + self.floor))

    def shadow_premium(self, time: float) -> float:
        """Log of the shadow rate over the peg at ``time``."""
        return self.excess * (time + self.semi_elasticity) - self._distance

    @property
    def attack_time(self) -> float:
        """Years to the attack, ``ln(M / (D + floor)) / (mu - g) - eta``.

        Infinite when credit grows no faster than money demand; negative when the shadow rate is above the peg today.
        """
        if self.excess <= 0:
            return -math.inf if self._distance < 0 else math.inf
        return self._distance / self.excess - self.semi_elasticity

    @property
    def exhaustion_time(self) -> float:
        """Years until reserves would stand at the floor if nobody attacked."""
        return self.attack_time + self.semi_elasticity

    @property
    def jump(self) -> float:
        """Share of money turned into foreign exchange in the attack, ``1 - exp(-eta (mu - g))``."""
        return -math.expm1(-self.semi_elasticity * max(self.excess, 0.0))
