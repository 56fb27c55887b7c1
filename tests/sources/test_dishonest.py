"""Answers that nobody honest gives: every place of an answer holds what does not belong there, or far too much of it."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from replay_server import Answer, Asked
from replay_world import END

from cryptorisk.data.sources import sdmxscan
from cryptorisk.data.sources.coinmetrics import CoinMetrics
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.sdmxread import read_answer
from cryptorisk.data.sources.source import COLUMNS, Request
from cryptorisk.data.sources.web import Reply, Web
from cryptorisk.errors import FetchError

ODD = (
    "²",
    "٣",
    "0x7fffffffffffffff",
    "1_000",
    "nan",
    "Infinity",
    "1e400",
    "9" * 5000,
    "",
    "\ud800",
    10**400,
    float("inf"),
    float("nan"),
    -1,
    True,
    None,
    [],
    {},
)
"""Texts and numbers that Python takes for numbers or stumbles over, and things of another kind."""


@dataclass(frozen=True)
class Canned(Web):
    """Answers from what the wire gives.

    Attributes
    ----------
    instead : dict of int to bytes
        What is answered in its place, by the number of the question from 0.
    given : list of bytes
        What was answered.
    """

    wire: Any = None
    instead: dict[int, bytes] = field(default_factory=dict)
    given: list[bytes] = field(default_factory=list)

    def get(self, url, params=None, headers=None):
        path = "/" + url.split("/", 3)[3].partition("/")[2]
        body = self.instead.get(len(self.given))
        if body is None:
            body = self.wire.answer(Asked(path, dict(params or {}), dict(headers or {})), None).body
        self.given.append(body)
        return Reply(url, body, "application/json")


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place in an answer, of the members of a list the first."""
    yield path
    if isinstance(value, dict):
        for name, held in value.items():
            yield from places(held, (*path, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def with_odd(body: bytes, path: tuple, odd: Any) -> bytes:
    answer = json.loads(body)
    if not path:
        return json.dumps(odd).encode()
    held = answer
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = copy.deepcopy(odd)
    return json.dumps(answer).encode()


def demand_sound(frame: pd.DataFrame, request: Request) -> None:
    """What is no error must be an answer like any other."""
    assert tuple(frame.columns) == COLUMNS
    assert frame["value"].dtype == "float64"
    assert np.isfinite(frame["value"]).all()
    assert frame["date"].between(pd.Timestamp(request.start), pd.Timestamp(request.end)).all()
    assert frame["country"].map(len).eq(3).all()


def outcome(fetch: Callable[[], pd.DataFrame], request: Request) -> str:
    try:
        frame = fetch()
    except FetchError:
        return "refused"
    demand_sound(frame, request)
    return "taken"


REQUESTS = {
    "worldbank": Request(("KEN", "NGA"), END, dt.date(2022, 1, 1)),
    "coinmetrics": Request((), END, dt.date(2026, 11, 20)),
    "defillama": Request((), END, dt.date(2026, 11, 20)),
    "imf": Request(("KEN", "NGA"), END, dt.date(2026, 1, 1)),
    "bis": Request(("ZAF", "IND"), END, dt.date(2026, 1, 1)),
    "yahoo": Request((), END, dt.date(2026, 11, 16)),
}


def prepared(name, replay):
    source, wire = live_sources([name], replay.addresses())[name], replay.wires[name]
    request = REQUESTS[name]
    (task,) = [task for task in source.tasks(request) if task.key == wire.sample[0]]
    return source, wire, request, task


@pytest.mark.parametrize("name", ["worldbank", "coinmetrics", "defillama"])
def test_json_with_anything_anywhere_is_an_answer_or_an_error(name, replay):
    source, wire, request, task = prepared(name, replay)
    plain = Canned(wire=wire)
    demand_sound(source.fetch(task, request, plain), request)
    seen = set()
    for number, body in enumerate(plain.given):
        for path in places(json.loads(body)):
            for odd in ODD:
                web = Canned(wire=wire, instead={number: with_odd(body, path, odd)})
                seen.add(outcome(lambda web=web: source.fetch(task, request, web), request))
    assert seen == {"refused", "taken"}


@pytest.mark.parametrize("name", ["imf", "bis"])
def test_sdmx_with_anything_anywhere_is_an_answer_or_an_error(name, replay):
    source, wire, request, task = prepared(name, replay)
    plain = Canned(wire=wire)
    demand_sound(source.fetch(task, request, plain), request)
    text = plain.given[0].decode()
    seen = set()
    for attribute in sorted(set(re.findall(r' ([\w:]+)="', text))):
        for odd in ("²", "1_000", "INF", "1e400", "9" * 5000, "", "-1", "999", "0000", None):
            new = "" if odd is None else f' {attribute}="{odd}"'
            body = re.sub(rf' {attribute}="[^"]*"', new, text, count=1).encode()
            web = Canned(wire=wire, instead={0: body})
            seen.add(outcome(lambda web=web: source.fetch(task, request, web), request))
    assert seen == {"refused", "taken"}


def test_a_chart_with_anything_anywhere_is_an_answer_or_an_error(replay, monkeypatch):
    source, wire, request, task = prepared("yahoo", replay)
    answers = []
    plain = type(wire).answer
    monkeypatch.setattr(
        type(wire), "answer", lambda *asked: (answers.append(plain(*asked).body), Answer(answers[-1]))[1]
    )
    demand_sound(source.fetch(task, request, Web()), request)
    seen = set()
    for path in places(json.loads(answers[0])):
        for odd in ("1_000", 10**400, float("inf"), None):
            answer = Answer(with_odd(answers[0], path, odd))
            monkeypatch.setattr(type(wire), "answer", lambda *_, answer=answer: answer)
            seen.add(outcome(lambda: source.fetch(task, request, Web()), request))
    assert seen == {"refused", "taken"}


@pytest.mark.parametrize("odd", ["1_000", "5", True, 5.0, [1.0]])
def test_a_close_that_is_no_number_is_not_given_to_the_days(replay, monkeypatch, odd):
    source, wire, request, task = prepared("yahoo", replay)
    plain = type(wire).answer

    def spoilt(self, asked, fault):
        answer = json.loads(plain(self, asked, fault).body)
        answer["chart"]["result"][0]["indicators"]["quote"][0]["close"] = odd
        return Answer(json.dumps(answer).encode())

    monkeypatch.setattr(type(wire), "answer", spoilt)
    with pytest.raises(FetchError, match="no numbers"):
        source.fetch(task, request, Web())


@pytest.mark.parametrize("number", [0, 1])
def test_names_that_look_like_the_one_that_is_meant_change_nothing(replay, number):
    source, wire, request, task = prepared("worldbank", replay)
    plain = Canned(wire=wire)
    frame = source.fetch(task, request, plain)
    header, rows = json.loads(plain.given[0])
    near = {"Value": 7, "value ": 8, " value": 9, "VALUE": "x"}
    rows = [{**near, **row} if number else {**row, **near} for row in rows]
    again = source.fetch(task, request, Canned(wire=wire, instead={0: json.dumps([header, rows]).encode()}))
    pd.testing.assert_frame_equal(frame, again)


def test_an_object_that_has_a_name_twice_says_nothing(replay):
    source, wire, request, task = prepared("worldbank", replay)
    plain = Canned(wire=wire)
    source.fetch(task, request, plain)
    twice = plain.given[0].replace(b'"value": ', b'"value": 1, "value": ')
    assert twice != plain.given[0]
    with pytest.raises(FetchError, match="has a name twice") as caught:
        source.fetch(task, request, Canned(wire=wire, instead={0: twice}))
    assert caught.value.transient


# --- far too much -------------------------------------------------------------------------------------------------


def peak_of(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_names_that_nobody_asked_for_take_no_columns():
    request = Request((), END, dt.date(2020, 1, 1))
    rows = [
        {
            "asset": "btc",
            "time": f"{dt.date(2020, 1, 1) + dt.timedelta(days=day)}T00:00:00Z",
            "PriceUSD": "1",
            **{f"x{day}_{number}": "" for number in range(200)},
        }
        for day in range(200)
    ]
    body = json.dumps({"data": rows}).encode()
    source = CoinMetrics()
    (task,) = [task for task in source.tasks(request) if task.key == "btc"]

    @dataclass(frozen=True)
    class Fixed(Web):
        def get(self, url, params=None, headers=None):
            return Reply(url, body, "application/json")

    found = []
    peak = peak_of(lambda: found.append(source.fetch(task, request, Fixed())))
    assert len(found[0]) == 200
    assert peak < 30 * len(body), "a column a name would be 200 rows of 40 000 cells"


def message(inside: str, root: str = "StructureSpecificData") -> Reply:
    text = f'<m:{root} xmlns:m="http://m"><m:DataSet>{inside}</m:DataSet></m:{root}>'
    return Reply("http://127.0.0.1/data", text.encode(), "application/xml")


def test_an_sdmx_answer_with_more_observations_than_any_is_not_read():
    reply = message("<O/>" * (sdmxscan.MOST_ELEMENTS + 1))
    assert len(reply.content) < 1_000_000

    def refused():
        with pytest.raises(FetchError, match=r"more than 150,000 elements") as caught:
            read_answer(reply)
        assert not caught.value.transient

    refused()  # the library is loaded
    assert peak_of(refused) < 5_000_000


def test_an_sdmx_answer_with_more_names_than_any_is_not_read():
    reply = message("".join(f'<S a{number}="1"/>' for number in range(sdmxscan.MOST_NAMES + 1)))
    with pytest.raises(FetchError, match="more than 200 names of attributes") as caught:
        read_answer(reply)
    assert not caught.value.transient


def test_texts_that_unfold_are_not_unfolded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    kind = f'<!DOCTYPE m [<!ENTITY l0 "ha">{laughs}]>'.encode()
    plain = message("<S>&l8;</S>")
    with pytest.raises(FetchError, match="DocumentType"):
        read_answer(Reply(plain.url, kind + plain.content, "application/xml"))
