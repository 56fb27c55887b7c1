import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.long_run import _made, long_run_intervals


@pytest.fixture(scope="module", params=[(1, (1, 1)), (3, (2, 1))], ids=str)
def fit(request):
    rng = np.random.default_rng(11)
    x = rng.standard_normal((100, 2)).cumsum(axis=0)
    y = np.zeros(100)
    for t in range(1, 100):
        y[t] = y[t - 1] - 0.4 * (y[t - 1] - x[t - 1] @ [1.0, -0.5]) + rng.standard_normal()
    lags, orders = request.param
    return fit_error_correction(y, pd.DataFrame(x, columns=["a", "b"]), Order(lags, orders))


def intervals(fit, **given):
    return long_run_intervals(fit, rng=np.random.default_rng(1), **{"replications": 299, **given})


def test_points_are_those_of_the_equation_and_errors_the_larger_of_two(fit):
    found = intervals(fit)
    for c, classical, robust in zip(found, fit.long_run(kind="nonrobust"), fit.long_run(), strict=True):
        assert c.value == pytest.approx(classical.value)
        assert c.se == pytest.approx(max(classical.se, robust.se))
        assert c.high - c.value == pytest.approx(c.value - c.low)
        assert 1 / 300 <= c.p <= 1


def test_contrasts_follow_their_weights(fit):
    a, b, difference = intervals(fit, contrasts={"a less b": (1, -1)})
    assert difference.name == "a less b"
    assert difference.value == pytest.approx(a.value - b.value)
    assert difference.se >= fit.long_run_contrast([1, -1], "d", kind="nonrobust").se * (1 - 1e-9)
    (again, *_), (other, *_) = (intervals(fit, contrasts={"a": (1, 0)})[-1:] for _ in range(2))
    assert again == other
    assert again.low == pytest.approx(a.low)


def test_a_higher_level_is_wider(fit):
    assert intervals(fit, level=0.95)[0].low < intervals(fit, level=0.8)[0].low


def test_made_series_obey_the_equation(fit):
    """Without shocks of random sign the equation gives back the series it was fitted to."""

    class Certain:
        def choice(self, _, size):
            return np.ones(size)

    own = [1, *range(4, 3 + fit.order.lags)]
    n, m = fit.design.shape
    unscaled = type(fit)(**{**vars(fit), "resid": fit.resid / np.sqrt(n / (n - m))})
    change, columns = _made(unscaled, own, Certain(), 2)
    assert change[0] == pytest.approx(fit.response)
    assert columns[1] == pytest.approx(fit.design[:, own])


def test_weights_must_fit(fit):
    with pytest.raises(ModelError, match="finite weight for each of a, b"):
        intervals(fit, contrasts={"c": (1.0,)})
