"""The corrections file (YAML 1.2): read whole, judged once, every problem with its line.

::

    corrections:
      - series: remittances_received_usd
        country: WSM
        date: 2004
        old: 897780
        new: 89778000
        reason: a misplaced decimal point in the source's table
        source: letter of the Central Bank of Samoa of 3 March 2026
        of: wdi_live            # optional: only this source's figure

``new: null`` removes a wrong figure. ``accept: true`` in the place of ``new`` releases a quarantined figure as right; with
a span of dates (``date: 2001/2024``) and without ``old`` it releases all that is quarantined of that history.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptorisk.data.catalogue import Catalogue, SeriesSpec, is_place
from cryptorisk.data.periods import period_end, snap
from cryptorisk.errors import DataError, ParameterError, Problem
from cryptorisk.paramfile.names import country_suggestion, suggestion
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted, parse

HEAD = "corrections"
REQUIRED = ("series", "country", "date", "reason", "source")
KEYS = (*REQUIRED, "old", "new", "of", "accept")

MAX_BYTES = 1_000_000
"""About three thousand entries; composing a megabyte of YAML takes seconds."""

MAX_LETTERS = 500
SHOWN = 20
"""Problems that are listed; whoever has more has made one mistake many times."""
_SHAPE = f"begin the file with the line `{HEAD}:` and write one entry below each `- `"


@dataclass(frozen=True)
class Correction:
    """One entry of the file.

    Attributes
    ----------
    series, country : str
    start, end : datetime.date
        The last day of the period; two different ones for an accepted stretch of history.
    old : float or None
        What the source says; None for an accepted stretch.
    new : float or None
        The right figure; None removes the wrong one, or, with ``accept``, stands for what the source says.
    accept : bool
        Whether quarantined figures are right as they are.
    reason : str
    page : str
        Page or letter that justifies it.
    of : str
        Source whose figure is meant; "" for every source that gives ``old``.
    where : str
        ``file:line`` of the entry.
    """

    series: str
    country: str
    start: dt.date
    end: dt.date
    old: float | None
    new: float | None
    accept: bool
    reason: str
    page: str
    of: str = ""
    where: str = ""

    def __str__(self) -> str:
        span = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        return f"{self.where}: {self.series} {self.country} {span}"


def read_corrections(path: Path, known: Catalogue) -> tuple[Correction, ...]:
    """Read the corrections, in the order of the file; none from an empty file.

    Parameters
    ----------
    path : Path
    known : Catalogue
        Of the vintage: names the series and sources.

    Raises
    ------
    DataError
        When the file cannot be read, or with every problem found in it, each with its line.
    """
    text = _text(path)
    if not any(line.split("#")[0].strip() for line in text.splitlines()):
        return ()
    tree = _tree(path, text)
    reader = _Reader(tree, known, str(path))
    found = reader.entries()
    problems = [*tree.problems, *reader.problems]
    if problems:
        raise _refusal(path, problems)
    return tuple(found)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", where=str(path)) from None
    if len(raw) > MAX_BYTES:
        raise DataError(
            f"is larger than {MAX_BYTES // 1000} KB", where=str(path), remedy="split off what is old"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("is no text in UTF-8", where=str(path), remedy="save it as text in UTF-8") from None


def _tree(path: Path, text: str) -> Tree:
    try:
        return parse(text, str(path))
    except ParameterError as error:
        # the reader of parameter files speaks of those where it finds no form at all
        problems = [
            Problem("", one.what.replace("a parameter file", "this file"), _SHAPE, one.line)
            for one in error.problems
        ]
        raise _refusal(path, problems) from None


def _refusal(path: Path, problems: list[Problem]) -> DataError:
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    lines = [problem.render(path) for problem in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        lines.append(f"{path}: and {len(ordered) - SHOWN:,} more problems")
    return DataError("\n".join(lines))


def _finite(value: object) -> float | None:
    """A number that a machine counts with; None for anything else, also for a whole number as large as 0xFFFF..."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


class _Reader:
    """Turns the plain values of the file into corrections and notes what is wrong."""

    def __init__(self, tree: Tree, known: Catalogue, shown: str) -> None:
        self.tree, self.known, self.shown = tree, known, shown
        self.problems: list[Problem] = []

    def entries(self) -> list[Correction]:
        for name in self.tree.values:
            if name != HEAD:
                self.say((name,), "is unknown", _SHAPE)
        listed = self.tree.values.get(HEAD)
        if listed is None:
            return []
        if not isinstance(listed, list):
            self.say((HEAD,), "must be a list", _SHAPE)
            return []
        found = [self.entry(entry, (HEAD, number)) for number, entry in enumerate(listed)]
        corrections = [one for one in found if one is not None]
        self.demand_once(corrections)
        return corrections

    def entry(self, raw: Any, place: Location) -> Correction | None:
        before = len(self.problems)
        if not isinstance(raw, dict):
            self.say(place, "must hold `name: value` lines", f"give {', '.join(REQUIRED)}, old and new")
            return None
        for name in raw:
            if name not in KEYS:
                self.say((*place, name), "is unknown", suggestion(name, KEYS) or f"one of {', '.join(KEYS)}")
        spec = self.spec(raw, place)
        country, of = self.country(raw, place), self.source(raw, place)
        start, end = self.dates(raw, place, spec)
        old, new, accept = self.figures(raw, place, start != end)
        reason, page = (self.sentence(raw, place, name) for name in ("reason", "source"))
        if len(self.problems) > before or spec is None:
            return None
        where = f"{self.shown}:{self.tree.line(place)}"
        return Correction(spec.id, country, start, end, old, new, accept, reason, page, of, where)

    def spec(self, raw: dict[str, Any], place: Location) -> SeriesSpec | None:
        name = self.sentence(raw, place, "series")
        if name and name not in self.known:
            hint = suggestion(name, self.known.series) or "`cryptorisk data list` names the series"
            self.say((*place, "series"), f"is no series (got {name[:60]!r})", hint)
        return self.known.series.get(name)

    def country(self, raw: dict[str, Any], place: Location) -> str:
        code = self.sentence(raw, place, "country")
        if code and not is_place(code):
            hint = country_suggestion(code) or "give an ISO 3166-1 alpha-3 code, WLD or EMU"
            self.say((*place, "country"), f"is not an economy the kit knows (got {code[:40]!r})", hint)
        return code

    def source(self, raw: dict[str, Any], place: Location) -> str:
        if "of" not in raw:
            return ""
        name = self.sentence(raw, place, "of")
        if name and name not in self.known.sources:
            hint = suggestion(name, self.known.sources) or "`cryptorisk data sources` names them"
            self.say((*place, "of"), f"is no source of figures (got {name[:60]!r})", hint)
        return name

    def dates(self, raw: dict[str, Any], place: Location, spec: SeriesSpec | None) -> tuple[dt.date, dt.date]:
        """First and last period; the same day where only one is given, and a day of no meaning where none is."""
        written = raw.get("date")
        if written is None or isinstance(written, bool | list | dict):
            self.say(
                (*place, "date"),
                "is missing" if written is None else "is no period",
                "write 2024, 2024-Q3, 2024-06",
            )
            return dt.date.min, dt.date.min
        try:
            ends = [period_end(part) for part in str(written).split("/")]
        except ValueError as error:
            self.say((*place, "date"), str(error), None)
            return dt.date.min, dt.date.min
        if spec is not None:
            ends = [snap(day, spec.frequency) for day in ends]
        if len(ends) > 2 or ends[0] > ends[-1]:
            self.say((*place, "date"), f"is no span of periods (got {written!r})", "write 2001/2024")
        return ends[0], ends[-1]

    def figures(
        self, raw: dict[str, Any], place: Location, span: bool
    ) -> tuple[float | None, float | None, bool]:
        accept = raw.get("accept", False)
        if not isinstance(accept, bool):
            self.say((*place, "accept"), "must be true or false", None)
        if bool(accept) == ("new" in raw):
            what = "has both new and accept: true" if accept else "has neither new nor accept: true"
            self.say(place, what, "give the right figure with new, null to remove it, or accept: true")
        if span and not accept:
            self.say(
                (*place, "date"), "is a span, and one figure has one period", "a span goes with accept: true"
            )
        if "old" not in raw and not span:
            self.say((*place, "old"), "is missing", "write what the source says")
        old, new = self.number(raw, place, "old"), self.number(raw, place, "new")
        if raw.get("old", 0) is None:
            self.say((*place, "old"), "must be a number", "write what the source says")
        if old is not None and old == new:
            self.say(
                (*place, "new"), f"is the same as old (got {new})", "write accept: true to release the figure"
            )
        return old, new, bool(accept)

    def number(self, raw: dict[str, Any], place: Location, name: str) -> float | None:
        value = raw.get(name)
        if value is None:
            return None
        number = _finite(value)
        if number is None:
            written = self.tree.written.get((*place, name))
            self.say((*place, name), f"is no number{got(value, written)}", "write 1234.5")
        return number

    def sentence(self, raw: dict[str, Any], place: Location, name: str) -> str:
        value = raw.get(name)
        if value is None or value == "":
            self.say((*place, name), "is missing", None)
            return ""
        if not isinstance(value, str) or len(value) > MAX_LETTERS:
            self.say((*place, name), f"must be a text of at most {MAX_LETTERS} letters", "put it in quotes")
            return ""
        return value.strip()

    def demand_once(self, corrections: list[Correction]) -> None:
        """Refuse two entries on one figure: which one counts would depend on their order.

        An entry without ``of`` is about the figure of every source. Each entry is held against the first of its own
        source, of all sources or of any, so that ten thousand equal ones are ten thousand problems and no more.
        """
        first: dict[tuple[Any, ...], dict[str, Correction]] = {}
        for one in corrections:
            by_source = first.setdefault((one.series, one.country, one.start, one.end, one.old), {})
            rivals = by_source.values() if not one.of else map(by_source.get, ("", one.of))
            if other := next((rival for rival in rivals if rival is not None), None):
                what = f"speaks twice of one figure (first at {other.where})"
                line = int(one.where.rsplit(":", 1)[1])
                self.problems.append(Problem(HEAD, what, "keep one", line))
            by_source.setdefault(one.of, one)

    def say(self, place: Location, what: str, remedy: str | None) -> None:
        if dotted(place) not in self.tree.refused:
            self.problems.append(Problem(dotted(place), what, remedy, self.tree.line(place)))
