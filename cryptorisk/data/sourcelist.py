"""The live sources as a table: who, since when, under which licence, which series, which limits."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

from cryptorisk.data.refresh.record import RefreshRecord, SourceRecord
from cryptorisk.data.sources.names import title_of
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.vintage import Vintage


def list_sources(vintage: Vintage) -> pd.DataFrame:
    """The live sources and what a vintage holds of them.

    Parameters
    ----------
    vintage : Vintage

    Returns
    -------
    DataFrame
        Columns source, provider, state (never fetched, or what the last refresh that asked made of it), accessed
        (ISO date of the newest figures, "" for none), licence_class, licence, series (number), limits, tested (ISO
        date of the wire format), address; one row a source.
    """
    record = RefreshRecord.from_descriptor(vintage.descriptor)
    last = {one.name: one for one in record.sources} if record else {}
    rows = []
    for name, source in live_sources().items():
        registered = [vintage.catalogue.sources[id] for id in source.register]
        accessed = max((one.accessed for one in registered), default="")
        rows.append(
            {
                "source": name,
                "provider": title_of(name),
                "state": _state(last.get(name), accessed),
                "accessed": accessed,
                "licence_class": ", ".join(sorted({one.licence_class for one in registered})),
                "licence": "; ".join(dict.fromkeys(one.licence for one in registered)),
                "series": len(source.series),
                "limits": source.limits,
                "tested": source.tested,
                "address": source.home,
            }
        )
    return pd.DataFrame(rows)


SHORT = ("source", "provider", "state", "accessed", "licence_class", "series")
"""Columns that fit on a terminal of 80 letters."""


def for_a_reader(listed: pd.DataFrame) -> pd.DataFrame:
    """The list narrow enough for a terminal, heads in words; what is left out stands in the long one."""
    narrow = listed[list(SHORT)].copy()
    narrow["accessed"] = narrow["accessed"].where(narrow["accessed"] != "", "–")
    return narrow.rename(columns={"licence_class": "licence", "accessed": "newest fetch"})


def at_length(listed: pd.DataFrame, width: int) -> Iterator[str]:
    """Lines that say everything of every source, a source a paragraph.

    Parameters
    ----------
    listed : DataFrame
        Of `list_sources`.
    width : int
        Letters a line.
    """
    names = [str(name) for name in listed.columns if name not in ("source", "provider")]
    indent = 2 + max(map(len, names)) + 2
    for number, row in enumerate(listed.to_dict("records")):
        yield from [""] * bool(number)
        yield f"{row['source']}: {row['provider']}"
        for name in names:
            head = f"  {name.replace('_', ' ')}".ljust(indent)
            text = str(row[name]) or "–"
            yield from textwrap.wrap(
                text,
                max(width, indent + 20),
                initial_indent=head,
                subsequent_indent=" " * indent,
                break_on_hyphens=False,
                break_long_words=False,
            )


def _state(last: SourceRecord | None, accessed: str) -> str:
    if last is not None and last.state != "not asked":
        return last.state
    return "fetched earlier" if accessed else "never fetched"
