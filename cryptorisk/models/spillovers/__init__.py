"""Chapter 4, the country's own markets beside bitcoin: its share index, and the quantiles of its growth."""

from __future__ import annotations

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.part import Part
from cryptorisk.models.spillovers.equity import country_spillovers
from cryptorisk.models.spillovers.growth import growth_at_risk
from cryptorisk.params import Params
from cryptorisk.result import estimates_table

__all__ = ["country_spillovers", "growth_at_risk", "own_markets"]


def own_markets(inputs: Inputs, params: Params) -> Part:
    """Both, with their estimates in the table ``own_markets``.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    """
    part = Part.join([country_spillovers(inputs, params), growth_at_risk(inputs, params)])
    table = estimates_table(
        part.estimates,
        id="crash.own_markets",
        title="Domestic shares and growth",
        note="What goes with bitcoin is measured, not what it causes.",
    )
    return part._replace(tables=(table, *part.tables))
