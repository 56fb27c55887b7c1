"""Files of own figures for the tests, the same rows in every format; all figures are invented."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.own.faults import Fault
from cryptorisk.data.own.reading import grid_of
from cryptorisk.data.own.tidy import COLUMNS, Key, Part, parts
from cryptorisk.params import Params

VINTAGE = "2026-11-23"
Row = Mapping[str, Any]
ROW: Row = {"series": "bank_tier1_usd", "date": "2025", "value": 1.0, "unit": "usd"}


def row(**cells: Any) -> dict[str, Any]:
    """A good row, changed."""
    return {**ROW, **cells}


def write(path: Path, rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> Path:
    """Write rows in the format that the file's name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = [[one.get(name) for name in columns] for one in rows]
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows([columns, *table])
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.title = "figures"
        for cells in [columns, *table]:
            book.active.append(list(cells))
        book.save(path)
    else:
        cells = {name: pa.array([line[place] for line in table]) for place, name in enumerate(columns)}
        pq.write_table(pa.table(cells), path)
    return path


def read(path: Path, country: str | None = "KEN") -> tuple[dict[Key, Part], list[Fault]]:
    """The parts and faults of a tidy file."""
    return parts(grid_of(path.read_bytes(), path.suffix), catalogue(), country)


def load(kit_root: Path, *files: Path, **fields: Any) -> Inputs:
    """Inputs of Kenya with files named in the parameters."""
    given = {"country": "KEN", "vintage": VINTAGE, "use_overrides_folder": False, **fields}
    return load_inputs(Params(own_files=tuple(map(str, files)), **given), root=kit_root)


def kit_of(kit_root: Path, folder: Path) -> Path:
    """A kit whose data are the embedded vintage, with a ``data/overrides`` of its own."""
    for name in ("notebooks", "params", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    (folder / "data" / VINTAGE).symlink_to(kit_root / "data" / VINTAGE, target_is_directory=True)
    return folder
