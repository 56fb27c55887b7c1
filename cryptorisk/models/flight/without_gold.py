"""Reserves without gold as given: left out in a year in which they exceed all reserves, of which they are a part."""

from __future__ import annotations

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.flight.part import Annual, annual
from cryptorisk.result import Finding

WITHOUT_GOLD = "reserves_excluding_gold_usd"
RESERVES = "reserves_usd"
TOLERANCE = 0.01
"""Share of reserves by which sources that round or close their books apart may differ."""


def possible(without: Annual, reserves: Annual) -> Annual:
    """Reserves without gold of the years in which they do not exceed reserves.

    Parameters
    ----------
    without, reserves : Annual
        USD by year.

    Returns
    -------
    Annual
        A year in which reserves are not known stays.
    """
    kept = ~without.by_year.index.isin(_exceeding(without, reserves))
    return Annual(without.by_year[kept], without.sources[kept])


def without_gold_finding(inputs: Inputs) -> tuple[Finding, ...]:
    """The years whose figure is left out; with the last pair of figures unless one of them is confidential.

    Parameters
    ----------
    inputs : Inputs
    """
    without, reserves = annual(inputs, WITHOUT_GOLD), annual(inputs, RESERVES)
    years = _exceeding(without, reserves)
    if not years:
        return ()
    last = years[-1]
    beside = ""
    if not {WITHOUT_GOLD, RESERVES} & inputs.confidential:
        one, all_ = (number(float(of.by_year[last]) / 1e9, 2) for of in (without, reserves))
        beside = f" ({last}: {one} against {all_} bn USD)"
    text = (
        f"Reserves without gold exceed reserves, of which they are a part{beside}, and are left out for "
        f"{', '.join(str(year) for year in years)}: check the unit, and whether both count the same."
    )
    return (Finding("flight.without_gold_data", text, "warning", "data", ("flight.reserves_usd",)),)


def _exceeding(without: Annual, reserves: Annual) -> list[int]:
    both = without.by_year.index.intersection(reserves.by_year.index)
    beyond = without.by_year[both] > (1 + TOLERANCE) * reserves.by_year[both]
    return [int(year) for year in both[beyond]]
