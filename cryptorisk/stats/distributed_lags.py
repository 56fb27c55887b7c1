"""Lagged levels and lagged differences of a dependent variable and its regressors, as columns of a regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample

Trend = Literal["n", "c", "ct"]
Regressors = FloatArray | pd.DataFrame
DETERMINISTIC: dict[Trend, tuple[str, ...]] = {"n": (), "c": ("const",), "ct": ("const", "trend")}


@dataclass(frozen=True)
class Order:
    """Lags of the dependent variable (p) and of each regressor (q_j) in the autoregressive distributed-lag model."""

    lags: int
    distributed: tuple[int, ...]

    def __post_init__(self) -> None:
        if min(self.lags, *self.distributed) < 1:
            raise ModelError(
                f"orders must be 1 or more (got {self})", remedy="each level enters with a lag of one"
            )

    def __str__(self) -> str:
        return f"({', '.join(str(n) for n in (self.lags, *self.distributed))})"

    @property
    def longest(self) -> int:
        """Observations that the lags use up."""
        return max(self.lags, *self.distributed)


@dataclass(frozen=True)
class Block:
    """Columns of the design that belong together, over the whole sample (missing values at the beginning)."""

    names: tuple[str, ...]
    values: FloatArray


@dataclass(frozen=True)
class Levels:
    """The data in levels, checked."""

    y_name: str
    y: FloatArray
    x_names: tuple[str, ...]
    x: FloatArray
    fixed_names: tuple[str, ...]
    fixed: FloatArray

    @classmethod
    def read(cls, y: Values, x: Regressors, fixed: Regressors | None) -> Levels:
        """The data as arrays, refused where a value is not finite or lengths differ."""
        name = str(y.name) if isinstance(y, pd.Series) and y.name is not None else "y"
        left = checked_sample(y, name=name)
        x_names, right = _columns(x, "x", len(left))
        if not x_names:
            raise ModelError("x has no column: an error-correction model needs a regressor")
        if fixed is None:
            return cls(name, left, x_names, right, (), np.empty((len(left), 0)))
        return cls(name, left, x_names, right, *_columns(fixed, "fixed", len(left)))

    def change(self) -> FloatArray:
        """First difference of the dependent variable, missing at the first observation."""
        return _lagged_change(self.y, 0)

    def blocks(self, lags: int, distributed: Sequence[int], trend: Trend) -> list[Block]:
        """Deterministic terms and fixed regressors first and last, between them levels and differences."""
        t = len(self.y)
        certain = {"const": np.ones(t), "trend": np.arange(1.0, t + 1)}
        deterministic = DETERMINISTIC[trend]
        found = [
            Block(
                deterministic,
                np.column_stack([certain[n] for n in deterministic]) if deterministic else np.empty((t, 0)),
            ),
            Block((f"{self.y_name}.L1",), _lag(self.y)[:, None]),
            *(Block((f"{n}.L1",), _lag(self.x[:, j])[:, None]) for j, n in enumerate(self.x_names)),
        ]
        found.append(self._changes(self.y_name, self.y, range(1, lags)))
        found += [self._changes(n, self.x[:, j], range(distributed[j])) for j, n in enumerate(self.x_names)]
        return [*found, Block(self.fixed_names, self.fixed)]

    def _changes(self, name: str, values: FloatArray, lags: range) -> Block:
        columns = [_lagged_change(values, lag) for lag in lags]
        table = np.column_stack(columns) if columns else np.empty((len(values), 0))
        return Block(tuple(f"D.{name}.L{lag}" for lag in lags), table)


def _columns(x: Regressors, name: str, rows: int) -> tuple[tuple[str, ...], FloatArray]:
    table = np.array(x, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or len(table) != rows:
        raise ModelError(f"{name} must have one row for each of the {rows} values of y (got {table.shape})")
    names = (
        tuple(map(str, x.columns))
        if isinstance(x, pd.DataFrame)
        else tuple(f"{name}{j}" for j in range(table.shape[1]))
    )
    for j, label in enumerate(names):
        checked_sample(table[:, j], name=label)
    return names, table


def _lag(values: FloatArray) -> FloatArray:
    return np.concatenate([[np.nan], values[:-1]])


def _lagged_change(values: FloatArray, lag: int) -> FloatArray:
    change = np.concatenate([[np.nan], np.diff(values)])
    return np.concatenate([np.full(lag, np.nan), change[: len(values) - lag]])
