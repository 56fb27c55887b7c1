"""The pooled logit, its windows and its scaling."""

import numpy as np
import pytest
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.panel_logit import (
    after_event,
    bootstrap_coefficients,
    first_event,
    newton,
    panel_logit,
    probability,
    within,
)
from cryptorisk.stats.scaling import Scaling


def world(n=1200, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    p = 1 / (1 + np.exp(1.5 - x @ [0.8, -0.4]))
    return (rng.random(n) < p).astype(float), x, np.arange(n) % 60


def test_it_is_statsmodels_with_clustered_errors():
    y, x, place = world()
    fit = panel_logit(y, x, place, ["a", "b"])
    other = sm.Logit(y, sm.add_constant(x)).fit(disp=0, cov_type="cluster", cov_kwds={"groups": place})
    assert fit.coefficients == pytest.approx(other.params, abs=1e-6)
    assert fit.errors == pytest.approx(other.bse, rel=1e-5)
    assert fit.pseudo_r2 == pytest.approx(other.prsquared)
    assert (fit.events, fit.clusters, fit.observations) == (int(y.sum()), 60, 1200)


def test_contributions_add_up_to_the_log_odds():
    y, x, place = world()
    fit = panel_logit(y, x, place, ["a", "b"])
    here = np.array([1.2, -0.7])
    p, base = fit.probability(here)[0], fit.probability(fit.means)[0]
    assert fit.contributions(here).sum() == pytest.approx(np.log(p / (1 - p)) - np.log(base / (1 - base)))


def test_weights_are_copies():
    y, x, _ = world(300)
    design = np.column_stack([np.ones(300), x])
    weights = np.random.default_rng(1).integers(0, 4, 300)
    copied = np.repeat(np.arange(300), weights)
    assert newton(y, design, weights.astype(float)) == pytest.approx(
        newton(y[copied], design[copied], np.ones(copied.size)), abs=1e-7
    )


def test_draws_spread_as_the_errors_say():
    y, x, place = world()
    fit = panel_logit(y, x, place, ["a", "b"])
    draws = bootstrap_coefficients(y, x, place, 300, np.random.default_rng(5))
    assert draws.std(axis=0) == pytest.approx(fit.errors, rel=0.25)
    assert draws.mean(axis=0) == pytest.approx(fit.coefficients, abs=0.05)
    assert probability(x[:3], draws).shape == (3, 300)
    assert probability(x[:3], fit.coefficients) == pytest.approx(fit.probability(x[:3]))


def test_what_separates_or_is_too_rare_is_refused():
    y, x, place = world(300)
    assert newton(y, np.column_stack([np.ones(300), y - 0.5]), np.ones(300)) is None
    with pytest.raises(ModelError, match="does not converge"):
        panel_logit(y, (y - 0.5)[:, None], place, ["a"])
    rare = np.zeros(300)
    rare[:12] = 1
    with pytest.raises(ModelError, match="12 observations of the rarer kind; 30"):
        panel_logit(rare, x, place, ["a", "b"])
    with pytest.raises(ModelError, match="before 29 different events; 30"):
        panel_logit(y, x, place, ["a", "b"], distinct=29)
    assert panel_logit(y, x, place, ["a", "b"], distinct=30).events == y.sum()


def test_rows_before_one_event_are_told_apart_from_two_events():
    events = np.array([[0, 0, 1, 0, 0, 1.0]]).T
    assert first_event(events, 2)[:, 0].tolist() == [2, 1, 0, 2, 1, 0]
    assert first_event(np.array([[0, 1, 1.0]]).T, 2)[:, 0].tolist() == [1, 1, 0]
    assert first_event(events, 1)[:, 0].tolist() == [0, 1, 0, 0, 1, 0]


def test_the_window_ahead():
    events = np.array([[0, 0, 1, 0, 0, 1.0]]).T
    assert within(events, 2)[:, 0] == pytest.approx([1, 1, 0, 1, np.nan, np.nan], nan_ok=True)
    events[1] = np.nan
    assert within(events, 1)[:, 0] == pytest.approx([np.nan, 1, 0, 0, 1, np.nan], nan_ok=True)


def test_years_after_an_event_are_marked():
    events = np.array([[0, 1, 0, 0, np.nan, 0, 1.0]]).T
    assert after_event(events, 1)[:, 0].tolist() == [False, True, True, False, False, False, True]
    assert after_event(events, 0)[:, 0].tolist() == [False, True, False, False, False, False, True]


def test_scaling_is_learnt_from_one_sample_and_applied_to_another():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((500, 2)) * [1, 10] + [0, 5]
    x[0, 1] = 1e6
    scaling = Scaling.learn(x)
    z = scaling.apply(x)
    assert z.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert z.std(axis=0) == pytest.approx([1, 1])
    assert np.abs(z).max() < 4
    assert scaling.apply(np.array([[0.0, 1e9]]))[0, 1] == z[:, 1].max()
    with pytest.raises(ModelError, match="column 1 does not vary"):
        Scaling.learn(np.column_stack([x[:, 0], np.ones(500)]))
