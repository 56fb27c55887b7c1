"""The corrections file and what it does to figures."""

from __future__ import annotations

import datetime as dt
import math
import re
import time

import pandas as pd
import pytest
from histories import history, judged, nothing

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.correctionfile import _Reader, _refusal
from cryptorisk.data.checks.corrections import Correction, correct, read_corrections
from cryptorisk.errors import DataError
from cryptorisk.paramfile.yamltree import Tree

DAY = dt.date(2024, 12, 31)

ENTRY = """corrections:
  - series: population
    country: KEN
    date: 2024
    old: 1000
    new: 1001.5
    reason: a slip of the pen
    source: https://example.org/erratum
"""


@pytest.fixture
def read(tmp_path):
    def of(text):
        path = tmp_path / "corrections.yaml"
        path.write_text(text, encoding="utf-8")
        return read_corrections(path, catalogue())

    return of


@pytest.fixture
def refused(read):
    def of(text):
        with pytest.raises(DataError) as error:
            read(text)
        return [line.rsplit("corrections.yaml:", 1)[1] for line in str(error.value).splitlines()]

    return of


def test_an_entry_is_read(read):
    (one,) = read(ENTRY)
    assert (one.series, one.country, one.start, one.end) == (
        "population",
        "KEN",
        dt.date(2024, 12, 31),
        dt.date(2024, 12, 31),
    )
    assert (one.old, one.new, one.accept, one.of) == (1000.0, 1001.5, False, "")
    assert (one.reason, one.page) == ("a slip of the pen", "https://example.org/erratum")
    assert one.where.endswith("corrections.yaml:2")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "corrections:\n", "corrections: []\n", "\n\n"])
def test_a_file_without_entries_has_none(read, text):
    assert read(text) == ()


@pytest.mark.parametrize(
    ("series", "written", "start", "end"),
    [
        ("gdp_usd", "2024-06-30", "2024-12-31", "2024-12-31"),
        ("cpi_index_monthly", "2024-06", "2024-06-30", "2024-06-30"),
        ("portfolio_net_usd_q", "2024-Q2", "2024-06-30", "2024-06-30"),
        ("btc_price_usd", "2024-06-03", "2024-06-03", "2024-06-03"),
    ],
)
def test_periods_end_as_the_series_dates_them(read, series, written, start, end):
    (one,) = read(ENTRY.replace("population", series).replace("2024", written, 1))
    assert (str(one.start), str(one.end)) == (start, end)


def test_removal_release_and_span(read):
    more = ENTRY.removeprefix("corrections:\n")
    release = more.replace("new: 1001.5", "accept: true").replace("2024", "2023")
    stretch = release.replace("old: 1000", "of: wdi").replace("2023", "2001/2022")
    removed, released, stretch = read(ENTRY.replace("1001.5", "null") + release + stretch)
    assert (removed.new, removed.accept) == (None, False)
    assert (released.new, released.accept, released.old) == (None, True, 1000)
    assert (str(stretch.start), str(stretch.end), stretch.old, stretch.of) == (
        "2001-12-31",
        "2022-12-31",
        None,
        "wdi",
    )


def test_every_problem_is_said_with_its_line(refused):
    text = """corrections:
  - series: populaton
    country: UK
    date: 2024-13
    old: many
    new: 1
    reason: r
    source: s
    of: wdl
    sorce: t
  - series: population
    country: KEN
    date: 2024
    old: 5
    new: 5
    reason: ""
"""
    assert refused(text) == [
        "2: corrections[1].series (counted from 1): is no series (got 'populaton'); did you mean population?",
        "3: corrections[1].country (counted from 1): is not an economy the kit knows (got 'UK'); did you mean GBR (United "
        "Kingdom)?",
        "4: corrections[1].date (counted from 1): '2024-13' is no period (YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD)",
        "5: corrections[1].old (counted from 1): is no number (got 'many'); write 1234.5",
        "9: corrections[1].of (counted from 1): is no source of figures (got 'wdl'); did you mean wdi?",
        "10: corrections[1].sorce (counted from 1): is unknown; did you mean source?",
        "11: corrections[2].source (counted from 1): is missing",
        "15: corrections[2].new (counted from 1): is the same as old (got 5.0); write accept: true to release the figure",
        "16: corrections[2].reason (counted from 1): is missing",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("    new: 1001.5\n", ""), "has neither new nor accept: true"),
        (("    new: 1001.5\n", "    new: 5\n    accept: true\n"), "has both new and accept: true"),
        (("date: 2024", "date: 2020/2024"), "is a span, and one figure has one period"),
        (("    old: 1000\n", ""), "old (counted from 1): is missing"),
        (("old: 1000", "old: null"), "must be a number"),
        (("old: 1000", "old: .nan"), "is no number"),
        (("old: 1000", "old: yes"), "is no number"),
        (("accept", "accept"), None),
        (("reason: a slip", "reason: [a, slip] #"), "must be a text"),
        (("corrections:\n", "corections:\n"), "is unknown"),
        (("country: KEN", "country: KEN\n    country: UGA"), "is given twice"),
        (("new: 1001.5", "new: !!float 1001.5"), None),
        (("date: 2024", "date: true"), "is no period"),
        (("reason: a slip of the pen", "reason: &a b"), None),
    ],
)
def test_single_problems(read, refused, change, said):
    text = ENTRY.replace(*change)
    if said is None:
        assert len(read(text)) == 1
    else:
        assert any(said in line for line in refused(text))


@pytest.mark.parametrize(
    "text", ["- series: population\n", "corrections: 5\n", "corrections:\n  - 5\n", "a: [b\n", "\t- a\n"]
)
def test_text_of_another_form_is_refused_and_says_the_form(read, text):
    with pytest.raises(DataError) as error:
        read(text)
    assert "parameter" not in str(error.value)
    assert "params" not in str(error.value)
    assert "corrections.yaml" in str(error.value)


def test_two_entries_on_one_figure_are_refused(read):
    with pytest.raises(DataError) as error:
        read(ENTRY + ENTRY.removeprefix("corrections:\n").replace("1001.5", "7"))
    said = str(error.value)
    assert "corrections.yaml:9: corrections: speaks twice of one figure (first at " in said
    assert said.endswith("corrections.yaml:2); keep one")


def test_ten_thousand_equal_entries_are_told_in_a_bounded_message(tmp_path):
    path = tmp_path / "corrections.yaml"
    corrections = [
        Correction("population", "KEN", DAY, DAY, 1.0, 2.0, False, "a", "b", of, f"c.yaml:{line}")
        for line, of in enumerate(["wdi", "weo_2026_04", ""] * 10_000)
    ]
    reader = _Reader(Tree(), catalogue(), "c.yaml")
    start = time.process_time()
    reader.demand_once(corrections)
    assert time.process_time() - start < 2
    assert len(reader.problems) == 30_000 - 2
    with pytest.raises(DataError) as error:
        raise _refusal(path, reader.problems)
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{path}: and 29,978 more problems"


def test_entries_on_one_figure_of_two_sources_are_two(read):
    entry = "- {{series: population, country: KEN, date: 2024, old: 1, new: 2, reason: a, source: b{}}}\n"
    one, other, every = (entry.format(of) for of in (", of: wdi", ", of: weo_2026_04", ""))
    assert len(read("corrections:\n" + one + other)) == 2
    for text, lines in ((one + every, [3]), (every + one + other, [3, 4]), (one + other + one, [4])):
        with pytest.raises(DataError) as error:
            read("corrections:\n" + text)
        said = re.findall(r"yaml:(\d+): corrections: speaks twice", str(error.value))
        assert list(map(int, said)) == lines


@pytest.mark.parametrize("number", ["0x" + "F" * 290, "1e999", ".nan", "true", "many", "[1]"])
def test_what_is_no_number_is_refused(refused, number):
    (said,) = refused(ENTRY.replace("old: 1000", f"old: {number}"))
    assert "corrections[1].old (counted from 1): is no number" in said
    assert len(said) < 200


def test_a_missing_folder_or_binary_file_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_corrections(tmp_path / "none.yaml", catalogue())
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="no text in UTF-8"):
        read_corrections(tmp_path / "binary.yaml", catalogue())


def entry(**rest) -> Correction:
    end = dt.date(2024, 12, 31)
    given = {"series": "population", "country": "KEN", "start": end, "end": end, "old": 1000.0, "new": 1001.0}
    return Correction(**{**given, "accept": False, "reason": "r", "page": "p", "where": "c.yaml:2", **rest})


def none_held() -> pd.DataFrame:
    return judged(nothing()).quarantined


def figures(*values: float, source: str = "wdi_live") -> pd.DataFrame:
    """Figures of the years up to 2024."""
    return history("population", values, start=str(2025 - len(values)), source=source)


def test_a_figure_is_corrected_and_the_record_says_so():
    found = correct([entry()], figures(990, 1000), none_held())
    assert found.accepted["value"].tolist() == [990, 1001]
    assert found.applied.to_dict("records") == [
        {
            "series": "population",
            "country": "KEN",
            "date": pd.Timestamp("2024-12-31"),
            "source": "wdi_live",
            "old": 1000.0,
            "new": 1001.0,
            "reason": "r",
            "page": "p",
        }
    ]
    assert found.unused == ()


def test_corrections_are_idempotent_and_stay_on_record():
    once = correct([entry()], figures(990, 1000), none_held())
    twice = correct([entry()], once.accepted, once.quarantined)
    pd.testing.assert_frame_equal(twice.accepted, once.accepted)
    pd.testing.assert_frame_equal(twice.applied, once.applied)
    assert twice.unused == ()


def test_copied_digits_are_enough_and_others_are_not():
    assert correct([entry(old=1000.0005)], figures(1000), none_held()).accepted["value"].tolist() == [1001]
    found = correct([entry()], figures(1000.01), none_held())
    assert found.accepted["value"].tolist() == [1000.01]
    assert found.unused == (
        "c.yaml:2: population KEN 2024-12-31: the source now says 1 000.01, not 1 000; the correction was not applied.",
    )
    assert found.applied.empty


def test_only_the_named_source_is_corrected():
    both = pd.concat([figures(1000, source="wdi"), figures(1000)], ignore_index=True)
    assert correct([entry(of="wdi")], both, none_held()).accepted["value"].tolist() == [1001, 1000]
    assert correct([entry()], both, none_held()).accepted["value"].tolist() == [1001, 1001]


def test_a_wrong_figure_is_removed():
    found = correct([entry(new=None)], figures(990, 1000), none_held())
    assert found.accepted["value"].tolist() == [990]
    assert math.isnan(found.applied["new"].iloc[0])


def test_what_is_not_there_is_said():
    found = correct([entry(series="gdp_usd")], figures(990, 1000), none_held())
    assert found.unused == (
        "c.yaml:2: gdp_usd KEN 2024-12-31: there is no such figure; the correction was not applied.",
    )


@pytest.fixture
def with_spike():
    values = [100.0 + year for year in range(20)]
    values[10] = 9000.0
    return judged(history("population", values, start="2006", source="wdi_live"))


SPIKE = {"start": dt.date(2016, 12, 31), "end": dt.date(2016, 12, 31), "old": 9000.0}


def test_a_quarantined_figure_is_corrected_into_the_vintage(with_spike):
    found = correct([entry(**SPIKE, new=110.0)], with_spike.accepted, with_spike.quarantined)
    assert found.quarantined.empty
    assert found.accepted["value"].tolist() == [100.0 + year for year in range(20)]
    again = correct([entry(**SPIKE, new=110.0)], found.accepted, found.quarantined)
    pd.testing.assert_frame_equal(again.accepted, found.accepted)


def test_a_quarantined_figure_is_released_and_replaces_what_stood_there(with_spike):
    before = figures(*range(110, 119)).head(1)  # of 2016, carried over
    standing = pd.concat([with_spike.accepted, before], ignore_index=True)
    release = entry(**SPIKE, new=None, accept=True)
    found = correct([release], standing, with_spike.quarantined)
    assert found.quarantined.empty
    assert found.accepted["value"].tolist()[10] == 9000
    assert len(found.accepted) == 20
    assert found.applied[["old", "new"]].to_numpy().tolist() == [[9000, 9000]]
    again = correct([release], found.accepted, found.quarantined)
    pd.testing.assert_frame_equal(again.applied, found.applied)


def test_a_quarantined_figure_is_dropped_for_good(with_spike):
    found = correct([entry(**SPIKE, new=None)], with_spike.accepted, with_spike.quarantined)
    assert found.quarantined.empty
    assert len(found.accepted) == 19


def test_a_stretch_is_released_as_a_whole():
    values = [100.0 + year for year in range(20)]
    previous = history("population", values, start="2006", source="wdi_live")
    judgement = judged(previous.tail(10), previous)
    stretch = entry(start=dt.date(2006, 12, 31), end=dt.date(2026, 12, 31), old=None, new=None, accept=True)
    found = correct([stretch], judgement.accepted, judgement.quarantined)
    assert len(found.accepted) == 10
    assert found.quarantined.empty
    again = correct([stretch], found.accepted, found.quarantined)
    assert again.unused == (
        "c.yaml:2: population KEN 2006-12-31 to 2026-12-31: nothing of it is quarantined; the entry can be deleted.",
    )


def test_what_cannot_be_is_not_released():
    judgement = judged(figures(-5.0))
    found = correct([entry(old=-5.0, new=None, accept=True)], judgement.accepted, judgement.quarantined)
    assert len(found.quarantined) == 1
    assert "what cannot be is not accepted" in found.unused[0]
    found = correct([entry(old=-5.0, new=5.0)], judgement.accepted, judgement.quarantined)
    assert found.accepted["value"].tolist() == [5.0]


def test_of_two_contradicting_figures_the_right_one_is_released():
    judgement = judged(pd.concat([figures(990, 1000), figures(1007)]))
    found = correct([entry(old=1007.0, new=None, accept=True)], judgement.accepted, judgement.quarantined)
    assert found.accepted["value"].tolist() == [990, 1007]
    assert found.quarantined["value"].tolist() == [1000]


def test_without_corrections_everything_stays(with_spike):
    found = correct([], with_spike.accepted, with_spike.quarantined)
    pd.testing.assert_frame_equal(found.accepted, with_spike.accepted)
    pd.testing.assert_frame_equal(found.quarantined, with_spike.quarantined)
    assert found.applied.columns.tolist() == [
        "series",
        "country",
        "date",
        "source",
        "old",
        "new",
        "reason",
        "page",
    ]
