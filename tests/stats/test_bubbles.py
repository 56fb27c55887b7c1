import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.bubbles import gsadf
from cryptorisk.stats.sup_adf import backward_sup_adf, smallest_window


def plain_adf(window, lags):
    """ADF t-ratio with a constant, one window, by statsmodels."""
    changes = np.diff(window)
    rows = len(changes) - lags
    columns = [np.ones(rows), window[lags:-1]]
    columns += [changes[lags - k : lags - k + rows] for k in range(1, lags + 1)]
    return sm.OLS(changes[lags:], np.column_stack(columns)).fit().tvalues[1]


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_the_recursion_equals_a_loop_of_regressions(lags):
    y = 1000 + np.random.default_rng(lags).standard_normal(45).cumsum()
    adf, bsadf = backward_sup_adf(y, 22, lags)
    slow = [[plain_adf(y[start:end], lags) for start in range(end - 21)] for end in range(22, 46)]
    assert adf == pytest.approx([row[0] for row in slow], abs=1e-8)
    assert bsadf == pytest.approx([max(row) for row in slow], abs=1e-8)


def test_many_paths_at_once_equal_one_by_one():
    paths = np.random.default_rng(4).standard_normal((70, 120)).cumsum(axis=1)
    adf, bsadf = backward_sup_adf(paths, 30)
    one = [backward_sup_adf(path, 30) for path in paths[[0, 33, 69]]]
    assert adf[[0, 33, 69]] == pytest.approx(np.array([each[0] for each in one]))
    assert bsadf[[0, 33, 69]] == pytest.approx(np.array([each[1] for each in one]))


def test_level_and_scale_of_the_series_do_not_matter():
    y = np.random.default_rng(8).standard_normal(100).cumsum()
    assert backward_sup_adf(y)[1] == pytest.approx(backward_sup_adf(5000 + 40 * y)[1], rel=1e-6)


def explosive(n=200, first=100, last=140, rho=1.05, seed=3):
    rng = np.random.default_rng(seed)
    y = np.empty(n)
    y[0] = 100.0
    for t in range(1, n):
        y[t] = y[t - 1] * (rho if first <= t < last else 1.0) + rng.standard_normal()
    y[last:] -= y[last] - y[first]
    return pd.Series(y, pd.date_range("2010-01-01", periods=n, freq="W-FRI"))


@pytest.mark.parametrize("control", [1, 40])
def test_an_episode_is_found_and_dated(control):
    y = explosive()
    found = gsadf(y, replications=99, seed=1, control=control)
    assert found.gsadf_p == pytest.approx(0.01)
    episodes = found.episodes()
    assert len(episodes) >= 1
    main = episodes.loc[episodes["length"].idxmax()]
    assert abs((main["start"] - y.index[100]).days) <= 7 * 15
    assert abs((main["end"] - y.index[140]).days) <= 7 * 8
    assert main["peak"] == pytest.approx(found.gsadf)
    assert not main["open"]


def test_an_episode_that_has_not_ended_says_so():
    y = explosive().iloc[:135]
    episodes = gsadf(y, replications=99, seed=1).episodes()
    assert episodes["open"].iloc[-1]
    assert episodes["end"].iloc[-1] == y.index[-1]


def test_joint_critical_values_are_above_those_of_single_dates():
    y = np.random.default_rng(11).standard_normal(150).cumsum()
    joint = gsadf(y, replications=99, control=40)
    assert (joint.critical >= joint.pointwise).all()
    assert joint.critical.iloc[0] == joint.critical.iloc[39]
    composite = gsadf(y, replications=99, control=40, bootstrap="composite")
    assert np.ptp(composite.critical.to_numpy()) == 0
    assert composite.gsadf_p == joint.gsadf_p


def test_size_under_a_random_walk_with_clustered_volatility():
    rejected = []
    for world in range(60):
        rng = np.random.default_rng([6, world])
        shocks, variance = rng.standard_normal(130), 1.0
        steps = np.empty(130)
        for t in range(130):
            steps[t] = np.sqrt(variance) * shocks[t]
            variance = 0.05 + 0.15 * steps[t] ** 2 + 0.80 * variance
        rejected.append(gsadf(steps[10:].cumsum(), replications=59, seed=world, level=0.9).gsadf_p <= 0.1)
    # 10 % of 60 is 6; two standard errors are 4.6.
    assert 0 < sum(rejected) <= 11


@pytest.mark.parametrize("lags", [0, 1])
@pytest.mark.parametrize(
    "levels",
    [
        np.log(100 * 1.001 ** np.arange(200)),
        np.cumsum(np.full(200, 0.1)),
        np.exp(0.05 * np.arange(150)),
        np.full(80, np.log(3.75)),
    ],
    ids=["crawling peg", "line", "exact exponential", "fixed peg"],
)
def test_levels_without_a_path_of_their_own_are_refused(levels, lags):
    # Rounding is all that is left of a residual: t-ratios of 1e135 were reported, with the smallest p-value.
    with pytest.raises(ModelError, match="straight line or an exact exponential"):
        gsadf(levels, lags=lags, replications=19)


@pytest.mark.parametrize("lags", [0, 1])
def test_one_step_of_a_peg_is_no_explosion(lags):
    found = gsadf(np.r_[np.full(100, 4.6), np.full(100, 4.9)], lags=lags, replications=19)
    assert found.gsadf < -0.05  # a flat window counted as nought topped it
    assert found.gsadf_p == 1
    # The step is the change into observation 100: from the next one on the lagged level varies.
    known = found.bsadf.notna()
    assert found.bsadf.index[known][0] == 101 + lags
    assert known.loc[101 + lags :].all()
    assert found.critical[~known].isna().all()
    assert found.episodes(1).empty


def test_a_float_after_a_peg_is_tested_as_the_float_alone():
    walk = 4.6 + 0.02 * np.random.default_rng(5).standard_normal(120).cumsum()
    whole = gsadf(np.r_[np.full(60, walk[0]), walk], r0=30 / 180, replications=19)
    alone = gsadf(walk, r0=30 / 120, replications=19)
    assert whole.bsadf.isna().to_numpy()[:30].all()
    assert np.isfinite(whole.gsadf)
    assert (whole.bsadf.iloc[60:].to_numpy() >= alone.bsadf.to_numpy() - 1e-8).all()


@pytest.mark.parametrize("scale", [1e-200, 1e200, 1e307])
def test_the_scale_of_the_levels_does_not_matter_however_large(scale):
    walk = np.random.default_rng(8).standard_normal(100).cumsum()
    walk /= np.abs(walk).max()
    plain, scaled = gsadf(walk, replications=19), gsadf(scale * walk, replications=19)
    assert scaled.gsadf == pytest.approx(plain.gsadf, rel=1e-9)
    assert scaled.gsadf_p == plain.gsadf_p


def test_refusals():
    y = np.random.default_rng(0).standard_normal(100).cumsum()
    assert smallest_window(100) == 19
    with pytest.raises(ModelError, match="smallest window"):
        gsadf(y, r0=0.05)
    with pytest.raises(ModelError, match="control"):
        gsadf(y, control=200)
    with pytest.raises(ModelError, match="straight line"):
        gsadf(np.arange(50.0))
    with pytest.raises(ModelError, match="unknown bootstrap"):
        gsadf(y, replications=19, bootstrap="block")
