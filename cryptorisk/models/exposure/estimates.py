"""Households' exposure as estimates: ownership, owners, holdings, holding per owner, turnover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from cryptorisk.data.inputs import Observation
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.models.exposure.holdings import Band, MarketValue, Under
from cryptorisk.models.exposure.ownership import LEVEL
from cryptorisk.models.exposure.split import Split
from cryptorisk.models.exposure.two_prices import CENTRE, WAYS, Key
from cryptorisk.models.exposure.world import WIDEST_KEY, WorldExposure, cell, ownership_sources
from cryptorisk.models.gdp_dollars import GdpDollars
from cryptorisk.words import listing

FUNCTION = "cryptorisk.models.exposure.household_holdings"


OWN_SERIES = "household_crypto_holdings_usd"


NO_OWNERSHIP = "there is neither a published ownership share nor a figure of internet use above zero to estimate one from"


NOT_IN_ACCOUNTS = (
    "GDP or population is not in the vintage, so no average holding can be scaled to this economy"
)


LABELS: dict[str, tuple[str, str]] = {
    "ownership_share": ("Residents who own crypto-assets", "pct_population"),
    "owners": ("Owners of crypto-assets", "persons"),
    "household_holdings_usd": ("Households' holdings of bitcoin and stablecoins", "usd"),
    "household_holdings_pct_gdp": ("Households' holdings of bitcoin and stablecoins", "pct_gdp"),
    "average_holding_usd": ("Average holding of an owner", "usd"),
    "turnover": ("Turnover: value received in a year to holdings", "ratio"),
}
"""Estimates of this module: label and unit by name."""


HIDDEN = (
    "the institution's own figure was used but is confidential; what follows from it is given to one digit"
)


def missing(name: str, reason: str) -> Estimate:
    """An estimate of `LABELS` that is not available, with the reason."""
    label, unit = LABELS[name]
    return Estimate.missing(f"crash.{name}", label, unit, reason, function=FUNCTION)


def banded(name: str, band: Band, **rest: Any) -> Estimate:
    """An estimate of `LABELS` with a band; a range of assumptions unless said otherwise."""
    label, unit = LABELS[name]
    known: dict[str, Any] = {
        "label": label,
        "interval": "range",
        "data_class": "modelled",
        "function": FUNCTION,
    } | rest
    return Estimate(f"crash.{name}", value=band.central, unit=unit, low=band.low, high=band.high, **known)


def ownership_estimate(everywhere: WorldExposure, iso: str) -> Estimate:
    """Share of residents who own, in percent, from published figures or from internet use."""
    if iso not in everywhere.ownership.shares.index:
        return missing("ownership_share", NO_OWNERSHIP)
    shares = everywhere.ownership.shares
    band = Band(*(cell(shares, iso, name) for name in ("low", "share", "high")))
    if not shares.loc[iso, "published"]:
        return banded(
            "ownership_share",
            band,
            interval="prediction",
            level=LEVEL,
            method="No published figure: internet use times the share of internet users who own elsewhere. "
            + everywhere.ownership.rule,
            date=str(int(cell(everywhere.frame, iso, "internet_year"))),
            n_obs=everywhere.ownership.n,
            sources=ownership_sources(everywhere, None),
            inputs=("internet_users_pct", "ownership_share_pct_population"),
        )
    mine = everywhere.readings[everywhere.readings["country"] == iso]
    years = f"{int(mine['year'].min())}/{int(mine['year'].max())}"
    return banded(
        "ownership_share",
        band,
        method="Mean, in log-odds, of each source's newest figure; the range spans the sources and is at least as wide "
        "as figures for one economy usually differ (80 %).",
        data_class="survey" if mine["data_class"].eq("survey").all() else "modelled",
        date=years if mine["year"].min() < mine["year"].max() else years[:4],
        n_obs=len(mine),
        sources=ownership_sources(everywhere, iso),
        inputs=("ownership_share_pct_population", "ownership_share_pct_internet_users"),
        note="The vendors' figures are models scaled to one survey, not surveys of this country, unless marked.",
    )


def owners_estimate(everywhere: WorldExposure, iso: str, ownership: Estimate) -> Estimate:
    """Number of owners."""
    population = cell(everywhere.frame, iso, "population")
    if ownership.value is None or ownership.low is None or ownership.high is None:
        return missing("owners", ownership.reason)
    if math.isnan(population):
        return missing("owners", "the population is not in the vintage")
    return banded(
        "owners",
        Band(ownership.low, ownership.value, ownership.high).scaled(population / 100),
        interval=ownership.interval,
        level=ownership.level,
        method="Ownership share times population.",
        date=ownership.date,
        sources=ownership.sources,
        inputs=(*ownership.inputs, "population"),
    )


def own_holdings(own: Observation, hidden: bool) -> Estimate:
    """The user's own figure of households' holdings, to one digit when it is confidential."""
    return Estimate(
        "crash.household_holdings_usd",
        LABELS["household_holdings_usd"][0],
        one_digit(own.value) if hidden else own.value,
        "usd",
        data_class=own.data_class,
        date=own.date.isoformat(),
        sources=(own.source,),
        inputs=(OWN_SERIES,),
        method="Given by the user.",
        function=FUNCTION,
        note="The bank's own figure.",
    )


def holdings_estimate(
    everywhere: WorldExposure,
    holdings: Band | None,
    keys: list[tuple[str, Band]],
    ownership: Estimate,
    split: Split,
    gdp: GdpDollars | None,
) -> Estimate:
    """Households' holdings in US dollars, or why there are none."""
    if holdings is None:
        if everywhere.market.total is None:
            reason = "no market value of crypto-assets is in the vintage"
        else:
            reason = ownership.reason or NOT_IN_ACCOUNTS
        return missing("household_holdings_usd", reason)
    used = listing([name for name, _ in keys])
    notes = [_composition(everywhere.market, split)]
    what = _held(everywhere.market)
    if len(keys) < 2:
        why = everywhere.volume_reason or f"value received is not known within a factor of {WIDEST_KEY:g}"
        notes.append(f"Owners and income alone: {why}.")
    rate = gdp is not None and gdp.gap is not None
    if rate:
        notes.append("GDP in the keys is at both prices of a dollar, in the centre at their geometric mean.")
    return banded(
        "household_holdings_usd",
        holdings,
        label=f"Households' holdings of {what}",
        method=f"World market value of {what} spread by {used}; centre: geometric mean of the keys; "
        f"the range spans the keys, the income elasticity, ownership figures{', the price of a dollar' if rate else ''} and "
        "who holds bitcoin.",
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


def _composition(market: MarketValue, split: Split) -> str:
    if market.bitcoin is None:
        return "Stablecoins only: no bitcoin price in the vintage."
    if market.stablecoins is None:
        return "Bitcoin only: no stablecoin supply in the vintage."
    return f"Bitcoin and stablecoins only, {split.basis}."


def in_gdp(
    usd: Estimate, gdp: GdpDollars | None, under: Under | None, gdp_sources: tuple[str, ...]
) -> Estimate:
    """Holdings in percent of GDP."""
    name = "household_holdings_pct_gdp"
    if usd.value is None:
        return missing(name, usd.reason)
    if gdp is None or under is None:
        return missing(name, "GDP is not in the vintage")
    value = usd.value
    low, high = (value if end is None else end for end in (usd.low, usd.high))
    share = under.share(Band(low, value, high))
    ends: dict[str, Any] = {"low": share.low, "high": share.high} if share.high > share.low else {}
    if ends and usd.low is None:
        ends["interval"] = "range"
    return usd.with_(
        id=f"crash.{name}",
        unit="pct_gdp",
        value=share.central,
        inputs=tuple(dict.fromkeys((*usd.inputs, "gdp_usd", *(gdp.gap.inputs if gdp.gap else ())))),
        sources=tuple(dict.fromkeys((*usd.sources, *gdp_sources, *(gdp.gap.sources if gdp.gap else ())))),
        note=f"{usd.note} GDP of {gdp.year}. {gdp.note}".strip(),
        **ends,
    )


def per_owner(usd: Estimate, owners: Estimate) -> Estimate:
    """Mean holding of an owner in US dollars."""
    name = "average_holding_usd"
    if not owners.value or usd.value is None:
        return missing(name, usd.reason or owners.reason or "no owners are estimated")
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


def turnover(
    everywhere: WorldExposure, iso: str, holdings: Band | None, keys: Sequence[Key] = ()
) -> Estimate:
    """Value received in a year over holdings, with the range of the holdings; both with GDP at one price of a dollar."""
    if everywhere.volumes is None:
        return missing("turnover", everywhere.volume_reason or "no volumes")
    if everywhere.market.bitcoin is None:
        return missing("turnover", "value received includes bitcoin, holdings here do not")
    volume = everywhere.volumes.of(iso, CENTRE)
    if volume is None or holdings is None or not holdings.low > 0:
        return missing("turnover", "volume or holdings are not available")
    ends = Band(*(volume.central / held for held in (holdings.high, holdings.central, holdings.low)))
    if keys:
        ratios = [
            over.central / held
            for place, way in enumerate(WAYS)
            if (over := everywhere.volumes.of(iso, way)) is not None
            for key in keys
            for held in (key.by_way[place].low, key.by_way[place].high)
        ]
        ends = Band(min(ratios), ends.central, max(ratios))
    if ends.low == ends.high:  # the institution's own figure has no band
        label, unit = LABELS["turnover"]
        return Estimate(
            "crash.turnover",
            label,
            ends.central,
            unit,
            method="Value received in twelve months over the institution's own figure for households' holdings.",
            date=everywhere.volumes.date,
            sources=(*everywhere.volumes.sources, BANK),
            inputs=("crypto_value_received_usd", OWN_SERIES),
            function=FUNCTION,
        )
    return banded(
        "turnover",
        ends,
        method="Value received in twelve months over households' holdings; the range is that of the holdings. A check "
        "of both, not a measurement.",
        date=everywhere.volumes.date,
        sources=everywhere.volumes.sources,
        inputs=("crypto_value_received_usd",),
    )
