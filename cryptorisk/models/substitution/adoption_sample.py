"""What adoption is set against, economy by economy and year by year: published figures, ranks and regressors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.exposure.figures import OF_INTERNET_USERS, readings, weo

FULL_LIST = 100
"""Economies that a list of ranks must have: in 2020, 2021 and 2025 the data have its top alone, chosen by the outcome."""

UNIT_CHANGE = -50.0
"""A dollar that becomes cheaper by half within a year has been counted in another unit, as in the monthly sample."""


@dataclass(frozen=True)
class Regressor:
    """A regressor: its name in tables, what it measures, where it comes from, how old it may be."""

    label: str
    measure: str
    series: tuple[str, ...]
    oldest: int


REGRESSORS = MappingProxyType(
    {
        "inflation": Regressor(
            "Inflation",
            "value that money loses to prices in a year, mean of three years, %",
            ("cpi_inflation_pct",),
            1,
        ),
        "depreciation": Regressor(
            "Depreciation",
            "value that money loses to the dollar in a year at the official rate, mean of three years, %",
            ("fx_lcu_usd_avg",),
            1,
        ),
        "remittances": Regressor(
            "Remittances", "remittances received, % of GDP", ("remittances_received_usd", "gdp_usd"), 3
        ),
        "internet": Regressor("Internet use", "% of the population", ("internet_users_pct",), 3),
        "controls": Regressor(
            "Capital controls", "Chinn-Ito index turned, 0 open to 100 closed", ("ka_open_norm01",), 5
        ),
        "restrictions": Regressor(
            "Capital controls", "index of Fernandez and others, 0 open to 100 closed", ("fkrsu_ka",), 5
        ),
        "income": Regressor("Income", "log of GDP per head", ("gdp_usd", "population"), 1),
    }
)


def vintage_only(inputs: Inputs) -> Inputs:
    """The inputs without any of the bank's own figures: a comparison of economies that is the same for every report."""
    return replace(inputs, confidential=frozenset(), _bank=MappingProxyType({}))


def covariates(inputs: Inputs, years: Sequence[int]) -> pd.DataFrame:
    """Regressors of every economy in the given years; each the last figure up to the year, if it is not too old.

    Returns
    -------
    DataFrame
        Index (year, country), one column a regressor.
    """
    found = {
        "inflation": _mean(_lost_to_prices(_annual(inputs, "cpi_inflation_pct"))),
        "depreciation": _mean(_lost_to_dollar(_annual(inputs, "fx_lcu_usd_avg"))),
        "remittances": _ratio(_annual(inputs, "remittances_received_usd"), _annual(inputs, "gdp_usd")),
        "internet": _annual(inputs, "internet_users_pct"),
        "controls": 100 * (1 - _annual(inputs, "ka_open_norm01")),
        "restrictions": 100 * _annual(inputs, "fkrsu_ka"),
        "income": income(inputs)[0],
    }
    columns = {name: _as_of(panel, years, REGRESSORS[name].oldest) for name, panel in found.items()}
    frame = pd.concat(columns, axis=1)
    frame.index.names = ["year", "country"]
    return frame


def income(inputs: Inputs) -> tuple[pd.DataFrame, str]:
    """Log of GDP per head: at purchasing power where the data have it for the world, else at market rates; which."""
    power = _annual(inputs, "gdp_per_head_ppp")
    if not power.empty and power.notna().sum(axis=1).max() >= FULL_LIST:
        return _log(power), "at purchasing-power parity"
    gdp, people = (_annual(inputs, id, weo(inputs)) for id in ("gdp_usd", "population"))
    return _log(gdp / people.where(people > 0)), "in US dollars at market rates"


def ownership(published: pd.DataFrame) -> pd.Series[float]:
    """Published shares of the population that owns crypto-assets, as fractions, surveys of internet users left out.

    Parameters
    ----------
    published : DataFrame
        As `cryptorisk.models.exposure.figures.readings` gives it.

    Returns
    -------
    Series
        Index (year, country); the mean in log-odds where a year has several figures.
    """
    chosen = published[published["data_class"] != "survey"]
    odds = pd.Series(logit(chosen["value"].to_numpy(dtype=float) / 100), chosen.index)
    mean = odds.groupby([chosen["year"], chosen["country"]]).mean()
    return pd.Series(expit(mean.to_numpy(dtype=float)), mean.index, name="fraction")


def surveyed_users(inputs: Inputs) -> pd.Series[float]:
    """Share of internet users who own, by the survey of internet users, as fractions: index (year, country)."""
    return _stacked(_annual(inputs, OF_INTERNET_USERS) / 100)


def places(inputs: Inputs, series: str) -> pd.Series[float]:
    """Place in a list of ranks, near 1 for the first and near 0 for the last: index (year, country); full lists only.

    Lists have gaps and ties where territories are not in the data: the economies that are there are ranked anew.
    """
    ranks = _annual(inputs, series)
    ranks = ranks[ranks.notna().sum(axis=1) >= FULL_LIST].rank(axis=1)
    return _stacked(1 - (ranks - 0.5).div(ranks.notna().sum(axis=1), axis=0))


def published_figures(inputs: Inputs) -> pd.DataFrame:
    """Every published ownership figure: see `cryptorisk.models.exposure.figures.readings`."""
    return readings(inputs)


def _annual(inputs: Inputs, series: str, sources: Sequence[str] | None = None) -> pd.DataFrame:
    panel = inputs.panel(series, sources=sources)
    return panel.groupby(pd.DatetimeIndex(panel.index).year).last()


def _log(panel: pd.DataFrame) -> pd.DataFrame:
    positive = panel.where(panel > 0).astype(float)
    return pd.DataFrame(np.log(positive.to_numpy()), positive.index, positive.columns)


def _stacked(panel: pd.DataFrame) -> pd.Series[float]:
    return _long(panel).dropna()


def _long(panel: pd.DataFrame) -> pd.Series[float]:
    """Every cell of a panel, by year and country."""
    index = pd.MultiIndex.from_product([panel.index, panel.columns], names=["year", "country"])
    return pd.Series(panel.to_numpy(dtype=float).ravel(), index)


def _lost_to_prices(inflation: pd.DataFrame) -> pd.DataFrame:
    """``pi / (1 + pi)``: hyperinflations approach 100 and do not dwarf everything else (Cukierman 1992)."""
    return 100 * (1 - 1 / (1 + inflation.where(inflation > -100) / 100))


def _lost_to_dollar(rate: pd.DataFrame) -> pd.DataFrame:
    """The same for the price of the dollar; a change of the unit is no appreciation."""
    before = rate.shift(1).where(rate.index.to_series().diff() == 1, axis=0)
    change = rate - before
    lost = 100 * change / rate.where(change >= 0, before)
    return lost.where(lost > UNIT_CHANGE)


def _mean(panel: pd.DataFrame) -> pd.DataFrame:
    return panel.rolling(3, min_periods=2).mean()


def _ratio(top: pd.DataFrame, bottom: pd.DataFrame) -> pd.DataFrame:
    return 100 * top / bottom.where(bottom > 0)


def _as_of(panel: pd.DataFrame, years: Sequence[int], oldest: int) -> pd.Series[float]:
    """The last value up to each year, if at most so many years old."""
    whole = panel.reindex(range(min(years) - oldest, max(years) + 1)).ffill(limit=oldest)
    return _long(whole.loc[list(years)])
