"""The Monte Carlo simulation as the chapter shows it: percentiles, the distribution of the loss, what was assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.models.crash.bank_capital import READINGS, Capital
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.monte_carlo import PERCENTILES, SHOCKS, Draws, Question, draw, percentiles
from cryptorisk.models.crash.monte_carlo_notes import apart, beside, outside
from cryptorisk.models.crash.monte_carlo_variants import variants_table
from cryptorisk.models.crash.one_side import Side, bounded
from cryptorisk.models.crash.positions import Position
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.parts import Parts
from cryptorisk.models.part import Part
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

BINS = 40
SIDES: Mapping[str, Side] = MappingProxyType(
    {"bank_loss_cet1": "at most", "cet1_ratio": "at least", "cet1_all_2b": "at least"}
)
"""Where banks' outcomes are confidential they are rounded to the side on which a requirement is not met by rounding."""
SHOWN_TO = 99.0
"""Percentile up to which the distribution is drawn: a long right tail would leave the rest invisible."""
LEVEL = (PERCENTILES[-1] - PERCENTILES[0]) / 100
DRAWN = (
    "Drawn: ownership and value received (ends of their 80 % intervals as 10 and 90 %), income elasticity, coins of "
    "individuals up to all coins, any weight of the two keys, bitcoin's share, the response and the shock (limits); central "
    "values are medians."
)
MEANING = (
    "Given the combined scenario; no probability is attached to the scenario itself. Percentiles say how far the loss is "
    "uncertain because holdings, bitcoin's share of them, the depth of the fall between mild and severe and the response of "
    "consumption are not known. Shapes and correlation are assumed: no confidence interval."
)


@dataclass(frozen=True)
class Denominators:
    """What outcomes are set against, in US dollars; None where not known.

    Attributes
    ----------
    revenue : float or None
    coarse_revenue : bool
        Whether it is confidential.
    """

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
    response, gdp = params.crash.consumption_response, exposure.gdp
    priced = exposure.bitcoin_share.central > 0
    return Question(
        shocks={name: scenario.range_of(name) for name in SHOCKS},
        holdings=_holdings(exposure) if priced else None,
        bitcoin_share=exposure.bitcoin_share,
        response=(response.low, response.central, response.high),
        gdp_usd=None if gdp is None else (gdp.low, gdp.central, gdp.high),
        other_usd=known.get(("Households", "ether"), 0.0) + known.get(("Households", "others"), 0.0),
        other_beta=scenario.central.shock.altcoin_beta,
        beyond_usd=sum(amount for (holder, _), amount in known.items() if holder != "Households"),
        government_usd=known.get(("Government", "bitcoin")),
        capital=capital,
    )


def _holdings(exposure: Exposure) -> Parts | float | None:
    """Inputs to be drawn, or the institution's own figure."""
    if exposure.own and exposure.holdings is not None:
        return exposure.holdings.central
    return exposure.parts


def monte_carlo_part(
    asked: Question,
    held: Sequence[Position],
    printed: Band | None,
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
    printed : Band or None
        Range of households' holdings as the chapter gives it.
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
    estimate = _estimate(found, params, coarse_home, sources)
    if not rows:
        return Part((estimate,))
    gdp = asked.gdp_usd
    prices = (
        " So is GDP, in the ratio and in the keys alike, between the two prices of a dollar."
        if gdp is not None and gdp[0] < gdp[2]
        else ""
    )
    notes = prices + outside(found, printed) + apart(asked.holdings) + beside(found, asked, coarse_home)
    tables = [_percentile_table(rows, notes, params, sources)]
    if {"household_usd", "gdp_usd"} <= set(found.outcomes):
        tables.append(variants_table(asked, params, coarse_home, sources))
        if not coarse_home:
            tables.append(_distribution_table(found.in_gdp("household_usd"), sources))
    return Part((estimate,), tuple(tables))


def _coarse(held: Sequence[Position], coarse_banks: bool, against: Denominators) -> dict[str, bool]:
    """Which outcomes stand on a confidential figure."""
    home = any(p.coarse for p in held if p.holder == "Households")
    state = any(p.coarse for p in held if p.holder == "Government")
    return {
        **dict.fromkeys(("holdings_usd", "household_usd", "redeemed_usd"), home),
        "consumption_usd": home,
        "all_usd": any(p.coarse for p in held),
        "government_usd": state or against.coarse_revenue,
        **dict.fromkeys(SIDES, coarse_banks),
    }


def _rows(found: Draws, against: Denominators, coarse: dict[str, bool]) -> list[tuple[object, ...]]:
    """One row an outcome: words, unit, percentiles."""
    of_gdp = {
        "holdings_usd": "Households' holdings, bitcoin and stablecoins",
        "household_usd": "Households' loss",
        "all_usd": "Loss of all known holders",
        "consumption_usd": "Fall of consumption",
        "redeemed_usd": "Residents' stablecoins redeemed",
    }
    others: list[tuple[str, str, str, float | None]] = [
        ("government_usd", "Government's loss", "% of revenue", against.revenue),
        ("bank_loss_cet1", "Banks' loss", "% of CET1", 1.0),
        ("cet1_all_2b", f"Banks' CET1 ratio afterwards, {READINGS['all']}", "%", 1.0),
        ("cet1_ratio", f"Banks' CET1 ratio afterwards, {READINGS['limit']}", "%", 1.0),
    ]
    known = found.outcomes
    rows: list[tuple[object, ...]] = [
        (words, "% of GDP", *_digits(percentiles(found.in_gdp(name)), coarse[name]))
        for name, words in of_gdp.items()
        if name in known and "gdp_usd" in known
    ]
    for name, words, unit, base in others:
        if name not in known or not base:
            continue
        side = SIDES.get(name) if coarse[name] else None
        values = _digits(found.percentiles(name, 100 / base), coarse[name], side)
        rows.append((f"{words}, {side}" if side else words, unit, *values))
    return rows


def _digits(values: list[float], coarse: bool, side: Side | None = None) -> list[float]:
    """As they are, to one digit, or to one digit on the side on which no requirement is met by rounding."""
    if not coarse:
        return values
    return [bounded(value, side) if side else one_digit(value) or 0.0 for value in values]


def _percentile_table(
    rows: list[tuple[object, ...]], notes: str, params: Params, sources: tuple[str, ...]
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
        note=f"{MEANING} {DRAWN} {crash.monte_carlo_draws} draws, rank correlation {crash.uncertainty_correlation:g} among "
        f"shocks and among sizes.{notes}",
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


def _estimate(found: Draws, params: Params, coarse: bool, sources: tuple[str, ...]) -> Estimate:
    name, label = (
        "crash.simulated_loss_pct_gdp",
        "Households' loss in the combined scenario, median of the simulation",
    )
    if "household_usd" not in found.outcomes:
        return Estimate.missing(name, label, "pct_gdp", "households' holdings of bitcoin are not estimated")
    if "gdp_usd" not in found.outcomes:
        return Estimate.missing(name, label, "pct_gdp", "GDP is not in the vintage")
    low, _, median, _, high = percentiles(found.in_gdp("household_usd"))
    made = Estimate(
        name,
        label,
        median,
        "pct_gdp",
        low=low,
        high=high,
        level=LEVEL,
        interval="simulated",
        method="5th to 95th percentile of draws of the inputs of holdings, bitcoin's share and the shock between mild and "
        "severe, by assumed shapes: no confidence interval, but how far the loss is uncertain given the scenario, which "
        "itself has no probability.",
        n_obs=params.crash.monte_carlo_draws,
        sources=sources,
        inputs=("btc_market_cap_usd", "stablecoin_supply_total_usd", "gdp_usd"),
        function="cryptorisk.models.crash.monte_carlo.draw",
    )
    return made.coarsened() if coarse else made
