"""What the pooled regression of premia says: estimates, a table, a sentence."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import MISSING, Estimate, number
from cryptorisk.models.flight.channel_tables import interval
from cryptorisk.models.flight.premium_pooled import (
    CUT,
    FEWEST_CARRYING,
    LEVEL,
    REGRESSORS,
    SERIES,
    SPAN,
    Pooled,
    pooled_of,
)
from cryptorisk.models.level_relation import p_text
from cryptorisk.models.market.observed import without_own
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.panel_within import PanelFit
from cryptorisk.words import capital, listing

STEPS = {
    "controls": "controls from open (0) to closed (1), index of Chinn and Ito",
    "reserves": "10 % more reserves in months of imports",
    "depreciation": "10 points more official depreciation over the 12 months before",
}
_NAMES = {
    "controls": "tighter controls",
    "reserves": "more reserves",
    "depreciation": "more past depreciation",
}
_FUNCTION = "cryptorisk.models.flight.premium_pooled_report.pooled_part"
METHOD = (
    "Premia of many economies by month on the three drivers with effects of economies and months; errors from leaving an "
    "economy out at a time. Bitcoin's volatility is the same for all and stands in the months' effects."
)


def pooled_part(inputs: Inputs, *, spoken: bool) -> Part:
    """Estimates, table and finding of the pooled regression.

    Parameters
    ----------
    inputs : Inputs
        The vintage and the date count; the country and the bank's own figures do not.
    spoken : bool
        Whether to say so, once, where the vintage has no rates for a regression.

    Returns
    -------
    Part
        ``flight.premium_pooled_controls``, ``_reserves``, ``_depreciation`` and the table ``premium_pooled``.
    """
    found = pooled_of(inputs)
    if isinstance(found, str):
        return Part((_missing(REGRESSORS[0], found),)) if spoken else Part()
    sources = _sources(inputs)
    estimates = tuple(_estimate(name, found, sources) for name in REGRESSORS)
    return Part(estimates, (_table(found, sources),), (_finding(found),))


def _sources(inputs: Inputs) -> tuple[str, ...]:
    public = without_own(inputs)
    found: dict[str, None] = {}
    for id in SERIES:
        found |= dict.fromkeys(public.panel_latest(id)["source"])
    return tuple(found)


def _label(name: str) -> str:
    return f"Premium across economies, with {STEPS[name]}"


def _missing(name: str, reason: str) -> Estimate:
    return Estimate.missing(f"flight.premium_pooled_{name}", _label(name), "log_return_pct", reason)


def _refusal(found: Pooled, name: str) -> str:
    carried = found.levels.carried[found.levels.effects.at(name)]
    return f"about {carried:.0f} economies carry it where {FEWEST_CARRYING:.0f} are needed"


def _estimate(name: str, found: Pooled, sources: tuple[str, ...]) -> Estimate:
    if not found.told(name):
        return _missing(name, _refusal(found, name))
    effects = found.levels.effects
    place = effects.at(name)
    low, high = effects.interval(LEVEL)
    p = float(effects.adjusted_p_values[place])
    return Estimate(
        f"flight.premium_pooled_{name}",
        _label(name),
        float(effects.values[place]),
        "log_return_pct",
        float(low[place]),
        float(high[place]),
        LEVEL,
        data_class="modelled",
        interval="confidence",
        method=METHOD,
        date=_period(found),
        n_obs=found.levels.n,
        sources=sources,
        inputs=SERIES,
        function=_FUNCTION,
        note=f"{found.economies} economies; {p_text(p)}, adjusted for {len(REGRESSORS)}. A description, no effect.",
    )


def _period(found: Pooled) -> str:
    return f"{found.first:%Y-%m}/{found.last:%Y-%m}"


def _table(found: Pooled, sources: tuple[str, ...]) -> Table:
    rows = [
        {
            "driver": capital(STEPS[name]),
            "level": _cell(found.levels, name) if found.told(name) else f"{MISSING}: {_refusal(found, name)}",
            "change": MISSING if isinstance(found.changes, str) else _cell(found.changes, name),
            "carried": float(found.levels.carried[found.levels.effects.at(name)]),
        }
        for name in REGRESSORS
    ]
    columns = (
        Column("driver", "Beside"),
        Column("level", "Premium, effects of economies and months (90 % interval)", "log %"),
        Column("change", f"Change over {SPAN} months, effects of months (90 % interval)", "log %"),
        Column("carried", "Economies that carry it", "", 0),
    )
    note = (
        f"{found.economies} economies with a currency of their own, {found.levels.n} months of them, {_period(found)}. "
        f"Errors: jackknife over economies. Premia and depreciations are cut at {100 * CUT:.0f} and {100 * (1 - CUT):.0f} "
        "%. Descriptions, not effects."
    )
    frame = pd.DataFrame(rows, columns=[one.name for one in columns])
    title = "What crypto-based premia moved with across economies"
    return Table("flight.premium_pooled", title, frame, columns, note, sources)


def _cell(fit: PanelFit, name: str) -> str:
    place = fit.effects.at(name)
    if not fit.carried[place] >= FEWEST_CARRYING:
        return MISSING
    low, high = (float(one[place]) for one in fit.effects.interval(LEVEL))
    return f"{number(float(fit.effects.values[place]), 1)} ({interval(low, high, 1)})"


def _finding(found: Pooled) -> Finding:
    effects = found.levels.effects
    adjusted = effects.adjusted_p_values
    moving = [name for name in REGRESSORS if found.told(name) and adjusted[effects.at(name)] < 1 - LEVEL]
    parts = [
        f"{'higher' if effects.values[effects.at(name)] > 0 else 'lower'} with {_NAMES[name]}"
        for name in moving
    ]
    said = f"the premium is {listing(parts)}" if parts else "no driver stands out beyond chance"
    saved, rule = 100 * found.better.saved, "passes" if found.better.enough else "does not pass"
    text = (
        f"Across {found.economies} economies, within each and against the month's mean, {said}. On economies left out this "
        f"saves {number(saved, 0)} % of the error, which {rule} the kit's rule for predicting. Controls and premium are "
        "decided together: a description of excess demand for foreign exchange."
    )
    ids = tuple(f"flight.premium_pooled_{name}" for name in REGRESSORS)
    return Finding("flight.premium_pooled", text, "info", "result", ids)
