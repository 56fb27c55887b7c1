"""Value at risk and expected shortfall of a sample of losses."""

from __future__ import annotations

import numpy as np

from cryptorisk.stats.sample import Values, checked_level, checked_sample


def value_at_risk(losses: Values, level: float) -> float:
    """Loss that is exceeded with probability ``1 - level``.

    Parameters
    ----------
    losses : array-like, shape (n,)
        Losses are positive numbers, gains negative ones.
    level : float
        0.99 for the loss exceeded on one day in a hundred.

    Returns
    -------
    float
        Sample quantile, interpolated linearly, in the unit of the losses.
    """
    return float(np.quantile(checked_sample(losses, name="losses"), checked_level(level)))


def expected_shortfall(losses: Values, level: float) -> float:
    """Mean loss at or beyond the value at risk (McNeil, Frey and Embrechts 2015, section 2.3.4)."""
    sample = checked_sample(losses, name="losses")
    return float(sample[sample >= np.quantile(sample, checked_level(level))].mean())
