"""A tiny folder of vintages to refresh."""

import datetime as dt
import shutil

import pytest

from cryptorisk.data.compile import compile_vintage


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """A small vintage of invented figures, compiled once."""
    from invented import small_tables

    folder = tmp_path_factory.mktemp("small")
    small_tables(folder)
    compile_vintage(
        folder / "figures", folder / "data", dt.date(2026, 11, 23), supplement=folder / "supplement"
    )
    return folder / "data"


@pytest.fixture
def data(compiled, tmp_path):
    """A fresh copy of the folder of vintages."""
    shutil.copytree(compiled, tmp_path / "data")
    return tmp_path / "data"
