"""Files of own figures in parameter files: what the check refuses, what it only remarks, and where paths lead."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cryptorisk.cli import main
from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.concern import EVERYBODY
from cryptorisk.errors import ParameterError
from cryptorisk.kit import find_root
from cryptorisk.paramfile import load_params, read_parameter_file, write_resolved
from cryptorisk.params import Params
from cryptorisk.report.parameters import own_words, parameter_rows
from cryptorisk.report.record import public_params

HEAD = "country,series,date,value,unit,data_class,confidential,note\n"
GOOD = HEAD + ",bank_tier1_usd,2025,6.1,usd_bn,,no,Return A\n"
VINTAGE = "2026-11-23"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit with the embedded vintage, an empty ``data/overrides`` and an outside world."""
    root = tmp_path / "kit"
    for name in ("notebooks", "params/own", "data/overrides"):
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "data" / VINTAGE).symlink_to(find_root() / "data" / VINTAGE, target_is_directory=True)
    (tmp_path / "outside.csv").write_text(GOOD)
    return root


def check(kit: Path, text: str, **files: str) -> Params:
    for name, content in files.items():
        (kit / "params" / "own" / f"{name}.csv").write_text(content)
    path = kit / "params" / "KEN.yaml"
    path.write_text(f"country: KEN\nvintage: {VINTAGE}\n{text}\n")
    return read_parameter_file(path, shown="x.yaml", root=kit)


def said(kit: Path, text: str, **files: str) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        check(kit, text, **files)
    return str(caught.value).splitlines()


def test_a_named_file_is_read_and_its_path_goes_with_the_run(kit: Path, tmp_path: Path) -> None:
    params = check(kit, "own_files: [own/a.csv]", a=GOOD)
    assert params.own_files == (str(kit / "params" / "own" / "a.csv"),)
    latest = load_inputs(params, root=kit).latest("bank_tier1_usd")
    assert latest is not None
    assert latest.value == 6.1e9
    run = tmp_path / "run"
    run.mkdir()
    write_resolved(params, run / "params.json")
    assert str(tmp_path) not in (run / "params.json").read_text()
    assert load_params(run / "params.json") == params


def test_faults_of_a_named_file_have_their_places(kit: Path) -> None:
    bad = HEAD + ",bank_tier1_usd,2025,x,usd,,no,\n,bank_tier,2024,1,,,,\n"
    assert said(
        kit, "own_files: [own/a.csv, own/b.csv]", a=GOOD.replace("bank_tier1", "bank_cet1"), b=bad
    ) == [
        "x.yaml:3: own_files[2] (counted from 1): 'b.csv': line 2: the value must be a plain number (got 'x'); "
        "write 1234.5",
        "x.yaml:3: own_files[2] (counted from 1): 'b.csv': line 3: the series is not known (got 'bank_tier'); did you "
        "mean bank_tier1_usd or bank_rwa_usd or bank_cet1_usd?",
        "x.yaml:3: own_files[2] (counted from 1): 'b.csv': line 3: the unit is missing",
    ]


def test_faults_of_files_stand_beside_those_of_the_models(kit: Path) -> None:
    text = "crash: {price_drop: 50}\nown_files: [own/none.csv, own/a.csv]\noverrides: {bank_rwa_usd: x}"
    found = said(kit, text, a=HEAD + ",bank_tier1_usd,2025,x,usd,,,\n")
    assert [line.split(": ")[1] for line in found] == [
        "crash.price_drop",
        "own_files[1] (counted from 1)",
        "own_files[2] (counted from 1)",
        "overrides.bank_rwa_usd",
    ]
    assert (
        "there is no such file (got 'own/none.csv'); the path is relative to the parameter file" in found[1]
    )


def test_faults_in_the_folder_are_told_under_its_files(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (kit / "data" / "overrides" / "a.csv").write_text(GOOD)
    (kit / "data" / "overrides" / "b.xls").write_text("")
    assert check(kit, "").own_files == (), "the parameter file itself is good"
    file = str(kit / "params" / "KEN.yaml")
    assert main(["params", "check", file, "--root", str(kit)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "data/overrides/b.xls: is no file of the kinds .csv, .xlsx, .parquet; save it as one of them",
        f"data/overrides/b.xls: {EVERYBODY.what}; {EVERYBODY.remedy}",
        "data/overrides/a.csv: line 2: the country is missing; give its ISO 3166-1 alpha-3 code, for example KEN",
        f"data/overrides/a.csv: {EVERYBODY.what}; {EVERYBODY.remedy}",
        "1 of 1 file cannot be used",
    ]
    check(kit, "use_overrides_folder: false")
    assert main(["params", "check", file, "--root", str(kit)]) == 0


@pytest.mark.parametrize(
    "name", ["../../outside.csv", "own/../../../outside.csv", "link.csv", "own/up/outside.csv", "{absolute}"]
)
def test_a_named_file_lies_beside_the_parameter_file_or_below(kit: Path, tmp_path: Path, name: str) -> None:
    (kit / "params" / "link.csv").symlink_to(tmp_path / "outside.csv")
    (kit / "params" / "own" / "up").symlink_to(tmp_path, target_is_directory=True)
    name = name.format(absolute=tmp_path / "outside.csv")
    (line,) = said(kit, f"own_files: ['{name}']")
    assert "leads out of the parameter file's folder" in line
    assert line.endswith("put the file beside the parameter file, or into data/overrides/")


@pytest.mark.parametrize("name", [".", "own", "pipe"])
@pytest.mark.parametrize(
    "field", ["own_files: [{name}]", "overrides: {{bank_tier1_usd: {{file: {name}, unit: usd}}}}"]
)
def test_no_field_names_what_is_no_regular_file(kit: Path, name: str, field: str) -> None:
    import os

    os.mkfifo(kit / "params" / "pipe")
    (line,) = said(kit, field.format(name=name))
    assert "is not a regular file" in line


def test_devices_are_no_files(kit: Path) -> None:
    (line,) = said(kit, "overrides: {bank_tier1_usd: {file: /dev/zero, unit: usd}}")
    assert "is not a regular file" in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("own_files: own/a.csv", "own_files: must be a list, for example [a, b]"),
        ("own_files: [a, a]", "own_files: must be distinct ('a' stands twice)"),
        ("own_files: [3]", "own_files[1] (counted from 1): must be text (got 3); put it in quotes"),
        ("own_file: [a]", "own_file: is not a known parameter; did you mean own_files?"),
        ("use_overrides_folder: maybe", "use_overrides_folder: must be true or false (got 'maybe')"),
    ],
)
def test_mistakes_in_the_fields_themselves(kit: Path, text: str, message: str) -> None:
    assert any(message in line for line in said(kit, text))


def test_a_confidential_figure_in_the_file_is_not_repeated(kit: Path) -> None:
    (line,) = said(kit, "overrides: {bank_tier1_usd: {value: '7717391384,25', confidential: true}}")
    assert "overrides.bank_tier1_usd.value: must be a number" in line
    assert "77173913" not in line
    (line,) = said(kit, "overrides: {bank_tier1_usd: {value: '12,5'}}")
    assert "(got '12,5')" in line


def test_the_check_asks_about_units_and_says_what_is_confidential(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + ",reserves_usd,2021,9491,usd,,no,\n,bank_tier1_usd,2025,7717391384.25,usd,,,\n"
    check(kit, "own_files: [own/a.csv]", a=text)
    assert main(["params", "check", str(kit / "params" / "KEN.yaml"), "--root", str(kit)]) == 0
    told = capsys.readouterr()
    assert ": good (KEN)" in told.out
    asked, secret = told.err.splitlines()
    assert asked.startswith("KEN: Unit? The institution's own figure for official reserves including gold")
    assert "about a millionth of the public figure of 2021-12-31 (wdi)" in asked
    assert (
        secret
        == "KEN: bank_tier1_usd is confidential; results that stand on it are printed to one digit or left out"
    )


def told(kit: Path, capsys: pytest.CaptureFixture[str], source: str = "") -> list[str]:
    """What the check says beside that the file is good."""
    capsys.readouterr()
    assert main(["params", "check", source or str(kit / "params" / "KEN.yaml"), "--root", str(kit)]) == 0
    said = capsys.readouterr()
    assert said.out.endswith(": good (KEN)\n")
    return said.err.splitlines()


def test_the_check_tells_of_figures_dated_in_the_future(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        ",bank_tier1_usd,2024,1,usd,,no,",
        ",bank_tier1_usd,2030,1,usd,,no,",
        ",bank_tier1_usd,2031,1,usd,,no,",
    ]
    late = ",bank_cet1_usd,2205-01-31,1,usd,,no,"
    check(kit, "own_files: [own/a.csv]", a=HEAD + "\n".join([*lines, late.replace("2205", "2050")]) + "\n")
    end = f"dated after {VINTAGE}, where this report's data end, and not used"
    assert told(kit, capsys) == [
        f"KEN: a.csv:3: the figure of bank_tier1_usd for 2030 and 1 more are {end}; correct the date if it is a slip",
        f"KEN: a.csv:5: the figure of bank_cet1_usd for 2050-01-31 is {end}, so that the series has no figure; correct "
        "the date if it is a slip",
    ]
    check(kit, "as_of: 2023-12-31\nown_files: [own/a.csv]")
    assert "for 2024 and 2 more are dated after 2023-12-31" in told(kit, capsys)[0]
    (kit / "params" / "own" / "b.csv").write_text("date,value\n2024,1\n2030,1\n")
    check(kit, "overrides: {bank_tier1_usd: {file: own/b.csv, unit: usd}}")
    assert told(kit, capsys)[0].startswith(
        "KEN: b.csv:3: the figure of bank_tier1_usd for 2030 is dated after"
    )


def sheets(path: Path, **rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)


TABLE = [HEAD.strip().split(","), [None, "bank_tier1_usd", "2025", 6.1, "usd_bn", None, "no", None]]


def test_the_check_tells_of_sheets_that_are_not_read(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = kit / "params" / "own" / "a.xlsx"
    sheets(path, first=TABLE, second=TABLE, words=[["nothing", "to read"]])
    params = check(kit, "own_files: [own/a.xlsx]")
    what = "not read: second; figures are taken from the sheet data, or else from the first"
    assert told(kit, capsys) == [f"KEN: a.xlsx: has a sheet with numbers that is {what}"]
    (finding,) = [one for one in load_inputs(params, root=kit).findings if one.id.startswith("data.own_file")]
    assert (
        finding.text
        == f"The file a.xlsx named in the parameter file has a sheet with numbers that is {what}."
    )
    sheets(path, **{str(year): TABLE for year in (2021, 2022, 2023, 2024, 2025)})
    assert "that are not read: 2022, 2023, 2024 and 1 others" in told(kit, capsys)[0]
    sheets(path, cover=[["Return A"]], figures=TABLE)
    line, *_others = said(kit, "own_files: [own/a.xlsx]")
    assert "lacks the column" in line
    assert line.endswith("to have another sheet read, name it data")
    sheets(path, cover=[], figures=TABLE)
    assert "has nothing on its sheet 'cover'" in said(kit, "own_files: [own/a.xlsx]")[0]


def test_the_check_tells_of_files_without_figures(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(kit, "own_files: [own/a.csv, own/b.csv]", a=HEAD, b=HEAD + "UGA,bank_tier1_usd,2025,1,usd,,no,\n")
    (kit / "data" / "overrides" / "c.csv").write_text(HEAD + "UGA,bank_tier1_usd,,,usd,,,\n")
    (kit / "data" / "overrides" / "d.csv").write_text(HEAD + "UGA,bank_tier1_usd,2025,1,usd,,no,\n")
    assert told(kit, capsys) == [
        "KEN: a.csv: holds no figure",
        "KEN: b.csv: holds no figure for Kenya",
        "KEN: data/overrides/c.csv: holds no figure",
    ]
    assert said(kit, "own_files: [own/a.csv]", a="") == [
        "x.yaml:3: own_files[1] (counted from 1): 'a.csv': is empty: no line names the columns; the columns are country, "
        "series, date, value, unit, data_class, confidential, note; `cryptorisk data template` writes them"
    ]


def test_the_check_takes_a_country_with_or_without_a_parameter_file(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (kit / "data" / "overrides" / "a.csv").write_text(HEAD + "KEN,bank_tier1_usd,2035,1,usd,,no,\n")
    assert len(told(kit, capsys, "KEN")) == 1
    (kit / "data" / "overrides" / "a.csv").write_text(HEAD + "KEN,bank_tier1_usd,2025,x,usd,,no,\n")
    assert main(["params", "check", "KEN", "--root", str(kit)]) == 2
    assert "data/overrides/a.csv: line 2: the value must be a plain number" in capsys.readouterr().err
    assert main(["params", "check", "UGA", "--root", str(kit)]) == 0


def test_reports_name_the_files_and_not_where_they_lie(kit: Path, tmp_path: Path) -> None:
    params = check(kit, "own_files: [own/a.csv]", a=GOOD)
    assert public_params(params)["own_files"] == ["a.csv"]
    rows = {row.name: row for row in parameter_rows(params)}
    assert rows["own_files"].value == "a.csv"
    assert rows["own_files"].changed
    assert not rows["use_overrides_folder"].changed
    files = load_inputs(params, root=kit).own_files
    assert {"a.csv", "Return A"} <= set(own_words(params, files))
    assert str(tmp_path) not in repr(files)


@pytest.mark.parametrize(
    ("series", "value", "unit"),
    [
        ("reserves_usd", "-5e9", "usd"),
        ("deposit_dollarization_pct", "250", "pct_deposits"),
        ("parallel_fx_lcu_per_usd", "-142", "lcu_per_usd"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_without_being_quoted(tmp_path, series, value, unit):
    (tmp_path / "own.csv").write_text(
        f"series,date,value,unit\n{series},2024,{value},{unit}\n", encoding="utf-8"
    )
    (tmp_path / "KEN.yaml").write_text("country: KEN\nown_files: [own.csv]\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_params(tmp_path / "KEN.yaml")
    said = str(caught.value)
    assert "own.csv" in said
    assert series in said
    assert value not in said


def test_a_typed_figure_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "KEN.yaml").write_text(
        "country: KEN\noverrides:\n  reserves_usd: -5.0e+9\n", encoding="utf-8"
    )
    with pytest.raises(ParameterError, match="cannot be below 0"):
        load_params(tmp_path / "KEN.yaml")
