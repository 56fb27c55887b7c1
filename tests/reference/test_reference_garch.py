"""V3 and V4: the S&P 500 examples of the arch documentation, and risk measures computed from them.

V3: arch documentation, "ARCH Modeling", daily S&P 500 returns 1999-2018 (`arch.data.sp500`, 100 times the
percentage change of the adjusted close, 5030 observations). V4 are regression values of this data set.
"""

import arch.data.sp500
import numpy as np
import pytest

from cryptorisk.stats import garch
from cryptorisk.stats.expected_shortfall import value_at_risk
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.shocks import StudentShocks, next_day_risk, shocks_of


@pytest.fixture(scope="module")
def returns():
    prices = arch.data.sp500.load()["Adj Close"]
    return 100 * prices.pct_change().dropna()


@pytest.fixture(scope="module")
def gjr_t(returns):
    return fit_gjr(returns)


@pytest.mark.parametrize(
    ("model", "distribution", "loglikelihood"),
    [("garch", "normal", -6936.72), ("gjr", "normal", -6822.88), ("tarch", "t", -6722.15)],
)
def test_v3_loglikelihoods(returns, model, distribution, loglikelihood):
    fit = garch.fit(returns, model=model, distribution=distribution)
    assert fit.n_obs == 5030
    assert fit.loglikelihood == pytest.approx(loglikelihood, abs=0.01)
    assert fit.loglikelihood_range < 0.01
    assert fit.converged


def test_v3_gjr_parameters(returns):
    fit = garch.fit(returns, model="gjr", distribution="normal")
    assert fit.params["gamma"] == pytest.approx(0.1831, abs=2e-4)
    assert fit.params["beta"] == pytest.approx(0.8922, abs=2e-4)
    assert "alpha" in fit.at_bound


def test_v3_tarch_degrees_of_freedom(returns):
    assert garch.fit(returns, model="tarch").nu == pytest.approx(7.955, abs=0.005)


def test_v4_next_day_volatility(gjr_t):
    assert gjr_t.next_sigma == pytest.approx(1.7962, abs=5e-4)


@pytest.mark.parametrize(
    ("kind", "quantile", "shortfall"),
    [("student", 4.481, None), ("empirical", 4.716, 6.178), ("pareto", 4.913, 6.214)],
)
def test_v4_value_at_risk_and_expected_shortfall(gjr_t, kind, quantile, shortfall):
    var, es = next_day_risk(gjr_t, 0.99, kind)
    assert var == pytest.approx(quantile, abs=2e-3)
    if shortfall is not None:
        assert es == pytest.approx(shortfall, abs=2e-3)


def test_v4_tail_of_the_residuals(gjr_t):
    tail = shocks_of(gjr_t, "pareto").tail
    assert tail.n_exceed == 503
    assert tail.xi == pytest.approx(0.0627, abs=5e-4)
    assert tail.beta == pytest.approx(0.5876, abs=5e-4)


def test_v4_violations(returns, gjr_t):
    quantile, _ = StudentShocks(gjr_t.nu).measures(0.99)
    forecast = -gjr_t.mu + gjr_t.conditional_volatility * quantile
    assert int((-returns > forecast).sum()) == 60


def test_recursion_reproduces_archs_volatility(returns, gjr_t):
    residuals = (returns - gjr_t.mu).to_numpy()
    sigma, _ = gjr_t.recursion.filter(residuals, float(gjr_t.conditional_volatility.iloc[0]))
    assert sigma == pytest.approx(gjr_t.conditional_volatility.to_numpy(), rel=1e-10)
    tarch = garch.fit(returns, model="tarch")
    sigma, _ = tarch.recursion.filter(
        (returns - tarch.mu).to_numpy(), float(tarch.conditional_volatility.iloc[0])
    )
    assert sigma == pytest.approx(tarch.conditional_volatility.to_numpy(), rel=1e-10)


def test_sample_quantile_convention(gjr_t):
    assert value_at_risk(-gjr_t.standardized_residuals, 0.99) == pytest.approx(
        -np.quantile(gjr_t.standardized_residuals, 0.01)
    )
