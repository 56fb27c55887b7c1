"""How far the loss in the combined scenario is uncertain: exposures, shocks and the response of consumption drawn together.

No probability is attached to the scenario. What is drawn is what is not known given that it happens: how much is held and
how much of it is bitcoin, how deep the fall is between mild and severe, how far consumption answers. Every one has its
central value as median. What its ends are is said input by input (`ENDS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.stats.ranges import (
    Scale,
    block_correlation,
    correlated_uniforms,
    split_triangular_quantile,
    triangular_quantile,
    two_piece_normal_quantile,
)

Floats = NDArray[np.float64]
Triple = tuple[float, float, float]
SHOCKS = ("bitcoin", "stablecoin_loss", "redemption", "depreciation")
UNKNOWNS = ("holdings", "bitcoin_share", "response")
PERCENTILES = (5, 25, 50, 75, 95)
Ends = Literal["deciles", "twentieths", "limits", "modes"]
"""What the ends of a range are: the 10 and 90 % quantile, the 5 and 95 %, limits about the median, or limits about a mode
(the triangular distribution, whose median is then not the central value)."""
ENDS: Ends = "deciles"
"""Of holdings. Their ends come from 80 % intervals of ownership and of volumes, so that one case in five lies outside.
The ends of bitcoin's share and of consumption's response are the kit's and the literature's own limits, and those of the
shock are the mild and the severe scenario: limits about the median."""
TAILS: Mapping[Ends, float] = MappingProxyType({"deciles": 0.1, "twentieths": 0.05})


@dataclass(frozen=True)
class Question:
    """What is uncertain, and what is known.

    Attributes
    ----------
    shocks : mapping of str to (low, central, high)
        By the names of `SHOCKS`, shares.
    holdings : Band or None
        Of households, US dollars: of the logarithm when its low is above zero.
    bitcoin_share : Band
    response : (low, central, high)
        Fall of consumption per unit lost.
    other_usd, other_beta : float
        Households' other assets and the fall of these as a multiple of bitcoin's.
    beyond_usd : float
        Known exposure of banks, other institutions and government, which loses what bitcoin loses.
    government_usd : float or None
        The government's part of it.
    capital : Capital or None
        Of banks.
    """

    shocks: Mapping[str, Triple]
    holdings: Band | None
    bitcoin_share: Band
    response: Triple
    other_usd: float = 0.0
    other_beta: float = 1.0
    beyond_usd: float = 0.0
    government_usd: float | None = None
    capital: Capital | None = None


@dataclass(frozen=True, eq=False)
class Draws:
    """Outcomes of every draw, each of shape (draws,); those that cannot be computed are left out.

    Attributes
    ----------
    outcomes : mapping of str to numpy.ndarray
        ``household_usd, consumption_usd, redeemed_usd, all_usd`` (where others than households are known) and
        ``government_usd`` in US dollars; ``cet1_ratio`` and ``bank_loss_cet1`` as shares.
    """

    outcomes: Mapping[str, Floats] = field(default_factory=dict)

    def percentiles(self, name: str, scale: float = 1.0) -> list[float]:
        """The 5th, 25th, 50th, 75th and 95th percentile of an outcome times a factor."""
        return [float(value) for value in scale * np.percentile(self.outcomes[name], PERCENTILES)]


def draw(question: Question, *, draws: int, correlation: float, seed: int, ends: Ends = ENDS) -> Draws:
    """Draw all that is uncertain at once and compute the losses.

    Parameters
    ----------
    question : Question
    draws : int
    correlation : float
        Rank correlation among the shocks, and among the unknown sizes; none between the two groups.
    seed : int
    ends : {"deciles", "twentieths", "limits", "modes"}
        What the ends of holdings are; ``modes`` takes every central value for a mode.

    Returns
    -------
    Draws
    """
    blocks = (len(SHOCKS), len(UNKNOWNS))
    uniform = correlated_uniforms(draws, block_correlation(blocks, correlation), np.random.default_rng(seed))
    columns = dict(zip((*SHOCKS, *UNKNOWNS), uniform.T, strict=True))
    within = _within(ends)
    shock = {name: within(columns[name], *question.shocks[name]) for name in SHOCKS}
    outcomes: dict[str, Floats] = {}
    if question.holdings is not None:
        outcomes |= _households(question, shock, columns, ends)
    if question.government_usd is not None:
        outcomes["government_usd"] = question.government_usd * shock["bitcoin"]
    if question.capital is not None:
        capital = question.capital
        outcomes["cet1_ratio"] = capital.ratio(shock["bitcoin"], shock["depreciation"])
        outcomes["bank_loss_cet1"] = capital.exposure * shock["bitcoin"] / capital.cet1
    return Draws(outcomes)


def _households(
    question: Question, shock: Mapping[str, Floats], columns: Mapping[str, Floats], ends: Ends
) -> dict[str, Floats]:
    assert question.holdings is not None
    within, split = _within(ends), question.bitcoin_share
    held = _holdings(columns["holdings"], question.holdings, ends)
    share = within(columns["bitcoin_share"], split.low, split.central, split.high)
    stable = held * (1 - share)
    others = question.other_usd * np.minimum(1.0, question.other_beta * shock["bitcoin"])
    lost = held * share * shock["bitcoin"] + stable * shock["stablecoin_loss"] + others
    response = within(columns["response"], *question.response)
    found = {
        "household_usd": lost,
        "consumption_usd": lost * response,
        "redeemed_usd": stable * shock["redemption"],
    }
    if question.beyond_usd > 0:
        found["all_usd"] = lost + question.beyond_usd * shock["bitcoin"]
    return found


def _within(ends: Ends) -> Callable[..., Floats]:
    """Quantile function of a range whose ends are limits."""
    return triangular_quantile if ends == "modes" else split_triangular_quantile


def _holdings(uniform: Floats, held: Band, ends: Ends) -> Floats:
    scale: Scale = "log" if held.low > 0 else "level"
    if ends in TAILS and held.low > 0:
        return two_piece_normal_quantile(uniform, held.low, held.central, held.high, TAILS[ends], scale)
    return _within(ends)(uniform, held.low, held.central, held.high, scale)
