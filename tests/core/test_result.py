import json

import numpy as np
import pandas as pd
import pytest

from cryptorisk.estimate import Estimate
from cryptorisk.result import RESULT_MIME, Column, Finding, Result, Table, estimates_table


@pytest.fixture
def result():
    frame = pd.DataFrame(
        {"year": ["2023", "2024"], "usd_bn": [1.25, np.nan], "date": pd.to_datetime(["2023-12-31", None])}
    )
    table = Table(
        "volumes.path",
        "Path <b>",
        frame,
        (Column("year", "Year"), Column("usd_bn", "Value", "bn USD", 1), Column("date", "Date")),
    )
    estimates = [
        Estimate("volumes.a", "A & B", 1.0, "pct", low=0.5, high=2.0, level=0.8, interval="confidence"),
        Estimate.missing("volumes.b", "B", "usd", "not in the vintage"),
    ]
    findings = [Finding("volumes.f", "Fine.", "info"), Finding("volumes.g", "Bad <script>.", "alert")]
    return Result.build(
        "volumes",
        "Volumes",
        "KEN",
        estimates=estimates,
        tables=[table],
        findings=findings,
        headline=["a", "b"],
    )


def test_findings_come_worst_first(result):
    assert [f.severity for f in result.findings] == ["alert", "info"]


def test_html_is_escaped_and_missing_is_shown(result):
    html = result.to_html() + result.tables["path"].to_html()
    assert "<script>" not in html
    assert "Path <b>" not in html
    assert "n.a." in html
    assert "nan" not in html.lower().replace("finance", "")


def test_addresses_in_cells_are_links_called_by_their_host():
    words = "https://www.a.example/x?a=1&b=2; http://b.example/<i> (copied <b>)"
    frame = pd.DataFrame({"what": ["One", "Two"], "url": [words, ""]})
    html = Table("volumes.x", "X", frame, (Column("what", "What"), Column("url", "Page"))).to_html()
    assert '<td><a class="page" href="https://www.a.example/x?a=1&amp;b=2">a.example</a>; ' in html
    assert '<a class="page" href="http://b.example/&lt;i&gt;">b.example</a> (copied &lt;b&gt;)</td>' in html
    assert "<td></td>" in html


def test_result_survives_json(result):
    bundle = result._repr_mimebundle_()
    again = Result.from_dict(json.loads(json.dumps(bundle[RESULT_MIME], allow_nan=False)))
    assert again.to_dict() == result.to_dict()
    assert again["a"] == result["a"]


def test_a_result_cannot_be_changed(result):
    with pytest.raises(TypeError):
        result.estimates["a"] = None
    with pytest.raises(AttributeError):
        result.title = "x"


def test_misfiled_parts_are_refused():
    stray = Estimate("flight.a", "A", 1.0, "pct")
    with pytest.raises(ValueError, match="filed under"):
        Result("volumes", "V", "KEN", {"a": stray})
    with pytest.raises(ValueError, match="headline names no estimate"):
        Result.build("volumes", "V", "KEN", headline=["absent"])
    with pytest.raises(ValueError, match="needs a reason"):
        Result.build("volumes", "V", "KEN", applicable=False)


def test_a_table_needs_its_columns():
    with pytest.raises(ValueError, match="no column"):
        Table("a.b", "T", pd.DataFrame({"x": [1]}), (Column("y", "Y"),))


def test_estimates_table_prints_reason(result):
    text = estimates_table(result.headlines, id="volumes.h", title="H").to_html()
    assert "not in the vintage" in text
    assert "80 % interval" in text
