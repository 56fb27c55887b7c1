"""Gold in reserves: holdings, prices, and a residual that does not count a price as money kept."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.models.flight import analyse, gold
from cryptorisk.models.flight.gold import (
    LEAST_LISTED,
    LINE,
    OF_MOVE,
    OUNCES_PER_TONNE,
    SOURCES,
    SPREAD,
    STEADY_SPREAD,
    gold_prices,
    holdings,
    line_with_ends,
    ounces_held,
    revaluation,
)
from cryptorisk.models.flight.gold_findings import STILL_IN_IT, gold_findings, gold_table
from cryptorisk.models.flight.measures import WORLD_BANK, flight_measures, of_measure
from cryptorisk.models.flight.other_measures import HOT_MONEY
from cryptorisk.params import Params

VINTAGE = "2026-11-23"
TABLE = Path(gold.__file__).with_name("gold_holdings.csv")


def years(first, last):
    return pd.Index(range(first, last + 1))


def test_a_holding_that_never_changed_is_known_to_the_percent():
    """Lebanon: 286.8 tonnes in every list, 9.22 million ounces."""
    held = ounces_held("LBN", years(2001, 2024))
    assert held.to_numpy() == pytest.approx(9.22e6, rel=STEADY_SPREAD + 1e-3)
    assert held["central"].to_numpy() == pytest.approx(9.22e6, rel=1e-3)


@pytest.mark.parametrize(
    ("economy", "tonnes"),
    [
        ("DEU", 3351.0),
        ("ITA", 2451.8),
        ("FRA", 2436.9),
        ("PRT", 382.7),
        ("CHE", 1040.0),
        ("JPN", 846.0),
        ("USA", 8133.5),
    ],
)
def test_the_largest_holders_are_in_the_table(economy, tonnes):
    """They hardly moved since 2021; unrecorded flows are the headline of the economies that use the euro."""
    held = ounces_held(economy, years(2022, 2024)) / OUNCES_PER_TONNE
    assert held["central"].to_numpy() == pytest.approx(tonnes, rel=0.003)
    assert ((held["high"] / held["low"] - 1) < 0.021).all()


def test_between_two_dates_the_range_leaves_them():
    """Qatar held 72 tonnes in July 2022 and 115 at the end of 2025: neither bounds that of 2023. Kazakhstan's of 2024 is
    known (284.05 tonnes)."""
    tonnes = ounces_held("QAT", years(2023, 2023)).loc[2023] / OUNCES_PER_TONNE
    assert tonnes["low"] < 72.3 < tonnes["central"] < 115.2 < tonnes["high"]
    known = ounces_held("KAZ", years(2024, 2024)).loc[2024] / OUNCES_PER_TONNE
    assert known.tolist() == pytest.approx([284.1] * 3)


def test_the_range_grows_with_the_distance_from_a_known_date():
    dates, tonnes = np.array([2010.0, 2016.0, 2020.0]), np.array([10.0, 20.0, 20.1])
    central, half = line_with_ends(dates, tonnes, np.array([2010.0, 2010.04, 2013.0, 2018.0, 2024.0, 2006.0]))
    assert central == pytest.approx([10.0, 10.0 + 10 * 0.04 / 6, 15.0, 20.05, 20.1, 10.0])
    middle = LINE + OF_MOVE * np.log(2)
    expected = [0.0, SPREAD * 0.2, middle, STEADY_SPREAD, SPREAD * 2, SPREAD * 2]
    assert half == pytest.approx(expected)


def test_after_the_last_date_the_holding_is_carried():
    """Belarus is last known in June 2022: its 53.7 tonnes are the centre of 2024, between half and nearly twice as much."""
    tonnes = ounces_held("BLR", years(2024, 2024)).loc[2024] / OUNCES_PER_TONNE
    assert tonnes["central"] == pytest.approx(53.7)
    assert tonnes["high"] / 53.7 == pytest.approx(np.exp(SPREAD * np.sqrt(2.5)))
    assert tonnes["low"] * tonnes["high"] == pytest.approx(53.7**2)


def test_gold_of_an_oil_fund_is_in_no_reserves():
    assert holdings("AZE", dt.date(2026, 6, 30)).empty


def test_every_holding_has_its_page_and_every_economy_its_dates_once():
    table = pd.read_csv(TABLE, keep_default_na=False)
    assert table["url"].str.match(r"https?://").all()
    assert not table.duplicated(["economy", "date"]).any()
    assert (table["tonnes"] > 0).all()
    assert table["date"].str.fullmatch(r"20\d\d-(0[1-9]|1[0-2])").all()


def test_a_report_of_an_earlier_day_knows_no_later_list():
    """In June 2022 the last holding of Bolivia known is that of August 2020: 43 tonnes are carried, with a range."""
    tonnes = ounces_held("BOL", years(2019, 2022), dt.date(2022, 6, 30)) / OUNCES_PER_TONNE
    assert tonnes.loc[2021, "central"] == pytest.approx(43.0)
    assert tonnes.loc[2021, "low"] < 36 < 50 < tonnes.loc[2021, "high"]
    assert set(holdings("BOL", dt.date(2022, 6, 30))["date"]) < set(
        holdings("BOL", dt.date(2026, 6, 30))["date"]
    )


def test_an_economy_in_no_list_holds_at_most_what_the_last_of_the_list_does():
    held = ounces_held("KEN", years(2001, 2024)) / OUNCES_PER_TONNE
    assert (held[["central", "low"]] == 0.0).all(axis=None)
    assert held["high"].to_numpy() == pytest.approx(LEAST_LISTED)


def test_prices_are_the_last_of_each_year(inputs_for):
    """London, last fixings of 2022 to 2024: 1812.35, 2062.40 and 2610.85; December's means rose by 13 % more in 2024."""
    prices = gold_prices(inputs_for("LBN"))
    assert prices.index.tolist() == list(range(2000, 2026))
    assert prices.loc[2022:2024].tolist() == [1812.35, 2062.40, 2610.85]


def test_purchases_are_no_revaluation():
    """What is left of the change of value without the tonnes bought at the mean price is the price's."""
    prices = pd.Series({2022: 1800.0, 2023: 2000.0})
    held = ounces_held("BOL", years(2022, 2023))
    found = revaluation(held, prices, pd.Index([2023])).loc[2023]
    change = held["central"][2023] * 2000 - held["central"][2022] * 1800
    bought = (held["central"][2023] - held["central"][2022]) * 1900
    assert found["central"] == pytest.approx(change - bought)
    assert found["low"] < found["central"] < found["high"]
    fallen = revaluation(held, prices.iloc[::-1].set_axis(prices.index), pd.Index([2023])).loc[2023]
    assert fallen["low"] < fallen["central"] < fallen["high"] < 0


def test_a_rising_price_of_gold_is_no_money_kept(inputs_for):
    """Lebanon's residuals of 2019 to 2023 with 9.22 million ounces: from -4.8 to about nought, hot money 2.9 to 7.8."""
    measures = flight_measures(inputs_for("LBN"))
    mean = measures.pct_gdp(measures.every()).loc[2019:2023].mean()
    assert mean[WORLD_BANK] == pytest.approx(0.2, abs=0.3)
    assert mean[HOT_MONEY] == pytest.approx(7.8, abs=0.3)
    assert 0.6 < measures.gold.loc[2023, "share"] < 0.75
    raw = inputs_for("LBN").series("reserves_usd").values
    change = raw.diff().groupby(raw.index.year).last()
    taken = measures.gold["taken"].loc[2010:2023]
    kept = measures.parts["reserves_change"].loc[2010:2023]
    assert kept.to_numpy() == pytest.approx((change.loc[2010:2023] - taken).to_numpy())


def test_unrecorded_flows_of_germany_are_not_the_price_of_gold(inputs_for):
    """2024: gold gained 59 bn USD; with it in the reserves 1.25 % of GDP seemed to come in."""
    measures = flight_measures(inputs_for("DEU"))
    assert measures.gold.loc[2024, "taken"] == pytest.approx(59.1e9, rel=0.005)
    row = measures.pct_gdp(measures.hot_money).loc[2024]
    assert row[HOT_MONEY] == pytest.approx(0.01, abs=0.03)
    (told,) = gold_findings(measures, "Germany")
    assert told.estimates == ("flight.hot_money_pct_gdp",)
    assert "Gold made 74 %" in told.text


def test_gold_that_is_carried_moves_the_centre_and_not_one_end_alone(inputs_for):
    """Belarus 2024, last holding of 2022: the centre lies inside its band."""
    measures = flight_measures(inputs_for("BLR"))
    row_of_gold = measures.gold.loc[2024]
    assert 0 < row_of_gold["taken_low"] < row_of_gold["taken"] < row_of_gold["taken_high"]
    row = of_measure(measures.pct_gdp(measures.hot_money).loc[2024], HOT_MONEY)
    assert row.min() < row[HOT_MONEY] < row.max()


def test_where_gold_matters_the_page_says_so(inputs_for):
    found = {f.id: f for f in analyse(inputs_for("LBN"), Params(country="LBN")).findings}
    told = found["flight.residual_gold"].text
    assert told.startswith("Gold made 69 % (range 68 to 70) of reserves of Lebanon at the end of 2023.")
    assert told.endswith("not counted as money kept: 9.4 % of GDP in 2023 (range 9.3 to 9.5).")
    covers = found["flight.reserves_without_gold"]
    assert covers.text.startswith("Gold made 72 % (range 72 to 73) of reserves of Lebanon at the end of 2024")
    assert "below the usual minimum of 100 % for short-term debt" in covers.text
    assert covers.severity == "warning"
    above = found["flight.reserves_above_rules"].text
    assert above.endswith("without it they miss, or may miss, that for short-term debt.")


def test_a_share_of_gold_between_two_dates_has_a_range(inputs_for):
    measures = flight_measures(inputs_for("TUR"))
    (told,) = gold_findings(measures, "Türkiye")
    assert told.text.startswith("Gold made 40 % (range 34 to 47) of reserves of Türkiye at the end of 2024.")


def test_where_no_holding_is_known_the_note_says_what_is_still_in_it(inputs_for):
    result = analyse(inputs_for("KEN"), Params(country="KEN"))
    assert "flight.residual_gold" not in {f.id for f in result.findings}
    assert "flight.reserves_without_gold" not in {f.id for f in result.findings}
    assert STILL_IN_IT in result["residual_pct_gdp"].note
    measures = flight_measures(inputs_for("KEN"))
    assert measures.gold.loc[2024, "taken"] == 0.0
    assert measures.gold.loc[2024, "taken_high"] == pytest.approx(
        LEAST_LISTED * OUNCES_PER_TONNE * (2610.85 - 2062.40)
    )


def test_gold_is_never_worth_more_than_reserves(inputs_for):
    for economy in ("BOL", "SLV", "TJK"):
        shares = flight_measures(inputs_for(economy)).gold.dropna()
        assert (shares[["share_low", "share", "share_high"]] <= 1.0).all(axis=None)


def test_reserves_without_gold_go_before_the_tables(tmp_path):
    """Given by the bank, they make the change of reserves themselves, whatever gold is worth."""
    path, values = tmp_path / "own.csv", {2021: 17.0e9, 2022: 14.5e9, 2023: 8.0e9}
    rows = [",".join(COLUMNS)]
    for year, value in values.items():
        cells = {
            "country": "LBN",
            "series": "reserves_excluding_gold_usd",
            "date": str(year),
            "value": repr(value),
            "unit": "usd",
            "confidential": "no",
        }
        rows.append(",".join(cells.get(name, "") for name in COLUMNS))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    measures = flight_measures(load_inputs(Params(country="LBN", vintage=VINTAGE, own_files=(str(path),))))
    assert measures.parts["reserves_change"].loc[2022:2023].tolist() == pytest.approx([-2.5e9, -6.5e9])
    of_gold = measures.pct_gdp(measures.usd).loc[2023].filter(like="gold")
    assert (
        of_gold.empty or (of_gold - measures.pct_gdp(measures.usd).loc[2023, WORLD_BANK]).abs().min() < 1e-9
    )
    assert measures.gold.loc[2023, "share"] == pytest.approx(1 - 8.0 / 27.4897, rel=1e-4)


def test_the_pages_of_holdings_stand_in_a_table(inputs_for):
    inputs = inputs_for("LBN")
    measures = flight_measures(inputs)
    (table,) = gold_table(inputs, measures)
    assert table.frame["url"].str.startswith("https://").all()
    assert list(table.frame["date"]) == sorted(table.frame["date"])
    assert set(SOURCES) <= set(measures.sources)
    assert set(SOURCES) <= set(inputs.sources)


def test_no_table_where_nothing_was_taken_out(inputs_for):
    inputs = inputs_for("KEN")
    measures = flight_measures(inputs)
    assert gold_table(inputs, measures) == ()
    assert set(SOURCES) <= set(measures.sources)  # of the bound in the band
