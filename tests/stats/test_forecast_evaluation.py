import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.forecast_choice import choose, error_paths, fan
from cryptorisk.stats.forecast_evaluation import (
    BENCHMARK,
    EQUAL,
    INVERSE,
    Evaluation,
    calibrated,
    inverse_mse_weights,
    rolling_origin,
    score,
)
from cryptorisk.stats.forecasting import CANDIDATES, forecast

CHEAP = ("random_walk", "drift", "seasonal_naive", "autoregression")


@pytest.fixture(scope="module")
def series():
    return np.cumsum(0.1 * np.random.default_rng(7).standard_normal(90))


@pytest.fixture(scope="module")
def evaluation(series):
    return rolling_origin(series, most=48, candidates=CHEAP, refit=1)


def scores_of(evaluation):
    return {name: score(evaluation, name, 0.8, 1.2816) for name in evaluation.mean}


def test_forecasts_and_outcomes_stand_where_they_belong(series, evaluation):
    assert evaluation.origins[0] == 42
    assert evaluation.origins[-1] == 89
    assert evaluation.actual[0] == pytest.approx(series[42:54])
    assert np.isfinite(evaluation.actual[-1]).sum() == 1
    assert int(evaluation.whole.sum()) == 37
    for name in CHEAP:
        assert evaluation.mean[name][10] == pytest.approx(forecast(name, series[:52], 12).mean)
    assert evaluation.scale[3] == pytest.approx(np.abs(np.diff(series[:45])).mean())


def test_nothing_is_known_before_it_happens(series, evaluation):
    """What comes after an origin changes no forecast, weight or interval made there."""
    other = series.copy()
    other[70:] += 5
    again = rolling_origin(other, most=48, candidates=CHEAP, refit=1)
    upto = evaluation.origins <= 70
    for name in (*CHEAP, EQUAL, INVERSE):
        assert again.mean[name][upto] == pytest.approx(evaluation.mean[name][upto])
        assert not np.allclose(again.mean[name][~upto], evaluation.mean[name][~upto])


def test_parameters_may_be_kept_while_the_data_move_on(series):
    seldom = rolling_origin(series, most=30, candidates=("ets",), refit=30, horizons=3)
    params = CANDIDATES["ets"].fit(series[:60])
    expected = CANDIDATES["ets"].forecast(params, series[:75], 3)
    assert seldom.mean["ets"][15] == pytest.approx(expected.mean, rel=1e-6)


def test_combinations(evaluation):
    stack = np.array([evaluation.mean[name] for name in CHEAP])
    assert evaluation.mean[EQUAL] == pytest.approx(stack.mean(axis=0))
    # before twelve errors of a horizon are known its weights are equal
    assert evaluation.mean[INVERSE][:12, 11] == pytest.approx(stack.mean(axis=0)[:12, 11])
    past = slice(0, 30)
    weight = 1 / np.mean((stack[:, past, 0] - evaluation.actual[past, 0]) ** 2, axis=1)
    expected = weight @ stack[:, 30, 0] / weight.sum()
    assert evaluation.mean[INVERSE][30, 0] == pytest.approx(expected)
    assert inverse_mse_weights(evaluation, CHEAP).sum(axis=0) == pytest.approx(np.ones(12))


def test_a_candidate_that_cannot_be_fitted_is_counted_and_stands_as_no_change(series, monkeypatch):
    def broken(y):
        raise np.linalg.LinAlgError

    bad = CANDIDATES["ets"].__class__("ets", "broken", broken, CANDIDATES["ets"].forecast)
    monkeypatch.setattr("cryptorisk.stats.forecast_evaluation.CANDIDATES", {**CANDIDATES, "ets": bad})
    found = rolling_origin(series, most=30, candidates=("random_walk", "ets"), refit=1)
    assert found.failed == {"random_walk": 0, "ets": 30}
    assert found.mean["ets"] == pytest.approx(found.mean["random_walk"])


def test_scores_of_the_benchmark(evaluation):
    one = score(evaluation, BENCHMARK, 0.8, 1.2816)
    assert one.relative == 1
    assert one.p_value == 1
    errors = np.abs(evaluation.errors(BENCHMARK)[:, 0])
    assert one.mase[0] == pytest.approx(np.nanmean(errors / evaluation.scale))
    assert 0.6 < one.coverage_model < 1


def test_intervals_from_past_errors_use_those_alone(evaluation):
    errors = evaluation.errors(BENCHMARK)[:, :1]
    single = Evaluation(
        evaluation.origins,
        evaluation.actual[:, :1],
        evaluation.scale,
        {BENCHMARK: evaluation.mean[BENCHMARK][:, :1]},
        {},
        {},
    )
    inside, _ = calibrated(single, BENCHMARK, 0.8)
    hits = []
    for position in range(12, errors.size):  # an error one month ahead is known at the next origin
        past = np.sort(np.abs(errors[:position, 0]))
        hits.append(abs(errors[position, 0]) <= past[int(np.ceil((position + 1) * 0.8)) - 1])
    assert inside == pytest.approx(np.mean(hits))


def made(actual, **mean):
    """An evaluation from forecasts given."""
    m, h = actual.shape
    walk = np.zeros((m, h))
    both = {BENCHMARK: walk, **mean}
    both.setdefault(EQUAL, np.mean(list(both.values()), axis=0))
    return Evaluation(np.arange(30, 30 + m), actual, np.ones(m), both, {}, {})


def test_no_change_is_used_where_the_mean_of_all_errs_more():
    actual = np.random.default_rng(1).standard_normal((60, 3))
    found = made(actual, drift=np.full((60, 3), 2.0))
    choice = choose(found, scores_of(found))
    assert choice.name == BENCHMARK
    assert choice.benchmark_wins


def test_a_candidate_that_is_significantly_better_is_used():
    rng = np.random.default_rng(1)
    actual = rng.standard_normal((60, 3))
    good = actual + 0.1 * rng.standard_normal((60, 3))
    found = made(actual, good=good, bad=-actual)
    choice = choose(found, scores_of(found))
    assert choice.name == "good"
    assert not choice.benchmark_wins


def test_the_mean_of_all_is_used_where_it_errs_less_and_nothing_is_clearly_better():
    rng = np.random.default_rng(3)
    actual = rng.standard_normal((40, 3))
    found = made(actual, a=actual + 1.2 * rng.standard_normal((40, 3)))
    choice = choose(found, scores_of(found))
    assert choice.name == EQUAL


def test_the_fan_never_narrows_and_its_paths_have_its_width(evaluation):
    widths = fan(evaluation, BENCHMARK, 0.8)
    assert (np.diff(widths) >= 0).all()
    paths = error_paths(evaluation, BENCHMARK, 0.8)
    assert paths.shape == (37, 12)
    assert np.quantile(np.abs(paths), 0.8, axis=0) == pytest.approx(widths)


@pytest.mark.parametrize("n", [30, 46])
def test_refuses_a_series_too_short_to_judge(n):
    with pytest.raises(ModelError, match="origins"):
        rolling_origin(np.cumsum(np.random.default_rng(1).standard_normal(n)))
