"""Exchange-market pressure of the economy, and the crises that it and the rule for currency crashes date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs, is_stale
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.early_warning.indicators import INFLATION, RATES, Panel
from cryptorisk.models.flight.part import GIVES_AWAY, guarded
from cryptorisk.models.flight.pressure_dates import WINDOW, crises
from cryptorisk.models.official import monthly, year_ends
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.exchange_pressure import Pressure, exchange_pressure
from cryptorisk.words import listing

POLICY_RATE = "policy_rate_pct"
MONTHLY_RESERVES = "reserves_monthly_usd"
RESERVES = "reserves_usd"
FEWEST_MONTHS = 60
MULTIPLE = {"month": 2.0, "year": 1.5}
"""Standard deviations above the mean that make a crisis: Eichengreen, Rose and Wyplosz take one and a half to two; the lower
bound for the two dozen years of an annual index, whose own crises raise the standard deviation."""
HIGH_INFLATION = 100 * (2.5**2 - 1)
"""Kaminsky, Lizondo and Reinhart judge times apart in which prices rose by more than 150 % over six months; the same at an
annual rate."""
LABELS = {
    "depreciation": "depreciation",
    "reserves": "fall of reserves",
    "rate": "rise of the policy rate",
}
Step = Literal["month", "year"]
LATELY: Mapping[Step, int] = MappingProxyType({"month": 12, "year": 3})
"""Periods that the highest of late is taken from."""
_FUNCTION = "cryptorisk.models.flight.pressure.pressure_part"


@dataclass(frozen=True, eq=False)
class Path:
    """The index of an economy.

    Attributes
    ----------
    step : {"month", "year"}
    dates : DatetimeIndex
    names : tuple of str
        Components.
    pressure : Pressure
    series, sources : tuple of str
    plain : Pressure
        With ordinary standard deviations in place of the scales without outliers.
    """

    step: Step
    dates: pd.DatetimeIndex
    names: tuple[str, ...]
    pressure: Pressure
    series: tuple[str, ...]
    sources: tuple[str, ...]
    plain: Pressure

    def written(self, date: pd.Timestamp) -> str:
        """A date as a table writes it."""
        return f"{date:%Y-%m}" if self.step == "month" else f"{date:%Y}"

    @property
    def components(self) -> str:
        """The components in words."""
        return listing([LABELS[name] for name in self.names])


def pressure_part(inputs: Inputs, country: Country, here: Panel, *, own_currency: bool, reason: str) -> Part:
    """The index, its crises, and the years of a currency crash.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    here : Panel
        Of the economy alone.
    own_currency : bool
    reason : str
        Why the question does not arise, when it does not.
    """
    label = "Exchange-market pressure, last known, in standard deviations from its mean"
    if not own_currency:
        gone = Estimate.missing("flight.pressure_index", label, "index", reason, applies=False)
        return Part((gone,))
    found = path(inputs)
    if isinstance(found, str):
        estimate = Estimate.missing("flight.pressure_index", label, "index", found)
        return Part((estimate,), *crises(None, here, inputs, country))
    used = inputs.confidential & set(found.series)
    estimates = tuple(guarded(one, inputs.confidential) for one in (_latest(found, inputs), _peak(found)))
    tables = () if used else (_table(found),)
    dated, findings = crises(found, here, inputs, country)
    if used:
        gives = f"The path of exchange-market pressure is not shown: {GIVES_AWAY}."
        findings = (*findings, Finding("flight.pressure_withheld", gives, "info", "data"))
    return Part(estimates, (*tables, *dated), findings)


def path(inputs: Inputs) -> Path | str:
    """The index by month where two components are known by month, else by year; else why there is none."""
    by_month = _monthly(inputs)
    found = by_month if isinstance(by_month, Path) else _annual(inputs)
    if isinstance(found, Path):
        return found
    return f"by month: {by_month}; by year: {found}"


def _monthly(inputs: Inputs) -> Path | str:
    rate = monthly(inputs)
    if rate.empty:
        return "no official exchange rate"
    months = pd.date_range(rate.index[0], rate.index[-1], freq="ME")
    parts = {"depreciation": 100 * np.log(rate.where(rate > 0)).reindex(months).diff()}
    policy = inputs.series(POLICY_RATE).values
    if policy.notna().sum() > FEWEST_MONTHS:
        parts["rate"] = policy.reindex(months).diff()
    reserves = inputs.series(MONTHLY_RESERVES).values
    if reserves.notna().sum() > FEWEST_MONTHS:
        parts["reserves"] = -100 * np.log(reserves.where(reserves > 0)).reindex(months).diff()
    frame = pd.DataFrame(parts)
    if frame.shape[1] < 2:
        return "neither a policy rate nor reserves by month"
    if len(frame.dropna()) < FEWEST_MONTHS:
        return f"{len(frame.dropna())} months with all components, and {FEWEST_MONTHS} are needed"
    return _path(inputs, "month", frame)


def _annual(inputs: Inputs) -> Path | str:
    by_year = year_ends(inputs, [inputs.country]).rate[inputs.country].dropna()
    reserves = inputs.series(RESERVES).values.dropna()
    stock = reserves[reserves > 0].groupby(pd.DatetimeIndex(reserves[reserves > 0].index).year).last()
    if by_year.empty or stock.empty:
        return "no official exchange rate" if by_year.empty else "no reserves"
    years = range(int(by_year.index[0]), int(by_year.index[-1]) + 1)
    frame = pd.DataFrame(
        {
            "depreciation": 100 * np.log(by_year.reindex(years)).diff(),
            "reserves": -100 * np.log(stock.reindex(years)).diff(),
        }
    )
    frame.index = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in years])
    return _path(inputs, "year", frame)


def _path(inputs: Inputs, step: Step, frame: pd.DataFrame) -> Path | str:
    dates = pd.DatetimeIndex(frame.index)
    prices = inputs.series(INFLATION).values
    by_year = prices.groupby(pd.DatetimeIndex(prices.index).year).last()
    high = by_year.reindex(dates.year).to_numpy(dtype=float) > HIGH_INFLATION
    try:
        given = frame.to_numpy(float)
        found = exchange_pressure(given, multiple=MULTIPLE[step], high_inflation=high)
        plain = exchange_pressure(given, multiple=MULTIPLE[step], high_inflation=high, robust=False)
    except ModelError as error:
        return str(error)
    series_of = {"rate": POLICY_RATE, "reserves": RESERVES}
    if step == "month":
        series_of["reserves"] = MONTHLY_RESERVES
    series = (*RATES, *(series_of[name] for name in frame.columns if name in series_of), INFLATION)
    series = tuple(one for one in series if not inputs.series(one).empty)
    origins = tuple(dict.fromkeys(s for one in series for s in inputs.series(one).source_ids[:1]))
    return Path(step, dates, tuple(frame.columns), found, series, origins, plain)


def _latest(found: Path, inputs: Inputs) -> Estimate:
    """The last period's index. It has no interval: other months are no bounds of this one."""
    known = _known(found)
    last = known.index[-1]
    return Estimate(
        "flight.pressure_index",
        f"Exchange-market pressure in {found.written(last)}, in standard deviations from its mean",
        float(known.iloc[-1]),
        "index",
        method=(
            f"Sum of {found.components}, each over its standard deviation; by {found.step}. "
            f"A crisis is more than {found.pressure.multiple:g} standard deviations above the mean."
        ),
        date=found.written(last),
        n_obs=len(known),
        sources=found.sources,
        inputs=found.series,
        function=_FUNCTION,
        note=_age(found, last, inputs),
    )


def _peak(found: Path) -> Estimate:
    """The highest index of the last year of an index by month, of the last three by year."""
    known = _known(found)
    recent = known.iloc[-LATELY[found.step] :]
    span = "12 months" if found.step == "month" else "3 years"
    at = pd.Timestamp(recent.index[int(np.argmax(recent.to_numpy()))])
    return Estimate(
        "flight.pressure_peak",
        f"Exchange-market pressure, highest of the {span} to {found.written(recent.index[-1])}",
        float(recent.max()),
        "index",
        method=f"As the last known index; the highest of the last {span} known.",
        date=found.written(at),
        n_obs=len(recent),
        sources=found.sources,
        inputs=found.series,
        function=_FUNCTION,
    )


def _known(found: Path) -> pd.Series:
    return pd.Series(found.pressure.deviations, index=found.dates).dropna()


def _age(found: Path, last: pd.Timestamp, inputs: Inputs) -> str:
    """That the index is old, and what the rate alone has done since it ends."""
    note = f"Stale: {found.written(last)}." if is_stale(last.date(), inputs.as_of) else ""
    rate = monthly(inputs)
    if found.step == "year" or rate.empty or rate.index[-1] <= last:
        return note
    before = rate.get(rate.index[-1] - pd.DateOffset(months=12) + pd.offsets.MonthEnd(0))
    if before is None or not np.isfinite(before) or inputs.confidential & set(RATES):
        return note
    change = 100 * (float(rate.iloc[-1]) / float(before) - 1)
    lacking = [
        LABELS[name] for k, name in enumerate(found.names) if not np.isfinite(found.pressure.parts[-1, k])
    ]
    why = f" ({listing(lacking)} not known since)" if lacking else ""
    since = f"The official price of a dollar is known to {rate.index[-1]:%Y-%m}: {number(change, 1)} % over twelve months."
    return f"{note.rstrip('.')}{why}. {since}" if note else since


def _table(found: Path) -> Table:
    frame = pd.DataFrame({"date": found.dates, "deviations": found.pressure.deviations})
    for k, name in enumerate(found.names):
        frame[name] = found.pressure.parts[:, k]
    frame["threshold"] = found.pressure.multiple
    opens = np.zeros(len(frame), dtype=bool)
    opens[found.pressure.onsets(WINDOW[found.step])] = True
    frame["opens"] = opens.astype(float)
    columns = (
        Column("date", "Month" if found.step == "month" else "Year"),
        Column("deviations", "Pressure", "standard deviations", 2),
        *(Column(name, LABELS[name].capitalize(), "scales", 2) for name in found.names),
        Column("threshold", "Crisis above", "standard deviations", 1),
        Column("opens", "Opens a crisis", "", 0),
    )
    known = frame[frame["deviations"].notna()]
    title = f"Exchange-market pressure by {found.step}"
    note = f"Sum of {found.components}, each over its scale and held between -10 and 10 of them."
    return Table("flight.pressure", title, known, columns, note, found.sources, shown=False)
