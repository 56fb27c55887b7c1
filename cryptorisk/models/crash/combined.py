"""The combined scenario: crash, loss on stablecoins, redemptions and depreciation at once, mild, central and severe."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.scenarios import Scenario, own_scenario
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.params import CrashParams, ShareRange

MILD, SEVERE = 0.6, 0.85
"""Mild: six tenths of the headline fall, an assumption (0.3 where the headline is 0.5). Severe: the fall of December 2013
to January 2015, 84.5 %, the deepest since bitcoin had more than one market of size (measured, rounded up)."""

YEARS = 20
MONTHS = 12
FEWEST_MONTHS = 60
"""Fewer than five years of monthly rates hold no tail of yearly falls."""
USUAL_BAD = 0.9
"""Quantile of past falls over twelve months that the central scenario takes: about one year in ten was worse."""


@dataclass(frozen=True)
class Combined:
    """Three rungs of one scenario and where their parts come from.

    Attributes
    ----------
    mild, central, severe : Scenario
    depreciation_basis : str
        What the depreciation was read from, or why there is none.
    """

    mild: Scenario
    central: Scenario
    severe: Scenario
    depreciation_basis: str

    @property
    def rungs(self) -> tuple[Scenario, Scenario, Scenario]:
        """Mild, central, severe."""
        return self.mild, self.central, self.severe

    def range_of(self, part: str) -> tuple[float, float, float]:
        """One part of the shock, such as ``bitcoin`` or ``depreciation``, over the rungs."""
        low, central, high = (float(getattr(rung.shock, part)) for rung in self.rungs)
        return low, central, high


def combined(params: CrashParams, inputs: Inputs) -> Combined:
    """The combined scenario of an economy.

    Parameters
    ----------
    params : CrashParams
    inputs : Inputs
        The official exchange rate sets the depreciation unless the parameters do.

    Returns
    -------
    Combined
    """
    falls = (MILD * params.price_drop, params.price_drop, max(SEVERE, params.price_drop))
    lost, redeemed = params.stablecoin_loss, params.redemption
    if params.depreciation is not None:
        weaker, basis = params.depreciation, "Depreciation as in the parameter file."
    else:
        weaker, basis = past_depreciation(inputs)
    mild, central, severe = (
        Scenario(
            f"Combined, {name}",
            Shock(
                fall, getattr(lost, end), redemption=getattr(redeemed, end), depreciation=getattr(weaker, end)
            ),
            "assumption",
            "one year",
        )
        for name, end, fall in zip(
            ("mild", "central", "severe"), ("low", "central", "high"), falls, strict=True
        )
    )
    return Combined(mild, central, severe, basis)


def own_combinations(params: CrashParams, uses_dollar: bool) -> list[Scenario]:
    """Scenarios of the parameter file in which more happens than a fall of prices and a loss on stablecoins.

    Parameters
    ----------
    params : CrashParams
    uses_dollar : bool
        Where the US dollar is the currency a depreciation against it is left out.
    """
    given = [own_scenario(one) for one in params.scenarios]
    if uses_dollar:
        given = [replace(one, shock=replace(one.shock, depreciation=0.0)) for one in given]
    return [one for one in given if one.shock.combines]


def past_depreciation(inputs: Inputs) -> tuple[ShareRange, str]:
    """Falls of the national currency over twelve months in the last twenty years: none, nine in ten below, the worst.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    ShareRange
        Zero throughout where the US dollar is the currency or the rate is not known.
    str
        The basis in a sentence.
    """
    nothing = ShareRange(low=0.0, central=0.0, high=0.0)
    here = country(inputs.country)
    if here.currency_on(inputs.as_of) == "USD":
        return nothing, "No depreciation: the US dollar is the currency here."
    rates = inputs.series("official_fx_lcu_per_usd").values.dropna()
    rates = rates[rates.index > rates.index[-1] - pd.DateOffset(years=YEARS)] if len(rates) else rates
    monthly = rates.resample("ME").last() if len(rates) else rates
    if len(monthly) < FEWEST_MONTHS:
        return (
            nothing,
            "No depreciation: fewer than five years of official exchange rates are in the vintage.",
        )
    falls = (1 - monthly.shift(MONTHS) / monthly).dropna().clip(lower=0.0, upper=0.99)
    usual, worst = float(falls.quantile(USUAL_BAD)), float(falls.max())
    if "official_fx_lcu_per_usd" in inputs.confidential:
        usual, worst = round(usual, 1), round(worst, 1)
    basis = (
        f"Depreciation: none; {100 * usual:.0f} %, which nine in ten falls over twelve months did not reach; and "
        f"{100 * worst:.0f} %, the largest, in the {len(monthly) // 12} years of official rates to "
        f"{monthly.index[-1].strftime('%Y-%m')}."
    )
    return ShareRange(low=0.0, central=usual, high=max(worst, usual)), basis
