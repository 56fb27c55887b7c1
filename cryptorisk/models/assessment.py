"""All analytical chapters of a country at once, for the chapters that stand on the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cryptorisk.data.inputs import Inputs
from cryptorisk.models import channels, crash, flight, substitution, volumes
from cryptorisk.params import Params
from cryptorisk.result import Result

ANALYSES: Mapping[str, Callable[[Inputs, Params], Result]] = MappingProxyType(
    {
        "volumes": volumes.analyse,
        "substitution": substitution.analyse,
        "flight": flight.analyse,
        "crash": crash.analyse,
        "channels": channels.analyse,
    }
)


def analyse_chapters(inputs: Inputs, params: Params) -> Mapping[str, Result]:
    """Analyse chapters 1 to 5.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    mapping of str to Result
        By chapter, in the report's order.
    """
    return MappingProxyType({name: analyse(inputs, params) for name, analyse in ANALYSES.items()})
