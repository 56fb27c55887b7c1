"""What losses are set against beside GDP: official reserves, imports, government revenue, bank credit, share prices."""

from __future__ import annotations

from dataclasses import dataclass

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.losses import RESERVES, Reserves, reserves
from cryptorisk.models.flight.position import position

REVENUE, CREDIT, SHARES = "govt_revenue_pct_gdp", "domestic_credit_private_pct_gdp", "market_cap_pct_gdp"
IMPORTS = ("imports_gs_usd", "imports_pct_gdp")
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
        Of goods and services, the year of the reserves.
    revenue, credit, shares : Ratio
    uses_dollar : bool
        Whether the US dollar is the currency: then nothing depreciates against it.
    coarse_reserves : bool
        Whether reserves or imports are confidential.
    """

    reserves: Reserves
    imports_usd: float | None
    revenue: Ratio
    credit: Ratio
    shares: Ratio
    uses_dollar: bool
    coarse_reserves: bool


def surroundings(inputs: Inputs) -> Surroundings:
    """What the vintage, or the institution, knows of them."""
    held = reserves(inputs)
    imports = position(inputs).imports if held.usd is not None else None
    return Surroundings(
        held,
        None if imports is None else imports.value,
        _ratio(inputs, REVENUE),
        _ratio(inputs, CREDIT),
        _ratio(inputs, SHARES),
        country(inputs.country).currency_on(inputs.as_of) == "USD",
        bool({RESERVES, *IMPORTS} & inputs.confidential),
    )


def _ratio(inputs: Inputs, series: str) -> Ratio:
    seen = inputs.latest(series)
    if seen is None or inputs.as_of.year - seen.date.year > OLDEST_YEARS:
        return Ratio()
    return Ratio(float(seen.value), seen.date.year, (seen.source,), series in inputs.confidential)
