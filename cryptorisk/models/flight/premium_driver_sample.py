"""The premium and what stands beside it, by month: controls, reserves, past depreciation, bitcoin's volatility.

What could be arithmetic is kept out: reserves and depreciation are of the month before and earlier, so that a step of the
official rate, which lowers the premium the same day, is not set against itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.events import ExchangeEvent, sourced_events
from cryptorisk.models.flight.part import merge_sources
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.models.flight.shadow import MONTHLY, comparator_changes, premium_series

FEWEST_MONTHS = 60
"""Five years, as for the equations of chapter 1: ten observations for each coefficient of the largest equation."""

FEWEST_QUOTES = 10
"""Quotes in a month: half of its trading days."""

AWAY_MONTHS = 12
"""A driver must differ from its commonest value for a year in all, or it says nothing: a pegged rate, a state that holds
throughout."""

CARRY_YEARS = 3
"""An annual figure stands for later months for at most so long, as elsewhere in the chapter (`position`)."""

VOLATILITY_DAYS = 90
MAIN = ("controls", "reserves", "depreciation", "volatility")
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "controls": "controls in force rather than not",
        "reserves": "10 % more reserves in months of imports",
        "depreciation": "10 points more official depreciation over the 12 months before",
        "volatility": "a doubling of bitcoin's volatility",
        "rate_gap": "10 points more policy rate over that of the United States",
        "inflation_gap": "10 points more inflation than in the United States",
        "volatility_month": "a doubling of bitcoin's volatility within the month",
    }
)
"""What one unit of each column is."""

INDEX_STEP = "controls from open (0) to closed (1)"
INDICES: Mapping[str, str] = MappingProxyType(
    {"ka_open_norm01": "Chinn and Ito, turned over", "fkrsu_kao": "Fernández and others, outflows"}
)


@dataclass(frozen=True, eq=False)
class DriverSample:
    """Months without a gap and with one comparison.

    Attributes
    ----------
    frame : DataFrame, month ends
        ``premium`` (log percent) and a column for every driver that is used, in the units of `STEPS`. Empty with ``reason``.
    further : DataFrame, month ends
        Other measures of the same drivers, where they are known.
    left_out : mapping of str to str
        Main drivers that are not used, with the reason.
    steps, measures : mapping of str to str
        What one unit of each driver is, and how it was measured.
    reason, kind : str
        Why there is no sample; what the shadow rate is.
    sources, inputs : tuple of str
    """

    frame: pd.DataFrame
    further: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @property
    def drivers(self) -> tuple[str, ...]:
        """Columns of the drivers that are used, in the order of `MAIN`."""
        return tuple(name for name in MAIN if name in self.frame.columns)

    @property
    def period(self) -> str:
        """First and last month, ``2010-10/2023-11``."""
        return f"{self.frame.index[0]:%Y-%m}/{self.frame.index[-1]:%Y-%m}"


@dataclass(frozen=True)
class _Driver:
    values: pd.Series
    measure: str
    series: tuple[str, ...]
    step: str = ""


def driver_sample(inputs: Inputs) -> DriverSample | None:
    """The monthly sample of an economy; None where there is no premium at all.

    Parameters
    ----------
    inputs : Inputs
    """
    series = premium_series(inputs)
    if series is None:
        return None
    changes = [] if series.monthly else comparator_changes(inputs, pd.DatetimeIndex(series.daily.index))
    premium = longest_run(monthly_premium(series), changes)
    if len(premium) < FEWEST_MONTHS:
        reason = (
            f"the premium is known by month, without a gap and against one official rate, for {len(premium)} months "
            f"where {FEWEST_MONTHS} are needed"
        )
        return DriverSample(pd.DataFrame(), reason=reason, inputs=series.inputs)
    months = pd.DatetimeIndex(premium.index)
    candidates = {
        "controls": _controls(inputs, months),
        "reserves": _reserves(inputs, months),
        "depreciation": _depreciation(inputs, months),
        "volatility": _volatility(inputs, months, VOLATILITY_DAYS),
    }
    return _joined(inputs, series, premium, candidates)


def monthly_premium(series: PremiumSeries) -> pd.Series:
    """Mean premium of the months with enough quotes; a monthly rate as it is."""
    by_month = series.daily["premium"].resample("ME")
    fewest = 1 if series.monthly else FEWEST_QUOTES
    premium: pd.Series = by_month.mean().where(by_month.count() >= fewest)
    return premium.rename("premium")


def longest_run(values: pd.Series, changes: Sequence[pd.Timestamp] = ()) -> pd.Series:
    """The longest run of months in which nothing is missing, the latest of several; a month of a change ends it."""
    known = values.notna() & ~pd.DatetimeIndex(values.index).to_period("M").isin(
        [pd.Period(day, "M") for day in changes]
    )
    runs = (~known).cumsum()[known]
    if runs.empty:
        return values.iloc[:0]
    sizes = runs.value_counts().sort_index(ascending=False)
    run: pd.Series = values[known][runs == sizes.idxmax()]
    return run


def _joined(
    inputs: Inputs, series: PremiumSeries, premium: pd.Series, candidates: Mapping[str, _Driver | str]
) -> DriverSample:
    """The drivers that are known and vary enough beside the premium, on the months that all of them have."""
    used: dict[str, _Driver] = {}
    left_out: dict[str, str] = {}
    for name, one in candidates.items():
        reason = one if isinstance(one, str) else _too_little(premium, one.values)
        if isinstance(one, str) or reason:
            left_out[name] = reason
        else:
            used[name] = one
    together = pd.DataFrame({"premium": premium, **{name: one.values for name, one in used.items()}})
    complete = longest_run(together["premium"].where(together.notna().all(axis=1)))
    frame = together.loc[complete.index]
    # A driver may vary over its own months and stand still in those that all share.
    still = {name: _standing(frame[name]) for name in used}
    if len(frame) >= FEWEST_MONTHS and any(still.values()):
        reasons = {name: reason for name, reason in still.items() if reason}
        return _joined(inputs, series, premium, {**candidates, **reasons})
    series_ids = tuple(dict.fromkeys((*series.inputs, *(id for one in used.values() for id in one.series))))
    sources = merge_sources(
        series.sources, *(_source_ids(inputs, id) for one in used.values() for id in one.series)
    )
    steps = {name: one.step or STEPS[name] for name, one in used.items()}
    measures = {name: one.measure for name, one in used.items()}
    if len(frame) < FEWEST_MONTHS or not used:
        reason = (
            f"premium and drivers are known together, without a gap, for {len(frame)} months where {FEWEST_MONTHS} are "
            "needed"
            if used
            else "no driver of it is known and moves"
        )
        return DriverSample(pd.DataFrame(), left_out=left_out, reason=reason, inputs=series_ids)
    further = _further(inputs, pd.DatetimeIndex(frame.index))
    return DriverSample(frame, further, left_out, steps, measures, "", series.kind, sources, series_ids)


def _too_little(premium: pd.Series, values: pd.Series) -> str:
    """Why a driver says nothing beside a premium; empty where it may."""
    known = values.reindex(premium.index).dropna()
    if len(known) < FEWEST_MONTHS:
        return f"it is known for {len(known)} of the premium's {len(premium)} months where {FEWEST_MONTHS} are needed"
    return _standing(known)


def _standing(known: pd.Series) -> str:
    """Why a driver that hardly moves says nothing; empty where it moves."""
    away = len(known) - int(known.round(9).value_counts().max()) if len(known) else 0
    if away < AWAY_MONTHS:
        return f"it differs from its commonest value in {away} months where {AWAY_MONTHS} are needed"
    return ""


def state(events: Sequence[ExchangeEvent], months: pd.DatetimeIndex) -> pd.Series | None:
    """Share of each month's days with controls in force by the dated events; None without both kinds of event.

    Before the first of them the opposite held.
    """
    moves = [one for one in events if one.kind in ("controls_tightened", "controls_eased")]
    if len({one.kind for one in moves}) < 2:
        return None
    days = pd.date_range(months[0] - pd.offsets.MonthBegin(1), months[-1], freq="D")
    closed = pd.Series(float(moves[0].kind == "controls_eased"), index=days)
    for one in moves:
        closed[closed.index >= one.day] = float(one.kind == "controls_tightened")
    by_month = closed.resample("ME").mean()
    found: pd.Series = by_month.reindex(months)
    return found


def _controls(inputs: Inputs, months: pd.DatetimeIndex) -> _Driver | str:
    dated = state(sourced_events(inputs.country, inputs.as_of), months)
    if dated is not None:
        return _Driver(dated, "dated events with their pages", ())
    for id, name in INDICES.items():
        values = _year_before(inputs.series(id).values, months)
        if values.notna().sum() >= FEWEST_MONTHS:
            closed = 1 - values if id == "ka_open_norm01" else values
            return _Driver(closed, f"index of {name}, of the year before", (id,), INDEX_STEP)
    return "the data have neither dated controls that came and went nor an index of them"


def _reserves(inputs: Inputs, months: pd.DatetimeIndex) -> _Driver | str:
    """Logarithm, to the base 1.1, of reserves in months of the imports of the last year known."""
    imports = _year_before(inputs.series("imports_gs_usd").values, months) / 12
    by_month = _month_before(inputs.series("reserves_monthly_usd").values, months)
    by_year = _year_before(inputs.series("reserves_usd").values, months)
    monthly = bool((by_month / imports).notna().sum() >= FEWEST_MONTHS)
    cover = (by_month if monthly else by_year) / imports
    if cover.notna().sum() == 0:
        return "the data have no reserves with imports beside them"
    id = "reserves_monthly_usd" if monthly else "reserves_usd"
    measure = "end of the month before" if monthly else "end of the year before: one step a year"
    return _Driver(_log(cover) / math.log(1.1), measure, (id, "imports_gs_usd"))


def _depreciation(inputs: Inputs, months: pd.DatetimeIndex) -> _Driver | str:
    rate = inputs.series(MONTHLY).values
    if rate.empty:
        return "the data have no official rate by month"
    logs = _by_period(_log(rate))
    grid = pd.period_range(logs.index[0], logs.index[-1], freq="M")
    year = 100 * logs.reindex(grid).diff(12) / 10
    return _Driver(_at(year.shift(1), months), "official rate, 12 months to the month before", (MONTHLY,))


def _volatility(inputs: Inputs, months: pd.DatetimeIndex, days: int) -> _Driver | str:
    price = inputs.series("btc_price_usd", country=WORLD).values.dropna()
    if price.empty:
        return "the data have no price of bitcoin"
    returns = _log(price).diff()[price.index.to_series().diff() == pd.Timedelta(days=1)]
    grid = pd.date_range(returns.index[0], returns.index[-1], freq="D")
    # Root of the mean square: at a daily horizon the mean return is noise (Andersen and Bollerslev 1998).
    squares = (returns.reindex(grid) ** 2).rolling(days, min_periods=int(0.9 * days)).mean()
    values = np.log2(squares.where(squares > 0)) / 2
    return _Driver(values.reindex(months), f"realised, {days} days to the month's end", ("btc_price_usd",))


def _further(inputs: Inputs, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Other measures of expected depreciation and of volatility, by month; none from a confidential series."""
    found = {}
    pairs = {
        "rate_gap": ("policy_rate_pct", "us_fed_funds_monthly_pct", _by_period),
        "inflation_gap": ("cpi_index_monthly", "us_cpi_index_sa", _inflation),
    }
    for name, (id, of_us, read) in pairs.items():
        here, there = inputs.series(id).values, inputs.series(of_us, country=WORLD).values
        if len(here) and len(there) and id not in inputs.confidential:
            found[name] = _at((read(here) - read(there)).shift(1, freq="M"), months) / 10
    month = _volatility(inputs, months, 30)
    if isinstance(month, _Driver):
        found["volatility_month"] = month.values
    return pd.DataFrame(found, index=months)


def _inflation(prices: pd.Series) -> pd.Series:
    logs = _by_period(_log(prices))
    grid = pd.period_range(logs.index[0], logs.index[-1], freq="M")
    inflation: pd.Series = 100 * logs.reindex(grid).diff(12)
    return inflation


def _year_before(values: pd.Series, months: pd.DatetimeIndex) -> pd.Series:
    """The figure of the latest year that had ended before each month's year began, not older than `CARRY_YEARS`."""
    known = values.dropna()
    if known.empty:
        return pd.Series(np.nan, index=months)
    by_year = pd.Series(known.to_numpy(float), index=pd.DatetimeIndex(known.index).year)
    by_year = by_year[~by_year.index.duplicated(keep="last")]
    years = range(int(by_year.index[0]), int(months[-1].year) + 1)
    carried = by_year.reindex(years).ffill(limit=CARRY_YEARS - 1)
    return pd.Series(carried.reindex(months.year - 1).to_numpy(float), index=months)


def _month_before(values: pd.Series, months: pd.DatetimeIndex) -> pd.Series:
    if values.empty:
        return pd.Series(np.nan, index=months)
    by_month = _by_period(values)
    return pd.Series(by_month.reindex(months.to_period("M") - 1).to_numpy(float), index=months)


def _by_period(values: pd.Series) -> pd.Series:
    known = values.dropna()
    found = pd.Series(known.to_numpy(float), index=pd.DatetimeIndex(known.index).to_period("M"))
    return found[~found.index.duplicated(keep="last")]


def _at(by_period: pd.Series, months: pd.DatetimeIndex) -> pd.Series:
    return pd.Series(by_period.reindex(months.to_period("M")).to_numpy(float), index=months)


def _log(values: pd.Series) -> pd.Series:
    found: pd.Series = np.log(values.where(values > 0))
    return found


def _source_ids(inputs: Inputs, id: str) -> tuple[str, ...]:
    own = inputs.series(id)
    return own.source_ids if len(own.source_ids) else inputs.series(id, country=WORLD).source_ids
