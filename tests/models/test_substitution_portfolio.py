"""Chapter 2's portfolio with stablecoins and bitcoin, its branches, and the sample rules, on the embedded vintage."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import substitution as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.substitution import analyse
from cryptorisk.models.substitution.annual import annual_share
from cryptorisk.models.substitution.asset_sample import asset_sample
from cryptorisk.models.substitution.assets import Terms, terms
from cryptorisk.models.substitution.break_even import assumed_gap, break_even
from cryptorisk.models.substitution.dollarised import advantage
from cryptorisk.models.substitution.findings import data_findings
from cryptorisk.models.substitution.portfolio import (
    ALL,
    WITHOUT_ACCOUNT,
    asset_covariance,
    choices,
    choose,
    covariance_of,
    offered,
)
from cryptorisk.models.substitution.portfolio_report import portfolio_part
from cryptorisk.models.substitution.sample import monthly_sample
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.params import Params
from cryptorisk.stats.portfolio import kkt_violation, long_only


def params(iso3, **substitution):
    return Params(country=iso3, vintage="2026-11-23", substitution=substitution)


@pytest.fixture(scope="module")
def result_for(inputs_for):
    found = {}

    def analysed(iso3):
        if iso3 not in found:
            found[iso3] = analyse(inputs_for(iso3), params(iso3))
        return found[iso3]

    return analysed


@pytest.fixture(scope="module")
def turkey(inputs_for):
    given = params("TUR")
    return asset_sample(inputs_for("TUR"), given, monthly_sample(inputs_for("TUR"), given)), given


def text_of(result, name):
    return next(f.text for f in result.findings if f.id == f"substitution.{name}")


# What came out


@pytest.mark.parametrize("iso3", ["TUR", "EGY", "UKR", "KEN", "NGA", "BRA", "CAF", "DEU"])
def test_bitcoin_is_no_substitute_anywhere(result_for, iso3):
    """Its share of least risk is at most a few percent, even where reaching it costs nothing."""
    bitcoin = result_for(iso3)["portfolio_bitcoin"]
    assert 0 <= bitcoin.value < 2
    assert bitcoin.high < 5


def test_stablecoins_come_out_where_the_share_does(result_for):
    for iso3 in ("TUR", "EGY"):
        result = result_for(iso3)
        assert result["portfolio_stablecoin"].low > 0
        assert "stablecoins and not bitcoin come out as the substitute" in text_of(result, "portfolio")


def test_where_the_sample_does_not_tell_the_text_says_so(result_for):
    result = result_for("KEN")
    assert result["portfolio_stablecoin"].low == 0
    assert "does not tell whether stablecoins do" in text_of(result, "portfolio")
    assert "stablecoins take no part" in text_of(result, "portfolio")
    assert "holds no foreign currency" in result["displaceable_foreign"].reason


def test_every_sentence_says_incentive(result_for):
    for iso3 in ("TUR", "KEN", "CAF"):
        assert "incentives, not amounts" in text_of(result_for(iso3), "portfolio")
        assert "not an amount" in result_for(iso3)["displaceable_local_account"].note


def test_weights_and_shares_are_shares(result_for):
    frame = result_for("TUR").tables["portfolio"].frame
    weights = frame[["national", "bank", "stablecoin", "bitcoin"]].fillna(0)
    assert weights.sum(axis=1).to_numpy() == pytest.approx(np.full(len(frame), 100.0))
    held = frame["rule"] != "risk alone, short positions allowed"
    assert (weights[held] >= 0).all().all()
    assert (frame["stablecoin_low"] <= frame["stablecoin"]).all()
    assert (frame["stablecoin"] <= frame["stablecoin_high"]).all()


def test_record_of_stablecoins_is_dated(result_for):
    assert "end in 2020-07" in text_of(result_for("TUR"), "stablecoin_record")
    assert "USDT" in result_for("TUR").tables["portfolio"].note


@pytest.mark.parametrize("iso3", ["TUR", "SLV", "CAF"])
def test_no_note_holds_a_word_that_the_page_takes_for_a_source(result_for, iso3):
    """`bank` is the id of the institution's own figures, and the page writes out ids in notes."""
    for table in result_for(iso3).tables.values():
        if table.id.removeprefix("substitution.") in ("portfolio", "portfolio_horizons", "deposits"):
            assert "bank" not in re.findall(r"[A-Za-z0-9_]+", table.note)


# The model


def test_without_a_coins_own_risk_the_weight_is_the_share(turkey):
    """V17's case: no failure, no distance from a dollar, no bitcoin to hold."""
    sample, given = turkey
    safe = replace(sample, deviation=replace(sample.deviation, variance=0.0, draws=np.zeros(2000)))
    covariance = asset_covariance(safe, given, 12)
    found = choose(covariance, safe, given, ("national", "stablecoin"), (Terms(), Terms()), costs=False)
    assert 100 * found.weight("stablecoin") == pytest.approx(72.0, abs=0.5)


def test_headline_agrees_with_it(result_for, turkey):
    sample, given = turkey
    share = result_for("TUR")["mvp_share"]
    assert result_for("TUR")["portfolio_stablecoin"].value < share.value
    covariance = asset_covariance(sample, given, 12).combined(np.eye(4)[:2])
    assert 100 * long_only(covariance.point)[1] == pytest.approx(share.value)


def test_portfolios_meet_the_optimality_conditions(turkey):
    sample, given = turkey
    covariance = asset_covariance(sample, given, 12)
    on = offered(WITHOUT_ACCOUNT, given, "central")
    matrix = covariance_of(covariance, sample, WITHOUT_ACCOUNT, on).point
    costs = np.array([one.charge(12) for one in on])
    found = choices(sample, given)["cost_without"]
    assert kkt_violation(found.found.weights, matrix, costs, given.substitution.risk_aversion) < 1e-9


@pytest.mark.parametrize("iso3", ["TUR", "EGY", "PAK"])
def test_break_even_splits_a_foreign_holding_in_half(inputs_for, result_for, iso3):
    """At the printed gap of costs the optimum of savers with an account holds as much in coins as at the bank."""
    given = params(iso3)
    sample = asset_sample(inputs_for(iso3), given, monthly_sample(inputs_for(iso3), given))
    gap = result_for(iso3)["stablecoin_break_even"].value / 100
    on = offered(ALL, given, "central")
    costs = np.array([one.charge(12) for one in on])
    bank, coin = ALL.index("bank"), ALL.index("stablecoin")
    costs[bank] += on[coin].cost + gap - on[bank].cost
    matrix = covariance_of(asset_covariance(sample, given, 12), sample, ALL, on).point
    found = long_only(matrix, costs, given.substitution.risk_aversion)
    assert found[bank] == pytest.approx(found[coin], rel=1e-4)
    assert found[bank] > 0.05


def test_break_even_is_the_condition_on_marginal_risk_and_cost(turkey):
    """``c_D - c_S = e_S - e_D + g (v_S - v_D) x / 2`` at the foreign share x of the solution itself."""
    sample, given = turkey
    covariance = asset_covariance(sample, given, 12, drawn=False)
    gap = break_even(covariance, sample, given, "central")
    bank, coin = (terms(asset, given) for asset in ("bank", "stablecoin"))
    dear = replace(bank, cost=coin.cost + gap)
    found = choose(
        covariance, sample, given, ("national", "bank", "stablecoin"), (Terms(), dear, coin), costs=True
    )
    share = found.weight("bank") + found.weight("stablecoin")
    beyond = coin.variance(12) + sample.deviation.variance - bank.variance(12)
    expected = coin.charge(12) - coin.cost - bank.charge(12) + bank.cost
    assert gap == pytest.approx(expected + given.substitution.risk_aversion * beyond * share / 2, rel=1e-6)


def test_break_even_is_refused_where_no_foreign_currency_is_held(result_for):
    assert "holds no foreign currency" in result_for("KEN")["stablecoin_break_even"].reason
    assert "failures on bad terms" in result_for("ETH")["stablecoin_break_even"].reason


def test_break_even_is_said_as_a_gap_beside_the_assumed_one(result_for):
    given, even = params("TUR"), result_for("TUR")["stablecoin_break_even"]
    assert assumed_gap(given) == pytest.approx(0.5)
    text = text_of(result_for("TUR"), "bank_or_stablecoin")
    assert f"cost {even.value:.1f} points more than stablecoins to buy and sell (assumed: 0.5;" in text
    assert "Half of it" not in text
    assert "as much in stablecoins" not in text_of(result_for("KEN"), "bank_or_stablecoin")


# Ranges


@pytest.mark.parametrize("iso3", ["ARG", "EGY", "KEN", "UKR"])
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("displaceable_local", "only", "without"), ("displaceable_local_account", "before", "with")],
)
def test_ranges_hold_the_sampling_interval_on_every_term(inputs_for, result_for, iso3, name, before, after):
    """Computed again from the draws: weights of national money without and with stablecoins, draw by draw."""
    given = params(iso3)
    sample = asset_sample(inputs_for(iso3), given, monthly_sample(inputs_for(iso3), given))
    found, told = choices(sample, given), result_for(iso3)[name]
    ends = []
    for term, rule in (("central", "cost"), ("good", "good"), ("bad", "bad")):
        held, kept = (found[one].drawn("national") for one in (f"{before}_{term}", f"{rule}_{after}"))
        assert len(held) == given.substitution.bootstrap_replications
        ends += found[f"{rule}_{after}"].found.interval(100 * (held - kept) / held)
    assert told.low == pytest.approx(max(min(ends), 0), abs=1e-6)
    assert told.high == pytest.approx(max(ends), abs=1e-6)
    assert told.high - told.low > 1  # the sample is never as sure as the terms alone
    assert "90 % interval of the sample" in told.note


def test_a_range_as_wide_as_the_question_is_refused(result_for):
    """Ethiopia's saver may give up nothing or nearly all: the rule of the share."""
    for name in ("displaceable_local", "displaceable_local_account"):
        assert "range too wide" in result_for("ETH")[name].reason
    assert result_for("ETH")["displaceable_foreign"].available  # there nothing to all says that terms decide


def test_advantage_splits_deposits_in_half(inputs_for):
    """Dollarised: deposits cost nothing, and the coin pays the advantage over the horizon."""
    given = params("SLV")
    variance = 1e-4
    paid = advantage(given, variance, "central")
    bank, coin = terms("bank", given), terms("stablecoin", given)
    matrix = np.diag([bank.variance(12), variance + coin.variance(12)]) + 0.01
    w = long_only(
        matrix,
        np.array([bank.charge(12) - bank.cost, coin.charge(12) - paid]),
        given.substitution.risk_aversion,
    )
    assert w == pytest.approx([0.5, 0.5])


def test_terms_over_a_holding():
    one = Terms(cost=0.02, failure=0.1, loss=0.5)
    assert one.failing(12) == pytest.approx(0.1)
    assert one.failing(24) == pytest.approx(0.19)
    assert one.charge(12) == pytest.approx(0.07)
    assert one.variance(12) == pytest.approx(0.1 * 0.9 * 0.25)
    assert terms("national", params("KEN")) == Terms()


def test_dearer_or_riskier_coins_are_held_less(turkey):
    sample, given = turkey
    found = choices(sample, given)
    weight = [found[name].weight("stablecoin") for name in ("good_without", "cost_without", "bad_without")]
    assert weight == sorted(weight, reverse=True)
    assert weight[0] > weight[-1]
    assert found["good_with"].weight("bank") == 0
    assert found["bad_with"].weight("stablecoin") == 0


def test_parameters_reach_the_result(inputs_for, result_for):
    dear = {"low": 0.3, "central": 0.4, "high": 0.5}
    told = analyse(inputs_for("TUR"), params("TUR", stablecoin_cost=dear))
    assert told["portfolio_stablecoin_cost"].value == 0
    assert told["portfolio_stablecoin"].value == result_for("TUR")["portfolio_stablecoin"].value
    averse = analyse(inputs_for("TUR"), params("TUR", risk_aversion=50.0))
    assert averse["portfolio_stablecoin_cost"].value > result_for("TUR")["portfolio_stablecoin_cost"].value


def test_fewest_replications_suffice(inputs_for):
    given = params("TUR", bootstrap_replications=200)
    found = portfolio_part(inputs_for("TUR"), given, monthly_sample(inputs_for("TUR"), given), Verdict())
    assert len(found.tables[1].frame) == 6
    assert found.estimates[0].low < found.estimates[0].value < found.estimates[0].high


def test_without_crypto_prices_the_reason_is_given(inputs_for):
    given = Params(country="TUR", vintage="2026-11-23", include_non_commercial=False)
    result = analyse(load_inputs(given), given)
    assert result["mvp_share"].available
    assert "licence" in result["portfolio_bitcoin"].reason
    assert "licence" in charts.portfolio(result).reason


def test_another_reference_currency_has_no_dollar_coins(inputs_for):
    result = analyse(inputs_for("POL"), params("POL", reference_currency="EUR"))
    assert "reference currency is another one" in result["portfolio_stablecoin"].reason


def test_same_seed_same_portfolio(inputs_for, result_for):
    again = analyse(inputs_for("EGY"), params("EGY"))
    assert again.to_dict() == result_for("EGY").to_dict()


# Branches


@pytest.mark.parametrize("iso3", ["SLV", "ECU"])
def test_dollarised_economies_get_figures(result_for, iso3):
    result = result_for(iso3)
    money, moved = result["broad_money_usd"], result["deposits_displaced_usd"]
    assert moved.value == pytest.approx(0.1 * money.value)
    assert (moved.low, moved.high) == pytest.approx((0.05 * money.value, 0.2 * money.value))
    assert result["deposits_displaced_pct_reserves"].value == pytest.approx(
        10 * result["one_pct_of_broad_money"].value
    )
    assert result["portfolio_bitcoin"].high < 5
    assert charts.table(result, "portfolio").frame["share"].tolist() == [5, 10, 20]
    assert "claims in the same currency" in text_of(result, "stablecoin_or_deposit")
    assert "portfolio_stablecoin" not in result.estimates


def test_panama_without_broad_money_says_so(result_for):
    result = result_for("PAN")
    assert "broad money, is not available" in result.reason
    assert "2008" in result["deposits_displaced_usd"].reason
    assert result["stablecoin_break_even"].available
    assert "prices and bitcoin share" in result["portfolio_bitcoin"].reason


@pytest.mark.parametrize("iso3", ["SAU", "JOR", "VEN", "ZWE", "LBN"])
def test_without_a_share_the_figures_to_read_instead_are_told(result_for, iso3):
    result = result_for(iso3)
    text = text_of(result, "instead")
    assert f"{result['inflation']:value}" in text
    assert f"{result['purchasing_power_lost']:value}" in text
    if result["deposit_dollarisation"].available:
        assert f"{result['deposit_dollarisation']:value}" in text
    assert not result["portfolio_stablecoin"].available
    assert result["portfolio_stablecoin"].reason in (
        result["mvp_share"].reason,
        *result["mvp_share"].reason.split(";"),
    )


def test_with_a_share_nothing_stands_instead(result_for):
    assert "substitution.instead" not in {f.id for f in result_for("TUR").findings}


def test_annual_share_stands_in_and_is_told(inputs_for):
    result = analyse(inputs_for("SDN"), params("SDN"))
    assert not result["mvp_share"].available
    assert f"{result['mvp_share_annual']:full}" in text_of(result, "instead")


def test_purchasing_power_is_compounded(result_for, inputs_for):
    lost = result_for("TUR")["purchasing_power_lost"]
    yearly = inputs_for("TUR").series("cpi_inflation_pct").values.iloc[-5:]
    assert lost.value == pytest.approx(100 * (1 - 1 / np.prod(1 + yearly / 100)))
    assert lost.date == "2020/2025"


def test_a_missing_year_leaves_it_out(inputs_for):
    given = Params(country="ARG", vintage="2026-11-23", as_of=dt.date(2020, 12, 31))
    assert "has gaps" in analyse(load_inputs(given), given)["purchasing_power_lost"].reason


# The rate of the sample


class With:
    """Inputs with some series replaced."""

    def __init__(self, inputs, **series):
        self._inputs, self._series = inputs, series

    def __getattr__(self, name):
        return getattr(self._inputs, name)

    def series(self, id, **rest):
        found = self._inputs.series(id, **rest)
        if id not in self._series:
            return found
        values = self._series[id]
        return replace(
            found, values=values, sources_by_date=pd.Series("imf_wpcper_live", values.index, dtype="str")
        )


def test_crypto_based_rate_replaces_a_fictitious_official_one(inputs_for):
    """Lebanon: fixed to 2023 while prices rose; a rate that moves with them ten and more percent away is taken."""
    inputs = inputs_for("LBN")
    official = inputs.series("official_fx_lcu_per_usd").values
    assert monthly_sample(inputs, params("LBN")).rate_name == "official"
    moving = official * np.exp(np.linspace(0, 3, len(official)) + 0.1 * np.sin(np.arange(len(official))))
    found = monthly_sample(With(inputs, crypto_parallel_fx_lcu_per_usd=moving), params("LBN"))
    assert found.rate_name == "crypto-based parallel"
    assert "crypto_parallel_fx_lcu_per_usd" in found.series


def test_a_peg_that_holds_is_no_fiction(inputs_for):
    inputs = inputs_for("SAU")
    official = inputs.series("official_fx_lcu_per_usd").values
    noisy = official * np.exp(0.01 * np.sin(np.arange(len(official))))
    found = monthly_sample(With(inputs, crypto_parallel_fx_lcu_per_usd=noisy), params("SAU"))
    assert found.rate_name == "official"


def test_a_float_without_a_second_market_keeps_its_official_rate(inputs_for):
    inputs = inputs_for("BRA")
    official = inputs.series("official_fx_lcu_per_usd").values
    found = monthly_sample(With(inputs, crypto_parallel_fx_lcu_per_usd=1.5 * official), params("BRA"))
    assert found.rate_name == "official"


def test_findings_say_that_the_crypto_based_rate_is_used(inputs_for):
    inputs, given = inputs_for("NGA"), params("NGA")  # a second market is coded
    official = inputs.series("official_fx_lcu_per_usd").values
    crypto = official * np.exp(0.3 + 0.05 * np.sin(np.arange(len(official))))
    moved = With(inputs, crypto_parallel_fx_lcu_per_usd=crypto)
    sample = monthly_sample(moved, given)
    findings = {f.id: f.text for f in data_findings(moved, given, sample, "2014-01/2023-09", Verdict())}
    assert "uses the crypto-based parallel exchange rate" in findings["substitution.parallel_rate"]
    assert "substitution.second_market" not in findings
    annual = annual_share(moved, given, sample.rate_name)
    assert "crypto-based parallel one covers too few years" in annual.reason


def test_old_samples_are_refused(inputs_for):
    assert "at most 60 are accepted" in monthly_sample(inputs_for("COD"), params("COD")).reason
    early = Params(country="COD", vintage="2026-11-23", as_of=dt.date(2018, 6, 30))
    assert monthly_sample(load_inputs(early), early).log_price.index[-1] == pd.Timestamp(2017, 2, 28)


# Figures


@pytest.mark.parametrize("iso3", ["TUR", "KEN", "ARG"])
def test_figures_are_drawn_and_titles_follow_the_numbers(result_for, iso3):
    result = result_for(iso3)
    bars, lines = charts.portfolio(result), charts.portfolio_horizons(result)
    assert bars.svg
    assert lines.svg
    first = result.tables["portfolio"].frame.iloc[0]
    assert f"hold {first['stablecoin']:.0f} % in stablecoins" in bars.title
    assert "no bitcoin" in lines.title
    horizons = result.tables["portfolio_horizons"].frame["horizon"].tolist()
    assert {1, 3, 6, 12} <= set(horizons)


def test_figures_say_why_there_is_none(result_for):
    assert "peg" in charts.portfolio(result_for("SAU")).reason
    assert "El Salvador uses" in charts.portfolio_horizons(result_for("SLV")).reason
    assert charts.table(result_for("PAN"), "portfolio").reason


def test_what_came_out_as_a_substitute_says_until_when(result_for):
    text = text_of(result_for("KEN"), "portfolio")
    assert text.endswith("not amounts that move (data to 2023-02, stablecoins' own prices to 2020-07).")
