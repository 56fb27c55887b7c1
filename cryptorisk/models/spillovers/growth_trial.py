"""When a model of growth's quantiles is believed: the house rule of `cryptorisk.models.left_out`, on losses of a quantile.

At least `LEAST_GAIN` less pinball loss at the lowest quantile on quarters it had not seen, and significantly less, than each
of the simple alternatives. Few outcomes lie below a 5 % quantile, so that a hair less is chance.
"""

from __future__ import annotations

from cryptorisk.models.left_out import LEAST_GAIN, LEVEL
from cryptorisk.stats.at_risk import AtRiskBacktest
from cryptorisk.stats.forecast_scores import fixed_smoothing
from cryptorisk.stats.sample import FloatArray

BENCHMARKS = ("unconditional", "autoregression")
RULE = (
    f"at least {100 * LEAST_GAIN:.0f} % less loss at the 5 % quantile than unconditional quantiles and than an "
    f"autoregression, significant at {100 * LEVEL:.0f} %, one-sided"
)


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


def given(test: AtRiskBacktest, horizon: int) -> bool:
    """Whether the conditional model is believed over both benchmarks."""
    ours = test.lowest["conditional"].to_numpy()
    return all(saves(ours, test.lowest[name].to_numpy(), horizon) for name in BENCHMARKS)


def saving(test: AtRiskBacktest) -> float:
    """What the conditional model saves of the better benchmark's loss, percent; negative where it loses more."""
    means = test.lowest.mean()
    return 100 * (1 - float(means["conditional"]) / float(means[list(BENCHMARKS)].min()))
