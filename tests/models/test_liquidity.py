"""Banks' liquidity in a run on stablecoins: by hand, refused without figures, coarse when confidential, from a file."""

import numpy as np
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import crash, price_risk
from cryptorisk.models.crash.combined import combined
from cryptorisk.models.crash.liquidity import (
    ALL,
    HQLA,
    ISSUERS,
    OUTFLOWS,
    RATIOS,
    RUNGS,
    liquidity_part,
    rounded_down,
    run_frame,
    weaker,
)
from cryptorisk.paramfile import load_params
from cryptorisk.params import CrashParams, Params
from cryptorisk.result import Result
from cryptorisk.rules.lcr import Coverage

GIVEN = {HQLA: 5e9, OUTFLOWS: 4e9, ISSUERS: 1e9}
CHOSEN = CrashParams(
    redemption={"low": 0.0, "central": 0.2, "high": 0.5},
    depreciation={"low": 0.0, "central": 0.1, "high": 0.2},
)


def part(overrides=None, iso="KEN"):
    inputs = load_inputs(Params(country=iso, vintage="2026-11-23", overrides=overrides or {}))
    return liquidity_part(inputs, combined(CHOSEN, inputs))


@pytest.fixture
def joint(inputs_for):
    return combined(CHOSEN, inputs_for("KEN"))


def test_by_hand(joint):
    frame = run_frame(Coverage(5e9, 4e9), 1e9, joint).set_index("what")
    assert list(frame.index) == ["Before", *RUNGS, ALL]
    assert frame.loc["Before", list(RATIOS)].tolist() == [125, 125, 125]
    assert frame.loc["Severe", "full"] == pytest.approx(100 * 4.5 / 3.5)
    assert frame.loc["Severe", "operational"] == pytest.approx(100 * 4.5 / 3.875)
    # national money lost 20 %: 4 bn of liquid assets, 3.75 bn of other outflows at 3 bn, 0.25 bn of issuers in dollars
    assert frame.loc["Severe", "weaker"] == pytest.approx(100 * 3.5 / (3.25 - 0.125))
    assert frame.loc["Severe", "surplus"] == pytest.approx(3.5e9 - 3.125e9)
    assert frame.loc[ALL, "full"] == pytest.approx(100 * 4 / 3)


def test_what_is_in_national_money_falls_alike_and_issuers_deposits_do_not():
    before = Coverage(5e9, 4e9)
    assert weaker(before, 1e9, 0.0) == before
    assert weaker(before, 0.0, 0.3).ratio == pytest.approx(before.ratio)
    assert weaker(before, 1e9, 0.3).ratio < before.ratio


def test_estimates_and_their_range():
    before, after = part(GIVEN).estimates
    assert before.value == pytest.approx(125)
    assert before.inputs == (HQLA, OUTFLOWS)
    assert after.value == pytest.approx(100 * 4.8 / 3.8)
    assert (after.low, after.high) == pytest.approx((100 * 3.5 / 3.125, 100 * 4.5 / 3.5))
    assert after.sources == ("bank",)
    assert "was assumed" in after.note
    assert "even when all of them leave" in after.note
    assert (
        "once 27 % of them" in part(GIVEN | {HQLA: 4.2e9}).estimates[1].note
    )  # 0.2 bn of surplus over 0.75 of 1 bn


def test_below_the_minimum_it_warns():
    assert part(GIVEN).findings == ()
    (finding,) = part(GIVEN | {HQLA: 4.2e9}).findings
    assert finding.severity == "warning"
    assert "below the 100 %" in finding.text


@pytest.mark.parametrize(
    ("given", "series", "form"),
    [
        ({}, (HQLA, OUTFLOWS, ISSUERS), "bank_liquidity and other_exposures"),
        ({ISSUERS: 1e9}, (HQLA, OUTFLOWS), "bank_liquidity"),
        ({HQLA: 5e9, OUTFLOWS: 4e9}, (ISSUERS,), "other_exposures"),
    ],
)
def test_without_figures_it_is_refused_with_the_form(given, series, form):
    found = part(given)
    after = found.estimates[1]
    assert not after.available
    assert all(id in after.reason for id in series)
    assert f"template {form})" in after.reason
    assert found.tables[0].id == "crash.liquidity"
    assert after.reason in found.tables[0].frame["value"].iloc[-1]


def test_outflows_that_cannot_hold_the_deposits_are_refused():
    found = part({HQLA: 5e9, OUTFLOWS: 1e8, ISSUERS: 1e9})
    assert found.estimates[0].available
    assert "at their cap" in found.estimates[1].reason


@pytest.mark.parametrize(
    ("value", "down"), [(134.0, 100.0), (98.0, 90.0), (100.0, 100.0), (0.0, 0.0), (0.07, 0.07)]
)
def test_rounding_keeps_the_side(value, down):
    assert rounded_down(value) == down


@pytest.mark.parametrize("series", [HQLA, OUTFLOWS, ISSUERS])
def test_a_confidential_figure_is_given_to_one_digit(series):
    def told(value):
        return part(GIVEN | {series: {"value": value, "confidential": True}})

    def numbers(found):
        cells = np.concatenate([t.frame.select_dtypes("number").to_numpy().ravel() for t in found.tables])
        return [*cells, *(getattr(e, end) for e in found.estimates for end in ("value", "low", "high"))]

    one, far = (numbers(told(factor * GIVEN[series])) for factor in (1.0371, 1.2893))
    for value, other in zip(one, far, strict=True):
        if value is not None and value != other:
            assert value == pytest.approx(float(f"{value:.0e}"))
    if series == ISSUERS:  # nothing but its digit enters
        assert numbers(told(1.04e9)) == numbers(told(1.0499e9))
    texts = [*(e.method + e.note + e.reason for e in told(1.0371 * GIVEN[series]).estimates)]
    assert not any("1.0371" in text or "1037" in text for text in texts)


def test_a_dollar_economy_has_no_depreciation(inputs_for):
    frame = run_frame(Coverage(5e9, 4e9), 1e9, combined(CrashParams(), inputs_for("SLV")))
    rungs = frame[frame["what"].isin(RUNGS)]
    assert rungs["weaker"].tolist() == pytest.approx(rungs["operational"].tolist())


def test_from_a_parameter_file_and_the_bank_s_own_file_to_the_chapter(tmp_path):
    """The form filled in, named in a parameter file, read, and in the chapter's result."""
    rows = "\n".join(f"KEN,{id},2026-06-30,{value:.0f},usd,no" for id, value in GIVEN.items())
    own = tmp_path / "liquidity.csv"
    own.write_text(f"country,series,date,value,unit,confidential\n{rows}\n", encoding="utf-8")
    file = tmp_path / "KEN.yaml"
    file.write_text(
        "country: KEN\nvintage: 2026-11-23\nown_files: [liquidity.csv]\n"
        "crash:\n  monte_carlo_draws: 5000\n  redemption: {low: 0, central: 0.2, high: 0.5}\n",
        encoding="utf-8",
    )
    params = load_params(file)
    short = {"sample_start": "2025-01-01"}  # history without the fitted tail, which is not asked about here
    quick = params.model_copy(update={"crash": CrashParams(**short)})
    inputs = load_inputs(params)
    result = crash.analyse(inputs, params, price_risk.analyse(inputs, quick))
    assert result["bank_lcr_pct"].value == pytest.approx(125)
    assert result["bank_lcr_after_run_pct"].value == pytest.approx(100 * 4.8 / 3.8)
    assert result["bank_lcr_pct"].date == "2026-06-30"
    assert len(result.tables["liquidity"].frame) == 5
    assert Result.from_dict(result.to_dict()).to_dict() == result.to_dict()
    assert result["bank_lcr_pct"].sources == ("bank",)


OWN = {HQLA: 1.04e9, OUTFLOWS: 1e9, ISSUERS: 4e8}


def test_what_the_run_does_and_what_the_currency_does_are_told_apart():
    """Run alone, currency alone and both, by hand: the sentence is about the run and has the currency as a second clause."""
    (finding,) = part(OWN).findings
    run = 100 * (1.04e9 - 2e8) / (1e9 - 0.25 * 2e8)
    rest = 0.8 * 9e8 + 1e8  # a fifth lost on all but the deposits, counted at 25 %
    currency = 100 * 0.8 * 1.04e9 / rest
    both = 100 * (0.8 * 1.04e9 - 2e8) / (rest - 0.25 * 2e8)
    assert f"stands at {run:.0f} % after the run" in finding.text
    assert f"it stands at {both:.0f} %; by that fall alone {currency:.0f} %" in finding.text
    assert "20 % that the currency may lose" in finding.text
    assert finding.severity == "warning"


def test_a_ratio_that_only_the_currency_brings_down_is_not_blamed_on_the_run():
    mild = {"low": 0.0, "central": 0.01, "high": 0.02}
    inputs = load_inputs(Params(country="KEN", vintage="2026-11-23", overrides={**OWN, HQLA: 1.06e9}))
    chosen = CrashParams(redemption=mild, depreciation={"low": 0.0, "central": 0.3, "high": 0.8})
    (finding,) = liquidity_part(inputs, combined(chosen, inputs)).findings
    assert "no lower than the standard's 100 %, after the run" in finding.text
    assert finding.severity == "notice"


def test_where_the_dollar_is_the_currency_no_currency_falls():
    inputs = load_inputs(Params(country="SLV", vintage="2026-11-23", overrides=OWN))
    chosen = CrashParams(redemption=CHOSEN.redemption)
    (finding,) = liquidity_part(inputs, combined(chosen, inputs)).findings
    assert "currency" not in finding.text
