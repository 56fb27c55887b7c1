"""GDP in dollars beside a second market: made-up economies, and the economies of the embedded vintage."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.scenarios import headline_scenario, losses
from cryptorisk.models.exposure import _unchecked, household_holdings
from cryptorisk.models.exposure.holdings import Band, Under, over_gdp
from cryptorisk.models.flight.gdp_rate import gdp_rate_finding
from cryptorisk.models.flight.premium_tables import EPISODE_LOG_PCT
from cryptorisk.models.gdp_dollars import APART_LOG_PCT, GdpDollars, gdp_dollars, gdp_gaps
from cryptorisk.models.gdp_unchecked import unchecked_rate
from cryptorisk.models.volumes.countries import combined_shares
from cryptorisk.models.volumes.estimates import country_estimates
from cryptorisk.models.volumes.fit import fit
from cryptorisk.models.volumes.keys import GDP_IN_KEY, GDP_IN_KEY_UNRANKED, CountryYears, country_years
from cryptorisk.models.volumes.turned import turned, with_ratio
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


@pytest.fixture(scope="module")
def bolivia(inputs_for):
    """Bolivia's exposure and the parameters it was made with, under which the volumes are kept."""
    params = Params(country="BOL")
    return household_holdings(inputs_for("BOL"), params), params


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
    gdp = GdpDollars(50.0, 70.0, 100.0, 2025)
    share = over_gdp(Band(1.0, 2.0, 4.0), gdp)
    assert share == Under.fixed(gdp).share(Band(1.0, 2.0, 4.0))
    assert (share.low, share.central, share.high) == (1.0, pytest.approx(200 / 70), 8.0)


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "LBN", "EGY", "ETH", "AGO", "DEU", "VEN"])
def test_embedded_economies_without_a_second_price_keep_their_gdp(inputs_for, iso3):
    assert not gdp_gaps(inputs_for(iso3), range(2015, 2026))


def test_bolivias_own_gdp_in_the_keys_turns_with_the_ratios(bolivia):
    """With one price of a dollar throughout the ratio moves by a tenth or so: both keys rise by three quarters of GDP."""
    exposure, params = bolivia
    held, share = exposure["household_holdings_usd"], exposure["household_holdings_pct_gdp"]
    gdp = exposure.gdp
    assert gdp.high == pytest.approx(64.25e9, rel=1e-3)
    assert 35e9 < gdp.low < 37e9
    assert share.value == pytest.approx(100 * held.value / gdp.central)
    # Low holdings at the market's price are over no GDP at the source's.
    assert 100 * held.low / gdp.high < share.low
    assert share.high < 0.75 * 100 * held.high / gdp.low
    lost = exposure.in_gdp(losses(headline_scenario(params.crash), exposure.holdings, exposure.bitcoin_share))
    assert 0.72 < lost.central < 0.82
    (found,) = [f for f in exposure.findings if f.id == "crash.gdp_rate"]
    assert "holdings would be 1.9 % of GDP, at the other 2.2 %" in found.text
    assert share.low < 1.9 < share.value < 2.2 < share.high


def test_the_simulation_draws_gdp_in_the_keys_with_gdp(bolivia):
    parts = bolivia[0].parts
    owners, received = parts.owners, parts.received
    middle = owners.share.central, owners.elasticity.central
    ends = owners.part(*middle, 0.0), owners.part(*middle, 1.0)
    assert ends[1] / ends[0] == pytest.approx(owners.gdp**0.75, rel=1e-3)
    assert owners.part(*middle) == pytest.approx(math.sqrt(ends[0] * ends[1]), rel=1e-3)
    usd = received.usd.central
    assert received.part(usd, 1.0) / received.part(usd, 0.0) == pytest.approx(received.turned, rel=1e-2)
    assert received.turned < 0.7


def test_bolivias_volume_stands_at_the_price_of_its_gdp(inputs_for, bolivia):
    inputs, fitted = inputs_for("BOL"), fit(inputs_for("BOL"), bolivia[1])
    usd, ratio, *_ = country_estimates(fitted, inputs)
    row = with_ratio(fitted.path).iloc[-1]
    assert row["turned"] < 0.7
    ends = [100 * size / gdp for size, gdp in ((usd.value / row["turned"] ** 0.5, row["gdp_usd"]),)]
    assert ends[0] < ratio.value < 1.1 * ends[0]
    assert ratio.high < 1.15 * 100 * usd.high / row["gdp_usd"]
    assert ratio.low == pytest.approx(100 * usd.low / row["turned"] / row["gdp_usd"])
    assert "with GDP at its source's price throughout the volume would be" in ratio.note
    assert "low end at the market's" in usd.note


def test_only_economies_with_two_prices_and_no_published_volume_turn(inputs_for, bolivia):
    fitted = fit(inputs_for("BOL"), bolivia[1])
    frame = fitted.countries.frame
    moved = frame[frame["turned"] != 1]
    assert set(moved["iso3"]) == {"ARG", "BOL"}
    assert set(moved["basis"]) == {"allocated"}
    assert set(moved.loc[moved["iso3"] == "ARG", "first_year"]) == {2020, 2021}


def test_the_key_rises_with_gdp_as_the_shares_do(inputs_for):
    """The elasticities of `turned` against the keys themselves, with one economy's GDP a tenth lower."""
    rows = country_years(inputs_for("BOL"), (2023, 2024))
    before, frame = combined_shares(rows).log_share, rows.frame
    unranked = frame.loc[frame["rank"].isna() & frame["key_1"].notna() & frame["key_0"].notna(), "iso3"].iloc[
        0
    ]
    for code, elasticity in (("BOL", GDP_IN_KEY), (unranked, GDP_IN_KEY_UNRANKED)):
        mine = ((frame["iso3"] == code) & (frame["first_year"] == 2024)).to_numpy()
        lower = {
            f"key_{i}": frame[f"key_{i}"] + mine * size * math.log(0.9)
            for i, size in enumerate((1.0, 0.75, 0.75))
        }
        after = combined_shares(CountryYears(frame.assign(**lower))).log_share
        assert (after - before)[mine][0] == pytest.approx(elasticity * math.log(0.9), rel=0.03)


def test_a_volume_is_turned_against_the_others_of_its_region():
    frame = pd.DataFrame(
        {
            "gdp_usd": [100.0, 100.0, 100.0],
            "gdp_market_usd": [50.0, 100.0, 50.0],
            "basis": ["allocated", "allocated", "quoted"],
            "rank": [5.0, 6.0, 7.0],
            "group": [0, 0, 0],
        }
    )
    columns = (
        "value",
        "low",
        "high",
        "like_value",
        "like_low",
        "like_high",
        "share",
        "share_low",
        "share_high",
        "log_sd",
    )
    made = with_ratio(turned(frame.assign(**{name: [10.0, 30.0, 60.0] for name in columns})))
    key = 0.5**GDP_IN_KEY
    assert made["turned"].tolist() == [pytest.approx(key / (0.75 + 0.25 * key)), 1.0, 1.0]
    assert made.loc[0, "pct_gdp_high"] == pytest.approx(100 * 10 * made.loc[0, "turned"] / 50)
    assert made.loc[0, "pct_gdp_low"] == pytest.approx(10.0)
    assert made.loc[2, ["pct_gdp_low", "pct_gdp_high"]].tolist() == [60.0, 120.0]
    assert (made["high"] == [10.0, 30.0, 60.0]).all()


@pytest.mark.parametrize(
    ("iso3", "why"), [("MMR", "of 2021-04"), ("IRN", "a subsidised one"), ("SDN", "of 2023-02")]
)
def test_a_rate_that_nothing_confirms_is_said(inputs_for, iso3, why):
    text = unchecked_rate(inputs_for(iso3), 2025)
    assert why in text
    gdp = GdpDollars(1e11, 1e11, 1e11, 2025)
    (one,) = _unchecked(inputs_for(iso3), gdp, Band(1e8, 2e8, 3e8), [], 0.75)
    assert one.text.startswith(text)
    # The institution's own figure does not move with GDP.
    assert "would be about 100 % higher in relation to GDP" in one.text
    assert not _unchecked(inputs_for("KEN"), gdp, Band(1e8, 2e8, 3e8), [], 0.75)


@pytest.mark.parametrize("iso3", ["KEN", "BOL", "ETH", "LBN", "SLV", "DEU", "LBR", "ARG"])
def test_a_rate_that_is_known_or_shared_needs_no_notice(inputs_for, iso3):
    """ETH: one marked month of twelve; LBR: accounts in dollars; BOL: a second price; the others as ever."""
    assert unchecked_rate(inputs_for(iso3), 2025) == ""


def test_the_residual_says_what_it_would_be(inputs_for):
    made = Estimate("flight.residual_pct_gdp", "Residual", -2.0, "pct_gdp", date="2025")
    (bolivia,) = gdp_rate_finding(inputs_for("BOL"), [made])
    assert "−3.6 % of GDP instead of −2.0 %" in bolivia.text
    assert not gdp_rate_finding(inputs_for("KEN"), [made])
