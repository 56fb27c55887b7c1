"""Tables behind the share: term structure, decomposition, rolling history."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.models.substitution.verdict import rate_verdict
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats import mvp

HISTORY_MONTHS = 60
"""Rolling window of the history: the shortest that the headline accepts, so that the path can move."""

HISTORY_REPLICATIONS = 400
_SEED_HISTORY = 203


def term_structure_table(
    raw: Sequence[mvp.HorizonShare],
    surprise: Sequence[mvp.HorizonShare],
    sample: MonthlySample,
    params: Params,
) -> Table:
    """Share by horizon from all changes and from unforeseen ones, percent, not clipped."""
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
        f"Not clipped to 0 to 100 %. {100 * raw[0].level:.0f} % intervals by block bootstrap; n.a. where fewer than "
        f"{mvp.FEWEST_BLOCKS} blocks longer than the horizon fit. Changes ending in "
        f"{sample.period(horizon, params.substitution.window_months)}, {sample.rate_name} rate.",
        sample.sources,
        shown=False,
    )


def decomposition_table(found: mvp.HorizonShare, sample: MonthlySample) -> Table:
    """Variances and covariance of the headline horizon."""
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


def history_table(sample: MonthlySample, params: Params, level: float) -> Table:
    """Share over rolling five-year windows at quarter ends; missing where the window's rate is a peg."""
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
                level=level,
                replications=HISTORY_REPLICATIONS,
                rng=rng,
            )[0]
            row |= {"share": 100 * found.share, "low": 100 * found.low, "high": 100 * found.high}
        rows.append(row)
    frame = pd.DataFrame(rows, columns=["date", "share", "low", "high"])
    known = frame.dropna(subset=["share"])
    blanks = ""
    if len(known) < len(frame) and len(known):
        blanks = (
            f" {len(known)} of {len(frame)} windows, the first to {known['date'].iloc[0]:%Y-%m}: in the others the "
            "rate was fixed or moved too little for a share."
        )
    return Table(
        "substitution.history",
        f"Risk-minimising share over rolling windows of {HISTORY_MONTHS} months",
        known,
        (
            Column("date", "Window ends"),
            Column("share", "Share", "%", 0),
            Column("low", "low", "%", 0),
            Column("high", "high", "%", 0),
        ),
        f"{horizon}-month changes, {sample.rate_name} rate, not clipped.{blanks}",
        sample.sources,
        shown=False,
    )
