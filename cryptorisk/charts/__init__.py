"""Figures of the chapters: functions from a `Result` to a `Figure`, one module a chapter."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

CHAPTERS = (
    "adoption",
    "channels",
    "crash",
    "crash_losses",
    "cycle",
    "drivers",
    "early_warning",
    "exchange",
    "flight",
    "forecast",
    "matrix",
    "money_demand",
    "price_risk",
    "substitution",
    "tail",
    "volumes",
)


def __getattr__(name: str) -> ModuleType:
    """The module of a chapter's figures, imported on first use."""
    if name in CHAPTERS:
        return import_module(f"cryptorisk.charts.{name}")
    raise AttributeError(f"module 'cryptorisk.charts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(CHAPTERS)
