import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.regimes import choose, current_interval, fit


def chain(n, stay, seed=0):
    rng = np.random.default_rng(seed)
    states = np.empty(n, dtype=int)
    states[0] = 0
    for t in range(1, n):
        states[t] = states[t - 1] if rng.random() < stay[states[t - 1]] else 1 - states[t - 1]
    return states, rng


def world(n=1200, stay=(0.95, 0.9), seed=1):
    states, rng = chain(n, stay, seed)
    sigma, mu = np.array([1.0, 4.0]), np.array([0.2, -0.3])
    index = pd.date_range("2000-01-07", periods=n, freq="W-FRI")
    return states, pd.Series(mu[states] + sigma[states] * rng.standard_normal(n), index)


@pytest.fixture(scope="module")
def found():
    states, returns = world()
    return states, returns, fit(returns, 2, starts=6, followed=2, seed=3)


def test_recovers_states_in_the_order_of_variance(found):
    states, returns, regimes = found
    assert regimes.sigmas == pytest.approx([1.0, 4.0], rel=0.12)
    assert regimes.durations == pytest.approx([20, 10], rel=0.35)
    assert ((regimes.smoothed[1] > 0.5).to_numpy() == states).mean() > 0.9
    assert regimes.smoothed.index.equals(returns.index)
    assert regimes.transition.sum(axis=1) == pytest.approx([1, 1])
    assert regimes.smoothed.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(returns)))
    assert regimes.warnings == ()
    assert regimes.agreeing == regimes.followed == 2


def test_intervals_of_durations_hold_the_truth_and_narrow_with_the_level(found):
    *_, regimes = found
    wide, narrow = regimes.duration_intervals(0.95), regimes.duration_intervals(0.5)
    assert (wide[:, 0] < [20, 10]).all()
    assert (wide[:, 1] > [20, 10]).all()
    assert (narrow[:, 0] > wide[:, 0]).all()
    assert (wide > 1).all()


def test_the_last_state_has_an_interval_around_it(found):
    _, returns, regimes = found
    ends = current_interval(returns, regimes, draws=59)
    assert ((ends >= 0) & (ends <= 1)).all()
    # The draws' interval brackets the probability at the estimate up to simulation.
    assert (ends[:, 0] - 0.05 <= regimes.current).all()
    assert (regimes.current <= ends[:, 1] + 0.05).all()


def test_the_same_seed_gives_the_same_and_labels_do_not_depend_on_it():
    _, returns = world(400)
    one, same, other = (fit(returns, 2, starts=4, seed=seed) for seed in (1, 1, 2))
    assert one.params.to_numpy().tolist() == same.params.to_numpy().tolist()
    assert one.sigmas == pytest.approx(other.sigmas, rel=1e-3)


def test_one_state_is_chosen_for_normal_returns_and_two_where_there_are_two():
    noise = np.random.default_rng(5).standard_normal(500)
    criteria, _ = choose(noise, (1, 2), starts=4, followed=1)
    assert criteria["chosen"].idxmax() == 1
    _, returns = world(500)
    criteria, fits = choose(returns, (1, 2), starts=4, followed=1)
    assert criteria["chosen"].idxmax() == 2
    assert criteria.loc[2, "bic"] == pytest.approx(fits[2].bic)


def test_a_single_spell_is_warned_of_and_has_no_interval():
    rng = np.random.default_rng(2)
    returns = np.r_[rng.standard_normal(200), 6 * rng.standard_normal(40)]
    regimes = fit(returns, 2, starts=4, followed=1)
    said = " ".join(regimes.warnings)
    assert "fewer than 5 spells" in said
    assert "no interval" in said
    assert np.isnan(regimes.duration_intervals(0.8)).all()


@pytest.mark.parametrize(
    ("returns", "k", "words"),
    [
        (np.ones(100), 2, "do not vary"),
        (np.arange(30.0), 2, "at least 40"),
        (np.arange(90.0), 1, "at least 2"),
    ],
)
def test_refusals(returns, k, words):
    with pytest.raises(ModelError, match=words):
        fit(returns, k)


def test_a_state_without_variance_is_named():
    returns = np.random.default_rng(0).standard_normal(300)
    returns[:150] = 0
    with pytest.raises(
        ModelError, match="150 of 300 returns are 0: that of a state without variance has no bound"
    ):
        fit(returns, starts=0)
