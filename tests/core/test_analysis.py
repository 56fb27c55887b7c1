"""Results are kept between kernels, and a damaged one is computed again."""

import pytest

import cryptorisk.analysis as analysis
from cryptorisk.estimate import Estimate
from cryptorisk.params import Params
from cryptorisk.result import Result


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


def test_other_parameters_give_another_result(kit, counted, inputs_for):
    inputs = inputs_for("KEN")
    analysis.analyse_chapters(inputs, Params(country="KEN"))
    analysis.analyse_chapters(inputs, Params(country="KEN", seed=7))
    assert counted.calls == 2


def test_a_banks_own_figures_leave_no_copy(kit, counted, inputs_for):
    own = Params(country="KEN", overrides={"bank_tier1_usd": 1e9})
    analysis.analyse_chapters(inputs_for("KEN"), own)
    assert not (kit / ".cache").exists()
