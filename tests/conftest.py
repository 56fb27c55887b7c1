"""What all tests share: one BLAS thread, the embedded vintage, and the inputs of a country."""

# ruff: noqa: E402
from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported: sums of threads differ in the last digit

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.params import Params

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def kit_root() -> Path:
    """The kit's folder."""
    return ROOT


@pytest.fixture(scope="session")
def embedded() -> Path:
    """The embedded vintage."""
    return ROOT / "data" / "2026-11-23"


@pytest.fixture(scope="session")
def inputs_for() -> Callable[[str], Inputs]:
    """Inputs of a country with default parameters, from the embedded vintage."""

    @cache
    def load(iso3: str) -> Inputs:
        return load_inputs(Params(country=iso3, vintage="2026-11-23"), root=ROOT)

    return load
