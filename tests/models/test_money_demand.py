"""Demand for national money and the ratchet: refused on the embedded vintage, recovered from series of a bank's own."""

import json

import pandas as pd
import pytest
from own_money import ACTIVITY, DEPRECIATION, RESPONSE, money, public, written

from cryptorisk.charts import money_demand as charts
from cryptorisk.charts.figure import Figure
from cryptorisk.estimate import one_digit
from cryptorisk.models.level_relation import CHECK_LEVEL
from cryptorisk.models.substitution import analyse
from cryptorisk.models.substitution.money_demand import money_demand
from cryptorisk.models.substitution.ratchet import currency_ratio
from cryptorisk.models.substitution.sample import monthly_sample
from cryptorisk.result import Result, Table


def parts(params, inputs):
    sample = monthly_sample(inputs, params)
    return money_demand(inputs, params, sample), currency_ratio(inputs, params, sample)


def by_name(part):
    return {e.id.removeprefix("substitution."): e for e in part.estimates}


@pytest.fixture(scope="module")
def related(tmp_path_factory):
    """Türkiye with series of its own and no ratchet."""
    return parts(*written(tmp_path_factory.mktemp("own") / "m.csv", "TUR", money("TUR", seed=2)))


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Kenya with a ratchet."""
    return parts(*written(tmp_path_factory.mktemp("own") / "m.csv", "KEN", money("KEN", pull=0.15)))


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "ARG", "TUR", "BOL"])
def test_without_money_by_month_nothing_is_estimated_and_the_reason_says_what_is_missing(iso3):
    params, inputs, sample = public(iso3)
    demand, ratio = money_demand(inputs, params, sample), currency_ratio(inputs, params, sample)
    assert [e.available for part in (demand, ratio) for e in part.estimates] == [False] * 3
    for id in ("broad_money_lcu", "real_gdp_index_q"):
        assert id in demand.estimates[0].reason
    assert "fx_deposits_lcu" in ratio.estimates[0].reason
    needed = demand.tables[0].frame.set_index("series")
    assert needed.loc["broad_money_lcu", "n"] == 0
    assert needed.loc["cpi_index_monthly", "n"] == len(inputs.series("cpi_index_monthly").values)
    years = len(inputs.series("broad_money_pct_gdp").values)
    assert f"{years} years, too few" in demand.tables[0].note
    deposits = len(inputs.series("deposit_dollarization_pct").values)
    told = f"deposit dollarisation is known for {deposits} years"
    assert (told in ratio.findings[0].text) == (deposits > 0)


@pytest.mark.parametrize("iso3", ["DEU", "SLV"])
def test_where_the_question_does_not_arise_nothing_is_said(inputs_for, iso3):
    params, _, _ = public("KEN")
    params = params.model_copy(update={"country": iso3})
    result = analyse(inputs_for(iso3), params)
    assert not [name for name in result.estimates if "money_demand" in name or "ratchet" in name]
    for shown in (charts.equation(result), charts.tests(result), charts.ratio(result)):
        assert isinstance(shown, Figure)
        assert shown.reason == result.reason.split(":")[0]


def test_the_demand_for_money_is_recovered(related):
    demand, _ = related
    found = by_name(demand)
    for name, truth in (
        ("money_demand_activity", ACTIVITY),
        ("money_demand_depreciation", 100 * DEPRECIATION),
        ("money_demand_substitution", 100 * (DEPRECIATION + 0.004)),
    ):
        estimate = found[name]
        assert estimate.low - 0.03 < truth < estimate.high
        assert estimate.low < estimate.value < estimate.high
        assert estimate.sources[0] == "bank"
        assert estimate.n_obs >= 40
    assert 0 < found["money_demand_half_life"].value < 12
    assert "the sign that substitution between currencies would have" in demand.findings[0].text
    assert "less deposits in foreign currency" in found["money_demand_activity"].note


def test_tables_hold_coefficients_errors_bounds_and_checks(related):
    demand, ratio = related
    equation, tests, needed = demand.tables
    assert equation.frame["driver"].iloc[0] == "Real activity (log)"
    assert (equation.frame["se"] > 0).all()
    assert "Holm" in equation.note
    rows = tests.frame.set_index("row")["e0"]
    assert rows["Verdict"] == "level relation"
    assert rows["F, all lagged levels"].endswith(")")
    assert [name for name in rows.index if "Johansen" in name]
    assert needed.id == "substitution.money_demand_data"
    assert "Depreciation over the past year, %" in list(ratio.tables[0].frame["term"])


def test_the_ratio_answers_and_has_no_ratchet(related):
    _, ratio = related
    found = by_name(ratio)
    assert found["currency_ratio_response"].value == pytest.approx(100 * RESPONSE / (1 - 0.9), rel=0.1)
    assert "No pull: p = " in found["ratchet"].note
    assert "a ratchet is not found" in ratio.findings[0].text


def test_a_ratchet_is_found_and_there_is_then_no_single_long_run(held):
    _, ratio = held
    found = by_name(ratio)
    assert found["ratchet"].low < 0.15 < found["ratchet"].high
    assert "a ratchet is found" in found["currency_ratio_response"].reason
    assert "drawn back towards its past peak" in ratio.findings[0].text


def test_too_few_quarters_are_counted(tmp_path):
    series = {id: values.iloc[-10 if id.endswith("_q") else -30 :] for id, values in money("TUR").items()}
    demand, ratio = parts(*written(tmp_path / "m.csv", "TUR", series))
    assert "for 10 quarters" in demand.estimates[0].reason
    assert "where 40 are needed" in demand.estimates[0].reason
    assert "for 30 months" in ratio.estimates[0].reason
    assert "where 120 are needed" in ratio.estimates[0].reason


def test_few_deposits_do_not_shorten_the_demand_for_money(tmp_path):
    series = money("TUR")
    series["fx_deposits_lcu"] = series["fx_deposits_lcu"].iloc[-24:]
    demand, _ = parts(*written(tmp_path / "m.csv", "TUR", series))
    estimate = demand.estimates[0]
    assert estimate.n_obs is None or estimate.n_obs > 60
    text = demand.tables[0].note
    assert "may hold deposits in foreign currency" in text


def test_money_that_jumps_begins_a_new_sample(tmp_path):
    series = money("TUR")
    series["broad_money_lcu"] = series["broad_money_lcu"].where(
        series["broad_money_lcu"].index >= pd.Timestamp("2009-01-01"), 1000 * series["broad_money_lcu"]
    )
    demand, _ = parts(*written(tmp_path / "m.csv", "TUR", series))
    first = demand.tables[1].frame.set_index("row").loc["Sample (quarters)", "e0"]
    assert first.startswith("2009")


def test_a_fixed_rate_says_nothing_of_its_expectation(tmp_path):
    demand, ratio = parts(*written(tmp_path / "m.csv", "SAU", money("SAU")))
    for part in (demand, ratio):
        assert "standard deviation" in part.estimates[0].reason


def test_noise_is_refused_with_the_statistics(tmp_path):
    """Money made without any relation: no long-run coefficient, and the bounds in the reason."""
    series = money("TUR", seed=5)
    other = money("KEN", seed=6)["broad_money_lcu"]
    walk = other.reindex(series["broad_money_lcu"].index).ffill().bfill()
    series = {"broad_money_lcu": walk * 1e3, "real_gdp_index_q": series["real_gdp_index_q"]}
    demand, _ = parts(*written(tmp_path / "m.csv", "TUR", series))
    estimate = by_name(demand)["money_demand_substitution"]
    assert not estimate.available
    assert "F " in estimate.reason or "1 %" in estimate.reason or "p " in estimate.reason
    assert demand.findings[0].kind == "caveat"
    assert demand.tables[0].frame["value"].isna().all()


def test_confidential_series_leave_one_digit(tmp_path):
    series = money("TUR")
    secret = parts(*written(tmp_path / "m.csv", "TUR", series, confidential="yes"))
    text = json.dumps([f.text for part in secret for f in part.findings])
    for part in secret:
        for estimate in part.estimates:
            for number in (estimate.value, estimate.low, estimate.high):
                assert number == pytest.approx(one_digit(number)) if number else True
        for table in part.tables[:1]:
            for column in table.frame.select_dtypes("number"):
                for number in table.frame[column].dropna():
                    assert number == pytest.approx(one_digit(number))
    assert "0.80 %" not in text
    needed = secret[0].tables[2].frame.set_index("series")
    assert "confidential" in needed.loc["fx_deposits_lcu", "giver"]


def test_the_chapter_holds_both_and_survives_json(inputs_for, tmp_path):
    params, inputs = written(tmp_path / "m.csv", "TUR", money("TUR"))
    params = params.model_copy(
        update={"substitution": params.substitution.model_copy(update={"bootstrap_replications": 500})}
    )
    result = analyse(inputs, params)
    again = Result.from_dict(json.loads(json.dumps(result.to_dict(), allow_nan=False)))
    for shown in (charts.equation(again), charts.tests(again), charts.ratio(again)):
        assert isinstance(shown, Table)
    assert {"substitution.money_demand", "substitution.ratchet"} <= {f.id for f in result.findings}
    assert again["money_demand_substitution"].value == result["money_demand_substitution"].value


def test_checks_refuse_at_one_percent():
    assert CHECK_LEVEL == 0.01
