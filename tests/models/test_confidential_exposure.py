"""A confidential figure of the bank's own cannot be computed back from anything that chapters 1 and 4 hand on."""

import itertools
import json
import re

import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import format_estimate, one_digit
from cryptorisk.models import crash, volumes
from cryptorisk.models.crash.one_side import rounded_up
from cryptorisk.params import Params
from cryptorisk.rules import sco60

EXPOSURE, TIER1, CET1, RWA = 1.23457e7, 2.00317e9, 1.87313e9, 1.49219e10
HOUSEHOLDS, GOVERNMENT, RESERVES = 3.14159e8, 4.66927e7, 8.72341e9
SUPERVISORY = {
    "bank_crypto_exposure_usd": EXPOSURE,
    "bank_tier1_usd": TIER1,
    "bank_cet1_usd": CET1,
    "bank_rwa_usd": RWA,
}


@pytest.fixture(scope="module")
def run(kit_root):
    """The chapter's result with overrides of which some are confidential."""

    def analyse(figures, *hidden):
        own = {id: {"value": v, "confidential": True} if id in hidden else v for id, v in figures.items()}
        params = Params(country="KEN", vintage="2026-11-23", overrides=own)
        return crash.analyse(load_inputs(params, root=kit_root), params)

    return analyse


def numbers(result):
    """Every number of a result: estimates, table cells, and those written in any text."""
    raw = result.to_dict()
    found = set()

    def walk(part):
        if isinstance(part, dict):
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)
        elif isinstance(part, int | float) and not isinstance(part, bool):
            found.add(abs(float(part)))
        elif isinstance(part, str):
            plain = part.replace("\u202f", "").replace("\u2212", "-")
            found.update(float(text) for text in re.findall(r"\d+(?:\.\d+)?", plain))

    walk([raw["estimates"], raw["tables"], raw["findings"]])
    return {value for value in found if value > 0}


def candidates(result, public):
    """What a reader gets who combines any number with any one or two public figures and a power of ten."""
    shown = numbers(result)
    factors = {1.0, *public, *(a * b for a, b in itertools.product(public, public))}
    for value, factor in itertools.product(shown, factors):
        yield value * factor
        yield value / factor
        yield factor / value


def gives_back(result, secret, public, tolerance=5e-4):
    """Whether a number of the result, alone or with public figures, is the secret up to a power of ten."""
    mantissa = float(f"{secret:e}".split("e")[0])
    for guess in candidates(result, public):
        ratio = float(f"{guess:e}".split("e")[0]) / mantissa
        if min(abs(ratio - 1), abs(ratio / 10 - 1), abs(ratio * 10 - 1)) < tolerance:
            return True
    return False


def changed(one, two):
    """What differs between two results in JSON."""
    return json.dumps(one.to_dict(), sort_keys=True) != json.dumps(two.to_dict(), sort_keys=True)


def test_the_attack_finds_a_figure_that_is_not_confidential(run):
    """The test below can fail: without the mark the same attack gives every figure back."""
    open_result = run(SUPERVISORY)
    assert gives_back(open_result, EXPOSURE, [TIER1, 0.5])
    assert gives_back(open_result, TIER1, [EXPOSURE])
    gdp = run({"household_crypto_holdings_usd": HOUSEHOLDS})
    assert gives_back(gdp, HOUSEHOLDS, [])


@pytest.mark.parametrize(
    ("series", "secret", "near"),
    [
        ("bank_crypto_exposure_usd", EXPOSURE, 1.004),
        ("bank_tier1_usd", TIER1, 1.004),
        ("bank_cet1_usd", CET1, 0.996),
        ("bank_rwa_usd", RWA, 1.004),
    ],
)
def test_a_confidential_supervisory_figure_is_not_recoverable(run, series, secret, near):
    """Two reports whose secrets share the leading digit's bin say the same, but for the words of the limit."""
    result = run(SUPERVISORY, series)
    nearby = run({**SUPERVISORY, series: secret * near}, series)
    assert not changed(result, nearby)
    text = json.dumps(result.to_dict())
    assert f"{secret:.6g}" not in text
    # the numbers that move with the secret are the only ones that could tell
    far = run({**SUPERVISORY, series: secret * 4}, series)
    moving = numbers(result) - numbers(far)
    fall = Params(country="KEN").crash.price_drop
    for value in moving:
        assert one_digit(value) == pytest.approx(value) or one_digit(value / fall) == pytest.approx(
            value / fall
        )


@pytest.mark.parametrize(
    ("series", "secret"),
    [
        ("household_crypto_holdings_usd", HOUSEHOLDS),
        ("government_crypto_holdings_usd", GOVERNMENT),
        ("reserves_usd", RESERVES),
    ],
)
def test_confidential_holdings_are_not_recoverable(run, series, secret):
    result = run({series: secret}, series)
    assert not changed(result, run({series: secret * 1.01}, series))
    moving = numbers(result) - numbers(run({series: secret * 4}, series))
    for value in moving:
        digits = f"{value:.6e}".split("e")[0].rstrip("0").rstrip(".")
        assert len(digits.replace(".", "")) <= 1, value
    if series.startswith("household"):
        assert moving
        assert not result["household_holdings_usd"].available
        assert result["household_loss_pct_gdp"].note.endswith("confidential figure.")


@pytest.mark.parametrize(
    ("exposure", "words", "value"),
    [
        (1.23457e7, "not above 1 %", 0.7),
        (2.1e7, "above 1 % and not above 2 %", 2.0),
        (4.4e7, "above 2 %", 3.0),
    ],
)
def test_the_limit_is_said_in_words(run, exposure, words, value):
    figures = {"bank_crypto_exposure_usd": exposure, "bank_tier1_usd": 2e9}
    result = run(figures, "bank_crypto_exposure_usd")
    text = next(f.text for f in result.findings if f.id == "crash.sco60")
    assert words in text
    assert f"{100 * exposure / 2e9:.2f}" not in text
    share = result["bank_exposure_pct_tier1"]
    assert share.value == pytest.approx(value)
    assert words in share.note
    assert result["bank_loss_pct_tier1"].value == pytest.approx(value / 2)


@pytest.mark.parametrize(
    "share", [0.004, 0.06, 0.617285, 0.7, 0.96, 1.0, 1.0001, 1.04, 1.9, 2.0, 2.0001, 2.1, 9.7]
)
def test_rounding_up_keeps_the_side_of_both_limits(share):
    up = rounded_up(share)
    assert share <= up <= 2 * share
    assert sco60.assess(up, 100.0).status == sco60.assess(share, 100.0).status
    assert len(f"{up:.6e}".split("e")[0].rstrip("0").rstrip(".")) == 1


def test_an_own_exposure_is_not_called_unknown(run):
    for hidden in ((), ("bank_crypto_exposure_usd",)):
        result = run(SUPERVISORY, *hidden)
        assert not any(f.id == "crash.banks_unknown" for f in result.findings)
        assert "not known" not in result["bank_loss_at_1pct_limit"].note
    assert any(f.id == "crash.banks_unknown" for f in run({}).findings)


def test_own_holdings_are_not_called_unmeasured(run):
    result = run({"household_crypto_holdings_usd": HOUSEHOLDS})
    words = " ".join(f.text for f in result.findings) + result.tables["scenarios"].note
    assert "public statistics do not measure" not in words
    assert "institution's own figure" in words
    loss = result["household_loss_pct_gdp"]
    assert "Arithmetic on a scenario" in loss.note
    assert loss.digits == 2
    assert "0.089" in format_estimate(loss)
    assert "public statistics do not measure" in " ".join(f.text for f in run({}).findings)


def test_ids_of_series_stay_out_of_reasons(run):
    missing = run({})["bank_exposure_pct_tier1"]
    assert missing.reason == "not public; the banking supervisor can supply it"
    assert "bank_tier1_usd" in missing.method


@pytest.mark.parametrize(
    "series", ["crypto_value_received_usd", "gdp_usd", "population", "remittances_received_usd"]
)
def test_volumes_do_not_stand_on_a_confidential_figure(kit_root, inputs_for, series):
    """Volumes of all economies are printed: the chapter takes the public figure and says so."""
    latest = inputs_for("KEN").latest(series)
    value = 1.37 * (latest.value if latest else 1e10)
    own = {series: {"value": value, "date": "2025-06-30", "confidential": True}}
    params = Params(country="KEN", vintage="2026-11-23", overrides=own)
    plain = Params(country="KEN", vintage="2026-11-23")
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    untouched = volumes.analyse(inputs_for("KEN"), plain)
    assert result.to_dict()["estimates"] == untouched.to_dict()["estimates"]
    assert result.to_dict()["tables"] == untouched.to_dict()["tables"]
    assert any(f.id == "volumes.confidential_left_out" for f in result.findings)
