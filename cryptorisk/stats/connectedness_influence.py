"""How much of a decomposition of variances hangs on single observations: the share with each of them left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.stats.connectedness import Connectedness, Frame, checked_frame, normal
from cryptorisk.stats.connectedness_chance import place_of
from cryptorisk.stats.fevd import fevd
from cryptorisk.stats.var_paths import var_least_squares


def without_each(frame: Frame, column: str, found: Connectedness) -> pd.Series[float]:
    """Share of one series' variance on shocks to all others, with each observation left out in turn.

    Parameters
    ----------
    frame : DataFrame or array-like, shape (n, k)
        That ``found`` was computed from.
    column : str
        The series whose share is asked about.
    found : Connectedness
        Its lags and horizon are taken.

    Returns
    -------
    Series, length n
        Percent, by the label of the observation that is left out.

    Raises
    ------
    ModelError
        As `cryptorisk.stats.connectedness.connectedness`.

    Notes
    -----
    The neighbours of what is left out are then taken to follow each other: of n observations one pair of n - 1 is not one
    that was observed.
    """
    table = checked_frame(frame)
    values, place = table.to_numpy(), place_of(table, column)
    n = len(values)
    places = np.arange(n - 1)[None]
    kept = places + (places >= np.arange(n)[:, None])  # row i: all places but i
    shares = normal(fevd(var_least_squares(values[kept], found.lags), found.horizon))
    return pd.Series(100 * (1 - shares[:, place, place]), index=table.index, name=column)
