"""The market part of chapter 4 on made-up prices and on the vintage: choice of model, backtest, tail, long falls."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import crash as crash_charts
from cryptorisk.charts import tail as tail_charts
from cryptorisk.estimate import Estimate
from cryptorisk.models import price_risk
from cryptorisk.models.price_risk.backtest import BENCHMARK, entrants, levels, outcomes, verdict
from cryptorisk.models.price_risk.bad_days import bad_days_finding
from cryptorisk.models.price_risk.estimates import market_estimates
from cryptorisk.models.price_risk.falls import fall_estimates, falls_table, long_falls
from cryptorisk.models.price_risk.findings import backtest_clause, backtest_part
from cryptorisk.models.price_risk.measure import measure
from cryptorisk.models.price_risk.staleness import CONDITIONAL, headlines, marked, spent
from cryptorisk.models.price_risk.tail import DAYS_A_YEAR, log_loss, next_day, simple_fall
from cryptorisk.models.price_risk.volatility_choice import choose_volatility, models_table
from cryptorisk.params import CrashParams, Params
from cryptorisk.result import Column, Result, Table
from cryptorisk.stats.clusters import decluster_near
from cryptorisk.stats.tails import gpd
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


def test_rare_falls_take_the_clustering_of_the_largest_losses(risk, inputs_for):
    frame = risk.tables["clustering"].frame
    assert frame["n_exceed"].is_monotonic_decreasing
    runs = frame[[name for name in frame if name.startswith("runs_")]]
    assert (runs.diff(axis=1).iloc[:, 1:] <= 0).all(
        axis=None
    )  # the longer a cluster may last, the fewer there are
    used = frame.set_index("n_exceed").loc[30]
    assert risk["extremal_index_rare"].value == pytest.approx(used["runs_4"])
    probability = risk["fall_probability_pct"]
    assert probability.value == pytest.approx(used["probability_pct"])
    assert (
        probability.value > frame["probability_pct"].iloc[0]
    )  # what the threshold's clustering would make of it
    assert f"{frame['probability_pct'].iloc[0]:.1f} %" in probability.note
    levels = risk.tables["tail"].frame.set_index("years")["fall_pct"]
    prices = inputs_for("KEN").series("btc_price_usd", country="WLD").values.dropna().loc["2014":]
    losses = -100 * np.log(prices).diff().dropna()
    fit = gpd(losses)
    chances = [
        f"{100 * fit.probability_within(log_loss(20.0), DAYS_A_YEAR, used[name]):.1f}"
        for name in ("runs_14", "runs_2", "intervals")
    ]
    assert float(chances[1]) > float(chances[0]) + 2  # one pair more or less among thirty
    assert f"With 2 to 14 days the probability is {chances[0]} to {chances[1]} %" in probability.note
    assert f"after Ferro and Segers {chances[2]} %" in probability.note
    by_hand = fit.return_level(20 * DAYS_A_YEAR, decluster_near(losses, log_loss(20.0)).extremal_index)
    assert levels[20] == pytest.approx(float(simple_fall(np.array(by_hand))))


def test_an_interval_of_the_extremal_index_lies_about_its_estimate(risk):
    index = risk["extremal_index"]
    below, above = index.value - index.low, index.high - index.value
    assert 0.5 < below / above < 2


@pytest.fixture(scope="module")
def fitted():
    """A market of made-up prices, its estimates and parameters."""
    prices = 100 * np.exp(made_up(1200).cumsum() / 100)
    params = CrashParams(sample_start="2016-01-01", paths=1000)
    market = measure(prices, params, 1)
    return market, market_estimates(market, prices, params, ()), params


def backtest(violations, p_value):
    frame = pd.DataFrame([{"method": "m", "violations": violations, "expected": 11.0, "kupiec_p": p_value}])
    title = "Backtest of the one-day value at risk at 99 %, 2023-06-03 to 2026-06-01"
    return Table("crash.backtest", title, frame, (Column("method", "Method"),))


def test_the_sentence_that_quotes_a_forecast_says_when_its_backtest_failed(fitted):
    market, estimates, params = fitted
    known = {e.id.removeprefix("crash."): e for e in estimates}
    failed = bad_days_finding(market, market.prices, known, params, backtest(3, 0.004), over=False).text
    assert f"{known['es_10d']:full}" in failed
    assert failed.endswith(
        "; over 2023-06-03 to 2026-06-01 the model's value at risk over one day was too high by its backtest."
    )
    assert backtest_clause(backtest(24, 0.001)).endswith("was too low by its backtest")
    assert backtest_clause(backtest(9, 0.5)) == backtest_clause(None) == ""
    over = bad_days_finding(market, market.prices, known, params, backtest(3, 0.004), over=True)
    assert over.estimates[-1] == "crash.es_1d_cycle"
    falls = simple_fall(-market.returns.iloc[-1095:].to_numpy())
    count = int((falls > known["var_1d_cycle"].value).sum())
    assert f"had {count} of them where 11 would be due" in over.text


def test_a_backtest_that_rejects_is_worth_knowing_and_goes_with_the_forecasts(risk):
    found = next(f for f in risk.findings if f.id == "crash.backtest")
    assert risk.tables["backtest"].frame.iloc[0]["kupiec_p"] < 0.05
    assert found.severity == "notice"
    assert "crash.es_10d" in found.estimates


def test_a_forecast_is_spent_when_its_longest_horizon_is_over(fitted):
    _, estimates, _ = fitted
    known = {e.id: e for e in estimates}
    spell = known["crash.es_10d"]
    last = dt.date.fromisoformat(spell.date.rsplit("/", 1)[-1])
    at, after = last + dt.timedelta(days=10), last + dt.timedelta(days=11)
    assert not spent(last, at)
    assert spent(last, after)
    assert headlines(("a", "es_10d", "b"), spell, at) == ("a", "es_10d", "b")
    assert headlines(("a", "es_10d", "b"), spell, after) == ("a", "es_1d_cycle", "b")
    missing = Estimate.missing("crash.es_10d", "ES", "pct", "no prices")
    assert headlines(("es_10d",), missing, after) == ("es_10d",)
    assert marked(estimates, last, at) == estimates
    noted = {e.id.removeprefix("crash.") for e in marked(estimates, last, after) if "are over" in e.note}
    assert noted == {name for name in CONDITIONAL if known[f"crash.{name}"].available}


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
