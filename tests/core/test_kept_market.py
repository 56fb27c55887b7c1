"""The market's result is kept once for all countries, and a damaged one is computed again."""

import json

import pytest

import cryptorisk.analysis as analysis
from cryptorisk.models import volumes
from cryptorisk.params import Override, Params
from cryptorisk.result import Column, Result, Table


@pytest.fixture
def kit(tmp_path, monkeypatch):
    for name in ("notebooks", "params", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def counted(monkeypatch):
    import pandas as pd

    calls = []

    def model(inputs, params):
        calls.append(params.country)
        frame = pd.DataFrame({"a": [1 / 3]})
        table = Table("market.noise", "noise", frame, (Column("a", "a"),))
        return Result.build("market", "M", "WLD", tables=[table])

    monkeypatch.setattr(analysis.market, "analyse", model)
    return calls


def kept(kit):
    return sorted((kit / ".cache" / "results").glob("market-*.json"))


def test_it_is_computed_once_for_all_countries(kit, counted, inputs_for):
    first = analysis.analyse_market(inputs_for("KEN"), Params(country="KEN"))
    second = analysis.analyse_market(inputs_for("NGA"), Params(country="NGA", seed=5))
    assert counted == ["KEN"]
    assert first.to_dict() == second.to_dict()
    (place,) = kept(kit)
    assert "KEN" not in place.name


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", None])
def test_a_damaged_one_is_computed_again(kit, counted, inputs_for, damage):
    analysis.analyse_market(inputs_for("KEN"), Params(country="KEN"))
    (place,) = kept(kit)
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b"0.333", b"0.444") if damage is None else damage)
    again = analysis.analyse_market(inputs_for("KEN"), Params(country="KEN"))
    assert again.tables["noise"].frame["a"].iloc[0] == pytest.approx(1 / 3)
    assert len(counted) == 2


def test_what_matters_gives_another_one(kit, counted, inputs_for):
    inputs = inputs_for("KEN")
    analysis.analyse_market(inputs, Params(country="KEN"))
    analysis.analyse_market(inputs, Params(country="KEN", volumes={"interval_level": 0.9}))
    analysis.analyse_market(inputs, Params(country="KEN", include_non_commercial=False))
    assert len(counted) == 3
    assert len(kept(kit)) == 3


def test_own_figures_change_neither_its_name_nor_its_content(kit, counted, inputs_for):
    analysis.analyse_market(inputs_for("KEN"), Params(country="KEN"))
    (place,) = kept(kit)
    before = place.read_bytes()
    own = {"crypto_value_received_usd": Override(value=987654321.0, confidential=True)}
    analysis.analyse_market(inputs_for("KEN"), Params(country="KEN", overrides=own))
    assert kept(kit) == [place]
    assert place.read_bytes() == before
    assert b"987654321" not in before


def test_the_chapter_is_given_the_kept_one(kit, counted, inputs_for, monkeypatch):
    given = []
    monkeypatch.setattr(
        volumes,
        "analyse",
        lambda inputs, params, market=None: given.append(market) or Result.build("volumes", "V", "KEN"),
    )
    analysis.analyse_volumes(inputs_for("KEN"), Params(country="KEN"))
    assert json.dumps(given[0].to_dict())
    assert given[0].chapter == "market"
