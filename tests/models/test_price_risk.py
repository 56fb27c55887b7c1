"""The market part of chapter 4 on made-up prices and on the vintage: choice of model, backtest, tail, long falls."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import crash as crash_charts
from cryptorisk.charts import tail as tail_charts
from cryptorisk.models import price_risk
from cryptorisk.models.price_risk.backtest import BENCHMARK, entrants, levels, outcomes, verdict
from cryptorisk.models.price_risk.falls import fall_estimates, falls_table, long_falls
from cryptorisk.models.price_risk.findings import backtest_part
from cryptorisk.models.price_risk.measure import measure
from cryptorisk.models.price_risk.tail import log_loss, next_day, simple_fall
from cryptorisk.models.price_risk.volatility_choice import choose_volatility, models_table
from cryptorisk.params import CrashParams, Params
from cryptorisk.result import Result
from cryptorisk.stats.volatility import VolatilityRecursion

RECURSION = VolatilityRecursion(omega=0.5, alpha=0.1, gamma=0.0, beta=0.86)


def made_up(n, seed=1):
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(5, size=(1, n + 300)) * np.sqrt(3 / 5)
    values = RECURSION.simulate(shocks, 3.0)[0][0, 300:]
    return pd.Series(values, index=pd.date_range("2016-01-01", periods=n))


@pytest.fixture(scope="module")
def choice():
    return choose_volatility(made_up(1700), 0.99, np.random.default_rng(1))


@pytest.fixture(scope="module")
def tested(choice):
    return entrants(made_up(1700), choice, levels(0.99))


@pytest.fixture(scope="module")
def risk(inputs_for):
    return price_risk.analyse(inputs_for("KEN"), Params(country="KEN", vintage="2026-11-23"))


def test_the_levels_of_the_rules_and_the_report_s_own():
    assert levels(0.99) == (0.975, 0.99)
    assert levels(0.95) == (0.95, 0.975, 0.99)


def test_a_true_model_is_chosen_and_not_rejected(choice, tested):
    assert choice.chosen.distribution == "t"
    assert choice.chosen.model in ("garch", "gjr")
    frame = outcomes(tested, np.random.default_rng(2)).set_index(["method", "level"])
    ours = frame.loc[tested[0].name]
    assert "(chosen)" in tested[0].name
    assert (ours["kupiec_p"] > 0.01).all()
    assert (ours["z2_p"] > 0.01).all()
    assert ours["in_set"].all()
    assert (frame["n"] == 700).all()
    assert frame.loc[(BENCHMARK, 0.99), "score"] > frame.loc[(tested[0].name, 0.99), "score"]


def test_every_forecast_uses_earlier_returns_only(choice, tested):
    changed = made_up(1700)
    changed.iloc[-1] = -60.0
    again = choose_volatility(changed, 0.99, np.random.default_rng(1))
    assert again.rolled.keys() <= choice.rolled.keys() | again.rolled.keys()
    for name in set(again.rolled) & set(choice.rolled):
        assert again.rolled[name].volatility == pytest.approx(choice.rolled[name].volatility)
    late = {e.name: e for e in entrants(changed, again, (0.99,))}
    for name in ("RiskMetrics", BENCHMARK):
        before = next(e for e in tested if e.name == name).forecasts[0.99]
        assert late[name].forecasts[0.99].value_at_risk.equals(before.value_at_risk)
        assert late[name].forecasts[0.99].losses.iloc[-1] == 60.0


def test_verdicts_have_two_sides():
    row = {"violations": 3, "expected": 11.0, "kupiec_p": 0.004, "independence_p": 0.9, "quantile_p": 0.4}
    assert verdict(row) == "rejected: too cautious"
    assert verdict(row | {"violations": 24}) == "rejected: understates losses"
    assert verdict(row | {"kupiec_p": 0.4}) == "not rejected"
    assert verdict(row | {"kupiec_p": 0.4, "quantile_p": 0.01}) == "rejected: violations can be predicted"


def test_candidates_that_were_not_contested_have_no_losses(choice):
    frame = models_table(choice, ("s",)).frame
    assert frame["verdict"].tolist().count("chosen") == 1
    assert frame["bic_distance"].min() == 0
    assert frame.loc[frame["distribution"] == "normal", "qlike"].isna().all()
    assert frame["qlike"].notna().sum() == len(choice.rolled)


def test_a_short_sample_has_neither_contest_nor_backtest():
    returns = made_up(1200)
    found = choose_volatility(returns, 0.99, np.random.default_rng(1))
    assert found.held is None
    assert found.rolled == {}
    assert found.chosen.model == found.lowest.model
    prices = 100 * np.exp(returns.cumsum() / 100)
    market = measure(prices, CrashParams(sample_start="2016-01-01", paths=1000), 1)
    tables, findings = backtest_part(market, CrashParams(), (), 1)
    assert tables == []
    assert [f.id for f in findings] == ["crash.no_backtest"]
    assert list(market.falls.refused) == [365]


def test_a_year_needs_ten_years_and_says_so():
    falls = long_falls(made_up(1500), np.random.default_rng(0), 0.8)
    assert falls.frame["horizon_days"].unique().tolist() == [91]
    made = {e.id: e for e in fall_estimates(falls, 0.8, sources=("s",))}
    assert made["crash.fall_91d_95_pct"].available
    assert not made["crash.fall_365d_99_pct"].available
    assert "spells of 365 days" in made["crash.fall_365d_99_pct"].reason
    assert "Over a year: not given" in falls_table(falls, 0.8, ("s",)).note
    none = long_falls(made_up(400), np.random.default_rng(0), 0.8)
    assert set(none.refused) == {91, 365}
    assert falls_table(none, 0.8, ("s",)).to_html()


def test_long_falls_order_and_hold_against_the_sample(risk):
    frame = risk.tables["long_falls"].frame
    assert frame["fall_pct"].is_monotonic_increasing
    assert (frame["low"] <= frame["fall_pct"]).all()
    assert (frame["fall_pct"] <= frame["high"]).all()
    assert (frame["without_rise_pct"] > frame["fall_pct"]).all()  # bitcoin rose in the sample
    assert frame["observed_pct"].to_numpy() == pytest.approx(frame["once_pct"].to_numpy(), abs=4)
    assert risk["fall_365d_95_pct"].value == pytest.approx(frame["fall_pct"].iloc[2])


def test_the_vintage_s_choice_and_backtest(risk):
    models = risk.tables["volatility_models"].frame
    assert models.iloc[0]["model"] == "EGARCH"
    assert models.iloc[0]["verdict"] == "left out by a confidence set"
    assert models.set_index("verdict").loc["chosen", "model"] in ("GARCH", "TARCH", "GJR-GARCH")
    assert any(f.id == "crash.model_choice" for f in risk.findings)
    table = risk.tables["backtest"].frame
    assert len(table) == 6
    assert table.set_index("method").loc["RiskMetrics", "zone"] == "yellow zone"
    tests = risk.tables["backtest_tests"].frame
    assert set(tests["level_pct"].round(1)) == {97.5, 99.0}
    assert len(tests) == 12


def test_the_tail_by_several_estimators(risk):
    frame = risk.tables["tail_shape"].frame.set_index("what")["value"]
    assert 0.1 < risk["tail_index"].value < 0.25
    assert 0.1 < risk["tail_index_residuals"].value < 0.25
    assert frame["Shape after Hill"] > 0.27
    assert 0.4 < frame["Extremal index, Ferro and Segers"] < frame["Extremal index, runs of four days"] < 1
    ends = risk.tables["tail_intervals"].frame
    assert ends["value"].is_monotonic_increasing or ends["value"].iloc[2:].is_monotonic_increasing
    wider = (ends["high"] - ends["low"]) > (ends["profile_high"] - ends["profile_low"])
    assert wider.iloc[0]  # clustering makes the interval of the quantile wider than independence would
    stability = risk.tables["stability"].frame
    assert stability["value_at_risk"].max() / stability["value_at_risk"].min() < 1.05


def test_the_conditional_tail_is_near_the_simulated_one(risk):
    assert risk["var_1d_evt"].value == pytest.approx(risk["var_1d"].value, rel=0.1)
    assert risk["es_1d_evt"].value > risk["var_1d_evt"].value


def test_the_conditional_tail_needs_a_level_above_its_threshold(choice):
    assert next_day(choice.chosen, 0.9) is None
    var, es = next_day(choice.chosen, 0.99)
    assert 0 < var < es < 100


def test_simple_and_log_falls_are_inverse():
    assert simple_fall(np.array([log_loss(20.0)])) == pytest.approx([20.0])


def test_figures_from_a_result_read_back(risk):
    again = Result.from_dict(risk.to_dict())
    for figure in (tail_charts.stability, tail_charts.diagnostics, crash_charts.volatility):
        made = figure(again)
        assert made.svg
        assert len(made.alt) > 40
    assert "GARCH" in crash_charts.volatility(again).subtitle


def test_figures_without_prices_say_why(inputs_for):
    params = Params(country="KEN", vintage="2026-11-23", crash={"sample_start": "2025-01-01"})
    short = price_risk.analyse(inputs_for("KEN"), params)
    for figure in (tail_charts.stability, tail_charts.diagnostics):
        made = figure(short)
        assert not made.svg
        assert "3 years" in made.reason
    assert not short["fall_91d_95_pct"].available
