"""The scenario engine: parts add up, losses rise with shocks, roots are roots, and what is not known says so."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import crash_losses as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models import crash, exposure, price_risk
from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.combined import combined
from cryptorisk.models.crash.episodes import BITCOIN, QUOTED, Window, episodes_table, measured_fall
from cryptorisk.models.crash.miners import breakeven_price
from cryptorisk.models.crash.monte_carlo import Question, draw
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.crash.reverse import bank_breaches, smallest_fall
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.crash.stablecoin_run import bill_share
from cryptorisk.models.crash.yearly_loss import FALL, yearly_loss
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import CrashParams, Params
from cryptorisk.result import Result
from cryptorisk.rules import sco60
from cryptorisk.stats.ranges import split_triangular_quantile, two_piece_normal_quantile

BANKS = {
    "bank_tier1_usd": 1e9,
    "bank_cet1_usd": 0.9e9,
    "bank_rwa_usd": 7e9,
    "bank_crypto_exposure_usd": 1.6e7,
}
SHOCKS = {
    "bitcoin": (0.3, 0.5, 0.85),
    "stablecoin_loss": (0.0, 0.05, 0.127),
    "redemption": (0.0, 0.12, 0.25),
    "depreciation": (0.0, 0.13, 0.22),
}


@pytest.fixture(scope="module")
def shared(inputs_for):
    """What depends on the vintage alone, computed once."""
    short = {
        "sample_start": dt.date(2025, 1, 1)
    }  # history without the fitted tail, which is not asked about here
    params, inputs = Params(country="KEN", vintage="2026-11-23", crash=short), inputs_for("KEN")
    return price_risk.analyse(inputs, params), exposure.world(inputs, params)


@pytest.fixture
def analysed(shared, inputs_for, monkeypatch):
    risk, world = shared
    monkeypatch.setattr(exposure, "world", lambda inputs, params: world)

    def run(iso, overrides=None, **crash_params):
        params = Params(
            country=iso,
            vintage="2026-11-23",
            overrides=overrides or {},
            crash={"monte_carlo_draws": 5_000, **crash_params},
        )
        inputs = load_inputs(params) if overrides else inputs_for(iso)
        return crash.analyse(inputs, params, risk)

    return run


def asked(**rest):
    known = {
        "shocks": SHOCKS,
        "holdings": Band(1e8, 6e8, 3e9),
        "bitcoin_share": Band(0.4, 0.78, 0.9),
        "response": (0.03, 0.05, 0.1),
    }
    return Question(**(known | rest))


@pytest.mark.parametrize("iso", ["KEN", "NGA", "SLV", "BTN", "KAZ", "GBR", "LBN", "TUV", "PRK"])
def test_every_country_finishes_and_says_what_it_does_not_know(analysed, iso):
    result = analysed(iso)
    for name in ("combined", "components", "reverse", "run", "named_episodes"):
        assert name in result.tables
    again = Result.from_dict(result.to_dict())
    assert again.to_dict() == result.to_dict()
    for figure in (charts.components, charts.distribution, charts.capital):
        made = figure(again)
        assert made.svg or made.reason
    parts = result.tables["components"].frame
    unknown = parts[parts["held_usd_m"].isna()]
    assert (unknown["reason"].str.len() > 10).all()
    assert unknown[["mild", "central", "severe"]].isna().all(axis=None)  # unknown is never zero
    causes = result.tables["reverse"].frame
    assert (causes.loc[causes["central"] == "n.a.", "reason"].str.len() > 10).all()


@pytest.mark.parametrize("iso", ["KEN", "SLV"])
def test_the_parts_add_up_and_losses_rise_with_the_rung(analysed, iso):
    own = {**BANKS, "nonbank_crypto_exposure_usd": 3e7, "household_ether_holdings_usd": 8e7}
    result = analysed(iso, own)
    frame = result.tables["components"].frame
    parts, total = frame.iloc[:-1], frame.iloc[-1]
    for column in ("held_usd_m", "mild", "central", "severe"):
        assert parts[column].sum() == pytest.approx(total[column])
    known = parts.dropna(subset=["mild"])
    assert (known["mild"] <= known["central"]).all()
    assert (known["central"] <= known["severe"]).all()
    rungs = result.tables["combined"].frame
    assert total["central"] == pytest.approx(rungs["all_pct_gdp"].iloc[1])
    households = known[known["what"].str.startswith("Households")]
    assert households["central"].sum() == pytest.approx(rungs["central_pct_gdp"].iloc[1])
    assert (rungs["low_pct_gdp"] < rungs["central_pct_gdp"]).all()
    assert (rungs["central_pct_gdp"] < rungs["high_pct_gdp"]).all()


def test_own_exposures_of_nothing_lose_nothing(analysed):
    own = {**BANKS, "bank_crypto_exposure_usd": 0.0, "nonbank_crypto_exposure_usd": 0.0}
    result = analysed("KEN", own)
    frame = result.tables["components"].frame.set_index("what")
    for holder in ("Banks", "Other financial institutions"):
        assert frame.loc[f"{holder}: as bitcoin, unhedged", "severe"] == 0.0
    ratios = result.tables["capital"].frame["cet1_pct"]
    assert ratios.to_numpy() == pytest.approx(100 * 0.9 / 7)
    assert "not by a fall of 100 %" in set(result.tables["reverse"].frame["central"])


def test_capital_is_shown_before_and_after_on_the_same_base(analysed):
    own = {
        **BANKS,
        "bank_tier1_usd": 1e9,
        "bank_cet1_usd": 0.9e9,
        "bank_rwa_usd": 8e9,
        "bank_crypto_exposure_usd": 2.1e7,
    }
    result = analysed("KEN", own)
    frame = result.tables["capital"].frame.set_index("what")
    assert frame.loc["Before, as given", "cet1_pct"] == pytest.approx(11.25)
    assert frame.loc["Before, with the weights", "cet1_pct"] == pytest.approx(100 * 0.9 / (8 + 12.5 * 0.021))
    after = result["bank_cet1_after_pct"]
    assert after.low < after.value == after.high  # all at 1250 %, the limit alone
    assert "10.89 % with the limit's weights" in after.note


def test_a_loss_beyond_tier_1_leaves_no_infinite_exposure(analysed):
    frame = analysed("KEN", {**BANKS, "bank_crypto_exposure_usd": 1.3e9}).tables["capital"].frame
    assert np.isfinite(frame["exposure_pct"].dropna()).all()
    assert math.isnan(frame.set_index("what").loc["Combined, severe", "exposure_pct"])


def test_at_a_limit_any_further_exposure_breaches_it(analysed):
    own = {**BANKS, "bank_crypto_exposure_usd": 1e7}  # exactly 1 %
    frame = analysed("KEN", own).tables["reverse"].frame
    row = frame[
        (frame["threshold"] == "Banks' exposure above 1 % of Tier 1") & (frame["cause"] == "Further exposure")
    ]
    assert row["central"].tolist() == ["any"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bank_tier1_usd": 0.0}, "Tier 1 capital given is not above zero"),
        ({"bank_rwa_usd": 0.0}, "risk-weighted assets given are not above zero"),
        ({"bank_cet1_usd": 1.5e9}, "exceeds Tier 1 capital"),
    ],
)
def test_supervisory_figures_that_cannot_be_are_named(analysed, changed, words):
    result = analysed("KEN", BANKS | changed)
    assert words in result["bank_cet1_after_pct"].reason
    assert any(words in finding.text for finding in result.findings)
    assert "capital" not in result.tables


def test_the_dollar_does_not_depreciate_against_itself(analysed):
    own = [{"name": "all", "price_drop": 0.6, "depreciation": 0.3, "redemption": 0.2}]
    salvador = analysed("SLV", scenarios=own).tables["combined"]
    assert (salvador.frame["depreciation_pct"] == 0).all()
    assert "US dollar is the currency" in salvador.note
    kenya = analysed("KEN", scenarios=own).tables["combined"].frame
    assert kenya["depreciation_pct"].iloc[-1] == pytest.approx(30)
    lost = kenya["central_pct_gdp"].iloc[-1]
    assert lost == pytest.approx(analysed("KEN", price_drop=0.6)["household_loss_pct_gdp"].value)


def test_depreciation_comes_from_the_rate_s_own_past(inputs_for):
    joint = combined(CrashParams(), inputs_for("KEN"))
    low, central, high = joint.range_of("depreciation")
    assert low == 0
    assert (central, high) == (pytest.approx(0.134, abs=0.002), pytest.approx(0.224, abs=0.002))
    assert "one of ten windows" in joint.depreciation_basis
    given = CrashParams(depreciation={"low": 0.1, "central": 0.2, "high": 0.3})
    assert combined(given, inputs_for("KEN")).range_of("depreciation") == (0.1, 0.2, 0.3)
    deep = combined(CrashParams(price_drop=0.95), inputs_for("KEN"))
    assert deep.range_of("bitcoin") == (pytest.approx(0.57), 0.95, 0.95)


def test_a_depreciation_and_a_fall_multiply():
    shock = Shock(0.5, depreciation=0.5, premium=0.1)
    assert shock.change_in_national_money(0.5) == pytest.approx(0.5 * 1.1 / 0.5 - 1)
    assert Shock(0.5).change_in_national_money(0.5) == pytest.approx(-0.5)
    assert Shock(0.95).loss("others") == 1.0
    assert Shock(0.5, ether=0.7).loss("ether") == 0.7
    with pytest.raises(ModelError, match="between 0 and 1"):
        Shock(1.2)
    with pytest.raises(ModelError, match="between 0 and 1"):
        Shock(0.5, depreciation=1.0)


@pytest.mark.parametrize("fall", [0.0, 0.1, 0.4, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("exposure_usd", [9.0, 10.0, 15.0, 20.0, 21.0, 300.0])
def test_capital_is_the_rule_s_own(exposure_usd, fall):
    """V20's exposures of a Tier 1 of 1000, vectorised and by `sco60.after_fall`."""
    capital = Capital(exposure_usd, 1000.0, 900.0, 7000.0)
    one = sco60.after_fall(exposure_usd, 1000.0, 900.0, 7000.0, fall)
    assert float(capital.added_rwa(fall)) == pytest.approx(one.added_rwa)
    assert 100 * float(capital.ratio(fall)) == pytest.approx(one.after)
    assert float(capital.share(fall)) == pytest.approx(one.rule.share)


@pytest.mark.parametrize("exposure_usd", [15.0, 21.0, 60.0, 300.0, 700.0])
@pytest.mark.parametrize("requirement", [0.045, 0.07, 0.1, 0.12, 0.1285])
def test_the_smallest_fall_is_the_first_on_a_fine_grid(exposure_usd, requirement):
    capital = Capital(exposure_usd, 1000.0, 900.0, 7000.0)
    grid = np.linspace(0, 1, 200_001)
    below = capital.ratio(grid) < requirement
    found = capital.smallest_fall(requirement)
    if not below.any():
        assert found is None
    else:
        assert found == pytest.approx(grid[below.argmax()], abs=1e-5)


def test_a_weaker_currency_takes_an_exposure_past_the_limit():
    capital = Capital(15.0, 1000.0, 900.0, 7000.0)
    edge = capital.depreciation_to_limit(0.02)
    assert edge == pytest.approx(0.25)
    assert float(capital.share(0.0, edge)) == pytest.approx(0.02)
    assert float(capital.added_rwa(0.0, edge + 1e-6)) == pytest.approx(12.5 * 20, rel=1e-4)
    breaches = bank_breaches(capital, capital, 0.015, CrashParams(), False)
    by = {(b.threshold, b.driver): b.causes[1] for b in breaches}
    assert by["Banks' exposure above 2 % of Tier 1", "depreciation"] == pytest.approx(0.25)
    assert by["Banks' exposure above 2 % of Tier 1", "fall"] is None
    assert by["Banks' exposure above 1 % of Tier 1", "fall"] == 0.0


@pytest.mark.parametrize(
    ("limit", "exposed", "cause"), [(10, 40, 0.25), (40, 40, None), (50, 40, None), (-5, 40, 0.0)]
)
def test_the_smallest_fall_costs_exactly_the_limit(limit, exposed, cause):
    assert smallest_fall(limit, exposed) == cause


def test_the_reverse_fall_of_households_costs_the_limit(analysed):
    result = analysed("NGA")
    fall = result["reverse_household_fall_pct"]
    again = analysed("NGA", price_drop=fall.value / 100)
    assert again["household_loss_pct_gdp"].value == pytest.approx(1.0, rel=1e-6)
    at_high = analysed("NGA", price_drop=fall.low / 100)
    assert at_high["household_loss_pct_gdp"].high == pytest.approx(1.0, rel=1e-6)
    never = analysed("GBR")["reverse_household_fall_pct"]
    assert not never.available
    assert "a fall of 100 % does not" in never.reason


def test_one_thing_unknown_gives_the_closed_form():
    """All but the fall fixed: quantiles of the loss are those of the fall times the holding."""
    fixed = dict.fromkeys(SHOCKS, (0.0, 0.0, 0.0)) | {"bitcoin": SHOCKS["bitcoin"]}
    question = asked(
        shocks=fixed, holdings=Band(1e9, 1e9, 1e9), bitcoin_share=Band(1, 1, 1), response=(0.1, 0.1, 0.1)
    )
    found = draw(question, draws=100_000, correlation=0.3, seed=5)
    exact = 1e9 * split_triangular_quantile(np.array([0.05, 0.25, 0.5, 0.75, 0.95]), *SHOCKS["bitcoin"])
    assert found.percentiles("household_usd") == pytest.approx(exact, rel=0.005)
    assert found.percentiles("consumption_usd", 10) == pytest.approx(exact, rel=0.005)


def test_the_mean_of_independent_factors_is_the_product_of_their_means():
    question = asked(shocks=SHOCKS | {"stablecoin_loss": (0.0, 0.0, 0.0)})
    found = draw(question, draws=200_000, correlation=0.0, seed=7).outcomes["household_usd"]
    u = (np.arange(200_000) + 0.5) / 200_000
    factors = (
        two_piece_normal_quantile(u, 1e8, 6e8, 3e9, 0.1, "log"),
        split_triangular_quantile(u, 0.4, 0.78, 0.9),
        split_triangular_quantile(u, *SHOCKS["bitcoin"]),
    )
    assert found.mean() == pytest.approx(math.prod(float(f.mean()) for f in factors), rel=0.02)


def test_every_central_value_is_a_median_and_one_case_in_ten_lies_beyond_the_ends_of_holdings():
    """Each unknown alone, others fixed: its centre halves the draws; a mode would not, and hard ends would hold them all."""
    fixed = dict.fromkeys(SHOCKS, (0.0, 0.0, 0.0)) | {"bitcoin": (0.5, 0.5, 0.5)}
    alone = asked(shocks=fixed, bitcoin_share=Band(1, 1, 1), response=(1, 1, 1))
    held = 2 * draw(alone, draws=100_000, correlation=0.0, seed=3).outcomes["household_usd"]
    assert np.quantile(held, [0.1, 0.5, 0.9]) == pytest.approx([1e8, 6e8, 3e9], rel=0.03)
    share = draw(
        asked(shocks=fixed, holdings=Band(1, 1, 1)), draws=100_000, correlation=0.0, seed=3
    ).outcomes["household_usd"]
    assert 2 * np.median(share) == pytest.approx(0.78, abs=0.003)
    assert 2 * share.max() <= 0.9
    modes = draw(alone, draws=100_000, correlation=0.0, seed=3, ends="modes").outcomes["household_usd"]
    assert 2 * modes.max() <= 3e9


def test_the_median_is_near_the_central_case_and_correlation_widens():
    found = draw(asked(), draws=50_000, correlation=0.3, seed=1)
    central = 6e8 * (0.78 * 0.5 + 0.22 * 0.05)
    assert found.percentiles("household_usd")[2] == pytest.approx(central, rel=0.1)
    spread = []
    for correlation in (0.0, 0.9):
        low, _, _, _, high = draw(asked(), draws=50_000, correlation=correlation, seed=1).percentiles(
            "household_usd"
        )
        spread.append(high / low)
    assert spread[1] > 1.2 * spread[0]
    same = (
        draw(asked(), draws=1000, correlation=0.3, seed=1),
        draw(asked(), draws=1000, correlation=0.3, seed=1),
    )
    assert (same[0].outcomes["household_usd"] == same[1].outcomes["household_usd"]).all()


def test_banks_and_the_state_are_drawn_where_known():
    found = draw(
        asked(capital=Capital(1.6e7, 1e9, 0.9e9, 7e9), government_usd=1e8, beyond_usd=1.16e8),
        draws=20_000,
        correlation=0.3,
        seed=2,
    )
    assert {"cet1_ratio", "bank_loss_cet1", "government_usd", "all_usd"} <= set(found.outcomes)
    assert (found.outcomes["all_usd"] > found.outcomes["household_usd"]).all()
    assert found.outcomes["cet1_ratio"].max() <= 0.9 / 7
    nothing = draw(asked(holdings=None), draws=1000, correlation=0.0, seed=2)
    assert not nothing.outcomes


def test_the_loss_of_one_year_in_twenty_takes_the_market_s_own_fall(analysed, shared, inputs_for):
    assert not analysed("KEN")["household_loss_year_95_pct_gdp"].available  # the short sample carries no year
    fall = Estimate(f"crash.{FALL}", "Fall", 68.0, "pct", low=60, high=75, level=0.8, interval="confidence")
    held = exposure.household_holdings(inputs_for("KEN"), Params(country="KEN", vintage="2026-11-23"))
    made = yearly_loss({FALL: fall}, held)
    bitcoin = held.holdings.central * held.bitcoin_share.central
    assert made.value == pytest.approx(68.0 * bitcoin / held.gdp_usd)
    assert made.low < made.value < made.high
    assert made.interval == "range"


def test_episodes_are_read_off_closing_prices():
    prices = pd.Series([10.0, 20, 5, 30, 18, 40], index=pd.date_range("2020-01-01", periods=6), dtype=float)
    peak, trough, fall = measured_fall(prices, Window("x", "2020-01-02", "2020-01-05"))
    assert (peak, trough) == (pd.Timestamp("2020-01-04"), pd.Timestamp("2020-01-05"))
    assert fall == pytest.approx(40)
    assert measured_fall(prices, Window("x", "2019-12-01", "2020-01-05")) is None
    assert measured_fall(prices, Window("x", "2020-01-02", "2020-02-05")) is None


def test_no_named_window_cuts_the_peak_of_its_own_fall(inputs_for):
    """No close in the week before a window was more than a percent higher than its peak."""
    prices = inputs_for("KEN").series("btc_price_usd", country="WLD").values
    for window in BITCOIN:
        peak, _, _ = measured_fall(prices, window)
        start = pd.Timestamp(window.start)
        assert prices[start - pd.Timedelta(days=7) : start].max() <= 1.01 * prices[peak], window.name


def test_named_episodes_of_the_vintage(analysed):
    frame = analysed("KEN").tables["named_episodes"].frame
    bitcoin = frame[frame["asset"] == "Bitcoin"].set_index("episode")["fall_pct"]
    assert len(bitcoin) == len(BITCOIN)
    assert bitcoin["End of the coin offerings, 2017\u20132018"] == pytest.approx(83.8, abs=0.1)
    assert bitcoin["Mt. Gox, 2013\u20132015"] == pytest.approx(84.5, abs=0.1)
    assert bitcoin["FTX, November 2022"] == pytest.approx(26.0, abs=0.1)
    quoted = frame[frame["data_class"] == "quoted"]
    assert len(quoted) == len(QUOTED)
    assert quoted["url"].str.startswith("https://").all()
    falls = frame.set_index("asset")["fall_pct"]
    assert falls["FTT"] == pytest.approx(100 * (1 - 2.10 / 24.01), abs=0.05)
    assert falls["USDC at one exchange (Bitstamp)"] == pytest.approx(100 * (1 - 0.8102))
    assert not falls.isna().any()


def test_an_early_report_knows_no_later_episode():
    params = Params(country="KEN", vintage="2026-11-23", as_of=dt.date(2021, 6, 30))
    frame = episodes_table(load_inputs(params)).frame
    assert set(frame["asset"]) == {"Bitcoin"}
    assert len(frame) == 4
    assert frame.set_index("episode").loc["Covid, March 2020", "fall_pct"] == pytest.approx(52.1, abs=0.1)
    assert (frame["window"].str.len() > 20).all()


def test_quoted_figures_have_their_pages():
    assert quote("usdc_march_2023_low").value == pytest.approx(100 * (1 - 0.8726))
    assert quote("usdt_may_2022_redeemed").value == pytest.approx(100 * 10 / 83, abs=0.1)
    assert "via" in quote("usdt_bill_share").source
    with pytest.raises(ModelError, match="no figure"):
        quote("nothing")
    assert bill_share(180e9, 60e9).central == pytest.approx(0.75 * 0.75 + 0.25 * 0.4)
    assert bill_share(None, 1.0).central == pytest.approx(0.575)


def test_the_break_even_price_covers_the_electricity():
    """600 EH/s at 28.2 J/TH draw 16.92 GW (V28): a day of it at 5 cents, over 450 coins."""
    price = breakeven_price(600, 28.2, 0.05, 450)
    assert price == pytest.approx(16.92e6 * 24 * 0.05 / 450)
    assert breakeven_price(600, 28.2, 0.05, 450, 0.06) == pytest.approx(0.94 * price)


def test_miners_only_where_the_map_names_them(analysed):
    kazakhstan, kenya = analysed("KAZ"), analysed("KEN")
    price = kazakhstan["miner_breakeven_usd"]
    assert price.low < price.value < price.high
    fall = kazakhstan["miner_breakeven_fall_pct"]
    assert fall.value == pytest.approx(100 * (1 - price.value / kazakhstan["btc_price_usd"].value), abs=0.01)
    assert not kenya["miner_breakeven_usd"].available
    assert not kenya["miner_breakeven_usd"].applies


def test_issuers_deposits_are_the_bank_s_own_figure(analysed):
    given = analysed("KEN", {"bank_stablecoin_reserves_usd": 4e7}).tables["run"].frame
    row = given[given["what"].str.startswith("Domestic banks")].iloc[0]
    assert row["severe"] == pytest.approx(10.0)
    none = analysed("KEN").tables["run"].frame
    row = none[none["what"].str.startswith("Domestic banks")].iloc[0]
    assert math.isnan(row["severe"])
    assert "not public" in row["reason"]


def test_recapitalisation_reaches_the_requirement(analysed):
    weak = {**BANKS, "bank_crypto_exposure_usd": 8e8}
    result = analysed("KEN", weak)
    frame = result.tables["intervention"].frame.set_index("what")
    needed = next(v for k, v in frame["central"].items() if "7 % after" in k)
    left, lost = 4e8, 4e8
    rwa = 7e9 + 12.5 * left  # 4e8 of 6e8 Tier 1 is above 2 %
    assert (0.9e9 - lost + 1e6 * needed) / rwa == pytest.approx(0.07)


def test_the_simulation_answers_for_the_scenario_and_not_its_chance(analysed):
    result = analysed("KEN")
    made = result["simulated_loss_pct_gdp"]
    assert made.interval == "range"
    assert made.level is None
    assert made.low < made.value < made.high
    assert "no probability" in made.method
    assert made.value == pytest.approx(result.tables["combined"].frame["central_pct_gdp"].iloc[1], rel=0.3)
    counted = result.tables["loss_distribution"].frame["share_pct"].sum()
    assert counted == pytest.approx(99.0, abs=0.2)


def test_the_shape_of_the_simulation_is_shown_beside_its_correlation(analysed):
    result = analysed("NGA")
    frame = result.tables["correlation"].frame.set_index("assumed")
    used, limits = frame.loc["As above"], frame.loc["Ends of holdings as limits"]
    assert limits["p95"] < 0.7 * used["p95"]
    assert frame.loc["Rank correlation 0.6", "p95"] < 1.2 * used["p95"]
    made, note = result["simulated_loss_pct_gdp"], result.tables["monte_carlo"].note
    assert made.value == pytest.approx(used["p50"])
    central = result.tables["combined"].frame["central_pct_gdp"].iloc[1]
    side = "above" if made.value > central else "below"
    assert f"{made.value:.2f} % of GDP, is {side} the central combined case, {central:.2f}" in note
    assert not result.tables["monte_carlo"].frame["unit"].eq("% of reserves").any()


@pytest.mark.parametrize(
    "series",
    [
        "household_crypto_holdings_usd",
        "nonbank_crypto_exposure_usd",
        "bank_crypto_exposure_usd",
        "bank_stablecoin_reserves_usd",
        "household_ether_holdings_usd",
    ],
)
def test_a_confidential_exposure_is_given_to_one_digit_everywhere(analysed, series):
    def run(value):
        own = {id: v for id, v in BANKS.items() if id != series}
        return analysed("KEN", own | {series: {"value": value, "confidential": True}})

    one, far = run(1.23457e7), run(4.93828e7)
    assert one.to_dict() == run(1.2391e7).to_dict()  # the same digit says the same
    for name in ("combined", "components", "monte_carlo", "correlation", "capital", "run", "intervention"):
        both = [result.tables[name].frame.select_dtypes("number").to_numpy() for result in (one, far)]
        moved = both[0][~np.isclose(both[0], both[1], equal_nan=True)]
        for value in moved[np.isfinite(moved) & (moved != 0)]:
            assert value == pytest.approx(float(f"{value:.0e}")), (name, value)
    if series == "household_crypto_holdings_usd":
        assert "loss_distribution" not in one.tables
