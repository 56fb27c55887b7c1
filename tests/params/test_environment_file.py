"""environment.yml and pyproject.toml say the same."""

import subprocess
import sys
import tomllib

import pytest
from ruamel.yaml import YAML

from cryptorisk.environment import CONDA_NAMES, conda_environment
from cryptorisk.kit import find_root

PYPROJECT = (find_root() / "pyproject.toml").read_text(encoding="utf-8")


def test_environment_is_current():
    """`make environment`."""
    assert (find_root() / "environment.yml").read_text(encoding="utf-8") == conda_environment(PYPROJECT)


def test_every_dependency_is_there_with_its_bound():
    environment = YAML(typ="safe", pure=True).load(conda_environment(PYPROJECT))
    assert environment["channels"][0] == "conda-forge"
    listed = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    for requirement in tomllib.loads(PYPROJECT)["project"]["dependencies"]:
        name = requirement.split(">")[0]
        bound = requirement.removeprefix(name)
        assert CONDA_NAMES.get(name, name) + bound in listed
    assert {"quarto", "pip"} <= set(listed)
    assert any(entry.startswith("jupyterlab") for entry in listed)
    assert listed[0] == "python>=3.11"
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


def test_a_new_dependency_changes_the_environment():
    changed = PYPROJECT.replace('"typer>=', '"polars>=1.0",\n  "typer>=')
    assert "  - polars>=1.0\n" in conda_environment(changed)


def test_a_requirement_conda_cannot_read_is_refused():
    with pytest.raises(ValueError, match="has no form that conda knows"):
        conda_environment(PYPROJECT.replace('"typer>=0.16"', '"typer @ https://example.org/x.whl"'))


def test_as_a_command():
    command = [sys.executable, "-m", "cryptorisk.environment"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=find_root())
    assert done.stdout == conda_environment(PYPROJECT)
