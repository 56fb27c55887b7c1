"""The global crypto cycle: the common factor of the prices of crypto-assets, and what it moved with.

After Che, Copestake, Furceri and Terracciano (2023), IMF Working Paper 23/163, on weekly returns of the assets in the
vintage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.assets import FLOATING, Assets, assets, upper
from cryptorisk.models.market.observed import BITCOIN_FROM
from cryptorisk.stats.bootstrap import block_length
from cryptorisk.stats.comovement import FEWEST as FEWEST_PAIRS
from cryptorisk.stats.comovement import comovement
from cryptorisk.stats.factor import (
    DynamicFactor,
    bootstrap_shares,
    dynamic_factor,
    principal_share,
    shifted_interval,
    static_shares,
)
from cryptorisk.stats.holm import adjusted_p

FEWEST_ASSETS = 5
"""With fewer the factor is little more than the mean of bitcoin and its forks, and each share hangs on the others."""
FEWEST_WEEKS = 104
"""Two years, and of each asset a year and a half within them: shorter samples lie within one boom or one bust."""
FEWEST_OF_ONE = 78
REPLICATIONS = 499
SEED = 23163
"""The market is one and the same for all countries of a run and kept between runs, so that its draws cannot depend on a
country's parameter file."""
PAPER_SHARE = 80.0
"""Percent of variation in crypto prices, abstract of IMF Working Paper 23/163. Daily prices of the longest-standing tokens,
about 75 % of market value, as the authors say on the FinReg Blog of Duke University, 23 October 2023."""
PAPER_BREAK = "2020-01-01"
"""The paper finds a higher correlation with shares after the entry of institutional investors; its authors call
bitcoin a partial hedge before 2020."""
DRIVERS: Mapping[str, tuple[str, str]] = {
    "vix_close": ("VIX", "log"),
    "usd_broad_index": ("broad dollar", "log"),
    "us_10y_pct": ("US 10-year yield", "difference"),
    "sp500_index": ("S&P 500", "log"),
}
HOLIDAYS = pd.Timedelta(days=2)
"""A market that was shut on Friday has the price of the day before."""
FACTOR, BEFORE, AFTER = "factor", "bitcoin_before", "bitcoin_after"
SAMPLES = {FACTOR: "Crypto factor", BEFORE: "Bitcoin, to 2019", AFTER: "Bitcoin, from 2020"}

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Cycle:
    """The factor.

    Attributes
    ----------
    returns : DataFrame
        Weekly log returns, weeks by assets.
    fitted : DynamicFactor
    quick : pandas.Series
        Shares of the model without dynamics.
    draws : ndarray, shape (replications, assets)
        Of the same, resampled in blocks.
    block : int
        Weeks.
    left_out : tuple of str
        Assets in the vintage with too few weeks.
    """

    returns: pd.DataFrame
    fitted: DynamicFactor
    quick: pd.Series
    draws: np.ndarray
    block: int
    left_out: tuple[str, ...]


def cycle_tables(inputs: Inputs, level: float) -> Mapping[str, list[Row]]:
    """Rows of the tables ``cycle_facts``, ``cycle_shares``, ``cycle_path``, ``cycle_variants``, ``cycle_links``.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    level : float
        Of all intervals.
    """
    prices = assets(inputs, FLOATING, "price_usd")
    returns = weekly_returns(prices.values)
    sample, left_out = chosen_sample(returns)
    if sample.empty:
        reason = _refusal(prices)
        facts = {"refused": reason, "level": level, "ends": _ends(prices.values)}
        return {
            "cycle_facts": [facts],
            "cycle_shares": [],
            "cycle_path": [],
            "cycle_variants": [],
            "cycle_links": _links(inputs, None, prices, returns, level),
        }
    found = _fitted(sample, left_out)
    return {
        "cycle_facts": [_facts(found, prices, level)],
        "cycle_shares": _shares(found, level),
        "cycle_path": _path(found.fitted.factor),
        "cycle_variants": _variants(found, prices.values, level),
        "cycle_links": _links(inputs, found.fitted.factor, prices, returns, level),
    }


def weekly_returns(prices: pd.DataFrame) -> pd.DataFrame:
    """Log changes from Friday to Friday; a week counts where both days have a price."""
    if prices.empty:
        return prices
    fridays = pd.date_range(prices.index[0], prices.index[-1], freq="W-FRI", name="date")
    logs = pd.DataFrame(np.log(prices.reindex(fridays)))
    return logs.diff().loc[BITCOIN_FROM:].dropna(how="all")


def chosen_sample(returns: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The longest run of weeks with returns of enough assets, and the assets that have too few in it.

    Parameters
    ----------
    returns : DataFrame
        Weeks by assets.

    Returns
    -------
    (sample, left_out)
        An empty sample when there is no such run.
    """
    names = [str(name) for name in returns.columns]
    for _ in names:
        enough = returns.notna().sum(axis=1) >= FEWEST_ASSETS
        run = (enough != enough.shift()).cumsum()[enough]
        if run.empty or run.value_counts().max() < FEWEST_WEEKS:
            break
        sample = returns.loc[run.index[run == run.value_counts().idxmax()]]
        counts = sample.notna().sum()
        short = counts.index[(counts > 0) & (counts < FEWEST_OF_ONE)]
        if short.empty:
            kept = sample.loc[:, counts > 0]
            return kept, tuple(name for name in names if name not in kept.columns)
        # An asset that does not count must not make a week count either.
        returns = returns.drop(columns=short)
    return returns.iloc[:0], ()


def _fitted(sample: pd.DataFrame, left_out: tuple[str, ...]) -> Cycle:
    block = max(block_length(sample[name].dropna().abs(), minimum=4) for name in sample)
    draws = bootstrap_shares(sample, block, REPLICATIONS, np.random.default_rng(SEED))
    return Cycle(sample, dynamic_factor(sample), static_shares(sample), draws, block, left_out)


def _refusal(prices: Assets) -> str:
    if prices.values.empty:
        return f"prices of crypto-assets are {prices.none}"
    why = " (others were left out for their licence)" if prices.licensed else ""
    return (
        f"no {FEWEST_WEEKS} weeks in a row have returns of {FEWEST_ASSETS} assets: the prices are those of "
        f"{upper(prices.values.columns)}{why}"
    )


def _facts(found: Cycle, prices: Assets, level: float) -> Row:
    fitted, returns = found.fitted, found.returns
    joint = np.asarray(found.draws.mean(axis=1))
    low, high = shifted_interval(fitted.share, float(found.quick.mean()), joint, level)
    return {
        "refused": "",
        "first": f"{returns.index[0]:%Y-%m-%d}",
        "last": f"{returns.index[-1]:%Y-%m-%d}",
        "weeks": len(returns),
        "assets": upper(returns.columns),
        "count": returns.shape[1],
        "left_out": upper(found.left_out),
        "share": 100 * fitted.share,
        "low": 100 * low,
        "high": 100 * high,
        "level": level,
        "order": len(fitted.ar),
        "persistence": float(sum(fitted.ar)),
        "converged": "yes" if fitted.converged else "no",
        "block": found.block,
        "replications": int(np.isfinite(joint).sum()),
        "ends": _ends(prices.values),
        "sources": ";".join(prices.sources),
        "inputs": ";".join(f"{name}_price_usd" for name in returns.columns),
    }


def _ends(prices: pd.DataFrame) -> str:
    """Last month of each asset's prices."""
    last = {str(name): f"{prices[name].dropna().index[-1]:%Y-%m}" for name in prices}
    months = sorted(set(last.values()), reverse=True)
    groups = [(month, [name for name, end in last.items() if end == month]) for month in months]
    return "; ".join(f"{upper(names)} to {pd.Timestamp(month):%B %Y}" for month, names in groups)


def _shares(found: Cycle, level: float) -> list[Row]:
    rows = []
    for place, name in enumerate(found.returns.columns):
        known, share = found.returns[name].dropna(), float(found.fitted.shares[name])
        ends = shifted_interval(share, float(found.quick[name]), found.draws[:, place], level)
        rows.append(
            {
                "asset": str(name).upper(),
                "weeks": len(known),
                "first": f"{known.index[0]:%Y-%m}",
                "last": f"{known.index[-1]:%Y-%m}",
                "share": 100 * share,
                "low": 100 * ends[0],
                "high": 100 * ends[1],
                "loading": float(found.fitted.loadings[name]),
                "own_ar": float(found.fitted.own_ar[name]),
            }
        )
    return rows


def _path(factor: pd.Series) -> list[Row]:
    summed = factor.cumsum()
    return [
        {"week": f"{week:%Y-%m-%d}", "factor": float(value), "index": float(summed[week])}
        for week, value in factor.items()
        if isinstance(week, pd.Timestamp)
    ]


def _variants(found: Cycle, prices: pd.DataFrame, level: float) -> list[Row]:
    """The same question asked otherwise: without dynamics, of whole columns, by principal component, of levels."""
    returns = found.returns
    whole = returns.loc[:, returns.notna().all()]
    levels = pd.DataFrame(np.log(prices.reindex(returns.index)[list(whole.columns)]))
    joint = found.draws.mean(axis=1)
    ends = [100 * float(np.nanquantile(joint, p)) for p in ((1 - level) / 2, (1 + level) / 2)]
    rows = [
        _variant("Dynamic factor, weekly returns (the one used)", returns, found.fitted.share),
        _variant("The same without dynamics", returns, float(found.quick.mean()), *ends),
    ]
    if whole.shape[1] < 3:
        return rows
    floor = f", at least {100 / whole.shape[1]:.0f} % by construction"
    rows += [
        _variant("Without dynamics, assets with all weeks", whole, float(static_shares(whole).mean())),
        _variant(
            f"First principal component of returns{floor}",
            whole,
            principal_share(whole.to_numpy(dtype=float)),
        ),
        _variant(
            "First principal component of log prices, which share trends",
            whole,
            principal_share(levels.to_numpy(dtype=float)),
        ),
    ]
    monthly = whole.groupby([whole.index.year, whole.index.month]).sum()  # type: ignore[attr-defined]
    rows.append(
        _variant("Without dynamics, returns of months", monthly, float(static_shares(monthly).mean()))
    )
    return rows


def _variant(label: str, panel: pd.DataFrame, share: float, low: float = np.nan, high: float = np.nan) -> Row:
    count = int(panel.notna().to_numpy().sum())
    return {
        "variant": label,
        "assets": panel.shape[1],
        "periods": len(panel),
        "observations": count,
        "share": 100 * share,
        "low": low,
        "high": high,
    }


def _links(
    inputs: Inputs, factor: pd.Series | None, prices: Assets, returns: pd.DataFrame, level: float
) -> list[Row]:
    """Correlations of factor and of bitcoin with markets, week by week."""
    empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    bitcoin = returns["btc"].dropna() if "btc" in returns else empty
    series = {
        FACTOR: factor if factor is not None else empty,
        BEFORE: bitcoin[bitcoin.index < PAPER_BREAK],
        AFTER: bitcoin[bitcoin.index >= PAPER_BREAK],
    }
    rng = np.random.default_rng(SEED)
    rows = [
        _link(inputs, sample, values, driver, prices, level, rng)
        for sample, values in series.items()
        for driver in DRIVERS
    ]
    corrected = adjusted_p(np.array([row["p"] for row in rows], dtype=float))
    return [{**row, "p_corrected": float(p)} for row, p in zip(rows, corrected, strict=True)]


def _link(
    inputs: Inputs,
    sample: str,
    values: pd.Series,
    driver: str,
    prices: Assets,
    level: float,
    rng: np.random.Generator,
) -> Row:
    label, kind = DRIVERS[driver]
    row: Row = {"sample": sample, "label": SAMPLES[sample], "driver": driver, "driver_label": label}
    missing = dict.fromkeys(("weeks", "correlation", "low", "high", "p", "block"), float("nan"))
    row |= {"first": "", "last": "", "sources": "", **missing}
    market = inputs.series(driver, country=WORLD)
    if values.empty:
        reason = "no factor" if sample == FACTOR else f"prices of crypto-assets are {prices.none}"
        return {
            **row,
            "reason": reason if prices.values.empty or sample == FACTOR else "no week in the sample",
        }
    if market.empty:
        left_out = bool(set(inputs.catalogue[driver].sources) & inputs._without)
        return {**row, "reason": "left out for its licence" if left_out else "not in the vintage"}
    change = weekly_change(market.values.dropna(), kind)
    both = pd.concat([values, change], axis=1, join="inner").dropna()
    if len(both) < FEWEST_PAIRS:
        return {**row, "reason": f"{len(both)} weeks in common, and {FEWEST_PAIRS} are needed"}
    x, y = (both.iloc[:, place].to_numpy(dtype=float) for place in (0, 1))
    found = comovement(x, y, level, REPLICATIONS, rng)
    return {
        **row,
        "first": f"{both.index[0]:%Y-%m-%d}",
        "last": f"{both.index[-1]:%Y-%m-%d}",
        "weeks": found.n,
        "correlation": found.correlation,
        "low": found.low,
        "high": found.high,
        "p": found.p_value,
        "block": found.block,
        "sources": ";".join(market.source_ids),
        "reason": "",
    }


def weekly_change(values: pd.Series, kind: str) -> pd.Series:
    """Change of a market from Friday to Friday, in logs or in its own unit."""
    fridays = pd.date_range(values.index[0], values.index[-1], freq="W-FRI", name="date")
    known = values.reindex(fridays, method="ffill", tolerance=HOLIDAYS)
    return (np.log(known) if kind == "log" else known).diff().dropna()
