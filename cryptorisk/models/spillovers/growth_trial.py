"""When a model of growth's quantiles is believed: the house rule of `cryptorisk.models.left_out`, on lower-tail losses.

At least `LEAST_GAIN` less pinball loss on quarters it had not seen, and significantly less, than each of the simple
alternatives; the loss is a mean over quantiles of 5 to 25 %. At 5 % alone one or two quarters of thirty make the loss, and
strong effects are found less often (METHODS.md gives size and power of both).
"""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.left_out import LEAST_GAIN, LEVEL
from cryptorisk.stats.at_risk import TAIL
from cryptorisk.stats.forecast_scores import fixed_smoothing
from cryptorisk.stats.sample import FloatArray

BENCHMARKS = ("unconditional", "autoregression")
RULE = (
    f"at least {100 * LEAST_GAIN:.0f} % less loss over the quantiles of {100 * TAIL[0]:.0f} to {100 * TAIL[-1]:.0f} % than "
    f"unconditional quantiles and than an autoregression, significant at {100 * (1 - LEVEL):.0f} %, one-sided"
)

POWER = "with so few quarters only a strong effect, and a quarter ahead alone, can pass"
"""What the study of size and power (METHODS.md) says of samples near the fewest quarters, for the reader of a refusal and
for who would gather the figures."""


def saves(loss: FloatArray, simple: FloatArray, horizon: int) -> bool:
    """Whether losses are lower than the simple alternative's by the house rule.

    Parameters
    ----------
    loss, simple : ndarray, shape (origins,)
        Pinball losses at the same origins, in time order.
    horizon : int
        Periods ahead: losses of overlapping outcomes are correlated over that many less one.
    """
    if loss.mean() > (1 - LEAST_GAIN) * simple.mean():
        return False
    return fixed_smoothing(loss, simple, horizon) / 2 < 1 - LEVEL


def given(losses: pd.DataFrame, horizon: int) -> bool:
    """Whether the conditional model is believed over both benchmarks.

    Parameters
    ----------
    losses : DataFrame
        Of `cryptorisk.stats.at_risk.tail_losses`.
    horizon : int
    """
    ours = losses["conditional"].to_numpy()
    return all(saves(ours, losses[name].to_numpy(), horizon) for name in BENCHMARKS)


def saving(losses: pd.DataFrame) -> float:
    """What the conditional model saves of the better benchmark's loss, percent; negative where it loses more."""
    means = losses.mean()
    return 100 * (1 - float(means["conditional"]) / float(means[list(BENCHMARKS)].min()))
