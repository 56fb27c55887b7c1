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
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptorisk import charts
    from cryptorisk.data.inputs import Inputs, load_inputs
    from cryptorisk.estimate import Estimate
    from cryptorisk.models.assessment import analyse_chapters
    from cryptorisk.models.channels import analyse as analyse_channels
    from cryptorisk.models.crash import analyse as analyse_crash
    from cryptorisk.models.flight import analyse as analyse_flight
    from cryptorisk.models.matrix import analyse as analyse_matrix
    from cryptorisk.models.overview import analyse as analyse_overview
    from cryptorisk.models.substitution import analyse as analyse_substitution
    from cryptorisk.models.volumes import analyse as analyse_volumes
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
    "analyse_channels": ("cryptorisk.models.channels", "analyse"),
    "analyse_chapters": ("cryptorisk.models.assessment", "analyse_chapters"),
    "analyse_crash": ("cryptorisk.models.crash", "analyse"),
    "analyse_flight": ("cryptorisk.models.flight", "analyse"),
    "analyse_matrix": ("cryptorisk.models.matrix", "analyse"),
    "analyse_overview": ("cryptorisk.models.overview", "analyse"),
    "analyse_substitution": ("cryptorisk.models.substitution", "analyse"),
    "analyse_volumes": ("cryptorisk.models.volumes", "analyse"),
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
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use: the command line must not load pandas to print its help."""
    if name == "charts":
        return import_module("cryptorisk.charts")
    if name in _HOMES:
        module, attribute = _HOMES[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'cryptorisk' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
