"""The bank's own flows between economies: the file must be there, beside the parameter file, and readable to the end."""

from __future__ import annotations

from pathlib import Path

from cryptorisk.errors import Problem
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted

PLACE: Location = ("volumes", "flows_file")


def problems(tree: Tree, folder: Path) -> list[Problem]:
    """What the reading of the flows for a report would refuse: the same code, so that both agree.

    Parameters
    ----------
    tree : Tree
    folder : Path
        Folder of the parameter file. The file lies in it or below: a parameter file that came from elsewhere cannot name
        any other file of the machine.
    """
    volumes = tree.values.get("volumes")
    file = volumes.get("flows_file") if isinstance(volumes, dict) else None
    if not isinstance(file, str):
        return []
    line, field = tree.line(PLACE), dotted(PLACE)
    if Path(file).is_absolute() or not _stays(folder / file, folder):
        what = f"leads out of the parameter file's folder{got(file)}"
        return [Problem(field, what, "put the file beside the parameter file", line)]
    from cryptorisk.data.own.faults import shortened
    from cryptorisk.data.own.flows import read_flows

    secret = volumes.get("flows_confidential") is not False if isinstance(volumes, dict) else True
    _, faults = read_flows(folder / file, confidential=secret)
    name = repr(Path(file).name)
    return [
        Problem(field, f"{name}: {f'{one.place}: ' if one.place else ''}{one.what}", one.remedy, line)
        for one in shortened(faults)
    ]


def _stays(path: Path, folder: Path) -> bool:
    """Whether a path, its links followed, lies in a folder or below."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return True  # a name that no file can have is said as such
