"""Fractional and ordered logit, least squares and the jackknife over clusters against independent computations."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.multitest import multipletests

from cryptorisk.errors import ModelError
from cryptorisk.stats.cluster_jackknife import Effects, least_squares
from cryptorisk.stats.fractional import fractional_logit
from cryptorisk.stats.ordered import _ProportionalOdds, ordered_logit

NAMES = ["constant", "a", "b", "c"]


@pytest.fixture(scope="module")
def world():
    """Forty clusters of three with an effect of the cluster."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(40), 3)
    x = np.column_stack([np.ones(120), rng.normal(size=(120, 3))])
    line = x @ [-1.0, 0.6, 0.0, -0.3] + np.repeat(rng.normal(0, 0.5, 40), 3) + rng.normal(0, 0.3, 120)
    return expit(line), x, labels


def by_statsmodels(y, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of fractions in a binomial family
        return sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=1e-12).params


def test_coefficients_are_those_of_a_binomial_glm_on_fractions(world):
    y, x, labels = world
    fit = fractional_logit(y, x, labels, NAMES)
    assert fit.coefficients.values == pytest.approx(by_statsmodels(y, x), abs=1e-9)
    assert fit.fitted == pytest.approx(expit(x @ by_statsmodels(y, x)), abs=1e-9)


def test_jackknife_refits_without_each_cluster(world):
    y, x, labels = world
    fit = fractional_logit(y, x, labels, NAMES)
    left = np.array([by_statsmodels(y[labels != g], x[labels != g]) for g in range(40)])
    expected = np.sqrt(39 / 40 * ((left - fit.coefficients.values) ** 2).sum(axis=0))
    assert fit.coefficients.errors == pytest.approx(expected, rel=1e-6)
    assert fit.held_out == pytest.approx(expit((x * left[labels]).sum(axis=1)), abs=1e-8)


def test_average_effects_are_the_slope_of_the_mean_expectation(world):
    y, x, labels = world
    fit = fractional_logit(y, x, labels, NAMES)
    beta = fit.coefficients.values
    for place in (1, 2, 3):
        moved = x.copy()
        moved[:, place] += 1e-6
        slope = (expit(moved @ beta).mean() - expit(x @ beta).mean()) / 1e-6
        assert fit.effects.values[place] == pytest.approx(slope, abs=1e-6)


def test_fractions_of_zero_and_one_are_allowed():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(60), rng.normal(size=60)])
    y = (expit(x @ [0.2, 0.8]) > rng.random(60)).astype(float)
    fit = fractional_logit(y, x, np.arange(60), ["constant", "a"])
    assert fit.coefficients.values == pytest.approx(sm.Logit(y, x).fit(disp=0).params, abs=1e-6)


def test_jackknife_of_single_observations_is_hc3():
    """MacKinnon and White's HC3 is the jackknife but for (n - 1)/n and the centre."""
    rng = np.random.default_rng(7)
    x = np.column_stack([np.ones(50), rng.normal(size=50)])
    y = x @ [1.0, 2.0] + rng.normal(size=50) * (1 + np.abs(x[:, 1]))
    found = least_squares(y, x, np.arange(50), ["constant", "a"])
    hc3 = sm.OLS(y, x).fit(cov_type="HC3").bse
    assert found.errors == pytest.approx(np.sqrt(49 / 50) * hc3, rel=1e-9)


def test_interval_and_p_value_agree():
    one = Effects(("a", "b"), np.array([1.0, -2.0]), np.array([0.5, 1.5]), 20)
    low, high = one.interval(0.9)
    for value, p, excludes in zip(one.values, one.p_values, (low > 0) | (high < 0), strict=True):
        assert (p < 0.1) == excludes, value


def test_holm_is_the_librarys():
    rng = np.random.default_rng(1)
    one = Effects(tuple("abcdef"), rng.normal(size=6) * 2, np.ones(6), 30)
    assert one.adjusted_p_values == pytest.approx(multipletests(one.p_values, method="holm")[1])


def test_scores_of_the_ordered_logit_are_the_librarys(world):
    y, x, _labels = world
    classes = np.digitize(y, np.quantile(y, [0.25, 0.5, 0.75]))
    own = _ProportionalOdds(classes, x[:, 1:], distr="logit")
    numeric = OrderedModel(classes, x[:, 1:], distr="logit")
    at = np.array([0.3, -0.1, 0.2, -1.0, 0.1, 0.3])
    assert own.score_obs(at) == pytest.approx(numeric.score_obs(at), abs=1e-6)
    assert own.hessian(at) == pytest.approx(numeric.hessian(at), abs=2e-3)


def test_ordered_effects_are_the_slope_of_the_expected_score(world):
    y, x, labels = world
    classes = np.digitize(y, np.quantile(y, [0.25, 0.5, 0.75]))
    scores = (12.5, 37.5, 62.5, 87.5)
    found = ordered_logit(classes, x[:, 1:], labels, NAMES[1:], scores)
    fit = OrderedModel(classes, x[:, 1:], distr="logit").fit(method="bfgs", disp=0)

    def mean_score(shift):
        moved = x[:, 1:].copy()
        moved[:, 0] += shift
        return float((fit.model.predict(fit.params, exog=moved) @ np.array(scores)).mean())

    assert found.values[0] == pytest.approx((mean_score(1e-5) - mean_score(-1e-5)) / 2e-5, rel=1e-3)
    assert found.values[0] > 0 > found.values[2]
    assert (found.errors > 0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda y, x, g: (y + 1, x, g), "between 0 and 1"),
        (lambda y, x, g: (y, np.column_stack([x[:, :3], x[:, 1]]), g), "not independent"),
        (lambda y, x, g: (y, np.column_stack([x[:, :3], g == 4]), g), "when one cluster is left out"),
        (lambda y, x, g: (y, x, np.minimum(g, 8)), "9 clusters where 10 are needed"),
        (lambda y, x, g: (np.where(g == 0, np.nan, y), x, g), "finite"),
        (lambda y, x, g: ((x[:, 1] > 0).astype(float), x, g), "separates"),
        (lambda y, x, g: (y, x[:, :3], g), "do not fit"),
    ],
)
def test_what_cannot_be_estimated_is_refused(world, change, message):
    y, x, labels = change(*world)
    with pytest.raises(ModelError, match=message):
        fractional_logit(y, x, labels, NAMES)


def test_classes_must_match_their_scores(world):
    y, x, labels = world
    with pytest.raises(ModelError, match="must all occur"):
        ordered_logit(np.digitize(y, [0.5]), x[:, 1:], labels, NAMES[1:], (1, 2, 3))
