"""Gold in reserves: holdings, prices, and a residual that does not count a price as money kept."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.models.flight import analyse
from cryptorisk.models.flight.gold import OUNCES_PER_TONNE, SOURCES, gold_prices, ounces_held, revaluation
from cryptorisk.models.flight.gold_findings import gold_table
from cryptorisk.models.flight.measures import WORLD_BANK, flight_measures
from cryptorisk.models.flight.other_measures import HOT_MONEY
from cryptorisk.params import Params

VINTAGE = "2026-11-23"


def years(first, last):
    return pd.Index(range(first, last + 1))


def test_a_holding_that_never_changed_is_known_to_the_ounce():
    """Lebanon: 286.8 tonnes in every list, 9.22 million ounces."""
    held = ounces_held("LBN", years(2001, 2024))
    assert held.to_numpy() == pytest.approx(9.22e6, rel=1e-3)
    assert (held["low"] == held["high"]).all()


def test_between_two_lists_the_line_and_both_ends_and_outside_no_centre():
    """Bolivia: 43 tonnes in August 2020, 22.45 at the end of April 2024; before the first list none to 35.3."""
    tonnes = ounces_held("BOL", years(2008, 2022)) / OUNCES_PER_TONNE
    share = (2023 - (2020 + 8 / 12)) / (44 / 12)
    assert tonnes.loc[2022, "central"] == pytest.approx(43 + share * (22.45 - 43))
    assert tonnes.loc[2022, ["low", "high"]].tolist() == pytest.approx([22.45, 43.0])
    assert np.isnan(tonnes.loc[2008, "central"])
    assert tonnes.loc[2008, ["low", "high"]].tolist() == pytest.approx([0.0, 35.3])


def test_a_report_of_an_earlier_day_knows_no_later_list():
    """In 2023 the last holding of Bolivia known is that of August 2020: no centre for 2022, none to 43 tonnes."""
    tonnes = ounces_held("BOL", years(2019, 2022), dt.date(2023, 6, 30)) / OUNCES_PER_TONNE
    assert np.isnan(tonnes.loc[2022, "central"])
    assert tonnes.loc[2022, ["low", "high"]].tolist() == pytest.approx([0.0, 43.0])
    assert tonnes.loc[2019, "central"] == pytest.approx(42.5 + 0.5 * (2020 - 2017 - 7 / 12) / (37 / 12))


def test_an_economy_in_no_list_has_no_holding():
    assert ounces_held("KEN", years(2001, 2024)).empty
    assert revaluation("KEN", pd.Series(dtype=float), years(2001, 2024)).empty


def test_prices_lead_from_one_december_to_the_next(inputs_for):
    prices = gold_prices(inputs_for("LBN"))
    assert prices.index.tolist() == list(range(2000, 2026))
    assert prices[2024] / prices[2023] == pytest.approx(1.307, abs=0.001)


def test_purchases_are_no_revaluation():
    """What is left of the change of value without the tonnes bought at the mean price is the price's."""
    prices = pd.Series({2022: 1800.0, 2023: 2000.0})
    found = revaluation("BOL", prices, pd.Index([2023])).loc[2023]
    held = ounces_held("BOL", years(2022, 2023))["central"]
    change = held[2023] * 2000 - held[2022] * 1800
    bought = (held[2023] - held[2022]) * 1900
    assert found["central"] == pytest.approx(change - bought)
    assert found["low"] < found["central"] < found["high"]
    fallen = revaluation("BOL", prices.iloc[::-1].set_axis(prices.index), pd.Index([2023])).loc[2023]
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


def test_where_gold_matters_the_page_says_so(inputs_for):
    told = {f.id: f.text for f in analyse(inputs_for("LBN"), Params(country="LBN")).findings}
    assert told["flight.residual_gold"].startswith(
        "Gold made 68 % of reserves of Lebanon at the end of 2023."
    )
    assert told["flight.residual_gold"].endswith("without it reserves would be 32 % of that.")
    kenya = {f.id for f in analyse(inputs_for("KEN"), Params(country="KEN")).findings}
    assert "flight.residual_gold" not in kenya


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
    assert not set(SOURCES) & set(measures.sources)
