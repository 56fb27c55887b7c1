"""Which volatility model? By information criterion in the sample, by losses out of it, and by a rule when they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.stats import garch
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.garch_specification import Distribution, Model, invertible
from cryptorisk.stats.model_confidence import SIZE, model_confidence
from cryptorisk.stats.rolling import RollingFit, forecast_from
from cryptorisk.stats.sample import FloatArray, Values
from cryptorisk.stats.shortfall_backtest import fissler_ziegel_losses
from cryptorisk.stats.volatility_scores import qlike

MODELS: tuple[Model, ...] = ("garch", "gjr", "tarch", "egarch")
DISTRIBUTIONS: tuple[Distribution, ...] = ("normal", "t", "skewt")

START_SPREAD = 0.05
"""Log-likelihoods from different starts further apart than this mark a likelihood without a clear peak: a model
whose estimates depend on where the search begins cannot be refitted every quarter without being watched."""

Candidate = tuple[Model, Distribution]


def candidates(returns_pct: Values) -> tuple[GarchFit, ...]:
    """Every model with every distribution, and APARCH with the distribution that the others prefer.

    Parameters
    ----------
    returns_pct : array-like, shape (n,)
        Returns in percent, oldest first.

    Returns
    -------
    tuple of GarchFit
        By BIC, best first. The first has been searched from all starts, as has APARCH; the others from one.
    """
    plain = [
        garch.fit(returns_pct, model=model, distribution=distribution, quick=True)
        for model in MODELS
        for distribution in DISTRIBUTIONS
    ]
    ahead = min(plain, key=_bic)
    searched = [
        garch.fit(returns_pct, model=ahead.model, distribution=ahead.distribution),
        garch.fit(returns_pct, model="aparch", distribution=ahead.distribution),
    ]
    return tuple(sorted([fit for fit in plain if fit is not ahead] + searched, key=_bic))


def stable(fit: GarchFit) -> bool:
    """Whether a fit can be relied on: converged, one peak, invertible, no parameter on a bound but the persistence."""
    if not invertible(fit.model, dict(zip(fit.params.index, fit.params.tolist(), strict=True))):
        return False
    return fit.converged and fit.loglikelihood_range <= START_SPREAD and set(fit.at_bound) <= {"persistence"}


def best_of_each_model(fits: Sequence[GarchFit]) -> tuple[GarchFit, ...]:
    """The stable fit of lowest BIC of each model, best first: those that go on to the contest out of sample."""
    found: dict[Model, GarchFit] = {}
    for fit in sorted(fits, key=_bic):
        if stable(fit):
            found.setdefault(fit.model, fit)
    return tuple(found.values())


@dataclass(frozen=True, eq=False)
class Contest:
    """Losses out of sample and what they say.

    Attributes
    ----------
    qlike, score : DataFrame, shape (days, candidates)
        Daily losses of the volatility forecast, and of value at risk and expected shortfall (FZ0).
    qlike_p, score_p : Series
        P-values of the model confidence set of each.
    """

    qlike: pd.DataFrame
    score: pd.DataFrame
    qlike_p: pd.Series[float]
    score_p: pd.Series[float]

    def rejected(self, candidate: Candidate) -> bool:
        """Whether either confidence set leaves the candidate out."""
        return bool(self.qlike_p[candidate] < SIZE or self.score_p[candidate] < SIZE)


def contest(rolled: Mapping[Candidate, RollingFit], level: float, rng: np.random.Generator) -> Contest:
    """Compare candidates on days that their parameters have not seen.

    Parameters
    ----------
    rolled : mapping of (model, distribution) to RollingFit
        At least two, over the same days.
    level : float
        Of the value at risk.
    rng : numpy.random.Generator

    Notes
    -----
    The proxy of a day's variance is the squared surprise of the first candidate's mean; a realised range needs
    prices within the day. Value at risk and expected shortfall are those of filtered historical simulation.
    """
    first = next(iter(rolled.values()))
    proxy: FloatArray = (first.returns_pct - first.mean) ** 2
    variances, scores = {}, {}
    for candidate, fitted in rolled.items():
        forecast = forecast_from(fitted, "fhs", level=level)
        variances[candidate] = qlike(proxy, fitted.volatility**2)
        scores[candidate] = fissler_ziegel_losses(
            forecast.losses, forecast.value_at_risk, forecast.expected_shortfall, level
        )
    columns = pd.MultiIndex.from_tuples(list(rolled))
    frames = [
        pd.DataFrame(np.column_stack(list(part.values())), columns=columns) for part in (variances, scores)
    ]
    return Contest(
        frames[0],
        frames[1],
        model_confidence(frames[0], rng=rng),
        model_confidence(frames[1], rng=rng),
    )


def choose(contenders: Sequence[GarchFit], held: Contest | None) -> GarchFit:
    """The contender of lowest BIC, unless a confidence set leaves it out: then the one that forecast best.

    "Best" is the lowest mean loss of the volatility forecast among those that neither set leaves out (among all
    when none is left).

    Parameters
    ----------
    contenders : sequence of GarchFit
        Of `best_of_each_model`, not empty.
    held : Contest or None
        None when the sample is too short for a contest: the criterion alone decides.

    Notes
    -----
    The criterion uses the whole sample and goes first: over three years the lowest mean loss among near models
    is mostly chance. Once days that it has not seen speak against it, it has no claim left, and they decide.
    """
    first = min(contenders, key=_bic)
    if held is None or not held.rejected(_name(first)):
        return first
    kept = [fit for fit in contenders if not held.rejected(_name(fit))]
    means = held.qlike.mean()
    return min(kept or contenders, key=lambda fit: float(means[_name(fit)]))


def _name(fit: GarchFit) -> Candidate:
    return fit.model, fit.distribution


def _bic(fit: GarchFit) -> float:
    return fit.bic
