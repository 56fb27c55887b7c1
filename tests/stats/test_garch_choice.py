from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import garch
from cryptorisk.stats.garch_choice import Contest, best_of_each_model, candidates, choose, contest, stable
from cryptorisk.stats.model_confidence import model_confidence
from cryptorisk.stats.rolling import rolling_fit
from cryptorisk.stats.volatility import ExponentialRecursion
from cryptorisk.stats.volatility_scores import qlike


@pytest.fixture(scope="module")
def returns():
    """An exponential world with a strong asymmetry, which the symmetric recursion cannot follow."""
    world = ExponentialRecursion(omega=0.04, alpha=0.2, gamma=-0.15, beta=0.96)
    shocks = np.random.default_rng(6).standard_t(6, size=(1, 3000)) * np.sqrt(4 / 6)
    return world.simulate(shocks, 2.0)[0][0, 500:]


@pytest.fixture(scope="module")
def fits(returns):
    return candidates(returns)


def test_candidates_are_ranked_and_the_true_one_is_first(fits):
    assert len(fits) == 13
    assert [f.bic for f in fits] == sorted(f.bic for f in fits)
    assert (fits[0].model, fits[0].distribution) == ("egarch", "t")
    assert np.isfinite(fits[0].persistence_se)


def test_one_contender_a_model(fits):
    found = best_of_each_model(fits)
    assert len({f.model for f in found}) == len(found)
    assert found[0] is fits[0]
    assert all(stable(f) for f in found)
    assert all(f.distribution == "t" for f in found)


def test_a_fit_with_several_peaks_or_on_a_bound_is_not_stable(fits):
    assert not stable(replace(fits[0], loglikelihood_range=0.2))
    assert not stable(replace(fits[0], at_bound=("gamma",)))
    assert not stable(replace(fits[0], converged=False))
    assert stable(replace(fits[0], at_bound=("persistence",)))


def test_a_contest_prefers_the_true_volatility(returns, fits):
    pair = [("egarch", "t"), ("garch", "t")]
    rolled = {
        name: rolling_fit(
            returns, window=1500, refit_days=500, model=name[0], distribution=name[1], expanding=True
        )
        for name in pair
    }
    held = contest(rolled, 0.975, np.random.default_rng(1))
    assert held.qlike.shape == (1000, 2)
    assert held.qlike.mean()[pair[0]] < held.qlike.mean()[pair[1]]
    assert held.rejected(pair[1])
    assert not held.rejected(pair[0])
    assert choose(best_of_each_model(fits), held).model == "egarch"


def _held(p, means):
    names = pd.MultiIndex.from_tuples([("egarch", "t"), ("garch", "t"), ("gjr", "t")])
    frame = pd.DataFrame([means], columns=names)
    return Contest(frame, frame, pd.Series(p, index=names), pd.Series(1.0, index=names))


def test_the_rule_when_criterion_and_contest_disagree(returns):
    contenders = [garch.fit(returns, model=m, quick=True) for m in ("egarch", "garch", "gjr")]
    assert choose(contenders, None).model == "egarch"
    assert choose(contenders, _held([0.2, 1.0, 0.5], [3.0, 1.0, 2.0])).model == "egarch"  # not rejected
    assert choose(contenders, _held([0.0, 0.3, 1.0], [3.0, 2.0, 1.0])).model == "gjr"  # best that is left in
    assert choose(contenders, _held([0.0, 0.05, 1.0], [3.0, 1.0, 2.0])).model == "gjr"
    assert choose(contenders, _held([0.0, 0.0, 0.0], [3.0, 1.0, 2.0])).model == "garch"  # none is left


def test_confidence_set_leaves_out_what_is_worse():
    rng = np.random.default_rng(8)
    base = rng.standard_normal((800, 1))
    losses = pd.DataFrame(base + rng.standard_normal((800, 3)) * 0.5 + [0.0, 0.0, 0.3], columns=list("abc"))
    p = model_confidence(losses, rng=np.random.default_rng(1))
    assert p["c"] < 0.01
    assert p[["a", "b"]].max() == 1.0
    assert p[["a", "b"]].min() > 0.05
    again = model_confidence(losses, rng=np.random.default_rng(1))
    pd.testing.assert_series_equal(p, again)


def test_confidence_set_holds_the_best_as_often_as_it_says():
    """All three alike: each is the best, and a true best must be left out in at most a tenth of the worlds."""
    out = 0
    for seed in range(60):
        losses = pd.DataFrame(np.random.default_rng([9, seed]).standard_normal((300, 3)))
        p = model_confidence(losses, rng=np.random.default_rng(seed), block=2, replications=200)
        out += bool(p[0] < 0.1)
    assert out / 60 <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / 60)


def test_confidence_set_refuses():
    with pytest.raises(ModelError, match="at least two"):
        model_confidence(pd.DataFrame({"a": [1.0, 2.0]}), rng=np.random.default_rng(0))
    with pytest.raises(ModelError, match="losses of b"):
        model_confidence(pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, np.inf]}), rng=np.random.default_rng(0))


def test_qlike_ranks_the_true_variance_first_under_a_noisy_proxy():
    rng = np.random.default_rng(3)
    variance = np.exp(rng.standard_normal(20_000) * 0.5)
    proxy = variance * rng.standard_normal(20_000) ** 2
    true = qlike(proxy, variance).mean()
    for factor in (0.8, 1.25):
        assert true < qlike(proxy, factor * variance).mean()
    assert qlike([0.0, 4.0], [1.0, 2.0]) == pytest.approx([0.0, np.log(2) + 2])
    with pytest.raises(ModelError, match="positive"):
        qlike([1.0], [0.0])
    with pytest.raises(ModelError, match="2 days but 1"):
        qlike([1.0, 1.0], [1.0])
