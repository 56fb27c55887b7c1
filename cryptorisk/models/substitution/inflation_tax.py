"""Cagan's revenue-maximising inflation: how elastic money demand must be for present inflation to be past it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.money import years_old
from cryptorisk.models.substitution.seigniorage import OLDEST_INTEREST_YEARS
from cryptorisk.result import Column, Table
from cryptorisk.stats import cagan

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

SEMI_ELASTICITIES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""In years: fall of log real balances per 100 points of yearly inflation. A grid from money that hardly reacts to money
that is left at once; no estimate of any country's."""

STEEPER = (1.25, 1.5)
"""Multiples of the semi-elasticity where a close substitute is at hand. Assumptions."""

LARGEST_YEARS = 100.0
_LABEL = (
    "Break-even semi-elasticity of money demand: beyond it a lower inflation would raise more (illustration)"
)


def inflation_tax(inputs: Inputs) -> Part:
    """Break-even semi-elasticity at present inflation, and the peak for a grid of semi-elasticities.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Part
        Estimate ``cagan_break_even`` in years; table ``cagan``.

    Notes
    -----
    ``ln(M/P) = gamma - alpha pi`` has its revenue peak at the continuous rate ``1/alpha``; present inflation is past it
    when ``alpha > 1/ln(1 + pi)``. Substitutes make money demand more elastic: the peak comes earlier and is lower, in
    proportion ``1/alpha``. Cagan (1956).
    """
    id, latest = "substitution.cagan_break_even", inputs.latest("cpi_inflation_pct")
    if latest is None or years_old(inputs, latest) > OLDEST_INTEREST_YEARS:
        reason = f"no inflation of the last {OLDEST_INTEREST_YEARS} years in the data"
        return Part((Estimate.missing(id, _LABEL, "years", reason),))
    if "cpi_inflation_pct" in inputs.confidential:
        return Part((Estimate.missing(id, _LABEL, "years", GIVES_AWAY),))
    rate = math.log1p(latest.value / 100)
    if rate < 1 / LARGEST_YEARS:
        reason = f"inflation of {number(latest.value, 1)} % is no source of revenue to speak of"
        return Part((Estimate.missing(id, _LABEL, "years", reason),))
    found = Estimate(
        id,
        _LABEL,
        1 / rate,
        "years",
        data_class="modelled",
        method="Arithmetic on Cagan's money demand: one over the continuous rate of inflation.",
        date=f"{latest.date:%Y}",
        sources=(latest.source,),
        inputs=("cpi_inflation_pct",),
        function="cryptorisk.models.substitution.inflation_tax.inflation_tax",
        note=f"At inflation of {number(latest.value, 1)} % ({latest.date:%Y}). The country's own semi-elasticity is not "
        "in it.",
    )
    return Part((found,), (_table(latest.value, f"{latest.date:%Y}", latest.source),))


def _table(inflation: float, year: str, source: str) -> Table:
    rows = []
    for alpha in SEMI_ELASTICITIES:
        row = {"alpha": alpha, "peak": cagan.revenue_maximising_inflation(alpha)}
        for times in STEEPER:
            row[f"peak_{times:g}"] = cagan.revenue_maximising_inflation(times * alpha)
        best = cagan.peak_revenue(alpha, 0.0)
        row["raised"] = 100 * cagan.revenue(math.log1p(inflation / 100), alpha, 0.0) / best
        rows.append(row)
    left = " and ".join(f"{number(100 / times, 0)} %" for times in STEEPER)
    return Table(
        "substitution.cagan",
        "Illustration: the inflation that raises most revenue, by the elasticity of money demand",
        pd.DataFrame(rows),
        (
            Column("alpha", "Semi-elasticity", "years", 1),
            Column("peak", "Revenue-maximising inflation", "% a year", 0),
            *(
                Column(f"peak_{t:g}", f"were money demand {t:g} times as elastic", "% a year", 0)
                for t in STEEPER
            ),
            Column("raised", "Raised at present inflation", "% of the most that can be", 0),
        ),
        f"Arithmetic on ln(M/P) = gamma - alpha pi (Cagan 1956), steady states; the semi-elasticities are a grid, not "
        f"estimates. With them {' and '.join(f'{t:g}' for t in STEEPER)} times as large the most that can be raised is "
        f"{left} of what it was. Present inflation: {number(inflation, 1)} % ({year}).",
        (source,),
    )
