"""The plain count beside the probability, and decimals that show what is not zero or not all."""

import math

import pandas as pd
import pytest

from cryptorisk.models.crash.episodes import episodes_table
from cryptorisk.models.part import MOST_PLACES, places
from cryptorisk.models.price_risk.estimates import counted_in_words
from cryptorisk.result import cell_text


def test_a_fall_is_counted_by_its_simple_size():
    days = pd.Series(0.0, range(3650))
    assert counted_in_words(days) == "It never came in 10.0 years."
    days[7] = 100 * math.log(0.79)
    days[9] = 100 * math.log(0.81)  # above 20 log percent, below 20 percent
    assert counted_in_words(days) == "It came once in 10.0 years, plainly counted 10 % a year."
    days[2000] = 100 * math.log(0.6)
    assert "twice" in counted_in_words(days)
    assert f"{100 * (1 - math.exp(-0.2)):.0f} % a year" in counted_in_words(days)
    days[3000] = 100 * math.log(0.6)
    assert "3 times" in counted_in_words(days)


def test_the_embedded_prices_had_two_such_days(inputs_for):
    prices = inputs_for("KEN").series("btc_price_usd", country="WLD").values.dropna().loc["2014":]
    returns = 100 * (prices / prices.shift()).map(math.log).dropna()
    assert counted_in_words(returns) == "It came twice in 12.4 years, plainly counted 15 % a year."


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
