"""What IMF and BIS share: the tables of dataflows, the query, the answer."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from replay_world import END
from wire_sdmx import Line, Message, error_message

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.sources.bis import BisSource
from cryptorisk.data.sources.imf import ImfSource
from cryptorisk.data.sources.sdmxflows import AREA, CURRENCY, read_flows
from cryptorisk.data.sources.sdmxread import MEASURE, MULTIPLIER, TIME, VALUE, period_ends, read_answer
from cryptorisk.data.sources.sdmxweb import _in_euro
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Reply, Web
from cryptorisk.errors import FetchError

FLOWS = [*read_flows("imf"), *read_flows("bis")]
SOURCES = (ImfSource, BisSource)


@dataclass(frozen=True)
class Canned(Web):
    """Answers every question with the same bytes."""

    content: bytes = b""

    def get(self, url, params=None, headers=None):
        return Reply(url, self.content, "application/xml")


def reply(message: Message) -> Reply:
    return Reply("http://127.0.0.1/data", message.xml(), "application/xml")


def rates(lines, **more) -> Message:
    return Message("BIS", "WS_CBPOL", "1.0", lines, "BIS", **more)


def policy_rates(lines, **more) -> pd.DataFrame:
    """What the source makes of a message on policy rates."""
    source, request = BisSource(), Request(("KEN",), END)
    (task,) = [task for task in source.tasks(request) if task.key == "policy_rate_pct"]
    return source.fetch(task, request, Canned(content=rates(lines, **more).xml()))


# The tables


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.source}-{flow.series}")
def test_a_row_agrees_with_the_catalogue(flow):
    spec = catalogue()[flow.series]
    assert flow.frequency == spec.frequency
    assert flow.factor > 0
    assert flow.source in spec.sources
    assert flow.source in catalogue().sources
    assert len(flow.key) == len(flow.dimensions) == len(set(flow.dimensions))
    assert flow.key.count(AREA) == 1
    assert flow.key.count(CURRENCY) <= 1
    assert flow.frequency in flow.key, "the key says the frequency"
    assert flow.read, "where the codes were read"


def test_codes_name_one_row_each():
    assert len({flow.code for flow in FLOWS}) == len(FLOWS)
    assert len({(flow.source, flow.series) for flow in FLOWS}) == len(FLOWS)


@pytest.mark.parametrize("source", SOURCES)
def test_its_rows_bear_its_own_ids(source):
    assert {flow.source for flow in read_flows(source.name)} == set(source.register)


@pytest.mark.parametrize("source", SOURCES)
def test_the_address_is_the_one_that_the_library_knows(source):
    sdmx = pytest.importorskip("sdmx")
    assert sdmx.source.get_source(source.provider).url == source.home


# The library


@pytest.mark.parametrize("source", SOURCES)
def test_without_the_library_the_remedy_is_named(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "sdmx", None)
    one, request = source(base_url="http://127.0.0.1:9"), Request(("KEN",), END)
    tasks = one.tasks(request)
    assert tasks, "what can be asked is known without it"
    with pytest.raises(FetchError, match="sdmx1, which is not installed") as caught:
        one.fetch(tasks[0], request, Web())
    assert caught.value.remedy == "pip install 'cryptorisk[live]'"
    assert not caught.value.transient


def test_the_status_is_read_from_the_words_of_web(replay):
    with pytest.raises(FetchError) as caught:
        Web().get(f"{replay.url}/nobody")
    assert caught.value.status == 404


# Periods


@pytest.mark.parametrize(
    ("text", "frequency", "end"),
    [
        ("2024", "A", "2024-12-31"),
        ("2024-A1", "A", "2024-12-31"),
        ("2024-Q1", "Q", "2024-03-31"),
        ("2024-Q4", "Q", "2024-12-31"),
        ("2024-M02", "M", "2024-02-29"),
        ("2023-02", "M", "2023-02-28"),
        ("2024-M12", "M", "2024-12-31"),
    ],
)
def test_a_period_becomes_its_last_day(text, frequency, end):
    found = period_ends(pd.Series([text, text]), frequency, "here")
    assert found.dtype == np.dtype("datetime64[D]")
    assert list(found) == [np.datetime64(end)] * 2


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("2024-M06", "A"),
        ("2024", "M"),
        ("2024-06-30", "M"),
        ("2024-M13", "M"),
        ("2024-Q5", "Q"),
        ("2024-06", "Q"),
        ("٢٠٢٤", "A"),
    ],
)
def test_a_period_of_another_frequency_is_refused(text, frequency):
    with pytest.raises(FetchError, match=f"period '{text}'.*frequency {frequency}") as caught:
        period_ends(pd.Series([text]), frequency, "IMF.STA,ER")
    assert caught.value.where == "IMF.STA,ER"
    assert not caught.value.transient


# Answers


def test_an_observation_is_a_row_and_keeps_its_spelling():
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5), ("2024-02", None)], {"TITLE": "x"})
    table = read_answer(reply(rates([line], of_data_set={"UNIT_MULT": "0", "UNIT_MEASURE": "368"})))
    assert list(table[TIME]) == ["2024-01", "2024-02"]
    assert table[VALUE].astype("float64").tolist()[0] == 12.5
    assert np.isnan(table[VALUE].astype("float64").tolist()[1])
    assert set(table["REF_AREA"]) == {"KE"}
    assert set(table[MULTIPLIER]) == {"0"}
    assert set(table[MEASURE]) == {"368"}


@pytest.mark.parametrize("place", ["of_data_set", "series", "of_observation"])
def test_the_multiplier_is_honoured_wherever_it_stands(place):
    dimensions, attributes = {"FREQ": "M", "REF_AREA": "KE"}, {"UNIT_MULT": "3"}
    line = Line(dimensions, [("2024-01", 0.0125)], attributes if place == "series" else {})
    found = policy_rates([line], **({} if place == "series" else {place: attributes}))
    assert found["value"].tolist() == [12.5]


def test_the_multiplier_nearest_to_the_figure_counts():
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)], {"UNIT_MULT": "0"})
    assert policy_rates([line], of_data_set={"UNIT_MULT": "6"})["value"].tolist() == [12.5]


@pytest.mark.parametrize("place", ["of_data_set", "of_observation"])
def test_another_unit_is_refused(place):
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    with pytest.raises(FetchError, match="in the unit 628 instead of 368"):
        policy_rates([line], **{place: {"UNIT_MEASURE": "628"}})


def test_an_answer_of_another_structure_is_refused():
    line = Line({"FREQUENCY": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    with pytest.raises(FetchError, match="without the dimension FREQ"):
        policy_rates([line])


def test_another_frequency_than_asked_is_refused():
    lines = [Line({"FREQ": frequency, "REF_AREA": "KE"}, [("2024-01", 12.5)]) for frequency in "MD"]
    with pytest.raises(FetchError, match="FREQ D where M was asked"):
        policy_rates(lines)


def test_a_value_that_is_no_number_is_refused():
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    text = rates([line]).xml().replace(b"12.5", b"12,5 %")
    source, request = BisSource(), Request(("KEN",), END)
    with pytest.raises(FetchError, match="no number") as caught:
        source.fetch(source.tasks(request)[0], request, Canned(content=text))
    assert caught.value.where == "BIS,WS_CBPOL/M.*"


@pytest.mark.parametrize("text", ["1_000", "INF", "-INF", "٣", "0x10", "", "1e400"])
def test_what_python_takes_for_a_number_is_not_taken(text):
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5), ("2024-02", 13.5)])
    content = rates([line]).xml().replace(b"12.5", text.encode())
    source, request = BisSource(), Request(("KEN",), END)
    with pytest.raises(FetchError, match="is no number") as caught:
        source.fetch(source.tasks(request)[0], request, Canned(content=content))
    assert not caught.value.transient


@pytest.mark.parametrize("power", ["16", "-16", "400", "9" * 5000, "3.5", "thousands", "1_0", ""])
def test_a_multiplier_that_is_none_is_refused(power):
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    with pytest.raises(FetchError, match="no number") as caught:
        policy_rates([line], of_data_set={"UNIT_MULT": power})
    assert not caught.value.transient


def test_a_value_that_its_multiplier_makes_too_large_is_refused():
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 1e300)])
    with pytest.raises(FetchError, match="beyond the numbers of 64 bits"):
        policy_rates([line], of_data_set={"UNIT_MULT": "15"})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html><body>We will be back soon</body></html>",
        b"<html/>",
        b'{"data": {}}',
        rates([Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])]).xml()[:-60],
    ],
)
def test_what_is_no_message_may_be_better_later(content):
    with pytest.raises(FetchError, match="no structure-specific SDMX message") as caught:
        read_answer(Reply("http://127.0.0.1/data", content, "text/html"))
    assert caught.value.transient


@pytest.mark.parametrize(
    ("code", "transient"), [("100", False), ("140", False), ("500", True), ("503", True)]
)
def test_an_error_message_is_told_in_its_words(code, transient):
    content = error_message("Could not do this", code)
    with pytest.raises(FetchError, match=f"SDMX error {code}: Could not do this") as caught:
        read_answer(Reply("http://127.0.0.1/data", content, "application/xml"))
    assert caught.value.transient == transient


def test_the_library_does_not_print_what_it_cannot_read(capsys):
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    content = rates([line]).xml().replace(b"<Series", b"<message:Odd/><Series")
    with pytest.raises(FetchError, match="no structure-specific SDMX message"):
        read_answer(Reply("http://127.0.0.1/data", content, "application/xml"))
    assert capsys.readouterr() == ("", "")


def test_figures_outside_the_time_asked_are_dropped():
    line = Line(
        {"FREQ": "M", "REF_AREA": "KE"},
        [("1999-12", 1.0), ("2000-01", 2.0), ("2026-10", 3.0), ("2026-11", 4.0)],
    )
    found = policy_rates([line])
    assert found["value"].tolist() == [2.0, 3.0], "the month of the refresh has not ended"
    assert found["date"].tolist() == [pd.Timestamp("2000-01-31"), pd.Timestamp("2026-10-31")]


def test_no_figure_names_the_economies():
    source, request = BisSource(), Request(("KEN", "TZA"), dt.date(2005, 1, 1))
    line = Line({"FREQ": "M", "REF_AREA": "KE"}, [("2024-01", 12.5)])
    with pytest.raises(FetchError, match="no figure for KEN, TZA since 2000-01-01"):
        source.fetch(source.tasks(request)[0], request, Canned(content=rates([line]).xml()))


def test_rates_of_euro_members_are_left_to_the_euro_area():
    days = pd.to_datetime(["2022-12-31", "2023-01-31"])
    frame = pd.DataFrame({"country": "HRV", "series": "official_fx_lcu_per_usd", "date": days})
    assert _in_euro(frame).tolist() == [False, True]
    assert not _in_euro(frame.assign(country="XKX")).any(), "uses the euro and is no member"
    assert not _in_euro(frame.assign(country="EMU")).any()
    assert not _in_euro(frame.assign(series="reer_index")).any()
