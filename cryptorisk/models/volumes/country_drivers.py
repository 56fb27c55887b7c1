"""What a country's volume may go with: economy, internet, remittances, inflation and openness, of all economies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.volumes.keys import LATEST_WITHIN_YEARS, CountryYears, by_year, latest
from cryptorisk.stats.reconcile import Floats

DRIVERS: Mapping[str, str] = {
    "gdp": "GDP",
    "income": "GDP per head",
    "internet": "internet users",
    "remittances": "remittances received",
    "inflation": "inflation",
    "trade": "exports and imports",
    "capital": "openness of the capital account",
}
"""Names in a sentence. GDP and GDP per head hold population between them: its coefficient is that of GDP per head with the
other sign."""

FORMS: Mapping[str, str] = {
    "gdp": "log of US dollars",
    "income": "log of US dollars",
    "internet": "log odds",
    "remittances": "log of 1 + % of GDP",
    "inflation": "log of 1 + rate",
    "trade": "log of % of GDP",
    "capital": "Chinn-Ito, 0 to 1",
}
"""How each enters."""

SIZE = ("gdp", "income")
"""Drivers that say how large an economy is."""

SOURCE_SERIES = (
    "internet_users_pct",
    "remittances_received_usd",
    "cpi_inflation_pct",
    "exports_gs_usd",
    "imports_gs_usd",
    "ka_open_norm01",
)

WITHIN_YEARS: Mapping[str, int] = {"cpi_inflation_pct": 3}
"""Inflation changes within years; the others serve as long as a key does."""

FEWEST_USERS, MOST_USERS = 1.0, 99.0
"""Percent of the population at which the log odds of internet use are cut: surveys do not tell 99 from 100."""


@dataclass(frozen=True)
class Drivers:
    """Drivers of all country-years, in the order of `CountryYears`.

    ``frame`` has a column a driver, NaN where it is not known.
    """

    frame: pd.DataFrame

    def standardised(
        self, names: tuple[str, ...], log_share: Floats, group: np.ndarray, seen: np.ndarray
    ) -> Floats:
        """Drivers with mean zero and standard deviation one over the economies that have a key, shape (n, k).

        Where one is not known the group's mean by key share stands for it: the economy then keeps about the share that
        it would have without the driver. GDP and GDP per head apart, no driver is taken further than it goes among the
        observations ``seen``, the published ones: beyond, a coefficient has nothing to stand on.
        """
        columns = []
        for name in names:
            values = self.frame[name].to_numpy(dtype=float)
            known = values[seen & np.isfinite(values)]
            if known.size and name not in SIZE:
                values = np.clip(values, known.min(), known.max())
            columns.append(_standardised(values, log_share, group))
        return np.column_stack(columns)


def country_drivers(inputs: Inputs, rows: CountryYears) -> Drivers:
    """Read the drivers, each the last figure at or before the end of the twelve months.

    Parameters
    ----------
    inputs : Inputs
    rows : CountryYears
    """
    frame = rows.frame
    found = {id: _by_rows(inputs, id, frame) for id in SOURCE_SERIES}
    gdp = frame["gdp_usd"].to_numpy(dtype=float)
    users = np.clip(found["internet_users_pct"], FEWEST_USERS, MOST_USERS)
    trade = found["exports_gs_usd"] + found["imports_gs_usd"]
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "gdp": np.log(gdp),
            "income": frame["income"].to_numpy(dtype=float),
            "internet": np.log(users / (100 - users)),
            "remittances": np.log1p(100 * found["remittances_received_usd"] / gdp),
            "inflation": np.log1p(np.maximum(found["cpi_inflation_pct"], -50.0) / 100),
            "trade": np.log(np.where(trade > 0, 100 * trade / gdp, np.nan)),
            "capital": found["ka_open_norm01"],
        }
    known = {name: np.where(np.isfinite(values), values, np.nan) for name, values in columns.items()}
    return Drivers(pd.DataFrame(known, index=frame.index))


def _by_rows(inputs: Inputs, id: str, frame: pd.DataFrame) -> Floats:
    """The last figure of a series at or before the year in which each period ends."""
    panel, within = by_year(inputs, id), WITHIN_YEARS.get(id, LATEST_WITHIN_YEARS)
    out = np.full(len(frame), np.nan)
    for year, block in frame.groupby("first_year"):
        values, _ = latest(panel, int(str(year)) + 1, block["iso3"], within)
        out[frame.index.get_indexer(block.index)] = values
    return out


def _standardised(values: Floats, log_share: Floats, group: np.ndarray) -> Floats:
    known = np.isfinite(values) & np.isfinite(log_share)
    if known.sum() < 2 or values[known].std() == 0:
        return np.zeros_like(values)
    scaled = (values - values[known].mean()) / values[known].std()
    weight = np.where(known, np.exp(np.where(known, log_share, 0.0)), 0.0)
    size = int(group.max()) + 1
    total = np.bincount(group, weight, minlength=size)
    sums = np.bincount(group, weight * np.where(known, scaled, 0.0), minlength=size)
    typical = np.divide(sums, total, out=np.zeros(size), where=total > 0)
    return np.asarray(np.where(np.isfinite(scaled), scaled, typical[group]), dtype=np.float64)
