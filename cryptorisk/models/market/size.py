"""How large the market is, how concentrated, and whether it grew by price or by issuance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.assets import FLOATING, PEGGED, Assets, assets, upper
from cryptorisk.models.market.observed import STABLECOINS_FROM
from cryptorisk.stats.concentration import changes, effective_number, herfindahl

FEWEST_VALUES = 5
"""With fewer assets the index says which are in the data, and not how the market is."""
NEAR = pd.Timedelta(days=1)
"""A month's end is its last day or the day before."""
YEAR = 12
STABLECOINS = "stablecoin_supply_total_usd"
BITCOIN, OTHERS, COINS = "Bitcoin", "Other assets in the vintage", "Dollar stablecoins"

Row = dict[str, Any]


def size_tables(inputs: Inputs) -> Mapping[str, list[Row]]:
    """Rows of the tables ``size_facts``, ``concentration``, ``stablecoin_share``, ``growth`` and ``growth_months``.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    """
    caps = assets(inputs, (*FLOATING, *PEGGED), "market_cap_usd")
    prices = assets(inputs, FLOATING, "price_usd")
    supply = inputs.series(STABLECOINS, country="WLD")
    coins = month_ends(supply.values.dropna().to_frame()).iloc[:, 0].loc[STABLECOINS_FROM:]
    values = month_ends(caps.values)
    floating = [name for name in FLOATING if name in values and name in prices.values]
    rows = concentration_rows(values)
    return {
        "size_facts": [_facts(rows, caps, coins, supply.source_ids)],
        "concentration": rows,
        "stablecoin_share": share_rows(values, coins),
        "growth": [
            *_growth(BITCOIN, values, prices, [name for name in floating if name == "btc"]),
            *_growth(OTHERS, values, prices, [name for name in floating if name != "btc"]),
            *_stablecoin_growth(coins),
        ],
        "growth_months": _last_months(values, prices),
    }


def month_ends(values: pd.DataFrame) -> pd.DataFrame:
    """Figures of the last days of months; a month without one is missing."""
    if values.empty:
        return values
    months = pd.date_range(values.index[0], values.index[-1], freq="ME", name="date")
    found = {
        name: values[name].dropna().reindex(months, method="ffill", tolerance=NEAR) for name in values.columns
    }
    return pd.DataFrame(found, index=months)


def concentration_rows(values: pd.DataFrame) -> list[Row]:
    """One row a month with market values of enough assets."""
    rows = []
    for month, row in values.iterrows():
        known = row.dropna()
        if len(known) < FEWEST_VALUES or not isinstance(month, pd.Timestamp):
            continue
        sizes = known.to_numpy(dtype=float)
        rows.append(
            {
                "month": f"{month:%Y-%m}",
                "assets": len(known),
                "names": upper(str(name) for name in known.index),
                "total": float(sizes.sum()),
                "hhi": herfindahl(sizes),
                "effective": effective_number(sizes),
                "bitcoin": 100 * float(known.get("btc", np.nan)) / float(sizes.sum()),
            }
        )
    return rows


def share_rows(values: pd.DataFrame, coins: pd.Series) -> list[Row]:
    """Stablecoins as a part of bitcoin and stablecoins together: the same two at every date."""
    if "btc" not in values or coins.empty:
        return []
    both = pd.concat([values["btc"].rename("btc"), coins.rename("coins")], axis=1, join="inner").dropna()
    total = both["btc"] + both["coins"]
    return [
        {
            "month": f"{month:%Y-%m}",
            "bitcoin": float(row["btc"]),
            "stablecoins": float(row["coins"]),
            "share": 100 * float(row["coins"] / total[month]),
        }
        for month, row in both.iterrows()
        if isinstance(month, pd.Timestamp)
    ]


def _facts(rows: list[Row], caps: Assets, coins: pd.Series, coin_sources: tuple[str, ...]) -> Row:
    if caps.values.empty:
        refused = f"market values of crypto-assets are {caps.none}"
    elif not rows:
        known = upper(str(name) for name in caps.values)
        refused = f"no month has market values of {FEWEST_VALUES} assets: they are those of {known}"
    else:
        refused = ""
    last = caps.values.index[-1] if not caps.values.empty else None
    now = caps.values.columns[caps.values.iloc[-1].notna()] if last is not None else ()
    return {
        "refused": refused,
        "no_values": f"market values of crypto-assets are {caps.none}" if caps.values.empty else "",
        "no_coins": "the supply of stablecoins is not known from January 2020 on" if coins.empty else "",
        "known_last": upper(str(name) for name in now),
        "last": f"{last:%Y-%m}" if last is not None else "",
        "sources": ";".join(caps.sources),
        "coin_sources": ";".join(coin_sources[:1]),
        "inputs": ";".join(caps.inputs),
    }


def _growth(group: str, values: pd.DataFrame, prices: Assets, names: list[str]) -> list[Row]:
    if not names:
        return []
    own = values[names]
    own = own.loc[own.first_valid_index() : own.last_valid_index()]
    price = month_ends(prices.values[names]).reindex(own.index)
    own = own.where(price.notna())
    counted = own.notna().T
    return _by_year(group, changes(own, price), lambda month: upper(counted.index[counted[month]]))


def _last_months(values: pd.DataFrame, prices: Assets) -> list[Row]:
    """Bitcoin's last twelve months, one by one."""
    if "btc" not in values or "btc" not in prices.values:
        return []
    own = values[["btc"]].loc[: values["btc"].last_valid_index()]
    price = month_ends(prices.values[["btc"]]).reindex(own.index)
    monthly = changes(own.where(price.notna()), price).iloc[-YEAR:]
    if monthly.empty or (monthly[["start", "end"]] == 0).to_numpy().any():
        return []
    return [
        {
            "from": f"{month - pd.offsets.MonthEnd(1):%Y-%m}",
            "to": f"{month:%Y-%m}",
            **{name: float(row[name]) for name in ("start", "price", "quantity", "end")},
        }
        for month, row in monthly.iterrows()
        if isinstance(month, pd.Timestamp)
    ]


def _stablecoin_growth(coins: pd.Series) -> list[Row]:
    """Their supply is counted in dollars at par: all of it is issuance, and departures from the peg are not seen."""
    if len(coins) < 2:
        return []
    frame = coins.to_frame("coins")
    price = frame.notna().astype(float).where(frame.notna())
    return _by_year(COINS, changes(frame, price), lambda _month: "all")


def _by_year(group: str, monthly: pd.DataFrame, names: Callable[[pd.Timestamp], str]) -> list[Row]:
    """Sums over the months of calendar years: what begins a year is what ended the one before."""
    rows = []
    for year, part in monthly.groupby(pd.DatetimeIndex(monthly.index).year):
        added = part[["price", "quantity", "entered", "left"]].sum()
        rows.append(
            {
                "group": group,
                "year": str(year),
                "from": f"{part.index[0] - pd.offsets.MonthEnd(1):%Y-%m}",
                "to": f"{part.index[-1]:%Y-%m}",
                "assets": names(part.index[-1]),
                "start": float(part["start"].iloc[0]),
                **{str(name): float(value) for name, value in added.items()},
                "end": float(part["end"].iloc[-1]),
            }
        )
    return rows
