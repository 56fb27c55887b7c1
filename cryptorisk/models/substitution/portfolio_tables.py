"""Tables of the portfolio with stablecoins and bitcoin: by rule at the headline horizon, and by horizon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.substitution.asset_sample import AssetSample
from cryptorisk.models.substitution.portfolio import LEVEL, Choice, by_horizon
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.words import capital

_SHOWN = (
    "risk_without",
    "free_without",
    "simple_without",
    "cost_without",
    "good_without",
    "bad_without",
    "risk_with",
    "cost_with",
    "good_with",
    "bad_with",
)


def choices_table(found: Mapping[str, Choice], sample: AssetSample, params: Params) -> Table:
    """Weights by rule and by what savers can reach, with intervals of stablecoins and bitcoin, percent."""
    rows = []
    for name in _SHOWN:
        choice = found[name]
        (coin_low, coin_high), (_low, bitcoin_high) = choice.ends("stablecoin"), choice.ends("bitcoin")
        rows.append(
            {
                "rule": choice.label,
                "account": "with" if "bank" in choice.assets else "without",
                "national": 100 * choice.weight("national"),
                "bank": 100 * choice.weight("bank") if "bank" in choice.assets else np.nan,
                "stablecoin": 100 * choice.weight("stablecoin"),
                "stablecoin_low": 100 * coin_low,
                "stablecoin_high": 100 * coin_high,
                "bitcoin": 100 * choice.weight("bitcoin"),
                "bitcoin_high": 100 * bitcoin_high,
            }
        )
    months, strayed = params.substitution.horizon_months, sample.deviation
    return Table(
        "substitution.portfolio",
        f"Portfolios of savers over {months} months: national money, dollar deposits, stablecoins, bitcoin",
        pd.DataFrame(rows),
        (
            Column("rule", "Least"),
            Column("account", "Account in foreign currency"),
            Column("national", "National money", "%", 0),
            Column("bank", "Dollar deposits", "%", 0),
            Column("stablecoin", "Stablecoins", "%", 0),
            Column("stablecoin_low", "low", "%", 0),
            Column("stablecoin_high", "high", "%", 0),
            Column("bitcoin", "Bitcoin", "%", 1),
            Column("bitcoin_high", "high", "%", 1),
        ),
        f"{100 * LEVEL:.0f} % intervals of the sample by block bootstrap. Costs and failures are assumptions "
        f"(parameters): {_terms(params)}. {strayed.coin} stood {number(strayed.sd_pct, 2)} % (standard deviation of "
        f"{strayed.days} days, {strayed.first:%Y-%m} to {strayed.last:%Y-%m}) from a dollar. "
        f"{capital(sample.rate_name)} rate.",
        sample.sources,
    )


def _terms(params: Params) -> str:
    """The central assumptions in words."""
    given = params.substitution
    return (
        f"buying and selling cost {100 * given.bank_dollar_cost.central:g} % for dollar deposits, "
        f"{100 * given.stablecoin_cost.central:g} % for stablecoins; a failure a year has the probability "
        f"{100 * given.bank_dollar_failure.central:g} and {100 * given.stablecoin_failure.central:g} % and takes "
        f"{100 * given.loss_given_failure:g} %"
    )


def horizons_table(sample: AssetSample, params: Params) -> Table:
    """Stablecoins and bitcoin by holding horizon, savers without an account, percent."""
    rows = []
    for risk, cost in by_horizon(sample, params):
        row: dict[str, float] = {"horizon": risk.found.horizon}
        for name, choice in (("risk", risk), ("cost", cost)):
            low, high = choice.ends("stablecoin")
            row |= {
                name: 100 * choice.weight("stablecoin"),
                f"{name}_low": 100 * low,
                f"{name}_high": 100 * high,
            }
        row |= {"bitcoin": 100 * risk.weight("bitcoin"), "bitcoin_high": 100 * risk.ends("bitcoin")[1]}
        rows.append(row)
    return Table(
        "substitution.portfolio_horizons",
        "Stablecoins and bitcoin in the portfolio of savers without an account, by holding horizon",
        pd.DataFrame(rows),
        (
            Column("horizon", "Holding horizon", "months", 0),
            Column("risk", "Stablecoins, risk alone", "%", 0),
            Column("risk_low", "low", "%", 0),
            Column("risk_high", "high", "%", 0),
            Column("cost", "Stablecoins, risk and cost", "%", 0),
            Column("cost_low", "low", "%", 0),
            Column("cost_high", "high", "%", 0),
            Column("bitcoin", "Bitcoin, risk alone", "%", 1),
            Column("bitcoin_high", "high", "%", 1),
        ),
        f"{100 * LEVEL:.0f} % intervals by block bootstrap. Assumptions: {_terms(params)}.",
        sample.sources,
        shown=False,
    )
