import datetime as dt
import math
import re

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import crash as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models import crash, exposure, price_risk
from cryptorisk.models.crash.past import past_scenarios
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall, headline_scenario, ladder, losses
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.price_risk.estimates import market_estimates
from cryptorisk.models.price_risk.findings import likelihood_words, market_findings
from cryptorisk.models.price_risk.history import episodes
from cryptorisk.models.price_risk.measure import measure
from cryptorisk.models.price_risk.staleness import headlines, old_prices
from cryptorisk.models.recent import Recent
from cryptorisk.params import CrashParams, Params, ShareRange
from cryptorisk.result import Result

SCENARIO_COUNTRIES = ("KEN", "NGA", "TUR", "BRA", "PHL")


@pytest.fixture(scope="module")
def shared(inputs_for):
    """What depends on the vintage alone, computed once: the market and the world's exposure."""
    params = Params(country="KEN", vintage="2026-11-23")
    inputs = inputs_for("KEN")
    return price_risk.analyse(inputs, params), exposure.world(inputs, params)


@pytest.fixture
def analysed(shared, inputs_for, monkeypatch):
    _, world = shared
    monkeypatch.setattr(exposure, "world", lambda inputs, params: world)

    def run(iso, **rest):
        params = Params(country=iso, vintage="2026-11-23", **rest)
        inputs = load_inputs(params) if rest.get("overrides") else inputs_for(iso)
        return crash.analyse(inputs, params)

    return run


def walk(n=2000, seed=1, start="2018-01-01"):
    rng = np.random.default_rng(seed)
    returns = 0.03 * rng.standard_t(4, n)
    return pd.Series(100 * np.exp(returns.cumsum()), index=pd.date_range(start, periods=n, freq="D"))


@pytest.mark.parametrize("iso", SCENARIO_COUNTRIES)
def test_every_scenario_has_a_loss_with_a_band(analysed, iso):
    result = analysed(iso)
    frame = result.tables["scenarios"].frame
    assert len(frame) >= 7
    assert (frame["low_pct_gdp"] > 0).all()
    assert (frame["low_pct_gdp"] < frame["central_pct_gdp"]).all()
    assert (frame["central_pct_gdp"] < frame["high_pct_gdp"]).all()
    loss = result["household_loss_pct_gdp"]
    assert loss.interval == "range"
    assert loss.level is None  # no probability on a scenario
    assert loss.value == pytest.approx(frame["central_pct_gdp"].iloc[0])


def test_the_loss_is_the_exposure_times_the_fall(analysed):
    result = analysed("KEN")
    holdings, loss = result["household_holdings_usd"], result["household_loss_usd"]
    frame = result.tables["scenarios"].frame
    share = loss.value / holdings.value / 0.5
    assert loss.low / holdings.low / 0.5 == pytest.approx(0.4)
    assert loss.high / holdings.high / 0.5 == pytest.approx(0.9)
    assert 0.7 < share < 0.85  # bitcoin's part of the market; stablecoins keep their value
    doubled = frame["loss_usd_m"] / frame["price_drop_pct"]
    assert doubled.to_numpy() == pytest.approx(doubled.iloc[0])


def test_el_salvador_has_a_government_loss_and_kenya_an_unknown_one(analysed):
    salvador, kenya = analysed("SLV"), analysed("KEN")
    assert salvador["government_loss_usd"].value == pytest.approx(
        0.5 * salvador["government_holdings_usd"].value
    )
    assert salvador["government_holdings_pct_gdp"].value > 1
    assert "7\u202f696 BTC" in salvador["government_holdings_usd"].method
    assert not kenya["government_holdings_usd"].available
    assert "none" in kenya["government_holdings_usd"].reason


@pytest.mark.parametrize("iso", ["CAF", "DEU"])
def test_members_of_a_currency_union_have_no_reserves_of_their_own(analysed, iso):
    loss = analysed(iso)["household_loss_pct_reserves"]
    assert not loss.available
    assert "currency union" in loss.reason


@pytest.mark.parametrize("iso", ["TUV", "PRK", "SSD", "LBN", "ARG", "SLV"])
def test_hard_cases_finish_and_serialise(analysed, iso):
    result = analysed(iso)
    again = Result.from_dict(result.to_dict())
    assert again.to_dict() == result.to_dict()
    text = result.to_html() + "".join(t.to_html() for t in result.tables.values())
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    for figure in (charts.price, charts.scenarios, charts.volatility, charts.return_levels):
        made = figure(again)
        assert made.svg or made.reason


def test_banks_are_unknown_without_supervisory_data_but_the_limits_are_shown(analysed):
    result = analysed("KEN")
    assert not result["bank_exposure"].available
    assert result["bank_loss_at_1pct_limit"].value == pytest.approx(0.5)
    assert result["bank_loss_at_2pct_limit"].value == pytest.approx(1.0)
    rows = result.tables["bank_limits"].frame
    assert rows["rwa"].tolist() == pytest.approx([0.0, 12.5, 26.25])
    assert rows["rwa_all"].tolist() == pytest.approx([12.5, 25.0, 26.25])


def test_banks_with_supervisory_data_are_assessed(analysed):
    own = {"bank_tier1_usd": 1e9, "bank_cet1_usd": 0.9e9, "bank_rwa_usd": 7e9}
    breach = analysed("KEN", overrides=own | {"bank_crypto_exposure_usd": 2.1e7})
    assert breach["bank_exposure_pct_tier1"].value == pytest.approx(2.1)
    assert [f.severity for f in breach.findings if f.id == "crash.sco60"] == ["alert"]
    # Half of the exposure is lost; the rest weighs 1250 %. If only what is above 1 % of Tier 1 does, it is 0.605 million.
    left, tier1 = 1.05e7, 1e9 - 1.05e7
    after, hedged = (
        (0.9e9 - 1.05e7) / (7e9 + 12.5 * left),
        (0.9e9 - 1.05e7) / (7e9 + 12.5 * (left - 0.01 * tier1)),
    )
    assert breach["bank_cet1_after_pct"].value == pytest.approx(100 * after)
    assert breach["bank_cet1_after_pct"].high == pytest.approx(100 * hedged)
    assert breach["bank_cet1_loss_only_pct"].value == pytest.approx(100 * (0.9e9 - 1.05e7) / 7e9)
    assert {breach[f"bank_{n}"].data_class for n in ("loss_pct_tier1", "cet1_after_pct")} == {"modelled"}
    within = analysed("KEN", overrides=own | {"bank_crypto_exposure_usd": 1.0e7})
    assert [f.severity for f in within.findings if f.id == "crash.sco60"] == ["info"]
    hidden = own | {"bank_crypto_exposure_usd": {"value": 2.1e7, "confidential": True}}
    assert not analysed("KEN", overrides=hidden)["bank_exposure"].available


def test_own_scenarios_stand_on_the_ladder(analysed):
    rungs = {"scenarios": [{"name": "Depeg", "price_drop": 0.3, "stablecoin_loss": 0.1}], "price_drop": 0.4}
    frame = analysed("KEN", crash=rungs).tables["scenarios"].frame
    last = frame.iloc[-1]
    assert last["scenario"] == "Depeg"
    assert last["stablecoin_loss_pct"] == pytest.approx(10)
    assert frame.iloc[0]["price_drop_pct"] == pytest.approx(40)


def test_without_non_commercial_series_the_market_is_missing_with_the_reason():
    params = Params(country="KEN", vintage="2026-11-23", include_non_commercial=False)
    result = crash.analyse(load_inputs(params), params)
    assert not result["es_10d"].available
    assert "left out on request" in result["es_10d"].reason
    assert not result["household_loss_pct_gdp"].available
    assert result["household_holdings_pct_gdp"].label.endswith("stablecoins")
    assert result["household_holdings_pct_gdp"].available
    assert "price" not in result.tables


def test_an_early_as_of_sees_no_later_fall(inputs_for):
    params = Params(country="KEN", vintage="2026-11-23", as_of=dt.date(2021, 6, 30))
    part = price_risk.analyse(load_inputs(params), params)
    assert part.tables["history"].frame["trough"].max() <= pd.Timestamp("2021-06-30")
    assert part["btc_price_usd"].date == "2021-06-30"
    # Prices of the report's date: the days after them are still to come.
    spell = part["es_10d"]
    assert spell.note == ""
    text = next(f.text for f in part.findings if f.id == "crash.tail")
    assert f"{spell:full}" in text
    assert "in the 10 days after 2021-06-30" in text
    assert headlines(crash.HEADLINE, spell, params.as_of) == crash.HEADLINE


def test_the_market_of_the_vintage(shared):
    estimates = {e.id.removeprefix("crash."): e for e in shared[0].estimates.values()}
    assert estimates["btc_volatility_pct"].value == pytest.approx(68.0, abs=1)
    assert (
        0.05
        < estimates["tail_index"].low
        < estimates["tail_index"].value
        < estimates["tail_index"].high
        < 0.35
    )
    assert estimates["es_10d"].value > estimates["var_10d"].value > estimates["es_1d"].value
    assert any(f.id == "crash.integrated" for f in shared[0].findings)
    falls = shared[0].tables["history"].frame.set_index("episode")["fall_pct"]
    assert falls["2017\u20132018"] == pytest.approx(83.8, abs=0.1)
    assert falls["2021\u20132022"] == pytest.approx(76.7, abs=0.1)
    names = [s.name for s in past_scenarios(shared[0].tables)]
    assert any("2020-03-12" in name for name in names)


def test_a_run_repeats_itself():
    prices, params = walk(1200), CrashParams(paths=1000, sample_start=dt.date(2018, 1, 1))
    one, two = measure(prices, params, 7), measure(prices, params, 7)
    assert one.simulation.value_at_risk(0.99) == two.simulation.value_at_risk(0.99)
    assert one.tail.return_levels().equals(two.tail.return_levels())
    assert one.falls.frame.equals(two.falls.frame)


def test_a_short_sample_leaves_history_and_scenarios(inputs_for):
    params = Params(country="KEN", vintage="2026-11-23", crash={"sample_start": dt.date(2025, 1, 1)})
    part = price_risk.analyse(inputs_for("KEN"), params)
    estimates = {e.id: e for e in part.estimates.values()}
    assert not estimates["crash.es_10d"].available
    assert "3 years" in estimates["crash.es_10d"].reason
    assert estimates["crash.btc_price_usd"].available
    assert len(past_scenarios(part.tables)) >= 7
    assert {"history", "price"} <= set(part.tables)


def test_a_level_below_the_threshold_lowers_the_threshold_and_says_so():
    params = CrashParams(sample_start=dt.date(2018, 1, 1), var_level=0.9, paths=1000)
    market = measure(walk(1200), params, 1)
    assert market.tail.fit.exceed_share == pytest.approx(0.11, abs=0.002)
    assert market_estimates(market, market.prices, params, ())
    found = market_findings(market, params)
    assert any(f.id == "crash.threshold" for f in found)


def test_short_samples_are_refused():
    with pytest.raises(ModelError, match="3 years"):
        measure(walk(500), CrashParams(sample_start=dt.date(2018, 1, 1)), 1)


def test_a_gap_is_counted_and_not_a_daily_return():
    prices = walk(1200).drop(pd.date_range("2019-03-01", "2019-03-05"))
    market = measure(prices, CrashParams(sample_start=dt.date(2018, 1, 1), paths=1000), 1)
    assert market.gaps == 5
    assert len(market.returns) == len(prices) - 2


def test_episodes_of_a_made_up_price():
    path = [100, 120, 50, 130, 131, 80, 100]
    prices = pd.Series(path, index=pd.date_range("2020-01-01", periods=7), dtype=float)
    found = episodes(prices, "Made up")
    assert found["fall_pct"].tolist() == pytest.approx([100 * (1 - 50 / 120), 100 * (1 - 80 / 131)])
    assert found["recovered"].tolist() == ["2020-01-04", "not by 2020-01-07"]


def test_scenario_arithmetic():
    half = Scenario("half", Shock(0.5, 0.1), "assumption", "one month")
    assert half.loss_share(0.8) == pytest.approx(0.42)
    assert losses(half, Band(10, 20, 40), Band(0.8, 0.8, 0.8)).central == pytest.approx(8.4)
    ranged = losses(half, Band(10, 20, 40), Band(0.4, 0.8, 0.9))
    assert (ranged.low, ranged.high) == pytest.approx((10 * 0.26, 40 * 0.46))
    depeg = Scenario("depeg", Shock(0.1, 0.5), "assumption", "one month")
    ranged = losses(depeg, Band(10, 20, 40), Band(0.4, 0.8, 0.9))
    assert (ranged.low, ranged.high) == pytest.approx((10 * 0.14, 40 * 0.34))
    fall = consumption_fall(Band(10, 20, 40), ShareRange(low=0.0, central=0.05, high=0.1))
    assert (fall.low, fall.central, fall.high) == (0.0, 1.0, 4.0)


def test_the_ladder_begins_with_the_headline():
    past = [Scenario("deep", Shock(0.9), "history", ""), Scenario("mild", Shock(0.4), "history", "")]
    rungs = ladder(CrashParams(price_drop=0.6), past)
    assert rungs[0] == headline_scenario(CrashParams(price_drop=0.6))
    assert [r.name for r in rungs[1:]] == ["mild", "deep"]
    assert math.isclose(rungs[0].price_drop, 0.6)


def test_titles_follow_the_numbers(analysed):
    result = analysed("KEN", crash={"price_drop": 0.8})
    title = charts.scenarios(result).title
    assert "80 % fall" in title
    assert f"{result['household_loss_pct_gdp']:value}" in title


def test_the_bad_spell_is_told_without_the_field_s_words(shared):
    found = next(f for f in shared[0].findings if f.id == "crash.tail")
    assert (found.kind, found.severity) == ("result", "info")  # the same in every country
    estimates = {e.id: e for e in shared[0].estimates.values()}
    assert f"{estimates['crash.es_1d_cycle']:full}" in found.text
    assert "days after" not in found.text  # those days are over
    assert "On the worst 1 % of days" in found.text
    for word in ("shape", "shortfall", "tail", "value at risk"):
        assert word not in found.text.lower()


def test_the_market_is_computed_once_for_all_countries(inputs_for, monkeypatch):
    calls = []

    def counted(inputs, params):
        calls.append(params)
        return Result.build("crash", "The risk in crypto prices", "WLD")

    monkeypatch.setattr(price_risk, "_recent", Recent())
    monkeypatch.setattr(price_risk, "_analyse", counted)
    for iso in ("KEN", "NGA"):
        price_risk.analyse(inputs_for(iso), Params(country=iso, vintage="2026-11-23"))
    assert len(calls) == 1
    other = Params(country="KEN", vintage="2026-11-23", seed=5)
    price_risk.analyse(inputs_for("KEN"), other)
    assert len(calls) == 2
    scenario = {"scenarios": [{"name": "mine", "price_drop": 0.3}]}
    own = Params(country="KEN", vintage="2026-11-23", seed=5, crash=scenario)
    price_risk.analyse(inputs_for("KEN"), own)
    assert len(calls) == 2  # what concerns exposures does not enter
    bare = other.model_copy(update={"include_non_commercial": False})
    price_risk.analyse(load_inputs(bare), bare)
    assert len(calls) == 3


def test_the_tail_s_axis_holds_the_worst_day(analysed):
    figure = charts.return_levels(analysed("KEN"))
    worst = figure.data.frame["fall_pct"].max()
    assert f"worst day: {worst:.1f} %" in figure.svg
    assert ">50<" in figure.svg  # a tick beyond every dot


def test_own_holdings_have_no_range_in_the_figure(analysed):
    own = charts.scenarios(analysed("KEN", overrides={"household_crypto_holdings_usd": 3.1e8}))
    assert "without a range" in own.subtitle
    assert "range of holdings and of their split" in charts.scenarios(analysed("KEN")).subtitle


def test_what_is_given_on_the_last_price_is_dated_by_it(analysed):
    result = analysed("KEN")
    words = " ".join(e.label for e in result.estimates.values()) + " ".join(f.text for f in result.findings)
    assert "today" not in words
    last = result["btc_price_usd"].date
    assert f"given volatility on {last}" in result["es_10d"].label
    assert last in result["btc_volatility_now_pct"].label
    assert last in result["es_10d"].note


def test_a_spell_that_is_over_is_no_headline(analysed):
    result = analysed("KEN")
    names = [e.id for e in result.headlines]
    assert "crash.es_10d" not in names
    assert names.index("crash.es_1d_cycle") == crash.HEADLINE.index("es_10d")
    assert result["es_10d"].available  # the id stays, with its date and a note
    assert "which are over" in result["es_10d"].note
    assert result["es_1d_cycle"].note == ""


def test_old_prices_are_a_data_finding(analysed):
    found = [f for f in analysed("KEN").findings if f.id == "crash.old_prices"]
    assert [f.kind for f in found] == ["data"]
    day = dt.date(2026, 6, 1)
    assert old_prices(day, day + dt.timedelta(days=30)) == []
    assert "31 days" in old_prices(day, day + dt.timedelta(days=31))[0].text


def test_reserves_too_old_for_chapter_three_are_too_old_here(analysed, inputs_for):
    result = analysed("VEN")
    assert not result["household_loss_pct_reserves"].available
    assert "2017" in result["household_loss_pct_reserves"].reason
    assert "central_pct_reserves" not in {c.name for c in result.tables["scenarios"].columns}
    kenya = analysed("KEN")["household_loss_pct_reserves"]
    held = inputs_for("KEN").latest("reserves_usd")
    assert f"Reserves of {held.date.year}" in kenya.note
    assert held.source in kenya.sources


def test_classes_and_sources_say_what_a_number_is(analysed):
    result = analysed("SLV")
    assert result["government_loss_usd"].data_class == "modelled"
    assert result["government_holdings_usd"].data_class == "proxy"
    assert any(s.startswith("weo_") for s in result["household_loss_pct_gdp"].sources)


def test_a_probability_has_the_word_of_its_point():
    known = Estimate("crash.p", "P", 8.0, "pct", low=5.0, high=15.0, level=0.8, interval="confidence")
    assert likelihood_words(known) == "very unlikely"
    assert likelihood_words(known.with_(value=28.0, high=44.0)) == "unlikely"


def test_the_check_of_a_fall_goes_with_the_loss_that_stands_on_it(analysed):
    result = analysed("KEN")
    fall, loss = result["fall_365d_95_pct"], result["household_loss_year_95_pct_gdp"]
    row = result.tables["long_falls"].frame.set_index(["horizon_days", "level"]).loc[(365, 0.95)]
    assert f"{row['observed_pct']:.1f} % of the sample's own" in fall.note
    assert f"more than {row['observed_fall_pct']:.0f} %" in fall.note
    assert f"nearer one in {100 / row['observed_pct']:.0f} than one in 20" in fall.note
    assert fall.note in loss.note


def test_green_by_the_count_may_be_rejected_as_too_cautious(analysed):
    result = analysed("KEN")
    ours = result.tables["backtest"].frame.iloc[0]
    assert ours["kupiec_p"] < 0.05
    assert ours["violations"] < ours["expected"]
    assert ours["zone"] == "green zone, but rejected as too cautious"
    text = next(f.text for f in result.findings if f.id == "crash.backtest")
    assert "too cautious (green zone by the Basel count, since violations were few)" in text


def test_the_alternative_text_of_the_scenarios_has_every_drawn_range(analysed):
    figure = charts.scenarios(analysed("KEN"))
    rows = figure.data.frame
    assert len(rows) > 2
    for row in rows.itertuples():
        ends = f"{row.central_pct_gdp:.2f}, range {row.low_pct_gdp:.2f} to {row.high_pct_gdp:.2f}"
        assert ends in figure.alt
    own = charts.scenarios(analysed("KEN", overrides={"household_crypto_holdings_usd": 3.1e8}))
    assert ", range" not in own.alt  # the institution's own figure has none


def test_the_fall_below_the_record_is_dated(analysed):
    result = analysed("KEN")
    assert result["btc_drawdown_pct"].date == "2026-06-01"
    assert "; on 2026-06-01 it stood " in charts.price(result).title
