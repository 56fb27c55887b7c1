"""Named episodes of the past: bitcoin's falls measured from its price, others quoted where no price is in the vintage."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.market.observed import without_own
from cryptorisk.result import Column, Table


class Window(NamedTuple):
    """A named window in which bitcoin's highest close and the lowest one after it are read off."""

    name: str
    start: str
    end: str

    @property
    def dates(self) -> str:
        """First and last day."""
        return f"{self.start} to {self.end}"


BITCOIN = (
    Window("First bubble, 2011", "2011-06-01", "2011-12-31"),
    Window("Mt. Gox, 2013\u20132015", "2013-11-01", "2015-01-31"),
    Window("End of the coin offerings, 2017\u20132018", "2017-12-01", "2018-12-31"),
    Window("Covid, March 2020", "2020-02-01", "2020-03-31"),
    Window("Rise of interest rates, 2021\u20132022", "2021-11-01", "2022-11-30"),
    Window("Terra and LUNA, May 2022", "2022-05-04", "2022-05-13"),
    Window("Lenders and funds, June 2022", "2022-05-25", "2022-06-30"),
    Window("FTX, November 2022", "2022-11-01", "2022-11-30"),
    Window("Liquidations, October 2025", "2025-10-01", "2025-10-31"),
)
"""Windows wide enough to hold the fall; dates of peak and trough are the data's."""

QUOTED = (
    ("Terra and LUNA, May 2022", "ust_may_2022"),
    ("Terra and LUNA, May 2022", "luna_may_2022"),
    ("Terra and LUNA, May 2022", "usdt_may_2022_low"),
    ("FTX, November 2022", "ftt_november_2022"),
    ("Silicon Valley Bank, March 2023", "usdc_march_2023_low"),
    ("Silicon Valley Bank, March 2023", "usdc_march_2023_bitstamp"),
    ("Liquidations, October 2025", "altcoins_october_2025"),
    ("Liquidations, October 2025", "usde_october_2025"),
)


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
    """``crash.named_episodes``: every named episode with its fall, class and source.

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
            where = "closing prices of the vintage"
            rows.append((window.name, "Bitcoin", window.dates, days, fall, "measured", where, ""))
        elif pd.Timestamp(window.end).date() <= inputs.as_of:
            where = "n.a.: no price in the vintage"
            rows.append((window.name, "Bitcoin", window.dates, "", None, "\u2013", where, ""))
    for name, key in QUOTED:
        figure = quote(key)
        if figure.date <= inputs.as_of.isoformat():
            rows.append(
                (
                    name,
                    figure.label,
                    "",
                    f"by {figure.date}",
                    figure.value,
                    "quoted",
                    figure.source,
                    figure.url,
                )
            )
    columns = (
        Column("episode", "Episode"),
        Column("asset", "Asset"),
        Column("window", "Window"),
        Column("days", "From peak to trough"),
        Column("fall_pct", "Fall", "%", _places(rows)),
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
        note="Bitcoin: highest close in the window to the lowest one after it there; falls within a day are deeper. "
        "Quoted lows are facts of single pages; those of October 2025 are lows within the day; LUNA lost "
        "more than its figure says.",
        sources=series.source_ids[:1],
    )


def _places(rows: list[tuple[object, ...]]) -> int:
    """Decimals with which a fall short of all is not written as all."""
    falls = [float(str(row[4])) for row in rows if row[4] is not None]
    return next((n for n in (1, 2, 3) if all(round(fall, n) < 100 for fall in falls if fall < 100)), 3)
