"""The command line: what it prints, where, and with which exit code."""

# ruff: noqa: E501 - tables of cases

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cryptorisk import cli
from cryptorisk.cli import app, main
from cryptorisk.errors import DataError, KitError, RunError
from cryptorisk.kit import find_root

BAD = "country: KEN\ncrash:\n  price_drop: 50\n"
SAID = "bad.yaml:3: crash.price_drop: must lie between 0.01 and 1 (got 50); a drop of 50 % is 0.5\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def run(*arguments, **options):
    command = [sys.executable, "-m", "cryptorisk.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def test_version():
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "cryptorisk 0.1.0\n"


def test_the_package_runs_like_the_command():
    command = [sys.executable, "-m", "cryptorisk", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "cryptorisk 0.1.0\n", "")
    command[-1] = "--verson"
    wrong = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert wrong.returncode == run("--verson").returncode == 2
    assert "Usage: cryptorisk " in wrong.stderr


@pytest.mark.parametrize("command", [[], ["report"], ["params"], ["params", "check"], ["params", "new"], ["data"], ["data", "show"], ["data", "compile"]])  # fmt: skip
def test_help_reads_and_names_the_command(command):
    done = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "100", "TERM": "dumb"})
    assert done.exit_code == 0
    assert f"Usage: cryptorisk {' '.join(command)}".strip() in done.output.replace("  ", " ")


def test_help_says_examples_and_exit_codes():
    for command in ([], ["report"]):
        text = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "120", "TERM": "dumb"}).output
        assert "cryptorisk report KEN" in text
        for code in ("0: done", "1: a notebook failed", "2: bad input", "130: interrupted"):
            assert code in text


def test_help_and_checks_load_no_analysis():
    """The parts that answer at once must not import pandas (a second on a slow disk)."""
    code = (
        "import sys; from cryptorisk.cli import main; "
        "a = main(['--help']); b = main(['params', 'check', sys.argv[1]]); "
        "print(a, b, sorted({'pandas', 'numpy', 'matplotlib', 'papermill', 'scipy'} & set(sys.modules)))"
    )
    file = str(find_root() / "params" / "KEN.yaml")
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 0 []"


def test_a_bad_file_in_a_real_process(folder):
    (folder / "bad.yaml").write_text(BAD)
    before = files(folder)
    for command in (["params", "check", "bad.yaml"], ["report", "bad.yaml", "--root", str(find_root())]):
        done = run(*command)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(SAID)
    assert files(folder) == before


def test_all_files_are_judged_before_anything_runs(folder, capsys):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "worse.yaml").write_text("nothing: 1\n")
    assert main(["report", "KEN", "bad.yaml", "worse.yaml", "--root", str(find_root())]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert SAID in said.err
    assert "worse.yaml:1: nothing: is not a known parameter" in said.err
    assert "worse.yaml: country: is missing" in said.err
    assert files(folder) == ["bad.yaml", "worse.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report"], "no country named"),
        (["report", "--all", "KEN"], "name countries or use --all, not both"),
        (["report", "<script>"], "'<script>' is neither a country code nor a file"),
        (["report", "../../x"], "'../../x' is neither a country code nor a file"),
        (["report", "QQQ"], "is not an economy the kit knows (got 'QQQ')"),
        (["report", "KEN", "ken"], "'ken' and 'KEN' are both about KEN"),
        (["report", "KEN", "--renderer", "latex"], "'latex' is not one of"),
        (["report", "KEN", "--root", "."], "is not the kit's folder"),
        (["reprot", "KEN"], "No such command 'reprot'"),
        (
            ["params", "new", "Kenya"],
            "is not an economy the kit knows (got 'KENYA'); did you mean KEN (Kenya)?",
        ),
        (["params", "new", "UK"], "(got 'UK'); did you mean GBR (United Kingdom)?"),
        (["params", "new", "uk"], "(got 'UK'); did you mean GBR (United Kingdom)?"),
        (["params", "new", "US"], "(got 'US'); did you mean USA (United States)?"),
        (["params", "new", "United States of America"], "did you mean USA (United States)?"),
        (["params", "new", "UAE"], "did you mean ARE (United Arab Emirates)?"),
        (
            ["params", "new", "EU"],
            "(got 'EU'); a report is about one economy: name a member, for example DEU",
        ),
        (["params", "check"], "Missing argument"),
        (["params", "check", "none.yaml"], "'none.yaml' is neither a country code nor a file"),
    ],
)
def test_bad_arguments_are_said_with_exit_code_2(folder, capsys, arguments, message):
    rooted = (
        [*arguments, "--root", str(find_root())]
        if arguments[0] == "report" and "--root" not in arguments
        else arguments
    )
    assert main(rooted) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in " ".join(said.err.replace("│", " ").split())
    assert "Traceback" not in said.err
    assert files(folder) == []


def test_nothing_a_file_says_acts_on_the_terminal(folder, capsys):
    (folder / "x\x1b[31m.yaml").write_text('country: "K\\e[31m"\n"[bold]\\e": 1\ninstitution: [red]\n')
    assert main(["params", "check", "x\x1b[31m.yaml"]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "holds control characters" in said
    assert "x\\x1b[31m.yaml:1" in said


def test_check_says_good_and_bad(folder, capsys):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "good.yaml").write_text("country: UGA\n")
    assert main(["params", "check", "good.yaml", "bad.yaml"]) == 2
    said = capsys.readouterr()
    assert said.out == "good.yaml: good (UGA)\n"
    assert said.err == SAID + "1 of 2 files cannot be used\n"


CONFIDENTIAL = """\
country: UGA
overrides:
  bank_tier1_usd: {value: 6e9, confidential: true}
  reserves_usd: {value: 4e9, confidential: true}
  bank_cet1_usd: 5e9
"""
WARNING = "UGA: bank_tier1_usd, reserves_usd are confidential; results that stand on them are printed to one digit or left out\n"


def test_check_warns_of_confidential_figures_once(folder, capsys):
    (folder / "x.yaml").write_text(CONFIDENTIAL)
    assert main(["params", "check", "x.yaml"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("x.yaml: good (UGA)\n", WARNING)


def test_report_warns_of_confidential_figures_before_it_runs(folder, capsys, monkeypatch):
    def stop(*args, **options):
        raise RunError("stopped", notebook="here")

    monkeypatch.setattr("cryptorisk.report.batch.report_countries", stop)
    (folder / "x.yaml").write_text(CONFIDENTIAL)
    assert main(["report", "x.yaml", "--root", str(find_root())]) == 1
    assert capsys.readouterr().err.count(WARNING) == 1


def test_monthly_figures_that_pass_the_check_reach_the_report(folder, capsys):
    """A file of an annual stock with two dates in a year once passed the check and stopped the report."""
    from cryptorisk.cli.report import check_data, read_all

    (folder / "ex.csv").write_text("date,value\n2025-01-31,1e8\n2025-06-30,2e8\n")
    file = folder / "x.yaml"
    file.write_text("country: KEN\noverrides:\n  household_crypto_holdings_usd: {file: ex.csv, unit: usd}\n")
    assert main(["params", "check", "x.yaml"]) == 0
    check_data(read_all(["x.yaml"], find_root()), find_root())
    file.write_text("country: KEN\noverrides:\n  exports_gs_usd: {file: ex.csv, unit: usd}\n")
    for command in (["params", "check", "x.yaml"], ["report", "x.yaml", "--root", str(find_root())]):
        capsys.readouterr()
        assert main(command) == 2
        assert capsys.readouterr().err.startswith(
            "x.yaml:3: overrides.exports_gs_usd.file: 'ex.csv': line 3: a second figure for the year that ends "
            "2025-12-31, and exports_gs_usd has one figure a year; give one line a year, with the figure of the "
            "whole year\n"
        )


def test_new_writes_once(folder, capsys):
    assert main(["params", "new", "uga", "-o", "UGA.yaml"]) == 0
    assert main(["params", "check", "UGA.yaml"]) == 0
    text = (folder / "UGA.yaml").read_text()
    assert "country: UGA" in text
    assert "# Uganda." in text
    assert main(["params", "new", "UGA", "-o", "UGA.yaml"]) == 2
    assert "UGA.yaml: exists already" in capsys.readouterr().err
    assert (folder / "UGA.yaml").read_text() == text
    assert main(["params", "new", "UGA", "-o", "nowhere/UGA.yaml"]) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err


def test_schema_and_template_are_printed_whole(capsys):
    assert main(["params", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Params"
    assert main(["params", "template"]) == 0
    assert capsys.readouterr().out.endswith("overrides: {}\n")


@pytest.mark.parametrize(
    ("problem", "code", "message"),
    [
        (DataError("is damaged", where="a.parquet", remedy="restore it"), 2, "a.parquet: is damaged; restore it\n"),
        (KitError("no notebooks"), 2, "no notebooks\n"),
        (RunError("ValueError: x", notebook="01_volumes.ipynb", cell=3), 1, "01_volumes.ipynb, code cell 3: ValueError: x\n"),
        (ZeroDivisionError("division by zero"), 1, "unexpected ZeroDivisionError: division by zero\nthis is a defect"),
    ],
)  # fmt: skip
def test_errors_become_messages_and_exit_codes(monkeypatch, capsys, problem, code, message):
    def fail(*args, **options):
        raise problem

    monkeypatch.setattr("cryptorisk.paramfile.template.schema_text", fail)
    assert main(["params", "schema"]) == code
    said = capsys.readouterr().err
    assert said.startswith(message)
    assert "Traceback" not in said
    with pytest.raises(type(problem)):
        main(["--debug", "params", "schema"])


def test_interrupt_ends_cleanly(monkeypatch, capsys):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("cryptorisk.paramfile.template.schema_text", interrupt)
    assert main(["params", "schema"]) == 130
    assert capsys.readouterr() == ("", "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_leaves_early_sees_no_traceback():
    command = f"{sys.executable!r} -m cryptorisk.cli params template | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("# yaml-language-server")
    assert done.stderr == ""


def test_a_console_without_the_letters_still_prints(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("country: Åland\n", encoding="utf-8")
    done = run(
        "params", "check", str(path), env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert done.returncode == 2
    assert "country: must be a country code" in done.stderr
    assert "Traceback" not in done.stderr


def test_exit_codes_are_those_of_the_help():
    assert cli.INTERRUPTED == 130
    assert (DataError.exit_code, KitError.exit_code, RunError.exit_code) == (2, 2, 1)
