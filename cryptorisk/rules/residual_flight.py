"""Capital flight as a residual: what the recorded sources of foreign exchange exceed its recorded uses by.

All flows are in one currency and one period. Signs, once and for all: the change in external debt and the net
inflow of direct investment are positive when they bring foreign exchange in; a current-account surplus is
positive; an accumulation of reserves is positive. A positive result is an unrecorded outflow, a negative one
a reversal, and neither is ever set to zero. Balance-of-payments items in the sixth manual's presentation (net
acquisition of assets less net incurrence of liabilities) are positive for an outflow: turn their sign with
`inflow`.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def implied_errors_and_omissions(
    *, financial_account: Flow, reserves_change: Flow, current_account: Flow
) -> Flow:
    """What balances the accounts, ``FA + dR - CA``: errors and omissions with the capital account.

    Parameters
    ----------
    financial_account : float or array
        Net financial account without reserves, assets less liabilities (outflow positive).
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
