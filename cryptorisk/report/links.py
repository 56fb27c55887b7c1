"""Links from what notebooks show to the annexes: a number's name to its row, a source to its licence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape

from cryptorisk.data.overrides import BANK
from cryptorisk.report.provenance import SourceNote
from cryptorisk.result import Result

_NOTE = re.compile(r'(<p class="note">)(.*?)(</p>)', flags=re.S)
_WORD = re.compile(r"[A-Za-z0-9_]+")
_AGAIN = "\0"
_REPEATED = re.compile(rf"(?:, | and |; ){_AGAIN}[^{_AGAIN}]*{_AGAIN}")
"""A source that the same list has named already: several of its data sets are in use, the annex lists each."""

_ROW = re.compile(r'(<th scope="row"(?: role="rowheader")?>)([^<]+)(</th>)')


def rows_by_label(results: Iterable[Result]) -> dict[str, str]:
    """Estimate ids by label, as far as a label stands for one estimate only."""
    every = [(e.label, e.id) for result in results for e in result.estimates.values()]
    count = Counter(label for label, _id in every)
    return {label: id for label, id in every if count[label] == 1}


def sources_in_notes(html: str, known: Iterable[str]) -> set[str]:
    """Ids of the sources that figures' and tables' notes name."""
    words = {
        word[0]
        for match in _NOTE.finditer(html)
        for word in _WORD.finditer(match[2])
        if _names_a_source(word)
    }
    return words & set(known)


def _names_a_source(word: re.Match[str]) -> bool:
    """Whether a word that equals a source's id means the source: ``bank`` is also an everyday word.

    It means the source only in a list that begins with "Source:" or "Sources:".
    """
    if word[0] != BANK:
        return True
    begin = max(word.string.rfind(f"{start}: ", 0, word.start()) for start in ("Source", "Sources"))
    return begin >= 0 and ". " not in word.string[begin : word.start()]


def linked(html: str, labels: Mapping[str, str], sources: Mapping[str, SourceNote]) -> str:
    """HTML of a cell with its row heads and the sources of its notes linked to the annexes.

    Parameters
    ----------
    html : str
        Made by the package's own objects.
    labels : mapping of str to str
        Estimate id by label.
    sources : mapping of str to SourceNote
        The sources that the annex lists.
    """
    escaped = {escape(label): id for label, id in labels.items()}

    def row(match: re.Match[str]) -> str:
        id = escaped.get(match[2])
        return match[0] if id is None else f'{match[1]}<a href="#num-{id}">{match[2]}</a>{match[3]}'

    def note(match: re.Match[str]) -> str:
        told: set[str] = set()

        def source(word: re.Match[str]) -> str:
            known = sources.get(word[0])
            if known is None or not _names_a_source(word):
                return word[0]
            name = called(known)
            again = name in told
            told.add(name)
            link = f'<a href="#src-{known.id}">{escape(name)}</a>'
            return f"{_AGAIN}{link}{_AGAIN}" if again else link

        text = _REPEATED.sub("", _WORD.sub(source, match[2]))
        return match[1] + text.replace(_AGAIN, "") + match[3]

    return _NOTE.sub(note, _ROW.sub(row, html))


def called(source: SourceNote) -> str:
    """How a note calls a source: as its licence wants it, else by its organisation."""
    wanted = re.sub(r"^(Sources?|Data):\s*", "", source.attribution).strip().rstrip(".")
    return wanted or source.organisation or source.id
