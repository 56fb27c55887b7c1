"""Ordered logit of classes, told as effects on an expected score, with errors from clusters."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from cryptorisk.errors import ModelError
from cryptorisk.stats.cluster_jackknife import Effects, FloatArray, checked

STEP = 1e-5
"""Step of numerical derivatives by the parameters, which are of order one."""


class _ProportionalOdds(OrderedModel):  # type: ignore[misc]  # the library is not typed
    """The library's model with the derivatives of the logistic case, which it would take numerically."""

    def score_obs(self, params: FloatArray) -> FloatArray:
        """Scores by observation: of the coefficients, then of the first threshold and of the logs of the steps."""
        k = self.k_vars
        cuts = self.transform_threshold_params(params)
        line, chosen = self.exog @ params[:k], np.asarray(self.endog, dtype=int)
        upper, lower = expit(cuts[chosen + 1] - line), expit(cuts[chosen] - line)
        width = upper - lower
        rows = np.zeros((len(line), len(cuts)))
        rows[np.arange(len(line)), chosen + 1] += upper * (1 - upper) / width
        rows[np.arange(len(line)), chosen] -= lower * (1 - lower) / width
        # A step moves its own threshold and all above it.
        tail = np.cumsum(rows[:, :0:-1], axis=1)[:, ::-1][:, :-1]
        tail[:, 1:] *= np.exp(params[k + 1 :])
        return np.column_stack([(upper + lower - 1)[:, None] * self.exog, tail])

    def score(self, params: FloatArray) -> FloatArray:
        """Sum of the scores."""
        return np.asarray(self.score_obs(params).sum(axis=0), dtype=np.float64)

    def hessian(self, params: FloatArray) -> FloatArray:
        """Central differences of the scores."""
        unit = STEP * np.eye(len(params))
        found = np.array([(self.score(params + e) - self.score(params - e)) / (2 * STEP) for e in unit])
        return np.asarray((found + found.T) / 2, dtype=np.float64)


def ordered_logit(
    classes: npt.ArrayLike,
    regressors: npt.ArrayLike,
    clusters: npt.ArrayLike,
    names: Sequence[str],
    scores: Sequence[float],
) -> Effects:
    """Average marginal effects on the expected score of an ordered class.

    Parameters
    ----------
    classes : array_like of int, shape (n,)
        0, 1, ... in ascending order; every class occurs.
    regressors : array_like, shape (n, k)
        Without a constant: the thresholds stand for it.
    clusters : array_like, shape (n,)
    names : sequence of str, length k
    scores : sequence of float
        Value of each class, for instance the middle of a quarter in percent.

    Returns
    -------
    Effects
        Errors by the delta method from the sandwich over clusters: maximum likelihood is too slow to be repeated
        without each cluster, so that they are a little small with few clusters.

    Raises
    ------
    ModelError
        Classes that do not match the scores, no convergence, and what `cluster_jackknife.checked` refuses.

    References
    ----------
    McCullagh (1980), Regression models for ordinal data, Journal of the Royal Statistical Society B 42(2), 109-142.
    """
    y, x, labels = checked(classes, regressors, clusters, names)
    if sorted(set(y.astype(int).tolist())) != list(range(len(scores))):
        raise ModelError(f"classes 0 to {len(scores) - 1} must all occur, and no other")
    model = _ProportionalOdds(y.astype(int), x, distr="logit")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = model.fit(
                method="bfgs", disp=0, maxiter=500, cov_type="cluster", cov_kwds={"groups": labels}
            )
        except ConvergenceWarning as error:
            raise ModelError("an ordered logit did not converge") from error
    k, steps = len(names), np.diff(np.asarray(scores, dtype=np.float64))

    def effects(parameters: FloatArray) -> FloatArray:
        cuts = model.transform_threshold_params(parameters)[1:-1]
        # E[score] = first + sum over thresholds of step * P(above it); the derivative of P is its density times beta.
        above = expit((x @ parameters[:k])[:, None] - cuts)
        return np.asarray((above * (1 - above) @ steps).mean() * parameters[:k], dtype=np.float64)

    point = np.asarray(fit.params, dtype=np.float64)
    unit = STEP * np.eye(len(point))
    slope = np.array([(effects(point + e) - effects(point - e)) / (2 * STEP) for e in unit])
    variance = np.einsum("ia,ij,ja->a", slope, np.asarray(fit.cov_params(), dtype=np.float64), slope)
    return Effects(tuple(names), effects(point), np.sqrt(variance), int(labels.max()) + 1)
