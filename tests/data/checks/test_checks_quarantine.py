"""What was set aside, as people read it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from histories import history, judged, nothing

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks import plausibility
from cryptorisk.data.checks.corrections import correct, read_corrections
from cryptorisk.data.checks.quarantine import COLUMNS, WORDS, readable, summary, text


@pytest.fixture
def held() -> pd.DataFrame:
    years = [100.0 + year for year in range(20)]
    spike = [*years[:10], 9000.0, *years[11:]]
    previous = history("gdp_usd", years, start="2000", source="wdi_live")
    parts = [
        history("population", spike, start="2000", source="wdi_live"),
        history("gdp_usd", [value * 1000 for value in years], start="2000", source="wdi_live"),
        history("reserves_usd", [np.nan, 5.0, -3.0], start="2000", source="wdi_live", country="UGA"),
    ]
    return judged(pd.concat(parts), previous).quarantined


def test_the_table_has_fixed_columns_and_is_sorted(held):
    table = readable(held)
    assert tuple(table.columns) == COLUMNS
    assert table["series"].tolist() == ["gdp_usd"] * 20 + ["population"] + ["reserves_usd"] * 2
    assert table["date"].is_monotonic_increasing is False
    pd.testing.assert_frame_equal(readable(held.sample(frac=1, random_state=1)), table)


def test_the_summary_speaks_in_the_order_of_the_rules(held):
    assert summary(held) == (
        "20 figures a power of ten away from earlier ones, in another unit: gdp_usd (KEN).",
        "2 figures of impossible size or date: reserves_usd (UGA).",
        "1 figure jumping beyond what history explains: population (KEN).",
    )
    assert summary(judged(nothing()).quarantined) == ()


def test_a_long_summary_names_a_few():
    parts = [
        history("population", [-1.0], start="2000", country=country)
        for country in ("KEN", "UGA", "TZA", "RWA", "BDI", "SSD")
    ]
    held = judged(pd.concat(parts)).quarantined
    assert summary(held) == (
        "6 figures of impossible size or date: population (BDI, KEN, RWA, SSD and 2 more).",
    )


def test_every_rule_has_words_and_the_same_order():
    rules = [rule.__module__ for rule in plausibility.RULES]
    assert len(WORDS) == len(rules)


def test_the_file_is_csv_in_which_no_text_is_a_formula(held):
    evil = held.assign(source="=HYPERLINK(1)", reason="+1 is a number.")
    rows = list(csv.DictReader(io.StringIO(text(evil))))
    assert len(rows) == 23
    assert {row["source"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["reason"] for row in rows} == {"'+1 is a number."}
    assert [row["value"] for row in rows if row["series"] == "reserves_usd"] == ["", "-3.0"]


def test_the_remedy_can_be_copied_into_the_corrections_file(held, tmp_path):
    entries = []
    for remedy in readable(held)["remedy"].drop_duplicates():
        if "- {" in remedy:
            line = remedy[remedy.index("- {") : remedy.index("}") + 1]
            entries.append("  " + line.replace("...", "because").replace("new: because", "new: 7"))
    path = tmp_path / "corrections.yaml"
    path.write_text("corrections:\n" + "\n".join(entries) + "\n", encoding="utf-8")
    corrections = read_corrections(path, catalogue())
    assert len(corrections) == 3
    found = correct(corrections, nothing(), held)
    assert found.quarantined["value"].isna().tolist() == [True]
    assert len(found.accepted) == 22
    assert found.unused == ()


def test_what_has_no_number_has_no_entry(held):
    row = readable(held).query("value != value").iloc[0]
    assert row["remedy"] == "Nothing can be entered for it: ask the source, or wait for its next figures."
