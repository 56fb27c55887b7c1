"""An index of crypto activity by month: what is observed of the two kinds of asset that volumes consist of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.observed import PRICE, Observed, judged, last_run, monthly, too_old

USD, COINS = "activity_usd", "activity_coins"
BITCOIN_LEGS = ("exchange_inflow_usd", "transfer_usd")
"""The bitcoin leg: value sent to exchanges, which is nearest to what the vendor counts (value received by services);
where that series is not there, value transferred on chain."""
STABLECOIN_LEG = "stablecoins_usd"
NAMES = {
    "exchange_inflow_usd": "bitcoin sent to exchanges in dollars",
    "transfer_usd": "bitcoin transferred on chain in dollars",
    STABLECOIN_LEG: "the supply of dollar stablecoins",
}


def activity(inputs: Inputs, known: Mapping[str, Observed]) -> Mapping[str, Observed]:
    """The index in dollars and, over bitcoin's mean price of the month, in coins.

    The geometric mean, with equal weights, of the bitcoin leg and of the supply of stablecoins, over the months
    that both have. With one of them missing the other stands alone, and the label says so.

    Parameters
    ----------
    inputs : Inputs
    known : mapping of str to Observed
        As `cryptorisk.models.market.observed.observed` gives them.

    Returns
    -------
    mapping of str to Observed
        ``activity_usd`` and ``activity_coins``; 100 is the mean of the last twelve months.
    """
    fresh = {
        name: one
        for name, one in known.items()
        if not one.values.empty and not too_old(one.values, inputs.as_of)
    }
    bitcoin = next((fresh[name] for name in BITCOIN_LEGS if name in fresh), None)
    legs = [leg for leg in (bitcoin, fresh.get(STABLECOIN_LEG)) if leg is not None]
    if not legs:
        reason = "neither bitcoin's flows nor the supply of stablecoins are known by month"
        nothing = pd.Series(dtype=float, index=pd.DatetimeIndex([], name="date"))
        return {
            name: Observed(name, "Activity index", "index", nothing, "proxy", (), (), reason)
            for name in (USD, COINS)
        }
    index = _index(legs)
    return {USD: judged(index, inputs.as_of), COINS: judged(_in_coins(index, inputs), inputs.as_of)}


def _index(legs: Sequence[Observed]) -> Observed:
    joined = pd.concat([np.log(leg.values) for leg in legs], axis=1, join="inner").mean(axis=1)
    return Observed(
        USD,
        f"Activity index ({' and '.join(NAMES[leg.name] for leg in legs)})",
        "index",
        _based(np.exp(last_run(joined))),
        "proxy",
        tuple(dict.fromkeys(source for leg in legs for source in leg.sources)),
        tuple(dict.fromkeys(series for leg in legs for series in leg.inputs)),
    )


def _in_coins(index: Observed, inputs: Inputs) -> Observed:
    price = monthly(inputs, PRICE, "stock").reindex(index.values.index).dropna()
    values = last_run(index.values.reindex(price.index) / price)
    source = inputs.series(PRICE, country=WORLD).source_ids[:1]
    return Observed(
        COINS,
        f"{index.label}, over bitcoin's price",
        "index",
        values if values.empty else _based(values),
        "proxy",
        tuple(dict.fromkeys((*index.sources, *source))),
        (*index.inputs, PRICE),
        "bitcoin's price is not known by month, or left out for its licence" if values.empty else "",
    )


def _based(values: pd.Series) -> pd.Series:
    """100 in the mean of the last twelve months."""
    return 100 * values / values.iloc[-12:].mean()
