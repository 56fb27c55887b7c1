"""V8: non-rejection regions of Kupiec (1995), Journal of Derivatives 3(2), table of 95 % regions.

The table prints ``N < 7`` for 255 days at 1 %: it has no lower end there. The likelihood ratio of no violation
at all is ``-2 * 255 * ln(0.99) = 5.13``, beyond 3.84, so the exact region begins at one violation.
"""

import math

import pytest

from cryptorisk.stats.backtest import kupiec, kupiec_region, traffic_light

PRINTED = {
    (0.01, 255): (None, 7),
    (0.01, 510): (1, 11),
    (0.01, 1000): (4, 17),
    (0.05, 255): (6, 21),
    (0.05, 510): (16, 36),
    (0.05, 1000): (37, 65),
    (0.10, 255): (16, 36),
    (0.10, 510): (38, 65),
    (0.10, 1000): (81, 120),
}


@pytest.mark.parametrize(("probability", "n_obs"), PRINTED)
def test_v8_regions(probability, n_obs):
    above, below = PRINTED[probability, n_obs]
    fewest, most = kupiec_region(n_obs, probability)
    assert most == below - 1
    assert fewest == (1 if above is None else above + 1)


def test_no_violation_in_255_days():
    outcome = kupiec(0, 255, 0.01)
    assert outcome.statistic == pytest.approx(-2 * 255 * math.log(0.99))
    assert outcome.p_value == pytest.approx(0.0236, abs=1e-3)


@pytest.mark.parametrize(
    ("count", "zone"), [(0, "green"), (4, "green"), (5, "yellow"), (9, "yellow"), (10, "red")]
)
def test_basel_zones(count, zone):
    """Basel Committee (1996), Supervisory framework for the use of backtesting, table 2."""
    assert traffic_light(count, 250, 0.01) == zone
