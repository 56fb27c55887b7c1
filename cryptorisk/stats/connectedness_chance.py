"""What connectedness shows where there is none: the same decomposition with one series put in another order.

Squares of estimated responses are never negative, so that a decomposition gives unrelated series a share of each other, the
larger the fewer the observations. Which share that is in a given sample is found by breaking one series' dates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.connectedness import Connectedness, Frame, checked_frame, normal
from cryptorisk.stats.fevd import fevd
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.var_paths import var_least_squares

LEVEL = 0.95
"""A share is above chance when 19 in 20 orders give a smaller one."""


@dataclass(frozen=True, eq=False)
class Chance:
    """Shares, in percent, of frames whose one series stands in another order.

    Attributes
    ----------
    shares : ndarray, shape (replications, k, k)
    names : tuple of str
        Of rows and columns.
    """

    shares: FloatArray
    names: tuple[str, ...]

    def share(self, row: str, column: str) -> FloatArray:
        """Percent of the row's variance on shocks to the column, one a replication."""
        return np.asarray(self.shares[:, self.names.index(row), self.names.index(column)])

    def from_others(self, row: str) -> FloatArray:
        """Percent of the row's variance on shocks to all others."""
        return 100 - self.share(row, row)


@dataclass(frozen=True)
class Level:
    """What chance gives: the mean and the `LEVEL` quantile, in percent."""

    mean: float
    high: float

    @classmethod
    def of(cls, draws: FloatArray) -> Level:
        """Of the shares of one pair."""
        return cls(float(draws.mean()), float(np.quantile(draws, LEVEL)))

    def below(self, value: float) -> bool:
        """Whether a share is above chance."""
        return value > self.high


def chance(
    frame: Frame,
    column: str,
    found: Connectedness,
    *,
    replications: int = 199,
    block: int = 1,
    seed: int = 0,
) -> Chance:
    """The decomposition with one column's observations put in another order, blocks of them kept together.

    Parameters
    ----------
    frame : DataFrame or array-like, shape (n, k)
        That ``found`` was computed from.
    column : str
        The series whose order is broken: it then goes with no other, and no other with it.
    found : Connectedness
        Its lags and horizon are taken.
    replications : int
    block : int
        Observations that stay together, so that clusters of volatility do.
    seed : int

    Returns
    -------
    Chance
    """
    table = checked_frame(frame)
    values, place = table.to_numpy(), place_of(table, column)
    orders = _orders(len(values), block, replications, np.random.default_rng(seed))
    paths = np.repeat(values[None], replications, axis=0)
    paths[:, :, place] = values[orders, place]
    shares = 100 * normal(fevd(var_least_squares(paths, found.lags), found.horizon))
    return Chance(shares, tuple(str(name) for name in table.columns))


def place_of(table: pd.DataFrame, column: str) -> int:
    """Place of a column, or an error that names those there are."""
    if column not in table.columns:
        names = ", ".join(str(name) for name in table.columns)
        raise ModelError(f"no series {column!r} in the frame", remedy=f"use one of {names}")
    return list(table.columns).index(column)


def _orders(n: int, block: int, replications: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Places 0 to n - 1 in blocks whose order is drawn, the first block cut at a random place."""
    count = math.ceil(n / block)
    first = rng.integers(0, block, replications)[:, None]
    keys = rng.random((replications, count + 1))
    blocks = (np.arange(n)[None] + first) // block
    drawn = np.take_along_axis(keys, blocks, axis=1)
    return np.argsort(drawn, axis=1, kind="stable")
