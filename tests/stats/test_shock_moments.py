import numpy as np
import pytest
from arch.univariate import SkewStudent
from scipy.stats import norm
from scipy.stats import t as student

from cryptorisk.stats.shock_moments import absolute_moment, mean_absolute_shock, side_moments


@pytest.mark.parametrize("power", [0.5, 1.0, 1.7, 2.0])
@pytest.mark.parametrize("nu", [None, 3.0, 8.0])
def test_moments_by_integration(power, nu):
    law = norm() if nu is None else student(nu, scale=np.sqrt((nu - 2) / nu))
    known = law.expect(lambda z: np.abs(z) ** power, epsrel=1e-10)
    assert absolute_moment(power, nu) == pytest.approx(known, rel=1e-5)
    assert side_moments(power, nu) == pytest.approx((known / 2, known / 2), rel=1e-5)


def test_a_standardised_shock_has_variance_one_and_no_moment_beyond_nu():
    assert absolute_moment(2.0, 2.5) == pytest.approx(1.0)
    assert absolute_moment(3.0, 3.0) == np.inf
    assert mean_absolute_shock(None) == pytest.approx(np.sqrt(2 / np.pi))


@pytest.mark.parametrize("skew", [-0.4, 0.2])
def test_skewed_moments_against_arch(skew):
    below, above = side_moments(2.0, 6.0, skew)
    assert below + above == pytest.approx(1.0, rel=1e-6)
    assert below == pytest.approx(SkewStudent().partial_moment(2, 0.0, np.array([6.0, skew])), rel=1e-6)
    low, high = side_moments(1.0, 6.0, skew)
    assert low == pytest.approx(high, rel=1e-6)  # mean zero
    assert (below > above) == (skew < 0)
