"""What every live source must do, whatever the provider: the same tests for all, against the replay server."""

from __future__ import annotations

import threading
import time

import numpy as np
import pandas as pd
import pytest
from replay_server import DATA_FAULTS, WIRES, Answer
from replay_world import END

from cryptorisk.data.catalogue import catalogue, is_place
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.source import COLUMNS, Request
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

ECONOMIES = ("ARG", "DEU", "KEN", "NGA", "SLV", "TUV")
REQUEST = Request(ECONOMIES, END)
IMPATIENT = Web(connect_seconds=2, silence_seconds=1, answer_seconds=1.5, max_bytes=3_000_000)
TRANSIENT = (
    "busy_429",
    "busy_429_wait",
    "error_500",
    "web_page",
    "truncated",
    "drip",
    "drip_head",
    "continues",
    "silent",
)


@pytest.fixture(params=WIRES)
def name(request):
    return request.param


@pytest.fixture
def source(name, replay):
    return live_sources([name], replay.addresses())[name]


@pytest.fixture
def wire(name, replay):
    return replay.wires[name]


def first_task(source, wire):
    tasks = {task.key: task for task in source.tasks(REQUEST)}
    return tasks[wire.sample[0]]


def replace_bounds(source, task_bytes):
    """The same source, whose answers to a task may have so many bytes together."""
    bounded = type("Bounded", (type(source),), {"task_bytes": task_bytes})
    return bounded(source.base_url)


def sorted_rows(frame):
    return frame.sort_values(list(COLUMNS[:3]), kind="stable", ignore_index=True)


def test_tasks_are_stable_distinct_and_of_the_catalogue(source):
    tasks = source.tasks(REQUEST)
    assert tasks == source.tasks(REQUEST)
    keys = [task.key for task in tasks]
    assert len(set(keys)) == len(keys) > 0
    for task in tasks:
        assert task.series, task.key
        assert set(task.series) <= set(catalogue().series), task.key
    assert source.series == tuple(sorted(set(source.series)))


def test_it_says_who_it_is(source):
    known = catalogue().sources
    assert source.register
    for id in source.register:
        assert id.endswith("_live")
        assert known[id].licence
        assert known[id].attribution
        for series in source.series:
            assert series in catalogue()
    used = {id for series in source.series for id in catalogue()[series].sources}
    assert set(source.register) <= used, "a source that no series names is never shown"
    assert source.documentation.startswith("https://")
    assert pd.Timestamp(source.tested)
    assert source.limits
    assert source.home.startswith("https://")


def test_it_gives_the_providers_figures(source, wire, world):
    tasks = {task.key: task for task in source.tasks(REQUEST)}
    for key in wire.sample:
        frame = source.ask(tasks[key], REQUEST, Web())
        assert tuple(frame.columns) == COLUMNS
        assert pd.api.types.is_datetime64_any_dtype(frame["date"])
        assert frame["value"].dtype == "float64"
        assert np.isfinite(frame["value"]).all()
        assert set(frame["source"]) <= set(source.register)
        assert set(frame["series"]) <= set(tasks[key].series)
        assert all(map(is_place, frame["country"].unique()))
        assert frame["date"].max() <= pd.Timestamp(END)
        for (series, country), rows in frame.groupby(["series", "country"]):
            true = world.figures(series, country)
            spec = catalogue()[series]
            if spec.frequency == "D":  # weekends may be missing
                true = true[true.index.isin(rows["date"].to_numpy().astype("datetime64[D]"))]
            true = true[true.index >= np.datetime64(REQUEST.start)]
            assert (
                rows["date"].to_numpy().astype("datetime64[D]").tolist()
                == true.index.to_numpy().astype("datetime64[D]").tolist()
            )
            np.testing.assert_allclose(rows["value"], true, rtol=1e-6)


@pytest.mark.parametrize("fault", TRANSIENT)
def test_a_passing_fault_is_said_to_be_one(source, wire, replay, fault):
    task = first_task(source, wire)
    replay.misbehave(fault)
    begun = time.monotonic()
    with pytest.raises(FetchError) as caught:
        source.fetch(task, REQUEST, IMPATIENT)
    assert caught.value.transient, str(caught.value)
    assert str(caught.value)
    assert "?" not in str(caught.value.where or ""), "no query: it may hold a key"
    if fault == "busy_429_wait":
        assert caught.value.retry_after == 1
    assert time.monotonic() - begun < 20, "the server drips for a minute"


def test_a_flood_is_cut_off(source, wire, replay):
    replay.misbehave("huge")
    with pytest.raises(FetchError, match="more than 3 MB"):
        source.fetch(first_task(source, wire), REQUEST, IMPATIENT)


def test_a_flood_is_cut_off_at_the_sources_own_bound(source, wire, replay):
    replay.misbehave("huge")
    assert source.answer_bytes < 64_000_000
    with pytest.raises(FetchError, match=f"more than {source.answer_bytes / 1e6:.0f} MB"):
        source.ask(first_task(source, wire), REQUEST, Web())


def test_all_answers_to_a_task_are_bounded_together(source, wire):
    assert source.answer_bytes <= source.task_bytes < 64_000_000
    with pytest.raises(FetchError, match="to the parts of one question"):
        replace_bounds(source, 2_000).ask(first_task(source, wire), REQUEST, Web())


def test_nothing_is_asked_when_the_refresh_has_ended(source, wire, replay):
    ended = threading.Event()
    ended.set()
    with pytest.raises(FetchError, match="the refresh has ended") as caught:
        source.fetch(first_task(source, wire), REQUEST, Web(stopped=ended))
    assert not caught.value.transient
    assert replay.asked.total() == 0


def test_a_wait_is_read_alike_by_all(source, wire, replay, monkeypatch):
    task = first_task(source, wire)
    for said, seconds in (("²", None), ("7", 7.0), ("9" * 400, 366 * 86_400.0), ("soon", None)):
        headers = {"Retry-After": said.encode().decode("latin-1")}
        monkeypatch.setattr(
            type(wire), "answer", lambda *_, headers=headers: Answer(b"", "text/plain", 503, headers)
        )
        with pytest.raises(FetchError, match="answered 503 Service Unavailable") as caught:
            source.fetch(task, REQUEST, Web())
        assert caught.value.retry_after == seconds
        assert caught.value.transient


def test_no_figure_at_all_is_an_error(source, wire, replay):
    if "empty" not in wire.data_faults:
        pytest.skip("this provider has no empty answer")
    replay.misbehave("empty")
    with pytest.raises(FetchError):
        source.fetch(first_task(source, wire), REQUEST, Web())


@pytest.mark.parametrize("fault", ["reordered", "duplicated"])
def test_order_and_repetition_change_nothing(source, wire, replay, fault):
    if fault not in wire.data_faults:
        pytest.skip(f"no answer of this provider can be {fault}")
    task = first_task(source, wire)
    plain = source.fetch(task, REQUEST, Web())
    replay.misbehave(fault)
    again = source.fetch(task, REQUEST, Web()).drop_duplicates()
    pd.testing.assert_frame_equal(sorted_rows(plain), sorted_rows(again))


def test_missing_last_periods_are_left_out(source, wire, replay):
    if "nan_tail" not in wire.data_faults:
        pytest.skip("this provider leaves missing periods out")
    task = first_task(source, wire)
    plain = source.fetch(task, REQUEST, Web())
    replay.misbehave("nan_tail")
    cut = source.fetch(task, REQUEST, Web())
    assert np.isfinite(cut["value"]).all()
    assert cut["date"].max() < plain["date"].max()


def test_a_code_that_is_gone_is_named(source, wire, replay):
    if "renamed" not in wire.data_faults:
        pytest.skip("this provider has no codes")
    task = first_task(source, wire)
    replay.misbehave("renamed")
    with pytest.raises(FetchError) as caught:
        source.fetch(task, REQUEST, Web())
    assert (task.code or task.key) in str(caught.value)
    assert not caught.value.transient


def test_another_currency_is_refused(source, wire, replay):
    if "wrong_currency" not in wire.data_faults:
        pytest.skip("this provider names no currency")
    replay.misbehave("wrong_currency")
    with pytest.raises(FetchError) as caught:
        source.fetch(first_task(source, wire), REQUEST, Web())
    assert not caught.value.transient


def test_faults_are_known(wire):
    assert set(wire.data_faults) <= set(DATA_FAULTS)
    assert wire.sample
