"""Figures of chapter 4 that no series of the vintage holds, quoted with the page they were read on (`quoted.csv`)."""

from __future__ import annotations

from functools import cache

from cryptorisk.errors import ModelError
from cryptorisk.models.published import Published, quotations


@cache
def _by_key() -> dict[str, Published]:
    return {one.key: one for one in quotations("cryptorisk.models.crash", "quoted.csv", "crash")}


def quote(key: str) -> Published:
    """A quoted figure by its key.

    Raises
    ------
    ModelError
        When there is none of that name.
    """
    if key not in _by_key():
        raise ModelError(f"no figure {key!r} is quoted in quoted.csv", where="price crash")
    return _by_key()[key]
