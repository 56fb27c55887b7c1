"""What losses are set against beside GDP: official reserves, imports, government revenue, bank credit, share prices."""

from __future__ import annotations

from dataclasses import dataclass

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.losses import RESERVES, Reserves, reserves
from cryptorisk.models.crash.one_side import digit_ends
from cryptorisk.models.flight.position import position

REVENUE, CREDIT, SHARES = "govt_revenue_pct_gdp", "domestic_credit_private_pct_gdp", "market_cap_pct_gdp"
MONTHS_A_YEAR = 12
OLDEST_YEARS = 5
"""A ratio to GDP older than this is not taken for today's, as chapter 3 does with reserves."""


@dataclass(frozen=True)
class Ratio:
    """A ratio to GDP in percent, its year and source; ``value`` None where it is missing or too old."""

    value: float | None = None
    year: int | None = None
    source: tuple[str, ...] = ()
    confidential: bool = False

    def of(self, gdp_usd: float | None) -> float | None:
        """The amount in US dollars."""
        return None if self.value is None or gdp_usd is None else self.value / 100 * gdp_usd


@dataclass(frozen=True)
class Surroundings:
    """Amounts around the exposures.

    Attributes
    ----------
    reserves : Reserves
    imports_usd : float or None
        Of goods and services, the year of the reserves; to one digit when they stand on a confidential figure.
    revenue, credit, shares : Ratio
    uses_dollar : bool
        Whether the US dollar is the currency: then nothing depreciates against it.
    hidden_reserves, hidden_imports : bool
        Whether they stand on a confidential figure.
    """

    reserves: Reserves
    imports_usd: float | None
    revenue: Ratio
    credit: Ratio
    shares: Ratio
    uses_dollar: bool
    hidden_reserves: bool = False
    hidden_imports: bool = False

    def spare(self, months: float) -> tuple[float, float] | None:
        """Reserves above some months of imports, US dollars: the least and the most that they can be.

        Parameters
        ----------
        months : float

        Returns
        -------
        tuple of float, or None
            Alike when all is public; else all that the digits of the confidential figures leave open. None where reserves
            or imports are not known.
        """
        if self.reserves.usd is None or self.imports_usd is None:
            return None
        held, spent = (self.reserves.usd,) * 2, (self.imports_usd,) * 2
        if self.hidden_reserves:
            held = digit_ends(self.reserves.usd)
        if self.hidden_imports:
            spent = digit_ends(self.imports_usd)
        share = months / MONTHS_A_YEAR
        return held[0] - share * spent[1], held[1] - share * spent[0]


def surroundings(inputs: Inputs) -> Surroundings:
    """What the vintage, or the institution, knows of them."""
    held = reserves(inputs)
    stocks = position(inputs)
    imports = stocks.imports if held.usd is not None else None
    hidden_imports = imports is not None and imports.value > 0 and stocks.hides(imports)
    value = None if imports is None else imports.value
    return Surroundings(
        held,
        one_digit(value) if hidden_imports else value,
        _ratio(inputs, REVENUE),
        _ratio(inputs, CREDIT),
        _ratio(inputs, SHARES),
        country(inputs.country).currency_on(inputs.as_of) == "USD",
        RESERVES in inputs.confidential,
        hidden_imports,
    )


def _ratio(inputs: Inputs, series: str) -> Ratio:
    seen = inputs.latest(series)
    if seen is None or inputs.as_of.year - seen.date.year > OLDEST_YEARS:
        return Ratio()
    return Ratio(float(seen.value), seen.date.year, (seen.source,), series in inputs.confidential)
