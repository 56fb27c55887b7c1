"""Cagan (1956): the revenue-maximising inflation rate is 1 / alpha, arithmetic for a range of semi-elasticities."""

import math

import pytest
from scipy.optimize import minimize_scalar

from cryptorisk.errors import ModelError
from cryptorisk.stats import cagan


@pytest.mark.parametrize(
    ("alpha", "percent_a_month"),
    [(8.55, 12.4), (5.46, 20.1), (4.09, 27.7), (8.70, 12.2), (3.63, 31.7), (2.30, 54.5), (3.06, 38.7)],
)
def test_v26_revenue_maximising_inflation(alpha, percent_a_month):
    assert cagan.revenue_maximising_inflation(alpha) == pytest.approx(percent_a_month, abs=0.06)


def test_peak_is_where_and_as_high_as_said():
    alpha, gamma = 4.0, 0.3
    best = minimize_scalar(lambda x: -cagan.revenue(x, alpha, gamma), bounds=(0, 2), method="bounded")
    assert best.x == pytest.approx(math.log1p(cagan.revenue_maximising_inflation(alpha) / 100), abs=1e-5)
    assert -best.fun == pytest.approx(cagan.peak_revenue(alpha, gamma), rel=1e-9)


@pytest.mark.parametrize("alpha", [0.0, -1.0, math.nan])
def test_semi_elasticity_must_be_positive(alpha):
    with pytest.raises(ModelError, match="positive"):
        cagan.revenue_maximising_inflation(alpha)
