"""The data portal of the International Monetary Fund, beyond what every source must do."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from replay_server import Answer
from replay_world import END

from cryptorisk.countries import countries
from cryptorisk.data.sources.imf import OWN_CODES, ImfSource
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.sdmxflows import read_flows
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

ALL = tuple(one.iso3 for one in countries())


@pytest.fixture
def source(replay):
    return ImfSource(base_url=replay.addresses()["imf"])


@pytest.fixture
def wire(replay):
    return replay.wires["imf"]


def task_of(source, key, request):
    return {task.key: task for task in source.tasks(request)}[key]


def fetched(source, key, request):
    return source.fetch(task_of(source, key, request), request, Web())


def by_date(frame, economy):
    return frame[frame["country"] == economy].set_index("date")["value"]


# Tasks and keys


def test_large_answers_are_cut_by_economies(source):
    request = Request(ALL, END)
    tasks = source.tasks(request)
    sizes = {flow.code: source.at_once[flow.frequency] for flow in read_flows("imf")}
    for code, size in sizes.items():
        parts = [task for task in tasks if task.code == code]
        assert [task.key.rpartition("/")[2] for task in parts] == [str(n + 1) for n in range(len(parts))]
        assert all(len(task.countries) <= size for task in parts)
        asked = [economy for task in parts for economy in task.countries]
        assert [economy for economy in asked if economy != "EMU"] == list(ALL)


def test_a_year_needs_one_task(source):
    keys = [task.key for task in source.tasks(Request(ALL, END))]
    assert [key for key in keys if key.startswith("gdp_usd")] == ["gdp_usd/1"]
    assert [key for key in keys if key.startswith("official_fx")][
        -1
    ] == f"official_fx_lcu_per_usd/{-(-241 // 50)}"


def test_the_key_names_the_economies_asked(source, replay):
    fetched(source, "official_fx_lcu_per_usd/1", Request(("KEN", "NGA"), END))
    assert replay.paths == ["/imf/data/IMF.STA,ER/KEN+NGA.XDC_USD.PA_RT.M"]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("cpi_index_monthly/1", "IMF.STA,CPI/KEN.CPI._T.IX.M"),
        ("reserves_monthly_usd/1", "IMF.STA,IL/KEN.TRGMV_REVS.USD.M"),
        ("broad_money_lcu/1", "IMF.STA,MFS_DC/KEN.DCORP_L_BM.XDC.M"),
        ("iip_portfolio_liabilities_usd/1", "IMF.STA,IIP/KEN.L_P.P_MV.USD.A"),
        ("iip_other_investment_liabilities_usd/1", "IMF.STA,IIP/KEN.L_P.O.USD.A"),
        ("crypto_parallel_fx_lcu_per_usd/1", "IMF.STA,WPCPER/.KEN.BIT_SHD_RT.M"),
        ("gdp_usd/1", "IMF.RES,WEO/KEN.NGDPD.A"),
    ],
)
def test_keys_as_the_fund_orders_their_dimensions(source, replay, key, path):
    fetched(source, key, Request(("KEN",), END))
    assert replay.paths == [f"/imf/data/{path}"]


@pytest.mark.parametrize(("key", "start"), [("gdp_usd/1", "2016"), ("official_fx_lcu_per_usd/1", "2016-05")])
def test_what_the_query_says_beside_the_key(source, replay, key, start):
    asked = []
    replay.misbehave("empty", only=lambda _, one: bool(asked.append(one)))
    fetched(source, key, Request(("KEN",), END, dt.date(2016, 5, 20)))
    (one,) = asked
    assert one.query == {"startPeriod": start, "detail": "dataonly"}
    assert "structurespecificdata+xml" in one.headers["accept"]


def test_the_euro_area_is_asked_when_one_of_its_members_is(source, replay):
    fetched(source, "official_fx_lcu_per_usd/1", Request(("KEN",), END))
    found = fetched(source, "official_fx_lcu_per_usd/1", Request(("KEN", "DEU"), END))
    assert replay.paths == [
        "/imf/data/IMF.STA,ER/KEN.XDC_USD.PA_RT.M",
        "/imf/data/IMF.STA,ER/KEN+DEU+G163.XDC_USD.PA_RT.M",
    ]
    assert "EMU" in set(found["country"])
    no_rate = [task for task in source.tasks(Request(("DEU",), END)) if "fx_lcu" not in task.key]
    assert all("EMU" not in task.countries for task in no_rate), "other figures are of economies"


# Economies


@pytest.mark.parametrize(
    ("economy", "code"), [("XKX", "KOS"), ("PSE", "WBG"), ("EMU", "G163"), ("KEN", "KEN")]
)
def test_codes_of_its_own(source, economy, code):
    assert source.area(economy) == code
    assert source.economy(code) == economy


@pytest.mark.parametrize("code", ["G001", "G110", "GX123", "W00", "", "1C_080"])
def test_groups_are_no_economies(source, code):
    assert source.economy(code) == ""


def test_every_economy_has_one_code(source):
    assert len({source.area(one) for one in ALL}) == len(ALL)
    assert [source.economy(source.area(one)) for one in ALL] == list(ALL)
    assert set(OWN_CODES) - {"EMU"} <= set(ALL)


def test_a_request_without_names_gives_all_but_groups(source, wire):
    found = fetched(source, "gdp_usd/1", Request((), END))
    assert "G001" in {line.dimensions["COUNTRY"] for line in _lines_of(wire)}
    assert len(set(found["country"])) > 150
    assert set(found["country"]) <= set(ALL), "neither groups nor the euro area"


def _lines_of(wire):
    return wire._lines("IMF.RES,WEO", ("COUNTRY", "INDICATOR", "FREQUENCY"), ["", "NGDPD", "A"], "2000", None)


def test_the_codes_of_the_provider_come_back_as_ours(source, replay):
    found = fetched(source, "gdp_usd/1", Request(("PSE", "KEN"), END))
    assert replay.paths == ["/imf/data/IMF.RES,WEO/WBG+KEN.NGDPD.A"]
    assert set(found["country"]) == {"KEN", "PSE"}


# Values


def test_scale_is_how_the_portal_shows_a_figure_and_changes_nothing(source, wire, world, monkeypatch):
    request = Request(("KEN", "NGA"), END)
    plain = fetched(source, "gdp_usd/1", request)
    monkeypatch.setattr(wire, "attributes", True, raising=False)
    described = fetched(source, "gdp_usd/1", request)
    pd.testing.assert_frame_equal(plain, described)
    kenya = world.figures("gdp_usd", "KEN")
    assert by_date(plain, "KEN")[pd.Timestamp("2024-12-31")] == kenya[np.datetime64("2024-12-31")] > 1e11


def test_forecasts_and_the_year_under_way_are_dropped(source):
    found = fetched(source, "gdp_usd/1", Request(("KEN", "NGA"), END))
    assert found["date"].max() == pd.Timestamp("2025-12-31")
    later = fetched(source, "gdp_usd/1", Request(("KEN",), dt.date(2026, 12, 31)))
    assert later["date"].max() == pd.Timestamp("2026-12-31"), "a year that has ended is wanted"


def test_months_end_on_their_last_day(source):
    found = fetched(source, "official_fx_lcu_per_usd/1", Request(("KEN",), END))
    assert found["date"].max() == pd.Timestamp("2026-10-31")
    assert (found["date"] == found["date"] + pd.offsets.MonthEnd(0)).all()


def test_an_observation_without_figure_is_left_out(source, replay):
    replay.misbehave("nan_tail")
    found = fetched(source, "reserves_monthly_usd/1", Request(("KEN",), END))
    assert np.isfinite(found["value"]).all()
    assert found["date"].max() < pd.Timestamp("2026-10-31")


def test_a_parallel_rate_is_of_the_own_currency(source, wire, monkeypatch):
    usual = wire._lines

    def with_foreign(*asked):
        lines = usual(*asked)
        return [
            *lines,
            *(type(one)(one.dimensions | {"CURRENCY": "ZAR"}, [("2024-M01", 18.0)]) for one in lines),
        ]

    request = Request(("KEN",), END)
    plain = fetched(source, "crypto_parallel_fx_lcu_per_usd/1", request)
    monkeypatch.setattr(wire, "_lines", with_foreign)
    pd.testing.assert_frame_equal(fetched(source, "crypto_parallel_fx_lcu_per_usd/1", request), plain)


def test_the_unit_must_be_the_one_asked(source, replay):
    replay.misbehave("wrong_currency")
    with pytest.raises(FetchError, match="INDICATOR XDC_EUR where XDC_USD was asked") as caught:
        fetched(source, "official_fx_lcu_per_usd/1", Request(("KEN",), END))
    assert caught.value.where == "IMF.STA,ER/*.XDC_USD.PA_RT.M"


# No answer


def test_an_unknown_dataflow_is_told_from_an_unknown_code(source, replay, wire, monkeypatch):
    request = Request(("KEN",), END)
    replay.misbehave("renamed")
    with pytest.raises(FetchError, match=r"knows no dataflow IMF\.STA,IL any more") as caught:
        fetched(source, "reserves_monthly_usd/1", request)
    assert not caught.value.transient
    replay.misbehave(None)
    monkeypatch.setattr(wire, "_lines", lambda *_: [])
    with pytest.raises(FetchError, match="holds no figure for KEN since 2000-01-01") as caught:
        fetched(source, "reserves_monthly_usd/1", request)
    assert not caught.value.transient


def test_another_status_keeps_its_own_words(source, wire, monkeypatch):
    monkeypatch.setattr(wire, "answer", lambda *_: Answer(b"{}", status=400))
    with pytest.raises(FetchError, match="answered 400") as caught:
        fetched(source, "gdp_usd/1", Request(("KEN",), END))
    assert not caught.value.transient


def test_a_year_that_has_ended_is_a_projection_until_the_april_after_it():
    outlook = next(flow for flow in read_flows("imf") if flow.flow == "WEO")
    prices = next(flow for flow in read_flows("imf") if flow.flow == "CPI")
    source = live_sources(["imf"])["imf"]
    january, april = (Request((), day) for day in (dt.date(2027, 1, 4), dt.date(2027, 4, 20)))
    assert source.last_day(outlook, january) == dt.date(2025, 12, 31)
    assert source.last_day(outlook, april) == april.end
    assert source.last_day(prices, january) == january.end
