"""Parallel rates beside the official one: errors of a decimal point and of direction, and premiums that are real."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.data.checks.parallel import OFFICIAL, PARALLEL
from cryptorisk.data.checks.wording import figure

CRYPTO = "crypto_parallel_fx_lcu_per_usd"

MONTHS = 60
NOISE = np.exp(np.random.default_rng(3).normal(0, 0.04, MONTHS))
"""Bitcoin is traded thinly in small currencies."""


def official(level: float, country: str = "KEN", moves: dict[int, float] | None = None) -> pd.DataFrame:
    """A rate that creeps, and is devalued by a factor in the months of ``moves``."""
    monthly = np.full(MONTHS, 1.003)
    for month, factor in (moves or {}).items():
        monthly[month] = factor
    return history(OFFICIAL, level * np.cumprod(monthly), start="2021-01", country=country, source="b")


def crypto(values: np.ndarray, country: str = "KEN") -> pd.DataFrame:
    return history(CRYPTO, values, start="2021-01", country=country)


def beside(rates: pd.DataFrame, fetched: pd.DataFrame, previous: pd.DataFrame | None = None):
    return judged(fetched, previous, beside=rates)


def path(*points: tuple[int, float]) -> np.ndarray:
    """Premium factors by month, straight in logarithms between points."""
    months, factors = zip(*points, strict=True)
    return np.exp(np.interp(np.arange(MONTHS), months, np.log(factors))) * NOISE


REAL = {
    "a free rate": (official(130.0), path((0, 1.0), (59, 1.0))),
    "Argentina, twice": (official(100.0), path((0, 1.7), (30, 2.1), (40, 1.9), (59, 1.05))),
    "Lebanon, forty times": (
        official(1507.5, moves={25: 9.95, 37: 5.97}),
        path((0, 5.0), (12, 18.0), (24, 40.0), (25, 5.0), (36, 6.0), (37, 1.0), (59, 1.0)),
    ),
    "Zimbabwe, three times": (official(20.0), path((0, 1.3), (20, 3.0), (30, 1.5), (59, 2.0))),
    "Venezuela, a hyperinflation": (
        official(0.1, moves=dict.fromkeys(range(20), 1.8)),
        path((0, 1.0), (6, 4.0), (8, 1.5), (20, 4.5), (59, 1.1)),
    ),
    "a frozen rate and a sixteenfold premium": (official(24.0), path((0, 2.0), (59, 16.0))),
    "dinars, below one": (official(0.3), path((0, 1.0), (59, 1.1))),
    "a discount of a quarter": (official(3.75), path((0, 0.75), (59, 1.0))),
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("series", PARALLEL[:2])
def test_real_premiums_pass(name, series):
    rates, premium = REAL[name]
    fetched = rates.assign(series=series, source="a_live", value=rates["value"] * premium)
    assert beside(rates, fetched).quarantined.empty


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("factor", [10.0, 0.1, 1000.0])
def test_a_decimal_point_is_caught_in_the_whole_history(name, factor):
    rates, premium = REAL[name]
    found = beside(rates, crypto(rates["value"].to_numpy() * premium * factor))
    assert len(held(found)["parallel"]) >= 0.7 * MONTHS


@pytest.mark.parametrize("level", [1507.5, 130.0, 3.75, 2.0, 0.7, 0.3])
def test_a_rate_turned_over_is_caught(level):
    rates = official(level)
    found = beside(rates, crypto(1 / (rates["value"].to_numpy() * NOISE)))
    assert len(held(found)["parallel"]) == MONTHS
    assert "the rate is turned over" in found.quarantined["reason"].iloc[0]


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("wrong", [lambda v: v * 10, lambda v: v / 10], ids=["ten times", "a tenth"])
@pytest.mark.parametrize(
    ("first", "last"), [(30, 31), (MONTHS - 1, MONTHS), (MONTHS - 3, MONTHS), (40, MONTHS)]
)
def test_a_decimal_point_is_caught_in_a_part(name, wrong, first, last):
    rates, premium = REAL[name]
    values = rates["value"].to_numpy() * premium
    values[first:last] = wrong(values[first:last])
    found = beside(rates, crypto(values))
    assert sorted(found.quarantined["value"]) == sorted(values[first:last])


def test_single_rates_turned_over_are_caught_and_told_with_their_premium():
    rates = official(130.0)
    values = rates["value"].to_numpy() * 1.5
    values[-2:] = 1 / values[-2:]
    found = beside(rates, crypto(values))
    assert held(found) == {"parallel": sorted(values[-2:], reverse=True)}
    first, last = values[-3:-1].tolist()
    assert found.quarantined["reason"].iloc[0] == (
        f"a_live gives {CRYPTO} for KEN at {figure(last)} (2025-11), one 36 100th of the official rate "
        f"of {figure(rates['value'].iloc[-2])}, where it was {figure(first)} (2025-10), 1.5 times the official rate: no "
        "premium leaps so from one period to the next."
    )


def test_a_devaluation_of_the_official_rate_alone_is_no_leap():
    rates = official(1507.5)
    parallel = rates["value"].to_numpy() * path((0, 5.0), (59, 6.0))
    rates.loc[40:, "value"] *= 10
    assert beside(rates, crypto(parallel)).quarantined.empty


def test_what_was_accepted_is_believed_and_what_follows_it_too():
    rates = official(130.0)
    values = rates["value"].to_numpy().copy()
    values[50:] *= 7
    fetched = crypto(values)
    assert len(beside(rates, fetched).quarantined) == 10
    accepted = fetched.iloc[:52]  # two of them released by hand
    assert beside(rates, fetched, accepted).quarantined.empty


def test_a_history_accepted_by_hand_is_believed():
    rates = official(130.0)
    fetched = crypto(rates["value"].to_numpy() * 12)
    assert len(beside(rates, fetched).quarantined) == MONTHS
    assert beside(rates, fetched, fetched.iloc[:-1]).quarantined.empty


def test_without_an_official_rate_nothing_is_compared():
    fetched = crypto(official(130.0)["value"].to_numpy() * 10)
    assert judged(fetched).quarantined.empty
    assert beside(official(1.0, country="UGA"), fetched).quarantined.empty
    old = official(130.0).assign(date=lambda rows: rows["date"] - pd.Timedelta(days=8000))
    assert beside(old, fetched).quarantined.empty


def test_the_newest_months_are_compared_with_the_last_official_rate_known():
    rates = official(130.0)
    values = rates["value"].to_numpy().copy()
    values[-2:] *= 10
    assert len(beside(rates.iloc[:-6], crypto(values)).quarantined) == 2


def test_the_rates_of_the_vintage_pass_and_ten_times_of_them_do_not(whole_vintage):
    rows = whole_vintage[whole_vintage["series"].isin(PARALLEL)]
    rates = whole_vintage[whole_vintage["series"] == OFFICIAL]
    assert set(rows["country"]) == {"ARG", "BOL"}
    assert beside(rates, rows).quarantined.empty
    wrong = beside(rates, rows.assign(value=rows["value"] * 10)).quarantined
    assert set(wrong["country"]) == {"ARG", "BOL"}
