"""On a telephone a wide table is read row by row; on paper and on a desk it stays the table that it is."""

import re

import pandas as pd
import pytest

from cryptorisk.report.links import linked
from cryptorisk.report.render import TEMPLATES
from cryptorisk.result import ROWS_AT_A_GLANCE, SHORT_TEXT, Column, Table

COLUMNS = (
    Column("what", "Step"),
    Column("low", "Consumption, low", "USD & c."),
    Column("high", "high", "% of GDP"),
    Column("why", "Why"),
)
REASON = "x" * (SHORT_TEXT + 1)


def table(rows: int, why: object = REASON) -> Table:
    frame = pd.DataFrame({"what": "Households", "low": 1.5, "high": 2.5, "why": why}, index=range(rows))
    return Table("crash.steps", "Steps", frame, COLUMNS)


def style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


def test_a_cell_carries_the_head_of_its_column_and_its_unit() -> None:
    html = table(2).to_html()
    assert html.count('data-label="Consumption, low, USD &amp; c."') == 2
    assert html.count('data-label="Consumption, high, % of GDP"') == 2  # not a bare "high"
    assert html.count("data-wide") == html.count(f"data-wide>{REASON}") == 2


def test_a_table_shown_row_by_row_stays_a_table_to_a_screen_reader() -> None:
    html = table(2).to_html()
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, role in roles.items():
        opened = re.findall(rf"<{tag}[ >][^>]*", html)
        assert opened
        assert all(f'role="{role}"' in one for one in opened), tag
    assert html.count('role="columnheader"') == len(COLUMNS)
    assert html.count('role="rowheader"') == 2


@pytest.mark.parametrize(
    ("rows", "why", "by_row"),
    [
        (ROWS_AT_A_GLANCE, 3.5, True),
        (ROWS_AT_A_GLANCE + 1, 3.5, False),  # numbers to be read down their columns
        (ROWS_AT_A_GLANCE + 1, REASON, False),  # two of three columns are numbers
    ],
)
def test_a_long_table_of_numbers_stays_a_table(rows: int, why: object, by_row: bool) -> None:
    html = table(rows, why).to_html()
    assert ("by-row" in html) == ("data-label" in html) == by_row


def test_a_long_table_of_text_is_shown_row_by_row() -> None:
    long = table(ROWS_AT_A_GLANCE + 1)
    frame = long.frame.assign(low="below already")
    assert "by-row" in Table(long.id, long.title, frame, COLUMNS).to_html()


def test_a_narrow_table_and_the_data_behind_a_figure_carry_nothing_more() -> None:
    narrow = Table("crash.steps", "Steps", table(2).frame, COLUMNS[:3])
    for html in (narrow.to_html(), table(2).to_html(caption=False)):
        assert "data-label" not in html
        assert "role=" not in html


def test_row_heads_of_such_a_table_still_lead_to_their_numbers() -> None:
    html = linked(table(1).to_html(), {"Households": "crash.households"}, {})
    assert '<a href="#num-crash.households">Households</a>' in html


def test_the_layout_by_row_is_for_small_screens_alone() -> None:
    small = re.findall(r"@media screen and \(max-width: 40rem\) \{\n(.*?)\n\}", style(), flags=re.S)
    inside = "".join(small)
    assert "attr(data-label)" in inside
    rest = style().replace(inside, "")
    assert "by-row" not in rest
    assert "stacked" not in rest


def test_every_table_of_the_template_whose_display_changes_has_its_roles() -> None:
    for name in ("annexes.html.j2", "macros.html.j2"):
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        for one in re.findall(
            r"<table(?: class=\"[^\"]*stacked\")? role=\"table\">.*?</table>", text, flags=re.S
        ):
            for tag in re.findall(r"<(?:thead|tbody|tr|th|td)[ >][^>]*", one):
                assert "role=" in tag, (name, tag)
        assert 'role="table"' in text
