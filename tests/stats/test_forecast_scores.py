import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from cryptorisk.errors import ModelError
from cryptorisk.stats.forecast_scores import (
    crps_normal,
    crps_sample,
    diebold_mariano,
    fixed_smoothing,
    half_width,
    holm,
    naive_scale,
    scaled,
)


def test_crps_of_a_standard_normal_at_its_mean():
    """0.23369497725510913 in the documentation of properscoring; (sqrt 2 - 1) / sqrt pi."""
    assert crps_normal(np.array(0.0), np.array(1.0)) == pytest.approx(0.23369497725510913)
    assert crps_normal(np.array(3.0), np.array(1e-9)) == pytest.approx(3.0)


def test_crps_is_the_integral_of_its_definition():
    grid = np.linspace(-30, 30, 200_001)
    step = np.heaviside(grid - 0.7, 0.5)
    integral = np.sum((norm.cdf(grid, 0, 1.5) - step) ** 2) * (grid[1] - grid[0])
    assert crps_normal(np.array(0.7), np.array(1.5)) == pytest.approx(integral, rel=1e-4)


def test_crps_of_a_sample():
    assert crps_sample(2.0, np.array([2.0])) == 0
    assert crps_sample(1.0, np.array([0.0, 4.0])) == pytest.approx(2.0 - 0.5 * (4 + 4) / 4)
    draws = norm.ppf((np.arange(2000) + 0.5) / 2000)
    assert crps_sample(0.3, draws) == pytest.approx(crps_normal(np.array(0.3), np.array(1.0)), rel=1e-3)


def test_scaled_errors_of_the_naive_forecast_are_one_on_average():
    y = np.array([1.0, 3.0, 2.0, 5.0])
    assert naive_scale(y) == 2.0
    assert scaled(np.array([[2.0], [-4.0]]), np.array([2.0, 2.0])).ravel() == pytest.approx([1.0, 2.0])
    assert naive_scale(np.arange(24.0) % 12, season=12) == 0


def test_half_width_is_the_conformal_quantile():
    errors = np.array([-1, 2, -3, 4, 5, -6, 7, 8, 9.0])
    assert half_width(errors, 0.8) == 8  # the eighth of nine: (9 + 1) * 0.8
    assert half_width(np.append(errors, np.nan), 0.8) == 8
    assert half_width(errors, 0.95) == np.inf


def test_half_width_covers_exchangeable_errors():
    rng = np.random.default_rng(1)
    hits = [abs(row[-1]) <= half_width(row[:-1], 0.8) for row in rng.standard_t(3, (4000, 20))]
    assert np.mean(hits) == pytest.approx(0.8, abs=0.02)


def test_diebold_mariano_of_one_step_is_the_corrected_t_test():
    """With no lags of correlation the statistic is the mean over its standard error, times the factor of Harvey."""
    rng = np.random.default_rng(1)
    loss, other = rng.random(40), rng.random(40) + 0.2
    assert diebold_mariano(loss, loss, 1) == 1.0
    assert diebold_mariano(loss, other, 1) < 0.05
    assert diebold_mariano(loss, other, 1) == pytest.approx(diebold_mariano(other, loss, 1))


@pytest.mark.parametrize(("n", "horizon"), [(50, 1), (37, 12), (60, 6)])
def test_fixed_smoothing_holds_its_size_and_the_correction_alone_does_not(n, horizon):
    """Losses that overlap as twelve-month errors do; nominal 5 %."""
    rng = np.random.default_rng(2)
    draws = rng.standard_normal((1500, n + horizon))
    gaps = [np.convolve(one, np.ones(horizon), "valid")[:n] for one in draws]
    smooth = np.mean([fixed_smoothing(gap, np.zeros(n), horizon) < 0.05 for gap in gaps])
    assert 0.03 < smooth < 0.085
    corrected = np.mean([diebold_mariano(gap, np.zeros(n), horizon) < 0.05 for gap in gaps[:300]])
    assert corrected > smooth


def test_fixed_smoothing_finds_what_is_there():
    rng = np.random.default_rng(5)
    loss = rng.random(60)
    assert fixed_smoothing(loss, loss + 0.5 + 0.1 * rng.random(60), 6) < 0.01
    assert fixed_smoothing(loss, loss, 6) == 1


def test_diebold_mariano_refuses_too_few():
    with pytest.raises(ModelError):
        diebold_mariano(np.ones(10), np.zeros(10), 12)


def test_holm_as_statsmodels():
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.5])
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
