import numpy as np
import pandas as pd
import pytest
from scipy.stats import jf_skew_t, norm

from cryptorisk.errors import ModelError
from cryptorisk.stats.at_risk import TAIL, at_risk, backtest, tail_losses
from cryptorisk.stats.covar import delta_covar
from cryptorisk.stats.quantile_lines import in_order, pinball, quantile_line, quantile_lines
from cryptorisk.stats.skew_t import FEWEST_FREEDOM, QUANTILES, SkewT, fit_skew_t


def world(n, seed=0):
    """Outcome whose spread, and not whose middle, depends on the condition of the period before."""
    rng = np.random.default_rng(seed)
    x = np.zeros(n)
    for t in range(1, n):
        x[t] = 0.8 * x[t - 1] + 0.5 * rng.standard_normal()
    y = np.r_[0.0, (1 + 0.8 * np.abs(x[:-1])) * rng.standard_normal(n - 1)]
    index = pd.period_range("1970Q1", periods=n, freq="Q")
    return pd.Series(y, index), pd.DataFrame({"spread": np.abs(x)}, index)


def test_many_lines_at_once_equal_statsmodels_one_by_one():
    rng = np.random.default_rng(1)
    x = np.stack([np.ones((20, 300)), rng.standard_t(4, (20, 300))], axis=2)
    y = 0.5 * x[..., 1] + rng.standard_t(4, (20, 300))
    for tau in (0.05, 0.5, 0.9):
        exact = np.array([quantile_line(y[i], x[i], tau) for i in range(20)])
        error = exact.std(axis=0)
        assert (np.abs(quantile_lines(y, x, tau) - exact) < 0.3 * error).all()
        assert np.median(np.abs(quantile_lines(y, x, tau) - exact)) < 1e-3


def test_quantile_lines_recover_a_known_spread():
    outcome, conditions = world(4000)
    found = at_risk(outcome, conditions, 1)
    slopes = found.coefficients["spread"]
    assert slopes[0.05] == pytest.approx(0.8 * norm.ppf(0.05), abs=0.25)
    assert slopes[0.95] == pytest.approx(0.8 * norm.ppf(0.95), abs=0.25)
    assert found.n == 3999


def test_crossing_quantiles_are_put_into_order():
    rng = np.random.default_rng(3)
    y = pd.Series(rng.standard_normal(40))
    x = pd.DataFrame({"x": np.r_[rng.standard_normal(39), 40.0]})  # far from what was seen: lines cross
    found = at_risk(y, x, 1)
    assert not found.lines.is_monotonic_increasing
    assert found.quantiles.is_monotonic_increasing
    assert sorted(found.lines) == list(found.quantiles)
    assert in_order(np.array([3.0, 1.0, 2.0])).tolist() == [1, 2, 3]


def test_skew_t_goes_back_to_what_quantiles_were_made_of():
    true = SkewT(1.0, 2.0, 5.0, 12.0)
    found = fit_skew_t(true.quantile(np.array(QUANTILES)))
    grid = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    assert found.quantile(grid) == pytest.approx(true.quantile(grid), abs=0.25)
    assert found.probability(found.quantile(grid)) == pytest.approx(grid)
    assert found.shortfall(0.05) < found.quantile(0.05)


def test_skew_t_is_that_of_scipy():
    ours, grid = SkewT(1.0, 2.0, 5.0, 12.0), np.linspace(0.01, 0.99, 9)
    theirs = jf_skew_t(2.5, 6.0, 1.0, 2.0)
    assert ours.quantile(grid) == pytest.approx(theirs.ppf(grid))
    assert ours.probability(theirs.ppf(grid)) == pytest.approx(grid)


def test_skew_t_keeps_the_floor_and_meets_a_normal():
    heavy = fit_skew_t(np.array([-60.0, -1.0, 0.0, 1.0, 3.0]))
    assert heavy.left == pytest.approx(FEWEST_FREEDOM, abs=1e-6)
    normal = fit_skew_t(norm.ppf(np.array(QUANTILES)))
    assert normal.quantile(0.01) == pytest.approx(norm.ppf(0.01), abs=0.1)
    with pytest.raises(ModelError, match="increase"):
        fit_skew_t(np.array([0.0, 0.0, 1.0, 2.0, 3.0]))


def test_the_interval_holds_the_estimate():
    outcome, conditions = world(200)
    found = at_risk(outcome, conditions, 1, replications=99, block=4, seed=2)
    assert found.low < found.quantiles.iloc[0] < found.high


def test_the_backtest_tells_a_condition_that_matters_from_one_that_does_not():
    outcome, conditions = world(260, seed=4)
    good = backtest(outcome, 3 * conditions, 1, first=150)
    means = good.tail.mean()
    assert means["conditional"] < means[["unconditional", "autoregression"]].min()
    lowest = tail_losses(outcome, 3 * conditions, 1, first=150, levels=(0.05,))
    assert lowest.mean().to_numpy() == pytest.approx(good.losses.iloc[0].to_numpy())
    each = [tail_losses(outcome, 3 * conditions, 1, first=150, levels=(level,)) for level in TAIL]
    drawn = sum(one["unconditional"] for one in each) / len(TAIL)
    assert good.tail["unconditional"].to_numpy() == pytest.approx(drawn.to_numpy())
    noise = pd.DataFrame({"x": np.random.default_rng(9).standard_normal(260)}, outcome.index)
    bad = backtest(outcome, noise, 1, first=150)
    assert bad.losses["conditional"].iloc[0] > good.losses["conditional"].iloc[0]
    assert good.origins == 109
    assert good.covered["conditional"].iloc[0] == pytest.approx(0.05, abs=0.08)
    assert good.pit_p > 0.01


def test_the_backtest_knows_no_future():
    outcome, conditions = world(80)
    changed = outcome.copy()
    changed.iloc[-1] = 1e3  # seen by no forecast: it is the last outcome
    one, other = (backtest(each, conditions, 4, first=40) for each in (outcome, changed))
    assert one.pit[:-1].tolist() == other.pit[:-1].tolist()
    assert other.pit[-1] == pytest.approx(1.0, abs=0.01)


def test_pinball_by_hand():
    loss = pinball(np.array([1.0, -1.0]), np.zeros((2, 2)), (0.1, 0.5))
    assert loss == pytest.approx([(0.1 + 0.9) / 2, 0.5])


def test_delta_covar_of_independent_markets_is_near_zero_and_its_interval_holds_it():
    rng = np.random.default_rng(5)
    x, y = rng.standard_t(5, (2, 1500))
    found = delta_covar(y, x, replications=199, block=4, seed=1)
    assert found.low < 0 < found.high
    linked = delta_covar(y + 0.7 * x, x, replications=199, block=4, seed=1)
    assert linked.low < 0.7 * (linked.value_at_risk - linked.median) < linked.high
    assert linked.high < 0


def test_states_enter_the_conditional_quantile():
    rng = np.random.default_rng(6)
    state = rng.standard_normal(3000)
    x = rng.standard_normal(3000)
    y = 2 * state + 0.5 * x + 0.3 * rng.standard_normal(3000)
    plain, given = delta_covar(y, x), delta_covar(y, x, state[:, None])
    assert given.slope == pytest.approx(0.5, abs=0.05)
    assert abs(given.slope - 0.5) < abs(plain.slope - 0.5) + 0.05
    assert given.covar_median > plain.covar_median


def test_refusals():
    x = np.random.default_rng(0).standard_normal(100)
    with pytest.raises(ModelError, match="beyond"):
        delta_covar(x, x)
    with pytest.raises(ModelError, match="turn the sign"):
        delta_covar(x, x, quantile=0.95)
    with pytest.raises(ModelError, match="differ in length"):
        delta_covar(x, x[:50], quantile=0.4)
    outcome, conditions = world(60)
    with pytest.raises(ModelError, match="origins"):
        backtest(outcome, conditions, 1, first=58)
    with pytest.raises(ModelError, match="identify"):
        quantile_line(np.ones(2), np.ones((2, 2)), 0.5)


def test_delta_covar_refuses_other_dates_and_series_that_do_not_vary():
    dates = pd.date_range("2020-01-03", periods=300, freq="W-FRI")
    x, y = (pd.Series(np.random.default_rng(seed).standard_normal(300), dates) for seed in (0, 1))
    assert delta_covar(y, x).delta == delta_covar(y.to_numpy(), x.to_numpy()).delta
    with pytest.raises(ModelError, match="system and market are of different dates"):
        delta_covar(y, x.shift(freq="7D"))
    with pytest.raises(ModelError, match="must increase"):
        delta_covar(y.iloc[::-1], x.iloc[::-1])
    with pytest.raises(ModelError, match="market does not vary"):
        delta_covar(y, 0 * x + 0.3)
    with pytest.raises(ModelError, match="system does not vary"):
        delta_covar(0 * y, x)
    with pytest.raises(ModelError, match="the first in row 7, column 2"):
        delta_covar(y, x, np.where(np.arange(300) == 7, np.nan, x)[:, None])
    with pytest.raises(ModelError, match="a row a period"):
        delta_covar(y, x, x.to_numpy())


def test_quantile_line_says_what_is_wrong_with_its_input():
    x = np.column_stack([np.ones(40), np.arange(40.0)])
    y = np.arange(40.0)
    assert quantile_line(list(y), x.tolist(), 0.5) == pytest.approx([0, 1], abs=1e-6)
    with pytest.raises(ModelError, match="outcomes must be finite: 1 of 40 are not"):
        quantile_line(np.where(y == 3, np.nan, y), x, 0.5)
    with pytest.raises(ModelError, match="depend on each other"):
        quantile_line(y, np.column_stack([x, 2 * x[:, 1]]), 0.5)
    with pytest.raises(ModelError, match="a row for each of 40"):
        quantile_line(y, x[:, 1], 0.5)
