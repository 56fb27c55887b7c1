"""The call of quarto with a recording stand-in, and the real program where there is one."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from small_kit import volumes_cells, write_notebook

from cryptorisk.errors import KitError
from cryptorisk.params import Params
from cryptorisk.report import gate
from cryptorisk.report.batch import report_countries
from cryptorisk.report.quarto import lowered

STAND_IN = """import json, pathlib, re, sys
here = pathlib.Path.cwd()
text = (here / "page.md").read_text(encoding="utf-8")
pathlib.Path({record!r}).write_text(json.dumps({{"argv": sys.argv[1:], "files": sorted(p.name for p in here.iterdir()),
    "text": text}}))
if {fails!r}:
    sys.exit("bad option")
body = re.sub(r"(?m)^`{{3,}}.*$", "", text.split("\\n---\\n", 1)[1])
body = re.sub(r"(?m)^(#{{2,6}}) (.*)$", lambda m: f"<h{{len(m[1])}}>{{m[2]}}</h{{len(m[1])}}>", body)
extra = {extra!r}
(here / "page.html").write_text(
    '<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body>' + extra + body + "</body></html>",
    encoding="utf-8",
)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Puts a stand-in for quarto first on the search path; returns where it records its call."""

    def install(*, fails: bool = False, extra: str = "") -> Path:
        folder, record = tmp_path / "a bin", tmp_path / "call.json"
        folder.mkdir()
        program = folder / "quarto"
        script = folder / "stand_in.py"
        script.write_text(STAND_IN.format(record=str(record), fails=fails, extra=extra), encoding="utf-8")
        # A shebang line cannot name an interpreter whose path has a space.
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return record

    return install


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_call_and_what_quarto_is_given(small_kit: Path, stand_in) -> None:  # type: ignore[no-untyped-def]
    record = stand_in()
    summary = report_countries(
        [Params(country="KEN", institution="A `bank`")], root=small_kit, renderer="quarto"
    )
    assert summary.exit_code == 0, summary.outcomes[0].error
    call = json.loads(record.read_text())
    assert call["argv"] == ["render", "page.md", "--to", "html"]
    assert call["files"] == ["page.md", "style.css"]
    front = json.loads(call["text"].split("\n---\n")[0].removeprefix("---\n"))
    assert front["engine"] == "markdown"
    assert front["format"]["html"]["theme"] == "none"
    assert front["format"]["html"]["embed-resources"] is True
    assert front["format"]["html"]["html-math-method"] == "mathml"
    text = call["text"]
    assert "```{python}" not in text
    assert "## Transaction volumes" in text
    assert re.search(r"^# ", text, flags=re.M) is None
    assert r"\<b>raw" in text
    page = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    assert gate.problems(page) == []
    assert 'id="num-volumes.level"' in page
    assert 'id="fig-volumes-history"' in page


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_what_quarto_adds_passes_the_gate_or_is_refused(small_kit: Path, stand_in) -> None:  # type: ignore[no-untyped-def]
    stand_in(extra='<script src="https://cdn.example/require.js"></script>')
    summary = report_countries([Params(country="KEN")], root=small_kit, renderer="quarto", run="r")
    assert summary.exit_code == 1
    assert "loads from outside" in summary.outcomes[0].error


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_failing_quarto_is_told_with_its_message(small_kit: Path, stand_in) -> None:  # type: ignore[no-untyped-def]
    stand_in(fails=True)
    summary = report_countries([Params(country="KEN")], root=small_kit, renderer="quarto", run="r")
    assert "bad option" in summary.outcomes[0].error


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_an_error_output_never_reaches_quarto(small_kit: Path, stand_in) -> None:  # type: ignore[no-untyped-def]
    record = stand_in()
    write_notebook(small_kit / "notebooks" / "02_broken.ipynb", volumes_cells(("code", "1 / 0", ())))
    assert report_countries([Params(country="KEN")], root=small_kit, renderer="quarto").exit_code == 1
    assert not record.exists()


def test_quarto_asked_for_and_absent(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KitError, match="not installed") as refusal:
        report_countries([Params(country="KEN")], root=small_kit, renderer="quarto")
    assert refusal.value.exit_code == 2
    assert not (small_kit / "reports").exists()


def test_headings_move_down_but_code_does_not() -> None:
    assert lowered("# A\n```\n# not a heading <b>\n```\n## B <i>") == (
        "## A\n```\n# not a heading <b>\n```\n### B \\<i>\n"
    )


@pytest.mark.skipif(shutil.which("quarto") is None, reason="the program quarto is not installed here")
def test_the_real_quarto(small_kit: Path) -> None:
    summary = report_countries([Params(country="KEN")], root=small_kit, renderer="quarto")
    assert summary.exit_code == 0, summary.outcomes[0].error
    page = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    assert 'id="num-volumes.level"' in page
    assert 'id="fig-volumes-history"' in page
