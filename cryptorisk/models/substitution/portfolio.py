"""Which asset replaces national money: the portfolio of least risk with bank dollars, stablecoins and bitcoin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cryptorisk.models.substitution.asset_sample import AssetSample
from cryptorisk.models.substitution.assets import Asset, End, Terms, terms
from cryptorisk.models.substitution.sample import FEWEST_CHANGES
from cryptorisk.params import Params
from cryptorisk.stats.horizon_portfolio import (
    HorizonCovariance,
    HorizonPortfolio,
    covariance_at,
    free_in_sign,
    least_risk,
)
from cryptorisk.stats.sample import FloatArray

LEVEL = 0.9
TERM_HORIZONS = (1, 3, 6, 12, 18, 24)
TERM_REPLICATIONS = 500
"""Of each horizon of the figure; the headline horizon's own figures take the parameter's number."""

FEWEST_HELD = 0.005
"""Half a percent of savings: below it a foreign-currency holding is rounding, and a share of it says nothing."""

_SEED_ROWS = 206

ALL: tuple[Asset, ...] = ("national", "bank", "stablecoin", "bitcoin")
WITHOUT_ACCOUNT: tuple[Asset, ...] = ("national", "stablecoin", "bitcoin")
BEFORE_STABLECOINS: tuple[Asset, ...] = ("national", "bank", "bitcoin")
ONLY_NATIONAL: tuple[Asset, ...] = ("national", "bitcoin")

# Real returns in local goods as sums of the columns inflation, depreciation and bitcoin in dollars, all in logs.
_RETURNS = np.array([[-1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [-1.0, 1.0, 0.0], [-1.0, 1.0, 1.0]])


@dataclass(frozen=True)
class Choice:
    """A portfolio with its name.

    Attributes
    ----------
    name, label : str
    assets : tuple of str
        Those that can be reached.
    found : HorizonPortfolio
        Its weights in the order of ``assets``.
    """

    name: str
    label: str
    assets: tuple[Asset, ...]
    found: HorizonPortfolio

    def weight(self, asset: Asset) -> float:
        """Weight of an asset, nought when it cannot be reached."""
        return float(self.found.weights[self.assets.index(asset)]) if asset in self.assets else 0.0

    def ends(self, asset: Asset) -> tuple[float, float]:
        """Interval of an asset's weight."""
        place = self.assets.index(asset)
        return float(self.found.low[place]), float(self.found.high[place])

    def drawn(self, asset: Asset) -> FloatArray:
        """Draws of an asset's weight."""
        return self.found.draws[:, self.assets.index(asset)]


def asset_covariance(
    sample: AssetSample,
    params: Params,
    horizon: int,
    *,
    simple: bool = False,
    replications: int | None = None,
    drawn: bool = True,
) -> HorizonCovariance:
    """Covariance of the real returns of `ALL` assets over a horizon, the stablecoin as good as a dollar.

    Parameters
    ----------
    sample : AssetSample
    params : Params
    horizon : int
        Months.
    simple : bool
        Simple returns in place of logs.
    replications : int, optional
        Default the parameter's.
    drawn : bool
        False for the point alone.
    """
    return covariance_at(
        sample.changes @ _RETURNS.T,
        horizon,
        window=params.substitution.window_months,
        simple=simple,
        replications=replications or params.substitution.bootstrap_replications,
        rng=np.random.default_rng([params.seed, _SEED_ROWS]) if drawn else None,
    )


def offered(assets: Sequence[Asset], params: Params, favour: End) -> tuple[Terms, ...]:
    """Terms of some assets.

    Parameters
    ----------
    assets : sequence of str
    params : Params
    favour : {"low", "central", "high"}
        ``low``: stablecoins (and bitcoin) as cheap and safe as assumed, bank dollars as dear and unsafe; ``high`` the
        opposite.
    """
    against: dict[End, End] = {"low": "high", "central": "central", "high": "low"}
    return tuple(terms(asset, params, against[favour] if asset == "bank" else favour) for asset in assets)


def covariance_of(
    covariance: HorizonCovariance, sample: AssetSample, assets: Sequence[Asset], on: Sequence[Terms]
) -> HorizonCovariance:
    """Covariance of some assets on their terms: a failure's variance added, and the stablecoins' distance to a dollar.

    Parameters
    ----------
    covariance : HorizonCovariance
        Of `ALL` assets.
    sample : AssetSample
        For the stablecoins' record.
    assets : sequence of str
    on : sequence of Terms
        Of these assets.
    """
    own = np.array([one.variance(covariance.horizon) for one in on])
    strays = np.array([float(asset == "stablecoin") for asset in assets])
    drawn = own + strays * sample.deviation.draws[: len(covariance.draws), None]
    picked = covariance.combined(np.eye(len(ALL))[[ALL.index(asset) for asset in assets]])
    return picked.plus(own + strays * sample.deviation.variance, drawn)


def choose(
    covariance: HorizonCovariance,
    sample: AssetSample,
    params: Params,
    assets: tuple[Asset, ...],
    on: Sequence[Terms],
    *,
    costs: bool,
    name: str = "",
    label: str = "",
) -> Choice:
    """The portfolio of least risk of some assets, long only, with or without what they cost.

    Parameters
    ----------
    covariance, sample, assets, on
        As in `covariance_of`.
    params : Params
    costs : bool
        False for risk alone (the variance of a failure stays).
    name, label : str
    """
    found = least_risk(
        covariance_of(covariance, sample, assets, on),
        costs=np.array([one.charge(covariance.horizon) for one in on]) if costs else None,
        risk_aversion=params.substitution.risk_aversion,
        level=LEVEL,
    )
    return Choice(name, label, assets, found)


_CHOICES: tuple[tuple[str, str, tuple[Asset, ...], End, bool], ...] = (
    ("risk_without", "risk alone", WITHOUT_ACCOUNT, "central", False),
    ("cost_without", "risk and cost", WITHOUT_ACCOUNT, "central", True),
    ("good_without", "risk and cost, stablecoins on good terms", WITHOUT_ACCOUNT, "low", True),
    ("bad_without", "risk and cost, stablecoins on bad terms", WITHOUT_ACCOUNT, "high", True),
    ("risk_with", "risk alone", ALL, "central", False),
    ("cost_with", "risk and cost", ALL, "central", True),
    ("good_with", "risk and cost, stablecoins on good terms", ALL, "low", True),
    ("bad_with", "risk and cost, stablecoins on bad terms", ALL, "high", True),
    ("before_central", "", BEFORE_STABLECOINS, "central", True),
    ("before_good", "", BEFORE_STABLECOINS, "low", True),
    ("before_bad", "", BEFORE_STABLECOINS, "high", True),
    ("only_central", "", ONLY_NATIONAL, "central", True),
    ("only_good", "", ONLY_NATIONAL, "low", True),
    ("only_bad", "", ONLY_NATIONAL, "high", True),
)
"""Those without a label are compared with and not shown: what savers held before stablecoins could be bought. Good
terms for stablecoins go with bad ones for bank dollars, and the other way round. All are solved on the same draws, so that
draws of two of them can be compared one by one."""


def choices(sample: AssetSample, params: Params) -> dict[str, Choice]:
    """Every portfolio of the headline horizon by name, for savers without and with a foreign-currency account.

    Parameters
    ----------
    sample : AssetSample
    params : Params

    Returns
    -------
    dict of str to Choice
        ``free_without`` and ``simple_without`` are ``risk_without`` with short positions and from simple returns.
    """
    horizon = params.substitution.horizon_months
    covariance = asset_covariance(sample, params, horizon)
    found = {
        name: choose(
            covariance,
            sample,
            params,
            assets,
            offered(assets, params, favour),
            costs=costs,
            name=name,
            label=label,
        )
        for name, label, assets, favour, costs in _CHOICES
    }
    on = offered(WITHOUT_ACCOUNT, params, "central")
    found["free_without"] = Choice(
        "free_without",
        "risk alone, short positions allowed",
        WITHOUT_ACCOUNT,
        free_in_sign(covariance_of(covariance, sample, WITHOUT_ACCOUNT, on), level=LEVEL),
    )
    found["simple_without"] = choose(
        asset_covariance(sample, params, horizon, simple=True),
        sample,
        params,
        WITHOUT_ACCOUNT,
        on,
        costs=False,
        name="simple_without",
        label="risk alone, simple in place of log returns",
    )
    return found


def by_horizon(sample: AssetSample, params: Params) -> tuple[tuple[Choice, Choice], ...]:
    """By horizon, the portfolio of savers without an account: risk alone, and risk with cost."""
    found, replications = [], min(TERM_REPLICATIONS, params.substitution.bootstrap_replications)
    for horizon in sorted({*TERM_HORIZONS, params.substitution.horizon_months}):
        if len(sample.changes) - horizon + 1 < FEWEST_CHANGES:
            continue
        covariance = asset_covariance(sample, params, horizon, replications=replications)
        on = offered(WITHOUT_ACCOUNT, params, "central")
        risk, cost = (
            choose(covariance, sample, params, WITHOUT_ACCOUNT, on, costs=costs) for costs in (False, True)
        )
        found.append((risk, cost))
    return tuple(found)
