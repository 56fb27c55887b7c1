"""The plain count beside the probability, and decimals that show what is not zero or not all."""

import math

import pandas as pd
import pytest

from cryptorisk.models.crash.episodes import episodes_table
from cryptorisk.models.part import MOST_PLACES, places
from cryptorisk.models.price_risk.fall_counted import counted_in_words
from cryptorisk.models.price_risk.measure import log_returns
from cryptorisk.result import cell_text


def priced(returns):
    """Prices whose daily log returns in percent are these, the first day before them."""
    days = pd.date_range("2000-01-01", periods=len(returns) + 1)
    return pd.Series([1.0, *(returns.cumsum() / 100).map(math.exp)], days)


def counted(returns, sample):
    """In words, of the last days as the sample."""
    prices = priced(returns)
    return counted_in_words(log_returns(prices).iloc[-sample:], prices)


def test_a_fall_is_counted_by_its_simple_size():
    days = pd.Series(0.0, range(3650))
    assert counted(days, 3650) == "It never came in the 10.0 years from 2000-01 on."
    days[7] = 100 * math.log(0.79)
    days[9] = 100 * math.log(0.81)  # above 20 log percent, below 20 percent
    once = "It came once in the 10.0 years from 2000-01 on, plainly counted 10 % a year."
    assert counted(days, 3650) == once
    days[2000] = 100 * math.log(0.6)
    assert "twice" in counted(days, 3650)
    assert f"{100 * (1 - math.exp(-0.2)):.0f} % a year" in counted(days, 3650)
    days[3000] = 100 * math.log(0.6)
    assert "3 times" in counted(days, 3650)


def test_what_came_before_the_sample_is_told():
    days = pd.Series(0.0, range(1000))
    days[[5, 499]] = 100 * math.log(0.7)
    assert counted(days, 500) == (
        "It never came in the 1.4 years from 2001-05 on; before that, in prices from 2000-01, twice, last on 2001-05-15."
    )
    assert "before" not in counted(days, 1000)
    days[5] = 0.0
    assert counted(days, 500).endswith("once, on 2001-05-15.")


def test_the_embedded_prices_had_two_such_days_and_more_before(inputs_for):
    prices = inputs_for("KEN").series("btc_price_usd", country="WLD").values.dropna()
    words = counted_in_words(log_returns(prices.loc["2014":]), prices)
    assert words.startswith(
        "It came twice in the 12.4 years from 2014-01 on, plainly counted 15 % a year; before that"
    )
    earlier = prices.loc["2013":"2013-12-31"]
    assert int((earlier.pct_change() < -0.2).sum()) == 4
    assert words.endswith("last on 2013-12-18.")


def test_places_show_the_smallest_number():
    frame = pd.DataFrame({"a": [0.0, 0.0031, 2.5], "b": [1.0, 20.0, float("nan")], "c": [0.0, 1e-9, 1.0]})
    assert places(frame, ["a"], 2) == 3
    assert places(frame, ["b"], 0) == 0
    assert places(frame, ["a", "b"], 1) == 3
    assert places(frame, ["c"], 2) == MOST_PLACES
    assert places(frame.iloc[:0], ["a"], 2) == 2


def test_a_fall_short_of_all_is_not_written_as_all(inputs_for):
    table = episodes_table(inputs_for("KEN"))
    column = next(c for c in table.columns if c.name == "fall_pct")
    written = [cell_text(value, column.decimals) for value in table.frame["fall_pct"].dropna()]
    assert max(written, key=float) == "99.99"
    assert table.frame["fall_pct"].max() == pytest.approx(99.99)
