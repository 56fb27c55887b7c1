"""The rating: a mean over pillars, its range over the choices behind it, and what the unknown pillars could do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.readings import Reading, arrays
from cryptorisk.params import Params
from cryptorisk.stats.composite import pillar_ranges, pillar_scores, rating_draws, weighted_mean

FUNCTION = "cryptorisk.models.matrix.rating.ratings"
COVERAGE = 0.5
"""The rating is shown only when half of the weight is observed (OECD and JRC 2008, step 3)."""
LABELS = {
    "rating": "Overall rating",
    "rating_if_missing_calm": "Rating if every unknown pillar were calm",
    "rating_if_missing_stressed": "Rating if every unknown pillar were stressed",
}


@dataclass(frozen=True)
class Scores:
    """Score of each pillar (NaN when it has none) with its range, its weight, and whether its question arises here at all.

    The range, shape (2, pillars), spans the intervals of the pillar's figures. A pillar that does not apply weighs nothing
    and is not unknown.
    """

    scores: NDArray[np.float64]
    ranges: NDArray[np.float64]
    weights: NDArray[np.float64]
    applies: NDArray[np.bool_]

    @property
    def unknown(self) -> int:
        """Number of pillars that apply and have no score."""
        return int((self.applies & ~self.seen).sum())

    @property
    def asked(self) -> int:
        """Number of pillars that apply."""
        return int(self.applies.sum())

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which pillars have a score."""
        return ~np.isnan(self.scores)

    @property
    def coverage(self) -> float:
        """Share of the weight that is observed."""
        total = self.weights.sum()
        return float((self.weights * self.seen).sum() / total) if total else 0.0

    def range_words(self, position: int) -> str:
        """``36 to 61``; empty where the figures have no interval that would move the printed score, or there is no score."""
        if not self.seen[position]:
            return ""
        low, high = (number(float(end), 0) for end in self.ranges[:, position])
        return f"{low} to {high}" if low != high else ""

    def mean(self, *, geometric: bool = True) -> float:
        """The weighted mean of the observed pillars."""
        return float(weighted_mean(self.scores, self.weights, geometric=geometric))

    def filled(self, score: float) -> float:
        """The rating with every unknown pillar at ``score``."""
        return float(weighted_mean(np.where(self.seen, self.scores, score), self.weights, geometric=True))

    def without(self, position: int) -> float:
        """The rating without one pillar."""
        scores = self.scores.copy()
        scores[position] = np.nan
        return float(weighted_mean(scores, self.weights, geometric=True))


def score(params: Params, book: Rules, readings: list[Reading], facts: dict[str, str]) -> Scores:
    """Score every pillar; a fact that overrides puts its pillar at 100."""
    coverage = [p.coverage for p in book.pillars]
    scores = pillar_scores(arrays(readings), len(book.pillars), coverage=coverage)
    ranges = pillar_ranges(arrays(readings), len(book.pillars), coverage=coverage)
    for position, pillar in enumerate(book.pillars):
        if pillar.name in facts:
            scores[position], ranges[:, position] = 100.0, 100.0
    given = np.array([params.matrix.weights.get(p.name, 1.0) for p in book.pillars])
    own = [[r.applies for r in readings if r.pillar == position] for position in range(len(book.pillars))]
    applies = np.array([any(flags) for flags in own]) | ~np.isnan(scores)
    return Scores(scores, ranges, np.where(applies, given, 0.0), applies)


def ratings(
    params: Params, book: Rules, readings: list[Reading], scored: Scores, as_of: str
) -> tuple[Estimate, ...]:
    """The rating with its range, the two bounds, and the observed weight.

    Returns
    -------
    tuple of Estimate
        ``rating``, ``rating_if_missing_calm``, ``rating_if_missing_stressed``, ``coverage``.
    """
    n_seen = int(scored.seen.sum())
    coverage = Estimate(
        "matrix.coverage",
        "Weight of the matrix that is observed",
        100 * scored.coverage,
        "pct",
        date=as_of,
        n_obs=n_seen,
        method="Weight of the pillars with enough indicators observed.",
        function=FUNCTION,
    )
    if scored.coverage < COVERAGE:
        reason = f"only {n_seen} of the {scored.asked} pillars that apply have a score; half of the weight is needed"
        return (*(Estimate.missing(f"matrix.{k}", v, "score", reason) for k, v in LABELS.items()), coverage)
    calm, stressed = (
        Estimate(
            f"matrix.{name}",
            LABELS[name],
            scored.filled(fill),
            "score",
            date=as_of,
            method="The rating with every unknown pillar set to the same end of its scale.",
            function=FUNCTION,
        )
        for name, fill in (("rating_if_missing_calm", 0.0), ("rating_if_missing_stressed", 100.0))
    )
    return (_rating(params, book, readings, scored, as_of), calm, stressed, coverage)


def _rating(params: Params, book: Rules, readings: list[Reading], scored: Scores, as_of: str) -> Estimate:
    drawn = rating_draws(
        arrays(readings),
        scored.weights,
        draws=params.matrix.weight_draws,
        rng=np.random.default_rng([params.seed, 6]),
        coverage=[p.coverage for p in book.pillars],
    )
    value, n_seen = scored.mean(), int(scored.seen.sum())
    low, high = (float(q) for q in np.nanpercentile(drawn, [5, 95]))
    bounds = f"{scored.filled(0):.0f} to {scored.filled(100):.0f} with them"
    unknown = f"; {scored.unknown} of {scored.asked} pillars unknown: {bounds}"
    return Estimate(
        "matrix.rating",
        LABELS["rating"],
        value,
        "score",
        low=min(low, value),
        high=max(high, value),
        interval="range",
        date=as_of,
        n_obs=n_seen,
        method=(
            "100 less the weighted geometric mean of 100 less each observed pillar; the range is the 5th to 95th "
            "percentile over draws of weights (Dirichlet), thresholds (20 % either way), the kind of mean and the "
            "estimates' intervals."
        ),
        inputs=tuple(r.indicator.estimate for r in readings if not r.unscored),
        function="cryptorisk.models.matrix.rating.ratings",
        note=book.band(value) + (unknown if scored.unknown else ""),
    )
