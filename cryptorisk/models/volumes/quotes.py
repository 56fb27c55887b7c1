"""The published regional figures as log contrasts: which cells each quote speaks of, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cryptorisk.countries import region_names
from cryptorisk.stats.reconcile import LogContrast

REGIONS: Mapping[str, str] = region_names("chainalysis_2022")
"""The eight regions of the 2022 to 2024 scheme, in which the model works."""

UNIONS: Mapping[str, tuple[str, ...]] = {"APAC": ("CSAO", "EASIA"), "EUR": ("CNWE", "EEUR")}
"""Regions of the 2025 scheme that are sums of two of the eight; the other four carry over."""

ErrorClass = Literal[
    "quoted",
    "approximate",
    "conflicting",
    "preview",
    "restated",
    "growth",
    "cumulative",
    "definition",
    "bound",
    "ordering",
]

ERROR_SD: Mapping[ErrorClass, float] = {
    "quoted": 0.05,
    "approximate": 0.08,
    "conflicting": 0.10,
    "preview": 0.15,
    "restated": 0.15,
    "growth": 0.15,
    "cumulative": 0.20,
    "definition": 0.10,
    "bound": 0.05,
    "ordering": 0.05,
}
"""Standard deviation in logs by class of quote, before rounding.

``quoted``: within one report the total that value over share implies differs by about 5 % between regions
(2020/21: 3 881 to 4 221 billion). ``approximate``: "about", "estimated". ``conflicting``: another page gives
another figure. ``preview``: the 2021 preview implies a total 12 % below its final report's. ``restated``,
``growth``: figures of a later report on an earlier year, whose base the vendor had restated meanwhile; this is
their error beyond a restatement common to all regions of a year (`RESTATEMENT_SD`). ``cumulative``: a sum over
years of several reports. ``definition``: a union that fits the eight regions only roughly. ``bound``,
``ordering``: softness of one-sided statements (a part, a sum of some countries). "More than 205" is not one
of these: who says so rounds down, and would say 210 of 211. It is an ``approximate`` figure, half a rounding step higher
(`cryptorisk.models.volumes.reading.rounded_down`).
"""

RESTATEMENT_SD = 0.15
"""Prior standard deviation, in logs, of the factor by which the next report restates all regions of a year.

Where a level of the first report and one implied by the next exist, they differ by 12 to 24 % (North
America and
Asia-Pacific 2023/24, Latin America 2022/23). Without the factor, growth rates would mix two reports; 15 % leaves room for
that range within two standard deviations."""

TAIL = 4.0
"""Degrees of freedom of the quotes' errors: fat tails, because secondary pages contradict each other."""

SMOOTHNESS_FLOOR = 0.10
"""Least standard deviation of a region's yearly log change of share, when too few are quoted."""


@dataclass(frozen=True)
class Quote:
    """A published statement: where it stands, what it says, how it enters.

    ``first_year`` is the year in which the twelve months to June begin.
    """

    region: str
    first_year: int
    what: str
    value: float
    error: ErrorClass
    contrast: LogContrast
    url: str
    wording: str = ""
    """The figure as a table shows it: ``more than 205 bn USD``, ``+52 %``."""


@dataclass(frozen=True)
class QuotePanel:
    """All quotes over a grid of region-years, and the rows left out with the reason."""

    years: tuple[int, ...]
    quotes: tuple[Quote, ...]
    left_out: tuple[tuple[str, str], ...]

    def cell(self, region: str, year: int) -> int:
        """Position of a region-year in the vector of cells."""
        return self.years.index(year) * len(REGIONS) + tuple(REGIONS).index(region)

    def world(self, year: int) -> tuple[int, ...]:
        """Positions of all regions of a year."""
        return tuple(self.cell(region, year) for region in REGIONS)

    def restatement(self, year: int) -> int:
        """Position of the factor by which the next year's report restates a year."""
        return len(self.years) * len(REGIONS) + self.years.index(year)

    @property
    def n_cells(self) -> int:
        """Regions times years, and a restatement for each year but the last."""
        return len(self.years) * (len(REGIONS) + 1) - 1
