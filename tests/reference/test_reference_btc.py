"""V25: bitcoin anchors, computed independently from the same public daily price (2 % tolerance).

Daily log returns in percent of the embedded price, annualised with 365 days. The anchors were computed by other
code from the same series; shapes of the tail also within a tenth of their standard error, since they are the
least certain numbers of all.
"""

import numpy as np
import pytest

from cryptorisk.stats.drawdowns import drawdown_episodes, max_drawdown, worst_moves
from cryptorisk.stats.expected_shortfall import value_at_risk
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.shocks import shocks_of
from cryptorisk.stats.tails import fit_gpd


@pytest.fixture(scope="module")
def price(inputs_for):
    return inputs_for("KEN").series("btc_price_usd", country="WLD").values


def log_returns(price, start, end):
    return (100 * np.log(price[start:end]).diff()).dropna()


@pytest.fixture(scope="module")
def decade(price):
    return log_returns(price, "2014-01-01", "2023-12-31")


def test_v25_moments(decade, price):
    assert len(decade) == 3651
    assert decade.std() * np.sqrt(365) == pytest.approx(72.0, rel=0.02)
    assert decade.skew() == pytest.approx(-0.69, rel=0.02)
    assert decade.kurt() == pytest.approx(10.8, rel=0.02)
    assert decade.min() == pytest.approx(-47.1, rel=0.02)
    assert max_drawdown(price["2014-01-01":"2023-12-31"]) == pytest.approx(-83.8, rel=0.02)


def test_v25_tail(decade):
    fit = fit_gpd(-decade, quantile=0.95)
    assert fit.threshold == pytest.approx(5.94, rel=0.02)
    assert fit.xi == pytest.approx(0.147, rel=0.02)
    assert fit.xi_se == pytest.approx(0.085, rel=0.02)
    assert fit.beta == pytest.approx(2.846, rel=0.02)
    assert fit.value_at_risk(0.99) == pytest.approx(11.12, rel=0.02)
    assert fit.expected_shortfall(0.99) == pytest.approx(15.35, rel=0.02)
    assert value_at_risk(-decade, 0.99) == pytest.approx(11.02, rel=0.02)


def test_v25_volatility_model(decade):
    fit = fit_gjr(decade)
    assert fit.params["alpha"] == pytest.approx(0.120, rel=0.02)
    assert fit.params["gamma"] == pytest.approx(-0.016, abs=0.002)
    assert fit.params["beta"] == pytest.approx(0.888, rel=0.02)
    assert fit.nu == pytest.approx(3.12, rel=0.02)
    assert fit.persistence == pytest.approx(1.0, abs=0.001)
    assert fit.loglikelihood == pytest.approx(-9227.7, abs=0.1)
    assert fit.integrated_boundary
    assert fit.half_life_days is None
    assert fit_gpd(shocks_of(fit, "empirical").losses, quantile=0.95).xi == pytest.approx(0.206, rel=0.02)


@pytest.mark.parametrize(
    ("start", "end", "xi", "var", "es"),
    [("2018-01-01", "2024-12-31", 0.198, 10.28, 14.48), ("2020-01-01", "2026-06-30", 0.226, 8.78, 12.70)],
)
def test_v25_later_samples(price, start, end, xi, var, es):
    fit = fit_gpd(-log_returns(price, start, end), quantile=0.95)
    assert fit.xi == pytest.approx(xi, abs=0.1 * fit.xi_se)
    assert fit.value_at_risk(0.99) == pytest.approx(var, rel=0.02)
    assert fit.expected_shortfall(0.99) == pytest.approx(es, rel=0.02)


def test_v25_recent_volatility_and_drawdown(price):
    recent = log_returns(price, "2020-01-01", "2026-06-30")
    assert recent.std() * np.sqrt(365) == pytest.approx(61.1, rel=0.02)
    assert max_drawdown(price["2020-01-01":]) == pytest.approx(-76.7, rel=0.02)


def test_historical_menu(price):
    """Falls of the crash menu as simple returns: a log return of -47.1 % is a fall of 37.5 %."""
    falls = drawdown_episodes(price["2012-01-01":], top=3)["fall_pct"].to_numpy()
    assert falls[:3] == pytest.approx([-85, -83.8, -76.7], rel=0.02)
    worst = worst_moves(price["2014-01-01":], horizon_days=1, top=1).iloc[0]
    assert worst["end"].date().isoformat() == "2020-03-12"
    assert worst["fall_pct"] == pytest.approx(100 * np.expm1(-0.471), rel=0.02)
