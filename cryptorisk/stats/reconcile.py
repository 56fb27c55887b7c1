"""A ragged panel of quotes about positive cells, reconciled: values, shares, sums, bounds, growth rates.

Every quote is a *log contrast*: a weighted sum of logarithms of sums of cells. A value is ``ln(sum)``, a
share ``ln(sum) - ln(total)``, a growth rate ``ln(cell, later) - ln(cell, earlier)``. All are fitted at once
by penalised likelihood in the logs of the cells, so that sums add up exactly and everything is positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Side = Literal["equal", "at_least", "at_most"]
_SIGN: Mapping[str, float] = {"at_least": 1.0, "at_most": -1.0}
_MAX_STEPS = 200
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class LogContrast:
    """One statement about the cells: ``sum_j coefficient_j * ln(sum of the cells in group_j)``.

    Attributes
    ----------
    terms : tuple of (float, tuple of int)
        Coefficient and the indices of the cells that are summed before the logarithm is taken.
    target : float
        Stated value of the contrast (a natural logarithm).
    sd : float
        Standard deviation of its error, in logs (0.05 is about 5 %).
    side : {"equal", "at_least", "at_most"}
        Bounds are one-sided: the contrast lies above (below) the target up to an error of ``sd``.
    tail : float
        Degrees of freedom of Student's t for the error; ``inf`` for the normal. A small number keeps one
        contradictory quote from dragging the others along. Bounds are always normal.
    label : str
        What it is, for reports of residuals.
    """

    terms: tuple[tuple[float, tuple[int, ...]], ...]
    target: float
    sd: float
    side: Side = "equal"
    tail: float = np.inf
    label: str = ""


@dataclass(frozen=True)
class Reconciled:
    """Reconciled cells: posterior mode of their logarithms and its covariance (Laplace approximation).

    Attributes
    ----------
    log_cells : ndarray, shape (n,)
    covariance : ndarray, shape (n, n)
    residuals : ndarray, shape (m,)
        Fitted less stated, in standard deviations, in the order of the contrasts given.
    converged : bool
    steps : int
    """

    log_cells: Floats
    covariance: Floats
    residuals: Floats
    converged: bool
    steps: int
    _root: Floats = field(repr=False)

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """``n`` draws of the cells in levels, shape (n, cells); any sum of columns is consistent."""
        shocks = rng.standard_normal((n, self.log_cells.size))
        return np.asarray(np.exp(self.log_cells + shocks @ self._root.T))


class _Design:
    """The contrasts as matrices: ``g(x) = contrast @ ln(membership @ exp(x))``."""

    def __init__(self, contrasts: Sequence[LogContrast], n: int) -> None:
        groups = sorted({group for c in contrasts for _, group in c.terms})
        position = {group: k for k, group in enumerate(groups)}
        self.membership = np.zeros((len(groups), n))
        for group, k in position.items():
            self.membership[k, list(group)] = 1.0
        self.contrast = np.zeros((len(contrasts), len(groups)))
        for row, c in enumerate(contrasts):
            for coefficient, group in c.terms:
                self.contrast[row, position[group]] += coefficient
        self.target = np.array([c.target for c in contrasts])
        self.sd = np.array([c.sd for c in contrasts])
        self.tail = np.array([c.tail for c in contrasts])
        self.sign = np.array([_SIGN.get(c.side, 0.0) for c in contrasts])
        self.bound = self.sign != 0

    def evaluate(self, x: Floats) -> tuple[Floats, Floats]:
        """Standardised residuals and their Jacobian."""
        level = np.exp(x)
        sums = self.membership @ level
        z = (self.contrast @ np.log(sums) - self.target) / self.sd
        jacobian = self.contrast @ (self.membership * level / sums[:, None]) / self.sd[:, None]
        return z, jacobian

    def loss(self, z: Floats) -> float:
        heavy = np.isfinite(self.tail)
        tail = np.where(heavy, self.tail, 1.0)
        equal = np.where(heavy, 0.5 * (tail + 1) * np.log1p(z**2 / tail), 0.5 * z**2)
        return float(np.where(self.bound, -log_ndtr(self.sign * z), equal).sum())

    def slope_curvature(self, z: Floats) -> tuple[Floats, Floats]:
        """First derivative of the loss in z and a positive stand-in for the second (the t's weight)."""
        heavy = np.isfinite(self.tail)
        tail = np.where(heavy, self.tail, 1.0)
        weight = np.where(heavy, (tail + 1) / (tail + z**2), 1.0)
        s = self.sign * z
        mills = np.exp(-0.5 * s**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(s))
        slope = np.where(self.bound, -self.sign * mills, weight * z)
        return slope, np.where(self.bound, mills * (s + mills), weight)

    def information(self, z: Floats) -> Floats:
        """Information per contrast for the covariance: the t's expected one, less for an outlier."""
        _, curvature = self.slope_curvature(z)
        heavy = np.isfinite(self.tail)
        expected = np.where(heavy, (self.tail + 1) / (np.where(heavy, self.tail, 1.0) + 3), np.inf)
        return np.minimum(curvature, expected)


def reconcile(contrasts: Sequence[LogContrast], n_cells: int, *, start: Floats | None = None) -> Reconciled:
    """Fit positive cells to stated values, shares, sums, bounds and growth rates at once.

    Minimises ``sum_i rho_i((g_i(x) - b_i) / s_i)`` over the logarithms ``x`` of the cells, with rho the
    negative log density of the normal or Student's t for equalities and ``-ln Phi`` for bounds, by damped
    Gauss-Newton.
    The covariance takes the expected information of the t, (tail + 1) / (tail + 3) in units of the inverse
    variance (Lange, Little and Taylor 1989, JASA 84(408)), and less for a quote far off.
    Smoothness priors are contrasts like any other (target 0 on a change), so that a cell without a quote
    takes its level from its neighbours and a wide interval with it.

    Parameters
    ----------
    contrasts : sequence of LogContrast
        Quotes and priors together; every cell has to be reached by at least one of them.
    n_cells : int
    start : ndarray, shape (n_cells,), optional
        Starting logarithms; default the mean of the targets of single-cell values, else 0.

    Returns
    -------
    Reconciled

    Raises
    ------
    ModelError
        If a standard deviation is not positive, an index lies outside, or cells stay undetermined.

    References
    ----------
    Stone, R., Champernowne, D. G. and Meade, J. E. (1942), "The Precision of National Income Estimates",
    Review of Economic Studies 9(2): least-squares adjustment of accounts with stated reliabilities.
    """
    _check(contrasts, n_cells)
    design = _Design(contrasts, n_cells)
    x = np.full(n_cells, _typical_level(contrasts)) if start is None else np.array(start, dtype=float)
    z, jacobian = design.evaluate(x)
    loss, converged, steps = design.loss(z), False, 0
    while not converged and steps < _MAX_STEPS:
        steps += 1
        slope, curvature = design.slope_curvature(z)
        step = _newton_step(jacobian, slope, curvature)
        x, z, jacobian, new_loss = _damped(design, x, step, loss)
        converged = loss - new_loss < _TOLERANCE * (1 + abs(loss))
        loss = new_loss
    root = _root_of_covariance(jacobian, design.information(z))
    return Reconciled(x, root @ root.T, z, converged, steps, root)


def _check(contrasts: Sequence[LogContrast], n: int) -> None:
    for c in contrasts:
        if not (c.sd > 0 and np.isfinite(c.sd) and np.isfinite(c.target)):
            raise ModelError(f"{c.label or 'a quote'} has target {c.target} and standard deviation {c.sd}")
        if any(not group or min(group) < 0 or max(group) >= n for _, group in c.terms):
            raise ModelError(f"{c.label or 'a quote'} speaks of cells outside 0 to {n - 1}")
    missing = set(range(n)) - {i for c in contrasts for _, group in c.terms for i in group}
    if missing:
        raise ModelError(f"no quote or prior speaks of the cells {sorted(missing)}")


def _typical_level(contrasts: Sequence[LogContrast]) -> float:
    levels = [c.target for c in contrasts if len(c.terms) == 1 and len(c.terms[0][1]) == 1]
    return float(np.mean(levels)) if levels else 0.0


def _newton_step(jacobian: Floats, slope: Floats, curvature: Floats) -> Floats:
    hessian = jacobian.T @ (curvature[:, None] * jacobian)
    hessian[np.diag_indices_from(hessian)] += 1e-10
    return np.asarray(np.linalg.solve(hessian, -(jacobian.T @ slope)), dtype=float)


def _damped(design: _Design, x: Floats, step: Floats, loss: float) -> tuple[Floats, Floats, Floats, float]:
    size = 1.0
    for _ in range(40):
        trial = x + size * np.clip(step, -2.0, 2.0)
        z, jacobian = design.evaluate(trial)
        new = design.loss(z)
        if new <= loss:
            return trial, z, jacobian, new
        size /= 2
    z, jacobian = design.evaluate(x)
    return x, z, jacobian, loss


def _root_of_covariance(jacobian: Floats, curvature: Floats) -> Floats:
    """Upper-triangular inverse Cholesky factor of the information matrix."""
    information = jacobian.T @ (curvature[:, None] * jacobian)
    try:
        factor = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        raise ModelError("the quotes and priors do not determine every cell") from None
    return np.asarray(np.linalg.inv(factor).T, dtype=float)
