"""Typical half-width of the capital-flight band: the least that a single measure is given (METHODS.md).

Run from the kit's root: ``python tests/coverage/study_residual_band.py``. It prints, in percent of GDP, the median
half-width over the economies with a currency of their own and every measure, and their number.
"""

from __future__ import annotations

import numpy as np

from cryptorisk.countries import countries
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight.measures import HOT_MONEY, WORLD_BANK, flight_measures
from cryptorisk.models.flight.residual_window import CUMULATIVE_YEARS, MEAN_YEARS, last_years
from cryptorisk.params import Params

found: dict[str, list[float]] = {"year": [], "mean": [], "sum": []}
for economy in countries():
    inputs = load_inputs(Params(country=economy.iso3))
    if economy.status_on(inputs.as_of) != "own_currency":
        continue
    measures = flight_measures(inputs)
    if measures.central.empty or HOT_MONEY not in measures.every():
        continue
    for name, length in (("year", 1), ("mean", MEAN_YEARS), ("sum", CUMULATIVE_YEARS)):
        usd, years = last_years(measures, length)
        if len(years) < length or HOT_MONEY not in usd or WORLD_BANK not in usd:
            continue
        gdp = float(measures.gdp.reindex(years).mean())
        values = 100 * usd.sum() / gdp if name == "sum" else measures.pct_gdp(usd).mean()
        found[name].append(float(values.max() - values.min()) / 2)
for name, widths in found.items():
    print(f"{name}: median {np.median(widths):.2f} % of GDP over {len(widths)} economies")
