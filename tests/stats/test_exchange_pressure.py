"""Exchange-market pressure and currency crashes by hand."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.exchange_pressure import CAP, crashes, exchange_pressure, onsets, scale


def quiet(n=60, k=2, seed=1):
    return np.random.default_rng(seed).standard_normal((n, k))


def test_components_are_weighted_by_the_inverse_of_their_scale():
    x = quiet()
    x = np.clip(x, -2, 2)  # no outlier: the scale is the plain standard deviation
    found = exchange_pressure(x * [1.0, 50.0], multiple=2)
    expected = (x / x.std(axis=0, ddof=1)).sum(axis=1)
    assert found.index == pytest.approx(expected)
    above = expected > expected.mean() + 2 * expected.std(ddof=1)
    assert (found.above == above).all()
    assert found.deviations.mean() == pytest.approx(0, abs=1e-12)
    assert found.deviations.std(ddof=1) == pytest.approx(1)


def test_a_unit_of_measurement_does_not_matter():
    x = quiet(seed=3)
    one, other = (exchange_pressure(x * factor, multiple=2) for factor in ([1, 1], [100, 0.01]))
    assert one.index == pytest.approx(other.index)


def test_ordinary_standard_deviations_are_those_of_the_literature():
    x = quiet(120, 2, 5)
    x[30], x[100] = [9.0, 0.0], [230.0, 0.0]
    found = exchange_pressure(x, multiple=2, robust=False)
    assert found.index == pytest.approx((x / x.std(axis=0, ddof=1)).sum(axis=1))
    assert found.above[100]
    assert not found.above[30]
    assert scale(np.array([1.0, 1.0, 1.0]), robust=False) == 0


def test_a_crisis_has_a_peak_and_other_thresholds_other_openings():
    x = quiet(120, 2, 5) * 0.1
    x[30], x[36], x[60] = [1.0, 1.0], [2.0, 2.0], [0.5, 0.5]
    found = exchange_pressure(x, multiple=2)
    (opening, *_rest) = found.onsets(12)
    assert opening == 30
    assert found.peak(int(opening), 12) == 36
    assert found.peak(int(opening), 3) == 30
    assert len(found.onsets(12, 0.5)) > len(found.onsets(12)) >= len(found.onsets(12, 5.0))
    assert found.onsets(12, 2.0).tolist() == found.onsets(12).tolist()


def test_one_collapse_hides_no_other_crisis():
    x = quiet(120, 2, 5)
    x[30] = [9.0, 0.0]
    x[100] = [230.0, 0.0]  # a currency that falls to a tenth in a month
    found = exchange_pressure(x, multiple=2)
    assert found.above[30]
    assert found.above[100]
    assert found.parts[100, 0] == CAP
    plain = (x / x.std(axis=0, ddof=1)).sum(axis=1)
    assert plain[30] < plain.mean() + 2 * plain.std(ddof=1)  # what the rule is for


def test_a_peg_that_was_given_up_once_has_a_scale():
    moves = np.zeros(40)
    moves[30] = 200.0
    assert scale(moves) == pytest.approx(moves.std(ddof=1))
    assert scale(np.zeros(40)) == 0
    x = np.column_stack([moves, quiet(40, 1)[:, 0]])
    assert exchange_pressure(x, multiple=2).above[30]


def test_a_rate_that_never_moves_leaves_the_other_component():
    other = np.clip(quiet(40, 1)[:, 0], -2, 2)
    found = exchange_pressure(np.column_stack([np.zeros(40), other]), multiple=1.5)
    assert found.index == pytest.approx(other / other.std(ddof=1))
    with pytest.raises(ModelError, match="ever moves"):
        exchange_pressure(np.zeros((40, 2)), multiple=2)


def test_high_inflation_is_judged_apart():
    x = quiet(80, 2, 7)
    high = np.arange(80) < 30
    x[high] *= 20
    found = exchange_pressure(x, multiple=2, high_inflation=high)
    together = exchange_pressure(x, multiple=2)
    x[60] = x[60] + 6
    apart = exchange_pressure(x, multiple=2, high_inflation=high)
    assert apart.above[60]
    assert not exchange_pressure(x, multiple=2).above[60]
    assert found.scales[0, 0] > 10 * found.scales[-1, 0]
    assert together.scales[0, 0] == together.scales[-1, 0]
    few = np.arange(80) < 5
    assert exchange_pressure(x, multiple=2, high_inflation=few).scales[0, 0] == pytest.approx(
        exchange_pressure(x, multiple=2).scales[0, 0]
    )


def test_missing_periods_are_missing_and_too_few_are_refused():
    x = quiet(30)
    x[4, 1] = np.nan
    found = exchange_pressure(x, multiple=2)
    assert np.isnan(found.index[4])
    assert not found.above[4]
    with pytest.raises(ModelError, match="11 complete periods"):
        exchange_pressure(quiet(11), multiple=2)


def test_openings_are_more_than_a_window_apart():
    above = np.zeros(30, dtype=bool)
    above[[2, 3, 10, 14, 15, 29]] = True
    assert onsets(above, 12).tolist() == [2, 15, 29]
    assert onsets(above, 0).tolist() == [2, 3, 10, 14, 15, 29]
    assert onsets(np.zeros(5, dtype=bool), 3).size == 0


def test_a_crash_is_large_and_faster_than_the_year_before():
    rise = [5.0, 29.9, 45.0, 50.0, 30.0, 61.0, np.nan, 80.0, 20.0]
    found = crashes(np.array(rise))
    expected = [0, 0, 1, 0, 0, 1, np.nan, np.nan, 0]
    assert found == pytest.approx(expected, nan_ok=True)
    assert crashes(np.array([40.0]))[0] != crashes(np.array([40.0]))[0]  # the year before is not known
    both = crashes(np.array([[0.0, 35.0], [40.0, 40.0]]))
    assert both[1].tolist() == [1, 0]
