"""Connectedness of series: how much of one's forecast-error variance stands on shocks to another, in a VAR."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.tsa.api import VAR

from cryptorisk.errors import ModelError
from cryptorisk.stats.fevd import dependent
from cryptorisk.stats.fevd import fevd as fevd
from cryptorisk.stats.sample import FloatArray, checked_count, checked_level, checked_time
from cryptorisk.stats.var_paths import (
    FEWEST_FREE,
    LARGEST_ROOT,
    largest_root,
    less_bias,
    resampled_paths,
    var_least_squares,
)


@dataclass(frozen=True, eq=False)
class Connectedness:
    """A Diebold-Yilmaz table.

    Attributes
    ----------
    shares : DataFrame, k by k
        Percent of the row's forecast-error variance on shocks to the column; rows sum to 100.
    horizon, lags, n_obs : int
    asked : int or None
        Lags that the Bayesian criterion would take, which may be none; None where the lags were given.
    """

    shares: pd.DataFrame
    horizon: int
    lags: int
    n_obs: int
    asked: int | None = None

    @property
    def from_others(self) -> pd.Series:
        """Percent of each series' variance on shocks to the others."""
        others: pd.Series = self.shares.sum(axis=1) - np.diag(self.shares)
        return others

    @property
    def to_others(self) -> pd.Series:
        """Sum of what each series' shocks make of the others' variances, percentage points."""
        others: pd.Series = self.shares.sum(axis=0) - np.diag(self.shares)
        return others

    @property
    def net(self) -> pd.Series:
        """To others less from others."""
        return self.to_others - self.from_others

    @property
    def total(self) -> float:
        """Total connectedness: mean percent of variances on shocks to others."""
        return float(self.from_others.mean())


@dataclass(frozen=True, eq=False)
class ConnectednessInterval:
    """Bootstrap intervals of a `Connectedness`, in percent.

    Attributes
    ----------
    total : (float, float)
    low, high : DataFrame, k by k
        Of the shares.
    level : float
    replications, block : int
    stable : bool
        Whether the estimated VAR is stationary; else the resampled paths explode and the intervals are NaN.
    """

    total: tuple[float, float]
    low: pd.DataFrame
    high: pd.DataFrame
    level: float
    replications: int
    block: int
    stable: bool


Frame = pd.DataFrame | FloatArray | Sequence[Sequence[float]]
"""Series side by side; those without names are called 0, 1, 2 and so on."""


def connectedness(
    frame: Frame, lags: int | None = None, horizon: int = 10, *, max_lags: int = 4
) -> Connectedness:
    """Generalised connectedness of the columns, from a VAR by least squares.

    Parameters
    ----------
    frame : DataFrame or array-like, shape (n, k)
        Stationary series in time order without gaps.
    lags : int, optional
        Default: by the Bayesian criterion up to ``max_lags``, one where it takes none.
    horizon : int

    Raises
    ------
    ModelError
        For gaps, dates out of order, fewer than two columns, columns that do not vary or depend on each other linearly, or
        fewer than 30 degrees of freedom an equation.

    References
    ----------
    Diebold and Yilmaz (2012), International Journal of Forecasting 28, equations (2) to (8).
    """
    table = checked_frame(frame)
    asked = bayesian_lags(table, max_lags) if lags is None else None
    order = max(1, asked) if asked is not None else lags or 0
    found = var_least_squares(table.to_numpy()[None], order)
    shares = pd.DataFrame(100 * normal(fevd(found, horizon))[0], table.columns, table.columns)
    return Connectedness(shares, horizon, order, len(table) - order, asked)


def bayesian_lags(frame: Frame, max_lags: int = 4) -> int:
    """Order of the VAR by the Bayesian criterion, from none to ``max_lags``."""
    values = checked_frame(frame).to_numpy()
    n, k = values.shape
    most = (n - 1 - FEWEST_FREE) // (k + 1)
    if checked_count(max_lags, name="max_lags", least=0) > most:
        raise ModelError(
            f"{n} observations of {k} series leave too few degrees of freedom for {max_lags} lags",
            remedy=f"lower max_lags to {most}" if most > 0 else "use a longer sample or fewer series",
        )
    return int(VAR(values).select_order(max_lags).selected_orders["bic"])


def rolling(frame: Frame, window: int, lags: int, horizon: int = 10, *, step: int = 1) -> pd.DataFrame:
    """Connectedness in windows of fixed length.

    Parameters
    ----------
    frame : DataFrame or array-like, shape (n, k)
    window, lags, horizon, step : int
        Observations; the lag order is the same in all windows.

    Returns
    -------
    DataFrame
        Index: last label of the window; ``total`` and one column a pair, ``row<column``, in percent.
    """
    table = checked_frame(frame)
    values = table.to_numpy()
    if checked_count(window, name="window") > len(values):
        raise ModelError(f"a window of {window} does not fit into {len(values)} observations")
    ends = np.arange(window, len(values) + 1, checked_count(step, name="step"))
    stacked = np.stack([values[end - window : end] for end in ends])
    shares = 100 * normal(fevd(var_least_squares(stacked, lags), horizon))
    names, k = [str(name) for name in table.columns], values.shape[1]
    columns = {"total": _total(shares)}
    columns |= {f"{names[i]}<{names[j]}": shares[:, i, j] for i in range(k) for j in range(k) if i != j}
    return pd.DataFrame(columns, index=table.index[ends - 1])


def connectedness_interval(
    frame: Frame,
    found: Connectedness,
    *,
    level: float = 0.8,
    replications: int = 499,
    block: int = 1,
    seed: int = 0,
) -> ConnectednessInterval:
    """Interval by a residual bootstrap with Kilian's correction for the bias of coefficients.

    Parameters
    ----------
    frame : DataFrame or array-like, shape (n, k)
        That ``found`` was computed from.
    found : Connectedness
    level : float
    replications : int
    block : int
        Residuals are resampled in blocks of this length; one for independent shocks, several weeks where volatility
        clusters (Brueggemann, Jentsch and Trenkler 2016).
    seed : int

    Returns
    -------
    ConnectednessInterval
        Squares make small shares come out too large, in the resamples as in the sample: the percentiles are moved by that
        distance. Basic intervals in logits or roots cover less where a share is near zero.

    References
    ----------
    Kilian (1998), Review of Economics and Statistics 80(2); Brueggemann, Jentsch and Trenkler (2016), Journal of
    Econometrics 191(1). Coverage: ``tests/coverage/study_regimes_spillovers.py``.
    """
    table, lags, rng = frame_of(found, frame), found.lags, np.random.default_rng(seed)
    values, names = table.to_numpy(), table.columns
    fitted = var_least_squares(values[None], lags)
    coefs, constant, residuals = fitted.coefs, fitted.constant, fitted.residuals
    if largest_root(coefs[0]) >= LARGEST_ROOT:
        empty = pd.DataFrame(np.nan, names, names)
        return ConnectednessInterval((math.nan, math.nan), empty, empty, level, 0, block, False)
    first = resampled_paths(values, coefs[0], constant[0], residuals[0], block, replications, rng)
    bias = var_least_squares(first, lags).coefs.mean(axis=0) - coefs[0]
    unbiased = less_bias(coefs[0], bias)
    # The constant that belongs to the corrected slopes keeps the mean where it was.
    mean = values.mean(axis=0)
    moved = mean - unbiased.sum(axis=0) @ mean
    paths = resampled_paths(values, unbiased, moved, residuals[0], block, replications, rng)
    drawn = var_least_squares(paths, lags)
    corrected = np.stack([less_bias(one, bias) for one in drawn.coefs])
    shares = normal(fevd(replace(drawn, coefs=corrected), found.horizon))
    point = found.shares.to_numpy() / 100
    low, high = _moved(point, shares, level)
    ends = _moved(np.array(found.total / 100), _total(shares), level)
    return ConnectednessInterval(
        total=(100 * float(ends[0]), 100 * float(ends[1])),
        low=pd.DataFrame(100 * low, names, names),
        high=pd.DataFrame(100 * high, names, names),
        level=level,
        replications=replications,
        block=block,
        stable=True,
    )


def frame_of(found: Connectedness, frame: Frame) -> pd.DataFrame:
    """The frame checked, and refused when it is not the one that ``found`` was computed from."""
    table = checked_frame(frame)
    same = table.columns.equals(found.shares.columns)
    if not same or len(table) != found.n_obs + found.lags:
        names = ", ".join(str(name) for name in found.shares.columns)
        raise ModelError(
            f"this frame of {len(table)} rows and columns {', '.join(str(name) for name in table.columns)} is not the one "
            f"of the connectedness given: {found.n_obs + found.lags} rows of {names}"
        )
    return table


def checked_frame(frame: Frame) -> pd.DataFrame:
    """A frame of numbers that a decomposition can be made of; else an error that says why."""
    try:
        frame = pd.DataFrame(frame).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(f"connectedness needs a table of numbers, a column a series ({error})") from error
    checked_time(frame, name="the series")
    values = frame.to_numpy()
    if values.shape[1] < 2 or len(values) < 2:
        raise ModelError(
            f"connectedness needs at least two series, observed more than once (got {values.shape[1]} series of "
            f"{len(values)} observations)"
        )
    bad = ~np.isfinite(values)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ModelError(
            f"{int(bad.sum())} values are missing, the first of {frame.columns[column]} at {frame.index[row]}",
            remedy="give a sample in which all series are observed",
        )
    flat = [
        str(name) for name, spread in zip(frame.columns, np.ptp(values, axis=0), strict=True) if spread == 0
    ]
    if flat:
        raise ModelError(f"series that do not vary: {', '.join(flat)}")
    correlation = np.corrcoef(values, rowvar=False)
    if dependent(correlation):
        loading = np.abs(np.linalg.eigh(correlation)[1][:, 0])
        names = [str(name) for name, weight in zip(frame.columns, loading, strict=True) if weight > 0.01]
        raise ModelError(
            f"series that depend on each other linearly: {', '.join(names)}", remedy="leave one of them out"
        )
    return frame


def normal(shares: FloatArray) -> FloatArray:
    """Shares whose rows sum to one."""
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def _total(shares: FloatArray) -> FloatArray:
    return np.asarray(
        1.0 * (shares.sum(axis=(-2, -1)) - np.trace(shares, axis1=-2, axis2=-1)) / shares.shape[-1]
    )


def _moved(point: FloatArray, draws: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Percentiles of the draws, moved by the distance of their mean from the estimate and cut at zero and one."""
    tail = (1 - checked_level(level)) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0) + (point - draws.mean(axis=0))
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
