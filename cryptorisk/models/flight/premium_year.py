"""The premium of the last twelve months: its highest month, and how far the shadow rate ran on without an official one."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.premium_tables import EPISODE_LOG_PCT, PremiumSeries, simple_pct
from cryptorisk.stats.premium import log_premium_pct

RECENT_MONTHS = 12
"""An older premium says nothing of today's exchange market: it is not called the latest, is no headline and answers no
question of the risk matrix."""
ID, LABEL = (
    "flight.premium_year_high",
    f"Premium over the official rate, highest month of the last {RECENT_MONTHS}",
)
RUNS_ON = "is not known since"
"""Words in the note that say that the shadow rate left the last official rate: a calm figure of before proves nothing."""
_FUNCTION = "cryptorisk.models.flight.premium_year.year_high"


class RunOn(NamedTuple):
    """The shadow rate's last month without an official rate beside it, in percent of the last official rate."""

    month: str
    pct: float
    since: str

    @property
    def far(self) -> bool:
        """Whether it is as far away as a premium that counts towards an episode."""
        return bool(abs(100 * np.log1p(self.pct / 100)) > EPISODE_LOG_PCT)

    def said(self, kind: str, *, size: bool = True) -> str:
        """The fact in a sentence; without its size where a rate is confidential."""
        away = f"{number(abs(self.pct), 0)} %" if size else "far"
        return (
            f"The official rate {RUNS_ON} {self.since}; in {self.month} the {kind} rate stood {away} "
            f"{'above' if self.pct >= 0 else 'below'} the last one."
        )


def of_late(date: str, as_of: dt.date) -> bool:
    """Whether a premium of a day or month says something of the exchange market at the report's date.

    Parameters
    ----------
    date : str
        As `Estimate.date` has it.
    as_of : date
    """
    return pd.Period(date, "M").end_time >= pd.Timestamp(as_of) - pd.DateOffset(months=RECENT_MONTHS)


def run_on(series: PremiumSeries, shadow: pd.Series) -> RunOn | None:
    """How far the shadow rate's last month is from the last official rate; None where the rate does not go on without one.

    Parameters
    ----------
    series : PremiumSeries
    shadow : Series
        The whole shadow rate, national currency per dollar, by day.
    """
    last = series.daily.index[-1]
    later = shadow[shadow.index > last]
    if later.empty:
        return None
    month = later.index[-1].to_period("M")
    days = later[pd.DatetimeIndex(later.index).to_period("M") == month]
    official = np.full(len(days), float(series.daily["official"].iloc[-1]))
    away = float(log_premium_pct(days.to_numpy(float), official).mean())
    return RunOn(str(month), simple_pct(away), series.written(last))


def year_high(series: PremiumSeries, shadow: pd.Series, as_of: dt.date, *, secret: bool = False) -> Estimate:
    """The highest monthly mean of the premium over the months that end within the last twelve.

    The latest quote alone would call a market calm that had a crisis half a year ago.

    Parameters
    ----------
    series : PremiumSeries
    shadow : Series
        The whole shadow rate, with the days that have no official rate.
    as_of : date
    secret : bool
        Whether the size of the run must not be written.

    Returns
    -------
    Estimate
        ``flight.premium_year_high``, percent; the range is that month's lowest and highest day.
    """
    premium = series.daily["premium"]
    months = pd.DatetimeIndex(premium.index).to_period("M")
    means = premium.groupby(months).mean()
    means = means[[of_late(str(month), as_of) for month in means.index]]
    gone = run_on(series, shadow)
    told = gone is not None and gone.far and of_late(gone.month, as_of)
    note = gone.said(series.kind, size=not secret) if gone is not None and told else ""
    if means.empty:
        since = f"the premium is not known after {series.written(premium.index[-1])}"
        return Estimate.missing(ID, LABEL, "pct", f"{since}, more than {RECENT_MONTHS} months ago")
    month = pd.PeriodIndex(means.index)[int(means.argmax())]
    around = months == month
    if series.monthly:
        around = np.abs(months.astype("int64") - month.ordinal) <= 1
    days = premium[around]
    ranged = len(days) > 1
    return Estimate(
        ID,
        LABEL,
        simple_pct(float(means.max())),
        "pct",
        simple_pct(days.min()) if ranged else None,
        simple_pct(days.max()) if ranged else None,
        data_class="proxy",
        interval="range" if ranged else "none",
        method=(
            f"{'Highest month' if series.monthly else 'Highest monthly (geometric) mean'} that ends within {RECENT_MONTHS} "
            "months before the report's date; range: "
            + (
                "that month and the two beside it."
                if series.monthly
                else "that month's lowest and highest day."
            )
        ),
        date=str(month),
        n_obs=len(days),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
        note=note,
    )
