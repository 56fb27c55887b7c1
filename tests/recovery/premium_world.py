"""Made-up premia with a known truth: wandering alone, held by their drivers in levels, moving with them by month."""

import numpy as np
import pandas as pd

from cryptorisk.models.flight.premium_driver_sample import STEPS, DriverSample

TRUTH = {"controls": 40.0, "reserves": -2.0, "depreciation": 3.0, "volatility": 0.0}
"""Log percent of premium in the long run for a step of each driver."""

MOVES = {"controls": 0.0, "reserves": 0.0, "depreciation": 2.0, "volatility": 0.0}
"""The same within the month, in the world of changes."""


def months(n):
    return pd.date_range("2010-10-31", periods=n, freq="ME")


def drivers(n, rng):
    """A dated state (two spells), a figure that steps once a year, a random walk and a stationary series."""
    index = months(n)
    controls = np.zeros(n)
    controls[n // 12 : n // 3] = 1
    controls[2 * n // 3 :] = 1
    yearly = rng.standard_normal(n // 12 + 2).cumsum()
    volatility = np.zeros(n)
    for t in range(1, n):
        volatility[t] = 0.9 * volatility[t - 1] + 0.3 * rng.standard_normal()
    return pd.DataFrame(
        {
            "controls": controls,
            "reserves": 20 + 2 * yearly[(np.arange(n) + 9) // 12],
            "depreciation": 2 + 0.5 * rng.standard_normal(n).cumsum(),
            "volatility": volatility,
        },
        index=index,
    )


def shocks(frame, rng):
    """Six times as large while controls hold, as Argentina's are."""
    return rng.standard_normal(len(frame)) * np.where(frame["controls"] > 0, 6.0, 1.0)


def wandering(n, rng):
    """A random walk that has nothing to do with the drivers, calm without controls."""
    frame = drivers(n, rng)
    return frame.assign(premium=shocks(frame, rng).cumsum())


def held(n, rng, *, speed=0.25, sd=2.0):
    """Returns to a level that the drivers set; errors of one variance."""
    frame = drivers(n, rng)
    goal = sum(TRUTH[name] * frame[name] for name in TRUTH).to_numpy() + 45
    premium = np.empty(n)
    premium[0] = goal[0]
    for t in range(1, n):
        premium[t] = premium[t - 1] - speed * (premium[t - 1] - goal[t - 1]) + sd * rng.standard_normal()
    return frame.assign(premium=premium)


def moving(n, rng):
    """Changes by what past depreciation changed by, and wanders for the rest."""
    frame = drivers(n, rng)
    change = frame.diff().fillna(0.0) @ pd.Series(MOVES)
    return frame.assign(premium=(change + rng.standard_normal(n)).cumsum())


def sample(frame):
    columns = ["premium", *TRUTH]
    return DriverSample(
        frame[columns],
        pd.DataFrame(index=frame.index),
        {},
        {name: STEPS[name] for name in TRUTH},
        dict.fromkeys(TRUTH, "made up"),
        "",
        "made-up",
        ("world",),
        ("parallel_fx_lcu_per_usd",),
    )


POOLED = {"controls": 15.0, "reserves": -1.0, "depreciation": 2.0}


def panel(economies, n, rng, *, truth=None):
    """Economies whose premia and drivers wander, each for itself, with a world's mood; related only by ``truth``."""
    codes = [f"E{i:02d}" for i in range(economies)]
    mood = 5 * rng.standard_normal(n).cumsum()
    rows = []
    for code in codes:
        controls = np.clip(rng.uniform(0, 1) + 0.15 * rng.standard_normal(n // 12 + 1).cumsum(), 0, 1)
        frame = pd.DataFrame(
            {
                "country": code,
                "month": pd.period_range("2016-01", periods=n, freq="M"),
                "controls": controls[np.arange(n) // 12],
                "reserves": rng.standard_normal(n).cumsum(),
                "depreciation": 0.5 * rng.standard_normal(n).cumsum(),
            }
        )
        own = 20 * rng.standard_normal() + mood + rng.standard_normal(n).cumsum()
        frame["premium"] = own + sum((truth or {}).get(name, 0.0) * frame[name] for name in POOLED)
        rows.append(frame)
    return pd.concat(rows, ignore_index=True)
