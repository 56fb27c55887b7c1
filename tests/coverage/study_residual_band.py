"""Usual half-width of each measure's band: the least that every economy is given (METHODS.md).

Run from the kit's root: ``python tests/coverage/study_residual_band.py``. It prints, in percent of GDP, median and upper
quartile of the half-width within one measure over the economies with a currency of their own and both measures, and the
median size of hot money in a year, of either sign, over all with a currency of their own. Both with and without the ends of
gold's holding, which are each economy's own and in its band whatever is usual.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from cryptorisk.countries import countries
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight.measures import LEAST_HALF_WIDTH, flight_measures, of_measure
from cryptorisk.models.flight.other_measures import HOT_MONEY
from cryptorisk.models.flight.reserve_changes import ENDS
from cryptorisk.models.flight.residual_window import CUMULATIVE_YEARS, MEAN_YEARS, last_years
from cryptorisk.params import Params

WINDOWS = (("year", 1), ("mean", MEAN_YEARS), ("sum", CUMULATIVE_YEARS))
found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
sizes: list[float] = []
for economy in countries():
    inputs = load_inputs(Params(country=economy.iso3))
    if economy.status_on(inputs.as_of) != "own_currency":
        continue
    measures = flight_measures(inputs)
    if HOT_MONEY in measures.hot_money:
        sizes += measures.pct_gdp(measures.hot_money)[HOT_MONEY].dropna().abs().tolist()
    if measures.central.empty or HOT_MONEY not in measures.every():
        continue
    for one in LEAST_HALF_WIDTH:
        for name, length in WINDOWS:
            usd, years = last_years(measures, length, one)
            if len(years) < length:
                continue
            gdp = float(measures.gdp.reindex(years).mean())
            means = measures.pct_gdp(usd).mean()
            values = of_measure(100 * usd.sum() / gdp if name == "sum" else means, one)
            of_records = values[
                [not any(end in str(label) for end in ENDS.values()) for label in values.index]
            ]
            for kind, some in (("with gold's ends", values), ("without", of_records)):
                found[one, name, kind].append(float(some.max() - some.min()) / 2)
for (one, name, kind), widths in found.items():
    lower, upper = np.quantile(widths, [0.5, 0.75])
    print(
        f"{one}, {name}, {kind}: median {lower:.2f}, upper quartile {upper:.2f} % of GDP over {len(widths)} economies"
    )
print(
    f"{HOT_MONEY}, size in a year: median {np.median(sizes):.2f} % of GDP over {len(sizes)} years of economies"
)
