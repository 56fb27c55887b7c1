"""Forecast errors of a vector autoregression summed over months."""

import numpy as np
import pytest

from cryptorisk.stats.forecast_errors import bic_lag, cumulated_errors, regression_rows


def test_rows_hold_a_constant_and_lags_in_order():
    data = np.arange(12.0).reshape(6, 2)
    y, x = regression_rows(data, 2)
    assert y.tolist() == data[2:].tolist()
    assert x[0].tolist() == [1, 2, 3, 0, 1]


def test_noise_adds_up_month_by_month():
    """Without dynamics the error over h months has h times the variance of one."""
    rng = np.random.default_rng(6)
    omega = np.array([[1.0, 0.3], [0.3, 2.0]])
    data = rng.multivariate_normal([0, 0], omega, 60_000)
    y, x = regression_rows(data, 1)
    found = cumulated_errors(y[None], x[None], 1, 12)[0]
    assert found[0] == pytest.approx(omega, abs=0.05)
    assert found[11] == pytest.approx(12 * omega, rel=0.05)


def test_a_persistent_variable_adds_up_faster():
    """AR(1) with 0.5: the two-month error e2 + 1.5 e1 has the variance 1 + 1.5**2; three variables are taken too."""
    rng = np.random.default_rng(7)
    data = rng.standard_normal((60_000, 3))
    for t in range(1, len(data)):
        data[t, 0] += 0.5 * data[t - 1, 0]
    y, x = regression_rows(data, 1)
    found = cumulated_errors(y[None], x[None], 1, 2)[0]
    assert found.shape == (2, 3, 3)
    assert found[1, 0, 0] == pytest.approx(1 + 1.5**2, rel=0.03)
    assert found[1, 1, 1] == pytest.approx(2, rel=0.03)


def test_lag_is_found():
    rng = np.random.default_rng(8)
    data = rng.standard_normal((1500, 2))
    for t in range(3, len(data)):
        data[t, 0] += 0.5 * data[t - 3, 1]
    assert bic_lag(data, 6) == 3
    assert bic_lag(rng.standard_normal((500, 2)), 6) == 1
