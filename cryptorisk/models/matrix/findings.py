"""Sentences of the risk matrix."""

from __future__ import annotations

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.criticality import Answer, conclusion, dated
from cryptorisk.models.matrix.moves import change, unit_of, wanting
from cryptorisk.models.matrix.rating import Scores
from cryptorisk.models.matrix.readings import Reading
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


def severity(book: Rules, value: float, low: float) -> Severity:
    """A warning only where the whole range lies in bands that warn; a score whose range begins lower is a notice."""
    at_least = SEVERITY[book.band(low)]
    return at_least if at_least == "warning" or book.band(value) == "low" else "notice"


def bands(book: Rules, value: float, low: float, high: float) -> str:
    """The band of a score, or the bands that its range spans: ``moderate to elevated``."""
    first, last = book.band(low), book.band(high)
    return book.band(value) if first == last else f"{first} to {last}"


def findings(
    name: str,
    book: Rules,
    scored: Scores,
    estimates: tuple[Estimate, ...],
    answers: tuple[Answer, ...],
    worst: Finding | None,
    readings: list[Reading],
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
    unknown = [
        inside(p.label) + _refused(readings, place)
        for place, (p, is_open) in enumerate(zip(book.pillars, open_, strict=True))
        if is_open
    ]
    if unknown:
        text = f"Pillars without a score: {'; '.join(unknown)}. They are unknown, not low."
        found.append(Finding("matrix.gaps", text, "notice", "data"))
    return found


def _refused(readings: list[Reading], place: int) -> str:
    """In brackets, why a pillar with figures has no score; empty where there are none."""
    own = [r for r in readings if r.pillar == place]
    return f" ({wanting(own).rstrip('.')})" if any(r.known for r in own) else ""


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
    low = rating.value if rating.low is None else rating.low
    return Finding(
        "matrix.rating", text, severity(book, rating.value, low), estimates=(rating.id, calm.id, stressed.id)
    )


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
    score, (low, high) = float(scored.scores[place]), map(float, scored.ranges[:, place])
    own = [r for r in readings if r.pillar == place]
    least = "at least " if any(r.floor for r in own) and low == score else ""
    spread = f", range {words}" if (words := scored.range_words(place)) else ""
    band = bands(book, score, low, high)
    head = f"Highest pillar: {inside(pillar.label)} ({least}{number(score, 0)} of 100{spread}: {band})"
    if pillar.name in facts:
        text = f"{head}, set by a fact: {facts[pillar.name]}."
        return Finding("matrix.worst_pillar", text, severity(book, score, low))
    leading = max(
        (r for r in own if not r.unscored and r.estimate is not None),
        key=lambda r: linear_score(r.value, r.indicator.calm, r.indicator.stress),
    )
    assert leading.estimate is not None
    text = (
        f"{head}, driven by {inside(leading.estimate.label)}: {dated(leading.estimate)}, where "
        f"{_threshold(leading.estimate, leading.indicator.calm)} counts as calm and "
        f"{_threshold(leading.estimate, leading.indicator.stress)} as stressed. "
        f"What would change it: {inside(change(book, own, score))}"
    )
    return Finding("matrix.worst_pillar", text, severity(book, score, low), estimates=(leading.estimate.id,))


def _threshold(estimate: Estimate, mark: float) -> str:
    return f"{number(mark, 0 if float(mark).is_integer() else 1)} {unit_of(estimate)}".rstrip()


def _criticality(name: str, answers: tuple[Answer, ...]) -> Finding:
    positive = [a for a in answers if a.reply == "yes"]
    text = " ".join([f"{name}: {inside(conclusion(answers))}", *(f"{a.because}." for a in positive)])
    ids = tuple(id for a in positive for id in a.estimates)
    return Finding("matrix.criticality", text, "warning" if positive else "notice", estimates=ids)


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
