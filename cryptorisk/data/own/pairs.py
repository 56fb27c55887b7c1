"""One series in a file of the columns date and value, named under ``overrides`` in the parameter file."""

from __future__ import annotations

from cryptorisk.data.own.cells import number, period
from cryptorisk.data.own.faults import Fault
from cryptorisk.data.own.reading import Grid, RowCells
from cryptorisk.data.own.tidy import REQUIRED, Figure

COLUMNS = ("date", "value")


def figures(grid: Grid, *, secret: bool) -> tuple[tuple[Figure, ...], list[Fault]]:
    """The figures of such a table in its order, and everything that is wrong in it.

    Parameters
    ----------
    grid : Grid
    secret : bool
        Whether the figures are confidential: then no message quotes a cell that could hold one.
    """
    if sorted(grid.columns) != sorted(COLUMNS):
        return (), [_head_fault(grid, secret)]
    faults = list(grid.faults)
    spoilt = {fault.place for fault in faults}
    found: list[Figure] = []
    for row in grid.rows:
        cells = RowCells(grid, row)
        when = cells.read("date", lambda cell: period(cell, secret=secret))
        value = cells.read("value", lambda cell: number(cell, secret=secret))
        faults += [fault for fault in cells.faults if fault.place not in spoilt]
        if when is not None and value is not None:
            found.append(Figure(grid.place(row.number, "value"), *when, float(value)))
    if not grid.rows and not faults:
        faults.append(Fault("", "holds no figures"))
    return tuple(found), faults


def _head_fault(grid: Grid, secret: bool) -> Fault:
    """What is wrong with the line that names the columns."""
    place = "" if grid.kind == "parquet" else grid.place(grid.head)
    if set(grid.columns) >= set(REQUIRED):
        return Fault(
            place,
            "must be date,value, and names the columns of several series",
            "name the file under own_files",
        )
    got = "" if secret and grid.columns else f" (got {','.join(grid.columns)[:60]!r})"
    semicolons = any(";" in name for name in grid.columns)
    return Fault(
        place, f"must be date,value{got}", "save it with commas, or as .xlsx" if semicolons else None
    )
