"""Confidential figures of own files are in nothing that a run writes: every byte of a report is searched."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from own_files import VINTAGE, kit_of, row, write

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.seal import KEY, fingerprint, machine_key
from cryptorisk.errors import DataError
from cryptorisk.estimate import Estimate
from cryptorisk.params import Params
from cryptorisk.report.batch import RunSummary, report_countries
from cryptorisk.report.record import check_twin, file_hash, own_files
from cryptorisk.report.render import template

SECRETS = {
    "bank_tier1_usd": 7717391384.25,
    "bank_cet1_usd": 6628402495.5,
    "bank_rwa_usd": 58830693586.75,
    "bank_crypto_exposure_usd": 118471047.5,
    "reserves_usd": 8839461728.5,
    "other_external_liabilities_usd": 5593827164.25,
}
OPEN = 3361728394.5
CELLS = """import cryptorisk as cr
params = cr.load_params(resolved_params or country)
inputs = cr.load_inputs(params)
crash = cr.analyse_crash(inputs, params)
crash"""


def notebook(path: Path, *cells: str, tags: tuple[tuple[str, ...], ...] = ()) -> None:
    made = [nbformat.v4.new_markdown_cell("# Price crash")]
    for place, source in enumerate(('country = "KEN"\nresolved_params = None', *cells)):
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = ["parameters"] if place == 0 else list(tags[place - 1] if tags else ())
        made.append(cell)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)


@pytest.fixture(scope="module")
def made(kit_root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunSummary, Path]:
    """A run on a kit with confidential figures in the folder, in a named file and in the parameter file."""
    kit = kit_of(kit_root, tmp_path_factory.mktemp("own") / "kit")
    notebook(
        kit / "notebooks" / "01_crash.ipynb",
        CELLS,
        "inputs.frame[inputs.frame.source == 'bank']",
        "inputs, inputs._bank",
        tags=((), ("lab",), ()),
    )
    rows = [
        row(series=id, value=value, note="Supervisory return")
        for id, value in SECRETS.items()
        if "bank_" in id
    ]
    rows.append(row(series="household_crypto_holdings_usd", value=OPEN, confidential="no"))
    write(kit / "data" / "overrides" / "bank.xlsx", [{**one, "country": "KEN"} for one in rows])
    named = write(kit / "params" / "own.csv", [row(series="reserves_usd", value=SECRETS["reserves_usd"])])
    typed = {"value": SECRETS["other_external_liabilities_usd"], "confidential": True}
    open_cells = row(series="deposit_dollarization_pct", value=20, unit="pct_deposits", confidential="no")
    open_file = write(kit / "params" / "open.csv", [open_cells])
    params = Params(
        country="KEN",
        vintage=VINTAGE,
        own_files=(str(named), str(open_file)),
        overrides={"other_external_liabilities_usd": typed},
    )
    return report_countries([params], root=kit, run="r"), kit


def spellings(value: float) -> list[bytes]:
    """A number as it could stand in any file: with every usual mark between thousands, scaled, and as a machine has it."""
    digits = re.sub(r"\D", "", repr(value))[:7]
    marks = "[,.\u202f\u00a0 _']?".join(digits)
    return [marks.encode(), re.escape(struct.pack("<d", value)), re.escape(struct.pack(">d", value))]


def files_below(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_no_byte_of_a_run_tells_a_confidential_figure(made: tuple[RunSummary, Path]) -> None:
    summary, kit = made
    assert summary.exit_code == 0, summary.outcomes
    written = files_below(kit / "reports", kit / ".cache")
    assert {path.suffix for path in written} == {".html", ".json", ".ipynb"}
    for path in written:
        content = path.read_bytes()
        for id, value in SECRETS.items():
            for pattern in spellings(value):
                assert not re.search(pattern, content), (path.name, id)


def test_the_search_finds_a_figure_that_is_not_confidential(made: tuple[RunSummary, Path]) -> None:
    """The test above can fail: the open figure stands in the twin."""
    twin = (made[0].folder / "KEN.json").read_bytes()
    assert re.search(spellings(OPEN)[0], twin)


def test_nothing_of_the_country_is_kept_between_kernels(made: tuple[RunSummary, Path]) -> None:
    """What no country enters is kept; that it holds none of the figures is in the search above."""
    kept = {path.name.rpartition("-")[0] for path in files_below(made[1] / ".cache")}
    assert kept <= {"market", "price-risk", "early-warning"}


def test_the_page_says_which_files_were_used_and_that_figures_are_confidential(
    made: tuple[RunSummary, Path],
) -> None:
    summary, kit = made
    page = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    assert "one figure, of 2025-12-31, from bank.xlsx in data/overrides" in page
    assert "from own.csv, named in the parameter file" in page
    assert "They are confidential: they are not printed" in page
    assert "Supervisory return" in page
    assert str(kit) not in page
    assert "Fingerprint (HMAC-SHA-256 under the institution’s key) of bank.xlsx" in page.replace("&#39;", "’")


def test_the_record_names_files_and_gives_no_hash_to_guess_figures_by(made: tuple[RunSummary, Path]) -> None:
    """A plain hash of a file with one figure is found by trying figures."""
    summary, kit = made
    text = (summary.folder / "KEN.json").read_text(encoding="utf-8")
    twin = json.loads(text)
    check_twin(twin)
    named = {one["name"]: one for one in twin["run"]["own_files"]}
    assert list(named) == ["own.csv", "open.csv", "bank.xlsx"] or set(named) == {
        "own.csv",
        "open.csv",
        "bank.xlsx",
    }
    assert named["open.csv"] == {"name": "open.csv", "sha256": file_hash(kit / "params" / "open.csv")}
    folder = kit / "data" / "overrides"
    for path in (kit / "params" / "own.csv", folder / "bank.xlsx"):
        assert file_hash(path) not in text
        assert named[path.name]["hmac_sha256"] == fingerprint(file_hash(path), machine_key(folder))
    assert machine_key(folder) not in text
    assert (folder / KEY).stat().st_mode & 0o077 == 0
    assert twin["params"]["own_files"] == ["own.csv", "open.csv"]


def test_a_second_run_is_the_same_to_the_byte(made: tuple[RunSummary, Path]) -> None:
    summary, kit = made
    params = Params(
        country="KEN",
        vintage=VINTAGE,
        own_files=(str(kit / "params" / "own.csv"), str(kit / "params" / "open.csv")),
        overrides={
            "other_external_liabilities_usd": {
                "value": SECRETS["other_external_liabilities_usd"],
                "confidential": True,
            }
        },
    )
    again = report_countries([params], root=kit, run="again")
    for name in ("KEN.html", "KEN.json", "KEN/01_crash.ipynb"):
        assert (summary.folder / name).read_bytes() == (again.folder / name).read_bytes(), name


def test_a_file_that_cannot_be_read_fails_without_a_figure(kit_root: Path, tmp_path: Path) -> None:
    kit = kit_of(kit_root, tmp_path / "kit")
    notebook(kit / "notebooks" / "01_crash.ipynb", CELLS)
    bad = [{"country": "KEN", **row(value=f"{value:.2f} USD")} for value in SECRETS.values()]
    write(kit / "data" / "overrides" / "bank.csv", bad)
    with pytest.raises(DataError) as caught:
        report_countries([Params(country="KEN", vintage=VINTAGE)], root=kit, run="r")
    assert "data/overrides/bank.csv:2: the value must be a plain number" in str(caught.value)
    for value in SECRETS.values():
        assert not re.search(spellings(value)[0], str(caught.value).encode())
    assert not list((kit / "reports").rglob("*")) if (kit / "reports").exists() else True


def test_a_file_changed_while_the_report_is_made_stops_it(kit_root: Path, tmp_path: Path) -> None:
    kit = kit_of(kit_root, tmp_path / "kit")
    path = write(kit / "data" / "overrides" / "bank.csv", [{"country": "KEN", **row()}])
    files = load_inputs(Params(country="KEN", vintage=VINTAGE), root=kit).own_files
    assert own_files(files, kit)[0]["name"] == "bank.csv"
    path.write_text(path.read_text() + "\n")
    with pytest.raises(DataError, match=r"bank\.csv: was changed while the report was made"):
        own_files(files, kit)


def spoil(key: Path) -> str:
    key.write_text("short")
    return "is damaged"


def blind(key: Path) -> str:
    key.mkdir()
    return r"cannot be had \(Is a directory\)"


@pytest.mark.parametrize("harm", [spoil, blind])
def test_a_key_that_cannot_be_used_is_told_without_a_path(
    tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    message = harm(tmp_path / KEY)
    with pytest.raises(DataError, match=rf"^data/overrides/\.key: .*{message}"):
        machine_key(tmp_path)


def test_the_key_is_made_once_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "overrides"
    first = machine_key(folder)
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert machine_key(folder) == first
    assert [path.name for path in folder.iterdir()] == [KEY]
    assert fingerprint("a" * 64, first) != fingerprint("a" * 64, machine_key(tmp_path / "other"))


def test_results_that_stand_on_own_figures_are_not_called_published_or_merely_measured(
    made: tuple[RunSummary, Path],
) -> None:
    summary, _ = made
    page = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    twin = json.loads((summary.folder / "KEN.json").read_text(encoding="utf-8"))
    rows = {row[:200].split('"')[0]: row for row in page.split('<tr id="num-')[1:]}
    estimates = [
        one
        for chapter in twin["chapters"].values()
        for one in chapter["estimates"].values()
        if one["value"] is not None
    ]
    own = {one["id"] for one in estimates if "bank" in one["sources"]}
    assert {"crash.bank_exposure_pct_tier1", "crash.household_loss_usd", "crash.turnover"} <= own
    assert own < {one["id"] for one in estimates}
    for one in estimates:
        marked = "with the institution’s own figures" in rows[one["id"]].split("</tr>")[0]
        assert marked == (one["id"] in own), one["id"]


def test_a_card_of_a_figure_without_an_interval_says_whose_it_is() -> None:
    cards = template("macros.html.j2").module.cards
    public = Estimate("crash.a", "A", 1.5, "pct_gdp", data_class="measured", sources=("wdi",))
    own = public.with_(id="crash.b", sources=("wdi", "bank")).coarsened()
    assert "published figure or arithmetic" in cards([public])
    assert "institution" not in cards([public])
    assert "the institution’s own figure, or arithmetic on it" in cards([own])
    assert "published figure" not in cards([own])
    assert "with the institution’s own figures" in cards([own])
