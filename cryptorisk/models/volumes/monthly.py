"""Month by month: the annual volumes of the region and the country spread by an index of activity, and the year ahead.

No month of any region was ever observed. What is computed here adds up to the chapter's annual figures, earlier ones brought
to the terms of the vendor's last report (levels as first reported are of different makes, and their ratios no growth),
follows the index within and beyond them, and carries the uncertainty of the annual figures, of the link between them and
the index, of single months, and, ahead of the index, of its forecast. It is never scored: forecasts are judged on observed
series (`cryptorisk.models.market`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.activity import USD
from cryptorisk.models.market.known_months import whole_years, year_of
from cryptorisk.models.market.reading import Reading, read, refusal_of, transitory
from cryptorisk.models.volumes.countries import own_figure
from cryptorisk.models.volumes.fit import VolumesFit
from cryptorisk.models.volumes.monthly_price import MonthlyPrice, bitcoin_price
from cryptorisk.models.volumes.quotes import REGIONS
from cryptorisk.result import Result
from cryptorisk.stats.log_disaggregation import LogPath, deviations, log_path
from cryptorisk.stats.log_link import FEWEST_CHANGES, Link, indicator_change, link

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 2000
STAGES = ("spread", "nowcast", "forecast")
"""``spread``: inside a published year; ``nowcast``: after it, index observed; ``forecast``: index itself forecast."""


@dataclass(frozen=True, eq=False)
class MonthlyPath:
    """A region's or country's months.

    Attributes
    ----------
    centre : ndarray, shape (n,)
        US dollars; adds up to the annual figures.
    draws : ndarray, shape (draws, n)
    annual : ndarray, shape (years,)
        The annual figures in the terms of the last report.
    coins, coin_draws : ndarray or None
        In bitcoin at the month's mean price (implied by the two indices where it is forecast).
    """

    centre: Floats
    draws: Floats
    annual: Floats
    coins: Floats | None
    coin_draws: Floats | None


@dataclass(frozen=True, eq=False)
class Monthly:
    """The months of region and country, and what they rest on.

    Attributes
    ----------
    months : DatetimeIndex
        Ends of months, from July of the first year that the index covers.
    year : ndarray of int, shape (n,)
        Year in which the twelve months from July begin.
    stage : tuple of str, shape (n,)
        One of `STAGES`.
    years : tuple of int
        Years whose totals are spread.
    reading : Reading
        The index.
    link : Link
    region : MonthlyPath
    country : MonthlyPath or None
    reason, coins_reason : str
        Why there is no path for the country, and why there are no bitcoin terms; empty where there are.
    hold_out : tuple of float or None
        Log of the world's last annual total over what the years before it and the index make of it, like for like, and the
        half-width of that forecast's interval; None with too few years.
    as_of : datetime.date
    """

    months: pd.DatetimeIndex
    year: Ints
    stage: tuple[str, ...]
    years: tuple[int, ...]
    reading: Reading
    link: Link
    region: MonthlyPath
    country: MonthlyPath | None
    reason: str
    coins_reason: str
    hold_out: tuple[float, float] | None
    as_of: dt.date

    @property
    def last_observed(self) -> pd.Timestamp:
        """Last month in which the index is observed."""
        return pd.Timestamp(self.reading.log_values.index[-1])

    def within(self, year: int) -> NDArray[np.bool_]:
        """The months of a year from July; empty when one of them is not among the months."""
        inside = self.year == year
        return inside if int(inside.sum()) == 12 else np.zeros_like(inside)

    @property
    def ahead(self) -> NDArray[np.bool_]:
        """The months that are forecast."""
        return np.array([one == "forecast" for one in self.stage])


def month_by_month(fitted: VolumesFit, inputs: Inputs, market: Result, *, seed: int) -> Monthly | str:
    """Months of region and country, or the reason why there are none.

    Parameters
    ----------
    fitted : VolumesFit
    inputs : Inputs
        Without confidential figures; only bitcoin's price is read.
    market : Result
        Of `cryptorisk.models.market.analyse`.
    seed : int
    """
    reading = read(market, USD)
    if reading is None:
        return f"no index of monthly activity: {refusal_of(market, USD)}"
    years = _covered(fitted.years, reading)
    if len(years) <= FEWEST_CHANGES:
        return (
            f"the index of monthly activity covers {len(years)} of the years with regional figures, and "
            f"{FEWEST_CHANGES + 1} are needed to see how volumes move with it"
        )
    months, log_index = _from(years[0], reading)
    year = year_of(months)
    group = np.where(np.isin(year, years), year - years[0], -1).astype(np.int64)
    world = _levels(fitted, "WLD", years)
    regions = np.stack([_levels(fitted, code, years) for code in REGIONS])
    found = link(world, group, log_index, regions)
    frame = _Frame(found, reading, group, log_index, transitory(market), len(reading.months) - len(months))
    rng = np.random.default_rng([seed, 104])
    price = bitcoin_price(inputs, market, months)
    regional = _region(fitted, years, frame, rng)
    own = _country(fitted, years, frame, rng)
    return Monthly(
        months,
        year,
        _stages(months, year, years, reading),
        years,
        reading,
        found,
        _path(*regional, price),
        None if isinstance(own, str) else _path(*own, price),
        own if isinstance(own, str) else "",
        price if isinstance(price, str) else "",
        _hold_out(world, regions, group, log_index, fitted.level),
        inputs.as_of,
    )


def _hold_out(
    world: Floats, regions: Floats, group: Ints, log_index: Floats, level: float
) -> tuple[float, float] | None:
    known = world.size - 1
    if known <= FEWEST_CHANGES:
        return None
    shown = np.where(group < known, group, -1)
    before = link(world[:known], shown, log_index, regions[:, :known])
    path = log_path(world[:known], shown, before.elasticity * log_index)
    predicted = float(np.exp(path.log_values[group == known]).sum())
    moved = float(indicator_change(1.0, group, log_index)[-1])
    return float(np.log(world[known] / predicted)), before.half_width(level, moved)


def _covered(years: tuple[int, ...], reading: Reading) -> tuple[int, ...]:
    """The last run of years with regional figures in which the index is observed in every month."""
    known = set(whole_years(pd.DatetimeIndex(reading.log_values.index)))
    if years[-1] not in known:
        return ()
    first = max((year for year in years if year not in known), default=years[0] - 1)
    return tuple(year for year in years if year > first)


def _from(year: int, reading: Reading) -> tuple[pd.DatetimeIndex, Floats]:
    used = reading.months >= pd.Timestamp(year, 7, 1)
    return reading.months[used], reading.log_path[used]


def _stages(
    months: pd.DatetimeIndex, year: Ints, years: tuple[int, ...], reading: Reading
) -> tuple[str, ...]:
    last = reading.log_values.index[-1]
    return tuple(
        "spread" if one in years else "nowcast" if month <= last else "forecast"
        for one, month in zip(year.tolist(), months, strict=True)
    )


def _levels(fitted: VolumesFit, region: str, years: tuple[int, ...]) -> Floats:
    """Annual totals in the terms of the last report, billion US dollars, shape (years,)."""
    return np.array([np.median(fitted.regions.like_for_like(region, year)) for year in years])


@dataclass(frozen=True, eq=False)
class _Frame:
    """What region and country share: the link, the index and how far months stray from it."""

    link: Link
    reading: Reading
    group: Ints
    log_index: Floats
    transitory: float
    skipped: int

    def path(self, totals: Floats) -> LogPath:
        return log_path(totals, self.group, self.link.elasticity * self.log_index)

    def deviations(self, rng: np.random.Generator, step_sd: float, draws: int) -> tuple[Floats, Ints, Floats]:
        """Draws of the deviation of log months, and the rows and signs of the index's errors in them."""
        rows = rng.integers(0, len(self.reading.paths), draws)
        signs = rng.choice([-1.0, 1.0], draws)
        strayed = deviations(
            self.link,
            self.log_index,
            draws,
            rng,
            transitory=self.transitory,
            step_sd=step_sd,
            indicator_error=self.reading.errors(rows, signs)[:, self.skipped :],
        )
        return strayed, rows, signs


Drawn = tuple[Floats, Floats, Floats, Ints, Floats]
"""Annual figures and central path in dollars, draws of the path, and the rows and signs of the index's errors."""


def _region(fitted: VolumesFit, years: tuple[int, ...], frame: _Frame, rng: np.random.Generator) -> Drawn:
    annual = 1e9 * _levels(fitted, fitted.region, years)
    regions, code = fitted.regions, fitted.region
    still = regions.restated(code, years[-1]) / regions.of(
        code, years[-1]
    )  # later reports move all years alike
    drawn = np.column_stack([(regions.like_for_like(code, year) * still)[:DRAWS] for year in years])
    return _drawn(annual, np.log(1e9 * drawn), frame, frame.link.step_sd, rng)


def _country(
    fitted: VolumesFit, years: tuple[int, ...], frame: _Frame, rng: np.random.Generator
) -> Drawn | str:
    rows = fitted.path.set_index("first_year").reindex(list(years))
    annual, log_sd = rows["value"].to_numpy(dtype=float), rows["log_sd"].to_numpy(dtype=float)
    if not (np.isfinite(annual).all() and np.isfinite(log_sd).all()):
        known = int(np.isfinite(annual).sum())
        return (
            "there is no annual volume to spread"
            if not known
            else f"only {known} of {len(years)} annual volumes are known"
        )
    validation = fitted.countries.validation
    between, within = (
        (0.0, 0.0) if validation is None else (validation.persistence.between, validation.persistence.within)
    )
    lasting = between / (between + within) if between + within > 0 else 0.0
    common, own = rng.standard_normal((DRAWS, 1)), rng.standard_normal((DRAWS, len(years)))
    error = np.sqrt(lasting) * common + np.sqrt(1 - lasting) * own
    # A country's distance from its region moves from year to year, also after the last published one.
    length = frame.link.change_sd / frame.link.step_sd
    step_sd = float(np.hypot(frame.link.step_sd, np.sqrt(2 * within) / length))
    factor = np.column_stack([np.log(fitted.regions.last_terms(year)[:DRAWS]) for year in years])
    factor = np.where(own_figure(rows), 0.0, factor)  # nobody restates the institution's own figure
    annual = annual * np.exp(np.median(factor, axis=0))
    errors = error * log_sd + factor - np.median(factor, axis=0)
    return _drawn(annual, np.log(annual) + errors, frame, step_sd, rng)


def _drawn(
    annual: Floats, log_totals: Floats, frame: _Frame, step_sd: float, rng: np.random.Generator
) -> Drawn:
    path = frame.path(annual)
    deviation, rows, signs = frame.deviations(rng, step_sd, len(log_totals))
    return annual, np.exp(path.log_values), path.draw(log_totals, deviation), rows, signs


def _path(
    annual: Floats, centre: Floats, draws: Floats, rows: Ints, signs: Floats, price: MonthlyPrice | str
) -> MonthlyPath:
    if isinstance(price, str):
        return MonthlyPath(centre, draws, annual, None, None)
    log_price = price.log_draws(rows, signs)
    return MonthlyPath(centre, draws, annual, centre / np.exp(price.log_centre), draws / np.exp(log_price))
