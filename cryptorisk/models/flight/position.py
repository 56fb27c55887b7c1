"""Stocks and flows behind reserve adequacy, brought to the date of the reserves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.models.flight.drift import EXPORTS, IMPORTS, MONEY, drift
from cryptorisk.models.flight.part import Annual, annual, merge_sources
from cryptorisk.models.flight.reporting_year import to_stock
from cryptorisk.models.flight.second_market import year_end_gap
from cryptorisk.rules.ara import LOW_INCOME_USD

LONGEST_CARRY_YEARS = 3
"""A figure is brought forward over at most three years; an older one is missing. Within three years the ratio
of money, trade or debt to GDP moves slowly; over a crisis such as Lebanon's it does not, and an old figure
would mislead."""
SERVICE_YEARS = 3
"""Years of debt service whose mean stands for what falls due next."""
FACTBOOK = "cia_factbook"
WITHOUT_GOLD = "reserves_excluding_gold_usd"
OLDEST_RESERVES_YEARS = 5
"""Reserves older than this, seen from the report's date, say nothing about today's."""
LARGEST_MONEY_PCT_GDP = 600.0
"""Broad money above six times GDP is a mixture of currency units, not a banking system: the largest financial
centres stand at four to five times GDP. Zimbabwe's figures around its redenominations exceed this bound."""


NO_RESERVES = "the official reserves given are nought"


@dataclass(frozen=True)
class Amount:
    """An amount in USD at the date of the reserves, with the range that bringing it there leaves.

    ``year`` is the year the figure was published for; ``exact`` whether it is that of the reserves.
    """

    value: float
    low: float
    high: float
    year: int
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    note: str = ""

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, value, high."""
        return self.low, self.value, self.high

    def scaled(self, factor: float) -> Amount:
        """Multiplied by a positive number."""
        low, value, high = (factor * end for end in self.ends)
        return Amount(value, low, high, self.year, self.sources, self.inputs, self.note)


@dataclass(frozen=True)
class Position:
    """What reserves stand against. Anything but the date can be missing (None).

    ``encumbered`` holds the evidence that part of the reserves is not free; ``money_reason`` says why broad money is
    missing and what supplies it; ``low_income``: the IMF's metric is meant for the economy only with market access.
    """

    year: int
    date: str
    reserves: Amount | None
    imports: Amount | None
    exports: Amount | None
    broad_money: Amount | None
    external_debt: Amount | None
    short_term_debt: Amount | None
    short_term_is_floor: bool
    other_liabilities: Amount | None
    reserves_reason: str = ""
    confidential: frozenset[str] = frozenset()
    encumbered: tuple[str, ...] = ()
    reserves_without_gold: Amount | None = None
    money_reason: str = ""
    low_income: bool = False

    def hides(self, *amounts: Amount | None) -> bool:
        """Whether an amount rests on a series of the bank's own that a report must not print."""
        return any(self.confidential & set(one.inputs) for one in amounts if one is not None)


def position(inputs: Inputs) -> Position:
    """Reserves and what they are measured against, from the vintage or the bank's own figures.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Position
    """
    reserves, date, reason = latest_reserves(inputs)
    year = reserves.year if reserves else inputs.as_of.year
    gdp = annual(inputs, "gdp_usd")
    exports = _trade(inputs, "exports", year, gdp)
    short, is_floor = _short_term_debt(inputs, year, gdp, exports)
    money = broad_money_at(inputs, year, gdp)
    return Position(
        year,
        date,
        reserves,
        _trade(inputs, "imports", year, gdp),
        exports,
        money,
        _between(
            _carried(annual(inputs, "external_debt_usd", without=FACTBOOK), "external_debt_usd", year, gdp)
        ),
        short,
        is_floor,
        _own(inputs, "other_external_liabilities_usd"),
        reason,
        inputs.confidential,
        reserves_without_gold=_without_gold(inputs, year) if reserves else None,
        money_reason="" if money else _why_no_money(inputs, year),
        low_income=_low_income(inputs, year, gdp),
    )


def latest_reserves(inputs: Inputs) -> tuple[Amount | None, str, str]:
    """Official reserves, their year as text, and the reason where there are none of recent years."""
    seen = inputs.latest("reserves_usd")
    if seen is None:
        return None, "", "the data have no official reserves of this economy"
    if inputs.as_of.year - seen.date.year > OLDEST_RESERVES_YEARS:
        return None, "", f"the last figure on official reserves is of {seen.date.year}"
    value = float(seen.value)
    amount = Amount(value, value, value, seen.date.year, (seen.source,), ("reserves_usd",))
    return amount, str(seen.date.year), ""


def _low_income(inputs: Inputs, year: int, gdp: Annual) -> bool:
    """Whether GDP a head lies below the bound of `cryptorisk.rules.ara.LOW_INCOME_USD`."""
    people = annual(inputs, "population").by_year
    if year not in gdp.by_year.index or year not in people.index:
        return False
    return bool(gdp.by_year[year] / people[year] < LOW_INCOME_USD)


def _without_gold(inputs: Inputs, year: int) -> Amount | None:
    """Reserves without gold of the year of the reserves; None where they are not of that year or confidential."""
    known = annual(inputs, WITHOUT_GOLD)
    if year not in known.by_year.index or {WITHOUT_GOLD, "reserves_usd"} & inputs.confidential:
        return None
    value = float(known.by_year[year])
    return Amount(value, value, value, year, known.source_ids([year]), (WITHOUT_GOLD,))


def _own(inputs: Inputs, series_id: str) -> Amount | None:
    """The bank's own figure, if there is one."""
    seen = inputs.latest(series_id)
    if seen is None:
        return None
    value = float(seen.value)
    return Amount(value, value, value, seen.date.year, (seen.source,), (series_id,), "The bank's own figure.")


def _trade(inputs: Inputs, side: Literal["imports", "exports"], year: int, gdp: Annual) -> Amount | None:
    """Trade of the reserves' year: in dollars, by its ratio to GDP, carried, or the Factbook's."""
    usd_id, pct_id = f"{side}_gs_usd", f"{side}_pct_gdp"
    published = annual(inputs, usd_id)
    if year in published.by_year.index:
        return _carried(published, usd_id, year, gdp)
    share = annual(inputs, pct_id)
    if year in share.by_year.index and year in gdp.by_year.index:
        value = float(share.by_year[year] * gdp.by_year[year]) / 100
        sources = merge_sources(share.source_ids([year]), gdp.source_ids([year]))
        return Amount(value, value, value, year, sources, (pct_id, "gdp_usd"))
    carried = _carried(published, usd_id, year, gdp)
    if carried is not None:
        return _drifting(carried, share, side, year, gdp)
    rough = _carried(annual(inputs, usd_id, only=(FACTBOOK,)), usd_id, year, gdp)
    note = "The CIA World Factbook's figure, for want of a recent one from the World Bank."
    return None if rough is None else replace(rough, note=f"{note} {rough.note}".strip())


def _drifting(
    last: Amount, share: Annual, side: Literal["imports", "exports"], year: int, gdp: Annual
) -> Amount:
    """An older figure on trade, in dollars and in proportion to GDP, with the drift of such ratios in the range.

    Of imports the larger is the centre: a cover must not look high because the last dollar figure is old.
    """
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= last.year)]
    ends, newest = [last.low, last.high], last.year
    inputs_used, sources, note = last.inputs, last.sources, f"{side.capitalize()} of {last.year}"
    if not known.empty and year in gdp.by_year.index:
        newest = int(known.index[-1])
        ends.append(float(known.iloc[-1] * gdp.by_year[year]) / 100)
        inputs_used = (*inputs_used, f"{side}_pct_gdp")
        sources = merge_sources(sources, share.source_ids([newest]), gdp.source_ids([year]))
    calibration = IMPORTS if side == "imports" else EXPORTS
    low, high = drift(share.by_year[share.by_year.index <= newest], year - newest, calibration)
    return Amount(
        max(ends) if side == "imports" else last.value,
        low * min(ends),
        high * max(ends),
        last.year,
        sources,
        inputs_used,
        f"{note} as they were and in proportion to GDP{', the larger is the centre' if side == 'imports' else ''}; the "
        "range has the drift of such ratios.",
    )


def _carried(series: Annual, series_id: str, year: int, gdp: Annual) -> Amount | None:
    """The last figure up to ``year``; the range also has it in proportion to GDP in dollars."""
    known = series.by_year[series.by_year.index <= year]
    if known.empty or year - int(known.index[-1]) > LONGEST_CARRY_YEARS:
        return None
    last = int(known.index[-1])
    value = float(known.iloc[-1])
    sources = series.source_ids([last])
    if last == year:
        return Amount(value, value, value, last, sources, (series_id,))
    grown = value * _growth(gdp, last, year)
    note = f"Figure of {last}, in the range also in proportion to GDP."
    sources = merge_sources(sources, gdp.source_ids([last, year]))
    return Amount(value, min(value, grown), max(value, grown), last, sources, (series_id, "gdp_usd"), note)


def _between(amount: Amount | None) -> Amount | None:
    """The amount with its centre half-way (in logs) between its ends, of which neither is likelier."""
    return None if amount is None else replace(amount, value=float(np.sqrt(amount.low * amount.high)))


def _growth(gdp: Annual, first: int, last: int) -> float:
    if first in gdp.by_year.index and last in gdp.by_year.index:
        return float(gdp.by_year[last] / gdp.by_year[first])
    return 1.0


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
        return _own(inputs, "broad_money_usd")
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


def _why_no_money(inputs: Inputs, year: int) -> str:
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


def _short_term_debt(
    inputs: Inputs, year: int, gdp: Annual, exports: Amount | None
) -> tuple[Amount | None, bool]:
    """Debt due within a year: the bank's own, or original maturity (a floor) and a year's debt service."""
    own = _own(inputs, "short_term_debt_remaining_maturity_usd")
    if own is not None:
        return own, False
    # The source's ratio is to the source's own reserves, never to the bank's.
    share = annual(inputs, "short_term_debt_pct_reserves")
    reserves = annual(inputs, "reserves_usd", bank=False)
    stock = (share.by_year * reserves.by_year / 100).dropna()
    series = Annual(stock, share.sources.reindex(stock.index))
    floor = _carried(series, "short_term_debt_pct_reserves", year, gdp)
    if floor is None:
        return None, True
    service = _debt_service(inputs, exports, year)
    # The floor itself is no centre: a cover of it is an upper bound.
    centre, note = float(np.sqrt(floor.low * floor.high)), "Original maturity, a floor."
    if service is not None:
        centre = floor.value + service.value
        note = (
            f"Original maturity plus debt service, {service.note}, for what falls due next; the range runs from original "
            "maturity alone to the heaviest of those years."
        )
    return Amount(
        centre,
        floor.low,
        floor.high + (service.high if service else 0.0),
        floor.year,
        merge_sources(floor.sources, service.sources if service else ()),
        (*floor.inputs, *(service.inputs if service else ())),
        note,
    ), True


def _debt_service(inputs: Inputs, exports: Amount | None, year: int) -> Amount | None:
    """Debt service at the mean ratio to exports of the last three years, with the lightest and the heaviest of them.

    One year's service holds what was repaid at once (Kenya's bond of 2 bn USD in 2024) and is no forecast of the next.
    """
    share = annual(inputs, "debt_service_pct_exports")
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= year - LONGEST_CARRY_YEARS)]
    if known.empty or exports is None:
        return None
    last = int(known.index[-1])
    ratios = known[known.index > last - SERVICE_YEARS]
    low, value, high = (
        float(one) / 100 * exports.value for one in (ratios.min(), ratios.mean(), ratios.max())
    )
    first = int(ratios.index[0])
    note = f"of {last}" if first == last else f"at the mean ratio to exports of {first} to {last}"
    sources = merge_sources(share.source_ids(ratios.index), exports.sources)
    return Amount(value, low, high, last, sources, ("debt_service_pct_exports", *exports.inputs), note)
