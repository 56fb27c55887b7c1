"""The market behind the volumes: bitcoin, stablecoins and decentralised finance, as measured."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.result import Column, Table

FUNCTION = "cryptorisk.models.volumes.analyse"
FIRST_YEAR = 2018
"""The United Nations paper (paragraph 19) counts crypto-assets from 2018 on."""

SERIES = {
    "btc_market_cap_usd": ("bitcoin_market_cap_usd", "Market value of bitcoin"),
    "stablecoin_supply_total_usd": ("stablecoin_supply_usd", "Supply of dollar stablecoins"),
    "defi_tvl_usd": ("defi_tvl_usd", "Value locked in decentralised finance"),
}


def market_estimates(inputs: Inputs) -> list[Estimate]:
    """Latest measured size of the market; sourced figures without an interval."""
    return [_latest(inputs, series, *names) for series, names in SERIES.items()]


def _latest(inputs: Inputs, series: str, name: str, label: str) -> Estimate:
    found = inputs.latest(series, country="WLD")
    if found is None:
        return Estimate.missing(
            f"volumes.{name}", label, "usd", "no series in the vintage, or left out for its licence"
        )
    return Estimate(
        f"volumes.{name}",
        label,
        found.value,
        "usd",
        data_class="measured",
        method="Last daily observation.",
        date=found.date.isoformat()[:10],
        sources=(found.source,),
        inputs=(series,),
        function=FUNCTION,
    )


def market_table(inputs: Inputs) -> Table | None:
    """Market size at the end of each June since 2018, and the last day of data."""
    series = {name: inputs.series(name, country="WLD") for name in (*SERIES, "btc_price_usd")}
    known = {name: s.values.dropna() for name, s in series.items() if not s.empty}
    if not known:
        return None
    last = max(values.index[-1] for values in known.values())
    dates = [pd.Timestamp(year, 6, 30) for year in range(FIRST_YEAR, last.year + 1)]
    dates = [date for date in dates if date <= last]
    rows = [{"date": date, **{name: _near(values, date) for name, values in known.items()}} for date in dates]
    frame = pd.DataFrame(rows, columns=["date", *SERIES, "btc_price_usd"])
    for name in SERIES:
        frame[name] = frame[name].astype(float) / 1e9
    frame["date"] = [f"{date:%B %Y}" for date in dates]
    columns = (
        Column("date", "End of"),
        Column("btc_price_usd", "Bitcoin price", "USD", 0),
        Column("btc_market_cap_usd", "Bitcoin", "bn USD", 0),
        Column("stablecoin_supply_total_usd", "Stablecoins", "bn USD", 0),
        Column("defi_tvl_usd", "Decentralised finance", "bn USD", 0),
    )
    sources = tuple(dict.fromkeys(source for s in series.values() if not s.empty for source in s.source_ids))
    note = "Measured. Value locked in decentralised finance counts assets that are pledged more than once."
    return Table("volumes.market", "The market at mid-year", frame, columns, note, sources)


def _near(values: pd.Series, date: pd.Timestamp, days: int = 10) -> float:
    """Last value in the ten days to a date."""
    window = values[(values.index <= date) & (values.index > date - pd.Timedelta(days=days))]
    return float(window.iloc[-1]) if len(window) else float("nan")


def mean_bitcoin_price(inputs: Inputs, years: tuple[int, ...]) -> pd.Series:
    """Mean daily price in US dollars over each twelve months from July, where at least 300 days are known."""
    series = inputs.series("btc_price_usd", country="WLD")
    values = series.values.dropna() if not series.empty else pd.Series(dtype=float)
    means = {}
    for year in years:
        inside = (
            values[(values.index >= f"{year}-07-01") & (values.index <= f"{year + 1}-06-30")]
            if len(values)
            else values
        )
        means[year] = float(inside.mean()) if len(inside) >= 300 else float("nan")
    return pd.Series(means, dtype=float)
