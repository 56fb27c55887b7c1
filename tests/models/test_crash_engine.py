"""The scenario engine: parts add up, losses rise with shocks, roots are roots, and what is not known says so."""

import dataclasses
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
from cryptorisk.models.crash.monte_carlo_holdings import Shapes
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.crash.reverse import smallest_fall
from cryptorisk.models.crash.reverse_banks import bank_breaches
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.crash.stablecoin_run import bill_share
from cryptorisk.models.crash.yearly_loss import FALL, yearly_loss
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.parts import Owners, Parts, Received
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

WORLD = 1e12
ELASTICITIES = np.array([0.5, 0.75, 1.0])
PARTS = Parts(
    Band(WORLD, WORLD, 1.4 * WORLD),
    Owners(Band(3, 6, 11), 100.0, Band(0.5, 0.75, 1.0), ELASTICITIES, np.array([9e-4, 6e-4, 4e-4])),
    Received(Band(2e9, 6e9, 2e10), 1e13 - 6e9),
)


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
        "holdings": PARTS,
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
    assert after.low == after.value < after.high  # all at 1250 %, the limit alone
    assert "10.89 % with 1250 % on all of it" in after.note


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
    question = asked(shocks=fixed, holdings=1e9, bitcoin_share=Band(1, 1, 1), response=(0.1, 0.1, 0.1))
    found = draw(question, draws=100_000, correlation=0.3, seed=5)
    exact = 1e9 * split_triangular_quantile(np.array([0.05, 0.25, 0.5, 0.75, 0.95]), *SHOCKS["bitcoin"])
    assert found.percentiles("household_usd") == pytest.approx(exact, rel=0.005)
    assert found.percentiles("consumption_usd", 10) == pytest.approx(exact, rel=0.005)


def one_input(**changed):
    """Parts of which all but some inputs are known exactly."""
    share, usd, market = changed.get("share", (6, 6, 6)), changed.get("usd"), changed.get("market", (1, 1, 1))
    elasticity = Band(*changed.get("elasticity", (0.75, 0.75, 0.75)))
    owners = Owners(Band(*share), 100.0, elasticity, ELASTICITIES, PARTS.owners.world_share)
    received = None if usd is None else Received(Band(*usd), 1e13)
    return Parts(Band(*market).scaled(WORLD), owners, received)


def drawn(parts, **rest):
    """Holdings of many draws, with nothing else uncertain."""
    found = draw(asked(holdings=parts), draws=100_000, correlation=0.0, seed=7, **rest)
    return found.outcomes["holdings_usd"]


U = (np.arange(100_000) + 0.5) / 100_000
DECILES = np.array([0.05, 0.1, 0.5, 0.9, 0.95])


def test_each_input_of_holdings_alone_has_its_own_quantiles():
    """Deciles of ownership in log-odds, of value received in logs, limits of the elasticity and of the market's value."""
    odds = two_piece_normal_quantile(DECILES, *(math.log(x / (100 - x)) for x in (3, 6, 11)), 0.1)
    factor = 100 / (1 + np.exp(-odds)) / 6
    assert factor[[1, 2, 3]] * 6 == pytest.approx([3, 6, 11])
    exact = WORLD * 6e-4 * factor / (1 - 6e-4 + 6e-4 * factor)
    assert np.quantile(drawn(one_input(share=(3, 6, 11))), DECILES) == pytest.approx(exact, rel=0.02)
    market = drawn(one_input(market=(1, 1, 1.4)))
    assert np.quantile(market, DECILES) == pytest.approx(
        6e8 * split_triangular_quantile(DECILES, 1, 1, 1.4), rel=0.005
    )
    elastic = drawn(one_input(elasticity=(0.5, 0.75, 1)))
    assert [elastic.min(), np.median(elastic), elastic.max()] == pytest.approx([4e8, 6e8, 9e8], rel=0.01)
    volume = drawn(
        Parts(Band(WORLD, WORLD, WORLD), None, Received(Band(2e9, 6e9, 2e10), 1e13)),
    )
    ends = np.array([2e9, 6e9, 2e10])
    assert np.quantile(volume, [0.1, 0.5, 0.9]) == pytest.approx(WORLD * ends / (1e13 + ends), rel=0.02)


def test_the_keys_go_together_as_is_said():
    """Two keys without any uncertainty, a factor of four apart: all that is left is how they are put together."""
    parts = one_input(usd=(2.4e10, 2.4e10, 2.4e10))
    low, high = 6e8, WORLD * 2.4e10 / (1e13 + 2.4e10)
    assert np.quantile(drawn(parts), [0.1, 0.5, 0.9]) == pytest.approx(
        low * (high / low) ** np.array([0.1, 0.5, 0.9]), rel=0.01
    )
    assert set(np.round(drawn(parts, shapes=Shapes(keys="either")))) == {round(low), round(high)}
    assert np.ptp(drawn(parts, shapes=Shapes(keys="mean"))) == pytest.approx(0, abs=1)
    assert drawn(parts, shapes=Shapes(keys="mean"))[0] == pytest.approx(parts.central)
    assert parts.central == pytest.approx(math.sqrt(low * high))


def test_gdp_in_the_keys_is_the_drawn_one():
    """GDP of two prices alone uncertain: holdings rise by three quarters of a percent with one, the ratio falls by one."""
    known = one_input()
    parts = dataclasses.replace(known, owners=dataclasses.replace(known.owners, gdp=0.5))
    gdp = (5e10, 1e11 * math.sqrt(0.5), 1e11)
    found = draw(asked(holdings=parts, gdp_usd=gdp), draws=20_000, correlation=0.0, seed=7)
    held, size = found.outcomes["holdings_usd"], found.outcomes["gdp_usd"]
    assert np.polyfit(np.log(size), np.log(held), 1) == pytest.approx(
        [0.75, math.log(6e8) - 0.75 * math.log(1e11)], rel=1e-2
    )
    ratio = found.in_gdp("holdings_usd")
    assert [ratio.min(), ratio.max()] == pytest.approx([0.6, 0.6 * 2**0.25], rel=0.01)
    assert np.median(held) == pytest.approx(parts.central, rel=1e-3)


def test_the_mean_of_independent_inputs_is_the_product_of_their_means():
    parts = one_input(share=(3, 6, 11), market=(1, 1, 1.4), elasticity=(0.5, 0.75, 1))
    factors = [
        np.mean(100 / (1 + np.exp(-two_piece_normal_quantile(U, *ODDS, 0.1)))) / 6,
        np.mean(split_triangular_quantile(U, 1, 1, 1.4)),
        np.mean(np.exp(np.interp(split_triangular_quantile(U, 0.5, 0.75, 1), ELASTICITIES, LOG_SHARE))),
    ]
    assert drawn(parts).mean() == pytest.approx(WORLD * math.prod(factors), rel=0.005)


ODDS = tuple(math.log(x / (100 - x)) for x in (3, 6, 11))
LOG_SHARE = np.log(PARTS.owners.world_share)


def test_an_economy_that_is_most_of_the_world_never_holds_more_than_the_world():
    owners = Owners(Band(10, 40, 90), 100.0, Band(1, 1, 1), np.array([1.0]), np.array([0.7]))
    parts = Parts(Band(1, 1, 1), owners, Received(Band(1, 7, 400), 3.0))
    found = drawn(parts)
    assert 0.9 < found.max() <= 1.0


@pytest.mark.parametrize("iso", ["KEN", "BOL"])
def test_inputs_of_holdings_have_the_centre_of_their_range_and_seldom_reach_its_ends(
    shared, inputs_for, monkeypatch, iso
):
    """Taking the ends of the range for deciles put one draw in five outside and the loss of Bolivia at a third of GDP."""
    monkeypatch.setattr(exposure, "world", lambda inputs, params: shared[1])
    held = exposure.household_holdings(inputs_for(iso), Params(country=iso, vintage="2026-11-23"))
    assert held.parts.central == pytest.approx(held.holdings.central, rel=1e-6)
    found = draw(
        asked(holdings=held.parts, bitcoin_share=held.bitcoin_share), draws=50_000, correlation=0.3, seed=4
    ).outcomes["holdings_usd"]
    outside = np.mean((found < held.holdings.low) | (found > held.holdings.high))
    assert 0 < outside < 0.05
    assert np.median(found) == pytest.approx(held.holdings.central, rel=0.15)
    assert np.quantile(found, 0.95) < 0.8 * held.holdings.high


def test_holdings_take_a_key_alone_and_the_institution_s_own_figure_as_it_is(analysed):
    own = analysed("KEN", {"household_crypto_holdings_usd": 4e8})
    row = (
        own.tables["monte_carlo"].frame.set_index("what").loc["Households' holdings, bitcoin and stablecoins"]
    )
    assert row["p5"] == pytest.approx(row["p95"])
    assert "Keys: their geometric mean" not in set(own.tables["correlation"].frame["assumed"])
    with pytest.raises(ValueError, match="need a key"):
        Parts(Band(1, 1, 1), None, None)


def test_the_median_is_near_the_central_case_and_correlation_widens():
    found = draw(asked(), draws=50_000, correlation=0.3, seed=1)
    central = PARTS.central * (0.78 * 0.5 + 0.22 * 0.05)
    assert found.percentiles("household_usd")[2] == pytest.approx(central, rel=0.1)
    spread = []
    for correlation in (0.0, 0.9):
        low, _, _, _, high = draw(asked(), draws=50_000, correlation=correlation, seed=1).percentiles(
            "household_usd"
        )
        spread.append(high / low)
    assert spread[1] > 1.1 * spread[0]
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
    assert (found.outcomes["cet1_all_2b"] < found.outcomes["cet1_ratio"]).all()
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


APART = {
    "bank_crypto_exposure_usd": 1.9e7,
    "bank_tier1_usd": 1e9,
    "bank_cet1_usd": 0.9e9,
    "bank_rwa_usd": 8e9,
}
"""Below 2 % of Tier 1: the limit penalises nine tenths of a percent of it, the second reading everything."""


def test_both_readings_of_the_weights_stand_wherever_capital_does(analysed):
    """By the limit alone CET1 stays above 11 %; with 1250 % on all it is below before and after any fall."""
    result = analysed("KEN", APART, cet1_requirement=0.11)
    after = 100 * (0.9e9 - 9.5e6) / (8e9 + 12.5 * 9.5e6)
    last = result.tables["capital"].frame.set_index("what").loc["50 % fall in one month"]
    assert last["cet1_all_pct"] == pytest.approx(after)
    causes = result.tables["reverse"].frame
    of_11 = causes[causes["threshold"] == "Banks' CET1 ratio below 11 %"].set_index("cause")["central"]
    assert of_11["Fall of bitcoin, the limit alone, only if hedged"] == "not by a fall of 100 %"
    assert of_11["Fall of bitcoin, all at 1250 %"] == "already, by the weights"
    of_7 = causes[causes["threshold"] == "Banks' CET1 ratio below 7 %"]["cause"]
    assert "Fall of bitcoin, by both readings" in set(of_7)
    steps = result.tables["intervention"].frame.set_index("what")["central"]
    reach = "Banks: capital to reach a CET1 ratio of 11 % after the loss, all banks as one, "
    assert steps[reach + "the limit alone, only if hedged"] == 0
    missing = 0.11 * (8e9 + 12.5 * 9.5e6) - (0.9e9 - 9.5e6)
    assert 1e6 * steps[reach + "all at 1250 %"] == pytest.approx(missing)
    drawn = result.tables["monte_carlo"].frame.set_index("what")
    low, high = (
        drawn.loc[f"Banks' CET1 ratio afterwards, {words}"]
        for words in ("all at 1250 %", "the limit alone, only if hedged")
    )
    assert low["p50"] < 11 < high["p50"]
    made = result["bank_cet1_after_pct"]
    assert made.value == made.low == pytest.approx(last["cet1_all_pct"])  # and not the loss alone
    assert made.high == pytest.approx(last["cet1_pct"])
    figure = charts.capital(result)
    severe = result.tables["capital"].frame["cet1_all_pct"].iloc[-1]
    assert f"{severe:.2f} %" in figure.title


@pytest.mark.parametrize("exposure_usd", [15.0, 60.0, 700.0])
@pytest.mark.parametrize("requirement", [0.045, 0.1, 0.12])
def test_the_smallest_fall_with_1250_on_all_is_the_first_on_a_fine_grid(exposure_usd, requirement):
    capital = Capital(exposure_usd, 1000.0, 900.0, 7000.0)
    grid = np.linspace(0, 1, 100_001)
    below = capital.ratio_if_all_2b(grid) < requirement
    found = capital.smallest_fall(requirement, "all")
    if not below.any():
        assert found is None
    else:
        assert found == pytest.approx(grid[below.argmax()], abs=2e-5)


def stepping_in(result):
    return next(finding.text for finding in result.findings if finding.id == "crash.intervention")


def test_the_sentence_on_stepping_in_uses_what_the_supervisor_gives(analysed):
    exposure_alone = {"bank_crypto_exposure_usd": 1.2e8, "bank_tier1_usd": 5.5e9}
    words = stepping_in(analysed("KEN", exposure_alone))
    assert "not public" not in words
    assert "lose 1.09 % of Tier 1" in words
    assert "without CET1" in words
    words = stepping_in(analysed("KEN", APART, cet1_requirement=0.11))
    assert "lose 0.95 % of Tier 1" in words
    assert "2.56 m USD of capital to reach a CET1 ratio of 11 %" in words
    assert "none by the limit alone" in words
    assert "no capital to keep a CET1 ratio of 7 %" in stepping_in(analysed("KEN", APART))
    words = stepping_in(analysed("KEN", {"bank_tier1_usd": 5.5e9}))
    assert "exposure is not given" in words
    words = stepping_in(analysed("KEN", {"bank_crypto_exposure_usd": 1.2e8}))
    assert "60 m USD" in words
    assert "Tier 1 capital is not given" in words
    assert "Banks: not public" in stepping_in(analysed("KEN"))


def hidden(figures, *names):
    return {id: {"value": v, "confidential": True} if id in names else v for id, v in figures.items()}


def test_a_confidential_ratio_meets_no_requirement_by_rounding(analysed):
    """6.7 % to the nearest digit is 7 % and would meet 7 %. All stands on the digit: 6 % less the loss is at least 5."""
    figures = {**BANKS, "bank_cet1_usd": 0.47e9, "bank_crypto_exposure_usd": 1e6}
    true = analysed("KEN", figures)["bank_cet1_after_pct"].value
    assert 6.5 < true < 7
    result = analysed("KEN", hidden(figures, "bank_cet1_usd"))
    made = result["bank_cet1_after_pct"]
    assert made.value == 5
    assert made.label.endswith("at least")
    assert made.low is None
    frame = result.tables["capital"].frame
    assert frame["cet1_pct"].max() == 6
    assert set(frame["met"]) == {"4.5 %"}
    drawn = result.tables["monte_carlo"].frame.set_index("what")
    assert drawn.loc["Banks' CET1 ratio afterwards, the limit alone, only if hedged, at least", "p95"] == 5
    whole = result.tables["reverse"].frame
    room = whole[
        (whole["threshold"].str.endswith("4.5 %")) & (whole["cause"] == "Exposure that is lost whole")
    ]
    assert room["central"].iloc[0] == "at least 10 % of Tier 1"  # 15.5 %
    needed = result.tables["intervention"].frame
    short = needed[needed["what"].str.contains("of 7 %")]["central"]
    assert (short == 80).all()  # 20.5 to 21.9 m USD in truth, 71 from a ratio of 6 %


def test_a_confidential_ratio_is_at_least_what_every_table_says(analysed):
    """6.9 % with 1250 % on all, 7.1 by the limit alone: at least 6, and capital is needed to reach 7."""
    figures = {
        "bank_crypto_exposure_usd": 2e7,
        "bank_tier1_usd": 1e9,
        "bank_cet1_usd": 0.575e9,
        "bank_rwa_usd": 8e9,
    }
    open_result = analysed("KEN", figures)
    true = 100 * (0.575e9 - 1e7) / (8e9 + 12.5 * 1e7)
    assert 6.9 < true < 7 < open_result["bank_cet1_after_pct"].high
    assert open_result["bank_cet1_after_pct"].value == pytest.approx(true)
    result = analysed("KEN", hidden(figures, "bank_cet1_usd", "bank_crypto_exposure_usd"))
    made = result["bank_cet1_after_pct"]
    assert (made.value, made.low, made.high) == (6, None, None)
    row = result.tables["capital"].frame.set_index("what").loc["50 % fall in one month"]
    assert row["cet1_all_pct"] == made.value
    assert row["met"] == "4.5 %"
    steps = result.tables["intervention"].frame.set_index("what")["central"]
    reach = "Banks: capital to reach a CET1 ratio of 7 % after the loss, all banks as one, all at 1250 %"
    assert steps[reach] >= 3.75  # what is short in truth
    assert f"at most {steps[reach]:g} m USD of capital to reach a CET1 ratio of 7 %" in stepping_in(result)


def test_a_confidential_exposure_and_its_loss_agree(analysed):
    """2.18 % of Tier 1 loses 1.09 %: at most 3 % loses at most 1.5 %, not 2."""
    figures = {"bank_crypto_exposure_usd": 1.2e8, "bank_tier1_usd": 5.5e9}
    result = analysed("KEN", hidden(figures, "bank_crypto_exposure_usd"))
    exposed, lost = result["bank_exposure_pct_tier1"], result["bank_loss_pct_tier1"]
    assert (exposed.value, lost.value) == (3.0, 1.5)
    assert exposed.label.endswith("at most")
    assert lost.label.endswith("at most")
    assert "at most 1.5 % of Tier 1" in stepping_in(result)
    near = {
        **figures,
        "bank_crypto_exposure_usd": 0.6789e8,
    }  # 1.23 %: rounded up the room is gone, in truth it is not
    frame = analysed("KEN", hidden(near, "bank_crypto_exposure_usd")).tables["reverse"].frame
    row = frame[(frame["threshold"].str.endswith("2 % of Tier 1")) & (frame["cause"] == "Further exposure")]
    assert row["central"].tolist() == ["at least 0 %"]


def test_the_simulation_answers_for_the_scenario_and_not_its_chance(analysed):
    result = analysed("KEN")
    made = result["simulated_loss_pct_gdp"]
    assert made.level == pytest.approx(0.9)
    assert "90 % of draws" in f"{made:full}"
    note = result.tables["monte_carlo"].note
    assert "no confidence interval" in note
    assert 1.5 < float(note.partition("the keys lie apart by a factor of ")[2].split()[0]) < 3
    assert made.low < made.value < made.high
    assert "no probability" in made.method
    assert made.value == pytest.approx(result.tables["combined"].frame["central_pct_gdp"].iloc[1], rel=0.3)
    counted = result.tables["loss_distribution"].frame["share_pct"].sum()
    assert counted == pytest.approx(99.0, abs=0.2)


def test_the_shape_of_the_simulation_is_shown_beside_its_correlation(analysed):
    result = analysed("NGA")
    frame = result.tables["correlation"].frame.set_index("assumed")
    used, either = frame.loc["As above"], frame.loc["Keys: one or the other, with even chances"]
    assert frame.loc["Keys: their geometric mean", "p95"] < used["p95"] < either["p95"]
    assert frame.loc["Ends of ownership and value received as 5 and 95 %", "p95"] < used["p95"]
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
