"""Demand for national money with currency substitution: an equation in levels by quarter, or why there is none.

Cuddington (1983) writes

    ln(M/P) = a0 + a1 ln y - a2 i - a3 (i* + E ds) - a4 E ds + u,

with interest i at home and i* abroad and expected depreciation E ds: a3 differs from zero where residents can hold foreign
bonds (capital mobility), a4 where they hold foreign money (currency substitution proper). Estimated is the same equation in
i* and E ds, whose long-run coefficients are -a3 and -(a3 + a4), because i* + E ds and E ds move together; -a4 is their
difference, with its own standard error. Where a premium of the parallel dollar is known throughout it is a fifth driver.

References
----------
Cuddington (1983), Currency substitution, capital mobility and money demand, Journal of International Money and Finance 2(2),
111-133. Pesaran, Shin and Smith (2001), Journal of Applied Econometrics 16(3), 289-326.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, interval_name
from cryptorisk.models.flight.shadow import premium_series
from cryptorisk.models.level_relation import (
    COEFFICIENT_LEVEL,
    LevelRelation,
    estimate_relation,
    reason_in_words,
)
from cryptorisk.models.level_relation_estimates import half_life_estimate
from cryptorisk.models.level_relation_tables import coefficients_table, equation_tests
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.money_sample import MoneySample, data_table, quarterly_sample, still
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.params import Params
from cryptorisk.result import Finding
from cryptorisk.stats.cointegration import johansen_trace
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.words import significance

DRIVERS: Mapping[str, str] = {
    "activity": "Real activity (log)",
    "interest": "Interest at home, % a year",
    "abroad": "Interest abroad, % a year",
    "depreciation": "Depreciation over the past year, %",
}
PREMIUM = {"premium": "Premium of the parallel dollar, log %"}
LONG_QUARTERS = 80
"""From twenty years on four lags are tried, below two."""

_SEED = 206
_FUNCTION = "cryptorisk.models.substitution.money_demand.money_demand"
LABELS = {
    "activity": "Real national money: percent for each percent of real activity, long run",
    "depreciation": "Real national money: percent for each point of past depreciation, long run",
    "substitution": "Real national money: percent for each point of past depreciation beyond interest abroad",
    "premium": "Real national money: percent for each log percent of the parallel premium, long run",
    "half_life": "Half-life of a deviation from the demand for money",
}
_METHOD = (
    "Error-correction equation by quarter with centred seasonal terms (Cuddington 1983), order by Akaike's "
    "criterion; interval by a bootstrap of the t statistic. Depreciation over the past four quarters stands for "
    "expected depreciation."
)


def money_demand(inputs: Inputs, params: Params, sample: MonthlySample) -> Part:
    """Long-run demand for national money, where the data carry it.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        Seed and reference currency are read.
    sample : MonthlySample
        Prices and the rate that savers pay.

    Returns
    -------
    Part
        ``substitution.money_demand_substitution`` always (missing with its reason); the other coefficients, the tables
        ``money_demand`` and ``money_demand_tests`` where an equation was estimated; ``money_demand_data`` always.
    """
    found = quarterly_sample(inputs, params, sample)
    needed = data_table(inputs, sample)
    name = country(params.country).name_in_sentence
    reason = found.reason or still(found)
    if reason:
        text = (
            "The demand for national money, and what expected depreciation does to it, is not estimated for "
            f"{name}: {reason}."
        )
        finding = Finding("substitution.money_demand", text, "info", "data")
        return Part((_missing("substitution", reason),), (needed,), (finding,))
    frame, drivers, note = _with_premium(inputs, found.frame)
    relation = estimate_relation(
        frame,
        "money",
        drivers,
        label="Real national money (log)",
        year=4,
        max_order=4 if len(frame) >= LONG_QUARTERS else 2,
        rng=np.random.default_rng([params.seed, _SEED]),
        fixed=_seasons(pd.DatetimeIndex(frame.index)),
        contrasts={"substitution": {"depreciation": 1.0, "abroad": -1.0}},
    )
    estimates = _estimates(relation, found, note)
    sources, coarse = found.sources, found.confidential
    tables = (
        coefficients_table(
            [relation],
            id="substitution.money_demand",
            title="Demand for national money",
            sources=sources,
            note=_note(found, note),
            coarse=coarse,
        ),
        equation_tests(
            [relation],
            id="substitution.money_demand_tests",
            title="Demand for national money: tests",
            sources=sources,
            unit="quarters",
            coarse=coarse,
            further=_johansen(frame, relation),
        ),
        needed,
    )
    return Part(estimates, tables, (_finding(name, estimates),))


def _missing(name: str, reason: str) -> Estimate:
    unit = {"activity": "ratio", "half_life": "months"}.get(name, "pct")
    return Estimate.missing(f"substitution.money_demand_{name}", LABELS[name], unit, reason)


def _with_premium(inputs: Inputs, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str], str]:
    """The sample with the parallel premium among its drivers, where it is known in every quarter."""
    series = premium_series(inputs)
    if series is None:
        return frame, dict(DRIVERS), ""
    quarterly = series.daily["premium"].resample("QE").mean().reindex(frame.index)
    if quarterly.isna().any():
        return (
            frame,
            dict(DRIVERS),
            "The premium of the parallel dollar is not known throughout and is left out.",
        )
    return frame.assign(premium=quarterly), {**DRIVERS, **PREMIUM}, ""


def _seasons(index: pd.DatetimeIndex) -> pd.DataFrame:
    """Three centred dummies of quarters: each sums to zero over a year, so that the constant keeps its meaning."""
    return pd.DataFrame({f"q{q}": (index.quarter == q) - 0.25 for q in (1, 2, 3)}, index=index)


def _johansen(frame: pd.DataFrame, relation: LevelRelation) -> tuple[tuple[str, str], ...]:
    """A second opinion that treats no variable as given; without seasonal terms, for which there are no tables."""
    lags = max(1, min(relation.fit.order.lags, 2))
    rank = johansen_trace(frame[["money", *relation.drivers]], lags=lags)
    return ((f"Relations at 5 %, Johansen's trace test (lags: {lags})", str(rank.relations)),)


def _estimates(relation: LevelRelation, found: MoneySample, note: str) -> tuple[Estimate, ...]:
    names = [
        "activity",
        "depreciation",
        "substitution",
        *(["premium"] if "premium" in relation.drivers else []),
        "half_life",
    ]
    if relation.reason:
        reason = reason_in_words(relation) if found.confidential else relation.reason
        return tuple(_missing(name, reason) for name in names)
    scales = {"activity": 1.0, "depreciation": 100.0, "substitution": 100.0, "premium": 100.0}
    known = {
        name: (relation.long_run[name], scale) for name, scale in scales.items() if name in relation.long_run
    }
    estimates = [_estimate(name, c, scale, relation, found, note) for name, (c, scale) in known.items()]
    estimates.append(_half_life(relation, found))
    return tuple(one.coarsened() if found.confidential else one for one in estimates)


def _estimate(
    name: str, found: Coefficient, scale: float, relation: LevelRelation, sample: MoneySample, note: str
) -> Estimate:
    return Estimate(
        f"substitution.money_demand_{name}",
        LABELS[name],
        scale * found.value,
        "ratio" if name == "activity" else "pct",
        low=scale * found.low,
        high=scale * found.high,
        level=COEFFICIENT_LEVEL,
        interval="confidence",
        method=_METHOD,
        date=relation.period(),
        n_obs=relation.fit.n,
        sources=sample.sources,
        inputs=sample.series,
        function=_FUNCTION,
        note=_note(sample, note),
    )


def _half_life(relation: LevelRelation, sample: MoneySample) -> Estimate:
    return half_life_estimate(
        relation,
        id="substitution.money_demand_half_life",
        label=LABELS["half_life"],
        months=3,
        sources=sample.sources,
        inputs=sample.series,
        function=_FUNCTION,
    )


def _note(sample: MoneySample, premium: str) -> str:
    money = (
        "Money is broad money less deposits in foreign currency."
        if sample.domestic
        else "Broad money may hold deposits in foreign currency, which works against finding substitution."
    )
    return f"{money} {premium}".strip()


def _finding(name: str, estimates: tuple[Estimate, ...]) -> Finding:
    by = {e.id.removeprefix("substitution.money_demand_"): e for e in estimates}
    found = by["substitution"]
    if found.value is None:
        text = f"An equation of the demand for money was estimated for {name}, and is not relied on: {found.reason}."
        return Finding("substitution.money_demand", text, "notice", "caveat", (found.id,))
    verdict = {
        "below": "the sign that substitution between currencies would have",
        "above": "the opposite of the sign that substitution between currencies would have",
    }.get(significance(found), "no substitution between currencies is distinguishable")
    text = (
        f"A point more depreciation over the past year goes in the long run with {found:value} of real national "
        f"money in {name}, beyond what a point more interest abroad goes with ({interval_name(found)} "
        f"{found:interval}): {verdict}."
    )
    return Finding("substitution.money_demand", text, "notice", "result", (found.id,))
