"""The Monte Carlo simulation as the chapter shows it: percentiles, the distribution of the loss, the role of correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.monte_carlo import PERCENTILES, SHOCKS, Draws, Question, draw
from cryptorisk.models.crash.positions import Position
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.part import Part
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

BINS = 40
SHOWN_TO = 99.0
"""Percentile up to which the distribution is drawn: a long right tail would leave the rest invisible."""
CORRELATIONS = (0.0, 0.3, 0.6)
MEANING = (
    "Given the combined scenario; no probability is attached to the scenario itself. Percentiles say how far the loss is "
    "uncertain because holdings, bitcoin's share of them, the depth of the fall between mild and severe and the response of "
    "consumption are not known."
)


@dataclass(frozen=True)
class Denominators:
    """What outcomes are set against, in US dollars; None where not known.

    Attributes
    ----------
    gdp, reserves, revenue : float or None
    coarse_reserves, coarse_revenue : bool
        Whether they are confidential.
    """

    gdp: float | None
    reserves: float | None
    revenue: float | None
    coarse_reserves: bool = False
    coarse_revenue: bool = False


def question(
    exposure: Exposure,
    held: Sequence[Position],
    scenario: Combined,
    params: Params,
    capital: Capital | None,
) -> Question:
    """What the simulation is asked, from the chapter's exposures and scenario."""
    known = {(p.holder, p.instrument): p.usd.central for p in held if p.usd is not None}
    response = params.crash.consumption_response
    priced = exposure.bitcoin_share.central > 0
    return Question(
        shocks={name: scenario.range_of(name) for name in SHOCKS},
        holdings=exposure.holdings if priced else None,
        bitcoin_share=exposure.bitcoin_share,
        response=(response.low, response.central, response.high),
        other_usd=known.get(("Households", "ether"), 0.0) + known.get(("Households", "others"), 0.0),
        other_beta=scenario.central.shock.altcoin_beta,
        beyond_usd=sum(amount for (holder, _), amount in known.items() if holder != "Households"),
        government_usd=known.get(("Government", "bitcoin")),
        capital=capital,
    )


def monte_carlo_part(
    asked: Question,
    held: Sequence[Position],
    against: Denominators,
    params: Params,
    *,
    coarse_banks: bool,
    sources: tuple[str, ...],
) -> Part:
    """Estimates, percentiles, the distribution and the effect of the assumed correlation.

    Parameters
    ----------
    asked : Question
    held : sequence of Position
    against : Denominators
    params : Params
    coarse_banks : bool
        Whether a supervisory figure is confidential.
    sources : tuple of str

    Returns
    -------
    Part
        Estimate ``simulated_loss_pct_gdp``; tables ``monte_carlo``, ``correlation`` and, for the figure,
        ``loss_distribution``.
    """
    crash = params.crash
    found = draw(
        asked, draws=crash.monte_carlo_draws, correlation=crash.uncertainty_correlation, seed=params.seed
    )
    coarse_home = any(p.coarse for p in held if p.holder == "Households")
    rows = _rows(found, against, _coarse(held, coarse_banks, against))
    estimate = _estimate(found, against, params, coarse_home, sources)
    if not rows:
        return Part((estimate,))
    tables = [_percentile_table(rows, params, sources)]
    if "household_usd" in found.outcomes and against.gdp is not None:
        tables.append(_correlation_table(asked, against.gdp, params, coarse_home, sources))
        if not coarse_home:
            tables.append(_distribution_table(100 / against.gdp * found.outcomes["household_usd"], sources))
    return Part((estimate,), tuple(tables))


def _coarse(held: Sequence[Position], coarse_banks: bool, against: Denominators) -> dict[str, bool]:
    """Which outcomes stand on a confidential figure."""
    home = any(p.coarse for p in held if p.holder == "Households")
    state = any(p.coarse for p in held if p.holder == "Government")
    return {
        "household_usd": home,
        "consumption_usd": home,
        "all_usd": any(p.coarse for p in held),
        "reserves": home or against.coarse_reserves,
        "government_usd": state or against.coarse_revenue,
        "banks": coarse_banks,
    }


def _rows(found: Draws, against: Denominators, coarse: dict[str, bool]) -> list[tuple[object, ...]]:
    """One row an outcome: words, unit, percentiles."""
    asked: list[tuple[str, str, str, float | None, bool]] = [
        ("household_usd", "Households' loss", "% of GDP", against.gdp, coarse["household_usd"]),
        ("household_usd", "Households' loss", "% of reserves", against.reserves, coarse["reserves"]),
        ("all_usd", "Loss of all known holders", "% of GDP", against.gdp, coarse["all_usd"]),
        ("consumption_usd", "Fall of consumption", "% of GDP", against.gdp, coarse["consumption_usd"]),
        (
            "redeemed_usd",
            "Residents' stablecoins redeemed",
            "% of reserves",
            against.reserves,
            coarse["reserves"],
        ),
        ("government_usd", "Government's loss", "% of revenue", against.revenue, coarse["government_usd"]),
        ("bank_loss_cet1", "Banks' loss", "% of CET1", 1.0, coarse["banks"]),
        ("cet1_ratio", "Banks' CET1 ratio afterwards", "%", 1.0, coarse["banks"]),
    ]
    rows: list[tuple[object, ...]] = []
    for name, words, unit, base, rounded in asked:
        if name in found.outcomes and base:
            values = found.percentiles(name, 100 / base)
            rows.append((words, unit, *(one_digit(v) if rounded else v for v in values)))
    return rows


def _percentile_table(rows: list[tuple[object, ...]], params: Params, sources: tuple[str, ...]) -> Table:
    names = [f"p{percentile}" for percentile in PERCENTILES]
    heads = ["5 %", "25 %", "Median", "75 %", "95 %"]
    frame = pd.DataFrame(rows, columns=["what", "unit", *names]).astype(dict.fromkeys(names, float))
    crash = params.crash
    return Table(
        "crash.monte_carlo",
        "How uncertain the loss in the combined scenario is",
        frame,
        (
            Column("what", "What"),
            Column("unit", "Unit"),
            *(Column(name, head, "", 2) for name, head in zip(names, heads, strict=True)),
        ),
        note=f"{MEANING} {crash.monte_carlo_draws} draws; triangular between mild and severe or low and high (holdings: of "
        f"the logarithm), rank correlation {crash.uncertainty_correlation:g} among shocks and among sizes.",
        sources=sources,
    )


def _correlation_table(
    asked: Question, gdp: float, params: Params, coarse: bool, sources: tuple[str, ...]
) -> Table:
    """``crash.correlation``: the same simulation with other correlations."""
    crash = params.crash
    chosen = sorted({*CORRELATIONS, crash.uncertainty_correlation})
    bare = replace(asked, capital=None)
    rows = []
    for correlation in chosen:
        found = draw(bare, draws=crash.monte_carlo_draws, correlation=correlation, seed=params.seed)
        low, _, median, _, high = found.percentiles("household_usd", 100 / gdp)
        values = (low, median, high)
        rows.append((correlation, *(one_digit(v) if coarse else v for v in values)))
    return Table(
        "crash.correlation",
        "Households' loss by the assumed rank correlation",
        pd.DataFrame(rows, columns=["correlation", "p5", "p50", "p95"]).astype(float),
        (
            Column("correlation", "Rank correlation", "", 1),
            Column("p5", "5 %", "% of GDP", 3),
            Column("p50", "Median", "% of GDP", 3),
            Column("p95", "95 %", "% of GDP", 3),
        ),
        note="No data tell the correlation; the table shows how little or much it matters.",
        sources=sources,
    )


def _distribution_table(loss_pct_gdp: np.ndarray, sources: tuple[str, ...]) -> Table:
    """``crash.loss_distribution``: share of draws by loss, up to the 99th percentile."""
    top = float(np.percentile(loss_pct_gdp, SHOWN_TO))
    counts, edges = np.histogram(loss_pct_gdp, bins=BINS, range=(0.0, top or 1.0))
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "share_pct": 100 * counts / len(loss_pct_gdp)})
    return Table(
        "crash.loss_distribution",
        "Households' loss in the combined scenario: share of draws",
        frame,
        (
            Column("from", "From", "% of GDP", 3),
            Column("to", "To", "% of GDP", 3),
            Column("share_pct", "Share of draws", "%", 2),
        ),
        note="Up to the 99th percentile of the draws.",
        sources=sources,
        shown=False,
    )


def _estimate(
    found: Draws, against: Denominators, params: Params, coarse: bool, sources: tuple[str, ...]
) -> Estimate:
    name, label = (
        "crash.simulated_loss_pct_gdp",
        "Households' loss in the combined scenario, median of the simulation",
    )
    if "household_usd" not in found.outcomes:
        return Estimate.missing(name, label, "pct_gdp", "households' holdings of bitcoin are not estimated")
    if against.gdp is None:
        return Estimate.missing(name, label, "pct_gdp", "GDP is not in the vintage")
    low, _, median, _, high = found.percentiles("household_usd", 100 / against.gdp)
    made = Estimate(
        name,
        label,
        median,
        "pct_gdp",
        low=low,
        high=high,
        interval="range",
        method="5th to 95th percentile of draws of holdings, bitcoin's share and the shock between mild and severe; the "
        "uncertainty of the loss given the scenario, which itself has no probability.",
        n_obs=params.crash.monte_carlo_draws,
        sources=sources,
        inputs=("btc_market_cap_usd", "stablecoin_supply_total_usd", "gdp_usd"),
        function="cryptorisk.models.crash.monte_carlo.draw",
    )
    return made.coarsened() if coarse else made
