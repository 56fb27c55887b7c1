"""The last results of what no country enters: in one process many countries ask for the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from cryptorisk.result import Result

KEPT = 4
"""Enough for a run with a few sets of parameters; a result is a megabyte or two."""


class Recent:
    """Results by everything that determines them, the newest first."""

    def __init__(self) -> None:
        self._results: list[tuple[Hashable, Result]] = []

    def of(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The kept result of this key, or the one that is made now and kept."""
        for known, result in self._results:
            if known == key:
                return result
        found = make()
        self._results[:] = [(key, found), *self._results][:KEPT]
        return found
