"""Calm and turbulent weeks of bitcoin: a Markov-switching mean and variance, how long states last, which one holds.

Weeks and not days: by the day the states are single bad days and what surrounds them, which the GJR-GARCH model of this
chapter already describes; by the week they are phases of the market that a supervisor can name.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.findings import likelihood_words
from cryptorisk.models.price_risk.opening import absent, of_weeks
from cryptorisk.models.price_risk.weekly import FEWEST_WEEKS
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.regime_fit import Regimes
from cryptorisk.stats.regimes import choose, current_interval

COVERAGE = 0.8
WEEKS_A_YEAR = 365 / 7
STARTS, FOLLOWED = 5, 2
"""Random starts, and those followed to their maxima: on bitcoin's weeks every start ends at one and the same."""

LABELS = {
    "turbulent_probability_pct": ("Probability that the last week was a turbulent one", "pct"),
    "turbulent_days": ("Expected length of a turbulent spell of bitcoin", "days"),
    "calm_days": ("Expected length of a calm spell of bitcoin", "days"),
}
FUNCTION = "cryptorisk.stats.regimes.fit"
NAMES = {2: ("calm", "turbulent"), 3: ("calm", "middle", "turbulent")}


def regimes_part(inputs: Inputs, params: Params) -> Part:
    """States of bitcoin's weekly returns: estimates, tables ``regimes``, ``regime_choice``, ``regime_path``.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    params : Params
        ``crash.sample_start`` and the seed.
    """
    return of_weeks(
        inputs, params, LABELS, FEWEST_WEEKS + 1, lambda prices, sources: _of(prices, sources, params.seed)
    )


def _of(prices: pd.Series, sources: tuple[str, ...], seed: int) -> Part:
    returns = (100 * np.log(prices)).diff().dropna()
    criteria, fits = choose(returns, starts=STARTS, followed=FOLLOWED, seed=seed)
    states = int(criteria.index[criteria["chosen"]][0])
    choice = _choice_table(criteria, fits, sources)
    if states == 1:
        reason = "weekly returns show no states that differ: one normal distribution has the lowest Bayesian criterion"
        return absent(LABELS, reason)._replace(tables=(choice,))
    found = fits[states]
    now = current_interval(returns, found, level=COVERAGE, seed=seed)
    estimates = _estimates(found, now, returns, sources)
    said = _sentence(found, estimates, returns)
    tables = (_states_table(found, said, sources), choice, _path_table(prices, found, sources))
    return Part(estimates, tables, _warnings(found, estimates))


def _estimates(
    found: Regimes, now: np.ndarray, returns: pd.Series, sources: tuple[str, ...]
) -> tuple[Estimate, ...]:
    first, last = (day.date().isoformat() for day in (returns.index[0], returns.index[-1]))
    spells = 7 * found.duration_intervals(COVERAGE)
    method = (
        f"Markov-switching mean and variance of weekly log returns, {found.k_regimes} states (Hamilton 1989)"
    )
    probability = 100 * found.current[-1]
    label, unit = LABELS["turbulent_probability_pct"]
    made = [
        _estimate(
            "turbulent_probability_pct",
            label.replace("the last week", f"the week to {last}"),
            unit,
            probability,
            # Draws of the parameters need not straddle the estimate where the state is all but certain.
            _around(probability, 100 * now[-1]),
            f"{method}; filtered probability, interval from draws of the parameters.",
            last,
            len(returns),
            sources,
        )
    ]
    for name, state in (("turbulent_days", -1), ("calm_days", 0)):
        label, unit = LABELS[name]
        text = f"{method}; seven times 1/(1 - p) weeks, normal interval of the logit of p."
        length = 7 * float(found.durations[state])
        ends = spells[state]
        made.append(
            _estimate(name, label, unit, length, ends, text, f"{first}/{last}", len(returns), sources)
        )
    return tuple(made)


def _estimate(
    name: str,
    label: str,
    unit: str,
    value: float,
    ends: np.ndarray,
    method: str,
    date: str,
    n: int,
    sources: tuple[str, ...],
) -> Estimate:
    known = bool(np.isfinite(ends).all())
    return Estimate(
        id=f"crash.{name}",
        label=label,
        value=value,
        unit=unit,
        low=float(ends[0]) if known else None,
        high=float(ends[1]) if known else None,
        level=COVERAGE if known else None,
        interval="confidence" if known else "none",
        method=method,
        date=date,
        n_obs=n,
        sources=sources,
        inputs=("btc_price_usd",),
        function=FUNCTION,
        note="" if known else "No interval: a probability of transition stands on its bound.",
    )


def _around(value: float, ends: np.ndarray) -> np.ndarray:
    return np.array([min(ends[0], value), max(ends[1], value)])


def _states_table(found: Regimes, text: str, sources: tuple[str, ...]) -> Table:
    scale = math.sqrt(WEEKS_A_YEAR)
    ends = 7 * found.duration_intervals(COVERAGE)
    frame = pd.DataFrame(
        {
            "state": NAMES.get(found.k_regimes, tuple(map(str, range(found.k_regimes)))),
            "volatility_pct": found.sigmas * scale,
            "mean_pct": found.means,
            "share_pct": 100 * found.smoothed.mean().to_numpy(),
            "days": 7 * found.durations,
            "low": ends[:, 0],
            "high": ends[:, 1],
            "now_pct": 100 * found.current,
        }
    )
    said = "; ".join(found.warnings)
    note = f"{text} Spells: {100 * COVERAGE:g} % interval. " + (
        f"Warnings of the fit: {said}." if said else ""
    )
    return Table(
        "crash.regimes",
        "States of bitcoin's market by week",
        frame,
        (
            Column("state", "State"),
            Column("volatility_pct", "Volatility", "% a year", 0),
            Column("mean_pct", "Mean return", "log % a week", 2),
            Column("share_pct", "Share of weeks", "%", 0),
            Column("days", "Expected spell", "days", 0),
            Column("low", "Low", "days", 0),
            Column("high", "High", "days", 0),
            Column("now_pct", "Probability, last week", "%", 0),
        ),
        note=note.strip(),
        sources=sources,
    )


def _choice_table(criteria: pd.DataFrame, fits: dict[int, Regimes], sources: tuple[str, ...]) -> Table:
    frame = criteria.reset_index()
    frame["agreeing"] = [
        f"{fits[k].agreeing} of {fits[k].followed}" if k in fits else "\u2013" for k in frame["states"]
    ]
    frame["warnings"] = [
        "; ".join(fits[k].warnings) or "none" if k in fits else "\u2013" for k in frame["states"]
    ]
    frame["chosen"] = frame["chosen"].map({True: "yes", False: "no"})
    return Table(
        "crash.regime_choice",
        "Number of states by the Bayesian criterion",
        frame,
        (
            Column("states", "States", "", 0),
            Column("log_likelihood", "Log-likelihood", "", 1),
            Column("parameters", "Parameters", "", 0),
            Column("bic", "Bayesian criterion", "", 1),
            Column("chosen", "Chosen"),
            Column("agreeing", "Best starts that met"),
            Column("warnings", "Warnings"),
        ),
        note="The lowest criterion is chosen; no test is made of it, since the chain is not identified with fewer states.",
        sources=sources,
    )


def _path_table(prices: pd.Series, found: Regimes, sources: tuple[str, ...]) -> Table:
    frame = pd.DataFrame({"price_usd": prices, "turbulent_pct": 100 * found.smoothed.iloc[:, -1]}).dropna()
    return Table(
        "crash.regime_path",
        "Bitcoin's price on Fridays and the probability of a turbulent week",
        frame.rename_axis("date").reset_index(),
        (
            Column("date", "Week to"),
            Column("price_usd", "Price", "USD", 2),
            Column("turbulent_pct", "Probability of a turbulent week, given the whole sample", "%", 0),
        ),
        sources=sources,
        shown=False,
    )


def _sentence(found: Regimes, estimates: tuple[Estimate, ...], returns: pd.Series) -> str:
    """What the states mean: the same in every country, so that it stands with its table and is no finding."""
    probability, turbulent, calm = estimates
    word, share = likelihood_words(probability), 100 * float(found.smoothed.iloc[:, -1].mean())
    scale = math.sqrt(WEEKS_A_YEAR)
    return (
        f"Bitcoin's weeks fall into {'two' if found.k_regimes == 2 else 'three'} kinds: in turbulent ones its volatility is "
        f"{number(found.sigmas[-1] * scale, 0)} % a year, in calm ones {number(found.sigmas[0] * scale, 0)} %. "
        f"{number(share, 0)} % of the weeks are turbulent; such a spell lasts {turbulent:value} on average, a calm one "
        f"{calm:value}. That the week to "
        f"{returns.index[-1].date().isoformat()} was turbulent is {word} ({probability:full})."
    )


def _warnings(found: Regimes, estimates: tuple[Estimate, ...]) -> tuple[Finding, ...]:
    if not found.warnings:
        return ()
    ids, said = tuple(estimate.id for estimate in estimates), "; ".join(found.warnings)
    text = f"States of bitcoin's weeks: {said}."
    return (Finding("crash.regime_warnings", text, "notice", "caveat", ids),)
