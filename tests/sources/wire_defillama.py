"""DefiLlama's free interface on loopback: both of its hosts under one address."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
from replay_server import DATA_FAULTS, Answer, Asked, Wire

COINS = {
    "1": ("Tether", "USDT", "tether", "usdt_supply_usd"),
    "2": ("USD Coin", "USDC", "usd-coin", "usdc_supply_usd"),
    "5": ("Dai", "DAI", "dai", "dai_supply_usd"),
}
"""Number, name, symbol and id at CoinGecko, as in `peggedData.ts` of github.com/DefiLlama/peggedassets-server."""

EUROS = 14_967_600.0
"""Coins pegged to the euro, which stand beside those pegged to the dollar."""


class DefiLlamaWire(Wire):
    """``/stablecoins/stablecoins``, ``/stablecoins/stablecoincharts/all`` and ``/api/v2/historicalChainTvl``.

    Paths and fields from `defillama-openapi-free.json` and `llms.txt` (layout on one host) of github.com/DefiLlama/api-docs;
    dates as text and the amounts by peg from `craftChartsResponse` of github.com/DefiLlama/peggedassets-server, which
    writes 0 for an amount that it does not know.
    """

    name = "defillama"
    data_faults = DATA_FAULTS
    sample = ("USDT", "stablecoins", "tvl")

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        """The list of coins, or a list of days."""
        if asked.path == "/stablecoins/stablecoins":
            return _json({"peggedAssets": self.coins(fault), "chains": []})
        if asked.path == "/stablecoins/stablecoincharts/all":
            id = asked.query.get("stablecoin")
            if id is not None and id not in COINS:
                return _json([])
            return _json(_faulty(self.charts(id, fault), fault))
        if asked.path == "/api/v2/historicalChainTvl":
            return _json(_faulty(self.locked(fault), fault))
        return Answer(b'{"message":"Not Found"}', status=404)

    def coins(self, fault: str | None) -> list[dict]:
        """The coins, with one of the same symbol that is another."""
        listed = [
            {
                "id": id,
                "name": name,
                "symbol": symbol,
                "gecko_id": gecko,
                "pegType": "peggedUSD",
                "pegMechanism": "fiat-backed",
                "circulating": {"peggedUSD": 1.0},
                "chains": ["Ethereum"],
            }
            for id, (name, symbol, gecko, _) in COINS.items()
        ]
        listed.append({**listed[0], "id": "77", "name": "Bridged Tether", "gecko_id": "bridged-tether"})
        return listed[3:] if fault == "renamed" else listed

    def charts(self, id: str | None, fault: str | None) -> list[dict]:
        """Days of a coin or of all."""
        figures = self.world.figures(COINS[id][3] if id else "stablecoin_supply_total_usd", "WLD")
        euros = {} if id else {"peggedEUR": EUROS}
        rows = []
        for number, (stamp, value) in enumerate(_stamped(figures)):
            dollars = {"peggedUSD": round(value, 2), **euros}
            if fault == "wrong_currency":
                dollars = {"peggedEUR": round(value, 2)}
            if fault == "nan_tail" and number >= len(figures) - 3:
                dollars = {**dollars, "peggedUSD": 0}
            rows.append(
                {
                    "date": str(stamp),
                    "totalCirculating": dollars,
                    "totalUnreleased": dict.fromkeys(dollars, 0),
                    "totalCirculatingUSD": dollars,
                    "totalMintedUSD": dict.fromkeys(dollars, 0),
                    "totalBridgedToUSD": dict.fromkeys(dollars, 0),
                }
            )
        return rows

    def locked(self, fault: str | None) -> list[dict]:
        """Days with the value locked, then a reading of the unfinished day."""
        rows = [
            {"date": stamp, "tvl": value}
            for stamp, value in _stamped(self.world.figures("defi_tvl_usd", "WLD"))
        ]
        if fault == "nan_tail":
            rows = rows[:-3] + [{**row, "tvl": None} for row in rows[-3:]]
        return [*rows, {"date": rows[-1]["date"] + 40_000, "tvl": 1.0}]


def _faulty(rows: list[dict], fault: str | None) -> list[dict]:
    if fault == "empty":
        return []
    if fault == "reordered":
        return [dict(reversed(row.items())) for row in reversed(rows)]
    return [row for row in rows for _ in range(2)] if fault == "duplicated" else rows


def _stamped(figures: pd.Series) -> list[tuple[int, float]]:
    """Seconds since 1970 at the beginning of the day, and value."""
    days = figures.index.to_numpy().astype("datetime64[D]").astype(dt.date)
    epoch = dt.date(1970, 1, 1)
    return [((day - epoch).days * 86_400, float(value)) for day, value in zip(days, figures, strict=True)]


def _json(content: object) -> Answer:
    return Answer(json.dumps(content).encode(), "application/json; charset=utf-8")


WIRE = DefiLlamaWire
