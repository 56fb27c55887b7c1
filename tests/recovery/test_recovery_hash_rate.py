"""Worlds in which the hash rate follows miners' income, or does not: the elasticity is found, or refused."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.price_risk.hash_rate_response import LAGS, responses
from cryptorisk.stats.projections import local_projection

MONTHS = 180
TRUTH = {3: 0.6 * (1 - 0.7**4), 6: 0.6 * (1 - 0.7**7), 12: 0.6 * (1 - 0.7**13)}


def world(seed, elasticity=0.6, noise=0.04, months=MONTHS):
    """Income is a random walk; the hash rate closes 30 % of the gap to ``elasticity`` times it each month, with a trend."""
    rng = np.random.default_rng(seed)
    income = 0.2 * rng.standard_normal(months).cumsum()
    gap, shocks = 0.0, noise * rng.standard_normal(months).cumsum()
    rate = np.zeros(months)
    for t in range(months):
        gap += 0.3 * (elasticity * income[t] - gap)
        rate[t] = gap + 0.02 * t + shocks[t]
    days = pd.date_range("2011-01-31", periods=months, freq="ME")
    return pd.Series(np.exp(rate), index=days), pd.Series(np.exp(income), index=days)


def projected(hash_rate, income):
    logs = np.log(pd.DataFrame({"hash_rate": hash_rate, "income": income}))
    moves = logs.assign(income=logs["income"].diff()).iloc[1:]
    return local_projection(moves, "hash_rate", "income", horizons=12, lags=LAGS)


def test_in_a_long_sample_the_projection_is_the_truth():
    path = projected(*world(1, months=2000))
    assert path.values[list(TRUTH)] == pytest.approx(list(TRUTH.values()), abs=0.06)


def test_a_response_that_is_there_is_found_and_given():
    found = [responses(*world(seed)) for seed in range(8)]
    for place, truth in enumerate(TRUTH.values()):
        assert np.mean([one[place].value for one in found]) == pytest.approx(truth, abs=0.2)
        assert sum(one[place].left_out.enough for one in found) >= 6
        assert sum(one[place].believed for one in found) >= 5
    inside = [one[k].low <= t <= one[k].high for one in found for k, t in enumerate(TRUTH.values())]
    assert np.mean(inside) > 0.65


def test_a_hash_rate_of_its_own_is_refused():
    found = [one for seed in range(8) for one in responses(*world(seed, elasticity=0.0))]
    assert sum(one.believed for one in found) <= 1
    assert all("is demanded" in one.why_not for one in found if not one.believed)


def test_a_response_of_the_first_half_alone_is_refused():
    hash_rate, income = world(3, elasticity=1.0, noise=0.02)
    own, _ = world(4, elasticity=0.0, noise=0.02)
    middle = MONTHS // 2
    later = own.iloc[middle:] * hash_rate.iloc[middle - 1] / own.iloc[middle - 1]
    found = responses(pd.concat([hash_rate.iloc[:middle], later]), income)
    assert not any(one.believed for one in found)
    assert any("halves of the sample differ" in one.why_not for one in found)


def test_the_value_is_that_of_the_local_projection():
    hash_rate, income = world(1)
    assert [one.value for one in responses(hash_rate, income)] == list(
        projected(hash_rate, income).values[[3, 6, 12]]
    )
