"""What the models refuse, said in a reader's words with field, line and remedy."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from cryptorisk.errors import Problem
from cryptorisk.paramfile import bounds
from cryptorisk.paramfile.names import country_suggestion, suggestion
from cryptorisk.paramfile.yamltree import Location, Tree, dotted

_KINDS = {
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list, for example [a, b]",
    "list_type": "must be a list, for example [a, b]",
    "dict_type": "must be a block of `name: value` lines",
    "model_type": "must be a block of `name: value` lines",
    "missing": "is missing",
}


_MEANT = {
    "report_date": "as_of",
    "reporting_date": "as_of",
    "cutoff": "as_of",
    "cutoff_date": "as_of",
    "cut_off_date": "as_of",
    "date": "as_of",
    "data_date": "vintage",
    "iso3": "country",
    "code": "country",
    "country_code": "country",
    "economy": "country",
    "bank": "institution",
    "central_bank": "institution",
    "random_seed": "seed",
    "own_data": "overrides",
    "own_figures": "overrides",
    "own_file": "own_files",
    "own_series": "own_files",
    "files": "own_files",
    "overrides_folder": "use_overrides_folder",
}
"""Words for parameters at the top of the file that no likeness of letters finds."""


def from_models(error: ValidationError, tree: Tree) -> list[Problem]:
    """Problems of a file, one for each error of the models, in the order of the file's lines.

    Parameters
    ----------
    error : pydantic.ValidationError
    tree : Tree
        The file's values and lines.
    """
    return [_problem(dict(detail), tree) for detail in error.errors(include_url=False)]


def got(value: Any, written: str | None = None) -> str:
    """``(got 50)``, as it stands in the file; text is quoted so that nothing in it acts on a terminal."""
    if isinstance(value, dict | list):
        return ""
    if value is None:
        return " (got nothing)"
    text = repr(value) if isinstance(value, str) or written is None else written
    return f" (got {text if len(text) <= 60 else text[:57] + '...'})"


def _problem(detail: dict[str, Any], tree: Tree) -> Problem:
    place: Location = tuple(detail["loc"])
    if place[:1] == ("overrides",) and place[2:] == ("value",) and place not in tree.lines:
        place = place[:2]  # a bare number stands for {value: number}
    kind, given = str(detail["type"]), detail["input"]
    if kind == "extra_forbidden":
        return _unknown_key(place, tree)
    field, node = dotted(place), bounds.at(place) or {}
    if kind == "missing":
        return Problem(field, "is missing", node.get("hint"), tree.line(place[:-1]))
    what = _what(kind, detail, node) + ("" if _secret(place, tree) else got(given, tree.written.get(place)))
    if kind in ("greater_than", "less_than") and given in bounds.excluded(node):
        what = f"{_what(kind, detail, node)}, {given:g} itself excluded"
    return Problem(field, what, _remedy(kind, place, given, node), tree.line(place))


def _secret(place: Location, tree: Tree) -> bool:
    """Whether a confidential figure could stand there: no message repeats it."""
    if place[:1] != ("overrides",) or len(place) < 2:
        return False
    overrides = tree.values.get("overrides")
    own = overrides.get(place[1]) if isinstance(overrides, dict) else {"confidential": True}
    return isinstance(own, dict) and own.get("confidential", False) is not False


def _remedy(kind: str, place: Location, given: Any, node: bounds.Schema) -> str | None:
    if given is None and place != ("country",):
        return "leave the line out to keep the default"
    if kind in ("too_short", "too_long", "value_error"):
        return None
    if kind == "string_type" and given is not None:
        return "put it in quotes"
    if kind == "string_pattern_mismatch" and place[0] in ("country", "peers"):
        return country_suggestion(str(given)) or bounds.remedy(node, given)
    if kind == "literal_error" and isinstance(given, str):
        return suggestion(given, (str(choice) for choice in node.get("enum", ())))
    return bounds.remedy(node, given)


def _what(kind: str, detail: dict[str, Any], node: bounds.Schema) -> str:
    if kind == "model_type" and "overrides" in detail["loc"][:1]:
        return "must be a number, or a block with value or file"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind.startswith("date"):
        return "must be a date written YYYY-MM-DD"
    if kind in _KINDS:
        return _KINDS[kind]
    if kind == "string_pattern_mismatch":
        return "must be " + str(node.get("pattern_in_words", f"text of the form {detail['ctx']['pattern']}"))
    if kind == "greater_than_equal" and node.get("format") == "date":
        return f"must not lie before {detail['ctx']['ge']}"
    return bounds.in_words(node) or f"is not valid: {detail['msg']}"


def _unknown_key(place: Location, tree: Tree) -> Problem:
    known = bounds.keys(place[:-1])
    name = str(place[-1])
    meant = _MEANT.get(name.casefold()) if len(place) == 1 else None
    near = f"did you mean {meant}?" if meant else suggestion(name, known) or _elsewhere(name)
    if near is None:
        near = f"known here: {', '.join(known)}" if place[:-1] else "see params/template.yaml"
    return Problem(dotted(place), "is not a known parameter", near, tree.line(place))


def _elsewhere(name: str) -> str | None:
    """A right name in the wrong block."""
    for section in bounds.keys(()):
        if name in bounds.keys((section,)):
            return f"it belongs under {section}:"
    return f"{name} stands at the top of the file, not in a block" if name in bounds.keys(()) else None
