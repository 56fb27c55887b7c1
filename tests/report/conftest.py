"""Fixtures of the report's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_kit import make_kit, origin

from cryptorisk.report import batch


@pytest.fixture
def small_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small kit in a folder whose name has a space and braces."""
    monkeypatch.setattr(batch, "from_inputs", origin)
    return make_kit(tmp_path / "a kit {with} braces")


@pytest.fixture(scope="module")
def module_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One small kit for a module's tests, which only read its first run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "from_inputs", origin)
        yield make_kit(tmp_path_factory.mktemp("kits") / "a kit {with} braces")
