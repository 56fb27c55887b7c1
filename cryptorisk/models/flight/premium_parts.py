"""The premium of a crypto rate as that of the parallel cash market and what the crypto market adds: an identity in logs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import GIVES_AWAY, merge_sources
from cryptorisk.models.flight.premium import without_official
from cryptorisk.models.flight.shadow import BITCOIN_RATE, CASH_RATE, CRYPTO_RATE, IMF_CRYPTO_RATE, premium_of
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Table
from cryptorisk.stats.bootstrap import block_indices, block_length, percentile_interval

CRYPTO_RATES = (CRYPTO_RATE, IMF_CRYPTO_RATE, BITCOIN_RATE)
LEAST_DAYS, LEAST_MONTHS = 60, 24
"""Fewest days, or months, with all three rates: a quarter of trading days, two years."""
DRAWS, LEVEL = 999, 0.9
_FUNCTION = "cryptorisk.models.flight.premium_parts.parts_part"
MARKET = ("flight.premium_cash_part", "Premium on the dollar: part of the parallel cash market, mean")
FRICTION = ("flight.premium_crypto_part", "Premium on the dollar: part of the crypto market alone, mean")


class Parts(NamedTuple):
    """Premium and its two parts by day or month, log percent, with the sources and series behind them."""

    frame: pd.DataFrame
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    monthly: bool


def parts_part(inputs: Inputs, country: Country, *, seed: int) -> Part:
    """Estimates and table of the parts, or the reason why there are none.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    seed : int
        Of the intervals.

    Returns
    -------
    Part
        Empty where there is no rate but the official one; else ``flight.premium_cash_part`` and
        ``flight.premium_crypto_part``, means over the time with all rates.
    """
    if all(inputs.series(id).values.empty for id in (CASH_RATE, *CRYPTO_RATES)):
        return Part()
    found = premium_parts(inputs)
    if isinstance(found, str):
        reason = f"{found} of {country.name_in_sentence}"
        return Part(tuple(Estimate.missing(id, label, "log_return_pct", reason) for id, label in _LABELS))
    if inputs.confidential & set(found.inputs):
        return Part(tuple(Estimate.missing(id, label, "log_return_pct", GIVES_AWAY) for id, label in _LABELS))
    rng = np.random.default_rng([seed, 3, 100])
    estimates = tuple(
        _estimate(id, label, found.frame[name], found, rng)
        for (id, label), name in zip(_LABELS, ("cash", "crypto"), strict=True)
    )
    return Part(estimates, (_table(found),))


_LABELS = (MARKET, FRICTION)


def premium_parts(inputs: Inputs) -> Parts | str:
    """Premium, ``ln(crypto / official) = ln(cash / official) + ln(crypto / cash)``, in log percent; or why not.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Parts or str
    """
    cash = premium_of(inputs, CASH_RATE)
    crypto = next((one for id in CRYPTO_RATES if (one := premium_of(inputs, id)) is not None), None)
    if crypto is None or cash is None:
        lacking = [name for name, one in (("crypto-implied", crypto), ("parallel cash", cash)) if one is None]
        named = "no " + " and no ".join(lacking)
        if unmatched := without_official(inputs):
            return f"{named} rate has an official one beside it ({'; '.join(unmatched)}), in the data"
        return f"the data have {named} exchange rate"
    beside = cash.daily["shadow"]
    if crypto.monthly:
        beside = beside.resample("ME").mean()
    frame = crypto.daily.assign(beside=beside).dropna()
    least, unit = (LEAST_MONTHS, "months") if crypto.monthly else (LEAST_DAYS, "days")
    if len(frame) < least:
        return f"only {len(frame)} {unit} have a crypto-implied, a parallel cash and an official rate ({least} are needed)"
    logs = 100 * np.log(frame[["shadow", "official", "beside"]])
    parts = pd.DataFrame(
        {
            "premium": frame["premium"],
            "cash": logs["beside"] - logs["official"],
            "crypto": logs["shadow"] - logs["beside"],
        }
    )
    ids = tuple(dict.fromkeys((*crypto.inputs, *cash.inputs)))
    return Parts(parts, merge_sources(crypto.sources, cash.sources), ids, crypto.monthly)


def _estimate(id: str, label: str, values: pd.Series, found: Parts, rng: np.random.Generator) -> Estimate:
    sample = values.to_numpy(float)
    rows = block_indices(len(sample), block_length(sample), DRAWS, rng)
    low, high = percentile_interval(sample[rows].mean(axis=1), LEVEL)
    first, last = (f"{day:%Y-%m}" for day in (values.index[0], values.index[-1]))
    other = "cash over official rate" if id == MARKET[0] else "crypto-implied over cash rate"
    return Estimate(
        id,
        label,
        float(sample.mean()),
        "log_return_pct",
        low,
        high,
        LEVEL,
        data_class="proxy",
        interval="confidence",
        method=f"Mean log of {other}; interval: block bootstrap. The two parts add up to the premium in logs.",
        date=f"{first}/{last}",
        n_obs=len(sample),
        sources=found.sources,
        inputs=found.inputs,
        function=_FUNCTION,
        note="What the crypto market adds is fees, risk of the platform and the timing of quotes, netted.",
    )


def _table(found: Parts) -> Table:
    monthly = found.frame if found.monthly else found.frame.resample("ME").mean()
    frame = monthly.rename_axis("month").reset_index()
    columns = (
        Column("month", "Month"),
        Column("premium", "Premium of the crypto rate", "log %", 1),
        Column("cash", "Of the parallel cash market", "log %", 1),
        Column("crypto", "Of the crypto market alone", "log %", 1),
    )
    title = "Premium of the crypto rate and its two parts by month"
    note = "An identity in logs: the two parts add up to the premium."
    return Table("flight.premium_parts", title, frame, columns, note, found.sources, shown=False)
