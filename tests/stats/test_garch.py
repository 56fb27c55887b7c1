import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import garch
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.volatility import (
    AsymmetricPowerRecursion,
    ExponentialRecursion,
    VolatilityRecursion,
    mean_absolute_shock,
)

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
    classic = garch.fit(returns, robust=False)
    ratio = classic.std_errors / fit.std_errors
    assert ratio.between(0.5, 2.0).all()


def test_normal_model_has_no_nu(returns):
    fit = garch.fit(returns, model="garch", distribution="normal")
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
    assert garch.fit(returns, start=start).loglikelihood <= fit.loglikelihood + 1e-3


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


@pytest.mark.parametrize("model", ["egarch", "aparch"])
@pytest.mark.parametrize("distribution", ["t", "skewt"])
def test_recursions_reproduce_archs_volatility(returns, model, distribution):
    found = garch.fit(returns, model=model, distribution=distribution, quick=True)
    residuals = (returns - found.mu).to_numpy()
    first = float(found.conditional_volatility.iloc[0])
    sigma, after = found.recursion.filter(residuals, first)
    assert sigma == pytest.approx(found.conditional_volatility.to_numpy(), rel=1e-8)
    assert after == pytest.approx(found.next_sigma)
    assert np.isnan(found.covariance.to_numpy()).all()  # quick


@pytest.mark.parametrize(
    "recursion",
    [
        ExponentialRecursion(omega=0.02, alpha=0.2, gamma=-0.05, beta=0.95),
        AsymmetricPowerRecursion(omega=0.1, alpha=0.08, gamma=0.3, beta=0.9, power=1.3),
    ],
)
def test_filter_and_simulation_are_one_recursion(recursion):
    shocks = np.random.default_rng(4).standard_normal((3, 200))
    residuals, capped = recursion.simulate(shocks, 2.0)
    assert not capped.any()
    for path, drawn in zip(residuals, shocks, strict=True):
        sigma, _ = recursion.filter(path, 2.0)
        assert path / sigma == pytest.approx(drawn)
    held, over = recursion.simulate(shocks, 2.0, cap=1.0)
    assert over.all()
    assert np.abs(held[:, 0]) == pytest.approx(np.abs(shocks[:, 0]))


def test_persistence_is_the_expected_carry_over():
    """Of a shock drawn a million times, for every recursion in its own scale."""
    z = np.random.default_rng(5).standard_t(8, 1_000_000) * np.sqrt(6 / 8)
    power = AsymmetricPowerRecursion(omega=0.1, alpha=0.08, gamma=0.3, beta=0.9, power=1.3)
    assert power.persistence(8.0) == pytest.approx(0.9 + np.mean(power.news(z)), abs=1e-3)
    gjr = VolatilityRecursion(omega=0.1, alpha=0.05, gamma=0.08, beta=0.88)
    assert gjr.persistence(8.0) == pytest.approx(0.88 + np.mean(gjr.news(z)), abs=2e-3)
    # With the same variance, skewed shocks fall further, and falls raise variance more.
    assert gjr.persistence(8.0, -0.3) > gjr.persistence(8.0) > gjr.persistence(8.0, 0.3)


def test_an_exponential_world_is_recovered_and_has_no_variance_under_student_shocks():
    world = ExponentialRecursion(omega=0.04, alpha=0.2, gamma=-0.06, beta=0.96)
    shocks = np.random.default_rng(6).standard_t(6, size=(1, 5500)) * np.sqrt(4 / 6)
    found = garch.fit(world.simulate(shocks, 2.0)[0][0, 500:], model="egarch")
    for name in ("alpha", "gamma", "beta"):
        assert abs(found.params[name] - getattr(world, name)) < 3 * found.std_errors[name], name
    assert found.persistence == found.params["beta"]
    assert not found.integrated_boundary
    assert not found.long_run_variance
    assert found.name == "EGARCH, Student t"


def test_criteria(fit):
    k = len(fit.params)
    assert fit.bic == pytest.approx(-2 * fit.loglikelihood + k * np.log(3000))
    assert fit.aic == pytest.approx(-2 * fit.loglikelihood + 2 * k)


def test_skewed_shocks_are_recovered(returns):
    found = garch.fit(returns, model="garch", distribution="skewt")
    assert found.skew == found.params["skew"]
    assert abs(found.skew) < 3 * found.std_errors["skew"]  # the world's shocks are symmetric
    assert found.nu == pytest.approx(6, abs=1.5)
    assert 0.5 < found.persistence_se / garch.fit(returns, model="garch").persistence_se < 2


def test_all_the_same_is_no_fixed_price():
    with pytest.raises(ModelError, match="all returns are 1 percent"):
        fit_gjr(np.full(300, 1.0))  # was said to be zeros
    with pytest.raises(ModelError, match="exactly zero"):
        fit_gjr(np.zeros(300))


@pytest.mark.parametrize(("kind", "value"), [("model", "figarch"), ("distribution", "ged")])
def test_unknown_names_are_told_the_known_ones(returns, kind, value):
    with pytest.raises(ModelError, match=f"unknown {kind} '{value}'; use one of"):
        garch.fit(returns, **{kind: value})


def test_dates_are_held_to_what_the_model_supposes(returns):
    shuffled = returns.sample(frac=1, random_state=0)
    with pytest.raises(ModelError, match="dates of returns must increase"):
        fit_gjr(shuffled)
    holed = pd.concat([returns.iloc[:1000], returns.iloc[1060:]])
    with pytest.raises(ModelError, match="hole from 2017-09-26 to 2017-11-26"):
        fit_gjr(holed)
    garch.fit(pd.concat([returns.iloc[:1000], returns.iloc[1010:]]), quick=True)
