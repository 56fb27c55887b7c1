"""Errors on expanding samples: by hand, against regressions one by one, and nothing of the future."""

import numpy as np
import pytest
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.expanding import expanding_errors


def made_up(n=80, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    return 1 + x @ [0.5, -2.0] + 0.1 * rng.standard_normal(n), x


def test_every_error_is_that_of_its_own_regression():
    y, x = made_up()
    errors = expanding_errors(y, x, first=30, delay=5)
    assert errors.shape == (45,)
    for place in (0, 17, 44):
        row = 35 + place
        fit = sm.OLS(y[: row - 5], sm.add_constant(x[: row - 5])).fit()
        assert errors[place] == pytest.approx(y[row] - fit.predict(np.r_[1.0, x[row]])[0])


def test_outcomes_not_yet_known_do_not_enter():
    y, x = made_up()
    before = expanding_errors(y, x, first=30, delay=5)[0]
    y[30:35] += 1000  # known only after the first forecast, whose row is 35
    assert expanding_errors(y, x, first=30, delay=5)[0] == pytest.approx(before)


def test_an_exact_relation_leaves_no_error():
    _, x = made_up()
    assert expanding_errors(3 + x @ [1.0, 2.0], x, first=10, delay=0) == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(
    ("change", "settings", "words"),
    [
        (lambda y, x: (y[:-1], x), {}, "shape"),
        (lambda y, x: (y * np.nan, x), {}, "finite"),
        (lambda y, x: (y, x), {"first": 3}, "exceed"),
        (lambda y, x: (y, x), {"delay": -1}, "negative"),
        (lambda y, x: (y[:20], x[:20]), {}, "needed"),
    ],
)
def test_what_cannot_be_estimated_is_refused(change, settings, words):
    with pytest.raises(ModelError, match=words):
        expanding_errors(*change(*made_up()), **({"first": 30, "delay": 5} | settings))
