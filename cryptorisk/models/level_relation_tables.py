"""Tables of relations in levels: coefficients of all equations, and what the tests and checks say of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cryptorisk.estimate import number, one_digit
from cryptorisk.models.level_relation import (
    COEFFICIENT_LEVEL,
    TEST_LEVEL,
    LevelRelation,
    bound_text,
    number_text,
    p_text,
)
from cryptorisk.result import Column, Table
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.stats.holm import adjusted_p


def coefficients_table(
    relations: Sequence[LevelRelation],
    *,
    id: str,
    title: str,
    sources: tuple[str, ...],
    note: str = "",
    coarse: bool = False,
) -> Table:
    """Long-run and same-period coefficients of every equation with errors and p-values adjusted over the whole table.

    ``coarse`` rounds every number to one digit, for equations that stand on a confidential series.
    """
    rows: list[dict[str, object]] = []
    for relation in relations:
        for column, driver in relation.drivers.items():
            short = relation.fit.coefficient(f"D.{column}.L0", level=COEFFICIENT_LEVEL)
            rows.append(
                {
                    "dependent": relation.dependent,
                    "driver": driver,
                    **_cells(relation.long_run[column], relation),
                    **_same(short),
                }
            )
    frame = pd.DataFrame(rows)
    frame["p"] = adjusted_p(frame["p"].to_numpy(dtype=float))
    frame["same_p"] = adjusted_p(frame["same_p"].to_numpy(dtype=float))
    if coarse:
        for name in frame.columns[2:]:
            frame[name] = [one_digit(float(v)) if pd.notna(v) else v for v in frame[name]]
    columns = (
        Column("dependent", "Dependent variable"),
        Column("driver", "Driver"),
        Column("value", "Long run", "", 2),
        Column("se", "s.e.", "", 2),
        Column("low", "low", "90 %", 2),
        Column("high", "high", "90 %", 2),
        Column("p", "p, adjusted", "", 3),
        Column("same", "Same period", "", 2),
        Column("same_se", "s.e.", "", 2),
        Column("same_p", "p, adjusted", "", 3),
    )
    told = (
        "Long-run errors by the delta method, the larger of the classical one and that of Newey and West; intervals and "
        "p-values by a bootstrap of the t statistic. Same-period errors of Newey and West. p-values are adjusted for the "
        "number of coefficients in a column (Holm): unadjusted, one in ten would look significant by chance. Long-run "
        "coefficients of equations that fail the rule are left out. Descriptions, not effects."
    )
    return Table(id, title, frame, columns, f"{told} {note}".strip(), sources)


def equation_tests(
    relations: Sequence[LevelRelation],
    *,
    id: str,
    title: str,
    sources: tuple[str, ...],
    unit: str,
    coarse: bool = False,
    further: Sequence[tuple[str, str]] = (),
) -> Table:
    """Orders, bounds tests and checks, a column an equation; ``unit`` names a period (months, quarters).

    ``further`` rows (name, value) stand below, for a single equation.
    """
    frame = pd.DataFrame({"row": [name for name, _ in _rows(relations[0], unit, coarse)]})
    for place, relation in enumerate(relations):
        frame[f"e{place}"] = [value for _, value in _rows(relation, unit, coarse)]
    if further:
        below = pd.DataFrame(list(further), columns=["row", "e0"])
        frame = pd.concat([frame, below], ignore_index=True)
    columns = (
        Column("row", "Test"),
        *(Column(f"e{place}", relation.dependent) for place, relation in enumerate(relations)),
    )
    first = relations[0].test
    note = (
        f"Bounds at 5 % in brackets, for stationary drivers and for random walks, from {first.replications} "
        f"simulated samples of the same size (case {first.case} of Pesaran, Shin and Smith 2001). Order: by "
        "Akaike's criterion. p-values of the checks are of the hypothesis that all is well; serial correlation, "
        "linear form and the two cumulative sums refuse an equation at 1 %."
    )
    return Table(id, title, frame, columns, note, sources)


def _rows(relation: LevelRelation, unit: str, coarse: bool) -> list[tuple[str, str]]:
    fit, test = relation.fit, relation.test
    speed = fit.speed(level=COEFFICIENT_LEVEL)
    value, low, high = (_duration(v, coarse) for v in fit.half_life(level=COEFFICIENT_LEVEL))
    crossed = {
        "sums": (relation.stable.sums_crossed, f"inside ({p_text(relation.stable.p, coarse)})"),
        "squares": (relation.stable.squares_crossed, "inside"),
    }
    paths = {
        name: inside if place is None else f"left in {relation.dates[place]:%Y-%m}"
        for name, (place, inside) in crossed.items()
    }
    highest = max(relation.orders.values())
    return [
        (f"Sample ({unit})", f"{relation.period()} ({fit.n})"),
        ("Order (dependent variable, drivers)", str(fit.order)),
        ("Highest order of integration", str(highest) if highest < 2 else "may be above 1"),
        ("F, all lagged levels", bound_text(test.f, coarse=coarse)),
        ("t, lagged level of the dependent variable", bound_text(test.t, coarse=coarse)),
        ("F, lagged levels of the drivers", bound_text(test.fx, coarse=coarse)),
        ("Verdict", test.verdict(TEST_LEVEL)),
        (
            "Speed of adjustment (s.e.)",
            f"{number_text(speed.value, coarse)} ({number_text(speed.se, coarse)})",
        ),
        (f"Half-life, {unit} (90 %)", f"{value} ({low} to {high})"),
        *((f"{c.name}, {c.hypothesis}", p_text(c.p, coarse)) for c in relation.checks),
        ("Cumulative sum, 1 % bounds", paths["sums"]),
        ("Cumulative sum of squares, 1 % bounds", paths["squares"]),
        *_half_rows(relation, coarse),
    ]


def _half_rows(relation: LevelRelation, coarse: bool) -> list[tuple[str, str]]:
    driver = next(iter(relation.drivers.values()))
    ends = relation.halves or (None, None)
    return [
        (
            f"{driver}: long run, {which} half (s.e.)",
            "too short"
            if half is None
            else f"{number_text(half.value, coarse)} ({number_text(half.se, coarse)})",
        )
        for which, half in zip(("first", "second"), ends, strict=True)
    ]


def _cells(found: Coefficient, relation: LevelRelation) -> dict[str, float]:
    if relation.reason:
        return {"value": np.nan, "se": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}
    return {"value": found.value, "se": found.se, "low": found.low, "high": found.high, "p": found.p}


def _same(found: Coefficient) -> dict[str, float]:
    return {"same": found.value, "same_se": found.se, "same_p": found.p}


def _duration(value: float, coarse: bool) -> str:
    if not np.isfinite(value):
        return "unbounded"
    return number(one_digit(value) or 0.0, 1) if coarse else number(value, 1)
