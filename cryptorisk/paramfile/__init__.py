"""Parameter files: read whole, judged once, every problem with its line before anything runs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cryptorisk.errors import KitError, ParameterError, Problem
from cryptorisk.kit import find_root
from cryptorisk.paramfile import bounds, crosscheck, ownflows, ownseries, problems
from cryptorisk.paramfile.names import country_suggestion
from cryptorisk.paramfile.yamltree import Tree, parse, read_text
from cryptorisk.params import Params

__all__ = ["TEMPLATE", "load_params", "parameter_files", "read_parameter_file", "write_resolved"]

TEMPLATE = "template.yaml"
"""Lists every parameter; stands among the countries' files and is none of them."""

_CODE = re.compile(r"[A-Za-z]{3}")


def load_params(source: str | Path, *, root: Path | str | None = None) -> Params:
    """Read the parameters of a country report.

    Parameters
    ----------
    source : str or Path
        A country code (``KEN``: then ``params/KEN.yaml`` of the kit if there is one, else the defaults), the
        path of a parameter file (YAML 1.2), or the path of resolved parameters written by `write_resolved`.
    root : Path or str, optional
        The kit's folder; searched for when not given.

    Returns
    -------
    Params
        Files of own figures (``overrides``, ``own_files``, ``volumes.flows_file``) are absolute.

    Raises
    ------
    ParameterError
        With every problem found in the file, each with its line.
    """
    if isinstance(source, str) and _CODE.fullmatch(source) and not Path(source).is_file():
        return _of_country(source.upper(), root)
    path = Path(source)
    if not _is_file(path):
        if _is_folder(path):
            what = f"{str(source)!r} is a folder"
            raise ParameterError([Problem("", what, f"name the files in it, for example {path / '*.yaml'}")])
        what = f"{str(source)!r} is neither a country code nor a file"
        raise ParameterError([Problem("", what, _nearest_code(str(source)))])
    if path.suffix == ".json":
        return _read_resolved(path)
    return read_parameter_file(path, root=root)


def read_parameter_file(path: Path, *, shown: str | None = None, root: Path | str | None = None) -> Params:
    """Read and check one YAML parameter file.

    Parameters
    ----------
    path : Path
    shown : str, optional
        How messages name the file; default the path as given.
    root : Path or str, optional
        The kit's folder, for the vintages that ``as_of`` and ``vintage`` are checked against.

    Raises
    ------
    ParameterError
        With every problem found.
    """
    shown = str(path) if shown is None else shown
    tree = parse(read_text(path, shown), shown)
    found = list(tree.problems)
    params: Params | None = None
    try:
        params = Params.model_validate_json(json.dumps(_without_empty_blocks(tree.values)), strict=True)
    except ValidationError as error:
        said = problems.from_models(error, tree)
        found += [problem for problem in said if problem.field not in tree.refused]
    kit = _root(root)
    found += crosscheck.problems(tree, path.parent, kit)
    if params is not None:
        params = _with_files(params, lambda file: str((path.parent / file).resolve()))
    found += ownseries.contents(params, tree, path.parent, kit, found)
    found += ownflows.problems(tree, path.parent)
    if found or params is None:
        raise ParameterError(sorted(found, key=lambda problem: problem.line or 0), file=shown)
    return params


def write_resolved(params: Params, path: Path) -> None:
    """Write parameters, defaults included, as JSON that `load_params` reads back to equal parameters.

    Files of own figures are written relative to the JSON, so that a run's folder names no machine.
    """

    def relative(file: str) -> str:
        try:
            return os.path.relpath(file, path.resolve().parent).replace(os.sep, "/")
        except ValueError:  # another drive
            return file

    text = _with_files(params, relative).model_dump_json(indent=2)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def parameter_files(root: Path) -> list[Path]:
    """Parameter files of the kit, by name, without the template."""
    return sorted(path for path in (root / "params").glob("*.yaml") if path.name != TEMPLATE)


def _of_country(code: str, root: Path | str | None) -> Params:
    crosscheck.demand_country(code)
    folder = _root(root)
    if folder is None:
        return Params(country=code)
    path = folder / "params" / f"{code}.yaml"
    if not path.is_file():
        return Params(country=code)
    shown = f"params/{code}.yaml"
    params = read_parameter_file(path, shown=shown, root=folder)
    if params.country != code:
        what = f"the file is named {code}.yaml and is about {params.country}"
        raise ParameterError([Problem("country", what, "rename the file or change the country")], file=shown)
    return params


def _read_resolved(path: Path) -> Params:
    shown = str(path)
    text = read_text(path, shown)
    try:
        params = Params.model_validate_json(text, strict=True)
    except ValidationError as error:
        if any(detail["type"] == "json_invalid" for detail in error.errors(include_url=False)):
            raise ParameterError([Problem("", "is not valid JSON")], file=shown) from None
        raise ParameterError(problems.from_models(error, Tree()), file=shown) from None
    return _with_files(params, lambda file: str((path.parent / file).resolve()))


def _with_files(params: Params, place: Any) -> Params:
    """Copy of the parameters with the files of own figures put elsewhere."""
    changed = {
        name: own if own.file is None else own.model_copy(update={"file": place(own.file)})
        for name, own in params.overrides.items()
    }
    files = tuple(place(file) for file in params.own_files)
    if params.volumes.flows_file is not None:
        flows = {"flows_file": place(params.volumes.flows_file)}
        params = params.model_copy(update={"volumes": params.volumes.model_copy(update=flows)})
    return (
        params.model_copy(update={"overrides": changed, "own_files": files}) if changed or files else params
    )


def _without_empty_blocks(values: dict[str, Any]) -> dict[str, Any]:
    """A heading under which every line is commented out stands for its defaults."""
    return {name: value for name, value in values.items() if value is not None or not _is_block(name)}


def _is_block(name: str) -> bool:
    node = bounds.at((name,))
    return node is not None and node.get("type") == "object"


def _root(root: Path | str | None) -> Path | None:
    """The kit's folder, or None when it is not at hand and was not asked for."""
    try:
        return find_root(root)
    except KitError:
        if root is not None:
            raise
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _nearest_code(given: str) -> str:
    return country_suggestion(given) or "give a code such as KEN or the path of a YAML file"
