import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.garch import fit_garch, fit_gjr
from cryptorisk.stats.volatility import VolatilityRecursion, mean_absolute_shock

WORLD = VolatilityRecursion(omega=0.2, alpha=0.05, gamma=0.08, beta=0.88)


def simulated(n, seed, recursion=WORLD, nu=6.0):
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(nu, size=(1, n + 500)) * np.sqrt((nu - 2) / nu)
    return recursion.simulate(shocks, 2.0)[0][0, 500:] + 0.05


@pytest.fixture(scope="module")
def returns():
    return pd.Series(simulated(3000, 1), index=pd.date_range("2015-01-01", periods=3000))


@pytest.fixture(scope="module")
def fit(returns):
    return fit_gjr(returns)


def test_series_keep_their_dates(fit, returns):
    assert fit.conditional_volatility.index.equals(returns.index)
    rebuilt = fit.mu + fit.conditional_volatility * fit.standardized_residuals
    assert rebuilt.to_numpy() == pytest.approx(returns.to_numpy())


def test_half_life_follows_persistence(fit):
    assert fit.persistence < 0.999
    assert not fit.integrated_boundary
    assert fit.half_life_days == pytest.approx(np.log(0.5) / np.log(fit.persistence))


def test_array_and_series_agree(fit, returns):
    again = fit_gjr(returns.to_numpy())
    assert again.loglikelihood == pytest.approx(fit.loglikelihood)
    assert isinstance(again.conditional_volatility.index, pd.RangeIndex)


def test_input_is_not_changed(returns):
    before = returns.copy()
    fit_gjr(returns)
    pd.testing.assert_series_equal(returns, before)


def test_hessian_and_robust_errors_are_of_one_size(returns, fit):
    classic = fit_garch(returns, robust=False)
    ratio = classic.std_errors / fit.std_errors
    assert ratio.between(0.5, 2.0).all()


def test_normal_model_has_no_nu(returns):
    fit = fit_garch(returns, model="garch", distribution="normal")
    assert fit.nu is None
    assert list(fit.params.index) == ["mu", "omega", "alpha", "beta"]


def test_integrated_series_is_flagged():
    integrated = VolatilityRecursion(omega=0.05, alpha=0.1, gamma=0.0, beta=0.9)
    fit = fit_gjr(simulated(2500, 3, integrated))
    assert fit.integrated_boundary
    assert fit.half_life_days is None


def test_constant_volatility_does_not_break_the_fit():
    """The likelihood is flat in beta when alpha is zero; whatever comes back must be finite and say so."""
    fit = fit_gjr(np.random.default_rng(5).standard_normal(1000))
    assert np.isfinite(fit.params).all()
    assert fit.conditional_volatility.std() < 0.2
    assert fit.loglikelihood_range >= 0


def test_a_second_start_finds_no_better_likelihood(returns, fit):
    start = np.array([0.0, 1.0, 0.2, 0.0, 0.6, 8.0])
    assert fit_garch(returns, start=start).loglikelihood <= fit.loglikelihood + 1e-3


def test_short_sample_is_refused(returns):
    with pytest.raises(ModelError, match="at least 250"):
        fit_gjr(returns[:249])
    assert fit_gjr(returns[:300]).short_sample
    assert not fit_gjr(returns[:500]).short_sample


def test_gap_is_named(returns):
    holed = returns.copy()
    holed.iloc[7] = np.nan
    with pytest.raises(ModelError, match=r"position 7 \(2015-01-08\)"):
        fit_gjr(holed)


def test_scale_is_checked(returns):
    with pytest.raises(ModelError, match="multiply them by 100"):
        fit_gjr(returns / 100)
    with pytest.raises(ModelError, match="twice"):
        fit_gjr(returns * 100)


def test_fixed_price_is_refused(returns):
    pegged = returns.where(np.arange(returns.size) % 3 == 0, 0.0)
    with pytest.raises(ModelError, match="exactly zero"):
        fit_gjr(pegged)


def test_stale_spell_is_refused(returns):
    stale = returns.copy()
    stale.iloc[100:111] = 0.0
    with pytest.raises(ModelError, match="11 periods in a row"):
        fit_gjr(stale)
    weekends = returns.where(np.arange(returns.size) % 7 < 5, 0.0)
    assert fit_gjr(weekends).converged


def test_mean_absolute_shock_against_simulation():
    rng = np.random.default_rng(0)
    shocks = rng.standard_t(5, size=2_000_000) * np.sqrt(3 / 5)
    assert mean_absolute_shock(5) == pytest.approx(np.abs(shocks).mean(), rel=2e-3)
    assert mean_absolute_shock(None) == pytest.approx(np.sqrt(2 / np.pi))
    assert mean_absolute_shock(1e6) == pytest.approx(np.sqrt(2 / np.pi), rel=1e-5)


def test_filter_inverts_simulate():
    shocks = np.random.default_rng(2).standard_normal((1, 200))
    for power in (1.0, 2.0):
        recursion = VolatilityRecursion(0.1, 0.05, 0.1, 0.85, power)
        residuals, capped = recursion.simulate(shocks, 1.3)
        sigma, _ = recursion.filter(residuals[0], 1.3)
        assert residuals[0] / sigma == pytest.approx(shocks[0])
        assert not capped.any()


def test_cap_binds():
    shocks = np.full((1, 20), -4.0)
    residuals, capped = WORLD.simulate(shocks, 2.0, cap=3.0)
    assert capped.all()
    assert np.abs(residuals).max() <= 12.0 + 1e-9
