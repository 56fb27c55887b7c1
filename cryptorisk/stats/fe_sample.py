"""The observations of a regression with fixed effects, read from a frame, with what is dropped and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import JOIN, Effects, Floats, Ints, Mask, codes_of
from cryptorisk.stats.separation import alone_in_level, independent_columns

CONSTANT = "const"
SQUARED = "index squared"
Dropped = Literal["missing", "no variation", "separated", "not positive", "alone"]

REASONS: Mapping[str, str] = {
    "missing": "a value is missing",
    "no variation": "every outcome in a level of an effect is zero",
    "separated": "regressors and effects together predict zero",
    "not positive": "the logarithm of the outcome does not exist",
    "alone": "alone in a level of an effect",
}
"""Why observations are not used, in words."""

_ABSORBED = 1e-9
"""Length of a regressor without its effects, relative to its own, from which on it has a coefficient."""


@dataclass(frozen=True)
class Sample:
    """Arrays of the observations used, and which rows of the frame they are.

    ``x`` ends with a constant where there is no effect.
    """

    y: Floats
    x: Floats
    names: tuple[str, ...]
    effects: Effects
    clusters: Mapping[str, Ints]
    offset: Floats
    rows: Mask
    dropped: Mapping[str, int]

    @classmethod
    def read(
        cls,
        df: pd.DataFrame,
        y: str,
        x: Sequence[str],
        fixed_effects: Sequence[str],
        cluster: str | Sequence[str] | None,
        offset: str | None = None,
    ) -> Sample:
        """Columns of a frame, rows with a missing value left out and counted.

        Raises
        ------
        ModelError
            When a column is not there, named twice or not numeric, or no row is complete.
        """
        terms = [cluster] if isinstance(cluster, str) else list(cluster or ())
        numeric = [y, *x, *([offset] if offset else [])]
        _demand(df, numeric, [part for term in (*fixed_effects, *terms) for part in term.split(JOIN)])
        known = np.isfinite(df[numeric].to_numpy(dtype=float)).all(axis=1)
        parts = [part for term in (*fixed_effects, *terms) for part in term.split(JOIN)]
        known &= df[list(dict.fromkeys(parts))].notna().all(axis=1).to_numpy()
        if not known.any():
            raise ModelError("every row has a missing value")
        used = df[known]
        names, columns = tuple(x), [used[name].to_numpy(dtype=float) for name in x]
        if not fixed_effects:
            names, columns = (*names, CONSTANT), [*columns, np.ones(len(used))]
        return cls(
            used[y].to_numpy(dtype=float),
            np.column_stack(columns) if columns else np.empty((len(used), 0)),
            names,
            Effects.of(used, fixed_effects),
            {term: codes_of(used, term)[0] for term in terms},
            used[offset].to_numpy(dtype=float) if offset else np.zeros(len(used)),
            known,
            {"missing": int((~known).sum())} if not known.all() else {},
        )

    def take(self, kept: Mask, reason: Dropped) -> Sample:
        """The sample on a part of its observations, the others noted as dropped.

        Raises
        ------
        ModelError
            When nothing is left.
        """
        if kept.all():
            return self
        if not kept.any():
            raise ModelError(f"no observation is left without those where {REASONS[reason]}")
        rows = self.rows.copy()
        rows[np.flatnonzero(rows)[~kept]] = False
        return Sample(
            self.y[kept],
            self.x[kept],
            self.names,
            self.effects.take(kept),
            {name: _renumbered(code[kept]) for name, code in self.clusters.items()},
            self.offset[kept],
            rows,
            {**self.dropped, reason: self.dropped.get(reason, 0) + int((~kept).sum())},
        )

    def without_alone(self) -> Sample:
        """The sample without observations that are alone in a level of an effect."""
        return self.take(~alone_in_level(self.effects), "alone") if self.effects.codes else self

    def extended(self, column: Floats) -> Sample:
        """The sample with a further regressor, before the constant."""
        at = len(self.names) - (CONSTANT in self.names)
        names = (*self.names[:at], SQUARED, *self.names[at:])
        return replace(self, x=np.insert(self.x, at, column, axis=1), names=names)

    def usable(self, left: Floats, weights: Floats) -> list[int]:
        """Positions of regressors that are neither absorbed by the effects nor combinations of those before them.

        Parameters
        ----------
        left : ndarray, shape (n, k)
            The regressors without their effects.
        weights : ndarray, shape (n,)
        """
        root = np.sqrt(weights)[:, None]
        size, remains = np.linalg.norm(root * self.x, axis=0), np.linalg.norm(root * left, axis=0)
        # a constant goes first, so that a regressor without variation is the one left out
        order = [j for j, name in enumerate(self.names) if name == CONSTANT]
        order += [j for j in range(len(self.names)) if j not in order]
        cleared = np.where(remains > _ABSORBED * size, left, 0.0)
        return sorted(order[position] for position in independent_columns((root * cleared)[:, order]))


def _demand(df: pd.DataFrame, numeric: Sequence[str], others: Sequence[str]) -> None:
    """Refuse columns that are not there, named twice or not numeric."""
    if lacking := [name for name in dict.fromkeys((*numeric, *others)) if name not in df.columns]:
        remedy = f"the columns are {', '.join(map(str, df.columns))}"
        raise ModelError(f"there is no column {', '.join(lacking)}", remedy=remedy)
    if repeated := sorted({name for name in numeric if list(numeric).count(name) > 1}):
        raise ModelError(f"the column {', '.join(repeated)} is named twice")
    if wrong := [name for name in numeric if not pd.api.types.is_numeric_dtype(df[name])]:
        raise ModelError(f"the column {', '.join(wrong)} is not numeric")


def _renumbered(code: Ints) -> Ints:
    return np.unique(code, return_inverse=True)[1].astype(np.int64)
