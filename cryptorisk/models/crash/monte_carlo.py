"""How far the loss in the combined scenario is uncertain: exposures, shocks and the response of consumption drawn together.

No probability is attached to the scenario. What is drawn is what is not known given that it happens: each input of what is
held (`monte_carlo_holdings`), how much of it is bitcoin, how deep the fall is between mild and severe, how far consumption
answers. Every one has its central value as median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.monte_carlo_holdings import ALONE, TOGETHER, Shapes, drawn_holdings
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.parts import Parts
from cryptorisk.models.exposure.two_prices import CENTRE
from cryptorisk.stats.ranges import block_correlation, correlated_uniforms

Floats = NDArray[np.float64]
Triple = tuple[float, float, float]
SHOCKS = ("bitcoin", "stablecoin_loss", "redemption", "depreciation")
SIZES = (*TOGETHER, "bitcoin_share", "response")
PERCENTILES = (5, 25, 50, 75, 95)
AS_USED = Shapes()


@dataclass(frozen=True)
class Question:
    """What is uncertain, and what is known.

    Attributes
    ----------
    shocks : mapping of str to (low, central, high)
        By the names of `SHOCKS`, shares.
    holdings : Parts, float or None
        Of households: the inputs to be drawn, or the institution's own figure in US dollars, or not known.
    bitcoin_share : Band
    response : (low, central, high)
        Fall of consumption per unit lost. The ends of both, as of the shocks, are limits.
    gdp_usd : (low, central, high) or None
        US dollars; the ends, alike where there is one price of a dollar, are limits.
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
    holdings: Parts | float | None
    bitcoin_share: Band
    response: Triple
    gdp_usd: Triple | None = None
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
        ``holdings_usd, household_usd, consumption_usd, redeemed_usd, all_usd`` (where others than households are known),
        ``government_usd`` and ``gdp_usd`` in US dollars; ``bank_loss_cet1``, ``cet1_ratio`` (the limit alone) and
        ``cet1_all_2b`` (1250 % on all of the exposure) as shares.
    """

    outcomes: Mapping[str, Floats] = field(default_factory=dict)

    def in_gdp(self, name: str) -> Floats:
        """An outcome in percent of GDP, draw by draw."""
        return np.asarray(100 * self.outcomes[name] / self.outcomes["gdp_usd"], dtype=np.float64)

    def percentiles(self, name: str, scale: float = 1.0) -> list[float]:
        """The 5th, 25th, 50th, 75th and 95th percentile of an outcome times a factor."""
        return percentiles(scale * self.outcomes[name])


def percentiles(values: Floats) -> list[float]:
    """The 5th, 25th, 50th, 75th and 95th percentile."""
    return [float(value) for value in np.percentile(values, PERCENTILES)]


def draw(question: Question, *, draws: int, correlation: float, seed: int, shapes: Shapes = AS_USED) -> Draws:
    """Draw all that is uncertain at once and compute the losses.

    Parameters
    ----------
    question : Question
    draws : int
    correlation : float
        Rank correlation among the shocks, and among the sizes of `SIZES`; none between the two groups, and none with the
        elasticity, the weight of the keys and GDP.
    seed : int
    shapes : Shapes

    Returns
    -------
    Draws
    """
    alone = (*ALONE, "gdp")
    blocks = (len(SHOCKS), len(SIZES), *(1 for _ in alone))
    uniform = correlated_uniforms(draws, block_correlation(blocks, correlation), np.random.default_rng(seed))
    columns = dict(zip((*SHOCKS, *SIZES, *alone), uniform.T, strict=True))
    shock = {name: shapes.within(columns[name], *question.shocks[name]) for name in SHOCKS}
    outcomes: dict[str, Floats] = {}
    if question.gdp_usd is not None:
        outcomes["gdp_usd"] = shapes.within(columns["gdp"], *question.gdp_usd)
    if question.holdings is not None:
        way = _way(question.gdp_usd, outcomes.get("gdp_usd"))
        outcomes |= _households(question, question.holdings, shock, columns, shapes, way)
    if question.government_usd is not None:
        outcomes["government_usd"] = question.government_usd * shock["bitcoin"]
    if question.capital is not None:
        capital, both = question.capital, (shock["bitcoin"], shock["depreciation"])
        outcomes["cet1_ratio"] = capital.ratio(*both)
        outcomes["cet1_all_2b"] = capital.ratio_if_all_2b(*both)
        outcomes["bank_loss_cet1"] = capital.exposure * shock["bitcoin"] / capital.cet1
    return Draws(outcomes)


def _way(limits: Triple | None, drawn: Floats | None) -> Floats | float:
    """How far GDP was drawn from its source's price of a dollar to the market's: the keys of holdings stand at the same."""
    if limits is None or drawn is None or limits[0] == limits[2]:
        return CENTRE
    return np.asarray(np.log(drawn / limits[2]) / np.log(limits[0] / limits[2]), dtype=np.float64)


def _households(
    question: Question,
    holdings: Parts | float,
    shock: Mapping[str, Floats],
    columns: Mapping[str, Floats],
    shapes: Shapes,
    way: Floats | float,
) -> dict[str, Floats]:
    within, split = shapes.within, question.bitcoin_share
    share = within(columns["bitcoin_share"], split.low, split.central, split.high)
    held = (
        drawn_holdings(holdings, columns, shapes, way)
        if isinstance(holdings, Parts)
        else np.full(share.shape, holdings)
    )
    stable = held * (1 - share)
    others = question.other_usd * np.minimum(1.0, question.other_beta * shock["bitcoin"])
    lost = held * share * shock["bitcoin"] + stable * shock["stablecoin_loss"] + others
    found = {
        "holdings_usd": held,
        "household_usd": lost,
        "consumption_usd": lost * within(columns["response"], *question.response),
        "redeemed_usd": stable * shock["redemption"],
    }
    if question.beyond_usd > 0:
        found["all_usd"] = lost + question.beyond_usd * shock["bitcoin"]
    return found
