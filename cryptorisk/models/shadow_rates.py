"""Prices of a dollar outside the official market, as the data have them.

Outside the chapters, because capital flight reads them for premia and every ratio to GDP for GDP in dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK

CRYPTO_RATE = "crypto_implied_fx_lcu_per_usd"
IMF_CRYPTO_RATE = "crypto_parallel_fx_lcu_per_usd"
BITCOIN_RATE = "btc_price_lcu"
CASH_RATE = "parallel_fx_lcu_per_usd"
SHADOW: Mapping[str, str] = MappingProxyType(
    {
        CRYPTO_RATE: "crypto-implied (stablecoin, peer to peer)",
        IMF_CRYPTO_RATE: "crypto-based parallel (International Monetary Fund, by month)",
        BITCOIN_RATE: "crypto-implied (bitcoin, the institution's own prices)",
        CASH_RATE: "parallel market (cash, not crypto)",
    }
)
"""In order of precedence: what the chapter is about before what it is not, a day's quote before a month's, a dollar token
before bitcoin, whose two prices are seldom of the same minute."""


def shadow_rate(
    inputs: Inputs, series_id: str, country: str | None = None
) -> tuple[pd.Series, tuple[str, ...]]:
    """One of the rates in `SHADOW`, and the series it is made from; empty where there is none.

    Bitcoin's price in national currency counts where the institution gives it: a vendor's is made of the dollar price and
    the official rate, and its premium is nought by construction.

    Parameters
    ----------
    inputs : Inputs
    series_id : str
    country : str, optional
        ISO code; the inputs' own country by default.
    """
    series = inputs.series(series_id, country=country)
    values = series.values.dropna()
    if series_id != BITCOIN_RATE:
        return values, (series_id,)
    if values.empty or set(series.source_ids) != {BANK}:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([])), (series_id,)
    dollars = inputs.series("btc_price_usd", country="WLD").values.dropna()
    return (values / dollars).dropna(), (series_id, "btc_price_usd")
