"""The members of the GARCH family that are fitted: their parameters, starts, recursions and admissible regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from arch import arch_model

from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.volatility import (
    AsymmetricPowerRecursion,
    ExponentialRecursion,
    Recursion,
    VolatilityRecursion,
)

Model = Literal["garch", "gjr", "tarch", "egarch", "aparch"]
Distribution = Literal["normal", "t", "skewt"]

MODEL_NAMES: dict[Model, str] = {
    "garch": "GARCH",
    "gjr": "GJR-GARCH",
    "tarch": "TARCH",
    "egarch": "EGARCH",
    "aparch": "APARCH",
}
DISTRIBUTION_NAMES: dict[Distribution, str] = {"normal": "normal", "t": "Student t", "skewt": "skewed t"}

LEAST_NU = 2.05
"""Degrees of freedom below which a standardised shock has next to no variance; arch's own bound."""

_POWER: dict[Model, float] = {"garch": 2.0, "gjr": 2.0, "tarch": 1.0}
_RENAMED = {"eta": "nu", "lambda": "skew"}
"""arch's names of the skewed t's parameters (Hansen 1994), and the kit's."""

_STARTS = ((0.03, 0.02, 0.95), (0.10, 0.00, 0.88), (0.05, 0.15, 0.70))
"""(alpha, gamma, beta) from slow to fast volatility: where the likelihood has two peaks they lie apart so."""
_EXPONENTIAL_STARTS = ((0.10, -0.02, 0.98), (0.25, 0.00, 0.95))
_POWER_STARTS = ((0.08, 0.05, 0.88, 1.0), (0.08, 0.05, 0.88, 2.0))


def specification(sample: FloatArray, model: Model, distribution: Distribution) -> Any:
    """Arch's model of a (1,1) recursion with constant mean."""
    shape: dict[str, Any] = {"vol": "GARCH", "power": _POWER.get(model, 2.0)}
    if model in ("egarch", "aparch"):
        shape = {"vol": model.upper()}
    asymmetric = 0 if model == "garch" else 1
    return arch_model(
        sample, mean="Constant", p=1, o=asymmetric, q=1, dist=distribution, rescale=False, **shape
    )


def parameter_names(names: Any) -> list[str]:
    """The kit's names of arch's parameters: ``mu omega alpha gamma beta delta nu skew``, those there are."""
    plain = [str(name).removesuffix("[1]") for name in names]
    return [_RENAMED.get(name, name) for name in plain]


def other_starts(sample: FloatArray, model: Model, distribution: Distribution) -> list[FloatArray]:
    """Starting values beside arch's own, in the order of the parameters."""
    tail = {"normal": [], "t": [5.0], "skewt": [5.0, 0.0]}[distribution]
    mean = float(sample.mean())
    logged = float(np.log(sample.var()))
    found: list[list[float]] = []
    if model == "egarch":
        found = [[mean, (1 - b) * logged, a, g, b, *tail] for a, g, b in _EXPONENTIAL_STARTS]
    elif model == "aparch":
        for a, g, b, power in _POWER_STARTS:
            level = float(np.mean(np.abs(sample - mean) ** power))
            found.append([mean, level * (1 - a - b), a, g, b, power, *tail])
    else:
        level = float(np.mean(np.abs(sample - mean) ** _POWER[model]))
        for a, g, b in _STARTS:
            news = [a + 0.5 * g] if model == "garch" else [a, g]
            found.append([mean, level * (1 - a - 0.5 * g - b), *news, b, *tail])
    return [np.array(values) for values in found]


def recursion_of(model: Model, values: Mapping[str, float]) -> Recursion:
    """The recursion with these parameters."""
    core = {name: float(values.get(name, 0.0)) for name in ("omega", "alpha", "gamma", "beta")}
    if model == "egarch":
        return ExponentialRecursion(**core)
    if model == "aparch":
        return AsymmetricPowerRecursion(**core, power=float(values["delta"]))
    return VolatilityRecursion(**core, power=_POWER[model])


def persistence_of(model: Model, values: Mapping[str, float]) -> float:
    """Persistence of the recursion under the shocks that the parameters describe."""
    return recursion_of(model, values).persistence(values.get("nu"), float(values.get("skew", 0.0)))


def admissible(model: Model, values: Mapping[str, float], most: float) -> bool:
    """Whether parameters keep volatility positive, shocks with a variance, and persistence at or below ``most``."""
    nu = values.get("nu")
    if (nu is not None and nu <= LEAST_NU) or abs(values.get("skew", 0.0)) >= 1.0:
        return False
    if model == "egarch":
        return invertible(model, values) and values["beta"] <= most
    if values["omega"] <= 0 or values["beta"] < 0:
        return False
    falls = values["alpha"] + values.get("gamma", 0.0) >= 0
    if model == "aparch":
        falls = abs(values["gamma"]) < 1.0 and 0.05 < values["delta"] < 4.0
        falls = falls and (nu is None or values["delta"] < nu)
    return falls and persistence_of(model, values) <= most


def invertible(model: Model, values: Mapping[str, float]) -> bool:
    """Whether volatility can be filtered from the returns whatever they are.

    An exponential recursion with ``alpha < |gamma|`` may run away: as volatility falls, a shock of one sign lowers
    it further (Straumann and Mikosch 2006, Annals of Statistics 34(5), section 5.3). The others always can.
    """
    return model != "egarch" or values["alpha"] >= abs(values["gamma"])


def at_bound(model: Model, values: Mapping[str, float], persistence: float) -> tuple[str, ...]:
    """Parameters on the edge of what is allowed."""
    edges = [] if model == "egarch" else [name for name in ("alpha", "beta") if values[name] < 1e-6]
    if model in ("gjr", "tarch") and values["alpha"] + values["gamma"] < 1e-6:
        edges.append("alpha + gamma")
    if model == "aparch":
        edges += ["gamma"] if abs(values["gamma"]) > 0.999 else []
        edges += ["delta"] if not 0.051 < values["delta"] < 3.999 else []
    if persistence > 1.0 - 1e-6:
        edges.append("persistence")
    return tuple(edges)
