"""Panels of economies with a known hazard of a currency crash."""

from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.special import expit

from cryptorisk.models.early_warning.indicators import INDICATORS, Panel
from cryptorisk.models.early_warning.sample import Equation

NAMES = ("inflation", "overvaluation", "growth")
BETA = np.array([-3.2, 1.0, 0.6, 0.0])
"""Constant and effects of one standard deviation; the third variable has none."""
NEXT_YEAR = Equation("next", "Next year", NAMES, horizon=1)


def panel(seed, *, economies=100, years=22, beta=BETA, persistence=0.7, unseen=0.0, common=0.0) -> Panel:
    """Indicators that follow autoregressions with a level of their own, and crashes a year later by the logit.

    ``unseen`` is the standard deviation of a fixed trait of the economy in the hazard that no indicator shows, ``common``
    that of a shock to all economies in a year.
    """
    rng = np.random.default_rng(seed)
    x = np.zeros((years, economies, len(INDICATORS)))
    level = 0.7 * rng.standard_normal((economies, len(INDICATORS)))
    x[0] = rng.standard_normal(x[0].shape)
    for t in range(1, years):
        x[t] = persistence * x[t - 1] + np.sqrt(1 - persistence**2) * rng.standard_normal(x[0].shape)
    x = np.sqrt(0.5) * (x + level / 0.7)  # variance one
    which = [i for name in NAMES for i, one in enumerate(INDICATORS) if one.name == name]
    odds = beta[0] + x[:, :, which] @ beta[1:]
    odds = odds + unseen * rng.standard_normal(economies) + common * rng.standard_normal(years)[:, None]
    crash = np.zeros((years, economies))
    crash[1:] = rng.random((years - 1, economies)) < expit(odds[:-1])
    index, columns = list(range(2000, 2000 + years)), [f"E{k:03d}" for k in range(economies)]
    frames = {
        one.name: pd.DataFrame(x[:, :, i], index=index, columns=columns) for i, one in enumerate(INDICATORS)
    }
    crashed = pd.DataFrame(crash, index=index, columns=columns)
    rate = pd.DataFrame(np.ones_like(crash), index=index, columns=columns)
    return Panel(MappingProxyType(frames), crashed, rate)
