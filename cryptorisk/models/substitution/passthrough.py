"""Policy-rate pass-through to deposits, and what would be left of it where money has moved. An illustration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import statsmodels.api as sm

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import GIVES_AWAY, annual, merge_sources
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.context import deposit_dollarisation
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

FEWEST_CHANGES = 10
"""Yearly changes behind a slope with an interval; fewer leave no room for a single odd year."""

LEVEL = 0.9
FUNCTION = "cryptorisk.models.substitution.passthrough.pass_through"
_LABEL = "Change of the deposit rate per point of the policy rate"
_LEFT = "Pass-through left in all deposits after displacement (illustration)"


def pass_through(inputs: Inputs, params: Params) -> Part:
    """Slope of deposit-rate changes on policy-rate changes, and ``psi (1 - theta)``.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        Displaced shares.

    Returns
    -------
    Part
        Estimates ``deposit_rate_pass_through`` and ``pass_through_left``; table ``pass_through_left``.

    Notes
    -----
    Deposits in foreign currency and stablecoins follow foreign rates: of all money only the part in national currency,
    ``1 - theta``, answers to the policy rate. That is an identity of averages, not a model of transmission.
    """
    slope = deposit_slope(inputs)
    held = deposit_dollarisation(inputs)
    share = params.substitution.displacement
    moved = (share.low, share.central, share.high)
    left = _left(slope, held, moved)
    return Part((slope, left), (_table(slope, held, moved),) if left.available else ())


def deposit_slope(inputs: Inputs) -> Estimate:
    """Least squares of yearly changes with HC3 errors: descriptive, not identified."""
    id = "substitution.deposit_rate_pass_through"
    used = ("deposit_rate_pct", "policy_rate_pct")
    if inputs.confidential & set(used):
        return Estimate.missing(id, _LABEL, "ratio", GIVES_AWAY)
    deposits = annual(inputs, "deposit_rate_pct")
    policy = inputs.series("policy_rate_pct")
    monthly = policy.values.dropna()
    yearly = monthly.groupby(pd.DatetimeIndex(monthly.index).year)
    mean = yearly.mean().where(yearly.count() >= 12).dropna()
    joined = pd.concat([deposits.change(), _change(mean)], axis=1, keys=["deposit", "policy"]).dropna()
    joined = joined[joined.index <= inputs.as_of.year]
    if len(joined) < FEWEST_CHANGES or float(joined["policy"].std()) == 0:
        reason = (
            f"{len(joined)} yearly changes of both the deposit and the policy rate in the data where {FEWEST_CHANGES} "
            "are needed"
        )
        return Estimate.missing(id, _LABEL, "ratio", reason)
    fit = sm.OLS(joined["deposit"], sm.add_constant(joined["policy"])).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(1 - LEVEL).loc["policy"]
    return Estimate(
        id,
        _LABEL,
        float(fit.params["policy"]),
        "ratio",
        low=float(low),
        high=float(high),
        level=LEVEL,
        interval="confidence",
        method="Least squares of yearly changes of the average deposit rate on those of the policy rate, HC3 errors.",
        date=f"{joined.index[0]}/{joined.index[-1]}",
        n_obs=len(joined),
        sources=merge_sources(deposits.source_ids(joined.index), policy.source_ids),
        inputs=used,
        function=FUNCTION,
        note="Few years; a description, not a causal effect.",
    )


def _change(values: pd.Series) -> pd.Series:
    """First difference between consecutive years."""
    before = values.copy()
    before.index = before.index + 1
    return (values - before.reindex(values.index)).dropna()


def _left(slope: Estimate, held: Estimate, moved: tuple[float, float, float]) -> Estimate:
    id = "substitution.pass_through_left"
    if slope.value is None or held.value is None:
        reason = (
            slope.reason if slope.value is None else f"no foreign-currency share of deposits: {held.reason}"
        )
        return Estimate.missing(id, _LEFT, "ratio", reason)
    assert slope.low is not None
    assert slope.high is not None
    foreign = [foreign_after(held.value / 100, one) for one in moved]
    ends = [effective(end, one) for end in (slope.low, slope.high) for one in foreign]
    return slope.with_(
        id=id,
        label=_LEFT,
        value=effective(slope.value, foreign[1]),
        low=min(ends),
        high=max(ends),
        level=None,
        interval="range",
        method="Slope times the share of deposits in national currency times what displacement leaves of it; range over "
        f"displaced shares and the slope's {100 * LEVEL:.0f} % interval.",
        sources=merge_sources(slope.sources, held.sources),
        inputs=(*slope.inputs, *held.inputs),
        note=f"Illustration by an identity. Foreign currency {held:value} ({held.date}).",
    )


def _table(slope: Estimate, held: Estimate, moved: tuple[float, float, float]) -> Table:
    assert slope.value is not None
    assert held.value is not None
    assert slope.low is not None
    assert slope.high is not None
    rows = []
    for name, part in zip(("none", "low", "central", "high"), (0.0, *moved), strict=True):
        foreign = foreign_after(held.value / 100, part)
        ends = {"left": slope.value, "low": slope.low, "high": slope.high}
        told = {key: effective(end, foreign) for key, end in ends.items()}
        rows.append({"case": name, "moved": 100 * part, "national": 100 * (1 - foreign), **told})
    return Table(
        "substitution.pass_through_left",
        "Illustration: what a point of the policy rate moves in the average of all deposits",
        pd.DataFrame(rows),
        (
            Column("case", "Displacement"),
            Column("moved", "National-currency deposits displaced", "%", 0),
            Column("national", "Share in national currency", "% of deposits", 0),
            Column("left", "Pass-through", "points per point", 2),
            Column("low", "low", "", 2),
            Column("high", "high", "", 2),
        ),
        f"Illustration: psi (1 - theta), an identity of averages in which foreign-currency money does not answer to the "
        f"policy rate at all. Slope of {slope.date} ({slope.n_obs} years; low and high are its {100 * LEVEL:.0f} % "
        f"interval), foreign-currency deposits of {held.date}.",
        merge_sources(slope.sources, held.sources),
    )


def foreign_after(foreign: float, moved: float) -> float:
    """Share of foreign currency when a part of what is in national currency has moved into it."""
    return 1 - (1 - foreign) * (1 - moved)


def effective(slope: float, foreign_share: float) -> float:
    """``psi_eff = psi (1 - theta)``: change of the average rate on all money per point of the policy rate."""
    return slope * (1 - float(np.clip(foreign_share, 0, 1)))
