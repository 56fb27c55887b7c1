"""The form of observations: every broken rule in one message."""

from __future__ import annotations

import builtins
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from histories import DAY, history, nothing

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.schema import validate_observations
from cryptorisk.errors import DataError, KitError


def good() -> pd.DataFrame:
    return history("population", [1.0, 2, 3, 4], start="2020", source="wdi")


def message(frame: pd.DataFrame) -> str:
    with pytest.raises(DataError) as error:
        validate_observations(frame, catalogue(), DAY)
    return str(error.value)


def test_good_frames_pass_also_without_rows_and_with_further_columns():
    validate_observations(good(), catalogue(), DAY)
    validate_observations(good().assign(url="https://example.org"), catalogue(), DAY)
    validate_observations(nothing(), catalogue(), DAY)


def test_every_broken_rule_is_named_with_examples():
    frame = pd.concat([good()] * 2, ignore_index=True)
    frame.loc[0, "country"] = "XXX"
    frame.loc[1, "series"] = "populaton"
    frame.loc[2, "source"] = "nobody"
    frame.loc[4, "value"] = np.inf
    frame.loc[5, "value"] = np.nan
    frame.loc[6, "date"] = pd.Timestamp("2027-12-31")
    assert message(frame).splitlines() == [
        "the observations break 6 rules:",
        "  the country is no economy, nor WLD or EMU (1 row): XXX population 2020-12-31 1.0 wdi",
        "  the series is not in the catalogue (1 row): KEN populaton 2021-12-31 2.0 wdi",
        "  the source is not in the register (1 row): KEN population 2022-12-31 3.0 nobody",
        "  dated after 2026-11-23 (1 row): KEN population 2027-12-31 3.0 wdi",
        "  the value is not a finite number (2 rows): KEN population 2020-12-31 inf wdi; KEN population 2021-12-31 nan wdi",
        "  two figures for one series, country, date and source (2 rows): KEN population 2023-12-31 4.0 wdi; "
        "KEN population 2023-12-31 4.0 wdi; report it: what a source gives must have this form before it is judged",
    ]


def test_missing_cells_break_a_rule():
    frame = good()
    frame.loc[0, "country"] = None
    frame.loc[1, "date"] = pd.NaT
    said = message(frame)
    assert "the country is no economy" in said
    assert "the date is missing (1 row)" in said


def test_missing_columns_and_wrong_types_are_named_without_what_follows_from_them():
    frame = good().drop(columns="source").assign(value="many", date="2020-12-31")
    assert message(frame).splitlines()[1:] == [
        "  the column source is missing",
        "  the column date holds no datetime64",
        "  the column value holds str, not float64; report it: what a source gives must have this form before it is judged",
    ]


def test_a_figure_of_the_day_itself_is_no_forecast():
    frame = history("btc_price_usd", [1.0], start=str(DAY), country="WLD", source="coinmetrics_2026_06")
    validate_observations(frame, catalogue(), DAY)
    with pytest.raises(DataError, match="dated after 2026-11-22"):
        validate_observations(frame, catalogue(), DAY - dt.timedelta(days=1))


def test_only_a_few_examples_of_many_are_quoted():
    many = history("btc_price_usd", [np.nan] * 500, start="2020-01-01", source="coinmetrics_2026_06")
    said = message(many)
    assert "(500 rows)" in said
    assert said.count("nan") == 3


def test_without_pandera_the_message_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("pandera"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(KitError, match=r"pip install 'cryptorisk\[live\]'"):
        validate_observations(good(), catalogue(), DAY)
