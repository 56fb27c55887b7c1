"""Prices and market values of the single crypto-assets that a vintage has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs

FLOATING = ("btc", "eth", "ltc", "xrp", "doge", "ada", "bnb", "trx")
"""Assets of the catalogue with a price of their own. Those pegged to the dollar have none to explain."""
PEGGED = ("usdt", "usdc", "dai", "busd", "tusd")


@dataclass(frozen=True, eq=False)
class Assets:
    """One daily figure of several assets.

    Attributes
    ----------
    values : DataFrame
        Days by assets, in dollars; missing where the vintage has none.
    sources, inputs : tuple of str
        Behind the columns.
    licensed : bool
        Whether a source of any asset was left out for its licence.
    """

    values: pd.DataFrame
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    licensed: bool

    @property
    def none(self) -> str:
        """Why there is nothing."""
        return "left out for their licence" if self.licensed else "not in the vintage"


def assets(inputs: Inputs, names: Iterable[str], suffix: str) -> Assets:
    """The daily figures of those assets that have any.

    Parameters
    ----------
    inputs : Inputs
    names : iterable of str
    suffix : str
        ``price_usd`` or ``market_cap_usd``.
    """
    ids = [f"{name}_{suffix}" for name in names]
    found = {id: inputs.series(id, country=WORLD) for id in ids}
    known = {id: series for id, series in found.items() if not series.empty}
    columns = {id.removesuffix(f"_{suffix}"): series.values.dropna() for id, series in known.items()}
    frame = pd.DataFrame({name: values[values > 0] for name, values in columns.items()}, dtype=float)
    frame.index = pd.DatetimeIndex(frame.index, name="date")
    sources = tuple(dict.fromkeys(s for series in known.values() for s in series.source_ids))
    licensed = any(set(inputs.catalogue[id].sources) & inputs._without for id in ids)
    return Assets(frame, sources, tuple(known), licensed)


def upper(names: Iterable[str]) -> str:
    """Tickers in a sentence."""
    return ", ".join(name.upper() for name in names)
