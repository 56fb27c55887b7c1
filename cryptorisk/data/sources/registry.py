"""The live sources ready to be asked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec

from cryptorisk.data.sources.address import is_usable
from cryptorisk.data.sources.names import MODULES
from cryptorisk.data.sources.source import LiveSource
from cryptorisk.errors import DataError, KitError

PACKAGES = {
    "curl_cffi": "curl_cffi",
    "pandera": "pandera",
    "requests": "requests",
    "sdmx1": "sdmx",
    "tenacity": "tenacity",
    "urllib3": "urllib3",
    "yfinance": "yfinance",
}
"""Packages of the extra ``live`` and how they are imported."""


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
        For an unknown name, with the nearest, and for what is no address.
    """
    wanted = tuple(dict.fromkeys(names)) or MODULES
    for name in (*wanted, *(addresses or {})):
        if name not in MODULES:
            near = difflib.get_close_matches(name, MODULES, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(MODULES)}"
            raise DataError(f"there is no live source {name[:40]!r}", remedy=hint)
    for name, address in (addresses or {}).items():
        if not is_usable(address):
            what = f"the address given for {name} is none that can be asked"
            raise DataError(what, remedy="give it as https://host/path or http://host:port/path")
    chosen = [name for name in MODULES if name in wanted]
    return {name: _make(name, (addresses or {}).get(name, "")) for name in chosen}


def demand_live_packages() -> None:
    """Refuse to begin without the packages of the extra ``live``.

    Raises
    ------
    KitError
        Naming what is missing.
    """
    lacking = [name for name, module in PACKAGES.items() if find_spec(module) is None]
    if lacking:
        raise KitError(
            f"a refresh needs packages that are not installed: {', '.join(lacking)}",
            remedy="pip install 'cryptorisk[live]'",
        )


def _make(name: str, address: str) -> LiveSource:
    source: type[LiveSource] = import_module(f"cryptorisk.data.sources.{name}").SOURCE
    return source(address.rstrip("/"))
