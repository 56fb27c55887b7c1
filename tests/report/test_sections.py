"""What of a chapter's text the page keeps when there is nothing to show, and data printed once."""

from __future__ import annotations

import pickle

import nbformat
import pandas as pd
import pytest

from cryptorisk.charts.figure import Figure, draw
from cryptorisk.estimate import Estimate
from cryptorisk.report.blocks import Block, cell_blocks, tables_once
from cryptorisk.report.chapters import Chapter, read_chapter
from cryptorisk.report.sections import NOTHING, abridged
from cryptorisk.result import Column, Result, Table, estimates_table

COLUMNS = (Column("year", "Year"), Column("a", "A"))
FULL = Table("flight.a", "Full", pd.DataFrame({"year": [2020, 2021], "a": [1.0, 2.0]}), COLUMNS)
EMPTY = Table("flight.b", "Empty", FULL.frame.iloc[:0], COLUMNS)
NOTICE = Figure.notice("flight.c", "Premium", "no parallel rate")
KNOWN = Estimate("flight.known", "Reserves", 4.0, "months_imports")
APPLIES = Result.build("flight", "Flight", "KEN", estimates=[KNOWN])
APPLIES_NOT = Result.build(
    "flight", "Flight", "SLV", estimates=[KNOWN], applicable=False, reason="no own money"
)


def text(source: str) -> Block:
    return Block(markdown=source)


def shown(*things: Figure | Table) -> list[Block]:
    return [Block(html=thing.to_html()) for thing in things]


def said(blocks: tuple[Block, ...]) -> str:
    return "\n".join(block.markdown or block.html for block in blocks)


def test_a_chapter_that_does_not_apply_keeps_its_title_and_its_result() -> None:
    blocks = (
        text("# Flight\n\nLong theory."),
        Block(result=APPLIES_NOT),
        text("## Premium\n\nMore."),
        *shown(NOTICE),
    )
    assert abridged(blocks) == (text("# Flight"), Block(result=APPLIES_NOT))


def test_a_section_of_notices_keeps_its_heading_and_its_reasons() -> None:
    blocks = (
        text("# Flight\n\nIntroduction."),
        Block(result=APPLIES),
        text("## Premium\n\nLong theory."),
        *shown(NOTICE, EMPTY),
        text("More theory."),
        text("## Reserves\n\nRead this."),
        *shown(FULL),
        text("**References.** Cuddington (1986)."),
    )
    page = said(abridged(blocks))
    assert "theory" not in page
    for kept in (
        "Introduction.",
        "## Premium",
        "no parallel rate",
        "Empty",
        "## Reserves",
        "Read this.",
        "Cuddington",
    ):
        assert kept in page


def test_a_table_of_reasons_alone_counts_as_absent_and_is_kept_for_its_reasons() -> None:
    gone = [
        Estimate.missing("flight.x", "Hot money", "usd", "no balance of payments"),
        Estimate.missing("flight.y", "Cover", "pct", "no <reserves> published"),
    ]
    table = estimates_table(gone, id="flight.t", title="Measures", note="A note.")
    assert table.absent
    assert Table.from_dict(table.to_dict()).absent
    assert not estimates_table([*gone, KNOWN], id="flight.t", title="Measures").absent
    blocks = (text("# F"), Block(result=APPLIES), text("## P\n\nTheory."), *shown(NOTICE, table))
    page = said(abridged(blocks))
    assert "Theory" not in page
    for reason in ("no balance of payments", "no &lt;reserves&gt; published", "no parallel rate"):
        assert reason in page


def test_references_outlive_the_section_they_stand_in() -> None:
    blocks = (
        text("# F"),
        Block(result=APPLIES),
        text("## P\n\nTheory."),
        *shown(NOTICE),
        text("**References.** C."),
    )
    assert said(abridged(blocks)).endswith("**References.** C.")


def test_neighbours_with_the_same_reason_share_a_line() -> None:
    other = Figure.notice("flight.d", "Episodes", "no parallel rate")
    blocks = (text("# F"), Block(result=APPLIES), text("## P"), *shown(NOTICE, other))
    page = said(abridged(blocks))
    assert page.count("no parallel rate") == 1
    assert "Premium; Episodes." in page


def test_a_section_with_text_alone_stays_and_one_whose_cells_show_nothing_says_so() -> None:
    blocks = (
        text("# F"),
        Block(result=APPLIES),
        text("## Limits\n\nWords."),
        text("## Tail\n\nTheory."),
        Block(),
    )
    kept = abridged(blocks)
    assert text("## Limits\n\nWords.") in kept
    assert kept[-2:] == (text("## Tail"), NOTHING)


def test_two_sections_in_one_cell_are_judged_apart_and_code_holds_no_heading() -> None:
    source = "## A\n\nWords.\n\n```\n## not a heading\n```\n\n## B\n\nTheory."
    kept = abridged((text("# F"), Block(result=APPLIES), text(source), *shown(NOTICE)))
    page = said(kept)
    assert "## not a heading" in page
    assert "Words." in page
    assert "Theory" not in page


def test_a_sentence_in_place_of_a_table_is_a_notice() -> None:
    output = nbformat.v4.new_output("execute_result", {"text/plain": "'No rate of <this> economy.'"})
    (block,) = cell_blocks(nbformat.v4.new_code_cell("x", outputs=[output]))
    assert block.notice
    assert "No rate of &lt;this&gt; economy." in block.html
    number = nbformat.v4.new_output("execute_result", {"text/plain": "3.0"})
    assert cell_blocks(nbformat.v4.new_code_cell("x", outputs=[number])) == [Block()]


def figure(table: Table) -> Figure:
    return draw(
        "flight.f", title="F", subtitle="", note="", alt="A", data=table, plot=lambda ax: ax.plot([1, 2])
    )


def test_data_that_stand_in_a_table_of_their_own_are_not_printed_again_behind_the_figure() -> None:
    first, second = tables_once(tuple(shown(figure(FULL), FULL)))
    assert "<table" not in first.html
    assert 'href="#table-flight-a"' in first.html
    assert 'id="table-flight-a"' in second.html
    (alone,) = tables_once(tuple(shown(figure(FULL))))
    assert "<table" in alone.html


def test_reading_an_executed_notebook_abridges_it() -> None:
    data = APPLIES_NOT._repr_mimebundle_()
    outputs = [nbformat.v4.new_output("execute_result", data)]
    cells = [
        nbformat.v4.new_markdown_cell("# Flight\n\nTheory."),
        nbformat.v4.new_code_cell("x", outputs=outputs),
        nbformat.v4.new_markdown_cell("## Premium\n\nTheory."),
    ]
    chapter = read_chapter("03_flight.ipynb", nbformat.v4.new_notebook(cells=cells))
    assert "Theory" not in said(chapter.blocks)
    assert chapter.results[0].reason == "no own money"


def tagged(cell: nbformat.NotebookNode, *tags: str) -> nbformat.NotebookNode:
    cell.metadata["tags"] = list(tags)
    return cell


def chapter_with_an_annex(result: Result) -> Chapter:
    output = nbformat.v4.new_output("execute_result", result._repr_mimebundle_())
    shown_html = nbformat.v4.new_output("execute_result", {"text/html": FULL.to_html()})
    cells = [
        nbformat.v4.new_markdown_cell("# Flight\n\nTheory."),
        nbformat.v4.new_code_cell("x", outputs=[output]),
        tagged(nbformat.v4.new_markdown_cell("## Tests\n\nHow it was tested."), "annex"),
        tagged(nbformat.v4.new_code_cell("y", outputs=[shown_html]), "annex"),
        tagged(nbformat.v4.new_markdown_cell("## Variants"), "annex"),
        tagged(nbformat.v4.new_code_cell("z"), "annex"),
        nbformat.v4.new_markdown_cell("## Premium\n\nQuestion."),
        nbformat.v4.new_code_cell("w", outputs=[shown_html]),
    ]
    return read_chapter("03_flight.ipynb", nbformat.v4.new_notebook(cells=cells))


def test_cells_for_the_annex_leave_the_chapter() -> None:
    chapter = chapter_with_an_annex(APPLIES)
    assert "How it was tested" not in said(chapter.blocks)
    assert "Question" in said(chapter.blocks)
    assert "How it was tested" in said(chapter.annex)
    assert "Variants" in said(chapter.annex)  # a section with nothing keeps its heading and says so
    assert sum("<table" in block.html for block in chapter.annex) == 1
    assert chapter.annex_anchor == "annex-03"


def test_a_chapter_that_does_not_apply_has_no_annex() -> None:
    assert chapter_with_an_annex(APPLIES_NOT).annex == ()


@pytest.mark.parametrize("frame", [FULL.frame.iloc[:0], FULL.frame.assign(a=float("nan"))])
def test_a_table_without_figures_is_a_line(frame: pd.DataFrame) -> None:
    html = Table("flight.a", "Full", frame, COLUMNS).to_html()
    assert "<table" not in html
    assert "Full" in html
    assert Block(html=html).notice


def test_a_column_without_figures_is_left_out_and_named() -> None:
    frame = FULL.frame.assign(b=[None, None], c=["x", "y"])
    html = Table("flight.a", "Full", frame, (*COLUMNS, Column("b", "Hot money"), Column("c", "C"))).to_html()
    assert '<th scope="col">Hot money' not in html
    assert "left out: Hot money." in html
    assert html.count("<td") == 4


def test_a_result_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(APPLIES_NOT))
    assert again.to_dict() == APPLIES_NOT.to_dict()
    with pytest.raises(TypeError):
        again.estimates["x"] = KNOWN


def test_plain_text_of_a_table_is_its_title_and_its_cells() -> None:
    text = str(FULL)
    assert text.startswith("Full\n")
    assert "2021" in text


def test_only_tables_that_may_be_too_wide_take_a_stop_of_the_keyboard() -> None:
    assert "tabindex" not in FULL.to_html()
    wide = Table(
        "a.b", "Wide", pd.DataFrame({c: [1, 2] for c in "abcde"}), tuple(Column(c, c) for c in "abcde")
    )
    assert 'role="region" aria-label="Wide"' in wide.to_html()
    assert "role=" not in wide.to_html(caption=False)
