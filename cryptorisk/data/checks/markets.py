"""Which series are market prices, and which are prices of crypto-assets: by their id, unit and frequency.

A market price is quoted daily and its id says so: ``..._price_usd``, ``..._price_lcu``, ``..._close``, ``..._etf_usd``,
``..._usd_bbl``, ``..._usd_oz`` or a daily index. Exchange rates and policy rates are none: a peg or an official rate
stands still by right. Nor are supplies, market values and on-chain figures.
"""

from __future__ import annotations

import re

from cryptorisk.data.catalogue import Catalogue, SeriesSpec

STABLECOINS = frozenset({"usdt", "usdc", "dai", "busd", "tusd"})
"""Assets of the catalogue that are pegged to the US dollar: their price may stand still."""

_PRICE = re.compile(r"_price_(usd|lcu)$|_close$|_etf_usd$|_usd_(bbl|oz)$")
_CRYPTO_PRICE = re.compile(r"(?P<asset>[a-z0-9]+)_price_(?:usd|lcu)")
_CRYPTO_MARK = ("_market_cap_usd", "_supply", "_active_addresses", "_tx_count")


def crypto_asset(spec: SeriesSpec, known: Catalogue) -> str:
    """The crypto-asset whose daily price a series is: ``btc``; "" for every other series.

    An asset is a crypto-asset if the catalogue has its market value, supply or another figure of its chain, or if its
    series is described as one.
    """
    match = _CRYPTO_PRICE.fullmatch(spec.id)
    if spec.frequency != "D" or match is None:
        return ""
    asset = match["asset"]
    on_chain = any(asset + mark in known for mark in _CRYPTO_MARK)
    return asset if on_chain or spec.description.startswith(f"{asset.upper()}:") else ""


def is_market_price(spec: SeriesSpec) -> bool:
    """Whether a series is a market price, which moves on every trading day."""
    if spec.frequency != "D" or spec.id.split("_")[0] in STABLECOINS:
        return False
    return spec.unit == "index" or _PRICE.search(spec.id) is not None


def may_be_negative(spec: SeriesSpec) -> bool:
    """Whether a price below zero is possible: WTI crude settled at -37 dollars a barrel on 20 April 2020."""
    return spec.id.endswith("_usd_bbl")
