"""V13: money demand in Denmark, by the bounds test; and published tables of bounds.

V13: documentation of R's package ARDL (Natsiopoulos and Tzeremes 2022, Journal of Applied Econometrics 37(5)), data of
Johansen and Juselius (1990, Oxford Bulletin of Economics and Statistics 52(2)), bundled with statsmodels. Bounds: Pesaran,
Shin and Smith (2001, Journal of Applied Econometrics 16(3), Tables CI and CII, case III, three regressors) and Narayan
(2005, Applied Economics 37(17), case III, 40 observations, three regressors).
"""

import numpy as np
import pytest
import statsmodels.api as sm

from cryptorisk.stats.bounds import asymptotic_f_bounds, bounds_test, simulate_null, statistics
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.lag_order import select_order


@pytest.fixture(scope="module")
def denmark():
    data = sm.datasets.danish_data.load_pandas().data
    return data["lrm"], data[["lry", "ibo", "ide"]]


@pytest.fixture(scope="module")
def fit(denmark):
    return fit_error_correction(*denmark, Order(3, (1, 3, 2)))


def test_v13_order_by_akaike(denmark):
    chosen = select_order(*denmark, max_lags=3, max_order=3)
    assert str(chosen.order) == "(3, 1, 3, 2)"
    assert chosen.value == pytest.approx(-251.0259, abs=1e-4)


def test_v13_statistics(fit):
    assert statistics(fit, 2)["f"] == pytest.approx(5.1168, abs=1e-4)
    assert statistics(fit, 3)["f"] == pytest.approx(6.20587, abs=1e-5)
    assert statistics(fit, 3)["t"] == pytest.approx(-4.547939, abs=1e-6)


def test_v13_long_run_with_standard_errors(fit):
    published = {
        "lry": (0.9964676, 0.1239310, 8.358472e-10),
        "ibo": (-4.5381160, 0.5202961, 1.058619e-10),
        "ide": (2.8915201, 0.9950853, 6.009239e-03),
    }
    for found in fit.long_run(kind="nonrobust"):
        value, se, p = published[found.name]
        assert found.value == pytest.approx(value, abs=1e-6)
        assert found.se == pytest.approx(se, abs=1e-6)
        assert found.p == pytest.approx(p, rel=1e-5)


def test_v13_speed_and_equation(fit):
    speed = fit.speed(kind="nonrobust")
    assert (speed.value, speed.se) == pytest.approx((-0.41685, 0.09166), abs=1e-5)
    assert fit.half_life(kind="nonrobust")[0] == pytest.approx(np.log(0.5) / np.log(1 - 0.41685), abs=1e-4)
    assert fit.coefficient("D.ibo.L2", kind="nonrobust").value == pytest.approx(0.99468, abs=1e-5)
    assert fit.n == 52


def test_v13_bounds_of_its_own_sample_size(fit):
    """R's asymptotic p-value of t is 0.0055; with 52 observations it is about twice that."""
    found = bounds_test(fit, simulate_null(3, 3, fit.n, rng=np.random.default_rng(1)))
    assert found.verdict() == "level relation"
    assert 0.0055 < found.t.p_upper < 0.02
    assert found.f.p_lower < found.f.p_upper < 0.02


def test_asymptotic_bounds_of_f_are_those_of_the_paper():
    """statsmodels reads its own table one regressor too far: 2.88 to 4.01 at 5 %."""
    lower, upper = asymptotic_f_bounds(3, 3)
    assert lower == pytest.approx((2.72, 3.23, 4.29), abs=0.03)
    assert upper == pytest.approx((3.77, 4.35, 5.61), abs=0.07)


def test_simulated_bounds_of_t_are_those_of_the_paper():
    null = simulate_null(3, 3, 400, rng=np.random.default_rng(2), replications=6000)
    bound = null.bound("t", -3.5)
    assert bound.lower == pytest.approx((-2.57, -2.86, -3.43), abs=0.08)
    assert bound.upper == pytest.approx((-3.46, -3.78, -4.37), abs=0.08)
    assert bound.standing() == "between"


def test_simulated_bounds_of_f_are_those_for_forty_observations():
    bound = simulate_null(3, 3, 40, rng=np.random.default_rng(3), replications=20_000).bound("f", 4.0)
    assert bound.lower == pytest.approx((2.933, 3.548, 5.018), rel=0.04)
    assert bound.upper == pytest.approx((4.020, 4.803, 6.610), rel=0.04)
