"""Which live sources there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from importlib import import_module

from cryptorisk.data.sources.source import LiveSource
from cryptorisk.errors import DataError

TITLES = {
    "yahoo": "Yahoo Finance",
    "worldbank": "World Bank",
    "imf": "International Monetary Fund",
    "bis": "Bank for International Settlements",
    "coinmetrics": "Coin Metrics",
    "defillama": "DefiLlama",
}
"""Who it is, by the name of the source: the one list of them, in the order in which they are asked and shown."""

MODULES = tuple(TITLES)
"""Each a module beside this one with the class ``SOURCE``, read only when the source is asked."""


def live_sources(
    names: Iterable[str] = (), addresses: Mapping[str, str] | None = None
) -> dict[str, LiveSource]:
    """The live sources by name.

    Parameters
    ----------
    names : iterable of str
        Those wanted; all when empty.
    addresses : mapping of str to str, optional
        Addresses that stand in for the providers' own, by name: an institution's mirror, a server under test.

    Raises
    ------
    DataError
        For an unknown name, with the nearest.
    """
    wanted = tuple(dict.fromkeys(names)) or MODULES
    for name in (*wanted, *(addresses or {})):
        if name not in MODULES:
            near = difflib.get_close_matches(name, MODULES, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(MODULES)}"
            raise DataError(f"there is no live source {name[:40]!r}", remedy=hint)
    chosen = [name for name in MODULES if name in wanted]
    return {name: _make(name, (addresses or {}).get(name, "")) for name in chosen}


def title_of(name: str) -> str:
    """Who a source is, in words; the name itself for one that a later version of the kit brought."""
    return TITLES.get(name, name)


def _make(name: str, address: str) -> LiveSource:
    source: type[LiveSource] = import_module(f"cryptorisk.data.sources.{name}").SOURCE
    return source(address.rstrip("/"))
