"""Miners in a crash: the price of bitcoin at which electricity alone costs what mining earns.

Structure of the Cambridge index (CBECI, methodology): power is hash rate times energy per hash times the sites' overhead,
and mining pays as long as its revenue exceeds its electricity. The vintage has the hash rate, the fleet's mean efficiency
and the coins issued; without the distribution of machines the share of miners that would leave is not estimated.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import PositiveRange

PUE = 1.0
"""Overhead of the sites: none. The survey's price of electricity is that delivered at the site, and its fleet efficiency
is the machines'; a PUE of 1.1 would raise the break-even price by a tenth."""
DAYS = 30
"""Mean of the hash rate: a day's estimate is noisy because blocks come at random."""
DAYS_OF_ISSUE = 180
"""Days over which coins issued a day are counted; within a halving period the number is constant up to chance."""
MEGAWATT_HOURS = 24.0
LABELS = (
    ("miner_breakeven_usd", "Price of bitcoin at which mining earns its electricity", "usd"),
    ("miner_breakeven_fall_pct", "Fall of bitcoin to that price", "pct"),
)
NOT_NAMED = "not among the economies that the mining map names"


def breakeven_price(
    hash_rate_eh_s: float,
    efficiency_j_th: float,
    usd_per_kwh: float,
    coins_a_day: float,
    fee_share: float = 0.0,
) -> float:
    """Price of a coin at which a network's electricity costs as much as it earns.

    Parameters
    ----------
    hash_rate_eh_s : float
        Exahashes per second.
    efficiency_j_th : float
        Joules per terahash; one exahash per second at one joule per terahash draws a megawatt.
    usd_per_kwh : float
    coins_a_day : float
        Coins issued a day, the subsidy.
    fee_share : float
        Share of transaction fees in miners' income, 0 to below 1.

    Returns
    -------
    float
        US dollars a coin: ``24 000 H e c (1 - phi) / n``.
    """
    kwh_a_day = 1000 * MEGAWATT_HOURS * hash_rate_eh_s * efficiency_j_th * PUE
    return kwh_a_day * usd_per_kwh * (1 - fee_share) / coins_a_day


def miners(inputs: Inputs, cost: PositiveRange) -> list[Estimate]:
    """Break-even price and the fall to it, for economies that the mining map names.

    Parameters
    ----------
    inputs : Inputs
    cost : PositiveRange
        US dollars a kilowatt hour.
    """
    if inputs.latest("hashrate_share_pct") is None:
        return [_missing(row, NOT_NAMED, applies=False) for row in LABELS]
    found = _network(inputs)
    price = inputs.latest("btc_price_usd", country=WORLD)
    if found is None or price is None:
        why = "hash rate, the fleet's efficiency, coins issued or bitcoin's price is not in the vintage"
        return [_missing(row, why) for row in LABELS]
    hash_rate, efficiency, coins, day, sources = found
    fees = quote("mining_fee_share").share
    at = Band(
        *(breakeven_price(hash_rate, efficiency, c, coins, fees) for c in (cost.low, cost.central, cost.high))
    )
    known: dict[str, Any] = {
        "interval": "range",
        "date": day,
        "sources": (*sources, price.source),
        "inputs": ("btc_hash_rate_th_s", "mining_efficiency_j_per_th", "btc_supply", "btc_price_usd"),
        "function": "cryptorisk.models.crash.miners.breakeven_price",
        "method": f"{hash_rate:.0f} EH/s at {efficiency:g} J/TH (mean fleet of the last survey) times {cost.low:g}, "
        f"{cost.central:g}, {cost.high:g} USD/kWh, over {coins:.0f} coins a day and fees of {100 * fees:.0f} % of income "
        f"({quote('mining_fee_share').source}).",
        "note": "The world's mean fleet at an assumed price of electricity, not this economy's. Today's fleet is more "
        "efficient than the surveyed one, so the price is too high rather than too low. Other costs are left out.",
    }
    (name, label, unit), fall = LABELS[0], LABELS[1]
    made = [Estimate(f"crash.{name}", label, at.central, unit, low=at.low, high=at.high, **known)]
    falls = [100 * (1 - value / price.value) for value in (at.high, at.central, at.low)]
    if falls[1] <= 0:
        return [
            *made,
            _missing(fall, "the price already stands below it at the central price of electricity"),
        ]
    known["low"], known["high"] = max(falls[0], 0.0), falls[2]
    return [*made, Estimate(f"crash.{fall[0]}", fall[1], falls[1], fall[2], **known)]


def _network(inputs: Inputs) -> tuple[float, float, float, str, tuple[str, ...]] | None:
    """Hash rate (EH/s), efficiency (J/TH), coins issued a day, the last day and sources."""
    rate = inputs.series("btc_hash_rate_th_s", country=WORLD)
    supply = inputs.series("btc_supply", country=WORLD)
    efficiency = inputs.latest("mining_efficiency_j_per_th", country=WORLD)
    if rate.empty or supply.empty or efficiency is None:
        return None
    recent = supply.values.dropna()
    recent = recent[recent.index > recent.index[-1] - pd.Timedelta(days=DAYS_OF_ISSUE)]
    days = (recent.index[-1] - recent.index[0]).days
    if days < DAYS or not recent.iloc[-1] > recent.iloc[0]:
        return None
    coins = float(recent.iloc[-1] - recent.iloc[0]) / days
    last = rate.values.dropna().iloc[-DAYS:]
    sources = (*rate.source_ids[:1], *supply.source_ids[:1], efficiency.source)
    return (
        float(last.mean()) / 1e6,
        float(efficiency.value),
        coins,
        last.index[-1].date().isoformat(),
        sources,
    )


def _missing(row: tuple[str, str, str], reason: str, *, applies: bool = True) -> Estimate:
    name, label, unit = row
    return Estimate.missing(f"crash.{name}", label, unit, reason, applies=applies)
