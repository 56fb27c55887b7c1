"""IMF reserve-adequacy metric for emerging markets: weights by regime and controls, coverage, drains.

The rule is that of the IMF's "Assessing Reserve Adequacy - Specific Proposals" (2015, called ARA 2015) as
carried into the "Guidance Note on the Assessment of Reserve Adequacy and Related Considerations" (June 2016);
the first version is "Assessing Reserve Adequacy" (2011). The composite is meant for emerging and deepening
financial markets: not for mature markets, fully dollarised economies or economies without market access.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cryptorisk.errors import ModelError
from cryptorisk.rules.amount import amount

Regime = Literal["fixed", "floating"]
Version = Literal["2011", "2015"]

SOURCE = (
    "IMF, Guidance Note on the Assessment of Reserve Adequacy and Related Considerations (June 2016), "
    "https://www.elibrary.imf.org/view/journals/007/2016/018/article-A001-en.xml"
)
"""Where the rule is stated. The weights below were taken from secondary descriptions of it and were not
re-read in the note itself (METHODS.md, Capital flight, says which rows); a report that uses them says so."""

QUOTED = "weights as quoted by secondary sources"
"""What a report says wherever the metric stands against its rule."""

ADEQUATE_PCT = (100.0, 150.0)
"""Reserves of 100 to 150 % of the metric are considered broadly adequate (ARA 2011, kept in 2015)."""
MONTHS_OF_IMPORTS = 3.0
"""Traditional rule: three months of imports."""
SHORT_TERM_DEBT_PCT = 100.0
"""Greenspan-Guidotti rule: reserves cover the external debt that falls due within a year."""
BROAD_MONEY_PCT = 20.0
"""Traditional rule on capital flight by residents: 20 % of broad money."""


LOW_INCOME_USD = 2 * 1315.0
"""Income a head below which the metric is not the measure unless an economy has market access: for low-income economies
the Guidance Note has months of imports, and cost and benefit. They are told by the income criterion for leaving the IMF's
concessional lending, twice the operational cut-off of the International Development Association: Decision 14521, 1(B),
https://imf.org/en/Publications/Selected-Decisions/description?decision=14521-%2810%2F3%29; the cut-off of the fiscal year
2024 is from https://vectree.io/c/development-bank-graduation-pathways. The criterion is on gross national income over five
years, for which GDP a head stands in."""


@dataclass(frozen=True)
class Weights:
    """Weights (shares) of exports, broad money, short-term debt and other liabilities."""

    exports: float
    broad_money: float
    short_term_debt: float
    other_liabilities: float


WEIGHTS: Mapping[tuple[Version, Regime, bool], Weights] = MappingProxyType(
    {
        ("2015", "fixed", False): Weights(0.10, 0.10, 0.30, 0.20),
        ("2015", "floating", False): Weights(0.05, 0.05, 0.30, 0.15),
        ("2015", "fixed", True): Weights(0.10, 0.05, 0.30, 0.20),
        ("2015", "floating", True): Weights(0.05, 0.025, 0.30, 0.15),
        ("2011", "fixed", False): Weights(0.10, 0.10, 0.30, 0.15),
        ("2011", "floating", False): Weights(0.05, 0.05, 0.30, 0.10),
    }
)
"""Weights by version, regime and whether outflow controls are in force; 2011 knew no row for controls."""


@dataclass(frozen=True)
class Ara:
    """The metric and its parts, in the currency of the inputs.

    Attributes
    ----------
    exports, broad_money, short_term_debt, other_liabilities : float
        Weighted parts; they add up to ``total``.
    weights : Weights
    """

    exports: float
    broad_money: float
    short_term_debt: float
    other_liabilities: float
    weights: Weights

    @property
    def total(self) -> float:
        """The metric: reserves that would equal 100 %."""
        return self.exports + self.broad_money + self.short_term_debt + self.other_liabilities

    def coverage_pct(self, reserves: float) -> float:
        """Reserves as a percentage of the metric."""
        if self.total <= 0:
            raise ModelError("the reserve-adequacy metric is not positive: coverage is not defined")
        return 100 * reserves / self.total

    def coverage_after_pct(self, reserves: float, drain: float) -> float:
        """Coverage after a drain that is paid out of reserves and out of broad money.

        ``100 (R - D) / (ARA - w_M D)``: residents give up deposits for foreign exchange, so that broad money,
        and with it the metric, shrinks too.
        """
        total = self.total - self.weights.broad_money * drain
        if total <= 0:
            raise ModelError("the drain exceeds what the metric's broad-money part can bear")
        return 100 * (reserves - drain) / total

    def drain_to_adequate(self, reserves: float) -> float | None:
        """The drain that brings coverage to 100 %, ``(R - ARA) / (1 - w_M)``; None if it is below already."""
        if reserves < self.total:
            return None
        return (reserves - self.total) / (1 - self.weights.broad_money)


def drain_to_level(reserves: float, denominator: float, level: float, drained: float = 0.0) -> float | None:
    """The drain that brings ``(R - D) / (B - w D)`` down to a rule's level, ``(R - level B) / (1 - level w)``.

    Parameters
    ----------
    reserves, denominator : float
        In one currency; the denominator is what the rule sets reserves against.
    level : float
        The rule's minimum as a share: 1 for the metric and for short-term debt, 0.2 of broad money, 0.25 of a year's
        imports.
    drained : float
        Share of the drain that the denominator loses too: the weight of broad money in the metric, 1 for broad money
        itself, nought for imports and debt.

    Returns
    -------
    float or None
        None if reserves are below the rule already, or no drain brings them there: the denominator shrinks as fast.
    """
    if reserves < level * denominator or level * drained >= 1:
        return None
    return (reserves - level * denominator) / (1 - level * drained)


def ara(
    exports: float,
    broad_money: float,
    short_term_debt: float,
    other_liabilities: float,
    *,
    regime: Regime,
    controls: bool,
    version: Version = "2015",
) -> Ara:
    """The IMF's composite metric for emerging markets.

    Parameters
    ----------
    exports : float
        Exports of goods and services, a year's flow.
    broad_money, short_term_debt, other_liabilities : float
        Stocks in the same currency, at the same date: broad money; external debt that falls due within a year
        (remaining maturity); other portfolio and other investment liabilities.
    regime : {"fixed", "floating"}
    controls : bool
        Whether measures on outflows are in force (halves the weight of broad money).
    version : {"2015", "2011"}

    Returns
    -------
    Ara

    Raises
    ------
    ModelError
        If an input is negative or the version has no row for controls.

    References
    ----------
    IMF (2015), Assessing Reserve Adequacy - Specific Proposals; IMF (2016), Guidance Note.
    """
    exports = amount(exports, "exports", where="ARA")
    broad_money = amount(broad_money, "broad money", where="ARA")
    short_term_debt = amount(short_term_debt, "short-term debt", where="ARA")
    other_liabilities = amount(other_liabilities, "other liabilities", where="ARA")
    try:
        weights = WEIGHTS[(version, regime, controls)]
    except KeyError:
        raise ModelError(f"no weights for version {version}, regime {regime}, controls {controls}") from None
    return Ara(
        weights.exports * exports,
        weights.broad_money * broad_money,
        weights.short_term_debt * short_term_debt,
        weights.other_liabilities * other_liabilities,
        weights,
    )
