"""How well was volatility forecast? A loss that ranks forecasts right although volatility is never seen."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample


def qlike(squared_proxy: Values, variance: Values) -> FloatArray:
    """``ln h + proxy / h`` of each day, shape (n,); lower is better.

    Parameters
    ----------
    squared_proxy : array-like, shape (n,)
        An unbiased measure of the day's variance: the squared surprise, or a realised variance. Zero is allowed.
    variance : array-like, shape (n,)
        Forecast of it, same unit.

    Notes
    -----
    The mean ranks forecasts as the unseen variance itself would, for every unbiased proxy, however noisy (Patton
    2011, Journal of Econometrics 160(1)); the mean squared error does so too, but a single storm
    decides it.
    """
    seen = checked_sample(squared_proxy, name="proxy of the variance")
    forecast = checked_sample(variance, name="variance")
    if seen.size != forecast.size:
        raise ModelError(f"{seen.size} days but {forecast.size} forecasts")
    if (forecast <= 0).any() or (seen < 0).any():
        raise ModelError("a variance is positive and its proxy not negative")
    return np.asarray(np.log(forecast) + seen / forecast)
