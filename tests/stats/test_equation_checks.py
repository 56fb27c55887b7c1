"""Checks of residuals, orders of integration, many tests at once."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from cryptorisk.errors import ModelError
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.integration import UnitRoots, unit_roots
from cryptorisk.stats.residual_checks import residual_checks


def world(seed, n=200):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.standard_normal((n, 2))])
    return x @ [1.0, 0.5, -0.5], x, rng


def p_values(y, x):
    return {check.name: check.p for check in residual_checks(y, x, lags=4)}


def test_a_sound_equation_passes_as_often_as_it_should():
    passed = np.zeros(4)
    for seed in range(60):
        mean, x, rng = world(seed)
        passed += [p > 0.05 for p in p_values(mean + rng.standard_normal(200), x).values()]
    assert (passed >= 51).all()


@pytest.mark.parametrize("fault", ["Breusch–Godfrey", "ARCH", "Jarque–Bera", "RESET"])
def test_each_check_finds_its_fault(fault):
    mean, x, rng = world(1)
    e = rng.standard_normal(200)
    if fault == "Breusch–Godfrey":
        e = np.convolve(e, 0.7 ** np.arange(10))[:200]
    elif fault == "ARCH":
        e = e * np.repeat(rng.choice([0.3, 3.0], 10), 20)
    elif fault == "Jarque–Bera":
        e = rng.standard_t(2, 200)
    else:
        e = e + 1.0 * mean**2
    assert p_values(mean + e, x)[fault] < 0.001


def test_lags_must_fit():
    mean, x, _ = world(0)
    with pytest.raises(ModelError, match="lags must lie between"):
        residual_checks(mean, x, lags=0)


def test_orders_of_integration():
    found = {0: [], 1: [], 2: []}
    for seed in range(20):
        noise = np.random.default_rng(seed).standard_normal(150)
        for order, series in ((0, noise), (1, noise.cumsum()), (2, noise.cumsum().cumsum())):
            found[order].append(unit_roots(series).order())
    assert set(found[0]) == {0}
    assert np.mean([order == 1 for order in found[1]]) >= 0.85
    assert max(found[1]) == 1
    assert np.mean([order == 2 for order in found[2]]) >= 0.6


def test_two_tests_must_agree_on_a_second_unit_root():
    assert UnitRoots(0.8, 0.2, 0.1).order() == 1
    assert UnitRoots(0.8, 0.2, 0.01).order() == 2
    assert UnitRoots(0.8, 0.01, 0.01).order() == 1


def test_a_series_that_does_not_move_has_no_order():
    with pytest.raises(ModelError, match="is constant"):
        unit_roots(np.ones(50))
    with pytest.raises(ModelError, match="is constant"):
        unit_roots(np.arange(50.0))


def test_holm_is_that_of_statsmodels_and_leaves_gaps():
    p = np.random.default_rng(1).uniform(size=9) ** 3
    assert adjusted_p(p) == pytest.approx(multipletests(p, method="holm")[1])
    with_gap = np.insert(p, 4, np.nan)
    assert np.isnan(adjusted_p(with_gap)[4])
    assert np.delete(adjusted_p(with_gap), 4) == pytest.approx(adjusted_p(p))
    with pytest.raises(ModelError):
        adjusted_p(np.array([0.1, 1.2]))
