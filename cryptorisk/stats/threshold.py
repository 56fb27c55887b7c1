"""Whether a gap closes at another speed when it is wide: threshold autoregressions of one series.

References
----------
As `threshold_autoregression` (the models). Hansen (1999), Testing for linearity, Journal of Economic Surveys 13(5), 551-576
(test by bootstrap).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.half_life import ROUNDING, periods_of, schwarz_order
from cryptorisk.stats.sample import Values, checked_level, checked_sample
from cryptorisk.stats.threshold_autoregression import Kind, ThresholdModel

LEAST = 200
"""Fewest observations: a regime keeps 15 % of them, 30. At 250 the test finds the band of the coverage study in 43 of 100
worlds."""


@dataclass(frozen=True)
class Regime:
    """One regime: what pulls in it and how long half of a gap lasts.

    Attributes
    ----------
    name : str
        ``low`` and ``high`` (switch), ``inside`` and ``outside`` (band).
    n : int
    pull, pull_low, pull_high : float
        r: share of the gap (from the regime's own level, or the edge) closed in a period, with its sign; negative pulls.
    periods, shortest, longest : float
        ``ln 0.5 / ln(1 + r)``; infinite where r is not negative.
    """

    name: str
    n: int
    pull: float
    pull_low: float
    pull_high: float

    @property
    def periods(self) -> float:
        """Half-life at the point estimate."""
        return periods_of(1 + self.pull)

    @property
    def shortest(self) -> float:
        """Half-life at the lower end of the interval of the pull."""
        return periods_of(1 + self.pull_low)

    @property
    def longest(self) -> float:
        """Half-life at the upper end."""
        return periods_of(1 + self.pull_high)


@dataclass(frozen=True)
class Threshold:
    """A threshold autoregression, its two regimes and the test against one without a threshold.

    Attributes
    ----------
    kind : {"switch", "band"}
    threshold : float
        c, in the unit of the series; with ``band`` the distance from ``centre``.
    threshold_low, threshold_high : float
    centre : float
    regimes : (Regime, Regime)
    f : float
        Largest F over the grid against the linear autoregression.
    p : float
        Of ``f`` by the bootstrap.
    lags : int
        Lagged changes.
    n, replications : int
    level : float
    """

    kind: Kind
    threshold: float
    threshold_low: float
    threshold_high: float
    centre: float
    regimes: tuple[Regime, Regime]
    f: float
    p: float
    lags: int
    n: int
    replications: int
    level: float


def fit_threshold(
    values: Values,
    *,
    rng: np.random.Generator,
    kind: Kind = "band",
    centre: float = 0.0,
    lags: int | None = None,
    replications: int = 199,
    level: float = 0.9,
) -> Threshold:
    """Fit a threshold autoregression by a search over the threshold, test it and give half-lives by regime.

    Parameters
    ----------
    values : array-like, shape (t,)
        Gap, equally spaced.
    rng : numpy.random.Generator
    kind : {"switch", "band"}
    centre : float
        Middle of the band; not used by ``switch``.
    lags : int, optional
        Lagged changes; default one fewer than Schwarz's order in levels.
    replications : int
        Of the test, and again of the intervals.
    level : float

    Returns
    -------
    Threshold

    Raises
    ------
    ModelError
        Fewer than `LEAST` observations, values that are not finite, or too few distinct ones for a grid.

    Notes
    -----
    The threshold runs over quantiles of the lagged gap (of its size, in the band) that leave each regime `TRIM` of the
    observations. Test: series made from the linear autoregression, its residuals with random signs; p is the share whose
    largest F reaches the observed. Intervals: series made from the threshold autoregression in the same way, percentiles of
    the pulls and thresholds estimated in them; they hold where the test finds a threshold and mean little where it finds
    none.
    """
    z = checked_sample(values, name="gaps", minimum=LEAST)
    if np.ptp(z) <= ROUNDING * max(1.0, float(np.abs(z).max())):
        raise ModelError("the gap does not move")
    checked_level(level)
    short = schwarz_order(z) - 1 if lags is None else max(0, lags)
    model = ThresholdModel(kind, centre, short)
    fit = model.search(z)
    linear = model.linear(z)
    reached = [model.search(path).f >= fit.f for path in model.paths(z, linear, None, replications, rng)]
    again = [
        model.search(path) for path in model.paths(z, fit.coefficients, fit.threshold, replications, rng)
    ]
    names = ("low", "high") if kind == "switch" else ("inside", "outside")
    pulls = np.array([model.pulls(one.coefficients) for one in again])
    point = model.pulls(fit.coefficients)
    counts = fit.counts
    regimes = tuple(
        Regime(names[i], counts[i], point[i], *percentile_interval(pulls[:, i], level)) for i in (0, 1)
    )
    ends = percentile_interval([one.threshold for one in again], level)
    return Threshold(
        kind,
        fit.threshold,
        *ends,
        centre if kind == "band" else 0.0,
        (regimes[0], regimes[1]),
        fit.f,
        (1 + sum(reached)) / (replications + 1),
        short,
        len(z) - 1 - short,
        replications,
        level,
    )
