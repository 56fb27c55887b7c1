"""Debt due within a year: what central banks publish by remaining maturity against what the kit puts together."""

import datetime as dt
from functools import cache

import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight.amount import carried
from cryptorisk.models.flight.falling_due import _debt_service, put_together, short_term_debt
from cryptorisk.models.flight.foreign_trade import trade_of
from cryptorisk.models.flight.part import annual
from cryptorisk.models.flight.remaining_maturity import (
    DRIFT_A_YEAR,
    LARGEST_MULTIPLE,
    LARGEST_SHARE,
    SOURCE,
    beyond_service,
    published_at,
    published_debt,
)
from cryptorisk.params import Params

VINTAGE = "2026-11-23"
BN = 1e9
NO_ORIGINAL_MATURITY = {"CHL", "EGY"}
"""Published, but without a figure at original maturity in the vintage."""


@cache
def stocks(economy, year):
    """What the kit puts together for a year's end, debt service, and all external debt."""
    inputs = load_inputs(Params(country=economy, vintage=VINTAGE))
    gdp = annual(inputs, "gdp_usd")
    exports = trade_of(inputs, "exports", year, gdp)
    made = put_together(inputs, year, gdp, exports)
    debt = carried(annual(inputs, "external_debt_usd"), "external_debt_usd", year, gdp)
    return made, _debt_service(inputs, exports, year), debt


def cases():
    table = published_debt()
    table = table[~table["economy"].isin(NO_ORIGINAL_MATURITY)]
    ends = [date.year if date.month > 3 else date.year - 1 for date in table["date"]]
    return [(e, y, v) for e, y, v in zip(table["economy"], ends, table["bn_usd"], strict=True) if y <= 2024]


@pytest.mark.parametrize(("economy", "year", "published"), cases())
def test_every_published_figure_lies_inside_the_range(economy, year, published):
    made, _, _ = stocks(economy, year)
    assert made.low <= published * BN <= made.high


def test_the_bounds_are_the_largest_of_the_published_cases():
    shares, multiples = [], []
    for economy, year, published in cases():
        made, service, debt = stocks(economy, year)
        beyond = published * BN - made.low
        shares.append(beyond / (debt.value - made.low))
        multiples.append(beyond / service.value)
    assert 0.95 * LARGEST_SHARE < max(shares) <= LARGEST_SHARE
    assert 0.95 * LARGEST_MULTIPLE < max(multiples) <= LARGEST_MULTIPLE


def test_india_lies_beyond_original_maturity_and_the_heaviest_year_of_debt_service():
    """303 bn USD at the end of March 2025; 219 with the heaviest of three years."""
    made, service, _ = stocks("IND", 2024)
    assert made.low + service.high < 0.75 * 303.4 * BN
    assert made.high > 303.4 * BN


def test_the_smaller_bound_counts_and_none_gives_nothing():
    assert beyond_service(20.0, 120.0, 100.0) == pytest.approx(LARGEST_SHARE * 100)
    assert beyond_service(20.0, 120.0, 1.0) == pytest.approx(LARGEST_MULTIPLE)
    assert beyond_service(20.0, 10.0, None) == 0.0
    assert beyond_service(20.0, None, None) == 0.0


def test_a_published_figure_is_known_from_its_month_on_and_is_of_the_year():
    assert published_at("IND", 2024, dt.date(2025, 5, 31)) is None
    known = published_at("IND", 2024, dt.date(2025, 6, 30))
    assert known.value == pytest.approx(303.4 * BN)
    assert known.high / known.value - 1 == pytest.approx(DRIFT_A_YEAR * 90 / 365)
    assert "March 2025" in known.note
    exact = published_at("TUR", 2024, dt.date(2026, 11, 23))
    assert exact.ends == pytest.approx((221.3 * BN,) * 3)
    assert published_at("TUR", 2022, dt.date(2026, 11, 23)) is None
    assert published_at("EGY", 2024, dt.date(2026, 11, 23)) is None  # half a year away
    assert published_at("KEN", 2024, dt.date(2026, 11, 23)) is None


def test_the_published_figure_takes_the_place_of_the_estimate():
    inputs = load_inputs(Params(country="IND", vintage=VINTAGE))
    debt, is_floor = short_term_debt(inputs, 2024, annual(inputs, "gdp_usd"), None)
    assert not is_floor
    assert debt.sources == (SOURCE,)
    assert debt.value == pytest.approx(303.4 * BN)


def test_the_drift_is_the_largest_change_a_year_in_the_table():
    table = published_debt().sort_values(["economy", "date"])
    changes = []
    for _, rows in table.groupby("economy"):
        years = rows["date"].diff().dt.days / 365.25
        changes += (rows["bn_usd"].pct_change().abs() / years)[years.between(0.4, 1.6)].tolist()
    assert max(changes) == pytest.approx(DRIFT_A_YEAR, abs=0.005)


def test_every_figure_has_its_page_and_fits_the_total_on_it():
    table = published_debt()
    assert table["url"].str.startswith("http").all()
    assert table["organisation"].ne("").all()
    assert (table["published"] >= table["date"].dt.strftime("%Y-%m")).all()
    assert not table.duplicated(["economy", "date"]).any()
    short, total = table["short_term_bn_usd"], table["external_debt_bn_usd"]
    assert (short.isna() | (short < table["bn_usd"])).all()
    assert (total.isna() | (table["bn_usd"] < 0.5 * total)).all()
    shares = table["note"].str.extract(r"^([\d.]+) % of external debt")[0].astype(float)
    quoted = table[shares.notna()]
    assert (
        pd.Series(shares.dropna() / 100 * quoted["external_debt_bn_usd"]) - quoted["bn_usd"]
    ).abs().max() < 0.3
