"""How much dearer than stablecoins dollar deposits must be for savers with an account to hold as much of either."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from cryptorisk.models.substitution.asset_sample import AssetSample
from cryptorisk.models.substitution.assets import End
from cryptorisk.models.substitution.portfolio import ALL, FEWEST_HELD, covariance_of, offered
from cryptorisk.params import Params
from cryptorisk.stats.horizon_portfolio import HorizonCovariance
from cryptorisk.stats.portfolio import long_only
from cryptorisk.stats.sample import FloatArray

WIDEST_GAP = 1.0
"""Costs of bank dollars tried when the break-even is sought: the whole amount above and below those of stablecoins."""


def assumed_gap(params: Params) -> float:
    """What buying and selling dollar deposits is assumed to cost more than stablecoins, percentage points."""
    given = params.substitution
    return 100 * (given.bank_dollar_cost.central - given.stablecoin_cost.central)


def break_even(covariance: HorizonCovariance, sample: AssetSample, params: Params, favour: End) -> float:
    """How many points dearer than stablecoins bank dollars must be for a foreign holding to be half in either.

    Savers with an account, least risk and cost. Stablecoins cost what is assumed; the cost of bank dollars is the one at
    which the optimum holds as much of them as of stablecoins, found between brackets (Brent).

    Parameters
    ----------
    covariance : HorizonCovariance
        Of `ALL` assets.
    sample : AssetSample
    params : Params
    favour : {"low", "central", "high"}
        Of the probabilities of failure, as in `offered`; costs are the central ones.

    Returns
    -------
    float
        ``c_D - c_S``, share of the amount; negative when bank dollars are the less safe. NaN where the optimum then holds
        less than `FEWEST_HELD` in foreign currency.

    Notes
    -----
    Bank dollars D and stablecoins S carry the same currency risk. At the solution, with foreign share x,
    ``c_D - c_S = e_S - e_D + g (v_S - v_D) x / 2``: e the loss expected from a failure, v the variance beyond the
    currency's, g the risk aversion. x is that of the solution itself and not known before.
    """
    months = covariance.horizon
    on = [
        replace(end, cost=central.cost)
        for end, central in zip(offered(ALL, params, favour), offered(ALL, params, "central"), strict=True)
    ]
    matrix = covariance_of(covariance.without_draws, sample, ALL, on).point
    charge = np.array([one.charge(months) for one in on])
    bank, coin = ALL.index("bank"), ALL.index("stablecoin")

    def held(gap: float) -> FloatArray:
        costs = charge.copy()
        costs[bank] += on[coin].cost + gap - on[bank].cost
        return long_only(matrix, costs, params.substitution.risk_aversion)

    def excess(gap: float) -> float:
        weights = held(gap)
        return float(weights[coin] - weights[bank])

    gap = float(brentq(excess, -WIDEST_GAP, WIDEST_GAP, xtol=1e-10))
    weights = held(gap)
    return gap if weights[coin] + weights[bank] >= FEWEST_HELD else float("nan")
