"""Markdown of the notebooks as HTML of the page: raw HTML escaped, headings one level lower, no scripts."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """Headings move down, for the page's own title; formulas are shown as they are written."""

    def __init__(self, down: int, deepest: int) -> None:
        super().__init__(escape=True, exclude_anchor_links=True, embed_images=False)
        self.down, self.deepest = down, deepest

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        del attrs
        name = f"h{min(level + self.down, self.deepest)}"
        return f"<{name}>{text}</{name}>\n"

    def block_math(self, body: str) -> str:
        return f'<p><code class="math">{escape(body.strip(), quote=False)}</code></p>\n'

    def inline_math(self, body: str) -> str:
        return f'<code class="math">{escape(body.strip(), quote=False)}</code>'


def prose(markdown: str, down: int = 1, deepest: int = 6) -> str:
    """HTML of a Markdown cell; what looks like HTML in it is shown, not obeyed.

    Parameters
    ----------
    markdown : str
    down, deepest : int
        Headings move down by so many levels, but not below the deepest.
    """
    return str(MarkdownWithMath(renderer=_Renderer(down, deepest)).render(markdown))


def plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", lambda match: match[1] or "", markdown).strip()
