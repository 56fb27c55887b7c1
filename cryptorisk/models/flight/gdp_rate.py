"""What ratios to GDP of this chapter would be at the price of a dollar outside the official market."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.gdp_dollars import GDP, gdp_gaps
from cryptorisk.result import Finding
from cryptorisk.words import inside

RATIOS = tuple(f"flight.{name}_pct_gdp" for name in ("residual", "hot_money", "stock", "unrecorded_stock"))


def gdp_rate_finding(inputs: Inputs, estimates: Sequence[Estimate]) -> tuple[Finding, ...]:
    """The ratios of years in which GDP is converted at a rate far from the market's; none where the official rate stands.

    The chapter's flows keep the source's rate: direct investment is itself published in percent of that GDP.

    Parameters
    ----------
    inputs : Inputs
    estimates : sequence of Estimate
        Of the chapter.
    """
    known = [
        one
        for one in estimates
        if one.id in RATIOS and one.available and not inputs.confidential & set(one.inputs)
    ]
    years = {one.id: int(one.date[-4:]) for one in known}
    gaps = gdp_gaps(inputs, sorted(set(years.values()))) if known and GDP not in inputs.confidential else {}
    said = [
        f"{inside(one.label)}: {number((one.value or 0.0) * float(np.exp(gaps[years[one.id]].log_pct / 100)), 1)} % of GDP "
        f"instead of {number(one.value or 0.0, 1)} %"
        for one in known
        if years[one.id] in gaps
    ]
    if not said:
        return ()
    last = gaps[max(gaps)]
    text = (
        f"GDP of {max(gaps)} is converted at {number(last.rate, 2)} per dollar, while a dollar cost "
        f"{number(last.market, 2)} outside the official market ({last.months} months). At that price: {'; '.join(said)}."
    )
    ids = tuple(one.id for one in known if years[one.id] in gaps)
    return (Finding("flight.gdp_rate", text, "notice", "caveat", ids),)
