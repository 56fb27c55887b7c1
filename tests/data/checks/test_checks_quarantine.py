"""What was set aside, as people read it."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest
from histories import history, judged, nothing

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.bases import bases
from cryptorisk.data.checks.corrections import correct, read_corrections
from cryptorisk.data.checks.plausibility import OF_SINGLE_FIGURES, RULES
from cryptorisk.data.checks.quarantine import COLUMNS, readable


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


def test_no_text_is_a_formula(held):
    table = readable(held.assign(source="=HYPERLINK(1)", reason="+1 is a number."))
    assert set(table["source"]) == {"'=HYPERLINK(1)"}
    assert set(table["reason"]) == {"'+1 is a number."}


@pytest.mark.parametrize("rule", [rule.__module__.rsplit(".", 1)[1] for rule in RULES if rule is not bases])
def test_what_a_rule_sets_aside_as_a_stretch_is_released_as_one(rule):
    years = history("population", [100.0, 101.0], start="2000", source="wdi_live")
    name = importlib.import_module(f"cryptorisk.data.checks.{rule}").RULE
    remedy = set(readable(years.assign(rule=name, reason="so", previous_value=1.0))["remedy"])
    single = name in (*OF_SINGLE_FIGURES, "duplicates")
    assert len(remedy) == (2 if single else 1), remedy


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
