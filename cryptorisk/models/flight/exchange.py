"""Dollar values of other currencies from December to December, the SDR among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from cryptorisk.data.catalogue import EURO_AREA
from cryptorisk.data.inputs import Inputs
from cryptorisk.rules.sdr import usd_per_sdr

EURO_RATES = (EURO_AREA, "XKX")
"""Where the vintage may hold the euro's rate: the euro area, or Kosovo, which uses the euro."""
ECONOMIES: Mapping[str, Sequence[str]] = MappingProxyType(
    {"EUR": EURO_RATES, "JPY": ("JPN",), "GBP": ("GBR",), "CHF": ("CHE",), "CNY": ("CHN",)}
)
"""Whose official exchange rate is the rate of a currency."""


def december(inputs: Inputs, economies: Sequence[str]) -> pd.Series:
    """Units of a currency per dollar, mean of December, by year; empty without a rate.

    Parameters
    ----------
    inputs : Inputs
    economies : sequence of str
        The first with a rate is taken.
    """
    rates = (inputs.series("official_fx_lcu_per_usd", country=code).values for code in economies)
    rate = next((one for one in rates if not one.empty), pd.Series(dtype=float))
    dates = pd.DatetimeIndex(rate.index)
    chosen = dates.month == 12
    return pd.Series(rate.to_numpy(float)[chosen], index=dates.year[chosen])


def usd_values(inputs: Inputs) -> pd.DataFrame:
    """US dollars per unit of each currency, and per SDR, at the end of each year.

    Returns
    -------
    DataFrame
        Year by currency code (``SDR`` last); NaN where a rate is missing.
    """
    frame = pd.DataFrame({code: 1 / december(inputs, where) for code, where in ECONOMIES.items()})
    frame["SDR"] = [
        usd_per_sdr(dt.date(int(year), 12, 31), {str(k): float(v) for k, v in row.dropna().items()})
        for year, (_index, row) in zip(frame.index, frame.iterrows(), strict=True)
    ]
    return frame.astype(float)


def moves(inputs: Inputs) -> pd.DataFrame:
    """Dollar value of each currency at the end of a year relative to the end of the year before."""
    values = usd_values(inputs)
    before = values.copy()
    before.index = before.index + 1
    return values / before.reindex(values.index)
