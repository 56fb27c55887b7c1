"""Capital flight as a residual: what the recorded sources of foreign exchange exceed its recorded uses by.

All flows are in one currency and one period. Signs, once and for all: the change in external debt and the net
inflow of direct investment are positive when they bring foreign exchange in; a current-account surplus is
positive; an accumulation of reserves is positive. A positive result is an unrecorded outflow, a negative one
a reversal, and neither is ever set to zero. Balance-of-payments items in the sixth manual's presentation (net
acquisition of assets less net incurrence of liabilities) are positive for an outflow: turn their sign with
`inflow`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.errors import ModelError

CIF_FACTORS: Mapping[str, float] = MappingProxyType({"low": 1.05, "central": 1.10, "high": 1.20})
"""Value of imports with insurance and freight over that of the same goods free on board. 1.10 is the convention of
Ndikumana and Boyce; the ends are a sensitivity, from cheap sea freight to landlocked economies."""

Flow = TypeVar("Flow", float, NDArray[np.float64], "pd.Series[float]")


def inflow(net_assets_less_liabilities: Flow) -> Flow:
    """A BPM6 net item (outflow positive) as a net inflow."""
    return -net_assets_less_liabilities


def world_bank(
    *, debt_change: Flow, direct_investment_inflow: Flow, current_account: Flow, reserves_change: Flow
) -> Flow:
    """World Bank residual, ``dD + NFDI + CA - dR``.

    Parameters
    ----------
    debt_change : float or array
        Change in the stock of external debt.
    direct_investment_inflow : float or array
        Net direct investment, inflow positive.
    current_account : float or array
        Balance, surplus positive.
    reserves_change : float or array
        Change in official reserves, accumulation positive.

    Returns
    -------
    float or array
        Outflow positive, in the unit of the inputs.

    References
    ----------
    World Bank (1985), World Development Report; Claessens and Naudé (1993), Recent Estimates of Capital
    Flight, World Bank Policy Research Working Paper 1186.
    """
    return debt_change + direct_investment_inflow + current_account - reserves_change


def morgan_guaranty(*, world_bank_residual: Flow, bank_foreign_assets_change: Flow) -> Flow:
    """Morgan Guaranty's measure, the World Bank residual less the change in banks' foreign assets.

    What banks hold abroad is recorded and part of their business: it is not flight.

    Parameters
    ----------
    world_bank_residual : float or array
        Outflow positive.
    bank_foreign_assets_change : float or array
        Change in the foreign assets of banks other than the central bank, accumulation positive.

    Returns
    -------
    float or array
        Outflow positive.

    References
    ----------
    Morgan Guaranty Trust Company (1986), LDC Capital Flight, World Financial Markets, March; as stated by Claessens and
    Naudé (1993), World Bank Policy Research Working Paper 1186.
    """
    return world_bank_residual - bank_foreign_assets_change


def ndikumana_boyce(
    *,
    debt_change_adjusted: Flow,
    direct_investment_inflow: Flow,
    portfolio_inflow: Flow,
    current_account_deficit: Flow,
    reserves_change: Flow,
    misinvoicing: Flow,
) -> Flow:
    """Adjusted residual, ``dD_adj + FDI + PI - (CAD + dR) + MISINV``.

    Parameters
    ----------
    debt_change_adjusted : float or array
        Change in external debt net of the revaluation of its currencies.
    direct_investment_inflow, portfolio_inflow : float or array
        Net inflows. Portfolio must not hold debt securities that the debt stock counts already.
    current_account_deficit : float or array
        Deficit positive (the paper's sign).
    reserves_change : float or array
        Accumulation positive.
    misinvoicing : float or array
        Net trade misinvoicing, outflow positive.

    Returns
    -------
    float or array
        Outflow positive.

    References
    ----------
    Ndikumana and Boyce (2010), Measurement of Capital Flight: Methodology and Results for Sub-Saharan African
    Countries, African Development Review 22(4).
    """
    inflows = debt_change_adjusted + direct_investment_inflow + portfolio_inflow
    return inflows - (current_account_deficit + reserves_change) + misinvoicing


def financial_account(
    *, direct_investment: Flow, portfolio_investment: Flow, other_investment: Flow, derivatives: Flow
) -> Flow:
    """Financial account without reserves in the standard presentation, the sum of its functional categories.

    Parameters
    ----------
    direct_investment, portfolio_investment, other_investment, derivatives : float or array
        Net, assets less liabilities (outflow positive).

    Returns
    -------
    float or array
        Outflow positive. Unlike the analytic presentation it holds what finances an imbalance: credit from the IMF and
        exceptional financing.

    References
    ----------
    IMF (2009), Balance of Payments and International Investment Position Manual, sixth edition, chapter 8 and Appendix 1.
    """
    return direct_investment + portfolio_investment + other_investment + derivatives


def implied_errors_and_omissions(
    *, financial_account: Flow, reserves_change: Flow, current_account: Flow
) -> Flow:
    """What balances the accounts, ``FA + dR - CA``: errors and omissions with the capital account.

    Parameters
    ----------
    financial_account : float or array
        Net financial account without reserves, assets less liabilities (outflow positive), in the standard presentation
        (`financial_account`): from the analytic one credit from the IMF would come out as errors and omissions.
    reserves_change : float or array
        Accumulation positive.
    current_account : float or array
        Surplus positive.

    Returns
    -------
    float or array
        Balance-of-payments sign: negative when money left unrecorded.
    """
    return financial_account + reserves_change - current_account


def hot_money(*, errors_and_omissions: Flow, short_term_private_inflow: Flow | None = None) -> Flow:
    """Hot-money measure, ``-(EO + short-term private other investment)``.

    Parameters
    ----------
    errors_and_omissions : float or array
        Balance-of-payments sign (negative: unrecorded outflow).
    short_term_private_inflow : float or array, optional
        Net inflow of short-term private capital; the narrow measure leaves it out.

    Returns
    -------
    float or array
        Outflow positive.

    References
    ----------
    Cuddington (1986), Capital Flight: Estimates, Issues, and Explanations, Princeton Studies in International
    Finance 58.
    """
    if short_term_private_inflow is None:
        return -errors_and_omissions
    return -(errors_and_omissions + short_term_private_inflow)


def revalued_change(
    stock: Flow, stock_before: Flow, *, other_currency_share: float, other_currency_move: Flow
) -> Flow:
    """Change in a dollar-valued stock net of the revaluation of its other currencies.

    ``S_t - S_{t-1} (1 - f + f m)``, where f is the share of other currencies and m what their dollar value
    was multiplied by over the period (1 when exchange rates stood still).

    Parameters
    ----------
    stock, stock_before : float or array
        In US dollars, at the end of the period and of the one before.
    other_currency_share : float
        Share of the earlier stock that is not in US dollars.
    other_currency_move : float or array
        Dollar value of those currencies at the end relative to the beginning.

    Returns
    -------
    float or array
    """
    kept = 1 - other_currency_share + other_currency_share * other_currency_move
    return stock - stock_before * kept


def adjusted_debt_change(
    *, debt: Flow, debt_before: Flow, parts_before: Mapping[str, Flow], moves: Mapping[str, Flow]
) -> Flow:
    """Change in external debt at the exchange rates of its end, ``D_t - D~_{t-1}``.

    ``D~_{t-1} = D_{t-1} + sum_j P_{j,t-1} (m_j - 1)``: last year's debt valued at this year's rates, where ``P_j`` is the
    part in currency j (long-term debt in j, or use of IMF credit in SDRs) and ``m_j = e_{j,t-1} / e_{j,t}`` with ``e_j`` the
    units of j per dollar. What is in dollars, of several currencies or short-term is left as it is.

    Parameters
    ----------
    debt, debt_before : float or array
        Stocks in US dollars at the end of the period and of the one before.
    parts_before : mapping
        By currency, in US dollars at the end of the period before.
    moves : mapping
        By currency: dollars per unit at the end relative to the beginning. Holds every currency of ``parts_before``.

    Returns
    -------
    float or array

    References
    ----------
    Ndikumana and Boyce (2010), African Development Review 22(4), adjustment of the debt stock; METHODS.md has the formula.
    """
    unknown = sorted(set(parts_before) - set(moves))
    if unknown:
        raise ModelError(
            f"debt in {', '.join(unknown)} has no move of its exchange rate",
            remedy="give the rate, or leave the part out: it is then not revalued",
        )
    change = debt - debt_before
    for currency, part in parts_before.items():
        change = change - part * (moves[currency] - 1)
    return change


def export_misinvoicing(
    *, partners_imports: Flow, exports: Flow, share: Flow | float = 1.0, cif_factor: float = 1.10
) -> Flow:
    """Exports that are not declared, ``M^partner / s - c X``.

    Parameters
    ----------
    partners_imports : float or array
        Imports from the economy as partners record them, with insurance and freight.
    exports : float or array
        The economy's own record of all its exports of goods, free on board.
    share : float or array
        Share of those partners in the economy's exports, 0 to 1: scales partners to the world.
    cif_factor : float

    Returns
    -------
    float or array
        Positive: exports are declared too low (money is kept abroad).

    References
    ----------
    Ndikumana and Boyce (2010), African Development Review 22(4).
    """
    return partners_imports / _share(share) - cif_factor * exports


def import_misinvoicing(
    *, imports: Flow, partners_exports: Flow, share: Flow | float = 1.0, cif_factor: float = 1.10
) -> Flow:
    """Imports declared too high, ``M - c X^partner / s``; negative where goods are smuggled in or declared too low.

    Parameters
    ----------
    imports : float or array
        The economy's own record, with insurance and freight.
    partners_exports : float or array
        Exports to the economy as partners record them, free on board.
    share : float or array
        Share of those partners in the economy's imports, 0 to 1.
    cif_factor : float

    Returns
    -------
    float or array
        Positive: money leaves through dear invoices.
    """
    return imports - cif_factor * partners_exports / _share(share)


def _share(share: Flow | float) -> Flow | float:
    if np.ndim(share) == 0 and not 0 < share <= 1:
        raise ModelError(f"the partners' share of trade must lie above 0 and not above 1 (got {share})")
    return share


def stock(flows: pd.Series, rates: pd.Series | float = 0.0) -> pd.Series:
    """Stock that flows add up to, ``K_t = K_{t-1} (1 + i_t) + KF_t``.

    Parameters
    ----------
    flows : Series, shape (n,)
        By year without gaps; reversals negative.
    rates : Series with the same index, or float
        Interest of the year, as a share (0.05 for 5 %). Nought adds up without interest.

    Returns
    -------
    Series, shape (n,)
        What left before the first year is not in it.

    References
    ----------
    Ndikumana and Boyce (2010), stock with interest of US Treasury bills.
    """
    interest = rates.reindex(flows.index) if isinstance(rates, pd.Series) else pd.Series(rates, flows.index)
    held, total = [], 0.0
    for flow, rate in zip(flows.astype(float), interest.astype(float), strict=True):
        total = total * (1 + rate) + flow
        held.append(total)
    return pd.Series(held, index=flows.index, dtype=float)
