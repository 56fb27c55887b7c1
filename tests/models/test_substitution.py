"""Chapter 2 on the embedded vintage: branches, verdicts, words that match numbers; and its rules on made-up series."""

import datetime as dt
import json
import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import substitution as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models import flight
from cryptorisk.models.substitution import analyse
from cryptorisk.models.substitution.context import depreciation
from cryptorisk.models.substitution.findings import premium_finding
from cryptorisk.models.substitution.sample import last_unbroken_run, monthly_sample
from cryptorisk.models.substitution.verdict import interval_verdict, rate_verdict, stable_share
from cryptorisk.params import Params
from cryptorisk.result import Result
from cryptorisk.stats.mvp import HorizonShare

SHIPPED = [
    "KEN",
    "NGA",
    "SLV",
    "ARG",
    "TUR",
    "UKR",
    "VNM",
    "PHL",
    "BRA",
    "GBR",
    "KAZ",
    "CAF",
    "IND",
    "DEU",
    "LBN",
    "BOL",
]
HARD = ["TUV", "PRK", "SSD", "VEN", "ZWE", "SAU", "JOR", "ECU", "PAN", "USA", "SYR", "HRV"]


@pytest.fixture(scope="module")
def result_for(inputs_for):
    found = {}

    def analysed(iso3):
        if iso3 not in found:
            found[iso3] = analyse(inputs_for(iso3), Params(country=iso3, vintage="2026-11-23"))
        return found[iso3]

    return analysed


@pytest.mark.parametrize("iso3", [*SHIPPED, *HARD])
def test_every_economy_has_a_result_without_absurdities(result_for, iso3):
    result = result_for(iso3)
    text = json.dumps(result.to_dict())
    assert not re.search(r"\b(NaN|Infinity|nan|inf)\b", text)
    assert Result.from_dict(json.loads(text)).to_dict()["estimates"] == result.to_dict()["estimates"]
    share = result["mvp_share"]
    assert share.available or share.reason
    if share.available:
        assert 0 <= share.value <= 100
        assert share.low < share.high
        assert share.level == 0.9
        assert share.sources
    for figure in (charts.term_structure, charts.history, charts.price_history):
        drawn = figure(result)
        assert drawn.svg or drawn.reason
    if "seigniorage_ceiling" in result.estimates and result["seigniorage_ceiling"].available:
        assert "Assumes" in result["seigniorage_ceiling"].note


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "TUR", "BRA", "PHL"])
def test_large_economies_have_a_share_with_an_interval(result_for, iso3):
    result = result_for(iso3)
    assert result["mvp_share"].available
    assert result["mvp_share_annual"].available
    assert result["seigniorage_per_pct_of_gdp"].interval == "range"
    assert len(result.tables["term_structure"].frame) == 24


@pytest.mark.parametrize("iso3", ["SAU", "JOR", "BOL"])
def test_pegs_and_stale_rates_are_indeterminate(result_for, iso3):
    result = result_for(iso3)
    assert result.applicable
    assert not result["mvp_share"].available
    assert "indeterminate (peg or stale rate)" in result["mvp_share"].reason
    assert "indeterminate" in result["gap"].reason
    assert "term_structure" not in result.tables
    assert charts.term_structure(result).svg == ""


def test_a_devaluation_inside_the_window_is_told_and_not_called_a_peg(result_for):
    result = result_for("LBN")
    finding = next(f for f in result.findings if f.id == "substitution.share")
    for text in (result["mvp_share"].reason, finding.text):
        assert "one devaluation of 895 % in 2023-02" in text
        assert "says nothing about what savers paid" in text
        assert "peg" not in text
    assert "820 % in 2023" in result["mvp_share_annual"].reason


def test_title_of_prices_counts_only_years_in_which_the_rate_moved(result_for):
    title = charts.price_history(result_for("LBN")).title
    assert "moved in 2 of 10 years, faster than prices in 2 of these" in title
    assert "stood still in the last 10 years" in charts.price_history(result_for("SAU")).title
    frame = result_for("TUR").tables["price_history"].frame.dropna().tail(10)
    assert (frame["depreciation"] >= 1).all()
    faster = int((frame["depreciation"] > frame["inflation"]).sum())
    assert f"outpaced prices in {faster} of 10 years" in charts.price_history(result_for("TUR")).title


@pytest.mark.parametrize("iso3", SHIPPED)
def test_tables_have_no_empty_columns_and_begin_with_a_figure(result_for, iso3):
    for table in result_for(iso3).tables.values():
        for column in table.columns:
            assert table.frame[column.name].notna().any(), (table.id, column.name)
        assert table.frame.iloc[0, 1:].notna().any(), table.id


def test_left_out_columns_rows_and_gaps_are_explained(result_for):
    assert "currency in use is the reference currency" in result_for("SLV").tables["price_history"].note
    assert "no inflation for 2014 to 2016" in result_for("ARG").tables["price_history"].note
    history = result_for("NGA").tables["history"]
    assert f"{len(history.frame)} of 72 windows, the first to 2005-12" in history.note
    assert "gaps: the rate was fixed or moved too little" in charts.history(result_for("NGA")).subtitle
    assert "gaps" not in charts.history(result_for("UKR")).subtitle
    assert "the first to 2013-12" in result_for("UKR").tables["history"].note


def test_headline_label_and_note_are_short_and_plain(result_for):
    share = result_for("KEN")["mvp_share"]
    assert len(share.label) <= 60
    assert len(share.note) <= 90
    assert "unclipped point is" in result_for("ARG")["mvp_share"].method


def test_lebanon_before_2023_is_indeterminate():
    params = Params(country="LBN", vintage="2026-11-23", as_of=dt.date(2022, 12, 31))
    assert "peg or stale" in analyse(load_inputs(params), params)["mvp_share"].reason


def test_argentina_uses_the_parallel_rate_and_says_so(result_for, inputs_for):
    result = result_for("ARG")
    assert monthly_sample(inputs_for("ARG"), Params(country="ARG")).rate_name == "parallel"
    assert "parallel_fx_lcu_per_usd" in result["mvp_share"].inputs
    assert {"substitution.parallel_rate", "substitution.short_sample"} <= {f.id for f in result.findings}
    assert result["parallel_premium"].value > 50
    assert not result["mvp_share_annual"].available


def test_an_old_premium_says_its_age_and_is_a_finding_on_the_data(result_for):
    """Quotes end on 17 November 2023, three years before the report."""
    found = next(f for f in result_for("ARG").findings if f.id == "substitution.premium")
    assert "(the rates end there, 36 months before the report)" in found.text
    assert found.kind == "data"


def test_a_premium_of_the_day_is_a_result_without_an_age():
    premium = Estimate("substitution.parallel_premium", "x", 50.0, "pct", date="2026-11-01")
    kinds = {}
    for months, as_of in ((0, dt.date(2026, 11, 23)), (18, dt.date(2028, 5, 1)), (30, dt.date(2029, 5, 1))):
        found = premium_finding(premium, as_of)
        kinds[months] = (found.kind, "the rates end there" in found.text)
    assert kinds == {0: ("result", False), 18: ("result", True), 30: ("data", True)}


def test_argentine_sample_does_not_cross_the_new_price_index(inputs_for):
    """The index starts anew in December 2016; a sample across it gives a negative share that is no finding."""
    sample = monthly_sample(inputs_for("ARG"), Params(country="ARG"))
    assert sample.log_price.index[0] == pd.Timestamp(2016, 12, 31)


@pytest.mark.parametrize(
    ("iso3", "replaced_by"),
    [
        ("SLV", "stablecoins for deposits in the money that circulates"),
        ("ECU", "stablecoins for deposits in the money that circulates"),
        ("PAN", "stablecoins for deposits in the money that circulates"),
        ("TUV", "Savings in USD are a foreign currency there too"),
        ("MNE", "make savings in EUR least uncertain"),
    ],
)
def test_dollarised_economies_have_another_question(result_for, iso3, replaced_by):
    result = result_for(iso3)
    assert not result.applicable
    assert replaced_by in result.reason
    assert not result["mvp_share"].applies
    assert not result["mvp_share"].available
    assert not result["seigniorage_at_risk"].available
    assert result["inflation"].available


def test_currency_unions(result_for):
    central_africa, germany = result_for("CAF"), result_for("DEU")
    assert not central_africa.applicable
    assert "union" in central_africa.reason
    assert central_africa["mvp_share_member"].available
    assert not germany.applicable
    assert "term_structure" in central_africa.tables
    assert germany["mvp_share_member"].available
    assert germany["mvp_share_annual"].available
    assert germany["inflation"].available
    assert "one_pct_of_broad_money" not in germany.estimates  # reserves are pooled


def test_union_counts_from_its_date():
    before = Params(country="HRV", vintage="2026-11-23", as_of=dt.date(2022, 6, 30))
    after = Params(country="HRV", vintage="2026-11-23", as_of=dt.date(2023, 6, 30))
    assert analyse(load_inputs(before), before).applicable
    later = analyse(load_inputs(after), after)
    assert not later.applicable
    assert later["mvp_share_member"].available  # the euro's rate throughout: the kuna's ends in 2022
    assert "before today's currency" in later["deposit_dollarisation"].reason


def test_issuer_of_the_reference_currency():
    dollars = Params(country="USA", vintage="2026-11-23")
    euros = Params(country="USA", vintage="2026-11-23", substitution={"reference_currency": "EUR"})
    assert "issues the reference currency" in analyse(load_inputs(dollars), dollars).reason
    assert analyse(load_inputs(euros), euros)["mvp_share"].available


def test_reference_currency_changes_the_share(result_for):
    params = Params(country="POL", vintage="2026-11-23", substitution={"reference_currency": "EUR"})
    euros = analyse(load_inputs(params), params)
    assert euros["mvp_share"].value != result_for("POL")["mvp_share"].value
    assert "EUR" in euros["depreciation"].label


def test_hyperinflation_and_unit_breaks(result_for):
    assert "substitution.freely_falling" in {f.id for f in result_for("SSD").findings}
    assert "60 are needed" in result_for("SSD")["mvp_share"].reason
    assert not result_for("ZWE")["depreciation"].available
    assert "end in 2016-12, 119 months before" in result_for("VEN")["mvp_share"].reason
    assert "unit changed in 2021" in result_for("VEN")["purchasing_power_lost"].note


def test_economy_without_data(result_for):
    result = result_for("PRK")
    assert result.applicable
    assert not any(estimate.available for estimate in result.estimates.values())
    assert all(estimate.reason for estimate in result.estimates.values())


def test_words_follow_the_interval(result_for):
    for iso3 in ("KEN", "TUR", "MEX"):
        result = result_for(iso3)
        share = result["mvp_share"]
        text = next(f.text for f in result.findings if f.id == "substitution.share")
        if share.low > 0:
            assert "would have held" in text
        elif share.high < 0:
            assert "below zero" in text
        else:
            assert "not distinguishable from zero" in text


def test_both_versions_of_a_share_are_named_when_they_differ(result_for):
    turkey = result_for("TUR")
    assert abs(turkey["mvp_share"].value - turkey["mvp_share_surprise"].value) > 10
    text = next(f.text for f in turkey.findings if f.id == "substitution.share")
    assert f"{turkey['mvp_share_surprise']:full}" in text
    nigeria = result_for("NGA")
    assert abs(nigeria["mvp_share"].value - nigeria["mvp_share_surprise"].value) < 10
    assert "Unforeseen" not in next(f.text for f in nigeria.findings if f.id == "substitution.share")


def test_an_interval_as_wide_as_the_question_is_called_uninformative(result_for):
    argentina = result_for("ARG")
    share = argentina["mvp_share"]
    assert share.high - share.low > 75
    text = next(f.text for f in argentina.findings if f.id == "substitution.share")
    assert "uninformative" in text
    assert "distinguishable" not in text


def test_high_inflation_is_not_called_a_class_that_needs_monthly_data(result_for):
    text = next(f.text for f in result_for("ARG").findings if f.id == "substitution.freely_falling")
    assert text.startswith("High inflation")
    assert "average of the year" in text
    assert "free" not in text


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "EGY", "ZWE", "BOL", "TUR"])
def test_broad_money_is_one_figure_in_both_chapters(result_for, inputs_for, iso3):
    """One percent of money to reserves here is the inverse of reserves to broad money there."""
    one = result_for(iso3)["one_pct_of_broad_money"]
    cover = flight.analyse(inputs_for(iso3), Params(country=iso3))["reserves_to_broad_money"]
    assert one.value == pytest.approx(100 / cover.value)
    assert one.date == cover.date


def test_broad_money_at_a_ratio_of_another_year_is_modelled(result_for):
    money = result_for("NGA")["broad_money_usd"]
    assert "Ratio to GDP of 2023" in money.note
    assert money.data_class == "modelled"
    assert money.low < money.value < money.high


def test_a_rate_that_was_replaced_is_compared_with_the_later_one(result_for):
    """Bolivia: 6.91 for years, the central bank's reference value 9.96 in June 2026."""
    bolivia = result_for("BOL")["depreciation"]
    assert bolivia.value == pytest.approx(100 * (9.96 / 6.91 - 1), abs=1)
    assert "reference rate" in bolivia.label
    assert "reference_fx_sell_lcu_per_usd" in bolivia.inputs


def test_a_still_official_rate_beside_a_second_market_gives_no_depreciation(inputs_for):
    params = Params(country="BOL", vintage="2026-11-23")
    inputs = inputs_for("BOL")

    class Coded:
        """Bolivia without the reference value, coded with a second market in all months of 2019."""

        def __getattr__(self, name):
            return getattr(inputs, name)

        def latest(self, series, **_rest):
            return None if series == "reference_fx_sell_lcu_per_usd" else inputs.latest(series)

        def series(self, series, **rest):
            found = inputs.series(series, **rest)
            if series != "irr_dual_market_share_of_months":
                return found
            return replace(found, values=pd.Series([1.0], index=pd.DatetimeIndex(["2019-12-31"])))

    told = depreciation(Coded(), params)
    assert not told.available
    assert "second exchange market existed in 2019" in told.reason


def test_gap_is_of_the_year_of_the_deposits(result_for):
    gap, actual = result_for("KEN")["gap"], result_for("KEN")["deposit_dollarisation"]
    assert gap.date == actual.date == "2019"
    assert gap.low <= actual.value <= gap.high + 100


def test_own_base_money_gives_the_loss_itself_and_the_range_of_the_parameters():
    params = Params(
        country="KEN",
        vintage="2026-11-23",
        overrides={"base_money_pct_gdp": 6.0},
        substitution={"displacement": {"low": 0.1, "central": 0.2, "high": 0.4}},
    )
    result = analyse(load_inputs(params), params)
    loss = result["seigniorage_at_risk"]
    per = result["seigniorage_per_pct_of_gdp"]
    assert loss.value == pytest.approx(6 * per.value)
    assert (loss.low, loss.high) == pytest.approx((loss.value / 2, loss.value * 2))
    assert "bank" in loss.sources
    assert "seigniorage_at_risk" in result.headline
    assert "scenario" in loss.label.lower()
    assert loss.value < result["seigniorage_ceiling"].value


def test_confidential_base_money_is_not_printed():
    given = {"base_money_pct_gdp": {"value": 6.25, "unit": "pct_gdp", "confidential": True}}
    params = Params(country="KEN", vintage="2026-11-23", overrides=given)
    result = analyse(load_inputs(params), params)
    assert result["seigniorage_at_risk"].available
    assert "6.2" not in result["seigniorage_at_risk"].note
    assert "displacement" not in result.tables
    assert "confidential" in charts.table(result, "displacement").reason


def test_same_seed_same_result_other_seed_other_interval(inputs_for, result_for):
    again = analyse(inputs_for("TUR"), Params(country="TUR", vintage="2026-11-23"))
    other = analyse(inputs_for("TUR"), Params(country="TUR", vintage="2026-11-23", seed=7))
    assert again.to_dict() == result_for("TUR").to_dict()
    assert other["mvp_share"].value == again["mvp_share"].value
    assert other["mvp_share"].low != again["mvp_share"].low


# Rules on made-up series


def months(count):
    return pd.date_range("2010-01-31", periods=count, freq="ME")


def test_run_starts_after_a_new_base_and_after_a_gap():
    index = months(40)
    price = pd.Series(np.linspace(0, 0.2, 40), index)
    price.iloc[20:] -= 1.0
    frame = pd.DataFrame({"price": price, "rate": 0.0})
    run, broken = last_unbroken_run(frame)
    assert run.index[0] == broken == index[20]
    frame.loc[index[30], "rate"] = np.nan
    run, broken = last_unbroken_run(frame)
    assert (broken, run.index[0]) == (index[30], index[31])


def test_run_starts_after_a_change_of_unit():
    frame = pd.DataFrame({"price": 0.0, "rate": np.r_[np.full(10, math.log(1e6)), np.zeros(10)]}, months(20))
    assert last_unbroken_run(frame)[0].index[0] == months(20)[10]


def test_rate_verdicts():
    rng = np.random.default_rng(4)
    floating = np.cumsum(rng.normal(0, 0.03, 130))
    peg = np.zeros(130)
    devalued_once = np.r_[np.zeros(65), np.full(65, 0.4)]
    crawl = np.cumsum(np.full(130, 0.004))
    stale = np.repeat(np.cumsum(rng.normal(0, 0.05, 44)), 3)[:130]
    assert rate_verdict(floating).determinate
    assert [rate_verdict(x).kind for x in (peg, devalued_once, crawl, stale)] == [
        "peg",
        "step",
        "variance",
        "stale",
    ]


def test_devaluations_are_dated_and_added_up_over_two_months():
    months_ = pd.date_range("2014-01-31", periods=130, freq="ME")
    averaged = np.r_[np.zeros(64), 0.3, np.full(65, 1.0)]
    text = rate_verdict(averaged, months_).text
    assert f"one devaluation of {100 * math.expm1(1):.0f} % in {months_[65]:%Y-%m}" in text
    twice = rate_verdict(np.r_[np.zeros(40), np.full(40, 0.2), np.full(50, 0.5)], months_).text
    assert "2 devaluations" in twice
    assert f"{months_[40]:%Y-%m}" in twice
    assert f"{months_[80]:%Y-%m}" in twice
    revalued = np.r_[np.zeros(65), np.full(65, -0.3)]
    assert rate_verdict(revalued, months_).kind == "peg"


def test_stable_share_counts_months_inside_spells():
    calm_then_moving = np.r_[np.zeros(6), np.arange(1, 7) * 0.05]
    assert stable_share(calm_then_moving) == pytest.approx(0.5)
    assert stable_share(np.zeros(4)) == 0.0


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (0.1, 0.6, ""),
        (-0.5, 1.4, "imprecise"),
        (0.3, 2.0, ""),
        (-3.0, -0.2, ""),
        (math.nan, math.nan, "sample"),
    ],
)
def test_interval_verdicts(low, high, kind):
    found = HorizonShare(12, 0.4, low, high, 0.9, 1.0, 1.0, 0.0, 120, 24)
    assert interval_verdict(found).kind == kind
