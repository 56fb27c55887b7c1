"""The parts of a workbook that are needed for its figures, each counted before a library opens it.

A workbook is an archive of XML. Text shrinks about tenfold in it and a hostile one a thousandfold, and what a library
makes of an element takes a hundred times the element's bytes. So every needed part is unpacked to a bounded size and
its elements are counted; pictures, charts, pivot tables and connections are not even unpacked.

References
----------
ECMA-376, part 1, 12.3 (parts of a workbook), 18.3.1 (sheet), 18.4 (shared strings), 18.8 (styles).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from cryptorisk.data.own import limits
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.reading import SHEET

MAX_OTHER_BYTES = 4 * 1024 * 1024
"""Of a part that is neither a sheet nor the texts: the styles of a much-copied workbook are about a megabyte."""
MAX_OTHER_ELEMENTS = 50_000
"""Of fonts, formats, widths and the like, in any part: a library takes four seconds for so many fonts."""
MAX_TEXT_ELEMENTS = 1_000_000
"""Of the texts that cells share: two a text, more for one with several fonts."""
MAX_ENTRIES = 10_000
"""Parts of the archive."""

_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/_rels/[^/]+\.rels|xl/worksheets/[^/]+\.xml",
    flags=re.IGNORECASE,
)
_ELEMENT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_NAMES = re.compile(rb"<((?:\w+:)?definedNames)\b.*?</\1\s*>", flags=re.DOTALL)
_EMPTY = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
_WORKBOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"
_REMEDY = "copy the figures into a new workbook"


@dataclass(frozen=True)
class Archive:
    """What is left to be read of a workbook.

    Attributes
    ----------
    content : bytes
        An archive of the needed parts.
    with_formulas : frozenset of str
        Names of the parts that are sheets with a formula.
    refused : mapping of str to Unreadable
        Names of the parts that are sheets beyond the limits, which are left empty, and why.
    """

    content: bytes
    with_formulas: frozenset[str]
    refused: Mapping[str, Unreadable]


def bounded(content: bytes) -> Archive:
    """The needed parts of a workbook.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    Unreadable
        When it is no archive, or a part other than a sheet breaks a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Parts(archive).kept()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, NotImplementedError, EOFError):
        raise Unreadable("is no Excel workbook (.xlsx)", "save it as .xlsx, without a password") from None


class _Parts:
    """Takes the needed parts out of an archive: those that say what there is, the sheet that is read, the others."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        if len(archive.namelist()) > MAX_ENTRIES:
            raise Unreadable(f"has more than {MAX_ENTRIES} parts", _REMEDY)
        self.archive = archive
        self.names = [name for name in dict.fromkeys(archive.namelist()) if _NEEDED.fullmatch(name)]
        self.parts: dict[str, bytes] = {}
        self.with_formulas: set[str] = set()
        self.refused: dict[str, Unreadable] = {}

    def kept(self) -> Archive:
        for name in self.names:
            if not _is_sheet(name):
                self.parts[name], _counts = self._part(name, _most(name))
        chosen = _chosen(self.parts, self.names)
        for name in sorted(filter(_is_sheet, self.names), key=lambda name: name != chosen):
            self._sheet(name, read=name == chosen)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as new:
            for name in self.names:
                new.writestr(name, self.parts[name])
        return Archive(made.getvalue(), frozenset(self.with_formulas), self.refused)

    def _sheet(self, name: str, *, read: bool) -> None:
        """The sheet that is read to the limits of a table; another one, of which a glance is enough, if it is small."""
        held = 0 if read else sum(map(len, self.parts.values()))
        most = limits.MAX_UNPACKED if read else min(MAX_OTHER_BYTES, max(limits.MAX_UNPACKED - held, 0))
        try:
            self.parts[name], counts = self._part(name, most)
            if counts["f"]:
                self.with_formulas.add(name)
        except Unreadable as problem:
            self.parts[name], self.refused[name] = _EMPTY, problem

    def _part(self, name: str, most: int) -> tuple[bytes, Counter[str]]:
        """A part's bytes, without the names that the workbook gives to ranges, and its elements by name."""
        about = self.archive.getinfo(name)
        if about.file_size > most:
            raise Unreadable(
                f"has a part, {name[:60]}, that unpacks to more than {most // 2**20} MB", _REMEDY
            )
        if about.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"has a part, {name[:60]}, that is packed as no workbook is", _REMEDY)
        with self.archive.open(about) as stream:
            part = stream.read(
                about.file_size
            )  # asked for so many bytes it unpacks no more, whatever there are
        if b"<!DOCTYPE" in part or b"\0" in part[:4] or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable(f"has a part, {name[:60]}, that no spreadsheet program writes so", _REMEDY)
        if name.casefold() == _WORKBOOK:
            part = _NAMES.sub(b"", part)
        return part, _counted(part, name)


def _chosen(parts: Mapping[str, bytes], names: Collection[str]) -> str:
    """The part that is the sheet named data, else the first; empty where the workbook does not tell."""
    by_name = {name.casefold(): part for name, part in parts.items()}
    try:
        book, links = (ElementTree.fromstring(by_name[name]) for name in (_WORKBOOK, _LINKS))
    except (KeyError, ElementTree.ParseError):
        return ""
    targets = {one.get("Id"): (one.get("Target") or "") for one in links}
    found: dict[str, str] = {}
    for sheet in (one for one in book.iter() if one.tag.rpartition("}")[2] == "sheet"):
        link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        target = targets.get(link, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in names and _is_sheet(part):
            found.setdefault((sheet.get("name") or "").casefold(), part)
    return found.get(SHEET, next(iter(found.values()), ""))


def _is_sheet(name: str) -> bool:
    return name.casefold().startswith("xl/worksheets/")


def _most(name: str) -> int:
    return limits.MAX_UNPACKED if name.casefold() == _TEXTS else MAX_OTHER_BYTES


def _counted(part: bytes, name: str) -> Counter[str]:
    """The elements of a part by name.

    Raises
    ------
    Unreadable
        When there are too many.
    """
    counts: Counter[str] = Counter(found[1].decode("ascii") for found in _ELEMENT.finditer(part))
    allowed = _allowed(name)
    for element, (most, what) in allowed.items():
        if counts[element] > most:
            what = f"has more than {most} {what}, empty ones counted"
            raise Unreadable(
                what, "delete what is empty below and beside the figures, or make several files of it"
            )
    other = MAX_TEXT_ELEMENTS if name.casefold() == _TEXTS else MAX_OTHER_ELEMENTS
    if counts.total() - sum(counts[element] for element in allowed) > other:
        raise Unreadable(
            f"has a part, {name[:60]}, with more than {other} elements beside its cells", _REMEDY
        )
    return counts


def _allowed(name: str) -> Mapping[str, tuple[int, str]]:
    """Elements of a sheet that may be many, and how many."""
    if not _is_sheet(name):
        return {}
    cells = dict.fromkeys(("c", "v", "f", "is", "t"), (limits.MAX_CELLS, "cells"))
    return {"row": (limits.MAX_ROWS, "rows"), **cells}
