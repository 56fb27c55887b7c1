"""Early warning in worlds with a known hazard: what is found, and what is not where there is nothing."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from early_warning_world import BETA, NAMES, NEXT_YEAR, panel

from cryptorisk.models import early_warning
from cryptorisk.models.early_warning.choice import FIVE, MAIN, choice_today, choose
from cryptorisk.models.early_warning.forecasts import (
    accuracy_row,
    predict,
    predict_chosen,
    probability_scores,
)
from cryptorisk.models.early_warning.reading import accuracy, read
from cryptorisk.models.early_warning.sample import FIXED, Equation, rows
from cryptorisk.models.early_warning.thresholds import judge_indicators
from cryptorisk.stats.panel_logit import newton, panel_logit, probability
from cryptorisk.stats.roc import auroc
from cryptorisk.stats.scaling import Scaling


def test_years_not_seen_are_ranked_almost_as_well_as_by_the_truth():
    sample = rows(panel(1, economies=140), NEXT_YEAR)
    known = predict(sample, NEXT_YEAR)
    later = np.isin(sample.year, known["year"].unique())
    truth = expit(BETA[0] + sample.x[later] @ BETA[1:])
    best = auroc(truth, sample.y[later])
    assert best > 0.75
    assert auroc(known["p"], known["y"]) > best - 0.03
    scores = probability_scores(known)
    assert scores["skill"] > 0
    assert scores["mean_p"] == pytest.approx(scores["mean_y"], abs=0.015)
    assert scores["usefulness"] > 0.15


def test_coefficients_are_inside_their_intervals():
    inside = np.zeros(4)
    for seed in range(40):
        sample = rows(panel([3, seed]), NEXT_YEAR)
        fit = panel_logit(sample.y, sample.x, sample.place, NAMES)
        low, high = fit.interval(0.9)
        inside += (low <= BETA) & (high >= BETA)
    # 90 % of 40 is 36; fewer than 31 has a probability of one in a hundred.
    assert (inside >= 31).all()


def test_noise_is_no_better_than_chance_at_the_stated_rate():
    inside, worlds = 0, 40
    for seed in range(worlds):
        sample = rows(panel([4, seed], economies=80, years=18, beta=np.array([-2.0, 0, 0, 0])), NEXT_YEAR)
        known = predict(sample, NEXT_YEAR)
        row = accuracy_row("noise", "", known["p"], known, 0.9, seed)
        inside += row["low"] <= 0.5 <= row["high"]
    assert inside >= 31


def test_nothing_later_than_a_year_enters_its_prediction():
    world = panel(6)
    known = predict(rows(world, NEXT_YEAR), NEXT_YEAR)
    cut = int(known["year"].min()) + 3
    changed = {name: frame.copy() for name, frame in world.values.items()}
    crash = world.crash.copy()
    for frame in changed.values():
        frame.loc[cut + 1 :] = 5 * frame.loc[cut + 1 :].to_numpy()[::-1]
    crash.loc[cut + 1 :] = 1 - crash.loc[cut + 1 :]
    other = predict(rows(type(world)(changed, crash, world.rate), NEXT_YEAR), NEXT_YEAR)
    before, after = (one[one["year"] <= cut].reset_index(drop=True) for one in (known, other))
    assert before["p"].to_numpy() == pytest.approx(after["p"].to_numpy())
    assert (before["alarm"] == after["alarm"]).all()


def test_the_whole_of_it_finds_the_signals_that_are_there():
    world = panel(9, economies=140)
    found = early_warning.of_panel(world, 1)
    main = accuracy(found, "main")
    assert 0.6 < main["low"] < main["auroc"] < main["high"] < 1
    signals = found.tables["signals"].frame.set_index("indicator")["noise"]
    assert signals["inflation"] < 0.6
    assert signals["inflation"] == signals.min()
    fitted = read(found, "main")
    slopes = dict(zip(fitted.regressors, fitted.coefficients[1:], strict=True))
    assert slopes["inflation"] > 0.3
    assert {"inflation", "overvaluation"} <= set(fitted.regressors)
    alone = found.tables["accuracy"].frame.set_index("predictor").loc["inflation"]
    assert alone["gain"] > 0  # overvaluation is in the hazard, and the choice sees it
    high = {name: 2.0 if name in NAMES else 0.0 for name in fitted.regressors}
    value, low, up = fitted.probability(np.array([high[name] for name in fitted.regressors]), 0.9)
    assert fitted.base < low < value < up
    judged = {one.indicator.name: one for one in judge_indicators(world, FIXED)}
    assert judged["credit_growth"].noise > 0.8


def test_a_choice_has_not_seen_the_year_that_it_is_judged_on():
    world = panel(6, economies=140)
    known = predict_chosen(world, MAIN)
    cut = int(known["year"].min()) + 3
    changed = {name: frame.copy() for name, frame in world.values.items()}
    crash = world.crash.copy()
    for frame in changed.values():
        frame.loc[cut + 1 :] = 5 * frame.loc[cut + 1 :].to_numpy()[::-1]
    crash.loc[cut + 1 :] = 1 - crash.loc[cut + 1 :]
    other = predict_chosen(type(world)(changed, crash, world.rate), MAIN)
    before, after = (one[one["year"] <= cut].reset_index(drop=True) for one in (known, other))
    assert before["p"].to_numpy() == pytest.approx(after["p"].to_numpy())
    assert list(before["chosen"]) == list(after["chosen"])
    assert set(known["chosen"]) > {"inflation;overvaluation"}  # it grows with the crashes seen


def test_where_nothing_matters_nothing_is_chosen_and_no_probability_read():
    none = 0
    for seed in range(10):
        world = panel([4, seed], economies=80, years=18, beta=np.array([-2.0, 0, 0, 0]))
        none += choice_today(world, MAIN).regressors == ()
    # A variable of no effect lowers BIC when its chi-squared exceeds ln(n/2) = 6.5: five have a chance of about 5 %.
    assert none >= 8
    found = early_warning.of_panel(panel([4, 0], economies=80, years=18, beta=np.array([-2.0, 0, 0, 0])), 1)
    assert read(found, "main") is None
    assert "no variable" in found.tables["equations"].frame["refused"].iloc[0]


def test_overlapping_windows_know_a_year_as_often_as_they_hold_it():
    """Without an effect twice the gain in ln L of one variable is about h where each year is in h windows."""
    world = {horizon: [] for horizon in (1, 2)}
    none = whole = 0
    for seed in range(20):
        made = panel([4, seed], economies=80, years=18, beta=np.array([-2.6, 0, 0, 0]))
        for horizon, found in world.items():
            sample = rows(made, Equation("one", "", FIVE, horizon=horizon))
            x = Scaling.learn(sample.x).apply(sample.x)
            found += [_gain(sample.y, x[:, [k]]) for k in range(len(FIVE))]
        sample = rows(made, MAIN.widest)
        none += choose(sample, MAIN).regressors == ()
        x = Scaling.learn(sample.x).apply(sample.x)
        whole += max(_gain(sample.y, x[:, [k]]) for k in range(len(FIVE))) < np.log(len(sample.y))
    for horizon, found in world.items():
        assert np.mean(found) == pytest.approx(horizon, rel=0.3)
    assert none >= 18
    assert whole <= 17  # the criterion on the whole likelihood chooses noise more often


def _gain(y, x):
    design = np.column_stack([np.ones(len(y)), x])
    p = probability(x, newton(y, design, np.ones(len(y))))
    return 2 * np.sum(y * np.log(p / y.mean()) + (1 - y) * np.log((1 - p) / (1 - y.mean())))


def test_an_event_in_two_windows_is_one_event():
    world = panel(3)
    two_years = Equation("two", "", NAMES, horizon=2)
    sample = rows(world, two_years)
    truth = {
        (place, year)
        for place in world.crash
        for year in world.crash.index[world.crash[place].to_numpy() == 1]
    }
    seen = {(place, year) for place, year in zip(sample.place, sample.crash, strict=True) if year}
    assert seen <= truth
    assert sample.crashes == len(seen)
    assert 1.3 * sample.crashes < sample.y.sum() <= 2 * sample.crashes
    first = predict(sample, two_years)["year"].min()
    fitted_on = sample.take(sample.year + 2 <= first)
    assert fitted_on.crashes >= 40  # ten for each of the four coefficients
    assert sample.take(sample.year + 2 <= first - 1).crashes < 40


def test_a_world_without_crashes_is_refused_with_reasons():
    found = early_warning.of_panel(panel(2, economies=20, beta=np.array([-9.0, 0, 0, 0])), 1)
    assert read(found, "main") is None
    assert all(found.tables["equations"].frame["refused"])
    assert accuracy(found, "main") is None
    assert found.tables["roc"].frame.empty
