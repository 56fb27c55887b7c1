"""Regressions of adoption and their variants: samples, designs, estimators, effects in comparable points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri
from statsmodels.stats.outliers_influence import variance_inflation_factor

from cryptorisk.errors import ModelError
from cryptorisk.stats.cluster_jackknife import FEWEST_CLUSTERS, Effects, FloatArray, least_squares
from cryptorisk.stats.fractional import FractionalFit, fractional_logit
from cryptorisk.stats.ordered import ordered_logit

COLLINEAR = 10.0
"""Variance inflation factor beyond which a regressor is left out: nine tenths of its variance are in the others
(Belsley, Kuh and Welsch 1980, Regression Diagnostics; a convention)."""

GIVES_WAY = "depreciation"
"""Where inflation and depreciation hold each other, the official rate gives way: controls keep it from telling."""

Model = Literal["fractional", "linear", "ordered"]


@dataclass(frozen=True, eq=False)
class Regression:
    """One regression: effects in points of the dependent variable per standard deviation of each regressor.

    Attributes
    ----------
    name, label : str
        What was done.
    effects : Effects or None
        Without the constant and the effects of years; None when it cannot be estimated, with the reason.
    n : int
        Economy-years.
    reason : str
    """

    name: str
    label: str
    effects: Effects | None
    n: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Variant:
    """A change to the main regression: another dependent variable, sample, set of regressors or model."""

    name: str
    label: str
    dependent: pd.Series[float] | None = None
    swap: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()
    keep: Callable[[pd.DataFrame], pd.Series[bool]] | None = None
    model: Model = "fractional"


def complete(y: pd.Series[float], x: pd.DataFrame, regressors: Sequence[str]) -> pd.DataFrame:
    """Economy-years with the dependent variable ``y`` and every regressor; columns year, country, y, regressors."""
    joined = x.join(y.rename("y"), how="inner")
    return joined.dropna(subset=["y", *regressors]).sort_index().reset_index()


def require_economies(frame: pd.DataFrame) -> None:
    """Refuse a sample with fewer economies than clustered inference needs.

    Raises
    ------
    ModelError
        With their number.
    """
    count = int(frame["country"].nunique())
    if count < FEWEST_CLUSTERS:
        raise ModelError(f"{count} economies have every figure where {FEWEST_CLUSTERS} are needed")


def independent(frame: pd.DataFrame, regressors: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Regressors that the others do not hold, and those left out for it.

    Parameters
    ----------
    frame : DataFrame
    regressors : sequence of str
        Columns of it.
    """
    kept, gone = list(regressors), []
    while len(kept) > 1:
        matrix = np.column_stack([np.ones(len(frame)), frame[kept].to_numpy(dtype=float)])
        factors = {one: variance_inflation_factor(matrix, i + 1) for i, one in enumerate(kept)}
        held = [one for one, factor in factors.items() if not factor <= COLLINEAR]
        if not held:
            break
        gone.append(GIVES_WAY if GIVES_WAY in held else held[-1])
        kept.remove(gone[-1])
    return tuple(kept), tuple(gone)


def design(
    frame: pd.DataFrame, regressors: Sequence[str], spread: Mapping[str, float]
) -> tuple[FloatArray, list[str]]:
    """Regressors in standard deviations, a constant, and an effect of each year but the first."""
    years = sorted(frame["year"].unique())
    columns = [frame[one].to_numpy(dtype=float) / spread[one] for one in regressors]
    columns += [np.ones(len(frame)), *((frame["year"] == year).to_numpy(dtype=float) for year in years[1:])]
    return np.column_stack(columns), [*regressors, "constant", *(f"year {year}" for year in years[1:])]


def fractional(frame: pd.DataFrame, regressors: Sequence[str], spread: Mapping[str, float]) -> FractionalFit:
    """The fractional logit with effects of years, clustered by economy."""
    matrix, names = design(frame, regressors, spread)
    return fractional_logit(frame["y"], matrix, frame["country"], names)


def points(fit: FractionalFit, count: int) -> Effects:
    """The first average marginal effects of a fractional logit, in points of 100."""
    return _first(fit.effects, count, 100.0)


def variant_of(
    variant: Variant,
    y: pd.Series[float],
    x: pd.DataFrame,
    regressors: Sequence[str],
    spread: Mapping[str, float],
    without: frozenset[str] = frozenset(),
) -> Regression:
    """The regression of one variant; where it cannot be estimated, the reason.

    Parameters
    ----------
    variant : Variant
    y : Series
        Dependent variable of the main regression, index (year, country).
    x : DataFrame
        Regressors, same index.
    regressors : sequence of str
        Those of the main regression.
    spread : mapping of str to float
        Standard deviations in the main sample: effects of all variants are per the same change.
    without : frozenset of str
        Economies left out.
    """
    swapped = dict(variant.swap)
    chosen = list(dict.fromkeys(swapped.get(one, one) for one in regressors if one not in variant.drop))
    frame = complete(y if variant.dependent is None else variant.dependent, x, chosen)
    frame = frame[~frame["country"].isin(without)]
    if variant.keep is not None:
        frame = frame[variant.keep(frame)]
    try:
        require_economies(frame)
        scale = {one: spread[one] if one in spread else float(frame[one].std()) for one in chosen}
        effects = _ESTIMATORS[variant.model](frame, chosen, scale)
    except ModelError as error:
        return Regression(variant.name, variant.label, None, len(frame), error.what)
    return Regression(variant.name, variant.label, effects, len(frame))


def _first(effects: Effects, count: int, scale: float) -> Effects:
    return Effects(
        effects.names[:count],
        scale * effects.values[:count],
        scale * effects.errors[:count],
        effects.clusters,
    )


def _by_fractional(frame: pd.DataFrame, regressors: Sequence[str], spread: Mapping[str, float]) -> Effects:
    return points(fractional(frame, regressors, spread), len(regressors))


def _by_least_squares(frame: pd.DataFrame, regressors: Sequence[str], spread: Mapping[str, float]) -> Effects:
    """Normal scores, told in points of the list at its middle, where a score of one is 40 points."""
    matrix, names = design(frame, regressors, spread)
    effects = least_squares(ndtri(frame["y"]), matrix, frame["country"], names)
    return _first(effects, len(regressors), 100 / np.sqrt(2 * np.pi))


def _by_order(frame: pd.DataFrame, regressors: Sequence[str], spread: Mapping[str, float]) -> Effects:
    """Quarters of the list, each told as its middle."""
    matrix, names = design(frame, regressors, spread)
    constant = names.index("constant")
    names = [one for one in names if one != "constant"]
    quarters = np.minimum((4 * frame["y"]).to_numpy(dtype=int), 3)
    scores = (12.5, 37.5, 62.5, 87.5)
    effects = ordered_logit(quarters, np.delete(matrix, constant, axis=1), frame["country"], names, scores)
    return _first(effects, len(regressors), 1.0)


_ESTIMATORS: Mapping[Model, Callable[[pd.DataFrame, Sequence[str], Mapping[str, float]], Effects]] = (
    MappingProxyType({"fractional": _by_fractional, "linear": _by_least_squares, "ordered": _by_order})
)
