import math

import numpy as np
import pytest
from scipy.stats import genpareto

from cryptorisk.errors import ModelError
from cryptorisk.stats import pareto
from cryptorisk.stats.clusters import (
    about_index,
    decluster,
    decluster_near,
    extremal_index_interval,
    intervals_extremal_index,
)
from cryptorisk.stats.tail_diagnostics import (
    hill,
    hill_table,
    mean_excess_table,
    quantile_pairs,
    threshold_sensitivity,
    threshold_stability,
)
from cryptorisk.stats.tail_intervals import risk_interval, shape_interval, tail_draws
from cryptorisk.stats.tails import gpd


@pytest.fixture(scope="module")
def losses():
    return np.random.default_rng(8).standard_t(5, size=3000) * 3


@pytest.fixture(scope="module")
def fit(losses):
    return gpd(losses)


@pytest.mark.parametrize("xi", [-0.3, 0.0, 0.2, 0.9, 1.6])
@pytest.mark.parametrize("n", [40, 400])
def test_maximum_agrees_with_scipy(xi, n):
    excesses = genpareto.rvs(xi, scale=2.5, size=n, random_state=np.random.default_rng(17))
    shape, scale = pareto.maximise(excesses)
    found, _, found_scale = genpareto.fit(excesses, floc=0)
    ours = pareto.loglikelihood(excesses, shape, scale)
    assert ours == pytest.approx(genpareto.logpdf(excesses, shape, 0, scale).sum())
    assert ours >= pareto.loglikelihood(excesses, found, found_scale) - 1e-6
    if xi >= 0:
        assert shape == pytest.approx(found, abs=2e-3)


def test_maximum_of_scaled_excesses_scales(losses, fit):
    larger = gpd(losses * 1000)
    assert larger.xi == pytest.approx(fit.xi, abs=1e-5)
    assert larger.beta == pytest.approx(fit.beta * 1000, rel=1e-4)


def test_tail_functions_agree_with_scipy(fit):
    tail = genpareto(fit.xi, scale=fit.beta)
    var = fit.value_at_risk(0.99)
    assert fit.exceedance_probability(var) == pytest.approx(0.01)
    assert fit.exceed_share * tail.sf(var - fit.threshold) == pytest.approx(0.01)
    beyond = tail.expect(lambda y: y, lb=var - fit.threshold, conditional=True) + fit.threshold
    assert fit.expected_shortfall(0.99) == pytest.approx(beyond, rel=1e-5)


def test_standard_error_of_the_shape(fit):
    assert fit.xi_se == pytest.approx((1 + fit.xi) / math.sqrt(fit.n_exceed))


def test_expected_shortfall_is_infinite_from_shape_one():
    heavy = gpd(np.random.default_rng(1).pareto(0.7, size=2000))
    assert heavy.xi > 1
    assert heavy.expected_shortfall(0.99) == math.inf
    assert heavy.simple_expected_shortfall(0.99) < 100
    with pytest.raises(ModelError, match="infinite"):
        risk_interval(heavy, 0.99, "expected_shortfall")
    low, high = risk_interval(heavy, 0.99, "value_at_risk")
    assert low < heavy.value_at_risk(0.99) < high


def test_simple_losses_by_simulation(fit):
    rng = np.random.default_rng(3)
    var = fit.value_at_risk(0.99)
    scale = fit.beta + fit.xi * (var - fit.threshold)
    draws = var + genpareto.rvs(fit.xi, scale=scale, size=2_000_000, random_state=rng)
    assert fit.simple_expected_shortfall(0.99) == pytest.approx(
        100 * -np.expm1(-draws / 100).mean(), rel=1e-3
    )
    assert fit.simple_expected_shortfall(0.99) < 100 * -math.expm1(-fit.expected_shortfall(0.99) / 100)
    assert fit.simple_value_at_risk(0.99) == pytest.approx(100 * (1 - math.exp(-var / 100)))


def test_return_level_and_probability_are_consistent(fit):
    level = fit.return_level(1000, extremal_index=0.6)
    assert 1000 * 0.6 * fit.exceedance_probability(level) == pytest.approx(1.0)
    assert fit.probability_within(level, 1000, 0.6) == pytest.approx(1 - math.exp(-1), abs=0.002)
    assert fit.return_level(1000) > level
    with pytest.raises(ModelError, match="too few"):
        fit.return_level(10)


def test_fall_probability_takes_logs(fit):
    assert fit.fall_probability(30.0) == pytest.approx(fit.exceedance_probability(-100 * math.log(0.7)))
    with pytest.raises(ModelError, match="between 0 and 100"):
        fit.fall_probability(120)


def test_levels_below_the_threshold_are_refused(fit):
    with pytest.raises(ModelError, match="lower the threshold"):
        fit.value_at_risk(0.9)
    with pytest.raises(ModelError, match="from"):
        fit.exceedance_probability(0.0)
    assert fit.value_at_risk(0.95) == pytest.approx(fit.threshold)


def test_too_few_exceedances(losses):
    with pytest.raises(ModelError, match="at least 30"):
        gpd(losses[:400])
    with pytest.raises(ModelError, match="all equal"):
        gpd(np.r_[np.zeros(500), np.full(40, 3.0)], threshold=1.0)
    with pytest.raises(ModelError, match="position 3"):
        gpd(np.r_[losses[:3], np.inf, losses])


def test_shape_interval_is_the_profile(fit):
    low, high = shape_interval(fit, 0.95)
    assert low < fit.xi < high
    # The two ends lose the same likelihood.
    from scipy.optimize import minimize_scalar

    for end in (low, high):
        best = minimize_scalar(
            lambda beta, end=end: -pareto.loglikelihood(fit.excesses, end, beta),
            bounds=(0.1, 30),
            method="bounded",
        )
        assert fit.loglikelihood + best.fun == pytest.approx(3.841 / 2, abs=0.01)


def test_risk_intervals_hold_the_point_and_are_skewed(fit):
    for measure in ("value_at_risk", "expected_shortfall"):
        low, high = risk_interval(fit, 0.99, measure)
        point = getattr(fit, measure)(0.99)
        assert low < point < high
        assert high - point > point - low


def test_bounded_losses_have_no_likelihood_interval():
    bounded = gpd(np.random.default_rng(0).uniform(0, 1, 2000))
    assert bounded.xi < -0.5
    assert math.isnan(bounded.xi_se)
    with pytest.raises(ModelError, match="finite loss"):
        shape_interval(bounded)
    with pytest.raises(ModelError, match="finite loss"):
        risk_interval(bounded, 0.99, "value_at_risk")


def test_tail_draws_centre_on_the_fit(losses, fit):
    draws = tail_draws(losses, rng=np.random.default_rng(0), replications=200)
    assert list(draws.columns) == ["xi", "value_at_risk", "expected_shortfall", "simple_expected_shortfall"]
    assert draws["value_at_risk"].median() == pytest.approx(fit.value_at_risk(0.99), rel=0.05)
    assert draws["xi"].std() == pytest.approx(fit.xi_se, rel=0.4)


def test_mean_excess_of_an_exponential_is_flat():
    sample = np.random.default_rng(2).exponential(4.0, size=20_000)
    table = mean_excess_table(sample)
    assert table["mean_excess"].to_numpy() == pytest.approx(np.full(len(table), 4.0), rel=0.15)
    assert table["n_exceed"].is_monotonic_decreasing


def test_stability_table(losses):
    table = threshold_stability(losses)
    assert (table["xi_low"] < table["xi"]).all()
    assert (table["xi"] < table["xi_high"]).all()
    assert (table["n_exceed"] >= 30).all()


def test_hill_of_a_pareto():
    sample = np.random.default_rng(2).pareto(4.0, size=50_000) + 1
    table = hill_table(sample, [200, 1000])
    assert table["xi"].to_numpy() == pytest.approx([0.25, 0.25], abs=0.04)
    with pytest.raises(ModelError, match="k must lie"):
        hill_table([1.0, 2.0, -3.0], [2])


def test_decluster_by_hand():
    losses = [0, 5, 6, 0, 7, 0, 0, 0, 9, 0]
    found = decluster(losses, 4.0, run_length=2)
    assert (found.n_exceed, found.n_clusters) == (4, 2)
    assert found.peaks.tolist() == [7.0, 9.0]
    assert found.positions.tolist() == [4, 8]
    assert decluster(losses, 4.0, run_length=1).n_clusters == 3
    assert found.extremal_index == 0.5


def test_the_peak_of_a_cluster_is_the_first_of_its_largest():
    found = decluster([9.0, 0, 0, 6, 8, 8, 0, 0, 5], 4.0, run_length=2)
    assert found.peaks.tolist() == [9.0, 8.0, 5.0]
    assert found.positions.tolist() == [0, 4, 8]


def test_large_losses_that_come_singly_among_lesser_ones_in_pairs():
    """At the threshold of the pairs the index is near one half, at the level asked about it is one."""
    losses = np.zeros(4000)
    losses[np.arange(50, 3950, 40)] = 5.0
    losses[np.arange(51, 3951, 40)] = 6.0
    losses[np.arange(30, 3930, 120)] = np.linspace(10, 20, 33)
    assert decluster(losses, 4.0).extremal_index < 0.6
    near = decluster_near(losses, 30.0)
    assert near.n_exceed == 30  # nothing exceeds 30: the highest level that 30 losses exceed
    assert near.extremal_index == 1.0
    assert decluster_near(losses, 4.0).threshold == 4.0
    with pytest.raises(ModelError, match="at least 31"):
        decluster_near(losses[:20], 4.0)


def test_an_interval_of_the_index_is_centred_on_its_estimate_and_ends_at_one():
    draws = np.linspace(0.63, 0.71, 101)
    assert about_index(0.64, draws, 0.8) == pytest.approx((0.608, 0.672))
    assert about_index(0.99, draws, 0.8)[1] == 1.0


def test_no_exceedance_is_refused():
    with pytest.raises(ModelError, match="no loss exceeds"):
        decluster([1.0, 2.0], 5.0)
    with pytest.raises(ModelError, match="fewer than three"):
        intervals_extremal_index([1.0, 6.0, 2.0, 6.0], 5.0)


def test_extremal_index_interval(losses):
    threshold = float(np.quantile(losses, 0.97))
    low, high = extremal_index_interval(losses, threshold, rng=np.random.default_rng(1), replications=100)
    assert 0.7 < low < high <= 1


def test_extremal_index_interval_of_both_estimators():
    """Each loss stands for two days: the extremal index is one half."""
    losses = np.repeat(np.random.default_rng(3).standard_normal(2000), 2)
    threshold = float(np.quantile(losses, 0.97))
    for estimator in ("runs", "intervals"):
        low, high = extremal_index_interval(
            losses, threshold, rng=np.random.default_rng(0), estimator=estimator, replications=100
        )
        assert low < 0.55
        assert high > 0.45
        assert high - low < 0.25


def test_hill_interval(losses):
    xi, low, high = hill(losses, 150, coverage=0.8)
    assert xi == pytest.approx(hill_table(losses, [150])["xi"].iloc[0])
    assert high - xi == pytest.approx(1.2816 * xi / math.sqrt(150), rel=1e-4)
    assert xi - low == pytest.approx(high - xi)


def test_hill_and_the_pareto_fit_agree_where_the_tail_is_a_power_from_zero():
    """Then the scale at the threshold is the shape times the threshold; shifted losses part the two."""
    pure = np.random.default_rng(1).pareto(4, 100_000) + 1
    fit = gpd(pure, quantile=0.9)
    assert fit.beta == pytest.approx(fit.xi * fit.threshold, rel=0.1)
    assert hill(pure, 10_000)[0] == pytest.approx(fit.xi, abs=0.05)
    moved = pure - 1
    assert gpd(moved, quantile=0.9).xi == pytest.approx(fit.xi, abs=1e-6)
    assert hill(moved, 10_000)[0] > hill(pure, 10_000)[0] + 0.2


def test_threshold_sensitivity(losses):
    table = threshold_stability(losses, coverage=0.8)
    assert not threshold_sensitivity(table, 0.95, (0.9, 0.975))
    bent = table.copy()
    bent.loc[bent["quantile"] == 0.90, "xi"] = table["xi_high"].max() + 0.1
    assert threshold_sensitivity(bent, 0.95, (0.9, 0.975))
    assert not threshold_sensitivity(bent, 0.95, (0.92, 0.975))


def test_stability_has_the_measures_where_the_level_is_above_the_threshold(losses):
    table = threshold_stability(losses, (0.8, 0.95), level=0.9)
    assert np.isfinite(table["value_at_risk"].iloc[0])
    assert np.isnan(table["value_at_risk"].iloc[1])
    assert table["value_at_risk"].iloc[0] == pytest.approx(gpd(losses, quantile=0.8).value_at_risk(0.9))


def test_quantile_pairs_lie_on_the_line_of_an_exact_tail():
    exact = genpareto.ppf((np.arange(5000) + 0.5) / 5000, 0.2, scale=2.0)
    pairs = quantile_pairs(gpd(exact, threshold=0.0))
    assert pairs["expected"].to_numpy()[:4900] == pytest.approx(pairs["observed"].to_numpy()[:4900], rel=0.03)


def test_return_level_interval_is_that_of_a_quantile(fit):
    """The loss exceeded once in m periods, a cluster counted once, is the quantile of 1 - 1/(m theta)."""
    for periods, theta in ((1000, 1.0), (3650, 0.6)):
        level = 1 - 1 / (periods * theta)
        assert fit.value_at_risk(level) == pytest.approx(fit.return_level(periods, theta))
        low, high = risk_interval(fit, level, "value_at_risk", 0.8)
        assert low < fit.return_level(periods, theta) < high


def test_equal_losses_have_no_tail():
    with pytest.raises(ModelError, match="all 500 losses are 1: they have no tail"):
        gpd(np.ones(500))
