"""Where the kit's own folders are: notebooks, params, data."""

from __future__ import annotations

from pathlib import Path

from cryptorisk.errors import KitError

MARKS = ("notebooks", "params", "data")


def find_root(start: Path | str | None = None) -> Path:
    """Find the kit's root by walking up from the working directory, then from the package itself.

    Parameters
    ----------
    start : Path or str, optional
        The root itself, as given by ``--root``: then it is not searched for, only checked.

    Returns
    -------
    Path
        Absolute path of a folder that holds ``notebooks/``, ``params/`` and ``data/``.

    Raises
    ------
    KitError
        When there is none, saying where was looked.
    """
    if start is not None:
        root = Path(start).resolve()
        if not _is_root(root):
            raise KitError(
                f"{root} is not the kit's folder: it lacks {', '.join(_lacking(root))}",
                remedy="give the folder that holds notebooks/, params/ and data/ with --root",
            )
        return root
    begins = (Path.cwd(), Path(__file__).resolve().parent)
    for begin in begins:
        for folder in (begin, *begin.parents):
            if _is_root(folder):
                return folder
    raise KitError(
        f"the kit's folders (notebooks, params, data) are neither above {begins[0]} nor above {begins[1]}",
        remedy="change into the kit's folder or give it with --root",
    )


def _lacking(folder: Path) -> list[str]:
    return [mark + "/" for mark in MARKS if not (folder / mark).is_dir()]


def _is_root(folder: Path) -> bool:
    return not _lacking(folder) and (folder / "pyproject.toml").is_file()
