"""The Monte Carlo simulation as the chapter shows it: percentiles, the distribution of the loss, what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number, one_digit
from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.monte_carlo import ENDS, PERCENTILES, SHOCKS, Draws, Ends, Question, draw
from cryptorisk.models.crash.positions import Position
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.part import Part
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

BINS = 40
SHOWN_TO = 99.0
"""Percentile up to which the distribution is drawn: a long right tail would leave the rest invisible."""
CORRELATIONS = (0.0, 0.3, 0.6)
OTHER_ENDS: tuple[tuple[Ends, str], ...] = (
    ("twentieths", "Ends of holdings as 5 and 95 %"),
    ("limits", "Ends of holdings as limits"),
    ("modes", "All ends as limits, central values as modes (triangular)"),
)
SHAPES = (
    "Central values are medians. Ends are 10 and 90 % of holdings, whose range comes from 80 % intervals, and limits of "
    "bitcoin's share, of the response and of the shock."
)
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
    gdp, revenue : float or None
    coarse_revenue : bool
        Whether it is confidential.
    """

    gdp: float | None
    revenue: float | None
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
    """Estimates, percentiles, the distribution and the effect of the assumed correlation and shape.

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
    tables = [_percentile_table(rows, _beside(found, asked, against, coarse_home), params, sources)]
    if "household_usd" in found.outcomes and against.gdp is not None:
        tables.append(_assumptions_table(asked, against.gdp, params, coarse_home, sources))
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
        "government_usd": state or against.coarse_revenue,
        "banks": coarse_banks,
    }


def _rows(found: Draws, against: Denominators, coarse: dict[str, bool]) -> list[tuple[object, ...]]:
    """One row an outcome: words, unit, percentiles."""
    asked: list[tuple[str, str, str, float | None, bool]] = [
        ("household_usd", "Households' loss", "% of GDP", against.gdp, coarse["household_usd"]),
        ("all_usd", "Loss of all known holders", "% of GDP", against.gdp, coarse["all_usd"]),
        ("consumption_usd", "Fall of consumption", "% of GDP", against.gdp, coarse["consumption_usd"]),
        ("redeemed_usd", "Residents' stablecoins redeemed", "% of GDP", against.gdp, coarse["household_usd"]),
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


def _beside(found: Draws, asked: Question, against: Denominators, coarse: bool) -> str:
    """Why the median is not the central combined case, by the numbers."""
    if "household_usd" not in found.outcomes or against.gdp is None or asked.holdings is None:
        return ""
    share = asked.bitcoin_share.central
    fall, lost = asked.shocks["bitcoin"][1], asked.shocks["stablecoin_loss"][1]
    others = asked.other_usd * min(1.0, asked.other_beta * fall)
    central = 100 / against.gdp * (asked.holdings.central * (share * fall + (1 - share) * lost) + others)
    median = found.percentiles("household_usd", 100 / against.gdp)[2]
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


def _percentile_table(
    rows: list[tuple[object, ...]], beside: str, params: Params, sources: tuple[str, ...]
) -> Table:
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
        note=f"{MEANING} {SHAPES} {crash.monte_carlo_draws} draws, rank correlation {crash.uncertainty_correlation:g} among "
        f"shocks and among sizes.{beside}",
        sources=sources,
    )


def _assumptions_table(
    asked: Question, gdp: float, params: Params, coarse: bool, sources: tuple[str, ...]
) -> Table:
    """``crash.correlation``: the same simulation with other correlations and with other meanings of the ends."""
    crash, bare = params.crash, replace(asked, capital=None)
    used = crash.uncertainty_correlation
    chosen: list[tuple[str, float, Ends]] = [
        ("As above" if one == used else f"Rank correlation {one:g}", one, ENDS)
        for one in sorted({*CORRELATIONS, used})
    ]
    chosen += [(words, used, ends) for ends, words in OTHER_ENDS]
    rows = []
    for words, correlation, ends in chosen:
        found = draw(
            bare, draws=crash.monte_carlo_draws, correlation=correlation, seed=params.seed, ends=ends
        )
        low, _, median, _, high = found.percentiles("household_usd", 100 / gdp)
        rows.append((words, *(one_digit(v) if coarse else v for v in (low, median, high)), correlation))
    names = ["assumed", "p5", "p50", "p95", "correlation"]
    return Table(
        "crash.correlation",
        "Households' loss by what the simulation assumes",
        pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[1:], float)),
        (
            Column("assumed", "Assumed"),
            Column("p5", "5 %", "% of GDP", 3),
            Column("p50", "Median", "% of GDP", 3),
            Column("p95", "95 %", "% of GDP", 3),
        ),
        note="No data tell the correlation or the shape; the table shows how much they matter.",
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
