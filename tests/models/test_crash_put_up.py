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


def test_the_run_is_named_after_the_scenario_that_has_it(analysed):
    """A fall of prices alone redeems nothing; the upper end stands on the highest holdings, and the sentence says so."""
    kenya = analysed("KEN")
    assert kenya["intervention_liquidity_usd"].label.endswith("combined scenario")
    assert kenya["intervention_demand_usd"].label.endswith("50 % fall in one month")
    text = told(kenya, "crash.intervention").text
    first, _, rest = text.partition("In the combined scenario: ")
    assert "stablecoins" not in first
    severe = kenya.tables["run"].frame["severe"].iloc[0]
    assert f"25 % of the central ones being {severe:.0f} m USD" in rest
    assert severe < 0.2e-6 * kenya["intervention_liquidity_usd"].high
    assert "run of the combined scenario" in kenya.tables["intervention"].title
    assert "Redemptions are those of the combined scenario" in kenya.tables["intervention"].note


def test_redemptions_are_set_against_reserves_for_the_authority_alone(analysed):
    kenya = analysed("KEN")
    assert not [c for c in kenya.tables["run"].columns if "reserves" in c.unit]
    assert "pct_reserves" not in kenya.tables["run"].frame


def test_no_scenario_shows_holders_that_a_crash_makes_richer(analysed):
    table = analysed("ARG").tables["combined"]
    assert table.frame["depreciation_pct"].max() > 50
    assert "national_pct" not in {column.name for column in table.columns}
    assert "no gain where prices follow" in table.note


def test_the_assumption_has_its_variants_beside_it_and_an_own_past_has_none(analysed):
    assert len(analysed("BOL").tables["depreciation_variants"].frame) == 8
    assert "depreciation_variants" not in analysed("KEN").tables


def digits_in(text):
    return len(text.split(" ")[0].replace(".", "").lstrip("0"))


def test_a_proxy_is_written_with_two_digits_and_scored_in_full(analysed):
    salvador = analysed("SLV")
    held, usd = salvador["government_holdings_pct_gdp"], salvador["government_holdings_usd"]
    loss, lost = salvador["government_loss_pct_gdp"], salvador["government_loss_usd"]
    assert digits_in(f"{held:value}") <= 2 >= digits_in(f"{loss:value}")
    assert held.value / loss.value == pytest.approx(usd.value / lost.value, rel=1e-12)
    assert held.value != float(f"{held.value:.2g}")
    assert digits_in(told(salvador, "crash.state").text.split(" and ")[1]) <= 2


def test_the_warning_reads_the_share_of_revenue_in_full(analysed):
    """1.004 % of revenue is above one percent, though both are written alike."""
    estimates = [one for id, one in analysed("SLV").estimates.items() if id.startswith("government_")]
    share = next(one.value for one in estimates if one.id == "crash.government_loss_pct_gdp")
    above, below = (
        state_finding(estimates, Ratio(100 * share / part, 2025), "fall")[0] for part in (1.004, 0.996)
    )
    assert (above.severity, below.severity) == ("warning", "notice")
    assert "and 1 % of a year's revenue" in above.text


@pytest.mark.parametrize("iso", ["KEN", "DEU", "TUV"])
def test_what_is_not_zero_is_not_written_as_zero(analysed, iso):
    result = analysed(iso)
    seen = 0
    for name in ("scenarios", "intervention", "miner_exit", "combined", "run", "second_round"):
        table = result.tables.get(name)
        for column in table.columns if table is not None else ():
            if column.decimals is None or column.unit not in ("% of GDP", "TWh a year", "%", "USD million"):
                continue
            if column.name in ("stablecoin_loss_pct", "hash_rate_pct", "loss_usd_m", "government_usd_m"):
                continue
            cells = table.frame[column.name].dropna()
            for value in cells[cells != 0]:
                seen += 1
                assert float(f"{value:.{column.decimals}f}") != 0 or abs(value) < 5e-5, (name, column, value)
    assert seen > 30
