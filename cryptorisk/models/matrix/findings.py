"""Sentences of the risk matrix."""

from __future__ import annotations

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.criticality import Answer, conclusion
from cryptorisk.models.matrix.rating import Scores
from cryptorisk.result import Finding, Severity
from cryptorisk.words import inside, listing

SEVERITY: dict[str, Severity] = {
    "low": "info",
    "moderate": "notice",
    "elevated": "warning",
    "high": "warning",
}
"""Never ``alert``: that is for the breach of a published threshold, and the bands are conventions."""


def findings(
    name: str, book: Rules, scored: Scores, estimates: tuple[Estimate, ...], answers: tuple[Answer, ...]
) -> list[Finding]:
    """Rating, macro-criticality, first step and gaps of a country, in sentences."""
    found = [_rating(name, book, scored, estimates), _criticality(name, answers)]
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
