"""The last results of what no country enters: in one process many countries ask for the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from cryptorisk.result import Result

KEPT = 4
"""Enough for a run with a few sets of parameters; a result is a megabyte or two."""


class Recent:
    """Results by everything that determines them, the newest first."""

    def __init__(self) -> None:
        self._results: list[tuple[Hashable, Result]] = []

    def of(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The kept result of this key, or the one that is made now and kept; with frames that are the caller's own."""
        for known, result in self._results:
            if known == key:
                return _own(result)
        found = make()
        self._results[:] = [(key, found), *self._results][:KEPT]
        return _own(found)


def _own(result: Result) -> Result:
    """The result with frames that a caller may write to: pandas copies them when, and only when, he does."""
    tables = {
        name: replace(table, frame=table.frame.copy(deep=False)) for name, table in result.tables.items()
    }
    return replace(result, tables=tables)
