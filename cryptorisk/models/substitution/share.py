"""Minimum-variance share of foreign currency: the headline with its verdict, and the share at another date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import coarse_table
from cryptorisk.models.substitution.sample import FEWEST_CHANGES, MonthlySample
from cryptorisk.models.substitution.tables import decomposition_table, history_table, term_structure_table
from cryptorisk.models.substitution.verdict import (
    Verdict,
    interval_verdict,
)
from cryptorisk.params import Params
from cryptorisk.result import Table
from cryptorisk.stats import mvp

LEVEL = 0.9
HORIZONS = tuple(range(1, 25))
_SEED_RAW, _SEED_SURPRISE, _SEED_GAP = 201, 202, 205


@dataclass(frozen=True)
class Shares:
    """Everything the chapter says about the share, in percent."""

    verdict: Verdict
    estimates: tuple[Estimate, ...]
    tables: tuple[Table, ...]
    period: str = ""


def shares(sample: MonthlySample, params: Params, *, name: str = "mvp_share") -> Shares:
    """Headline share with its term structure, decomposition and history.

    Parameters
    ----------
    sample : MonthlySample
    params : Params
        Horizon, window, replications, reference currency and seed are read.
    name : str
        Id of the headline estimate after the chapter.

    Returns
    -------
    Shares
        With a verdict that says why when the share is indeterminate; then its estimates are missing.
    """
    horizon, window = params.substitution.horizon_months, params.substitution.window_months
    if sample.changes(horizon) < FEWEST_CHANGES:
        return _refused(Verdict("sample", _too_short(sample, horizon)), params, name)
    period = sample.period(horizon, window)
    verdict = sample.rate_verdict(window + horizon)
    if not verdict.determinate:
        return _refused(verdict, params, name, period)
    raw = mvp.term_structure(
        sample.inflation,
        sample.real_return,
        HORIZONS,
        window=window,
        level=LEVEL,
        replications=params.substitution.bootstrap_replications,
        rng=np.random.default_rng([params.seed, _SEED_RAW]),
    )
    surprise, lag = mvp.surprise_term_structure(
        sample.inflation,
        sample.real_return,
        HORIZONS,
        window=window,
        level=LEVEL,
        replications=params.substitution.bootstrap_replications,
        rng=np.random.default_rng([params.seed, _SEED_SURPRISE]),
    )
    headline = raw[HORIZONS.index(horizon)]
    verdict = interval_verdict(headline)
    estimates: tuple[Estimate, ...] = (
        _estimate(headline, verdict, sample, params, name, _RAW_LABEL, _RAW_METHOD, "term_structure"),
        _estimate(
            surprise[HORIZONS.index(horizon)],
            interval_verdict(surprise[HORIZONS.index(horizon)]),
            sample,
            params,
            name + "_surprise",
            _SURPRISE_LABEL,
            f"{_SURPRISE_METHOD} Lag {lag}, chosen by BIC.",
            "surprise_term_structure",
        ),
        _pass_through(headline, sample, params),
    )
    tables: tuple[Table, ...] = (
        term_structure_table(raw, surprise, sample, params),
        decomposition_table(headline, sample),
        history_table(sample, params, LEVEL),
    )
    tables = tuple(table for table in tables if not table.frame.empty)
    if sample.confidential:
        # Before any sentence is written: the share is a ratio of sums over the confidential series.
        estimates = tuple(one.coarsened() for one in estimates)
        tables = tuple(coarse_table(one, keep=("horizon", "n", "date")) for one in tables)
    return Shares(verdict, estimates, tables, period)


_RAW_LABEL = "Foreign-currency share of least risk to savers"
_SURPRISE_LABEL = "Share of least risk, unforeseen changes only"
SHARE_NOTE = "The split at which savings vary least in local goods; not an amount that could move."
_RAW_METHOD = (
    "Minimum-variance share (Ize and Levy Yeyati 2003) from overlapping log changes of consumer prices and "
    "the exchange rate; circular block bootstrap, expanded percentile interval."
)
_SURPRISE_METHOD = (
    "Minimum-variance share from the forecast errors of a vector autoregression in inflation and depreciation; "
    "block bootstrap of its rows."
)


def _estimate(
    found: mvp.HorizonShare,
    verdict: Verdict,
    sample: MonthlySample,
    params: Params,
    name: str,
    label: str,
    method: str,
    function: str,
) -> Estimate:
    id, label = f"substitution.{name}", f"{label} ({found.horizon} months)"
    point = f"{100 * found.share:.1f}".replace("-", "\u2212")
    if not verdict.determinate:
        told = "" if sample.confidential else f"; the unclipped point is {point} %"
        return Estimate.missing(id, label, "pct", verdict.text + told)
    clipped = float(np.clip(found.share, 0.0, 1.0))
    if clipped != found.share and not sample.confidential:
        method += f" The unclipped point is {point} %; the interval is not clipped."
    return Estimate(
        id,
        label,
        100 * clipped,
        "pct",
        low=100 * found.low,
        high=100 * found.high,
        level=LEVEL,
        interval="confidence",
        method=method,
        date=sample.period(found.horizon, params.substitution.window_months),
        n_obs=found.n,
        sources=sample.sources,
        inputs=sample.series,
        function=f"cryptorisk.stats.mvp.{function}",
        note=SHARE_NOTE,
    )


def _pass_through(found: mvp.HorizonShare, sample: MonthlySample, params: Params) -> Estimate:
    """The unclipped share under its other name: the slope of inflation on depreciation."""
    return Estimate(
        "substitution.pass_through",
        f"Slope of {found.horizon}-month inflation on {found.horizon}-month depreciation (the unclipped share)",
        found.share,
        "ratio",
        low=None if np.isnan(found.low) else found.low,
        high=None if np.isnan(found.low) else found.high,
        level=None if np.isnan(found.low) else LEVEL,
        interval="none" if np.isnan(found.low) else "confidence",
        method="Identical to the minimum-variance share before it is clipped; a description, not a causal effect.",
        date=sample.period(found.horizon, params.substitution.window_months),
        n_obs=found.n,
        sources=sample.sources,
        inputs=sample.series,
        function="cryptorisk.stats.mvp.term_structure",
    )


def _refused(verdict: Verdict, params: Params, name: str, period: str = "") -> Shares:
    horizon = params.substitution.horizon_months
    missing = tuple(
        Estimate.missing(
            f"substitution.{name}{end}", f"{label} ({horizon} months)", "pct", verdict.text, date=period
        )
        for end, label in (("", _RAW_LABEL), ("_surprise", _SURPRISE_LABEL))
    )
    return Shares(verdict, missing, (), period)


def _too_short(sample: MonthlySample, horizon: int) -> str:
    if sample.log_price.empty:
        return sample.reason
    return (
        f"prices and the {sample.rate_name} rate overlap without a break from {sample.log_price.index[0]:%Y-%m} "
        f"to {sample.log_price.index[-1]:%Y-%m}, which gives {sample.changes(horizon)} changes over {horizon} "
        f"months where {FEWEST_CHANGES} are needed"
    )


def share_at(sample: MonthlySample, params: Params, end: pd.Timestamp) -> mvp.HorizonShare | Verdict:
    """The headline share on the sample up to a date, or the verdict that refuses it."""
    horizon, window = params.substitution.horizon_months, params.substitution.window_months
    until = sample.until(end)
    if until.changes(horizon) < FEWEST_CHANGES:
        return Verdict("sample", f"too few months of prices and exchange rates up to {end:%Y-%m}")
    verdict = until.rate_verdict(window + horizon)
    if not verdict.determinate:
        return verdict
    found = mvp.term_structure(
        until.inflation,
        until.real_return,
        [horizon],
        window=window,
        level=LEVEL,
        replications=params.substitution.bootstrap_replications,
        rng=np.random.default_rng([params.seed, _SEED_GAP]),
    )[0]
    verdict = interval_verdict(found)
    return found if verdict.determinate else verdict
