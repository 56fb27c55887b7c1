"""Which chapters of a report read a series that banks are asked for, and what a chapter takes before it.

``kinds.yaml`` records it, for the templates and the findings alike; a test holds it to what the chapters' code names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Before:
    """A series that a chapter takes in place of another where there is a figure of it."""

    series: str
    chapter: int


@dataclass(frozen=True)
class Readers:
    """Who reads a series.

    Attributes
    ----------
    chapters : tuple of int
        Empty when none computes with it.
    before : tuple of Before
    open_only : tuple of int
        Chapters that do not take confidential figures of it.
    """

    chapters: tuple[int, ...]
    before: tuple[Before, ...] = ()
    open_only: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """``used in chapter 2, 3; ...``, for the explanations of a template."""
        if not self.chapters:
            return "no chapter computes with it yet"
        said = [f"used in chapter {', '.join(map(str, self.chapters))}"]
        said += [f"chapter {one.chapter} takes {one.series} before it" for one in self.before]
        if self.open_only:
            said.append(
                f"confidential figures of it are left out in chapter {', '.join(map(str, self.open_only))}"
            )
        return "; ".join(said)


def readers_of(series: str) -> Readers | None:
    """Who reads a series; None for one that no template asks for, of which nothing is recorded."""
    for kind in kinds_table().values():
        if series in kind["series"]:
            return _readers(kind["series"][series])
    return None


def _readers(raw: Mapping[str, Any]) -> Readers:
    before = tuple(Before(str(id), int(chapter)) for id, chapter in (raw.get("before") or {}).items())
    return Readers(tuple(map(int, raw["chapters"])), before, tuple(raw.get("open_only") or ()))


@cache
def kinds_table() -> Mapping[str, Any]:
    """``kinds.yaml`` as it stands."""
    from ruamel.yaml import YAML

    text = files("cryptorisk.data.own").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return dict(YAML(typ="safe", pure=True).load(text))
