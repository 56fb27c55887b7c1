import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.connectedness import connectedness
from cryptorisk.stats.connectedness_influence import without_each


def frame_of(n, seed=0):
    values = np.random.default_rng(seed).standard_normal((n, 3))
    return pd.DataFrame(values, pd.date_range("2020-01-03", periods=n, freq="W-FRI"), ["a", "b", "c"])


def test_every_share_is_that_of_the_frame_without_the_observation():
    frame = frame_of(60)
    found = connectedness(frame, lags=1)
    shares = without_each(frame, "b", found)
    assert shares.index.equals(frame.index)
    for place in (0, 17, 59):
        one = connectedness(frame.drop(frame.index[place]), lags=1)
        assert shares.iloc[place] == pytest.approx(one.from_others["b"])


def test_the_week_that_makes_the_share_is_found():
    frame = frame_of(200, 1)
    frame.iloc[120] = [25.0, 25.0, 25.0]  # once, all together
    found = connectedness(frame, lags=1)
    share = float(found.from_others["a"])
    shares = without_each(frame, "a", found)
    assert (shares - share).abs().idxmax() == frame.index[120]
    assert shares.iloc[120] < 0.2 * share
    assert shares.drop(frame.index[120]).min() > 0.9 * share


def test_too_few_observations_are_refused():
    frame = frame_of(60)
    with pytest.raises(ModelError, match="degrees of freedom"):
        without_each(frame.iloc[:34], "a", connectedness(frame, lags=1))
