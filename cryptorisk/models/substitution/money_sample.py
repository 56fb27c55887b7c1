"""What the demand for national money is estimated from, by quarter and by month, and what of it is missing.

Money is broad money of the depository corporations, from the International Monetary Fund or the bank itself, less deposits
in foreign currency where the bank gives them. No public source here has it by month; a sample of annual ratios is too short
for equations with lags. Both samples use the exchange rate of the risk-minimising share, so that the parallel one takes the
official one's place where it exists for long enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs, Series
from cryptorisk.models.flight.part import merge_sources
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.models.substitution.verdict import SMALLEST_DEPRECIATION_SD
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

FEWEST_QUARTERS = 40
"""Ten years: below it an equation with four drivers and seasonal terms has about two observations a coefficient, and the
size of its tests is poor (Narayan 2005 tabulates bounds for 30 to 80 observations)."""

FEWEST_MONTHS = 120
"""The same ten years, for equations by month."""

LARGEST_CHANGE = math.log(2.0)
"""Real money that doubles or halves within a quarter has changed its definition or its currency unit."""

MONEY, DEPOSITS, ACTIVITY = "broad_money_lcu", "fx_deposits_lcu", "real_gdp_index_q"
INTEREST, PRICES = "policy_rate_pct", "cpi_index_monthly"
DOLLAR_INTEREST = "us_effr_daily_pct"

_WHAT = {
    MONEY: ("Broad money, end of month", "own file or live"),
    ACTIVITY: ("Real activity by quarter", "own file"),
    DEPOSITS: ("Deposits in foreign currency, end of month", "own file"),
    INTEREST: ("Policy rate", "data or own file"),
    PRICES: ("Consumer prices", "data or own file"),
    "rate": ("Exchange rate that savers pay", "data or own file"),
    DOLLAR_INTEREST: ("Interest on the reference currency", "data"),
}
_SHORT = {
    MONEY: "broad money by month",
    ACTIVITY: "real activity by quarter",
    DEPOSITS: "deposits in foreign currency by month",
    INTEREST: "policy rate",
    DOLLAR_INTEREST: "interest on the dollar",
}


@dataclass(frozen=True)
class MoneySample:
    """Observations without a gap, or why there are none.

    Attributes
    ----------
    frame : DataFrame
        By quarter: ``money`` (log real), ``activity`` (log), ``interest``, ``abroad``, ``depreciation`` (percent a year).
        By month: ``ratio`` (log of foreign to national money), ``depreciation`` (percent over the past year), ``change``
        (log change of the rate within the month). Empty with a ``reason``.
    reason : str
    missing : tuple of str
        Series that are not there at all.
    sources, series : tuple of str
    confidential : bool
    domestic : bool
        Whether deposits in foreign currency are taken out of money.
    """

    frame: pd.DataFrame
    reason: str = ""
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    confidential: bool = False
    domestic: bool = False


def quarterly_sample(inputs: Inputs, params: Params, sample: MonthlySample) -> MoneySample:
    """Quarters of real money, activity, interest at home and abroad, and past depreciation.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        For the reference currency: interest abroad is known for the dollar alone.
    sample : MonthlySample
        Prices and the exchange rate, in logs.

    Returns
    -------
    MoneySample
    """
    if params.substitution.reference_currency != "USD":
        return MoneySample(pd.DataFrame(), "the data have no short interest rate of the reference currency")
    found = {id: inputs.series(id) for id in (MONEY, ACTIVITY, INTEREST)}
    found[DOLLAR_INTEREST] = inputs.series(DOLLAR_INTEREST, country=WORLD)
    missing = _missing(found, sample)
    if missing:
        return MoneySample(pd.DataFrame(), _missing_text(missing), missing)
    deposits = inputs.series(DEPOSITS)
    if not deposits.empty:
        national = _quarters_of(found, deposits, sample, inputs)
        if not national.reason:
            return national
    return _quarters_of(found, None, sample, inputs)


def _quarters_of(
    found: dict[str, Series], deposits: Series | None, sample: MonthlySample, inputs: Inputs
) -> MoneySample:
    """The sample by quarter, of national money where deposits in foreign currency are given."""
    broad = _month_ends(found[MONEY].values)
    money = broad if deposits is None else _national(broad, deposits.values)
    price, rate = _quarterly(sample.log_price), _quarterly(sample.log_rate)
    frame = pd.DataFrame(
        {
            "money": np.log(_last_month(money)) - price,
            "activity": np.log(_by_quarter(found[ACTIVITY].values)),
            "interest": _quarterly(_by_month(found[INTEREST].values)),
            "abroad": _quarterly(_by_month(found[DOLLAR_INTEREST].values)),
            "depreciation": 100 * (rate - rate.shift(4)),
        }
    )
    own = () if deposits is None else (deposits,)
    used = (*found, *((DEPOSITS,) if own else ()), *sample.series)
    sources = merge_sources(*(s.source_ids for s in (*found.values(), *own)), sample.sources)
    return _long_enough(
        frame, "money", FEWEST_QUARTERS, "quarters", used, sources, inputs, deposits is not None
    )


def monthly_ratio(inputs: Inputs, sample: MonthlySample) -> MoneySample:
    """Months of the ratio of foreign to national money, past depreciation, and the month's own change of the rate."""
    found = {id: inputs.series(id) for id in (MONEY, DEPOSITS)}
    missing = _missing(found, sample)
    if missing:
        return MoneySample(pd.DataFrame(), _missing_text(missing), missing)
    foreign = found[DEPOSITS].values
    ratio = _month_ends(foreign) / _national(_month_ends(found[MONEY].values), foreign)
    rate = sample.log_rate.asfreq("ME")
    frame = pd.DataFrame(
        {
            "ratio": np.log(ratio.where(ratio > 0)),
            "depreciation": 100 * (rate - rate.shift(12)),
            "change": rate.diff(),
        }
    )
    sources = merge_sources(*(s.source_ids for s in found.values()), sample.sources)
    return _long_enough(
        frame, "ratio", FEWEST_MONTHS, "months", (*found, *sample.series), sources, inputs, True
    )


def data_table(inputs: Inputs, sample: MonthlySample) -> Table:
    """What both equations need, how much of it there is, and who can give the rest."""
    rows = []
    for id, (what, giver) in _WHAT.items():
        if id == "rate":
            values, name = sample.log_rate, f"{sample.rate_name} rate"
        else:
            series = inputs.series(id, country=WORLD) if id == DOLLAR_INTEREST else inputs.series(id)
            values, name = _by_month(series.values) if id == DOLLAR_INTEREST else series.values, id
        hidden = id in inputs.confidential
        rows.append(
            {
                "what": what,
                "series": name,
                "n": len(values),
                "first": "–" if values.empty else f"{values.index[0]:%Y-%m}",
                "last": "–" if values.empty else f"{values.index[-1]:%Y-%m}",
                "giver": "the bank's own, confidential" if hidden else giver,
            }
        )
    annual = inputs.series("broad_money_pct_gdp")
    note = (
        f"The demand for money needs {FEWEST_QUARTERS} quarters of all but deposits in foreign currency; the ratio "
        f"of foreign to national money {FEWEST_MONTHS} months of broad money, those deposits and the exchange "
        f"rate. Annual broad money relative to GDP: {len(annual.values)} years, too few."
    )
    columns = (
        Column("what", "What is needed"),
        Column("series", "Series"),
        Column("n", "Observations", "", 0),
        Column("first", "From"),
        Column("last", "To"),
        Column("giver", "Comes from"),
    )
    return Table(
        "substitution.money_demand_data",
        "What equations of money demand need",
        pd.DataFrame(rows),
        columns,
        note,
    )


def _missing(found: dict[str, Series], sample: MonthlySample) -> tuple[str, ...]:
    gone = [id for id, series in found.items() if series.empty]
    return (*gone, *(("prices and exchange rate",) if sample.log_price.empty else ()))


def _missing_text(missing: Sequence[str]) -> str:
    words = [f"{_SHORT[id]} ({id})" if id in _SHORT else id for id in missing]
    return f"the data have no {', '.join(words[:-1])}{' or ' if len(words) > 1 else ''}{words[-1]}"


def _national(broad: pd.Series, deposits: pd.Series) -> pd.Series:
    """Broad money by month less deposits in foreign currency; missing where these are not known."""
    less = broad - _month_ends(deposits)
    return less.where(less > 0)


def _month_ends(values: pd.Series) -> pd.Series:
    return values[values > 0].resample("ME").last()


def _by_month(values: pd.Series) -> pd.Series:
    return values.resample("ME").mean()


def _by_quarter(values: pd.Series) -> pd.Series:
    return values[values > 0].resample("QE").last()


def _quarterly(monthly: pd.Series) -> pd.Series:
    """Mean of the three months of a quarter."""
    quarters = monthly.resample("QE")
    return quarters.mean().where(quarters.count() == 3)


def _last_month(monthly: pd.Series) -> pd.Series:
    """The value at the end of a quarter, missing where its last month is not known."""
    months = pd.DatetimeIndex(monthly.index)
    return monthly[months.month % 3 == 0].asfreq("QE")


def _long_enough(
    frame: pd.DataFrame,
    dependent: str,
    fewest: int,
    unit: str,
    used: tuple[str, ...],
    sources: tuple[str, ...],
    inputs: Inputs,
    domestic: bool,
) -> MoneySample:
    """The last run without a gap and without a jump of the dependent variable, or the reason for none."""
    series = tuple(dict.fromkeys(used))
    confidential = bool(inputs.confidential & set(series))
    whole = frame.notna().all(axis=1)
    broken = ~whole | (frame[dependent].diff().abs() > LARGEST_CHANGE)
    if not whole.any():
        return MoneySample(pd.DataFrame(), f"the series have no {unit[:-1]} in common")
    end = frame.index[whole][-1]
    before = [date for date in frame.index[broken] if date <= end]
    run = frame.loc[:end]
    if before:
        # A jump is no gap: the observation after it begins a new run.
        first = before[-1] if whole[before[-1]] else None
        run = run.loc[first:] if first is not None else run[run.index > before[-1]]
    if len(run) < fewest:
        reason = (
            f"all series are known without a break for {len(run)} {unit} ({run.index[0]:%Y-%m} to "
            f"{run.index[-1]:%Y-%m}) where {fewest} are needed"
        )
        return MoneySample(pd.DataFrame(), reason)
    return MoneySample(run, "", (), sources, series, confidential, domestic)


def still(sample: MoneySample) -> str:
    """Why past depreciation cannot stand for expected depreciation where the rate hardly moved; else empty."""
    frame = sample.frame
    if frame.empty or float(frame["depreciation"].std()) >= 100 * SMALLEST_DEPRECIATION_SD:
        return ""
    found = "" if sample.confidential else f" of {float(frame['depreciation'].std()):.1f} points"
    return (
        f"yearly depreciation has a standard deviation{found} below the margin of a fixed rate "
        f"({100 * SMALLEST_DEPRECIATION_SD:.0f} points), so that nothing can be said of its expectation"
    )
