"""Named episodes of the past: bitcoin's falls measured from its price, others quoted where no price is in the vintage."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.market.observed import without_own
from cryptorisk.result import Column, Table

NO_PRICE = "n.a.: no daily price in the vintage and no figure found on a page that could be read"


class Window(NamedTuple):
    """A named window in which bitcoin's highest close and the lowest one after it are read off."""

    name: str
    start: str
    end: str


BITCOIN = (
    Window("First bubble, 2011", "2011-06-01", "2011-12-31"),
    Window("Mt. Gox, 2013\u20132015", "2013-11-01", "2015-01-31"),
    Window("End of the coin offerings, 2017\u20132018", "2017-12-01", "2018-12-31"),
    Window("Covid, March 2020", "2020-03-01", "2020-03-31"),
    Window("Rise of interest rates, 2021\u20132022", "2021-11-01", "2022-11-30"),
    Window("Terra and LUNA, May 2022", "2022-05-04", "2022-05-13"),
    Window("Lenders and funds, June 2022", "2022-06-01", "2022-06-30"),
    Window("FTX, November 2022", "2022-11-01", "2022-11-30"),
    Window("Liquidations, October 2025", "2025-10-01", "2025-10-31"),
)
"""Windows wide enough to hold the fall; dates of peak and trough are the data's."""

QUOTED = (
    ("Terra and LUNA, May 2022", "ust_may_2022"),
    ("Terra and LUNA, May 2022", "luna_may_2022"),
    ("Terra and LUNA, May 2022", "usdt_may_2022_low"),
    ("Silicon Valley Bank, March 2023", "usdc_march_2023_low"),
)
UNKNOWN = (("FTX, November 2022", "FTT"), ("Liquidations, October 2025", "Other assets than bitcoin"))


def measured_fall(
    prices: pd.Series[float], window: Window
) -> tuple[pd.Timestamp, pd.Timestamp, float] | None:
    """Highest close in a window, the lowest close after it there, and the fall between them in percent.

    Parameters
    ----------
    prices : pandas.Series
        Daily closes.
    window : Window

    Returns
    -------
    tuple or None
        None when the prices do not cover the whole window.
    """
    inside = prices[window.start : window.end]
    if inside.empty or prices.index[-1] < pd.Timestamp(window.end):
        return None
    if prices.index[0] > pd.Timestamp(window.start):
        return None
    peak = pd.Timestamp(str(inside.idxmax()))
    after = inside[peak:]
    trough = pd.Timestamp(str(after.idxmin()))
    return peak, trough, 100 * (1 - float(after.min() / inside.max()))


def episodes_table(inputs: Inputs) -> Table:
    """``crash.named_episodes``: every named episode with its fall, class and source; what is not known says so.

    Parameters
    ----------
    inputs : Inputs
        Only bitcoin's public price is read.
    """
    series = without_own(inputs).series("btc_price_usd", country=WORLD)
    prices = series.values.dropna()
    rows: list[tuple[object, ...]] = []
    for window in BITCOIN:
        found = None if prices.empty else measured_fall(prices, window)
        if found is not None:
            peak, trough, fall = found
            days = f"{peak.date().isoformat()} to {trough.date().isoformat()}"
            rows.append((window.name, "Bitcoin", days, fall, "measured", "closing prices of the vintage", ""))
        elif pd.Timestamp(window.end).date() <= inputs.as_of:
            rows.append((window.name, "Bitcoin", "", None, "\u2013", "n.a.: no price in the vintage", ""))
    for name, key in QUOTED:
        figure = quote(key)
        if figure.date <= inputs.as_of.isoformat():
            rows.append(
                (
                    name,
                    figure.label,
                    f"low of {figure.date}",
                    figure.value,
                    "quoted",
                    figure.source,
                    figure.url,
                )
            )
    rows += [
        (name, asset, "", None, "\u2013", NO_PRICE, "") for name, asset in UNKNOWN if inputs.as_of.year > 2025
    ]
    columns = (
        Column("episode", "Episode"),
        Column("asset", "Asset"),
        Column("days", "From peak to trough"),
        Column("fall_pct", "Fall", "%", 1),
        Column("data_class", "Class"),
        Column("source", "Source"),
        Column("url", "Read on"),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns]).astype({"fall_pct": float})
    return Table(
        "crash.named_episodes",
        "Named falls of the past",
        frame,
        columns,
        note="Bitcoin: highest close of the episode to the lowest one after it; falls within a day are deeper. Quoted lows "
        "are facts of single pages; LUNA lost more than the figure says.",
        sources=series.source_ids[:1],
    )
