"""The list of vintages: what it says of each, that damage is shown and unfinished folders are not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from small_vintage import Row, make_vintage

from cryptorisk.data.shelf import SHELF_COLUMNS, list_vintages, made
from cryptorisk.data.vintage import open_vintage
from cryptorisk.errors import DataError

ROWS: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 100, "weo_2026_04"),
    ("gdp_usd", "UGA", "2024-12-31", 40, "weo_2026_04"),
    ("population", "KEN", "2021-12-31", 50, "wdi"),
    ("btc_price_usd", "WLD", "2026-01-31", 30000, "coinmetrics_2026_03"),
]
QUOTED = [{"country": "KEN", "series": "gcai_rank", "date": "2026-02-28", "value": 3.0, "source": "chainalysis_gcai_2025",
           "period": "2026-02", "url": "https://example.org", "note": ""}]  # fmt: skip


def test_what_is_said_of_a_vintage(tmp_path: Path) -> None:
    folder = make_vintage(tmp_path, "2026-11-01", ROWS, quoted=QUOTED)
    make_vintage(tmp_path, "2026-12-01", ROWS[:2])
    listed = list_vintages(tmp_path)
    assert tuple(listed.columns) == SHELF_COLUMNS
    first, second = listed.to_dict("records")
    assert first["vintage"] == "2026-11-01"
    assert first["date"] == dt.date(2026, 11, 1)
    assert (first["figures"], first["series"], first["newest"]) == (5, 4, dt.date(2026, 2, 28))
    assert first["sha256"] == open_vintage(folder).info.sha256
    assert first["megabytes"] == round(sum(file.stat().st_size for file in folder.iterdir()) / 1e6, 1)
    assert (first["made"], first["problem"]) == ("compiled", "")
    assert (second["figures"], second["series"], second["newest"]) == (2, 1, dt.date(2024, 12, 31))


def test_the_embedded_vintage(embedded: Path) -> None:
    one = list_vintages(embedded.parent).set_index("vintage").loc[embedded.name]
    opened = open_vintage(embedded)
    assert one["problem"] == ""
    assert one["series"] == len([id for id in opened.catalogue.series if opened.countries(id)])
    assert one["figures"] == sum(len(block.values) for block in opened.blocks)
    assert one["newest"] == max(block.dates.max() for block in opened.blocks).astype(object)


def test_tables_are_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_vintage(tmp_path, "2026-11-01", ROWS)
    asked: list[Any] = []
    read = pq.ParquetFile.read

    def watched(self: pq.ParquetFile, columns: list[str] | None = None, **more: Any) -> Any:
        asked.append(columns)
        return read(self, columns=columns, **more)

    monkeypatch.setattr(pq.ParquetFile, "read", watched)
    assert list_vintages(tmp_path)["newest"].tolist() == [dt.date(2026, 1, 31)]
    assert asked == [["series"]] * 2


def test_without_statistics_the_dates_are_read(tmp_path: Path) -> None:
    folder = make_vintage(tmp_path, "2026-11-01", ROWS[:3])
    table = pq.read_table(folder / "annual.parquet")
    pq.write_table(table, folder / "annual.parquet", write_statistics=False)
    _describe_again(folder)
    assert list_vintages(tmp_path)["newest"].tolist() == [dt.date(2024, 12, 31)]


def _describe_again(folder: Path) -> None:
    raw = json.loads((folder / "datapackage.json").read_text())
    raw["resources"][0]["bytes"] = (folder / "annual.parquet").stat().st_size
    (folder / "datapackage.json").write_text(json.dumps(raw))


def _no_descriptor(folder: Path) -> None:
    (folder / "datapackage.json").unlink()


def _broken_descriptor(folder: Path) -> None:
    (folder / "datapackage.json").write_text('{"version": ')


def _no_table(folder: Path) -> None:
    (folder / "regulation.csv").unlink()


def _cut_table(folder: Path) -> None:
    (folder / "annual.parquet").write_bytes(b"PAR1")


def _no_parquet(folder: Path) -> None:
    path = folder / "annual.parquet"
    path.write_bytes(b"x" * path.stat().st_size)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (_no_descriptor, "datapackage.json: cannot be read"),
        (_broken_descriptor, "datapackage.json: is no descriptor of a vintage"),
        (_no_table, "regulation.csv: is missing"),
        (_cut_table, "annual.parquet: has 4 bytes, the descriptor says"),
        (_no_parquet, "annual.parquet: cannot be read"),
    ],
)
def test_damage_is_shown_with_its_reason(tmp_path: Path, harm: Callable[[Path], None], problem: str) -> None:
    harm(make_vintage(tmp_path, "2026-11-01", ROWS))
    make_vintage(tmp_path, "2026-12-01", ROWS)
    listed = list_vintages(tmp_path)
    assert listed["vintage"].tolist() == ["2026-11-01", "2026-12-01"]
    assert listed["problem"].iloc[0].startswith(problem)
    assert listed["newest"].isna().tolist() == [True, False]
    assert listed["problem"].iloc[1] == ""


def test_a_folder_that_cannot_be_read_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = make_vintage(tmp_path, "2026-11-01", ROWS)
    listing = Path.iterdir

    def refused(self: Path) -> Any:
        if self == locked:
            raise PermissionError(13, "Permission denied")
        return listing(self)

    monkeypatch.setattr(Path, "iterdir", refused)
    assert list_vintages(tmp_path)["problem"].tolist() == ["cannot be read (Permission denied)"]


def test_what_is_no_vintage_is_not_listed(tmp_path: Path) -> None:
    for name in (".2026-11-01-abc", "overrides", "supplement", ".refresh-answers", "2026-11-01.old"):
        (tmp_path / name).mkdir()
    (tmp_path / "2026-11-02").write_text("a file")
    listed = list_vintages(tmp_path)
    assert listed.empty
    assert tuple(listed.columns) == SHELF_COLUMNS


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list_vintages(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (None, "compiled"),
        ({}, "refreshed from an unnamed vintage"),
        ("strange", "refreshed"),
        ({"previous": "2026-11-01", "sources": "strange"}, "refreshed from 2026-11-01"),
        (
            {
                "previous": "2026-11-01",
                "sources": [
                    {"name": "yahoo", "state": "refreshed", "accessed": "2026-12-01"},
                    {"name": "worldbank", "state": "refreshed"},
                    {"name": "imf", "state": "failed", "reason": "no answer"},
                    {"name": "bis", "state": "partly"},
                    {"name": "defillama", "state": "not asked"},
                    "strange",
                ],
                "quarantined": 12,
                "corrections": 3,
            },
            "refreshed from 2026-11-01; yahoo, worldbank; imf failed (no answer); bis partly; 12 quarantined; "
            "3 corrections",
        ),
    ],
)
def test_how_it_was_made(record: Any, words: str) -> None:
    assert made({} if record is None else {"refresh": record}) == words


def test_a_refreshed_vintage_is_listed(tmp_path: Path) -> None:
    record = {"previous": "2026-11-01", "sources": []}
    make_vintage(tmp_path, "2026-12-01", ROWS, refresh=record)
    assert list_vintages(tmp_path)["made"].tolist() == ["refreshed from 2026-11-01"]
    assert isinstance(list_vintages(tmp_path), pd.DataFrame)
