"""Regional volumes: every region and year from all published figures at once, adding up to the world."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.models.volumes.quotes import (
    ERROR_SD,
    REGIONS,
    RESTATEMENT_SD,
    SMOOTHNESS_FLOOR,
    UNIONS,
    Quote,
    QuotePanel,
)
from cryptorisk.stats.reconcile import Floats, LogContrast, Reconciled, reconcile

DRAWS = 4000
WORLD_CHANGE_SD = 1.0
SHARE_LEVEL_SD = 1.2
"""Two priors so weak that they matter only where nothing is quoted: the world total changes by a factor of
e either way within a year, and a region's first share lies within a factor of 3.3 of one eighth (one
standard deviation)."""


@dataclass(frozen=True)
class RegionVolumes:
    """Draws of every region-year, in billion US dollars, and what they rest on.

    ``draws`` has the shape (draws, years, regions) in the order of ``panel.years`` and `REGIONS`;
    ``restatements`` (draws, years - 1): the factors by which the next report restates a year; ``later`` (draws, years,
    regions): factors by which later reports may yet change a level, common to a year and a region's own.
    """

    panel: QuotePanel
    fit: Reconciled
    draws: Floats
    restatements: Floats
    later: Floats
    share_step_sd: float
    inflation: float

    def of(self, region: str, year: int) -> Floats:
        """Draws of a region, a union of 2025 or ``WLD`` in the twelve months from July of ``year``."""
        return self._sum(self.draws, region, year)

    def restated(self, region: str, year: int) -> Floats:
        """Draws as `of`, with the restatements that later reports usually bring: what a level's interval spans."""
        return self._sum(self.draws * self.later, region, year)

    def _sum(self, draws: Floats, region: str, year: int) -> Floats:
        block = draws[:, self.panel.years.index(year), :]
        if region == "WLD":
            return np.asarray(block.sum(axis=1))
        members = UNIONS.get(region, (region,))
        return np.asarray(block[:, [tuple(REGIONS).index(code) for code in members]].sum(axis=1))

    def growth(self, region: str, year: int) -> Floats:
        """Draws of growth over the year before in percent, like for like: the base restated by the same report."""
        before = self.of(region, year - 1) * self.restatements[:, self.panel.years.index(year - 1)]
        return np.asarray(100 * (self.of(region, year) / before - 1))

    def last_terms(self, year: int) -> Floats:
        """Draws of the factor that brings the levels of a year to the terms of the last report, shape (draws,)."""
        return np.asarray(self.restatements[:, self.panel.years.index(year) :].prod(axis=1))

    def like_for_like(self, region: str, year: int) -> Floats:
        """Draws as `of`, in the terms of the last report: their changes are those of `growth`."""
        return np.asarray(self.of(region, year) * self.last_terms(year))

    def quoted(self, region: str, year: int) -> bool:
        """Whether a value or share of that region and year was published (bounds, growth do not count)."""
        return any(
            q.region == region
            and q.first_year == year
            and q.contrast.side == "equal"
            and q.what in ("value", "share of world")
            for q in self.panel.quotes
        )


def region_volumes(
    panel: QuotePanel, *, seed: int, draws: int = DRAWS, inflation: float = 1.0
) -> RegionVolumes:
    """Reconcile a panel of quotes.

    Parameters
    ----------
    panel : QuotePanel
        With at least one quote.
    seed : int
    draws : int
    inflation : float
        Factor on the quotes' standard deviations (1 as stated; the hold-out test uses it for calibration).

    Returns
    -------
    RegionVolumes
    """
    step = share_step_sd(panel)
    contrasts = [replace(q.contrast, sd=q.contrast.sd * inflation) for q in panel.quotes]
    fit = reconcile(contrasts + _priors(panel, step), panel.n_cells)
    sample = fit.draws(draws, np.random.default_rng([seed, 101]))
    shape = (draws, len(panel.years), len(REGIONS))
    split = len(panel.years) * len(REGIONS)
    cells, restatements = sample[:, :split].reshape(shape), sample[:, split:]
    return RegionVolumes(panel, fit, cells, restatements, _later(shape, seed), step, inflation)


def _later(shape: tuple[int, int, int], seed: int) -> Floats:
    """Restatements still to come: one factor for all regions of a year, and one of each region's own."""
    rng = np.random.default_rng([seed, 103])
    common = RESTATEMENT_SD * rng.standard_normal((shape[0], shape[1], 1))
    return np.asarray(np.exp(common + ERROR_SD["restated"] * rng.standard_normal(shape)))


def share_step_sd(panel: QuotePanel) -> float:
    """Root mean square change of log shares between consecutive years in which both are quoted."""
    shares = {
        (q.region, q.first_year): q.contrast.target
        for q in panel.quotes
        if q.what == "share of world" and q.contrast.side == "equal"
    }
    steps = [shares[r, y + 1] - value for (r, y), value in shares.items() if (r, y + 1) in shares]
    return (
        max(SMOOTHNESS_FLOOR, math.sqrt(float(np.mean(np.square(steps))))) if steps else 2 * SMOOTHNESS_FLOOR
    )


def _priors(panel: QuotePanel, step: float) -> list[LogContrast]:
    priors = []
    first = panel.years[0]
    for region in REGIONS:
        terms = ((1.0, (panel.cell(region, first),)), (-1.0, panel.world(first)))
        priors.append(LogContrast(terms, -math.log(len(REGIONS)), SHARE_LEVEL_SD, label="prior"))
    for before, after in zip(panel.years, panel.years[1:], strict=False):
        restated = ((1.0, (panel.restatement(before),)),)
        priors.append(LogContrast(restated, 0.0, RESTATEMENT_SD, label="prior"))
        world = ((1.0, panel.world(after)), (-1.0, panel.world(before)))
        priors.append(LogContrast(world, 0.0, WORLD_CHANGE_SD, label="prior"))
        for region in REGIONS:
            terms = ((1.0, (panel.cell(region, after),)), (-1.0, (panel.cell(region, before),)))
            change = (*terms, (-1.0, world[0][1]), (1.0, world[1][1]))
            priors.append(LogContrast(change, 0.0, step, label="prior"))
    return priors


def hold_out(panel: QuotePanel, *, inflation: float = 1.0) -> pd.DataFrame:
    """Drop each two-sided quote of a value or share in turn and predict it from the others.

    Returns
    -------
    DataFrame
        label, what, stated, predicted (both in the quote's unit), z (log error over its predictive
        standard deviation). All quotes of the same region-year are dropped together, so that a share does
        not betray its value.
    """
    step = share_step_sd(panel)
    priors = _priors(panel, step)
    rows = []
    for quote in panel.quotes:
        if quote.contrast.side != "equal" or quote.what not in ("value", "share of world"):
            continue
        kept = [q for q in panel.quotes if (q.region, q.first_year) != (quote.region, quote.first_year)]
        contrasts = [replace(q.contrast, sd=q.contrast.sd * inflation) for q in kept]
        fit = reconcile(contrasts + priors, panel.n_cells)
        mean, sd = _predict(quote, fit, inflation)
        error = quote.contrast.target - mean
        rows.append(
            {
                "label": quote.contrast.label,
                "what": quote.what,
                "stated": quote.value,
                "predicted": quote.value * math.exp(-error),
                "log_error": error,
                "z": error / sd,
            }
        )
    return pd.DataFrame(rows, columns=["label", "what", "stated", "predicted", "log_error", "z"])


def _predict(quote: Quote, fit: Reconciled, inflation: float) -> tuple[float, float]:
    level = np.exp(fit.log_cells)
    mean, gradient = 0.0, np.zeros_like(level)
    for coefficient, group in quote.contrast.terms:
        members = list(group)
        total = level[members].sum()
        mean += coefficient * math.log(total)
        gradient[members] += coefficient * level[members] / total
    variance = float(gradient @ fit.covariance @ gradient) + (quote.contrast.sd * inflation) ** 2
    return mean, math.sqrt(variance)


def summary(values: Floats, level: float) -> Mapping[str, float]:
    """Median and central interval of draws."""
    low, median, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return {"value": float(median), "low": float(low), "high": float(high)}
