"""Lag orders of an autoregressive distributed-lag model by an information criterion.

All candidates are estimated on the same observations. They are nested in one regression, so that each is a small
linear system in the cross products of that regression; a thousand candidates take a few hundredths of a second.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import Levels, Order, Regressors, Trend
from cryptorisk.stats.error_correction import FEWEST_DF, criterion_value
from cryptorisk.stats.sample import FloatArray, Values

Criterion = Literal["aic", "bic"]


@dataclass(frozen=True)
class OrderChoice:
    """The chosen order, its criterion, and how many candidates were compared."""

    order: Order
    value: float
    criterion: Criterion
    candidates: int


def select_order(
    y: Values,
    x: Regressors,
    *,
    max_lags: int,
    max_order: int,
    trend: Trend = "c",
    fixed: Regressors | None = None,
    criterion: Criterion = "aic",
) -> OrderChoice:
    """The order with the smallest information criterion.

    Parameters
    ----------
    y : array-like, shape (t,)
    x : ndarray or DataFrame, shape (t, k)
    max_lags, max_order : int
        Largest p, and largest q of every regressor; both count from one.
    trend : {"n", "c", "ct"}
    fixed : ndarray or DataFrame, shape (t, f), optional
    criterion : {"aic", "bic"}

    Returns
    -------
    OrderChoice
        Among equals the shortest order.

    Raises
    ------
    ModelError
        As `fit_error_correction`, and when the largest model leaves too few degrees of freedom.
    """
    largest = Order(max_lags, (max_order,) * (1 if np.ndim(x) == 1 else np.shape(x)[1]))
    table = Levels.read(y, x, fixed)
    blocks = table.blocks(largest.lags, largest.distributed, trend)
    k = len(table.x_names)
    response = table.change()[largest.longest :]
    columns = [block.values[largest.longest :] for block in blocks]
    always = np.column_stack([*columns[: 2 + k], columns[-1]])
    if len(response) < always.shape[1] + sum(c.shape[1] for c in columns[2 + k : -1]) + FEWEST_DF:
        raise ModelError(
            f"{len(response)} observations are too few for orders up to ({max_lags}, {max_order})",
            remedy="lower max_lags and max_order",
        )
    optional = columns[2 + k : -1]
    response, optional = _less(always, response, optional)
    stacked = np.column_stack(optional)
    gram, moment, total = stacked.T @ stacked, stacked.T @ response, float(response @ response)
    starts = np.cumsum([0, *(block.shape[1] for block in optional)])
    # One lag of y and one order of x are levels alone; each further one adds a column of its block.
    extra = [range(max_lags), *(range(1, max_order + 1) for _ in range(k))]
    best: tuple[float, int, tuple[int, ...]] | None = None
    count = 0
    for taken in itertools.product(*extra):
        chosen = np.concatenate([start + np.arange(n) for start, n in zip(starts, taken, strict=False)])
        ssr = total - _explained(gram, moment, chosen.astype(np.int64))
        size = always.shape[1] + len(chosen)
        candidate = (criterion_value(max(ssr, 1e-300), len(response), size, criterion), size, taken)
        best = candidate if best is None or candidate < best else best
        count += 1
    assert best is not None
    value, _, taken = best
    return OrderChoice(Order(taken[0] + 1, tuple(taken[1:])), value, criterion, count)


def _less(
    always: FloatArray, response: FloatArray, optional: list[FloatArray]
) -> tuple[FloatArray, list[FloatArray]]:
    """What is left of response and optional columns after the columns that every candidate has (Frisch and Waugh)."""
    basis, _ = np.linalg.qr(always)
    return response - basis @ (basis.T @ response), [b - basis @ (basis.T @ b) for b in optional]


def _explained(gram: FloatArray, moment: FloatArray, chosen: np.ndarray) -> float:
    if not len(chosen):
        return 0.0
    part = gram[np.ix_(chosen, chosen)]
    return float(moment[chosen] @ np.linalg.solve(part, moment[chosen]))
