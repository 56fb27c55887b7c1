import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from cryptorisk.errors import ModelError
from cryptorisk.stats.forecasting import CANDIDATES, forecast


@pytest.fixture(scope="module")
def series():
    rng = np.random.default_rng(8)
    return np.cumsum(0.02 + 0.1 * rng.standard_normal(90)) + 0.05 * rng.standard_normal(90)


@pytest.mark.parametrize("name", CANDIDATES)
def test_every_candidate_gives_finite_means_and_growing_doubt(series, name):
    found = forecast(name, series, 12)
    assert np.isfinite(found.mean).all()
    assert (found.sd > 0).all()
    assert (np.diff(found.sd) >= -1e-12).all()


def test_naive_forecasts_are_what_they_say(series):
    change = np.diff(series)
    walk, drift, season = (forecast(n, series, 13) for n in ("random_walk", "drift", "seasonal_naive"))
    assert walk.mean == pytest.approx(np.full(13, series[-1]))
    assert walk.sd[3] == pytest.approx(2 * np.sqrt(np.mean(change**2)))
    assert drift.mean[12] == pytest.approx(series[-1] + 13 * change.mean())
    assert drift.sd[0] == pytest.approx(change.std(ddof=1) * np.sqrt(1 + 1 / 89))
    assert season.mean[:12] == pytest.approx(series[-12:])
    assert season.mean[12] == series[-12]
    assert season.sd[12] == pytest.approx(np.sqrt(2) * season.sd[0])


def test_exponential_smoothing_as_statsmodels(series):
    model = ETSModel(pd.Series(series), error="add", trend="add", damped_trend=True)
    params = model.fit(disp=False).params
    ahead = model.smooth(params).get_prediction(start=90, end=101)
    found = CANDIDATES["ets"].forecast(params, series, 12)
    assert found.mean == pytest.approx(ahead.predicted_mean.to_numpy(), rel=1e-10)
    assert found.sd == pytest.approx(np.sqrt(ahead.forecast_variance), rel=1e-10)


@pytest.mark.parametrize(("name", "kind"), [("local_level", "llevel"), ("local_trend", "lltrend")])
def test_components_as_statsmodels(series, name, kind):
    params = CANDIDATES[name].fit(series)
    ahead = UnobservedComponents(series, kind).filter(params).get_forecast(12)
    found = CANDIDATES[name].forecast(params, series, 12)
    assert found.mean == pytest.approx(ahead.predicted_mean)
    assert found.sd == pytest.approx(np.sqrt(ahead.var_pred_mean))


def test_autoregression_of_changes_as_statsmodels():
    rng = np.random.default_rng(2)
    change = np.zeros(300)
    for t in range(2, 300):
        change[t] = 0.1 + 0.5 * change[t - 1] - 0.3 * change[t - 2] + rng.standard_normal()
    y = np.cumsum(change)
    fitted = AutoReg(np.diff(y), 2).fit()
    found = forecast("autoregression", y, 6)
    ahead = fitted.get_prediction(start=299, end=304)
    assert found.mean == pytest.approx(y[-1] + np.cumsum(ahead.predicted_mean), rel=1e-6)
    assert found.sd[0] == pytest.approx(np.sqrt(fitted.sigma2))
    # two steps: the second error and the first one, which moves the level by 1 + the first coefficient
    assert found.sd[1] == pytest.approx(np.sqrt(fitted.sigma2 * (1 + (1 + fitted.params[1]) ** 2)))


@pytest.mark.parametrize(
    ("y", "message"),
    [(np.arange(10.0), "too few"), (np.full(40, np.nan), "missing"), (np.ones(40), "never moves")],
)
def test_refuses_what_it_cannot_forecast(y, message):
    with pytest.raises(ModelError, match=message):
        forecast("random_walk", y, 3)
