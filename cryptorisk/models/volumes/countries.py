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

    ``frame`` has the columns of `CountryYears` and ``value``, ``low``, ``high`` (US dollars), ``share``,
    ``share_low``, ``share_high`` (percent of the region), ``basis`` (quoted, allocated or "") and ``log_sd``.
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
    rng = np.random.default_rng([seed, 102])
    draws = allocate(usable.log_share, deviation, (log_published, sd_published), totals, group, rng)
    later = _later(frame, regions) if restated else np.ones_like(totals)
    factor = np.where(own_figure(frame), 1.0, later[:, group])  # nobody restates the institution's own figure
    return CountryVolumes(
        _summarised(frame, (draws, factor), totals, group, level), shares, validation, level, rivalry
    )


def own_figure(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows hold a figure of the institution's own."""
    if "published_source" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame["published_source"].eq(BANK).to_numpy(dtype=bool)


def _later(frame: pd.DataFrame, regions: RegionVolumes) -> Floats:
    """Draws of the factor by which later reports change a group's levels, a column a group."""
    first = frame.drop_duplicates("group").sort_values("group")
    codes, years = tuple(REGIONS), regions.panel.years
    cells = [
        (years.index(y), codes.index(r)) for r, y in zip(first["region"], first["first_year"], strict=True)
    ]
    return np.column_stack([regions.later[:DRAWS, year, region] for year, region in cells])


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


def _summarised(
    frame: pd.DataFrame, draws_and_factor: tuple[Floats, Floats], totals: Floats, group: Ints, level: float
) -> pd.DataFrame:
    draws, factor = draws_and_factor
    probabilities = [(1 - level) / 2, 0.5, (1 + level) / 2]
    out = frame.copy()
    out["value"] = np.median(draws, axis=0)
    low, _, high = np.quantile(draws * factor, probabilities, axis=0)
    out["low"], out["high"] = np.fmin(low, out["value"]), np.fmax(high, out["value"])
    share = 100 * draws / totals[:, group]
    out["share_low"], out["share"], out["share_high"] = np.quantile(share, probabilities, axis=0)
    out["log_sd"] = np.log(draws * factor).std(axis=0)
    quoted = out["published_usd"].notna()
    # A published figure is printed as published; the draws only give its interval.
    out["value"] = out["published_usd"].where(quoted, out["value"])
    out["basis"] = np.where(quoted, "quoted", np.where(out["value"].notna(), "allocated", ""))
    return out
