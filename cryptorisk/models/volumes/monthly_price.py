"""Bitcoin's price by month, observed and then implied by the indices in dollars and in bitcoin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.activity import COINS, USD
from cryptorisk.models.market.observed import PRICE, monthly
from cryptorisk.models.market.reading import Reading, read, refusal_of
from cryptorisk.result import Result

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MonthlyPrice:
    """Mean price of each month.

    Attributes
    ----------
    log_centre : ndarray, shape (n,)
        Of the months asked for.
    usd, coins : Reading
        The two indices, whose ratio is the price but for a constant.
    """

    log_centre: Floats
    usd: Reading
    coins: Reading

    def log_draws(self, rows: Ints, signs: Floats) -> Floats:
        """Draws that go with the same past errors of both indices, shape (draws, n)."""
        error = self.usd.errors(rows, signs) - self.coins.errors(rows, signs)
        return np.asarray(self.log_centre + error[:, error.shape[1] - self.log_centre.size :])


def bitcoin_price(inputs: Inputs, market: Result, months: pd.DatetimeIndex) -> MonthlyPrice | str:
    """The price in each month, or the reason why it is not known.

    Parameters
    ----------
    inputs : Inputs
    market : Result
    months : DatetimeIndex
        The last months of the index, forecast ones included.
    """
    usd, coins = read(market, USD), read(market, COINS)
    if usd is None or coins is None:
        return refusal_of(market, COINS)
    if not coins.log_values.index.equals(usd.log_values.index):
        return "the index in bitcoin does not cover the same months as that in dollars"
    observed = np.log(monthly(inputs, PRICE, "stock").reindex(coins.log_values.index).to_numpy(dtype=float))
    if not np.isfinite(observed).all():
        return "bitcoin's price is not known in every month of the index"
    last = len(coins.log_values) - 1
    ratio = usd.log_path - coins.log_path
    whole = np.concatenate([observed, observed[-1] + (ratio - ratio[last])[last + 1 :]])
    return MonthlyPrice(whole[len(coins.months) - len(months) :], usd, coins)
