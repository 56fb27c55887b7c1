"""Growth at risk is believed by a tenth less loss and significance, and not by a hair of it."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.spillovers.growth_trial import given, saves, saving
from cryptorisk.stats.at_risk import AtRiskBacktest


def trial(conditional, unconditional, autoregression):
    lowest = pd.DataFrame(
        {"conditional": conditional, "unconditional": unconditional, "autoregression": autoregression}
    )
    return AtRiskBacktest(pd.DataFrame(), pd.DataFrame(), lowest, np.zeros(0), 1.0, len(lowest))


@pytest.fixture
def losses():
    return np.random.default_rng(3).gamma(2.0, 0.1, 40)


def test_a_hair_less_is_not_believed(losses):
    hair = trial(0.97 * losses, losses, 1.1 * losses)
    assert (hair.lowest["conditional"] < hair.lowest[["unconditional", "autoregression"]].min(axis=1)).all()
    assert not given(hair, 1)
    assert saving(hair) == pytest.approx(3.0)


def test_a_large_gain_by_one_quarter_alone_is_chance(losses):
    one = losses.copy()
    one[7] += 5.0  # the simple alternatives missed one slump
    assert losses.mean() < 0.9 * one.mean()
    assert not saves(losses, one, 1)


def test_a_tenth_less_everywhere_is_believed_and_only_against_both(losses):
    assert given(trial(0.8 * losses, losses, losses), 4)
    assert not given(trial(0.8 * losses, losses, 0.85 * losses), 4)
    assert saving(trial(0.8 * losses, losses, 0.85 * losses)) == pytest.approx(100 * (1 - 0.8 / 0.85))
    assert not given(trial(1.2 * losses, losses, losses), 1)
