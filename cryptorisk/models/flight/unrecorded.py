"""Unrecorded flows: hot money, the errors and omissions with the sign turned, and the recorded rest of the residual."""

from __future__ import annotations

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.gold_findings import gold_note
from cryptorisk.models.flight.measures import Measures
from cryptorisk.models.flight.other_measures import ACCOUNT, HOT_MONEY, IMPLIED
from cryptorisk.models.flight.residual_window import MEAN_YEARS, last_years

FUNCTION = "cryptorisk.models.flight.measures.flight_measures"
HOT_INPUTS = (
    *ACCOUNT,
    "net_errors_omissions_usd",
    "reserve_transactions_usd",
    "current_account_usd",
    "reserves_usd",
    "gdp_usd",
)
FEWEST_YEARS = 3
_METHOD = (
    "Minus the errors and omissions, as published or else implied by current account, financial account (direct, portfolio "
    "and other investment and derivatives, so that credit from the IMF is recorded) and change in reserves (then with the "
    "capital account, which the data lack), without what gold's price did to it where the holding is known; the range "
    "covers both records of the current account where there are two, a revaluation of reserves, and is never narrower than "
    "is usual."
)
_NOTE = "Outflow positive. It is also where every error of the balance of payments ends up."
LATEST = ("flight.hot_money_pct_gdp", "Hot-money measure (unrecorded flows), latest year", "pct_gdp")
LATEST_USD = ("flight.hot_money_usd", "Hot-money measure (unrecorded flows), latest year", "usd")
MEAN = ("flight.hot_money_mean_pct_gdp", f"Hot-money measure, mean of {MEAN_YEARS} years", "pct_gdp")
RECORDED = ("flight.recorded_flows_usd", "Recorded part of the World Bank residual, latest year", "usd")


def unrecorded_estimates(measures: Measures) -> tuple[Estimate, ...]:
    """Hot money in the latest year, in percent of GDP and dollars, its mean, and the residual's recorded part.

    Parameters
    ----------
    measures : Measures

    Returns
    -------
    tuple of Estimate
        Missing ones with the reason.
    """
    usd, years = last_years(measures, 1, HOT_MONEY)
    if not years:
        reason = "the data have no balance-of-payments financial account for this economy"
        if measures.has_bop:
            reason = "reserves, current account and financial account have no common year"
        return tuple(Estimate.missing(*names, reason) for names in (LATEST, LATEST_USD, MEAN, RECORDED))
    values = measures.pct_gdp(usd).iloc[0]
    factor = float(measures.gdp[years[0]]) / 100
    latest = _estimate(measures, LATEST, values, "year", str(years[0]))
    in_usd = _estimate(measures, LATEST_USD, values, "year", str(years[0]), factor)
    return latest, in_usd, _mean(measures), _recorded(measures)


def _estimate(
    measures: Measures,
    names: tuple[str, str, str],
    values: pd.Series,
    window: str,
    date: str,
    factor: float = 1.0,
) -> Estimate:
    low, high = (factor * end for end in measures.band(values, window, HOT_MONEY))
    return Estimate(
        *names[:2],
        factor * float(values[HOT_MONEY]),
        names[2],
        low,
        high,
        interval="range",
        method=_METHOD,
        date=date,
        # Published errors and omissions count transactions; what is implied by changes of stocks holds the price of gold.
        note=_NOTE if IMPLIED in measures.hot_money else f"{_NOTE} {gold_note(measures)}".strip(),
        function=FUNCTION,
        sources=measures.sources,
        inputs=HOT_INPUTS,
    )


def _mean(measures: Measures) -> Estimate:
    usd, years = last_years(measures, MEAN_YEARS, HOT_MONEY)
    if len(years) < FEWEST_YEARS:
        return Estimate.missing(*MEAN, f"fewer than {FEWEST_YEARS} consecutive years of data")
    id, _label, unit = MEAN
    names = (id, f"Hot-money measure, mean of {len(years)} years", unit)
    means = measures.pct_gdp(usd).mean()
    return _estimate(measures, names, means, "mean", f"{years[0]}/{years[-1]}").with_(n_obs=len(years))


def _recorded(measures: Measures) -> Estimate:
    recorded = measures.recorded()
    if recorded.empty:
        return Estimate.missing(*RECORDED, "it needs the World Bank residual and hot money of one year")
    return Estimate(
        *RECORDED[:2],
        float(recorded.iloc[-1]),
        RECORDED[2],
        data_class="measured",
        method=(
            "World Bank residual less hot money: change in external debt plus net outflows of portfolio investment, other "
            "investment and derivatives."
        ),
        date=str(recorded.index[-1]),
        note="Outflow positive. Revaluation of debt, and what differs between two records of direct investment, is in it.",
        function=FUNCTION,
        sources=measures.sources,
        inputs=(*measures.inputs,),
    )
