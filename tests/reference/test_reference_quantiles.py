"""V16 and V23: Delta-CoVaR under a normal law, and Engel's food expenditure (Koenker and Bassett 1982; Koenker 2005)."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from cryptorisk.stats.covar import delta_covar
from cryptorisk.stats.quantile_lines import quantile_line

ENGEL = {0.05: (124.880, 0.343361), 0.5: (81.4823, 0.560181), 0.95: (64.104, 0.709069)}


def test_v16_gaussian_delta_covar():
    rho, own, system = 0.5, 2.0, 1.5
    rng = np.random.default_rng(1)
    covariance = [[own**2, rho * own * system], [rho * own * system, system**2]]
    drawn = rng.multivariate_normal([0, 0], covariance, size=200_000)
    found = delta_covar(drawn[:, 1], drawn[:, 0], quantile=0.05)
    assert found.delta == pytest.approx(norm.ppf(0.05) * rho * system, rel=0.02)
    assert found.covar - found.covar_median == pytest.approx(found.delta)


def test_v16_where_quantile_slope_and_median_all_matter():
    """Beside a normal pair, in which OLS, the median's slope, no median or the mean give the same.

    x log-normal with median 1 and mean 1.197, ``y = x/2 + (1 + 0.4 x) e``: the slope at 5 % is ``0.5 + 0.4 z`` with
    ``z = Phi^-1(0.05)``, Delta-CoVaR that times ``exp(0.6 z) - 1``: 0.0991. With the slope of OLS or of the median it
    would be -0.314, without the median -0.059, with the mean 0.130.
    """
    normals, errors = np.random.default_rng(1).standard_normal((2, 200_000))
    x = np.exp(0.6 * normals)
    y = 0.5 * x + (1 + 0.4 * x) * errors
    found = delta_covar(y, x, quantile=0.05)
    z = norm.ppf(0.05)
    assert found.slope == pytest.approx(0.5 + 0.4 * z, rel=0.02)
    assert found.median == pytest.approx(1.0, rel=0.005)
    assert found.delta == pytest.approx((0.5 + 0.4 * z) * (np.exp(0.6 * z) - 1), rel=0.02)


@pytest.mark.parametrize("quantile", ENGEL)
def test_v23_engel(quantile):
    data = sm.datasets.engel.load_pandas().data
    x = np.column_stack([np.ones(len(data)), data["income"]])
    line = quantile_line(data["foodexp"].to_numpy(), x, quantile)
    assert line == pytest.approx(ENGEL[quantile], rel=1e-4)
