"""GDP in dollars beside a second market: made-up economies, and the economies of the embedded vintage."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate
from cryptorisk.models.exposure import household_holdings
from cryptorisk.models.exposure.holdings import Band, over_gdp
from cryptorisk.models.flight.gdp_rate import gdp_rate_finding
from cryptorisk.models.flight.premium_tables import EPISODE_LOG_PCT
from cryptorisk.models.gdp_dollars import APART_LOG_PCT, GdpDollars, gdp_dollars, gdp_gaps
from cryptorisk.models.volumes.estimates import country_estimates
from cryptorisk.models.volumes.fit import fit
from cryptorisk.params import Params

MONTHS = pd.date_range("2022-01-31", "2025-12-31", freq="ME")
CASH, OFFICIAL = "parallel_fx_lcu_per_usd", "official_fx_lcu_per_usd"


class Series:
    def __init__(self, values, source):
        self.values = values
        self.source_ids = (source,) if len(values) else ()
        self.sources_by_date = pd.Series(source, index=values.index, dtype=object)


class World:
    """Series of one economy behind the interface of the kit's inputs."""

    catalogue = catalogue()
    as_of = dt.date(2026, 6, 30)

    def __init__(self, columns, *, country="KEN", named=None, confidential=()):
        self.columns, self.country, self.named = columns, country, named or {}
        self.confidential = frozenset(confidential)

    def series(self, id, *, country=None, sources=None):
        empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
        here = country in (None, self.country)
        return Series(self.columns.get(id, empty) if here else empty, self.named.get(id, "world"))


def years(values):
    return pd.Series(values, pd.date_range("2022-12-31", periods=len(values), freq="YE"), dtype=float)


def economy(market, rate=10.0, **rest):
    columns = {
        "gdp_usd": years([100.0] * 4),
        "gdp_lcu": years([100.0 * rate] * 4),
        OFFICIAL: pd.Series(rate, MONTHS),
        CASH: market,
    }
    return World(columns, **rest)


def test_both_prices_are_the_range_and_their_geometric_mean_the_centre():
    found = gdp_dollars(economy(pd.Series(20.0, MONTHS)), 100.0, 2024)
    assert (found.low, found.high) == (pytest.approx(50), 100)
    assert found.central == pytest.approx(100 / math.sqrt(2))
    assert "10.00 (its source) and 20.00" in found.note


@pytest.mark.parametrize("market", [10.0, 10.9, 8.0])
def test_near_the_official_rate_nothing_changes(market):
    found = gdp_dollars(economy(pd.Series(market, MONTHS)), 100.0, 2024)
    assert (found.low, found.central, found.high, found.note) == (100, 100, 100, "")


def test_a_source_that_left_the_dead_rate_is_left_alone():
    world = economy(pd.Series(20.0, MONTHS), rate=19.5)
    world.columns[OFFICIAL] = pd.Series(10.0, MONTHS)
    assert not gdp_gaps(world, [2023, 2024])


def test_without_gdp_in_national_money_the_mean_official_rate_stands_in():
    world = economy(pd.Series(20.0, MONTHS))
    del world.columns["gdp_lcu"]
    assert gdp_gaps(world, [2024])[2024].rate == pytest.approx(10)


def test_the_year_is_that_of_the_accounts():
    """A pound that fell in the last quarter of the calendar year: Egypt's accounts had ended in June."""
    market = pd.Series(np.where(pd.Timestamp("2024-06-30") < MONTHS, 20.0, 10.0), MONTHS)
    assert 2024 in gdp_gaps(economy(market), [2024])
    assert 2024 not in gdp_gaps(economy(market, country="EGY"), [2024])


def test_too_few_months_other_units_own_gdp_and_secret_prices_are_not_used():
    market = pd.Series(20.0, MONTHS)
    assert not gdp_gaps(economy(market[-2:]), [2025])
    assert gdp_gaps(economy(market[-3:]), [2025])[2025].months == 3
    assert not gdp_gaps(economy(100_000 * market), [2025])
    assert not gdp_gaps(economy(market, named={"gdp_usd": BANK}), [2025])
    assert not gdp_gaps(economy(market, confidential=[CASH]), [2025])


def test_the_mark_is_that_of_an_episode_of_the_premium():
    assert APART_LOG_PCT == EPISODE_LOG_PCT


def test_ends_of_a_ratio_are_low_over_high_and_high_over_low():
    share = over_gdp(Band(1.0, 2.0, 4.0), GdpDollars(50.0, 70.0, 100.0, 2025))
    assert (share.low, share.central, share.high) == (1.0, pytest.approx(200 / 70), 8.0)


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "LBN", "EGY", "ETH", "AGO", "DEU", "VEN"])
def test_embedded_economies_without_a_second_price_keep_their_gdp(inputs_for, iso3):
    assert not gdp_gaps(inputs_for(iso3), range(2015, 2026))


def test_bolivias_ratios_hold_both_prices(inputs_for):
    inputs, params = inputs_for("BOL"), Params(country="BOL")
    exposure = household_holdings(inputs, params)
    held, share = exposure["household_holdings_usd"], exposure["household_holdings_pct_gdp"]
    assert exposure.gdp.high == pytest.approx(64.25e9, rel=1e-3)
    assert 35e9 < exposure.gdp.low < 37e9
    assert share.high == pytest.approx(100 * held.high / exposure.gdp.low)
    assert share.low == pytest.approx(100 * held.low / exposure.gdp.high)
    assert any(f.id == "crash.gdp_rate" for f in exposure.findings)
    usd, ratio, *_ = country_estimates(fit(inputs, params), inputs)
    assert ratio.high / ratio.low > 1.5 * usd.high / usd.low
    assert "with GDP at the centre the volume would be" in ratio.note


def test_the_residual_says_what_it_would_be(inputs_for):
    made = Estimate("flight.residual_pct_gdp", "Residual", -2.0, "pct_gdp", date="2025")
    (bolivia,) = gdp_rate_finding(inputs_for("BOL"), [made])
    assert "−3.6 % of GDP instead of −2.0 %" in bolivia.text
    assert not gdp_rate_finding(inputs_for("KEN"), [made])
