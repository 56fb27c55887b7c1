"""Reading the tables of figures that a vintage is compiled from.

Every reader takes the folder of figures and returns observations: a frame with country, series, date (the last
day of the period), value and source (an id of the catalogue). Nothing is estimated, averaged or filled.
"""

from __future__ import annotations

import csv
import fnmatch
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD, rows
from cryptorisk.data.compilelog import CompileLog
from cryptorisk.data.observation import COLUMNS
from cryptorisk.data.periods import period_ends
from cryptorisk.errors import DataError

CRYPTO_COLUMNS = ("price_usd", "market_cap_usd", "supply", "hash_rate_th_s")

FOLDERS_NOT_READ = ("not_open",)
"""Tables without an open licence lie there; no reader names a file in it."""


def read_table(folder: Path, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """One table of the folder; only the empty cell is missing (``NA`` is a code).

    Raises
    ------
    DataError
        When the file is missing or unreadable or lacks one of ``columns``.
    """
    path = folder / f"{table}.csv"
    try:
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)
    except FileNotFoundError:
        raise DataError(
            f"there is no {table}.csv", where=str(folder), remedy="give the folder of figures"
        ) from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise DataError(f"cannot be read as CSV ({error})", where=str(path)) from None
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise DataError(f"lacks the columns {', '.join(lacking)}", where=str(path))
    return frame


@cache
def _labels(table: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["label"], row["source"]) for row in rows("source_labels.csv") if row["table"] == table)


def source_ids(table: str, labels: pd.Series) -> pd.Series:
    """Source ids of the labels in a table's ``source`` column.

    Raises
    ------
    DataError
        For a label that the catalogue does not know: it has no licence, so it must not be compiled.
    """
    known = {str(label): _source_id(table, str(label)) for label in labels.unique()}
    return labels.astype(str).map(known)


def _source_id(table: str, label: str) -> str:
    exact = [source for pattern, source in _labels(table) if pattern == label]
    near = [source for pattern, source in _labels(table) if fnmatch.fnmatchcase(label, pattern)]
    if not exact + near:
        raise DataError(
            f"source {label!r} has no licence in the catalogue",
            where=f"{table}.csv",
            remedy="add it to cryptorisk/data/sources.csv and source_labels.csv",
        )
    return (exact + near)[0]


Cells = pd.Series | np.ndarray[Any, Any] | str


def _tidy(country: Cells, series: Cells, dates: Cells, values: pd.Series, source: Cells) -> pd.DataFrame:
    frame = pd.DataFrame({"value": values.astype("float64")})
    frame["country"], frame["series"], frame["date"], frame["source"] = country, series, dates, source
    return frame.dropna(subset=["value"])[list(COLUMNS)]


def macro_annual(folder: Path) -> pd.DataFrame:
    """Annual macroeconomic series of every source."""
    table = read_table(folder, "macro_annual", ("iso3", "year", "variable", "value", "source"))
    dates = period_ends(table["year"])
    sources = source_ids("macro_annual", table["source"])
    return _tidy(table["iso3"], table["variable"], dates, table["value"], sources)


def bop_quarterly(folder: Path) -> pd.DataFrame:
    """Quarterly financial-account items, ``<variable>_q``."""
    table = read_table(folder, "bop_quarterly", ("iso3", "date", "variable", "value", "source"))
    sources = source_ids("bop_quarterly", table["source"])
    return _tidy(table["iso3"], table["variable"] + "_q", period_ends(table["date"]), table["value"], sources)


def fx_official_monthly(folder: Path) -> pd.DataFrame:
    """Official exchange rates, average of the month."""
    table = read_table(folder, "fx_official_monthly", ("iso3", "date", "lcu_per_usd_avg", "source"))
    sources = source_ids("fx_official_monthly", table["source"])
    dates = period_ends(table["date"])
    return _tidy(table["iso3"], "official_fx_lcu_per_usd", dates, table["lcu_per_usd_avg"], sources)


def fx_official_other(folder: Path, log: CompileLog) -> pd.DataFrame:
    """Monthly averages of H.10 and the ECB, quarter-end rates of the US Treasury; all in today's unit."""
    table = read_table(folder, "fx_official_other", ("date", "iso3", "lcu_per_usd_rebased", "freq", "source"))
    log.note(
        "fx_official_other", table["freq"] == "A", "the same figures stand in macro_annual as fx_lcu_usd_avg"
    )
    monthly = table[table["freq"] == "M"]
    months = _tidy(
        monthly["iso3"],
        "official_fx_lcu_per_usd",
        period_ends(monthly["date"].str[:7]),
        monthly["lcu_per_usd_rebased"],
        source_ids("fx_official_other", monthly["source"]),
    )
    treasury = table[table["freq"] == "Q"]
    last = treasury["date"].str[5:].isin(("03-31", "06-30", "09-30", "12-31"))
    log.note(
        "fx_official_other",
        ~last,
        "amendments of the US Treasury within a quarter; only the quarter-end rate is kept",
    )
    ends = treasury[last]
    quarters = _tidy(
        ends["iso3"],
        "official_fx_quarter_end_lcu_per_usd",
        period_ends(ends["date"]),
        ends["lcu_per_usd_rebased"],
        source_ids("fx_official_other", ends["source"]),
    )
    return pd.concat([months, quarters], ignore_index=True)


def fx_ecb_daily(folder: Path) -> pd.DataFrame:
    """Daily reference rates of the ECB crossed through the dollar."""
    table = read_table(folder, "fx_ecb_daily", ("date", "iso3", "lcu_per_usd"))
    dates = period_ends(table["date"])
    return _tidy(table["iso3"], "official_fx_daily_lcu_per_usd", dates, table["lcu_per_usd"], "ecb_reference")


def policy_rate_monthly(folder: Path) -> pd.DataFrame:
    """Policy rates."""
    table = read_table(folder, "policy_rate_monthly", ("iso3", "date", "policy_rate_pct", "source"))
    sources = source_ids("policy_rate_monthly", table["source"])
    return _tidy(
        table["iso3"], "policy_rate_pct", period_ends(table["date"]), table["policy_rate_pct"], sources
    )


def cpi_monthly(folder: Path) -> pd.DataFrame:
    """Monthly consumer prices: the index, and year-on-year inflation where there is no index."""
    table = read_table(folder, "cpi_monthly", ("iso3", "date", "variable", "value", "source"))
    series = table["variable"].replace({"cpi_index": "cpi_index_monthly"})
    sources = source_ids("cpi_monthly", table["source"])
    return _tidy(table["iso3"], series, period_ends(table["date"]), table["value"], sources)


def regimes(folder: Path) -> pd.DataFrame:
    """Exchange-rate regimes, capital controls and openness."""
    table = read_table(folder, "regimes_controls_openness", ("iso3", "year", "variable", "value", "source"))
    sources = source_ids("regimes_controls_openness", table["source"])
    return _tidy(table["iso3"], table["variable"], period_ends(table["year"]), table["value"], sources)


def deposit_dollarization(folder: Path) -> pd.DataFrame:
    """Foreign-currency share of deposits."""
    table = read_table(folder, "deposit_dollarization", ("iso3", "year", "variable", "value", "source"))
    sources = source_ids("deposit_dollarization", table["source"])
    return _tidy(table["iso3"], table["variable"], period_ends(table["year"]), table["value"], sources)


def mining_share(folder: Path, log: CompileLog) -> pd.DataFrame:
    """Share of the bitcoin hash rate by economy."""
    names = ("hashrate_share_pct", "hashrate_eh_s")
    table = read_table(folder, "mining_share_monthly", ("month", "iso3", "source", *names))
    rest = table["iso3"] == "OTHER"
    log.note("mining_share_monthly", rest, "the rest of the world is no economy")
    table = table[~rest]
    dates = period_ends(table["month"].str[:7])
    sources = source_ids("mining_share_monthly", table["source"])
    return pd.concat([_tidy(table["iso3"], name, dates, table[name], sources) for name in names])


def parallel_fx(folder: Path) -> pd.DataFrame:
    """Parallel rate of Argentina with the official one of the day; stablecoin-implied rate of Bolivia."""
    columns = ("date", "iso3", "official_lcu_per_usd", "parallel_lcu_per_usd", "source")
    table = read_table(folder, "parallel_fx", columns)
    dates = pd.Series(period_ends(table["date"]), table.index)
    sources = source_ids("parallel_fx", table["source"])
    implied = sources == "binance_p2p_bol"
    series = implied.map({True: "crypto_implied_fx_lcu_per_usd", False: "parallel_fx_lcu_per_usd"})
    official = _tidy(
        table["iso3"], "official_fx_daily_lcu_per_usd", dates, table["official_lcu_per_usd"], "bcra_official"
    )
    return pd.concat([_tidy(table["iso3"], series, dates, table["parallel_lcu_per_usd"], sources), official])


def bol_reference_rate(folder: Path) -> pd.DataFrame:
    """Reference value of the dollar of Bolivia's central bank."""
    table = read_table(folder, "bol_reference_rate", ("iso3", "date", "variable", "value", "source"))
    names = {
        "bob_bcb_reference_buy": "reference_fx_buy_lcu_per_usd",
        "bob_bcb_reference_sell": "reference_fx_sell_lcu_per_usd",
    }
    sources = source_ids("bol_reference_rate", table["source"])
    return _tidy(
        table["iso3"], table["variable"].map(names), period_ends(table["date"]), table["value"], sources
    )


def global_daily(folder: Path) -> pd.DataFrame:
    """World markets and United States series; months dated at their last day."""
    table = read_table(folder, "global_daily", ("date", "variable", "value", "source"))
    monthly = table["variable"].isin(
        ("us_core_cpi_index_sa", "us_cpi_index_sa", "us_fed_funds_monthly_pct", "us_m2_bn_usd")
    )
    dates = period_ends(table["date"].where(~monthly, table["date"].str[:7]))
    return _tidy(WORLD, table["variable"], dates, table["value"], source_ids("global_daily", table["source"]))


def stablecoins_defi_daily(folder: Path) -> pd.DataFrame:
    """Stablecoin supply and value locked in decentralised finance."""
    table = read_table(folder, "stablecoins_defi_daily", ("date", "variable", "value", "source"))
    sources = source_ids("stablecoins_defi_daily", table["source"])
    return _tidy(WORLD, table["variable"], period_ends(table["date"]), table["value"], sources)


def crypto_daily(folder: Path, log: CompileLog) -> pd.DataFrame:
    """Prices, supply and on-chain figures of crypto-assets, ``<asset>_<column>`` (non-commercial licence)."""
    table = read_table(folder, "crypto_daily", ("date", "asset", "source", *CRYPTO_COLUMNS))
    columns = [name for name in table.columns if name not in ("date", "asset", "source")]
    dates = pd.Series(period_ends(table["date"]), table.index)
    sources = source_ids("crypto_daily", table["source"])
    parts = [_tidy(WORLD, table["asset"] + "_" + name, dates, table[name], sources) for name in columns]
    return _without_leading_zeros(pd.concat(parts), log)


def dai_daily(folder: Path) -> pd.DataFrame:
    """The same for DAI to 2022 (non-commercial licence)."""
    table = read_table(folder, "dai_daily", ("date", "dai_price_usd"))
    dates = period_ends(table["date"])
    names = [name for name in table.columns if name.startswith("dai_")]
    return pd.concat([_tidy(WORLD, name, dates, table[name], "coinmetrics_dai") for name in names])


def _without_leading_zeros(frame: pd.DataFrame, log: CompileLog) -> pd.DataFrame:
    """Without prices and market values of zero: before an asset's first quote the source writes 0 for unknown."""
    quoted = frame["series"].str.endswith(("_price_usd", "_market_cap_usd"))
    empty = quoted & (frame["value"] <= 0)
    log.note("crypto_daily", empty, "a price or market value of zero stands for no quote")
    return frame[~empty]


READERS: tuple[Callable[[Path], pd.DataFrame], ...] = (
    macro_annual,
    bop_quarterly,
    fx_official_monthly,
    fx_ecb_daily,
    policy_rate_monthly,
    cpi_monthly,
    regimes,
    deposit_dollarization,
    parallel_fx,
    bol_reference_rate,
    global_daily,
    stablecoins_defi_daily,
    dai_daily,
)
"""Readers that take every row."""

SELECTIVE_READERS: tuple[Callable[[Path, CompileLog], pd.DataFrame], ...] = (
    fx_official_other,
    mining_share,
    crypto_daily,
)
"""Readers that leave rows out and say so in the log."""


def read_all(folder: Path, log: CompileLog) -> pd.DataFrame:
    """All observations of the folder, in the order of the tables."""
    parts = [read(folder) for read in READERS] + [read(folder, log) for read in SELECTIVE_READERS]
    return pd.concat(parts, ignore_index=True)
