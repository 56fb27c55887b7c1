"""Threshold autoregressions of one series: their regressors, the search for the threshold, series made from them.

With the gap z and its lagged changes w,

    switch:  d z_t = (m1 + r1 z_{t-1}) [z_{t-1} <= c] + (m2 + r2 z_{t-1}) [z_{t-1} > c] + w g + e_t,
    band:    d z_t = (m1 + r1 x_{t-1}) [|x_{t-1}| <= c] + r2 (x_{t-1} - sign(x_{t-1}) c) [|x_{t-1}| > c] + w g + e_t,

in the band with ``x = z - centre``: outside, the gap is drawn to the near edge; inside, costs leave it to itself.

References
----------
Balke and Fomby (1997), Threshold cointegration, International Economic Review 38(3), 627-645. Obstfeld and Taylor (1997),
Journal of the Japanese and International Economies 11(4), 441-479 (band with pull to its edge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

Kind = Literal["switch", "band"]
TRIM = 0.15
"""Smallest share of the observations in a regime, as is usual (Andrews 1993, Econometrica 61(4), 821-856)."""
GRID = 40


@dataclass(frozen=True)
class ThresholdFit:
    """What the search found: threshold, coefficients, F against the linear model, observations of both regimes."""

    threshold: float
    coefficients: FloatArray
    f: float
    counts: tuple[int, int]


@dataclass(frozen=True)
class ThresholdModel:
    """Designs of one kind of threshold autoregression."""

    kind: Kind
    centre: float
    lags: int

    def pulls(self, coefficients: FloatArray) -> tuple[float, float]:
        """r1 and r2."""
        return float(coefficients[1]), float(coefficients[3 if self.kind == "switch" else 2])

    def search(self, z: FloatArray) -> ThresholdFit:
        """Threshold with the least sum of squares, and F against the linear model."""
        left, before, short = self._parts(z)
        size = self._size(before)
        grid = np.unique(np.quantile(size, np.linspace(TRIM, 1 - TRIM, GRID)))
        inner = size[None, :] <= grid[:, None]
        shares = inner.mean(axis=1)
        kept = (shares >= TRIM) & (shares <= 1 - TRIM + 1e-9)
        if kept.sum() < 2:
            raise ModelError("the gap has too few distinct values to look for a threshold")
        grid, inner = grid[kept], inner[kept]
        design = self._design(before, short, grid, inner)
        cross = design @ design.transpose(0, 2, 1)
        moment = design @ left
        try:
            coefficients = np.linalg.solve(cross + 1e-12 * np.eye(cross.shape[1]), moment[..., None])[..., 0]
        except np.linalg.LinAlgError as singular:
            raise ModelError("the gap's past has too little in it to look for a threshold") from singular
        squares = left @ left - np.einsum("gi,gi->g", coefficients, moment)
        best = int(np.argmin(squares))
        straight = np.column_stack([np.ones(len(left)), before, short.T])
        resid: FloatArray = left - straight @ np.linalg.lstsq(straight, left, rcond=None)[0]
        n = len(left)
        f = n * (float(resid @ resid) - float(squares[best])) / max(float(squares[best]), 1e-300)
        inside = int(inner[best].sum())
        return ThresholdFit(float(grid[best]), coefficients[best], f, (inside, n - inside))

    def linear(self, z: FloatArray) -> FloatArray:
        """Constant, slope and lagged changes of the model without a threshold."""
        left, before, short = self._parts(z)
        design = np.column_stack([np.ones(len(left)), before, short.T])
        found: FloatArray = np.linalg.lstsq(design, left, rcond=None)[0].astype(np.float64)
        return found

    def paths(
        self,
        z: FloatArray,
        coefficients: FloatArray,
        threshold: float | None,
        count: int,
        rng: np.random.Generator,
    ) -> FloatArray:
        """Series (count, t) made from the model (without a threshold: None) and its residuals with random signs."""
        left, before, short = self._parts(z)
        fitted = self._expected(before[:, None], short.T[:, None, :], coefficients, threshold)[:, 0]
        resid = left - fitted
        signs = rng.choice(np.array([-1.0, 1.0]), size=(count, len(resid)))
        news: FloatArray = signs * (resid - resid.mean())
        lead = self.lags + 1
        made = np.empty((count, len(z)))
        made[:, :lead] = z[:lead]
        for t in range(lead, len(z)):
            changes = np.diff(made[:, t - lead : t], axis=1)[:, ::-1]
            expected = self._expected(made[None, :, t - 1], changes[None], coefficients, threshold)[0]
            made[:, t] = made[:, t - 1] + expected + news[:, t - lead]
        return made

    def _expected(
        self, before: FloatArray, short: FloatArray, coefficients: FloatArray, threshold: float | None
    ) -> FloatArray:
        """Expected change for levels (a, b) and lagged changes (a, b, lags)."""
        if threshold is None:
            own = coefficients[0] + coefficients[1] * before
        else:
            inner = self._size(before) <= threshold
            x = before if self.kind == "switch" else before - self.centre
            own = np.where(inner, coefficients[0] + coefficients[1] * x, 0.0)
            if self.kind == "switch":
                own = own + np.where(inner, 0.0, coefficients[2] + coefficients[3] * x)
            else:
                own = own + np.where(inner, 0.0, coefficients[2] * (x - np.sign(x) * threshold))
        expected: FloatArray = own + (short @ coefficients[-self.lags :] if self.lags else 0.0)
        return expected

    def _size(self, before: FloatArray) -> FloatArray:
        return before if self.kind == "switch" else np.abs(before - self.centre)

    def _parts(self, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        change = np.diff(z)
        n = len(change) - self.lags
        short = np.array([change[self.lags - lag : self.lags - lag + n] for lag in range(1, self.lags + 1)])
        return change[self.lags :], z[self.lags : -1], short.reshape(self.lags, n)

    def _design(
        self, before: FloatArray, short: FloatArray, grid: FloatArray, inner: NDArray[np.bool_]
    ) -> FloatArray:
        """Regressors for every threshold, shape (grid, k, n)."""
        x = before if self.kind == "switch" else before - self.centre
        own = [inner.astype(np.float64), inner * x]
        if self.kind == "switch":
            own += [(~inner).astype(np.float64), ~inner * x]
        else:
            own += [~inner * (x - np.sign(x) * grid[:, None])]
        common = np.broadcast_to(short, (len(grid), *short.shape))
        return np.concatenate([np.stack(own, axis=1), common], axis=1)
