"""The state's own fund abroad: in the stock of net outflows, and no capital flight."""

import datetime as dt

import pytest

from cryptorisk.countries import country
from cryptorisk.models.flight.comparison import comparison_table
from cryptorisk.models.flight.measures import flight_measures
from cryptorisk.models.flight.state_fund import LEAST_OF_STOCK, fund_in_stock, state_fund
from cryptorisk.models.flight.stock import stock_part
from cryptorisk.models.published import quotations

TODAY = dt.date(2026, 11, 23)
FUNDS = quotations("cryptorisk.models.flight", "state_funds.csv", "flight")


def stock_of(inputs_for, iso3):
    inputs = inputs_for(iso3)
    part = stock_part(inputs, flight_measures(inputs), iso3)
    return {one.id: one for one in part.estimates}, part.findings[0].text


def test_every_figure_has_its_page_and_its_date():
    for one in FUNDS:
        assert one.unit == "bn USD"
        assert one.url.startswith("https://")
        assert one.organisation
        assert dt.date.fromisoformat(one.date) <= TODAY


def test_the_figure_nearest_to_the_years_end_and_none_that_is_not_known_yet():
    assert state_fund("AZE", 2024, TODAY).value == 60.0
    assert state_fund("AZE", 2023, TODAY).value == 56.0
    assert state_fund("AZE", 2024, dt.date(2024, 6, 1)).value == 56.0
    assert state_fund("AZE", 2019, TODAY) is None
    assert state_fund("KEN", 2024, TODAY) is None


def test_a_fund_that_is_small_beside_the_stock_changes_nothing():
    just = 60e9 / LEAST_OF_STOCK
    assert fund_in_stock("AZE", 2024, 0.99 * just, TODAY) is not None
    assert fund_in_stock("AZE", 2024, 1.01 * just, TODAY) is None
    assert fund_in_stock("AZE", 2024, -1e9, TODAY) is None


@pytest.mark.parametrize(("iso3", "fund"), [("KAZ", "National Fund: 58.5"), ("AZE", "State Oil Fund: 60")])
def test_unrecorded_flows_lead_where_the_state_has_a_fund_abroad(inputs_for, iso3, fund):
    estimates, text = stock_of(inputs_for, iso3)
    assert text.startswith(f"Unrecorded flows of {iso3} add up to ")
    assert f"({fund} bn USD at " in text
    assert text.endswith("is in it and is no capital flight.")
    assert "a stock of net outflows" not in text
    assert fund in estimates["flight.stock_usd"].note
    assert fund not in estimates["flight.unrecorded_stock_usd"].note
    table = comparison_table(country(iso3), TODAY, list(estimates.values())).frame.set_index("what")
    row = table.loc[f"The state's own fund abroad: {fund.split(':')[0]}"]
    assert row["url"] in {one.url for one in FUNDS if one.key == iso3}


@pytest.mark.parametrize("iso3", ["NGA", "BOL"])
def test_elsewhere_the_sentence_is_as_before(inputs_for, iso3):
    estimates, text = stock_of(inputs_for, iso3)
    assert "a stock of net outflows" in text
    assert "fund" not in text
    table = comparison_table(country(iso3), TODAY, list(estimates.values())).frame
    assert not table["what"].str.contains("fund").any()
