"""`cryptorisk data vintages`, `data diff` and `data export`, as a user calls them."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))

from small_vintage import Row, make_vintage

from cryptorisk.cli import main
from cryptorisk.data.refresh.record import RefreshRecord, SourceRecord
from cryptorisk.kit import find_root

ROOT = find_root()
OLD: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 100, "weo_2026_04"),
    ("gdp_usd", "UGA", "2021-12-31", 40, "weo_2026_04"),
    ("reserves_usd", "KEN", "2021-12-31", 9.0, "wdi"),
    ("btc_price_usd", "WLD", "2021-01-01", 30000, "coinmetrics_2026_03"),
]
NEW: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 110, "weo_2026_04"),
    ("gdp_usd", "UGA", "2021-12-31", 50, "weo_2026_04"),
    ("gdp_usd", "UGA", "2022-12-31", 55, "weo_2026_04"),
    ("reserves_usd", "KEN", "2021-12-31", 9.0, "wdi"),
    ("btc_price_usd", "WLD", "2021-01-01", 30000, "coinmetrics_2026_03"),
]


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit with two small vintages; the working directory is empty and beside it."""
    root = tmp_path / "kit"
    for folder in ("notebooks", "params", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "params" / "KEN.yaml").write_text(
        "country: KEN\noverrides:\n"
        "  reserves_usd: {value: 7.77, date: 2021-12-31, confidential: true}\n"
        "  gdp_usd: {value: 5.55, date: 2021-12-31}\n"
    )
    make_vintage(root / "data", "2026-11-01", OLD)
    failed = SourceRecord("imf", "failed", "no answer")
    record = RefreshRecord("2026-11-01", "0" * 64, (failed,)).to_dict()
    make_vintage(root / "data", "2026-12-01", NEW, refresh=record)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return root


@pytest.fixture
def run(kit, capsys):
    """Run a command of `data`: exit code, stdout, stderr."""

    def call(*arguments):
        code = main(["data", *map(str, arguments), "--root", str(kit)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of 120 letters in place of the pipe that tests have."""
    console = Console(force_terminal=True, color_system=None, highlight=False, soft_wrap=True, width=120)
    for module in ("screen", "vintages"):
        monkeypatch.setattr(f"cryptorisk.cli.{module}.out", console)


def rows(text):
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def here():
    return sorted(path.name for path in Path.cwd().iterdir())


def test_vintages_are_listed(run, kit):
    (kit / "data" / "2026-12-02").mkdir()
    (kit / "data" / ".2026-12-03-unfinished").mkdir()
    code, out, _ = run("vintages")
    assert code == 0
    first, second, damaged = rows(out)
    assert (first["vintage"], first["figures"], first["newest"]) == ("2026-11-01", "4", "2021-12-31")
    assert first["made"] == "compiled"
    assert second["made"] == "refreshed from 2026-11-01; imf failed (no answer)"
    assert len(second["sha256"]) == 64
    assert damaged["vintage"] == "2026-12-02"
    assert damaged["problem"].startswith("datapackage.json: cannot be read")


def test_vintages_on_a_terminal(run, kit, terminal):
    (kit / "data" / "2026-12-02").mkdir()
    code, out, _ = run("vintages")
    assert code == 0
    assert "damaged: datapackage.json: cannot be read" in " ".join(out.split())
    assert "sha256" not in out


def test_no_vintage_is_said(run, kit):
    for folder in (kit / "data").iterdir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    assert run("vintages")[:2] == (0, f"there is no vintage in {kit / 'data'}\n")


def test_diff(run):
    code, out, _ = run("diff", "2026-11-01", "2026-12-01")
    assert code == 0
    words, table = out.split("\n\n")
    assert words.splitlines()[:2] == [
        "2026-11-01 and 2026-12-01",
        "figures a report would see: 1 added, 2 revised, 0 withdrawn (1 series, 2 economies)",
    ]
    (gdp,) = rows(table)
    assert (gdp["series"], gdp["economies"], gdp["added"], gdp["revised"]) == ("gdp_usd", "2", "1", "2")
    assert float(gdp["largest_pct"]) == 25
    assert gdp["most_revised"] == "UGA 25 %, KEN 10 %"


def test_diff_takes_the_newest_and_narrows_down(run):
    code, out, _ = run("diff", "2026-11-01", "--country", "ken", "--series", "gdp", "--stored")
    assert code == 0
    (gdp,) = rows(out.split("\n\n")[1])
    assert (gdp["source"], gdp["revised"], gdp["added"]) == ("weo_2026_04", "1", "0")


def test_diff_on_a_terminal(run, terminal):
    _, out, _ = run("diff", "2026-11-01", "2026-12-01")
    assert "17.5 %" in out
    assert "2021-2022" in out


def test_diff_without_a_difference_and_backwards(run):
    assert run("diff", "latest")[:2] == (0, "2026-12-01 and 2026-12-01\nno figure differs\n")
    code, out, _ = run("diff", "2026-12-01", "2026-11-01")
    assert code == 0
    assert "2026-12-01 is the newer of the two" in out


def test_diff_into_a_file(run):
    code, out, _ = run("diff", "2026-11-01", "--to", "d.csv")
    assert code == 0
    assert out.endswith("3 figures that differ: d.csv\n")
    read = pd.read_csv("d.csv")
    assert read["what"].tolist() == ["revised", "revised", "added"]
    assert read.columns.tolist()[:4] == ["series", "country", "date", "what"]
    code, out, err = run("diff", "2026-11-01", "--to", "d.csv")
    assert (code, out) == (2, "")
    assert "d.csv: exists already" in err
    assert run("diff", "2026-11-01", "--to", "d.csv", "--force")[0] == 0


def test_export_default(run):
    code, out, _ = run("export", "UGA")
    assert (code, out) == (0, "2 figures of Uganda: UGA-2026-12-01.xlsx\n")
    assert here() == ["UGA-2026-12-01.xlsx"]


def test_export_heeds_the_parameter_file_and_keeps_own_figures_back(run, kit):
    code, out, _ = run("export", "KEN", "--to", "csv", "--vintage", "2026-11-01", "--as-of", "2026-10-01")
    assert code == 0
    assert out.startswith("left out, confidential: reserves_usd\nleft out, own: gdp_usd\n")
    name = "KEN-2026-11-01-as-of-2026-10-01"
    assert here() == [f"{name}-readme.txt", f"{name}-series.csv", f"{name}-sources.csv", f"{name}.csv"]
    assert pd.read_csv(f"{name}.csv")["value"].tolist() == [100, 9]
    code, out, _ = run("export", kit / "params" / "KEN.yaml", "-o", "own.csv", "--with-own")
    assert code == 0
    assert pd.read_csv("own.csv")["value"].tolist() == [5.55, 9]


def test_export_of_the_world(run):
    code, out, _ = run("export", "wld", "--to", "parquet")
    assert (code, out) == (0, "1 figures of the world: WLD-2026-12-01.parquet\n")
    code, out, err = run("export", "WLD", "--without-restricted")
    assert code == 2
    assert "there is no figure of the world" in err


def test_the_embedded_vintage_as_a_workbook(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["data", "export", "TUV", "--vintage", "2026-11-23", "--root", str(ROOT)]) == 0
    assert capsys.readouterr().out.endswith("figures of Tuvalu: TUV-2026-11-23.xlsx\n")
    assert [path.name for path in tmp_path.iterdir()] == ["TUV-2026-11-23.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diff", "1999-01-01"], "there is no vintage '1999-01-01'"),
        (["diff", "2026-11-01", "../.."], "there is no vintage '../..'"),
        (["diff", "2026-11-01", "--country", "QQQ"], "is not an economy the kit knows (got 'QQQ')"),
        (["diff", "2026-11-01", "--series", "gpd_usd"], "unknown series 'gpd_usd'; did you mean gdp_usd"),
        (["diff", "2026-11-01", "--to", "d.xlsx"], "--to: must end in .csv (got 'd.xlsx')"),
        (["diff", "2026-11-01", "--to", "no/d.csv"], "no: there is no such folder"),
        (["export", "Kenya"], "'Kenya' is neither a country code nor a file"),
        (["export", "UGA", "--vintage", "1999-01-01"], "there is no vintage '1999-01-01'"),
        (["export", "UGA", "--vintage", "../x"], "there is no vintage '../x'"),
        (["export", "UGA", "--as-of", "2026-13-01"], "--as-of: must be a date written YYYY-MM-DD"),
        (["export", "UGA", "--as-of", "2030-01-01"], "as_of 2030-01-01 lies after the vintage of 2026-12-01"),
        (["export", "UGA", "--out", "x.csv", "--to", "xlsx"], "--out: must end in .xlsx (got 'x.csv')"),
        (["export", "UGA", "--out", "x.pdf"], "--out: must end in .xlsx (got 'x.pdf')"),
        (["export", "UGA", "--out", "../kit/data/2026-12-01/x.csv"], "lies within a vintage"),
        (["export", "FRA"], "there is no figure of France"),
    ],
)
def test_bad_requests(run, kit, arguments, message):
    before = sorted(path for path in kit.rglob("*"))
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert here() == []
    assert sorted(path for path in kit.rglob("*")) == before


def test_an_existing_file_is_kept_unless_force_is_given(run):
    Path("UGA-2026-12-01.xlsx").write_text("mine")
    code, _, err = run("export", "UGA")
    assert code == 2
    assert "exists already; name another file, or give --force" in err
    assert Path("UGA-2026-12-01.xlsx").read_text() == "mine"
    assert run("export", "UGA", "--force")[0] == 0
    assert Path("UGA-2026-12-01.xlsx").read_bytes()[:2] == b"PK"


def test_ctrl_c_leaves_no_partial_file(run, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("cryptorisk.data.outfile.undisturbed", stopped)
    assert run("export", "UGA", "--to", "csv")[0] == 130
    assert here() == []
