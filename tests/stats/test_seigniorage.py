"""Seigniorage: two measures and what a displacement takes."""

import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import seigniorage


def test_opportunity_cost():
    assert seigniorage.opportunity_cost(10, 6) == pytest.approx(0.6)


def test_monetary_measure_keeps_the_ratio_to_gdp():
    """With nominal growth of 25 % a ratio of 5 % of GDP needs new money of a fifth of it."""
    assert seigniorage.monetary(20, 5, 5) == pytest.approx(1.0)
    before, growth = 5.0, 1.25  # base money and GDP grow alike: issue over the new GDP
    assert seigniorage.monetary(20, 5, 5) == pytest.approx((before * growth - before) / growth)


def test_displacement_of_flow_and_stock():
    assert seigniorage.displaced_flow(0.1, 0.6) == pytest.approx(0.06)
    assert seigniorage.displaced_stock(0.1, 6) == pytest.approx(0.6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: seigniorage.displaced_flow(10, 0.6),
        lambda: seigniorage.displaced_stock(0.1, -1),
        lambda: seigniorage.opportunity_cost(5, -1),
        lambda: seigniorage.monetary(-90, -10, 5),
    ],
)
def test_impossible_values_are_refused(call):
    with pytest.raises(ModelError):
        call()
