"""Chapter 6, risk matrix: the chapters' headlines against explicit thresholds, and a rating with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.assessment import analyse_chapters
from cryptorisk.models.channels.regulation import current, legal_tender, statuses
from cryptorisk.models.cram import Indicator, Rules, rules
from cryptorisk.models.criticality import Answer, conclusion, tree
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Result, Table
from cryptorisk.stats.composite import Indicators, pillar_scores, rating_draws, weighted_mean
from cryptorisk.words import inside

CHAPTER = "matrix"
TITLE = "Risk matrix"
FUNCTION = "cryptorisk.models.matrix.analyse"
COVERAGE = 0.5
"""A pillar, and the rating, is shown only when half of its weight is observed (OECD and JRC 2008, step 3)."""
GRADES = {"measured": "A", "survey": "B", "modelled": "C", "proxy": "C"}
RULE_ITEMS = ("Licensing of providers", "Taxation", "Anti-money-laundering rules")


@dataclass(frozen=True)
class Reading:
    """An indicator of the matrix with the estimate that it reads, if there is one."""

    pillar: int
    indicator: Indicator
    estimate: Estimate | None

    @property
    def value(self) -> float:
        """The value, NaN when missing."""
        missing = self.estimate is None or self.estimate.value is None
        return float("nan") if missing else float(self.estimate.value)  # type: ignore[union-attr,arg-type]


def analyse(inputs: Inputs, params: Params, chapters: Mapping[str, Result] | None = None) -> Result:
    """Build the risk matrix, the macro-criticality tree and the rating.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    chapters : mapping of str to Result, optional
        Results of chapters 1 to 5; computed when not given.

    Returns
    -------
    Result
        Chapter ``matrix``; ``rating`` is a score from 0 to 100 whose range runs from the 5th to the 95th percentile over
        draws of weights, thresholds, the kind of mean and the estimates' own intervals.

    Notes
    -----
    Rules and thresholds stand in ``cryptorisk/models/cram.yaml``. Missing indicators are never imputed: they are left
    out, and bounds with all missing pillars at 0 and at 100 are given beside the rating.
    """
    chapters = analyse_chapters(inputs, params) if chapters is None else chapters
    book = rules()
    gap = _regulation_gap(inputs)
    readings = _readings(book, chapters, gap)
    weights = np.array([params.matrix.weights.get(p.name, 1.0) for p in book.pillars])
    scores = _overridden(
        inputs, chapters, book, pillar_scores(_arrays(readings), len(book.pillars), coverage=COVERAGE)
    )
    answers = tree(inputs, chapters)
    estimates = _ratings(inputs, params, book, readings, scores, weights)
    pillars = _pillar_table(book, readings, scores)
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*estimates, gap],
        tables=[
            pillars,
            _indicator_table(book, readings),
            _tree_table(answers),
            _sensitivity_table(book, scores, weights),
            _policy_table(book, scores),
        ],
        findings=[*_findings(inputs, book, scores, estimates, answers)],
        headline=["rating", "rating_if_missing_calm", "rating_if_missing_stressed", "coverage"],
    )


def _readings(book: Rules, chapters: Mapping[str, Result], gap: Estimate) -> list[Reading]:
    def find(id: str) -> Estimate | None:
        if id == gap.id:
            return gap
        chapter, name = id.split(".", 1)
        if chapter in chapters and not chapters[chapter].applicable:
            return Estimate.missing(
                id, name.replace("_", " "), "none", f"the chapter {chapter} does not apply here"
            )
        return chapters[chapter].estimates.get(name) if chapter in chapters else None

    return [
        Reading(position, indicator, find(indicator.estimate))
        for position, pillar in enumerate(book.pillars)
        for indicator in pillar.indicators
    ]


def _arrays(readings: list[Reading]) -> Indicators:
    def end(name: str) -> list[float]:
        ends = [getattr(r.estimate, name) if r.estimate is not None else None for r in readings]
        return [r.value if e is None else e for r, e in zip(readings, ends, strict=True)]

    return Indicators(
        np.array([r.value for r in readings]),
        np.array(end("low")),
        np.array(end("high")),
        np.array([r.indicator.calm for r in readings]),
        np.array([r.indicator.stress for r in readings]),
        np.array([r.pillar for r in readings]),
        np.array([r.indicator.basis != "relative" for r in readings]),
    )


def _overridden(
    inputs: Inputs, chapters: Mapping[str, Result], book: Rules, scores: np.ndarray
) -> np.ndarray:
    """Legal tender and a breach of the SCO60 limit put their pillar at 100, whatever the indicators say."""
    scores = scores.copy()
    names = [p.name for p in book.pillars]
    tender = legal_tender(statuses(inputs))
    if tender is not None and tender.value == "Yes":
        scores[names.index("fiscal_and_legal_tender")] = 100.0
    banks = chapters["crash"].estimates.get("bank_exposure_pct_tier1") if "crash" in chapters else None
    if banks is not None and banks.value is not None and banks.value > 2:
        scores[names.index("banks")] = 100.0
    return scores


def _ratings(
    inputs: Inputs,
    params: Params,
    book: Rules,
    readings: list[Reading],
    scores: np.ndarray,
    weights: np.ndarray,
) -> list[Estimate]:
    seen = ~np.isnan(scores)
    share = float((weights * seen).sum() / weights.sum()) if weights.sum() else 0.0
    coverage = Estimate(
        "matrix.coverage",
        "Weight of the matrix that is observed",
        100 * share,
        "pct",
        date=str(inputs.as_of),
        n_obs=int(seen.sum()),
        method="Weight of the pillars with at least half of their indicators observed.",
        function=FUNCTION,
    )
    labels = {
        "rating": "Overall rating",
        "rating_if_missing_calm": "Rating if every missing pillar were calm",
        "rating_if_missing_stressed": "Rating if every missing pillar were stressed",
    }
    if share < COVERAGE:
        reason = f"only {100 * share:.0f} % of the matrix's weight is observed; half is needed"
        return [*(Estimate.missing(f"matrix.{k}", v, "score", reason) for k, v in labels.items()), coverage]
    drawn = rating_draws(
        _arrays(readings),
        weights,
        draws=params.matrix.weight_draws,
        rng=np.random.default_rng([params.seed, 6]),
        coverage=COVERAGE,
    )
    value = float(weighted_mean(scores, weights, geometric=True))
    low, high = (float(q) for q in np.nanpercentile(drawn, [5, 95]))
    rating = Estimate(
        "matrix.rating",
        labels["rating"],
        value,
        "score",
        low=min(low, value),
        high=max(high, value),
        interval="range",
        date=str(inputs.as_of),
        n_obs=int(seen.sum()),
        method=(
            "100 less the weighted geometric mean of 100 less each observed pillar; the range is the 5th to 95th "
            "percentile over draws of weights (Dirichlet), thresholds (20 % either way), the kind of mean and the "
            "estimates' intervals."
        ),
        inputs=tuple(
            r.indicator.estimate for r in readings if r.estimate is not None and r.estimate.available
        ),
        function=FUNCTION,
        note=f"{book.band(value)}; {int(seen.sum())} of {len(scores)} pillars observed",
    )
    bounds = [
        Estimate(
            f"matrix.{key}",
            labels[key],
            float(weighted_mean(np.where(seen, scores, fill), weights, geometric=True)),
            "score",
            date=str(inputs.as_of),
            method="The rating with every unobserved pillar set to the same end of its scale.",
            function=FUNCTION,
        )
        for key, fill in (("rating_if_missing_calm", 0.0), ("rating_if_missing_stressed", 100.0))
    ]
    return [rating, *bounds, coverage]


def _regulation_gap(inputs: Inputs) -> Estimate:
    found = statuses(inputs)
    known = {item: current(found, item) for item in RULE_ITEMS}
    stated = {item: status for item, status in known.items() if status is not None}
    label = "Rules that sources say are absent"
    if not stated:
        return Estimate.missing(
            "matrix.regulation_gap",
            label,
            "pct",
            "no source states licensing, taxation or anti-money-laundering rules",
        )
    absent = [item for item, status in stated.items() if status.value == "No"]
    return Estimate(
        "matrix.regulation_gap",
        label,
        100 * len(absent) / len(stated),
        "pct",
        data_class="survey",
        date=max(status.date for status in stated.values()),
        n_obs=len(stated),
        method=f"Of {', '.join(s.lower() for s in stated)}: share whose newest statement is No.",
        sources=("regulation",),
        inputs=("regulation",),
        function="cryptorisk.models.matrix._regulation_gap",
    )


def _pillar_table(book: Rules, readings: list[Reading], scores: np.ndarray) -> Table:
    rows = []
    for position, pillar in enumerate(book.pillars):
        own = [r for r in readings if r.pillar == position]
        score = scores[position]
        rows.append(
            {
                "pillar": pillar.label,
                "score": score,
                "band": "no data" if np.isnan(score) else book.band(score),
                "observed": f"{sum(not np.isnan(r.value) for r in own)} of {len(own)}",
                "confidence": _confidence(own),
                "change": _change(book, own, score),
            }
        )
    return Table(
        "matrix.pillars",
        "Pillars of the risk matrix",
        pd.DataFrame(rows),
        (
            Column("pillar", "Pillar"),
            Column("score", "Score", "0 to 100", 0),
            Column("band", "Band"),
            Column("observed", "Indicators observed"),
            Column("confidence", "Confidence"),
            Column("change", "What would change it"),
        ),
        note=(
            "Score: 0 calm, 100 stressed. Confidence: A measured, B survey, C modelled or proxy, D no data; the worst "
            "of the pillar's observed indicators. Missing is not low: a pillar without data has no score."
        ),
    )


def _confidence(own: list[Reading]) -> str:
    classes = [r.estimate.data_class for r in own if r.estimate is not None and r.estimate.available]
    return max((GRADES[c] for c in classes), default="D")


def _change(book: Rules, own: list[Reading], score: float) -> str:
    if np.isnan(score):
        missing = [r.estimate.reason for r in own if r.estimate is not None and not r.estimate.available]
        return f"Data: {missing[0]}." if missing else "Data: the chapter gives no estimate."
    step = book.next_band(score)
    if step is None:
        return "Already in the worst band."
    moved = []
    for reading in own:
        if np.isnan(reading.value) or reading.estimate is None:
            continue
        mark = reading.indicator.at(step[0])
        word = "above" if reading.indicator.stress > reading.indicator.calm else "below"
        moved.append(f"{inside(reading.estimate.label)} {word} {number(mark, 1)}")
    return f"{step[1].capitalize()} with {' and '.join(moved)}."


def _indicator_table(book: Rules, readings: list[Reading]) -> Table:
    rows = []
    for reading in readings:
        estimate = reading.estimate
        rows.append(
            {
                "pillar": book.pillars[reading.pillar].label,
                "indicator": reading.indicator.estimate if estimate is None else estimate.label,
                "value": "n.a." if estimate is None else f"{estimate}".removeprefix(estimate.label + ": "),
                "calm": reading.indicator.calm,
                "stress": reading.indicator.stress,
                "basis": reading.indicator.basis,
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
            "Thresholds are in the indicator's unit. Those with basis kit are conventions and vary by 20 % in the "
            "rating's range."
        ),
    )


def _tree_table(answers: tuple[Answer, ...]) -> Table:
    return Table(
        "matrix.tree",
        "Macro-criticality, C-RAM style",
        pd.DataFrame([a.__dict__ for a in answers]),
        (
            Column("number", "No.", "", 0),
            Column("question", "Question"),
            Column("reply", "Answer"),
            Column("datum", "Datum"),
            Column("rule", "Rule"),
        ),
        note=(
            f"{conclusion(answers)} After the decision tree of Hacibedel and Perez-Saiz (2023, IMF WP/23/214); wording and "
            "rules are the kit's own."
        ),
    )


def _sensitivity_table(book: Rules, scores: np.ndarray, weights: np.ndarray) -> Table:
    rows = [
        {
            "case": "Geometric mean, equal or given weights",
            "rating": float(weighted_mean(scores, weights, geometric=True)),
        }
    ]
    rows.append({"case": "Arithmetic mean", "rating": float(weighted_mean(scores, weights, geometric=False))})
    for position, pillar in enumerate(book.pillars):
        if np.isnan(scores[position]):
            continue
        without = scores.copy()
        without[position] = np.nan
        rows.append(
            {
                "case": f"Without {pillar.label.lower()}",
                "rating": float(weighted_mean(without, weights, geometric=True)),
            }
        )
    return Table(
        "matrix.sensitivity",
        "The rating under other choices",
        pd.DataFrame(rows),
        (Column("case", "Choice"), Column("rating", "Rating", "0 to 100", 0)),
    )


def _policy_table(book: Rules, scores: np.ndarray) -> Table:
    order = np.argsort(-np.nan_to_num(scores, nan=-1.0), kind="stable")
    rows = [
        {
            "pillar": book.pillars[i].label,
            "band": "no data" if np.isnan(scores[i]) else book.band(scores[i]),
            "policy": book.pillars[i].policy,
            "authority": book.pillars[i].authority,
        }
        for i in order
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


def _findings(
    inputs: Inputs, book: Rules, scores: np.ndarray, estimates: list[Estimate], answers: tuple[Answer, ...]
) -> list[Finding]:
    rating, name = estimates[0], country(inputs.country).name_in_sentence
    findings = []
    if rating.value is not None:
        worst = [book.pillars[i].label.lower() for i in np.argsort(-np.nan_to_num(scores, nan=-1.0))[:2]]
        severity = {"low": "info", "moderate": "notice", "elevated": "warning", "high": "alert"}[
            book.band(rating.value)
        ]
        low_band, high_band = book.band(rating.low or 0.0), book.band(rating.high or 0.0)
        span = low_band if low_band == high_band else f"{low_band} to {high_band}"
        text = (
            f"The overall rating of {name} is {book.band(rating.value)}: {rating:full}; across the choices of weights and "
            f"thresholds it {'stays ' if low_band == high_band else 'runs from '}{span}. "
            f"Highest scores: {' and '.join(worst)}."
        )
        findings.append(Finding("matrix.rating", text, severity, estimates=(rating.id,)))  # type: ignore[arg-type]
    else:
        findings.append(
            Finding(
                "matrix.no_rating", f"{name} has no rating: {rating.reason}.", "notice", "data", (rating.id,)
            )
        )
    positive = any(a.reply == "yes" for a in answers)
    findings.append(
        Finding("matrix.criticality", f"{name}: {conclusion(answers)}", "warning" if positive else "notice")
    )
    missing = [p.label.lower() for p, s in zip(book.pillars, scores, strict=True) if np.isnan(s)]
    if missing:
        findings.append(
            Finding(
                "matrix.gaps",
                f"No data for {', '.join(missing)}: these pillars are unknown, not low.",
                "notice",
                "data",
            )
        )
    return findings
