"""Tables of what the premium moved with: coefficients, tests, variants."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.estimate import MISSING, number
from cryptorisk.models.flight.channel_tables import interval
from cryptorisk.models.flight.premium_changes import FEWEST_CARRYING, PremiumChanges, Variant, step_of
from cryptorisk.models.flight.premium_driver_sample import MAIN, DriverSample
from cryptorisk.models.flight.premium_levels import PremiumLevels
from cryptorisk.models.flight.premium_tables import simple_pct
from cryptorisk.models.left_out import LEAST_GAIN
from cryptorisk.models.level_relation import p_text
from cryptorisk.result import Column, Table
from cryptorisk.stats.changes import CONSTANT, ChangesFit
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.words import capital


def drivers_table(sample: DriverSample, changes: PremiumChanges, levels: PremiumLevels | str) -> Table:
    """A row a driver: its coefficient in changes, and in levels where that equation is sound."""
    long_run = {} if isinstance(levels, str) or levels.reason else levels.relation.long_run
    rows = []
    for name in sample.drivers:
        told = name in changes.told
        rows.append(
            {
                "driver": capital(sample.steps[name]),
                "change": _percent(changes.coefficient(name))
                if told
                else f"{MISSING}: {changes.refusal(name)}",
                "level": _percent(long_run[name]) if name in long_run else MISSING,
            }
        )
    columns = [
        Column("driver", "Beside"),
        Column("change", "Change of the shadow against the official rate in a month (90 % interval)", "%"),
    ]
    if long_run:
        columns.append(Column("level", "Shadow over official rate in the long run (90 % interval)", "%"))
    gone = [f"{name} ({reason})" for name, reason in sample.left_out.items()]
    left_out = f" Left out: {'; '.join(gone)}." if gone else ""
    note = (
        f"Descriptions, not effects. {sample.period}, {len(sample.frame)} months, {sample.kind} rate. Reserves and "
        f"depreciation are of the month before or earlier.{left_out}"
    )
    title = "What the premium moved with"
    return Table("flight.premium_drivers", title, pd.DataFrame(rows), tuple(columns), note, sample.sources)


def tests_table(sample: DriverSample, changes: PremiumChanges, levels: PremiumLevels | str) -> Table:
    """How drivers were measured, tests of both equations, and the comparison on months not seen."""
    fit = changes.fit
    rows = [(f"Measured: {name}", sample.measures[name]) for name in sample.drivers]
    rows += [
        ("Changes: months, lags of Newey and West", f"{fit.n}, {fit.lags}"),
        ("Changes: share of variance", number(fit.r2, 2)),
        *((f"Changes: months that carry {name}", number(fit.carrying(name), 0)) for name in sample.drivers),
        *((f"Changes: {one.name}, {one.hypothesis}", p_text(one.p)) for one in changes.checks),
        *(
            (f"Changes: {name}, adjusted for {len(changes.told)}", p_text(changes.adjusted[name]))
            for name in changes.told
        ),
        ("Changes: all told coefficients zero", p_text(changes.joint_p) if changes.told else MISSING),
        ("Months not seen", str(changes.months_ahead)),
        ("Error saved on them against no change", _gain(changes)),
    ]
    if isinstance(levels, str):
        rows.append(("Levels", f"not estimated: {levels}"))
    else:
        relation = levels.relation
        speed = relation.fit.speed()
        rows += [
            ("Levels: order", str(relation.fit.order)),
            *(
                (f"Levels: {name}", f"{number(one.statistic, 2)} ({p_text(one.p_upper)})")
                for name, one in (
                    ("F, all lagged levels", relation.test.f),
                    ("t, lagged premium", relation.test.t),
                    ("F, lagged drivers", relation.test.fx),
                )
            ),
            ("Levels: speed of adjustment (s.e.)", f"{number(speed.value, 2)} ({number(speed.se, 2)})"),
            *((f"Levels: {one.name}, {one.hypothesis}", p_text(one.p)) for one in relation.checks),
            (
                "Levels: cumulative sums leave their 1 % bounds",
                _left(relation.stable.sums_crossed, relation.dates),
            ),
            ("Levels: those of squares", _left(relation.stable.squares_crossed, relation.dates)),
            ("Levels: coefficients told", f"no: {levels.reason}" if levels.reason else "yes"),
        ]
    frame = pd.DataFrame(rows, columns=["row", "value"])
    note = (
        "p-values in levels are from made series without a relation in levels, the drivers as they are. Months that carry "
        f"a coefficient: {FEWEST_CARRYING:.0f} are needed. On months not seen {100 * LEAST_GAIN:.0f} % must be saved, "
        "beyond chance by calendar years, though the drivers' own changes are given."
    )
    columns = (Column("row", "Test"), Column("value", "Outcome"))
    title = "What the premium moved with: measures and tests"
    return Table("flight.premium_drivers_tests", title, frame, columns, note, sample.sources)


def variants_table(sample: DriverSample, changes: PremiumChanges) -> Table:
    """Coefficients in changes, main equation first, then each variant."""
    main = Variant("As in the chapter", changes.fit)
    rows = []
    for variant in (main, *changes.variants):
        for name in _names(variant):
            rows.append(_row(sample, variant, name))
    columns = (
        Column("variant", "Equation"),
        Column("driver", "Beside"),
        Column("value", "Change of the premium (90 % interval)", "log %"),
        Column("p", "p", "", 3),
        Column("n", "Months", "", 0),
    )
    frame = pd.DataFrame(rows, columns=[one.name for one in columns])
    note = "Drivers that too few months carry stay in the equations and are not listed. p-values are not adjusted."
    title = "What the premium moved with: variants"
    return Table("flight.premium_drivers_variants", title, frame, columns, note, sample.sources)


def _names(variant: Variant) -> list[str]:
    if variant.fit is None:
        return [""]
    told = [
        name
        for name in variant.fit.names
        if name not in (CONSTANT, "before") and variant.fit.carrying(name) >= FEWEST_CARRYING
    ]
    return sorted(told, key=lambda name: MAIN.index(name) if name in MAIN else len(MAIN)) or [""]


def _row(sample: DriverSample, variant: Variant, name: str) -> dict[str, object]:
    fit = variant.fit
    if fit is None or not name:
        reason = variant.reason or "no driver is carried by enough months"
        return {"variant": variant.label, "driver": MISSING, "value": reason, "p": math.nan, "n": _n(fit)}
    one = fit.coefficient(name)
    cells = {"value": _written(one), "p": one.p, "n": float(fit.n)}
    return {"variant": variant.label, "driver": capital(step_of(sample, name)), **cells}


def _n(fit: ChangesFit | None) -> float:
    return math.nan if fit is None else float(fit.n)


def _percent(one: Coefficient) -> str:
    value, low, high = (simple_pct(size) for size in (one.value, one.low, one.high))
    return f"{number(value, 1)} ({interval(low, high, 1)})"


def _written(one: Coefficient) -> str:
    return f"{number(one.value, 1)} ({interval(one.low, one.high, 1)})"


def _gain(changes: PremiumChanges) -> str:
    if changes.better is None:
        return "too few years"
    better, rule = changes.better, "used" if changes.better.enough else "not used"
    return f"{number(100 * better.saved, 1)} % (t {number(better.t, 1)}, {better.clusters} years): {rule}"


def _left(place: int | None, dates: pd.DatetimeIndex) -> str:
    return "no" if place is None else f"in {dates[place]:%Y-%m}"
