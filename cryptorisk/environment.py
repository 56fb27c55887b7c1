"""The conda environment, written from pyproject.toml: ``python -m cryptorisk.environment > environment.yml``.

One statement of the dependencies serves pip and conda; a test fails when the two files drift.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from cryptorisk.kit import find_root

CONDA_NAMES = {"arch": "arch-py"}
"""Names on conda-forge where they differ from those of Python packages."""

EXTRAS = ("lab", "live")
"""Optional groups that the conda environment brings along."""

_HEADER = """\
# Generated from pyproject.toml by `make environment`; do not edit.
#   conda env create -f environment.yml
#   conda activate cryptorisk
#   cryptorisk report params/KEN.yaml
"""


def conda_environment(pyproject: str) -> str:
    """Text of environment.yml.

    Parameters
    ----------
    pyproject : str
        Text of pyproject.toml.

    Returns
    -------
    str
        conda-forge environment with the package's dependencies, JupyterLab, Quarto and the package itself,
        editable. pip finds every dependency already there and adds only the package.
    """
    project = tomllib.loads(pyproject)["project"]
    wanted = list(project["dependencies"])
    for extra in EXTRAS:
        wanted += project["optional-dependencies"][extra]
    specs = sorted(_conda(requirement) for requirement in wanted)
    build = [_conda(need) for need in tomllib.loads(pyproject)["build-system"]["requires"]]
    lines = [f"python{project['requires-python']}", *specs, *build, "pip", "quarto"]
    body = "".join(f"  - {line}\n" for line in lines)
    return (
        f"{_HEADER}name: {project['name']}\nchannels:\n  - conda-forge\n  - nodefaults\n"
        f"dependencies:\n{body}  - pip:\n      - -e .\n"
    )


def _conda(requirement: str) -> str:
    match = re.fullmatch(r"([A-Za-z0-9._-]+)(\[[^]]*\])?\s*([<>=!~][^;]*)?", requirement.strip())
    if match is None:
        raise ValueError(f"pyproject.toml: {requirement!r} has no form that conda knows")
    name, bounds = match.group(1), (match.group(3) or "").replace(" ", "")
    return f"{CONDA_NAMES.get(name, name)}{bounds}"


def main() -> None:
    """Print environment.yml for the kit at hand."""
    sys.stdout.write(conda_environment((find_root() / "pyproject.toml").read_text(encoding="utf-8")))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(f"{Path(sys.argv[0]).name} takes no arguments")
    main()
