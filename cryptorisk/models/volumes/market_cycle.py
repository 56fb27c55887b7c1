"""The global crypto cycle, concentration and growth as the chapter shows them, read off the market's result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.market.cycle import AFTER, DRIVERS, FACTOR, PAPER_SHARE, SAMPLES
from cryptorisk.models.market.size import YEAR
from cryptorisk.result import Column, Finding, Result, Table, estimates_table
from cryptorisk.words import capital, clause, listing

FUNCTION = "cryptorisk.models.market.cycle.cycle_tables"
SIZE_FUNCTION = "cryptorisk.models.market.size.size_tables"
SIGNIFICANCE = 0.05
FIRST_YEAR = 2018
"""As the table of the market at mid-year: paragraph 19 of the United Nations paper counts from 2018 on."""
PAPER = (
    "Che, Copestake, Furceri and Terracciano (2023), IMF Working Paper 23/163 (abstract), "
    "https://www.imf.org/en/Publications/WP/Issues/2023/08/04/The-Crypto-Cycle-and-US-Monetary-Policy-534834"
)
SURVIVORS = (
    "The assets are those of the vintage, chosen by those who compiled its sources from what had survived and grown: assets "
    "that failed are not in it."
)
SHARE_METHOD = (
    "Dynamic factor model of weekly log returns, one factor, own parts AR(1), maximum likelihood; mean over assets of the "
    "factor's part of the variance. Interval: the model without dynamics resampled in blocks of weeks, in logits."
)
NAMES: Mapping[str, tuple[str, str]] = {
    "cycle_share_pct": ("Variance of crypto-asset returns that one common factor carries", "pct"),
    **{
        f"cycle_{id.split('_')[0]}_correlation": (
            f"Correlation of the crypto factor with the {label}",
            "ratio",
        )
        for id, (label, _) in DRIVERS.items()
    },
    "market_hhi": ("Herfindahl index of market values, assets in the vintage", "ratio"),
    "market_effective_number": ("Number of assets of equal size that would be as concentrated", "ratio"),
    "stablecoin_share_pct": ("Stablecoins as a share of bitcoin and stablecoins together", "pct"),
    "bitcoin_growth_pct": ("Growth of bitcoin's market value over twelve months", "pct"),
    "bitcoin_growth_price_pp": ("of which by price", "pp"),
    "bitcoin_growth_issuance_pp": ("of which by issuance", "pp"),
}

Facts = Mapping[str, Any]


def cycle_estimates(market: Result) -> list[Estimate]:
    """All numbers of the section, missing ones with their reason."""
    facts, size = _first(market, "cycle_facts"), _first(market, "size_facts")
    return [
        _share(facts),
        *[_correlation(row) for _, row in _links(market, FACTOR).iterrows()],
        *_concentration(market, size),
        _stablecoins(market, size),
        *_growth(market, size),
    ]


def _share(facts: Facts) -> Estimate:
    if facts["refused"]:
        return _missing("cycle_share_pct", str(facts["refused"]))
    return _estimate(
        "cycle_share_pct",
        facts["share"],
        low=float(facts["low"]),
        high=float(facts["high"]),
        level=float(facts["level"]),
        interval="confidence",
        method=SHARE_METHOD,
        date=f"{facts['first'][:7]}/{facts['last'][:7]}",
        n_obs=int(facts["weeks"]),
        sources=_split(facts["sources"]),
        inputs=_split(facts["inputs"]),
        function=FUNCTION,
        note=f"Of {facts['assets']}. {SURVIVORS}",
    )


def _correlation(row: pd.Series) -> Estimate:
    name = f"cycle_{str(row['driver']).split('_')[0]}_correlation"
    if row["reason"]:
        return _missing(name, f"{row['driver_label']}: {row['reason']}")
    return _estimate(
        name,
        row["correlation"],
        low=float(row["low"]),
        high=float(row["high"]),
        level=float(row["level"]),
        interval="confidence",
        method="Pearson correlation of the smoothed factor with weekly changes; circular block bootstrap.",
        date=f"{row['first'][:7]}/{row['last'][:7]}",
        n_obs=int(row["weeks"]),
        sources=_split(row["sources"]),
        inputs=(str(row["driver"]),),
        function=FUNCTION,
        note=f"p = {number(float(row['p_corrected']), 3)}, corrected for all correlations of the table.",
    )


def _concentration(market: Result, size: Facts) -> list[Estimate]:
    names = ("market_hhi", "market_effective_number")
    frame = _frame(market, "concentration")
    if frame.empty:
        return [_missing(name, str(size["refused"])) for name in names]
    last = frame.iloc[-1]
    common: dict[str, Any] = {
        "data_class": "measured",
        "date": str(last["month"]),
        "n_obs": int(last["assets"]),
        "sources": _split(size["sources"]),
        "inputs": _split(size["inputs"]),
        "function": SIZE_FUNCTION,
        "note": f"Of the {last['assets']} assets with a market value in the vintage ({last['names']}), not of the market. "
        f"{SURVIVORS}",
    }
    return [
        _estimate(names[0], last["hhi"], method="Sum of squared shares of market value.", **common),
        _estimate(names[1], last["effective"], method="One over the Herfindahl index.", **common),
    ]


def _stablecoins(market: Result, size: Facts) -> Estimate:
    frame = _frame(market, "stablecoin_share")
    if frame.empty:
        reason = size["no_coins"] or size["no_values"] or "no month has both"
        return _missing("stablecoin_share_pct", str(reason))
    last = frame.iloc[-1]
    return _estimate(
        "stablecoin_share_pct",
        last["share"],
        data_class="measured",
        method="Supply of dollar stablecoins over the sum of it and bitcoin's market value, last day of the month.",
        date=str(last["month"]),
        sources=(*_split(size["coin_sources"]), *_split(size["sources"])[:1]),
        inputs=("btc_market_cap_usd", "stablecoin_supply_total_usd"),
        function=SIZE_FUNCTION,
        note="An upper bound of their share of the whole market, which has more assets than bitcoin.",
    )


def _growth(market: Result, size: Facts) -> list[Estimate]:
    names = ("bitcoin_growth_pct", "bitcoin_growth_price_pp", "bitcoin_growth_issuance_pp")
    rows = _frame(market, "growth_months")
    if len(rows) < YEAR:
        return [
            _missing(name, str(size["no_values"]) or "fewer than twelve months are known") for name in names
        ]
    start = float(rows["start"].iloc[0])
    parts = [float(rows[name].sum()) for name in ("price", "quantity")]
    common: dict[str, Any] = {
        "data_class": "measured",
        "method": "Sum over months of mean supply times change of price, and mean price times change of supply, over the "
        "value a year before: the two add up exactly.",
        "date": f"{rows['from'].iloc[0]}/{rows['to'].iloc[-1]}",
        "n_obs": YEAR,
        "sources": _split(size["sources"])[:1],
        "inputs": ("btc_market_cap_usd", "btc_price_usd"),
        "function": SIZE_FUNCTION,
    }
    values = [100 * sum(parts) / start, *(100 * part / start for part in parts)]
    return [_estimate(name, value, **common) for name, value in zip(names, values, strict=True)]


def cycle_parts_tables(market: Result) -> list[Table]:
    """Tables of the section; those without rows are left out."""
    facts, size = _first(market, "cycle_facts"), _first(market, "size_facts")
    numbers = {e.id.split(".")[1]: e for e in cycle_estimates(market)}
    tables = [
        _shares_table(market, facts, numbers["cycle_share_pct"]),
        _variants_table(market, facts),
        _links_table(market, facts),
        _path_table(market, facts),
        _concentration_table(market, size),
        _growth_table(market, size, _growth_sentence(numbers)),
        estimates_table(
            numbers.values(),
            id="volumes.cycle_numbers",
            title="The cycle and the market in numbers",
            note="Correlations are one by one; whether they differ from zero is told by the corrected p of the table above.",
        ),
    ]
    return [table for table in tables if table is not None and not table.frame.empty]


def _shares_table(market: Result, facts: Facts, share: Estimate) -> Table:
    frame = _frame(market, "cycle_shares").sort_values("share", ascending=False)
    frame = frame.assign(weeks=frame["weeks"].astype(float))
    level = number(100 * float(facts["level"]), 0)
    columns = (
        Column("asset", "Asset"),
        Column("share", "Common", "% of variance", 0),
        Column("low", f"{level} % interval from", "", 0),
        Column("high", "to", "", 0),
        Column("weeks", "Weeks", "", 0),
        Column("first", "From"),
        Column("last", "To"),
        Column("own_ar", "Own part, autocorrelation", "", 2),
    )
    note = (
        f"{_share_sentence(facts, share)} Common: the part of an asset's variance that moves with the factor; own part: "
        f"what is left of it. {SURVIVORS}"
    ).strip()
    return Table(
        "volumes.cycle_shares", "One common factor", frame, columns, note, _split(facts.get("sources"))
    )


def _variants_table(market: Result, facts: Facts) -> Table:
    frame = _frame(market, "cycle_variants")
    if not frame.empty:
        paper = {"variant": "For comparison: IMF Working Paper 23/163, daily prices", "share": PAPER_SHARE}
        frame = pd.concat([frame, pd.DataFrame([paper])], ignore_index=True)
    level = number(100 * float(facts["level"]), 0)
    columns = (
        Column("variant", "How"),
        Column("share", "Common", "% of variance", 0),
        Column("low", f"{level} % interval from", "", 0),
        Column("high", "to", "", 0),
        Column("assets", "Assets", "", 0),
        Column("periods", "Periods", "", 0),
    )
    note = (
        "A principal component mixes what is common with what it cannot tell from it; log prices share trends, so that "
        "their share is near one whatever the cause. The published figure stands on other assets, dates and days. "
        f"Source: {PAPER}."
    )
    return Table(
        "volumes.cycle_variants",
        "The same, asked otherwise",
        frame,
        columns,
        note,
        _split(facts.get("sources")),
    )


def _links_table(market: Result, facts: Facts) -> Table:
    frame = _frame(market, "cycle_links")
    frame = frame.assign(
        sample_dates=[_dates(row) for _, row in frame.iterrows()],
        driver_label=[capital(str(label)) for label in frame["driver_label"]],
    )
    level = number(100 * float(facts["level"]), 0)
    columns = (
        Column("label", "Series"),
        Column("driver_label", "Change of"),
        Column("correlation", "Correlation", "", 2),
        Column("low", f"{level} % interval from", "", 2),
        Column("high", "to", "", 2),
        Column("p", "p", "", 3),
        Column("p_corrected", "p, corrected", "", 3),
        Column("weeks", "Weeks", "", 0),
        Column("sample_dates", "Common sample"),
    )
    note = (
        f"{_link_sentence(market)} They describe what went together. Weeks from Friday to Friday. VIX, broad dollar and "
        "S&P 500: change in logarithms; yield: in percentage points. "
        "Intervals by circular block bootstrap, one by one; p by the covariance of Newey and West, corrected by Holm's "
        "procedure for all rows. The factor is an estimate, which draws its correlations towards zero. Bitcoin stands where "
        "the factor ends."
    )
    sources = tuple(dict.fromkeys(s for one in frame["sources"] for s in _split(one)))
    return Table("volumes.cycle_links", "What the crypto cycle moved with", frame, columns, note, sources)


def _dates(row: pd.Series) -> str:
    return str(row["reason"]) if row["reason"] else f"{row['first'][:7]} to {row['last'][:7]}"


def _path_table(market: Result, facts: Facts) -> Table:
    columns = (Column("week", "Week to"), Column("index", "Summed factor", "standard deviations", 2))
    return Table(
        "volumes.cycle_path",
        "The crypto factor",
        _frame(market, "cycle_path"),
        columns,
        "Sum of the smoothed factor of weekly returns.",
        _split(facts.get("sources")),
        shown=False,
    )


def _concentration_table(market: Result, size: Facts) -> Table:
    """The last known month of every half year."""
    frame = _frame(market, "concentration")
    if not frame.empty:
        chosen = frame["month"].str[5:].isin(["06", "12"]) & (frame["month"] >= f"{FIRST_YEAR - 1}-12")
        frame = frame[chosen | (frame.index == frame.index[-1])]
        frame = frame.assign(total=frame["total"].astype(float) / 1e9)
    columns = (
        Column("month", "End of"),
        Column("assets", "Assets", "", 0),
        Column("total", "Together", "bn USD", 0),
        Column("bitcoin", "Bitcoin", "%", 0),
        Column("hhi", "Herfindahl index", "", 2),
        Column("effective", "Effective number", "", 2),
        Column("names", "Which"),
    )
    note = (
        "Measured. Of the assets in the vintage and not of the market: if these are a part c of the whole, the index of the "
        "whole lies between c squared times this one and that plus (1 - c) squared. Months with fewer than five assets are "
        f"left out; in {size['last'] or 'the end'} the vintage has {size['known_last'] or 'none'}."
    )
    return Table(
        "volumes.concentration",
        "Concentration of market value",
        frame,
        columns,
        note,
        _split(size["sources"]),
    )


def _growth_table(market: Result, size: Facts, sentence: str) -> Table:
    frame = _frame(market, "growth")
    frame = frame[frame["year"].astype(str) >= str(FIRST_YEAR)]
    parts = ("start", "price", "quantity", "entered", "left", "end")
    frame = frame.assign(**{name: frame[name].astype(float) / 1e9 for name in parts})
    columns = (
        Column("group", "What"),
        Column("year", "Year"),
        Column("start", "Start", "bn USD", 1),
        Column("price", "By price", "bn USD", 1),
        Column("quantity", "By issuance", "bn USD", 1),
        Column("entered", "Entered the data", "bn USD", 1),
        Column("left", "Left them", "bn USD", 1),
        Column("end", "End", "bn USD", 1),
        Column("to", "To"),
        Column("assets", "Assets at the end"),
    )
    note = (
        f"{sentence} Measured. Each month's change is the mean supply times the change of the price plus the mean price "
        "times the change of the supply (Bennet 1920), which add up exactly; years are sums of months. What leaves the data "
        "has not failed: its series ends. The supply of stablecoins is counted at par: all of its growth is issuance."
    )
    sources = tuple(dict.fromkeys((*_split(size["sources"]), *_split(size["coin_sources"]))))
    return Table("volumes.growth", "Growth of market value, split exactly", frame, columns, note, sources)


def cycle_findings(estimates: Mapping[str, Estimate]) -> list[Finding]:
    """That there is no cycle to be had, where so; what is the same in every country stands in the tables' notes."""
    share = estimates["cycle_share_pct"]
    if share.available:
        return []
    text = f"No global crypto cycle can be estimated: {share.reason}."
    return [Finding("volumes.no_cycle", text, "info", "data", (share.id,))]


def _share_sentence(facts: Facts, share: Estimate) -> str:
    if not share.available:
        return ""
    return (
        f"One common factor carries {clause(share)} of the variance of weekly returns of {int(facts['count'])} "
        f"crypto-assets ({facts['first'][:7]} to {facts['last'][:7]}). The {number(PAPER_SHARE, 0)} % of IMF Working Paper "
        "23/163 are of daily prices, other assets and other years, and stand as a comparison only. Prices in the vintage: "
        f"{facts['ends']}; the factor covers the longest run of weeks with at least five assets."
    )


def _link_sentence(market: Result) -> str:
    frame = _frame(market, "cycle_links")
    known = frame[frame["reason"] == ""]
    if known.empty:
        return ""
    parts = []
    for sample in (FACTOR, AFTER):
        rows = known[known["sample"] == sample]
        if rows.empty:
            continue
        clear = rows[rows["p_corrected"] < SIGNIFICANCE]
        told = [
            f"the {r['driver_label']} ({number(float(r['correlation']), 2)})" for _, r in clear.iterrows()
        ]
        names = [f"the {label}" for label in rows["driver_label"]]
        what = listing(told) if told else f"none of {listing(names)}"
        dates = f"{rows['first'].min()[:7]} to {rows['last'].max()[:7]}"
        parts.append(f"{SAMPLES[sample]} ({dates}): {what}")
    return f"Distinguishable from zero after correction for the number of correlations: {'; '.join(parts)}."


def _growth_sentence(estimates: Mapping[str, Estimate]) -> str:
    growth, price, issued = (
        estimates[name]
        for name in ("bitcoin_growth_pct", "bitcoin_growth_price_pp", "bitcoin_growth_issuance_pp")
    )
    if not growth.available:
        return ""
    return (
        f"Over the twelve months to {growth.date[-7:]} bitcoin's market value changed by {growth:value}: {price:value} by "
        f"price and {issued:value} by issuance."
    )


def _frame(market: Result, table: str) -> pd.DataFrame:
    return market.tables[table].frame.copy()


def _links(market: Result, sample: str) -> pd.DataFrame:
    frame = _frame(market, "cycle_links")
    level = float(_first(market, "cycle_facts")["level"])
    return frame[frame["sample"] == sample].assign(level=level)


def _first(market: Result, table: str) -> Facts:
    """The one row of a table of facts, empty text where a cell is missing."""
    row = _frame(market, table).iloc[0]
    return {str(name): "" if pd.isna(value) else value for name, value in row.items()}


def _split(text: Any) -> tuple[str, ...]:
    return tuple(part for part in str(text or "").split(";") if part)


def _estimate(name: str, value: Any, **rest: Any) -> Estimate:
    label, unit = NAMES[name]
    return Estimate(f"volumes.{name}", label, float(value), unit, **rest)


def _missing(name: str, reason: str) -> Estimate:
    return Estimate.missing(f"volumes.{name}", *NAMES[name], reason)
