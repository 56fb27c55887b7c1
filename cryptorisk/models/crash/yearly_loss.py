"""Households' loss in the fall that bitcoin exceeds in one year out of twenty, by its own resampled history."""

from __future__ import annotations

from collections.abc import Mapping

from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.losses import merged
from cryptorisk.models.crash.scenarios import Scenario, losses
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.exposure import Exposure

FALL = "fall_365d_95_pct"
"""Estimate of `cryptorisk.models.price_risk`: the fall below the starting price within a year exceeded with 5 %."""
NAME, LABEL = "crash.household_loss_year_95_pct_gdp", "Households' loss in the fall of one year in twenty"


def yearly_loss(risk: Mapping[str, Estimate], exposure: Exposure) -> Estimate:
    """The loss in percent of GDP; the range is that of the exposure, the fall is the central one.

    Parameters
    ----------
    risk : mapping of str to Estimate
        The market's own risk.
    exposure : Exposure
    """
    fall = risk.get(FALL)
    if fall is None or fall.value is None:
        why = "the fall of one year in twenty is not estimated" if fall is None else fall.reason
        return Estimate.missing(NAME, LABEL, "pct_gdp", why)
    scenario = Scenario(LABEL, Shock(fall.value / 100), "history", "one year")
    lost = None if exposure.holdings is None else losses(scenario, exposure.holdings, exposure.bitcoin_share)
    share = None if lost is None else exposure.in_gdp(lost)
    if share is None or exposure.gdp is None or exposure.bitcoin_share.central == 0:
        reason = exposure["household_holdings_pct_gdp"].reason or "households' bitcoin is not estimated"
        return Estimate.missing(NAME, LABEL, "pct_gdp", reason)
    ends = {"low": share.low, "high": share.high, "interval": "range"} if share.high > share.low else {}
    made = Estimate(
        NAME,
        LABEL,
        share.central,
        "pct_gdp",
        method=f"Holdings times a fall of {fall:value}, exceeded with 5 % within a year in bitcoin's resampled history. "
        "The chance is that of the fall; the range is that of the holdings.",
        note=" ".join(
            part for part in (f"The fall: {fall.note}" if fall.note else "", exposure.gdp.note) if part
        ),
        date=fall.date,
        sources=merged(exposure.sources, exposure["household_holdings_pct_gdp"].sources, fall.sources),
        inputs=merged(exposure["household_holdings_pct_gdp"].inputs, fall.inputs),
        function="cryptorisk.models.crash.yearly_loss.yearly_loss",
        **ends,  # type: ignore[arg-type]
    )
    return made.coarsened() if exposure.hidden else made
