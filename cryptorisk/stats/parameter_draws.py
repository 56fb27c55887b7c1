"""Parameter uncertainty of a volatility model: admissible draws round the estimate."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.volatility import VolatilityRecursion


def parameter_draws(
    fit: GarchFit, replications: int, rng: np.random.Generator
) -> tuple[list[tuple[float, VolatilityRecursion]], float]:
    """Draw parameters from their asymptotic normal distribution, keeping the admissible ones.

    Parameters
    ----------
    fit : GarchFit
    replications : int
    rng : numpy.random.Generator

    Returns
    -------
    draws : list of (mean, VolatilityRecursion)
    rejected_share : float
        Share of draws that were not admissible and drawn again; about one half at the integrated boundary,
        where the distribution is cut at a persistence of one.

    Raises
    ------
    ModelError
        When the covariance of the parameters is not available or hardly any draw is admissible.
    """
    covariance = fit.covariance.to_numpy()
    if not np.isfinite(covariance).all():
        raise ModelError(
            "the covariance of the volatility model's parameters is not available",
            remedy="report the value at risk without an interval",
        )
    names = list(fit.params.index)
    kept: list[tuple[float, VolatilityRecursion]] = []
    drawn = 0
    while len(kept) < replications:
        if drawn > 200 * replications:
            raise ModelError("hardly any parameter draw of the volatility model is admissible")
        batch = rng.multivariate_normal(fit.params.to_numpy(), covariance, size=replications, method="eigh")
        for draw in batch:
            drawn += 1
            values = dict(zip(names, draw, strict=True))
            if _admissible(values, fit):
                kept.append((values["mu"], _recursion(values, fit.recursion.power)))
            if len(kept) == replications:
                break
    return kept, 1.0 - replications / drawn


def _recursion(values: dict[str, float], power: float) -> VolatilityRecursion:
    # A coefficient estimated at its bound of zero is drawn on both sides of it.
    return VolatilityRecursion(
        values["omega"], max(values["alpha"], 0.0), values.get("gamma", 0.0), values["beta"], power
    )


def _admissible(values: dict[str, float], fit: GarchFit) -> bool:
    nu = values.get("nu")
    if values["omega"] <= 0 or values["beta"] < 0 or (nu is not None and nu <= 2.05):
        return False
    recursion = _recursion(values, fit.recursion.power)
    falls = recursion.alpha + recursion.gamma >= 0
    return falls and recursion.persistence(nu) <= max(1.0, fit.persistence)
