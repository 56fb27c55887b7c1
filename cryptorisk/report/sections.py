"""What stands on the page of a chapter that does not apply, or of a section that has nothing to show.

The notebooks are the same for every economy. A page does not explain at length what it then does not show.
"""

from __future__ import annotations

import re
from itertools import groupby

from cryptorisk.report.blocks import Block

NOTHING = Block(html='<p class="figure-notice">Nothing to show: the data vintage has no figure for it.</p>')
_HEADING = re.compile(r"^(#{1,6}) +.+$", flags=re.M)
_REASON = re.compile(
    r'<p class="figure-notice"([^>]*)><b>(.*?)\.</b> ((?:Not drawn|Not shown): .*)</p>', flags=re.S
)


def abridged(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without the text about what is not there.

    A chapter whose results do not apply keeps its title and the results, which carry the reason and what is known
    all the same. A section (a heading and what follows it) whose outputs are all notices keeps its heading and the
    reasons, each once, and references. The part under the chapter's title stays.
    """
    results = [block for block in blocks if block.result is not None]
    if results and not any(block.result.applicable for block in results if block.result is not None):
        titles = [m[0] for b in blocks for m in _HEADING.finditer(b.markdown) if len(m[1]) == 1]
        return (*(Block(markdown=title) for title in titles[:1]), *results)
    kept: list[Block] = []
    for section in _sections(blocks):
        kept += _collapsed(section) if _empty(section) else section
    return tuple(block for block in kept if block != Block())


def _sections(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """The blocks cut before every heading; a heading inside a fence of code is none."""
    pieces: list[list[Block]] = [[]]
    for block in blocks:
        for part in _cut(block.markdown) if block.markdown else [block]:
            piece = part if isinstance(part, Block) else Block(markdown=part)
            if _level(piece) and pieces[-1]:
                pieces.append([])
            pieces[-1].append(piece)
    return [piece for piece in pieces if piece]


def _cut(markdown: str) -> list[str]:
    lines, parts, fenced = markdown.splitlines(keepends=True), [""], False
    for line in lines:
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced and _HEADING.match(line) and parts[-1].strip():
            parts.append("")
        parts[-1] += line
    return [part for part in parts if part.strip()]


def _level(block: Block) -> int:
    match = _HEADING.match(block.markdown)
    return len(match[1]) if match else 0


def _empty(section: list[Block]) -> bool:
    outputs = [block for block in section if not block.markdown]
    return _level(section[0]) > 1 and bool(outputs) and all(block.notice for block in outputs)


def _collapsed(section: list[Block]) -> list[Block]:
    heading = section[0].markdown.splitlines()[0]
    notices = _reasons_once([block for block in section if block.html])
    references = [block for block in section if block.markdown.lstrip("*_ ").startswith("References")]
    return [Block(markdown=heading), *(notices or [NOTHING]), *references]


def _reasons_once(notices: list[Block]) -> list[Block]:
    """Neighbours with the same reason in one line: their titles, then the reason."""
    parsed = [(block, _REASON.fullmatch(block.html.strip())) for block in notices]
    if any(
        match for _block, match in parsed
    ):  # a sentence without a title only repeats that there is nothing
        parsed = [(block, match) for block, match in parsed if match or block.reasons]
    lines: list[Block] = []
    for reason, group in groupby(parsed, key=lambda pair: pair[1][3] if pair[1] else pair[0].html):
        matches = [match for _block, match in group]
        if matches[0] is None:
            lines.append(Block(html=reason))
            continue
        titles = "; ".join(dict.fromkeys(match[2] for match in matches if match))
        lines.append(Block(html=f'<p class="figure-notice"{matches[0][1]}><b>{titles}.</b> {reason}</p>'))
    return lines
