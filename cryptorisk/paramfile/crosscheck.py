"""What a parameter file says, held against what the kit has: countries, series, files, vintages.

Works on the file's plain values, so that these problems are reported together with those of the models.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptorisk.errors import DataError, ParameterError, Problem
from cryptorisk.paramfile import ownseries
from cryptorisk.paramfile.names import country_names, country_suggestion, suggestion
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted

_CODE = re.compile(r"[A-Z]{3}")
_VINTAGE = re.compile(r"latest|\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?")


def problems(tree: Tree, folder: Path, root: Path | None) -> list[Problem]:
    """Problems that the parameter models cannot see.

    Parameters
    ----------
    tree : Tree
    folder : Path
        Folder of the parameter file; files under ``overrides`` and ``own_files`` are relative to it.
    root : Path or None
        The kit's folder; without it, vintages are not checked.
    """
    own = [*_overrides(tree, folder, root), *ownseries.file_problems(tree, folder)]
    found = [*_countries(tree), *_pillars(tree), *own]
    return found + ([] if root is None else _dates(tree, root))


def demand_country(code: str) -> None:
    """Refuse a code the kit does not know.

    Raises
    ------
    ParameterError
    """
    if code not in country_names():
        raise ParameterError([_unknown_country("country", code, None)])


def _countries(tree: Tree) -> list[Problem]:
    own, peers = _stripped(tree.values.get("country")), tree.values.get("peers")
    found = []
    if isinstance(own, str) and _is_code(own) and own not in country_names():
        found.append(_unknown_country("country", own, tree.line(("country",))))
    seen = {own}
    for number, peer in enumerate(map(_stripped, peers if isinstance(peers, list) else [])):
        place: Location = ("peers", number)
        if not _is_code(peer):
            continue
        if peer not in country_names():
            found.append(_unknown_country(dotted(place), peer, tree.line(place)))
        elif peer in seen:
            what = "is the country itself" if peer == own else "is listed twice"
            found.append(Problem(dotted(place), what + got(peer), "take it out", tree.line(place)))
        seen.add(peer)
    return found


def _stripped(value: Any) -> Any:
    """Text as the models take it, without blanks around it."""
    return value.strip() if isinstance(value, str) else value


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _unknown_country(field: str, code: str, line: int | None) -> Problem:
    remedy = country_suggestion(code) or "give an ISO 3166-1 alpha-3 code, for example KEN"
    return Problem(field, f"is not an economy the kit knows{got(code)}", remedy, line)


def _pillars(tree: Tree) -> list[Problem]:
    """Names under matrix.weights must be pillars of the risk matrix."""
    matrix = tree.values.get("matrix")
    weights = matrix.get("weights") if isinstance(matrix, dict) else None
    if not isinstance(weights, dict) or not weights:
        return []
    known = pillars()
    if set(weights) >= set(known) and not any(weights[name] for name in known):
        place: Location = ("matrix", "weights")
        return [
            Problem(dotted(place), "must not all be 0", "leave one pillar out to weigh 1", tree.line(place))
        ]
    return [
        Problem(
            dotted(("matrix", "weights", name)),
            "is not a pillar of the risk matrix",
            suggestion(name, known) or f"the pillars are {', '.join(known)}",
            tree.line(("matrix", "weights", name)),
        )
        for name in weights
        if name not in known
    ]


def pillars() -> tuple[str, ...]:
    """Names of the risk matrix's pillars, from ``cryptorisk/models/matrix/cram.yaml``."""
    from ruamel.yaml import YAML

    path = Path(__file__).resolve().parents[1] / "models" / "matrix" / "cram.yaml"
    return tuple(entry["name"] for entry in YAML(typ="safe", pure=True).load(path)["pillars"])


def _overrides(tree: Tree, folder: Path, root: Path | None) -> list[Problem]:
    overrides = tree.values.get("overrides")
    if not isinstance(overrides, dict):
        return []
    found: list[Problem] = []
    for name, given in overrides.items():
        found += ownseries.problems(tree, name, given, folder, root)
    return found


def _dates(tree: Tree, root: Path) -> list[Problem]:
    """The vintage must be there, and no date may lie after it."""
    dates = dict(_given_dates(tree))
    if not dates and "vintage" not in tree.values:
        return []  # nothing to check, and reading a vintage takes time
    from cryptorisk.data.vintage import find_vintage

    wanted = _stripped(tree.values.get("vintage", "latest"))
    if not isinstance(wanted, str) or not _VINTAGE.fullmatch(wanted):
        return []
    try:
        last = find_vintage(root / "data", wanted).info.date
    except DataError as error:
        return [Problem("vintage", error.what, error.remedy, tree.line(("vintage",)))]
    as_of = dates.pop(("as_of",), None)
    end, end_is = (
        (as_of, "as_of") if as_of is not None and as_of < last else (last, "the data vintage's date")
    )
    found = []
    if as_of is not None and as_of > last:
        what = f"must not lie after the data vintage's date, {last}{got(as_of, str(as_of))}"
        found.append(Problem("as_of", what, "leave it out to use that date", tree.line(("as_of",))))
    for place, date in dates.items():
        if date > end:
            what = f"must not lie after {end_is}, {end}{got(date, str(date))}"
            found.append(Problem(dotted(place), what, None, tree.line(place)))
    return found


def _given_dates(tree: Tree) -> Iterator[tuple[Location, dt.date]]:
    crash, overrides = tree.values.get("crash"), tree.values.get("overrides")
    places: dict[Location, Any] = {("as_of",): tree.values.get("as_of")}
    if isinstance(crash, dict):
        places["crash", "sample_start"] = crash.get("sample_start")
    for name, own in overrides.items() if isinstance(overrides, dict) else ():
        if isinstance(own, dict):
            places["overrides", name, "date"] = own.get("date")
    for place, value in places.items():
        if (date := _date(value)) is not None:
            yield place, date


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
