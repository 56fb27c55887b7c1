"""Growth at risk: models of one horizon on the same quarters, none that stands before the last quarter of activity."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.spillovers.growth import CONDITIONS, FEWEST_PAIRS, _conditions, _fits, _samples
from cryptorisk.stats.at_risk import backtest

QUARTERS = pd.period_range("2000Q1", periods=100, freq="Q")


def frame(bitcoin_from=30, bitcoin_to=100, gap=None):
    rng = np.random.default_rng(3)
    made = pd.DataFrame(
        {
            "growth": rng.standard_normal(100).cumsum(),
            "vix": rng.standard_normal(100),
            "bitcoin": 20 * rng.standard_normal(100),
        },
        QUARTERS,
    )
    made.iloc[:bitcoin_from, 2] = np.nan
    made.iloc[bitcoin_to:, 2] = np.nan
    if gap is not None:
        made.iloc[gap, 2] = np.nan
    return made


def test_all_models_of_a_horizon_stand_on_the_same_quarters():
    """A benchmark's loss depends on its quarters alone: it is one number under both models."""
    fits, _ = _fits(frame(), seed=1)
    assert {fit.name for fit in fits} == set(CONDITIONS)
    for horizon in (1, 4):
        here = [fit for fit in fits if fit.horizon == horizon]
        for benchmark in ("unconditional", "autoregression"):
            losses = {float(fit.test.losses[benchmark].iloc[0]) for fit in here}
            assert len(losses) == 1
        assert {len(fit.quarters) for fit in here} == {70}
    sample = frame()[["growth", "vix"]].iloc[-70:]
    alone = backtest(sample["growth"], sample, 1, first=30)
    ours = next(fit for fit in fits if fit.name == "growth and the VIX" and fit.horizon == 1)
    assert ours.test.losses.equals(alone.losses)


def test_a_model_whose_conditions_end_before_activity_is_refused():
    fits, refusals = _fits(frame(bitcoin_to=98), seed=1)
    assert {fit.name for fit in fits} == {"growth and the VIX"}
    assert any("end in 2024Q2, activity in 2024Q4" in reason for reason in refusals)
    assert all(fit.quarters[-1] == QUARTERS[-1] for fit in fits)


def test_a_gap_is_not_closed():
    samples, _ = _samples(frame(gap=45))
    rows = samples["growth, the VIX and bitcoin"]
    assert rows.index[0] == QUARTERS[46]
    fits, refusals = _fits(frame(gap=55), seed=1)
    assert {fit.name for fit in fits} == {"growth and the VIX"}
    assert any(f"{FEWEST_PAIRS} are needed" in reason for reason in refusals)


def test_a_quarter_under_way_has_no_return_of_bitcoin(inputs_for):
    inputs = inputs_for("KEN")
    last = inputs.series("btc_price_usd", country="WLD").values.dropna().index[-1]
    assert not pd.Timestamp(last).is_quarter_end
    quarters = pd.period_range("2015Q1", pd.Period(last, freq="Q"), freq="Q")
    found = _conditions(inputs, pd.Series(np.arange(1.0, len(quarters) + 1), quarters))
    assert np.isnan(found["bitcoin"].iloc[-1])
    assert np.isfinite(found["bitcoin"].iloc[-2])


@pytest.mark.parametrize("columns", [["growth"], ["growth", "vix"]])
def test_a_model_without_its_market_series_says_so(columns):
    _, refusals = _samples(frame()[columns])
    assert any("a market series is not in the vintage" in reason for reason in refusals)
