"""The monthly market on the embedded vintage: what is observed, what is forecast, what is refused."""

import datetime as dt
import importlib

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import market
from cryptorisk.models.market.activity import COINS, USD, activity
from cryptorisk.models.market.known_months import known_months, noise, whole_years, year_of
from cryptorisk.models.market.observed import Observed, judged, last_run, monthly, observed, without_own
from cryptorisk.models.market.reading import read, refusal_of
from cryptorisk.params import Override, Params
from cryptorisk.result import Result


@pytest.fixture(scope="module")
def found(inputs_for):
    return market.analyse(inputs_for("KEN"), Params(country="KEN"))


def test_it_is_the_same_for_every_country_and_survives_being_written(found, inputs_for):
    assert market.analyse(inputs_for("NGA"), Params(country="NGA")).to_dict() == found.to_dict()
    assert Result.from_dict(found.to_dict()).to_dict() == found.to_dict()


def test_only_complete_months_count(inputs_for):
    inputs = inputs_for("KEN")
    price = monthly(inputs, "btc_price_usd", "stock")
    assert price.index[-1] == pd.Timestamp("2026-05-31")  # the vintage has the first of June
    daily = inputs.series("btc_exchange_inflow_usd", country="WLD").values["2025-02"]
    flow = monthly(inputs, "btc_exchange_inflow_usd", "flow")
    assert flow["2025-02-28"] == pytest.approx(daily.sum())


def test_the_month_of_the_report_is_left_out_before_its_end(kit_root):
    inputs = load_inputs(Params(country="KEN", as_of=dt.date(2025, 3, 30)), root=kit_root)
    assert monthly(inputs, "btc_price_usd", "stock").index[-1] == pd.Timestamp("2025-02-28")
    inputs = load_inputs(Params(country="KEN", as_of=dt.date(2025, 3, 31)), root=kit_root)
    assert monthly(inputs, "btc_price_usd", "stock").index[-1] == pd.Timestamp("2025-03-31")


def test_the_index_is_the_geometric_mean_of_what_is_observed(found, inputs_for):
    inputs = inputs_for("KEN")
    usd, coins = read(found, USD), read(found, COINS)
    flow = np.log(monthly(inputs, "btc_exchange_inflow_usd", "flow")["2020":])
    supply = np.log(monthly(inputs, "stablecoin_supply_total_usd", "stock")["2020":])
    change = (usd.log_values - (flow + supply) / 2).dropna()
    assert change.std() == pytest.approx(0, abs=1e-9)
    assert np.exp(usd.log_values[-12:]).mean() == pytest.approx(100)
    price = np.log(monthly(inputs, "btc_price_usd", "stock"))
    assert (usd.log_values - coins.log_values - price).dropna().std() == pytest.approx(0, abs=1e-9)


def test_forecasts_begin_after_the_last_observed_month(found):
    usd = read(found, USD)
    assert usd.months[len(usd.log_values)] == usd.log_values.index[-1] + pd.offsets.MonthEnd(1)
    assert usd.log_centre.shape == (12,)
    errors = usd.errors(np.array([0, 1]), np.array([1.0, -1.0]))
    assert (errors[:, : len(usd.log_values)] == 0).all()
    assert errors[1, -1] == -usd.paths[1, -1]


def test_the_table_says_where_no_change_is_not_beaten(found):
    accuracy, choices = found.tables["accuracy"].frame, found.tables["choices"].frame
    for _, row in choices[choices["refused"] == ""].iterrows():
        rows = accuracy[accuracy["target"] == row["target"]].set_index("candidate")
        assert (rows["used"] == "yes").sum() == 1
        assert rows.loc["random_walk", "relative"] == 1
        assert row["mase"] <= row["mase_naive"] + 1e-12
        if row["chosen"] == "random_walk":
            assert rows.loc["equal_weights", "mase"] >= rows.loc["random_walk", "mase"]


def test_an_old_series_is_refused_with_its_last_month(found):
    reason = refusal_of(found, "transfer_usd")
    assert "June 2020" in reason
    assert read(found, "transfer_usd") is None


def test_every_backtest_interval_was_possible_at_the_time(found):
    back = found.tables["backtest"].frame
    assert (back["low"] < back["value"]).all()
    assert (back["origin"] < back["month"]).all()
    assert back.groupby(["target", "origin"]).size().eq(12).all()


def test_without_non_commercial_series_stablecoins_remain(kit_root):
    params = Params(country="KEN", include_non_commercial=False)
    left = market.analyse(load_inputs(params, root=kit_root), params)
    usd = read(left, USD)
    assert usd.inputs == ("stablecoin_supply_total_usd",)
    assert "licence" in refusal_of(left, COINS)
    assert "licence" in refusal_of(left, "transactions")
    assert left.tables["known_months"].frame.empty
    assert left.tables["noise"].frame["transitory"].iloc[0] == 1.3


def test_with_no_market_series_there_is_a_reason(inputs_for, monkeypatch):
    def nothing(inputs, series, kind):
        return pd.Series(dtype=float, index=pd.DatetimeIndex([], name="date"), name=series)

    for name in ("observed", "activity", "known_months"):
        module = importlib.import_module(f"cryptorisk.models.market.{name}")
        monkeypatch.setattr(module, "monthly", nothing)
    left = market._analyse(inputs_for("KEN"), 0.8)
    assert left.tables["fan"].frame.empty
    assert "neither" in refusal_of(left, USD)


def test_no_own_figure_enters(kit_root, found):
    own = {"crypto_value_received_usd": Override(value=1e9, date=dt.date(2025, 6, 30), confidential=True)}
    inputs = load_inputs(Params(country="KEN", overrides=own), root=kit_root)
    stripped = without_own(inputs)
    assert not stripped.own_series
    assert not stripped.confidential
    assert inputs.own_series
    assert market.analyse(inputs, Params(country="KEN", overrides=own)).to_dict() == found.to_dict()


def test_refusals():
    months = pd.date_range("2020-01-31", periods=60, freq="ME")
    one = Observed("a", "A", "USD", pd.Series(1.0, index=months), "measured", (), ())
    assert not judged(one, dt.date(2025, 6, 30)).refused
    assert "18 months before" in judged(one, dt.date(2026, 6, 30)).reason
    short = Observed("a", "A", "USD", one.values[-20:], "measured", (), ())
    assert "20 months in a row" in judged(short, dt.date(2025, 1, 31)).reason
    empty = Observed("a", "A", "USD", one.values[:0], "measured", (), ())
    assert judged(empty, dt.date(2025, 1, 31), licensed=True).reason == "left out for its licence"


def test_a_leg_too_short_to_be_forecast_still_belongs_to_the_index(kit_root):
    """Else the index would be of bitcoin alone until stablecoins have five years."""
    inputs = load_inputs(Params(country="KEN", as_of=dt.date(2023, 12, 31)), root=kit_root)
    known = observed(inputs)
    assert known["stablecoins_usd"].refused
    index = activity(inputs, known)[USD]
    assert "stablecoins" in index.label
    assert "48 months in a row" in index.reason


def test_a_gap_cuts_the_run():
    months = pd.date_range("2020-01-31", periods=10, freq="ME")
    values = pd.Series(range(10), index=months).drop(months[3])
    assert list(last_run(values)) == [4, 5, 6, 7, 8, 9]


def test_years_from_july():
    months = pd.date_range("2020-05-31", periods=28, freq="ME")
    assert list(year_of(months)[:4]) == [2019, 2019, 2020, 2020]
    assert whole_years(months) == (2020, 2021)


def test_months_that_are_known_are_held_against_the_procedure(inputs_for):
    tried = known_months(inputs_for("KEN"), 0.8)
    assert {one.asset for one in tried} >= {"btc", "eth", "ltc"}
    for one in tried:
        assert one.error.size == 12 * len(one.years)
    widened = noise(tried, 0.8)
    assert widened.factor > 1
    assert widened.months == sum(one.error.size for one in tried)
    # with the passing noise the intervals cover as stated
    step = [one.link.step_sd for one in tried]
    ratio = np.concatenate(
        [np.abs(one.error) / (widened.factor * one.sd) for one, _ in zip(tried, step, strict=True)]
    )
    assert (ratio <= 1.2816).mean() == pytest.approx(0.8, abs=0.01)
