"""The nearest valid name to a misspelt one: keys, series ids, country codes."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

EVERYDAY_NAMES = {
    "uk": "GBR",
    "great britain": "GBR",
    "britain": "GBR",
    "england": "GBR",
    "us": "USA",
    "u.s.": "USA",
    "u.s.a.": "USA",
    "america": "USA",
    "united states of america": "USA",
    "the united states": "USA",
    "uae": "ARE",
    "emirates": "ARE",
    "rsa": "ZAF",
    "ksa": "SAU",
    "prc": "CHN",
    "ger": "DEU",
    "drc": "COD",
    "dr congo": "COD",
    "congo kinshasa": "COD",
    "congo brazzaville": "COG",
    "car": "CAF",
    "png": "PNG",
    "south korea": "KOR",
    "korea": "KOR",
    "north korea": "PRK",
    "russia": "RUS",
    "turkey": "TUR",
    "czech republic": "CZE",
    "holland": "NLD",
    "burma": "MMR",
    "swaziland": "SWZ",
    "cape verde": "CPV",
    "ivory coast": "CIV",
    "east timor": "TLS",
    "macedonia": "MKD",
    "vietnam": "VNM",
    "laos": "LAO",
    "syria": "SYR",
    "iran": "IRN",
}
"""Names and short forms in daily use that are neither an ISO code nor near an economy's name."""

GROUPS = frozenset({"eu", "emu", "euro area", "eurozone", "european union", "ecb", "waemu", "cemac", "eccu"})


def suggestion(given: str, known: Iterable[str]) -> str | None:
    """``did you mean ...?`` for the nearest of the known names; None when none is near."""
    folded = {name.casefold(): name for name in known}
    word = given[:80].casefold()
    if word in folded:
        return f"did you mean {folded[word]}?"
    near = difflib.get_close_matches(word, folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]}?" if near else None


def country_suggestion(given: str) -> str | None:
    """The code meant by a lower-case code, a name in use or a misspelling of either; None when none is near."""
    from cryptorisk import countries

    codes = country_names()
    word = " ".join(given[:80].casefold().split())
    if word in GROUPS:
        return "a report is about one economy: name a member, for example DEU"
    if word in EVERYDAY_NAMES:
        return f"did you mean {EVERYDAY_NAMES[word]} ({codes[EVERYDAY_NAMES[word]]})?"
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
