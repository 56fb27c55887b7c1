import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.drawdowns import (
    drawdown_episodes,
    drawdown_path,
    max_drawdown,
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


def test_the_deepest_fall_needs_no_dates_but_their_order():
    assert max_drawdown([4.0, 2.0, 3.0]) == max_drawdown(np.array([4.0, 2.0, 3.0])) == pytest.approx(-50)
    with pytest.raises(ModelError, match="dates of prices must increase"):
        max_drawdown(dated([4, 2, 3]).iloc[::-1])
