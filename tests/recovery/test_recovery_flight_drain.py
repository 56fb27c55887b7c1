"""The rules after a drain, what stablecoin inflows cost reserves, and the attack on a peg: known positions."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from test_recovery_flight import Column, World, annual, reserves_world, row_of

from cryptorisk.countries import country
from cryptorisk.estimate import Estimate
from cryptorisk.models.exposure.split import flow_share
from cryptorisk.models.flight.access import accessible_share
from cryptorisk.models.flight.adequacy import adequacy
from cryptorisk.models.flight.attack import NO_PEG, attack_part, growth_of
from cryptorisk.models.flight.drain import drain_part
from cryptorisk.models.flight.drain_findings import broken_rules
from cryptorisk.models.flight.drain_rules import rules_of, rules_table
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.position import position
from cryptorisk.models.flight.scenario import Drain
from cryptorisk.models.flight.stablecoin_loss import (
    received_in_a_year,
    received_last_year,
    stablecoin_loss_part,
)
from cryptorisk.params import FlightParams
from cryptorisk.result import Result
from cryptorisk.stats.speculative_attack import GrowingPeg


def case(leaving=0.10):
    world = reserves_world()
    stocks = position(world)
    row = row_of(world, exchange_rate_regime="floating", capital_controls="no")
    return Drain(stocks, adequacy(stocks, row, usual_short_share=0), accessible_share(world), leaving)


def test_every_rule_after_a_drain_that_also_cuts_money():
    """R = 60, M = 200, imports 120, short-term debt 50; a drain of 8: 52/120 of a year, 52/50, 52/192, 52/(61 - 0.8)."""
    one = case(8 / 90)
    after = {rule.label: rule.after(60.0, one.usd.value) for rule in rules_of(one.position, one.adequacy)}
    assert after["Months of imports"] == pytest.approx(5.2)
    assert after["Short-term external debt"] == pytest.approx(104.0)
    assert after["Broad money"] == pytest.approx(100 * 52 / 192)
    assert after["IMF's metric, fixed rate, no controls"] == pytest.approx(100 * 52 / (61 - 0.8))
    assert after["IMF's metric, floating rate, with controls"] == pytest.approx(100 * 52 / (37 - 0.2))


def test_the_reverse_stress_brings_each_rule_to_its_minimum():
    one = case()
    for rule in rules_of(one.position, one.adequacy):
        drain = rule.reverse(60.0)
        if drain is None:
            assert rule.after(60.0, 0.0) < rule.minimum
        else:
            assert rule.after(60.0, drain) == pytest.approx(rule.minimum)


def test_the_table_says_the_drain_in_money_and_accessible_money():
    """Short-term debt: 60 - 50 = 10, 5 % of money of 200, 11.1 % of the 90 that are accessible."""
    frame = rules_table({0.10: case()}, case()).frame.set_index("rule")
    row = frame.loc["Short-term external debt"]
    assert (row["of_money"], row["of_accessible"]) == ("5.0", "11.1")
    assert frame.loc["IMF's metric, fixed rate, no controls", "reverse"] == "below already"
    assert "(used)" in " ".join(frame.index)


def test_the_metric_of_the_fund_keeps_its_name_and_nothing_else_bears_it():
    table = rules_table({0.10: case()}, case())
    names = [name for name in table.frame["rule"] if "IMF" in name]
    assert len(names) == 4
    assert not any("crypto" in name.lower() for name in names)


def test_short_term_debt_after_the_drain_is_an_estimate_with_its_reverse():
    found = {one.id: one for one in case(8 / 90).estimates()}
    assert found["flight.short_term_debt_cover_after_drain"].value == pytest.approx(104.0)
    assert found["flight.drain_to_short_term_debt"].value == pytest.approx(10.0)


def volumes(value=20.0, low=10.0, high=40.0):
    forecast = Estimate(
        "volumes.country_forecast_usd",
        "",
        value,
        "usd",
        low,
        high,
        0.8,
        interval="prediction",
        date="2026-01/2026-12",
    )
    past = forecast.with_(id="volumes.country_volume_usd", date="2024-07/2025-06")
    return Result.build("volumes", "", "KEN", estimates=[past, forecast], tables=(), findings=())


def lost(stocks=None, status="own_currency", handed=None, **told):
    part = stablecoin_loss_part(
        stocks or position(reserves_world()),
        status,
        FlightParams(**told),
        received_in_a_year(handed or volumes()),
        "Kenya",
        within_reach=90.0,
    )
    return {one.id.removeprefix("flight."): one for one in part.estimates}, part


def test_a_published_share_of_stablecoins_takes_the_place_of_half():
    """As chapter 4 splits holdings: 20 x 0.618 x 0.03."""
    part = stablecoin_loss_part(
        position(reserves_world()),
        "own_currency",
        FlightParams(),
        received_in_a_year(volumes()),
        "Argentina",
        stablecoins=flow_share("ARG", dt.date(2026, 11, 23)),
    )
    usd = part.estimates[0]
    assert usd.value == pytest.approx(20 * 0.618 * 0.03)
    assert "in Argentina" in usd.method
    assert "61.8 % of the value received" in part.findings[0].text


def test_stablecoins_received_cost_what_the_assumption_says():
    """20 x 0.5 x 0.03 = 0.3, from 10 x 0.5 x 0.01 to 40 x 0.5 x 0.10, volume and assumption together; of reserves of 60."""
    found, part = lost()
    usd = found["stablecoin_loss_usd"]
    assert (usd.low, usd.value, usd.high) == pytest.approx((0.05, 0.3, 2.0))
    assert found["stablecoin_loss_pct_reserves"].value == pytest.approx(0.5)
    assert found["stablecoin_loss_pct_reserves"].high == pytest.approx(100 * 2 / 60)
    assert "assumption" in usd.method
    assert (
        "assumption alone makes it 0.10 to 1.0 USD, the projection alone makes it 0.15 to 0.60 USD"
        in usd.note
    )
    assert "lose 0.30 USD in 2026-01 to 2026-12 (range 0.050 USD to 2.0 USD" in part.findings[0].text
    assert part.findings[0].severity == "info"


def test_the_loss_is_set_on_the_scale_of_the_drain():
    """0.3 of the 90 within reach is a third of a percent."""
    _found, part = lost()
    assert "as much as if 0.33 % of the money within reach left" in part.findings[0].text
    assert "not added" in part.findings[0].text


def found_by_rule(world, received=None, **told):
    stocks = position(world)
    params = FlightParams(**told)
    part = drain_part(world, stocks, None, country("KEN"), "own_currency", params, received=received)
    return {one.id: one.text for one in part.findings}


def test_the_lead_says_how_much_how_fast_and_against_what():
    """90 within reach: 0.9, 4.5 and 9 of reserves of 60, of 45 without gold, and of 20 received; 4.5 / 12 a month."""
    world = reserves_world()
    world.columns["reserves_excluding_gold_usd"] = annual(np.full(15, 45.0))
    text = found_by_rule(world, received_last_year(volumes()))["flight.drain_result"]
    assert "if 1, 5 or 10 %" in text
    assert "pay 0.90, 4.5 or 9.0 USD (0.80 to 10 USD over all assumptions)" in text
    assert "at 5 % 0.38 USD a month" in text
    assert (
        "1.5, 7.5 or 15 % of reserves at the end of 2024, gold included (2.0, 10 or 20 % without it)" in text
    )
    assert "4.5, 23 or 45 % of what residents received in crypto-assets from 2024-07 to 2025-06, 20" in text
    assert "of broad money at the end of 2024." in text
    assert "fall from 6.00 to 5.55 months of imports (2024)." in text


def test_the_lead_compares_with_no_forecast():
    """What is still to be received is no measure of what was: without a past figure there is no comparison."""
    only_ahead = dataclasses.replace(
        volumes(), estimates={"country_forecast_usd": volumes()["country_forecast_usd"]}
    )
    assert received_last_year(only_ahead) is None
    assert received_last_year(None) is None
    assert received_in_a_year(only_ahead).date == "2026-01/2026-12"


def at_reserves(amount):
    world = reserves_world()
    world.columns["reserves_usd"] = annual(np.full(15, amount))
    world.columns["short_term_debt_remaining_maturity_usd"] = annual(np.full(15, amount * 5 / 6))
    return drain_part(world, position(world), None, country("KEN"), "own_currency", FlightParams())


def test_the_rule_on_money_is_in_the_reverse_stress_and_comes_in_its_place():
    """Money 200, imports 120, short-term debt five sixths of reserves: at 41 reserves reach (41 - 40) / 0.8 = 1.25 first.

    At 35 they miss the rule on money already; three months of imports come after 5, short-term debt after 5.8.
    """
    part = at_reserves(41.0)
    found = {one.id: one for one in part.estimates}
    assert found["flight.drain_to_20_pct_broad_money"].value == pytest.approx(1.25)
    text = next(one.text for one in part.findings if one.id == "flight.reverse")
    places = [text.index(words) for words in ("20 % of broad", "short-term external debt", "three months")]
    assert places == sorted(places)
    rules = list(next(one for one in part.tables if one.id == "flight.drain_rules").frame["rule"])
    assert rules == ["Broad money", "Short-term external debt", "Months of imports"]
    part = at_reserves(35.0)
    text = next(one.text for one in part.findings if one.id == "flight.reverse")
    places = [text.index(words) for words in ("20 % of broad money already", "three months", "short-term ex")]
    assert places == sorted(places)


def test_the_rule_that_the_central_drain_breaks_is_named():
    """The central drain is 4.5: at 41 it breaks the rule on money alone, at 60 (reached after 25) none."""
    part = at_reserves(41.0)
    assert broken_rules(part.estimates) == {"flight.reserves_to_broad_money": False}
    assert "and below 20 % of broad money, at the central assumptions" in part.findings[0].text
    part = at_reserves(60.0)
    assert broken_rules(part.estimates) == {}
    assert "below 20 %" not in part.findings[0].text


def test_a_confidential_figure_gives_no_broken_rule_away():
    world = reserves_world()
    world.columns["reserves_usd"] = annual(np.full(15, 41.0))
    stocks = dataclasses.replace(position(world), confidential=frozenset({"reserves_usd"}))
    part = drain_part(world, stocks, None, country("KEN"), "own_currency", FlightParams())
    found = {one.id: one for one in part.estimates}
    assert found["flight.drain_to_20_pct_broad_money"].reason == GIVES_AWAY
    assert broken_rules(part.estimates) == {}


@pytest.mark.parametrize(("reserves", "words"), [(43.56, "to about"), (43.64, "to about"), (43.3, "below")])
def test_a_near_tie_is_no_broken_rule(reserves, words):
    """Reached after (reserves - 40) / 0.8 = 4.45, 4.55 and 4.13 beside a drain of 4.5: within a twentieth but the last."""
    part = at_reserves(reserves)
    assert broken_rules(part.estimates) == {"flight.reserves_to_broad_money": words == "to about"}
    assert f", and {words} 20 % of broad money, at the central assumptions." in part.findings[0].text


def test_one_share_alone_makes_a_sentence():
    text = found_by_rule(reserves_world(), drain_shares=[0.02])["flight.drain_result"]
    assert "if 2 % of the money" in text
    assert "receive" not in text


def test_reverse_stress_keeps_two_digits_however_wide_the_range():
    """60.87 against 60 of short-term debt with a range of 5 to 65: 0.87, and not one."""
    world = reserves_world()
    world.columns["reserves_usd"] = annual(np.full(15, 60.87))
    stocks = position(world)
    wide = dataclasses.replace(stocks.short_term_debt, value=60.0, low=5.0, high=65.0)
    stocks = dataclasses.replace(stocks, short_term_debt=wide)
    part = drain_part(world, stocks, None, country("KEN"), "own_currency", FlightParams())
    text = next(one.text for one in part.findings if one.id == "flight.reverse")
    assert (
        "short-term external debt after 0.87 USD (range from below already to 56 USD; 1.0 % of the money within reach)"
        in text
    )


def test_a_cover_just_off_its_minimum_is_not_written_as_the_minimum():
    """39.2 of money of 200: 19.6 %, below the minimum of 20."""
    world = reserves_world()
    world.columns["reserves_usd"] = annual(np.full(15, 39.2))
    one = Drain(position(world), None, accessible_share(world), 0.10)
    row = rules_table({0.10: one}, one).frame.set_index("rule").loc["Broad money"]
    assert (row["minimum"], row["before"], row["reverse"]) == ("20 %", "19.6 %", "below already")


def test_a_refusal_says_once_what_to_supply():
    world = reserves_world()
    del world.columns["broad_money_pct_gdp"]
    part = drain_part(world, position(world), None, country("KEN"), "own_currency", FlightParams())
    told = [one for one in part.estimates if "cryptorisk data template monetary" in one.reason]
    assert [one.id for one in told] == ["flight.drain_usd"]
    assert "broad_money_pct_gdp" in part.findings[0].text


def test_the_assumption_is_a_parameter():
    found, _part = lost(stablecoin_pass_through={"low": 0, "central": 0.5, "high": 1})
    assert found["stablecoin_loss_usd"].value == pytest.approx(5.0)


def test_confidential_reserves_withhold_the_share_and_not_the_amount():
    stocks = dataclasses.replace(position(reserves_world()), confidential=frozenset({"reserves_usd"}))
    found, _part = lost(stocks)
    assert found["stablecoin_loss_usd"].available
    assert found["stablecoin_loss_pct_reserves"].reason == GIVES_AWAY


def test_without_volumes_or_money_of_its_own_there_is_a_reason():
    part = stablecoin_loss_part(position(reserves_world()), "own_currency", FlightParams(), None, "Kenya")
    assert "chapter 1" in part.estimates[0].reason
    assert received_in_a_year(None) is None
    assert not lost(status="dollarised")[0]["stablecoin_loss_usd"].available


YEARS = np.arange(2014, 2025)


@dataclasses.dataclass
class Pegged(World):
    """Credit that grows by a known rate under a rate that stands still, and US prices that do not."""

    credit_growth: float = 0.12

    def series(self, id, *, country=None, sources=None):
        months = pd.date_range("2013-01-31", "2024-12-31", freq="ME")
        if id == "us_cpi_index_sa":
            values = pd.Series(100 * 1.02 ** (months.year - 2013), months).astype(float)
        elif id == "official_fx_lcu_per_usd" and country is None:
            values = self.columns.get(id, pd.Series(10.0, months))
        else:
            return super().series(id, country=country, sources=sources)
        return Column(values, pd.Series("world", index=values.index, dtype="str"))


def pegged(credit_growth=0.12, reserves_share=0.2):
    """Money of 100 in the first year; reserves are a fixed share of money, so that credit grows as money does."""
    grown = (1 + credit_growth) ** np.arange(len(YEARS))
    gdp = 200.0 * 1.05 ** np.arange(len(YEARS))
    money = 100.0 * grown
    columns = {
        "gdp_usd": annual(gdp, YEARS),
        "broad_money_pct_gdp": annual(100 * money / gdp, YEARS),
        "reserves_usd": annual(reserves_share * money, YEARS),
        "imports_gs_usd": annual(0.2 * money, YEARS),
        "real_gdp_growth_pct": annual(np.full(len(YEARS), 3.0), YEARS),
    }
    return Pegged(columns, credit_growth=credit_growth)


def attack(world, *, status="own_currency", **told):
    told = {"exchange_rate_regime": "auto", **told}
    stocks, kenya = position(world), country("KEN")
    return attack_part(world, stocks, row_of(world, **told), kenya, status, FlightParams(**told)).estimates[0]


def test_growth_of_credit_and_of_money_demand_is_found():
    growth = growth_of(pegged())
    assert growth.credit[1] == pytest.approx(np.log(1.12))
    assert growth.money[1] == pytest.approx(np.log(1.03) + np.log(1.02))
    assert growth.years == (2020, 2024)


def test_the_time_to_the_attack_is_the_models():
    world = pegged()
    money = 100 * 1.12**10
    peg = GrowingPeg(money, 0.2 * money, np.log(1.12), np.log(1.03 * 1.02), 0.34, 0.25 * 0.2 * money)
    found = attack(world)
    assert found.value == pytest.approx(peg.attack_time)
    assert found.low < found.value < found.high
    assert "illustration" in found.note


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exchange_rate_regime": "floating"}, NO_PEG),
        ({"status": "currency_union"}, "currency union"),
        ({"status": "dollarised"}, "another country's money"),
    ],
)
def test_where_there_is_no_peg_of_its_own_the_model_is_refused(changed, reason):
    assert reason in attack(pegged(), **changed).reason


def test_a_rate_that_moves_is_no_peg():
    world = pegged()
    months = pd.date_range("2013-01-31", "2024-12-31", freq="ME")
    world.columns["official_fx_lcu_per_usd"] = pd.Series(10 * 1.004 ** np.arange(len(months)), months)
    found = attack(world)
    assert found.reason.endswith(NO_PEG)
    assert not found.applies


def test_slow_credit_is_no_pressure():
    assert "no attack in this model" in attack(pegged(credit_growth=0.04)).reason


def test_thin_reserves_are_told_apart():
    assert "floor of three months" in attack(pegged(reserves_share=0.04)).reason
    assert "already" in attack(pegged(credit_growth=0.2, reserves_share=0.06)).reason


def test_unknown_growth_of_credit_is_refused():
    world = pegged()
    world.columns["real_gdp_growth_pct"] = annual([3.0, 3.0], [2023, 2024])
    assert "growth of domestic credit is not known" in attack(world).reason


def test_confidential_inputs_are_not_told():
    world = pegged()
    world.confidential = frozenset({"reserves_usd"})
    assert attack(world).reason == GIVES_AWAY
    world.confidential = frozenset({"official_fx_lcu_per_usd"})
    assert attack(world).reason == GIVES_AWAY


def test_deposits_in_foreign_currency_are_no_claim_on_the_peg():
    world = pegged()
    world.columns["deposit_dollarization_pct"] = annual([80.0], [2022])
    assert "foreign currency" in attack(world).reason


def test_the_worlds_date_is_recent_enough():
    """The cases above would all be refused by age otherwise."""
    assert pegged().as_of - dt.date(2024, 12, 31) < dt.timedelta(days=400)


def test_shares_far_below_a_percent_keep_their_names():
    """With one decimal 0.01 and 0.04 % both read 0, with different amounts beside them."""
    world, shares = reserves_world(), [0.0001, 0.0004, 0.1]
    assert (
        "if 0.01, 0.04 or 10 % of the money"
        in found_by_rule(world, drain_shares=shares)["flight.drain_result"]
    )
    part = drain_part(
        world, position(world), None, country("KEN"), "own_currency", FlightParams(drain_shares=shares)
    )
    table = next(one for one in part.tables if one.id == "flight.drain")
    leaving, drain = (next(c for c in table.columns if c.name == name) for name in ("leaving", "drain"))
    assert leaving.decimals >= 2
    assert drain.decimals > 2
    rules = next(one for one in part.tables if one.id == "flight.drain_rules")
    assert len({column.label for column in rules.columns if column.label.startswith("After")}) == 3


@pytest.mark.parametrize(
    ("shares", "headline"), [([0.01, 0.1], "10"), ([0.3, 0.02, 0.1], "10"), ([0.0, 0.1, 0.2, 0.3], "20")]
)
def test_the_headline_is_the_share_that_the_parameter_file_says(shares, headline):
    """The middle one above zero, of an even number the larger of the two, as the parameter's text has it."""
    world, params = reserves_world(), FlightParams(drain_shares=shares)
    part = drain_part(world, position(world), None, country("KEN"), "own_currency", params)
    drain = next(one for one in part.estimates if one.id == "flight.drain_usd")
    assert f"({headline} % of the money within reach leaves)" in drain.label
    said = FlightParams.model_fields["drain_shares"].description
    assert "of an even number the larger of the two in the middle" in said
