"""What an SDMX answer is, seen before the library reads it whole: its head, and whether it is of a bearable size.

sdmx1 holds 2 to 3 kB for an observation and a table with a column for every name, so that the bytes of an answer say
little of what it takes: a dishonest one of a few megabytes may hold half a million observations, or thousands of names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

MOST_ELEMENTS = 150_000
"""More than twice those of the largest honest answer, a whole dataflow with 60 000 observations: 260 MB (measured)."""
MOST_NAMES = 200
"""Names of attributes in an answer; a dataflow has some forty dimensions and attributes."""


class TooLarge(Exception):
    """The answer would take more memory than any honest one."""


class DocumentType(Exception):
    """The answer has one, with which texts can be defined that unfold without end: no SDMX message has, a page has."""


@dataclass
class Scan:
    """What is seen of an answer.

    Attributes
    ----------
    root : str
        Name of the outermost element, without its namespace; "" when there is none.
    data_set : dict of str to str
        Attributes of the first data set.
    elements : int
    names : set of str
        Of attributes.
    """

    root: str = ""
    data_set: dict[str, str] = field(default_factory=dict)
    elements: int = 0
    names: set[str] = field(default_factory=set)
    _in_data: bool = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of an element."""
        self.elements += 1
        self.names.update(attributes)
        if self.elements > MOST_ELEMENTS:
            raise TooLarge(f"more than {MOST_ELEMENTS:,} elements")
        if len(self.names) > MOST_NAMES:
            raise TooLarge(f"more than {MOST_NAMES} names of attributes")
        self.root = self.root or name.rpartition("}")[2]
        if name.endswith("}DataSet") and not self._in_data:
            self._in_data, self.data_set = True, dict(attributes)


def scanned(content: bytes) -> Scan:
    """Look through an answer without keeping it.

    Raises
    ------
    TooLarge, DocumentType
    xml.parsers.expat.ExpatError
        When it is not XML.
    """
    scan = Scan()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = scan.begin
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(content, True)
    return scan


def _refuse(*_: object) -> None:
    raise DocumentType
