"""How far holdings of gold lie from the nearest known date: the constants of `models/flight/gold.py` and their coverage.

Run from the kit's root: ``python tests/coverage/study_gold_holdings.py``. Each known holding is left out in turn: between
any two other dates of its economy at most seven years apart (the line), and after or before any other date (carried). By
distance in years it prints the ninetieth percentile of the distance in log points and the share inside the range.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from cryptorisk.models.flight.gold import SPREAD, STEADY, line_with_ends

FARTHEST_YEARS = 7
BINS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
TABLE = "cryptorisk/models/flight/gold_holdings.csv"


def left_out() -> pd.DataFrame:
    """One row a holding left out: ``case``, ``away`` (years), ``off`` (log points), ``half`` (the range's)."""
    rows = []
    for _economy, known in pd.read_csv(TABLE).sort_values("date").groupby("economy"):
        months = pd.PeriodIndex(known["date"], freq="M")
        dates = months.year.to_numpy() + months.month.to_numpy() / 12
        tonnes = known["tonnes"].to_numpy(float)
        for kept in combinations(range(len(dates)), 2):
            first, last = kept
            between = dates[last] - dates[first] <= FARTHEST_YEARS
            steady = abs(np.log(tonnes[last] / tonnes[first])) < STEADY
            for one in range(first + 1, last) if between else ():
                case = "between equal" if steady else "between unequal"
                rows.append((case, *_row(dates, tonnes, kept, one)))
            rows.append(("after", *_row(dates, tonnes, (first,), last)))
            rows.append(("before", *_row(dates, tonnes, (last,), first)))
    return pd.DataFrame(rows, columns=["case", "away", "off", "half"])


def _row(
    dates: np.ndarray, tonnes: np.ndarray, kept: tuple[int, ...], one: int
) -> tuple[float, float, float]:
    chosen = list(kept)
    central, half = line_with_ends(dates[chosen], tonnes[chosen], dates[[one]])
    away = float(np.abs(dates[chosen] - dates[one]).min())
    return away, float(np.log(tonnes[one] / central[0])), float(half[0])


def main() -> None:
    """Print the percentiles and the coverage."""
    found = left_out()
    found["inside"] = found["off"].abs() <= found["half"]
    for (case, years), some in found.groupby(["case", pd.cut(found["away"], BINS)], observed=True):
        print(
            f"{case}, {years} years: 90 % within {np.quantile(some['off'].abs(), 0.9):.3f} log points, "
            f"{SPREAD} x root {SPREAD * np.sqrt(some['away'].mean()):.3f}, inside {100 * some['inside'].mean():.0f} % "
            f"of {len(some)}"
        )
    for case, some in found.groupby("case"):
        print(f"{case}: inside {100 * some['inside'].mean():.0f} % of {len(some)}")


if __name__ == "__main__":
    main()
