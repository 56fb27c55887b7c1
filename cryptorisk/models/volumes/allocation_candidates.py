"""Ways to share regional totals out: built from some of the regions, judged on the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from cryptorisk.models.volumes.country_drivers import DRIVERS, SIZE, Drivers
from cryptorisk.models.volumes.keys import RANK_SPREAD, CountryYears
from cryptorisk.stats.allocation import Floats, Ints, LeftOut, graft, leave_units_out, log_shares
from cryptorisk.stats.ppml import ppml
from cryptorisk.stats.share_ppml import share_ppml

Held = frozenset[str]
Build = Callable[[Held], Floats]
"""Regions held out -> index of every country-year: the logarithm of its share but for a constant by group."""


@dataclass(frozen=True)
class Candidate:
    """A way to share regional totals out.

    Attributes
    ----------
    id, label : str
    coefficients : int
        Estimated from published volumes or ranks.
    log_share : ndarray, shape (n,)
        From all regions.
    left_out : LeftOut
        Published volumes, each predicted with coefficients from the other regions.
    spread : ndarray, shape (n,)
        Standard error of the log share from leaving regions out in turn (delete-one-group jackknife).
    chosen : str
        What was chosen in fitting, in words.
    """

    id: str
    label: str
    coefficients: int
    log_share: Floats
    left_out: LeftOut
    spread: Floats
    chosen: str = ""

    @property
    def error(self) -> float:
        """Root mean square of the left-out errors, in logs."""
        return float(np.sqrt(np.mean(self.left_out.log_error**2)))


@dataclass(frozen=True)
class Field:
    """The country-years as arrays, and how candidates are built from some of the regions."""

    frame: pd.DataFrame
    found: Drivers
    key: Floats
    log_total: Floats
    log_published: Floats
    group: Ints
    unit: Ints
    region: np.ndarray
    judged: Mapping[str, Ints]
    """Region -> rows of its groups with a published member."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions with a published member."""
        return tuple(self.judged)

    @classmethod
    def of(cls, rows: CountryYears, found: Drivers, key: Floats, log_total: Floats) -> Field:
        """Arrays of the country-years, as `cryptorisk.models.volumes.allocation_model.contest` is given them."""
        frame = rows.frame
        published = np.log(frame["published_usd"].to_numpy(dtype=float))
        region = frame["region"].to_numpy(dtype=str)
        group = frame["group"].to_numpy(dtype=np.int64)
        told = np.isfinite(published) & np.isfinite(key)
        with_member = np.isin(group, group[told])
        judged = {
            name: np.flatnonzero((region == name) & with_member)
            for name in sorted(set(region[told].tolist()))
        }
        return cls(
            frame,
            found,
            key,
            log_total,
            published,
            group,
            pd.factorize(frame["iso3"])[0].astype(np.int64),
            region,
            judged,
        )

    def candidate(
        self, id: str, label: str, coefficients: int, build: Build, chosen: str = "", *, judged: bool = True
    ) -> Candidate:
        """A candidate with its left-out errors."""
        parts = {region: build(frozenset((region,))) for region in self.regions} if judged else {}
        share = log_shares(build(frozenset()), self.group)
        left = [self.errors(parts.get(region, share), region) for region in self.regions]
        index = np.concatenate([one.index for one in left]) if left else np.empty(0, dtype=np.int64)
        error = np.concatenate([one.log_error for one in left]) if left else np.empty(0)
        order = np.argsort(index)
        spread = np.zeros_like(share)
        if parts:
            refits = np.vstack([log_shares(part, self.group) for part in parts.values()])
            spread = math.sqrt(len(parts) - 1) * refits.std(axis=0)
        return Candidate(id, label, coefficients, share, LeftOut(index[order], error[order]), spread, chosen)

    def errors(self, index: Floats, region: str) -> LeftOut:
        """Errors for the published economies of one region, each without its own figures."""
        here = self.judged[region]
        share = log_shares(index[here], self.group[here])
        left = leave_units_out(
            share, self.log_published[here], self.log_total[here], self.group[here], self.unit[here]
        )
        return LeftOut(here[left.index], left.log_error)

    def drivers(self, names: tuple[str, ...]) -> Floats:
        """Standardised drivers, shape (n, k)."""
        return self.found.standardised(names, self.key, self.group, np.isfinite(self.log_published))

    def free(self, names: tuple[str, ...]) -> Build:
        """PPML of published shares on drivers alone."""
        x = self.drivers(names)
        offset = np.where(np.isfinite(self.key), 0.0, np.nan)

        def build(held: Held) -> Floats:
            fitted = share_ppml(x, offset, self.group, self._known(held, self.log_total))
            return np.asarray(offset + x @ fitted.beta)

        return build

    def with_rank(self) -> Build:
        """PPML on size and rank among ranked economies; the others keep what GDP gives them."""
        score = self.frame["rank_score"].to_numpy(dtype=float)
        size = self.frame["key_0"].to_numpy(dtype=float)
        ranked = np.isfinite(score) & np.isfinite(self.key)
        x = np.column_stack([self.drivers(SIZE), np.where(ranked, score, 0.0)])
        offset = np.where(ranked, 0.0, np.nan)
        base = log_shares(size, self.group)
        part = np.bincount(self.group, np.where(ranked & np.isfinite(base), np.exp(np.nan_to_num(base)), 0.0))
        with np.errstate(divide="ignore"):
            total = self.log_total + np.log(part)[self.group]

        def build(held: Held) -> Floats:
            known = np.where(ranked, self._known(held, total), np.nan)
            fitted = share_ppml(x, offset, self.group, known)
            grafted = graft(np.where(ranked, x @ fitted.beta, np.nan), size, self.group)
            return np.where(np.isfinite(self.key), grafted, np.nan)

        return build

    def of_ranks(self) -> Build:
        """PPML of the values that ranks stand for; a country's own rank takes no part in its prediction."""
        table = ranked_years(self.frame, self.found)
        size = self.frame["key_0"].to_numpy(dtype=float)
        names = list(DRIVERS)

        def build(held: Held) -> Floats:
            used = table[~table["region"].isin(held)]
            fitted = ppml(used, "implied", names, ["group"], "iso3")
            beta = fitted.params.reindex(names).fillna(0.0).to_numpy()
            index = self.found.frame[names].to_numpy(dtype=float) @ beta
            usable = np.isfinite(index) & np.isfinite(self.key)
            grafted = graft(np.where(usable, index, np.nan), size, self.group)
            return np.where(np.isfinite(self.key), grafted, np.nan)

        return build

    def adjusted(self, names: tuple[str, ...], penalty: float) -> Build:
        """PPML of published shares with the key as offset."""
        x = self.drivers(names)

        @cache
        def build(held: Held) -> Floats:
            known = self._known(held, self.log_total)
            fitted = share_ppml(x, self.key, self.group, known, penalty=penalty)
            return np.asarray(self.key + x @ fitted.beta)

        return build

    def tuned(
        self, id: str, label: str, coefficients: int, options: Sequence[tuple[tuple[str, ...], float]]
    ) -> Candidate:
        """The best of several adjustments, chosen anew wherever a region is held out: by the other regions alone."""
        builds = {option: self.adjusted(*option) for option in options}

        @cache
        def best(held: Held) -> tuple[tuple[str, ...], float]:
            inner = [region for region in self.regions if region not in held]

            def error(option: tuple[tuple[str, ...], float]) -> float:
                left = [self.errors(builds[option](held | {region}), region).log_error for region in inner]
                return float(np.mean(np.concatenate(left) ** 2))

            return min(options, key=error)

        names, penalty = best(frozenset())
        what = ", ".join(DRIVERS[name] for name in names) if len(names) < len(DRIVERS) else "all drivers"
        chosen = f"{what}; penalty {penalty:g}"
        return self.candidate(id, label, coefficients, lambda held: builds[best(held)](held), chosen)

    def _known(self, held: Held, log_total: Floats) -> Floats:
        """Published shares of the regions that are not held out."""
        share = np.exp(self.log_published - log_total)
        usable = np.isfinite(share) & np.isfinite(self.key) & ~np.isin(self.region, list(held))
        return np.where(usable, share, np.nan)


def ranked_years(frame: pd.DataFrame, found: Drivers) -> pd.DataFrame:
    """Ranked country-years, a list that serves several years once.

    Returns
    -------
    DataFrame
        The drivers, ``ranked`` (the quantity that a rank stands for, scaled), ``implied`` (that times income, the
        volume), region, group, iso3.
    """
    table = found.frame.assign(
        ranked=np.exp(RANK_SPREAD * frame["rank_score"]),
        implied=np.exp(frame["key_2"] - frame["key_2"].max()),
        region=frame["region"],
        group=frame["group"],
        iso3=frame["iso3"],
    )
    table = table[np.isfinite(table["implied"])]
    repeated = frame.loc[table.index].duplicated(["iso3", "rank_year"]).to_numpy(dtype=bool)
    found_once: pd.DataFrame = table.loc[~repeated]
    return found_once
