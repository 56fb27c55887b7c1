"""Concentration of values, and what a value's change is made of: price, quantity, coming and going."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values


def herfindahl(values: Values) -> float:
    """Sum of squared shares, from 1/N (all alike) to 1 (one has all).

    Parameters
    ----------
    values : array-like, shape (n,)
        Not negative, at least one positive.

    Raises
    ------
    ModelError
        For negative or missing values, or none above zero.

    References
    ----------
    Hirschman (1964), The Paternity of an Index, American Economic Review 54(5).
    """
    sizes = np.asarray(values, dtype=float)
    if sizes.size == 0 or not np.isfinite(sizes).all() or (sizes < 0).any() or sizes.sum() <= 0:
        raise ModelError(f"shares need values of at least zero, one of them above (got {sizes.size} values)")
    shares = sizes / sizes.sum()
    return float(shares @ shares)


def effective_number(values: Values) -> float:
    """How many of equal size would be as concentrated: one over `herfindahl`.

    References
    ----------
    Adelman (1969), Comment on the "H" concentration measure as a numbers-equivalent, Review of Economics and
    Statistics 51(1).
    """
    return 1.0 / herfindahl(values)


def whole_bounds(inside: float, covered: float) -> tuple[float, float]:
    """Herfindahl index of a whole of which only a part is seen: least and most.

    Parameters
    ----------
    inside : float
        Index among those that are seen.
    covered : float
        Their part of the whole, 0 to 1.

    Returns
    -------
    (low, high)
        The rest split without end, and the rest in one hand.
    """
    if not 0 <= covered <= 1 or not 0 < inside <= 1:
        raise ModelError(f"an index and a share lie between 0 and 1 (got {inside} and {covered})")
    least = covered**2 * inside
    return least, least + (1 - covered) ** 2


def bennet(
    price0: FloatArray, price1: FloatArray, quantity0: FloatArray, quantity1: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The change of price times quantity as a part of each, which add up to it exactly.

    Returns
    -------
    (price part, quantity part)
        ``(q0 + q1)/2 (p1 - p0)`` and ``(p0 + p1)/2 (q1 - q0)``: the product of both changes is halved between them.

    References
    ----------
    Bennet (1920), The theory of measurement of changes in cost of living, Journal of the Royal Statistical Society 83(3);
    Diewert (2005), Index number theory using differences rather than ratios, American Journal of Economics and
    Sociology 64(1).
    """
    return (
        np.asarray((quantity0 + quantity1) / 2 * (price1 - price0)),
        np.asarray((price0 + price1) / 2 * (quantity1 - quantity0)),
    )


def changes(values: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Changes of a total, period by period, as price, quantity, what entered the data and what left them.

    Parameters
    ----------
    values : DataFrame, shape (periods, things)
        Missing where a thing is not in the data.
    prices : DataFrame, same shape
        Quantities are values over prices.

    Returns
    -------
    DataFrame
        One row a period but the first: start, price, quantity, entered, left, end, with
        ``start + price + quantity + entered - left = end``.

    Raises
    ------
    ModelError
        When the frames differ in shape, or a value stands without a positive price.
    """
    if not (values.index.equals(prices.index) and values.columns.equals(prices.columns)):
        raise ModelError("values and prices must have the same periods and things")
    v, p = values.to_numpy(dtype=float), prices.to_numpy(dtype=float)
    known = np.isfinite(v)
    if not (p[known] > 0).all():
        raise ModelError("a value without a positive price has no quantity", remedy="leave it out")
    q = np.where(known, v / np.where(known, p, 1.0), np.nan)
    both = known[:-1] & known[1:]
    by_price, by_quantity = bennet(p[:-1], p[1:], q[:-1], q[1:])
    columns = {
        "start": np.nansum(v[:-1], axis=1),
        "price": np.where(both, by_price, 0.0).sum(axis=1),
        "quantity": np.where(both, by_quantity, 0.0).sum(axis=1),
        "entered": np.where(known[1:] & ~known[:-1], v[1:], 0.0).sum(axis=1),
        "left": np.where(known[:-1] & ~known[1:], v[:-1], 0.0).sum(axis=1),
        "end": np.nansum(v[1:], axis=1),
    }
    return pd.DataFrame(columns, index=values.index[1:])
