"""What a reader of the simulation must know beside its percentiles, by the numbers."""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.estimate import number, one_digit
from cryptorisk.models.crash.monte_carlo import Draws, Question, percentiles
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.parts import Parts


def outside(found: Draws, printed: Band | None) -> str:
    """How many draws lie outside the range of holdings, whose ends take every input at its end at once."""
    if "holdings_usd" not in found.outcomes or printed is None or printed.low == printed.high:
        return ""
    held = found.outcomes["holdings_usd"]
    share = 100 * float(np.mean((held < printed.low) | (held > printed.high)))
    words = f"{number(share, 1)} %" if share >= 0.05 else "fewer than one in a thousand"
    return (
        f" The range of holdings takes every input at its end at once; {words} of the draws lie outside it."
    )


def apart(holdings: Parts | float | None) -> str:
    """That a truth outside both keys is hardly drawn, and how far apart they lie where volumes are published."""
    if not isinstance(holdings, Parts) or holdings.keys_apart is None:
        return ""
    return (
        " A truth outside both keys is drawn only through their inputs; where volumes are published the keys lie apart by a "
        f"factor of {number(math.exp(holdings.keys_apart), 1)} (a standard deviation), so that the draws are too narrow "
        "rather than too wide."
    )


def beside(found: Draws, asked: Question, coarse: bool) -> str:
    """Why the median is not the central combined case, by the numbers."""
    if "household_usd" not in found.outcomes or asked.gdp_usd is None or asked.holdings is None:
        return ""
    share = asked.bitcoin_share.central
    fall, lost = asked.shocks["bitcoin"][1], asked.shocks["stablecoin_loss"][1]
    others = asked.other_usd * min(1.0, asked.other_beta * fall)
    held = asked.holdings.central if isinstance(asked.holdings, Parts) else asked.holdings
    central = 100 / asked.gdp_usd[1] * (held * (share * fall + (1 - share) * lost) + others)
    median = percentiles(found.in_gdp("household_usd"))[2]
    if coarse:
        median, central = one_digit(median) or 0.0, one_digit(central) or 0.0
    shown = [f"{value:g}" if coarse else number(value, 2) for value in (median, central)]
    if shown[0] == shown[1]:
        return f" Households' median is the central combined case, {shown[1]} % of GDP."
    side = "above" if median > central else "below"
    return (
        f" Households' median, {shown[0]} % of GDP, is {side} the central combined case, {shown[1]}: ranges are not even "
        "about their centres, and a product of medians is not the median of the product."
    )
