"""Monthly samples for the equations of volumes: the world's from on-chain data, a country's from its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs

FIRST_MONTH = "2014-01-31"
"""As the sample of chapter 4: before it the market was a few exchanges, of which one failed."""

FEWEST_DAYS = 0.9
"""Part of a month's days that must be observed for the mean of the observed days to stand for the month."""

FEWEST_MARKET_DAYS = 15
"""The same for markets that close at weekends and on holidays."""

FEWEST_MONTHS = 60
"""Five years: four observations for each coefficient of the largest equation that is then tried (two lags of everything)."""

LONG_MONTHS = 100
"""From here on four lags are tried."""

DRIVERS: Mapping[str, str] = {
    "price": "Price of bitcoin",
    "volatility": "Realised volatility of bitcoin",
    "vix": "Volatility index VIX",
    "dollar": "Broad dollar index",
}
"""All in logarithms, so that coefficients are elasticities."""

WORLD_VOLUMES: Mapping[str, str] = {
    "usd": "Bitcoin sent to exchanges, in dollars",
    "coins": "Bitcoin sent to exchanges, in coins",
    "count": "Transactions of bitcoin",
}
COUNTRY_VOLUMES: Mapping[str, str] = {
    "usd": "Peer-to-peer volume, in dollars",
    "coins": "Peer-to-peer volume, in bitcoin at the month's price",
}
VOLUME = "p2p_volume_usd"
DRIVER_SERIES = ("btc_price_usd", "vix_close", "usd_broad_index")


@dataclass(frozen=True)
class DriverSample:
    """Months without a gap.

    Attributes
    ----------
    frame : DataFrame, month ends
        Logarithms: a column for every volume and every driver. Empty with a ``reason``.
    volumes : mapping of str to str
        Columns of the volumes and their names.
    observed : int
        Monthly figures of the volume, before anything else is asked of the sample.
    sources, series : tuple of str
    reason : str
    confidential : bool
        Whether the volume is the bank's own and must not be told from what is printed.
    """

    frame: pd.DataFrame
    volumes: Mapping[str, str]
    observed: int = 0
    sources: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    reason: str = ""
    confidential: bool = False


def world_sample(inputs: Inputs) -> DriverSample:
    """Bitcoin sent to known exchanges, in dollars and coins, and transactions, with the four drivers.

    The adjusted value transferred on chain would be the wider measure; in the embedded vintage it ends in July 2020.
    """
    found = {
        id: inputs.series(id, country=WORLD)
        for id in ("btc_exchange_inflow_usd", "btc_tx_count", *DRIVER_SERIES)
    }
    missing = [id for id, series in found.items() if series.empty]
    if missing:
        reason = f"the data have no {', '.join(missing)}, or it is left out for its licence"
        return DriverSample(pd.DataFrame(), WORLD_VOLUMES, reason=reason)
    daily = {id: series.values for id, series in found.items()}
    price = daily["btc_price_usd"]
    columns = {
        "usd": monthly_mean(daily["btc_exchange_inflow_usd"]),
        "coins": monthly_mean(daily["btc_exchange_inflow_usd"] / price),
        "count": monthly_mean(daily["btc_tx_count"]),
        **_drivers(daily),
    }
    sample = DriverSample(
        pd.DataFrame(columns),
        WORLD_VOLUMES,
        int(columns["usd"].notna().sum()),
        tuple(dict.fromkeys(id for series in found.values() for id in series.source_ids)),
        tuple(found),
    )
    return _unbroken(sample)


def country_sample(inputs: Inputs) -> DriverSample:
    """The country's own monthly volume, in dollars and in bitcoin, with the four drivers."""
    volume = inputs.series(VOLUME)
    if volume.empty:
        return DriverSample(
            pd.DataFrame(), COUNTRY_VOLUMES, reason="the data have no monthly volume of this economy"
        )
    found = {id: inputs.series(id, country=WORLD) for id in DRIVER_SERIES}
    missing = [id for id, series in found.items() if series.empty]
    if missing:
        reason = f"the data have no {', '.join(missing)}, or it is left out for its licence"
        return DriverSample(pd.DataFrame(), COUNTRY_VOLUMES, len(volume.values), reason=reason)
    drivers = _drivers({id: series.values for id, series in found.items()})
    monthly = _log(volume.values.where(volume.values > 0))
    price = monthly_mean(found["btc_price_usd"].values)
    sample = DriverSample(
        pd.DataFrame({"usd": monthly, "coins": monthly - price, **drivers}),
        COUNTRY_VOLUMES,
        len(volume.values),
        tuple(dict.fromkeys((*volume.source_ids, *(id for s in found.values() for id in s.source_ids)))),
        (VOLUME, *found),
        confidential=VOLUME in inputs.confidential,
    )
    return _unbroken(sample)


def monthly_mean(daily: pd.Series) -> pd.Series:
    """Logarithm of the mean of a month's days, where nine tenths of them are observed."""
    months = daily[daily > 0].resample("ME")
    return _log(months.mean().where(_complete(months.count())))


def _drivers(daily: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    price = daily["btc_price_usd"]
    day = pd.Timedelta(days=1)
    returns = np.log(price).diff()[price.index.to_series().diff() == day]
    months = returns.resample("ME")
    # Root of the mean square: at a daily horizon the mean return is noise (Andersen and Bollerslev 1998).
    squares = (returns**2).resample("ME").mean().where(_complete(months.count()))
    volatility = _log(365 * squares) / 2
    return {
        "price": monthly_mean(price),
        "volatility": volatility,
        "vix": _market_mean(daily["vix_close"]),
        "dollar": _market_mean(daily["usd_broad_index"]),
    }


def _market_mean(daily: pd.Series) -> pd.Series:
    months = daily.resample("ME")
    return _log(months.mean().where(months.count() >= FEWEST_MARKET_DAYS))


def _complete(days: pd.Series) -> pd.Series:
    """Whether enough days of each month are known."""
    return days >= FEWEST_DAYS * pd.DatetimeIndex(days.index).days_in_month


def _log(values: pd.Series) -> pd.Series:
    return pd.Series(np.log(values.to_numpy(dtype=float)), index=values.index)


def _unbroken(sample: DriverSample) -> DriverSample:
    """The last run of months in which nothing is missing, or why there is none that is long enough."""
    frame = sample.frame.loc[FIRST_MONTH:]
    known = frame.notna().all(axis=1).to_numpy()
    if not known.any():
        return replace(sample, frame=pd.DataFrame(), reason="volume and drivers have no month in common")
    last = len(known) - int(known[::-1].argmax())
    gaps = np.flatnonzero(~known[:last])
    run = frame.iloc[(int(gaps[-1]) + 1) if len(gaps) else 0 : last]
    run = run.asfreq("ME") if len(run) else run
    if len(run) < FEWEST_MONTHS:
        reason = (
            f"volume and drivers are known without a gap for {len(run)} months ({run.index[0]:%Y-%m} to "
            f"{run.index[-1]:%Y-%m}) where {FEWEST_MONTHS} are needed"
        )
        return replace(sample, frame=pd.DataFrame(), reason=reason)
    return replace(sample, frame=run)
