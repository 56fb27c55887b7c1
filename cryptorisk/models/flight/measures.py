"""Capital flows that residual measures count, by year under every measure and treatment that the vintage allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.debt import SHARES, adjusted_debt
from cryptorisk.models.flight.exchange import EURO_RATES, december
from cryptorisk.models.flight.gold import SOURCES, holdings
from cryptorisk.models.flight.misinvoicing import PARTNER_SHARES, SERIES, misinvoicing
from cryptorisk.models.flight.other_measures import (
    ACCOUNT,
    HOT_MONEY,
    Recorded,
    further,
    hot_money,
    treatment,
)
from cryptorisk.models.flight.part import Annual, annual, merge_sources, public_annual
from cryptorisk.models.flight.reporting_year import ReportingYear, over_calendar_years, reporting_year
from cryptorisk.models.flight.reserve_changes import reserve_changes
from cryptorisk.models.flight.without_gold import WITHOUT_GOLD
from cryptorisk.rules import residual_flight as rule

OTHER_CURRENCY_SHARE = 0.5
"""Largest share of external debt and of reserves in currencies other than the dollar that the band allows
for.

The vintage has no currency composition of debt or reserves, so that the change of the dollar value of a stock
holds an unknown revaluation. The band runs from none to one half: an assumption on the wide side for
borrowers who owe mostly dollars. The other currencies are taken to move as the euro did from December to
December.
"""
SECOND_CURRENT_ACCOUNT = "wdi"
"""Family of sources. The World Development Indicators give the current account in percent of GDP beside the World
Economic Outlook's dollars. The two differ by a percentage point of GDP in some years (Kenya 2024): both are in the band."""
WORLD_BANK = "World Bank residual"
LEAST_HALF_WIDTH: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        WORLD_BANK: {"year": 1.2, "mean": 0.4, "sum": 4.7},
        HOT_MONEY: {"year": 0.4, "mean": 0.2, "sum": 2.0},
    }
)
"""Least half-width of each measure's band, percent of GDP, for every economy.

Upper quartile of the half-width within the measure (one year; mean of five years; sum of ten) over the economies with a
currency of their own and both measures: `python tests/coverage/study_residual_band.py`. A second record that is missing,
or that happens to agree, makes no figure more certain. Not moved when holdings of gold were added (METHODS.md): their ends
are each economy's own and in its band whatever is usual.
"""
SHORT_TERM = f"{HOT_MONEY}, with short-term private capital"
"""Another concept than the errors and omissions alone: it stands in the table and in no band."""
OWN = (
    "bank_foreign_assets_usd",
    "portfolio_equity_net_inflow_usd",
    "short_term_private_net_inflow_usd",
    *SHARES.values(),
    *SERIES,
    *PARTNER_SHARES,
)
"""What no public source here has: with these series of the bank's own the other measures appear."""
_INPUTS = (
    "external_debt_usd",
    "fdi_inflow_pct_gdp",
    "fdi_outflow_pct_gdp",
    "gdp_usd",
    "current_account_usd",
    "current_account_pct_gdp",
    "reserves_usd",
    WITHOUT_GOLD,
    *ACCOUNT,
    "net_errors_omissions_usd",
    "reserve_transactions_usd",
    "imf_credit_usd",
    *OWN,
)


@dataclass(frozen=True)
class Measures:
    """Flight by year under every measure and treatment, USD, outflow positive.

    ``usd`` has a column a treatment of the World Bank residual, ``hot_money`` one of the errors and omissions: two concepts,
    of which the first holds the second and what is recorded beside it. ``further`` holds Morgan Guaranty's measure and that
    of Ndikumana and Boyce where the bank gives what they need; ``misinvoicing`` the net misinvoicing of trade at the three
    factors of freight and insurance; ``gold`` the share of gold in reserves and what its price has been taken out for
    (`ReserveChanges`), ``gold_known`` whether the holding is known; ``debt_reason`` why a composition of debt that the bank
    gave could not be used.
    """

    usd: pd.DataFrame
    gdp: pd.Series
    hot_money: pd.DataFrame
    further: pd.DataFrame
    misinvoicing: pd.DataFrame
    parts: pd.DataFrame
    gold: pd.DataFrame
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    has_bop: bool
    debt_reason: str = ""
    gold_known: bool = True

    @property
    def central(self) -> pd.Series:
        """World Bank residual by year, USD."""
        return self.usd[WORLD_BANK].dropna() if WORLD_BANK in self.usd else pd.Series(dtype=float)

    def every(self) -> pd.DataFrame:
        """All measures and treatments side by side, USD."""
        return pd.concat([self.usd, self.hot_money, self.further], axis=1)

    def recorded(self) -> pd.Series:
        """The part of the World Bank residual that is recorded, USD by year: what is left of it without hot money.

        By the identity of the accounts it is the change in debt plus net outflows of portfolio and other investment and
        derivatives (and the difference of the two records of direct investment).
        """
        every = self.every()
        if not {WORLD_BANK, HOT_MONEY} <= set(every):
            return pd.Series(dtype=float)
        return (every[WORLD_BANK] - every[HOT_MONEY]).dropna()

    def band(self, values: pd.Series, window: str, measure: str = WORLD_BANK) -> tuple[float, float]:
        """Smallest and largest of one measure's treatments, never closer to its centre than `LEAST_HALF_WIDTH`.

        Parameters
        ----------
        values : Series
            By treatment, percent of GDP; other measures are left out.
        window : {"year", "mean", "sum"}
        measure : {WORLD_BANK, HOT_MONEY}

        Returns
        -------
        low, high : float
        """
        known = of_measure(values, measure)
        centre, least = float(known[measure]), LEAST_HALF_WIDTH[measure][window]
        return min(float(known.min()), centre - least), max(float(known.max()), centre + least)

    def pct_gdp(self, usd: pd.DataFrame) -> pd.DataFrame:
        """In percent of the year's GDP."""
        return 100 * usd.div(self.gdp.reindex(usd.index), axis=0)


def of_measure(values: pd.Series, measure: str) -> pd.Series:
    """The treatments of one measure among values by treatment."""
    names = [name for name in values.index if str(name).startswith(measure) and name != SHORT_TERM]
    return values[names].dropna()


def flight_measures(inputs: Inputs) -> Measures:
    """Every measure of unrecorded flows that the vintage allows.

    Parameters
    ----------
    inputs : Inputs
        Without the bank's confidential figures.

    Returns
    -------
    Measures
        Empty frames where a measure cannot be computed.
    """
    # A residual is a sum of public figures and one more: a confidential figure could be read off it to the digit.
    gdp = public_annual(inputs, "gdp_usd")
    debt = public_annual(inputs, "external_debt_usd", without="cia_factbook")
    reserves = public_annual(inputs, "reserves_usd")
    current = public_annual(inputs, "current_account_usd", without="cia_factbook")
    fdi_in, fdi_out = (
        public_annual(inputs, "fdi_inflow_pct_gdp"),
        public_annual(inputs, "fdi_outflow_pct_gdp"),
    )
    direct = public_annual(inputs, "direct_investment_net_usd")
    second = _second_current_account(inputs)
    accounts = _current_accounts(current, second, gdp, reporting_year(inputs.country))
    investment = {
        WORLD_BANK: (fdi_in.by_year - fdi_out.by_year) * gdp.by_year / 100,
        f"{WORLD_BANK}, direct investment of the balance of payments": rule.inflow(direct.by_year),
    }
    move = euro_move(inputs)
    adjusted = adjusted_debt(inputs, debt)
    # By the composition where the bank gives one, else by the assumption on the wide side.
    revalued = adjusted.change.combine_first(_revalued(debt, move))
    borrowed = {"": debt.change(), "debt": revalued.reindex(debt.change().index)}
    changes = reserve_changes(inputs, reserves, move, OTHER_CURRENCY_SHARE)
    kept = changes.kept
    usd = {
        treatment(label, debt_taken, reserves_taken) + which: rule.world_bank(
            debt_change=borrowed[debt_taken],
            direct_investment_inflow=inflow,
            current_account=account,
            reserves_change=kept[reserves_taken],
        )
        for label, inflow in investment.items()
        for debt_taken, reserves_taken in product(borrowed, kept)
        for which, account in accounts.items()
    }
    hot, of_hot, has_bop = hot_money(inputs, kept, accounts)
    trade = misinvoicing(inputs)
    recorded = Recorded(usd[WORLD_BANK], investment[WORLD_BANK], current.by_year, kept[""])
    others, of_others = further(inputs, recorded, adjusted, trade)
    parts = {
        "debt_change": debt.change(),
        "direct_investment": investment[WORLD_BANK],
        "current_account": current.by_year,
        "reserves_change": kept[""],
    }
    used = (gdp, debt, reserves, changes.without_gold, current, fdi_in, fdi_out, direct)
    every = [pd.DataFrame(one).dropna(how="all") for one in (usd, hot, others)]
    years = every[0].index.union(every[1].index).union(every[2].index).intersection(gdp.by_year.index)
    shown = [one.reindex(years).dropna(axis=1, how="all") for one in every]
    return Measures(
        usd=shown[0],
        hot_money=shown[1],
        further=shown[2],
        misinvoicing=trade.usd.reindex(trade.usd.index.intersection(gdp.by_year.index)),
        parts=pd.DataFrame(parts).reindex(years),
        gold=changes.gold,
        gdp=gdp.by_year,
        sources=merge_sources(
            *(one.source_ids(years) for one in used),
            of_hot,
            second.source_ids(years) if len(accounts) > 1 else (),
            adjusted.sources,
            of_others,
            SOURCES if changes.gold["taken_high"].any() else (),
        ),
        inputs=_INPUTS,
        has_bop=has_bop,
        debt_reason=adjusted.reason,
        gold_known=not (changes.without_gold.empty and holdings(inputs.country, inputs.as_of).empty),
    )


def _second_current_account(inputs: Inputs) -> Annual:
    """The current account of the second source in percent of GDP; nothing where the bank's own is confidential."""
    id, sources = "current_account_pct_gdp", inputs.catalogue.family(SECOND_CURRENT_ACCOUNT)
    found = annual(inputs, id, only=sources)
    return Annual(found.by_year[:0], found.sources[:0]) if id in inputs.confidential else found


def _current_accounts(
    current: Annual, second: Annual, gdp: Annual, fiscal: ReportingYear | None
) -> dict[str, pd.Series]:
    """The current account in dollars by what a treatment's name adds for it.

    The second source where it has a year. Where the first is for fiscal years and the second has none, the fiscal years
    spread over calendar ones, as debt and reserves are.
    """
    found = {"": current.by_year}
    in_usd = (second.by_year * gdp.by_year / 100).reindex(current.by_year.index)
    if in_usd.notna().any():
        found[", current account of the World Development Indicators"] = in_usd.fillna(current.by_year)
    elif fiscal is not None:
        spread = over_calendar_years(current.by_year, fiscal)
        found[", current account spread over calendar years"] = spread.fillna(current.by_year)
    return found


def euro_move(inputs: Inputs) -> pd.Series:
    """Dollar value of the euro at the end of a year relative to the end of the year before (December means).

    Returns
    -------
    Series
        Index: year; empty when the data have no euro rate.
    """
    by_year = december(inputs, EURO_RATES)
    before = by_year.copy()
    before.index = before.index + 1
    return (before.reindex(by_year.index) / by_year).dropna()


def _revalued(stock: Annual, move: pd.Series) -> pd.Series:
    """Change of a stock, net of the revaluation of the share of other currencies that the band allows for."""
    return rule.revalued_change(
        stock.by_year, stock.before(), other_currency_share=OTHER_CURRENCY_SHARE, other_currency_move=move
    ).reindex(stock.change().index)
