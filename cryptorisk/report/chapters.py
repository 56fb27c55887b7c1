"""What an executed notebook brings to the page: its text, what its cells show, its results, its warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptorisk.errors import RenderError, RunError
from cryptorisk.report.blocks import ANNEX_TAG, Block, cell_blocks, tables_once
from cryptorisk.report.sections import abridged
from cryptorisk.result import Result


@dataclass(frozen=True)
class Chapter:
    """A chapter of the page.

    Attributes
    ----------
    number : str
        Two digits of the notebook's name; ``00`` stands first.
    notebook : str
        File name.
    title : str
        The notebook's only heading of the first level.
    blocks : tuple of Block
        In the notebook's order, without cells for JupyterLab alone, cells for the technical annex and text about what is
        not there.
    results : tuple of Result
    annex : tuple of Block
        What the technical annex shows of the chapter; nothing when the chapter does not apply.
    warnings : tuple of str
        What the cells wrote to standard error; recorded, not shown.
    """

    number: str
    notebook: str
    title: str
    blocks: tuple[Block, ...]
    results: tuple[Result, ...]
    annex: tuple[Block, ...]
    warnings: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The section's id on the page."""
        return f"chapter-{self.number}"

    @property
    def annex_anchor(self) -> str:
        """The id of its part of the technical annex."""
        return f"annex-{self.number}"


def read_chapter(name: str, notebook: Any) -> Chapter:
    """Read an executed notebook.

    Parameters
    ----------
    name : str
        File name, ``NN_name.ipynb``.
    notebook : nbformat.NotebookNode
        As returned by `cryptorisk.report.run.execute`.

    Raises
    ------
    RunError
        When it has no first-level heading or more than one, or hands on no result.
    """
    titles = [
        title.strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for title in re.findall(r"^# +(.+)$", _without_code(cell.source), flags=re.M)
    ]
    if len(titles) != 1:
        raise RunError(
            f"has {len(titles)} headings of the first level; a chapter has one",
            notebook=name,
            remedy="start the notebook with one '# Title' and use '## ...' below",
        )
    blocks = _blocks(notebook, annex=False)
    results = tuple(block.result for block in blocks if block.result is not None)
    if not results:
        raise RunError(
            "hands on no result: no cell shows one",
            notebook=name,
            remedy="end a cell with the chapter's result, so that the report can read it",
        )
    applies = any(result.applicable for result in results)
    once = tables_once((*blocks, *(_blocks(notebook, annex=True) if applies else ())))
    return Chapter(
        name[:2],
        name,
        titles[0],
        once[: len(blocks)],
        results,
        once[len(blocks) :],
        _warnings(notebook),
    )


def results_of(chapters: Iterable[Chapter]) -> Mapping[str, Result]:
    """The results by chapter, in page order.

    Raises
    ------
    RenderError
        When two notebooks show different results of the same chapter: one page must not contradict itself.
    """
    found: dict[str, Result] = {}
    for chapter in chapters:
        for result in chapter.results:
            earlier = found.setdefault(result.chapter, result)
            if earlier.to_dict() != result.to_dict():
                raise RenderError(
                    f"two notebooks show different results of the chapter {result.chapter}",
                    where=chapter.notebook,
                    remedy="both must be computed from the same inputs, parameters and seed",
                )
    return found


def _blocks(notebook: Any, *, annex: bool) -> tuple[Block, ...]:
    """What the page shows of the cells of one kind, without text about what is not there."""
    cells = [cell for cell in notebook.cells if (ANNEX_TAG in cell.metadata.get("tags", ())) == annex]
    return abridged(tuple(block for cell in cells for block in cell_blocks(cell)))


def _warnings(notebook: Any) -> tuple[str, ...]:
    return tuple(
        output.text.strip()
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr" and output.text.strip()
    )


def _without_code(markdown: str) -> str:
    return re.sub(r"^```.*?^```", "", markdown, flags=re.S | re.M)
