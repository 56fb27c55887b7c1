"""Macro-financial risk of crypto-assets for a country.

Examples
--------
>>> import cryptorisk as cr
>>> params = cr.load_params("KEN")
>>> inputs = cr.load_inputs(params)
>>> volumes = cr.analyse_volumes(inputs, params)
>>> volumes["country_volume_usd"]        # an estimate: value, interval, unit, method, sources
>>> volumes.to_frame()                   # all of the chapter's numbers
>>> cr.charts.volumes.regions(volumes)   # a figure with its data
>>> cr.stats.garch.fit(returns_pct)      # an estimator on anyone's data; supervisory rules are in cr.rules
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptorisk import charts, rules, stats
    from cryptorisk.analysis import (
        analyse_channels,
        analyse_chapters,
        analyse_crash,
        analyse_flight,
        analyse_matrix,
        analyse_overview,
        analyse_substitution,
        analyse_volumes,
    )
    from cryptorisk.data.inputs import Inputs, load_inputs
    from cryptorisk.estimate import Estimate
    from cryptorisk.paramfile import load_params
    from cryptorisk.params import Params
    from cryptorisk.result import Finding, Result, Table

__version__ = "0.1.0"

_HOMES = {
    "Estimate": ("cryptorisk.estimate", "Estimate"),
    "Finding": ("cryptorisk.result", "Finding"),
    "Inputs": ("cryptorisk.data.inputs", "Inputs"),
    "Params": ("cryptorisk.params", "Params"),
    "Result": ("cryptorisk.result", "Result"),
    "Table": ("cryptorisk.result", "Table"),
    "analyse_channels": ("cryptorisk.analysis", "analyse_channels"),
    "analyse_chapters": ("cryptorisk.analysis", "analyse_chapters"),
    "analyse_crash": ("cryptorisk.analysis", "analyse_crash"),
    "analyse_flight": ("cryptorisk.analysis", "analyse_flight"),
    "analyse_matrix": ("cryptorisk.analysis", "analyse_matrix"),
    "analyse_overview": ("cryptorisk.analysis", "analyse_overview"),
    "analyse_substitution": ("cryptorisk.analysis", "analyse_substitution"),
    "analyse_volumes": ("cryptorisk.analysis", "analyse_volumes"),
    "load_inputs": ("cryptorisk.data.inputs", "load_inputs"),
    "load_params": ("cryptorisk.paramfile", "load_params"),
}

__all__ = [
    "Estimate",
    "Finding",
    "Inputs",
    "Params",
    "Result",
    "Table",
    "__version__",
    "analyse_channels",
    "analyse_chapters",
    "analyse_crash",
    "analyse_flight",
    "analyse_matrix",
    "analyse_overview",
    "analyse_substitution",
    "analyse_volumes",
    "charts",
    "load_inputs",
    "load_params",
    "rules",
    "stats",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use: the command line must not load pandas to print its help."""
    if name in ("charts", "rules", "stats"):
        return import_module(f"cryptorisk.{name}")
    if name in _HOMES:
        module, attribute = _HOMES[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'cryptorisk' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
