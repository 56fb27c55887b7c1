"""Paths of volumes after movements of price and volatility that the past did not foretell."""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.level_relation import COEFFICIENT_LEVEL
from cryptorisk.models.volumes.monthly_driver_sample import DRIVERS, DriverSample
from cryptorisk.result import Column, Table
from cryptorisk.stats.projections import Path, local_projection

HORIZONS = 12
LAGS = 2
SHOCKS = ("price", "volatility")
BESIDE = ("vix", "dollar")
"""World markets are taken not to answer to bitcoin within the month, so that its movement is what is left after them."""


def paths_table(prefix: str, title: str, sample: DriverSample) -> Table:
    """Local projections of every volume on price and volatility, percent."""
    rows: list[dict[str, object]] = []
    for shock in SHOCKS:
        for name, label in sample.volumes.items():
            frame = sample.frame[[name, *DRIVERS]]
            path = local_projection(
                frame,
                name,
                shock,
                horizons=HORIZONS,
                lags=LAGS,
                beside=BESIDE,
                level=COEFFICIENT_LEVEL,
            )
            rows += _path_rows(path, shock, label)
    columns = (
        Column("shock", "Movement of"),
        Column("volume", "Volume"),
        Column("size", "Size of the movement", "%", 1),
        Column("horizon", "Months after", "", 0),
        Column("value", "Volume higher by", "%", 2),
        Column("low", "low", "90 %", 2),
        Column("high", "high", "90 %", 2),
    )
    note = (
        "Movements of usual size (one standard deviation) that two months of lags of all variables, and VIX and "
        f"dollar of the same month, did not foretell; {len(sample.frame)} months. Errors of Newey and West with at "
        "least as many lags as months ahead, or of White where they are larger. Pointwise intervals. Not a cause: "
        "the drivers answer to each other and to what moves volumes."
    )
    return Table(
        f"volumes.{prefix}_paths",
        f"{title}: months after",
        pd.DataFrame(rows),
        columns,
        note,
        sample.sources,
        shown=False,
    )


def _path_rows(path: Path, shock: str, label: str) -> list[dict[str, object]]:
    scale = 100 * path.shock_sd
    return [
        {
            "shock": DRIVERS[shock],
            "volume": label,
            "size": scale,
            "horizon": int(h),
            "value": scale * path.values[h],
            "low": scale * path.low[h],
            "high": scale * path.high[h],
        }
        for h in path.horizons
    ]
