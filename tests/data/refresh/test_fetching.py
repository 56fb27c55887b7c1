"""Asking the sources: repeats, pauses, giving up, the end of the time, going on after an interruption."""

import datetime as dt
import threading
import time
from dataclasses import dataclass, field, replace
from html import escape
from typing import ClassVar

import pytest
from invented import SERIES, Invented, Second, busy, gone

from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import OUT_OF_TIME, ask_all
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.sources.source import Request, Task
from cryptorisk.errors import FetchError, NoFigures
from cryptorisk.report.gate import problems

REQUEST = Request(("KEN",), dt.date(2026, 11, 26))
QUICK = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=20)


@pytest.fixture
def kept(tmp_path):
    return Checkpoint.of(tmp_path / "answers", REQUEST, "abc")


def ask(kept, *sources, patience=QUICK, tell=lambda step: None):
    return ask_all({source.name: source for source in sources}, REQUEST, kept, patience, tell)


def test_every_task_is_answered_and_kept(kept):
    source = Invented()
    asked = ask(kept, source, Second())
    assert [task.key for task in asked["worldbank"].answered] == ["T1", "T2", "T3"]
    assert not asked["worldbank"].failed
    frame = kept.kept("worldbank", asked["worldbank"].answered[0])
    assert frame["value"].iloc[0] == 119.0
    assert frame["date"].iloc[-1].date() == dt.date(2024, 12, 31)


def test_passing_faults_are_asked_again_lasting_ones_are_not(kept):
    source = Invented(trouble={"T1": [busy(), busy()], "T2": [gone(), gone()]})
    asked = ask(kept, source)["worldbank"]
    assert source.asked == {"T1": 3, "T2": 1, "T3": 1}
    assert {task.key for task in asked.failed} == {"T2"}
    assert "knows no such code" in next(iter(asked.failed.values()))


def test_a_provider_that_asks_to_wait_is_heard(kept):
    source = Invented(trouble={"T1": [busy(0.4)]})
    begun = time.monotonic()
    assert not ask(kept, source)["worldbank"].failed
    assert time.monotonic() - begun >= 0.4


def test_a_provider_that_asks_for_too_long_is_not_waited_for(kept):
    source = Invented(trouble={"T1": [busy(4000.0)]})
    asked = ask(kept, source)["worldbank"]
    assert source.asked["T1"] == 1
    assert {task.key for task in asked.failed} == {"T1"}


def test_a_source_that_is_down_is_left_alone(kept):
    many = Invented(trouble={key: [busy() for _ in range(9)] for key in ("T1", "T2", "T3")})
    asked = ask(
        kept,
        many,
        patience=Patience(
            attempts=2, first_wait_seconds=0.01, longest_wait_seconds=0.02, failures_in_a_row=2
        ),
    )
    assert many.asked == {"T1": 2, "T2": 2}
    assert "not asked" in next(
        reason for task, reason in asked["worldbank"].failed.items() if task.key == "T3"
    )


@dataclass(frozen=True)
class Many(Invented):
    """Seven questions."""

    def tasks(self, request):
        return tuple(Task(f"T{number}", (SERIES[number % 3],)) for number in range(1, 8))


@pytest.mark.parametrize(
    "between", [[], [gone()], [NoFigures("holds no figure")]], ids=["answer", "code", "none"]
)
def test_what_does_answer_now_and_then_is_not_down(kept, between):
    trouble = {key: [busy() for _ in range(9)] for key in ("T1", "T2", "T4", "T5")}
    source = Many(trouble={**trouble, "T3": list(between)})
    asked = ask(kept, source, patience=replace(QUICK, attempts=1, failures_in_a_row=3))["worldbank"]
    assert source.asked.total() == 7
    assert {task.key for task in asked.answered} >= {"T6", "T7"}


def test_unforeseen_errors_count_as_failures_of_the_source(kept):
    source = Many(trouble={f"T{number}": [KeyError("chart")] for number in range(1, 8)})
    ask(kept, source, patience=replace(QUICK, failures_in_a_row=2))
    assert source.asked.total() == 2


@dataclass(frozen=True)
class Late(Invented):
    """Answers when it is let."""

    let: threading.Event = field(default_factory=threading.Event)
    webs: list = field(default_factory=list)

    def fetch(self, task, request, web):
        self.webs.append(web)
        self.let.wait(20)
        return super().fetch(task, request, web)


def threads():
    return [one for one in threading.enumerate() if one.name.startswith("refresh-")]


def test_an_answer_after_the_end_is_not_kept(kept):
    late = Late()
    asked = ask(kept, late, patience=replace(QUICK, total_seconds=0.3))["worldbank"]
    assert set(asked.failed.values()) == {OUT_OF_TIME}
    working = threads()
    assert len(working) == 1
    assert all(one.daemon for one in working), "the end of the program waits for none of them"
    kept.forget()
    late.let.set()
    for one in working:
        one.join(10)
    assert late.asked == {"T1": 1}, "and nothing more is asked"
    assert not kept.folder.exists()


def test_the_end_waits_for_what_is_being_written(kept):
    writing, written = threading.Event(), []

    class Slow(Checkpoint):
        def keep(self, source, task, frame):
            writing.set()
            time.sleep(0.5)
            written.append(task.key)

    class Stop(Exception):
        pass

    def stop(step):
        if step.source == "bis":
            writing.wait(10)
            raise Stop

    sources = {"worldbank": Invented(), "bis": Second(trouble={"T1": [gone()]}, sleep_seconds=0.1)}
    with pytest.raises(Stop):
        ask_all(sources, REQUEST, Slow(kept.folder), QUICK, stop)
    assert written == ["T1"]


def test_a_source_may_ask_no_further_page_after_the_end(kept):
    late = Late()
    ask(kept, late, patience=replace(QUICK, total_seconds=0.3))
    (web,) = late.webs
    with pytest.raises(FetchError, match="the refresh has ended"):
        web.get("http://127.0.0.1:9/next")
    late.let.set()


def test_every_attempt_has_its_own_allowance_of_bytes(kept):
    @dataclass(frozen=True)
    class Greedy(Invented):
        task_bytes: ClassVar[int] = 10
        answer_bytes: ClassVar[int] = 10
        left: list = field(default_factory=list)

        def fetch(self, task, request, web):
            self.left.append(web.most)
            web.allowance.left -= 7
            return super().fetch(task, request, web)

    source = Greedy(trouble={"T1": [busy(), busy()]})
    assert not ask(kept, source)["worldbank"].failed
    assert source.left == [10] * 5


def test_the_time_is_an_end_even_for_a_source_that_hangs(kept):
    @dataclass(frozen=True)
    class Hangs(Invented):
        def fetch(self, task, request, web):
            threading.Event().wait(30)

    begun = time.monotonic()
    asked = ask(kept, Hangs(), Second(), patience=Patience(total_seconds=0.6))
    assert time.monotonic() - begun < 5
    assert set(asked["worldbank"].failed.values()) == {OUT_OF_TIME}
    assert not asked["bis"].failed


def test_an_unforeseen_error_of_a_library_fails_its_task_alone(kept):
    source = Invented(trouble={"T2": [KeyError("chart")]})
    asked = ask(kept, source)["worldbank"]
    assert [task.key for task in asked.answered] == ["T1", "T3"]
    assert "KeyError" in next(iter(asked.failed.values()))


def test_side_by_side_only_where_the_source_allows_it(kept, tmp_path):
    @dataclass(frozen=True)
    class Wide(Invented):
        jobs: ClassVar[int] = 3

    one, three = Invented(sleep_seconds=0.1), Wide(sleep_seconds=0.1)
    ask(kept, one)
    ask(Checkpoint.of(tmp_path / "more", REQUEST, "abc"), three)
    assert one.at_once[1] == 1
    assert three.at_once[1] > 1


def test_the_pause_between_two_questions_is_kept(kept):
    @dataclass(frozen=True)
    class Slow(Invented):
        jobs: ClassVar[int] = 3
        pause_seconds: ClassVar[float] = 0.2

    begun = time.monotonic()
    ask(kept, Slow())
    assert time.monotonic() - begun >= 0.4


def test_going_on_asks_only_what_was_not_answered(kept, tmp_path):
    first = Invented(trouble={"T3": [gone()]})
    ask(kept, first)
    again = Invented(level=7.0)
    asked = ask(Checkpoint.of(tmp_path / "answers", REQUEST, "abc"), again)["worldbank"]
    assert again.asked == {"T3": 1}
    assert asked.resumed == 2
    assert len(asked.answered) == 3


@pytest.mark.parametrize("other", ["day", "countries", "previous"])
def test_answers_to_another_request_are_not_taken(kept, tmp_path, other):
    ask(kept, Invented())
    request = {
        "day": Request(("KEN",), dt.date(2026, 11, 27)),
        "countries": Request(("KEN", "NGA"), REQUEST.end),
        "previous": REQUEST,
    }[other]
    place = Checkpoint.of(tmp_path / "answers", request, "xyz" if other == "previous" else "abc")
    again = Invented()
    ask_all({"worldbank": again}, request, place, QUICK, lambda step: None)
    assert again.asked.total() == 3


def test_a_damaged_answer_is_asked_for_again(kept):
    ask(kept, Invented())
    for file in kept.folder.glob("worldbank/*.answer"):
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])
    again = Invented()
    ask(kept, again)
    assert again.asked.total() == 3


def test_progress_reaches_the_end(kept):
    steps = []
    ask(kept, Invented(trouble={"T2": [gone()]}), tell=steps.append)
    assert (steps[0].done, steps[0].of) == (0, 3)
    assert (steps[-1].done, steps[-1].of) == (3, 3)
    assert any("knows no such code" in step.text for step in steps)


def test_foreign_columns_empty_answers_and_other_series_are_refused(kept):
    @dataclass(frozen=True)
    class Odd(Invented):
        def fetch(self, task, request, web):
            frame = super().fetch(task, request, web)
            if task.key == "T1":
                return frame.rename(columns={"value": "v"})
            return frame[:0] if task.key == "T2" else frame.assign(series="cpi_index")

    reasons = ask(kept, Odd())["worldbank"].failed.values()
    assert [
        word
        for word in ("instead of observations", "no figure", "other series")
        if any(word in r for r in reasons)
    ] == [
        "instead of observations",
        "no figure",
        "other series",
    ]


def test_what_a_mirror_answered_is_no_answer_of_the_provider(tmp_path):
    place = tmp_path / "answers"
    ask(Checkpoint.of(place, REQUEST, "abc", {"worldbank": "https://mirror.example"}), Invented(level=999.0))
    again = Invented()
    asked = ask(Checkpoint.of(place, REQUEST, "abc", {"worldbank": again.base_url}), again)["worldbank"]
    assert asked.resumed == 0
    assert again.asked.total() == 3


def test_the_order_is_that_of_the_questions_whatever_came_first(kept):
    @dataclass(frozen=True)
    class Crossed(Invented):
        jobs: ClassVar[int] = 3

        def fetch(self, task, request, web):
            time.sleep({"T1": 0.3, "T2": 0.15, "T3": 0.0}[task.key])
            return super().fetch(task, request, web)

    asked = ask(kept, Crossed(trouble={"T1": [gone()], "T2": [gone()]}))["worldbank"]
    assert [task.key for task in asked.failed] == ["T1", "T2"]


@pytest.mark.parametrize(
    "said",
    [
        "<title>{{ page.title }}</title>",
        "a message: 'None'",
        "NaN",
        "half a letter \ud800",
        "gives inf",
        "x" * 100_000,
    ],
)
def test_what_a_provider_says_can_stand_in_a_report(kept, said):
    error = FetchError(said)
    reason = next(iter(ask(kept, Invented(trouble={"T1": [error]}))["worldbank"].failed.values()))
    assert len(reason) <= 240
    reason.encode("utf-8")
    page = f"<p>Reason: {escape(reason)}</p>"
    bad = ("template", "nan", "inf", "None", "undefined", "no value was")
    assert not [one for one in problems(page) if any(word in one for word in bad)]
