import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import autoregression, band_gap

from cryptorisk.errors import ModelError
from cryptorisk.stats.threshold import LEAST, fit_threshold
from cryptorisk.stats.threshold_autoregression import TRIM


def test_a_band_is_found_with_its_edge_and_pull():
    rng = np.random.default_rng(1)
    found = fit_threshold(band_gap(1500, 6.0, -0.4, rng), rng=rng, lags=0, replications=99)
    inside, outside = found.regimes
    assert found.p <= 0.05
    assert found.threshold == pytest.approx(6.0, abs=1.0)
    assert found.threshold_low < 6.0 < found.threshold_high
    assert outside.pull == pytest.approx(-0.4, abs=0.15)
    assert outside.periods < 3 < inside.shortest
    assert inside.longest == math.inf
    assert (inside.name, outside.name) == ("inside", "outside")
    assert inside.n + outside.n == found.n == 1499


def test_a_switch_is_found_with_both_speeds():
    rng = np.random.default_rng(2)
    z = np.zeros(2000)
    for t in range(1, 2000):
        drawn = -0.05 * z[t - 1] if z[t - 1] <= 0 else -0.5 * z[t - 1] + 1.0
        z[t] = z[t - 1] + drawn + rng.standard_normal()
    found = fit_threshold(z, rng=rng, kind="switch", lags=0, replications=99)
    assert found.p <= 0.05
    assert found.threshold == pytest.approx(0.0, abs=0.3)
    assert found.regimes[1].pull == pytest.approx(-0.5, abs=0.3)
    assert found.regimes[0].pull == pytest.approx(-0.05, abs=0.05)


@pytest.mark.parametrize("kind", ["band", "switch"])
def test_a_linear_gap_is_not_taken_for_a_threshold(kind):
    rejected = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = fit_threshold(autoregression(250, 0.9, rng), rng=rng, kind=kind, lags=0, replications=39)
        rejected += found.p <= 0.05
    assert rejected <= 4


def test_a_short_run_of_changes_does_not_look_like_a_threshold():
    rng = np.random.default_rng(4)
    z = np.zeros(600)
    for t in range(2, 600):
        z[t] = z[t - 1] - 0.05 * z[t - 1] + 0.4 * (z[t - 1] - z[t - 2]) + rng.standard_normal()
    found = fit_threshold(z, rng=rng, replications=99)
    assert found.lags >= 1
    assert found.p > 0.05


def test_each_regime_keeps_its_share():
    rng = np.random.default_rng(5)
    found = fit_threshold(autoregression(400, 0.9, rng), rng=rng, kind="switch", replications=29)
    assert min(one.n for one in found.regimes) >= TRIM * found.n - 1


def test_a_band_about_another_centre():
    rng = np.random.default_rng(6)
    z = 10 + band_gap(900, 4.0, -0.5, rng)
    found = fit_threshold(z, rng=rng, centre=10.0, lags=0, replications=49)
    assert found.threshold == pytest.approx(4.0, abs=1.0)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.arange(float(LEAST - 1)), f"at least {LEAST}"),
        ([np.inf] * 300, "finite"),
        (np.tile([0.0, 1.0], 150), "too few distinct"),
    ],
)
def test_what_cannot_be_used_is_refused(values, word):
    with pytest.raises(ModelError, match=word):
        fit_threshold(values, rng=np.random.default_rng(1), kind="switch", lags=0)


@pytest.mark.parametrize(
    "values", [np.log(1.3 * np.linspace(1, 2, 300)) - np.log(np.linspace(1, 2, 300)), 1.05 ** np.arange(300)]
)
def test_a_gap_without_errors_is_refused(values):
    with pytest.raises(ModelError):
        fit_threshold(values, rng=np.random.default_rng(0), kind="switch")
