"""The data log: series, sources and faults of a vintage as Markdown, between two marks of `data/README.md`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from cryptorisk.data.browse import list_series
from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.compile import compile_vintage
from cryptorisk.data.selection import choose
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.vintage import Vintage, open_vintage
from cryptorisk.errors import DataError
from cryptorisk.files.refused import writing_to
from cryptorisk.files.whole import write_whole

LOG = "README.md"
"""Name of the data log in the folder of vintages."""

BEGIN = "<!-- generated from the vintage: begin -->"
END = "<!-- generated from the vintage: end -->"

PASSING_ON: dict[str, str] = {
    "open": "allowed",
    "attribution": "allowed, with the source named",
    "facts-quoted": "single figures, with their page",
    "non-commercial": "allowed with the notice, not for commercial purposes",
    "own-use": "not allowed: for the institution's own use",
}

MONTHLY_RUNS = ("cpi_index_monthly", "official_fx_lcu_per_usd")
"""Series whose monthly changes are used in unbroken runs."""


def render_log(vintage: Vintage) -> str:
    """The generated part of the data log: files, sources, series, faults and what was left out."""
    parts = [
        f"## Vintage {vintage.info.name}\n",
        "### Files\n",
        _table(
            ("file", "what", "rows", "bytes", "licence class"),
            (
                (f"`{r['path']}`", r["title"], r["rows"], r["bytes"], ", ".join(r["licence_class"]))
                for r in vintage.resources.values()
            ),
        ),
        "### Sources\n",
        _sources(vintage),
        "### Live sources\n\nWhat `cryptorisk data refresh` may fetch. *Wire format* is the date of the answers and "
        "documents that the tests speak; the providers themselves are not asked by any test.\n",
        _live_sources(),
        "### Series\n",
        _series(vintage),
        "### Known faults\n\n`drop`: the range is left out; `flag`: it stays and a report says so.\n",
        _faults(vintage),
        "### Months missing inside monthly series\n\nGaps of less than a year. Nothing is filled in: a run of "
        "monthly changes ends before such a gap and begins anew after it, so that even one month cuts off the "
        "months before.\n",
        _table(("series", "country", "months missing"), month_gaps(vintage)),
        "### Left out or corrected when compiling\n",
        _table(("table", "rows", "reason"), vintage.table("dropped")[["table", "rows", "reason"]].to_numpy()),
    ]
    return "\n".join(parts)


def write_log(readme: Path, vintage: Vintage) -> None:
    """Put the generated part between the marks of the data log.

    Raises
    ------
    DataError
        When the marks are not there once each and in order.
    """
    text = readme.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    middle, end, after = rest.partition(END)
    del middle
    if not mark or not end or BEGIN in after or END in after:
        raise DataError("the marks of the generated part are missing or doubled", where=str(readme))
    content = f"{before}{BEGIN}\n\n{render_log(vintage)}\n{END}{after}"
    with writing_to(readme.parent):
        write_whole(readme, content.encode())


def recompile(source: Path, data: Path, date: dt.date, *, name: str | None = None) -> Path:
    """Compile the kit's own vintage anew, in place of the old one, and bring the data log up to date.

    Parameters and errors as `cryptorisk.data.compile.compile_vintage`; ``data`` is the kit's data folder.
    """
    path = compile_vintage(source, data, date, name=name, replace=True)
    write_log(data / LOG, open_vintage(path))
    return path


def month_gaps(vintage: Vintage) -> list[tuple[str, str, str]]:
    """Gaps of one to eleven months inside monthly prices and exchange rates.

    Returns
    -------
    list of tuple of str
        Series, country, gaps written ``YYYY-MM`` or ``YYYY-MM to YYYY-MM`` (many of them: their number and span);
        figures as the precedence chooses them.
    """
    found = []
    for id in MONTHLY_RUNS:
        for country in vintage.countries(id):
            rows = choose(vintage.observations(id, country), vintage.catalogue[id])
            months = rows.dates.astype("datetime64[M]")
            lacking = np.diff(months).astype(int) - 1
            short = np.flatnonzero((lacking > 0) & (lacking < 12))
            gaps = [_gap(months[at] + 1, int(lacking[at])) for at in short]
            found += [(f"`{id}`", country, _gaps_in_words(gaps))] if gaps else []
    return found


def _gap(first: np.datetime64, months: int) -> str:
    return str(first) if months == 1 else f"{first} to {first + (months - 1)}"


def _gaps_in_words(gaps: list[str]) -> str:
    """More than four gaps are a series of another rhythm, not omissions to be listed."""
    if len(gaps) <= 4:
        return ", ".join(gaps)
    return f"{len(gaps)} gaps between {gaps[0][:7]} and {gaps[-1][-7:]}"


def _sources(vintage: Vintage) -> str:
    ids = sorted(source["id"] for source in vintage.descriptor["source_register"])
    rows = (
        (
            f"`{s.id}`",
            f"[{s.organisation}]({s.url})" if s.url else s.organisation,
            s.title,
            s.licence,
            s.licence_class,
            s.attribution,
            s.caveat,
        )
        for s in (vintage.catalogue.sources[id] for id in ids)  # as a report names them
    )
    return _table(("id", "organisation", "title", "licence", "class", "named in a report as", "caveat"), rows)


def _live_sources() -> str:
    register = catalogue().sources
    rows = (
        (
            f"`{name}`",
            f"`{id}`",
            register[id].licence,
            register[id].attribution,
            PASSING_ON[register[id].licence_class],
            source.limits,
            f"[{source.tested}]({source.documentation})",
        )
        for name, source in live_sources().items()
        for id in source.register
    )
    heads = ("source", "id", "licence", "named in a report as", "passing on", "rate limits", "wire format")
    return _table(heads, rows)


def _series(vintage: Vintage) -> str:
    listed = list_series(vintage)
    listed["sign"] = [vintage.catalogue[id].sign for id in listed["series"]]
    rows = (
        (
            f"`{row['series']}`",
            f"{row['description']} ({row['sign']})" if row["sign"] else row["description"],
            row["unit"],
            row["frequency"],
            row["data_class"],
            row["economies"],
            f"{row['first']} to {row['last']}" if row["economies"] else "–",
            _precedence(vintage, str(row["series"])),
        )
        for row in listed.to_dict("records")
    )
    heads = ("series", "what", "unit", "frequency", "class", "economies", "dates", "sources, preferred first")
    return "`a + b`: b continues a; `a > b`: b only for economies without a.\n\n" + _table(heads, rows)


def _precedence(vintage: Vintage, id: str) -> str:
    return " > ".join(" + ".join(group) for group in vintage.catalogue[id].precedence)


def _faults(vintage: Vintage) -> str:
    table = vintage.table("faults").fillna("")
    heads = ("series", "country", "from", "to", "source", "action", "rows", "reason")
    return _table(heads, table[list(heads)].to_numpy())


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
