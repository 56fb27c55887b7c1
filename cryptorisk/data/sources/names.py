"""The live sources by name: the one list of them."""

from __future__ import annotations

TITLES = {
    "yahoo": "Yahoo Finance",
    "worldbank": "World Bank",
    "imf": "International Monetary Fund",
    "bis": "Bank for International Settlements",
    "coinmetrics": "Coin Metrics",
    "defillama": "DefiLlama",
}
"""Who it is, by the name of the source, in the order in which they are asked and shown."""

MODULES = tuple(TITLES)
"""Each a module beside this one with the class ``SOURCE``, read only when the source is asked."""


def title_of(name: str) -> str:
    """Who a source is, in words; the name itself for one that a later version of the kit brought."""
    return TITLES.get(name, name)
