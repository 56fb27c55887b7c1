"""How a part of the market's risk opens: computed from prices, or its estimates missing with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.weekly import bitcoin_fridays, no_prices
from cryptorisk.params import Params

Labels = Mapping[str, tuple[str, str]]
"""Label and unit of a part's estimates by name."""


def absent(labels: Labels, reason: str) -> Part:
    """The part with every estimate missing for one reason.

    Parameters
    ----------
    labels : mapping of str to (str, str)
    reason : str
    """
    return Part(
        tuple(Estimate.missing(f"crash.{name}", *label, reason=reason) for name, label in labels.items())
    )


def of_weeks(
    inputs: Inputs,
    params: Params,
    labels: Labels,
    fewest: int,
    made: Callable[[pd.Series, tuple[str, ...]], Part],
) -> Part:
    """The part made of bitcoin's Fridays, or `absent` where there are too few or an estimator refuses them.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        ``crash.sample_start``.
    labels : mapping of str to (str, str)
    fewest : int
        Fridays that are needed.
    made : callable
        Of prices on Fridays and their sources; may raise `ModelError`.
    """
    prices, sources = bitcoin_fridays(inputs, params)
    if prices.empty:
        return absent(labels, no_prices(params))
    if len(prices) < fewest:
        return absent(labels, f"{len(prices)} weeks of prices; {fewest} are needed")
    try:
        return made(prices, sources)
    except ModelError as error:
        return absent(labels, str(error))
