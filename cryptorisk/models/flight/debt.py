"""Change of external debt at constant exchange rates, where the bank gives its composition by currency."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.exchange import moves
from cryptorisk.models.flight.part import Annual, annual, merge_sources, public_annual
from cryptorisk.rules import residual_flight as rule

SHARES: Mapping[str, str] = MappingProxyType(
    {
        "EUR": "external_debt_share_eur_pct",
        "JPY": "external_debt_share_jpy_pct",
        "GBP": "external_debt_share_gbp_pct",
        "CHF": "external_debt_share_chf_pct",
        "CNY": "external_debt_share_cny_pct",
        "SDR": "external_debt_share_sdr_pct",
    }
)
"""Series that only the bank can give: shares of long-term debt by currency. The rest counts as dollars."""
WHOLE_PCT = 100.5
"""Shares that add up to more are no composition (half a percent for rounding)."""


class AdjustedDebt(NamedTuple):
    """Change by year (USD), empty without a composition, and whose figures it rests on."""

    change: pd.Series
    sources: tuple[str, ...]
    reason: str = ""


def adjusted_debt(inputs: Inputs, debt: Annual) -> AdjustedDebt:
    """Change in external debt net of revaluation, by the composition at the end of the year before.

    Parameters
    ----------
    inputs : Inputs
        Without a composition where any share is confidential: with public debt the residual would give it away.
    debt : Annual
        External debt, USD.

    Returns
    -------
    AdjustedDebt
        Only years whose debt comes from one source with the year before, and whose shares and rates are known.
    """
    if inputs.confidential & set(SHARES.values()):
        return AdjustedDebt(pd.Series(dtype=float), ())
    shares = {code: public_annual(inputs, id) for code, id in SHARES.items()}
    known = pd.DataFrame({code: one.by_year for code, one in shares.items() if not one.empty})
    if known.empty:
        return AdjustedDebt(pd.Series(dtype=float), ())
    total = known.fillna(0.0).sum(axis=1)
    wrong = [int(year) for year in total.index[total > WHOLE_PCT]]
    known = known.drop(index=wrong).fillna(0.0)
    reason = f"shares of debt by currency add up to more than 100 % in {wrong[0]}" if wrong else ""
    credit = public_annual(inputs, "imf_credit_usd")
    long_term = debt.by_year - _or_nought(credit.by_year, debt) - _or_nought(_short_term(inputs), debt)
    parts = known.mul(long_term.clip(lower=0.0), axis=0).dropna(how="all") / 100
    if not credit.empty:
        in_sdr = credit.by_year.reindex(parts.index).fillna(0.0)
        parts["SDR"] = parts["SDR"] + in_sdr if "SDR" in parts else in_sdr
    parts.index = parts.index + 1
    move = moves(inputs)
    change = debt.change()
    change = change[change.index.isin(parts.index)]
    used = [str(code) for code in parts if (parts[code] != 0).any()]
    adjusted = rule.adjusted_debt_change(
        debt=debt.by_year.reindex(change.index),
        debt_before=debt.before().reindex(change.index),
        parts_before={code: parts[code].reindex(change.index) for code in used},
        moves={code: move[code].reindex(change.index) for code in used},
    ).dropna()
    if adjusted.empty and not reason:
        reason = "debt, its composition and exchange rates have no two consecutive years in common"
    return AdjustedDebt(
        adjusted, merge_sources(*(one.source_ids() for one in shares.values()), credit.source_ids()), reason
    )


def _short_term(inputs: Inputs) -> pd.Series:
    """Short-term debt by original maturity, USD: it turns over too fast to be revalued."""
    stock = public_annual(inputs, "short_term_debt_original_maturity_usd").by_year
    share = public_annual(inputs, "short_term_debt_pct_reserves").by_year
    reserves = annual(inputs, "reserves_usd", bank=False).by_year
    return stock.combine_first((share * reserves / 100).dropna())


def _or_nought(part: pd.Series, debt: Annual) -> pd.Series:
    return part.reindex(debt.by_year.index).fillna(0.0)
