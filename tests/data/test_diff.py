"""Two vintages compared: what is counted and measured, and that the figures seen are those of a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_vintage import REGULATION, Row, make_vintage

from cryptorisk.data.aligned import Codes, Figures, align, keys, seen
from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.cut import Cut
from cryptorisk.data.diff import Difference, compare, sentences, summary
from cryptorisk.data.inputs import Inputs
from cryptorisk.data.revisions import in_words
from cryptorisk.data.vintage import Vintage, open_vintage
from cryptorisk.errors import DataError

OLD: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 100, "weo_2026_04"),
    ("gdp_usd", "KEN", "2022-12-31", 110, "weo_2026_04"),
    ("gdp_usd", "KEN", "2021-12-31", 90, "wdi"),
    ("gdp_usd", "UGA", "2021-12-31", 40, "weo_2026_04"),
    ("current_account_usd", "KEN", "2021-12-31", -5, "weo_2026_04"),
    ("current_account_usd", "KEN", "2022-12-31", 3, "weo_2026_04"),
    ("cpi_inflation_pct", "KEN", "2021-12-31", 6.0, "weo_2026_04"),
    ("reserves_usd", "TUV", "2021-12-31", 0.0, "wdi"),
    ("population", "KEN", "2021-12-31", 50, "wdi"),
    ("btc_price_usd", WORLD, "2021-01-01", 30000, "coinmetrics_2026_03"),
]
NEW: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 110, "weo_2026_04"),
    ("gdp_usd", "KEN", "2022-12-31", 110, "weo_2026_04"),
    ("gdp_usd", "KEN", "2023-12-31", 120, "weo_2026_04"),
    ("gdp_usd", "KEN", "2021-12-31", 95, "wdi"),
    ("gdp_usd", "UGA", "2021-12-31", 50, "weo_2026_04"),
    ("current_account_usd", "KEN", "2021-12-31", -4, "weo_2026_04"),
    ("current_account_usd", "KEN", "2022-12-31", 3, "weo_2026_04"),
    ("cpi_inflation_pct", "KEN", "2021-12-31", 6.5, "weo_2026_04"),
    ("reserves_usd", "TUV", "2021-12-31", 5.0, "wdi"),
    ("population", "KEN", "2021-12-31", 50, "wdi_live"),
]


def vintage(data: Path, name: str, rows: list[Row], **more: Any) -> Vintage:
    return open_vintage(make_vintage(data, name, rows, **more))


@pytest.fixture
def both(tmp_path: Path) -> tuple[Vintage, Vintage]:
    """The two vintages."""
    new = vintage(tmp_path, "2026-12-01", NEW, accessed={"wdi_live": "2026-11-30"})
    return vintage(tmp_path, "2026-11-01", OLD), new


def row(found: pd.DataFrame, **wanted: str) -> dict[str, Any]:
    chosen = found
    for name, value in wanted.items():
        chosen = chosen[chosen[name] == value]
    (one,) = chosen.to_dict("records")
    return {str(key): value for key, value in one.items()}


def test_what_a_report_would_see(both: tuple[Vintage, Vintage]) -> None:
    found = compare(*both)
    gdp = row(found.seen, series="gdp_usd")
    assert (gdp["economies"], gdp["added"], gdp["revised"], gdp["withdrawn"], gdp["moved"]) == (2, 1, 2, 0, 0)
    assert gdp["largest_pct"] == pytest.approx(25)
    assert gdp["median_pct"] == pytest.approx(17.5)
    assert gdp["largest_change"] == 10
    assert (gdp["first"], gdp["last"]) == (dt.date(2021, 12, 31), dt.date(2023, 12, 31))
    assert gdp["most_revised"] == "UGA 25 %, KEN 10 %"
    assert gdp["unit"] == "usd"
    btc = row(found.seen, series="btc_price_usd")
    assert (btc["withdrawn"], btc["most_revised"]) == (1, "")
    population = row(found.seen, series="population")
    assert (population["moved"], population["added"], population["revised"]) == (1, 0, 0)
    assert list(found.seen["series"]) == sorted(found.seen["series"])


@pytest.mark.parametrize(
    ("series", "change", "words"),
    [
        ("current_account_usd", 1.0, "KEN 1 USD"),
        ("cpi_inflation_pct", 0.5, "KEN 0.5 points"),
        ("reserves_usd", 5.0, "TUV 5 USD"),
    ],
)
def test_no_percentage_where_it_says_nothing(
    both: tuple[Vintage, Vintage], series: str, change: float, words: str
) -> None:
    """A series of both signs, one in percent, and an old figure of zero."""
    found = row(compare(*both).seen, series=series)
    assert np.isnan(found["largest_pct"])
    assert np.isnan(found["median_pct"])
    assert found["largest_change"] == found["median_change"] == change
    assert found["most_revised"] == words


def test_what_is_stored(both: tuple[Vintage, Vintage]) -> None:
    stored = compare(*both).stored
    assert row(stored, series="gdp_usd", source="wdi")["revised"] == 1
    assert row(stored, series="gdp_usd", source="weo_2026_04")["revised"] == 2
    assert row(stored, series="population", source="wdi")["withdrawn"] == 1
    assert row(stored, series="population", source="wdi_live")["added"] == 1
    assert row(stored, series="current_account_usd")["added"] == 0


def test_every_figure_that_differs(both: tuple[Vintage, Vintage]) -> None:
    figures = compare(*both).seen_figures
    assert len(figures) == 7
    one = row(figures[figures["country"] == "UGA"], series="gdp_usd")
    assert (one["what"], one["old"], one["new"], one["change"], one["change_pct"]) == (
        "revised",
        40,
        50,
        10,
        25,
    )
    added = row(figures[figures["what"] == "added"], series="gdp_usd")
    assert (added["old_source"], added["new_source"]) == (pytest.approx(np.nan, nan_ok=True), "weo_2026_04")
    assert np.isnan(added["old"])
    order = figures[["series", "country", "date"]].astype({"series": "str", "country": "str"})
    assert order.equals(order.sort_values(["series", "country", "date"], ignore_index=True))


def test_sentences_name_the_sources_and_their_dates(both: tuple[Vintage, Vintage]) -> None:
    said = summary(*both)
    assert said == [
        "figures a report would see: 1 added, 5 revised, 1 withdrawn (5 series, 4 economies)",
        "figures stored: 2 added, 6 revised, 2 withdrawn (6 series, 4 economies)",
        "figures that stay and are now taken from another source: 1",
        "source coinmetrics_2026_03: embedded figures before, nothing now",
        "source wdi_live: nothing before, 2026-11-30 now",
    ]


def test_only_one_economy_or_series(both: tuple[Vintage, Vintage]) -> None:
    assert set(compare(*both, country="UGA").seen["series"]) == {"gdp_usd"}
    assert set(compare(*both, country=WORLD).seen["series"]) == {"btc_price_usd"}
    assert set(compare(*both, series="cpi_inflation_pct").stored["series"]) == {"cpi_inflation_pct"}
    nothing = compare(*both, country="FRA")
    assert nothing.same_figures
    assert sentences(nothing)[0] == "no figure differs"


def test_the_newer_one_first_is_said(both: tuple[Vintage, Vintage]) -> None:
    old, new = both
    found = compare(new, old)
    assert found.backwards
    assert "2026-12-01 is the newer of the two" in sentences(found)[0]
    assert row(found.seen, series="gdp_usd")["withdrawn"] == 1
    assert not compare(old, new).backwards


def test_nothing_differs_but_the_dates_of_access(tmp_path: Path) -> None:
    rows: list[Row] = [("population", "KEN", "2021-12-31", 50, "wdi_live")]
    old = vintage(tmp_path, "2026-11-01", rows, accessed={"wdi_live": "2026-10-30"})
    new = vintage(tmp_path, "2026-12-01", rows, accessed={"wdi_live": "2026-11-30"})
    assert summary(old, new) == ["no figure differs", "source wdi_live: 2026-10-30 before, 2026-11-30 now"]
    assert summary(old, old) == ["no figure differs"]


def test_tables_that_are_no_series(tmp_path: Path) -> None:
    more = [*REGULATION, ("UGA", "banned", "", "regulation_pages", "2022-01-31")]
    old = vintage(tmp_path, "2026-11-01", OLD)
    new = vintage(tmp_path, "2026-12-01", OLD, regulation=[*more[1:], *more[1:]])
    found = compare(old, new)
    assert row(found.tables, table="regulation") == {
        "table": "regulation",
        "added": 2,
        "withdrawn": 1,
        "columns": "",
    }
    assert len(found.tables) == 1
    assert "table regulation: 2 rows added, 1 withdrawn" in sentences(found)


FAULT = ("gdp_usd", "KEN", "2001-01-01", "2002-12-31", "wdi", "drop", 14, "mixed units")


def test_records_of_the_making_are_no_tables(tmp_path: Path) -> None:
    """How many figures a known fault is about changes with every refresh and says nothing of what is known."""
    counted = (*FAULT[:6], 20, FAULT[7])
    other = ("gdp_usd", "UGA", *FAULT[2:])
    old = vintage(tmp_path, "2026-11-01", OLD, faults=[FAULT])
    same = vintage(tmp_path, "2026-11-15", OLD, faults=[counted])
    fixed = ("gdp_usd", "KEN", "2022-12-31", "weo_2026_04", 11.0, 110.0, "a slip", "a page")
    new = vintage(tmp_path, "2026-12-01", OLD, faults=[counted, other], corrections=[fixed])
    assert summary(old, same) == sentences(compare(old, same)) == ["no figure differs"]
    said = ["known faults: 1 more, 0 fewer", "figures corrected or accepted by hand: 1 more, 0 fewer"]
    assert summary(old, new) == sentences(compare(old, new)) == ["no figure differs", *said]
    assert compare(old, new).tables.empty
    assert sentences(compare(new, old))[2] == "known faults: 0 more, 1 fewer"


def test_of_one_economy_or_series_only_figures_are_compared(tmp_path: Path) -> None:
    more = [*REGULATION, ("UGA", "banned", "", "regulation_pages", "2022-01-31")]
    old, new = (
        vintage(tmp_path, "2026-11-01", OLD),
        vintage(tmp_path, "2026-12-01", OLD, regulation=more, faults=[FAULT]),
    )
    assert len(sentences(compare(old, new))) == 3
    assert sentences(compare(old, new, country="KEN")) == ["no figure differs"]
    assert sentences(compare(old, new, series="gdp_usd")) == ["no figure differs"]


def test_a_figure_after_the_vintages_own_date_is_not_seen(tmp_path: Path) -> None:
    late: Row = ("gdp_usd", "KEN", "2026-12-31", 130, "weo_2026_04")
    old, new = vintage(tmp_path, "2026-11-01", OLD), vintage(tmp_path, "2026-12-01", [*OLD, late])
    found = compare(old, new)
    assert found.seen.empty
    assert row(found.stored, series="gdp_usd")["added"] == 1
    assert not found.same_figures


def test_a_preferred_source_that_comes_replaces_the_whole_history(tmp_path: Path) -> None:
    old_rows: list[Row] = [("reserves_usd", "KEN", f"{y}-12-31", 10 * y, "wdi") for y in (2020, 2021)]
    new_rows: list[Row] = [*old_rows, ("reserves_usd", "KEN", "2021-12-31", 5.0, "wdi_live")]
    found = compare(vintage(tmp_path, "2026-11-01", old_rows), vintage(tmp_path, "2026-12-01", new_rows))
    one = row(found.seen, series="reserves_usd")
    assert (one["added"], one["revised"], one["withdrawn"]) == (0, 1, 1)


def test_damage_is_an_error(both: tuple[Vintage, Vintage]) -> None:
    old, new = both
    (new.path / "annual.parquet").write_bytes(b"x")
    with pytest.raises(DataError, match=r"annual.parquet: has 1 bytes"):
        compare(old, open_vintage(new.path))


@pytest.mark.parametrize(
    ("size", "unit", "words"),
    [(12.345, "%", "12.3 %"), (1.5e9, "usd", "1.5 bn USD"), (0.25, "pct_gdp", "0.25 points"), (2, "rank", "2"),
     (0.00002, "%", "2e-05 %"), (0.00002, "pct", "2e-05 points"), (0.5, "none", "0.5")],
)  # fmt: skip
def test_sizes_in_words(size: float, unit: str, words: str) -> None:
    assert in_words(size, unit) == words


def test_the_figures_seen_are_those_of_a_report(inputs_for: Callable[[str], Inputs], embedded: Path) -> None:
    """Every figure of the embedded vintage for an economy and for the world."""
    opened = open_vintage(embedded)
    codes, (stored,) = align([opened])
    frame = readable(seen(stored, codes, opened.catalogue, opened.info.date), codes)
    report = inputs_for("KEN").frame[["series", "country", "date", "value", "source"]]
    mine = frame[frame["country"].isin(["KEN", WORLD])].sort_values(["country", "series", "date"])
    theirs = report.sort_values(["country", "series", "date"], ignore_index=True)
    pd.testing.assert_frame_equal(mine.reset_index(drop=True), theirs, check_exact=True, check_dtype=False)


def readable(figures: Figures, codes: Codes) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": np.asarray(codes.series, object)[figures.series],
            "country": np.asarray(codes.countries, object)[figures.countries],
            "date": figures.dates.astype("datetime64[D]").astype("datetime64[us]"),
            "value": figures.values,
            "source": np.asarray(codes.sources, object)[figures.sources],
        }
    )


cells = st.tuples(
    st.sampled_from(["gdp_usd", "exports_gs_usd", "cpi_inflation_pct"]),
    st.sampled_from(["KEN", "UGA"]),
    st.sampled_from(["2019-12-31", "2020-12-31", "2021-12-31"]),
    st.sampled_from(["weo_2026_04", "wdi", "wdi_live", "derived_wdi", "cia_factbook", "wdi_2026"]),
)
tables = st.dictionaries(cells, st.sampled_from([-1.0, 0.0, 1.0, 2.0]), min_size=1, max_size=25)


@settings(max_examples=25, deadline=None)
@given(old=tables, new=tables)
def test_against_the_definition(
    tmp_path_factory: pytest.TempPathFactory, old: dict[Any, float], new: dict[Any, float]
) -> None:
    """Whatever two vintages hold: what is called added, revised and withdrawn is what the definitions say."""
    data = tmp_path_factory.mktemp("data")
    both = [
        vintage(data, name, [(s, c, d, value, source) for (s, c, d, source), value in held.items()])
        for name, held in (("2026-11-01", old), ("2026-12-01", new))
    ]
    found = compare(*both)
    assert counted(found.stored_figures) == changes(old, new)
    assert counted(found.seen_figures) == changes(*map(chosen, both))


def chosen(opened: Vintage) -> dict[Any, float]:
    """The rule of the inputs, one series and economy after the other."""
    kept = {}
    for place in ("KEN", "UGA"):
        cut = Cut(place, opened.info.date, opened, {}, frozenset())
        for id in opened.series_of(place):
            rows = cut.rows(id, place)
            kept |= {
                (id, place, str(day)): float(value)
                for day, value in zip(rows.dates, rows.numbers, strict=True)
            }
    return kept


def changes(old: dict[Any, float], new: dict[Any, float]) -> dict[str, int]:
    shared = old.keys() & new.keys()
    return {
        "added": len(new.keys() - shared),
        "revised": sum(old[key] != new[key] for key in shared),
        "withdrawn": len(old.keys() - shared),
    }


def counted(figures: pd.DataFrame) -> dict[str, int]:
    counts = figures["what"].value_counts()
    return {what: int(counts.get(what, 0)) for what in ("added", "revised", "withdrawn")}


def test_keys_differ_for_different_figures_and_keep_their_order() -> None:
    codes = Codes(["a", "b"], ["KEN", "UGA"], ["s", "t"])
    days = [-90_000, 0, 20_000]
    places = [(s, c, d, q) for s in (0, 1) for c in (0, 1) for d in days for q in (0, 1)]
    columns = [np.array(column, dtype=np.int64) for column in zip(*places, strict=True)]
    made = keys(Figures(*columns, np.zeros(len(places))), codes, by_source=True)
    assert len(set(made)) == len(places)
    assert list(made) == sorted(made)


def test_a_difference_says_which_vintages(both: tuple[Vintage, Vintage]) -> None:
    found: Difference = compare(*both)
    assert (found.old.name, found.new.name) == ("2026-11-01", "2026-12-01")
