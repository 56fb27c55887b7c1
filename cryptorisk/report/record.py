"""The machine twin of a page and the record of its run: what is needed to check a report or make it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

from cryptorisk.data.own.folder import NAME as OWN_FOLDER
from cryptorisk.data.own.seal import fingerprint, machine_key
from cryptorisk.errors import DataError, RenderError
from cryptorisk.params import Params
from cryptorisk.report.chapters import Chapter
from cryptorisk.report.provenance import Provenance, source_dict
from cryptorisk.result import Result

if TYPE_CHECKING:
    from cryptorisk.data.own.outcome import OwnFile

TWIN_VERSION = "1"
LIBRARIES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "arch",
    "pyarrow",
    "pydantic",
    "matplotlib",
    "papermill",
    "nbconvert",
    "jinja2",
)
"""What decides figures, drawings and bytes of a page; statsmodels by way of arch."""
CODE_PLACES = ("cryptorisk", "notebooks", "pyproject.toml")
CODE_SUFFIXES = frozenset((".py", ".yaml", ".csv", ".json", ".j2", ".css", ".ipynb"))


def package_version() -> str:
    """Version of the installed package; ``unknown`` when it is not installed."""
    try:
        return version("cryptorisk")
    except PackageNotFoundError:
        return "unknown"


def rendering_date(provenance: Provenance) -> str:
    """ISO date printed on the page: SOURCE_DATE_EPOCH, else the vintage's date; never the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date().isoformat()
    return provenance.vintage_date


def public_params(params: Params) -> dict[str, Any]:
    """The parameters in plain JSON types, without confidential figures and without paths of this machine."""
    plain = params.model_dump(mode="json")
    for own in plain["overrides"].values():
        if own["file"] is not None:
            own["file"] = Path(own["file"]).name
        if own["confidential"]:
            own["value"] = own["file"] = None
            own["note"] = own["note"] or "confidential: used, not printed"
    if plain["volumes"]["flows_file"] is not None:
        plain["volumes"]["flows_file"] = Path(plain["volumes"]["flows_file"]).name
    plain["own_files"] = [Path(file).name for file in plain["own_files"]]
    return plain


def run_record(
    params: Params, provenance: Provenance, chapters: Iterable[Chapter], root: Path
) -> dict[str, Any]:
    """Versions, hashes, seed and platform; no clock and no path, so that two runs give the same record.

    Raises
    ------
    DataError
        When a file of own figures was changed while the report was made, or the machine's key cannot be had.
    """
    return {
        "package": package_version(),
        "code_sha256": code_hash(root),
        **git_state(root),
        "params_sha256": _hash(public_params(params)),
        "vintage_sha256": provenance.vintage_sha256,
        "own_files": own_files(provenance.own_files, root),
        "seed": params.seed,
        "rendered_on": rendering_date(provenance),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version_of(name) for name in LIBRARIES},
        "warnings": {chapter.notebook: len(chapter.warnings) for chapter in chapters if chapter.warnings},
    }


def own_files(files: Iterable[OwnFile], root: Path) -> list[dict[str, str]]:
    """Name and fingerprint of every file of own figures: ``sha256``, or ``hmac_sha256`` where it has confidential ones.

    Raises
    ------
    DataError
        See `run_record`.
    """
    return [_own_file(file, root / "data" / OWN_FOLDER) for file in files]


def _own_file(file: OwnFile, folder: Path) -> dict[str, str]:
    if file_hash(file.path) != file.sha256:
        raise DataError(
            "was changed while the report was made",
            where=file.name,
            remedy="make the report again: its chapters may have read different figures",
        )
    if file.confidential:
        return {"name": file.name, "hmac_sha256": fingerprint(file.sha256, machine_key(folder))}
    return {"name": file.name, "sha256": file.sha256}


def twin(
    params: Params, provenance: Provenance, results: Mapping[str, Result], record: Mapping[str, Any]
) -> dict[str, Any]:
    """The page's content for machines, in the form of ``twin.schema.json``.

    Raises
    ------
    RenderError
        When it breaks its schema.
    """
    content = {
        "twin": TWIN_VERSION,
        "country": {"iso3": provenance.iso3, "name": provenance.country},
        **provenance.to_dict(),
        "params": public_params(params),
        "chapters": {name: result.to_dict() for name, result in results.items()},
        "sources": {note.id: source_dict(note) for note in provenance.used_by(results)},
        "run": dict(record),
    }
    check_twin(content)
    return content


def check_twin(content: Mapping[str, Any]) -> None:
    """Hold a twin against its schema.

    Raises
    ------
    RenderError
        Naming every breach.
    """
    breaches = sorted(
        f"{'/'.join(str(part) for part in error.absolute_path) or 'the twin'}: {error.message[:200]}"
        for error in jsonschema.Draft202012Validator(twin_schema()).iter_errors(content)
    )
    if breaches:
        raise RenderError("the data file (JSON) breaks its schema:\n  - " + "\n  - ".join(breaches))


@cache
def twin_schema() -> dict[str, Any]:
    """JSON Schema of the twin."""
    text = files("cryptorisk.report").joinpath("twin.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def to_json(content: Any) -> str:
    """One spelling of JSON for everything the report writes."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code_hash(root: Path) -> str:
    """SHA-256 over the package's files and the kit's notebooks: what computed the figures."""
    package = Path(str(files("cryptorisk")))
    digest = hashlib.sha256()
    for base in (package, root / "notebooks"):
        for path in sorted(base.rglob("*")):
            if path.suffix in CODE_SUFFIXES and not path.name.startswith(".") and path.is_file():
                if ".ipynb_checkpoints" in path.parts:
                    continue
                digest.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def git_state(root: Path) -> dict[str, Any]:
    """Commit of the kit's checkout, and whether its code was changed since; empty and null where nobody can say."""
    if not (root / ".git").exists():
        return {"git_commit": "", "git_changed": None}
    commit = _git(root, "rev-parse", "HEAD")
    # Parameters and data have hashes of their own; reports of earlier runs change nothing.
    status = _git(root, "status", "--porcelain", "--", *CODE_PLACES)
    return {"git_commit": commit or "", "git_changed": None if not commit or status is None else status != ""}


def _git(root: Path, *words: str) -> str | None:
    """What git says; nothing where it cannot."""
    try:
        asked = subprocess.run(
            ["git", "--no-optional-locks", *words],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
