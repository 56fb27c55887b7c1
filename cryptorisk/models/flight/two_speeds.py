"""Whether the shadow and the official rate are drawn together at another speed when the premium is wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.errors import ModelError
from cryptorisk.estimate import MISSING, number
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.result import Column, Table
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.price_discovery import Discovery
from cryptorisk.stats.sup_lm import SupLM, sup_lm
from cryptorisk.stats.threshold_vecm import TRIM, SpeedRegime, ThresholdVECM, fit_threshold_vecm

PER_COEFFICIENT = 10
"""Fewest days of the smaller regime for every coefficient of an equation: with one lag 40 days, a stretch of 267. At 300 the
coverage study finds two speeds in 4 to 8 of 100 worlds that have one, and in 37 to 45 of 100 that have 0.02 and 0.25."""


@dataclass(frozen=True)
class TwoSpeeds:
    """The test of one speed against two, and the model with two."""

    test: SupLM
    model: ThresholdVECM


def two_speeds(
    pair: pd.DataFrame, discovery: Discovery | str, rng: np.random.Generator
) -> TwoSpeeds | str | None:
    """Hansen and Seo's test and model of a stretch, or why not; None where price discovery is refused, for its reason.

    Parameters
    ----------
    pair : DataFrame
        Shadow and official rate on the days on which both were published.
    discovery : Discovery or str
        Its relation is (1, -1) and its lags are taken.
    rng : numpy.random.Generator

    Returns
    -------
    TwoSpeeds, str or None
    """
    if isinstance(discovery, str):
        return None
    n, lags = discovery.model.n, discovery.model.lags
    asked = PER_COEFFICIENT * (2 + 2 * lags)
    if TRIM * n < asked:
        return f"{n} days: the smaller regime may have {TRIM * n:.0f}, and {asked} are asked for {2 + 2 * lags} coefficients"
    x = np.log(pair[["shadow", "official"]].to_numpy(float))
    try:
        return TwoSpeeds(
            sup_lm(x, lags=lags, slope=1.0, rng=rng), fit_threshold_vecm(x, lags=lags, slope=1.0)
        )
    except ModelError as error:
        return error.what


def two_speeds_table(
    found: Sequence[tuple[str, TwoSpeeds | str | None]], series: PremiumSeries, level: float
) -> tuple[Table, ...]:
    """A row for every stretch (by its label) with price discovery; no table where there is none."""
    rows = [(label, detail) for label, detail in found if detail is not None]
    if not rows:
        return ()
    told = [detail for _label, detail in rows if isinstance(detail, TwoSpeeds)]
    holm = iter(adjusted_p(np.array([one.test.p_fixed for one in told])) if told else ())
    frame = pd.DataFrame(
        [
            {
                "stretch": label,
                **(_refused(detail) if isinstance(detail, str) else _row(detail, float(next(holm)), level)),
            }
            for label, detail in rows
        ]
    )
    columns: tuple[Column, ...] = (
        Column("stretch", "Exchange regime"),
        Column("n", "Days", "", 0),
        Column("lm", "SupLM", "", 1),
        Column("fixed", "p, fixed regressor", "", 3),
        Column("holm", "p, Holm", "", 3),
        Column("residual", "p, residual", "", 3),
        Column("threshold", "Threshold", "log %", 1),
        Column("below", "Days below", "%", 0),
        Column("shadow", "Shadow rate's speed: below; above"),
        Column("official", "Official rate's speed: below; above"),
        Column("reason", "Why refused"),
    )
    note = (
        "Threshold error-correction model of Hansen and Seo (2002) with the relation (1, -1); the test is of all "
        "coefficients, and p is of one regime. Speeds: share of the gap added in a day, with "
        f"{100 * level:.0f} % intervals as if the threshold were known: too narrow, and without meaning where the test "
        "finds one regime. Refused where price discovery is, and where the smaller regime has fewer than "
        f"{PER_COEFFICIENT} days a coefficient."
    )
    title = "Do the two rates come together faster when the premium is wide?"
    if not told:  # nothing but reasons
        columns = (columns[0], columns[-1])
    elif len(told) == len(rows):  # no reason
        columns = columns[:-1]
    frame = frame[[column.name for column in columns]]
    return (Table("flight.premium_two_speeds", title, frame, columns, note, series.sources),)


def _row(detail: TwoSpeeds, holm: float, level: float) -> dict[str, object]:
    test, model = detail.test, detail.model
    return {
        "n": test.n,
        "lm": test.statistic,
        "fixed": test.p_fixed,
        "holm": holm,
        "residual": test.p_residual,
        "threshold": 100 * model.threshold,
        "below": 100 * model.regimes[0].n / model.n,
        "shadow": "; ".join(_speed(one, 0, level) for one in model.regimes),
        "official": "; ".join(_speed(one, 1, level) for one in model.regimes),
        "reason": "",
    }


def _refused(reason: str) -> dict[str, object]:
    numbers = dict.fromkeys(("n", "lm", "fixed", "holm", "residual", "threshold", "below"), math.nan)
    return {**numbers, "shadow": MISSING, "official": MISSING, "reason": reason}


def _speed(one: SpeedRegime, equation: int, level: float) -> str:
    value, error = float(one.speeds[equation]), float(one.speed_errors[equation])
    reach = float(norm.ppf((1 + level) / 2)) * error
    return f"{number(value, 2)} ({number(value - reach, 2)} to {number(value + reach, 2)})"
