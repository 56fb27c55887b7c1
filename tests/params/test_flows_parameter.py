"""The file of own flows in parameter files: checked with the others, named relative to the run, shown in the annex."""

from __future__ import annotations

from pathlib import Path

import pytest

from cryptorisk.analysis import _place
from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import ParameterError
from cryptorisk.kit import find_root
from cryptorisk.paramfile import load_params, read_parameter_file, write_resolved
from cryptorisk.report.parameters import own_words, parameter_rows
from cryptorisk.report.record import own_files, public_params

VINTAGE = "2026-11-23"
GOOD = "origin,destination,date,asset,value\nKEN,UGA,2024,usdt,12.5\n"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    root = tmp_path / "kit"
    for name in ("notebooks", "params/own", "data/overrides"):
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "data" / VINTAGE).symlink_to(find_root() / "data" / VINTAGE, target_is_directory=True)
    (tmp_path / "outside.csv").write_text(GOOD)
    return root


def check(kit: Path, text: str, content: str = GOOD):
    (kit / "params" / "own" / "flows.csv").write_text(content)
    path = kit / "params" / "KEN.yaml"
    path.write_text(f"country: KEN\nvintage: {VINTAGE}\nuse_overrides_folder: false\n{text}\n")
    return read_parameter_file(path, shown="x.yaml", root=kit)


def said(kit: Path, text: str, content: str = GOOD) -> str:
    with pytest.raises(ParameterError) as caught:
        check(kit, text, content)
    return str(caught.value)


def test_the_file_is_read_and_its_path_goes_with_the_run(kit, tmp_path):
    params = check(kit, "volumes:\n  flows_file: own/flows.csv")
    assert params.volumes.flows_file == str(kit / "params" / "own" / "flows.csv")
    assert params.volumes.flows_confidential
    assert load_inputs(params, root=kit).flows.frame["value"].tolist() == [12.5]
    run = tmp_path / "run"
    run.mkdir()
    write_resolved(params, run / "params.json")
    assert str(tmp_path) not in (run / "params.json").read_text()
    assert load_params(run / "params.json") == params


def test_faults_of_the_file_are_problems_of_the_parameter_file(kit):
    bad = GOOD + "KEN,ZZZ,2024,usdt,12.5\nKEN,TZA,2024,usdt,-1\n"
    assert said(kit, "volumes:\n  flows_file: own/flows.csv", bad).splitlines() == [
        "x.yaml:5: volumes.flows_file: 'flows.csv': line 3: the destination is not an economy the kit knows (got "
        "'ZZZ'); give an ISO 3166-1 alpha-3 code, for example KEN",
        "x.yaml:5: volumes.flows_file: 'flows.csv': line 4: the value is negative; give gross flows, each direction in "
        "a row of its own",
    ]


@pytest.mark.parametrize("name", ["../../outside.csv", "/etc/hostname"])
def test_no_other_file_of_the_machine_can_be_named(kit, name):
    assert "leads out of the parameter file's folder" in said(kit, f"volumes: {{flows_file: {name}}}")


def test_a_missing_file_is_said_with_the_other_problems(kit):
    text = said(kit, "volumes: {flows_file: own/none.csv, interval_level: 2}")
    assert "x.yaml:4: volumes.flows_file: 'none.csv': cannot be read (No such file or directory)" in text
    assert "interval_level" in text


def test_nothing_of_the_file_but_its_name_is_printed(kit):
    params = check(kit, "volumes: {flows_file: own/flows.csv}")
    assert public_params(params)["volumes"]["flows_file"] == "flows.csv"
    rows = {row.name: row for row in parameter_rows(params)}
    assert rows["volumes.flows_file"].value == "flows.csv"
    inputs = load_inputs(params, root=kit)
    assert "usdt" in own_words(params, inputs.own_files)
    (record,) = own_files(inputs.own_files, kit)
    assert set(record) == {"name", "hmac_sha256"}


def test_results_on_own_flows_leave_no_copies(kit):
    params = check(kit, "volumes: {flows_file: own/flows.csv}")
    assert _place("volumes", load_inputs(params, root=kit), params) is None
