"""What premia move with, in worlds with a known truth. `tests/coverage/study_premium_drivers.py` has the shares in full."""

import numpy as np
import pytest
from premium_world import POOLED, TRUTH, held, moving, panel, sample, wandering
from statsmodels.regression.linear_model import OLS

from cryptorisk.models.flight.premium_changes import premium_changes
from cryptorisk.models.flight.premium_levels import PremiumLevels, premium_levels
from cryptorisk.models.flight.premium_pooled import Pooled, pooled
from cryptorisk.stats.bounds import bounds_test
from cryptorisk.stats.conditional_null import conditional_null
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction

N = 158
NAMES = list(TRUTH)


def test_a_premium_that_wanders_alone_has_no_drivers_though_levels_correlate():
    """Spurious worlds: a plain regression of levels 'finds' something in nine of ten, the chapter in one in twenty."""
    plain = conditional = told = used = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        frame = wandering(N, rng)
        x = np.column_stack([frame[NAMES], np.ones(N)])
        naive = OLS(frame["premium"], x).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
        plain += bool(naive.pvalues.iloc[:4].min() < 0.05 / 4)
        fit = fit_error_correction(frame["premium"], frame[NAMES], Order(1, (1, 1, 1, 1)))
        null = conditional_null(fit, rng=rng, replications=300)
        conditional += bounds_test(fit, null).verdict() == "level relation"
        changes = premium_changes(sample(frame))
        told += bool(changes.moving)
        used += changes.better.enough
    assert plain >= 32
    assert conditional <= 5
    assert told <= 9
    assert used <= 1


def test_states_and_yearly_figures_are_refused_from_month_to_month():
    changes = premium_changes(sample(wandering(N, np.random.default_rng(1))))
    assert changes.told == ("depreciation", "volatility")
    assert "about 3 months where 10" in changes.refusal("controls")


def test_a_level_that_drivers_hold_is_found_with_its_coefficients():
    inside, accepted = np.zeros(4), 0
    for seed in range(15):
        rng = np.random.default_rng(100 + seed)
        found = premium_levels(sample(held(N, rng)), rng)
        assert isinstance(found, PremiumLevels)
        assert found.relation.test.verdict() == "level relation"
        accepted += not found.reason
        inside += [
            found.relation.long_run[name].low <= TRUTH[name] <= found.relation.long_run[name].high
            for name in NAMES
        ]
    # Sound equations are refused in about one case in twenty-five, and in one in twenty for unlike halves.
    assert accepted >= 11
    assert inside.min() >= 10


def test_a_driver_of_changes_is_found_and_predicts():
    found = [premium_changes(sample(moving(N, np.random.default_rng(seed)))) for seed in range(20)]
    assert all("depreciation" in one.moving for one in found)
    assert sum(one.better.enough for one in found) >= 18
    values = [one.coefficient("depreciation").value for one in found]
    assert np.mean(values) == pytest.approx(2.0, abs=0.15)
    assert sum("volatility" in one.moving for one in found) <= 5


def test_pooled_premia_that_wander_have_no_drivers():
    found = [pooled(panel(25, 48, np.random.default_rng(seed))) for seed in range(20)]
    assert all(isinstance(one, Pooled) for one in found)
    some = sum(bool((one.levels.effects.adjusted_p_values < 0.1).any()) for one in found)
    assert some <= 5
    assert not any(one.better.enough for one in found)


def test_pooled_drivers_are_found():
    inside = np.zeros(3)
    for seed in range(10):
        one = pooled(panel(25, 72, np.random.default_rng(seed), truth=POOLED))
        low, high = one.levels.effects.interval(0.9)
        inside += (low <= list(POOLED.values())) & (list(POOLED.values()) <= high)
        assert one.levels.effects.adjusted_p_values[2] < 0.05
        assert one.changes.effects.values[2] == pytest.approx(2.0, abs=0.6)
    assert inside.min() >= 6
