"""Which of several forecasts may be the best? The model confidence set on daily losses."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from arch.bootstrap import MCS

from cryptorisk.errors import ModelError

SIZE = 0.10
"""Size of the test: the set holds the best forecast with 90 % (Hansen, Lunde and Nason report 90 and 75 %)."""

REPLICATIONS = 1_000
"""Bootstrap replications: the error of a p-value near the size is then 0.009."""


def model_confidence(
    losses: pd.DataFrame,
    *,
    rng: np.random.Generator,
    block: int | None = None,
    replications: int = REPLICATIONS,
) -> pd.Series[float]:
    """P-value with which each forecast belongs to the set of the best.

    Parameters
    ----------
    losses : DataFrame, shape (days, forecasts)
        Loss of every forecast on every day, lower is better; a column each.
    rng : numpy.random.Generator
    block : int, optional
        Mean length of the blocks of the stationary bootstrap; default the square root of the days.
    replications : int

    Returns
    -------
    Series
        Indexed as the columns. Forecasts below the size (`SIZE`) are out of the set. The best has one.

    Raises
    ------
    ModelError
        For fewer than two forecasts, or losses that are not finite.

    Notes
    -----
    With the maximum statistic. The range one throws a forecast out for a small but steady difference from a near
    twin (the same volatility with another tail), and keeps a bad one whose losses differ from day to day.

    References
    ----------
    Hansen, Lunde and Nason (2011), Econometrica 79(2).
    """
    if losses.shape[1] < 2:
        raise ModelError("a model confidence set compares at least two forecasts")
    values = losses.to_numpy(dtype=float)
    bad = [
        str(name)
        for name, fine in zip(losses.columns, np.isfinite(values).all(axis=0), strict=True)
        if not fine
    ]
    if bad:
        raise ModelError(f"losses of {', '.join(bad)} are not finite on every day")
    length = math.ceil(math.sqrt(len(losses))) if block is None else block
    numbered = pd.DataFrame(values, columns=range(losses.shape[1]))
    confidence = MCS(numbered, size=SIZE, reps=replications, block_size=length, method="max", seed=rng)
    confidence.compute()
    found = confidence.pvalues["Pvalue"].sort_index().to_numpy(dtype=float)
    return pd.Series(found, index=losses.columns, name="p_value")
