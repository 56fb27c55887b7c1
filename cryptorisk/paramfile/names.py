"""The nearest valid name to a misspelt one: keys, series ids, country codes."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache


def suggestion(given: str, known: Iterable[str]) -> str | None:
    """``did you mean ...?`` for the nearest of the known names; None when none is near."""
    folded = {name.casefold(): name for name in known}
    word = given[:80].casefold()
    if word in folded:
        return f"did you mean {folded[word]}?"
    near = difflib.get_close_matches(word, folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]}?" if near else None


def country_suggestion(given: str) -> str | None:
    """The code meant by a lower-case code, a name or a misspelling of either; None when none is near."""
    from cryptorisk import countries

    codes = country_names()
    short = {one.iso2: one.iso3 for one in countries.countries()}
    code = short.get(given.strip().upper(), given.strip().upper())
    if code in codes:
        return f"did you mean {code} ({codes[code]})?"
    by_name = {_folded(name): code for code, name in codes.items()}
    near = difflib.get_close_matches(_folded(given[:80]), by_name, n=1, cutoff=0.75)
    if near:
        return f"did you mean {by_name[near[0]]} ({codes[by_name[near[0]]]})?"
    if len(given) != 3:
        return None
    code = max(codes, key=lambda code: _likeness(given.upper(), code))
    return f"did you mean {code} ({codes[code]})?" if _likeness(given.upper(), code) >= 2 else None


def _likeness(given: str, code: str) -> float:
    """Letters in place; the same letters in another order count as a slip of two keys."""
    return 2.5 if sorted(given) == sorted(code) else sum(a == b for a, b in zip(given, code, strict=True))


@cache
def country_names() -> Mapping[str, str]:
    """ISO 3166-1 alpha-3 code to name of every economy the kit knows."""
    from cryptorisk import countries

    return {one.iso3: one.name for one in countries.countries()}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().replace("-", " ").split())
