"""Tables of the risk matrix: pillars, indicators with their thresholds, the tree, other choices, policy options."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.criticality import Answer, conclusion
from cryptorisk.models.matrix.moves import change
from cryptorisk.models.matrix.rating import Scores
from cryptorisk.models.matrix.readings import Reading
from cryptorisk.result import Column, Table

FLOOR = "; the score is a floor: reserves may be encumbered"
NOT_ASKED = "does not apply"
"""Band of a pillar whose question does not arise: it is not counted among the unknown."""
NO_DATA, UNSCORED = "no data", "not scored"
"""Bands of a pillar without a score: no figure is known, or those that are known are refused or too few."""
GRADES = {"measured": "A", "survey": "B", "modelled": "C", "proxy": "C"}


def pillar_table(book: Rules, readings: list[Reading], scored: Scores, facts: dict[str, str]) -> Table:
    """Score, band, coverage, confidence of each pillar, and what would change it."""
    rows = []
    for position, pillar in enumerate(book.pillars):
        own = [r for r in readings if r.pillar == position]
        score = float(scored.scores[position])
        rows.append(
            {
                "pillar": pillar.label,
                "score": score,
                "range": scored.range_words(position),
                "band": _band(book, scored, position, own),
                "observed": f"{sum(not r.unscored for r in own)} of {len(own)}"
                + (FLOOR if any(r.floor for r in own) else ""),
                "confidence": _confidence(own),
                "change": f"Set by a fact: {facts[pillar.name]}."
                if pillar.name in facts
                else change(book, own, score),
            }
        )
    return Table(
        "matrix.pillars",
        "Pillars of the risk matrix",
        pd.DataFrame(rows),
        (
            Column("pillar", "Pillar"),
            Column("score", "Score", "0 to 100", 0),
            Column("range", "Range"),
            Column("band", "Band"),
            Column("observed", "Indicators scored"),
            Column("confidence", "Confidence"),
            Column("change", "What would change it"),
        ),
        note=(
            "Score: 0 calm, 100 stressed; band: that of the score; range: over the intervals of the figures, all at one end "
            "at once. Confidence: A measured, B survey, C modelled or proxy, D none; the worst of the pillar's scored "
            "indicators. Not scored: figures are known, but refused or too few. Missing is not low: a pillar without data "
            "has no score."
        ),
    )


def _band(book: Rules, scored: Scores, position: int, own: list[Reading]) -> str:
    if not scored.applies[position]:
        return NOT_ASKED
    if scored.seen[position]:
        return book.band(scored.scores[position])
    return UNSCORED if any(r.known for r in own) else NO_DATA


def _confidence(own: list[Reading]) -> str:
    classes = [r.estimate.data_class for r in own if r.estimate is not None and not r.unscored]
    return max((GRADES[c] for c in classes), default="D")


def indicator_table(book: Rules, readings: list[Reading]) -> Table:
    """Every indicator with its value, thresholds, their basis and citation."""
    rows = []
    for reading in readings:
        estimate = reading.estimate
        shown = (
            "n.a."
            if estimate is None or not estimate.available
            else f"{estimate}".removeprefix(f"{estimate.label}: ")
        )
        rows.append(
            {
                "pillar": book.pillars[reading.pillar].label,
                "indicator": reading.indicator.label if estimate is None else estimate.label,
                "value": f"{shown} (not scored: {reading.unscored})" if reading.unscored else shown,
                "calm": reading.indicator.calm,
                "stress": reading.indicator.stress,
                "basis": {"cited": "published", "relative": "rank", "kit": "convention"}[
                    reading.indicator.basis
                ],
                "citation": reading.indicator.citation,
            }
        )
    return Table(
        "matrix.indicators",
        "Indicators, thresholds and their basis",
        pd.DataFrame(rows),
        (
            Column("pillar", "Pillar"),
            Column("indicator", "Indicator"),
            Column("value", "Value"),
            Column("calm", "Calm at", "", None),
            Column("stress", "Stressed at", "", None),
            Column("basis", "Basis"),
            Column("citation", "Where the thresholds come from"),
        ),
        note=(
            "Thresholds are in the indicator's unit. Conventions are the kit's own; they and the published ones vary by "
            "20 % in the rating's range."
        ),
    )


def tree_table(answers: tuple[Answer, ...]) -> Table:
    """The six questions with answer, datum and rule."""
    return Table(
        "matrix.tree",
        "Macro-criticality, C-RAM style",
        pd.DataFrame(
            [{n: getattr(a, n) for n in ("number", "question", "reply", "datum", "rule")} for a in answers]
        ),
        (
            Column("number", "No.", "", 0),
            Column("question", "Question"),
            Column("reply", "Answer"),
            Column("datum", "Datum"),
            Column("rule", "Rule"),
        ),
        note=(
            f"{conclusion(answers)} After the decision tree of Hacibedel and Perez-Saiz (2023, IMF WP/23/214); "
            "wording and rules are the kit's own."
        ),
    )


def sensitivity_table(book: Rules, scored: Scores) -> Table:
    """The rating by the arithmetic mean and without each observed pillar."""
    rows = [
        {"case": "As printed", "rating": scored.mean()},
        {"case": "Arithmetic mean", "rating": scored.mean(geometric=False)},
    ]
    rows += [
        {"case": f"Without {pillar.label.lower()}", "rating": scored.without(position)}
        for position, pillar in enumerate(book.pillars)
        if scored.seen[position] and scored.seen.sum() > 1
    ]
    return Table(
        "matrix.sensitivity",
        "The rating under other choices",
        pd.DataFrame(rows),
        (Column("case", "Choice"), Column("rating", "Rating", "0 to 100", 0)),
    )


def policy_table(book: Rules, readings: list[Reading], scored: Scores) -> Table:
    """Options by pillar, worst first, with the authority in charge."""
    order = np.argsort(-np.nan_to_num(scored.scores, nan=-1.0), kind="stable")
    rows = [
        {
            "pillar": book.pillars[i].label,
            "band": _band(book, scored, int(i), [r for r in readings if r.pillar == i]),
            "policy": book.pillars[i].policy,
            "authority": book.pillars[i].authority,
        }
        for i in order
        if scored.applies[i]
    ]
    return Table(
        "matrix.policy",
        "Policy options, worst pillar first",
        pd.DataFrame(rows),
        (
            Column("pillar", "Pillar"),
            Column("band", "Band"),
            Column("policy", "Options"),
            Column("authority", "Authority in charge"),
        ),
        note=(
            "Options follow the IMF paper Elements of Effective Policies for Crypto Assets (February 2023) and the "
            "standards named; they are not advice on this country."
        ),
    )
