"""Regression of changes: errors of Newey and West, months that carry a coefficient, refusals."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS

from cryptorisk.errors import ModelError
from cryptorisk.stats.changes import carried_by, fit_changes


def world(n=150, seed=1):
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.standard_normal((n, 2)), columns=["a", "b"])
    return 2 * x["a"] + rng.standard_normal(n), x


def test_coefficients_and_errors_are_those_of_newey_and_west():
    y, x = world()
    fit = fit_changes(y, x)
    theirs = OLS(y, np.column_stack([x, np.ones(len(x))])).fit(
        cov_type="HAC", cov_kwds={"maxlags": fit.lags, "use_correction": True}, use_t=True
    )
    assert fit.lags == 4
    found = fit.coefficient("a", level=0.9)
    assert found.value == pytest.approx(theirs.params.iloc[0])
    assert found.se == pytest.approx(theirs.bse.iloc[0])
    assert (found.low, found.high) == pytest.approx(tuple(theirs.conf_int(0.1).iloc[0]))
    assert found.p == pytest.approx(theirs.pvalues.iloc[0])
    assert fit.r2 == pytest.approx(theirs.rsquared)
    test = theirs.f_test(np.eye(3)[:2])
    assert fit.joint_p(["a", "b"]) == pytest.approx(float(test.pvalue))


def test_a_coefficient_is_carried_by_the_months_in_which_its_regressor_moves():
    rng = np.random.default_rng(2)
    n = 300
    three, yearly = np.zeros(n), np.zeros(n)
    three[[40, 120, 200]] = 1
    yearly[::12] = 1
    x = np.column_stack([three, yearly, rng.standard_normal(n), np.ones(n)])
    carried = carried_by(x)
    assert carried[0] == pytest.approx(3, abs=0.2)
    # Twenty-five months in three hundred, less their mean: (25 (11/12)^2 + 275 / 144)^2 / (25 (11/12)^4 + 275 / 12^4).
    assert carried[1] == pytest.approx(29.7, abs=0.5)
    assert carried[2] == pytest.approx(n / 3, rel=0.25)


def test_one_observation_alone_carries_one():
    x = np.column_stack([np.eye(50)[0], np.ones(50)])
    assert carried_by(x)[0] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda y, x: (y.iloc[:11], x.iloc[:11]), "at least 10 more"),
        (lambda y, x: (y.where(y.index > 0), x), "finite"),
        (lambda y, x: (y, x.assign(c=x["a"] + x["b"])), "dependent"),
        (lambda y, x: (y, x.assign(c=0.0)), "do not move"),
        (lambda y, x: (y.iloc[:100], x), "one length"),
    ],
)
def test_what_cannot_be_estimated_is_refused(spoil, said):
    with pytest.raises(ModelError, match=said):
        fit_changes(*spoil(*world()))


def test_an_unknown_regressor_is_named():
    fit = fit_changes(*world())
    with pytest.raises(ModelError, match="no regressor 'z'"):
        fit.coefficient("z")
