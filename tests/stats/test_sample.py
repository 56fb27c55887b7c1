import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import (
    checked_alike,
    checked_choice,
    checked_count,
    checked_sample,
    checked_time,
)

DAYS = pd.date_range("2024-01-01", periods=5)
SERIES = pd.Series(np.arange(5.0), DAYS)


def test_complex_numbers_are_refused_and_not_cut():
    with pytest.raises(ModelError, match="real numbers"):
        checked_sample(np.array([1 + 2j, 3.0]), name="returns")


def test_a_count_is_a_whole_number():
    assert checked_count(np.int64(3), name="step") == 3
    with pytest.raises(ModelError, match=r"step must be a whole number \(got 2.5\)"):
        checked_count(2.5, name="step")
    with pytest.raises(ModelError, match="step must be at least 1"):
        checked_count(0, name="step")


def test_an_unknown_name_is_told_the_known_ones():
    checked_choice("t", ("t", "normal"), name="distribution")
    with pytest.raises(ModelError, match="unknown distribution 'ged'; use one of t, normal"):
        checked_choice("ged", ("t", "normal"), name="distribution")


@pytest.mark.parametrize("index", [DAYS, DAYS.to_period("D")])
def test_dates_must_increase(index):
    series = pd.Series(np.arange(5.0), index)
    checked_time(series, name="returns")
    checked_time(series.to_numpy()[::-1], name="returns")
    with pytest.raises(ModelError, match=r"dates of returns must increase \(2024-01-03.* at position 1"):
        checked_time(series.iloc[[3, 2, 4]], name="returns")
    with pytest.raises(ModelError, match="at position 2"):
        checked_time(series.iloc[[0, 1, 1]].to_frame(), name="returns")


def test_series_of_different_dates_are_not_paired():
    checked_alike(losses=SERIES, forecasts=SERIES.to_numpy()[::-1], states=None)
    checked_alike(losses=SERIES, forecasts=SERIES.to_frame())
    checked_alike(losses=[1.0])
    with pytest.raises(
        ModelError, match=r"losses and forecasts are of different dates: 2024-01-01.*2024-01-02"
    ):
        checked_alike(losses=SERIES, forecasts=SERIES.shift(freq="D"))
