"""Parameter uncertainty of a volatility model: admissible draws round the estimate."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.garch_specification import admissible, recursion_of
from cryptorisk.stats.volatility import Recursion


def parameter_draws(
    fit: GarchFit, replications: int, rng: np.random.Generator
) -> tuple[list[tuple[float, Recursion]], float]:
    """Draw parameters from their asymptotic normal distribution, keeping the admissible ones.

    Parameters
    ----------
    fit : GarchFit
    replications : int
    rng : numpy.random.Generator

    Returns
    -------
    draws : list of (mean, Recursion)
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
    kept: list[tuple[float, Recursion]] = []
    drawn = 0
    while len(kept) < replications:
        if drawn > 200 * replications:
            raise ModelError("hardly any parameter draw of the volatility model is admissible")
        batch = rng.multivariate_normal(fit.params.to_numpy(), covariance, size=replications, method="eigh")
        for draw in batch:
            drawn += 1
            values = _reflected({name: float(value) for name, value in zip(names, draw, strict=True)}, fit)
            if admissible(fit.model, values, max(1.0, fit.persistence)):
                kept.append((values["mu"], recursion_of(fit.model, values)))
            if len(kept) == replications:
                break
    return kept, 1.0 - replications / drawn


def _reflected(values: dict[str, float], fit: GarchFit) -> dict[str, float]:
    """A coefficient estimated at its bound of zero is drawn on both sides of it: below it counts as zero."""
    if fit.model == "egarch":
        return values
    return values | {"alpha": max(values["alpha"], 0.0)}
