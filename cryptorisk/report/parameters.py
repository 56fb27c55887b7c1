"""The parameters as rows of the annex: name, value, unit, meaning, and whether the default was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cryptorisk.params import Params
from cryptorisk.report.record import public_params

if TYPE_CHECKING:
    from cryptorisk.data.own.outcome import OwnFile

NOT_ROWS = frozenset(("country", "overrides"))
"""The country is the page's title; the overrides have a table of their own."""


@dataclass(frozen=True)
class ParameterRow:
    """One parameter."""

    name: str
    value: str
    default: str
    unit: str
    description: str

    @property
    def changed(self) -> bool:
        """Whether the value differs from the kit's default."""
        return self.value != self.default


@dataclass(frozen=True)
class OverrideRow:
    """One of the institution's own figures."""

    name: str
    figure: str
    unit: str
    date: str
    note: str


def parameter_rows(params: Params) -> tuple[ParameterRow, ...]:
    """Every parameter but the country and the overrides, in the models' order."""
    return tuple(_rows(Params, public_params(params), ""))


def override_rows(params: Params) -> tuple[OverrideRow, ...]:
    """The institution's own figures; a confidential one is named but not printed."""
    rows = []
    for name, own in public_params(params)["overrides"].items():
        figure = own["file"] or (f"{own['value']:g}" if own["value"] is not None else "used, not printed")
        rows.append(OverrideRow(name, figure, own["unit"] or "", own["date"] or "", own["note"]))
    return tuple(rows)


def own_words(params: Params, files: Iterable[OwnFile] = ()) -> tuple[str, ...]:
    """Every text that the user wrote: institution, notes, names in the parameter file and in files of own figures."""
    of_files = (text for file in files for text in (file.name, *file.notes))
    return tuple(dict.fromkeys((*_texts(public_params(params)), *of_files)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _rows(model: type[BaseModel], values: Mapping[str, Any], prefix: str) -> Iterator[ParameterRow]:
    for name, field in model.model_fields.items():
        if prefix + name in NOT_ROWS:
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel) and not field.description:
            yield from _rows(kind, values[name], f"{prefix}{name}.")
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = field.get_default(call_default_factory=True)
        yield ParameterRow(
            name=prefix + name,
            value=written(values[name]),
            default=written(default.model_dump(mode="json") if isinstance(default, BaseModel) else default),
            unit=str(extra.get("unit", "")),
            description=field.description or "",
        )


def written(value: Any) -> str:
    """A parameter's value in a reader's writing."""
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {written(one)}" for name, one in value.items()) or "none given"
    if isinstance(value, list | tuple):
        return "; ".join(written(one) for one in value) or "none given"
    return str(value)
