"""Regressions that could take the simple key's place, each judged on regions that it has not seen.

About thirty volumes of twenty economies are published, selected on their size. A regression on them may learn little, and
what it claims to have learnt is believed only when it predicts the published economies of a region, with coefficients
from the other regions, better than the key that nothing was estimated for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.models.left_out import LEAST_GAIN as LEAST_GAIN
from cryptorisk.models.left_out import LEVEL as LEVEL
from cryptorisk.models.left_out import Gain, gain
from cryptorisk.models.volumes.allocation_candidates import Candidate, Field
from cryptorisk.models.volumes.country_drivers import DRIVERS, SIZE, Drivers
from cryptorisk.models.volumes.keys import CountryYears
from cryptorisk.stats.allocation import Floats

KEY = "key"
FEWEST_REGIONS, FEWEST_VOLUMES = 4, 20
"""With fewer regions or volumes left-out errors cannot tell a regression from the key, and the key is used."""

PENALTIES = (0.1, 1.0, 10.0)
"""Ridge penalties tried. Every group of a region and year weighs one, and there are about twenty: the first hardly binds
and the last draws coefficients most of the way to the key."""


@dataclass(frozen=True)
class Contest:
    """The key, its rivals, and which is used.

    Attributes
    ----------
    candidates : tuple of Candidate
        The key first; alone when there is too little to judge rivals by.
    gain : mapping of str to (float, float)
        Rival -> mean squared left-out error of the key less the rival's, and its standard error by regions.
    used : str
        Id of the candidate that is used.
    reason : str
        Why there are no rivals; empty when there are.
    """

    candidates: tuple[Candidate, ...]
    gain: Mapping[str, tuple[float, float]]
    used: str
    reason: str = ""

    @property
    def winner(self) -> Candidate:
        """The candidate that is used."""
        return next(one for one in self.candidates if one.id == self.used)

    @property
    def best_rival(self) -> Candidate | None:
        """The regression with the least left-out error."""
        rivals = [one for one in self.candidates if one.id != KEY]
        return min(rivals, key=lambda one: one.error) if rivals else None


def contest(rows: CountryYears, found: Drivers, key: Floats, log_total: Floats) -> Contest:
    """Fit all candidates, leave regions out, and choose.

    A regression is used when its root mean square left-out error is lower than the key's by at least `LEAST_GAIN` and its
    mean squared error lower at the one-sided `LEVEL` (t over regions, which err together: `cryptorisk.models.left_out`); of
    several, the one with the least error. It is the spirit of the one-standard-error rule (Breiman, Friedman, Olshen and
    Stone 1984), on paired differences and stricter, because several regressions are tried on a selected sample.

    Parameters
    ----------
    rows : CountryYears
    found : Drivers
    key : ndarray, shape (n,)
        Log shares of the simple key.
    log_total : ndarray, shape (n,)
        Log of each group's total, repeated for its members.
    """
    field = Field.of(rows, found, key, log_total)
    simple = field.candidate(KEY, "Simple key (nothing estimated)", 0, lambda _held: key, judged=False)
    if len(field.regions) < FEWEST_REGIONS or simple.left_out.index.size < FEWEST_VOLUMES:
        reason = (
            f"{simple.left_out.index.size} published volumes of {len(field.regions)} regions are too few to judge "
            f"regressions by (at least {FEWEST_VOLUMES} of {FEWEST_REGIONS} are asked for)"
        )
        return Contest((simple,), {}, KEY, reason)
    rivals = _rivals(field)
    saved = {one.id: _gain(simple, one, field.region) for one in rivals}
    better = [one for one in rivals if saved[one.id].enough]
    used = min(better, key=lambda one: one.error).id if better else KEY
    return Contest((simple, *rivals), {id: (one.mean, one.error) for id, one in saved.items()}, used)


def _rivals(field: Field) -> list[Candidate]:
    """The regressions that are tried; those that need a ranking only where there is one."""
    singles: list[tuple[tuple[str, ...], float]] = [((name,), p) for name in DRIVERS for p in PENALTIES]
    every: list[tuple[tuple[str, ...], float]] = [(tuple(DRIVERS), p) for p in PENALTIES]
    most = len(DRIVERS)
    makers: tuple[Callable[[], Candidate], ...] = (
        lambda: field.candidate("economy", "PPML on GDP and GDP per head", 2, field.free(SIZE)),
        lambda: field.candidate(
            "ranked", "PPML on GDP, GDP per head and the vendor's rank", 3, field.with_rank()
        ),
        lambda: field.candidate("ranks", "PPML of the ranks on all drivers", most, field.of_ranks()),
        lambda: field.tuned("adjusted", "Key adjusted for one driver, by PPML", 1, singles),
        lambda: field.tuned("ridge", "Key adjusted for all drivers, by ridge PPML", most, every),
    )
    found = []
    for make in makers:
        with suppress(ModelError):  # no ranking by the date of the report, or too few ranked economies
            found.append(make())
    return found


def _gain(simple: Candidate, rival: Candidate, region: np.ndarray) -> Gain:
    """What the rival saves on regions left out, which err together."""
    return gain(simple.left_out.log_error, rival.left_out.log_error, region[simple.left_out.index])
