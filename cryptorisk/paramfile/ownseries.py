"""The bank's own figures: the series must be known, its unit right, its file there and readable to the last cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from cryptorisk.errors import CryptoriskError, DataError, KitError, ParameterError, Problem
from cryptorisk.kit import find_root
from cryptorisk.paramfile.names import suggestion
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted
from cryptorisk.params import Override, Params

if TYPE_CHECKING:
    from cryptorisk.data.catalogue import Catalogue, SeriesSpec
    from cryptorisk.data.own.faults import Located
    from cryptorisk.data.own.outcome import Own

BESIDE = "the path is relative to the parameter file"


def problems(tree: Tree, name: str, given: Any, folder: Path, root: Path | None) -> list[Problem]:
    """Problems of one entry under ``overrides`` that show without reading its file.

    Parameters
    ----------
    tree : Tree
    name : str
        Series id.
    given : object
        A number, or a mapping with value or file, unit, date, note, confidential.
    folder : Path
        Folder that ``file`` is relative to.
    root : Path or None
        The kit's folder, for the series that only its vintage knows.
    """
    place: Location = ("overrides", name)
    known = _known_series(name, root)
    if name not in known:
        remedy = suggestion(name, known) or "`cryptorisk data list` names the series"
        return [Problem(dotted(place), "is not a known series", remedy, tree.line(place))]
    if not isinstance(given, dict):
        return []
    found = []
    unit = given.get("unit")
    if isinstance(unit, str) and unit != known[name].unit:
        what = f"must be the series' unit, {known[name].unit}{got(unit)}"
        found.append(Problem(dotted((*place, "unit")), what, None, tree.line((*place, "unit"))))
    if isinstance(given.get("file"), str):
        found += _path_problems(tree, (*place, "file"), folder, given["file"])
    return found


def file_problems(tree: Tree, folder: Path) -> list[Problem]:
    """Problems of the entries of ``own_files`` that show without reading the files.

    Such a file lies beside the parameter file or below: a parameter file that came from elsewhere cannot name any
    other file of the machine.
    """
    found: list[Problem] = []
    for position, file in enumerate(_own_files(tree)):
        if not isinstance(file, str):
            continue
        place: Location = ("own_files", position)
        if Path(file).is_absolute() or not _stays(folder / file, folder):
            what = f"leads out of the parameter file's folder{got(file)}"
            remedy = "put the file beside the parameter file, or into data/overrides/"
            found.append(Problem(dotted(place), what, remedy, tree.line(place)))
        else:
            found += _path_problems(tree, place, folder, file)
    return found


def contents(
    params: Params | None, tree: Tree, folder: Path, root: Path | None, found: Sequence[Problem]
) -> list[Problem]:
    """What the reading of the own figures for a report would refuse: the same code, so that both agree.

    Of the figures and files that the parameter file names: those in ``data/overrides`` are no part of it, and are
    looked at when data are read (see `demand_usable`).

    Parameters
    ----------
    params : Params or None
        None when the models refuse the file: then what can be read of it is taken from the tree.
    tree : Tree
    folder : Path
        Folder of the parameter file.
    root : Path or None
        The kit's folder, for the vintage.
    found : sequence of Problem
        What is known already; a series or file with a problem there is not read again.
    """
    overrides = {
        name: own for name, own in _overrides(params, tree).items() if not _named(found, "overrides", name)
    }
    files = {
        position: folder / file
        for position, file in enumerate(_own_files(tree))
        if isinstance(file, str) and not _named(found, "own_files", position)
    }
    if not overrides and not files:
        return []  # reading a vintage takes time
    from cryptorisk.data.own.gather import Asked, gather

    known, last = _vintage(params, tree, root)
    until = (params.as_of if params else None) or last
    wanted = Asked(_country(params, tree), until, overrides, tuple(files.values()), folder)
    return [_problem(fault, tree, list(files)) for fault in gather(wanted, known).faults]


def remarks(params: Params, root: Path | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is to be said of own figures that can be used: which are confidential, what is doubtful or not used.

    Returns
    -------
    confidential : tuple of str
        Series ids.
    said : tuple of str
        Sentences: figures that may be in another unit, figures dated after the data's end, sheets that are not read,
        files without a figure; with file and place.
    """
    typed = tuple(name for name, own in params.overrides.items() if own.confidential)
    shelf = _shelf(params, root)
    if not (params.overrides or params.own_files or _holds_files(shelf)):
        return typed, ()
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.data.own.findings import DOUBT

    try:
        inputs = load_inputs(params, root=root)
    except CryptoriskError:  # said where the vintage is checked, or when the data are read
        return typed, ()
    doubts = tuple(finding.text for finding in inputs.findings if finding.id.startswith(DOUBT))
    said = _unused(params, inputs.as_of, inputs.catalogue, shelf)
    return tuple(dict.fromkeys((*typed, *sorted(inputs.confidential)))), (*said, *doubts)


def demand_usable(params: Params, root: Path | None) -> None:
    """Refuse parameters for which the files in ``data/overrides`` cannot be used, as a report on the country would.

    Raises
    ------
    ParameterError
    """
    shelf = _shelf(params, root)
    if not _holds_files(shelf):
        return
    known, last = _vintage(params, Tree(), None if shelf is None else shelf.parent)
    faults = _gathered(params, params.as_of or last, known, shelf).faults
    if faults:
        raise ParameterError([_problem(fault, Tree(), range(len(params.own_files))) for fault in faults])


def _unused(params: Params, as_of: dt.date, known: Catalogue, shelf: Path | None) -> tuple[str, ...]:
    """What of the own figures and files is not used, with its place."""
    found = _gathered(params, as_of, known, shelf).remarks
    # a file that the parameters name has its whole path here, which is no part of a message
    named = [one if one.origin[0] == "folder" else replace(one, file=Path(one.file).name) for one in found]
    return tuple(f"{one.where}: {_said(one.fault.what, one.fault.remedy)}" for one in named)


def _gathered(params: Params, as_of: dt.date, known: Catalogue, shelf: Path | None) -> Own:
    from cryptorisk.data.own.folder import NAME
    from cryptorisk.data.own.gather import asked, gather

    if shelf is None:
        params = params.model_copy(update={"use_overrides_folder": False})
    return gather(asked(params, as_of, Path(), Path() if shelf is None else shelf / NAME), known)


def _said(what: str, remedy: str | None) -> str:
    return f"{what}; {remedy}" if remedy else what


def _shelf(params: Params, root: Path | None) -> Path | None:
    """The folder of vintages and of ``overrides``, when that is to be used and the kit is at hand."""
    if not params.use_overrides_folder:
        return None
    try:
        return find_root(root) / "data"
    except KitError:
        return None


def _holds_files(shelf: Path | None) -> bool:
    """Whether ``data/overrides`` holds anything to read or to complain of."""
    if shelf is None:
        return False
    from cryptorisk.data.own.folder import NAME, files_in

    return any(files_in(shelf / NAME))


def _own_files(tree: Tree) -> list[Any]:
    files = tree.values.get("own_files")
    return files if isinstance(files, list) else []


def _overrides(params: Params | None, tree: Tree) -> Mapping[str, Override]:
    """The overrides; of a file that the models refuse, those that are good in themselves."""
    if params is not None:
        return params.overrides
    given = tree.values.get("overrides")
    found = {}
    for name, own in given.items() if isinstance(given, dict) else ():
        try:
            found[name] = Override.model_validate(own if isinstance(own, dict) else {"value": own})
        except ValidationError:  # said with the problems of the models
            continue
    return found


def _country(params: Params | None, tree: Tree) -> str:
    if params is not None:
        return params.country
    given = tree.values.get("country")
    return given.strip() if isinstance(given, str) else ""


def _named(found: Sequence[Problem], *place: str | int) -> bool:
    """Whether there is a problem at a place or within it."""
    field = dotted(place)
    return any(one.field == field or one.field.startswith(f"{field}.") for one in found)


def _vintage(params: Params | None, tree: Tree, root: Path | None) -> tuple[Catalogue, dt.date]:
    """Series and last date of the vintage; the package's own, without an end, when no vintage is at hand."""
    from cryptorisk.data.catalogue import catalogue
    from cryptorisk.data.vintage import find_vintage

    name = params.vintage if params is not None else str(tree.values.get("vintage", "latest"))
    if root is not None:
        try:
            vintage = find_vintage(root / "data", name)
        except DataError:  # said where the vintage is checked, or when the data are read
            pass
        else:
            return vintage.catalogue, vintage.info.date
    return catalogue(), dt.date.max


def _problem(one: Located, tree: Tree, positions: Sequence[int]) -> Problem:
    """A fault as a problem of the parameter file; of a file in ``data/overrides/`` under that file's name."""
    fault, origin = one.fault, one.origin
    what = f"{fault.place}: {fault.what}" if fault.place else fault.what
    if origin[0] == "folder":
        return Problem(one.file, what, fault.remedy)
    place: Location = origin
    if origin[0] == "own_files":
        place = ("own_files", positions[int(origin[1])])
    if one.file:
        what = f"{Path(one.file).name!r}: {what}"
    return Problem(dotted(place), what, fault.remedy, tree.line(place))


def _known_series(name: str, root: Path | None) -> Mapping[str, SeriesSpec]:
    """The package's catalogue; the vintage's, which is slower to read, only when that lacks the name."""
    from cryptorisk.data.catalogue import catalogue

    known = catalogue().series
    if name in known or root is None:
        return known
    from cryptorisk.data.vintage import find_vintage

    try:
        return find_vintage(root / "data").catalogue.series
    except DataError:  # said where the vintage is checked
        return known


def _path_problems(tree: Tree, place: Location, folder: Path, file: str) -> list[Problem]:
    """Whether a named file is there and is one that can be read to its end."""
    path, field, line, written = folder / file, dotted(place), tree.line(place), got(file)
    try:
        if not path.exists():
            return [Problem(field, "there is no such file" + written, BESIDE, line)]
        if not path.is_file():
            return [Problem(field, "is not a regular file" + written, None, line)]
    except (OSError, ValueError) as error:
        return [Problem(field, f"{path.name!r} cannot be read ({type(error).__name__})", None, line)]
    return []


def _stays(path: Path, folder: Path) -> bool:
    """Whether a path, its links followed, lies in a folder or below."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return True  # a name that no file can have is said as such
