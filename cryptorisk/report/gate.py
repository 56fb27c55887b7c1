"""What no page may contain, checked on the finished page: the last door before the reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from cryptorisk.errors import RenderError

MAX_BYTES = 2_000_000
"""A page is e-mailed: two megabytes pass every mail server and open at once on a telephone."""

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_LOADING = frozenset(
    (
        "src",
        "srcset",
        "poster",
        "data",
        "background",
        "action",
        "formaction",
        "cite",
        "manifest",
        "ping",
        "xlink:href",
    )
)
_FOREIGN = frozenset(("iframe", "frame", "object", "embed", "applet", "base"))
_BAD_WORD = re.compile(
    r"(?<![\w.-])(nan|NaN|NAN|NaT|[+-]?inf|-?Infinity|None(?! of\b)|undefined)(?![\w-])|<NA>", flags=re.ASCII
)
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")
_FORMULA = re.compile(r"\$\$|\\(?:frac|sum|sigma|alpha|beta|hat|mathrm|text|left|begin)\b")
_REMOTE_CSS = re.compile(
    r"@import|url\(\s*['\"]?(?!data:|#)[^)]*\)|image-set\(|src\s*:\s*['\"]?https?:", re.I
)


def problems(
    page: str,
    *,
    max_bytes: int = MAX_BYTES,
    inline_scripts: bool = False,
    quotes: bool = False,
    own_words: Iterable[str] = (),
) -> list[str]:
    """Everything that is wrong with a page; empty for a page that may be published.

    Parameters
    ----------
    page : str
        The whole HTML document.
    max_bytes : int
        Largest size in bytes of its UTF-8 form.
    inline_scripts : bool
        Whether scripts without a source are let through (a renderer's own); the kit's page has none.
    quotes : bool
        Whether text inside elements marked ``data-quoted`` is not judged: the index quotes messages of failures.
    own_words : iterable of str
        The user's own text (institution, notes, names of scenarios), which may say anything. A text among them
        that looks like a fault is not judged where it stands whole; nothing else is let through for it.
    """
    reader = _Reader(inline_scripts, quotes, tuple(own_words))
    reader.feed(page)
    reader.close()
    found = [*reader.found, *reader.of_the_whole()]
    size = len(page.encode())
    if size > max_bytes:
        found.append(f"the page has {size / 1e6:.1f} MB, more than {max_bytes / 1e6:.1f} MB")
    return list(dict.fromkeys(found))


def check(
    page: str,
    *,
    name: str,
    max_bytes: int = MAX_BYTES,
    inline_scripts: bool = False,
    quotes: bool = False,
    own_words: Iterable[str] = (),
) -> None:
    """Refuse a page that has any of the `problems`, naming all of them.

    Raises
    ------
    RenderError
    """
    found = problems(
        page, max_bytes=max_bytes, inline_scripts=inline_scripts, quotes=quotes, own_words=own_words
    )
    if found:
        raise RenderError(
            f"the page was refused for {len(found)} reasons:\n  - " + "\n  - ".join(found),
            where=name,
            remedy="correct the chapter or the template named above; nothing was published",
        )


class _Reader(HTMLParser):
    """Collects what is wrong while reading."""

    def __init__(self, inline_scripts: bool, quotes: bool, own_words: tuple[str, ...] = ()) -> None:
        super().__init__(convert_charrefs=True)
        # A text without anything odd in it needs no leave, and masking it could hide a fault.
        odd = {words.strip() for words in own_words if any(True for _ in _odd(words))}
        self.own_words = sorted(odd - {""}, key=len, reverse=True)
        self.inline_scripts, self.quotes = inline_scripts, quotes
        self.quoted: list[int] = []  # depths at which a quotation begins
        self.found: list[str] = []
        self.stack: list[str] = []
        self.ids: Counter[str] = Counter()
        self.aims: set[str] = set()
        self.headings: list[int] = []
        self.lang = self.title = self.main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._identity(given)
        self._addresses(tag, given)
        self._meaning(tag, given)
        for name, value in given.items():
            if name.startswith("on"):
                self._say(f"script in an attribute: {tag} {name}")
            if _TEMPLATE.search(self._masked(value)):
                self._say(f"unrendered template mark in {tag} {name}: {_short(value)}")
        if tag not in _VOID:
            self.stack.append(tag)
            if self.quotes and "data-quoted" in given:
                self.quoted.append(len(self.stack))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.stack:
            while self.stack.pop() != tag:
                pass
            while self.quoted and self.quoted[-1] > len(self.stack):
                self.quoted.pop()

    def handle_data(self, data: str) -> None:
        within = self.stack[-1] if self.stack else ""
        if within == "style":
            self._css(data)
        elif within != "script" and data.strip():
            if within == "title":
                self.title = True
            if not self.quoted:
                self._text(data)

    def of_the_whole(self) -> Iterator[str]:
        """Problems that only the whole page shows."""
        yield from (f"duplicate id: {name}" for name, count in self.ids.items() if count > 1)
        yield from (f"link to an id that is not there: #{name}" for name in sorted(self.aims - set(self.ids)))
        if self.headings.count(1) != 1 or self.headings[:1] != [1]:
            yield f"a page has one h1, and it comes first; this one has {self.headings.count(1)}"
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if after > before + 1:
                yield f"heading out of order: h{after} follows h{before}"
        if not self.lang:
            yield "the html element names no language"
        if not self.title:
            yield "the page has no title"
        if not self.main:
            yield "the page has no main landmark"

    def _identity(self, given: dict[str, str]) -> None:
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in ("aria-labelledby", "aria-describedby", "for", "headers"):
            self.aims |= set(given.get(name, "").split())

    def _addresses(self, tag: str, given: dict[str, str]) -> None:
        if tag in _FOREIGN:
            self._say(f"foreign content: <{tag}>")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._say("the page refreshes itself")
        for name, value in given.items():
            address = value.strip()
            if address.lower().startswith(("javascript:", "vbscript:")):
                self._say(f"script in an address: {tag} {name}")
            elif name == "style":
                self._css(value)
            elif name in ("href", "xlink:href") and address.startswith("#"):
                self.aims |= {address[1:]} - {""}
            elif (name in _LOADING or (name == "href" and tag != "a")) and not address.startswith(
                ("data:", "#")
            ):
                self._say(f"loads from outside the page: {tag} {name}={_short(address)}")

    def _meaning(self, tag: str, given: dict[str, str]) -> None:
        hidden = given.get("aria-hidden") == "true"
        if tag == "img" and not given.get("alt", "").strip() and given.get("role") != "presentation":
            self._say(f"image without alternative text: {_short(given.get('src', ''))}")
        if (
            tag == "svg"
            and not hidden
            and not (given.get("aria-label", "").strip() or "aria-labelledby" in given)
        ):
            self._say("drawing without alternative text")
        if tag == "script" and ("src" in given or not self.inline_scripts):
            self._say("the page contains a script")
        if tag == "html":
            self.lang = bool(given.get("lang"))
        if tag == "main" or given.get("role") == "main":
            self.main = True
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if {"output_error", "jp-OutputArea-error", "ename"} & set(given.get("class", "").split()):
            self._say("an error output")

    def _masked(self, text: str) -> str:
        for words in self.own_words:
            text = text.replace(words, "\u2026")
        return text

    def _text(self, text: str) -> None:
        for problem in _odd(self._masked(text)):
            self._say(problem)

    def _css(self, text: str) -> None:
        for match in _REMOTE_CSS.finditer(text):
            self._say(f"style sheet loads from outside the page: {_short(match[0])}")

    def _say(self, problem: str) -> None:
        self.found.append(problem)


def _odd(text: str) -> Iterator[str]:
    """What a reader must not find in a text."""
    for match in _BAD_WORD.finditer(text):
        around = text[max(0, match.start() - 30) : match.end() + 30]
        yield f"'{match[0]}' is shown to the reader: {_short(around, 80)}"
    if "Traceback (most recent call last)" in text:
        yield "an error output: a traceback is shown"
    if _TEMPLATE.search(text):
        yield f"unrendered template mark: {_short(text)}"
    if _FORMULA.search(text):
        yield f"unrendered formula: {_short(text)}"


def _short(text: str, length: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
