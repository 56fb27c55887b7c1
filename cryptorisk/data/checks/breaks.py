"""A break in a history that was let pass, for people to know of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """A place from which a history is measured otherwise than before.

    Attributes
    ----------
    series, country, source : str
    date : str
        ISO date of the first figure after it.
    text : str
        A sentence with the figures before and after.
    """

    series: str
    country: str
    source: str
    date: str
    text: str
