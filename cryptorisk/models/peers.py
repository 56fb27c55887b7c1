"""Where a country stands among its peers on figures that the vintage has for many economies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.countries import country, members
from cryptorisk.data.inputs import Inputs
from cryptorisk.models import volumes
from cryptorisk.params import Params

MAX_AGE_YEARS = 5
"""An older figure, counted from the report's date, is neither compared between economies nor scored by the risk matrix: the
kit's own cut, longer than the 24 months of the stale mark because several structural figures are published late."""


@dataclass(frozen=True)
class Position:
    """Rank of the country among itself and its peers: 1 is the highest value."""

    value: float
    rank: int
    of: int
    median: float


def peer_group(inputs: Inputs, params: Params) -> tuple[str, ...]:
    """Peers by the parameters, or the other economies of the same World Bank region."""
    if params.peers:
        return tuple(code for code in params.peers if code != inputs.country)
    region = country(inputs.country).region("world_bank")
    return tuple(code for code in members("world_bank", region) if code != inputs.country)


def position(values: pd.Series[float], iso3: str, peers: tuple[str, ...]) -> Position | None:
    """Rank of ``iso3`` in ``values`` (by ISO code) among ``peers``; None without its value or two peers."""
    group = values.reindex([iso3, *peers]).dropna()
    if iso3 not in group.index or len(group) < 3:
        return None
    own = float(group[iso3])
    others = group.drop(iso3)
    return Position(own, int((others > own).sum()) + 1, len(group), float(others.median()))


def latest_ratio(inputs: Inputs, numerator: str, denominator: str, factor: float) -> pd.Series[float]:
    """``factor * numerator / denominator`` of every economy, in its newest year with both, not too old."""
    top, bottom = inputs.panel(numerator), inputs.panel(denominator)
    common = top.index.intersection(bottom.index)
    columns = top.columns.intersection(bottom.columns)
    ratio = (
        factor * top.loc[common, columns] / bottom.loc[common, columns].where(bottom.loc[common, columns] > 0)
    )
    return _newest(ratio, inputs.as_of)


def latest_value(inputs: Inputs, series: str) -> pd.Series[float]:
    """The newest value of every economy, not too old at the report's date."""
    return _newest(inputs.panel(series), inputs.as_of)


def a_year_before(inputs: Inputs) -> Mapping[str, float]:
    """The country's figure one period before the latest, by the id of the estimate; only where there is one.

    Volumes are left out: the vendor restates earlier years, so a ratio of two first reports is no growth.
    """
    iso3 = inputs.country
    series = {
        "substitution.inflation": inputs.series("cpi_inflation_pct").values,
        "flight.import_cover_months": _import_cover(inputs).get(iso3, pd.Series(dtype=float)),
    }
    known = {id: values.dropna() for id, values in series.items() if not _secret(inputs, id)}
    return {id: float(values.iloc[-2]) for id, values in known.items() if len(values) > 1}


INPUTS_OF = {
    "volumes.country_volume_pct_gdp": ("crypto_value_received_usd", "gdp_usd", "population"),
    "substitution.inflation": ("cpi_inflation_pct",),
    "substitution.deposit_dollarisation": ("deposit_dollarization_pct",),
    "flight.import_cover_months": ("reserves_usd", "imports_pct_gdp", "gdp_usd"),
    "channels.remittances_pct_gdp": ("remittances_received_usd", "gdp_usd"),
}
"""Series that the country's value is computed from, by the id of the estimate that it repeats."""


def _secret(inputs: Inputs, id: str) -> bool:
    """Whether the country's own value stands on a confidential figure: a comparison would give it away in full."""
    return not inputs.confidential.isdisjoint(INPUTS_OF[id])


def _import_cover(inputs: Inputs) -> pd.DataFrame:
    """Months of imports that reserves pay for, by year and economy, as chapter 3 computes it."""
    reserves, share, gdp = (inputs.panel(id) for id in ("reserves_usd", "imports_pct_gdp", "gdp_usd"))
    imports = share / 100 * gdp
    return (12 * reserves / imports.where(imports > 0)).dropna(how="all").dropna(axis=1, how="all")


def _newest(panel: pd.DataFrame, as_of: dt.date) -> pd.Series[float]:
    recent = (
        panel[panel.index >= pd.Timestamp(as_of) - pd.DateOffset(years=MAX_AGE_YEARS)]
        if len(panel)
        else panel
    )
    if recent.empty:
        return pd.Series(dtype=float)
    last: pd.Series[float] = recent.sort_index().ffill().iloc[-1].replace([np.inf, -np.inf], np.nan).dropna()
    return last


def panels(inputs: Inputs, params: Params) -> Mapping[str, pd.Series[float]]:
    """Values of every economy, by the id of the estimate that they repeat.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    mapping of str to Series
        Indexed by ISO code; without the country itself where its value stands on a confidential figure.
    """
    volume = volumes.allocation(inputs, params).set_index("iso3")["pct_gdp"]
    values = {
        "volumes.country_volume_pct_gdp": volume.dropna(),
        "substitution.inflation": latest_value(inputs, "cpi_inflation_pct"),
        "substitution.deposit_dollarisation": latest_value(inputs, "deposit_dollarization_pct"),
        "flight.import_cover_months": _newest(_import_cover(inputs), inputs.as_of),
        "channels.remittances_pct_gdp": latest_ratio(inputs, "remittances_received_usd", "gdp_usd", 100),
    }
    own = inputs.country
    return {id: one.drop(own, errors="ignore") if _secret(inputs, id) else one for id, one in values.items()}
