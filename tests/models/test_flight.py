"""Chapter 3 on the embedded vintage: real estimates, branches, words that match the numbers, figures."""

import json
import re
from dataclasses import replace

import pytest

from cryptorisk.charts import flight as charts
from cryptorisk.countries import country
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight import analyse
from cryptorisk.models.flight.adequacy import choose_row
from cryptorisk.models.flight.measures import LEAST_HALF_WIDTH, WORLD_BANK, flight_measures
from cryptorisk.models.flight.peg import peg
from cryptorisk.models.flight.residual_findings import unrecorded_findings
from cryptorisk.models.flight.second_market import year_end_gap
from cryptorisk.models.flight.unrecorded import unrecorded_estimates
from cryptorisk.params import FlightParams, Params

HARD = ("SLV", "CAF", "DEU", "GBR", "LBN", "BOL", "ARG", "SAU", "TUV", "PRK", "SSD")
CORE = ("KEN", "NGA", "TUR", "BRA", "PHL")


@pytest.fixture(scope="module")
def result_of(inputs_for):
    known = {}

    def analysed(iso3, **params):
        if params:
            given = Params(country=iso3, vintage="2026-11-23", **params)
            return analyse(load_inputs(given), given)
        if iso3 not in known:
            known[iso3] = analyse(inputs_for(iso3), Params(country=iso3))
        return known[iso3]

    return analysed


@pytest.mark.parametrize("iso3", CORE)
def test_core_countries_have_intervals(result_of, iso3):
    result = result_of(iso3)
    for name in ("residual_pct_gdp", "residual_mean_pct_gdp", "reserves_to_ara", "drain_usd"):
        estimate = result[name]
        assert estimate.available, (name, estimate.reason)
        assert estimate.low <= estimate.value <= estimate.high
        assert estimate.low < estimate.high
        assert estimate.sources
        assert estimate.method
        assert estimate.date
    assert result["import_cover_months"].available


@pytest.mark.parametrize("iso3", CORE + HARD)
def test_every_result_is_sound(result_of, iso3):
    result = result_of(iso3)
    json.dumps(result.to_dict(), allow_nan=False)
    for estimate in result.estimates.values():
        assert estimate.available or estimate.reason
        if estimate.low is not None:
            assert estimate.low - 1e-9 <= estimate.value <= estimate.high + 1e-9
    ids = {estimate.id for estimate in result.estimates.values()}
    for finding in result.findings:
        assert set(finding.estimates) <= ids
        assert "nan" not in finding.text.split()
    for draw in (charts.residual, charts.reserves, charts.premium):
        figure = draw(result)
        assert bool(figure.svg) != bool(figure.reason)
        assert "nan" not in figure.title.lower().split()


def test_kenya_levels(result_of):
    """Reserves of 10.07 bn USD in 2024 are four to five months of imports."""
    kenya = result_of("KEN")
    assert kenya["reserves_usd"].value == pytest.approx(10.07e9, rel=0.005)
    assert 4 < kenya["import_cover_months"].value < 5
    assert not kenya["hot_money_pct_gdp"].available
    assert any(f.id == "flight.no_bop" for f in kenya.findings)


def test_kenya_residual_is_the_identity(result_of, inputs_for):
    inputs = inputs_for("KEN")

    def value(series, year):
        return inputs.at(series, year).value

    year = int(result_of("KEN")["residual_usd"].date)
    fdi = value("fdi_inflow_pct_gdp", year) - value("fdi_outflow_pct_gdp", year)
    expected = (
        value("external_debt_usd", year)
        - value("external_debt_usd", year - 1)
        + fdi / 100 * value("gdp_usd", year)
        + value("current_account_usd", year)
        - (value("reserves_usd", year) - value("reserves_usd", year - 1))
    )
    assert result_of("KEN")["residual_usd"].value == pytest.approx(expected)


def test_a_negative_residual_is_called_a_reversal_and_kept(result_of):
    kenya = result_of("KEN")
    assert kenya["residual_pct_gdp"].high < 0
    text = next(f.text for f in kenya.findings if f.id == "flight.residual_latest")
    assert "reversal" in text


@pytest.mark.parametrize("iso3", ["KEN", "CAF", "ZWE", "ARG", "TUR", "NGA"])
def test_no_band_of_the_residual_is_narrower_than_is_usual(result_of, iso3):
    """Argentina's mean had 0.33 to 0.48 % of GDP, because two measures happened to agree."""
    result = result_of(iso3)
    for name, window in (("pct_gdp", "year"), ("mean_pct_gdp", "mean"), ("cumulative_pct_gdp", "sum")):
        one = result[f"residual_{name}"]
        floor = LEAST_HALF_WIDTH[WORLD_BANK][window]
        assert one.low <= one.value - floor + 1e-9
        assert one.high >= one.value + floor - 1e-9
    last = result.tables["residual"].frame.iloc[-1]
    assert last["high"] - last["low"] >= 2 * LEAST_HALF_WIDTH[WORLD_BANK]["year"] - 1e-9


@pytest.mark.parametrize("iso3", ["KEN", "CAF"])
def test_a_residual_without_a_balance_of_payments_is_not_called_unrecorded(result_of, iso3):
    findings = {f.id: f for f in result_of(iso3).findings}
    assert "How much of it is unrecorded is not known" in findings["flight.residual_latest"].text
    assert findings["flight.residual_latest"].severity == "info"
    assert "flight.hot_money_latest" not in findings


def test_an_old_balance_of_payments_splits_nothing_and_warns_of_nothing(result_of, inputs_for):
    findings = {f.id: f for f in result_of("ZWE").findings}
    assert "the balance of payments ends in 2020" in findings["flight.residual_latest"].text
    measures = flight_measures(inputs_for("BOL"))
    estimates = unrecorded_estimates(measures)
    severities = [unrecorded_findings(measures, estimates, "x", year)[0].severity for year in (2026, 2027)]
    assert severities == ["warning", "info"]


def test_a_figure_whose_range_holds_nought_tells_no_direction(result_of):
    zimbabwe = result_of("ZWE")
    unsure = zimbabwe["residual_mean_pct_gdp"].with_(low=-1.0, high=30.0)
    told = replace(zimbabwe, estimates={**zimbabwe.estimates, "residual_mean_pct_gdp": unsure})
    assert "the direction of recorded and unrecorded flows is not told" in charts.residual(told).title


def test_the_band_holds_both_sources_of_the_current_account(inputs_for):
    """Kenya 2024: -2.3 % of GDP in the World Economic Outlook, -1.3 % in the World Development Indicators."""
    measures = flight_measures(inputs_for("KEN"))
    year = measures.pct_gdp(measures.every()).loc[2024]
    second = year[[name for name in year.index if "Development Indicators" in name]]
    assert len(second) == len(year) / 2
    assert year.max() - year["World Bank residual"] > 0.9
    assert "wdi_2026_02" in measures.sources


def test_only_errors_and_omissions_are_called_unrecorded(result_of):
    """Nigeria 2024: 18.0 bn USD are 5.73 bn of errors and omissions and 12.2 bn that the financial account records."""
    nigeria = result_of("NGA")
    hot, recorded, whole = (
        nigeria[name].value for name in ("hot_money_usd", "recorded_flows_usd", "residual_usd")
    )
    assert whole == pytest.approx(hot + recorded)
    assert (hot, recorded) == pytest.approx((5.73e9, 12.25e9), rel=0.01)
    findings = {f.id: f for f in nigeria.findings}
    assert "5.73 bn USD is unrecorded and 12.2 bn USD recorded" in findings["flight.residual_latest"].text
    assert findings["flight.residual_latest"].severity == "info"
    assert findings["flight.hot_money_latest"].severity == "warning"
    assert not any("both measures" in f.text or "all measures" in f.text for f in nigeria.findings)
    assert "recorded and unrecorded" in charts.residual(nigeria).title


@pytest.mark.parametrize("iso3", ["NGA", "ARG", "BOL", "EGY", "TUR"])
def test_a_range_stays_within_one_concept(result_of, inputs_for, iso3):
    """The residual's ends are treatments of the residual; hot money, another quantity, is no end of it."""
    measures = flight_measures(inputs_for(iso3))
    values = measures.pct_gdp(measures.every()).loc[2022].dropna()
    moved = values.copy()
    moved["Hot money"] = values.max() + 50.0
    assert measures.band(moved, "year") == measures.band(values, "year")
    assert measures.band(moved, "year", "Hot money")[1] > values.max()


@pytest.mark.parametrize("iso3", ["NGA", "ARG", "BOL", "SLV", "UKR"])
def test_the_recorded_part_is_what_the_accounts_record(result_of, inputs_for, iso3):
    """Residual less hot money = change in debt + portfolio + other investment + derivatives + both records of FDI."""
    inputs, measures = inputs_for(iso3), flight_measures(inputs_for(iso3))

    def by_year(series):
        values = inputs.series(series).values.dropna()
        return values.groupby(values.index.year).last()

    derivatives = by_year("fin_derivatives_net_usd")
    others = by_year("portfolio_net_usd") + by_year("other_investment_net_usd")
    direct = measures.parts["direct_investment"] + by_year("direct_investment_net_usd")
    recorded = measures.recorded()
    items = measures.parts["debt_change"] + others + derivatives.reindex(others.index).fillna(0.0) + direct
    assert recorded.to_numpy() == pytest.approx(items.reindex(recorded.index).to_numpy(), abs=1e6)


@pytest.mark.parametrize(
    ("iso3", "severity"), [("BOL", "warning"), ("ARG", "info"), ("EGY", "info"), ("DEU", "info")]
)
def test_the_warning_is_for_unrecorded_outflows_beyond_the_usual_errors(result_of, iso3, severity):
    finding = next(f for f in result_of(iso3).findings if f.id == "flight.hot_money_latest")
    assert finding.severity == severity


def test_where_there_is_no_residual_hot_money_is_a_headline(result_of):
    germany = result_of("DEU")
    assert "flight.hot_money_pct_gdp" in {f"flight.{one.removeprefix('flight.')}" for one in germany.headline}
    assert "hot_money_pct_gdp" not in {one.removeprefix("flight.") for one in result_of("NGA").headline}


@pytest.mark.parametrize("iso3", ["KEN", "PAK", "BOL", "BRA"])
def test_an_upper_bound_is_no_centre(result_of, iso3):
    """Original maturity alone bounds the cover from above; a year's debt service makes the centre."""
    result = result_of(iso3)
    cover = result["reserves_to_short_term_debt"]
    assert cover.low <= cover.value < 0.6 * cover.high
    assert "debt service" in cover.note
    metric = result["reserves_to_ara"]
    assert metric.value < 0.9 * metric.high


@pytest.mark.parametrize("iso3", ["TUR", "UKR", "BRA", "PAK"])
def test_controls_of_years_ago_open_the_row(inputs_for, iso3):
    row = choose_row(inputs_for(iso3), country(iso3), FlightParams())
    assert {controls for _regime, controls in row.rows} == {True, False}
    told = choose_row(inputs_for(iso3), country(iso3), FlightParams(capital_controls="yes"))
    assert told.controls
    assert {controls for _regime, controls in told.rows} == {True}


@pytest.mark.parametrize(
    ("iso3", "regimes", "word"),
    [
        ("SAU", {"fixed"}, "held within 2 %"),
        ("DNK", {"fixed"}, "euro's official price was held"),
        ("BRA", {"floating"}, "coded as a managed float"),
        ("KEN", {"fixed", "floating"}, "moved by 49 % within five years"),
        ("NGA", {"fixed", "floating"}, "no peg, coded as a peg"),
        ("BOL", {"fixed", "floating"}, "against no other money or basket: no peg"),
        ("AFG", {"fixed", "floating"}, "both rows count the same"),
        ("USA", {"floating"}, "what others are measured by"),
    ],
)
def test_one_rule_says_whether_there_is_a_peg(inputs_for, iso3, regimes, word):
    inputs, place = inputs_for(iso3), country(iso3)
    row = choose_row(inputs, place, FlightParams())
    assert {regime for regime, _controls in row.rows} == regimes
    assert word in row.regime_why
    if regimes == {"fixed"}:
        assert peg(inputs).held
    elif "AFG" not in iso3:
        assert not peg(inputs).held


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "BOL", "BRA", "SAU", "EGY", "TUR", "ARG"])
def test_the_chapter_does_not_contradict_itself_on_the_peg(result_of, inputs_for, iso3):
    attack = result_of(iso3)["attack_years"]
    row = choose_row(inputs_for(iso3), country(iso3), FlightParams())
    if "no peg to attack" in attack.reason:
        assert "floating" in {regime for regime, _controls in row.rows}


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "BOL", "ARG", "TUR", "EGY", "BRA"])
def test_the_centre_of_open_rows_is_inside_its_range(result_of, iso3):
    """The mean of the weights is the mean of the metrics; the sentence has the range."""
    result = result_of(iso3)
    cover = result["reserves_to_ara"]
    rows = result.tables["ara_components"].frame
    chosen = rows[rows["row"].str.contains("(open)", regex=False)]
    assert len(chosen) >= 2
    assert 100 * result["reserves_usd"].value / 1e9 / chosen["metric"].mean() == pytest.approx(cover.value)
    assert cover.low * 1.02 < cover.value < cover.high * 0.98
    text = next(
        f.text
        for f in result.findings
        if f.id in ("flight.reserves_to_ara", "flight.reserves_above_rules") and "reach" in f.text
    )
    assert f"reach {cover.low:.0f} to {cover.high:.0f} %" in text


def test_no_score_rests_on_weights_that_were_not_read_in_the_source(result_of):
    for iso3 in ("KEN", "EGY", "BRA"):
        assert "secondary sources" in result_of(iso3)["reserves_to_ara"].note


def test_money_beside_a_second_market_is_at_both_prices(result_of, inputs_for):
    """Bolivia, end of 2024: 6.91 and, for a USDT, 10.9: reserves are 6.0 or 9.4 % of broad money."""
    cover = result_of("BOL")["reserves_to_broad_money"]
    assert cover.low == pytest.approx(5.98, abs=0.02)
    assert cover.high == pytest.approx(9.4, abs=0.1)
    assert cover.value == pytest.approx((cover.low * cover.high) ** 0.5, rel=0.01)
    assert "Outside the official market a dollar cost" in cover.note
    assert year_end_gap(inputs_for("BOL"), 2024).month == "2024-12"
    assert year_end_gap(inputs_for("BOL"), 2023) is None
    assert year_end_gap(inputs_for("ARG"), 2024) is None


@pytest.mark.parametrize("iso3", ["KEN", "TUR", "BRA", "BOL", "NGA"])
def test_no_alarm_rests_on_weights_that_were_not_read_in_the_source(result_of, iso3):
    result = result_of(iso3)
    told = [f for f in result.findings if "flight.reserves_to_ara" in f.estimates and f.kind == "result"]
    assert told
    for finding in told:
        if finding.id == "flight.reserves_to_ara":
            assert finding.severity in ("notice", "info")
        assert "weights as quoted by secondary sources" in finding.text
    rules = result.tables["reserve_metrics"].frame.set_index("label")["rule"]
    assert "secondary sources" in rules[result["reserves_to_ara"].label]
    rows = result.tables["ara_components"].frame["row"]
    assert rows.str.contains("secondary sources").sum() == 3


def test_the_cover_before_and_after_a_drain_have_the_same_decimals(result_of):
    for iso3 in ("KEN", "NGA", "TUR", "BOL"):
        text = next(f.text for f in result_of(iso3).findings if f.id == "flight.drain_result")
        before, after = re.search(r"fall from ([\d.]+) to ([\d.]+) months", text).groups()
        assert len(before.partition(".")[2]) == len(after.partition(".")[2]), text


def test_turkey_cover_of_short_term_debt_raises_an_alarm(result_of):
    turkey = result_of("TUR")
    assert turkey["reserves_to_short_term_debt"].value < 100
    finding = next(f for f in turkey.findings if f.id == "flight.reserves_to_short_term_debt")
    assert finding.severity == "alert"
    assert "below" in finding.text


@pytest.mark.parametrize(
    ("iso3", "name", "word"),
    [
        ("CAF", "import_cover_months", "currency union"),
        ("DEU", "drain_usd", "currency union"),
        ("DEU", "residual_pct_gdp", "debt"),
        ("SLV", "reserves_to_ara", "another country's money"),
        ("SLV", "drain_usd", "another country's money"),
        ("LBN", "reserves_to_ara", "at most"),
        ("PRK", "reserves_usd", "no official reserves"),
        ("KEN", "premium", "crypto-based"),
    ],
)
def test_branches_give_their_reason(result_of, iso3, name, word):
    estimate = result_of(iso3)[name]
    assert not estimate.available
    assert word in estimate.reason


@pytest.mark.parametrize("iso3", ["CAF", "DEU", "SLV"])
def test_rules_that_are_not_meant_for_an_economy_are_no_gap_in_its_data(result_of, iso3):
    result = result_of(iso3)
    assert not result["reserves_to_ara"].applies
    assert result_of("LBN")["reserves_to_ara"].applies  # missing for want of broad money


@pytest.mark.parametrize(
    ("iso3", "first"),
    [("KEN", "drain_result"), ("EGY", "drain_result"), ("LBN", "drain_result"), ("SLV", "status")],
)
def test_how_much_could_leave_or_why_it_is_not_asked_leads_the_chapter(result_of, iso3, first):
    found = result_of(iso3).findings
    assert found[0].id == f"flight.{first}"
    assert "a month" in found[0].text or iso3 in ("LBN", "SLV")


def test_a_refused_drain_says_what_is_missing_since_when_and_what_supplies_it(result_of):
    text = result_of("LBN").findings[0].text
    assert "the last figure on broad money is of 2017" in text
    assert "broad_money_pct_gdp" in text


@pytest.mark.parametrize(("iso3", "words"), [("DEU", "whose central bank holds"), ("SLV", "do not defend")])
def test_why_the_rules_are_not_meant_for_an_economy_is_said_once(result_of, iso3, words):
    assert json.dumps(result_of(iso3).to_dict()).count(words) == 1


def test_union_and_dollarised_members_keep_their_residual(result_of):
    assert result_of("CAF")["residual_pct_gdp"].available
    assert result_of("SLV")["residual_pct_gdp"].available


def test_a_mature_market_raises_no_alarm(result_of):
    kingdom = result_of("GBR")
    assert any(f.id == "flight.mature" for f in kingdom.findings)
    assert not [f for f in kingdom.findings if f.severity in ("alert", "warning")]


def test_argentine_premium_shows_both_control_spells_and_the_calm_between(result_of):
    frame = result_of("ARG").tables["premium_episodes"].frame
    assert frame["first"].str[:4].tolist() == ["2011", "2019"]
    assert frame["last"].str[:4].tolist() == ["2015", "2023"]
    months = result_of("ARG").tables["premium"].frame.set_index("month")["premium"]
    assert months["2016-06-30":"2019-06-30"].max() < 10
    peak = result_of("ARG")["premium_peak"]
    assert peak.unit == result_of("ARG")["premium"].unit == "pct"
    assert peak.value == pytest.approx(168, abs=15)
    assert peak.value == pytest.approx(frame["peak"].max())


def test_bolivian_premium_is_crypto_implied_and_closes_with_the_reference_rate(result_of):
    bolivia = result_of("BOL")
    assert "crypto-implied" in bolivia["premium"].method
    assert bolivia["premium_peak"].value > 70
    assert abs(bolivia["premium"].value) < 10
    assert any(f.id == "flight.premium_comparator" for f in bolivia.findings)


@pytest.mark.parametrize(
    ("iso3", "signs"),
    [
        ("LBN", ("second exchange market", "59.4 times", "deposits were in foreign currency")),
        ("TUR", ("times its level", "deposits were in foreign currency")),
        ("EGY", ("times its level",)),
        ("BOL", ("a dollar cost 73 % more on average in 2024-08 to 2025-11",)),
        ("ARG", ("to 2023-11", "times its level")),
        ("KEN", ()),
        ("BRA", ()),
        ("SLV", ()),
        ("DEU", ()),
    ],
)
def test_a_broken_external_position_makes_every_cover_an_upper_bound(result_of, iso3, signs):
    result = result_of(iso3)
    text = next((f.text for f in result.findings if f.id == "flight.encumbered"), "")
    assert bool(text) == bool(signs)
    assert all(sign in text for sign in signs)
    for name in ("import_cover_months", "reserves_to_short_term_debt", "reserves_to_ara"):
        one = result[name]
        assert ("encumbered" in one.note) == bool(signs and one.available)
        assert one.note == "" or one.note[0].isupper()


def test_an_old_import_figure_does_not_flatter_the_cover(result_of):
    """18.5 at the larger of two figures on imports; ratios to GDP drift in both directions over the years carried."""
    cover = result_of("LBN")["import_cover_months"]
    assert cover.value == pytest.approx(18.5, abs=0.05)
    assert cover.low < 15
    assert cover.high > 23.8
    assert "imports_pct_gdp" in cover.inputs


@pytest.mark.parametrize("iso3", CORE + HARD)
def test_notes_and_sentences_are_for_readers(result_of, iso3):
    result = result_of(iso3)
    for one in result.estimates.values():
        assert one.note == "" or one.note[0].isupper(), one.note
        assert "the vintage" not in one.reason
    texts = " ".join(f.text for f in result.findings)
    assert "the rule of" not in texts
    assert "in 0 of" not in texts
    assert sum(f.id == "flight.reserves_above_rules" for f in result.findings) <= 1


def test_the_metric_is_named_and_explained_in_its_sentence(result_of):
    text = next(f.text for f in result_of("KEN").findings if f.id == "flight.reserves_to_ara")
    assert "IMF's reserve-adequacy metric (ARA), which adds up" in text
    above = next(f for f in result_of("NGA").findings if f.id == "flight.reserves_above_rules")
    assert len(above.estimates) == 2


def test_years_are_counted_by_their_whole_range(result_of):
    """Argentina's point is an outflow in three of five years; the ranges of three of the five have no sign."""
    text = next(f.text for f in result_of("ARG").findings if f.id == "flight.residual_mean")
    assert "an outflow in one of the five years, an inflow in one; the sign of three is not told." in text


@pytest.mark.parametrize("iso3", CORE + HARD)
def test_tables_have_no_empty_columns(result_of, iso3):
    for table in result_of(iso3).tables.values():
        for column in table.columns:
            assert table.frame[column.name].notna().any(), (table.id, column.name)


def test_larger_shares_drain_more_and_the_first_row_is_before(result_of):
    frame = result_of("KEN").tables["drain"].frame
    assert frame["leaving"].tolist() == [0, 1, 5, 10]
    assert frame["drain"].is_monotonic_increasing
    assert frame["cover"].is_monotonic_decreasing
    assert frame["months"].iloc[0] == pytest.approx(result_of("KEN")["import_cover_months"].value)


def test_shares_of_zero_make_no_scenario(result_of):
    none = result_of("KEN", flight={"drain_shares": [0.0]})
    assert "no share above zero" in none["drain_usd"].reason
    assert charts.reserves(none).reason


def test_a_drain_beyond_reserves_is_said_to_exceed_them(result_of):
    bolivia = result_of("BOL", flight={"drain_shares": [0.0, 1.0]})
    assert "exceeds reserves" in bolivia["import_cover_after_drain"].reason
    assert any(f.id == "flight.drain_result" and f.severity == "alert" for f in bolivia.findings)
    assert "exceed" in charts.reserves(bolivia).title


def test_a_regime_that_is_told_narrows_the_range(result_of):
    auto = result_of("KEN")["reserves_to_ara"]
    told = result_of("KEN", flight={"exchange_rate_regime": "floating", "capital_controls": "no"})[
        "reserves_to_ara"
    ]
    assert told.high - told.low < auto.high - auto.low
    assert told.value > auto.value


def test_the_banks_figures_take_precedence_visibly(result_of):
    own = result_of("KEN", overrides={"reserves_usd": 2.0e9, "other_external_liabilities_usd": 5.0e9})
    assert own["reserves_usd"].value == 2.0e9
    assert own["reserves_usd"].sources == ("bank",)
    assert "bank" in own["reserves_to_ara"].sources
    assert "bank's own" in own["reserves_to_ara"].note
    assert any(f.id == "flight.own_reserves" for f in own.findings)
    assert own["import_cover_months"].value < 3
    assert any(f.id == "flight.import_cover_months" and f.severity == "alert" for f in own.findings)


def test_a_confidential_figure_is_used_and_not_printed(result_of):
    override = {"value": 9.87654321e9, "confidential": True}
    own = result_of("KEN", overrides={"reserves_usd": override})
    assert not own["reserves_usd"].available
    assert own["import_cover_months"].available
    text = json.dumps(own.to_dict())
    assert "9876543210" not in text
    assert "9.87654321" not in text
    assert "ara_components" not in own.tables
    assert "drain" not in own.tables
    assert "confidential" in charts.reserves(own).reason
    assert "public ones" in next(f.text for f in own.findings if f.id == "flight.residual_public")


def test_an_earlier_date_sees_no_later_figure(result_of):
    past = result_of("KEN", as_of="2020-06-30")
    assert int(past["reserves_usd"].date) <= 2019
    assert int(past["residual_pct_gdp"].date) <= 2019


def test_the_same_inputs_give_the_same_result_and_figure(inputs_for):
    params = Params(country="KEN")
    first, second = (analyse(inputs_for("KEN"), params) for _ in range(2))
    assert first.to_dict() == second.to_dict()
    assert charts.residual(first).svg == charts.residual(second).svg


def test_the_alternative_text_of_the_reserves_has_every_drawn_range(result_of):
    figure = charts.reserves(result_of("KEN"))
    for row in figure.data.frame.itertuples():
        assert f"{row.cover:.0f}, range {row.cover_low:.0f} to {row.cover_high:.0f}" in figure.alt
    assert "before: " in figure.alt
