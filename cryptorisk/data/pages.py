"""The pages that quoted figures were read on, by source."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs

QUOTED = "facts-quoted"
"""Licence class of sources whose figures are quoted one by one, each with its page."""

DOCUMENTS = {"UN E/C.16/2023/7": "https://undocs.org/E/C.16/2023/7"}
"""Documents that a table names by their symbol, and their address."""


def quoted_pages(inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """Addresses of the pages of quoted figures dated at or before ``as_of``, by source id, sorted.

    Of a source with figures about the economy, the world or its regions those pages alone: the others stand with the
    figures of other economies, in their tables. Of a source without any, all its pages.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    dict of str to tuple of str
    """
    rows = pd.DataFrame(_rows(inputs), columns=["source", "url", "near"]).drop_duplicates()
    pages = {}
    for source, mine in rows.groupby("source", sort=True):
        near = mine[mine["near"]]
        pages[str(source)] = tuple(sorted(set((mine if near.empty else near)["url"])))
    return pages


def _rows(inputs: Inputs) -> Iterator[tuple[str, str, bool]]:
    """Source, page, and whether it speaks about the economy, the world or its regions."""
    here = {inputs.country, WORLD}
    quoted = {id for id, source in inputs.sources.items() if source.licence_class == QUOTED}
    for id, spec in inputs.catalogue.series.items():
        for source in quoted.intersection(spec.sources):
            for place in (*inputs.economies(id), WORLD):
                yield from ((source, page, place in here) for page in inputs.pages(id, place, source))
    regulation = inputs.table("regulation")
    mine = regulation[regulation["iso3"] == inputs.country]
    for table, column in ((inputs.table("regional_volume"), "source"), (mine, "source_id")):
        if "url" in table:
            named = table[table["url"].fillna("") != ""]
            for source, page in zip(named[column], named["url"], strict=True):
                yield str(source), _address(str(page)), True


def _address(page: str) -> str:
    return next((address for name, address in DOCUMENTS.items() if page.startswith(name)), page)
