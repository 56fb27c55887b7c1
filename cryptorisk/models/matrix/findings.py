"""Sentences of the risk matrix."""

from __future__ import annotations

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.criticality import Answer, conclusion
from cryptorisk.models.matrix.rating import Scores
from cryptorisk.models.matrix.readings import Reading
from cryptorisk.models.matrix.tables import change, unit_of
from cryptorisk.result import Finding, Severity
from cryptorisk.stats.composite import linear_score
from cryptorisk.words import inside, listing

SEVERITY: dict[str, Severity] = {
    "low": "info",
    "moderate": "notice",
    "elevated": "warning",
    "high": "warning",
}
"""Never ``alert``: that is for the breach of a published threshold, and the bands are conventions."""


def findings(
    name: str,
    book: Rules,
    scored: Scores,
    estimates: tuple[Estimate, ...],
    answers: tuple[Answer, ...],
    worst: Finding | None,
) -> list[Finding]:
    """Rating, worst pillar, macro-criticality, first step and gaps of a country, in sentences."""
    found = [
        _rating(name, book, scored, estimates),
        *([worst] if worst else []),
        _criticality(name, answers),
    ]
    if scored.seen.any() and book.band(scored.scores[_worst(scored)[0]]) != "low":
        found.append(_first_step(book, scored))
    open_ = scored.applies & ~scored.seen
    unknown = [p.label.lower() for p, is_open in zip(book.pillars, open_, strict=True) if is_open]
    if unknown:
        text = f"Pillars without a score: {'; '.join(unknown)}. They are unknown, not low."
        found.append(Finding("matrix.gaps", text, "notice", "data"))
    return found


def _rating(name: str, book: Rules, scored: Scores, estimates: tuple[Estimate, ...]) -> Finding:
    rating, calm, stressed, _ = estimates
    if rating.value is None or calm.value is None or stressed.value is None:
        return Finding(
            "matrix.no_rating",
            f"{name} has no rating: {inside(rating.reason)}.",
            "notice",
            "data",
            (rating.id,),
        )
    band = book.band(rating.value)
    worst = [f"{inside(book.pillars[i].label)} ({scored.scores[i]:.0f})" for i in _worst(scored)[:2]]
    others = (
        f" {scored.unknown} of {scored.asked} pillars are unknown: with them the rating could be {number(calm.value, 0)} to "
        f"{number(stressed.value, 0)}."
        if scored.unknown
        else ""
    )
    text = (
        f"{name} is rated {band} on what is observed: {rating:full}, {number(scored.mean(geometric=False), 0)} by the "
        f"arithmetic mean. Highest scores: {listing(worst)}.{others}"
    )
    return Finding("matrix.rating", text, SEVERITY[band], estimates=(rating.id, calm.id, stressed.id))


def worst_pillar(
    book: Rules, readings: list[Reading], scored: Scores, facts: dict[str, str]
) -> Finding | None:
    """The pillar with the highest score, the indicator that drives it, and what would change it; None when all are low.

    Parameters
    ----------
    book : Rules
    readings : list of Reading
    scored : Scores
    facts : dict of str to str
        Pillars that a fact sets, by name.
    """
    order = _worst(scored)
    if not order or book.band(scored.scores[order[0]]) == "low":
        return None
    place, pillar = order[0], book.pillars[order[0]]
    score, band = float(scored.scores[place]), book.band(scored.scores[place])
    own = [r for r in readings if r.pillar == place]
    least = "at least " if any(r.floor for r in own) else ""
    head = f"Highest pillar: {inside(pillar.label)} ({least}{number(score, 0)} of 100, {band})"
    if pillar.name in facts:
        text = f"{head}, set by a fact: {facts[pillar.name]}."
        return Finding("matrix.worst_pillar", text, SEVERITY[band])
    leading = max(
        (r for r in own if not r.unscored and r.estimate is not None),
        key=lambda r: linear_score(r.value, r.indicator.calm, r.indicator.stress),
    )
    assert leading.estimate is not None
    text = (
        f"{head}, driven by {inside(leading.estimate.label)}: {leading.estimate:full}, where "
        f"{_threshold(leading.estimate, leading.indicator.calm)} counts as calm and "
        f"{_threshold(leading.estimate, leading.indicator.stress)} as stressed. "
        f"What would change it: {inside(change(book, own, score))}"
    )
    return Finding("matrix.worst_pillar", text, SEVERITY[band], estimates=(leading.estimate.id,))


def _threshold(estimate: Estimate, mark: float) -> str:
    return f"{number(mark, 0 if float(mark).is_integer() else 1)} {unit_of(estimate)}".rstrip()


def _criticality(name: str, answers: tuple[Answer, ...]) -> Finding:
    positive = any(a.reply == "yes" for a in answers)
    return Finding(
        "matrix.criticality", f"{name}: {inside(conclusion(answers))}", "warning" if positive else "notice"
    )


def _first_step(book: Rules, scored: Scores) -> Finding:
    pillar = book.pillars[_worst(scored)[0]]
    text = (
        f"First option for the highest pillar ({inside(pillar.label)}): {inside(pillar.policy).rstrip('.')}. "
        f"In charge: {inside(pillar.authority)}."
    )
    return Finding("matrix.first_step", text, "notice")


def _worst(scored: Scores) -> list[int]:
    """Positions of the observed pillars, highest score first."""
    order = np.argsort(-np.nan_to_num(scored.scores, nan=-1.0), kind="stable")
    return [int(i) for i in order if scored.seen[i]]
