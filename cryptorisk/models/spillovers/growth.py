"""Growth at risk: quantiles of the country's growth a quarter and a year ahead, with and without what markets say.

Growth over four quarters is used, so that a series with a seasonal pattern may be given as it is. No public source here has
quarterly activity; the bank can give it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part, to_one_digit
from cryptorisk.models.spillovers.growth_trial import POWER, RULE, saves, saving
from cryptorisk.models.spillovers.growth_trial import given as believed
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.at_risk import AtRisk, AtRiskBacktest, at_risk, backtest
from cryptorisk.stats.skew_t import QUANTILES

ACTIVITY = "real_gdp_index_q"
FEWEST_QUARTERS = 60
"""Fifteen years: three of sixty quarters lie below the 5 % quantile, and fewer say nothing of it."""

FEWEST_PAIRS = 50
"""Quarters in which growth and what conditions it are all known."""

HORIZONS: Mapping[int, str] = MappingProxyType({1: "a quarter", 4: "a year"})
COVERAGE = 0.8
REPLICATIONS = 299
BLOCK = 8
"""Quarters of a resampled block: growth over four quarters overlaps for three, and slumps last longer."""

LABELS = {
    "growth_at_risk_pct": ("Growth at risk: 5 % quantile of growth over four quarters, a year ahead", "pct"),
    "growth_at_risk_quarter_pct": (
        "Growth at risk: 5 % quantile of growth over four quarters, a quarter ahead",
        "pct",
    ),
}
NAMES = {4: "growth_at_risk_pct", 1: "growth_at_risk_quarter_pct"}
CONDITIONS = {
    "growth and the VIX": ("growth", "vix"),
    "growth, the VIX and bitcoin": ("growth", "vix", "bitcoin"),
}
"""Regressors of the conditional models; bitcoin's is its return over the quarter."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """One model at one horizon, and the quarters that it stands on."""

    name: str
    horizon: int
    risk: AtRisk
    test: AtRiskBacktest
    quarters: pd.PeriodIndex


def growth_at_risk(inputs: Inputs, params: Params) -> Part:
    """Estimates of `LABELS` and, where there is a series, tables ``growth_quantiles`` and ``growth_backtest``.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The seed.

    Returns
    -------
    Part
        An estimate is given where its model is believed by `cryptorisk.models.spillovers.growth_trial`; else it is
        missing and says so.
    """
    activity = inputs.series(ACTIVITY)
    index = _without_gaps(activity.values)
    if len(index) < FEWEST_QUARTERS:
        have = f"{len(index)} quarters" if len(index) else "no quarters"
        return _missing(
            f"{have} of {ACTIVITY}; {FEWEST_QUARTERS} without a gap are needed (own file; {POWER})"
        )
    frame = _conditions(inputs, index)
    fits, refusals = _fits(frame, params.seed)
    if not fits:
        return _missing("; ".join(refusals))
    estimates = [_estimate(horizon, fits, activity.source_ids) for horizon in (4, 1)]
    tables = [_quantiles_table(fits, activity.source_ids), _backtest_table(fits, activity.source_ids)]
    if ACTIVITY in inputs.confidential:
        estimates, tables = [each.coarsened() for each in estimates], [_coarse(each) for each in tables]
    return Part(tuple(estimates), tuple(tables), (_finding(estimates, fits),))


def _missing(reason: str) -> Part:
    return Part(
        tuple(Estimate.missing(f"crash.{n}", label, unit, reason) for n, (label, unit) in LABELS.items())
    )


def _without_gaps(values: pd.Series) -> pd.Series:
    """The last run of quarters without a gap."""
    known = values.dropna()
    if known.empty:
        return known
    quarters = pd.PeriodIndex(known.index, freq="Q")
    steps = np.flatnonzero(np.diff(quarters.asi8) != 1)
    return known.iloc[steps[-1] + 1 if steps.size else 0 :].set_axis(
        quarters[steps[-1] + 1 if steps.size else 0 :]
    )


def _conditions(inputs: Inputs, index: pd.Series) -> pd.DataFrame:
    """Growth over four quarters, log of the VIX's mean, bitcoin's log return over the quarter; by quarter."""
    vix = inputs.series("vix_close", country=WORLD).values.dropna()
    bitcoin = inputs.series("btc_price_usd", country=WORLD).values.dropna()
    columns = {"growth": 100 * np.log(index).diff(4)}
    if len(vix):
        columns["vix"] = np.log(vix.groupby(pd.PeriodIndex(vix.index, freq="Q")).mean())
    if len(bitcoin):
        # Only quarters whose last day has a price: a quarter under way has no return yet.
        last = bitcoin[pd.DatetimeIndex(bitcoin.index).is_quarter_end]
        logs = pd.Series(100 * np.log(last.to_numpy(dtype=float)), pd.PeriodIndex(last.index, freq="Q"))
        columns["bitcoin"] = logs.diff()
    return pd.DataFrame(columns).reindex(index.index)


def _samples(frame: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Rows of each model in an unbroken run to the last quarter of activity, and why a model has none.

    A model whose conditions end earlier would speak of a quarter that is known already.
    """
    samples, refusals = {}, []
    for name, columns in CONDITIONS.items():
        if not set(columns) <= set(frame.columns):
            refusals.append(f"{name}: a market series is not in the vintage")
            continue
        known = frame[list(columns)].notna().all(axis=1)
        if not known.iloc[-1]:
            last = known[known].index.max() if known.any() else None
            ends = f"end in {last}" if last is not None else "have no quarter in common"
            refusals.append(f"{name}: all conditions {ends}, activity in {frame.index[-1]}")
            continue
        gaps = np.flatnonzero(~known.to_numpy())
        samples[name] = frame[list(columns)].iloc[gaps[-1] + 1 if gaps.size else 0 :]
    return samples, refusals


def _fits(frame: pd.DataFrame, seed: int) -> tuple[list[Fitted], list[str]]:
    """Every model that has enough quarters, at every horizon, all models of a horizon on the same quarters."""
    fits: list[Fitted] = []
    samples, refusals = _samples(frame)
    for horizon, ahead in HORIZONS.items():
        enough = {name: rows for name, rows in samples.items() if len(rows) - horizon >= FEWEST_PAIRS}
        refusals += [
            f"{name}, {ahead} ahead: {max(len(rows) - horizon, 0)} quarters have all; {FEWEST_PAIRS} are needed"
            for name, rows in samples.items()
            if name not in enough
        ]
        # Losses on different quarters would compare the quarters.
        common = min(map(len, enough.values()), default=0)
        for name, rows in enough.items():
            try:
                fits.append(_fitted(name, rows.iloc[-common:], horizon, seed))
            except ModelError as error:
                refusals.append(f"{name}, {ahead} ahead: {error}")
    return fits, refusals


def _fitted(name: str, sample: pd.DataFrame, horizon: int, seed: int) -> Fitted:
    risk = at_risk(
        sample["growth"],
        sample,
        horizon,
        level=COVERAGE,
        replications=REPLICATIONS,
        block=BLOCK,
        seed=seed,
    )
    return Fitted(
        name,
        horizon,
        risk,
        backtest(sample["growth"], sample, horizon, first=30),
        pd.PeriodIndex(sample.index),
    )


def _chosen(fits: Sequence[Fitted], horizon: int) -> Fitted | None:
    """Of the models that are believed the one with fewest conditions that no larger one beats by the same rule."""
    best: Fitted | None = None
    for each in fits:
        if each.horizon != horizon or not believed(each.test.tail, horizon):
            continue
        losses = each.test.tail["conditional"].to_numpy()
        if best is None or saves(losses, best.test.tail["conditional"].to_numpy(), horizon):
            best = each
    return best


def _estimate(horizon: int, fits: Sequence[Fitted], sources: tuple[str, ...]) -> Estimate:
    id = NAMES[horizon]
    label, unit = LABELS[id]
    tried = [each for each in fits if each.horizon == horizon]
    if not tried:
        return Estimate.missing(
            f"crash.{id}", label, unit, f"fewer than {FEWEST_PAIRS} quarters have all conditions"
        )
    best = _chosen(fits, horizon)
    if best is None:
        reason = (
            "on quarters they had not seen, models with market conditions do not do what is asked for: "
            + RULE
            + f" (best: {number(max(saving(each.test.tail) for each in tried), 0)} % less; {POWER})"
        )
        return Estimate.missing(f"crash.{id}", label, unit, reason)
    value = float(best.risk.quantiles.iloc[0])
    distribution = best.risk.distribution
    return Estimate(
        id=f"crash.{id}",
        label=label,
        value=value,
        unit=unit,
        low=min(best.risk.low, value),
        high=max(best.risk.high, value),
        level=COVERAGE,
        interval="confidence",
        method=f"Quantile regression on {best.name} (Adrian, Boyarchenko and Giannone 2019); block bootstrap of rows.",
        date=f"{best.quarters[0]!s}/{best.quarters[-1]!s}",
        n_obs=best.risk.n,
        sources=sources,
        inputs=(ACTIVITY, "vix_close", "btc_price_usd")[: len(CONDITIONS[best.name])],
        function="cryptorisk.stats.at_risk.at_risk",
        note=(
            f"Skew-t through the quantiles: expected shortfall {number(distribution.shortfall(0.05), 1)} %, degrees of "
            f"freedom {number(distribution.left, 0)} to the left, {number(distribution.right, 0)} to the right."
        ),
    )


def _quantiles_table(fits: Sequence[Fitted], sources: tuple[str, ...]) -> Table:
    rows = [
        {"ahead": HORIZONS[each.horizon], "model": each.name, "n": each.risk.n}
        | {f"q{round(100 * tau)}": float(each.risk.quantiles[tau]) for tau in QUANTILES}
        | {"low": each.risk.low, "high": each.risk.high}
        for each in fits
    ]
    columns = (
        Column("ahead", "Ahead"),
        Column("model", "Given"),
        Column("n", "Quarters", "", 0),
        *(Column(f"q{round(100 * tau)}", f"{100 * tau:g} % quantile", "%", 1) for tau in QUANTILES),
        Column("low", "Low of the 5 %", "%", 1),
        Column("high", "High of the 5 %", "%", 1),
    )
    return Table(
        "crash.growth_quantiles",
        "Quantiles of growth over four quarters",
        pd.DataFrame(rows),
        columns,
        note=f"{100 * COVERAGE:g} % block-bootstrap intervals. Conditional quantiles are a description, not a cause.",
        sources=sources,
    )


def _backtest_table(fits: Sequence[Fitted], sources: tuple[str, ...]) -> Table:
    rows = []
    for each in fits:
        covered = each.test.covered
        rows.append(
            {"ahead": HORIZONS[each.horizon], "model": each.name, "origins": each.test.origins}
            | {str(name): float(mean) for name, mean in each.test.tail.mean().items()}
            | {"below": 100 * float(covered["conditional"].iloc[0]), "pit_p": each.test.pit_p}
            | {
                "saved": saving(each.test.tail),
                "used": "yes" if believed(each.test.tail, each.horizon) else "no",
            }
        )
    columns = (
        Column("ahead", "Ahead"),
        Column("model", "Given"),
        Column("origins", "Origins", "", 0),
        Column("conditional", "Loss at 5 to 25 %", "", 3),
        Column("unconditional", "Unconditional quantiles", "", 3),
        Column("autoregression", "Autoregression", "", 3),
        Column("below", "Outcomes below the 5 % quantile", "%", 0),
        Column("pit_p", "Uniform transforms, p-value", "", 3),
        Column("saved", "Saved of the better one", "%", 0),
        Column("used", "By the rule"),
    )
    note = (
        "Pinball losses of forecasts from expanding samples; lower is better. With overlap the p-value is too small. "
        f"Rule: {RULE}; {POWER} (METHODS.md)."
    )
    return Table(
        "crash.growth_backtest", "Backtest of growth at risk", pd.DataFrame(rows), columns, note, sources
    )


def _coarse(table: Table) -> Table:
    numbers = [column.name for column in table.columns if column.unit == "%" or column.decimals == 3]
    frame = to_one_digit(table.frame, numbers)
    return Table(table.id, table.title, frame, table.columns, table.note, table.sources, table.shown)


def _finding(estimates: Sequence[Estimate], fits: Sequence[Fitted]) -> Finding:
    given = [each for each in estimates if each.available]
    ids = tuple(each.id for each in given)
    if not given:
        text = f"Growth at risk is not given: {estimates[0].reason}."
        return Finding("crash.growth_at_risk", text, "info", "caveat")
    said = [f"{each.label}: {each:full}, from {_given(fits, each)}" for each in given]
    text = (
        f"{'; '.join(said)} (the smallest model that passed the rule; a larger one must beat it by the same)."
    )
    return Finding("crash.growth_at_risk", text, "info", "result", ids)


def _given(fits: Sequence[Fitted], estimate: Estimate) -> str:
    """What the chosen model of an estimate's horizon is given."""
    horizon = next(ahead for ahead, name in NAMES.items() if estimate.id == f"crash.{name}")
    best = _chosen(fits, horizon)
    return best.name if best is not None else ""
