import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.bounds import Bound, BoundsTest, asymptotic_f_bounds, bounds_test, simulate_null
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction

F = ((2.5, 3.0, 4.0), (3.5, 4.0, 5.0))
T = ((-2.5, -2.9, -3.4), (-3.4, -3.8, -4.4))


def result(f, t, fx):
    bounds = (Bound(f, *F, 0.0, 0.0), Bound(t, *T, 0.0, 0.0), Bound(fx, *F, 0.0, 0.0))
    return BoundsTest(3, 2, 100, 1000, *bounds)


@pytest.mark.parametrize(
    ("statistics", "verdict"),
    [
        ((6.0, -5.0, 6.0), "level relation"),
        ((6.0, -3.5, 6.0), "inconclusive"),
        ((6.0, -2.0, 6.0), "degenerate"),
        ((6.0, -5.0, 1.0), "degenerate"),
        ((3.5, -5.0, 6.0), "inconclusive"),
        ((3.5, -2.0, 6.0), "none"),
        ((1.0, -5.0, 6.0), "none"),
    ],
)
def test_verdicts(statistics, verdict):
    assert result(*statistics).verdict() == verdict


def test_a_stricter_level_has_its_own_bounds():
    found = result(4.5, -4.0, 4.5)
    assert found.verdict(0.05) == "level relation"
    assert found.verdict(0.01) == "inconclusive"


def test_simulation_repeats_itself_and_orders_its_bounds():
    one, two = (simulate_null(2, 2, 60, rng=np.random.default_rng(5), replications=2500) for _ in range(2))
    assert one.replications == 2500
    assert one.upper["f"] == pytest.approx(two.upper["f"], rel=0, abs=0)
    for name in ("f", "fx"):
        bound = one.bound(name, 3.0)
        assert all(low < high for low, high in zip(bound.lower, bound.upper, strict=True))
        assert bound.p_lower < bound.p_upper
    t = one.bound("t", -3.0)
    assert all(low > high for low, high in zip(t.lower, t.upper, strict=True))


@pytest.mark.parametrize("case", [1, 2, 3, 4, 5])
def test_long_samples_come_to_the_asymptotic_bounds(case):
    bound = simulate_null(case, 2, 250, rng=np.random.default_rng(6), replications=4000).bound("f", 3.0)
    lower, upper = asymptotic_f_bounds(case, 2)
    assert bound.lower[:2] == pytest.approx(lower[:2], rel=0.07)
    assert bound.upper[:2] == pytest.approx(upper[:2], rel=0.07)


def test_null_and_model_must_belong_together():
    rng = np.random.default_rng(7)
    x = pd.DataFrame({"x": rng.standard_normal(80).cumsum()})
    fit = fit_error_correction(x["x"] + rng.standard_normal(80), x, Order(1, (1,)))
    for case, k, n in ((5, 1, 79), (3, 2, 79), (3, 1, 200)):
        null = simulate_null(case, k, n, rng=rng, replications=50)
        with pytest.raises(ModelError, match="is not that of the model"):
            bounds_test(fit, null)


def test_refuses_samples_that_are_too_small():
    with pytest.raises(ModelError, match="more than 12 observations"):
        simulate_null(3, 2, 10, rng=np.random.default_rng(0))
