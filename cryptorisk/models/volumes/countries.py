"""Volumes of all economies: published where they are, else the region's total shared out by keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from cryptorisk.models.volumes.allocation_model import KEY, Contest, contest
from cryptorisk.models.volumes.country_drivers import Drivers
from cryptorisk.models.volumes.keys import BANK, KEY_WEIGHTS, CountryYears
from cryptorisk.models.volumes.quotes import REGIONS
from cryptorisk.models.volumes.regions import RegionVolumes
from cryptorisk.models.volumes.turned import turned
from cryptorisk.stats.allocation import (
    Floats,
    Ints,
    LeftOut,
    Persistence,
    allocate,
    calibrated_sd,
    combine,
    graft,
    leave_units_out,
    log_shares,
    persistence,
)

DRAWS = 2000
FEWEST_PUBLISHED = 8
"""With fewer published country volumes the error of the keys cannot be judged and nothing is allocated."""


@dataclass(frozen=True)
class Shares:
    """What every country-year gets of its group's total.

    Attributes
    ----------
    log_share : ndarray, shape (n,)
    disagreement : ndarray, shape (n,)
        Standard deviation between the keys (and a regression that is used, with the error of its coefficients); for
        unranked economies what a rank would typically have changed.
    """

    log_share: Floats
    disagreement: Floats


@dataclass(frozen=True)
class Validation:
    """How well the keys predict the published volumes when each country's own figures are left out.

    Attributes
    ----------
    left_out : LeftOut
    tau : float
        Standard deviation in logs, beyond the keys' disagreement, that makes the intervals cover at their
        level.
    persistence : Persistence
    coverage_country, coverage_region : float
        Share of published volumes inside their interval when tau is calibrated without that country (region).
    """

    left_out: LeftOut
    tau: float
    persistence: Persistence
    coverage_country: float
    coverage_region: float


@dataclass(frozen=True)
class CountryVolumes:
    """All economies and years.

    ``frame`` has the columns of `CountryYears` and ``value``, ``low``, ``high`` (US dollars, as first reported),
    ``like_value``, ``like_low``, ``like_high`` (in the terms of the vendor's last report, so that years can be compared),
    ``share``, ``share_low``, ``share_high`` (percent of the region), ``basis`` (quoted, allocated or ""), ``log_sd`` and
    ``turned`` (what a second price of a dollar makes of the volume, `cryptorisk.models.volumes.turned`).
    ``contest`` tells which way of sharing out is used; None when none was tried.
    """

    frame: pd.DataFrame
    shares: Shares
    validation: Validation | None
    level: float
    contest: Contest | None = None


def combined_shares(rows: CountryYears) -> Shares:
    """Geometric mean of the keys, the rank key grafted on the GDP key."""
    group = rows.frame["group"].to_numpy(dtype=np.int64)
    size, reach = log_shares(rows.key(0), group), log_shares(rows.key(1), group)
    reach = np.where(np.isfinite(size), reach, np.nan)
    ranked = np.isfinite(rows.key(2)) & np.isfinite(size)
    rank = np.where(ranked, graft(np.where(ranked, rows.key(2), np.nan), rows.key(0), group), np.nan)
    share, spread = combine(np.vstack([size, reach, rank]), KEY_WEIGHTS, group)
    economic, _ = combine(np.vstack([size, reach]), KEY_WEIGHTS[:2], group)
    shift = KEY_WEIGHTS[2] * (rank - economic)[ranked]
    # Without a rank both the mean and the spread lack what the rank would have brought: two equal parts.
    unknown = np.sqrt(2 * np.mean(shift**2)) if shift.size else 0.0
    spread = np.where(ranked, spread, np.hypot(spread, unknown))
    return Shares(share, np.where(np.isfinite(share), spread, np.nan))


def with_regression(simple: Shares, found: Contest) -> Shares:
    """Shares of the candidate that is used: the simple key's own, or a regression's with what it adds in doubt.

    Key and regression disagree by half their distance each, and the regression's coefficients have an error.
    """
    if found.used == KEY:
        return simple
    winner = found.winner
    apart = np.abs(winner.log_share - simple.log_share) / 2
    return Shares(winner.log_share, np.sqrt(simple.disagreement**2 + apart**2 + winner.spread**2))


def validate(
    rows: CountryYears,
    shares: Shares,
    log_total: Floats,
    total_variance: Floats,
    level: float,
    left: LeftOut | None = None,
) -> Validation:
    """Leave countries out, calibrate the interval, and judge it leaving countries or regions out again.

    ``left`` holds the errors of shares that were estimated, with the country's region left out; without it the shares are
    taken as they stand.
    """
    frame = rows.frame
    unit = pd.factorize(frame["iso3"])[0].astype(np.int64)
    group = frame["group"].to_numpy(dtype=np.int64)
    log_published = np.log(frame["published_usd"].to_numpy(dtype=float))
    if left is None:
        left = leave_units_out(shares.log_share, log_published, log_total, group, unit)
    known = shares.disagreement[left.index] ** 2 + total_variance[left.index]
    tau = calibrated_sd(left.log_error, known, level)
    region = pd.factorize(frame["region"])[0][left.index].astype(np.int64)
    return Validation(
        left,
        tau,
        persistence(left.log_error, unit[left.index]),
        _cross_coverage(left.log_error, known, unit[left.index], level),
        _cross_coverage(left.log_error, known, region, level),
    )


def _cross_coverage(error: Floats, known: Floats, block: Ints, level: float) -> float:
    inside = 0
    for one in np.unique(block):
        held = block == one
        if (~held).sum() < 5:
            continue
        tau = calibrated_sd(error[~held], known[~held], level)
        half = norm.ppf((1 + level) / 2) * np.sqrt(tau**2 + known[held])
        inside += int((np.abs(error[held]) <= half).sum())
    return inside / error.size


def country_volumes(
    rows: CountryYears,
    regions: RegionVolumes,
    *,
    level: float,
    seed: int,
    restated: bool = True,
    found: Drivers | None = None,
) -> CountryVolumes:
    """Draws of all country-years, summed up as median and interval.

    Parameters
    ----------
    rows : CountryYears
    regions : RegionVolumes
        Of the same years.
    level : float
        Nominal coverage of the intervals, for example 0.8.
    seed : int
    restated : bool
        Whether intervals of levels span the restatements of later reports, as those of regions do; otherwise they are
        those of the figures as first reported, which is what published countries can be held against.
    found : Drivers, optional
        For regressions that may take the simple key's place (`cryptorisk.models.volumes.allocation_model`); without them
        the simple key is used.
    """
    frame = rows.frame
    group = frame["group"].to_numpy(dtype=np.int64)
    totals = _totals(frame, regions)
    shares = combined_shares(rows)
    log_published = np.log(frame["published_usd"].to_numpy(dtype=float))
    sd_published = frame["published_sd"].to_numpy(dtype=float)
    validation, rivalry = None, None
    usable = shares
    if np.isfinite(log_published).sum() >= FEWEST_PUBLISHED:
        logs = np.log(totals)
        log_total, variance = np.median(logs, axis=0)[group], logs.var(axis=0)[group]
        if found is not None:
            rivalry = contest(rows, found, shares.log_share, log_total)
            shares = usable = with_regression(shares, rivalry)
        left = rivalry.winner.left_out if rivalry else None
        validation = validate(rows, shares, log_total, variance, level, left)
        deviation = _deviation(frame, shares, validation)
    else:
        nothing = np.full(len(frame), np.nan)
        usable, deviation = Shares(nothing, nothing), (nothing, nothing)
    years = _log_years(frame)
    # Where a page leaves its period open, the other reading widens the intervals, also of what it leaves to others.
    draws, summed = (
        allocate(
            usable.log_share,
            deviation,
            (reading, sd_published),
            totals,
            group,
            np.random.default_rng([seed, 102]),
        )
        for reading in (log_published, log_published - years)
    )
    later, like, terms = _restated(frame, regions)
    drawn = _Drawn(draws, summed, later if restated else np.ones_like(later), like, terms)
    volumes = turned(_summarised(frame, drawn, totals, level))
    return CountryVolumes(volumes, shares, validation, level, rivalry)


def own_figure(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows hold a figure of the institution's own."""
    if "published_source" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame["published_source"].eq(BANK).to_numpy(dtype=bool)


def _log_years(frame: pd.DataFrame) -> Floats:
    """Log of the number of years that a published figure may be the sum of; zero where its period is told."""
    if "published_years" not in frame:
        return np.zeros(len(frame))
    return np.asarray(np.log(frame["published_years"].fillna(1.0).to_numpy(dtype=float)))


def _restated(frame: pd.DataFrame, regions: RegionVolumes) -> tuple[Floats, Floats, Floats]:
    """Draws of two factors on every row's volume: what later reports usually make of it, and the terms of the last report.

    Reports still to come move the second one too, all years alike; the third array is its median without them. Nobody
    restates the institution's own figure.
    """
    codes, years, own = tuple(REGIONS), regions.panel.years, own_figure(frame)
    shape = (len(regions.later[:DRAWS]), len(frame))
    later, like = np.ones(shape), np.ones(shape)
    terms = np.ones(len(frame))
    for place, (region, year) in enumerate(zip(frame["region"], frame["first_year"], strict=True)):
        if not own[place]:
            cell = codes.index(region)
            later[:, place] = regions.later[:DRAWS, years.index(year), cell]
            like[:, place] = regions.last_terms(year)[:DRAWS] * regions.later[:DRAWS, -1, cell]
            terms[place] = np.median(regions.last_terms(year)[:DRAWS])
    return later, like, terms


def _totals(frame: pd.DataFrame, regions: RegionVolumes) -> Floats:
    """Draws of the regional totals in US dollars, a column a group."""
    first = frame.drop_duplicates("group").sort_values("group")
    cells = zip(first["region"], first["first_year"], strict=True)
    return np.column_stack([1e9 * regions.of(region, year)[:DRAWS] for region, year in cells])


def _deviation(frame: pd.DataFrame, shares: Shares, validation: Validation) -> tuple[Floats, Floats]:
    """Mean and standard deviation of a country's deviation from its key share.

    A country with figures in other years keeps its shrunken mean deviation, with what it varies over the
    years.
    """
    names, unit = np.unique(frame["iso3"].to_numpy(dtype=str), return_inverse=True)
    _, first = pd.factorize(frame["iso3"])
    effects = {str(first[code]): effect for code, effect in validation.persistence.effects.items()}
    mean_of = np.array([effects.get(name, (0.0, 0.0))[0] for name in names])
    left_of = np.array([effects.get(name, (0.0, np.nan))[1] for name in names])
    variance = validation.tau**2 + shares.disagreement**2
    own = left_of + validation.persistence.within
    return mean_of[unit], np.sqrt(np.where(np.isfinite(own[unit]), own[unit], variance))


@dataclass(frozen=True)
class _Drawn:
    """Draws of levels, by the reading taken and by the other one of open periods, and the factors of `_restated`."""

    levels: Floats
    summed: Floats
    factor: Floats
    like: Floats
    terms: Floats

    def both(self, factor: Floats) -> Floats:
        """Draws by both readings, which weigh the same, times a factor on each."""
        return np.asarray(np.vstack([self.levels * factor, self.summed * factor]))

    def span(self, factor: Floats, ends: list[float]) -> tuple[Floats, Floats]:
        """Ends that hold by both readings together, never inside those of the reading taken."""
        low, high = np.quantile(self.levels * factor, ends, axis=0)
        wide = np.quantile(self.both(factor), ends, axis=0)
        other = (self.levels != self.summed).any(axis=0)
        return np.where(other, np.fmin(low, wide[0]), low), np.where(other, np.fmax(high, wide[1]), high)


def _summarised(frame: pd.DataFrame, drawn: _Drawn, totals: Floats, level: float) -> pd.DataFrame:
    ends = [(1 - level) / 2, (1 + level) / 2]
    total = totals[:, frame["group"].to_numpy(dtype=np.int64)]
    out = frame.copy()
    quoted = out["published_usd"].notna()
    # A published figure is printed as published; the draws only give its interval.
    out["value"] = out["published_usd"].where(quoted, np.median(drawn.levels, axis=0))
    out["low"], out["high"] = drawn.span(drawn.factor, ends)
    out["low"], out["high"] = np.fmin(out["low"], out["value"]), np.fmax(out["high"], out["value"])
    out["log_sd"] = np.log(drawn.both(drawn.factor)).std(axis=0)
    low, high = drawn.span(drawn.like, ends)
    out["like_value"] = out["value"] * drawn.terms
    out["like_low"], out["like_high"] = np.fmin(low, out["like_value"]), np.fmax(high, out["like_value"])
    out["share"] = np.median(100 * drawn.levels / total, axis=0)
    out["share_low"], out["share_high"] = drawn.span(100 / total, ends)
    out["basis"] = np.where(quoted, "quoted", np.where(out["value"].notna(), "allocated", ""))
    return out
