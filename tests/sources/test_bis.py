"""The Bank for International Settlements, beyond what every source must do."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from replay_server import Answer
from replay_world import END
from wire_bis import LEGACY

from cryptorisk.countries import countries
from cryptorisk.data.sources.bis import FEW, BisSource
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

ALL = tuple(one.iso3 for one in countries())


@pytest.fixture
def source(replay):
    return BisSource(base_url=replay.addresses()["bis"])


@pytest.fixture
def wire(replay):
    return replay.wires["bis"]


def fetched(source, key, request):
    (task,) = [task for task in source.tasks(request) if task.key == key]
    return source.fetch(task, request, Web())


# Tasks and keys


def test_a_task_is_a_series_whatever_the_economies(source):
    keys = ["policy_rate_pct", "reer_index", "neer_index", "official_fx_lcu_per_usd"]
    for economies in ((), ("KEN",), ALL):
        assert [task.key for task in source.tasks(Request(economies, END))] == keys


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("policy_rate_pct", "BIS,WS_CBPOL/M.ZA+IN"),
        ("reer_index", "BIS,WS_EER/M.R.B.ZA+IN"),
        ("neer_index", "BIS,WS_EER/M.N.B.ZA+IN"),
        ("official_fx_lcu_per_usd", "BIS,WS_XRU/M.ZA+IN..A"),
    ],
)
def test_the_key_names_few_economies(source, replay, key, path):
    found = fetched(source, key, Request(("ZAF", "IND"), END))
    assert replay.paths == [f"/bis/data/{path}"]
    assert set(found["country"]) == {"IND", "ZAF"}


def test_many_economies_are_not_named_and_the_others_dropped(source, replay):
    request = Request(ALL[: FEW + 1], END)
    found = fetched(source, "reer_index", request)
    assert replay.paths == ["/bis/data/BIS,WS_EER/M.R.B."]
    assert set(found["country"]) <= {*request.countries, "EMU"}


def test_what_the_query_says_beside_the_key(source, replay):
    asked = []
    replay.misbehave("empty", only=lambda _, one: bool(asked.append(one)))
    fetched(source, "policy_rate_pct", Request(("ZAF",), END, dt.date(2016, 5, 20)))
    (one,) = asked
    assert one.query["startPeriod"] == "2016-05"
    assert one.query.get("detail", "full") == "full", "the unit stands in the attributes"
    assert "structurespecificdata+xml" in one.headers["accept"]


# Economies


def test_codes_of_its_own(source):
    assert source.area("EMU") == "XM"
    assert source.area("XKX") == "XK"
    assert [source.economy(source.area(one)) for one in (*ALL, "EMU")] == [*ALL, "EMU"]


@pytest.mark.parametrize("code", ["5J", "4T", "1X", ""])
def test_groups_are_no_economies(source, code):
    assert source.economy(code) == ""


def test_a_request_without_names_gives_all_but_groups(source, replay):
    found = fetched(source, "policy_rate_pct", Request((), END))
    assert replay.paths == ["/bis/data/BIS,WS_CBPOL/M."]
    assert set(found["country"]) <= {*ALL, "EMU"}
    assert len(set(found["country"])) > 30


def test_the_euro_area_is_asked_when_one_of_its_members_is(source, replay):
    found = fetched(source, "reer_index", Request(("DEU",), END))
    assert replay.paths == ["/bis/data/BIS,WS_EER/M.R.B.DE+XM"]
    assert set(found["country"]) == {"DEU", "EMU"}


# Values


def test_the_multiplier_is_honoured(source, wire, monkeypatch):
    request = Request(("ZAF", "IND"), END)
    plain = fetched(source, "official_fx_lcu_per_usd", request)
    monkeypatch.setattr(wire, "multiplier", 3, raising=False)
    scaled = fetched(source, "official_fx_lcu_per_usd", request)
    pd.testing.assert_frame_equal(plain, scaled, rtol=1e-12)


def test_a_missing_figure_is_left_out(source, replay):
    replay.misbehave("nan_tail")
    found = fetched(source, "reer_index", Request(("ZAF",), END))
    assert np.isfinite(found["value"]).all()
    assert found["date"].max() < pd.Timestamp("2026-10-31")


def test_months_end_on_their_last_day_and_have_ended(source):
    found = fetched(source, "reer_index", Request(("ZAF",), END))
    assert found["date"].max() == pd.Timestamp("2026-10-31")
    assert (found["date"] == found["date"] + pd.offsets.MonthEnd(0)).all()


def test_a_currency_of_old_is_dropped(source, world):
    assert LEGACY["HR"] == "HRK"
    found = fetched(source, "official_fx_lcu_per_usd", Request(("HRV",), END))
    assert not found.duplicated(["country", "date"]).any()
    croatia = found[found["country"] == "HRV"]
    assert len(croatia) == len(set(croatia["date"])) > 0


def test_the_unit_must_be_per_cent_per_year(source, replay):
    replay.misbehave("wrong_currency")
    with pytest.raises(FetchError, match="in the unit 628 instead of 368") as caught:
        fetched(source, "policy_rate_pct", Request(("ZAF",), END))
    assert caught.value.where == "BIS,WS_CBPOL/M.*"


# No answer


def test_no_result_is_told_from_an_unknown_dataflow(source, replay):
    request = Request(("ZAF",), END)
    replay.misbehave("empty")
    with pytest.raises(FetchError, match="holds no figure for the economies asked") as caught:
        fetched(source, "policy_rate_pct", request)
    assert not caught.value.transient
    replay.misbehave("renamed")
    with pytest.raises(FetchError, match="knows no dataflow BIS,WS_CBPOL any more") as caught:
        fetched(source, "policy_rate_pct", request)
    assert not caught.value.transient
    assert replay.paths == ["/bis/data/BIS,WS_CBPOL/M.ZA", "/bis/dataflow/BIS/WS_CBPOL/latest"] * 2


def test_a_failure_of_the_second_question_is_told_as_it_is(source, replay, wire, monkeypatch):
    usual = wire.answer

    def busy(asked, fault):
        return Answer(b"", status=503) if asked.path.startswith("/dataflow/") else usual(asked, fault)

    monkeypatch.setattr(wire, "answer", busy)
    replay.misbehave("empty")
    with pytest.raises(FetchError, match="answered 503") as caught:
        fetched(source, "policy_rate_pct", Request(("ZAF",), END))
    assert caught.value.transient


def test_a_busy_provider_may_be_asked_again(source, replay):
    replay.misbehave("busy_429_wait")
    with pytest.raises(FetchError) as caught:
        fetched(source, "policy_rate_pct", Request(("ZAF",), END))
    assert caught.value.transient
    assert caught.value.retry_after == 1
