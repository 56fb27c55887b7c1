"""The conventional measures on the embedded vintage: what lacks is named, and the bank's own files make it appear."""

import csv
import json

import numpy as np
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.models.flight import analyse
from cryptorisk.models.flight.measures import LEAST_HALF_WIDTH, OWN, WORLD_BANK, flight_measures
from cryptorisk.params import Params

VINTAGE = "2026-11-23"
COUNTRIES = ("KEN", "NGA", "ARG", "EGY", "LBN", "CAF", "SLV", "DEU", "TUV")
YEARS = range(2012, 2025)


@pytest.fixture(scope="module")
def result_of(inputs_for):
    known = {}

    def analysed(iso3):
        if iso3 not in known:
            known[iso3] = analyse(inputs_for(iso3), Params(country=iso3))
        return known[iso3]

    return analysed


def of_the_bank(path, iso3="KEN", *, confidential="no"):
    """Everything that the measures lack, made up on the scale of Kenya, in one file of the bank's own."""
    rng = np.random.default_rng(5)
    scale = {id: 1e9 for id in OWN if id.endswith("_usd")}
    values = {id: scale[id] * (5 + rng.uniform(0, 1, len(YEARS))) for id in scale}
    values |= {id: np.full(len(YEARS), 8.0) for id in OWN if id.startswith("external_debt_share")}
    values |= {"net_errors_omissions_usd": 1e8 * rng.normal(size=len(YEARS))}
    units = {id: "usd" if id.endswith("_usd") else "pct" for id in values}
    with path.open("w", newline="", encoding="utf-8") as stream:
        lines = csv.writer(stream)
        lines.writerow(COLUMNS)
        for id, numbers in values.items():
            for year, value in zip(YEARS, numbers, strict=True):
                cells = {"country": iso3, "series": id, "date": str(year), "value": repr(float(value))}
                cells |= {"unit": units[id], "confidential": confidential}
                lines.writerow([cells.get(name, "") for name in COLUMNS])
    params = Params(country=iso3, vintage=VINTAGE, own_files=(str(path),))
    return analyse(load_inputs(params), params)


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_the_chapter_stands_for_every_kind_of_economy(result_of, iso3):
    result = result_of(iso3)
    json.dumps(result.to_dict(), allow_nan=False)
    lacks = result.tables["measures"].frame.set_index("measure")["lacks"]
    assert "debt by currency" in lacks["Ndikumana-Boyce"]
    assert "banks' foreign assets" in lacks["Morgan Guaranty"]
    for name in ("morgan_guaranty", "ndikumana_boyce", "misinvoicing"):
        assert result[f"{name}_pct_gdp"].reason
    assert {
        "Financial account: financial instruments",
        "Capital account: non-produced non-financial assets",
    } <= set(result.tables["conventions"].frame["bpm7"])


def test_stocks_are_of_a_believable_size(result_of):
    """Nigeria 2014 to 2024: an outflow of about its external debt; published estimates since 1970 are several times it."""
    stock = result_of("NGA")["stock_to_debt"]
    assert stock.low > 0
    assert 50 < stock.value < 200
    assert stock.date == "2014/2024"


def test_a_stock_whose_sign_is_open_says_so(result_of):
    """El Salvador: what errors and omissions add up to is next to nothing; the residual is 12 bn USD."""
    salvador = result_of("SLV")
    assert salvador["unrecorded_stock_usd"].low < 0 < salvador["unrecorded_stock_usd"].high
    assert salvador["stock_usd"].low > 0
    text = next(f.text for f in salvador.findings if f.id == "flight.stock_result")
    assert "a stock of net outflows" in text
    assert text.endswith("whose sign is not told.")


def test_credit_from_the_imf_does_not_turn_argentinas_stock(result_of):
    """28 bn USD came from the IMF in 2018 and 16 bn in 2019: recorded, and no unrecorded inflow."""
    argentina = result_of("ARG")
    assert argentina["stock_usd"].low > 0
    flows = argentina.tables["residual"].frame.set_index("year")["hot_money"]
    assert abs(flows[2018]) < 1 > abs(flows[2019])


def test_a_balance_of_payments_that_ends_a_year_earlier_stays_in_the_sum(result_of):
    bolivia = result_of("BOL")
    hot = bolivia.tables["stock"].frame.set_index("measure").loc["Hot money (unrecorded)", "interest"]
    assert bolivia["unrecorded_stock_usd"].value == pytest.approx(1e9 * hot)
    assert bolivia["stock_usd"].date == bolivia["unrecorded_stock_usd"].date
    assert bolivia["stock_usd"].date.endswith("2023")


@pytest.mark.parametrize("iso3", ["NGA", "BOL", "EGY", "LBN", "ARG", "KEN"])
def test_the_sentence_on_the_stock_is_a_row_of_its_table(result_of, iso3):
    result = result_of(iso3)
    frame, stock = result.tables["stock"].frame, result["stock_usd"]
    row = frame[
        frame["measure"].str.startswith("World Bank") & (frame["years"] == stock.date.replace("/", " to "))
    ]
    assert row["interest"].tolist() == [pytest.approx(stock.value / 1e9)]


@pytest.mark.parametrize("iso3", ["KEN", "ARG", "NGA"])
def test_no_range_of_a_stock_is_narrower_than_is_usual(result_of, inputs_for, iso3):
    stock = result_of(iso3)["stock_usd"]
    first, last = (int(year) for year in stock.date.split("/"))
    gdp = flight_measures(inputs_for(iso3)).gdp.loc[first:last].sum()
    least = LEAST_HALF_WIDTH[WORLD_BANK]["sum"] / 1000 * gdp
    assert stock.low <= stock.value - 0.999 * least
    assert stock.high >= stock.value + 0.999 * least


def test_hot_money_alone_is_said_to_be_errors_and_omissions(result_of):
    germany = result_of("DEU")
    assert germany.tables["stock"].frame["measure"].tolist() == ["Hot money (unrecorded)"]
    assert not germany["stock_usd"].available
    text = next(f.text for f in germany.findings if f.id == "flight.stock_unrecorded")
    assert text.startswith("Errors and omissions of Germany add up to 918 bn USD")


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "ARG", "EGY"])
def test_the_rules_after_a_drain_cover_every_row_of_the_metric(result_of, iso3):
    frame = result_of(iso3).tables["drain_rules"].frame
    assert sum(frame["rule"].str.startswith("IMF's metric")) == 4
    assert {"before", "after_0.01", "after_0.05", "after_0.1", "reverse", "of_money", "of_accessible"} <= set(
        frame
    )


@pytest.mark.parametrize("iso3", ["LBN", "CAF", "SLV", "DEU", "TUV"])
def test_where_no_drain_is_computed_there_is_no_table_and_a_reason(result_of, iso3):
    result = result_of(iso3)
    assert "drain_rules" not in result.tables
    assert result["drain_to_short_term_debt"].reason
    assert result["attack_years"].reason


def test_own_series_make_every_measure_appear(tmp_path, result_of):
    kenya = of_the_bank(tmp_path / "own.csv")
    for name in ("hot_money", "morgan_guaranty", "ndikumana_boyce", "misinvoicing"):
        assert kenya[f"{name}_pct_gdp"].available, name
    lacks = kenya.tables["measures"].frame.set_index("measure")["lacks"]
    assert (lacks.drop("Dooley") == "\u2013").all()
    assert {"morgan", "ndikumana_boyce", "hot_money"} <= set(kenya.tables["residual"].frame)
    assert kenya["residual_usd"].value == pytest.approx(result_of("KEN")["residual_usd"].value)
    told = next(f.text for f in kenya.findings if f.id == "flight.residual_latest")
    assert "is unrecorded and" in told


def test_confidential_own_series_leave_every_number_as_it_was(tmp_path, result_of):
    """They do not enter, so that no number can give them away; the table says why."""
    kenya, public = of_the_bank(tmp_path / "own.csv", confidential="yes"), result_of("KEN")
    for name, one in public.estimates.items():
        assert kenya.estimates[name].value == one.value, name
        assert (kenya.estimates[name].low, kenya.estimates[name].high) == (one.low, one.high), name
    for name in ("residual", "stock"):
        assert kenya.tables[name].frame.equals(public.tables[name].frame)
    lacks = kenya.tables["measures"].frame.set_index("measure")["lacks"]
    assert "given, but confidential" in lacks["Ndikumana-Boyce"]
    assert any(f.id == "flight.residual_public" for f in kenya.findings)
