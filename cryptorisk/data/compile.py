"""Making a vintage: from a folder of figures to one checked, dated data package.

A vintage is written to a private folder, checked, and renamed when complete; an existing one is never overwritten. The
same figures give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from cryptorisk.data import figures, quoted
from cryptorisk.data.catalogue import (
    Catalogue,
    catalogue,
    faults,
    is_place,
)
from cryptorisk.data.checks.faults import apply_faults
from cryptorisk.data.compilelog import CompileLog
from cryptorisk.data.layout import series_resources
from cryptorisk.data.observation import KEY
from cryptorisk.data.package import Resource, write_package
from cryptorisk.data.publishing import one_writer, publish_vintage
from cryptorisk.errors import DataError
from cryptorisk.files.refused import writing_to


def compile_vintage(
    source: Path,
    out_root: Path,
    date: dt.date,
    *,
    supplement: Path | None = None,
    name: str | None = None,
    replace: bool = False,
) -> Path:
    """Compile the figures of a folder into the vintage ``out_root/<date>``.

    Parameters
    ----------
    source : Path
        Folder of tables (macro_annual.csv, crypto_daily.csv, ...). Its folder ``not_open`` is not read.
    out_root : Path
        The kit's ``data`` folder.
    date : datetime.date
        Date of the vintage: when the figures were drawn.
    supplement : Path, optional
        ``facts.csv``, ``regulation.csv`` and ``country_crypto.csv`` typed by hand; default ``out_root/supplement``.
    name : str, optional
        Folder name; default the date.
    replace : bool, optional
        Put the new vintage in the place of an existing one of that name: for work on the kit's own vintage before
        it is published, never for one that a report was made from.

    Returns
    -------
    Path
        The new vintage.

    Raises
    ------
    DataError
        When the vintage exists, or a table is missing, has an unlicensed source, an unknown series or country, or
        two figures for one country, series, date and source.
    KitError
        When a vintage is being made in ``out_root``, or it cannot be written to.
    """
    target = out_root / (name or date.isoformat())
    if target.exists() and not replace:
        raise DataError(
            f"the vintage {target.name} exists already",
            where=str(target),
            remedy="vintages are written once: give another date, or remove the folder first",
        )
    if not source.is_dir():
        raise DataError("there is no such folder", where=str(source), remedy="give the folder of figures")
    supplement = supplement if supplement is not None else out_root / "supplement"
    resources, known_all = _resources(source, supplement, date)

    def write(folder: Path) -> None:
        write_package(folder, target.name, date, resources, known_all)

    with writing_to(out_root):
        out_root.mkdir(parents=True, exist_ok=True)
        with one_writer(out_root):
            return publish_vintage(out_root, target.name, write, replace=replace)


def _resources(source: Path, supplement: Path, date: dt.date) -> tuple[list[Resource], Catalogue]:
    log = CompileLog()
    facts, fact_series, fact_sources = quoted.read_facts(supplement)
    known_all = catalogue().extended(fact_series, fact_sources)
    observations = _checked(figures.read_all(source, log), known_all, log, date)
    observations, fault_table = apply_faults(observations, faults())
    crypto = quoted.country_crypto(source, log, supplement)
    quotes = pd.concat([quoted.crypto_observations(crypto), facts], ignore_index=True)
    quotes = _checked(quotes, known_all, log, date).sort_values(list(KEY), kind="stable", ignore_index=True)
    resources = [
        *series_resources(observations, known_all),
        Resource("quoted_facts", quotes, "csv", kind="series"),
    ]
    resources += [
        Resource("regional_volume", quoted.regional_volume(source), "csv"),
        Resource("country_crypto", crypto, "csv"),
        Resource("regulation", quoted.regulation(source, supplement), "csv", source_column="source_id"),
        Resource("remittance_corridors", quoted.remittance_corridors(source), "parquet"),
        Resource("faults", fault_table, "csv", kind="record", source_column=""),
        Resource("dropped", log.to_frame(), "csv", kind="record", source_column=""),
    ]
    return resources, known_all


def _checked(frame: pd.DataFrame, known: Catalogue, log: CompileLog, date: dt.date) -> pd.DataFrame:
    """The frame if every series, country and value is fit to be stored; raises DataError otherwise."""
    strange = sorted(set(frame["series"].unique()) - set(known.series))
    if strange:
        raise DataError(f"series without a place in the catalogue: {', '.join(strange[:10])}")
    codes = [code for code in frame["country"].unique() if not is_place(code)]
    foreign = frame["country"].isin(codes)
    if codes:
        log.note("all", foreign, f"territories without economic accounts ({', '.join(sorted(codes))})")
        frame = frame[~foreign]
    if not np.isfinite(frame["value"].to_numpy(dtype=float)).all():
        raise DataError("a value is not a finite number")
    late = frame["date"] > np.datetime64(date)
    if late.any():
        example = frame[late].iloc[0]
        raise DataError(
            f"{int(late.sum())} figures are dated after the vintage, for example {example['country']} "
            f"{example['series']} {str(example['date'])[:10]}",
            remedy="give the month or the day of a figure for a part of the year",
        )
    twice = frame.duplicated(list(KEY), keep=False)
    if twice.any():
        example = frame[twice].iloc[0]
        raise DataError(
            f"{int(twice.sum())} figures share country, series, date and source, for example "
            f"{example['country']} {example['series']} {str(example['date'])[:10]} {example['source']}"
        )
    return frame.sort_values(list(KEY), kind="stable", ignore_index=True)
