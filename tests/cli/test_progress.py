"""How far a refresh is: what failed does not fill a bar."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cryptorisk.cli import progress
from cryptorisk.data.refresh.fetching import Step


def shown(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> str:
    """The last state of the bars on a terminal."""
    written = io.StringIO()
    monkeypatch.setattr(
        progress, "err", Console(file=written, force_terminal=True, width=120, color_system=None)
    )
    with progress.refresh_bars(("bis", "imf")) as tell:
        for step in steps:
            tell(step)
    return written.getvalue()


def test_a_source_that_failed_has_no_full_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Step("bis", 4, 4, "T4", failed=3), Step("imf", 2, 2, "T2"))
    assert "1/4, 3 failed" in text
    assert "2/2 " in text


def test_elsewhere_failures_are_counted_in_the_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.refresh_bars(("bis",)) as tell:
        tell(Step("bis", 0, 4))
        tell(Step("bis", 4, 4, "T4", failed=3))
    assert capsys.readouterr().err.splitlines() == [
        "bis: 0 of 4 questions settled",
        "bis: 4 of 4 questions settled, 3 failed",
    ]
