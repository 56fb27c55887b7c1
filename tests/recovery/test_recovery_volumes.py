"""Synthetic worlds with known volumes: intervals of regions and countries cover the truth as stated."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.models.volumes.countries import country_volumes
from cryptorisk.models.volumes.keys import CountryYears
from cryptorisk.models.volumes.quotes import ERROR_SD, REGIONS
from cryptorisk.models.volumes.reading import quote_panel
from cryptorisk.models.volumes.regions import region_volumes

YEARS = (2020, 2021, 2022, 2023)


def world(rng):
    """True volumes, years by regions: shares drift by 15 % a year around a moving total."""
    shares = np.cumsum(np.vstack([rng.normal(0, 0.5, 8), rng.normal(0, 0.15, (3, 8))]), axis=0)
    total = 4000 * np.exp(np.cumsum(np.r_[0, rng.normal(0.1, 0.3, 3)]))
    weight = np.exp(shares)
    return total[:, None] * weight / weight.sum(axis=1, keepdims=True)


def published(truth, rng):
    """Two fifths of the cells are not quoted; the others by value, by share, or both, with the stated error."""
    rows = []
    for t, year in enumerate(YEARS):
        for r, code in enumerate(REGIONS):
            kind = rng.choice(["none", "value", "share", "both"], p=[0.4, 0.2, 0.15, 0.25])
            error = np.exp(rng.normal(0, ERROR_SD["quoted"], 2))
            value = truth[t, r] * error[0] if kind in ("value", "both") else np.nan
            share = 100 * truth[t, r] / truth[t].sum() * error[1] if kind in ("share", "both") else np.nan
            if kind != "none":
                rows.append(
                    (REGIONS[code], code, f"{year}-07-01", f"{year + 1}-06-30", value, share, "quoted")
                )
    names = ["region", "region_code", "period_start", "period_end"]
    frame = pd.DataFrame(rows, columns=[*names, "value_received_usd_bn", "share_of_global_pct", "kind"])
    return frame.assign(url="", note="")


def covered(truth, table, inside_quoted, inside_inferred, seed):
    fitted = region_volumes(quote_panel(table), seed=seed, draws=600)
    for t, year in enumerate(YEARS):
        for r, code in enumerate(REGIONS):
            low, high = np.quantile(fitted.of(code, year), [0.1, 0.9])
            target = inside_quoted if fitted.quoted(code, year) else inside_inferred
            target.append(low <= truth[t, r] <= high)


def test_regional_intervals_cover_the_truth():
    rng = np.random.default_rng(11)
    quoted, inferred = [], []
    for seed in range(60):
        truth = world(rng)
        covered(truth, published(truth, rng), quoted, inferred, seed)
    assert len(inferred) > 500
    # cells of a world err together, so that the effective number is far below the count
    assert 0.72 <= np.mean(quoted) <= 0.92
    assert 0.70 <= np.mean(inferred) <= 0.90


def test_a_lower_bound_and_growth_rates_recover_a_region():
    truth = np.array([100.0, 130.0, 169.0, 219.7])
    rows = [("Sub-Saharan Africa", "SSA", 2020, 100.0, np.nan, "quoted", "")]
    rows += [
        ("Sub-Saharan Africa", "SSA", y, np.nan, np.nan, "growth_only", "+30% y/y") for y in (2021, 2022)
    ]
    rows += [("Sub-Saharan Africa", "SSA", 2023, 215.0, np.nan, "quoted_lower_bound", "+30% y/y")]
    rows += [("North America", "NAM", y, 1000.0 * 1.3 ** (y - 2020), 25.0, "quoted", "") for y in YEARS]
    table = pd.DataFrame(
        [
            {
                "region": name,
                "region_code": code,
                "period_start": f"{year}-07-01",
                "period_end": f"{year + 1}-06-30",
                "value_received_usd_bn": value,
                "share_of_global_pct": share,
                "kind": kind,
                "url": "",
                "note": note,
            }
            for name, code, year, value, share, kind, note in rows
        ]
    )
    fitted = region_volumes(quote_panel(table), seed=1)
    for year, value in zip(YEARS, truth, strict=True):
        low, median, high = np.quantile(fitted.of("SSA", year), [0.1, 0.5, 0.9])
        assert low < value < high
        assert median == pytest.approx(value, rel=0.2)
    growth = fitted.growth("SSA", 2023)
    assert np.median(growth) == pytest.approx(30, abs=8)


def economies(rng, truth):
    """Thirty economies a region whose true volumes follow size and rank with a lasting deviation of 50 %."""
    rows = []
    for r, code in enumerate(REGIONS):
        size = rng.normal(24, 1.5, 30)
        deviation = rng.normal(0, 0.5, 30)
        weight = np.exp(size + deviation)
        for t, year in enumerate(YEARS):
            volume = 1e9 * truth[t, r] * weight / weight.sum()
            for c in range(30):
                rows.append(
                    (f"{code}{c}", code, year, r * len(YEARS) + t, np.exp(size[c]), volume[c], size[c])
                )
    names = ["iso3", "region", "first_year", "group", "gdp_usd", "true", "key_0"]
    frame = pd.DataFrame(rows, columns=names)
    frame["key_1"] = (
        frame["key_0"] + np.tile(np.repeat(rng.normal(0, 0.2, 8 * 30).reshape(8, 30), 4, 0), 1).ravel()
    )
    frame["key_2"] = np.nan
    largest = frame.groupby("group")["true"].rank(ascending=False) <= 2
    shown = largest & (frame["first_year"] >= 2022)
    frame["published_usd"] = frame["true"].where(shown) * np.exp(rng.normal(0, 0.05, len(frame)))
    frame["published_sd"] = np.where(shown, 0.05, np.nan)
    return frame


def test_country_intervals_cover_the_truth_although_only_the_largest_are_published():
    rng = np.random.default_rng(4)
    inside, errors = [], []
    for seed in range(12):
        truth = world(rng)
        regions = region_volumes(quote_panel(published(truth, rng)), seed=seed, draws=600)
        frame = economies(rng, truth)
        found = country_volumes(CountryYears(frame), regions, level=0.8, seed=seed, restated=False).frame
        last = found[(found["first_year"] == 2023) & found["published_usd"].isna()]
        inside += list((last["low"] <= last["true"]) & (last["true"] <= last["high"]))
        errors += list(np.log(last["value"] / last["true"]))
    assert len(inside) > 2000
    assert 0.70 <= np.mean(inside) <= 0.93
    assert abs(np.median(errors)) < 0.2
