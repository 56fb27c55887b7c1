"""Growth at risk is believed by a tenth less loss and significance, and not by a hair of it."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.spillovers.growth_trial import given, saves, saving
from cryptorisk.stats.at_risk import TAIL, tail_losses


def trial(conditional, unconditional, autoregression):
    return pd.DataFrame(
        {"conditional": conditional, "unconditional": unconditional, "autoregression": autoregression}
    )


@pytest.fixture
def losses():
    return np.random.default_rng(3).gamma(2.0, 0.1, 40)


def test_a_hair_less_is_not_believed(losses):
    hair = trial(0.97 * losses, losses, 1.1 * losses)
    assert (hair["conditional"] < hair[["unconditional", "autoregression"]].min(axis=1)).all()
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


def test_a_tail_that_moves_with_its_condition_can_be_believed_at_all():
    """66 quarters, growth that falls with a high VIX: one quarter or two below 5 % never show it, the lower tail does."""
    rng = np.random.default_rng(11)
    joint, alone = 0, 0
    for _ in range(10):
        vix = rng.standard_normal(66)
        growth = 2 - 2 * np.r_[0.0, vix[:-1]] + 0.3 * rng.standard_normal(66)
        frame = pd.DataFrame({"growth": growth, "vix": vix})
        joint += given(tail_losses(frame["growth"], frame, 1, first=30), 1)
        alone += given(tail_losses(frame["growth"], frame, 1, first=30, levels=TAIL[:1]), 1)
    assert joint > 6
    assert alone < joint
