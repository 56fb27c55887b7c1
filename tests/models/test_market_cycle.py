"""The crypto cycle and the market's size: on the embedded vintage, without prices, and on samples made up for a rule."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import cycle as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import market
from cryptorisk.models.market.cycle import (
    AFTER,
    FACTOR,
    FEWEST_ASSETS,
    FEWEST_WEEKS,
    chosen_sample,
    weekly_change,
    weekly_returns,
)
from cryptorisk.models.market.size import BITCOIN, COINS, OTHERS, concentration_rows, month_ends
from cryptorisk.models.volumes.market_cycle import (
    NAMES,
    cycle_estimates,
    cycle_findings,
    cycle_parts_tables,
)
from cryptorisk.params import Params
from cryptorisk.result import Result


def chapter(found):
    """What the chapter makes of the market's result."""
    estimates = cycle_estimates(found)
    numbers = {e.id.split(".")[1]: e for e in estimates}
    return Result.build(
        "volumes",
        "V",
        "KEN",
        estimates=estimates,
        tables=cycle_parts_tables(found),
        findings=cycle_findings(numbers),
    )


@pytest.fixture(scope="module")
def found(inputs_for):
    return market.analyse(inputs_for("KEN"), Params(country="KEN"))


@pytest.fixture(scope="module")
def shown(found):
    return chapter(found)


@pytest.fixture(scope="module")
def without_prices(kit_root):
    params = Params(country="KEN", include_non_commercial=False)
    return market.analyse(load_inputs(params, root=kit_root), params)


def test_one_factor_of_eight_assets(found, shown):
    share, facts = shown["cycle_share_pct"], found.tables["cycle_facts"].frame.iloc[0]
    assert 45 < share.low < share.value < share.high < 70
    assert share.value == pytest.approx(found.tables["cycle_shares"].frame["share"].mean())
    assert share.date == "2015-08/2020-07"
    assert facts["converged"] == "yes"
    assert facts["count"] == 8
    assert "BNB to April 2019" in facts["ends"]
    assert shown.findings == ()  # the same in every country: told under the table
    text = shown.tables["cycle_shares"].note
    assert "80 %" in text
    assert "comparison only" in text


def test_the_dynamic_model_and_the_quick_one_agree_and_levels_do_not(found):
    shares = found.tables["cycle_variants"].frame["share"]
    assert shares[0] == pytest.approx(shares[1], abs=2)
    # The principal component of five series is above their common part, that of log prices near one.
    assert shares[2] < shares[3] < shares[4]
    assert shares[4] > 90


def test_the_factor_is_the_assets_common_movement(found, inputs_for):
    path = found.tables["cycle_path"].frame
    prices = pd.DataFrame(
        {a: inputs_for("KEN").series(f"{a}_price_usd", country="WLD").values for a in ("btc", "ltc", "xrp")}
    )
    mean = weekly_returns(prices).reindex(pd.to_datetime(path["week"])).mean(axis=1)
    assert np.corrcoef(mean, path["factor"])[0, 1] > 0.85
    assert path["factor"].cumsum().to_numpy() == pytest.approx(path["index"].to_numpy())


def test_correlations_have_their_sample_and_a_correction(found, shown):
    links = found.tables["cycle_links"].frame
    known = links[links["reason"] == ""]
    assert (known["p_corrected"] >= known["p"]).all()
    assert known["correlation"].between(known["low"], known["high"]).all()
    assert (links[links["driver"] == "sp500_index"]["reason"] == "not in the vintage").all()
    factor = known[known["sample"] == FACTOR]
    assert factor["last"].max() <= "2020-07-31"
    late = known[known["sample"] == AFTER].set_index("driver")
    assert late.loc["vix_close", "correlation"] < -0.15
    assert late.loc["vix_close", "p_corrected"] < 0.01
    assert "S&P 500: not in the vintage" in shown["cycle_sp500_correlation"].reason


def test_concentration_is_of_the_assets_in_the_vintage(found, shown):
    rows = found.tables["concentration"].frame
    assert (rows["assets"] >= 5).all()
    assert (rows["hhi"] * rows["effective"]).to_numpy() == pytest.approx(1)
    assert (rows["effective"] <= rows["assets"]).all()
    assert rows["month"].iloc[-1] == "2020-06"
    assert "not of the market" in shown["market_hhi"].note
    assert "BTC, ADA" in shown.tables["concentration"].note
    assert "by price and" in shown.tables["growth"].note


def test_growth_adds_up_exactly_in_every_row(found, shown, inputs_for):
    rows = found.tables["growth"].frame
    assert set(rows["group"]) == {BITCOIN, OTHERS, COINS}
    total = rows["start"] + rows["price"] + rows["quantity"] + rows["entered"] - rows["left"]
    assert total.to_numpy() == pytest.approx(rows["end"].to_numpy(), rel=1e-9)
    for _, group in rows.groupby("group"):
        assert group["start"].to_numpy()[1:] == pytest.approx(group["end"].to_numpy()[:-1])
    bitcoin = rows[(rows["group"] == BITCOIN) & (rows["year"] == "2024")].iloc[0]
    caps = inputs_for("KEN").series("btc_market_cap_usd", country="WLD").values
    assert bitcoin["end"] == caps["2024-12-31"]
    growth = shown["bitcoin_growth_pct"].value
    assert shown["bitcoin_growth_price_pp"].value + shown[
        "bitcoin_growth_issuance_pp"
    ].value == pytest.approx(growth)
    assert growth == pytest.approx(100 * (caps["2026-05-31"] / caps["2025-05-31"] - 1))


def test_bitcoins_issuance_is_its_supply(found, inputs_for):
    rows = found.tables["growth"].frame
    year = rows[(rows["group"] == BITCOIN) & (rows["year"] == "2023")].iloc[0]
    supply = inputs_for("KEN").series("btc_supply", country="WLD").values
    price = inputs_for("KEN").series("btc_price_usd", country="WLD").values["2023"]
    coins = supply["2023-12-31"] - supply["2022-12-31"]
    assert year["quantity"] / coins == pytest.approx(price.mean(), rel=0.05)


def test_without_prices_everything_is_refused_with_the_reason(without_prices):
    left = chapter(without_prices)
    assert set(left.estimates) == set(NAMES)
    for name in NAMES:
        assert not left[name].available
    assert "licence" in left["cycle_share_pct"].reason
    assert "licence" in left["market_hhi"].reason
    assert "licence" in left["stablecoin_share_pct"].reason
    assert any("licence" in f.text for f in left.findings)
    assert charts.factor(left).reason
    assert set(without_prices.tables["growth"].frame["group"]) == {COINS}
    assert charts.growth(left).svg


def test_figures_say_what_they_show(shown):
    factor, growth = charts.factor(shown), charts.growth(shown)
    assert "8 assets" in factor.title
    assert "TRX" in factor.alt
    assert factor.svg
    assert "2024 price 1\u202f009" in growth.alt


def test_it_survives_being_written(found):
    again = Result.from_dict(found.to_dict())
    assert [e.to_dict() for e in cycle_estimates(again)] == [e.to_dict() for e in cycle_estimates(found)]
    assert [t.to_dict() for t in cycle_parts_tables(again)] == [
        t.to_dict() for t in cycle_parts_tables(found)
    ]


def weeks(n, assets=6):
    index = pd.date_range("2016-01-01", periods=n, freq="W-FRI")
    values = np.random.default_rng(1).standard_normal((n, assets))
    return pd.DataFrame(values, index=index, columns=list("abcdef")[:assets])


def test_the_longest_run_with_enough_assets_is_taken():
    panel = weeks(300)
    panel.iloc[120, :2] = np.nan
    sample, left_out = chosen_sample(panel)
    assert len(sample) == 179
    assert left_out == ()


def test_an_asset_with_too_few_weeks_does_not_make_a_week_count():
    panel = weeks(300)
    panel.iloc[:, 0] = np.nan
    panel.iloc[200:, 1] = np.nan
    panel.iloc[200:260, 0] = 0.1  # keeps five assets together for sixty weeks more
    sample, left_out = chosen_sample(panel)
    assert left_out == ("a",)
    assert len(sample) == 200
    assert (sample.notna().sum(axis=1) >= FEWEST_ASSETS).all()


def test_short_or_narrow_samples_are_refused():
    assert chosen_sample(weeks(FEWEST_WEEKS - 1))[0].empty
    assert chosen_sample(weeks(300, assets=4))[0].empty
    assert chosen_sample(pd.DataFrame())[0].empty


def test_weeks_end_on_fridays_and_holidays_take_the_day_before():
    days = pd.date_range("2020-01-01", "2020-02-05", freq="D")
    price = pd.DataFrame({"btc": np.exp(np.arange(len(days)) / 100)}, index=days)
    returns = weekly_returns(price)
    assert (returns.index.day_name() == "Friday").all()
    assert returns.index[-1] == pd.Timestamp("2020-01-31")  # the last days are no week
    assert returns["btc"].to_numpy() == pytest.approx(0.07)
    market_days = pd.Series(np.arange(1.0, len(days) + 1), index=days).drop(pd.Timestamp("2020-01-17"))
    change = weekly_change(market_days, "difference")
    assert change["2020-01-17"] == 6
    assert change["2020-01-24"] == 8


def test_a_month_without_its_last_days_is_missing():
    days = pd.date_range("2020-01-30", "2020-03-20", freq="D")
    found = month_ends(pd.DataFrame({"btc": np.arange(float(len(days)))}, index=days))
    assert list(found.index) == [pd.Timestamp("2020-01-31"), pd.Timestamp("2020-02-29")]
    assert concentration_rows(found) == []
