import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.partial_adjustment import partial_adjustment
from cryptorisk.stats.ratchet import (
    PULL,
    partial_sums,
    past_distance,
    past_peak,
    ratchet_test,
    symmetry,
)


def test_past_peak_looks_back_only():
    assert past_peak([3.0, 1.0, 4.0, 2.0])[1:] == pytest.approx([3, 3, 4])
    assert np.isnan(past_peak([3.0, 1.0])[0])
    assert past_distance(pd.Series([3.0, 1.0, 4.0, 2.0])).to_numpy()[1:] == pytest.approx([0, 2, 0])


def test_partial_sums_add_up_and_never_turn():
    x = np.random.default_rng(0).standard_normal(50).cumsum()
    plus, minus = partial_sums(x)
    assert x[0] + plus + minus == pytest.approx(x)
    assert (np.diff(plus) >= 0).all()
    assert (np.diff(minus) <= 0).all()
    assert plus[0] == minus[0] == 0


@pytest.fixture(scope="module")
def adjusted():
    rng = np.random.default_rng(1)
    x = pd.DataFrame({"x": rng.standard_normal(200)})
    y = np.zeros(200)
    for t in range(1, 200):
        y[t] = 0.5 + 0.3 * x["x"].iloc[t] + 0.6 * y[t - 1] + 0.1 * rng.standard_normal()
    return pd.Series(y), x


def test_partial_adjustment_and_its_long_run(adjusted):
    y, x = adjusted
    fit = partial_adjustment(y, x)
    design = np.column_stack([np.ones(199), x["x"].to_numpy()[1:], y.to_numpy()[:-1]])
    robust = sm.OLS(y.to_numpy()[1:], design).fit(
        cov_type="HAC", cov_kwds={"maxlags": int(4 * 1.99 ** (2 / 9)), "use_correction": True}
    )
    assert fit.params == pytest.approx(robust.params)
    assert fit.coefficient("x").se == pytest.approx(robust.bse[1])
    found = fit.long_run("x")
    assert found.value == pytest.approx(robust.params[1] / (1 - robust.params[2]))
    gradient = np.array([0, 1 / (1 - robust.params[2]), robust.params[1] / (1 - robust.params[2]) ** 2])
    assert found.se == pytest.approx(np.sqrt(gradient @ robust.cov_params() @ gradient))
    assert found.low < 0.75 < found.high
    assert fit.persistence == pytest.approx(robust.params[2])


def test_no_long_run_when_nothing_dies_out(adjusted):
    _, x = adjusted
    y = 1.05 ** np.arange(60) + 0.01 * np.random.default_rng(0).standard_normal(60)
    with pytest.raises(ModelError, match="has no long run"):
        partial_adjustment(y, x.iloc[:60]).long_run("x")


def test_a_ratchet_is_told_from_none(adjusted):
    y, x = adjusted
    none = ratchet_test(y, x, rng=np.random.default_rng(2), replications=199)
    held, peak = np.zeros(200), 0.0
    noise = np.random.default_rng(3).standard_normal(200)
    for t in range(1, 200):
        held[t] = 0.05 * x["x"].iloc[t] + 0.9 * held[t - 1] + 0.3 * (peak - held[t - 1]) + 0.1 * noise[t]
        peak = max(peak, held[t])
    found = ratchet_test(held, x, rng=np.random.default_rng(2), replications=199)
    assert none.p > 0.1
    assert found.p < 0.05
    assert found.pull.low < 0.3 < found.pull.high
    assert found.pull.name == PULL


def test_the_bootstrap_repeats_itself(adjusted):
    y, x = adjusted
    one, two = (ratchet_test(y, x, rng=np.random.default_rng(4), replications=99) for _ in range(2))
    assert one == two


def test_a_series_that_only_rises_has_no_ratchet(adjusted):
    _, x = adjusted
    with pytest.raises(ModelError, match="never fell below its past peak"):
        ratchet_test(np.arange(60.0), x.iloc[:60], rng=np.random.default_rng(0))
    falling = -np.arange(60.0) + 0.1 * np.random.default_rng(0).standard_normal(60) * (np.arange(60) > 0)
    with pytest.raises(ModelError, match="never rose above its first value"):
        ratchet_test(falling - 1.0 * (np.arange(60) > 0), x.iloc[:60], rng=np.random.default_rng(0))


def test_symmetry_names_its_sides(adjusted):
    y, x = adjusted
    plus, minus = partial_sums(x["x"])
    sides = pd.DataFrame({"rises": plus, "falls": minus})
    fit = fit_error_correction(y, sides, Order(1, (1, 1)))
    rises, falls = fit.long_run()
    found = symmetry(fit, "rises", "falls")
    assert found.value == pytest.approx(rises.value - falls.value)
    assert symmetry(fit, "falls", "rises").value == pytest.approx(-found.value)
    with pytest.raises(ModelError, match="must be regressors"):
        symmetry(fit, "rises", "down")


def test_refusals(adjusted):
    y, x = adjusted
    with pytest.raises(ModelError, match="finite from the second observation"):
        partial_adjustment(y, x.assign(x=x["x"].where(x.index != 9)))
    with pytest.raises(ModelError, match="linearly dependent"):
        partial_adjustment(y, x.assign(again=2 * x["x"]))
    with pytest.raises(ModelError, match="at least 10 more"):
        partial_adjustment(y[:10], x.iloc[:10])
