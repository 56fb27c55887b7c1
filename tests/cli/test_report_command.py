"""`cryptorisk report`: what it hands to the report engine and what it prints of the outcome."""

import pytest

from cryptorisk.cli import main
from cryptorisk.kit import find_root
from cryptorisk.params import Params
from cryptorisk.report.batch import Outcome, ProgressEvent, RunSummary

ROOT = str(find_root())


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """Stands in for the report engine and records what it was asked; the engine has tests of its own."""
    asked = {}

    def report_countries(params_list, *, root, run, renderer, progress):
        asked.update(params=list(params_list), root=root, run=run, renderer=renderer)
        outcomes = []
        for params in params_list:
            progress(ProgressEvent(params.country, 1, 2, "01_volumes"))
            progress(ProgressEvent(params.country, 2, 2, "rendering [the page]"))
            failed = params.country == "SSD"
            outcomes.append(
                Outcome(
                    params.country,
                    params.country.title(),
                    "failed" if failed else "done",
                    tmp_path / f"{params.country}{'.error' if failed else ''}.html",
                    () if failed else ("Volume: 3.2 bn USD [2.1, 4.4]", "Rating: 40 of 100"),
                    "01_volumes.ipynb, code cell 3: ValueError: x" if failed else "",
                )
            )
        return RunSummary("2026-11-23", tmp_path, tuple(outcomes), tmp_path / "index.html")

    monkeypatch.setattr("cryptorisk.report.batch.report_countries", report_countries)
    monkeypatch.setattr("cryptorisk.cli.report.check_data", lambda everyone, root: None)
    monkeypatch.chdir(tmp_path)
    return asked


def test_one_country_prints_headlines_then_the_page(engine, capsys):
    assert main(["report", "KEN", "--root", ROOT]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "  Volume: 3.2 bn USD [2.1, 4.4]",
        "  Rating: 40 of 100",
        "Report: KEN.html",
    ]
    assert "KEN" in said.err
    assert engine["params"][0].country == "KEN"
    assert engine["params"][0].peers
    assert (engine["run"], engine["renderer"], str(engine["root"])) == (None, "auto", ROOT)


def test_options_reach_the_engine(engine):
    assert main(["report", "TUV", "--root", ROOT, "--run", "2026-q4", "--renderer", "quarto"]) == 0
    assert (engine["run"], engine["renderer"]) == ("2026-q4", "quarto")
    assert engine["params"] == [Params(country="TUV")]


def test_many_countries_print_a_table_and_the_index(engine, capsys):
    assert main(["report", "KEN", "SSD", "UGA", "--root", ROOT]) == 1
    said = capsys.readouterr()
    rows = [line.split("\t") for line in said.out.splitlines()[:4]]
    assert rows[0] == ["country", "name", "status", "first headline"]
    assert [[row[0], row[2]] for row in rows[1:]] == [["KEN", "done"], ["SSD", "failed"], ["UGA", "done"]]
    assert said.out.splitlines()[-1] == "2 of 3 done. Index: index.html"
    assert "SSD failed: 01_volumes.ipynb, code cell 3: ValueError: x" in said.err


def test_one_failed_country_names_the_page_that_explains(engine, capsys):
    assert main(["report", "SSD", "--root", ROOT]) == 1
    said = capsys.readouterr()
    assert said.out == "What happened: SSD.error.html\n"
    assert "SSD failed: 01_volumes.ipynb, code cell 3" in said.err


def test_all_takes_every_shipped_file(engine):
    assert main(["report", "--all", "--root", ROOT]) == 0
    codes = [params.country for params in engine["params"]]
    assert len(codes) == 16
    assert codes == sorted(codes)
    assert {"KEN", "NGA", "CAF", "DEU"} <= set(codes)


def test_a_glob_leaves_the_template_out_and_says_so(engine, capsys):
    files = [str(path) for path in sorted((find_root() / "params").glob("*.yaml"))]
    assert main(["report", *files, "--root", ROOT]) == 0
    assert len(engine["params"]) == 16
    assert "template.yaml left out" in capsys.readouterr().err


def test_a_terminal_gets_a_bar(engine, capsys, monkeypatch):
    from rich.console import Console

    from cryptorisk.cli import progress

    monkeypatch.setattr(progress, "err", Console(stderr=True, force_terminal=True, width=100))
    assert main(["report", "KEN", "UGA", "--root", ROOT]) == 0
    assert "rendering [the page]" in capsys.readouterr().err
