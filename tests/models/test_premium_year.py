"""The premium of the last twelve months: its highest month, and a shadow rate that runs on without an official one."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.models.flight.premium_year import RECENT_MONTHS, RUNS_ON, of_late, run_on, year_high
from cryptorisk.stats.premium import log_premium_pct

DAYS = pd.date_range("2025-01-01", "2026-07-03", freq="D")
AS_OF = dt.date(2026, 11, 23)


def series(shadow, official=10.0, monthly=False):
    frame = pd.DataFrame({"shadow": shadow, "official": official})
    frame["premium"] = log_premium_pct(frame["shadow"].to_numpy(float), frame["official"].to_numpy(float))
    return PremiumSeries(frame, "parallel", ("world",), ("parallel_fx_lcu_per_usd",), monthly)


def closing():
    """Half as dear again until November 2025, none since."""
    return pd.Series(np.where(pd.Timestamp("2025-11-30") >= DAYS, 15.0, 10.0), DAYS)


def test_a_market_that_has_just_calmed_is_not_calm():
    shadow = closing()
    found = year_high(series(shadow), shadow, AS_OF)
    assert found.date == "2025-11"
    assert found.value == pytest.approx(50)
    assert (found.low, found.high) == (pytest.approx(50), pytest.approx(50))
    assert found.note == ""


def test_months_before_the_window_do_not_count():
    shadow = closing()
    found = year_high(series(shadow), shadow, dt.date(2026, 12, 2))
    assert found.value == pytest.approx(0)
    old = year_high(series(shadow), shadow, dt.date(2028, 1, 31))
    assert "not known after 2026-07-03" in old.reason
    assert of_late("2025-11-30", AS_OF)
    assert not of_late("2025-10-31", AS_OF)
    assert RECENT_MONTHS == 12


@pytest.mark.parametrize(
    ("after", "far", "word"),
    [(11.5, True, "15 % above"), (10.5, False, "5 % above"), (8.0, True, "20 % below")],
)
def test_a_shadow_rate_that_leaves_the_last_official_rate_is_named(after, far, word):
    calm = pd.Series(10.0, DAYS)
    later = pd.Series(after, pd.date_range("2026-07-04", "2026-08-22"))
    whole = pd.concat([calm, later])
    gone = run_on(series(calm), whole)
    assert gone.far is far
    assert word in gone.said("parallel")
    assert "far" in gone.said("parallel", size=False)
    assert (RUNS_ON in year_high(series(calm), whole, AS_OF).note) is far
    assert run_on(series(calm), calm) is None


def test_a_monthly_rate_is_ranged_by_the_months_beside_it():
    months = pd.date_range("2025-12-31", periods=6, freq="ME")
    shadow = pd.Series([11.0, 12.0, 14.0, 13.0, 11.0, 10.0], months)
    found = year_high(series(shadow, monthly=True), shadow, AS_OF)
    assert (found.value, found.low, found.high) == (pytest.approx(40), pytest.approx(20), pytest.approx(40))
    assert found.date == "2026-02"
