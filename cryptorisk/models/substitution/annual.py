"""Annual cross-check of the minimum-variance share: it reaches further than the monthly prices do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import guarded
from cryptorisk.models.substitution.sample import official_rate, years_of
from cryptorisk.models.substitution.verdict import (
    SMALLEST_DEPRECIATION_SD,
    STEP,
    interval_verdict,
)
from cryptorisk.params import Params
from cryptorisk.stats import mvp
from cryptorisk.stats.bootstrap import block_indices

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

LEVEL = 0.9
YEARS = 20
FEWEST_YEARS = 15
"""Annual changes below which their bootstrap has too few blocks of two years to be worth an interval."""

STILL_YEAR = 0.01
"""A year in which the average rate moved by less than 1 percent, the margin of a conventional peg."""

_SEED = 204


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
    id, label = "substitution.mvp_share_annual", "Share of least risk, annual averages of up to 20 years"
    if rate_name != "official":
        reason = f"the official rate is not what savers pay, and the {rate_name} one covers too few years"
        return Estimate.missing(id, label, "pct", reason)
    prices, (rate, rate_sources) = inputs.series("cpi_inflation_pct"), official_rate(inputs, params)
    if prices.empty or rate.empty:
        return Estimate.missing(id, label, "pct", "annual inflation or the exchange rate is not in the data")
    yearly = rate.groupby(years_of(rate))
    log_rate = np.log(yearly.mean().where(yearly.count() == 12))
    inflation = np.log1p(prices.values / 100).groupby(years_of(prices.values)).last()
    frame = pd.DataFrame({"pi": inflation, "e": log_rate.diff()}).reindex(range(1990, 2101))
    gaps = frame.isna().any(axis=1)
    last = frame.index[~gaps]
    if last.empty:
        return Estimate.missing(id, label, "pct", "inflation and the exchange rate have no year in common")
    before = [year for year in frame.index[gaps] if year < last[-1]]
    run = frame.loc[(before[-1] + 1) if before else last[0] : last[-1]].tail(YEARS)
    if len(run) < FEWEST_YEARS:
        return Estimate.missing(
            id,
            label,
            "pct",
            f"only {len(run)} unbroken years of inflation and depreciation ({FEWEST_YEARS} needed)",
        )
    still, spread = float((run["e"].abs() < STILL_YEAR).mean()), float(run["e"].std())
    if still > 0.5:
        return Estimate.missing(id, label, "pct", _still_text(run["e"], still))
    if spread < SMALLEST_DEPRECIATION_SD:
        reason = f"indeterminate (variance too small): depreciation has a standard deviation of {100 * spread:.1f} %"
        return Estimate.missing(id, label, "pct", reason)
    found = _annual_estimate(run, (*prices.source_ids, *rate_sources), params, id, label)
    return guarded(found, inputs.confidential)


def _still_text(changes: pd.Series, still: float) -> str:
    """Why a rate that stood still in most years gives no share; a devaluation among them is told."""
    text = f"the rate moved by less than 1 % in {100 * still:.0f} % of years"
    if float(changes.max()) < STEP:
        return f"indeterminate (peg or stale rate): {text}"
    size, year = 100 * np.expm1(float(changes.max())), int(changes.index[int(changes.to_numpy().argmax())])
    return (
        f"indeterminate (fixed official rate, devalued): {text}, and its yearly average rose by {size:.0f} % in "
        f"{year}: the official rate says nothing about what savers paid"
    )


def _annual_estimate(
    run: pd.DataFrame, sources: tuple[str, ...], params: Params, id: str, label: str
) -> Estimate:
    pi, depreciation = run["pi"].to_numpy(dtype=float), run["e"].to_numpy(dtype=float)
    # One "month" of the estimator is a year here; blocks of two years, as averages overlap (Working 1960).
    rows = block_indices(
        len(pi),
        2,
        params.substitution.bootstrap_replications,
        np.random.default_rng([params.seed, _SEED]),
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
        function="cryptorisk.models.substitution.annual.annual_share",
        note="Always the official rate; few observations.",
    )
