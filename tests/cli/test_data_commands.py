"""`cryptorisk data`, on the embedded vintage, and `report` on damaged or missing data."""

import csv
import re
import shutil

import pytest
from rich.console import Console

from cryptorisk.cli import main, screen
from cryptorisk.kit import find_root

ROOT = find_root()


def rows(text):
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


@pytest.fixture
def kit(tmp_path):
    """A copy of the kit's parameters and data, to be damaged."""
    root = tmp_path / "kit"
    for folder in ("notebooks", "params", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    shutil.copy(ROOT / "params" / "KEN.yaml", root / "params")
    newest = sorted(path for path in (ROOT / "data").glob("20*") if path.is_dir())[-1]
    shutil.copytree(newest, root / "data" / newest.name)
    return root


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_list_by_words_and_by_country(capsys):
    assert main(["data", "list", "Reserves"]) == 0
    listed = {row["series"]: row for row in rows(capsys.readouterr().out)}
    assert listed["reserves_usd"]["unit"] == "US dollars"
    assert int(listed["reserves_usd"]["economies"]) > 150
    assert main(["data", "list", "--country", "tuv"]) == 0
    small = {row["series"] for row in rows(capsys.readouterr().out)}
    assert main(["data", "list"]) == 0
    every = {row["series"] for row in rows(capsys.readouterr().out)}
    assert small < every
    assert {"bank_tier1_usd", "btc_price_usd"} <= every - small


def test_show_reserves_of_kenya(capsys):
    """The README of the data names the figure: 9.49 bn US dollars in 2021."""
    assert main(["data", "show", "reserves", "KEN"]) == 0
    words, figures = capsys.readouterr().out.split("\n\n")
    assert words.startswith("taking reserves_usd for reserves\nreserves_usd, KEN: Official reserves")
    assert "World Bank, World Development Indicators. CC BY 4.0" in words
    value = {row["date"]: float(row["value"]) for row in rows(figures)}["2021-12-31"]
    assert value == pytest.approx(9.49e9, rel=0.001)


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of a width to be chosen, in place of the pipe that tests have."""

    def wide(width):
        console = Console(
            force_terminal=True, color_system=None, highlight=False, soft_wrap=True, width=width
        )
        for module in ("screen", "data"):
            monkeypatch.setattr(f"cryptorisk.cli.{module}.out", console)

    return wide


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_gets_aligned_columns_a_line_a_series(terminal, capsys, width):
    terminal(width)
    assert main(["data", "list", "reserves"]) == 0
    head, *listed, count = capsys.readouterr().out.splitlines()
    assert count == f"{len(listed)} series"
    assert all(len(line) <= width for line in [head, *listed])
    (line,) = [line for line in listed if line.startswith("reserves_usd ")]
    at = head.index("description")
    assert line[at:].startswith("Official reserve")
    assert line[at - 1] == " "
    assert ("US dollars" in line) == (width == 120)


@pytest.mark.parametrize("width", [80, 120])
def test_the_sources_fit_on_a_terminal(terminal, monkeypatch, capsys, width):
    terminal(width)
    monkeypatch.setattr("cryptorisk.cli.refresh.out", screen.out)
    assert main(["data", "sources"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["source", "provider", "state", "newest", "fetch", "licence", "series"]
    assert all(len(line) <= width for line in [head, *lines])
    assert any(
        re.match(r"worldbank +World Bank +never fetched +– +attribution +\d+$", line) for line in lines
    )
    assert lines[-1] == "licences in full, limits and addresses: --long"
    assert main(["data", "sources", "--long"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    for said in ("worldbank: World Bank", "licence CC BY 4.0", "address https://api.worldbank.org/v2", "429"):
        assert said in text


def test_the_sources_go_into_a_file_with_everything(capsys):
    assert main(["data", "sources"]) == 0
    short = capsys.readouterr().out
    listed = {row["source"]: row for row in rows(short)}
    assert listed["worldbank"]["address"] == "https://api.worldbank.org/v2"
    assert listed["yahoo"]["licence_class"] == "own-use"
    assert main(["data", "sources", "--long"]) == 0
    assert capsys.readouterr().out == short


def test_a_terminal_gets_thousands(terminal, capsys):
    terminal(100)
    assert main(["data", "show", "reserves_usd", "KEN"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"2021-12-31 +9,49\d,\d{3},\d{3} ", said)
    assert "taking" not in said
    assert main(["data", "show", "official_fx_lcu_per_usd", "KEN", "--last", "1"]) == 0
    assert re.search(r" 1\d\d\.\d{3,}  ", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(9491046412.0, "9,491,046,412"), (1234.5, "1,234.5"), (1e20, "100,000,000,000,000,000,000"), (1.5e-07, "1.5e-07"),
     (-1234567.25, "-1,234,567.25"), (0.1, "0.1"), (12345, "12,345"), (float("nan"), "")],
)  # fmt: skip
def test_thousands_lose_no_digit(number, shown):
    from cryptorisk.cli.data import _cell

    assert _cell(number, True) == shown
    if number == number:
        assert float(shown.replace(",", "")) == number == float(_cell(number, False))


def test_show_the_worlds_series_and_only_the_last(capsys):
    assert main(["data", "show", "btc_price", "WLD", "--last", "2"]) == 0
    words, figures = capsys.readouterr().out.split("\n\n")
    assert "CC BY-NC 4.0" in words
    assert len(rows(figures)) == 2


def test_show_heeds_the_parameter_file(tmp_path, capsys):
    (tmp_path / "own.csv").write_text("date,value\n2023,1.5e9\n2024,1.6e9\n")
    (tmp_path / "x.yaml").write_text(
        "country: KEN\nas_of: 2023-12-31\noverrides:\n  bank_tier1_usd: {file: own.csv, unit: usd}\n"
    )
    assert main(["data", "show", "bank_tier1_usd", str(tmp_path / "x.yaml"), "--root", str(ROOT)]) == 0
    shown = rows(capsys.readouterr().out.split("\n\n")[1])
    assert [(row["date"], row["value"], row["source"]) for row in shown] == [
        ("2023-12-31", "1500000000", "bank")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "resrves", "KEN"], "unknown series 'resrves'; did you mean reserves_usd"),
        (
            ["show", "reserves", "Kenya"],
            "'Kenya' is neither a country code nor a file; did you mean KEN (Kenya)?",
        ),
        (["list", "--country", "QQQ"], "is not an economy the kit knows (got 'QQQ')"),
        (["list", "--vintage", "1999-01-01"], "there is no vintage '1999-01-01'"),
        (["verify", "--vintage", "../.."], "there is no vintage '../..'"),
        (["compile", "nowhere", "--vintage", "2026-13-01"], "--vintage: must be a date written YYYY-MM-DD"),
        (["compile", "nowhere", "--vintage", "2001-01-01"], "nowhere: there is no such folder"),
        (["compile", ".", "--vintage", "2001-01-01", "--name", "../x"], "--name: must be the vintage's date"),
        (
            ["compile", ".", "--vintage", "2001-01-01", "--name", "2002-01-01"],
            "--name: must be the vintage's date",
        ),
    ],
)
def test_bad_requests(capsys, arguments, message):
    before = files(ROOT / "data")
    assert main(["data", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert files(ROOT / "data") == before


def test_verify(kit, capsys):
    assert main(["data", "verify", "--root", str(kit)]) == 0
    said = capsys.readouterr().out
    assert "files in order" in said
    assert "crypto_noncommercial.parquet" in said
    (next((kit / "data").iterdir()) / "stray.csv").write_text("x")
    assert main(["data", "verify", "--root", str(kit)]) == 2
    assert "stray.csv: the descriptor does not name this file" in capsys.readouterr().err


def test_an_existing_vintage_is_never_overwritten(kit, tmp_path, capsys):
    vintage = next((kit / "data").iterdir())
    before = {path.name: path.read_bytes() for path in vintage.iterdir()}
    command = ["data", "compile", str(tmp_path), "--vintage", vintage.name, "--root", str(kit)]
    assert main(command) == 2
    assert "exists already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in vintage.iterdir()} == before


def damage(kit):
    path = next((kit / "data").glob("*/annual.parquet"))
    content = bytearray(path.read_bytes())
    content[1000] ^= 0xFF
    path.write_bytes(content)
    return "annual.parquet: has another hash than the descriptor says"


def cut(kit):
    path = next((kit / "data").glob("*/monthly.parquet"))
    path.write_bytes(path.read_bytes()[:500])
    return "monthly.parquet: has 500 bytes, the descriptor says"


def without_descriptor(kit):
    next((kit / "data").glob("*/datapackage.json")).unlink()
    return "there is no vintage (present: none)"


def future(kit):
    (kit / "params" / "KEN.yaml").write_text("country: KEN\nas_of: 2199-01-01\n")
    return "params/KEN.yaml:2: as_of: must not lie after the data vintage's date"


def missing_vintage(kit):
    (kit / "params" / "KEN.yaml").write_text("country: KEN\nvintage: 2001-01-01\n")
    return "params/KEN.yaml:2: vintage: there is no vintage '2001-01-01'"


def late_sample(kit):
    (kit / "params" / "KEN.yaml").write_text(
        "country: KEN\nas_of: 2019-01-01\ncrash:\n  sample_start: 2020-01-01\n"
    )
    return "params/KEN.yaml:4: crash.sample_start: must not lie after as_of, 2019-01-01 (got 2020-01-01)"


@pytest.mark.parametrize("harm", [damage, cut, without_descriptor, future, missing_vintage, late_sample])
def test_report_on_bad_data_says_so_and_writes_nothing(kit, capsys, harm):
    message = harm(kit)
    before = files(kit)
    assert main(["report", "KEN", "--root", str(kit)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert "Traceback" not in said.err
    assert files(kit) == before


def test_one_damaged_vintage_is_said_once_for_many_countries(kit, capsys):
    message = damage(kit)
    assert main(["report", "KEN", "UGA", "TZA", "--root", str(kit)]) == 2
    assert capsys.readouterr().err.count(message) == 1
