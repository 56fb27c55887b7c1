"""V25: anchors of bitcoin and ether, computed independently from the same public daily prices (2 % tolerance).

Daily log returns in percent of the embedded price, annualised with 365 days. The anchors were computed by other
code from the same series. One is not reproduced, the shape of 2020 to June 2026: the embedded price ends on 1 June.
Those of ether's returns to 2023 are not tested: its embedded price ends in July 2020.
"""

import numpy as np
import pytest

from cryptorisk.models.crash.shocks import ALTCOIN_BETA
from cryptorisk.models.price_risk.measure import annual_volatility, log_returns
from cryptorisk.stats.drawdowns import drawdown_episodes, max_drawdown, worst_moves
from cryptorisk.stats.expected_shortfall import value_at_risk
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.shocks import shocks_of
from cryptorisk.stats.tails import gpd


@pytest.fixture(scope="module")
def price(inputs_for):
    return inputs_for("KEN").series("btc_price_usd", country="WLD").values


@pytest.fixture(scope="module")
def ether(inputs_for):
    return inputs_for("KEN").series("eth_price_usd", country="WLD").values


def returns_of(price, start, end):
    return log_returns(price[start:end])


@pytest.fixture(scope="module")
def decade(price):
    return returns_of(price, "2014-01-01", "2023-12-31")


def test_v25_moments(decade, price):
    assert len(decade) == 3651
    assert annual_volatility(decade) == pytest.approx(72.0, rel=0.02)
    # The kit reports neither skewness nor kurtosis nor the least return: these three hold the returns.
    assert decade.skew() == pytest.approx(-0.69, rel=0.02)
    assert decade.kurt() == pytest.approx(10.8, rel=0.02)
    assert decade.min() == pytest.approx(-47.1, rel=0.02)
    assert max_drawdown(price["2014-01-01":"2023-12-31"]) == pytest.approx(-83.8, rel=0.02)


def test_v25_tail(decade):
    fit = gpd(-decade, quantile=0.95)
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
    assert gpd(shocks_of(fit, "empirical").losses, quantile=0.95).xi == pytest.approx(0.206, rel=0.02)


@pytest.mark.parametrize(
    ("start", "end", "var", "es"),
    [("2018-01-01", "2024-12-31", 10.28, 14.48), ("2020-01-01", "2026-06-30", 8.78, 12.70)],
)
def test_v25_risk_in_later_samples(price, start, end, var, es):
    fit = gpd(-returns_of(price, start, end), quantile=0.95)
    assert fit.value_at_risk(0.99) == pytest.approx(var, rel=0.02)
    assert fit.expected_shortfall(0.99) == pytest.approx(es, rel=0.02)


def test_v25_shapes_in_later_samples(price):
    def shape(start, end):
        return gpd(-returns_of(price, start, end), quantile=0.95).xi

    assert shape("2018-01-01", "2024-12-31") == pytest.approx(0.198, rel=0.02)
    # The anchor is 0.226, its last 29 days are not here. The last month that is here moves the shape by more than what
    # separates it from the anchor, which lies between its ends.
    short, long = shape("2020-01-01", "2026-04-30"), shape("2020-01-01", "2026-06-01")
    assert long == pytest.approx(0.2177, rel=0.005)
    assert short == pytest.approx(0.2420, rel=0.005)
    assert long < 0.226 < short


def test_v25_recent_volatility_and_drawdown(price):
    recent = returns_of(price, "2020-01-01", "2026-06-30")
    assert annual_volatility(recent) == pytest.approx(61.1, rel=0.02)
    assert max_drawdown(price["2020-01-01":]) == pytest.approx(-76.7, rel=0.02)


def test_v25_ether_fall_and_the_beta_that_stands_on_it(price, ether):
    """The deepest fall of 2017 to 2023 ended in December 2018, before the embedded price does."""
    fall = drawdown_episodes(ether["2017-01-01":], top=1).iloc[0]
    assert fall["fall_pct"] == pytest.approx(-94.0, abs=0.1)
    assert fall["trough"].date().isoformat() == "2018-12-15"
    assert fall["fall_pct"] == max_drawdown(ether["2017-01-01":])
    same = max_drawdown(price["2017-01-01":"2018-12-31"])
    assert same == pytest.approx(-83.8, abs=0.1)
    assert pytest.approx(fall["fall_pct"] / same, abs=0.05) == ALTCOIN_BETA


def test_historical_menu(price):
    """Falls of the crash menu as simple returns: a log return of -47.1 % is a fall of 37.5 %."""
    falls = drawdown_episodes(price["2012-01-01":], top=3)["fall_pct"].to_numpy()
    assert falls[:3] == pytest.approx([-85, -83.8, -76.7], rel=0.02)
    worst = worst_moves(price["2014-01-01":], horizon_days=1, top=1).iloc[0]
    assert worst["end"].date().isoformat() == "2020-03-12"
    assert worst["fall_pct"] == pytest.approx(100 * np.expm1(-0.471), rel=0.02)
