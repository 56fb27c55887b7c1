"""Bounds tests for a relation in levels, with critical values simulated for the sample at hand.

The statistics are those of Pesaran, Shin and Smith: F on all lagged levels, t on the lagged level of the dependent
variable; beside them F on the lagged levels of the regressors alone (Sam, McNown and Goh), without which a
significant F may come from the dependent variable being stationary by itself. Their distributions under the
hypothesis of no level relation depend on whether the regressors are integrated of order zero (lower bound) or one
(upper bound). A statistic beyond the upper bound rejects whatever their order, one inside the lower bound does not
reject whatever it is, one in between leaves the question open.

The cases are those of the paper: 1 no deterministic term; 2 constant, restricted to the level relation (so that it
is among what F tests); 3 constant, unrestricted; 4 constant and restricted trend; 5 constant and trend,
unrestricted. The t statistic of cases 2 and 4 is that of the same regression and has the bounds of 3 and 5.

statsmodels is not used for the bounds: `UECMResults.bounds_test` of version 0.15 counts the dependent variable among the
regressors when it looks up the asymptotic bounds (k = 4 for three regressors: 2.88 to 4.01 at 5 % in case 3, the
paper has 3.23 to 4.35), drops `fixed` regressors from the equation it tests, and has no t bounds.

References
----------
Pesaran, Shin and Smith (2001), Bounds testing approaches to the analysis of level relationships, Journal of Applied
Econometrics 16(3), 289-326. Narayan (2005), The saving and investment nexus for China: evidence from cointegration
tests, Applied Economics 37(17), 1979-1990 (bounds simulated for the sample's size). Sam, McNown and Goh (2019),
An augmented autoregressive distributed lag bounds test for cointegration, Economic Modelling 80, 130-141.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import DETERMINISTIC, Trend
from cryptorisk.stats.error_correction import ErrorCorrection
from cryptorisk.stats.sample import FloatArray

Case = Literal[1, 2, 3, 4, 5]
Statistic = Literal["f", "t", "fx"]
Verdict = Literal["level relation", "degenerate", "inconclusive", "none"]
TREND_OF: Mapping[Case, Trend] = {1: "n", 2: "c", 3: "c", 4: "ct", 5: "ct"}
LEVELS = (0.10, 0.05, 0.01)

BATCH = 2_000
"""Simulated samples held at once: a few tens of megabytes for samples of some hundred observations."""


@dataclass(frozen=True)
class Bound:
    """A statistic with its bounds at `LEVELS` and the probabilities of a more extreme one under each extreme.

    ``lower`` and ``p_lower`` suppose all regressors stationary, ``upper`` and ``p_upper`` all integrated of order one.
    """

    statistic: float
    lower: tuple[float, float, float]
    upper: tuple[float, float, float]
    p_lower: float
    p_upper: float

    def standing(self, level: float = 0.05) -> Literal["beyond", "between", "inside"]:
        """Where the statistic stands against the two bounds of a level in `LEVELS`."""
        place = LEVELS.index(level)
        sign = -1.0 if self.upper[place] < 0 else 1.0
        if sign * self.statistic > sign * self.upper[place]:
            return "beyond"
        return "inside" if sign * self.statistic < sign * self.lower[place] else "between"


@dataclass(frozen=True)
class BoundsTest:
    """The three tests of one equation.

    ``n`` observations, ``k`` regressors, ``replications`` simulated samples behind the bounds.
    """

    case: Case
    k: int
    n: int
    replications: int
    f: Bound
    t: Bound
    fx: Bound

    def verdict(self, level: float = 0.05) -> Verdict:
        """``level relation`` when all three are beyond their upper bounds, ``none`` when F or t is inside its lower one.

        ``degenerate`` when F is beyond and one of the others is inside its lower bound: the level of one side alone.
        """
        f, t, fx = (bound.standing(level) for bound in (self.f, self.t, self.fx))
        if (f, t, fx) == ("beyond", "beyond", "beyond"):
            return "level relation"
        if f == "inside":
            return "none"
        if f == "beyond" and "inside" in (t, fx):
            return "degenerate"
        return "none" if t == "inside" else "inconclusive"


@dataclass(frozen=True)
class NullDistribution:
    """Simulated statistics under no level relation.

    Attributes
    ----------
    lower, upper : mapping of {"f", "t", "fx"} to ndarray, shape (replications,)
        With stationary regressors and with random walks, ascending.
    """

    case: Case
    k: int
    n: int
    lower: Mapping[Statistic, FloatArray]
    upper: Mapping[Statistic, FloatArray]

    @property
    def replications(self) -> int:
        """Simulated samples."""
        return len(self.upper["f"])

    def bound(self, name: Statistic, statistic: float) -> Bound:
        """A statistic set against the simulated distributions."""
        tail = 1.0 if name == "t" else -1.0
        ends = []
        for drawn in (self.lower[name], self.upper[name]):
            share = [p if name == "t" else 1 - p for p in LEVELS]
            ends.append(tuple(float(q) for q in np.quantile(drawn, share)))
        p_lower, p_upper = (
            float(np.mean(tail * drawn <= tail * statistic)) for drawn in (self.lower[name], self.upper[name])
        )
        return Bound(statistic, _three(ends[0]), _three(ends[1]), p_lower, p_upper)


def simulate_null(
    case: Case, k: int, n: int, *, rng: np.random.Generator, replications: int = 20_000
) -> NullDistribution:
    """Distribution of the three statistics without a level relation, in samples of ``n`` observations.

    Parameters
    ----------
    case : {1, 2, 3, 4, 5}
    k : int
        Regressors.
    n : int
        Observations of the equation.
    rng : numpy.random.Generator
    replications : int
        Samples drawn. The paper's tables rest on 40 000 samples of 1 000 observations.

    Returns
    -------
    NullDistribution

    Notes
    -----
    As in the paper (section 3.3): the dependent variable is a random walk, the regressors are independent random walks
    (upper) or white noise (lower), without further lags of differences.
    """
    if k < 1 or n < 10 + k:
        raise ModelError(f"the bounds need a regressor and more than {10 + k} observations (got {k}, {n})")
    found: dict[str, dict[Statistic, list[FloatArray]]] = {
        end: {"f": [], "t": [], "fx": []} for end in ("lower", "upper")
    }
    for size in [BATCH] * (replications // BATCH) + [replications % BATCH]:
        shocks = rng.standard_normal((size, n + 1, k + 1))
        walks = np.cumsum(shocks, axis=1)
        for end, x in (("lower", shocks[:, :-1, 1:]), ("upper", walks[:, :-1, 1:])):
            levels = np.concatenate([walks[:, :-1, :1], x], axis=2)
            for name, drawn in _statistics(case, np.diff(walks[:, :, 0], axis=1), levels).items():
                found[end][name].append(drawn)
    lower, upper = (
        {name: np.sort(np.concatenate(parts)) for name, parts in found[end].items()}
        for end in ("lower", "upper")
    )
    return NullDistribution(case, k, n, lower, upper)


def bounds_test(fit: ErrorCorrection, null: NullDistribution) -> BoundsTest:
    """Test an error-correction model for a relation in levels.

    Parameters
    ----------
    fit : ErrorCorrection
        Its deterministic terms must be those of the case.
    null : NullDistribution
        Of the same case, number of regressors and about the same number of observations (within a tenth).

    Returns
    -------
    BoundsTest

    Raises
    ------
    ModelError
        When fit and null distribution do not belong together.
    """
    case, k = null.case, len(fit.regressors)
    if TREND_OF[case] != fit.trend or k != null.k or abs(null.n - fit.n) > 0.1 * fit.n:
        raise ModelError(
            f"the null distribution (case {case}, {null.k} regressors, {null.n} observations) is not that of the model "
            f"(trend {fit.trend!r}, {k} regressors, {fit.n} observations)"
        )
    values = statistics(fit, case)
    bounds = {name: null.bound(name, value) for name, value in values.items()}
    return BoundsTest(case, k, fit.n, null.replications, bounds["f"], bounds["t"], bounds["fx"])


def statistics(fit: ErrorCorrection, case: Case) -> dict[Statistic, float]:
    """F on all lagged levels (and the restricted deterministic term), t on that of y, F on those of x.

    All with the classical covariance, under which the distributions are known.
    """
    places = list(fit.level_places)
    f = [places[0] - 1, *places] if case in (2, 4) else places
    t = fit.params[places[0]] / np.sqrt(fit.cov[places[0], places[0]])
    return {"f": _wald(fit, f), "t": float(t), "fx": _wald(fit, places[1:])}


def asymptotic_f_bounds(case: Case, k: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lower and upper asymptotic bounds of F at `LEVELS`, from the tables that statsmodels computed.

    Its tables are right (32 million samples for each entry); they are read here with the number of regressors.
    """
    from statsmodels.tsa.ardl import pss_critical_values as tables

    if (k, case, True) not in tables.crit_vals:
        raise ModelError(f"no asymptotic bounds for {k} regressors; simulate them")
    percentiles = [tables.crit_percentiles.index(round(100 * (1 - level))) for level in LEVELS]
    lower, upper = (tables.crit_vals[(k, case, integrated)] for integrated in (False, True))
    return tuple(lower[i] for i in percentiles), tuple(upper[i] for i in percentiles)


def _three(values: tuple[float, ...]) -> tuple[float, float, float]:
    first, second, third = values
    return first, second, third


def _wald(fit: ErrorCorrection, places: list[int]) -> float:
    part = fit.params[places]
    return float(part @ np.linalg.solve(fit.cov[np.ix_(places, places)], part) / len(places))


def _statistics(case: Case, change: FloatArray, levels: FloatArray) -> dict[Statistic, FloatArray]:
    """The statistics of many samples at once: change (s, n) on levels (s, n, k + 1) and deterministic terms."""
    samples, n, width = levels.shape
    terms = {"const": np.ones(n), "trend": np.arange(1.0, n + 1) / n}
    names = DETERMINISTIC[TREND_OF[case]]
    certain = np.broadcast_to(
        np.column_stack([terms[name] for name in names]) if names else np.empty((n, 0)),
        (samples, n, len(names)),
    )
    design = np.concatenate([certain, levels], axis=2)
    across = design.transpose(0, 2, 1)
    inverse = np.linalg.inv(np.matmul(across, design))
    moment = np.matmul(across, change[:, :, None])
    b = np.matmul(inverse, moment)[:, :, 0]
    squares = np.einsum("sn,sn->s", change, change) - np.einsum("si,si->s", b, moment[:, :, 0])
    variance = squares / (n - design.shape[2])
    first = len(names)

    def wald(places: list[int]) -> FloatArray:
        part = b[:, places]
        solved = np.linalg.solve(inverse[:, places][:, :, places], part[:, :, None])[:, :, 0]
        value: FloatArray = np.einsum("si,si->s", part, solved) / (len(places) * variance)
        return value

    places = list(range(first, first + width))
    t = b[:, first] / np.sqrt(variance * inverse[:, first, first])
    return {
        "f": wald([first - 1, *places] if case in (2, 4) else places),
        "t": t,
        "fx": wald(places[1:]),
    }
