"""Made-up series of a bank, in a file of its own; they answer in a known way to the vintage's prices and rates."""

import csv

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.models.substitution.sample import monthly_sample
from cryptorisk.params import Params

VINTAGE = "2026-11-23"
ACTIVITY, HOME, ABROAD, DEPRECIATION = 1.0, -0.010, -0.004, -0.012
"""Long-run coefficients of log real money."""
RESPONSE, PERSISTENCE, REVALUED = 0.002, 0.9, 0.9
"""Of the log ratio of foreign to national money: to depreciation, to itself, to the month's change of the rate."""


def public(iso3):
    """Parameters, inputs and sample without figures of the bank."""
    params = Params(country=iso3, vintage=VINTAGE)
    inputs = load_inputs(params)
    return params, inputs, monthly_sample(inputs, params)


def money(iso3, *, pull=0.0, seed=1):
    """Broad money and deposits in foreign currency by month, real activity by quarter."""
    _, inputs, sample = public(iso3)
    rng = np.random.default_rng(seed)
    months = sample.log_price.index
    quarters = pd.date_range(months[0], months[-1], freq="QE")
    activity = pd.Series(4.6 + np.cumsum(0.01 + 0.012 * rng.standard_normal(len(quarters))), quarters)
    monthly = activity.reindex(months).interpolate().bfill().ffill()
    rate = sample.log_rate
    depreciation = 100 * (rate - rate.shift(12)).fillna(0.0)
    policy = inputs.series("policy_rate_pct").values.resample("ME").mean()
    home = policy.reindex(months).bfill().ffill().fillna(5.0)
    dollar = inputs.series("us_effr_daily_pct", country="WLD").values.resample("ME").mean()
    abroad = dollar.reindex(months).ffill()
    target = (
        ACTIVITY * monthly
        + HOME * smooth(home)
        + ABROAD * smooth(abroad)
        + DEPRECIATION * smooth(depreciation)
    )
    target = 12 + target.to_numpy()
    real, ratio = np.zeros(len(months)), np.zeros(len(months))
    real[0], ratio[0] = target[0], -1.2
    noise, peak = rng.standard_normal((2, len(months))), -1.2
    for t in range(1, len(months)):
        real[t] = real[t - 1] + 0.12 * (target[t - 1] - real[t - 1]) + 0.004 * noise[0, t]
        ratio[t] = (
            -0.12
            + RESPONSE * depreciation.iloc[t]
            + PERSISTENCE * ratio[t - 1]
            + pull * (peak - ratio[t - 1])
            + REVALUED * (rate.iloc[t] - rate.iloc[t - 1])
            + 0.02 * noise[1, t]
        )
        peak = max(peak, ratio[t])
    national = np.exp(real + smooth(sample.log_price).to_numpy())
    foreign = national * np.exp(ratio)
    return {
        "broad_money_lcu": pd.Series(1e6 * (national + foreign), months),
        "fx_deposits_lcu": pd.Series(1e6 * foreign, months),
        "real_gdp_index_q": pd.Series(np.exp(activity.to_numpy()), quarters),
    }


def smooth(monthly):
    """Mean of three months, as a quarter sees them."""
    return monthly.rolling(3, min_periods=1).mean()


UNITS = {
    "broad_money_lcu": "lcu",
    "fx_deposits_lcu": "lcu",
    "real_gdp_index_q": "index",
    "p2p_volume_usd": "usd",
}


def written(path, iso3, series, *, confidential="no"):
    """Parameters and inputs with the series in a file of the bank's own."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        lines = csv.writer(stream)
        lines.writerow(COLUMNS)
        for id, values in series.items():
            for date, value in values.items():
                label = f"{date:%Y}-Q{date.quarter}" if id.endswith("_q") else f"{date:%Y-%m}"
                cells = {"country": iso3, "series": id, "date": label, "value": repr(float(value))}
                cells |= {"unit": UNITS[id], "confidential": confidential}
                lines.writerow([cells.get(name, "") for name in COLUMNS])
    params = Params(country=iso3, vintage=VINTAGE, own_files=(str(path),))
    return params, load_inputs(params)
