"""What the first chapter's notebook shows in the chapter and what in the technical annex."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cells():
    text = (ROOT / "notebooks" / "01_transaction_volumes.ipynb").read_text(encoding="utf-8")
    return json.loads(text)["cells"]


def source(cells, annex):
    chosen = [c for c in cells if ("annex" in c["metadata"].get("tags", ())) == annex]
    return "\n".join("".join(cell["source"]) for cell in chosen)


def test_the_chapter_keeps_what_a_decision_needs(cells):
    shown = source(cells, annex=False)
    for name in (
        "charts.volumes.country_path",
        "charts.volumes.peers",
        "charts.volumes.regions",
        '"gravity"',
    ):
        assert name in shown
    for name in (
        "validation",
        "allocation_models",
        "un_paragraph_20",
        "charts.forecast",
        "cycle",
        "drivers(",
        "accuracy",
    ):
        assert name not in shown, name
    # Figure or table of the country's years, not both.
    assert '"country_path"' not in shown


def test_the_annex_has_what_stands_behind_it(cells):
    behind = source(cells, annex=True)
    for name in (
        "validation",
        "allocation_models",
        "un_paragraph_20",
        "months(",
        "cycle_links",
        "accuracy",
        "References",
    ):
        assert name in behind, name
    for name in (
        "months_in_bitcoin",
        "cycle_variants",
        "charts.cycle.factor",
        '"concentration"',
        "cycle_numbers",
    ):
        assert name not in behind, name


def test_the_opening_is_short_and_prose_names_no_parameter(cells):
    opening = "".join(cells[0]["source"]).split("\n\n", 1)[1]
    assert opening.count(". ") + opening.count("? ") <= 3
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    for name in ("flows_file", "p2p_volume_usd", "volumes."):
        assert name not in prose
