"""What the parameter models say about a field: bounds in plain words, unit, hint, neighbours.

Read from the models' JSON Schema, which is also what editors and the template see.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cryptorisk.paramfile.yamltree import Location
from cryptorisk.params import Params

Schema = dict[str, Any]


@cache
def schema() -> Schema:
    """JSON Schema of a parameter file."""
    return Params.model_json_schema()


def resolve(node: Schema) -> Schema:
    """Follow a reference; keep what stands beside it (description, default)."""
    if "$ref" in node:
        target = schema()["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]]
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    if "anyOf" in node:
        kinds = [kind for kind in node["anyOf"] if kind.get("type") != "null"]
        return {**resolve(kinds[0]), **{key: value for key, value in node.items() if key != "anyOf"}}
    return node


def at(location: Location) -> Schema | None:
    """Schema of the field at a location; None where the models know no such field."""
    node: Schema | None = resolve(schema())
    for part in location:
        if node is None:
            return None
        node = _step(node, part)
    return node


def _step(node: Schema, part: str | int) -> Schema | None:
    if isinstance(part, int):
        items = node.get("items")
        if items is None:
            return None
        return {**{key: node[key] for key in ("hint", "unit") if key in node}, **resolve(items)}
    if part in node.get("properties", {}):
        return resolve(node["properties"][part])
    more = node.get("additionalProperties")
    return resolve(more) if isinstance(more, dict) else None


def keys(location: Location) -> tuple[str, ...]:
    """Names that may stand at a location."""
    node = at(location)
    return tuple(node.get("properties", ())) if node else ()


def in_words(node: Schema) -> str:
    """Bounds in plain words, e.g. ``must lie between 0 and 1``; empty when there are none.

    An excluded bound is left out here and named by `excluded`, as most readers mean the interval.
    """
    if "enum" in node:
        return "must be one of " + ", ".join(str(choice) for choice in node["enum"])
    low, high = _bound(node, "minimum", "exclusiveMinimum"), _bound(node, "maximum", "exclusiveMaximum")
    if low is not None and high is not None:
        return f"must lie between {_plain(low)} and {_plain(high)}"
    if low is not None:
        return f"must be {'above' if 'exclusiveMinimum' in node else 'at least'} {_plain(low)}"
    if high is not None:
        return f"must be {'below' if 'exclusiveMaximum' in node else 'at most'} {_plain(high)}"
    return _length_in_words(node)


def _length_in_words(node: Schema) -> str:
    if "minItems" in node or "maxItems" in node:
        low, high = node.get("minItems", 0), node.get("maxItems")
        return f"must have {low} to {high} entries" if low else f"must have at most {high} entries"
    if "minLength" in node and "maxLength" in node:
        return f"must have {node['minLength']} to {node['maxLength']} characters"
    if "maxLength" in node:
        return f"must have at most {node['maxLength']} characters"
    return ""


def excluded(node: Schema) -> tuple[float, ...]:
    """Bounds that themselves are not allowed."""
    return tuple(node[key] for key in ("exclusiveMinimum", "exclusiveMaximum") if key in node)


def summary(node: Schema) -> str:
    """Bounds for a list of facts, e.g. ``between 0 and 1 (0 excluded)``; empty when there are none."""
    words = in_words(node) or str(node.get("pattern_in_words", ""))
    for start in ("must lie ", "must be ", "must have "):
        words = words.removeprefix(start)
    out = " and ".join(_plain(bound) for bound in excluded(node))
    return f"{words} ({out} excluded)" if out else words


def remedy(node: Schema, given: Any) -> str | None:
    """What to write instead: the field's own hint, or a percentage turned into a share."""
    if node.get("hint"):
        return str(node["hint"])
    if not str(node.get("unit", "")).startswith("share"):
        return None
    percent = _percentage(given)
    return None if percent is None else f"{percent:g} % is {percent / 100:g}"


def _percentage(given: Any) -> float | None:
    if isinstance(given, str):
        match = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*%?\s*", given)
        return float(match.group(1)) if match and float(match.group(1)) <= 100 else None
    if isinstance(given, int | float) and not isinstance(given, bool) and 1 < given <= 100:
        return float(given)
    return None


def _bound(node: Schema, closed: str, open_: str) -> float | None:
    bound = node.get(closed, node.get(open_))
    return None if bound is None else float(bound)


def _plain(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else f"{number:g}"
