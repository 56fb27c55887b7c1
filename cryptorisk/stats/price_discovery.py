"""Which of two prices of one thing moves first: shares in the discovery of the common price.

Two log prices of one thing share a random walk and are held together by a relation with the weights (1, -b):

    d x_t = m + a (x_1,t-1 - b x_2,t-1) + sum_i G_i d x_{t-i} + e_t,     Var(e) = S.

With the weights w = (a_2, -a_1), orthogonal to the speeds of adjustment a = (a_1, a_2), w'e is the lasting part of a
period's news. The price that does not adjust carries it: its speed is nought and its share one.

References
----------
Gonzalo and Granger (1995), Journal of Business and Economic Statistics 13(1), 27-35 (w as weights of the common component).
Hasbrouck (1995), One security, many markets, Journal of Finance 50(4), 1175-1199 (share in the variance of w'e; it depends
on the order of the prices where their news is correlated). Baillie, Booth, Tse and Zabotina (2002), Journal of Financial
Markets 5(3), 309-321 (both from one error-correction model). Lien and Shrestha (2009), Journal of Futures Markets 29(4),
377-395 (the square root of the correlation matrix in place of an order).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.pair_relation import MOST_LAGS, PairRelation, checked_pair, pair_relation
from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class Shares:
    """Shares of the first of two prices in the discovery of the common one; the second has the rest.

    Attributes
    ----------
    component : float
        Of Gonzalo and Granger; outside [0, 1] when both prices move the same way after a gap.
    lower, upper : float
        Of Hasbrouck, with the first price last and first in the order.
    modified : float
        Of Lien and Shrestha; it needs no order.
    """

    component: float
    lower: float
    upper: float
    modified: float

    @property
    def middle(self) -> float:
        """Mean of Hasbrouck's two bounds."""
        return (self.lower + self.upper) / 2


@dataclass(frozen=True)
class PairModel:
    """Error-correction model of two log prices, equation by equation by least squares.

    Attributes
    ----------
    slope : float
        b of the relation ``x_1 - b x_2``.
    speeds : ndarray, shape (2,)
    t : ndarray, shape (2,)
        Classical t of the speeds.
    covariance : ndarray, shape (2, 2)
        Of the residuals.
    coefficients : ndarray, shape (2 + 2 lags, 2)
        Constant, gap, lagged changes; one column an equation.
    resid : ndarray, shape (n, 2)
    lags : int
        Lagged changes.
    """

    slope: float
    speeds: FloatArray
    t: FloatArray
    covariance: FloatArray
    coefficients: FloatArray
    resid: FloatArray
    lags: int

    @property
    def n(self) -> int:
        """Observations used."""
        return len(self.resid)

    @property
    def shares(self) -> Shares:
        """Point estimates of the shares."""
        return discovery_shares(self.speeds, self.covariance)


@dataclass(frozen=True)
class ShareIntervals:
    """Bootstrap intervals of the shares of the first price; ``middle`` is that of the mean of Hasbrouck's bounds."""

    component: tuple[float, float]
    middle: tuple[float, float]
    modified: tuple[float, float]
    level: float
    replications: int


@dataclass(frozen=True)
class Discovery:
    """The test for a common price, the model and the shares of the first price with their intervals."""

    relation: PairRelation
    model: PairModel
    shares: Shares
    intervals: ShareIntervals

    @property
    def unit(self) -> bool:
        """Whether the difference of the logs is what is held, (1, -1)."""
        return self.model.slope == 1.0


def discover(
    x: FloatArray,
    *,
    rng: np.random.Generator,
    unit: bool = False,
    most_lags: int = MOST_LAGS,
    replications: int = 499,
    level: float = 0.9,
) -> Discovery:
    """Shares of the first of two prices in the discovery of their common one, or a refusal with its reason.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    rng : numpy.random.Generator
    unit : bool
        Whether (1, -1) alone is accepted, as for two quotes of one thing: with another relation the gap between them grows
        with the price, and two prices that merely rise together are taken for one.
    most_lags, replications : int
    level : float

    Returns
    -------
    Discovery

    Raises
    ------
    ModelError
        As `pair_relation`; and where Johansen's test at 5 % finds no relation, two of them where a price by itself returns
        to a level, one in which the prices do not go the same way, or (``unit``) one that is not (1, -1).

    Notes
    -----
    A second relation with prices that do not return to a level is the mark of a pace that changed within the sample; the
    shares are then given, and rest on prices being random walks.

    The relation is (1, -1) unless its likelihood-ratio test rejects it at 5 %; then the estimated one is taken, as known.
    """
    relation = pair_relation(x, most_lags=most_lags)
    trace, critical = relation.trace, relation.critical
    if relation.relations == 0:
        raise ModelError(
            f"the two prices are not held together (Johansen's trace {trace[0]:.1f}, 5 % point {critical[0]:.1f}, "
            f"{relation.n} days)"
        )
    if relation.relations > 1 and relation.returns:
        raise ModelError(
            f"both prices return to a level of their own (Johansen's second trace {trace[1]:.1f}, 5 % point "
            f"{critical[1]:.1f}): there is no lasting news to discover"
        )
    slope = 1.0 if relation.p_unit >= 0.05 else relation.slope
    if unit and slope != 1.0:
        p = "below 0.001" if relation.p_unit < 0.001 else f"{relation.p_unit:.3f}"
        raise ModelError(
            f"the two prices rise together as 1 to {slope:.2f} and not one to one (p {p}): the gap between them grows with "
            "the price"
        )
    if slope <= 0:
        raise ModelError(f"the estimated relation has the two prices go opposite ways (slope {slope:.2f})")
    model = fit_pair(x, lags=relation.lags, slope=slope)
    intervals = share_intervals(model, x, rng=rng, replications=replications, level=level)
    return Discovery(relation, model, model.shares, intervals)


def discovery_shares(speeds: FloatArray, covariance: FloatArray) -> Shares:
    """Shares of the first price from speeds of adjustment and the covariance of the news.

    Parameters
    ----------
    speeds : ndarray, shape (2,)
    covariance : ndarray, shape (2, 2)

    Returns
    -------
    Shares

    Raises
    ------
    ModelError
        When neither price adjusts (no common price), or both adjust so that the weights sum to nought.

    References
    ----------
    Baillie and others (2002), from whom the shares follow without the long-run matrix: its common row is proportional to w.
    """
    weights = np.array([speeds[1], -speeds[0]], dtype=np.float64)
    if abs(weights.sum()) < 1e-12 * max(1.0, float(np.abs(weights).max())):
        raise ModelError(f"prices with speeds of adjustment {tuple(speeds)} are not drawn together")
    s = np.asarray(covariance, dtype=np.float64)
    total = float(weights @ s @ weights)
    first = (weights[0] * np.sqrt(s[0, 0]) + weights[1] * s[0, 1] / np.sqrt(s[0, 0])) ** 2 / total
    last = weights[0] ** 2 * (s[0, 0] - s[0, 1] ** 2 / s[1, 1]) / total
    return Shares(
        component=float(weights[0] / weights.sum()),
        lower=float(min(first, last)),
        upper=float(max(first, last)),
        modified=float((weights @ _symmetric_root(s))[0] ** 2 / total),
    )


def fit_pair(x: FloatArray, *, lags: int, slope: float = 1.0) -> PairModel:
    """Error-correction model with a given relation ``x_1 - slope x_2``.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    lags : int
        Lagged changes, at least 0.
    slope : float

    Returns
    -------
    PairModel

    Raises
    ------
    ModelError
        Values that are not finite, another shape, too few observations, or prices that move as one.
    """
    x = checked_pair(x)
    left, z = _design(x, lags, slope)
    inverse = np.linalg.pinv(z.T @ z)
    coefficients = inverse @ z.T @ left
    resid = left - z @ coefficients
    covariance = resid.T @ resid / (len(left) - z.shape[1])
    if np.linalg.matrix_rank(covariance) < 2:
        raise ModelError("one of the two prices does not move, or both move as one")
    errors = np.sqrt(np.diag(covariance) * inverse[1, 1])
    return PairModel(slope, coefficients[1], coefficients[1] / errors, covariance, coefficients, resid, lags)


def share_intervals(
    model: PairModel,
    x: FloatArray,
    *,
    rng: np.random.Generator,
    replications: int = 499,
    block: int | None = None,
    level: float = 0.9,
) -> ShareIntervals:
    """Intervals of the shares by a residual bootstrap in blocks.

    Parameters
    ----------
    model : PairModel
    x : ndarray, shape (t, 2)
        What the model was fitted on.
    rng : numpy.random.Generator
    replications : int
    block : int, optional
        Days of residuals drawn together, so that calm and restless spells stay; default the cube root of the sample.
    level : float

    Returns
    -------
    ShareIntervals

    Notes
    -----
    Series are made from the estimated model and residuals drawn in circular blocks, both equations' together, and the
    model with the same relation and lags is fitted to each. Percentile intervals: shares are bounded, so that an interval
    turned about the estimate would leave their range.
    """
    x = checked_pair(x)
    centred = model.resid - model.resid.mean(axis=0)
    rows = block_indices(model.n, block or round(model.n ** (1 / 3)), replications, rng)
    paths = _simulate(model, x[: model.lags + 1], centred[rows])
    draws = np.array([_redrawn(path, model) for path in paths])
    draws = draws[np.isfinite(draws).all(axis=1)]
    ends = [percentile_interval(draws[:, i], level) for i in range(3)]
    return ShareIntervals(ends[0], ends[1], ends[2], level, len(draws))


def _redrawn(path: FloatArray, model: PairModel) -> tuple[float, float, float]:
    left, z = _design(path, model.lags, model.slope)
    coefficients = np.linalg.solve(z.T @ z, z.T @ left)
    resid = left - z @ coefficients
    try:
        shares = discovery_shares(coefficients[1], resid.T @ resid / len(left))
    except ModelError:
        return (np.nan, np.nan, np.nan)
    return shares.component, shares.middle, shares.modified


def _simulate(model: PairModel, start: FloatArray, news: FloatArray) -> FloatArray:
    """Paths of levels, shape (replications, lags + 1 + n, 2), from the first observations on."""
    count, n, _ = news.shape
    lead = model.lags + 1
    levels = np.empty((count, lead + n, 2))
    levels[:, :lead] = start
    constant, speeds, short = model.coefficients[0], model.coefficients[1], model.coefficients[2:]
    for t in range(n):
        at = lead + t
        gap = levels[:, at - 1, 0] - model.slope * levels[:, at - 1, 1]
        change = constant + gap[:, None] * speeds + news[:, t]
        for lag in range(model.lags):
            before = levels[:, at - 1 - lag] - levels[:, at - 2 - lag]
            change = change + before @ short[2 * lag : 2 * lag + 2]
        levels[:, at] = levels[:, at - 1] + change
    return levels


def _design(x: FloatArray, lags: int, slope: float) -> tuple[FloatArray, FloatArray]:
    change = np.diff(x, axis=0)
    gap = x[lags:-1, 0] - slope * x[lags:-1, 1]
    parts = [np.ones(len(gap)), gap]
    for lag in range(1, lags + 1):
        parts += list(change[lags - lag : len(change) - lag].T)
    return change[lags:], np.column_stack(parts)


def _symmetric_root(s: FloatArray) -> FloatArray:
    """F of Lien and Shrestha: ``F F' = S`` and ``F = V C^(1/2)`` with the symmetric root of the correlations C."""
    scale = np.sqrt(np.diag(s))
    values, vectors = np.linalg.eigh(s / np.outer(scale, scale))
    root: FloatArray = scale[:, None] * (vectors * np.sqrt(values.clip(min=0.0))) @ vectors.T
    return root
