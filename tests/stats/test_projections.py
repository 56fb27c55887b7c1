import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.projections import bandwidth, local_projection


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    e = rng.standard_normal((160, 3))
    x, z = np.cumsum(e[:, 0]) * 0.3 + e[:, 0], e[:, 1]
    y = np.convolve(e[:, 2] + 0.5 * e[:, 0], 0.8 ** np.arange(20))[:160]
    return pd.DataFrame({"y": y, "x": x, "z": z})


def by_hand(data, h, horizons, *, difference):
    """The regression of the module's formula, without the estimator."""
    rows = np.arange(2, len(data) - horizons)
    y, x, z = (data[name].to_numpy() for name in ("y", "x", "z"))
    design = [x[rows], np.ones(len(rows)), z[rows]]
    design += [column[rows - lag] for lag in (1, 2) for column in (x, y, z)]
    left = y[rows + h] - (y[rows - 1] if difference else 0.0)
    return sm.OLS(left, np.column_stack(design)).fit(
        cov_type="HAC", cov_kwds={"maxlags": bandwidth(h), "use_correction": True}
    )


@pytest.mark.parametrize("difference", [False, True])
def test_is_the_regression_of_the_formula(data, difference):
    path = local_projection(data, "y", "x", horizons=8, lags=2, beside=("z",))
    for h in (0, 3, 8):
        fit = by_hand(data, h, 8, difference=difference)
        assert path.values[h] == pytest.approx(fit.params[0])
        assert path.se[h] >= fit.bse[0] * (1 - 1e-9)
    assert path.n == 150
    assert path.coefficients == fit.params.size


def test_errors_are_the_larger_of_two(data):
    path = local_projection(data, "y", "x", horizons=8, lags=2, beside=("z",))
    for h in (0, 3, 8):
        fit = by_hand(data, h, 8, difference=False)
        white = fit.get_robustcov_results("HC1").bse[0]
        assert path.se[h] == pytest.approx(max(fit.bse[0], white))


def test_bandwidth_is_never_shorter_than_the_horizon(data):
    path = local_projection(data, "y", "x", horizons=12, lags=1)
    assert (path.bandwidths >= path.horizons).all()
    assert bandwidth(0) == 2


def test_a_variable_answers_to_itself_by_one_at_once(data):
    path = local_projection(data, "x", "x", horizons=2, lags=1)
    assert path.values[0] == pytest.approx(1.0)
    assert path.se[0] == pytest.approx(0.0, abs=1e-8)


def test_usual_size_is_what_the_regressors_leave(data):
    path = local_projection(data, "y", "x", horizons=0, lags=1)
    rows = np.arange(1, 160)
    design = np.column_stack([np.ones(159), *(data[c].to_numpy()[rows - 1] for c in ("x", "y", "z"))])
    fit = sm.OLS(data["x"].to_numpy()[rows], design).fit()
    assert path.shock_sd == pytest.approx(np.sqrt(fit.ssr / (159 - 5)))


def test_the_data_are_left_alone(data):
    before = data.copy()
    local_projection(data, "y", "x", horizons=2, lags=1, beside=("z",))
    pd.testing.assert_frame_equal(data, before)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"shock": "w"}, "must be different columns"),
        ({"beside": ("x",)}, "must be different columns"),
        ({"lags": 0}, "lags must be 1 or more"),
        ({"horizons": 140}, "coefficients need"),
    ],
)
def test_refusals(data, change, match):
    given = {"response": "y", "shock": "x", "horizons": 4, "lags": 1, **change}
    with pytest.raises(ModelError, match=match):
        local_projection(data, given.pop("response"), given.pop("shock"), **given)
    with pytest.raises(ModelError, match="finite"):
        local_projection(data.assign(z=data["z"].where(data.index != 5)), "y", "x", horizons=2, lags=1)
