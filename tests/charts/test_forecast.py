"""Figures of the months and of the index from tables alone."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import forecast
from cryptorisk.estimate import Estimate
from cryptorisk.models.volumes.monthly_estimates import NAMES
from cryptorisk.models.volumes.monthly_tables import STAGE
from cryptorisk.result import Column, Result, Table

MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2023-07-31", periods=30, freq="ME")]
STAGES = [STAGE["spread"]] * 12 + [STAGE["nowcast"]] * 6 + [STAGE["forecast"]] * 12


def path(name, title, scale, coins=True):
    value = scale * np.exp(0.1 * np.sin(np.arange(30)))
    frame = pd.DataFrame({"month": MONTHS, "stage": STAGES, "value": value})
    frame["low"], frame["high"] = value / 2, value * 2
    frame["annual"] = np.where(np.arange(30) < 12, value[:12].mean(), np.nan)
    for column, factor in (("coins", 1.0), ("coins_low", 0.5), ("coins_high", 2.0)):
        frame[column] = factor * value if coins else np.nan
    units = {"month": "", "stage": "", **dict.fromkeys(("value", "low", "high", "annual"), "bn USD")}
    columns = tuple(Column(c, c, units.get(c, "thousand BTC"), 2) for c in frame.columns)
    return Table(f"volumes.{name}", f"{title} by month", frame, columns, "note", ("src",), shown=False)


def activity():
    rows = [("observed", "", month, 50.0 + place) for place, month in enumerate(MONTHS[:18])]
    rows += [("forecast at the time", MONTHS[5], month, 60.0) for month in MONTHS[6:18]]
    rows += [("forecast", MONTHS[17], month, 70.0) for month in MONTHS[18:]]
    frame = pd.DataFrame(rows, columns=["part", "origin", "month", "value"])
    ahead = frame["part"] != "observed"
    for column, factor in (("low", 0.7), ("high", 1.4), ("inner_low", 0.9), ("inner_high", 1.1)):
        frame[column] = (factor * frame["value"]).where(ahead)
    frame["actual"] = np.where(frame["part"] == "forecast at the time", 65.0, np.nan)
    columns = tuple(Column(c, c) for c in frame.columns)
    return Table("volumes.activity", "Index", frame, columns, "note", ("src",), shown=False)


def result(tables, **missing):
    estimates = [
        Estimate.missing(f"volumes.{name}", *NAMES[name], missing[name])
        if name in missing
        else Estimate(
            f"volumes.{name}",
            *(NAMES[name][0], 5e9, NAMES[name][1], 2e9, 9e9),
            level=0.8,
            interval="prediction",
            date="2024-07/2025-06",
        )
        for name in NAMES
    ]
    return Result.build("volumes", "V", "KEN", estimates=estimates, tables=tables)


@pytest.fixture
def both():
    return result([path("monthly_region", "Region", 20.0), path("monthly_country", "Kenya", 1.0), activity()])


def test_two_panels_with_the_nowcast_in_the_title(both):
    figure = forecast.months(both)
    expected = (
        "Kenya: 5.0 bn USD in the twelve months to June 2025 by nowcast (80 % interval 2.0 to 9.0 bn USD)"
    )
    assert figure.title == expected
    assert "Kenya, bn USD a month" in figure.alt
    assert "Region, bn USD a month" in figure.alt
    assert "no month was observed" in figure.note
    assert set(figure.data.frame["place"]) == {"Kenya", "Region"}
    assert len(figure.data.frame) == 60


def test_the_region_alone_where_the_country_has_no_months():
    figure = forecast.months(
        result([path("monthly_region", "Region", 20.0)], country_nowcast_usd="there is no annual volume")
    )
    assert figure.title.startswith("The region: ")
    assert set(figure.data.frame["place"]) == {"Region"}


def test_without_months_there_is_the_reason():
    reason = "no index of monthly activity"
    figure = forecast.months(result([], region_nowcast_usd=reason))
    assert (figure.svg, figure.reason) == ("", reason)


def test_without_a_price_there_is_no_figure_in_bitcoin(both):
    assert "thousand BTC" in forecast.months_in_bitcoin(both).alt
    table = path("monthly_region", "Region", 20.0, coins=False)
    figure = forecast.months_in_bitcoin(result([table], region_nowcast_coins="left out for its licence"))
    assert figure.reason == "left out for its licence"


def test_the_index_tells_how_often_past_forecasts_held(both):
    figure = forecast.index(both)
    assert figure.title == (
        "Market activity forecast for December 2025: 70 (49 to 98), after 67 in December 2024; mean of the last twelve "
        "months 100"
    )
    assert "100 % of their months lie inside" in figure.alt
    assert MONTHS[5] in figure.alt
    assert forecast.index(result([], region_forecast_usd="why not")).reason == "why not"


def test_drawing_twice_gives_the_same_bytes(both):
    for draw in (forecast.months, forecast.months_in_bitcoin, forecast.index):
        assert draw(both).svg == draw(both).svg
