import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.resampled_falls import observed_falls, worst_fall, worst_fall_intervals


def test_worst_fall_of_a_steady_decline():
    """Every day loses 1 log point: the fall over h days is known whatever is resampled."""
    fall = worst_fall(np.full(600, -1.0), horizon_days=50, rng=np.random.default_rng(0), replications=100)
    known = 100 * (1 - np.exp(-0.5))
    assert fall.from_peak_pct == pytest.approx(np.full(100, known))
    assert fall.from_start_pct == pytest.approx(np.full(100, known))
    assert fall.end_return_pct == pytest.approx(np.full(100, -known))


def test_worst_fall_of_a_steady_rise_is_zero():
    fall = worst_fall(np.full(600, 1.0), horizon_days=50, rng=np.random.default_rng(0), replications=10)
    assert (fall.from_peak_pct == 0).all()
    assert (fall.from_start_pct == 0).all()


def test_fall_from_peak_is_at_least_from_start():
    returns = np.random.default_rng(3).standard_normal(4000) * 4
    fall = worst_fall(returns, horizon_days=91, rng=np.random.default_rng(0), replications=500)
    assert (fall.from_peak_pct >= fall.from_start_pct - 1e-9).all()
    assert (fall.from_start_pct >= -fall.end_return_pct - 1e-9).all()
    assert fall.probability_of(fall.quantile(0.9)) == pytest.approx(0.1, abs=0.01)


def test_slices_do_not_change_what_is_recorded():
    """A year times many paths is worked off in slices; every replication is filled."""
    returns = np.random.default_rng(3).standard_normal(4000) * 4
    fall = worst_fall(returns, horizon_days=365, rng=np.random.default_rng(0), replications=6000)
    assert (fall.from_peak_pct > 0).all()
    assert (fall.from_peak_pct < 100).all()


def test_normal_walk_against_known_mean_range():
    """Without drift the mean maximum drawdown of Brownian motion is 1.2533 sigma sqrt(T) (Magdon-Ismail 2004)."""
    returns = np.random.default_rng(9).standard_normal(20_000)
    returns -= returns.mean()
    fall = worst_fall(returns, horizon_days=400, rng=np.random.default_rng(0), block=1, replications=4000)
    logs = -100 * np.log1p(-fall.from_peak_pct / 100)
    # Watching a walk once a day misses 0.58 sigma of each extreme it would reach in continuous time.
    assert logs.mean() == pytest.approx(1.2533 * 20 - 2 * 0.5826, rel=0.03)


def test_interval():
    returns = np.random.default_rng(3).standard_normal(4000) * 4
    rng = np.random.default_rng(0)
    point = worst_fall(returns, horizon_days=91, rng=rng).quantile(0.95)
    low, high = worst_fall_intervals(returns, [0.95], horizon_days=91, rng=rng)[0]
    assert low < point < high


def test_short_history_is_refused():
    with pytest.raises(ModelError, match="at least 90"):
        worst_fall(np.ones(80), horizon_days=10, rng=np.random.default_rng(0))


def test_a_horizon_needs_ten_spells():
    returns = np.random.default_rng(3).standard_normal(3649)
    with pytest.raises(ModelError, match=r"10\.0 spells of 365 days"):
        worst_fall(returns, horizon_days=365, rng=np.random.default_rng(0))
    with pytest.raises(ModelError, match="needs 10"):
        observed_falls(returns, 365)
    assert (
        worst_fall(np.append(returns, 0.0), horizon_days=365, rng=np.random.default_rng(0)).horizon_days
        == 365
    )


def test_blocks_as_long_as_the_horizon_draw_what_was_observed():
    returns = np.random.default_rng(4).standard_normal(2000) * 3
    drawn = worst_fall(returns, horizon_days=91, block=91, rng=np.random.default_rng(0), replications=20_000)
    seen = observed_falls(returns, 91)
    assert seen.from_start_pct.size == 2000 - 91 + 1
    for probability in (0.5, 0.95):
        known = seen.quantile(probability, "from_start")
        assert drawn.quantile(probability, "from_start") == pytest.approx(known, abs=2.0)
    assert drawn.probability_of(30.0, "from_start") == pytest.approx(
        seen.probability_of(30.0, "from_start"), abs=0.03
    )
