"""Results are kept between kernels, and a damaged one is computed again."""

import datetime as dt
import os
from dataclasses import replace

import pandas as pd
import pytest

import cryptorisk.analysis as analysis
from cryptorisk.estimate import Estimate
from cryptorisk.models import early_warning, price_risk
from cryptorisk.models.recent import Recent
from cryptorisk.params import Params
from cryptorisk.result import Column, Result, Table


@pytest.fixture
def kit(tmp_path, monkeypatch):
    for name in ("notebooks", "params", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Counted:
    def __init__(self):
        self.calls = 0

    def __call__(self, inputs, params):
        self.calls += 1
        return Result.build(
            "volumes", "V", params.country, estimates=[Estimate("volumes.a", "A", 1 / 3, "pct")]
        )


@pytest.fixture
def counted(monkeypatch):
    model = Counted()
    monkeypatch.setattr(analysis, "ANALYSES", {"volumes": model})
    return model


def test_a_result_is_computed_once(kit, counted, inputs_for):
    inputs, params = inputs_for("KEN"), Params(country="KEN")
    first = analysis.analyse_chapters(inputs, params)["volumes"]
    second = analysis.analyse_chapters(inputs, params)["volumes"]
    assert counted.calls == 1
    assert first.to_dict() == second.to_dict()


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", None])
def test_a_damaged_result_is_computed_again(kit, counted, inputs_for, damage):
    inputs, params = inputs_for("KEN"), Params(country="KEN")
    analysis.analyse_chapters(inputs, params)
    (place,) = (kit / ".cache" / "results").glob("*.json")
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b"0.333", b"0.444") if damage is None else damage)
    assert analysis.analyse_chapters(inputs, params)["volumes"]["a"].value == pytest.approx(1 / 3)
    assert counted.calls == 2


def test_results_of_long_ago_are_removed(kit, counted, inputs_for):
    analysis.analyse_chapters(inputs_for("KEN"), Params(country="KEN"))
    (old,) = (kit / ".cache" / "results").glob("*.json")
    os.utime(old, (0, 0))
    analysis.analyse_chapters(inputs_for("KEN"), Params(country="KEN", seed=7))
    assert not old.exists()
    assert len(list(old.parent.glob("*.json"))) == 1


def test_other_parameters_give_another_result(kit, counted, inputs_for):
    inputs = inputs_for("KEN")
    analysis.analyse_chapters(inputs, Params(country="KEN"))
    analysis.analyse_chapters(inputs, Params(country="KEN", seed=7))
    assert counted.calls == 2


OWN = {
    "overrides": {"overrides": {"bank_tier1_usd": 1e9}},
    "own files": {"own_files": ("own.csv",)},
}


@pytest.mark.parametrize("given", OWN.values(), ids=OWN)
def test_a_banks_own_figures_leave_no_copy(kit, counted, inputs_for, given):
    analysis.analyse_chapters(inputs_for("KEN"), Params(country="KEN", **given))
    assert not (kit / ".cache").exists()


def test_series_of_the_folder_of_overrides_leave_no_copy(kit, counted, inputs_for):
    inputs = replace(inputs_for("KEN"), _bank={"bank_tier1_usd": None})
    analysis.analyse_chapters(inputs, Params(country="KEN"))
    assert not (kit / ".cache").exists()


def test_within_a_run_own_figures_are_computed_once(kit, counted, inputs_for, monkeypatch):
    folder = kit / "staging"
    folder.mkdir()
    monkeypatch.setenv(analysis.RUN_RESULTS, str(folder))
    own = Params(country="KEN", overrides={"bank_tier1_usd": 1e9})
    analysis.analyse_chapters(inputs_for("KEN"), own)
    analysis.analyse_chapters(inputs_for("KEN"), own)
    assert counted.calls == 1
    (place,) = folder.iterdir()
    assert place.stat().st_mode & 0o777 == 0o600
    assert not (kit / ".cache").exists()


@pytest.mark.parametrize("ingredient", ["date", "vintage", "licence", "code"])
def test_all_that_determines_a_result_is_in_its_name(kit, inputs_for, monkeypatch, ingredient):
    inputs, params = inputs_for("KEN"), Params(country="KEN")
    names = [analysis._place("volumes", inputs, params), analysis._named("market", ["market"], inputs)]
    other = {
        "date": {"as_of": dt.date(2025, 1, 1)},
        "vintage": {"vintage": replace(inputs.vintage, sha256="0" * 64)},
        "licence": {"_without": frozenset({"non_commercial"})},
    }.get(ingredient, {})
    if ingredient == "code":
        monkeypatch.setattr(analysis, "_CODE", "other")
    changed = replace(inputs, **other)
    shared = analysis._named("market", ["market", *analysis.left_out(changed)], changed)
    assert analysis._place("volumes", changed, params) != names[0]
    assert shared != names[1]


def test_the_digest_of_the_code_tells_versions_and_files(monkeypatch):
    monkeypatch.setattr(analysis, "version", lambda library: "0")
    assert analysis._code() != analysis._CODE


@pytest.mark.parametrize(
    "parameters",
    [{"horizon_days": 5}, {"paths": 2000}, {"var_level": 0.975}, {"tail_threshold": 0.9}],
    ids=str,
)
def test_every_parameter_that_enters_the_market_s_risk_names_it(parameters):
    assert price_risk.chosen(Params(country="KEN", crash=parameters)) != price_risk.chosen(
        Params(country="KEN")
    )


def test_the_seed_names_what_is_drawn():
    for chosen in (price_risk.chosen, early_warning.chosen):
        assert chosen(Params(country="KEN", seed=5)) != chosen(Params(country="KEN"))


def test_what_a_caller_writes_into_a_table_is_not_the_next_ones():
    frame = pd.DataFrame({"a": [1.0]})
    made = Result.build("market", "M", "WLD", tables=[Table("market.t", "T", frame, (Column("a", "a"),))])
    recent = Recent()
    for _ in range(2):  # the one that is made, and the one that is kept
        mine = recent.of("key", lambda: made).tables["t"].frame
        mine.loc[0, "a"] = -999.0
    assert recent.of("key", lambda: made).tables["t"].frame.loc[0, "a"] == 1.0
