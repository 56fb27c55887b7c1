"""What may follow the loss: less consumption, less revenue, less credit. Ranges of assumptions, not forecasts.

Credit is given twice: by published effects of a capital ratio that has fallen, and between its bounds (buffers that absorb
everything; banks that hold their ratio by shrinking alone).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.bank_limits import LIMIT_CASES
from cryptorisk.models.crash.losses import merged
from cryptorisk.models.crash.one_side import rounded_down, rounded_up
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import places
from cryptorisk.models.published import figure
from cryptorisk.params import ShareRange
from cryptorisk.result import Column, Table

AT_LIMIT = LIMIT_CASES[1][1]
"""Percent of Tier 1: the upper limit of SCO60, which stands in where banks' exposure is not known."""

TIER1_WITH_BUFFER = 0.085
"""Tier 1 to risk-weighted assets: the minimum of 6 % (Basel Framework RBC20.1) and the conservation buffer (RBC30.2). It
stands in where banks' own ratio is not known."""

Row = tuple[str, float | None, float | None, str, str]


def second_round_table(
    loss_pct_gdp: Band | None,
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
    loss_pct_gdp : Band or None
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
    if loss_pct_gdp is not None:
        rows += _spending(loss_pct_gdp, response, around, coarse_home)
    credit = _credit(scenario, gdp_usd, around, capital, coarse_banks)
    effect = _credit_effect(scenario, around, capital, coarse_banks)
    rows += [row for row in (effect, credit) if row is not None]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "assumption", "source"])
    frame = frame.astype({"low": float, "high": float})
    digits = places(frame, ["low", "high"], 3)
    return Table(
        "crash.second_round",
        f"Second round: {scenario.name}",
        frame,
        (
            Column("what", "What falls"),
            Column("low", "Low", "% of GDP", digits),
            Column("high", "High", "% of GDP", digits),
            Column("assumption", "Assumption"),
            Column("source", "Where from"),
        ),
        note="Ranges of assumptions, one round only, not to be added to the loss: consumption and credit follow from it. "
        "The rows on credit are alternatives. Published effects are of other economies' banks; the lower one is on total "
        "assets, so that it is too high on risk-weighted ones. No multiplier of demand is applied.",
        sources=merged(sources, around.revenue.source, around.credit.source),
    )


def _spending(loss_pct_gdp: Band, response: ShareRange, around: Surroundings, coarse: bool) -> Sequence[Row]:
    fall = consumption_fall(loss_pct_gdp, response)
    rows: list[Row] = [
        (
            "Household consumption",
            *_ends(fall.low, fall.high, coarse),
            f"{100 * response.low:g} to {100 * response.high:g} cents a dollar lost",
            _consumption_source(),
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


def _consumption_source() -> str:
    crypto, shares = figure("mpc_crypto"), figure("mpc_shares")
    return (
        f"United States: {crypto.low:g} of crypto wealth (Aiello et al. 2024), {shares.low:g} of shares (Chodorow-Reich, "
        "Nenov and Simsek 2020); elsewhere assumed"
    )


def credit_effect(points: float, credit_pct_gdp: float) -> tuple[float, float]:
    """Fall of credit within a year by the published effects of a capital ratio that has fallen.

    Parameters
    ----------
    points : float
        Percentage points of capital to risk-weighted assets that are lost.
    credit_pct_gdp : float

    Returns
    -------
    tuple of float
        Percent of GDP: ``c * points / 100 * credit`` with c from 0.6 (Gambacorta and Shin 2016, abstract, on equity to total
        assets) to 1.6 percent of loans a point (Mésonnier and Monks 2014, abstract, on capital to risk-weighted assets).
    """
    low, high = figure("loans_per_point_of_assets").low, figure("loans_per_point_of_rwa").high
    return low * points / 100 * credit_pct_gdp, high * points / 100 * credit_pct_gdp


def _credit_effect(
    scenario: Scenario, around: Surroundings, capital: Capital | None, coarse: bool
) -> Row | None:
    """Credit by the published effects: of the loss where banks' capital is known, else at the limit of SCO60."""
    credit = around.credit
    if credit.value is None:
        return None
    low, high = figure("loans_per_point_of_assets"), figure("loans_per_point_of_rwa")
    words = f"Loans grow by {low.low:g} to {high.high:g} % less for a point of capital ratio lost"
    where = "Gambacorta and Shin (2016), Mésonnier and Monks (2014)"
    if capital is not None:
        points = 100 * capital.exposure * scenario.price_drop / capital.rwa
        ends = credit_effect(points, credit.value)
        return ("Bank credit within a year", *_ends(*ends, coarse or credit.confidential), words, where)
    points = AT_LIMIT * scenario.price_drop * TIER1_WITH_BUFFER
    words += (
        f"; Tier 1 at {100 * TIER1_WITH_BUFFER:g} % of risk-weighted assets, at other ratios in proportion"
    )
    ends = credit_effect(points, credit.value)
    return ("Bank credit within a year, at the SCO60 limit", *_ends(*ends, credit.confidential), words, where)


def _credit(
    scenario: Scenario, gdp_usd: float, around: Surroundings, capital: Capital | None, coarse: bool
) -> Row | None:
    """Credit: nothing where banks draw on their buffers, and at most what restores the ratio by shrinking alone."""
    short = figure("credit_per_dollar_short")
    where = (
        "Lending answers capital modestly (Berrospide and Edge 2010) or one for one: a ceiling; between them "
        f"{short.low:g} dollars a dollar short (Hancock and Wilcox 1994)"
    )
    if capital is not None and capital.cet1 > 0:
        high = 100 * capital.exposure * scenario.price_drop * capital.rwa / capital.cet1 / gdp_usd
        words = (
            "Banks draw on buffers, to: they hold their CET1 ratio by shrinking risk-weighted assets alone"
        )
        return ("Bank credit, bounds", *_ends(0.0, high, coarse), words, where)
    credit = around.credit
    if credit.value is None:
        return None
    high = AT_LIMIT / 100 * scenario.price_drop * credit.value
    words = f"If exposure stood at {AT_LIMIT:g} % of Tier 1: buffers, to: credit shrinks by the share of Tier 1 lost"
    return ("Bank credit, bounds at the SCO60 limit", *_ends(0.0, high, credit.confidential), words, where)


def _ends(low: float, high: float, coarse: bool) -> tuple[float, float]:
    """The ends, of confidential figures to one digit outwards: to the nearest the high end would be no ceiling."""
    return (rounded_down(low), rounded_up(high)) if coarse else (low, high)
