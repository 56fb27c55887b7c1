"""The chapter's calculators, all scenarios or illustrations: shares of money, tipping, inflows, pass-through, Cagan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.inflation_tax import inflation_tax
from cryptorisk.models.substitution.inflow import inflow
from cryptorisk.models.substitution.issue import issue
from cryptorisk.models.substitution.passthrough import pass_through
from cryptorisk.models.substitution.scenarios import ces_scenarios
from cryptorisk.models.substitution.tipping import tipping
from cryptorisk.params import Params
from cryptorisk.result import estimates_table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs


def calculators(inputs: Inputs, params: Params, reported: Estimate) -> Part:
    """All calculators of an economy with a currency of its own.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    reported : Estimate
        Published ownership, ``ownership_reported``.
    """
    part = Part.join(
        (
            ces_scenarios(inputs, params),
            tipping(reported),
            inflow(inputs),
            pass_through(inputs, params),
            Part(issue(inputs, params)),
            inflation_tax(inputs),
        )
    )
    summary = estimates_table(
        part.estimates,
        id="substitution.scenarios",
        title="Scenarios and illustrations in figures",
        note="None of them is a forecast; ranges span assumptions (that of the pass-through also the interval of its slope) "
        "and have no probability.",
    )
    return Part(part.estimates, (summary, *part.tables), part.findings)
