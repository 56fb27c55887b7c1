import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.cointegration import johansen_trace


def test_refusals():
    days = pd.date_range("2020-01-31", periods=80, freq="ME")
    levels = pd.DataFrame(np.random.default_rng(0).standard_normal((80, 2)).cumsum(axis=0), days, ["m", "p"])
    with pytest.raises(ModelError, match="unknown constant 'none'; use one of restricted, unrestricted"):
        johansen_trace(levels, lags=2, constant="none")  # was taken for unrestricted
    with pytest.raises(ModelError, match=r"1 values are not, the first of p at 2020-04-30"):
        johansen_trace(levels.assign(p=levels["p"].where(days != days[3])), lags=2)
    with pytest.raises(ModelError, match="of column 1 at position 3"):
        johansen_trace(levels.assign(p=levels["p"].where(days != days[3])).to_numpy(), lags=2)
    with pytest.raises(ModelError, match="two variables"):
        johansen_trace(levels[["m"]], lags=2)
    with pytest.raises(ModelError, match="must increase"):
        johansen_trace(levels.iloc[::-1], lags=2)
    with pytest.raises(ModelError, match="whole number"):
        johansen_trace(levels, lags=1.5)
    with pytest.raises(ModelError, match="too few"):
        johansen_trace(levels.iloc[:12], lags=2)
