"""Which volatility model describes bitcoin's days: the candidates, the contest out of sample, the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.result import Column, Table
from cryptorisk.stats import garch
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.garch_choice import (
    Candidate,
    Contest,
    best_of_each_model,
    candidates,
    choose,
    contest,
    stable,
)
from cryptorisk.stats.garch_specification import DISTRIBUTION_NAMES, MODEL_NAMES
from cryptorisk.stats.rolling import RollingFit, rolling_fit

DAYS = 1095
"""Days out of sample: three years, or less when `FIRST_SAMPLE` earlier returns would not remain."""

LEAST_DAYS = 250
"""Fewest days out of sample: a year of trading days, on which the supervisors' count of violations stands."""

STEP = 91
"""Days between refits: a quarter. Between them the fitted recursion is fed with the new returns."""

FIRST_SAMPLE = 1000
"""Fewest returns before the first forecast: 1 % of them are ten observations beyond a 99 % quantile."""


@dataclass(frozen=True, eq=False)
class VolatilityChoice:
    """Candidates and the one that was chosen.

    Attributes
    ----------
    fits : tuple of GarchFit
        All candidates, by BIC.
    contenders : tuple of GarchFit
        The best stable one of each model, by BIC.
    rolled : mapping of (model, distribution) to RollingFit
        Contenders refitted over the last years; empty when the sample is too short.
    held : Contest or None
        Losses out of sample; None when the sample is too short or a single contender is left.
    chosen : GarchFit
        Searched from all starts, with the covariance of its parameters.
    """

    fits: tuple[GarchFit, ...]
    contenders: tuple[GarchFit, ...]
    rolled: Mapping[Candidate, RollingFit]
    held: Contest | None
    chosen: GarchFit

    @property
    def lowest(self) -> GarchFit:
        """The contender of lowest BIC."""
        return self.contenders[0]

    @property
    def disagreed(self) -> bool:
        """Whether the days out of sample overruled the criterion."""
        return name_of(self.lowest) != name_of(self.chosen)


def name_of(fit: GarchFit) -> Candidate:
    """The key of a fit among the candidates."""
    return fit.model, fit.distribution


def first_forecast(count: int) -> int:
    """Position of the first day out of sample among ``count`` returns."""
    return max(count - DAYS, FIRST_SAMPLE)


def choose_volatility(returns: pd.Series[float], level: float, rng: np.random.Generator) -> VolatilityChoice:
    """Fit the candidates, hold the contest and choose.

    Parameters
    ----------
    returns : pandas.Series
        Daily log returns in percent.
    level : float
        Of the value at risk that the joint score is taken at.
    rng : numpy.random.Generator
        Of the model confidence sets.
    """
    fits = candidates(returns)
    contenders = best_of_each_model(fits) or fits[:1]
    rolled = _rolled(returns, contenders)
    held = contest(rolled, level, rng) if len(rolled) > 1 else None
    able = [fit for fit in contenders if not rolled or name_of(fit) in rolled]
    picked = choose(able, held)
    chosen = garch.fit(returns, model=picked.model, distribution=picked.distribution)
    return VolatilityChoice(fits, tuple(able), rolled, held, chosen)


def _rolled(returns: pd.Series[float], contenders: tuple[GarchFit, ...]) -> dict[Candidate, RollingFit]:
    first = first_forecast(len(returns))
    if len(returns) - first < LEAST_DAYS:
        return {}
    found = {}
    for fit in contenders:
        try:
            found[name_of(fit)] = rolling_fit(
                returns,
                window=first,
                refit_days=STEP,
                model=fit.model,
                distribution=fit.distribution,
                expanding=True,
            )
        except ModelError:
            continue  # The table shows the candidate without losses out of sample.
    return found


def models_table(choice: VolatilityChoice, sources: tuple[str, ...]) -> Table:
    """``crash.volatility_models``: the candidates with criterion, losses out of sample and the verdict."""
    held, best = choice.held, choice.fits[0].bic
    rows = []
    for fit in choice.fits:
        name = name_of(fit)
        known = held is not None and name in held.qlike.columns
        rows.append(
            {
                "model": MODEL_NAMES[fit.model],
                "distribution": DISTRIBUTION_NAMES[fit.distribution],
                "bic_distance": fit.bic - best,
                "persistence": fit.persistence,
                "nu": np.nan if fit.nu is None else fit.nu,
                "qlike": held.qlike[name].mean() if held is not None and known else np.nan,
                "qlike_p": held.qlike_p[name] if held is not None and known else np.nan,
                "score": held.score[name].mean() if held is not None and known else np.nan,
                "score_p": held.score_p[name] if held is not None and known else np.nan,
                "verdict": _verdict(fit, choice),
            }
        )
    return Table(
        "crash.volatility_models",
        "Volatility models of bitcoin's daily returns",
        pd.DataFrame(rows),
        (
            Column("model", "Model"),
            Column("distribution", "Shocks"),
            Column("bic_distance", "BIC above the lowest", "", 1),
            Column("persistence", "Persistence", "", 3),
            Column("nu", "Degrees of freedom", "", 2),
            Column("qlike", "Volatility loss", "", 3),
            Column("qlike_p", "in the confidence set, p", "", 2),
            Column("score", "VaR and ES loss", "", 3),
            Column("score_p", "in the confidence set, p", "", 2),
            Column("verdict", "Verdict"),
        ),
        note=(
            "Rule: the model of lowest BIC, unless a 90 % model confidence set of its losses out of sample leaves it out; "
            "then the one with the lowest volatility loss among those left in. Losses: QLIKE against squared returns (the "
            "vintage has no prices within the day) and the joint score of value at risk and expected shortfall, refitted "
            "every quarter. Not stable: starts end at different likelihoods, or a parameter lies on a bound."
        ),
        sources=sources,
    )


def _verdict(fit: GarchFit, choice: VolatilityChoice) -> str:
    if name_of(fit) == name_of(choice.chosen):
        return "chosen"
    if not stable(fit):
        return "not stable"
    if choice.held is not None and name_of(fit) in choice.rolled:
        return "left out by a confidence set" if choice.held.rejected(name_of(fit)) else ""
    return ""
