"""The figures behind exposures, gathered from the vintage: ownership, economies, the market's value."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs, Series
from cryptorisk.data.overrides import BANK
from cryptorisk.errors import ModelError
from cryptorisk.models.exposure.holdings import Band, MarketValue

OWNERSHIP = "ownership_share_pct_population"
OF_INTERNET_USERS = "ownership_share_pct_internet_users"
OWNERS = "crypto_owners"
INDIVIDUALS = "btc_held_by_individuals"
GOVERNMENT = "government_bitcoin_holdings"
RANK = "gcai_rank"
WEO = "weo"
"""Family of sources: the editions of the World Economic Outlook."""

WHOLE_WORLD = 0.95
"""Share of the fullest edition's economies that an edition needs to stand for the world: editions differ by one or two
economies at war or without accounts."""

READING_COLUMNS = ["country", "year", "value", "organisation", "source", "data_class", "remark", "url"]


def readings(inputs: Inputs) -> pd.DataFrame:
    """Every published ownership figure, in percent of the population.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    pandas.DataFrame
        ``country, year, value, organisation, source, data_class, remark, url`` (the page). A survey of internet users is
        multiplied by internet use of its year, which overstates a little (children own less) and is said.

    Notes
    -----
    UNCTAD's figures are marked modelled: they equal those of the vendor Triple-A for the same year, whose
    method scales Chainalysis scores by a survey of one country.
    """
    rows = [*_quoted(inputs), *_of_internet_users(inputs)]
    frame = pd.DataFrame(rows, columns=READING_COLUMNS)
    return frame.drop_duplicates(["country", "year", "value", "organisation"], ignore_index=True)


def weo(inputs: Inputs) -> tuple[str, ...]:
    """Source id of the newest edition of the World Economic Outlook that covers the world, alone; empty without one.

    GDP and population come from it alone, so that their ratio mixes no two population counts. An edition of which the
    vintage holds both for some economies only (a refresh for a few, or one that was broken off) would make shares of
    the world wrong: it must have nearly as many as the fullest.
    """
    editions = inputs.catalogue.family(WEO)
    covered = {
        id: min(_economies(inputs, series, id) for series in ("gdp_usd", "population")) for id in editions
    }
    enough = WHOLE_WORLD * max(covered.values(), default=0)
    return next(((id,) for id in editions if covered[id] and covered[id] >= enough), ())


def _economies(inputs: Inputs, series: str, source: str) -> int:
    return inputs.panel(series, sources=(source,)).shape[1]


def _quoted(inputs: Inputs) -> list[tuple[object, ...]]:
    for source in inputs.panel_latest(OWNERSHIP)["source"].unique():
        if source != BANK:
            _organisation(
                str(source)
            )  # a source that the kit cannot classify must not be left out in silence
    rows: list[tuple[object, ...]] = []
    for source in inputs.sources:
        if not source.lower().startswith(OWNERSHIP_SOURCES):
            continue
        organisation, kind, remark = _organisation(source)
        for country in inputs.economies(OWNERSHIP):
            figures = inputs.series(OWNERSHIP, country=country, sources=(source,))
            for date, value in figures.values.items():
                found = inputs.at(OWNERSHIP, _year(date), country=country, sources=(source,))
                page = found.url if found else ""
                rows.append((country, _year(date), float(value), organisation, source, kind, remark, page))
    return rows


OWNERSHIP_SOURCES = ("triple", "unctad", "unattributed")
"""How the ids of the sources of ownership shares begin."""


def _organisation(source: str) -> tuple[str, str, str]:
    """Organisation, class and remark of a source of ownership shares."""
    lowered = source.lower()
    if lowered.startswith("triple"):
        return "Triple-A", "modelled", "the vendor's own model"
    if lowered.startswith("unctad"):
        return "UNCTAD", "modelled", "as in Triple-A's figures for 2021"
    if lowered == "unattributed_2023":
        return "not named (as Triple-A, mid-2023)", "modelled", "organisation not named on the page"
    if lowered == "unattributed_latam_2024":
        # Of an organisation that is not named, nobody can say that it asked anyone.
        return "not named (Latin America, 2024)", "modelled", "organisation and method not named on the page"
    raise ModelError(
        f"ownership shares of the source {source!r} are not known to the kit",
        where="ownership figures",
        remedy="say what kind of figure they are in cryptorisk/models/exposure/figures.py",
    )


def _year(date: object) -> int:
    return pd.Timestamp(str(date)).year


def _of_internet_users(inputs: Inputs) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for country in inputs.economies(OF_INTERNET_USERS):
        figure = inputs.latest(OF_INTERNET_USERS, country=country)
        if figure is None:
            continue
        internet = inputs.at("internet_users_pct", figure.date.year, country=country)
        internet = internet or inputs.latest("internet_users_pct", country=country)
        if internet is None:
            continue
        value = figure.value * internet.value / 100
        remark = (
            f"survey of internet users: {figure.value:g} % times {internet.value:.0f} % who use the internet"
        )
        rows.append((country, figure.date.year, value, "GWI", figure.source, "survey", remark, figure.url))
    return rows


def economies(inputs: Inputs) -> pd.DataFrame:
    """Population, GDP, internet use and adoption rank of every economy.

    Returns
    -------
    pandas.DataFrame
        Index ISO code: ``population``, ``gdp_usd``, ``year`` (of both), ``gdp_per_head``, ``internet``,
        ``internet_year``, ``rank``. An economy outside the World Economic Outlook has the population of
        another source and no GDP here.
    """
    gdp, people = (
        inputs.panel("gdp_usd", sources=weo(inputs)),
        inputs.panel("population", sources=weo(inputs)),
    )
    rows = {}
    for code in gdp.columns.intersection(people.columns):
        both = pd.concat([people[code], gdp[code]], axis=1, keys=["population", "gdp_usd"]).dropna()
        if len(both):
            rows[code] = (*both.iloc[-1], _year(both.index[-1]))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["population", "gdp_usd", "year"])
    others = inputs.panel_latest("population")["value"]
    frame = frame.reindex(frame.index.union(others.index).union([inputs.country]))
    frame["population"] = frame["population"].fillna(others)
    frame["gdp_per_head"] = frame["gdp_usd"] / frame["population"]
    internet = inputs.panel_latest("internet_users_pct")
    frame["internet"] = internet["value"].reindex(frame.index)
    years = internet["date"].map(_year)
    frame["internet_year"] = years.reindex(frame.index)
    frame["rank"] = _newest_ranks(inputs).reindex(frame.index)
    return frame.sort_index()


def _newest_ranks(inputs: Inputs) -> pd.Series[float]:
    """Ranks of the newest edition with at least a hundred economies: a top-ten list ranks no world."""
    panel = inputs.panel(RANK)
    full = panel[panel.notna().sum(axis=1) >= 100]
    return full.iloc[-1] if len(full) else pd.Series(dtype=float)


def quoted_owners(inputs: Inputs) -> float | None:
    """The published number of owners in the world, if there is one."""
    figure = inputs.latest(OWNERS, country=WORLD)
    return None if figure is None else figure.value


def market_value(inputs: Inputs) -> MarketValue:
    """World market value of bitcoin and stablecoins on their last common date.

    Returns
    -------
    MarketValue
        Bitcoin's low and central value counts the coins that an estimate attributes to individuals, the high
        value all coins.
    """
    capital = inputs.series("btc_market_cap_usd", country=WORLD)
    price = inputs.series("btc_price_usd", country=WORLD)
    stable = inputs.series("stablecoin_supply_total_usd", country=WORLD)
    ends = [series.values.index[-1] for series in (capital, stable) if not series.empty]
    if not ends:
        return MarketValue(None, None, "")
    day = min(ends)
    coins = inputs.latest(INDIVIDUALS, country=WORLD)
    whole, last = _until(capital, day), _until(price, day)
    bitcoin = None
    if whole is not None:
        held = whole if coins is None or last is None else min(coins.value * last, whole)
        bitcoin = Band(held, held, whole)
    supply = _until(stable, day)
    stablecoins = None if supply is None else Band(supply, supply, supply)
    sources = [
        *capital.source_ids[:1],
        *stable.source_ids[:1],
        *([coins.source] if coins and bitcoin else []),
    ]
    return MarketValue(bitcoin, stablecoins, day.date().isoformat(), tuple(sources))


def _until(series: Series, day: pd.Timestamp) -> float | None:
    """The last value at or before a day, at most a month old."""
    values = series.values[:day]
    if values.empty or day - values.index[-1] > dt.timedelta(days=31):
        return None
    return float(values.iloc[-1])
