"""Broad money in US dollars at the date of the reserves, or why there is none."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.models.flight.amount import LONGEST_CARRY_YEARS, Amount, own_amount
from cryptorisk.models.flight.drift import MONEY, drift
from cryptorisk.models.flight.part import Annual, annual, merge_sources
from cryptorisk.models.flight.reporting_year import to_stock
from cryptorisk.models.flight.second_market import year_end_gap

LARGEST_MONEY_PCT_GDP = 600.0
"""Broad money above six times GDP is a mixture of currency units, not a banking system: the largest financial
centres stand at four to five times GDP. Zimbabwe's figures around its redenominations exceed this bound."""


def broad_money_at(inputs: Inputs, year: int, gdp: Annual) -> Amount | None:
    """Broad money in USD, the one figure that both chapters use: a stock, at the year-end exchange rate.

    Parameters
    ----------
    inputs : Inputs
    year : int
        Year that the stock is brought to.
    gdp : Annual
        GDP in USD.

    Returns
    -------
    Amount or None
        The bank's own figure; else the ratio to GDP times GDP, turned into national money at the mean official rate of
        the year that the accounts speak of and into dollars at December's, with the drift of a carried ratio in the
        range. Beside a second market the range has money at its price too. None without a recent and plausible ratio.
    """
    own = inputs.latest("broad_money_usd")
    if own is not None and own.source == BANK:
        return own_amount(inputs, "broad_money_usd")
    ratio = annual(inputs, "broad_money_pct_gdp")
    known = ratio.by_year[ratio.by_year.index <= year]
    gdp_year = min(year, int(gdp.by_year.index[-1])) if not gdp.empty else year
    if known.empty or gdp_year not in gdp.by_year.index or year - int(known.index[-1]) > LONGEST_CARRY_YEARS:
        return None
    last = int(known.index[-1])
    if float(known.iloc[-1]) > LARGEST_MONEY_PCT_GDP:
        return None
    low, high = drift(known, year - last, MONEY)
    per_cent = float(known.iloc[-1]) / 100 * float(gdp.by_year[gdp_year])
    rate = to_stock(inputs, gdp_year)
    carried = "" if last == year else f"Ratio to GDP of {last}; the range has the drift of such ratios."
    note = " ".join(part for part in (carried, rate.note) if part)
    found = Amount(
        per_cent * rate.factor,
        low * per_cent * rate.low,
        high * per_cent * rate.high,
        last,
        merge_sources(ratio.source_ids([last]), gdp.source_ids([gdp_year])),
        ("broad_money_pct_gdp", "gdp_usd", "official_fx_lcu_per_usd"),
        note,
    )
    return _at_both_prices(inputs, found, gdp_year)


def _at_both_prices(inputs: Inputs, money: Amount, year: int) -> Amount:
    """Money at the official price of a dollar and at the second market's; the centre is their geometric mean.

    At the official price few dollars are to be had, at the other one all of the money would not be exchanged: neither is the
    better guess.
    """
    gap = year_end_gap(inputs, year)
    if gap is None:
        return money
    apart = float(np.exp(-gap.log_pct / 100))
    secret = inputs.confidential & set(gap.inputs)
    size = "more" if secret else f"{100 * np.expm1(gap.log_pct / 100):.0f} % more"
    note = (
        f"Outside the official market a dollar cost {size} in {gap.month}: money is at both prices in the range, between "
        "them in the centre."
    )
    return Amount(
        money.value * apart**0.5,
        money.low * apart,
        money.high,
        money.year,
        merge_sources(money.sources, gap.sources),
        tuple(dict.fromkeys((*money.inputs, *gap.inputs))),
        f"{money.note} {note}".strip(),
    )


def why_no_money(inputs: Inputs, year: int) -> str:
    """Why there is no broad money, with the last figure, and what supplies it."""
    supply = "broad_money_pct_gdp of a recent year supplies it (`cryptorisk data template monetary`)"
    known = annual(inputs, "broad_money_pct_gdp").by_year
    known = known[known.index <= year]
    if known.empty:
        return f"the data have no broad money of this economy; {supply}"
    last = int(known.index[-1])
    if year - last <= LONGEST_CARRY_YEARS and float(known.iloc[-1]) > LARGEST_MONEY_PCT_GDP:
        return f"broad money of {last} mixes currency units; {supply}"
    if year - last <= LONGEST_CARRY_YEARS:
        return "there is no GDP in dollars to turn broad money into an amount (gdp_usd)"
    return f"the last figure on broad money is of {last}; {supply}"
