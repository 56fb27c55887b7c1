import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.drawdowns import (
    drawdown_episodes,
    drawdown_path,
    max_drawdown,
    worst_fall,
    worst_fall_interval,
    worst_moves,
)


def dated(values):
    return pd.Series(values, index=pd.date_range("2020-01-01", periods=len(values)), dtype=float)


@pytest.fixture
def prices():
    return dated([100, 80, 90, 110, 105, 55, 66, 120, 108])


def test_path_and_maximum(prices):
    assert drawdown_path(prices).to_numpy() == pytest.approx([0, -20, -10, 0, -50 / 11, -50, -40, 0, -10])
    assert max_drawdown(prices) == pytest.approx(-50)


def test_episodes(prices):
    table = drawdown_episodes(prices)
    assert table["fall_pct"].to_numpy() == pytest.approx([-50, -20, -10])
    first = table.iloc[0]
    assert (first["peak"], first["trough"], first["recovery"]) == tuple(prices.index[[3, 5, 7]])
    assert (first["days_to_trough"], first["days_to_recovery"]) == (2, 4)
    assert pd.isna(table["recovery"].iloc[2])
    assert pd.isna(table["days_to_recovery"].iloc[2])
    assert len(drawdown_episodes(prices, top=1)) == 1


def test_price_that_only_rises_has_no_episode():
    assert drawdown_episodes(dated([1, 2, 3])).empty
    assert max_drawdown(dated([1, 2, 3])) == 0


def test_deepest_episode_is_the_maximum():
    path = dated(np.exp(np.random.default_rng(1).standard_normal(2000).cumsum() * 0.03))
    assert drawdown_episodes(path)["fall_pct"].iloc[0] == pytest.approx(max_drawdown(path))


def test_worst_moves_do_not_overlap():
    path = dated(np.exp(np.random.default_rng(2).standard_normal(800).cumsum() * 0.03))
    moves = worst_moves(path, horizon_days=10, top=6)
    assert moves["fall_pct"].is_monotonic_increasing
    spans = moves.sort_values("start")
    assert (spans["start"].to_numpy()[1:] >= spans["end"].to_numpy()[:-1]).all()
    changes = 100 * (path / path.shift(10) - 1)
    assert moves["fall_pct"].iloc[0] == pytest.approx(changes.min())


def test_one_day_moves(prices):
    moves = worst_moves(prices, horizon_days=1, top=2)
    assert moves["fall_pct"].to_numpy() == pytest.approx([100 * (55 / 105 - 1), -20])
    assert worst_moves(dated([1, 2, 3]), horizon_days=1).empty


def test_bad_prices(prices):
    with pytest.raises(ModelError, match="position 1"):
        max_drawdown(dated([1, 0, 2]))
    with pytest.raises(ModelError, match="need dates"):
        drawdown_episodes(prices.reset_index(drop=True))
    with pytest.raises(ModelError, match="must increase"):
        drawdown_episodes(prices[::-1])
    with pytest.raises(ModelError, match="horizon_days"):
        worst_moves(prices, horizon_days=9)


def test_worst_fall_of_a_steady_decline():
    """Every day loses 1 log point: the fall over h days is known whatever is resampled."""
    fall = worst_fall(np.full(300, -1.0), horizon_days=50, rng=np.random.default_rng(0), replications=100)
    known = 100 * (1 - np.exp(-0.5))
    assert fall.from_peak_pct == pytest.approx(np.full(100, known))
    assert fall.from_start_pct == pytest.approx(np.full(100, known))
    assert fall.end_return_pct == pytest.approx(np.full(100, -known))


def test_worst_fall_of_a_steady_rise_is_zero():
    fall = worst_fall(np.full(300, 1.0), horizon_days=50, rng=np.random.default_rng(0), replications=10)
    assert (fall.from_peak_pct == 0).all()
    assert (fall.from_start_pct == 0).all()


def test_fall_from_peak_is_at_least_from_start():
    returns = np.random.default_rng(3).standard_normal(1500) * 4
    fall = worst_fall(returns, horizon_days=91, rng=np.random.default_rng(0), replications=500)
    assert (fall.from_peak_pct >= fall.from_start_pct - 1e-9).all()
    assert (fall.from_start_pct >= -fall.end_return_pct - 1e-9).all()
    assert fall.probability_of(fall.quantile(0.9)) == pytest.approx(0.1, abs=0.01)


def test_slices_do_not_change_what_is_recorded():
    """A year times many paths is worked off in slices; every replication is filled."""
    returns = np.random.default_rng(3).standard_normal(1500) * 4
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
    returns = np.random.default_rng(3).standard_normal(1500) * 4
    rng = np.random.default_rng(0)
    point = worst_fall(returns, horizon_days=91, rng=rng).quantile(0.95)
    low, high = worst_fall_interval(returns, 0.95, horizon_days=91, rng=rng)
    assert low < point < high


def test_short_history_is_refused():
    with pytest.raises(ModelError, match="at least 90"):
        worst_fall(np.ones(80), horizon_days=10, rng=np.random.default_rng(0))
