"""What a parameter file says, held against what the kit has: countries, series, files, vintages.

Works on the file's plain values, so that these problems are reported together with those of the models.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from cryptorisk.errors import DataError, ParameterError, Problem
from cryptorisk.paramfile import ownseries
from cryptorisk.paramfile.names import country_names, country_suggestion, suggestion
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted

_CODE = re.compile(r"[A-Z]{3}")


def problems(tree: Tree, folder: Path, root: Path | None) -> list[Problem]:
    """Problems that the parameter models cannot see.

    Parameters
    ----------
    tree : Tree
    folder : Path
        Folder of the parameter file; files under ``overrides`` are relative to it.
    root : Path or None
        The kit's folder; without it, vintages are not checked.
    """
    found = [*_countries(tree), *_pillars(tree), *_overrides(tree, folder)]
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
    own, peers = tree.values.get("country"), tree.values.get("peers")
    found = []
    if isinstance(own, str) and _is_code(own) and own not in country_names():
        found.append(_unknown_country("country", own, tree.line(("country",))))
    seen = {own}
    for number, peer in enumerate(peers if isinstance(peers, list) else []):
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
    """Names of the risk matrix's pillars, from ``cryptorisk/models/cram.yaml``."""
    from ruamel.yaml import YAML

    path = Path(__file__).resolve().parents[1] / "models" / "cram.yaml"
    return tuple(entry["name"] for entry in YAML(typ="safe", pure=True).load(path)["pillars"])


def _overrides(tree: Tree, folder: Path) -> list[Problem]:
    overrides = tree.values.get("overrides")
    if not isinstance(overrides, dict):
        return []
    found: list[Problem] = []
    for name, given in overrides.items():
        found += ownseries.problems(tree, name, given, folder)
    return found


def _dates(tree: Tree, root: Path) -> list[Problem]:
    """The vintage must be there, and no date may lie after it."""
    try:  # TEMP
        from cryptorisk.data import vintage as vintages
    except ImportError:
        return []

    wanted = tree.values.get("vintage", "latest")
    if not isinstance(wanted, str):
        return []
    try:
        last = vintages.find_vintage(wanted, root=root).date
    except DataError as error:
        if wanted == "latest":
            return []
        return [Problem("vintage", error.what, error.remedy, tree.line(("vintage",)))]
    found = []
    as_of = _date(tree.values.get("as_of"))
    if as_of is not None and as_of > last:
        what = f"must not lie after the data vintage of {last}{got(str(as_of), str(as_of))}"
        found.append(Problem("as_of", what, "leave it out to use the vintage's date", tree.line(("as_of",))))
    crash = tree.values.get("crash")
    start = _date(crash.get("sample_start")) if isinstance(crash, dict) else None
    end = min(as_of or last, last)
    if start is not None and start >= end:
        place: Location = ("crash", "sample_start")
        what = f"must lie before the end of the sample, {end}{got(str(start), str(start))}"
        found.append(Problem(dotted(place), what, None, tree.line(place)))
    return found


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
