"""Minimum-variance share of foreign currency: headline, term structure, decomposition, history, annual check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.substitution_sample import FEWEST_CHANGES, MonthlySample, official_rate
from cryptorisk.models.substitution_verdict import (
    SMALLEST_DEPRECIATION_SD,
    Verdict,
    interval_verdict,
    rate_verdict,
)
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats import mvp

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

LEVEL = 0.9
HORIZONS = tuple(range(1, 25))
HISTORY_MONTHS = 60
"""Rolling window of the history: the shortest that the headline accepts, so that the path can move."""

HISTORY_REPLICATIONS = 400
ANNUAL_YEARS = 20
FEWEST_YEARS = 15
"""Annual changes below which their bootstrap has too few blocks of two years to be worth an interval."""

_SEED_RAW, _SEED_SURPRISE, _SEED_HISTORY, _SEED_ANNUAL, _SEED_GAP = 201, 202, 203, 204, 205


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
    rate = sample.log_rate.to_numpy(dtype=np.float64)[-(window + horizon) :]
    verdict = rate_verdict(rate)
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
    estimates = (
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
    tables = (
        _term_table(raw, surprise, sample, params),
        _decomposition(headline, sample),
        _history(sample, params),
    )
    return Shares(verdict, estimates, tables, period)


_RAW_LABEL = "Risk-minimising share of foreign currency in savings"
_SURPRISE_LABEL = "Risk-minimising share of foreign currency, unforeseen changes only"
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
    id, label = f"substitution.{name}", f"{label}, {found.horizon}-month horizon"
    if not verdict.determinate:
        point = f"; the unclipped point is {100 * found.share:.0f} %".replace("-", "\u2212")
        return Estimate.missing(id, label, "pct", verdict.text + point)
    clipped = float(np.clip(found.share, 0.0, 1.0))
    note = "Not an amount that could move: the share at which savings in local goods are least risky."
    if clipped != found.share:
        unclipped = f"{100 * found.share:.1f}".replace("-", "\u2212")
        note += f" The unclipped point is {unclipped} %; the interval is not clipped."
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
        note=note,
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
            f"substitution.{name}{end}", f"{label}, {horizon}-month horizon", "pct", verdict.text, date=period
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


def _term_table(
    raw: Sequence[mvp.HorizonShare],
    surprise: Sequence[mvp.HorizonShare],
    sample: MonthlySample,
    params: Params,
) -> Table:
    rows = [
        {
            "horizon": a.horizon,
            "raw": 100 * a.share,
            "raw_low": 100 * a.low,
            "raw_high": 100 * a.high,
            "surprise": 100 * b.share,
            "surprise_low": 100 * b.low,
            "surprise_high": 100 * b.high,
            "n": a.n,
        }
        for a, b in zip(raw, surprise, strict=True)
    ]
    columns = (
        Column("horizon", "Holding horizon", "months", 0),
        Column("raw", "All changes", "%", 0),
        Column("raw_low", "low", "%", 0),
        Column("raw_high", "high", "%", 0),
        Column("surprise", "Unforeseen changes", "%", 0),
        Column("surprise_low", "low", "%", 0),
        Column("surprise_high", "high", "%", 0),
        Column("n", "Overlapping changes", "", 0),
    )
    horizon = params.substitution.horizon_months
    return Table(
        "substitution.term_structure",
        "Risk-minimising share of foreign currency by holding horizon",
        pd.DataFrame(rows),
        columns,
        f"Not clipped to 0 to 100 %. {100 * LEVEL:.0f} % intervals by block bootstrap; n.a. where fewer than "
        f"{mvp.FEWEST_BLOCKS} blocks longer than the horizon fit. Changes ending in "
        f"{sample.period(horizon, params.substitution.window_months)}, {sample.rate_name} rate.",
        sample.sources,
        shown=False,
    )


def _decomposition(found: mvp.HorizonShare, sample: MonthlySample) -> Table:
    denominator = found.var_pi + found.var_s + 2 * found.cov
    parts = (
        ("Inflation, Var(\u03c0)", found.var_pi),
        ("Real return on foreign currency, Var(s)", found.var_s),
        ("Twice their covariance, 2 Cov(\u03c0, s)", 2 * found.cov),
        ("Depreciation, the denominator", denominator),
        ("Inflation with its covariance, the numerator", found.var_pi + found.cov),
    )
    frame = pd.DataFrame(
        [(label, 1e4 * value, 100 * value / denominator) for label, value in parts],
        columns=["part", "variance", "share"],
    )
    return Table(
        "substitution.decomposition",
        f"What the share is made of, {found.horizon}-month changes",
        frame,
        (
            Column("part", "Part"),
            Column("variance", "Variance", "log percent squared", 1),
            Column("share", "In relation to the denominator", "%", 0),
        ),
        "The share is the numerator over the denominator, its last row in percent.",
        sample.sources,
    )


def _history(sample: MonthlySample, params: Params) -> Table:
    horizon = params.substitution.horizon_months
    rows = []
    ends = [end for end in sample.log_price.index[horizon + HISTORY_MONTHS - 1 :] if end.month % 3 == 0]
    rng = np.random.default_rng([params.seed, _SEED_HISTORY])
    for end in ends:
        until = sample.until(end)
        rate = until.log_rate.to_numpy(dtype=np.float64)[-(HISTORY_MONTHS + horizon) :]
        row = {"date": end, "share": np.nan, "low": np.nan, "high": np.nan}
        if rate_verdict(rate).determinate:
            found = mvp.term_structure(
                until.inflation,
                until.real_return,
                [horizon],
                window=HISTORY_MONTHS,
                level=LEVEL,
                replications=HISTORY_REPLICATIONS,
                rng=rng,
            )[0]
            row |= {"share": 100 * found.share, "low": 100 * found.low, "high": 100 * found.high}
        rows.append(row)
    return Table(
        "substitution.history",
        f"Risk-minimising share over rolling windows of {HISTORY_MONTHS} months",
        pd.DataFrame(rows, columns=["date", "share", "low", "high"]),
        (
            Column("date", "Window ends"),
            Column("share", "Share", "%", 0),
            Column("low", "low", "%", 0),
            Column("high", "high", "%", 0),
        ),
        f"{horizon}-month changes, {sample.rate_name} rate, not clipped; n.a. where the rate of the window is "
        "a peg or does not move enough.",
        sample.sources,
        shown=False,
    )


def share_at(sample: MonthlySample, params: Params, end: pd.Timestamp) -> mvp.HorizonShare | Verdict:
    """The headline share on the sample up to a date, or the verdict that refuses it."""
    horizon, window = params.substitution.horizon_months, params.substitution.window_months
    until = sample.until(end)
    if until.changes(horizon) < FEWEST_CHANGES:
        return Verdict("sample", f"too few months of prices and exchange rates up to {end:%Y-%m}")
    verdict = rate_verdict(until.log_rate.to_numpy(dtype=np.float64)[-(window + horizon) :])
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


def annual_share(inputs: Inputs, params: Params, rate_name: str) -> Estimate:
    """Cross-check to the latest year: annual inflation and the change of the annual average exchange rate.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    rate_name : str
        Rate of the monthly sample; when it is the parallel one, the official rate is no cross-check.

    Returns
    -------
    Estimate
        ``substitution.mvp_share_annual``; missing with the reason where the rate hardly moves or years lack.
    """
    id, label = "substitution.mvp_share_annual", "Risk-minimising share of foreign currency, annual averages"
    if rate_name == "parallel":
        reason = "the official rate is not what savers pay, and the parallel one covers too few years"
        return Estimate.missing(id, label, "pct", reason)
    prices, (rate, rate_sources) = inputs.series("cpi_inflation_pct"), official_rate(inputs, params)
    if prices.empty or rate.empty:
        return Estimate.missing(
            id, label, "pct", "annual inflation or the exchange rate is not in the vintage"
        )
    yearly = rate.groupby(rate.index.year)
    log_rate = np.log(yearly.mean().where(yearly.count() == 12))
    inflation = np.log1p(prices.values / 100).groupby(prices.values.index.year).last()
    frame = pd.DataFrame({"pi": inflation, "e": log_rate.diff()}).reindex(range(1990, 2101))
    gaps = frame.isna().any(axis=1)
    last = frame.index[~gaps]
    if last.empty:
        return Estimate.missing(id, label, "pct", "inflation and the exchange rate have no year in common")
    before = [year for year in frame.index[gaps] if year < last[-1]]
    run = frame.loc[(before[-1] + 1) if before else last[0] : last[-1]].tail(ANNUAL_YEARS)
    if len(run) < FEWEST_YEARS:
        return Estimate.missing(
            id,
            label,
            "pct",
            f"only {len(run)} unbroken years of inflation and depreciation ({FEWEST_YEARS} needed)",
        )
    still, spread = float((run["e"].abs() < 0.01).mean()), float(run["e"].std())
    if still > 0.5:
        reason = f"indeterminate (peg or stale rate): the rate moved by less than 1 % in {100 * still:.0f} % of years"
        return Estimate.missing(id, label, "pct", reason)
    if spread < SMALLEST_DEPRECIATION_SD:
        reason = f"indeterminate (variance too small): depreciation has a standard deviation of {100 * spread:.1f} %"
        return Estimate.missing(id, label, "pct", reason)
    return _annual_estimate(run, (*prices.source_ids, *rate_sources), params, id, label)


def _annual_estimate(
    run: pd.DataFrame, sources: tuple[str, ...], params: Params, id: str, label: str
) -> Estimate:
    pi, depreciation = run["pi"].to_numpy(dtype=float), run["e"].to_numpy(dtype=float)
    # One "month" of the estimator is a year here; blocks of two years, as averages overlap (Working 1960).
    rows = mvp.block_indices(
        len(pi),
        2,
        params.substitution.bootstrap_replications,
        np.random.default_rng([params.seed, _SEED_ANNUAL]),
        kind="circular",
    )
    covariance = np.cov(pi, depreciation - pi)
    point = mvp.share(covariance[0, 0], covariance[1, 1], covariance[0, 1])
    low, high = mvp.expanded_interval(mvp.slopes(pi, depreciation, rows), LEVEL, len(pi) / 2)
    found = mvp.HorizonShare(12, point, low, high, LEVEL, 0.0, 0.0, 0.0, len(pi), 2)
    verdict = interval_verdict(found)
    if not verdict.determinate:
        return Estimate.missing(id, label, "pct", verdict.text)
    return Estimate(
        id,
        label,
        100 * float(np.clip(point, 0, 1)),
        "pct",
        low=100 * low,
        high=100 * high,
        level=LEVEL,
        interval="confidence",
        method="The same share from annual inflation and the change of the annual average official rate; "
        "bootstrap of two-year blocks. A cross-check that reaches further than the monthly prices.",
        date=f"{run.index[0]}/{run.index[-1]}",
        n_obs=len(run),
        sources=tuple(sorted(set(sources))),
        inputs=("cpi_inflation_pct", "official_fx_lcu_per_usd"),
        function="cryptorisk.models.substitution_share.annual_share",
        note="Always the official rate; few observations.",
    )
