"""Effects taken out by alternating projections against least squares on dummies."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Effects, codes_of


def frame(n, sizes, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({f"e{k}": rng.integers(0, size, n) for k, size in enumerate(sizes)})


@pytest.mark.parametrize("sizes", [(7,), (7, 11), (7, 11, 5), (40, 40)])
def test_residuals_are_those_of_weighted_least_squares_on_dummies(sizes):
    rng = np.random.default_rng(1)
    df = frame(300, sizes)
    effects = Effects.of(df, list(df.columns))
    values, weights = rng.normal(size=(300, 3)), rng.lognormal(0, 2, 300)
    found, converged = effects.within(values, weights)
    root = np.sqrt(weights)[:, None]
    dummies = effects.dummies().toarray()
    beta = np.linalg.lstsq(root * dummies, root * values, rcond=None)[0]
    assert converged
    assert found == pytest.approx(values - dummies @ beta, abs=1e-8)


@pytest.mark.parametrize("sizes", [(7,), (7, 11), (7, 11, 5), (6, 6, 6, 6)])
def test_rank_is_that_of_the_dummies(sizes):
    df = frame(120, sizes, seed=3)
    effects = Effects.of(df, list(df.columns))
    assert effects.rank() == np.linalg.matrix_rank(effects.dummies().toarray())


def test_rank_counts_every_unconnected_part_once():
    df = pd.DataFrame(
        {"a": [0, 0, 1, 2, 2, 3], "b": [0, 1, 1, 2, 3, 3]}
    )  # two parts of three levels and four
    effects = Effects.of(df, ["a", "b"])
    assert effects.rank() == 8 - 2 == np.linalg.matrix_rank(effects.dummies().toarray())


def test_nested_effects_leave_nothing_of_the_outer_one():
    df = pd.DataFrame({"country": list("aabbcc"), "year": [1, 2, 1, 2, 1, 2]})
    effects = Effects.of(df, ["country^year"])
    assert effects.sizes == (6,)
    values = np.arange(6.0)[:, None]
    assert effects.within(values, np.ones(6))[0] == pytest.approx(np.zeros((6, 1)))


def test_many_levels_are_quick():
    df = frame(60_000, (4000, 4000), seed=5)
    effects = Effects.of(df, list(df.columns))
    values = np.random.default_rng(2).normal(size=(60_000, 1))
    found, converged = effects.within(values, np.ones(60_000))
    assert converged
    for code in effects.codes:  # nothing is left in any level
        assert np.abs(np.bincount(code, found[:, 0])).max() < 1e-7


def test_codes_follow_first_appearance_and_refuse_unknown_columns():
    df = pd.DataFrame({"o": ["b", "a", "b"], "t": [1, 1, 2]})
    codes, levels = codes_of(df, "o^t")
    assert codes.tolist() == [0, 1, 2]
    assert levels == ["b^1", "a^1", "b^2"]
    with pytest.raises(ModelError, match="no column u"):
        codes_of(df, "o^u")
