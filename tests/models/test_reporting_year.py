"""Fiscal years: the table against the vintage's own GDP in two currencies, and what it makes of money in dollars."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.flight.measures import flight_measures
from cryptorisk.models.flight.position import position
from cryptorisk.models.flight.reporting_year import (
    fiscal_year_finding,
    over_calendar_years,
    reporting_year,
    reporting_years,
    to_stock,
)

YEARS = range(2005, 2025)
SETTLED = ("BGD", "BTN", "EGY", "HTI", "IND", "LSO", "NPL", "PAK", "TON", "WSM")
"""Economies whose rate moved enough for the vintage to tell the year at which GDP was converted."""


def misses(inputs):
    """Mean distance of the implied rate of GDP from the mean official rate of years that end -9 to +6 months away."""
    lcu, usd, rates = (inputs.panel(id) for id in ("gdp_lcu", "gdp_usd", "official_fx_lcu_per_usd"))
    found = {}
    for economy in lcu.columns.intersection(usd.columns).intersection(rates.columns):
        implied = (lcu[economy] / usd[economy]).dropna()
        implied = implied[implied > 0]
        implied.index = implied.index.year
        rate = rates[economy].dropna()
        rate = pd.Series(rate.to_numpy(float), rate.index.to_period("M")).groupby(level=0).last().asfreq("M")
        mean = rate.rolling(12, min_periods=12).mean()
        by_end = {}
        for months in range(-9, 7):
            ends = [pd.Period(year=y, month=12, freq="M") + months for y in YEARS]
            means = mean.reindex(ends).where(lambda one: one > 0)
            gaps = np.log(implied.reindex(YEARS).to_numpy() / means.to_numpy())
            gaps = gaps[np.isfinite(gaps) & (np.abs(gaps) < 1.5)]
            if len(gaps) >= 5:
                by_end[months] = float(np.abs(gaps).mean())
        if 0 in by_end:
            found[economy] = by_end
    return found


@pytest.fixture(scope="module")
def missed(inputs_for):
    return misses(inputs_for("KEN"))


@pytest.mark.parametrize("economy", SETTLED)
def test_gdp_in_both_currencies_is_converted_at_the_mean_rate_of_the_year_in_the_table(missed, economy):
    months = reporting_years()[economy].months_after_december
    by_end = missed[economy]
    assert by_end[months] == min(by_end.values())
    assert by_end[months] < 0.005
    assert by_end[0] > 2 * by_end[months]


def test_no_other_economy_is_plainly_on_a_fiscal_year(missed):
    fiscal = {
        economy for economy, by_end in missed.items() if min(by_end.values()) < 0.005 and by_end[0] > 0.01
    }
    assert fiscal <= set(reporting_years())


def test_egypt_has_the_pounds_of_before_the_devaluation_in_the_dollars_of_after(inputs_for):
    """83.70 % of 383.1 bn USD at 36.23 (July 2023 to June 2024) is 11 617 bn pounds: 230 bn USD at December's 50.51.

    At June's rate it is 243; which of the two is not said, and the centre lies between them.
    """
    inputs = inputs_for("EGY")
    money = position(inputs).broad_money
    assert money.low / 1e9 == pytest.approx(230.0, abs=1.0)
    assert money.high / 1e9 == pytest.approx(243.6, abs=1.0)
    assert money.value == pytest.approx((money.low * money.high) ** 0.5)
    assert "July to June" in money.note


def test_ethiopia_is_on_a_fiscal_year_and_converted_at_the_calendar_years_rate(inputs_for):
    found = to_stock(inputs_for("ETH"), 2023)
    assert "calendar" in found.note


def test_where_the_calendar_holds_the_stock_has_decembers_rate_and_no_other(inputs_for):
    """A year's mean rate is none of a stock: it is in no range."""
    found = to_stock(inputs_for("KEN"), 2024)
    rate = inputs_for("KEN").series("official_fx_lcu_per_usd").values["2024"]
    assert found.factor == pytest.approx(rate.mean() / rate.iloc[-1])
    assert found.low == found.factor == found.high
    assert found.note == ""
    assert reporting_year("KEN") is None
    assert fiscal_year_finding("KEN", "Kenya") == ()


@dataclasses.dataclass
class Told:
    values: pd.Series


@dataclasses.dataclass
class Halved:
    """A currency that lost half of its value on 1 January: 10 a dollar in 2022 and 2023, 20 in 2024."""

    implied: float | None
    country: str = "EGY"

    def series(self, id):
        if id == "official_fx_lcu_per_usd":
            months = pd.date_range("2022-01-31", "2024-12-31", freq="ME")
            return Told(pd.Series(np.where(months.year == 2024, 20.0, 10.0), months))
        end = pd.DatetimeIndex(["2024-12-31"])
        if id == "gdp_usd":
            return Told(pd.Series([100.0], end))
        return Told(
            pd.Series([] if self.implied is None else [100 * self.implied], end[: self.implied is not None])
        )


def test_a_fall_in_the_middle_of_the_fiscal_year_is_converted_at_its_mean():
    """July 2023 to June 2024 is 15 on average: 1500 of national money, 75 dollars at 20 in June and December."""
    found = to_stock(Halved(15.0), 2024)
    assert (found.factor, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))


def test_where_the_year_is_not_known_both_are_in_the_range():
    for implied in (None, 17.0):
        found = to_stock(Halved(implied), 2024)
        assert (found.factor, found.low, found.high) == pytest.approx((0.75**0.5, 0.75, 1.0))
        assert "not known" in found.note


def test_a_flow_of_fiscal_years_by_calendar_year():
    """Twelve a year to June 2023 and 24 a year to June 2024: 18 in the calendar year 2023; a year to March is 3 / 9."""
    flow = pd.Series([12.0, 24.0], index=[2023, 2024])
    assert over_calendar_years(flow, reporting_years()["EGY"])[2023] == pytest.approx(18.0)
    assert over_calendar_years(flow, reporting_years()["IND"])[2024] == pytest.approx(0.75 * 24 + 0.25 * 12)
    assert np.isnan(over_calendar_years(flow, reporting_years()["EGY"])[2024])


def test_the_residuals_band_holds_a_current_account_for_calendar_years(inputs_for):
    """Haiti has no second source of the current account; Kenya's years are the calendar's."""
    assert any("spread over calendar years" in name for name in flight_measures(inputs_for("HTI")).usd)
    assert not any("spread over calendar years" in name for name in flight_measures(inputs_for("KEN")).usd)
