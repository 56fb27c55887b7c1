"""One common factor: a known model is found again, and what a principal component would say instead."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.multivariate.factor import Factor

from cryptorisk.errors import ModelError
from cryptorisk.stats.factor import (
    LEAST_NOISE,
    bootstrap_shares,
    dynamic_factor,
    principal_share,
    shifted_interval,
    static_shares,
)

SHARES = np.array([0.8, 0.6, 0.5, 0.7, 0.3, 0.15])


def world(periods, shares=SHARES, ar=0.3, own_ar=0.2, seed=1):
    """Returns with a factor that carries the given shares of variance, and the factor."""
    rng = np.random.default_rng(seed)

    def process(coefficient):
        shocks = rng.standard_normal(periods + 50) * np.sqrt(1 - coefficient**2)
        values = np.zeros(periods + 50)
        for t in range(1, periods + 50):
            values[t] = coefficient * values[t - 1] + shocks[t]
        return values[50:]

    factor = process(ar)
    columns = {
        f"x{i}": np.sqrt(share) * factor + np.sqrt(1 - share) * process(own_ar)
        for i, share in enumerate(shares)
    }
    index = pd.date_range("2016-01-01", periods=periods, freq="W-FRI")
    scale = np.arange(1, len(shares) + 1)
    return pd.DataFrame(columns, index=index) * scale + scale, pd.Series(factor, index=index)


def test_shares_of_a_known_model_are_found():
    panel, factor = world(600)
    found = dynamic_factor(panel)
    assert found.converged
    assert found.shares.to_numpy() == pytest.approx(SHARES, abs=0.1)
    assert found.share == pytest.approx(SHARES.mean(), abs=0.04)
    assert np.corrcoef(found.factor, factor)[0, 1] > 0.93
    assert sum(found.ar) == pytest.approx(0.3, abs=0.12)
    assert found.own_ar.mean() == pytest.approx(0.2, abs=0.08)
    assert (found.loadings > 0).all()


def test_missing_stretches_are_no_obstacle():
    panel, _ = world(500, seed=2)
    holes = panel.copy()
    holes.iloc[:200, 0] = np.nan
    holes.iloc[300:, 3] = np.nan
    found = dynamic_factor(holes, orders=(1,))
    assert found.shares.to_numpy() == pytest.approx(SHARES, abs=0.1)
    assert static_shares(holes).to_numpy() == pytest.approx(SHARES, abs=0.1)
    assert len(found.factor) == 500


def test_the_loadings_are_not_left_where_principal_components_put_them():
    # Expectation maximisation with AR(1) own parts hardly moves them: weak series would keep far too much.
    panel, _ = world(400, shares=np.array([0.9, 0.85, 0.1, 0.1, 0.1]), own_ar=0.4, seed=3)
    found = dynamic_factor(panel, orders=(1,))
    assert found.shares.to_numpy() == pytest.approx([0.9, 0.85, 0.1, 0.1, 0.1], abs=0.1)
    assert found.shares[2:].max() < 0.2


def test_without_dynamics_it_is_the_factor_analysis_of_statsmodels():
    panel, _ = world(300, ar=0.0, own_ar=0.0, seed=4)
    reference = Factor(panel.to_numpy(), n_factor=1, method="ml").fit()
    assert static_shares(panel).to_numpy() == pytest.approx(1 - reference.uniqueness, abs=2e-4)


def test_nothing_in_common_gives_little_where_a_principal_component_gives_a_floor():
    rng = np.random.default_rng(5)
    panel = pd.DataFrame(rng.standard_normal((2000, 5)))
    assert principal_share(panel.to_numpy()) > 0.2
    shares = static_shares(panel)
    assert shares.mean() < principal_share(panel.to_numpy())
    # At most one series can look like the factor when there is none.
    assert (shares < 0.05).sum() >= 4


def test_principal_share_of_equal_correlations():
    rng = np.random.default_rng(6)
    common = rng.standard_normal(200_000)
    panel = np.sqrt(0.5) * common[:, None] + np.sqrt(0.5) * rng.standard_normal((200_000, 4))
    assert principal_share(panel) == pytest.approx((1 + 3 * 0.5) / 4, abs=0.005)


def test_the_interval_covers_the_truth_about_as_often_as_stated():
    inside = 0
    for seed in range(60):
        panel, _ = world(200, ar=0.2, own_ar=0.1, seed=100 + seed)
        draws = bootstrap_shares(panel, 5, 120, np.random.default_rng(seed)).mean(axis=1)
        quick = float(static_shares(panel).mean())
        low, high = shifted_interval(quick, quick, draws, 0.8)
        inside += low <= SHARES.mean() <= high
    assert 0.65 <= inside / 60 <= 0.93


def test_draws_are_reproducible_and_within_bounds():
    panel, _ = world(200)
    draws = bootstrap_shares(panel, 8, 50, np.random.default_rng(1))
    assert np.array_equal(draws, bootstrap_shares(panel, 8, 50, np.random.default_rng(1)))
    assert draws.shape == (50, 6)
    assert (draws >= 0).all()
    assert (draws <= 1 / (1 + LEAST_NOISE) + 1e-9).all()


def test_a_series_that_a_replication_hardly_has_is_missing_in_it():
    panel, _ = world(200)
    panel.iloc[32:, 0] = np.nan
    draws = bootstrap_shares(panel, 8, 60, np.random.default_rng(1))
    assert np.isnan(draws[:, 0]).any()
    assert np.isfinite(draws[:, 1:]).all()


def test_the_interval_moves_with_the_value_it_is_for():
    draws = np.random.default_rng(1).normal(0.5, 0.05, 500)
    low, high = shifted_interval(0.5, 0.5, draws, 0.8)
    assert (low, high) == pytest.approx(np.quantile(draws, [0.1, 0.9]), abs=1e-9)
    higher = shifted_interval(0.9, 0.5, draws, 0.8)
    assert high < higher[0] < 0.9 < higher[1] < 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p.iloc[:, :2], "at least three series"),
        (lambda p: p.iloc[:20], "30 are needed"),
        (lambda p: p.assign(x1=1.0), "x1 does not vary"),
    ],
)
def test_what_cannot_be_estimated_is_refused(change, words):
    panel, _ = world(100)
    with pytest.raises(ModelError, match=words):
        dynamic_factor(change(panel))


def test_the_panel_is_not_changed():
    panel, _ = world(120)
    before = panel.copy()
    static_shares(panel)
    pd.testing.assert_frame_equal(panel, before)
