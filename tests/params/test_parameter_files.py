"""Reading good files, the shipped ones, and the way through resolved JSON."""

import datetime as dt
import shutil

import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import KitError, ParameterError
from cryptorisk.kit import find_root
from cryptorisk.paramfile import load_params, parameter_files, write_resolved
from cryptorisk.params import Params

SHIPPED = [
    "ARG",
    "BOL",
    "BRA",
    "CAF",
    "DEU",
    "GBR",
    "IND",
    "KAZ",
    "KEN",
    "LBN",
    "NGA",
    "PHL",
    "SLV",
    "TUR",
    "UKR",
    "VNM",
]

FULL = """\
country: UGA
as_of: 2024-06-30
institution: Bank of Uganda — résumé
classification: "Internal"
seed: 7
include_non_commercial: false
peers: [KEN, TZA]
crash:
  paths: 2e4
  price_drop: 1e-1
  scenarios:
    - {name: "Run: stablecoins", price_drop: 1, stablecoin_loss: 0.2}
flight:   # nothing below: the defaults
matrix:
  weights: {banks: 0.5}
overrides:
  bank_crypto_exposure_usd: 1.2e8
  bank_tier1_usd: {value: 6e9, date: 2024-03-31, confidential: true, note: "Return A, 2024"}
  household_crypto_holdings_usd: {file: own/held.csv, unit: usd}
"""


@pytest.fixture
def full(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "held.csv").write_text("date,value\n2025-01,1e6\n2025-02,2e6\n")
    path = tmp_path / "uganda.yaml"
    path.write_text(FULL, encoding="utf-8")
    return path


def test_every_kind_of_value(full):
    params = load_params(full)
    assert (params.country, params.as_of, params.seed) == ("UGA", dt.date(2024, 6, 30), 7)
    assert params.crash.paths == 20_000
    assert params.crash.price_drop == 0.1
    assert params.crash.scenarios[0].name == "Run: stablecoins"
    assert params.crash.var_level == Params(country="UGA").crash.var_level
    assert params.flight == Params(country="UGA").flight
    assert params.peers == ("KEN", "TZA")
    assert params.include_non_commercial is False
    assert params.overrides["bank_crypto_exposure_usd"].value == 1.2e8
    assert params.overrides["bank_tier1_usd"].confidential
    assert params.overrides["household_crypto_holdings_usd"].file == str(full.parent / "own" / "held.csv")


def test_resolved_parameters_come_back_equal_also_from_a_moved_run(full, tmp_path):
    params = load_params(full)
    run = tmp_path / "reports" / "a run" / "UGA"
    run.mkdir(parents=True)
    write_resolved(params, run / "params.json")
    assert load_params(run / "params.json") == params
    assert load_params(str(run / "params.json")) == params
    assert str(tmp_path) not in (run / "params.json").read_text(encoding="utf-8")
    first = (run / "params.json").read_bytes()
    write_resolved(load_params(run / "params.json"), run / "params.json")
    assert (run / "params.json").read_bytes() == first


def test_resolved_parameters_that_were_damaged(tmp_path):
    path = tmp_path / "params.json"
    path.write_text('{"country": "KEN"')
    with pytest.raises(ParameterError, match=r"params.json: is not valid JSON"):
        load_params(path)
    path.write_text('{"country": "KEN", "crash": {"price_drop": 2}}')
    with pytest.raises(ParameterError, match=r"crash.price_drop: must lie between 0.01 and 1"):
        load_params(path)


@pytest.mark.parametrize("code", SHIPPED)
def test_shipped_files(code):
    params = load_params(code)
    assert params.country == code
    assert len(params.peers) >= 5
    text = (find_root() / "params" / f"{code}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert len(text.splitlines()) <= 20


def test_the_shipped_files_are_all_and_only_these():
    assert [path.stem for path in parameter_files(find_root())] == SHIPPED


def test_a_country_without_a_file_takes_the_defaults():
    assert load_params("TUV") == Params(country="TUV")
    assert load_params("tuv") == Params(country="TUV")


def test_a_file_named_after_another_country_is_refused(tmp_path):
    for folder in ("params", "notebooks", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    shutil.copy(find_root() / "params" / "NGA.yaml", tmp_path / "params" / "KEN.yaml")
    message = r"params/KEN.yaml: country: the file is named KEN.yaml and is about NGA"
    with pytest.raises(ParameterError, match=message):
        load_params("KEN", root=tmp_path)


def test_a_wrong_root_is_said(tmp_path):
    with pytest.raises(KitError, match="lacks notebooks/"):
        load_params("KEN", root=tmp_path)


def test_a_file_with_a_byte_order_mark_and_windows_lines(tmp_path):
    path = tmp_path / "KEN.yaml"
    path.write_bytes(b"\xef\xbb\xbfcountry: KEN\r\ncrash:\r\n  price_drop: 0.4\r\n")
    assert load_params(path).crash.price_drop == 0.4


WIDTH = "decimals take a point, thousands no mark, a text with a comma quotes"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "line 1: must be date,value (got '')"),
        ("date,value\n", "holds no figures"),
        ("day,value\n2024,1\n", "line 1: must be date,value (got 'day,value')"),
        ("date,value\n2024-02-30,1\n", "line 2: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY (got '2024-02-30')"),
        ("date,value\n2024-Q5,1\n", "line 2: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY (got '2024-Q5')"),
        ("date,value\n2024-01,1\n2024-01,2\n", "line 3: 2024-01 is given twice (first on line 2); keep one"),
        ("date,value\n2024-01,1 000\n", "line 2: the value must be a plain number (got '1 000'); write 1234.5"),
        ("date,value\n2024-01,nan\n", "line 2: the value must be a plain number (got 'nan'); write 1234.5"),
        ("date,value\n2024-01,1,5\n", "line 2: has 3 columns, not 2; " + WIDTH),
    ],
)  # fmt: skip
def test_faults_of_the_banks_own_series(full, content, fault):
    (full.parent / "own" / "held.csv").write_text(content)
    with pytest.raises(ParameterError) as caught:
        load_params(full)
    place = f"{full}:19: overrides.household_crypto_holdings_usd.file: 'held.csv': "
    assert str(caught.value) == place + fault


def test_many_faults_of_a_series_are_cut(full):
    (full.parent / "own" / "held.csv").write_text("date,value\n" + "x,1\n" * 50)
    with pytest.raises(ParameterError) as caught:
        load_params(full)
    assert len(caught.value.problems) == 21
    assert "and 30 more" in str(caught.value)


def test_a_binary_series(full):
    (full.parent / "own" / "held.csv").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(ParameterError, match=r"'held.csv': is not UTF-8 text; save it as CSV in UTF-8"):
        load_params(full)


def test_the_readmes_example_is_a_good_file(tmp_path):
    text = (find_root() / "README.md").read_text(encoding="utf-8")
    lines = text[text.index("    country: KEN\n") :].split("\n\n")[0].splitlines()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "exchanges.csv").write_text("date,value\n2024,1e8\n")
    path = tmp_path / "KEN.yaml"
    path.write_text("\n".join(line.removeprefix("    ") for line in lines) + "\n")
    params = load_params(path)
    assert params.crash.price_drop == 0.6
    assert set(params.overrides) == {"bank_crypto_exposure_usd", "household_crypto_holdings_usd"}
    path.write_text(path.read_text().replace("0.6", "60"))
    with pytest.raises(ParameterError) as caught:
        load_params(path)
    assert str(caught.value).replace(str(path), "params/KEN.yaml") in text


@pytest.mark.parametrize("period", ["2023", "2023-Q3", "2023-02", "2023-02-28"])
def test_every_period_the_check_accepts_is_read_by_the_inputs(full, period):
    (full.parent / "own" / "held.csv").write_text(f"date,value\n{period},1.5\n")
    params = load_params(full)
    own = load_inputs(params).series("household_crypto_holdings_usd")
    assert own.values.tolist() == [1.5]
    assert own.source_ids == ("bank",)
