import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from cryptorisk.errors import ModelError
from cryptorisk.stats.backtest import (
    christoffersen_coverage,
    christoffersen_independence,
    dynamic_quantile,
    kupiec,
    kupiec_region,
    traffic_light,
    violations,
)
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.rolling import forecast_from, rolling_fit, rolling_var
from cryptorisk.stats.rolling_benchmarks import rolling_historical, rolling_riskmetrics
from cryptorisk.stats.rolling_forecast import METHODS
from cryptorisk.stats.shocks import next_day_risk
from cryptorisk.stats.shortfall_backtest import (
    acerbi_szekely_z1,
    acerbi_szekely_z2,
    fissler_ziegel_losses,
    fissler_ziegel_score,
    z1_p_value,
    z2_p_value,
)
from cryptorisk.stats.volatility import VolatilityRecursion


@pytest.fixture(scope="module")
def returns():
    rng = np.random.default_rng(21)
    recursion = VolatilityRecursion(omega=0.3, alpha=0.08, gamma=0.04, beta=0.87)
    shocks = rng.standard_t(5, size=(1, 3000)) * np.sqrt(3 / 5)
    values = recursion.simulate(shocks, 2.5)[0][0]
    return pd.Series(values, index=pd.date_range("2016-01-01", periods=3000))


@pytest.fixture(scope="module")
def fitted(returns):
    return rolling_fit(returns, window=1000, refit_days=50)


def test_kupiec_formula():
    outcome = kupiec(8, 500, 0.01)
    stated = 492 * np.log(0.99) + 8 * np.log(0.01)
    seen = 492 * np.log(1 - 8 / 500) + 8 * np.log(8 / 500)
    assert outcome.statistic == pytest.approx(-2 * (stated - seen))
    assert outcome.p_value == pytest.approx(chi2.sf(outcome.statistic, 1))
    assert outcome.violation_share == 8 / 500


def test_kupiec_limits():
    assert kupiec(5, 500, 0.01).p_value == 1.0
    assert kupiec(500, 500, 0.01).p_value < 1e-10
    for bad in ((-1, 10), (11, 10), (0, 0)):
        with pytest.raises(ModelError, match=r"not possible|must be at least"):
            kupiec(*bad, 0.01)


def test_region_is_where_the_p_value_is_large():
    fewest, most = kupiec_region(700, 0.02)
    inside = [kupiec(count, 700, 0.02).p_value > 0.05 for count in range(701)]
    assert np.flatnonzero(inside).tolist() == list(range(fewest, most + 1))


def test_independence_by_hand():
    hits = np.array([0, 1, 1, 0, 0, 0, 1, 0, 0, 0], dtype=bool)
    # from 0: to 0 four times, to 1 twice; from 1: to 0 twice, to 1 once
    pooled = 6 * np.log(6 / 9) + 3 * np.log(3 / 9)
    apart = 4 * np.log(4 / 6) + 2 * np.log(2 / 6) + 2 * np.log(2 / 3) + np.log(1 / 3)
    outcome = christoffersen_independence(hits)
    assert outcome.statistic == pytest.approx(max(0, -2 * (pooled - apart)), abs=1e-12)
    joint = christoffersen_coverage(hits, 0.1)
    assert joint.statistic == pytest.approx(outcome.statistic + kupiec(3, 10, 0.1).statistic)


def test_clustered_violations_are_found():
    hits = np.zeros(1000, dtype=bool)
    hits[400:410] = True
    assert christoffersen_independence(hits).p_value < 1e-6
    assert kupiec(10, 1000, 0.01).p_value > 0.9
    assert christoffersen_coverage(hits, 0.01).p_value < 1e-5


def test_no_violation_gives_a_number():
    outcome = christoffersen_independence(np.zeros(100, dtype=bool))
    assert outcome.statistic == 0
    assert outcome.p_value == 1


def test_violations_are_strict_and_sizes_must_match():
    assert violations([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]).tolist() == [False, False, True]
    with pytest.raises(ModelError, match="2 losses but 1"):
        violations([1.0, 2.0], [1.0])
    with pytest.raises(ModelError, match="true and false"):
        christoffersen_independence(np.array([0, 1, 0]))


def test_z2_sign_and_p_value():
    rng = np.random.default_rng(5)
    level, n = 0.975, 1000
    var = np.full(n, norm.ppf(level))
    es = np.full(n, norm.pdf(norm.ppf(level)) / (1 - level))
    simulated = rng.standard_normal((2000, n))
    fair = rng.standard_normal(n)
    assert abs(acerbi_szekely_z2(fair, var, es, level)) < 0.6
    assert z2_p_value(fair, var, es, level, simulated).p_value > 0.05
    worse = 1.4 * fair
    assert acerbi_szekely_z2(worse, var, es, level) < -0.7
    assert z2_p_value(worse, var, es, level, simulated).p_value < 0.01
    with pytest.raises(ModelError, match="columns"):
        z2_p_value(fair, var, es, level, simulated[:, :5])


def test_score_prefers_the_true_forecast():
    rng = np.random.default_rng(6)
    losses = rng.standard_normal(50_000)
    var, es = norm.ppf(0.975), norm.pdf(norm.ppf(0.975)) / 0.025
    flat = np.ones(losses.size)
    true = fissler_ziegel_score(losses, var * flat, es * flat, 0.975)
    for factor in (0.7, 1.4):
        assert true < fissler_ziegel_score(losses, factor * var * flat, factor * es * flat, 0.975)


def test_two_thousand_days_take_a_few_seconds(returns):
    begin = time.process_time()
    forecast = rolling_var(returns, method="fhs", window=1000, refit_days=20)
    assert time.process_time() - begin < 15
    assert forecast.losses.size == 2000
    assert forecast.refits == 100


@pytest.mark.parametrize("method", ["fhs", "student", "pareto"])
def test_methods_hold_on_the_true_model(fitted, method):
    forecast = forecast_from(fitted, method)
    assert kupiec(int(forecast.hits.sum()), forecast.hits.size, 0.01).p_value > 0.001
    assert (forecast.expected_shortfall >= forecast.value_at_risk).all()
    assert forecast.z2(np.random.default_rng(1), replications=200).p_value > 0.005


def test_historical_simulation_lags_behind_clustered_volatility(fitted):
    """The same data: quantiles of the past miss the clusters that a volatility model follows."""
    chances = {}
    for method in METHODS:
        hits = forecast_from(fitted, method).hits
        chances[method] = christoffersen_coverage(hits, 0.01).p_value
    assert chances["historical"] < 0.01
    assert chances["historical"] < min(chances[method] for method in METHODS[1:])


def test_forecast_uses_only_the_past(returns, fitted):
    """The first forecast is the next-day risk of a fit on the window alone; later returns cannot move it."""
    first = forecast_from(fitted, "fhs")
    alone = next_day_risk(fit_gjr(returns[:1000]), 0.99, "empirical")[0]
    assert first.value_at_risk.iloc[0] == pytest.approx(alone, rel=1e-3)
    changed = returns.copy()
    changed.iloc[1500:] *= 3
    again = rolling_var(changed[:1600], window=1000, refit_days=50)
    assert again.value_at_risk.to_numpy()[:500] == pytest.approx(first.value_at_risk.to_numpy()[:500])
    assert again.value_at_risk.iloc[500] == pytest.approx(first.value_at_risk.iloc[500])
    assert again.value_at_risk.iloc[501] != pytest.approx(first.value_at_risk.iloc[501])


def test_historical_is_the_quantile_of_the_window(returns):
    forecast = rolling_historical(returns, window=250)
    day = 700
    window = -returns.to_numpy()[day : day + 250]
    assert forecast.value_at_risk.iloc[day] == pytest.approx(np.quantile(window, 0.99))
    assert forecast.losses.index[0] == returns.index[250]
    assert forecast.losses.iloc[0] == -returns.iloc[250]


def test_historical_window_of_the_fit(fitted, returns):
    both = forecast_from(fitted, "historical"), rolling_var(returns, method="historical", window=1000)
    pd.testing.assert_series_equal(both[0].value_at_risk, both[1].value_at_risk)
    assert both[0].losses.index.equals(forecast_from(fitted, "fhs").losses.index)


def test_drawn_losses_match_the_forecast(fitted):
    forecast = forecast_from(fitted, "pareto")
    drawn = forecast.draw_losses(400, np.random.default_rng(0))
    assert (drawn > forecast.value_at_risk.to_numpy()).mean() == pytest.approx(0.01, rel=0.05)


def test_bad_windows(returns):
    with pytest.raises(ModelError, match="too short"):
        rolling_var(returns, window=100)
    with pytest.raises(ModelError, match="leaves none"):
        rolling_var(returns[:900], window=1000)
    with pytest.raises(ModelError, match="too short"):
        rolling_historical(returns, window=50)
    with pytest.raises(ModelError, match="refit_days"):
        rolling_fit(returns, refit_days=0)


def test_z1_sees_the_size_alone():
    """Losses beyond the quantile a quarter larger than forecast: Z1 is -0.25, however many there are."""
    var, es = np.full(6, 2.0), np.full(6, 4.0)
    losses = np.array([1.0, 5.0, 0.0, 5.0, -3.0, 1.0])
    assert acerbi_szekely_z1(losses, var, es) == pytest.approx(-0.25)
    assert np.isnan(acerbi_szekely_z1(np.zeros(6), var, es))
    quiet = np.zeros((50, 6))
    assert np.isnan(z1_p_value(np.zeros(6), var, es, quiet).p_value)


def test_z1_p_value_of_understated_and_overstated_shortfall():
    rng = np.random.default_rng(5)
    level, n = 0.975, 1500
    var = np.full(n, norm.ppf(level))
    es = np.full(n, norm.pdf(norm.ppf(level)) / (1 - level))
    drawn, fair = rng.standard_normal((1000, n)), rng.standard_normal(n)
    assert 0.02 < z1_p_value(fair, var, es, drawn).p_value < 0.98
    far = np.where(fair > var, var + 2 * (fair - var), fair)
    assert z1_p_value(far, var, es, drawn).p_value < 0.01
    near = np.where(fair > var, var + 0.3 * (fair - var), fair)
    assert z1_p_value(near, var, es, drawn).p_value > 0.99


def test_dynamic_quantile_finds_violations_that_the_forecast_predicts():
    """Violations happen on days with a high forecast only; their number and order look right."""
    rng = np.random.default_rng(2)
    forecast = rng.uniform(1, 2, 2000)
    hits = (forecast > 1.5) & (rng.random(2000) < 0.02)
    assert kupiec(int(hits.sum()), 2000, 0.01).p_value > 0.05
    assert dynamic_quantile(hits, forecast, 0.01).p_value < 0.01
    fair = rng.random(2000) < 0.01
    assert dynamic_quantile(fair, forecast, 0.01).p_value > 0.01


def test_daily_scores_average_to_the_score():
    rng = np.random.default_rng(3)
    losses, var, es = rng.standard_normal(200), np.full(200, 2.0), np.full(200, 2.5)
    daily = fissler_ziegel_losses(losses, var, es, 0.975)
    assert daily.mean() == pytest.approx(fissler_ziegel_score(losses, var, es, 0.975))
    calm = losses <= 2
    assert daily[calm] == pytest.approx(np.full(calm.sum(), 2 / 2.5 + np.log(2.5) - 1))


def test_riskmetrics_by_hand(returns):
    forecast = rolling_riskmetrics(returns, window=500, level=0.99)
    variance = float((returns[:500] ** 2).mean())
    for value in returns.to_numpy()[:503]:
        variance = 0.94 * variance + 0.06 * value**2
    assert forecast.value_at_risk.iloc[3] == pytest.approx(norm.ppf(0.99) * np.sqrt(variance))
    assert forecast.expected_shortfall.iloc[3] == pytest.approx(
        norm.pdf(norm.ppf(0.99)) / 0.01 * np.sqrt(variance)
    )
    assert forecast.losses.index[0] == returns.index[500]
    drawn = forecast.draw_losses(300, np.random.default_rng(0))
    assert (drawn > forecast.value_at_risk.to_numpy()).mean() == pytest.approx(0.01, rel=0.05)
    # Normal tails on Student t shocks: too many violations, and too large ones.
    assert forecast.z2(np.random.default_rng(1), replications=200).p_value < 0.05


def test_an_expanding_window_keeps_the_first_days(returns):
    rolled = rolling_fit(returns[:1300], window=1000, refit_days=150, model="egarch", expanding=True)
    assert [fit.n_obs for _, fit in rolled.refits] == [1000, 1150]
    last = rolled.refits[-1][1]
    sigma, _ = last.recursion.filter(
        (returns[:1300] - last.mu).to_numpy(), float(last.conditional_volatility.iloc[0])
    )
    assert rolled.volatility[150:] == pytest.approx(sigma[1150:])
    early = rolling_fit(returns[:1200], window=1000, refit_days=150, model="egarch", expanding=True)
    assert rolled.volatility[:200] == pytest.approx(early.volatility)


def test_losses_and_forecasts_of_different_dates_are_not_paired():
    losses = pd.Series([1.0, 2.0, 3.0], pd.date_range("2024-01-01", periods=3))
    forecast = pd.Series(2.0, losses.index)
    assert violations(losses, forecast).tolist() == [False, False, True]
    with pytest.raises(ModelError, match="different dates"):
        violations(losses, forecast.shift(freq="D"))
    with pytest.raises(ModelError, match="must increase"):
        violations(losses.iloc[::-1], forecast.iloc[::-1])


@pytest.mark.parametrize(("count", "n"), [("3", 250), (3.5, 250), (3, 250.5), (np.array([True, False]), 2)])
def test_counts_are_whole_numbers(count, n):
    for test in (kupiec, traffic_light):
        with pytest.raises(ModelError, match="whole number"):
            test(count, n, 0.01)


@pytest.mark.parametrize(
    ("count", "words"), [(300, "not possible"), (-1, "at least 0"), (np.nan, "whole number")]
)
def test_no_zone_for_impossible_counts(count, words):
    with pytest.raises(ModelError, match=words):
        traffic_light(count, 250, 0.01)
