"""What a chapter's analysis hands on: estimates, tables and findings, frozen and able to show themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import Any, Literal, cast

import pandas as pd

from cryptorisk.estimate import MISSING, Estimate, interval_name, number

RESULT_MIME = "application/vnd.cryptorisk.result+json"
"""Notebook output type that carries a result whole; the report reads it back from the executed notebook."""

FITTING_COLUMNS = 3
"""A table with more columns may be wider than a telephone: there it is shown row by row, or scrolls sideways."""

ROWS_AT_A_GLANCE = 12
"""A longer table of numbers is read down its columns: on a telephone too it stays a table, and scrolls sideways."""

SHORT_TEXT = 22
"""Letters of a cell up to which several stand side by side on a telephone: two lines of a third of its width."""

Severity = Literal["alert", "warning", "notice", "info"]
SEVERITIES: tuple[Severity, ...] = ("alert", "warning", "notice", "info")


@dataclass(frozen=True)
class Finding:
    """A sentence that a reader must see.

    Attributes
    ----------
    id : str
        ``chapter.name``.
    text : str
        A full sentence, written by rule from estimates.
    severity : {"alert", "warning", "notice", "info"}
        ``alert``: a threshold with a cited basis is breached; ``warning``: near it, or a large exposure;
        ``notice``: worth knowing; ``info``: context.
    kind : {"result", "caveat", "data"}
        A result, a limit of the method, or something about the data (missing, stale, conflicting, the bank's own).
    estimates : tuple of str
        Ids of the estimates it rests on.
    """

    id: str
    text: str
    severity: Severity = "notice"
    kind: Literal["result", "caveat", "data"] = "result"
    estimates: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "id": self.id,
            "text": self.text,
            "severity": self.severity,
            "kind": self.kind,
            "estimates": list(self.estimates),
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Finding:
        """Inverse of `to_dict`."""
        return cls(**{**raw, "estimates": tuple(raw["estimates"])})


@dataclass(frozen=True)
class Column:
    """How a table's column is shown: head, unit (named once, in the head), decimals of its numbers."""

    name: str
    label: str
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    """A frame with a title, heads, a note and its sources. The frame is what figures and the twin carry.

    ``shown`` is False for plotted data that the page shows behind its figure and not as a table of its own.
    """

    id: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    note: str = ""
    sources: tuple[str, ...] = ()
    shown: bool = True

    def __post_init__(self) -> None:
        unknown = [column.name for column in self.columns if column.name not in self.frame.columns]
        if unknown:
            raise ValueError(f"{self.id}: no column {unknown} in {list(self.frame.columns)}")
        object.__setattr__(self, "frame", self.frame.reset_index(drop=True))

    @property
    def absent(self) -> bool:
        """Whether it is a table of estimates (`estimates_table`) none of which is available: reasons alone."""
        values = self.frame["value"] if "value" in self.frame.columns else ()
        return len(values) > 0 and all(str(value).startswith(f"{MISSING}: ") for value in values)

    def to_html(self, *, caption: bool = True) -> str:
        """An HTML table with heads for screen readers; missing cells say ``n.a.``.

        A column without any figure is left out and named below the table; a table without rows, or without any
        figure beside its row heads, is one line that says so.
        """
        columns, silent = self._speaking()
        if self.frame.empty or (silent and len(columns) == 1):
            return notice_html(self.title or self.id, "Not shown: there is no figure for it.")
        by_row = caption and self._by_row(columns)
        roles = _ROLES if by_row else dict.fromkeys(_ROLES, "")
        heads = "".join(
            f'<th scope="col"{roles["head"]}{_numeric(self.frame[c.name])}>{escape(c.label)}'
            + (f' <span class="unit">{escape(c.unit)}</span>' if c.unit else "")
            + "</th>"
            for c in columns
        )
        texts = [self._texts(column) for column in columns]
        shown = [[_without_links(text) for text in cells] for cells in texts]
        first, *others = (_numeric(self.frame[c.name]) for c in columns)
        labels = _labels(columns, shown)[1:] if by_row else [""] * len(others)
        rows = []
        for head, *values in zip(*texts, strict=True):
            cells = "".join(
                f"<td{roles['cell']}{kind}{label}>{_linked(text)}</td>"
                for text, kind, label in zip(values, others, labels, strict=True)
            )
            rows.append(
                f'<tr{roles["row"]}><th scope="row"{roles["row head"]}{first}>{escape(head)}</th>{cells}</tr>'
            )
        title = f"<caption>{escape(self.title)}</caption>" if caption and self.title else ""
        left_out = f"Without any figure and left out: {', '.join(c.label for c in silent)}." if silent else ""
        note = " ".join(part for part in (self.note, left_out) if part)
        foot = f'<p class="note">{escape(note)}</p>' if note else ""
        absent = " data-absent" if self.absent else ""
        return (
            f'<div class="table-block" data-table="{escape(self.id)}"{absent}'
            f"{_scrolls(self.title or self.id, columns, caption)}>"
            f"<table{roles['table']}>{title}<thead{roles['group']}><tr{roles['row']}>{heads}</tr></thead>"
            f"<tbody{roles['group']}>{''.join(rows)}</tbody></table></div>{foot}"
        )

    def _texts(self, column: Column) -> list[str]:
        """A column's cells as text."""
        years = [_year(value) if column.name == "year" else "" for value in self.frame[column.name]]
        return [
            year or cell_text(value, column.decimals)
            for year, value in zip(years, self.frame[column.name], strict=True)
        ]

    def _by_row(self, columns: Sequence[Column]) -> bool:
        """Whether a telephone shows it row by row: wider than one, and short or of text more than of numbers."""
        numeric = sum(bool(_numeric(self.frame[c.name])) for c in columns[1:])
        short = len(self.frame) <= ROWS_AT_A_GLANCE or 2 * numeric < len(columns) - 1
        return len(columns) > FITTING_COLUMNS and short

    def _speaking(self) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
        """The columns that have a figure (the first, with the row heads, always), and those that have none."""
        silent = tuple(
            c
            for c in self.columns[1:]
            if all(cell_text(value, c.decimals) == MISSING for value in self.frame[c.name])
        )
        return tuple(c for c in self.columns if c not in silent), silent

    def _repr_html_(self) -> str:
        return self.to_html()

    def __str__(self) -> str:
        """Title and shown columns as plain text."""
        heads = {c.name: f"{c.label} [{c.unit}]" if c.unit else c.label for c in self.columns}
        text = self.frame[list(heads)].rename(columns=heads).to_string(index=False)
        return "\n".join(part for part in (self.title or self.id, text, self.note) if part)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        del cycle
        printer.text(str(self))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; dates as ISO text, missing as null."""
        return {
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "sources": list(self.sources),
            "shown": self.shown,
            "columns": [
                {"name": c.name, "label": c.label, "unit": c.unit, "decimals": c.decimals}
                for c in self.columns
            ],
            "rows": [
                [_plain(value) for value in row]
                for row in self.frame[[c.name for c in self.columns]].itertuples(index=False, name=None)
            ],
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Table:
        """Inverse of `to_dict` for the shown columns (dates stay ISO text)."""
        columns = tuple(Column(**column) for column in raw["columns"])
        frame = pd.DataFrame(raw["rows"], columns=[c.name for c in columns])
        return cls(
            raw["id"], raw["title"], frame, columns, raw["note"], tuple(raw["sources"]), bool(raw["shown"])
        )


def estimates_table(
    estimates: Iterable[Estimate], *, id: str, title: str, note: str = "", with_method: bool = False
) -> Table:
    """A table of estimates: what, value, interval, class, period."""
    rows = []
    for estimate in estimates:
        row: dict[str, Any] = {
            "label": estimate.label,
            "value": f"{estimate:value}" if estimate.available else f"{MISSING}: {estimate.reason}",
            "interval": f"{estimate:interval}" if estimate.low is not None else "\u2013",
            "kind": interval_name(estimate) if estimate.low is not None else "\u2013",
            "data_class": estimate.data_class if estimate.available else "\u2013",
            "date": estimate.date or "\u2013",
        }
        if with_method:
            row["method"] = estimate.method
        rows.append(row)
    columns = [
        Column("label", "What"),
        Column("value", "Value"),
        Column("interval", "Interval"),
        Column("kind", "Kind of interval"),
        Column("data_class", "Class"),
        Column("date", "Period"),
    ]
    if with_method:
        columns.append(Column("method", "How"))
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    return Table(id, title, frame, tuple(columns), note)


@dataclass(frozen=True)
class Result:
    """A chapter's outcome.

    Attributes
    ----------
    chapter : str
        ``volumes``, ``substitution``, ``flight``, ``crash``, ``channels``, ``matrix`` or ``overview``.
    title : str
    country : str
        ISO 3166-1 alpha-3.
    estimates : mapping of str to Estimate
        By the part of the id after the chapter (``result["mvp_share"]``).
    tables : mapping of str to Table
        By the part of the id after the chapter; figures are drawn from these alone.
    findings : tuple of Finding
    headline : tuple of str
        Names of the estimates that stand for the chapter in the overview, most important first.
    applicable : bool
        False when the chapter's question does not arise; ``reason`` then says why and what replaces it.
    """

    chapter: str
    title: str
    country: str
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    headline: tuple[str, ...] = ()
    applicable: bool = True
    reason: str = ""

    def __post_init__(self) -> None:
        filed = {name: part.id for name, part in self.estimates.items()}
        filed |= {name: part.id for name, part in self.tables.items()}
        for name, id in filed.items():
            if id != f"{self.chapter}.{name}":
                raise ValueError(f"{id} is filed under {self.chapter}.{name}")
        absent = [name for name in self.headline if name not in self.estimates]
        if absent:
            raise ValueError(f"{self.chapter}: headline names no estimate: {absent}")
        if not self.applicable and not self.reason:
            raise ValueError(f"{self.chapter}: not applicable needs a reason")
        object.__setattr__(self, "estimates", MappingProxyType(dict(self.estimates)))
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only mappings cannot be pickled; the parts that they show can.
        parts = (
            self.chapter,
            self.title,
            self.country,
            dict(self.estimates),
            dict(self.tables),
            self.findings,
        )
        return type(self), (*parts, self.headline, self.applicable, self.reason)

    @classmethod
    def build(
        cls,
        chapter: str,
        title: str,
        country: str,
        *,
        estimates: Sequence[Estimate] = (),
        tables: Sequence[Table] = (),
        findings: Sequence[Finding] = (),
        headline: Sequence[str] = (),
        lead: Sequence[str] = (),
        applicable: bool = True,
        reason: str = "",
    ) -> Result:
        """A result from plain lists; names are taken from the ids.

        Findings of the ids in ``lead`` answer the chapter's question and stand first, in that order, whatever their
        severity; the others follow, worst first.
        """
        return cls(
            chapter,
            title,
            country,
            {e.id.removeprefix(chapter + "."): e for e in estimates},
            {t.id.removeprefix(chapter + "."): t for t in tables},
            tuple(sorted(findings, key=lambda f: _place(f, lead))),
            tuple(headline),
            applicable,
            reason,
        )

    def __getitem__(self, name: str) -> Estimate:
        """The estimate of that name (without the chapter)."""
        return self.estimates[name]

    def to_frame(self) -> pd.DataFrame:
        """All estimates, one a row, with every attribute."""
        return pd.DataFrame([estimate.to_dict() for estimate in self.estimates.values()])

    @property
    def headlines(self) -> tuple[Estimate, ...]:
        """The estimates that stand for the chapter."""
        return tuple(self.estimates[name] for name in self.headline)

    def findings_html(self, *kinds: str) -> str:
        """Findings as a list, the chapter's answer and then worst first; of the given kinds, or all."""
        chosen = [f for f in self.findings if not kinds or f.kind in kinds]
        if not chosen:
            return ""
        items = "".join(
            f'<li class="finding {f.severity}"><span class="severity">{f.severity}</span> {escape(f.text)}</li>'
            for f in chosen
        )
        return f'<ul class="findings">{items}</ul>'

    def to_html(self) -> str:
        """Headline table and findings."""
        if not self.applicable:
            return (
                f'<p class="not-applicable"><b>Not applicable.</b> {escape(self.reason)}</p>'
                + self.findings_html()
            )
        chosen = self.headlines or tuple(self.estimates.values())
        table = estimates_table(
            chosen, id=f"{self.chapter}.headlines", title=f"{self.title}: headline figures"
        )
        return table.to_html() + self.findings_html()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude
        return {"text/html": self.to_html(), "text/plain": self._plain_text(), RESULT_MIME: self.to_dict()}

    def _plain_text(self) -> str:
        lines = [f"{self.title} ({self.country})"]
        lines += [str(estimate) for estimate in self.headlines]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types: the chapter's part of the machine twin."""
        return {
            "chapter": self.chapter,
            "title": self.title,
            "country": self.country,
            "applicable": self.applicable,
            "reason": self.reason,
            "headline": list(self.headline),
            "estimates": {name: e.to_dict() for name, e in self.estimates.items()},
            "tables": {name: t.to_dict() for name, t in self.tables.items()},
            "findings": [f.to_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Result:
        """Inverse of `to_dict`."""
        return cls(
            raw["chapter"],
            raw["title"],
            raw["country"],
            {name: Estimate.from_dict(e) for name, e in raw["estimates"].items()},
            {name: Table.from_dict(t) for name, t in raw["tables"].items()},
            tuple(Finding.from_dict(f) for f in raw["findings"]),
            tuple(raw["headline"]),
            raw["applicable"],
            raw["reason"],
        )


def _place(finding: Finding, lead: Sequence[str]) -> tuple[int, int]:
    """Where a finding stands among others."""
    if finding.id in lead:
        return 0, lead.index(finding.id)
    return 1, SEVERITIES.index(finding.severity)


def notice_html(title: str, text: str, anchor: str = "") -> str:
    """One line in place of something that cannot be shown: what, and why."""
    head = f"<b>{escape(title)}.</b> " if title else ""
    place = f' id="{escape(anchor)}"' if anchor else ""
    return f'<p class="figure-notice"{place}>{head}{escape(text)}</p>'


def _scrolls(name: str, columns: Sequence[Column], landmark: bool) -> str:
    """What makes a table reachable by keyboard where it may be wider than the page; behind a figure no landmark."""
    if len(columns) <= FITTING_COLUMNS:
        return ""
    return ' tabindex="0"' + (f' role="region" aria-label="{escape(name)}"' if landmark else "")


_ENDS = ("low", "central", "high")

# A browser that is told to show a table's parts as blocks may no longer tell a screen reader that it is a table.
_ROLES = {
    "table": ' class="by-row" role="table"',
    "group": ' role="rowgroup"',
    "row": ' role="row"',
    "head": ' role="columnheader"',
    "row head": ' role="rowheader"',
    "cell": ' role="cell"',
}


def _labels(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[str]:
    """Attributes of cells that stand alone: their column's head, and whether its text needs a line of its own."""
    attributes, before = [], ""
    for column, cells in zip(columns, texts, strict=True):
        label = column.label
        if label in _ENDS and ", " in before:  # beside "Consumption, low" a head says "high" for short
            label = f"{before.rpartition(', ')[0]}, {label}"
        before = label
        head = ", ".join(part for part in (label, column.unit) if part)
        wide = " data-wide" if max(map(len, cells)) > SHORT_TEXT else ""
        attributes.append(f' data-label="{escape(head)}"{wide}')
    return attributes


def cell_text(value: Any, digits: int | None) -> str:
    """A table cell: numbers rounded to ``digits``, dates as ISO, missing as ``n.a.``."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if digits is None:
            digits = 0 if float(value).is_integer() and abs(value) < 1e15 else 2
        return number(float(value), digits)
    return str(value)


_ADDRESS = re.compile(r"https?://(?:www\.)?([\w.-]+)\S*?(?=;?(?:\s|$))")


def _without_links(text: str) -> str:
    """A cell's text as a screen shows it: of an address the host."""
    return _ADDRESS.sub(lambda match: match[1], text)


def _linked(text: str) -> str:
    """A cell as HTML: an address is a link called by its host; paper has it in full."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        parts += [escape(text[end : match.start()]), _link(match[0], match[1])]
        end = match.end()
    return "".join(parts) + escape(text[end:])


def _link(address: str, host: str) -> str:
    return f'<a class="page" href="{escape(address)}">{escape(host)}</a>'


def _year(value: Any) -> str:
    """A year is a name, not a quantity: no space between its digits."""
    return f"{value:.0f}" if isinstance(value, int | float) and math.isfinite(value) else ""


def _numeric(values: pd.Series) -> str:
    return ' class="num"' if pd.api.types.is_numeric_dtype(values) and values.dtype != bool else ""


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return cast(Any, value)
