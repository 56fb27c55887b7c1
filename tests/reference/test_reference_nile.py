"""V24: the local level of the Nile at Aswan, 1871 to 1970 (Durbin and Koopman 2012, section 2.2).

The likelihood is flat: variances within one per cent of the published ones, its value to a hundredth.
"""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tsa.statespace.structural import UnobservedComponents

from cryptorisk.stats.forecasting import CANDIDATES, forecast

OF_THE_FLOW, OF_THE_LEVEL = 15_099.0, 1469.1


@pytest.fixture(scope="module")
def nile():
    return sm.datasets.nile.load_pandas().data["volume"].to_numpy(dtype=float)


def test_v24_variances(nile):
    assert len(nile) == 100
    found = CANDIDATES["local_level"].fit(nile)
    assert found == pytest.approx([OF_THE_FLOW, OF_THE_LEVEL], rel=0.01)


def test_v24_likelihood_at_the_kits_variances(nile):
    found = CANDIDATES["local_level"].fit(nile)
    assert UnobservedComponents(nile, "llevel").loglike(found) == pytest.approx(-632.538, abs=0.01)


def test_the_forecast_is_the_published_filter_carried_on(nile):
    """The level's filter written out (their equations 2.15) with their variances, then a flat path whose variance grows."""
    level, variance = nile[0], OF_THE_FLOW  # a diffuse start: the first flow is the level
    for flow in nile[1:]:
        variance += OF_THE_LEVEL
        gain = variance / (variance + OF_THE_FLOW)
        level, variance = level + gain * (flow - level), variance * (1 - gain)
    ahead = forecast("local_level", nile, 30)
    assert ahead.mean == pytest.approx(np.full(30, level), rel=0.002)
    spread = np.sqrt(variance + OF_THE_LEVEL * np.arange(1, 31) + OF_THE_FLOW)
    assert ahead.sd == pytest.approx(spread, rel=0.005)
