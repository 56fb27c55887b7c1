"""Did forecasts of expected shortfall hold? Size of losses beyond the value at risk, and the joint score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.backtest import BacktestOutcome, violations
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample


def acerbi_szekely_z1(losses: Values, value_at_risk: Values, expected_shortfall: Values) -> float:
    """First statistic of Acerbi and Szekely: size of losses beyond the value at risk against the forecast size.

    ``1 - mean(loss / ES)`` over the days of violations: zero on average when both forecasts hold, negative when
    the expected shortfall is understated, whatever the number of violations. NaN without a violation.

    Parameters
    ----------
    losses, value_at_risk, expected_shortfall : array-like, shape (n,)
        Same unit, losses positive.

    References
    ----------
    Acerbi and Szekely (2014), Risk, December, test 1.
    """
    hits = violations(losses, value_at_risk)
    shortfall = checked_sample(expected_shortfall, name="expected shortfall")
    return float(_z1(checked_sample(losses, name="losses"), hits, shortfall))


def acerbi_szekely_z2(
    losses: Values, value_at_risk: Values, expected_shortfall: Values, level: float
) -> float:
    """Second statistic of Acerbi and Szekely: mean zero when both forecasts hold, negative when risk is understated.

    Parameters
    ----------
    losses, value_at_risk, expected_shortfall : array-like, shape (n,)
        Same unit, losses positive.
    level : float
        Of the value at risk.

    Returns
    -------
    float
        ``1 - sum(loss hit / ES) / (n (1 - level))``; -0.7 is the critical value at 5 % for many distributions.

    References
    ----------
    Acerbi and Szekely (2014), Risk, December, equation (6).
    """
    hits = violations(losses, value_at_risk)
    shortfall = checked_sample(expected_shortfall, name="expected shortfall")
    return float(_z2(checked_sample(losses, name="losses"), hits, shortfall, level))


def z1_p_value(
    losses: Values, value_at_risk: Values, expected_shortfall: Values, simulated_losses: FloatArray
) -> BacktestOutcome:
    """Test of `acerbi_szekely_z1` with the p-value simulated under the forecasts themselves, see `z2_p_value`.

    Simulated histories without a violation say nothing on its size and are left out; without an observed
    violation statistic and p-value are NaN.
    """
    hits = violations(losses, value_at_risk)
    observed = acerbi_szekely_z1(losses, value_at_risk, expected_shortfall)
    _check_simulated(simulated_losses, hits.size)
    quantile = np.asarray(value_at_risk, dtype=np.float64)
    shortfall = np.asarray(expected_shortfall, dtype=np.float64)
    drawn = _z1(simulated_losses, simulated_losses > quantile, shortfall)
    return BacktestOutcome(observed, _share_below(drawn, observed), int(hits.sum()), hits.size)


def z2_p_value(
    losses: Values,
    value_at_risk: Values,
    expected_shortfall: Values,
    level: float,
    simulated_losses: FloatArray,
) -> BacktestOutcome:
    """Acerbi and Szekely's test with the p-value simulated under the forecasts themselves.

    Parameters
    ----------
    losses, value_at_risk, expected_shortfall, level
        As in `acerbi_szekely_z2`.
    simulated_losses : ndarray, shape (replications, n)
        Losses drawn, for every day, from the distribution that the forecast of that day was read from.

    Returns
    -------
    BacktestOutcome
        The p-value is the share of simulated statistics at or below the observed one, the observed one
        included, so it is never zero.
    """
    hits = violations(losses, value_at_risk)
    observed = acerbi_szekely_z2(losses, value_at_risk, expected_shortfall, level)
    quantile = np.asarray(value_at_risk, dtype=np.float64)
    shortfall = np.asarray(expected_shortfall, dtype=np.float64)
    _check_simulated(simulated_losses, hits.size)
    drawn = _z2(simulated_losses, simulated_losses > quantile, shortfall, level)
    return BacktestOutcome(observed, _share_below(drawn, observed), int(hits.sum()), hits.size)


def fissler_ziegel_losses(
    losses: Values, value_at_risk: Values, expected_shortfall: Values, level: float
) -> FloatArray:
    """Joint score of value at risk and expected shortfall on each day, shape (n,); lower is better.

    The FZ0 loss, homogeneous of degree zero, so one volatile year does not decide (Patton, Ziegel and Chen
    2019, Journal of Econometrics 211(2), equation 6), written for positive losses.
    """
    actual = checked_sample(losses, name="losses")
    hits = violations(losses, value_at_risk)
    quantile = checked_sample(value_at_risk, name="value at risk")
    shortfall = checked_sample(expected_shortfall, name="expected shortfall")
    if (shortfall <= 0).any():
        raise ModelError("expected shortfall must be positive in every period")
    excess = hits * (actual - quantile) / ((1.0 - checked_level(level)) * shortfall)
    return np.asarray(excess + quantile / shortfall + np.log(shortfall) - 1.0)


def fissler_ziegel_score(
    losses: Values, value_at_risk: Values, expected_shortfall: Values, level: float
) -> float:
    """Mean of `fissler_ziegel_losses`; the lower, the better the forecasts."""
    return float(np.mean(fissler_ziegel_losses(losses, value_at_risk, expected_shortfall, level)))


def _z1(losses: FloatArray, hits: NDArray[np.bool_], shortfall: FloatArray) -> FloatArray:
    counts = hits.sum(axis=-1)
    sums = (losses * hits / shortfall).sum(axis=-1)
    return np.asarray(np.where(counts > 0, 1.0 - sums / np.maximum(counts, 1), np.nan))


def _share_below(drawn: FloatArray, observed: float) -> float:
    """Share of simulated statistics at or below the observed one, itself included."""
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(observed) or known.size == 0:
        return float("nan")
    return (1.0 + float((known <= observed).sum())) / (known.size + 1.0)


def _check_simulated(simulated_losses: FloatArray, days: int) -> None:
    if simulated_losses.ndim != 2 or simulated_losses.shape[1] != days:
        raise ModelError(f"simulated losses must have {days} columns (got shape {simulated_losses.shape})")


def _z2(losses: FloatArray, hits: NDArray[np.bool_], shortfall: FloatArray, level: float) -> FloatArray:
    expected = shortfall.size * (1.0 - checked_level(level))
    return np.asarray(1.0 - (losses * hits / shortfall).sum(axis=-1) / expected)
