"""The keys that share a region's volume out among its economies, and the published country volumes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from cryptorisk.countries import countries
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.gdp_dollars import gdp_gaps
from cryptorisk.models.shadow_rates import SHADOW
from cryptorisk.models.volumes.quotes import ERROR_SD, REGIONS
from cryptorisk.stats.reconcile import Floats

VALUE_SERIES, BANK, JUNE = "crypto_value_received_usd", "bank", 6
OPEN_PERIOD = "period not stated beyond doubt"
_PAGES_PERIOD = re.compile(r"July (20\d\d)\s*(?:-|–|to)\s*June (20\d\d)")

INCOME_ELASTICITY = 0.75
RANK_SPREAD = 1.75
"""The index key. The vendor ranks value received divided by GDP per head at purchasing-power parity; a
value is therefore the ranked quantity times that income. The ranked quantity is taken as lognormal over
the ranked economies, so that its logarithm is `RANK_SPREAD` times the normal score of the rank, and income at
purchasing-power parity to rise with the power 0.75 of income at market rates (the Penn effect). Regressed on
thirty published country volumes the two came out as 1.72 (standard error 0.25) and 0.72 (0.10); the round
values nearest to that are fixed, so that a handful of figures selected on their size does not tune the
key, and the regression is repeated in the validation table. A power law in the rank (exponent 0.98) fitted
worse and gave small rich economies far down the list too much."""

KEY_NAMES = ("GDP", "internet users times income", "rank of value received")
KEY_WEIGHTS = np.array([0.25, 0.25, 0.5])
"""Two kinds of key, economic size and the vendor's own rank, weigh the same; size is the mean of two
measures."""
GDP_IN_KEY = float(KEY_WEIGHTS @ [1.0, INCOME_ELASTICITY, INCOME_ELASTICITY])
"""Percent by which the key rises with one percent of GDP in dollars."""
GDP_IN_KEY_UNRANKED = float(KEY_WEIGHTS[:2] @ [1.0, INCOME_ELASTICITY] / KEY_WEIGHTS[:2].sum())
"""The same of an economy without a rank, whose share is that of the two keys of size."""

LATEST_WITHIN_YEARS = 12
"""A country's last known GDP, population or internet use serves for later years, at most this long."""


@dataclass(frozen=True)
class CountryYears:
    """One row per economy and twelve months to June, in arrays of equal length.

    ``frame`` has the columns iso3, region, first_year, group (region and year as a number), gdp_usd,
    gdp_market_usd (at the price of a dollar outside the official market where that stands far off, else the same; the keys
    take it by `cryptorisk.models.volumes.turned`), gdp_year (last year used), rank, rank_year, rank_score, income (log GDP
    per head), offline, published_usd, published_sd (logs), published_note, published_url, published_source, published_years
    (twelve-month periods that the figure may be the sum of) and the three log keys ``key_0`` to ``key_2`` (NaN where a key
    is missing).
    """

    frame: pd.DataFrame

    def key(self, position: int) -> Floats:
        """A log key by position in `KEY_NAMES`."""
        return self.frame[f"key_{position}"].to_numpy(dtype=float)


def published_volumes(inputs: Inputs) -> pd.DataFrame:
    """Published volumes of countries, the bank's own figures in place of the vendor's.

    Returns
    -------
    DataFrame
        iso3, region, first_year, value_usd_bn, sd (logs), note, url, source, years (1, or more where the page leaves its
        period open: then the figure may be the sum of so many).
    """
    table = inputs.table("country_crypto")
    rows = table[table["metric"] == "crypto_value_received_usd_bn"].reset_index(drop=True)
    region = {c.iso3: c.region("chainalysis_2022") for c in countries()}
    note = rows["note"].fillna("").astype(str)
    vendor = pd.DataFrame(
        {
            "iso3": rows["iso3"],
            "region": rows["iso3"].map(region),
            "first_year": rows["period"].str[:4].astype(int),
            "value_usd_bn": rows["value"].astype(float),
            "sd": [_published_sd(str(kind), text) for kind, text in zip(rows["kind"], note, strict=True)],
            "note": [text.replace(" - CHECK period", f" ({OPEN_PERIOD})") for text in note],
            "url": rows["url"],
            "source": rows["source"],
            "years": [_years_open(text) for text in note],
        }
    )
    own = _own_volumes(inputs, region[inputs.country])
    replaced = vendor["iso3"].eq(inputs.country) & vendor["first_year"].isin(own["first_year"])
    kept = vendor[~replaced]
    return pd.concat([kept, own], ignore_index=True) if len(own) else kept.reset_index(drop=True)


def _own_volumes(inputs: Inputs, region: str) -> pd.DataFrame:
    """The bank's figures for twelve months to June."""
    values = inputs.series(VALUE_SERIES, sources=(BANK,)).values
    dates = [date for date in values.index if date.month == JUNE]
    return pd.DataFrame(
        {
            "iso3": inputs.country,
            "region": region,
            "first_year": [date.year - 1 for date in dates],
            "value_usd_bn": [float(values[date]) / 1e9 for date in dates],
            "sd": ERROR_SD["approximate"],
            "note": "the bank's own figure",
            "url": "",
            "source": BANK,
            "years": 1,
        }
    )


def _years_open(note: str) -> int:
    """Years of the page's own period where it leaves open whether its figure is of the last twelve months; else one."""
    match = _PAGES_PERIOD.search(note) if "CHECK period" in note else None
    return max(1, int(match[2]) - int(match[1])) if match else 1


def _published_sd(kind: str, note: str) -> float:
    """The quote's own error, more where the period is uncertain; restatements come to all levels of a region alike."""
    own = ERROR_SD["approximate"] if kind == "quoted_approx" else ERROR_SD["quoted"]
    if "another page" in note or "CHECK period" in note:
        own = ERROR_SD["conflicting"]
    return own


def country_years(inputs: Inputs, years: tuple[int, ...]) -> CountryYears:
    """Keys and published figures of all economies over the given twelve-month periods.

    Parameters
    ----------
    inputs : Inputs
    years : tuple of int
        Years in which the twelve months to June begin.
    """
    gdp, population = by_year(inputs, "gdp_usd"), by_year(inputs, "population")
    internet, rank = by_year(inputs, "internet_users_pct"), by_year(inputs, "gcai_rank_cex_value")
    published = published_volumes(inputs).set_index(["iso3", "first_year"])
    keys = {"gdp": gdp, "market": at_market(inputs, gdp, years), "population": population}
    keys |= {"internet": internet, "rank": rank}
    frame = pd.concat([_block(year, keys) for year in years], ignore_index=True)
    frame["group"] = pd.factorize(frame["region"] + frame["first_year"].astype(str))[0]
    columns = ["value_usd_bn", "sd", "note", "url", "source", "years"]
    joined = frame.join(published[columns], on=["iso3", "first_year"])
    joined["published_usd"] = 1e9 * joined.pop("value_usd_bn")
    return CountryYears(joined.rename(columns={name: f"published_{name}" for name in columns[1:]}))


def _block(year: int, keys: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One twelve-month period of all economies."""
    economies = [c for c in countries() if c.region("chainalysis_2022") in REGIONS]
    block = pd.DataFrame({"iso3": [c.iso3 for c in economies]})
    block["region"] = [c.region("chainalysis_2022") for c in economies]
    block["first_year"] = year
    codes = block["iso3"]
    block["gdp_usd"], block["gdp_year"] = _straddling(keys["gdp"], year, codes)
    block["gdp_market_usd"], _ = _straddling(keys["market"], year, codes)
    people, _ = latest(keys["population"], year, codes)
    users, _ = latest(keys["internet"], year + 1, codes)
    block["rank"], block["rank_year"] = _nearest(keys["rank"], year + 1, codes)
    block["rank_score"] = _normal_score(block["rank"].to_numpy(dtype=float))
    block["offline"] = _offline(keys["internet"], year + 1, codes)
    block["income"] = np.log(block["gdp_usd"] / people)
    premium = INCOME_ELASTICITY * block["income"]
    block["key_0"] = np.log(block["gdp_usd"].where(~block["offline"]))
    block["key_1"] = premium + np.log(people * np.where(users > 0, users, np.nan) / 100)
    block["key_2"] = premium + RANK_SPREAD * block["rank_score"]
    return block


def at_market(inputs: Inputs, gdp: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """GDP at the price of a dollar outside the official market, in the years in which that stood far off.

    Parameters
    ----------
    inputs : Inputs
    gdp : DataFrame
        Year by economy, US dollars.
    years : sequence of int
        Years in which the twelve months to June begin.
    """
    found = gdp.copy()
    wanted = [year for year in range(min(years), max(years) + 2) if year in gdp.index]
    places = sorted({code for id in SHADOW for code in inputs.economies(id)} & set(gdp.columns))
    for code in places:
        for year, gap in gdp_gaps(inputs, wanted, country=code).items():
            found.loc[found.index == year, code] /= gap.half**2
    return found


def _offline(internet: pd.DataFrame, year: int, codes: pd.Series) -> NDArray[np.bool_]:
    """Whether the last recorded share of internet users is zero: a key built on size would invent users."""
    last = internet[internet.index <= year].ffill().tail(1).eq(0).any()
    return last.reindex(codes, fill_value=False).to_numpy(dtype=bool)


def by_year(inputs: Inputs, series: str) -> pd.DataFrame:
    """A series of all economies, the last figure of each year; rows years, columns economies."""
    panel = inputs.panel(series)
    if panel.empty:
        return pd.DataFrame(dtype=float)
    return panel.groupby(pd.DatetimeIndex(panel.index).year).last()


def latest(
    panel: pd.DataFrame, year: int, codes: pd.Series, within: int = LATEST_WITHIN_YEARS
) -> tuple[Floats, Floats]:
    """Last value at or before a year, not older than ``within`` years, and its year."""
    known = panel[(panel.index <= year) & (panel.index > year - within)]
    if known.empty:
        empty = np.full(len(codes), np.nan)
        return empty, empty
    stamps = known.notna().mul(np.asarray(known.index, dtype=float), axis=0).where(known.notna()).max()
    values = known.ffill().iloc[-1].reindex(codes)
    return values.to_numpy(dtype=float), stamps.reindex(codes).to_numpy(dtype=float)


def _straddling(gdp: pd.DataFrame, year: int, codes: pd.Series) -> tuple[Floats, Floats]:
    """Mean GDP of the two calendar years that the twelve months to June straddle."""
    first, _ = latest(gdp, year, codes)
    second, stamp = latest(gdp, year + 1, codes)
    return np.where(np.isfinite(first), (first + second) / 2, second), stamp


def _normal_score(rank: Floats) -> Floats:
    """Normal score of a rank among all ranked economies: Blom's (rank - 3/8) / (n + 1/4), rank 1 highest."""
    known = np.isfinite(rank)
    return np.where(known, norm.isf((rank - 0.375) / (known.sum() + 0.25)), np.nan) if known.any() else rank


def _nearest(rank: pd.DataFrame, year: int, codes: pd.Series) -> tuple[Floats, Floats]:
    """Rank of the year, else of the nearest year that has ranks at all."""
    if rank.empty:
        return np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    chosen = min(rank.index, key=lambda known: (abs(known - year), known))
    values = rank.loc[chosen].reindex(codes).to_numpy(dtype=float)
    return values, np.where(np.isfinite(values), float(chosen), np.nan)
