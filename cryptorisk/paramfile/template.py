"""`params/template.yaml`, `params/schema.json` and new parameter files, generated from the models."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from cryptorisk.paramfile import bounds

HEADER = "# yaml-language-server: $schema=schema.json\n"

_INTRODUCTION = """\
# Every parameter of a country report: what it is, its unit, its bounds and its default.
# A country's file holds only what differs from the defaults: copy a line, and the heading it stands under.
# Check a file with `cryptorisk params check params/KEN.yaml`; start one with `cryptorisk params new KEN`.
# Numbers are plain (0.5, 1e-3); shares are shares (0.5, not 50); dates are YYYY-MM-DD; indent with spaces.
"""

_EXAMPLES = {
    "peers": ["peers: [TZA, UGA, GHA]"],
    "scenarios": ["scenarios:", "  - {name: Stablecoin run, price_drop: 0.6, stablecoin_loss: 0.2}"],
    "weights": ["weights: {banks: 2, energy: 0.5}"],
    "flows_file": ["flows_file: own/crypto_flows.csv"],
    "own_files": ["own_files: [own/bank_exposures.xlsx, own/exchanges.csv]"],
    "overrides": [
        "overrides:",
        "  bank_crypto_exposure_usd: 1.2e8",
        "  bank_tier1_usd: {value: 6.1e9, date: 2025-12-31, note: Supervisory return, confidential: true}",
        "  household_crypto_holdings_usd:",
        "    file: own/exchanges.csv     # columns date,value; relative to this file",
        "    unit: usd",
        "    note: Reports of licensed exchanges",
    ],
}


def template_text() -> str:
    """Text of ``params/template.yaml``: every field with unit, bounds, default and explanation."""
    blocks = [HEADER + _INTRODUCTION]
    for name, node in _fields(bounds.schema()):
        blocks.append(_section(name, node) if "properties" in node else _entry(name, node))
    return "\n".join(blocks)


def schema_text() -> str:
    """Text of ``params/schema.json``, for completion and checks in editors."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **bounds.schema()}
    schema["properties"] = dict(schema["properties"])
    overrides = dict(schema["properties"]["overrides"])
    overrides["additionalProperties"] = {"anyOf": [{"type": "number"}, overrides["additionalProperties"]]}
    schema["properties"]["overrides"] = overrides
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def new_file_text(code: str, name: str) -> str:
    """Text of a new parameter file for one economy.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-3 code.
    name : str
        Name of the economy.
    """
    return (
        f"{HEADER}# {name}. Every parameter with its bounds and default: params/template.yaml\n\n"
        f"country: {code}\n\n"
        "# institution: Bank of ...      # printed on the cover strip\n"
        "# classification: Internal\n"
        "# as_of: 2025-12-31             # the report sees nothing dated later\n"
        "# peers: []                     # default: the economies of the same World Bank region\n\n"
        "# crash:\n"
        "#   price_drop: 0.5             # fall of crypto prices in the one-month scenario\n\n"
        "# The bank's own figures in place of public ones (`cryptorisk data list` names the series):\n"
        "# overrides:\n"
        "#   bank_crypto_exposure_usd: {value: 1.2e8, note: Supervisory return, confidential: true}\n"
    )


def _fields(node: bounds.Schema) -> list[tuple[str, bounds.Schema]]:
    return [(name, bounds.resolve(field)) for name, field in node["properties"].items()]


def _section(name: str, node: bounds.Schema) -> str:
    title = str(node.get("description", "")).splitlines()[0]
    entries = [_entry(field, inner) for field, inner in _fields(node)]
    return f"# {title}\n{name}:\n" + textwrap.indent("\n".join(entries), "  ")


def _entry(name: str, node: bounds.Schema) -> str:
    facts = [f"unit: {node['unit']}"] if node.get("unit") else []
    facts += [words] if (words := bounds.summary(node)) else []
    # Only the country has no default; an empty mapping is one that JSON Schema does not show.
    default = "KEN" if name == "country" else _value(node.get("default", {}))
    facts.append("required" if name == "country" else f"default: {default}")
    lines = [*textwrap.wrap(str(node["description"]), 106), *textwrap.wrap("; ".join(facts), 106)]
    if name in _EXAMPLES:
        lines += ["for example", *("  " + line for line in _EXAMPLES[name])]
    return "".join(f"# {line}\n" for line in lines) + f"{name}: {default}\n"


def _value(value: Any) -> str:
    """A default as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, str):
        return value if value.replace("-", "").isalnum() else json.dumps(value, ensure_ascii=False)
    return "null" if value is None else json.dumps(value)
