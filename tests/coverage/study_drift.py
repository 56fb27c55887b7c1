"""How far ratios to GDP drift over one to three years: the constants of `models/flight/drift.py` and their coverage.

Run from the kit's root: ``python tests/coverage/study_drift.py``. Of economies with a currency of their own it prints, by
series and years carried, the percentiles in spreads over all years, and the coverage of a range that was calibrated on the
years to 2014 on those after: in all, and for the calmest, the middle and the most volatile third of economies.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.countries import countries
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight.amount import LONGEST_CARRY_YEARS
from cryptorisk.models.flight.broad_money import LARGEST_MONEY_PCT_GDP
from cryptorisk.models.flight.drift import FEWEST_CHANGES, LARGEST_CHANGE, spread
from cryptorisk.params import Params

CALIBRATED_TO = 2014


def ratios() -> dict[str, pd.DataFrame]:
    """Year x economy."""
    inputs = load_inputs(Params(country="KEN"))
    money = inputs.panel("broad_money_pct_gdp")
    found = {"money": money.where(money <= LARGEST_MONEY_PCT_GDP)}
    for side in ("imports", "exports"):
        trade = inputs.panel(f"{side}_pct_gdp")
        found[side] = trade.where(trade > 0)
    own = {c.iso3 for c in countries() if c.status_on(inputs.as_of) == "own_currency"}
    return {
        name: frame.set_axis(pd.DatetimeIndex(frame.index).year)[[c for c in frame if c in own]]
        for name, frame in found.items()
    }


def changes(panel: pd.DataFrame, years: int, pooled: float) -> pd.DataFrame:
    """One row an economy and year: what came, in spreads known then."""
    rows = []
    for economy in panel:
        known = panel[economy].dropna()
        for year, value in known.items():
            if year + years not in known.index:
                continue
            before = known[known.index <= year]
            scale = spread(before, pooled)
            rows.append((economy, year, np.log(known[year + years] / value) / scale, scale))
    return pd.DataFrame(rows, columns=["economy", "year", "z", "scale"])


def main() -> None:
    """Print the constants and the coverage."""
    for name, panel in ratios().items():
        steps = np.log(panel).diff().clip(-LARGEST_CHANGE, LARGEST_CHANGE).to_numpy(float)
        steps = steps[np.isfinite(steps)]
        pooled = float(steps.std(ddof=1))
        print(
            f"{name}: spread {pooled:.3f} of {len(steps)} yearly changes, at least {FEWEST_CHANGES} of its own"
        )
        for years in range(1, LONGEST_CARRY_YEARS + 1):
            found = changes(panel, years, pooled)
            ends = found["z"].quantile([0.05, 0.95]).to_numpy()
            before = found[found["year"] + years <= CALIBRATED_TO]["z"].quantile([0.05, 0.95]).to_numpy()
            after = found[found["year"] >= CALIBRATED_TO]
            inside = after["z"].between(*before)
            third = pd.qcut(after["scale"], 3, labels=False)
            by = [f"{inside[third == one].mean():.2f}" for one in range(3)]
            print(
                f"  {years}: {ends[0]:.2f} to {ends[1]:.2f} of {len(found)}; to {CALIBRATED_TO} {before[0]:.2f} to "
                f"{before[1]:.2f}, after {inside.mean():.2f} of {len(after)} inside, below "
                f"{(after['z'] < before[0]).mean():.2f}, above {(after['z'] > before[1]).mean():.2f}; by spread {by}"
            )


if __name__ == "__main__":
    main()
