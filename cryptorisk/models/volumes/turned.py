"""Volumes shared out by keys where GDP in dollars has two prices: the key's own GDP turned with that of the ratio.

The keys rise with an economy's GDP in dollars. Where that is converted at a second price for the ratio to GDP, the volume in
the numerator stands at the same price: low with low, centre with centre, high with high. All other economies stay as they
are; an economy that gets less leaves the others a little more of the region, which is not handed to them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.models.volumes.keys import GDP_IN_KEY, GDP_IN_KEY_UNRANKED
from cryptorisk.stats.allocation import Floats

LOG_UNIFORM_SD = 1 / np.sqrt(12)
"""Standard deviation of what lies evenly over a range of one: no price within the two is nearer than another."""


def turned(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with volumes at the centre of GDP and ends at its ends, and a column ``turned``.

    Parameters
    ----------
    frame : DataFrame
        Of `cryptorisk.models.volumes.countries.CountryVolumes`, with every key at the GDP of its source.

    Returns
    -------
    DataFrame
        ``turned`` is the factor on a volume from GDP at its source's rate to GDP at the market's price, at most one, and one
        where there is one price or the volume was published. Volumes and shares have its root in the centre, the factor
        itself in the low end and none in the high end; ``log_sd`` is wider by it.
    """
    factor = _factor(frame)
    out = frame.assign(turned=factor)
    for centre, low in (("value", "low"), ("like_value", "like_low"), ("share", "share_low")):
        out[centre], out[low] = frame[centre] * np.sqrt(factor), frame[low] * factor
    out["log_sd"] = np.hypot(frame["log_sd"], LOG_UNIFORM_SD * np.log(factor))
    return out


def with_ratio(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with ``pct_gdp``, ``pct_gdp_low`` and ``pct_gdp_high``.

    Where dollars cost far more outside the official market, GDP is at both prices in the ends and at their geometric mean
    in the centre, and so is GDP in the key that shared the volume out.
    """
    official, market, factor = frame["gdp_usd"], frame["gdp_market_usd"], frame["turned"]
    return frame.assign(
        pct_gdp=100 * frame["value"] / (official * market) ** 0.5,
        # The ends of the volume are not at the same prices as those of the ratio: a key rises by less than GDP.
        pct_gdp_low=100 * (frame["low"] / factor) / np.maximum(official, market / factor),
        pct_gdp_high=100 * frame["high"] / np.minimum(official, market / factor),
    )


def _factor(frame: pd.DataFrame) -> Floats:
    ones = np.ones(len(frame))
    if "gdp_market_usd" not in frame:
        return ones
    official, market = (frame[name].to_numpy(dtype=float) for name in ("gdp_usd", "gdp_market_usd"))
    shared = frame["basis"].eq("allocated").to_numpy() & (market < official)
    if not shared.any():
        return ones
    elasticity = np.where(np.isfinite(frame["rank"].to_numpy(dtype=float)), GDP_IN_KEY, GDP_IN_KEY_UNRANKED)
    key = np.where(shared, market / np.where(shared, official, 1.0), 1.0) ** elasticity
    allocated = frame["value"].where(frame["basis"].eq("allocated"))
    part = (allocated / allocated.groupby(frame["group"]).transform("sum")).fillna(0.0).to_numpy(dtype=float)
    # Shared out with the others of the region, who stay: k s / (1 - s + k s) in place of s.
    return np.where(shared, key / (1.0 - part + part * key), 1.0)
