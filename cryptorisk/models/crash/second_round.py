"""What may follow the loss: less consumption, less credit, less revenue. Ranges of assumptions, not forecasts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.bank_limits import LIMIT_CASES
from cryptorisk.models.crash.losses import merged
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import ShareRange
from cryptorisk.result import Column, Table

AT_LIMIT = LIMIT_CASES[1][1]
"""Percent of Tier 1: the upper limit of SCO60, which stands in where banks' exposure is not known."""

Row = tuple[str, float | None, float | None, str, str]


def second_round_table(
    loss_usd: Band | None,
    gdp_usd: float | None,
    scenario: Scenario,
    response: ShareRange,
    around: Surroundings,
    capital: Capital | None,
    *,
    coarse_home: bool,
    coarse_banks: bool,
    sources: tuple[str, ...],
) -> Table | None:
    """``crash.second_round``: consumption, government revenue and bank credit after the loss, in percent of GDP.

    Parameters
    ----------
    loss_usd : Band or None
        Households' loss.
    gdp_usd : float or None
    scenario : Scenario
    response : ShareRange
    around : Surroundings
    capital : Capital or None
        Of banks, where supervisory figures are given.
    coarse_home, coarse_banks : bool
        Whether households' or banks' figures are confidential.
    sources : tuple of str

    Returns
    -------
    Table or None
        None without GDP.
    """
    if gdp_usd is None:
        return None
    rows: list[Row] = []
    if loss_usd is not None:
        rows += _spending(loss_usd.scaled(100 / gdp_usd), response, around, coarse_home)
    credit = _credit(scenario, gdp_usd, around, capital, coarse_banks)
    rows += [] if credit is None else [credit]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "assumption", "source"])
    return Table(
        "crash.second_round",
        f"Second round: {scenario.name}",
        frame.astype({"low": float, "high": float}),
        (
            Column("what", "What falls"),
            Column("low", "Low", "% of GDP", 3),
            Column("high", "High", "% of GDP", 3),
            Column("assumption", "Assumption"),
            Column("source", "Where from"),
        ),
        note="Ranges of assumptions, one round only, not to be added to the loss: consumption and credit follow from it. No "
        "multiplier of demand is applied.",
        sources=merged(sources, around.revenue.source, around.credit.source),
    )


def _spending(loss_pct_gdp: Band, response: ShareRange, around: Surroundings, coarse: bool) -> Sequence[Row]:
    fall = consumption_fall(loss_pct_gdp, response)
    rows: list[Row] = [
        (
            "Household consumption",
            *_ends(fall.low, fall.high, coarse),
            f"{100 * response.low:g} to {100 * response.high:g} cents a dollar lost",
            "United States: 9.7 (Aiello et al. 2024); elsewhere assumed",
        )
    ]
    revenue = around.revenue
    if revenue.value is not None:
        share = revenue.value / 100
        rows.append(
            (
                "Government revenue",
                *_ends(fall.low * share, fall.high * share, coarse or revenue.confidential),
                "Revenue falls with consumption at its ratio to GDP",
                f"Ratio of {revenue.year}",
            )
        )
    return rows


def _credit(
    scenario: Scenario, gdp_usd: float, around: Surroundings, capital: Capital | None, coarse: bool
) -> Row | None:
    """Credit: nothing where banks draw on their buffers, and at most what restores the ratio by shrinking alone."""
    where = "Lending answers capital modestly (Berrospide and Edge 2010) or one for one: a ceiling"
    if capital is not None and capital.cet1 > 0:
        high = 100 * capital.exposure * scenario.price_drop * capital.rwa / capital.cet1 / gdp_usd
        words = (
            "Banks draw on buffers, to: they hold their CET1 ratio by shrinking risk-weighted assets alone"
        )
        return ("Bank credit", *_ends(0.0, high, coarse), words, where)
    credit = around.credit
    if credit.value is None:
        return None
    high = AT_LIMIT / 100 * scenario.price_drop * credit.value
    words = f"If exposure stood at {AT_LIMIT:g} % of Tier 1: buffers, to: credit shrinks by the share of Tier 1 lost"
    return ("Bank credit, at the SCO60 limit", *_ends(0.0, high, credit.confidential), words, where)


def _ends(low: float, high: float, coarse: bool) -> tuple[float, float]:
    return (one_digit(low) or 0.0, one_digit(high) or 0.0) if coarse else (low, high)
