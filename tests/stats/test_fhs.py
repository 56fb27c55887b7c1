import time

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import garch
from cryptorisk.stats.expected_shortfall import expected_shortfall, value_at_risk
from cryptorisk.stats.fhs import fhs_interval, simulate_fhs
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.shocks import ParetoTailShocks, StudentShocks, next_day_risk, shocks_of
from cryptorisk.stats.volatility import VolatilityRecursion


@pytest.fixture(scope="module")
def fit():
    rng = np.random.default_rng(4)
    recursion = VolatilityRecursion(omega=0.3, alpha=0.08, gamma=0.02, beta=0.88)
    shocks = rng.standard_t(5, size=(1, 2500)) * np.sqrt(3 / 5)
    return fit_gjr(recursion.simulate(shocks, 3.0)[0][0])


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def test_one_day_agrees_with_the_closed_form(fit, rng):
    simulation = simulate_fhs(fit, rng=rng, horizon_days=1, paths=200_000, block=1)
    log_var, _ = next_day_risk(fit, 0.99, "empirical")
    assert simulation.value_at_risk(0.99) == pytest.approx(-100 * np.expm1(-log_var / 100), rel=0.02)


def test_returns_compound(fit):
    seed = 5
    logs = simulate_fhs(fit, rng=np.random.default_rng(seed), paths=1000, block=1)
    simple = simulate_fhs(fit, rng=np.random.default_rng(seed), paths=1000, block=1, returns="simple")
    first = 100 * np.log1p(logs.cumulative_returns_pct[:, 0] / 100)
    assert first == pytest.approx(simple.cumulative_returns_pct[:, 0])
    assert (logs.cumulative_returns_pct > -100).all()


def test_ten_thousand_paths_take_well_under_a_second(fit, rng):
    begin = time.process_time()
    simulation = simulate_fhs(fit, rng=rng, block=2)
    assert time.process_time() - begin < 0.5
    assert simulation.cumulative_returns_pct.shape == (10_000, 10)


def test_same_seed_same_paths(fit):
    first = simulate_fhs(fit, rng=np.random.default_rng(3), paths=100)
    again = simulate_fhs(fit, rng=np.random.default_rng(3), paths=100)
    assert (first.cumulative_returns_pct == again.cumulative_returns_pct).all()


def test_cap_is_the_highest_fitted_volatility(fit, rng):
    simulation = simulate_fhs(fit, rng=rng)
    assert simulation.sigma_cap == fit.conditional_volatility.max()
    assert 0 <= simulation.capped_paths < 0.2 * simulation.paths


def test_risk_grows_with_horizon_and_level(fit, rng):
    simulation = simulate_fhs(fit, rng=rng)
    assert simulation.value_at_risk(0.99, 10) > simulation.value_at_risk(0.99, 1) > 0
    assert simulation.expected_shortfall(0.99) > simulation.value_at_risk(0.99)
    assert simulation.value_at_risk(0.99) > simulation.value_at_risk(0.95)


@pytest.mark.parametrize("days", [0, 11, 90])
def test_longer_horizons_are_refused(fit, rng, days):
    with pytest.raises(ModelError, match="1 to 10 days"):
        simulate_fhs(fit, rng=rng, horizon_days=days)


def test_interval_holds_the_point(fit, rng):
    simulation = simulate_fhs(fit, rng=rng, paths=50_000)
    interval = fhs_interval(fit, rng=rng, replications=100, paths=2_000)
    low, high = interval.value_at_risk
    assert low < simulation.value_at_risk(0.99) < high
    low, high = interval.expected_shortfall
    assert low < simulation.expected_shortfall(0.99) < high
    assert 0 <= interval.rejected_share < 0.9


def test_wider_coverage_is_wider(fit):
    narrow = fhs_interval(fit, rng=np.random.default_rng(1), replications=100, paths=1_000, coverage=0.5)
    wide = fhs_interval(fit, rng=np.random.default_rng(1), replications=100, paths=1_000, coverage=0.9)
    assert wide.value_at_risk[0] < narrow.value_at_risk[0]
    assert wide.value_at_risk[1] > narrow.value_at_risk[1]


def test_without_covariance_there_is_no_interval(fit, rng):
    from dataclasses import replace

    with pytest.raises(ModelError, match="without an interval"):
        fhs_interval(replace(fit, covariance=fit.covariance * np.nan), rng=rng)


def test_student_shocks_against_simulation(rng):
    shocks = StudentShocks(4.0)
    drawn = shocks.draw((2_000_000,), rng)
    var, es = shocks.measures(0.99)
    assert drawn.std() == pytest.approx(1.0, abs=0.03)
    assert var == pytest.approx(value_at_risk(drawn, 0.99), rel=0.01)
    assert es == pytest.approx(expected_shortfall(drawn, 0.99), rel=0.02)


def test_pareto_shocks_draw_what_they_measure(fit, rng):
    shocks = shocks_of(fit, "pareto")
    assert isinstance(shocks, ParetoTailShocks)
    drawn = shocks.draw((2_000_000,), rng)
    var, es = shocks.measures(0.99)
    assert value_at_risk(drawn, 0.99) == pytest.approx(var, rel=0.01)
    assert expected_shortfall(drawn, 0.99) == pytest.approx(es, rel=0.03)


def test_normal_model_has_no_student_shocks(fit):
    returns = (fit.conditional_volatility * fit.standardized_residuals).to_numpy()
    with pytest.raises(ModelError, match="normal shocks"):
        shocks_of(garch.fit(returns, distribution="normal"), "student")


def test_value_at_risk_and_expected_shortfall_of_a_known_sample():
    losses = np.arange(1.0, 101.0)
    assert value_at_risk(losses, 0.9) == pytest.approx(90.1)
    assert expected_shortfall(losses, 0.9) == pytest.approx(95.5)
    with pytest.raises(ModelError, match="99 % is"):
        value_at_risk(losses, 99)


@pytest.mark.parametrize("kind", ["normal", "t", "Student", "fhs"])
def test_an_unknown_kind_of_shocks_is_not_taken_for_a_pareto_tail(kind):
    fitted = garch.fit(np.random.default_rng(2).standard_t(5, size=600), quick=True)
    with pytest.raises(
        ModelError, match=f"unknown kind of shocks '{kind}'; use one of empirical, student, pareto"
    ):
        next_day_risk(fitted, 0.99, kind)
