"""A vintage's descriptor: what is missing or wrong in it is one clear error that names file, table and remedy."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cryptorisk.data.compile import compile_vintage
from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.package import sha256
from cryptorisk.data.verify import verify
from cryptorisk.errors import DataError
from cryptorisk.params import Params


@pytest.fixture
def folder(figures_folder: Path, supplement: Path, tmp_path: Path) -> Path:
    return compile_vintage(figures_folder, tmp_path / "data", dt.date(2026, 11, 1), supplement=supplement)


def change(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    """Edit the descriptor."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    edit(descriptor)
    file.write_text(json.dumps(descriptor), encoding="utf-8")


def resource(descriptor: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in descriptor["resources"] if one["name"] == name)


def refused(folder: Path) -> str:
    """What loading says; verifying must say the same."""
    with pytest.raises(DataError) as caught:
        load_inputs(Params(country="KEN"), data=folder.parent)
    with pytest.raises(DataError) as also:
        verify(folder)
    assert caught.value.exit_code == 2
    assert str(also.value) == str(caught.value)
    assert str(caught.value).startswith(str(folder / "datapackage.json"))
    assert caught.value.remedy is not None
    assert "restore" in caught.value.remedy
    return caught.value.what


KEYS = ["name", "path", "bytes", "hash", "format", "kind", "rows", "licence_class", "schema"]


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_key(folder: Path, key: str) -> None:
    change(folder, lambda descriptor: resource(descriptor, "annual").pop(key))
    named = "number 1" if key == "name" else "'annual'"
    assert refused(folder) == f"resource {named}: {key} is missing"


WRONG = [None, [], {}, "", 1.5, -1, True, "../../etc/passwd"]
WRONG_TYPES = [
    (k, v) for k in KEYS for v in WRONG if (k, v) not in (("name", WRONG[-1]), ("licence_class", []))
]


@pytest.mark.parametrize(("key", "value"), WRONG_TYPES)
def test_a_value_of_the_wrong_type(folder: Path, key: str, value: object) -> None:
    change(folder, lambda descriptor: resource(descriptor, "annual").update({key: value}))
    assert f": {key} must be " in refused(folder)


@pytest.mark.parametrize(
    "path",
    [
        "../annual.parquet",
        "/annual.parquet",
        "a/annual.parquet",
        "..\\annual.parquet",
        "..",
        ".",
        "a\0b",
        ".x",
    ],
)
def test_no_file_outside_the_folder_is_opened(folder: Path, path: str) -> None:
    content = (folder / "annual.parquet").read_bytes()
    (folder.parent / "annual.parquet").write_bytes(content)  # hash and size would fit
    change(folder, lambda descriptor: resource(descriptor, "annual").update(path=path))
    assert refused(folder) == f"resource 'annual': path must be a bare file name (got {path!r})"


def test_all_problems_are_said_at_once(folder: Path) -> None:
    def edit(descriptor: dict[str, Any]) -> None:
        resource(descriptor, "annual").update(kind="serie", hash="md5:0")
        del resource(descriptor, "faults")["bytes"]

    change(folder, edit)
    said = refused(folder)
    assert "resource 'annual': kind must be series, table or record (got 'serie')" in said
    assert "resource 'annual': hash must be sha256: and 64 hexadecimal digits (got 'md5:0')" in said
    assert "resource 'faults': bytes is missing" in said


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d.pop("resources"), "names no resource"),
        (lambda d: d.update(resources={}), "names no resource"),
        (lambda d: d.update(resources=[]), "names no resource"),
        (lambda d: d["resources"].insert(0, 7), "resource number 1: must be an object (got 7)"),
        (lambda d: d["resources"].append(d["resources"][0]), "resource 'annual': is named twice"),
        (lambda d: d["resources"].remove(resource(d, "regulation")), "no resource 'regulation'"),
        (lambda d: resource(d, "annual")["schema"].pop("fields"), "schema must be an object with a list of fields"),
        (lambda d: resource(d, "annual")["schema"]["fields"].append(3), "schema: a field needs a name and a type"),
        (lambda d: resource(d, "annual")["schema"]["fields"].pop(), "schema: needs a field 'source' of type string"),
        (lambda d: resource(d, "faults")["schema"]["fields"].pop(0), "schema: needs a field 'series' of type string"),
        (lambda d: d.pop("version"), "is no descriptor of a vintage ('version' is missing)"),
        (lambda d: d.pop("series"), "is no descriptor of a vintage ('series' is missing)"),
        (lambda d: d.update(source_register=[{"id": "x"}]), "is no descriptor of a vintage"),
    ],
)  # fmt: skip
def test_what_else_can_be_wrong(folder: Path, edit: Callable[[dict[str, Any]], Any], said: str) -> None:
    change(folder, edit)
    assert said in refused(folder)


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("value", ["1.0"], "column value is string, not number"),
        ("date", ["2020-12-31"], "column date is string, not date"),
        ("value", [None], "column value has empty cells"),
        ("country", [None], "column country has empty cells"),
    ],
)
def test_a_table_that_is_not_what_its_schema_says(
    folder: Path, column: str, cells: list[Any], said: str
) -> None:
    file = folder / "annual.parquet"
    table = pq.read_table(file).slice(0, 1)
    kind = table.schema.field(column).type if cells[0] is None else pa.string()
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, pa.array(cells).cast(kind)), file)
    content = file.read_bytes()
    change(
        folder,
        lambda d: resource(d, "annual").update(bytes=len(content), hash=sha256(content), rows=1),
    )
    with pytest.raises(DataError, match=rf"annual\.parquet: cannot be read \({said}\)"):
        load_inputs(Params(country="KEN"), data=folder.parent)
    assert verify(folder).set_index("resource").loc["annual", "problems"] == f"cannot be read ({said})"


def test_endless_nesting(folder: Path) -> None:
    (folder / "datapackage.json").write_text("[" * 200_000, encoding="utf-8")
    assert "is no descriptor of a vintage" in refused(folder)
