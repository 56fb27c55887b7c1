import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.api import UECM, ardl_select_order

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.lag_order import select_order


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((120, 2)).cumsum(axis=0)
    y = np.zeros(120)
    for t in range(2, 120):
        y[t] = (
            y[t - 1]
            - 0.3 * (y[t - 1] - x[t - 1] @ [1.0, -0.5])
            + 0.2 * (x[t, 0] - x[t - 1, 0])
            + rng.normal()
        )
    index = pd.date_range("2010-01-31", periods=120, freq="ME")
    return pd.Series(y, index, name="y"), pd.DataFrame(x, index, columns=["a", "b"])


@pytest.mark.parametrize("trend", ["n", "c", "ct"])
def test_equals_the_equation_of_statsmodels(data, trend):
    y, x = data
    ours = fit_error_correction(y, x, Order(3, (1, 2)), trend=trend)
    theirs = UECM(y, 3, x, {"a": 1, "b": 2}, trend=trend).fit()
    assert ours.names == tuple(theirs.params.index)
    assert ours.params == pytest.approx(theirs.params.to_numpy())
    assert ours.cov == pytest.approx(theirs.cov_params().to_numpy())
    # statsmodels normalises on y: its vector has the other sign.
    assert ours.long_run_values(kind="nonrobust")[0] == pytest.approx(
        -theirs.ci_params[["a", "b"]].to_numpy()
    )


def test_robust_errors_are_those_of_newey_and_west(data):
    y, x = data
    ours = fit_error_correction(y, x, Order(1, (1, 1)), hac_lags=6)
    theirs = UECM(y, 1, x, 1).fit(cov_type="HAC", cov_kwds={"maxlags": 6, "use_correction": True})
    assert ours.cov_hac == pytest.approx(theirs.cov_params().to_numpy(), rel=1e-6)


@pytest.mark.parametrize("criterion", ["aic", "bic"])
def test_order_is_that_of_statsmodels_when_levels_must_be_in_it(data, criterion):
    y, x = data
    ours = select_order(y, x, max_lags=3, max_order=3, criterion=criterion)
    table = getattr(ardl_select_order(y, 3, x, 3, ic=criterion), criterion)
    allowed = [
        (value, (lags, *orders.values()))
        for value, (lags, orders) in table.items()
        if lags and all(order for order in orders.values())
    ]
    best = min(allowed)
    assert (ours.order.lags, *ours.order.distributed) == best[1]
    assert ours.value == pytest.approx(best[0])
    assert ours.candidates == 27


def test_restricted_terms_enter_and_samples_can_be_shared(data):
    y, x = data
    season = pd.DataFrame({"s": (x.index.month == 1) - 1 / 12}, index=x.index)
    fit = fit_error_correction(y, x, Order(1, (1, 1)), fixed=season, hold_back=5)
    assert fit.names[-1] == "s"
    assert fit.n == 115


def test_contrast_is_the_difference_with_its_own_error(data):
    y, x = data
    fit = fit_error_correction(y, x, Order(1, (1, 1)))
    a, b = fit.long_run()
    found = fit.long_run_contrast([1, -1], "a less b")
    assert found.value == pytest.approx(a.value - b.value)
    _, cov = fit.long_run_values()
    assert found.se == pytest.approx(math.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]))
    assert found.low < found.value < found.high


def test_half_life_follows_the_ends_of_the_speed(data):
    y, x = data
    fit = fit_error_correction(y, x, Order(1, (1, 1)))
    value, low, high = fit.half_life()
    assert low < value < high
    assert value == pytest.approx(math.log(0.5) / math.log(1 + fit.speed().value))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda y, x: (y, x.assign(c=x["a"] + x["b"]), Order(1, (1, 1, 1))), "linearly dependent"),
        (lambda y, x: (y.where(y.index != y.index[7]), x, Order(1, (1, 1))), "must be finite.*2010-08"),
        (lambda y, x: (y, x.iloc[1:], Order(1, (1, 1))), "one row for each"),
        (lambda y, x: (y, x, Order(1, (1,))), "has 1 regressors, x has 2"),
        (lambda y, x: (y.iloc[:14], x.iloc[:14], Order(1, (1, 1))), "at least 10 more"),
    ],
)
def test_refuses_what_it_cannot_estimate(data, change, match):
    with pytest.raises(ModelError, match=match):
        fit_error_correction(*change(*data))


def test_an_order_of_zero_is_refused():
    with pytest.raises(ModelError, match="orders must be 1 or more"):
        Order(1, (0,))


def test_orders_beyond_the_sample_are_refused(data):
    y, x = data
    with pytest.raises(ModelError, match="too few for orders"):
        select_order(y.iloc[:30], x.iloc[:30], max_lags=6, max_order=6)
