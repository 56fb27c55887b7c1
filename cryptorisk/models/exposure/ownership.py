"""How many people own crypto-assets: published shares, what they disagree by, and the economies without one.

Every published cross-country share found so far is either the vendor Triple-A's own model (also UNCTAD's
figures for 2021, which equal that vendor's) or a survey of internet users. The vendor scales Chainalysis
scores by one central-bank survey, so its figures are modelled and not independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy import stats

from cryptorisk.errors import ModelError

LEVEL = 0.8
"""Nominal coverage of the intervals of ownership shares, the kit's usual level."""


@dataclass(frozen=True)
class Ownership:
    """Ownership in every economy.

    Attributes
    ----------
    shares : pandas.DataFrame
        One row an economy (ISO code): ``share``, ``low``, ``high`` in percent of the population, ``published``
        (bool), ``n`` readings behind it, ``last_year`` of them.
    disagreement : float
        Pooled standard deviation, in log-odds, of readings of the same economy.
    dispersion : float
        Standard deviation across economies, in log-odds, of the share of internet users who own.
    typical_users_pct : float
        Share of internet users who own in an economy without a published share, in percent.
    rule : str
        Which relation was used for economies without a published share and why, in a sentence.
    owners, owners_low, owners_high : float
        Owners in the world, built from the shares.
    owners_quoted : float or None
        The published world total, when there is one.
    n : int
        Economies with a published share.
    """

    shares: pd.DataFrame
    disagreement: float
    dispersion: float
    typical_users_pct: float
    rule: str
    owners: float
    owners_low: float
    owners_high: float
    owners_quoted: float | None
    n: int


def world_ownership(
    readings: pd.DataFrame,
    economies: pd.DataFrame,
    *,
    owners_quoted: float | None = None,
    level: float = LEVEL,
) -> Ownership:
    """Ownership shares of all economies from published readings.

    Parameters
    ----------
    readings : pandas.DataFrame
        One published figure a row: ``country``, ``year``, ``value`` (percent of the population), ``organisation``.
    economies : pandas.DataFrame
        Index ISO code; ``population`` (persons), ``internet`` (percent of the population), and covariates
        ``rank`` (adoption rank) and ``gdp_per_head``, which may be missing.
    owners_quoted : float, optional
        Published world total of owners.
    level : float, optional
        Nominal coverage of the intervals.

    Returns
    -------
    Ownership

    Raises
    ------
    ModelError
        With fewer than eight economies that have a published share and internet use.

    Notes
    -----
    An economy with readings gets the mean, in log-odds, of each organisation's newest figure; its interval is
    their range, widened to the pooled disagreement between readings of the same economy (so a single reading
    is not taken at its word). An economy without readings gets the share of *internet users* who own: owners
    need access, so internet use bounds ownership. The relation is the one of mean, mean and adoption rank,
    mean and GDP per head, or both, with the smallest leave-one-out error. Published shares come from lists of
    leading economies, so the level for the others is shifted until owners add to the published world total
    where there is one (and where the shift leaves a share between one tenth and ten times the sample's).
    """
    newest = _newest(readings[readings["country"].isin(economies.index)])
    quantile = float(stats.norm.ppf(0.5 + level / 2))
    disagreement = _disagreement(readings)
    known = _published(newest, disagreement * quantile)
    frame = economies.join(known)
    sample = _sample(frame)
    relation = _relation(sample)
    half = float(stats.t.ppf(0.5 + level / 2, len(sample) - relation.k)) * relation.scale
    rest = frame.index[frame["share"].isna() & (frame["internet"] > 0) & frame["population"].notna()]
    centre = relation.predict(frame.loc[rest])
    shift, anchored = _shift(frame, rest, centre, owners_quoted)
    for name, logit in (
        ("share", centre + shift),
        ("low", centre + shift - half),
        ("high", centre + shift + half),
    ):
        frame.loc[rest, name] = 100 * _expit(logit) * frame.loc[rest, "internet"] / 100
    frame["published"] = frame["n"].notna()
    shares = frame.loc[frame["share"].notna(), ["share", "low", "high", "published", "n", "last_year"]]
    people = frame.loc[shares.index, "population"].fillna(0.0)
    return Ownership(
        shares=shares,
        disagreement=disagreement,
        dispersion=relation.scale,
        typical_users_pct=float(100 * _expit(np.median(centre + shift))) if len(rest) else float("nan"),
        rule=relation.sentence(len(sample)) + (_ANCHORED if anchored else ""),
        owners=float((people * shares["share"]).sum() / 100),
        owners_low=float((people * shares["low"]).sum() / 100),
        owners_high=float((people * shares["high"]).sum() / 100),
        owners_quoted=owners_quoted,
        n=len(known),
    )


_ANCHORED = (
    " The level for economies without a published share is set so that owners add to the published world total,"
    " because published shares come from lists of leading economies."
)

RELATIONS: tuple[tuple[str, ...], ...] = ((), ("rank",), ("gdp_per_head",), ("rank", "gdp_per_head"))
_NAMES = {"rank": "adoption rank", "gdp_per_head": "GDP per head"}


@dataclass(frozen=True)
class _Relation:
    covariates: tuple[str, ...]
    beta: np.ndarray
    scale: float
    mean: float
    errors: dict[tuple[str, ...], float]

    @property
    def k(self) -> int:
        return len(self.beta)

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Log-odds of ownership among internet users; the sample's mean where a covariate is missing."""
        design = _design(frame, self.covariates)
        fitted = design @ self.beta
        return np.where(np.isfinite(fitted), fitted, self.mean)

    def sentence(self, n: int) -> str:
        errors = ", ".join(
            f"{' and '.join(_NAMES[c] for c in covariates) or 'the mean alone'} {error:.2f}"
            for covariates, error in self.errors.items()
        )
        used = " and ".join(_NAMES[c] for c in self.covariates) or "the mean alone"
        return (
            f"Share of internet users who own, {n} economies, log-odds; leave-one-out error by relation: "
            f"{errors}; used: {used}."
        )


def _newest(readings: pd.DataFrame) -> pd.DataFrame:
    return (
        readings.sort_values("year", kind="stable")
        .groupby(["country", "organisation"], as_index=False)
        .last()
    )


def _disagreement(readings: pd.DataFrame) -> float:
    """Pooled standard deviation of log-odds around each economy's own mean."""
    logit = _logit(readings["value"] / 100)
    deviation = logit - logit.groupby(readings["country"]).transform("mean")
    free = len(readings) - readings["country"].nunique()
    if free < 3:
        raise ModelError(
            "too few repeated readings to tell how far ownership figures disagree", where="ownership"
        )
    return float(np.sqrt((deviation**2).sum() / free))


def _published(newest: pd.DataFrame, half: float) -> pd.DataFrame:
    logit = _logit(newest["value"] / 100)
    groups = logit.groupby(newest["country"])
    mean, low, high = groups.mean(), groups.min(), groups.max()
    return pd.DataFrame(
        {
            "share": 100 * _expit(mean),
            "low": 100 * _expit(np.minimum(low, mean - half)),
            "high": 100 * _expit(np.maximum(high, mean + half)),
            "n": groups.size(),
            "last_year": newest.groupby("country")["year"].max(),
        }
    )


def _sample(frame: pd.DataFrame) -> pd.DataFrame:
    sample = frame[frame["share"].notna() & (frame["internet"] > 0)].copy()
    # A published share may exceed internet use in a stale or low figure; such an economy tells nothing here.
    sample = sample[sample["share"] < 0.95 * sample["internet"]]
    if len(sample) < 8:
        raise ModelError("fewer than eight economies with a published ownership share", where="ownership")
    sample["y"] = _logit(sample["share"] / sample["internet"])
    return sample


def _relation(sample: pd.DataFrame) -> _Relation:
    """The covariates with the smallest leave-one-out error on the economies that have all of them."""
    complete = sample.dropna(subset=["rank", "gdp_per_head"])
    candidates = RELATIONS if len(complete) >= 15 else RELATIONS[:1]
    base = complete if len(candidates) > 1 else sample
    errors = {covariates: _leave_one_out(base, covariates) for covariates in candidates}
    best = min(errors, key=lambda covariates: errors[covariates])
    used = sample.dropna(subset=list(best))
    design, y = _design(used, best), used["y"].to_numpy()
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    residual = y - design @ beta
    scale = float(np.sqrt(residual @ residual / (len(y) - len(beta)) * (1 + 1 / len(y))))
    return _Relation(best, beta, scale, float(y.mean()), errors)


def _leave_one_out(sample: pd.DataFrame, covariates: tuple[str, ...]) -> float:
    """Root mean squared leave-one-out error by the hat matrix."""
    design, y = _design(sample, covariates), sample["y"].to_numpy()
    hat = design @ np.linalg.pinv(design)
    return float(np.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2)))


def _design(frame: pd.DataFrame, covariates: tuple[str, ...]) -> np.ndarray:
    columns = [np.ones(len(frame)), *(np.log(frame[name].to_numpy(dtype=float)) for name in covariates)]
    return np.column_stack(columns)


def _shift(
    frame: pd.DataFrame, rest: pd.Index, centre: np.ndarray, owners_quoted: float | None
) -> tuple[float, bool]:
    """Shift in log-odds that makes the owners of the other economies what the world total leaves for them."""
    users = (frame.loc[rest, "population"] * frame.loc[rest, "internet"] / 100).to_numpy()
    if owners_quoted is None or users.sum() == 0:
        return 0.0, False
    known = frame["share"].notna()
    left = owners_quoted - float((frame.loc[known, "population"] * frame.loc[known, "share"] / 100).sum())
    shifts = np.linspace(-2.3, 2.3, 461)
    totals = np.array([(users * _expit(centre + shift)).sum() for shift in shifts])
    if not totals[0] < left < totals[-1]:
        return 0.0, False
    return float(np.interp(left, totals, shifts)), True


def _logit(share: pd.Series) -> pd.Series:
    return cast(pd.Series, np.log(share / (1 - share)))


def _expit(value: Any) -> Any:
    return 1 / (1 + np.exp(-value))
