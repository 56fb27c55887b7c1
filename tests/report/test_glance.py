"""What the first screen and the index make of the overview's estimates."""

from __future__ import annotations

import datetime as dt

import pytest

from cryptorisk.estimate import Estimate
from cryptorisk.report.glance import NOTE_LENGTH, band, limiting, rating_note, short_note, span, summary
from cryptorisk.report.index import index_page
from cryptorisk.report.links import linked, sources_in_notes
from cryptorisk.report.provenance import SourceNote
from cryptorisk.report.render import template
from cryptorisk.result import Finding, Result, Severity

RATING = Estimate(
    "overview.rating",
    "Rating",
    41.0,
    "score",
    33.0,
    52.0,
    interval="range",
    date="2026-11-23",
    note="moderate; 5 of 8 pillars observed",
)
GRADE = Estimate("overview.grade", "Data grade B: what is there", 70.0, "pct")
OLD = Estimate("overview.old", "Old", 1.0, "pct", date="2013-03/2023-02", sources=("weo",))
NEW = Estimate("overview.new", "New", 1.0, "pct", date="2026-06-01", sources=("weo",))
YEAR = Estimate("overview.year", "Year", 1.0, "pct", date="2026", sources=("weo",))
RESULTS = {
    "overview": Result.build(
        "overview",
        "At a glance",
        "KEN",
        estimates=[RATING, GRADE, OLD, NEW, YEAR],
        headline=["rating", "old", "new", "year"],
    )
}


def test_the_band_is_the_first_word_of_a_ratings_note() -> None:
    assert band(RATING) == "moderate"
    assert band(RATING.with_(note="Elevated; x")) == "elevated"
    assert band(OLD.with_(note="high; x")) == ""
    assert band(Estimate.missing("a.b", "B", "score", "nothing", note="high")) == ""


def test_pillars_without_data_are_counted() -> None:
    assert rating_note(RATING.note) == "5 of 8 pillars observed; 3 without data, which is not a low score"
    assert rating_note("moderate; 8 of 8 pillars observed") == "8 of 8 pillars observed"
    assert rating_note("high; 4 of 8 pillars unknown") == "4 of 8 pillars unknown"


@pytest.mark.parametrize("note", ["", "Short.", "One sentence. " * 9, "word " * 40])
def test_short_notes_are_whole_sentences(note: str) -> None:
    short = short_note(note)
    first = note.split(". ")[0].strip()
    assert len(short) <= max(NOTE_LENGTH, len(first) + 1)
    assert "\u2026" not in short
    assert note.startswith(short)
    assert bool(short) == bool(note.strip())


def test_the_oldest_headline_leaves_out_unfinished_years() -> None:
    dates = span(RESULTS, dt.date(2026, 11, 23))
    assert (dates.oldest, dates.oldest_label) == ("2023-02", "Old")
    assert span({}, dt.date(2026, 11, 23)).oldest == ""


def test_caveats_that_alter_a_headline_are_told_apart() -> None:
    def caveat(name: str, severity: Severity, estimate: str) -> Finding:
        return Finding(f"flight.{name}", name, severity, "caveat", (estimate,))

    told = [
        caveat("context", "info", "flight.shown"),
        caveat("elsewhere", "warning", "flight.other"),
        *(caveat(f"limit{place}", "notice", "flight.shown") for place in range(4)),
        caveat("worst", "warning", "flight.shown"),
        Finding("flight.result", "result", "warning", "result", ("flight.shown",)),
    ]
    estimates = [Estimate(f"flight.{name}", name, 1.0, "pct") for name in ("shown", "other")]
    made = Result.build("flight", "F", "KEN", estimates=estimates, findings=told, headline=["shown"])
    assert [f.text for f in limiting(made)] == ["worst", "limit0", "limit1"]


def test_the_index_stands_by_rating_and_names_what_failed() -> None:
    def entry(name: str, score: float | None) -> dict[str, object]:
        told = {**summary(RESULTS), "score": score, "rating": str(score)}
        return {
            "name": name,
            "status": "done",
            "as_of": "x",
            "vintage": "y",
            "institution": "",
            "classification": "",
            "headlines": [],
            "summary": told,
        }

    failed = {
        "name": "Aland",
        "status": "failed",
        "where": "data",
        "cause": "no data",
        "remedy": "get some",
        "earlier": False,
    }
    page = index_page(
        {
            "run": "r",
            "countries": {
                "FAI": failed,
                "AAA": entry("Low", 10.0),
                "BBB": entry("None", None),
                "CCC": entry("High", 90.0),
            },
        }
    )
    places = [page.index(f'id="{iso3}"') for iso3 in ("CCC", "AAA", "BBB", "FAI")]
    assert places == sorted(places)
    for said in ('href="CCC.html"', "no data", "get some", ">moderate<", f"Old: {OLD:full}", ">B<"):
        assert said in page


def test_an_entry_of_another_version_still_has_its_row() -> None:
    old = {
        "name": "Kenya",
        "status": "done",
        "as_of": "x",
        "vintage": "y",
        "institution": "",
        "classification": "",
        "headlines": ["Rating: 41"],
    }
    assert "Rating: 41" in index_page({"run": "r", "countries": {"KEN": old}})


def test_a_bank_in_a_note_is_the_institution_only_in_a_list_of_sources() -> None:
    known = {"bank": SourceNote("bank", "The institution's own figures", "", "", "")}
    known["weo"] = SourceNote("weo", "IMF", "WEO", "", "")
    plain = '<p class="note">It costs 2 % for bank dollars. Sources: weo. The bank\'s own figures take no part.</p>'
    assert "institution" not in linked(plain, {}, known)
    assert sources_in_notes(plain, known) == {"weo"}
    listed = '<p class="note">For bank dollars. Sources: weo, bank. Class: measured.</p>'
    assert linked(listed, {}, known).count("#src-bank") == 1
    assert sources_in_notes(listed, known) == {"weo", "bank"}


def test_a_source_is_named_once_in_a_list() -> None:
    known = {name: SourceNote(name, "World Bank", "WDI", "", "") for name in ("wdi", "wdi_2")}
    known["weo"] = SourceNote("weo", "IMF", "WEO", "", "")
    html = linked('<p class="note">Sources: wdi, weo, wdi_2. wdi again.</p>', {}, known)
    assert html.count("World Bank") == 2
    assert "IMF</a>. <a" in html
    assert "\0" not in html


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 caveat or data note: see"), (2, "2 caveats and data notes: see")]
)
def test_one_caveat_is_one(count: int, words: str) -> None:
    told = [Finding(f"crash.f{place}", "Of no headline.", "notice", "caveat") for place in range(count)]
    made = Result.build("crash", "Crash", "KEN", findings=told)
    assert words in template("macros.html.j2").module.result(made, {})
