"""Panel regression: the same as dummies for every effect, errors by leaving units out one by one."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.panel_within import fit_panel


def world(units=12, periods=8, seed=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [(f"u{u}", t, *rng.standard_normal(2)) for u in range(units) for t in range(periods)],
        columns=["unit", "time", "a", "b"],
    )
    frame["y"] = 2 * frame["a"] - frame["b"] + frame["time"] ** 2 + rng.standard_normal(len(frame))
    # Unbalanced, as panels are.
    return frame.drop(index=frame.index[[3, 17, 40]])


def by_dummies(frame):
    dummies = pd.get_dummies(frame[["unit", "time"]].astype(str), drop_first=True).to_numpy(float)
    x = np.column_stack([frame[["a", "b"]], np.ones(len(frame)), dummies])
    return np.linalg.lstsq(x, frame["y"].to_numpy(), rcond=None)[0][:2]


def test_it_is_the_regression_with_a_dummy_for_every_effect():
    frame = world()
    fit = fit_panel(frame, "y", ("a", "b"), unit="unit", absorbed=("unit", "time"))
    whole = by_dummies(frame)
    assert fit.effects.values == pytest.approx(whole)
    left_out = np.array([by_dummies(frame[frame["unit"] != u]) for u in sorted(frame["unit"].unique())])
    errors = np.sqrt(11 / 12 * ((left_out - whole) ** 2).sum(axis=0))
    assert fit.effects.errors == pytest.approx(errors)
    assert fit.n == len(frame)
    assert fit.simple @ fit.simple > fit.rival @ fit.rival


def test_a_regressor_of_one_unit_is_carried_by_one():
    frame = world().assign(b=0.0)
    rng = np.random.default_rng(3)
    only = frame["unit"] == "u3"
    frame["b"] = np.where(only, 100.0, 1.0) * rng.standard_normal(len(frame))
    fit = fit_panel(frame, "y", ("a", "b"), unit="unit", absorbed=("unit", "time"))
    assert fit.carried[1] < 1.5
    assert fit.carried[0] > 6


def test_refusals():
    frame = world()
    absorbed = ("unit", "time")
    with pytest.raises(ModelError, match="9 units where 10"):
        fit_panel(world(9), "y", ("a",), unit="unit", absorbed=absorbed)
    with pytest.raises(ModelError, match="not independent"):
        fit_panel(frame.assign(c=frame["time"] * 1.0), "y", ("a", "c"), unit="unit", absorbed=absorbed)
    alone = frame.assign(c=(frame["unit"] == "u2") * frame["a"])
    with pytest.raises(ModelError, match="not independent"):
        fit_panel(alone, "y", ("a", "c"), unit="unit", absorbed=absorbed)
    with pytest.raises(ModelError, match="finite"):
        fit_panel(frame.assign(a=np.nan), "y", ("a",), unit="unit", absorbed=absorbed)
