"""Notebooks are thin: one H1, one parameters cell, no definitions, no loops, no outputs."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
FORBIDDEN = (
    ast.FunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
    ast.ListComp,
    ast.GeneratorExp,
    ast.Lambda,
)


def test_all_chapters_have_a_notebook():
    assert [path.name[:2] for path in NOTEBOOKS] == ["00", "01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_thin(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    text = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert book.cells[0].cell_type == "markdown"
    assert len(re.findall(r"^# ", "\n".join(text), flags=re.M)) == 1
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert "country = " in tagged[0].source
    assert "resolved_params = None" in tagged[0].source
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    for cell in code:
        tree = ast.parse(cell.source)
        assert not [n for n in ast.walk(tree) if isinstance(n, FORBIDDEN)], cell.source
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert [(a.name, a.asname) for a in node.names] == [("cryptorisk", "cr")]
            assert not isinstance(node, ast.ImportFrom)
        assert len(cell.source.splitlines()) <= 8
