"""Two speeds of the shadow and the official rate: given where price discovery stands and the days allow, else refused."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import pair, threshold_pair

from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.models.flight.two_speeds import TwoSpeeds, two_speeds, two_speeds_table
from cryptorisk.stats.price_discovery import discover


def rates(x):
    return pd.DataFrame(np.exp(x), columns=["shadow", "official"])


def asked(x):
    rng = np.random.default_rng(1)
    return two_speeds(rates(x), discover(x, rng=rng, unit=True, replications=20), rng)


@pytest.fixture(scope="module")
def found():
    return asked(threshold_pair(900, 0.01, (-0.02, 0.02), (-0.25, 0.25), np.random.default_rng(7)))


@pytest.fixture
def series():
    daily = pd.DataFrame(columns=["premium", "shadow", "official"], index=pd.DatetimeIndex([]), dtype=float)
    return PremiumSeries(daily, "parallel", ("world",), ("a", "b"))


def test_a_wide_premium_that_closes_faster_is_told(found, series):
    assert isinstance(found, TwoSpeeds)
    assert found.test.p_fixed <= 0.05
    assert found.model.slope == 1.0
    (table,) = two_speeds_table([("free", found), ("fixed", None)], series, 0.9)
    row = table.frame.set_index("stretch").loc["free"]
    assert list(table.frame["stretch"]) == ["free"]
    assert row["fixed"] <= 0.05
    assert row["holm"] == row["fixed"]
    assert row["official"].count("(") == 2
    assert 15 <= row["below"] <= 85
    assert "reason" not in table.frame


def test_a_short_stretch_is_refused_with_its_days(found, series):
    short = asked(pair(200, (-0.1, 0.2), np.random.default_rng(3)))
    assert "199 days" not in short  # one lag: two observations are spent
    assert short.startswith("198 days: the smaller regime may have 30, and 40 are asked for 4 coefficients")
    (alone,) = two_speeds_table([("short", short)], series, 0.9)
    assert [one.name for one in alone.columns] == ["stretch", "reason"]
    (both,) = two_speeds_table([("short", short), ("free", found)], series, 0.9)
    assert both.frame.set_index("stretch").loc["short", "reason"] == short


def test_where_price_discovery_is_refused_nothing_is_asked(series):
    assert (
        two_speeds(rates(np.zeros((3, 2))), "the two prices are not held together", np.random.default_rng(1))
        is None
    )
    assert two_speeds_table([("controls", None)], series, 0.9) == ()
