"""The chapter's calculators on the embedded vintage: fed by the data, refused with reasons, called what they are."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.substitution import inflow as inflow_module
from cryptorisk.models.substitution import passthrough
from cryptorisk.models.substitution.calculators import calculators
from cryptorisk.models.substitution.issue import issue
from cryptorisk.models.substitution.scenario_start import cost_of_national_money, starting_point
from cryptorisk.models.substitution.scenarios import SCENARIOS, ces_scenarios
from cryptorisk.models.substitution.seigniorage import at_risk
from cryptorisk.models.substitution.tipping import CENTRAL, EXTERNALITIES, SPREADS, tipping
from cryptorisk.params import Params
from cryptorisk.stats.ces import MoneyShares, UserCosts, calibrate, user_cost

VINTAGE = "2026-11-23"


def given(iso3, **more):
    params = Params(country=iso3, vintage=VINTAGE, **more)
    return load_inputs(params), params


def held(pct, year=2025):
    """An own share of foreign-currency deposits; the published ones end in 2019."""
    return {"deposit_dollarization_pct": {"value": pct, "date": f"{year}-12-31"}}


def by_id(estimates):
    return {one.id.removeprefix("substitution."): one for one in estimates}


def table(part, name):
    return next(one for one in part.tables if one.id == f"substitution.{name}")


def reported(value, low=None, high=None):
    return Estimate(
        "substitution.ownership_reported",
        "x",
        value,
        "pct_population",
        low,
        high,
        interval="range",
        date="2024",
    )


# Shares of money


def test_kenyas_scenario_is_the_calculator_on_its_own_data():
    inputs, params = given("KEN", overrides=held(23.4))
    part = ces_scenarios(inputs, params)
    foreign = inputs.latest("deposit_dollarization_pct").value / 100
    rate, bill = (
        inputs.latest("policy_rate_pct").value / 100,
        inputs.latest("us_3m_tbill_weekly_pct", country="WLD").value / 100,
    )
    start = MoneyShares(1 - foreign, 0.95 * foreign, 0.05 * foreign)
    costs = UserCosts(user_cost(rate), user_cost(bill, access=0.02), user_cost(bill, access=0.015))
    dearer = UserCosts(user_cost(rate + 0.10), costs.bank, costs.stablecoin)
    for sigma in (0.5, 1.0, 3.0):
        expected = calibrate(start, costs, sigma, 3.0).shares(dearer)
        row = table(part, "ces_scenarios").frame.set_index("scenario").loc["National money +10 points a year"]
        assert row[f"foreign_{sigma:g}"] == pytest.approx(100 * expected.foreign)
        assert row[f"coins_{sigma:g}"] == pytest.approx(100 * expected.stablecoin)
    estimate = by_id(part.estimates)["ces_foreign_share"]
    assert estimate.value == pytest.approx(row["foreign_1"])
    assert (estimate.low, estimate.high) == pytest.approx((row["foreign_0.5"], row["foreign_3"]))
    assert "scenario" in estimate.label
    assert "2025, taken for today's" in estimate.note


@pytest.mark.parametrize(("iso3", "foreign"), [("KEN", 23.4), ("BRA", 3.0), ("UKR", 32.0)])
def test_range_of_paying_stablecoins_starts_from_todays_share_at_every_cost(iso3, foreign):
    """Stablecoins that pay are never held less than today: the cost of access, unknown, is the same before and after."""
    inputs, params = given(iso3, overrides=held(foreign))
    found = by_id(ces_scenarios(inputs, params).estimates)["ces_stablecoin_share"]
    today = foreign * params.substitution.stablecoin_share
    assert today < found.low < found.value < found.high
    rate, bill = (
        cost_of_national_money(inputs).pct / 100,
        inputs.latest("us_3m_tbill_weekly_pct", country="WLD").value / 100,
    )
    start = MoneyShares(1 - foreign / 100, 0.95 * foreign / 100, 0.05 * foreign / 100)
    ends = []
    for sigma in (0.5, 1.0, 3.0):
        for cost in (0.001, 0.015, 0.04):
            before = UserCosts(user_cost(rate), user_cost(bill, access=0.02), user_cost(bill, access=cost))
            after = UserCosts(before.national, before.bank, user_cost(bill, bill / 2, cost))
            ends.append(100 * calibrate(start, before, sigma, 3.0).shares(after).stablecoin)
    assert (found.low, found.high) == pytest.approx((min(ends), max(ends)))


def test_a_share_too_old_to_stand_for_today_is_refused():
    reason = by_id(ces_scenarios(*given("KEN")).estimates)["ces_foreign_share"].reason
    assert "2019" in reason
    assert "at most 5" in reason
    assert ces_scenarios(*given("KEN", overrides=held(23.4, 2022))).estimates[0].available
    assert not ces_scenarios(*given("KEN", overrides=held(23.4, 2020))).estimates[0].available


def test_a_share_from_before_high_inflation_or_a_devaluation_is_refused():
    """Argentina's inflation passed 40 % after 2023; Lebanon's fixed rate was devalued in 2023 and early in 2024."""
    assert "inflation was" in starting_point(*given("ARG", overrides=held(16.0, 2023)))
    for year in (2022, 2023):
        assert "the fixed official rate was devalued in 2024-01" in _without_inflation("LBN", year)
    assert "taken for today's" in _without_inflation("LBN", 2024)
    assert "taken for today's" in starting_point(*given("TUR", overrides=held(40.0))).told


def _without_inflation(iso3, year):
    """The start where inflation has been low ever since: what a devaluation alone does."""
    calm = {"cpi_inflation_pct": {"value": 5.0, "date": "2025-12-31"}}
    inputs, params = given(iso3, overrides={**held(60.0, year), **calm})
    true = inputs.series

    class Calm:
        def __getattr__(self, name):
            return getattr(inputs, name)

        def series(self, id, **more):
            found = true(id, **more)
            return replace(found, values=found.values.clip(upper=5.0)) if id == "cpi_inflation_pct" else found

    found = starting_point(Calm(), params)
    return found if isinstance(found, str) else found.told


def test_start_is_reproduced_and_paying_stablecoins_take_a_share():
    inputs, params = given("TUR", overrides=held(52.0))
    frame = table(ces_scenarios(inputs, params), "ces_scenarios").frame
    observed = inputs.latest("deposit_dollarization_pct").value
    assert frame.loc[0, ["foreign_0.5", "foreign_1", "foreign_3"]].tolist() == pytest.approx([observed] * 3)
    names = [one.name for one in SCENARIOS]
    paying, today = frame.loc[names.index("paying")], frame.loc[0]
    assert (paying[["coins_0.5", "coins_1", "coins_3"]] > today[["coins_0.5", "coins_1", "coins_3"]]).all()
    cheap, dear = frame.loc[names.index("cheap")], frame.loc[names.index("dear")]
    assert cheap["coins_1"] > today["coins_1"] > dear["coins_1"]


def test_inflation_is_the_cost_where_it_takes_more_than_interest():
    assert cost_of_national_money(given("ARG")[0]).told.startswith("inflation 41.9 %")
    assert "policy rate" in starting_point(*given("KEN", overrides=held(23.4))).told
    assert "inflation" in cost_of_national_money(given("LBN")[0]).told  # no interest rate of the last years


def test_what_lacks_a_start_is_refused_with_the_reason():
    nigeria = by_id(ces_scenarios(*given("NGA")).estimates)
    assert "no deposit dollarisation" in nigeria["ces_foreign_share"].reason
    inputs, params = given("POL", substitution={"reference_currency": "EUR"})
    assert "euro" in by_id(ces_scenarios(inputs, params).estimates)["ces_foreign_share"].reason
    assert ces_scenarios(inputs, params).tables == ()


def test_own_share_opens_the_scenario():
    inputs, params = given(
        "NGA", overrides={"deposit_dollarization_pct": {"value": 30.0, "date": "2025-12-31"}}
    )
    part = ces_scenarios(inputs, params)
    assert by_id(part.estimates)["ces_foreign_share"].value > 30
    assert "bank" in by_id(part.estimates)["ces_foreign_share"].sources


@pytest.mark.parametrize("series", ["policy_rate_pct", "deposit_dollarization_pct", "cpi_inflation_pct"])
def test_confidential_inputs_close_what_stands_on_them(series):
    given_value = {"value": 8.7654, "date": "2025-10-31", "confidential": True}
    inputs, params = given("KEN", overrides={**held(23.4), series: given_value})
    part = calculators(inputs, params, reported(5.0))
    found = by_id(part.estimates)
    assert not found["ces_foreign_share"].available
    assert all(t.id != "substitution.ces_scenarios" for t in part.tables)
    assert "8.7" not in json.dumps([one.to_dict() for one in part.estimates])
    if series == "cpi_inflation_pct":
        assert not found["cagan_break_even"].available
        assert not any(one.available for one in issue(inputs, params))
    if series == "policy_rate_pct":
        assert not found["deposit_rate_pass_through"].available


# Tipping


def test_tipping_grid_holds_every_cell_and_the_share_is_a_steady_state():
    part = tipping(reported(5.0, 4.0, 8.0))
    frame = table(part, "tipping_grid").frame
    assert list(zip(frame["b"], frame["s"], strict=True)) == [(b, s) for b in EXTERNALITIES for s in SPREADS]
    curve = table(part, "tipping_curve").frame
    assert curve.loc[curve["share"] == 5.0, "wishes"].item() == pytest.approx(5.0)
    states = table(part, "tipping_states").frame
    assert states["share"].iloc[0] == pytest.approx(5.0)
    distance = by_id(part.estimates)["tipping_distance"]
    threshold = states["share"].iloc[1]
    assert distance.value == pytest.approx(threshold - 5.0)
    assert distance.low <= distance.value <= distance.high
    assert "illustrative" in distance.label
    assert "assumed, not estimated" in distance.note


def test_threshold_by_hand():
    """Solve ``Phi((a + b x)/s) = x`` on a fine grid for the central case."""
    b, s = CENTRAL
    a = s * ndtri(0.05) - b * 0.05
    grid = np.linspace(0.06, 0.95, 200_001)
    excess = ndtr((a + b * grid) / s) - grid
    threshold = grid[np.argmax(excess > 0)]
    found = by_id(tipping(reported(5.0)).estimates)["tipping_distance"]
    assert found.value == pytest.approx(100 * (threshold - 0.05), abs=0.01)


def test_a_share_that_could_not_last_has_no_distance():
    part = tipping(reported(19.3))
    assert "could not last" in by_id(part.estimates)["tipping_distance"].reason
    assert "the published share could not last" in set(table(part, "tipping_grid").frame["verdict"])


def test_without_a_published_share_nothing_tips():
    lacking = Estimate.missing("substitution.ownership_reported", "x", "pct_population", "nobody asked")
    part = tipping(lacking)
    assert part.tables == ()
    assert all("nobody asked" in one.reason for one in part.estimates)


# Inflows


def test_inflow_is_quoted_in_the_papers_units_and_is_no_amount():
    part = inflow_module.inflow(given("KEN")[0])
    parity = by_id(part.estimates)["inflow_parity"]
    assert (parity.value, parity.low, parity.high, parity.unit) == (40.0, 33.7, 45.9, "bp")
    assert "1340" in parity.method
    found = table(part, "inflow_scenario")
    assert "outstanding stock of that pair" in found.note
    assert "no amount that could leave follows from it" in found.note
    assert found.frame["parity"].tolist() == [20.0, 40.0, 80.0]
    assert {column.unit for column in found.columns} == {"% of the pair's stock", "basis points"}


def test_inflow_is_refused_outside_the_papers_currencies():
    part = inflow_module.inflow(given("LBN")[0])
    assert "LBP is not among" in by_id(part.estimates)["inflow_parity"].reason
    assert part.tables == ()
    assert len(inflow_module.PAIRS) == 26
    assert "USD" not in inflow_module.PAIRS


# Pass-through, Cagan, seigniorage


def test_pass_through_slope_is_least_squares_of_yearly_changes():
    inputs, _ = given("KEN")
    found = passthrough.deposit_slope(inputs)
    deposits = inputs.series("deposit_rate_pct").values
    policy = inputs.series("policy_rate_pct").values
    policy = policy.groupby(policy.index.year).mean()[
        lambda x: policy.groupby(policy.index.year).count() >= 12
    ]
    deposits.index = deposits.index.year
    both = pd.concat([deposits.diff(), policy.diff()], axis=1).dropna().loc[: found.date.split("/")[1]]
    slope = np.polyfit(both.iloc[:, 1], both.iloc[:, 0], 1)[0]
    assert found.value == pytest.approx(slope, rel=1e-6)
    assert found.n_obs == len(both)
    assert found.low < found.value < found.high


def test_attenuation_is_the_identity_and_called_an_illustration():
    assert passthrough.effective(0.8, 0.25) == pytest.approx(0.6)
    inputs, params = given("KEN")
    part = passthrough.pass_through(inputs, params)
    slope, left = (by_id(part.estimates)[name] for name in ("deposit_rate_pass_through", "pass_through_left"))
    share = inputs.latest("deposit_dollarization_pct").value / 100
    assert left.value == pytest.approx(passthrough.effective(slope.value, 1 - (1 - share) * 0.9))
    assert "illustration" in left.label
    frame = table(part, "pass_through_left").frame
    assert frame["left"].is_monotonic_decreasing
    moved = frame[frame["case"] != "none"]
    assert (left.low, left.high) == pytest.approx((moved["low"].min(), moved["high"].max()))
    assert left.low <= passthrough.effective(slope.low, 1 - (1 - share) * 0.9)
    assert left.high >= passthrough.effective(slope.high, 1 - (1 - share) * 0.9)
    assert frame["left"].iloc[0] == pytest.approx(passthrough.effective(slope.value, share))
    nothing = by_id(passthrough.pass_through(*given("LBN")).estimates)
    assert "where 10 are needed" in nothing["deposit_rate_pass_through"].reason


def test_cagan_break_even_puts_present_inflation_at_the_peak():
    inputs, params = given("NGA")
    part = calculators(inputs, params, reported(5.0))
    alpha = by_id(part.estimates)["cagan_break_even"].value
    inflation = inputs.latest("cpi_inflation_pct").value
    assert 100 * math.expm1(1 / alpha) == pytest.approx(inflation)
    frame = table(part, "cagan").frame
    assert (frame["peak_1.5"] < frame["peak"]).all()
    assert (frame["raised"] <= 100).all()
    assert "grid, not estimates" in table(part, "cagan").note


def test_both_measures_of_seigniorage_stand_side_by_side():
    inputs, params = given("KEN", overrides={"base_money_pct_gdp": 6.0})
    found = by_id((*at_risk(inputs, params)[0], *issue(inputs, params)))
    prices = inputs.latest("cpi_inflation_pct")
    growth = inputs.at("real_gdp_growth_pct", prices.date.year).value
    nominal = (prices.value + growth) / 100
    assert found["issue_at_risk"].value == pytest.approx(0.1 * 6 * nominal / (1 + nominal))
    assert found["issue_at_risk"].value == pytest.approx(6 * found["issue_per_pct_of_gdp"].value)
    assert found["seigniorage_at_risk"].value == pytest.approx(
        0.1 * 6 * inputs.latest("policy_rate_pct").value / 100
    )
    assert "not to be added" in found["issue_at_risk"].note
    low, high = found["issue_at_risk"].low, found["issue_at_risk"].high
    assert (low, high) == pytest.approx((found["issue_at_risk"].value / 2, 2 * found["issue_at_risk"].value))


def test_confidential_base_money_closes_the_monetary_measure():
    given_value = {"base_money_pct_gdp": {"value": 6.2718, "unit": "pct_gdp", "confidential": True}}
    inputs, params = given("KEN", overrides=given_value)
    found = by_id(issue(inputs, params))
    assert "give it away" in found["issue_at_risk"].reason
    assert found["issue_per_pct_of_gdp"].available


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "ARG", "LBN", "PRK", "TUR", "VEN", "ZWE"])
def test_every_calculator_answers_or_says_why_and_is_marked(iso3):
    inputs, params = given(iso3)
    part = calculators(inputs, params, reported(5.0))
    for one in part.estimates:
        assert one.available or len(one.reason) > 10, one.id
        if one.available and one.id != "substitution.deposit_rate_pass_through":
            assert any(word in one.label for word in ("scenario", "illustrat")), one.id
    for one in part.tables:
        assert one.title.startswith(("Scenario", "Illustration")) or not one.shown, one.id
        assert not np.isinf(one.frame.select_dtypes("number").to_numpy()).any(), one.id
