"""Files handed out: whole under their final names or not at all, and never in the place of something else unasked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cryptorisk.data.package import DESCRIPTOR
from cryptorisk.data.vintage import NAME
from cryptorisk.errors import DataError
from cryptorisk.files.lock import undisturbed
from cryptorisk.files.private import private_folder

_PREFIX = ".cryptorisk-export-"


def demand_writable(path: Path, *, force: bool) -> None:
    """Raise unless a file may be written under this name.

    Refused are: a folder that is not there; anything that is no ordinary file (a folder, a device); a symbolic link,
    because it is not plain whether the link or what it names should be replaced; a file that exists, unless
    ``force``; and a place within a vintage, which is never written to.

    Raises
    ------
    DataError
        Naming the file and the remedy.
    """
    if not path.parent.is_dir():
        remedy = "make the folder, or name a file in another one"
        raise DataError("there is no such folder", where=str(path.parent), remedy=remedy)
    if path.is_symlink():
        raise DataError("is a symbolic link", where=str(path), remedy="name an ordinary file")
    if path.exists() and not path.is_file():
        what = "is a folder" if path.is_dir() else "is no ordinary file"
        raise DataError(what, where=str(path), remedy="name a file")
    if path.exists() and not force:
        raise DataError("exists already", where=str(path), remedy="name another file, or give --force")
    for folder in (place := path.parent.resolve(), *place.parents):
        if NAME.fullmatch(folder.name) and (folder / DESCRIPTOR).is_file():
            remedy = "vintages are never written to: name a file elsewhere"
            raise DataError("lies within a vintage", where=str(path), remedy=remedy)


def put_out(contents: Mapping[Path, bytes], *, force: bool = False) -> None:
    """Write files of one folder: all are complete before the first gets its name.

    Parameters
    ----------
    contents : mapping of Path to bytes
        The last one gets its name last.
    force : bool
        Whether files that exist may be replaced.

    Raises
    ------
    DataError
        When one may not be written (see `demand_writable`) or the disk refuses.
    """
    for path in contents:
        demand_writable(path, force=force)
    folder = next(iter(contents)).parent
    try:
        with private_folder(folder, _PREFIX) as private:
            for path, content in contents.items():
                (private / path.name).write_bytes(content)
            with undisturbed():
                for path in contents:
                    demand_writable(path, force=force)  # it may have come about meanwhile
                    (private / path.name).replace(path)
    except OSError as error:
        raise DataError(
            f"cannot be written ({error.strerror})",
            where=str(error.filename2 or folder),
            remedy="close the file where it is open, or name another",
        ) from None
