"""YAML 1.2 text into plain values that remember their lines.

The text is composed into nodes and never constructed: no timestamp, tag or alias of YAML does anything here,
so that a date is judged by the parameter models and a hostile file costs nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cryptorisk.errors import ParameterError, Problem

Location = tuple[str | int, ...]

MAX_BYTES = 64 * 1024
"""The template has about 10 KB; series go into CSV files. Composing a megabyte takes seconds."""

_DEEP = re.compile(r"(?:[\[{]\s*){30}")
"""No parameter is nested deeper than three brackets; the composer needs seconds for thousands of them."""

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")}
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Tree:
    """Plain values of a parameter file, and where they stand.

    Attributes
    ----------
    values : dict
        Nested dict, list, str, int, float, bool, None.
    lines : dict
        Location (path of keys and list positions) to its line, from 1: of the key for entries of a mapping.
    written : dict
        Location to the scalar as it stands in the file, for messages.
    problems : list of Problem
        What is wrong with the form: duplicate keys, tags, aliases, control characters.
    refused : set of str
        Fields that hold no value for such a reason; what the models say about them is beside the point.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Location, int] = field(default_factory=dict)
    written: dict[Location, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def line(self, location: Location) -> int | None:
        """Line of a location, or of the nearest enclosing entry that has one."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return None


def read_text(path: Path, shown: str) -> str:
    """Read a parameter file as text.

    Parameters
    ----------
    path : Path
    shown : str
        The path as messages name it.

    Raises
    ------
    ParameterError
        When the file cannot be read, is too large or is not UTF-8 text.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal(shown, f"cannot be read ({reason})") from error
    if len(raw) > MAX_BYTES:
        raise _refusal(
            shown,
            f"is larger than {MAX_BYTES // 1024} KB and cannot be a parameter file",
            "a series belongs in a CSV file named under overrides",
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _refusal(shown, "is UTF-16 text", "save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = Problem("", "is not UTF-8 text", "save the file as plain text in UTF-8", line)
        raise ParameterError([problem], file=shown) from None
    if "\x00" in text:
        raise _refusal(shown, "is a binary file, not a parameter file")
    return text


def parse(text: str, shown: str) -> Tree:
    """Compose YAML 1.2 text into a `Tree`.

    Raises
    ------
    ParameterError
        When the text is empty, not YAML, or not a mapping. Problems of single entries are left in the tree,
        to be reported together with those of the models.
    """
    if _DEEP.search(text):
        raise _refusal(shown, "is nested too deeply to be a parameter file")
    try:
        node = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise ParameterError([_syntax(error, text)], file=shown) from None
    except RecursionError:
        raise _refusal(shown, "is nested too deeply to be a parameter file") from None
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # ruamel.yaml raises bare Python errors on some malformed escapes and directives.
        raise _refusal(shown, f"is not valid YAML ({type(error).__name__})") from None
    if node is None or (isinstance(node, ScalarNode) and node.value == ""):
        raise _refusal(shown, "is empty", "`cryptorisk params new KEN` writes a file to start from")
    if not isinstance(node, MappingNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a single text"
        raise ParameterError(
            [Problem("", f"must hold `name: value` lines, and is {kind}", "see params/template.yaml", 1)],
            file=shown,
        )
    tree = Tree()
    try:
        tree.values = _Reader(tree).mapping(node, ())
    except RecursionError:
        raise _refusal(shown, "is nested too deeply to be a parameter file") from None
    return tree


def unprintable(text: str) -> bool:
    """Whether text holds control characters, lone surrogates or marks that reorder the line."""
    return any(
        (unicodedata.category(mark) in ("Cc", "Cs") and mark != "\n") or mark in _BIDI for mark in text
    )


class _Reader:
    """Turns nodes into plain values and notes lines, written forms and problems in a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.seen = tree, set[int]()

    def mapping(self, node: MappingNode, place: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.value == "" or unprintable(key_node.value):
                self.problem(place, "has a key that is not plain text", None, line)
                continue
            here = (*place, key_node.value)
            if key_node.value in values:
                first = self.tree.lines[here]
                self.problem(here, f"is given twice (first on line {first})", "keep one", line)
                continue
            self.tree.lines[here] = line
            values[key_node.value] = self.value(value_node, here)
        return values

    def value(self, node: Node, place: Location) -> Any:
        line = node.start_mark.line + 1
        self.tree.lines.setdefault(place, line)
        if id(node) in self.seen:
            return self.refuse(place, "is a YAML alias (*name)", "write the value out", line)
        self.seen.add(id(node))
        if not self.plain_tag(node):
            return self.refuse(place, f"has the YAML tag {str(node.tag)!r}", "write the plain value", line)
        if isinstance(node, MappingNode):
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return self.scalar(node, place, line)

    def scalar(self, node: Node, place: Location, line: int) -> Any:
        text, quoted = str(node.value), isinstance(node, ScalarNode) and bool(node.style)
        if unprintable(text):
            what = f"holds control characters (got {text[:80]!r})"
            return self.refuse(place, what, "retype it as plain text", line)
        self.tree.written[place] = repr(text) if quoted else text
        return text if quoted else _plain(str(node.tag), text)

    @staticmethod
    def plain_tag(node: Node) -> bool:
        if isinstance(node, MappingNode):
            return str(node.tag) == _TAG + "map"
        if isinstance(node, SequenceNode):
            return str(node.tag) == _TAG + "seq"
        return str(node.tag) in _PLAIN_TAGS

    def refuse(self, place: Location, what: str, remedy: str, line: int) -> None:
        self.tree.refused.add(dotted(place))
        self.problem(place, what, remedy, line)

    def problem(self, place: Location, what: str, remedy: str | None, line: int) -> None:
        self.tree.problems.append(Problem(dotted(place), what, remedy, line))


def dotted(place: Location) -> str:
    """``crash.scenarios[2].price_drop (counted from 1)``: list positions as a reader counts, and says so."""
    text = ""
    for part in place:
        name = f"[{part + 1}]" if isinstance(part, int) else _shown_key(part)
        text += name if isinstance(part, int) or not text else f".{name}"
    return f"{text} (counted from 1)" if any(isinstance(part, int) for part in place) else text


def _shown_key(key: str) -> str:
    """A key as it stands, quoted and cut when it is not the plain word that every valid key is."""
    return key if key.isidentifier() and len(key) <= 80 else repr(key[:80])


def _plain(tag: str, text: str) -> Any:
    """Number, truth value, nothing or text of an unquoted scalar, as YAML 1.2 has it; dates stay text."""
    kind = tag.removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        if kind == "int":
            return _integer(text)
        if kind == "float":
            return _float(text)
    except ValueError:
        return text
    return text


def _integer(text: str) -> int | str:
    digits = text.replace("_", "")
    if len(digits) > 300:
        return text
    return int(digits, 0) if digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else int(digits)


def _float(text: str) -> float | int:
    number = float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
    # 1e4 is a whole number to its reader; the models take whole numbers for counts and for quantities.
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _syntax(error: MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    what = " ".join(str(error.problem or "cannot be understood").split())
    if "another document" in what:
        return Problem("", "holds several YAML documents", "keep one, without a second ---", line)
    indent = ""
    if line is not None:
        rows = text.splitlines()
        row = rows[line - 1] if line <= len(rows) else ""
        indent = row[: len(row) - len(row.lstrip())]
    if "\t" in indent or "'\\t'" in what:
        return Problem("", "is not valid YAML: a tab stands where spaces must", "indent with spaces", line)
    remedy = "a text with a colon needs quotes" if "mapping values" in what else None
    return Problem("", f"is not valid YAML: {what[:200]}", remedy, line)


def _refusal(shown: str, what: str, remedy: str | None = None) -> ParameterError:
    return ParameterError([Problem("", what, remedy)], file=shown)
