"""Unrecorded capital flows by year under every measure and treatment that the vintage allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pandas as pd

from cryptorisk.data.catalogue import EURO_AREA
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.part import Annual, annual, merge_sources
from cryptorisk.rules import residual_flight as rule

OTHER_CURRENCY_SHARE = 0.5
"""Largest share of external debt and of reserves in currencies other than the dollar that the band allows
for.

The vintage has no currency composition of debt or reserves, so that the change of the dollar value of a stock
holds an unknown revaluation. The band runs from none to one half: an assumption on the wide side for
borrowers who owe mostly dollars. The other currencies are taken to move as the euro did from December to
December.
"""
EURO_RATES = (EURO_AREA, "XKX")
"""Where the vintage may hold the euro's rate: the euro area, or Kosovo, which uses the euro."""
SECOND_CURRENT_ACCOUNT = "wdi"
"""Family of sources. The World Development Indicators give the current account in percent of GDP beside the World
Economic Outlook's dollars. The two differ by a percentage point of GDP in some years (Kenya 2024): both are in the band."""
ONE_MEASURE_HALF_WIDTH = {"year": 1.55, "mean": 1.35, "sum": 11.0}
"""Least half-width of the band, percent of GDP, where the World Bank residual is the only measure.

Median half-width of the band (one year; mean of five years; sum of ten) over the economies with a currency of their
own that have every measure: `python tests/coverage/study_residual_band.py`. A second measure that is missing makes a
figure less certain; without the floor its band would be the narrower for it.
"""
HOT_MONEY = "Hot money"
WORLD_BANK = "World Bank residual"
_INPUTS = (
    "external_debt_usd",
    "fdi_inflow_pct_gdp",
    "fdi_outflow_pct_gdp",
    "gdp_usd",
    "current_account_usd",
    "current_account_pct_gdp",
    "reserves_usd",
    "direct_investment_net_usd",
    "financial_account_excl_reserves_net_usd",
)


@dataclass(frozen=True)
class Measures:
    """Flight by year under every measure and treatment, USD, outflow positive.

    ``usd`` has a column a treatment; ``central`` names the World Bank residual as published.
    """

    usd: pd.DataFrame
    gdp: pd.Series
    hot_money: pd.DataFrame
    parts: pd.DataFrame
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    has_bop: bool

    @property
    def central(self) -> pd.Series:
        """World Bank residual as published, USD by year."""
        return self.usd[WORLD_BANK].dropna() if WORLD_BANK in self.usd else pd.Series(dtype=float)

    def every(self) -> pd.DataFrame:
        """All measures and treatments side by side, USD."""
        return pd.concat([self.usd, self.hot_money], axis=1)

    def single(self, values: pd.Series) -> bool:
        """Whether values by treatment hold the World Bank residual alone: no second measure."""
        return not any(str(name).startswith(HOT_MONEY) for name in values.dropna().index)

    def band(self, values: pd.Series, window: str) -> tuple[float, float]:
        """Smallest and largest of values in percent of GDP, never narrower than a single measure's floor.

        Parameters
        ----------
        values : Series
            By treatment, percent of GDP, with the World Bank residual.
        window : {"year", "mean", "sum"}

        Returns
        -------
        low, high : float
        """
        known = values.dropna()
        low, high = float(known.min()), float(known.max())
        if self.single(known) and WORLD_BANK in known:
            centre, floor = float(known[WORLD_BANK]), ONE_MEASURE_HALF_WIDTH[window]
            low, high = min(low, centre - floor), max(high, centre + floor)
        return low, high

    def pct_gdp(self, usd: pd.DataFrame) -> pd.DataFrame:
        """In percent of the year's GDP."""
        return 100 * usd.div(self.gdp.reindex(usd.index), axis=0)


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
    gdp = _public(inputs, "gdp_usd")
    debt = _public(inputs, "external_debt_usd", without="cia_factbook")
    reserves = _public(inputs, "reserves_usd")
    current = _public(inputs, "current_account_usd", without="cia_factbook")
    fdi_in, fdi_out = _public(inputs, "fdi_inflow_pct_gdp"), annual(inputs, "fdi_outflow_pct_gdp")
    direct = _public(inputs, "direct_investment_net_usd")
    financial = _public(inputs, "financial_account_excl_reserves_net_usd")
    second = _second_current_account(inputs)
    accounts = _current_accounts(current, second, gdp)
    move = euro_move(inputs)
    investment = {
        WORLD_BANK: (fdi_in.by_year - fdi_out.by_year) * gdp.by_year / 100,
        f"{WORLD_BANK}, direct investment of the balance of payments": rule.inflow(direct.by_year),
    }
    usd = {
        _treatment(label, debt_share, reserves_share) + which: rule.world_bank(
            debt_change=_change(debt, move, debt_share),
            direct_investment_inflow=inflow,
            current_account=account,
            reserves_change=_change(reserves, move, reserves_share),
        )
        for label, inflow in investment.items()
        for debt_share, reserves_share in product((0.0, OTHER_CURRENCY_SHARE), repeat=2)
        for which, account in accounts.items()
    }
    hot = {
        _treatment(HOT_MONEY, 0.0, share) + which: rule.hot_money(
            errors_and_omissions=rule.implied_errors_and_omissions(
                financial_account=financial.by_year,
                reserves_change=_change(reserves, move, share),
                current_account=account,
            )
        )
        for share in (0.0, OTHER_CURRENCY_SHARE)
        for which, account in accounts.items()
    }
    parts = {
        "debt_change": debt.change(),
        "direct_investment": investment[WORLD_BANK],
        "current_account": current.by_year,
        "reserves_change": reserves.change(),
    }
    used = (gdp, debt, reserves, current, fdi_in, fdi_out, direct, financial)
    years = pd.DataFrame(usd).dropna(how="all").index.union(pd.DataFrame(hot).dropna(how="all").index)
    years = years.intersection(gdp.by_year.index)
    return Measures(
        pd.DataFrame(usd).reindex(years).dropna(axis=1, how="all"),
        gdp.by_year,
        pd.DataFrame(hot).reindex(years).dropna(axis=1, how="all"),
        pd.DataFrame(parts).reindex(years),
        merge_sources(
            *(one.source_ids(years) for one in used),
            second.source_ids(years) if len(accounts) > 1 else (),
        ),
        _INPUTS,
        not financial.empty,
    )


def _second_current_account(inputs: Inputs) -> Annual:
    """The current account of the second source in percent of GDP; nothing where the bank's own is confidential."""
    id, sources = "current_account_pct_gdp", inputs.catalogue.family(SECOND_CURRENT_ACCOUNT)
    found = annual(inputs, id, only=sources)
    return Annual(found.by_year[:0], found.sources[:0]) if id in inputs.confidential else found


def _current_accounts(current: Annual, second: Annual, gdp: Annual) -> dict[str, pd.Series]:
    """The current account in dollars by what a treatment's name adds for it; the second source where it has a year."""
    found = {"": current.by_year}
    in_usd = (second.by_year * gdp.by_year / 100).reindex(current.by_year.index)
    if in_usd.notna().any():
        found[", current account of the World Development Indicators"] = in_usd.fillna(current.by_year)
    return found


def _public(inputs: Inputs, series_id: str, *, without: str = "") -> Annual:
    """A series by year, without the bank's own figures where they are confidential."""
    return annual(inputs, series_id, without=without, bank=series_id not in inputs.confidential)


def euro_move(inputs: Inputs) -> pd.Series:
    """Dollar value of the euro at the end of a year relative to the end of the year before (December means).

    Returns
    -------
    Series
        Index: year; empty when the data have no euro rate.
    """
    rates = (inputs.series("official_fx_lcu_per_usd", country=code).values for code in EURO_RATES)
    rate = next((one for one in rates if not one.empty), pd.Series(dtype=float))
    dates = pd.DatetimeIndex(rate.index)
    december = dates.month == 12
    by_year = pd.Series(rate.to_numpy(float)[december], index=dates.year[december])
    before = by_year.copy()
    before.index = before.index + 1
    return (before.reindex(by_year.index) / by_year).dropna()


def _change(stock: Annual, move: pd.Series, share: float) -> pd.Series:
    """Change of a stock, net of the revaluation of its other currencies when their share is not zero."""
    plain = stock.change()
    if share == 0:
        return plain
    return rule.revalued_change(
        stock.by_year, stock.before(), other_currency_share=share, other_currency_move=move
    ).reindex(plain.index)


def _treatment(label: str, debt_share: float, reserves_share: float) -> str:
    stocks = [n for n, share in (("debt", debt_share), ("reserves", reserves_share)) if share > 0]
    return f"{label}, revaluation of {' and '.join(stocks)} taken out" if stocks else label
