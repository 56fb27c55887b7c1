"""Paragraph 20 of United Nations paper E/C.16/2023/7 through the project's own functions.

Printed there (Chainalysis, 2021 Geography of Cryptocurrency Report, July 2020 to June 2021): Central and South-East
Asia and Oceania 14 % of world value, 572 bn USD; Eastern Asia 14 %, 591 bn; Middle East 7 %, 271.7 bn; together
about 35 %, over 1.43 tn.
"""

import pytest

from cryptorisk.models import volumes
from cryptorisk.params import Params


@pytest.fixture(scope="module")
def paragraph(inputs_for):
    result = volumes.analyse(inputs_for("KEN"), Params(country="KEN"))
    return result.tables["un_paragraph_20"].frame.set_index("paper"), result


def test_values_and_shares_as_printed(paragraph):
    frame, _ = paragraph
    assert frame["value"].tolist() == pytest.approx([572.0, 591.0, 271.7, 1434.7])
    assert frame["share"].tolist() == [14, 14, 7, 35]


def test_computed_shares_round_to_the_printed_ones(paragraph):
    frame, _ = paragraph
    assert frame["computed"].to_numpy() == pytest.approx([14, 14, 7, 35], abs=1.0)
    assert frame["computed"].iloc[:3].sum() == pytest.approx(frame["computed"].iloc[3])


def test_the_sum_of_the_rows_is_the_papers_over_1_43_trillion(paragraph):
    frame, _ = paragraph
    assert frame.loc["Together", "value"] > 1430
    assert frame.loc["Together", "value"] == pytest.approx(frame["value"].iloc[:3].sum())


def test_the_wording_that_differs_from_the_source_is_kept_and_named(paragraph):
    frame, result = paragraph
    first = "Central and South-East Asia and Oceania"
    assert frame.loc[first, "source_name"] == "Central and Southern Asia and Oceania"
    assert "South-East where the source says Southern" in result.tables["un_paragraph_20"].note


def test_reconciled_regions_keep_the_papers_values_inside_their_intervals(paragraph):
    _, result = paragraph
    regions = result.tables["regions"].frame
    year = regions[regions["period"] == "2020/21"].set_index("region")
    southern, eastern = "Central and Southern Asia and Oceania", "Eastern Asia"
    assert year.loc[southern, "low"] < 572 < year.loc[southern, "high"]
    assert year.loc[eastern, "low"] < 591 < year.loc[eastern, "high"]
    # MENA is wider than the paper's Middle East
    assert year.loc["Middle East and North Africa", "value"] > 271.7


def test_the_sum_is_never_a_quote(paragraph):
    _, result = paragraph
    quotes = result.tables["quotes"].frame
    rows = quotes[quotes["label"].str.startswith("Developing")]
    assert rows["what"].str.startswith("left out").all()
    assert len(rows) == 1
