"""Exported figures as files: a workbook, CSV files side by side, or one Parquet file; the same bytes every time."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.export import FREQUENCIES, Export
from cryptorisk.data.exportnotes import notes
from cryptorisk.data.outfile import put_out
from cryptorisk.data.spreadsheet import Sheet, csv_text, neutral, number_format, write_workbook
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS

Format = Literal["xlsx", "csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)

_TABLE_SHEETS = {
    "regulation": "Regulation",
    "country_crypto": "Adoption as published",
    "remittance_corridors": "Remittance corridors",
    "regional_volume": "Regional volumes",
}
_PERCENT = ("cost_200_pct", "cost_500_pct", "fx_margin_200_pct", "share_of_global_pct")
_TABLE_FORMATS = {
    **dict.fromkeys(_PERCENT, number_format("pct")),
    **dict.fromkeys(("value", "value_received_usd_bn"), number_format("usd")),
    **dict.fromkeys(("figures", "num_providers"), number_format("count")),
}
"""Columns of numbers in the tables that are no series, and in the lists."""
_SHEETS = {
    "Annual": "annual series, a row a series and a column a year",
    "Quarterly, Monthly, Weekly, Daily": "the other series, a row a date and a column a series, units in the second row",
    "Figures": "every figure in a row of its own, with its source and class; for filters and pivot tables",
    "Series": "what each series is, its unit, its sign and its sources",
    "Sources": "whose figures they are, licence and attribution",
    ", ".join(_TABLE_SHEETS.values()): "tables that are no series, as published",
}


def file_name(export: Export, format: Format) -> str:
    """``KEN-2026-11-23.xlsx``; with the day when it is not the vintage's own."""
    day = "" if export.as_of == export.vintage.date else f"-as-of-{export.as_of}"
    return f"{export.place}-{export.vintage.name}{day}.{format}"


def write_export(export: Export, path: Path, format: Format, *, force: bool = False) -> tuple[Path, ...]:
    """Write exported figures.

    Parameters
    ----------
    export : Export
    path : Path
        Ends in ``.xlsx``, ``.csv`` or ``.parquet``, as the format says. With CSV ``-series.csv``, ``-sources.csv`` and
        ``-readme.txt`` are written beside it.
    format : {"xlsx", "csv", "parquet"}
    force : bool
        Whether existing files may be replaced.

    Returns
    -------
    tuple of Path
        The files, the one with the figures first.

    Raises
    ------
    DataError
        When there is no figure, the name has another ending, or a file may not be written.
    """
    if path.suffix != f".{format}":
        raise DataError(f"must end in .{format}", where=str(path), remedy="or say another format with --to")
    if export.figures.empty:
        raise DataError(
            f"there is no figure of {export.name} up to {export.as_of}", remedy="give a later day"
        )
    contents = _WRITERS[format](export, path)
    put_out(dict(reversed([*contents.items()])), force=force)
    return tuple(contents)


def _workbook(export: Export, path: Path) -> Mapping[Path, bytes]:
    about = pd.DataFrame([*notes(export), *(("Sheet", f"{n}: {text}") for n, text in _SHEETS.items())])
    about.columns = pd.Index(["about", "text"])
    sheets = [Sheet("Read me", about, {"about": 30, "text": 140}), *_wide_sheets(export)]
    formats = {"value": _formats_by_row(export)}
    sheets += [
        Sheet("Figures", export.figures, formats=formats),
        Sheet("Series", export.series, formats=_TABLE_FORMATS),
        Sheet("Sources", export.sources, formats=_TABLE_FORMATS),
    ]
    sheets += [
        Sheet(_TABLE_SHEETS[name], table, formats=_TABLE_FORMATS) for name, table in export.tables.items()
    ]
    file = io.BytesIO()
    title = f"Figures of {export.name}, vintage {export.vintage.name}"
    write_workbook(file, sheets, title=title, date=export.vintage.date)
    return {path: file.getvalue()}


def _wide_sheets(export: Export) -> Iterator[Sheet]:
    """The figures as a person reads them, each with its unit in sight."""
    formats = _formats(export)
    units = dict(zip(export.series["series"], export.series["unit"], strict=True))
    for name, frame in wide(export.figures).items():
        if name == "Annual":
            by_row = [formats[id] for id in frame["series"]]
            years = {column: by_row for column in frame.columns if not isinstance(column, str)}
            yield Sheet(name, frame, frozen=2, formats=years)
        else:
            ids = [str(column) for column in frame.columns[1:]]
            under = ["unit", *(units[id] for id in ids)]
            yield Sheet(name, frame, frozen=1, formats={id: formats[id] for id in ids}, under=[under])


def _formats(export: Export) -> dict[str, str]:
    """Number format of every series: by its unit and its largest figure."""
    keys = {unit.noun: key for key, unit in UNITS.items() if unit.noun}
    nouns = zip(export.series["series"], export.series["unit"], strict=True)
    units = {str(id): keys.get(str(noun), str(noun)) for id, noun in nouns}
    found = {}
    for id, values in export.figures.groupby("series", observed=True)["value"]:
        whole = bool((values == values.round()).all())
        found[str(id)] = number_format(units[str(id)], float(values.abs().max()), whole=whole)
    return found


def _formats_by_row(export: Export) -> list[str]:
    return export.figures["series"].map(_formats(export)).tolist()


def _csv(export: Export, path: Path) -> Mapping[Path, bytes]:
    text = "".join(f"{topic}: {neutral(text)}\r\n" for topic, text in notes(export))
    named = {
        path: csv_text(export.figures),
        path.with_name(f"{path.stem}-series.csv"): csv_text(export.series),
        path.with_name(f"{path.stem}-sources.csv"): csv_text(export.sources),
        path.with_name(f"{path.stem}-readme.txt"): text,
    }
    return {name: content.encode("utf-8-sig") for name, content in named.items()}


def _parquet(export: Export, path: Path) -> Mapping[Path, bytes]:
    """One tidy table; what goes with it stands in the schema's metadata under ``cryptorisk``, as JSON."""
    about = {
        "country": export.place,
        "vintage": export.vintage.name,
        "vintage_sha256": export.vintage.sha256,
        "as_of": str(export.as_of),
        "notes": notes(export),
        "series": _records(export.series),
        "sources": _records(export.sources),
    }
    columns = {str(name): _array(export.figures[name]) for name in export.figures.columns}
    table = pa.table(columns).replace_schema_metadata({"cryptorisk": json.dumps(about, ensure_ascii=False)})
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return {path: file.getvalue()}


def wide(figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The figures by frequency as a person reads them.

    Parameters
    ----------
    figures : DataFrame
        Columns of `cryptorisk.data.export.FIGURE_COLUMNS`.

    Returns
    -------
    dict of str to DataFrame
        ``Annual``: columns series, unit, description and a year each; ``Quarterly``, ``Monthly``, ``Weekly`` and
        ``Daily``: columns date and a series each. Only frequencies that there are.
    """
    found = {}
    for word in FREQUENCIES.values():
        part = figures[figures["frequency"] == word]
        if len(part):
            found[word.capitalize()] = _years_across(part) if word == "annual" else _series_across(part)
    return found


def _years_across(figures: pd.DataFrame) -> pd.DataFrame:
    years = figures.assign(year=figures["date"].dt.year)
    index = ["series", "unit", "description"]
    table = years.pivot_table(index=index, columns="year", values="value", aggfunc="last", observed=True)
    return table.rename_axis(columns=None).reset_index()


def _series_across(figures: pd.DataFrame) -> pd.DataFrame:
    table = figures.pivot_table(index="date", columns="series", values="value", aggfunc="last", observed=True)
    return table.rename_axis(columns=None).reset_index()


def _array(column: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(column):
        return pa.array(column.to_numpy(dtype="datetime64[D]"), pa.date32())
    if pd.api.types.is_float_dtype(column):
        return pa.array(column.to_numpy(), pa.float64())
    return pa.array(column.astype("object"), pa.string()).dictionary_encode()


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    dated = frame.copy()
    for name in dated.select_dtypes("datetime"):
        dated[name] = dated[name].dt.strftime("%Y-%m-%d")
    return json.loads(dated.to_json(orient="records"))  # type: ignore[no-any-return]


_WRITERS: dict[Format, Callable[[Export, Path], Mapping[Path, bytes]]] = {
    "xlsx": _workbook,
    "csv": _csv,
    "parquet": _parquet,
}
