"""The pieces of an executed notebook that a page may show, and which of them only say why there is nothing."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from cryptorisk.result import RESULT_MIME, Result, notice_html

ANNEX_TAG = "annex"
"""Cells with this tag stand in the chapter's part of the technical annex; in JupyterLab they stay in their place."""
HIDDEN_TAGS = frozenset({"lab", "parameters", "injected-parameters"})
_NOTICE = re.compile(r'\s*<p class="figure-notice"[^>]*>(?:(?!</p>).)*</p>\s*', flags=re.S)
_OWN_TABLE = re.compile(r'\s*<div class="table-block" data-table="([^"]+)"')
_REASONS = re.compile(r'\s*<div class="table-block" data-table="[^"]*" data-absent')
_SHOWN_DATA = re.compile(r'<details class="figure-data">.*?data-table="([^"]+)".*?</details>', flags=re.S)


@dataclass(frozen=True)
class Block:
    """One piece of a chapter: Markdown text, ready HTML, or a result.

    A block with neither is a code cell that shows nothing: it counts as an output without data.
    """

    markdown: str = ""
    html: str = ""
    result: Result | None = None

    @property
    def notice(self) -> bool:
        """Whether it is an output that only says, if anything, why there is nothing to show."""
        return (
            self.result is None
            and not self.markdown
            and (not self.html or bool(_NOTICE.fullmatch(self.html)) or self.reasons)
        )

    @property
    def reasons(self) -> bool:
        """Whether it is a table of estimates none of which can be had, with the reason of each."""
        return bool(_REASONS.match(self.html))

    @property
    def table(self) -> str:
        """Id of the table that the block shows as a table of its own; empty for anything else."""
        match = _OWN_TABLE.match(self.html)
        return match[1] if match else ""


def cell_blocks(cell: Any) -> list[Block]:
    """What the page shows of a cell; nothing of cells for JupyterLab alone."""
    if HIDDEN_TAGS & set(cell.metadata.get("tags", ())):
        return []
    if cell.cell_type == "markdown":
        return [Block(markdown=cell.source)]
    if cell.cell_type != "code":
        return []
    return [block for output in cell.outputs if (block := _shown(output)) is not None] or [Block()]


def tables_once(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Data printed once: a figure whose table stands in the chapter on its own links to it instead."""
    own = {block.table for block in blocks if block.table}
    aims: set[str] = set()

    def link(match: re.Match[str]) -> str:
        if match[1] not in own:
            return match[0]
        aims.add(match[1])
        return f'<p class="figure-data"><a href="#{table_anchor(match[1])}">Data of this figure: the table</a></p>'

    shorter = [Block(b.markdown, _SHOWN_DATA.sub(link, b.html), b.result) for b in blocks]
    out = []
    for block in shorter:
        if block.table in aims:
            aims.remove(block.table)
            html = block.html.replace("<div ", f'<div id="{table_anchor(block.table)}" ', 1)
            block = Block(html=html)
        out.append(block)
    return tuple(out)


def table_anchor(id: str) -> str:
    """The element's id of a table that a figure leads to."""
    return "table-" + re.sub(r"[^A-Za-z0-9_-]+", "-", id)


def _shown(output: Any) -> Block | None:
    """What of an output the page shows; plain text is for the console, but a sentence says why there is nothing."""
    if output.output_type not in ("display_data", "execute_result"):
        return None
    data = output.data
    if RESULT_MIME in data:
        return Block(result=Result.from_dict(data[RESULT_MIME]))
    if "text/html" in data:
        return Block(html=str(data["text/html"]))
    if "text/markdown" in data:
        return Block(markdown=str(data["text/markdown"]))
    sentence = _sentence(str(data.get("text/plain", "")))
    return Block(html=notice_html("", sentence)) if sentence else None


def _sentence(representation: str) -> str:
    """The text behind a Python string's representation; empty for any other object."""
    try:
        value = ast.literal_eval(representation)
    except (ValueError, SyntaxError):
        return ""
    return value.strip() if isinstance(value, str) else ""
