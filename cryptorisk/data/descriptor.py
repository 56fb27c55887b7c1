"""The descriptor of a vintage: what it must say of every table before one is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cryptorisk.errors import DataError

KINDS = ("series", "table", "record")
FORMATS = ("parquet", "csv")
TYPES = ("string", "number", "integer", "date")

REQUIRED_TABLES = ("faults", "regional_volume", "regulation", "remittance_corridors", "country_crypto")
"""Tables that the package reads by name; series may stand in tables of any name."""

SERIES_COLUMNS = {
    "series": "string",
    "country": "string",
    "date": "date",
    "value": "number",
    "source": "string",
}
FAULT_COLUMNS = dict.fromkeys(("series", "country", "from", "to", "source", "action", "reason"), "string")
RESTORE = "restore the folder from version control, or compile the vintage again"

_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


def resources_of(raw: Mapping[str, Any], where: str) -> dict[str, Mapping[str, Any]]:
    """The tables that a descriptor names, checked.

    Parameters
    ----------
    raw : mapping
        The descriptor as read.
    where : str
        Its file, for messages.

    Returns
    -------
    dict of str to mapping
        Descriptors of the tables by name. Each has name, path (a bare file name: nothing outside the vintage's
        folder is ever opened), bytes, hash, format, kind, rows, licence_class and schema, all of their right type.

    Raises
    ------
    DataError
        With every problem, each with the table it concerns.
    """
    listed = raw.get("resources")
    if not isinstance(listed, list) or not listed:
        raise DataError("names no resource", where=where, remedy=RESTORE)
    problems = [
        f"resource {_named(resource, place)}: {problem}"
        for place, resource in enumerate(listed, start=1)
        for problem in _problems(resource)
    ]
    names = [resource["name"] for resource in listed] if not problems else []
    problems += [f"resource {name!r}: is named twice" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [f"no resource {name!r}" for name in REQUIRED_TABLES if names and name not in names]
    if problems:
        raise DataError("; ".join(problems), where=where, remedy=RESTORE)
    return {resource["name"]: resource for resource in listed}


def _named(resource: object, place: int) -> str:
    name = resource.get("name") if isinstance(resource, dict) else None
    return _shown(name) if isinstance(name, str) and name else f"number {place}"


def _problems(resource: object) -> Iterator[str]:
    if not isinstance(resource, dict):
        yield f"must be an object (got {_shown(resource)})"
        return
    for key, (good, must) in _RULES.items():
        if key not in resource:
            yield f"{key} is missing"
        elif not good(resource[key]):
            yield f"{key} must be {must} (got {_shown(resource[key])})"
    if "notice" in resource and not _is_file_name(resource["notice"]):
        yield f"notice must be a bare file name (got {_shown(resource['notice'])})"
    if "schema" in resource:
        yield from _schema_problems(resource["schema"], _columns_of(resource))


def _columns_of(resource: Mapping[str, Any]) -> Mapping[str, str]:
    """Columns that the package reads by name, with their types."""
    if resource.get("kind") == "series":
        return SERIES_COLUMNS
    return FAULT_COLUMNS if resource.get("name") == "faults" else {}


def _schema_problems(schema: object, needed: Mapping[str, str]) -> Iterator[str]:
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        yield f"schema must be an object with a list of fields (got {_shown(schema)})"
        return
    types: dict[str, str] = {}
    for field in fields:
        name, kind = (field.get("name"), field.get("type")) if isinstance(field, dict) else (None, None)
        if not isinstance(name, str) or kind not in TYPES:
            yield f"schema: a field needs a name and a type of {', '.join(TYPES)} (got {_shown(field)})"
        elif name in types:
            yield f"schema: two fields {_shown(name)}"
        else:
            types[name] = kind
    for name, kind in needed.items():
        if types.get(name) != kind:
            yield f"schema: needs a field {name!r} of type {kind}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_file_name(value: object) -> bool:
    return isinstance(value, str) and _FILE_NAME.fullmatch(value) is not None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_RULES = {
    "name": (_is_text, "a name"),
    "path": (_is_file_name, "a bare file name"),
    "bytes": (_is_count, "a number of bytes"),
    "hash": (_is_hash, "sha256: and 64 hexadecimal digits"),
    "format": (lambda value: value in FORMATS, "parquet or csv"),
    "kind": (lambda value: value in KINDS, "series, table or record"),
    "rows": (_is_count, "a number of rows"),
    "licence_class": (_are_texts, "a list of licence classes"),
    "schema": (lambda value: isinstance(value, dict), "an object"),
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
