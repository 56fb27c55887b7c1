"""Is the speed at which two prices are drawn together the same for small and large gaps: Hansen and Seo's SupLM test.

For a threshold c, with e the residuals of the model without one, z its regressors and ``xi = e (x) z``,

    LM(c) = s' V^-1 s,   s = sum xi [w <= c],   V = sum v v',   v = (I (x) (I - H)) xi [w <= c] - (I (x) H) xi [w > c],

``H = (sum z z' [w <= c]) (sum z z')^-1``: the heteroskedasticity-robust score test that both regimes have the same
coefficients, computed under the null. The test is its largest value over c. The threshold is not identified under the null,
so p-values come from two bootstraps.

References
----------
Hansen and Seo (2002), Journal of Econometrics 110(2), 293-318 (statistic, there as the difference of two regressions: the
same number; both bootstraps). Hansen (1996), Econometrica 64(2), 413-430 (fixed regressors).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.pair_model import PairModel, fit_pair, pair_design, pair_paths
from cryptorisk.stats.pair_relation import checked_pair
from cryptorisk.stats.pair_slope import likely_slope
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.split_sums import cross_sums, split, threshold_grid
from cryptorisk.stats.threshold_vecm import GRID, TRIM


@dataclass(frozen=True)
class SupLM:
    """The test.

    Attributes
    ----------
    statistic : float
    threshold : float
        Where the statistic is largest; not the estimate of the threshold.
    p_fixed : float
        By the fixed-regressor bootstrap: holds under heteroskedasticity of any form, in large samples.
    p_residual : float
        By the residual bootstrap: the whole model made anew from residuals drawn one by one; closer in small samples where
        they are alike.
    slope : float
        b of the relation.
    lags, n, grid, replications : int
    """

    statistic: float
    threshold: float
    p_fixed: float
    p_residual: float
    slope: float
    lags: int
    n: int
    grid: int
    replications: int


def sup_lm(
    x: FloatArray,
    *,
    lags: int,
    rng: np.random.Generator,
    slope: float | None = None,
    trim: float = TRIM,
    grid: int = GRID,
    replications: int = 499,
) -> SupLM:
    """Test one speed of adjustment against two, in all coefficients of the model.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    lags : int
        Lagged changes.
    rng : numpy.random.Generator
    slope : float, optional
        b of the relation, where it is known; default estimated without a threshold, and again in the residual bootstrap.
    trim : float
        Smallest share of the observations in a regime.
    grid : int
        Thresholds tried.
    replications : int
        Of each bootstrap.

    Returns
    -------
    SupLM

    Raises
    ------
    ModelError
        As `checked_pair`, `fit_pair` and `threshold_grid`; and where a regime may have fewer observations than the test has
        equations, ``2 (2 + 2 lags)``.

    Notes
    -----
    Fixed regressor: residuals of a time are multiplied by one standard normal number, both equations' by the same, and
    regressed on the regressors as they are. p is the share of made statistics that reach the observed, which is counted in.
    """
    x = checked_pair(x)
    b = likely_slope(x, lags) if slope is None else slope
    model = fit_pair(x, lags=lags, slope=b)
    if trim * model.n < 2 * (2 + 2 * lags):
        raise ModelError(
            f"{model.n} observations leave a regime {trim * model.n:.0f}, fewer than the test's {4 + 4 * lags} equations"
        )
    left, z = pair_design(x, lags, b)
    thresholds = threshold_grid(z[:, 1], grid, trim)
    observed = lm_values(left, z, thresholds)
    best = int(np.argmax(observed))
    news = model.resid[:, None, :] * rng.standard_normal((model.n, replications))[:, :, None]
    fixed = [float(lm_values(news[:, i], z, thresholds).max()) for i in range(replications)]
    residual = _residual(model, x, slope, trim, grid, replications, rng)
    return SupLM(
        float(observed[best]),
        float(thresholds[best]),
        _share(fixed, float(observed[best])),
        _share(residual, float(observed[best])),
        b,
        lags,
        model.n,
        len(thresholds),
        replications,
    )


def lm_values(left: FloatArray, z: FloatArray, thresholds: FloatArray) -> FloatArray:
    """LM statistic at each threshold of the gap, which is the second regressor.

    Parameters
    ----------
    left : ndarray, shape (n, m)
        Changes, one column an equation.
    z : ndarray, shape (n, k)
        Constant, gap and others.
    thresholds : ndarray, shape (g,)
        Ascending.

    Returns
    -------
    ndarray, shape (g,)

    Raises
    ------
    ModelError
        When the scores are not of full rank at a threshold.
    """
    order, counts = split(z[:, 1], thresholds)
    z, left = z[order], left[order]
    whole = z.T @ z
    resid = left - z @ np.linalg.solve(whole, z.T @ left)
    xi = (resid[:, :, None] * z[:, None, :]).reshape(len(z), -1)
    q, k = xi.shape[1], z.shape[1]
    score = cross_sums(xi, np.ones((len(z), 1)), counts)[..., 0]
    outer = cross_sums(xi, xi, counts)
    share = np.linalg.solve(whole, cross_sums(z, z, counts)).transpose(0, 2, 1)

    def shared(matrix: FloatArray) -> FloatArray:
        """``(I (x) H) matrix`` at every threshold."""
        found: FloatArray = (share[:, None] @ matrix.reshape(-1, q // k, k, q)).reshape(-1, q, q)
        return found

    moved = shared(outer)
    variance = outer - moved - moved.transpose(0, 2, 1) + shared(shared((xi.T @ xi)[None]).transpose(0, 2, 1))
    try:
        values: FloatArray = np.einsum("gi,gi->g", score, np.linalg.solve(variance, score[..., None])[..., 0])
    except np.linalg.LinAlgError as singular:
        raise ModelError("the prices' past has too little in it to test for a threshold") from singular
    return values


def _residual(
    model: PairModel,
    x: FloatArray,
    slope: float | None,
    trim: float,
    grid: int,
    replications: int,
    rng: np.random.Generator,
) -> list[float]:
    """Largest statistics in series made from the model without a threshold."""
    drawn = rng.integers(0, model.n, size=(replications, model.n))
    found = []
    for path in pair_paths(model, x[: model.lags + 1], model.resid[drawn]):
        b = likely_slope(path, model.lags) if slope is None else slope
        left, z = pair_design(path, model.lags, b)
        found.append(float(lm_values(left, z, threshold_grid(z[:, 1], grid, trim)).max()))
    return found


def _share(made: list[float], observed: float) -> float:
    return (1 + sum(one >= observed for one in made)) / (1 + len(made))
