"""Shares in price discovery: closed forms of Baillie, Booth, Tse and Zabotina (2002), and Hasbrouck's own definition.

The long-run matrix is built here from the model's impulse responses, which is how Hasbrouck (1995) defines the share; the
package takes it from the speeds of adjustment alone.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.linalg import cholesky
from scipy.linalg import sqrtm

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import true_shares

from cryptorisk.stats.discovery_shares import discovery_shares

CASES = [
    ((-0.1, 0.1), (1.0, 1.0), 0.0),
    ((-0.02, 0.08), (1.0, 2.0), 0.3),
    ((-0.3, 0.05), (0.5, 1.5), 0.7),
    ((-0.05, 0.2), (2.0, 1.0), -0.4),
]


def covariance(sd, correlation):
    cross = correlation * sd[0] * sd[1]
    return np.array([[sd[0] ** 2, cross], [cross, sd[1] ** 2]])


@pytest.mark.parametrize(("speeds", "sd", "correlation"), CASES)
def test_shares_are_the_closed_forms(speeds, sd, correlation):
    shares = discovery_shares(np.array(speeds), covariance(sd, correlation))
    component, lower, upper = true_shares(speeds, sd, correlation)
    assert shares.component == pytest.approx(component)
    assert (shares.lower, shares.upper) == pytest.approx((lower, upper))
    root = np.diag(sd) @ sqrtm(np.array([[1.0, correlation], [correlation, 1.0]]))
    parts = (np.array([speeds[1], -speeds[0]]) @ root) ** 2
    assert shares.modified == pytest.approx(parts[0] / parts.sum())


@pytest.mark.parametrize(("speeds", "sd", "correlation"), CASES)
@pytest.mark.parametrize("lag", [0.0, 0.35])
def test_shares_are_those_of_the_long_run_response(speeds, sd, correlation, lag):
    """A unit of news in each price, followed until both prices have settled; short-run dynamics do not change the shares."""
    response = np.empty((2, 2))
    for source in range(2):
        x, change = np.zeros(2), np.zeros(2)
        x[source] = change[source] = 1.0
        for _ in range(4000):
            change = np.array(speeds) * (x[0] - x[1]) + lag * change
            x = x + change
        assert x[0] == pytest.approx(x[1], abs=1e-9)
        response[:, source] = x
    s = covariance(sd, correlation)
    row = response[0]
    total = row @ s @ row
    first = (row @ cholesky(s))[0] ** 2 / total
    turned = (row[::-1] @ cholesky(s[::-1, ::-1]))[1] ** 2 / total
    shares = discovery_shares(np.array(speeds), s)
    assert (shares.lower, shares.upper) == pytest.approx(tuple(sorted((first, turned))), rel=1e-6)
    assert shares.component == pytest.approx(row[0] / row.sum(), rel=1e-6)


def test_a_satellite_market_discovers_nothing():
    """Hasbrouck (1995): the second price follows the first one's last quote; all news is the first one's."""
    shares = discovery_shares(np.array([0.0, 1.0]), covariance((1.0, 0.5), 0.0))
    assert (shares.component, shares.lower, shares.upper, shares.modified) == pytest.approx((1, 1, 1, 1))


def test_the_symmetric_root_has_no_order():
    """Lien and Shrestha (2009): equal speeds and equal news give halves whatever the correlation."""
    for correlation in (0.0, 0.5, 0.95):
        shares = discovery_shares(np.array([-0.1, 0.1]), covariance((1.0, 1.0), correlation))
        assert shares.modified == pytest.approx(0.5)
        assert shares.lower == pytest.approx((1 - correlation) / 2)
