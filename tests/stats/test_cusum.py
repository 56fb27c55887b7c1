import numpy as np
import pytest
from statsmodels.regression.recursive_ls import RecursiveLS

from cryptorisk.errors import ModelError
from cryptorisk.stats.cusum import boundary, crossing_probability, stability


@pytest.fixture(scope="module")
def regression():
    rng = np.random.default_rng(8)
    x = np.column_stack([np.ones(120), rng.standard_normal((120, 2))])
    return x @ [1.0, 0.5, -0.5] + rng.standard_normal(120), x


def test_paths_are_those_of_recursive_least_squares(regression):
    y, x = regression
    ours, theirs = stability(y, x), RecursiveLS(y, x).fit()
    assert ours.sums == pytest.approx(theirs.cusum)
    assert ours.squares == pytest.approx(theirs.cusum_squares)
    low, high = theirs._cusum_squares_significance_bounds(0.05, points=np.arange(4, 121))
    assert ours.squares_middle + ours.squares_bound == pytest.approx(high)
    assert ours.squares_middle - ours.squares_bound == pytest.approx(low)
    assert theirs._cusum_significance_bounds(0.05, points=np.arange(4, 121))[1] == pytest.approx(
        ours.sums_bound, rel=1e-3
    )


def test_boundaries_of_brown_durbin_and_evans():
    """Their Table: 1.143, 0.948, 0.850 (statsmodels 0.15 has 0.950 for the last)."""
    assert [boundary(level) for level in (0.01, 0.05, 0.10)] == pytest.approx([1.143, 0.948, 0.850], abs=1e-3)
    assert crossing_probability(0.1) == 1.0


def test_a_stable_equation_stays_inside(regression):
    found = stability(*regression)
    assert found.sums_crossed is None
    assert found.squares_crossed is None
    assert found.p > 0.05


def test_a_break_in_the_level_is_found_after_it_happens(regression):
    y, x = regression
    found = stability(y + 3.0 * (np.arange(120) >= 60), x)
    assert found.sums_crossed is not None
    assert 60 < found.sums_crossed < 100
    assert found.p < 0.01


def test_a_break_in_the_variance_is_found_by_squares(regression):
    _, x = regression
    noise = np.random.default_rng(9).standard_normal(120) * np.where(np.arange(120) < 60, 1.0, 4.0)
    found = stability(x @ [1.0, 0.5, -0.5] + noise, x, level=0.01)
    assert found.squares_crossed is not None


def test_refusals(regression):
    y, x = regression
    with pytest.raises(ModelError, match="ten are needed"):
        stability(y[:12], x[:12])
    with pytest.raises(ModelError, match="level must be one of"):
        stability(y, x, level=0.2)
    late = np.column_stack([x, np.arange(120) > 50])
    with pytest.raises(ModelError, match="do not determine"):
        stability(y, late)


def test_a_regressor_that_is_zero_at_first_delays_the_start(regression):
    y, x = regression
    late = np.column_stack([x, np.arange(120) >= 30])
    with pytest.raises(ModelError, match="do not determine"):
        stability(y, late)
    ours = stability(y, late, start=31)
    assert ours.first == 31
    assert len(ours.sums) == len(ours.squares) == 120 - 31
    assert ours.squares[-1] == pytest.approx(1.0)
    # Where nothing delays it, more rows before the start only leave the first residuals out.
    assert stability(y, x, start=3).sums == pytest.approx(stability(y, x).sums)
