"""What a country's households, banks and government have at stake: the exposure rule that all chapters share.

Households: owners times an average holding that two keys bracket (`cryptorisk.models.holdings`). Banks: only
what the user's supervisory data say. Government: only published holdings. Unknown is never zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from cryptorisk.data.inputs import Inputs, Observation
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models.exposure_data import economies, market_value, quoted_owners, readings
from cryptorisk.models.exposure_volume import VolumeShares, unusual_turnover, volume_shares
from cryptorisk.models.holdings import Band, MarketValue, bracket, by_owners
from cryptorisk.models.ownership import LEVEL, Ownership, world_ownership
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.words import listing

FUNCTION = "cryptorisk.models.exposure.household_holdings"
OWN_SERIES = "household_crypto_holdings_usd"

BY_VOLUME = "value received"
WIDEST_KEY = 25.0
"""Key two is left out where its high end exceeds its low one by more than this factor, five times either way: it then
says less than owners and income alone, and its upper end would be the estimate's. One economy in ten is such."""

NO_OWNERSHIP = "there is neither a published ownership share nor a figure of internet use above zero to estimate one from"
NOT_IN_ACCOUNTS = (
    "GDP or population is not in the vintage, so no average holding can be scaled to this economy"
)


@dataclass(frozen=True, eq=False)
class Exposure:
    """Households' exposure.

    Attributes
    ----------
    estimates : tuple of Estimate
        Ownership, owners, holdings in US dollars, in percent of GDP and per owner, turnover.
    tables : tuple of Table
        ``crash.ownership`` (every published figure of the country) and ``crash.keys`` (both keys).
    findings : tuple of Finding
    holdings : Band or None
        US dollars.
    bitcoin_share : float
        Share of bitcoin in them, 0 to 1, the world's (no country figure exists).
    gdp_usd : float or None
        GDP of the last year in the vintage.
    gdp_year : int or None
    sources : tuple of str
        Of the holdings.
    """

    estimates: tuple[Estimate, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    holdings: Band | None
    bitcoin_share: float
    gdp_usd: float | None
    gdp_year: int | None
    sources: tuple[str, ...]

    def __getitem__(self, name: str) -> Estimate:
        """The estimate of that name (without the chapter)."""
        return next(e for e in self.estimates if e.id == f"crash.{name}")


@dataclass(frozen=True, eq=False)
class WorldExposure:
    """What holds for all economies at once: the same for every country of a run.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index ISO code; population, GDP, internet use, rank, and ownership where there is one.
    ownership : Ownership
    market : MarketValue
    by_owners, by_volume : pandas.DataFrame or None
        Holdings of every economy by each key: ``low``, ``central``, ``high`` in US dollars.
    readings : pandas.DataFrame
        Every published ownership figure.
    volumes : VolumeShares or None
    volume_reason : str
        Why key two is not there.
    """

    frame: pd.DataFrame
    ownership: Ownership
    market: MarketValue
    by_owners: pd.DataFrame | None
    by_volume: pd.DataFrame | None
    readings: pd.DataFrame
    volumes: VolumeShares | None
    volume_reason: str


def world(inputs: Inputs, params: Params) -> WorldExposure:
    """Ownership and holdings of all economies, from the vintage alone.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The income elasticity and what the volumes chapter uses.

    Returns
    -------
    WorldExposure

    Raises
    ------
    ModelError
        When published ownership shares are too few to estimate the others from.
    """
    published = readings(inputs)
    frame = economies(inputs)
    owned = world_ownership(published, frame, owners_quoted=quoted_owners(inputs))
    frame = frame.join(owned.shares)
    market = market_value(inputs)
    shares, reason = volume_shares(inputs, params)
    total = market.total
    one = None if total is None else by_owners(frame, total, params.crash.income_elasticity)
    two = None if total is None or shares is None else shares.holdings(total)
    return WorldExposure(frame, owned, market, one, two, published, shares, reason)


def household_holdings(inputs: Inputs, params: Params) -> Exposure:
    """Households' holdings of bitcoin and stablecoins, with the band of both keys and of ownership figures.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    Exposure
        With missing estimates and their reasons where the data do not carry a figure.
    """
    try:
        everywhere = world(inputs, params)
    except ModelError as error:
        return _nothing(str(error.what))
    iso = inputs.country
    gdp, gdp_year = _gdp(everywhere, iso)
    ownership = _ownership_estimate(everywhere, iso)
    owners = _owners_estimate(everywhere, iso, ownership)
    own = inputs.latest(OWN_SERIES)
    keys = _keys(everywhere, iso)
    if own is not None:
        holdings: Band | None = Band(own.value, own.value, own.value)
        full = _own_holdings(own)
        hidden = OWN_SERIES in inputs.confidential
        usd = _missing("household_holdings_usd", HIDDEN) if hidden else full
    else:
        holdings = bracket([band for _, band in keys]) if keys and ownership.available else None
        usd = full = _holdings_estimate(everywhere, holdings, keys, ownership)
    estimates = [
        ownership,
        owners,
        usd,
        _in_gdp(full, gdp, gdp_year),
        _per_owner(usd, owners),
        _turnover(everywhere, iso, holdings),
    ]
    return Exposure(
        tuple(estimates),
        tuple(_tables(everywhere, iso, keys if own is None and holdings is not None else [])),
        tuple(_findings(everywhere, iso, ownership, keys, own is not None)),
        holdings,
        everywhere.market.bitcoin_share,
        gdp,
        gdp_year,
        full.sources,
    )


def _nothing(reason: str) -> Exposure:
    made = [Estimate.missing(f"crash.{name}", label, unit, reason) for name, (label, unit) in LABELS.items()]
    finding = Finding(
        "crash.no_exposure", f"Households' exposure is not estimated: {reason}.", "warning", "data"
    )
    return Exposure(tuple(made), (), (finding,), None, 0.0, None, None, ())


LABELS: dict[str, tuple[str, str]] = {
    "ownership_share": ("Residents who own crypto-assets", "pct_population"),
    "owners": ("Owners of crypto-assets", "persons"),
    "household_holdings_usd": ("Households' holdings of bitcoin and stablecoins", "usd"),
    "household_holdings_pct_gdp": ("Households' holdings of bitcoin and stablecoins", "pct_gdp"),
    "average_holding_usd": ("Average holding of an owner", "usd"),
    "turnover": ("Turnover: value received in a year to holdings", "ratio"),
}
"""Estimates of this module: label and unit by name."""


def _missing(name: str, reason: str) -> Estimate:
    label, unit = LABELS[name]
    return Estimate.missing(f"crash.{name}", label, unit, reason, function=FUNCTION)


def _made(name: str, band: Band, **rest: Any) -> Estimate:
    label, unit = LABELS[name]
    known: dict[str, Any] = {
        "label": label,
        "interval": "range",
        "data_class": "modelled",
        "function": FUNCTION,
    } | rest
    return Estimate(f"crash.{name}", value=band.central, unit=unit, low=band.low, high=band.high, **known)


def _number(frame: pd.DataFrame, iso: str, column: str) -> float:
    """A cell as a float; NaN where the economy is not in the frame."""
    return float(cast(float, frame.loc[iso, column])) if iso in frame.index else math.nan


def _gdp(everywhere: WorldExposure, iso: str) -> tuple[float | None, int | None]:
    gdp = _number(everywhere.frame, iso, "gdp_usd")
    return (None, None) if math.isnan(gdp) else (gdp, int(_number(everywhere.frame, iso, "year")))


def _ownership_estimate(everywhere: WorldExposure, iso: str) -> Estimate:
    if iso not in everywhere.ownership.shares.index:
        return _missing("ownership_share", NO_OWNERSHIP)
    shares = everywhere.ownership.shares
    band = Band(*(_number(shares, iso, name) for name in ("low", "share", "high")))
    if not shares.loc[iso, "published"]:
        return _made(
            "ownership_share",
            band,
            interval="prediction",
            level=LEVEL,
            method="No published figure: internet use times the share of internet users who own elsewhere. "
            + everywhere.ownership.rule,
            date=str(int(_number(everywhere.frame, iso, "internet_year"))),
            n_obs=everywhere.ownership.n,
            sources=_sources(everywhere, None),
            inputs=("internet_users_pct", "ownership_share_pct_population"),
        )
    mine = everywhere.readings[everywhere.readings["country"] == iso]
    years = f"{int(mine['year'].min())}/{int(mine['year'].max())}"
    return _made(
        "ownership_share",
        band,
        method="Mean, in log-odds, of each source's newest figure; the range spans the sources and is at least as wide "
        "as figures for one economy usually differ (80 %).",
        data_class="survey" if mine["data_class"].eq("survey").all() else "modelled",
        date=years if mine["year"].min() < mine["year"].max() else years[:4],
        n_obs=len(mine),
        sources=_sources(everywhere, iso),
        inputs=("ownership_share_pct_population", "ownership_share_pct_internet_users"),
        note="The vendors' figures are models scaled to one survey, not surveys of this country, unless marked.",
    )


def _owners_estimate(everywhere: WorldExposure, iso: str, ownership: Estimate) -> Estimate:
    population = _number(everywhere.frame, iso, "population")
    if ownership.value is None or ownership.low is None or ownership.high is None:
        return _missing("owners", ownership.reason)
    if math.isnan(population):
        return _missing("owners", "the population is not in the vintage")
    return _made(
        "owners",
        Band(ownership.low, ownership.value, ownership.high).scaled(population / 100),
        interval=ownership.interval,
        level=ownership.level,
        method="Ownership share times population.",
        date=ownership.date,
        sources=ownership.sources,
        inputs=(*ownership.inputs, "population"),
    )


def _keys(everywhere: WorldExposure, iso: str) -> list[tuple[str, Band]]:
    """Holdings by each key that can be computed for the country and says enough."""
    found = []
    for name, frame in (("owners and income", everywhere.by_owners), (BY_VOLUME, everywhere.by_volume)):
        if frame is None or not _number(frame, iso, "low") > 0:
            continue
        band = Band(*(_number(frame, iso, end) for end in ("low", "central", "high")))
        if name != BY_VOLUME or band.high <= WIDEST_KEY * band.low:
            found.append((name, band))
    return found


HIDDEN = "the institution's own figure was used but is confidential; only what follows from it is printed"


def _own_holdings(own: Observation) -> Estimate:
    return Estimate(
        "crash.household_holdings_usd",
        LABELS["household_holdings_usd"][0],
        own.value,
        "usd",
        data_class=own.data_class,
        date=own.date.isoformat(),
        sources=(own.source,),
        inputs=(OWN_SERIES,),
        method="Given by the user.",
        function=FUNCTION,
        note="The bank's own figure.",
    )


def _holdings_estimate(
    everywhere: WorldExposure,
    holdings: Band | None,
    keys: list[tuple[str, Band]],
    ownership: Estimate,
) -> Estimate:
    if holdings is None:
        if everywhere.market.total is None:
            reason = "no market value of crypto-assets is in the vintage"
        else:
            reason = ownership.reason or NOT_IN_ACCOUNTS
        return _missing("household_holdings_usd", reason)
    used = listing([name for name, _ in keys])
    notes = [_composition(everywhere.market)]
    what = _held(everywhere.market)
    if len(keys) < 2:
        why = everywhere.volume_reason or f"value received is not known within a factor of {WIDEST_KEY:g}"
        notes.append(f"Owners and income alone: {why}.")
    return _made(
        "household_holdings_usd",
        holdings,
        label=f"Households' holdings of {what}",
        method=f"World market value of {what} spread by {used}; centre: geometric mean of the keys; "
        "the range spans the keys, the income elasticity, ownership figures and who holds bitcoin.",
        date=everywhere.market.date,
        sources=(*everywhere.market.sources, *ownership.sources),
        inputs=(
            "btc_market_cap_usd",
            "btc_held_by_individuals",
            "stablecoin_supply_total_usd",
            *ownership.inputs,
            "population",
            "gdp_usd",
        ),
        note=" ".join(notes),
    )


def _held(market: MarketValue) -> str:
    if market.bitcoin is None:
        return "stablecoins"
    return "bitcoin" if market.stablecoins is None else "bitcoin and stablecoins"


def _composition(market: MarketValue) -> str:
    if market.bitcoin is None:
        return "Stablecoins only: no bitcoin price in the vintage."
    if market.stablecoins is None:
        return "Bitcoin only: no stablecoin supply in the vintage."
    return (
        f"Bitcoin and stablecoins only, split as in the world ({100 * market.bitcoin_share:.0f} % bitcoin)."
    )


def _in_gdp(usd: Estimate, gdp: float | None, year: int | None) -> Estimate:
    name = "household_holdings_pct_gdp"
    if usd.value is None:
        return _missing(name, usd.reason)
    if gdp is None:
        return _missing(name, "GDP is not in the vintage")
    ends = (
        {}
        if usd.low is None or usd.high is None
        else {"low": 100 * usd.low / gdp, "high": 100 * usd.high / gdp}
    )
    return usd.with_(
        id=f"crash.{name}",
        unit="pct_gdp",
        value=100 * usd.value / gdp,
        inputs=tuple(dict.fromkeys((*usd.inputs, "gdp_usd"))),
        note=f"{usd.note} GDP of {year}.".strip(),
        **ends,
    )


def _per_owner(usd: Estimate, owners: Estimate) -> Estimate:
    name = "average_holding_usd"
    if not owners.value or usd.value is None:
        return _missing(name, usd.reason or owners.reason or "no owners are estimated")
    return Estimate(
        f"crash.{name}",
        LABELS[name][0],
        usd.value / owners.value,
        "usd",
        data_class="modelled",
        method="Central holdings over central owners; a mean, far above the typical owner's holding.",
        date=usd.date,
        sources=usd.sources,
        inputs=usd.inputs,
        function=FUNCTION,
    )


def _turnover(everywhere: WorldExposure, iso: str, holdings: Band | None) -> Estimate:
    if everywhere.volumes is None:
        return _missing("turnover", everywhere.volume_reason or "no volumes")
    if everywhere.market.bitcoin is None:
        return _missing("turnover", "value received includes bitcoin, holdings here do not")
    volume = everywhere.volumes.of(iso)
    if volume is None or holdings is None:
        return _missing("turnover", "volume or holdings are not available")
    return _made(
        "turnover",
        Band(
            volume.central / holdings.high, volume.central / holdings.central, volume.central / holdings.low
        ),
        method="Value received in twelve months over households' holdings; the range is that of the holdings. A check "
        "of both, not a measurement.",
        date=everywhere.volumes.date,
        sources=everywhere.volumes.sources,
        inputs=("crypto_value_received_usd",),
    )


def _sources(everywhere: WorldExposure, iso: str | None) -> tuple[str, ...]:
    rows = everywhere.readings
    chosen = rows if iso is None else rows[rows["country"] == iso]
    return tuple(dict.fromkeys(chosen["source"]))


def _tables(everywhere: WorldExposure, iso: str, keys: list[tuple[str, Band]]) -> list[Table]:
    mine = everywhere.readings[everywhere.readings["country"] == iso].sort_values(["year", "organisation"])
    tables = []
    if not mine.empty:
        tables.append(
            Table(
                "crash.ownership",
                "Published ownership figures",
                mine.assign(year=mine["year"].astype(str)),
                (
                    Column("organisation", "Source"),
                    Column("year", "Year"),
                    Column("value", "Residents who own", "% of population", 1),
                    Column("data_class", "Class"),
                    Column("remark", "Remark"),
                ),
                note="UNCTAD's figures for 2021 equal those of the vendor Triple-A, which scales Chainalysis scores by "
                "one Canadian survey; the figures of both are modelled and not independent of each other.",
                sources=_sources(everywhere, iso),
            )
        )
    if keys:
        rows = [(name, band.low / 1e6, band.central / 1e6, band.high / 1e6) for name, band in keys]
        tables.append(
            Table(
                "crash.keys",
                "Households' holdings by each key",
                pd.DataFrame(rows, columns=["key", "low", "central", "high"]),
                (
                    Column("key", "World market value spread by"),
                    Column("low", "Low", "USD million", 0),
                    Column("central", "Central", "USD million", 0),
                    Column("high", "High", "USD million", 0),
                ),
                note="Both keys add to the world's market value over all economies.",
                sources=everywhere.market.sources,
            )
        )
    return tables


def _findings(
    everywhere: WorldExposure,
    iso: str,
    ownership: Estimate,
    keys: list[tuple[str, Band]],
    own: bool,
) -> list[Finding]:
    found: list[Finding] = []
    year = _gdp(everywhere, iso)[1]
    newest = int(everywhere.frame["year"].max())
    if year is not None and year < newest - 2:
        text = f"GDP is that of {year}, the last in the vintage: ratios to GDP mix it with a market value of {{}}."
        found.append(
            Finding("crash.old_gdp", text.format(everywhere.market.date or "later"), "notice", "data")
        )
    mine = everywhere.readings[everywhere.readings["country"] == iso]
    if len(mine) and int(mine["year"].max()) < int(everywhere.market.date[:4] or 0) - 2:
        text = (
            f"The newest ownership figure is of {int(mine['year'].max())}; the market value it is combined with is of "
            f"{everywhere.market.date}. Owners may have become more or fewer since."
        )
        found.append(Finding("crash.old_ownership", text, "notice", "data", ("crash.ownership_share",)))
    if ownership.available and not everywhere.ownership.shares.loc[iso, "published"]:
        text = (
            f"No ownership figure has been published for this economy; {ownership:full} is an estimate from internet "
            f"use and {everywhere.ownership.n} economies with a figure."
        )
        found.append(Finding("crash.ownership_modelled", text, "notice", "data", ("crash.ownership_share",)))
    if own:
        text = "Households' holdings are the bank's own figure; the public estimate is not used."
        found.append(Finding("crash.own_holdings", text, "info", "data", ("crash.household_holdings_usd",)))
    elif len(keys) == 2:
        ratio = max(keys[0][1].central, keys[1][1].central) / min(keys[0][1].central, keys[1][1].central)
        if ratio > 3:
            text = (
                f"The two keys for households' holdings differ by a factor of {ratio:.1f}: exposure is the weakest link "
                "of every scenario here, and the bank's own survey would narrow it most."
            )
            found.append(
                Finding("crash.keys_disagree", text, "notice", "caveat", ("crash.household_holdings_usd",))
            )
    odd = ""
    if (
        everywhere.market.bitcoin is not None
        and everywhere.volumes is not None
        and everywhere.by_owners is not None
    ):
        odd = unusual_turnover(everywhere.volumes, everywhere.by_owners, iso)
    if odd:
        found.append(Finding("crash.turnover", odd, "notice", "caveat", ("crash.turnover",)))
    return found
