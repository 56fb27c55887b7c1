"""What the premium moved with by month: controls, reserves, past depreciation, bitcoin's volatility. Descriptions.

Controls, reserves and the premium are decided together, so that no coefficient is an effect. What is looked at is excess
demand for foreign exchange; it says nothing of the channel through which money leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.channel_tables import interval
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.premium_changes import JOINT_LEVEL, LEVEL, PremiumChanges, premium_changes
from cryptorisk.models.flight.premium_driver_sample import MAIN, STEPS, DriverSample, driver_sample
from cryptorisk.models.flight.premium_driver_tables import drivers_table, tests_table, variants_table
from cryptorisk.models.flight.premium_levels import PremiumLevels, premium_levels
from cryptorisk.models.flight.premium_pooled_report import pooled_part
from cryptorisk.models.flight.premium_tables import simple_pct
from cryptorisk.models.level_relation import CHECK_LEVEL, p_text
from cryptorisk.models.part import Part
from cryptorisk.result import Finding
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.words import listing

_FUNCTION = "cryptorisk.models.flight.premium_drivers.drivers_part"
GAP = ("flight.premium_controls_gap", "Shadow over official rate with controls in force, against without")
SHORTEST_SPELL = 6
"""Months of a spell of controls whose own mean is an end of the range."""
METHOD = (
    "Least squares of monthly changes on changes of all drivers; errors of Newey and West. A description: controls, "
    "reserves and premium are decided together."
)


@dataclass(frozen=True, eq=False)
class Gap:
    """Mean premium with controls in force less without, and the same for each long spell of controls (log percent)."""

    value: float
    by_spell: tuple[float, ...]


def drivers_part(inputs: Inputs, country: Country, *, seed: int) -> Part:
    """Estimates, tables and findings on what the premium moved with.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    seed : int
        Of the simulated distribution and the bootstrap of the equation in levels.

    Returns
    -------
    Part
        Empty without a premium. Else ``flight.premium_controls_gap`` and ``flight.premium_with_controls``, ``_reserves``,
        ``_depreciation``, ``_volatility``, each with its reason where it is refused; tables ``premium_drivers``,
        ``premium_drivers_tests``, ``premium_drivers_variants`` where there is a sample; and what `pooled_part` gives.
    """
    sample = driver_sample(inputs)
    if sample is None:
        return pooled_part(inputs, spoken=False)
    return Part.join((_own(inputs, country, sample, seed), pooled_part(inputs, spoken=True)))


def _own(inputs: Inputs, country: Country, sample: DriverSample, seed: int) -> Part:
    if inputs.confidential & set(sample.inputs):
        return _refused(GIVES_AWAY)
    if sample.reason:
        return Part(_refused(sample.reason).estimates, (), (_no_finding(country, sample.reason),))
    changes = premium_changes(sample)
    if isinstance(changes, str):
        return Part(_refused(changes).estimates, (), (_no_finding(country, changes),))
    levels = premium_levels(sample, np.random.default_rng([seed, 3, 110]))
    gap = controls_gap(sample)
    estimates = (_gap(sample, gap), *(_estimate(name, sample, changes) for name in MAIN))
    tables = (
        drivers_table(sample, changes, levels),
        tests_table(sample, changes, levels),
        variants_table(sample, changes),
    )
    return Part(estimates, tables, (_finding(country, sample, changes, levels, gap),))


def controls_gap(sample: DriverSample) -> Gap | str:
    """Mean premium of the months with controls in force for most of their days, less that of the others."""
    if "controls" not in sample.drivers:
        return f"controls: {sample.left_out.get('controls', 'not known')}"
    premium, on = sample.frame["premium"], sample.frame["controls"] > 0.5
    if sample.steps["controls"] != STEPS["controls"]:
        return "controls are an index here, not a state that is dated"
    if not on.any() or on.all():
        return "controls were in force throughout or not at all"
    free = float(premium[~on].mean())
    spell = (on != on.shift()).cumsum()[on]
    means = [float(part.mean()) for _, part in premium[on].groupby(spell) if len(part) >= SHORTEST_SPELL]
    return Gap(float(premium[on].mean()) - free, tuple(mean - free for mean in means))


def _gap(sample: DriverSample, gap: Gap | str) -> Estimate:
    if isinstance(gap, str):
        return Estimate.missing(*GAP, "pct", gap)
    several = len(gap.by_spell) > 1
    return Estimate(
        *GAP,
        simple_pct(gap.value),
        "pct",
        simple_pct(min(gap.by_spell)) if several else None,
        simple_pct(max(gap.by_spell)) if several else None,
        data_class="proxy",
        interval="range" if several else "none",
        method="Ratio of geometric means less one; range: each spell of controls for itself.",
        date=sample.period,
        n_obs=len(sample.frame),
        sources=sample.sources,
        inputs=sample.inputs,
        function=_FUNCTION,
        note="Controls are imposed when demand for foreign exchange is high: the difference is not what they do.",
    )


def _label(name: str, step: str = "") -> str:
    return f"Shadow over official rate, change in a month with {step or STEPS[name]}"


def _estimate(name: str, sample: DriverSample, changes: PremiumChanges) -> Estimate:
    id = f"flight.premium_with_{name}"
    if name not in sample.drivers:
        return Estimate.missing(id, _label(name), "pct", sample.left_out.get(name, "not known"))
    label = _label(name, sample.steps[name])
    if name not in changes.told:
        return Estimate.missing(id, label, "pct", changes.refusal(name))
    found, p = changes.coefficient(name), p_text(changes.adjusted[name])
    return Estimate(
        id,
        label,
        simple_pct(found.value),
        "pct",
        simple_pct(found.low),
        simple_pct(found.high),
        LEVEL,
        data_class="modelled",
        interval="confidence",
        method=METHOD,
        date=sample.period,
        n_obs=changes.fit.n,
        sources=sample.sources,
        inputs=sample.inputs,
        function=_FUNCTION,
        note=f"Measured: {sample.measures[name]}. Adjusted for {len(changes.told)} drivers: {p}.{_bent(changes)}",
    )


def _bent(changes: PremiumChanges) -> str:
    """A remark where the relation is not a straight line; its best straight line is then what is told."""
    form = next(one for one in changes.checks if one.name == "RESET")
    if form.p >= CHECK_LEVEL:
        return ""
    return f" A linear form is rejected (RESET, {p_text(form.p)}): the coefficient is an average over calm and turmoil."


def _refused(reason: str) -> Part:
    return Part(
        (
            Estimate.missing(*GAP, "pct", reason),
            *(Estimate.missing(f"flight.premium_with_{name}", _label(name), "pct", reason) for name in MAIN),
        )
    )


def _no_finding(country: Country, reason: str) -> Finding:
    text = f"What the premium in {country.name_in_sentence} moved with is not estimated: {reason}."
    return Finding("flight.premium_drivers", text, "info", "data", (GAP[0],))


def _finding(
    country: Country,
    sample: DriverSample,
    changes: PremiumChanges,
    levels: PremiumLevels | str,
    gap: Gap | str,
) -> Finding:
    sentences = (
        *(() if isinstance(gap, str) else (_of_controls(gap),)),
        _of_changes(sample, changes),
        *(() if isinstance(levels, str) or levels.reason else (_of_levels(levels),)),
        "Controls and premium are decided together: this describes excess demand for foreign exchange, neither an effect of "
        "controls nor a channel of crypto-assets.",
    )
    first, last = (f"{month:%Y-%m}" for month in (sample.frame.index[0], sample.frame.index[-1]))
    where = f"The premium in {country.name_in_sentence}, {first} to {last}, by the {sample.kind} rate."
    ids = (GAP[0], *(f"flight.premium_with_{name}" for name in MAIN))
    return Finding("flight.premium_drivers", " ".join((where, *sentences)), "info", "result", ids)


def _of_controls(gap: Gap) -> str:
    ends = sorted(abs(simple_pct(one)) for one in gap.by_spell)
    spells = f" ({interval(ends[0], ends[-1], 0)} by spell)" if len(ends) > 1 else ""
    word = "higher" if gap.value >= 0 else "lower"
    size = number(abs(simple_pct(gap.value)), 0)
    return f"With controls in force the shadow rate stood {size} % {word} against the official one than without{spells}."


def _of_changes(sample: DriverSample, changes: PremiumChanges) -> str:
    names = [_NAMES[name] for name in changes.told]
    if not names:
        return "No driver changes in enough months for a coefficient from month to month."
    others = _other_measures(changes)
    if not changes.moving:
        which = f"neither {' nor '.join(names)}" if len(names) == 2 else f"none of: {', '.join(names)}"
        return f"From month to month its changes go with {which} beyond chance{others}."
    parts = [_beside(sample.steps[name], changes.coefficient(name)) for name in changes.moving]
    return f"From month to month, beyond chance, {listing(parts)}{others}."


def _other_measures(changes: PremiumChanges) -> str:
    """How many coefficients of other measures of the drivers stand out."""
    others = changes.other_measures
    if not others:
        return ""
    out = sum(one.adjusted < JOINT_LEVEL for one in others)
    if not out:
        return "; nor do other measures of them"
    return f"; of {len(others)} other measures in the annex {out} {'stands' if out == 1 else 'stand'} out"


def _of_levels(levels: PremiumLevels) -> str:
    parts = [
        _beside(levels.relation.drivers[name], one)
        for name, one in levels.relation.long_run.items()
        if one.p < JOINT_LEVEL
    ]
    return f"In levels, in the long run, {listing(parts) if parts else 'no driver stands out'}."


def _beside(step: str, one: Coefficient) -> str:
    """``10 points more official depreciation with 2 % (1 to 4)``."""
    value, low, high = (simple_pct(size) for size in (one.value, one.low, one.high))
    return f"{step} with {number(value, 1)} % ({interval(low, high, 1)})"


_NAMES = {
    "controls": "controls",
    "reserves": "reserves",
    "depreciation": "past depreciation",
    "volatility": "bitcoin's volatility",
}
