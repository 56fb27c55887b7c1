"""The volumes model as a whole: regions reconciled, countries allocated, one country picked out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cryptorisk.countries import Country, country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.volumes.countries import CountryVolumes, country_volumes
from cryptorisk.models.volumes.country_drivers import country_drivers
from cryptorisk.models.volumes.keys import country_years, published_volumes
from cryptorisk.models.volumes.public import public
from cryptorisk.models.volumes.quotes import REGIONS
from cryptorisk.models.volumes.reading import quote_panel
from cryptorisk.models.volumes.regions import RegionVolumes, region_volumes, summary
from cryptorisk.models.volumes.turned import with_ratio
from cryptorisk.params import Params
from cryptorisk.stats.reconcile import Floats


@dataclass(frozen=True)
class VolumesFit:
    """Everything the chapter computes, seen from one country.

    Attributes
    ----------
    country : Country
    region : str
        Code in the 2022 to 2024 scheme.
    regions : RegionVolumes
        In billion US dollars.
    countries : CountryVolumes
        In US dollars.
    level : float
        Nominal coverage of all intervals.
    """

    country: Country
    region: str
    regions: RegionVolumes
    countries: CountryVolumes
    level: float

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which the twelve-month periods begin."""
        return self.regions.panel.years

    @property
    def latest(self) -> int:
        """The last of them."""
        return self.years[-1]

    @property
    def region_name(self) -> str:
        """Name of the country's region."""
        return REGIONS[self.region]

    @property
    def path(self) -> pd.DataFrame:
        """The country's rows, one a year."""
        frame = self.countries.frame
        return frame[frame["iso3"] == self.country.iso3].sort_values("first_year").reset_index(drop=True)

    @property
    def row(self) -> pd.Series:
        """The country's latest row."""
        return self.path.iloc[-1]

    @property
    def open_years(self) -> int:
        """Years that the latest published figure may be the sum of, where its page leaves the period open; else one."""
        years = self.row.get("published_years", 1.0)
        return int(years) if self.row["basis"] == "quoted" and years > 1 else 1

    @property
    def never_published(self) -> bool:
        """Whether no year's volume of the country was published or given."""
        return not bool(self.path["basis"].eq("quoted").any())

    @property
    def gdp_change_years(self) -> tuple[int, int]:
        """The first years of the periods that `gdp_change_pct` compares."""
        years = self.path["first_year"].to_numpy(dtype=int)
        return int(years[-2]), int(years[-1])

    @property
    def gdp_change_pct(self) -> float:
        """Change of GDP in dollars between the last two periods, percent; NaN where one is unknown."""
        gdp = self.path["gdp_usd"].to_numpy(dtype=float)
        return 100 * (gdp[-1] / gdp[-2] - 1) if gdp.size > 1 else math.nan

    @property
    def peers(self) -> pd.DataFrame:
        """The latest rows of the country's region, with volume in percent of GDP, largest first."""
        frame = with_ratio(self.countries.frame)
        chosen = frame[(frame["region"] == self.region) & (frame["first_year"] == self.latest)]
        return chosen.sort_values(["value", "iso3"], ascending=[False, True]).reset_index(drop=True)

    def regional_level(self, region: str, year: int) -> Mapping[str, float]:
        """Median of a region's level as first reported; the interval also spans later restatements."""
        spread = summary(self.regions.restated(region, year), self.level)
        value = summary(self.regions.of(region, year), self.level)["value"]
        return {"value": value, "low": min(spread["low"], value), "high": max(spread["high"], value)}

    def regional_like(self, region: str, year: int) -> Mapping[str, float]:
        """Median of a region's level in the terms of the last report; the interval also spans reports to come."""
        draws, last = self.regions.like_for_like(region, year), self.latest
        still = self.regions.restated(region, last) / self.regions.of(region, last)
        value, spread = summary(draws, self.level)["value"], summary(draws * still, self.level)
        return {"value": value, "low": min(spread["low"], value), "high": max(spread["high"], value)}

    def regional(self, draws: Floats) -> Mapping[str, float]:
        """Median and interval of regional draws."""
        return summary(draws, self.level)


_last: list[tuple[Inputs, Params, VolumesFit | None]] = []
"""The last fit and what it was made of: a report asks for the same one for its chapter and for its peers."""


def fit(inputs: Inputs, params: Params) -> VolumesFit | None:
    """Fit the model, or None when the inputs hold no published regional figure.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Notes
    -----
    Inputs and parameters are immutable, so that the last fit is kept and handed out again for the very same two.
    Confidential figures of the bank's own do not enter (`cryptorisk.models.volumes.public`).
    """
    if not (_last and _last[0][0] is inputs and _last[0][1] is params):
        _last[:] = [(inputs, params, _fit(inputs, params))]
    return _last[0][2]


def _fit(inputs: Inputs, params: Params) -> VolumesFit | None:
    inputs = public(inputs)
    published = published_volumes(inputs)
    panel = quote_panel(inputs.table("regional_volume"), published)
    if not panel.quotes:
        return None
    level = params.volumes.interval_level
    regions = region_volumes(panel, seed=params.seed)
    rows = country_years(inputs, panel.years)
    found = country_drivers(inputs, rows)
    countries = country_volumes(rows, regions, level=level, seed=params.seed, found=found)
    here = country(inputs.country)
    return VolumesFit(here, here.region("chainalysis_2022"), regions, countries, level)


def period(first_year: int) -> str:
    """``2024-07/2025-06``."""
    return f"{first_year}-07/{first_year + 1}-06"


def short_period(first_year: int) -> str:
    """``2024/25``."""
    return f"{first_year}/{(first_year + 1) % 100:02d}"
