"""Peaks over a threshold: the generalised Pareto tail of losses, and what it says about rare falls.

Losses are positive numbers in percent log points (a daily log return of -5 is a loss of 5) unless said
otherwise. A log loss of ``x`` percent is a simple loss of ``100 (1 - exp(-x/100))``: a fall of 47 log points
is one of 38 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats import pareto
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample

MIN_EXCEEDANCES = 30
"""With 30 excesses the standard error of the shape is 0.2 or more, as wide as the range of shapes seen in
financial losses (0.1 to 0.4); below that the fit says nothing that the choice of threshold did not."""

REGULAR_SHAPE = -0.5
"""At or below this shape maximum likelihood is not asymptotically normal (Smith 1985, Biometrika 72)."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True, eq=False)
class GpdFit:
    """Generalised Pareto tail of losses above a threshold.

    Attributes
    ----------
    xi, beta : float
        Shape and scale; ``P(X - u > y | X > u) = (1 + xi y / beta)^(-1/xi)``.
    xi_se, beta_se : float
        Standard errors from the expected information, as if losses were independent (Smith 1987, Annals of
        Statistics 15); NaN when ``xi <= -0.5``.
    threshold : float
    n_exceed, n_obs : int
    loglikelihood : float
        Of the excesses.
    excesses : ndarray, shape (n_exceed,)
    """

    xi: float
    beta: float
    xi_se: float
    beta_se: float
    threshold: float
    n_exceed: int
    n_obs: int
    loglikelihood: float
    excesses: FloatArray = field(repr=False)

    @property
    def exceed_share(self) -> float:
        """Share of observations above the threshold."""
        return self.n_exceed / self.n_obs

    def exceedance_probability(self, loss: float) -> float:
        """Probability that one period's loss exceeds ``loss``, which lies at or above the threshold."""
        if loss < self.threshold:
            raise ModelError(f"the tail speaks of losses from {self.threshold:.4g} on (asked for {loss:.4g})")
        return self.exceed_share * pareto.survival(loss - self.threshold, self.xi, self.beta)

    def fall_probability(self, fall_pct: float) -> float:
        """Probability that the price falls by more than ``fall_pct`` percent (simple) in one period."""
        if not 0 < fall_pct < 100:
            raise ModelError(f"a fall lies between 0 and 100 percent (got {fall_pct})")
        return self.exceedance_probability(-100.0 * math.log1p(-fall_pct / 100.0))

    def value_at_risk(self, level: float) -> float:
        """Loss exceeded with probability ``1 - level`` (McNeil, Frey and Embrechts 2015, section 5.2.3)."""
        return self.threshold + self.beta * pareto.scaled_quantile(self.xi, self.tail_ratio(level))

    def expected_shortfall(self, level: float) -> float:
        """Mean loss beyond the value at risk; infinite when ``xi >= 1``."""
        quantile = self.value_at_risk(level)
        if self.xi >= 1.0:
            return math.inf
        return (quantile + self.beta - self.xi * self.threshold) / (1.0 - self.xi)

    def simple_value_at_risk(self, level: float) -> float:
        """Value at risk as a simple loss, percent of the price before."""
        return -100.0 * math.expm1(-self.value_at_risk(level) / 100.0)

    def simple_expected_shortfall(self, level: float) -> float:
        """``E[1 - exp(-X) | X > VaR]`` in percent; finite for every shape, for a price falls by at most 100 %.

        Not ``1 - exp(-ES)``, which overstates it: the mean of a concave function lies below the function of
        the mean. Integrated numerically over the tail's quantiles.
        """
        quantile = self.value_at_risk(level)
        scale = self.beta + self.xi * (quantile - self.threshold)
        # With probability = v^4 the nodes crowd where the integrand bends, at the far end of the tail.
        v = 0.5 * (_NODES + 1.0)
        losses = [quantile + scale * pareto.scaled_quantile(self.xi, node**-4.0) for node in v]
        simple = -np.expm1(-np.asarray(losses) / 100.0)
        return float(100.0 * np.sum(0.5 * _WEIGHTS * simple * 4.0 * v**3))

    def return_level(self, periods: float, extremal_index: float = 1.0) -> float:
        """Loss exceeded on average once in ``periods`` periods, a cluster counted once.

        ``u + (beta/xi) [(m zeta_u theta)^xi - 1]`` (Coles 2001, section 5.3.3).
        """
        expected = periods * self.exceed_share * _checked_index(extremal_index)
        if expected < 1.0:
            raise ModelError(f"{periods:g} periods are too few: the threshold itself is exceeded less often")
        return self.threshold + self.beta * pareto.scaled_quantile(self.xi, expected)

    def probability_within(self, loss: float, periods: float, extremal_index: float = 1.0) -> float:
        """Probability of at least one loss beyond ``loss`` within ``periods`` periods.

        ``1 - (1 - p)^(m theta)``: exceedances come in clusters of mean size ``1/theta`` (Coles 2001,
        section 5.2).
        """
        daily = self.exceedance_probability(loss)
        return -math.expm1(periods * _checked_index(extremal_index) * math.log1p(-daily))

    def tail_ratio(self, level: float) -> float:
        """``(N_u / N) / (1 - level)``; refused below one, where the tail model does not speak."""
        ratio = self.exceed_share / (1.0 - checked_level(level))
        if ratio < 1.0 - 1e-9:
            raise ModelError(
                f"level {level} lies below that of the threshold, {1.0 - self.exceed_share:.4f}",
                remedy="lower the threshold",
            )
        return max(ratio, 1.0)


def gpd(losses: Values, *, quantile: float = 0.95, threshold: float | None = None) -> GpdFit:
    """Fit a generalised Pareto distribution to the losses above a threshold by maximum likelihood.

    Parameters
    ----------
    losses : array-like, shape (n,)
        All losses (gains negative).
    quantile : float
        The threshold is this sample quantile of the losses.
    threshold : float, optional
        The threshold itself, in place of the quantile.

    Returns
    -------
    GpdFit

    Raises
    ------
    ModelError
        With fewer than 30 losses above the threshold, or when they are all equal.
    """
    sample = checked_sample(losses, name="losses", minimum=MIN_EXCEEDANCES)
    checked_level(quantile, name="quantile")
    if np.ptp(sample) == 0:
        raise ModelError(f"all {sample.size} losses are {sample[0]:.4g}: they have no tail")
    u = float(np.quantile(sample, quantile)) if threshold is None else float(threshold)
    excesses = sample[sample > u] - u
    if excesses.size < MIN_EXCEEDANCES:
        raise ModelError(
            f"{excesses.size} losses exceed the threshold {u:.4g}; at least {MIN_EXCEEDANCES} are needed",
            remedy="lower the threshold or use a longer sample",
        )
    if np.ptp(excesses) == 0:
        raise ModelError(f"the {excesses.size} losses above {u:.4g} are all equal")
    xi, beta = pareto.maximise(excesses)
    return GpdFit(
        xi=xi,
        beta=beta,
        xi_se=_error(1.0 + xi, xi, excesses.size),
        beta_se=_error(beta * math.sqrt(max(2.0 * (1.0 + xi), 0.0)), xi, excesses.size),
        threshold=u,
        n_exceed=excesses.size,
        n_obs=sample.size,
        loglikelihood=pareto.loglikelihood(excesses, xi, beta),
        excesses=excesses,
    )


def _error(root_information: float, xi: float, count: int) -> float:
    return root_information / math.sqrt(count) if xi > REGULAR_SHAPE else math.nan


def _checked_index(extremal_index: float) -> float:
    if not 0 < extremal_index <= 1:
        raise ModelError(f"the extremal index lies between 0 and 1 (got {extremal_index})")
    return extremal_index
