"""The bank's own flows between pairs of economies: a file with a row a pair, date and asset."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cryptorisk.countries import known as known_economy
from cryptorisk.data.own.cells import Cell, number, period, printed, quoted, text_of
from cryptorisk.data.own.faults import Fault, Located, Origin, Unreadable, refusal, shortened
from cryptorisk.data.own.outcome import OwnFile
from cryptorisk.data.own.reading import Grid, Row, RowCells, content_of, grid_of
from cryptorisk.params import Params
from cryptorisk.result import Finding

REQUIRED = ("origin", "destination", "date", "value")
COLUMNS = ("origin", "destination", "date", "asset", "value")
ALL_ASSETS = "all"
"""Asset of rows that name none."""
MOST_FURTHER = 12
"""Further columns of a file; a gravity regression of a few hundred pairs carries no more."""
LONGEST_ASSET = 20
LONGEST_NAME = 120
"""Letters of an asset's name and of the file's, which a report prints."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class OwnFlows:
    """Flows between pairs of economies.

    Attributes
    ----------
    frame : DataFrame
        origin, destination (ISO 3166-1 alpha-3), date (last day of the period), asset, value (not negative, in one unit
        throughout) and the further columns (numbers, NaN where a cell is empty).
    further : tuple of str
        Names of the further columns: what lies between a pair, for example log distance.
    file : OwnFile
    late : int
        Rows dated after the report's date, which are not in the frame.
    """

    frame: pd.DataFrame = field(repr=False)
    further: tuple[str, ...]
    file: OwnFile
    late: int = 0

    @property
    def confidential(self) -> bool:
        """Whether nothing that lets a flow be computed back may be printed."""
        return self.file.confidential

    def until(self, as_of: dt.date) -> OwnFlows:
        """The flows dated at or before a day."""
        inside = self.frame["date"] <= pd.Timestamp(as_of)
        kept = self.frame[inside].reset_index(drop=True)
        return OwnFlows(kept, self.further, self.file, self.late + int((~inside).sum()))


def own_flows(params: Params, base: Path, as_of: dt.date) -> OwnFlows | None:
    """The flows that the parameters name, until a day; None when they name none.

    Parameters
    ----------
    params : Params
    base : Path
        Folder that a relative name is looked up in.
    as_of : datetime.date

    Raises
    ------
    DataError
        With every fault of the file.
    """
    name = params.volumes.flows_file
    if name is None:
        return None
    flows, faults = read_flows(base / name, confidential=params.volumes.flows_confidential)
    if flows is None:
        origin: Origin = ("volumes", "flows_file")
        raise refusal([Located(origin, Path(name).name, fault) for fault in shortened(faults)])
    return flows.until(as_of)


def flows_finding(flows: OwnFlows) -> Finding:
    """That the institution's own flows are used, and what of them; never their size."""
    said = [
        f"The institution's own flows between economies are used for the gravity regression of chapter 1, from "
        f"{flows.file.name}, named in the parameter file."
    ]
    if flows.confidential:
        said.append(
            "They are confidential: of them only the regression is printed, its numbers to one digit."
        )
    if flows.late:
        said.append("Flows dated after the report's date were not used.")
    return Finding("data.own_flows", " ".join(said), "info", "data")


def read_flows(path: Path, *, confidential: bool) -> tuple[OwnFlows | None, list[Fault]]:
    """Read a file of flows (CSV, Excel or Parquet).

    Parameters
    ----------
    path : Path
    confidential : bool
        Then no message quotes a cell that could hold a figure.

    Returns
    -------
    flows : OwnFlows or None
        None when there is a fault.
    faults : list of Fault
        Everything that is wrong, with its line.
    """
    try:
        printed(path.name, longest=LONGEST_NAME, called="file's name")
        content = content_of(path)
        grid = grid_of(content, path.suffix)
    except Unreadable as problem:
        return None, [problem.at("")]
    if faults := list(_head_faults(grid)):
        return None, faults
    further = tuple(name for name in grid.columns if name not in COLUMNS)
    rows, faults = [], list(grid.faults)
    spoilt = {fault.place for fault in faults}
    for row in grid.rows:
        cells = RowCells(grid, row)
        entry = _entry(cells, further, confidential)
        faults += [fault for fault in cells.faults if fault.place not in spoilt]
        if not cells.faults:
            rows.append((row, entry))
    faults += _repeated(grid, rows)
    if not rows and not faults:
        faults.append(Fault("", "holds no flows"))
    if faults:
        return None, faults
    frame = pd.DataFrame([entry for _, entry in rows], columns=[*COLUMNS, *further])
    frame["date"] = pd.to_datetime(frame["date"])
    words = (*sorted(set(frame["asset"])), *further)
    file = OwnFile(path.name, path, hashlib.sha256(content).hexdigest(), confidential, words)
    return OwnFlows(frame.astype(dict.fromkeys(("value", *further), float)), further, file), []


def _entry(cells: RowCells, further: tuple[str, ...], secret: bool) -> dict[str, object]:
    """A row's cells; what is wrong with them is noted in ``cells``."""
    origin = cells.read("origin", lambda cell: _economy(cell, "origin", secret))
    entry: dict[str, object] = {"origin": origin}
    entry["destination"] = cells.read("destination", lambda cell: _other(cell, origin, secret))
    when = cells.read("date", lambda cell: period(cell, secret=secret))
    entry["date"] = when[1] if when else None
    entry["asset"] = cells.read("asset", _asset)
    entry["value"] = cells.read("value", lambda cell: _flow(cell, secret))
    for name in further:
        entry[name] = cells.read(name, lambda cell: _variable(cell, secret))
    return entry


def _other(cell: Cell, origin: str | None, secret: bool) -> str:
    code = _economy(cell, "destination", secret)
    if code == origin:
        raise Unreadable("origin and destination are the same economy", "leave the line out")
    return code


def _flow(cell: Cell, secret: bool) -> float:
    amount = float(number(cell, secret=secret))
    if amount < 0:
        raise Unreadable("the value is negative", "give gross flows, each direction in a row of its own")
    return amount


def _economy(cell: Cell, end: str, secret: bool) -> str:
    code = text_of(cell)
    if known_economy(code):
        return code
    if not code:
        raise Unreadable(f"the {end} is missing", "give its ISO 3166-1 alpha-3 code, for example KEN")
    near = code.upper() if known_economy(code.upper()) else None
    remedy = f"did you mean {near}?" if near else "give an ISO 3166-1 alpha-3 code, for example KEN"
    raise Unreadable(f"the {end} is not an economy the kit knows{quoted(cell, secret=secret)}", remedy)


def _asset(cell: Cell) -> str:
    return printed(cell, longest=LONGEST_ASSET, called="asset") or ALL_ASSETS


def _variable(cell: Cell, secret: bool) -> float:
    return float(number(cell, secret=secret)) if text_of(cell) else float("nan")


def _head_faults(grid: Grid) -> Iterator[Fault]:
    """What is wrong with the line that names the columns."""
    place = grid.place(grid.head) if grid.kind != "parquet" else ""
    these = f"the columns are {', '.join(COLUMNS)} (asset may be left out) and variables of pairs"
    if len(grid.columns) == 1 and ";" in grid.columns[0]:
        yield Fault(place, "has its columns parted by semicolons", "save it with commas, or as .xlsx")
        return
    if lacking := [name for name in REQUIRED if name not in grid.columns]:
        yield Fault(place, f"lacks the column {', '.join(lacking)}", these)
    for name in dict.fromkeys(grid.columns):
        if grid.columns.count(name) > 1:
            yield Fault(place, f"has the column {name[:40]} twice", "keep one")
        elif name not in COLUMNS and not _NAME.fullmatch(name):
            yield Fault(place, "has a column whose name is not a word", "use letters, digits and underscores")
    if len(set(grid.columns) - set(COLUMNS)) > MOST_FURTHER:
        yield Fault(place, f"has more than {MOST_FURTHER} further columns", "keep those that matter")


def _repeated(grid: Grid, rows: list[tuple[Row, dict[str, object]]]) -> Iterator[Fault]:
    """Rows of the same pair, date and asset as one before."""
    seen: dict[tuple[object, ...], int] = {}
    for row, entry in rows:
        key = tuple(entry[name] for name in ("origin", "destination", "date", "asset"))
        if key in seen:
            what = f"is of the same pair, date and asset as {grid.place(seen[key])}"
            yield Fault(grid.place(row.number), what, "keep one, or add them up")
        seen.setdefault(key, row.number)
