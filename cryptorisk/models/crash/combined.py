"""The combined scenario: crash, loss on stablecoins, redemptions and depreciation at once, mild, central and severe."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.depreciation import as_stated, past_depreciation
from cryptorisk.models.crash.scenarios import Scenario, own_scenario
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.params import CrashParams

MILD, SEVERE = 0.6, 0.85
"""Mild: six tenths of the headline fall, an assumption (0.3 where the headline is 0.5). Severe: the fall of December 2013
to January 2015, 84.5 %, the deepest since bitcoin had more than one market of size (measured, rounded up)."""


@dataclass(frozen=True)
class Combined:
    """Three rungs of one scenario and where their parts come from.

    Attributes
    ----------
    mild, central, severe : Scenario
    depreciation_basis : str
        What the depreciation was read from, or why there is none.
    depreciation_known : bool
        False where no number could be had: the nothing of the shocks is then no finding.
    depreciation_assumed : bool
        Whether pegs that gave way elsewhere stand behind it.
    """

    mild: Scenario
    central: Scenario
    severe: Scenario
    depreciation_basis: str
    depreciation_known: bool = True
    depreciation_assumed: bool = False

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
        Past exchange rates set the depreciation unless the parameters do.

    Returns
    -------
    Combined
    """
    falls = (MILD * params.price_drop, params.price_drop, max(SEVERE, params.price_drop))
    lost, redeemed = params.stablecoin_loss, params.redemption
    weaker = past_depreciation(inputs) if params.depreciation is None else as_stated(params.depreciation)
    mild, central, severe = (
        Scenario(
            f"Combined, {name}",
            Shock(
                fall,
                getattr(lost, end),
                redemption=getattr(redeemed, end),
                depreciation=getattr(weaker, name),
            ),
            "assumption",
            "one year",
        )
        for name, end, fall in zip(
            ("mild", "central", "severe"), ("low", "central", "high"), falls, strict=True
        )
    )
    return Combined(mild, central, severe, weaker.basis, weaker.known, weaker.assumed)


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
