"""Adoption across economies: fractional logit of published shares and of places in the index, and what survives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import cast

import numpy as np
import pandas as pd
from scipy.special import logit

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.left_out import Gain, gain
from cryptorisk.models.substitution import adoption_sample as sample
from cryptorisk.models.substitution.adoption_regression import (
    Regression,
    Variant,
    complete,
    fractional,
    independent,
    points,
    require_economies,
    variant_of,
)
from cryptorisk.stats.fractional import FractionalFit

LEVEL = 0.9
BASE = ("inflation", "depreciation", "remittances", "internet", "controls", "income")
"""Regressors of the main regressions; ``restrictions`` is the other index of capital controls."""

HYPER_PCT = 100 * (1 - 1 / 1.4)
"""Yearly loss of value at an inflation of 40 %, the level of Reinhart and Rogoff's (2004) freely falling currencies."""

OUTLYING = 2.5
"""Held-out errors, in log-odds, beyond so many of their robust standard deviations: such economies are left out in one
variant. One normal error in eighty is."""

NORMAL_MAD = 1.4826
"""Standard deviation of a normal variable over its median absolute deviation."""


@dataclass(frozen=True, eq=False)
class Dependent:
    """A dependent variable with its main regression and its variants.

    Attributes
    ----------
    name, label, unit : str
    years : tuple of int
    main : Regression
    variants : tuple of Regression
    spread : mapping of str to float
        Standard deviation of each regressor in the main sample, in its own unit.
    left_out : tuple of str
        Regressors left out because the others hold them.
    gain : float
        One less the ratio of squared errors outside of the sample, economy by economy, with the regressors and with
        the effects of years alone; not positive when the regressors do not help to predict.
    better : Gain or None
        The same by the rule of `cryptorisk.models.left_out`: whether expectations are given at all.
    error : float
        Root mean squared held-out error in log-odds.
    expected : Series
        Expectation in percent by economy: held out for those in the sample (their last year), of the last year for
        the others.
    observed : Series
        Value in percent, by economy, of the last year in the sample.
    """

    name: str
    label: str
    unit: str
    years: tuple[int, ...]
    main: Regression
    variants: tuple[Regression, ...] = ()
    spread: Mapping[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    gain: float = float("nan")
    better: Gain | None = None
    error: float = float("nan")
    expected: pd.Series[float] = field(default_factory=lambda: pd.Series(dtype=float))
    observed: pd.Series[float] = field(default_factory=lambda: pd.Series(dtype=float))


@dataclass(frozen=True, eq=False)
class AdoptionPanel:
    """Both dependent variables: ``ownership`` (published shares, a vendor's model) and ``index`` (places in the list).

    ``income`` says how GDP per head was measured; ``sources`` are those of the ownership figures and of the ranks.
    """

    ownership: Dependent
    index: Dependent
    income: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _OfVintage:
    """What determines the regressions; the inputs bring the figures and do not tell two of them apart."""

    sha256: str
    as_of: dt.date
    without: frozenset[str]
    inputs: Inputs = field(compare=False, repr=False)


def of_the_vintage(inputs: Inputs) -> tuple[pd.DataFrame, AdoptionPanel]:
    """Published ownership figures and the regressions: the same for every economy of a run, so made once.

    The frame is for reading, not for changing.
    """
    public = sample.vintage_only(inputs)
    return _made(_OfVintage(inputs.vintage.sha256, inputs.as_of, inputs._without, public))


@lru_cache(maxsize=2)
def _made(of: _OfVintage) -> tuple[pd.DataFrame, AdoptionPanel]:
    published = sample.published_figures(of.inputs)
    return published, adoption_panel(of.inputs, published)


def adoption_panel(inputs: Inputs, published: pd.DataFrame | None = None) -> AdoptionPanel:
    """Regressions of adoption on inflation, depreciation, remittances, internet use, controls and income.

    Parameters
    ----------
    inputs : Inputs
        The vintage and the date count; the country and the bank's own figures do not.
    published : DataFrame, optional
        Published ownership figures of the vintage, where they have been gathered already.

    Returns
    -------
    AdoptionPanel

    Notes
    -----
    ``E[y_ct | x] = 1/(1 + exp(-(a_t + x_ct'b)))`` with effects of years, which take up the vendors' changes of
    method, and clusters by economy. Descriptive: nothing in it is caused by anything.
    """
    public = sample.vintage_only(inputs)
    published = sample.published_figures(public) if published is None else published
    shares, places = sample.ownership(published), sample.places(public, "gcai_rank")
    surveyed = sample.surveyed_users(public)
    every = [one.index.get_level_values("year") for one in (shares, places, surveyed) if len(one)]
    years = sorted({int(year) for part in every for year in part})
    if not years:
        reason = "the data have neither ownership figures nor a full list of adoption ranks"
        return AdoptionPanel(_none(*_OWNERSHIP, reason), _none(*_INDEX, reason), "", ())
    x = sample.covariates(public, years)
    value = sample.places(public, "gcai_rank_cex_value")
    ranked = public.panel_latest("gcai_rank")["source"].unique()
    return AdoptionPanel(
        _dependent(*_OWNERSHIP, shares, x, _ownership_variants(shares, surveyed)),
        _dependent(*_INDEX, places, x, _index_variants(places, value)),
        sample.income(public)[1],
        tuple(dict.fromkeys([*published["source"], *map(str, ranked)])),
    )


_OWNERSHIP = ("ownership", "Share of the population that owns crypto-assets", "percentage points")
_INDEX = ("index", "Place in the adoption index", "points of 100")


def _ownership_variants(shares: pd.Series[float], surveyed: pd.Series[float]) -> tuple[Variant, ...]:
    return (
        Variant("no_controls", "without capital controls", drop=("controls",)),
        Variant("no_income", "without income", drop=("income",)),
        Variant("depreciation", "depreciation in place of inflation", swap=(("inflation", "depreciation"),)),
        Variant("restrictions", _OTHER_CONTROLS, swap=(("controls", "restrictions"),)),
        Variant("last_year", "newest figure of each economy alone", dependent=_newest(shares)),
        Variant("calm", _CALM, keep=_calm),
        Variant("no_outliers", "without outlying economies"),
        Variant("survey", "share of internet users who own, in a survey (2021)", dependent=surveyed),
    )


def _index_variants(places: pd.Series[float], value: pd.Series[float]) -> tuple[Variant, ...]:
    years = places.index.get_level_values("year")
    last = places[years == years.max()] if len(places) else places
    return (
        Variant("no_controls", "without capital controls", drop=("controls",)),
        Variant("no_income", "without income", drop=("income",)),
        Variant("no_depreciation", "without depreciation", drop=("depreciation",)),
        Variant("restrictions", _OTHER_CONTROLS, swap=(("controls", "restrictions"),)),
        Variant("last_year", "last year alone", dependent=last),
        Variant("calm", _CALM, keep=_calm),
        Variant("no_outliers", "without outlying economies"),
        Variant("value", "rank of value received at centralised services alone", dependent=value),
        Variant("linear", "normal scores of the ranks, least squares", model="linear"),
        Variant("ordered", "quarters of the list, ordered logit", model="ordered"),
    )


_OTHER_CONTROLS = "controls of Fernandez and others, to 2019"
_CALM = "without years of inflation above 40 %"


def _calm(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["inflation"] <= HYPER_PCT


def _newest(values: pd.Series[float]) -> pd.Series[float]:
    if values.empty:
        return values
    years = pd.Series(values.index.get_level_values("year"), index=values.index)
    last = years.groupby(level="country").transform("max")
    return values[(years == last).to_numpy()]


def _dependent(
    name: str, label: str, unit: str, y: pd.Series[float], x: pd.DataFrame, variants: Sequence[Variant]
) -> Dependent:
    """Main regression and variants of one dependent variable."""
    frame = complete(y, x, BASE)
    try:
        require_economies(frame)
        regressors, left_out = independent(frame, BASE)
        # With fewer regressors more economies may be complete.
        frame = complete(y, x, regressors)
        spread = {one: float(frame[one].std()) for one in BASE}
        fit = fractional(frame, regressors, spread)
        better = _better(frame, fit)
    except ModelError as error:
        return _none(name, label, unit, error.what)
    outlying = _outlying(frame, fit)
    found = tuple(
        variant_of(one, y, x, regressors, spread, outlying if one.name == "no_outliers" else frozenset())
        for one in variants
    )
    return Dependent(
        name,
        label,
        unit,
        tuple(int(year) for year in sorted(frame["year"].unique())),
        Regression("main", "main regression", points(fit, len(regressors)), len(frame)),
        found,
        MappingProxyType(spread),
        left_out,
        1 - (1 - better.saved) ** 2,
        better,
        float(np.sqrt(np.mean(_errors(frame, fit) ** 2))),
        _expected(frame, x, fit, regressors, spread),
        100 * _by_country(_newest(frame.set_index(["year", "country"])["y"])),
    )


def _none(name: str, label: str, unit: str, reason: str) -> Dependent:
    return Dependent(name, label, unit, (), Regression("main", "main regression", None, reason=reason))


def _errors(frame: pd.DataFrame, fit: FractionalFit) -> np.ndarray:
    """Held-out errors in log-odds."""
    return cast(np.ndarray, logit(frame["y"].to_numpy(dtype=float)) - logit(fit.held_out))


def _outlying(frame: pd.DataFrame, fit: FractionalFit) -> frozenset[str]:
    """Economies with a held-out error far beyond the others'."""
    error = _errors(frame, fit)
    error = np.abs(error - np.median(error))
    return frozenset(frame.loc[error > OUTLYING * NORMAL_MAD * np.median(error), "country"])


def _better(frame: pd.DataFrame, fit: FractionalFit) -> Gain:
    """What the regressors add, outside of the sample, to the effects of years; economies err together."""
    y, years = frame["y"].to_numpy(dtype=float), fractional(frame, (), {})
    return gain(y - years.held_out, y - fit.held_out, frame["country"])


def _expected(
    frame: pd.DataFrame,
    x: pd.DataFrame,
    fit: FractionalFit,
    regressors: Sequence[str],
    spread: Mapping[str, float],
) -> pd.Series[float]:
    """Expectation of every economy in percent: held out where it is in the sample, else of the sample's last year."""
    inside = pd.Series(100 * fit.held_out, pd.MultiIndex.from_frame(frame[["year", "country"]]))
    last = int(frame["year"].max())
    others = x.loc[[last]].dropna(subset=list(regressors)).droplevel("year")
    others = others[~others.index.isin(frame["country"])]
    year = [float(one == f"year {last}") for one in fit.coefficients.names[len(regressors) + 1 :]]
    rows = {
        str(iso): 100 * fit.expected([*(row[one] / spread[one] for one in regressors), 1.0, *year])
        for iso, row in others.iterrows()
    }
    return pd.concat([_by_country(_newest(inside)), pd.Series(rows, dtype=float)]).sort_index()


def _by_country(values: pd.Series[float]) -> pd.Series[float]:
    return values.droplevel("year").sort_index()
