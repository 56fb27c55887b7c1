"""What an authority would have to put up, and what the state would lose: sentences and figures by rule."""

import datetime as dt

import pytest

from cryptorisk.models import crash, exposure, price_risk
from cryptorisk.models.crash.state_loss import state_finding
from cryptorisk.models.crash.surroundings import Ratio
from cryptorisk.params import Params


@pytest.fixture(scope="module")
def analysed(inputs_for):
    short = {"sample_start": dt.date(2025, 1, 1)}  # the fitted tail is not asked about here
    params = Params(country="KEN", vintage="2026-11-23", crash=short)
    risk, world = price_risk.analyse(inputs_for("KEN"), params), exposure.world(inputs_for("KEN"), params)

    def run(iso):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(exposure, "world", lambda inputs, params: world)
            asked = Params(country=iso, vintage="2026-11-23", crash={"monte_carlo_draws": 1000})
            return crash.analyse(inputs_for(iso), asked, risk)

    return run


def told(result, id):
    return next((finding for finding in result.findings if finding.id == id), None)


def test_the_sentence_has_the_amounts_of_the_table(analysed):
    kenya = analysed("KEN")
    frame = kenya.tables["intervention"].frame.set_index("what")
    demand = frame.loc[frame.index.str.startswith("Demand")].iloc[0]
    assert kenya["intervention_demand_usd"].value == pytest.approx(1e6 * demand["central"])
    assert kenya["intervention_demand_usd"].high == pytest.approx(1e6 * demand["high"])
    text = told(kenya, "crash.intervention").text
    assert f"{kenya['intervention_liquidity_usd']:full} if the authority met" in text
    assert "2 % of Tier 1" in text


def test_only_steps_that_reserves_would_pay_are_set_against_them(analysed):
    frame = analysed("KEN").tables["intervention"].frame.set_index("what")["pct_reserves"]
    assert set(frame.dropna().index.str.split(":").str[0]) == {"Liquidity", "Reserves"}


def test_the_states_loss_is_a_headline_where_its_holdings_are_known(analysed):
    salvador, kenya = analysed("SLV"), analysed("KEN")
    assert "crash.government_loss_pct_gdp" in [one.id for one in salvador.headlines]
    assert "crash.government_loss_pct_gdp" not in [one.id for one in kenya.headlines]
    assert told(salvador, "crash.state").severity == "warning"  # above 1 % of revenue
    assert told(kenya, "crash.state") is None


def test_a_loss_below_one_percent_of_revenue_is_no_warning(analysed):
    estimates = [one for id, one in analysed("SLV").estimates.items() if id.startswith("government_")]
    assert state_finding(estimates, Ratio(95.0, 2025), "fall")[0].severity == "notice"
    assert "revenue" not in state_finding(estimates, Ratio(95.0, 2025, confidential=True), "fall")[0].text


def test_steps_without_a_share_of_reserves_say_why(analysed):
    table = analysed("KEN").tables["intervention"]
    assert table.frame["pct_reserves"].isna().any()
    assert "Where the share of reserves is n.a. the step is not paid out of them." in table.note
