"""The signals approach: an indicator beyond its threshold warns of an event; how often rightly, how often not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Warnings:
    """Counts of signals and events.

    Attributes
    ----------
    hits, false_alarms, missed, quiet : int
        A: signal and event follow; B: signal alone; C: event alone; D: neither.
    """

    hits: int
    false_alarms: int
    missed: int
    quiet: int

    @classmethod
    def count(cls, signal: Mask, event: Mask) -> Warnings:
        """From two vectors of the same length."""
        s, e = np.asarray(signal, dtype=bool), np.asarray(event, dtype=bool)
        return cls(int((s & e).sum()), int((s & ~e).sum()), int((~s & e).sum()), int((~s & ~e).sum()))

    @property
    def missed_share(self) -> float:
        """``T1 = C/(A + C)``: share of events without a signal before them."""
        return _ratio(self.missed, self.hits + self.missed)

    @property
    def false_share(self) -> float:
        """``T2 = B/(B + D)``: share of quiet times with a signal."""
        return _ratio(self.false_alarms, self.false_alarms + self.quiet)

    @property
    def noise_to_signal(self) -> float:
        """``[B/(B + D)] / [A/(A + C)]``; infinite where no event was signalled. Below one: better than chance."""
        hits = _ratio(self.hits, self.hits + self.missed)
        return self.false_share / hits if hits > 0 else np.inf

    @property
    def base_rate(self) -> float:
        """``(A + C)/n``: how often events come, signal or not."""
        return _ratio(self.hits + self.missed, self.hits + self.missed + self.false_alarms + self.quiet)

    @property
    def conditional(self) -> float:
        """``A/(A + B)``: how often an event follows a signal; NaN without signals."""
        return _ratio(self.hits, self.hits + self.false_alarms)

    def usefulness(self, theta: float) -> float:
        """``min(theta, 1 - theta) - [theta T1 + (1 - theta) T2]``: what heeding the signals saves.

        Parameters
        ----------
        theta : float
            Weight on missed events against false alarms, between 0 and 1.

        References
        ----------
        Alessi and Detken (2011), Quasi real time early warning indicators for costly asset price boom/bust cycles,
        European Journal of Political Economy 27(3), 520-533.
        """
        if not 0 < theta < 1:
            raise ModelError(f"theta must lie strictly between 0 and 1 (got {theta})")
        return min(theta, 1 - theta) - theta * self.missed_share - (1 - theta) * self.false_share


@dataclass(frozen=True)
class Threshold:
    """The best threshold of an indicator: its percentile, its value, and how it did."""

    percentile: float
    value: float
    warnings: Warnings


def best_threshold(
    values: Values, events: Values, percentiles: Sequence[float], *, fewest_hits: int = 1
) -> Threshold | None:
    """The percentile beyond which an indicator warns with the least noise.

    Parameters
    ----------
    values : array-like, shape (n,)
        So oriented that more is more danger.
    events : array-like of 0 and 1, shape (n,)
        Whether an event followed.
    percentiles : sequence of float
        Candidates, 0 to 100.
    fewest_hits : int
        Events that must be signalled: the smallest ratio alone would take thresholds that are hardly ever crossed.

    Returns
    -------
    Threshold or None
        None where no candidate signals enough events.

    References
    ----------
    Kaminsky, Lizondo and Reinhart (1998), Leading indicators of currency crises, IMF Staff Papers 45(1), 1-48.
    """
    x = checked_sample(values, name="values", minimum=2)
    event = checked_sample(events, name="events", minimum=2).astype(bool)
    found = []
    for percentile in percentiles:
        value = float(np.percentile(x, percentile))
        found.append(Threshold(percentile, value, Warnings.count(x > value, event)))
    allowed = [one for one in found if one.warnings.hits >= fewest_hits]
    return min(allowed, key=lambda one: one.warnings.noise_to_signal, default=None)


def best_cutoff(scores: Values, events: Values, theta: float) -> float:
    """The cut-off of a score with the highest usefulness: a warning is a score at or above it."""
    score = checked_sample(scores, name="scores", minimum=2)
    event = checked_sample(events, name="events", minimum=2)
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.concatenate([score[order][1:] != score[order][:-1], [True]]))
    missed = 1 - np.cumsum(event[order])[ends] / event.sum()
    false = np.cumsum(1 - event[order])[ends] / (1 - event).sum()
    return float(score[order][ends][np.argmin(theta * missed + (1 - theta) * false)])


def composite(signals: FloatArray, noise_to_signal: FloatArray) -> FloatArray:
    """Signals weighted by the inverse of their noise: ``sum_k s_k / NSR_k`` over its greatest value.

    Parameters
    ----------
    signals : array, shape (n, k)
        1, 0 or NaN where the indicator is missing; it is then left out of both sums.
    noise_to_signal : array, shape (k,)
        Indicators no better than chance (one or more) have no weight.

    Returns
    -------
    ndarray, shape (n,)
        Between 0 and 1; NaN where less than half of the weight is known.

    References
    ----------
    Kaminsky (1999), Currency and banking crises: the early warnings of distress, IMF Working Paper 99/178.
    """
    s = np.array(signals, dtype=np.float64)
    noise = np.asarray(noise_to_signal, dtype=np.float64)
    weight = np.where(noise < 1, 1 / np.maximum(noise, 1e-6), 0.0)
    known = np.isfinite(s) * weight
    total = known.sum(axis=1)
    index = (np.nan_to_num(s) * weight).sum(axis=1) / np.where(total > 0, total, np.nan)
    return np.where(total >= weight.sum() / 2, index, np.nan)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
