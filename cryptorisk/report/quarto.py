"""The same chapters rendered by the quarto program, where it is installed. Nothing is executed again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptorisk.errors import KitError, RenderError
from cryptorisk.report.blocks import Block
from cryptorisk.report.chapters import Chapter
from cryptorisk.report.links import linked
from cryptorisk.report.render import Page, template

QUARTO_SECONDS = 300
"""A page takes 3 seconds; a hundred times that is a program that hangs."""

_FRONT: dict[str, Any] = {
    "lang": "en-GB",
    "engine": "markdown",
    "format": {
        "html": {
            # Without a theme, and with every output as raw HTML, quarto adds no address of a content network.
            "theme": "none",
            "minimal": True,
            "embed-resources": True,
            "html-math-method": "mathml",
            "css": "style.css",
            "identifier-prefix": "q-",
            "section-divs": False,
            "code-copy": False,
            "anchor-sections": False,
        }
    },
}


def find_quarto() -> str:
    """Path of the quarto program.

    Raises
    ------
    KitError
        When it is not on the search path.
    """
    program = shutil.which("quarto")
    if program is None:
        raise KitError(
            "the renderer quarto was asked for, but the program quarto is not installed",
            remedy="install it (conda: environment.yml brings it) or use --renderer nbconvert",
        )
    return program


def render(page: Page, chapters: Sequence[Chapter], stage: Path, *, program: str | None = None) -> str:
    """The page by quarto: Markdown of the executed notebooks with their outputs as raw HTML.

    Parameters
    ----------
    page : Page
        As for nbconvert.
    chapters : sequence of Chapter
    stage : Path
        Empty private folder to work in.
    program : str, optional
        Path of quarto; searched for when not given.

    Returns
    -------
    str
        HTML; the caller's gate still judges it.

    Raises
    ------
    KitError, RenderError
        When quarto is absent; when it fails or writes nothing.
    """
    program = program or find_quarto()
    (stage / "page.md").write_text(markdown(page, chapters), encoding="utf-8", newline="\n")
    style = template("style.css").render() + template("head.css.j2").render(page=page)
    (stage / "style.css").write_text(style, encoding="utf-8", newline="\n")
    try:
        done = subprocess.run(
            [program, "render", "page.md", "--to", "html"],
            cwd=stage,
            capture_output=True,
            text=True,
            timeout=QUARTO_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise RenderError(f"quarto did not finish within {QUARTO_SECONDS} seconds") from problem
    output = stage / "page.html"
    if done.returncode != 0 or not output.is_file():
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise RenderError(
            f"quarto ended with code {done.returncode}: {said}", remedy="use --renderer nbconvert"
        )
    return output.read_text(encoding="utf-8")


def markdown(page: Page, chapters: Sequence[Chapter]) -> str:
    """The document that quarto is given."""
    front = {"pagetitle": f"{page.country}: macro-financial risk from crypto-assets", **_FRONT}
    # JSON is YAML; quoting is then one rule.
    parts = ["---\n" + json.dumps(front, ensure_ascii=False, indent=1) + "\n---\n"]
    parts.append(_raw(template("cover.html.j2").render(page=page) + '<main id="content">'))
    for chapter in chapters:
        kind = "chapter glance" if chapter.number == "00" else "chapter"
        parts.append(_raw(f'<section class="{kind}" id="{chapter.anchor}">'))
        parts += [_block(block, page) for block in chapter.blocks]
        if chapter.annex:
            parts.append(_raw(template("to_annex.html.j2").render(anchor=chapter.annex_anchor)))
        parts.append(_raw("</section>"))
    parts.append(_raw(template("annexes.html.j2").render(page=page) + "</main>"))
    return "\n".join(parts)


def _block(block: Block, page: Page) -> str:
    if block.result is not None:
        return _raw(template("result.html.j2").render(result=block.result, known=page.known))
    return _raw(linked(block.html, *page.links)) if block.html else lowered(block.markdown)


def lowered(text: str) -> str:
    """Markdown with every heading one level lower (the page's title is the first level) and no raw HTML."""
    lines, fenced = [], False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced:
            line = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", line)
            line = "#" + line if re.match(r"#{1,5} ", line) else line
        lines.append(line)
    return "\n".join(lines) + "\n"


def _raw(html: str) -> str:
    """A raw block, behind a fence longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", html)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{=html}}\n{html}\n{fence}\n"
