"""What a country's households, banks and government have at stake: the exposure rule that all chapters share.

Households: owners times an average holding that two keys bracket (`cryptorisk.models.exposure.holdings`). Banks: only
what the user's supervisory data say. Government: only published holdings. Unknown is never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.exposure.estimates import (
    HIDDEN,
    LABELS,
    OWN_SERIES,
    holdings_estimate,
    in_gdp,
    missing,
    own_holdings,
    owners_estimate,
    ownership_estimate,
    per_owner,
    turnover,
)
from cryptorisk.models.exposure.figures import weo
from cryptorisk.models.exposure.holdings import Band, Under, bracket
from cryptorisk.models.exposure.parts import Parts, parts_of
from cryptorisk.models.exposure.split import Split, bitcoin_split
from cryptorisk.models.exposure.tables import exposure_findings, exposure_tables
from cryptorisk.models.exposure.two_prices import WAYS, Key, keys_at, under
from cryptorisk.models.exposure.world import BY_VOLUME, gdp_of, world
from cryptorisk.models.gdp_dollars import GdpDollars
from cryptorisk.models.gdp_unchecked import unchecked_rate
from cryptorisk.models.volumes.keys import GDP_IN_KEY
from cryptorisk.models.volumes.public import public
from cryptorisk.params import Params
from cryptorisk.result import Finding, Table


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
        US dollars; the institution's own figure without a band, to one digit when it is confidential.
    split : Split
        Share of bitcoin in them by `cryptorisk.models.exposure.split`; the centre alone for the institution's own figure.
    gdp_usd : float or None
        GDP of the last year in the vintage, US dollars; the centre where there are two prices of a dollar.
    gdp : GdpDollars or None
        The same with the range of the rates at which it can be converted.
    under : Under or None
        GDP under each end of the holdings: a key rises with the economy's own GDP (`cryptorisk.models.exposure.two_prices`).
    gdp_year : int or None
    sources : tuple of str
        Of the holdings.
    parts : Parts or None
        What the holdings are made of; None where they are the institution's own figure or unknown.
    own, hidden : bool
        Whether the holdings are the institution's own figure, and whether that is confidential.
    """

    estimates: tuple[Estimate, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    holdings: Band | None
    split: Split
    gdp_usd: float | None
    gdp_year: int | None
    sources: tuple[str, ...]
    own: bool = False
    hidden: bool = False
    gdp: GdpDollars | None = None
    parts: Parts | None = None
    under: Under | None = None

    @property
    def bitcoin_share(self) -> Band:
        """Share of bitcoin in the holdings, 0 to 1."""
        return self.split.band

    def in_gdp(self, usd: Band) -> Band | None:
        """A multiple of the holdings in percent of GDP, each end at one price of a dollar; None without GDP.

        The institution's own figure has no band but that of GDP.
        """
        return None if self.under is None else self.under.share(usd)

    def __getitem__(self, name: str) -> Estimate:
        """The estimate of that name (without the chapter)."""
        return next(e for e in self.estimates if e.id == f"crash.{name}")


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
        everywhere = world(public(inputs), params)
    except ModelError as error:
        return _nothing(str(error.what))
    iso = inputs.country
    gdp = gdp_of(everywhere, public(inputs))
    ownership = ownership_estimate(everywhere, iso)
    owners = owners_estimate(everywhere, iso, ownership)
    own = inputs.latest(OWN_SERIES)
    split = bitcoin_split(everywhere.market.bitcoin_share, iso, inputs.as_of)
    keys = keys_at(everywhere, iso, params.crash.income_elasticity, gdp)
    bands = [(key.name, key.usd) for key in keys]
    hidden = own is not None and OWN_SERIES in inputs.confidential
    if own is not None:
        full = own_holdings(own, hidden)
        value = full.value or 0.0
        holdings: Band | None = Band(value, value, value)
        keys = []
        usd = missing("household_holdings_usd", HIDDEN) if hidden else full
    else:
        holdings = bracket([key.usd for key in keys]) if keys and ownership.available else None
        usd = full = holdings_estimate(everywhere, holdings, bands, ownership, split, gdp)
    below = None if gdp is None else under(keys, gdp) if keys else Under.fixed(gdp)
    ratios = [
        in_gdp(full, gdp, below, weo(inputs)),
        per_owner(usd, owners),
        turnover(everywhere, iso, holdings, keys),
    ]
    if hidden:
        ratios = [estimate.coarsened() for estimate in ratios]
    estimates = [ownership, owners, usd, *ratios]
    centre = split.band.central
    return Exposure(
        tuple(estimates),
        tuple(exposure_tables(everywhere, iso, bands if own is None and holdings is not None else [])),
        (
            *exposure_findings(everywhere, iso, ownership, bands, own is not None),
            *_two_prices(gdp, keys if holdings is not None else []),
            *_unchecked(public(inputs), gdp, holdings, keys, params.crash.income_elasticity.central),
        ),
        holdings,
        split if own is None else replace(split, band=Band(centre, centre, centre)),
        None if gdp is None else gdp.central,
        None if gdp is None else gdp.year,
        full.sources,
        own is not None,
        hidden,
        gdp,
        None
        if own is not None or holdings is None
        else parts_of(everywhere, iso, bands, params.crash.income_elasticity, gdp),
        below,
    )


def _two_prices(gdp: GdpDollars | None, keys: Sequence[Key]) -> tuple[Finding, ...]:
    """That GDP has two prices of a dollar, and what holdings that keys share out would be with one of them throughout."""
    if gdp is None or gdp.gap is None:
        return ()
    if keys:
        first, _, last = (
            100 * bracket([key.by_way[i] for key in keys]).central / gdp.at(WAYS[i]) for i in range(3)
        )
        text = (
            f"{gdp.note} So it is in the keys that share out the world's holdings, which rise with GDP but by less: with "
            f"GDP at its source's rate throughout holdings would be {number(first, 1)} % of GDP, at the other "
            f"{number(last, 1)} %."
        )
    else:
        text = f"{gdp.note} Ratios to GDP at its source's rate would be {number(100 / gdp.gap.half, 0)} % of these."
    return (Finding("crash.gdp_rate", text, "notice", "caveat", ("crash.household_holdings_pct_gdp",)),)


def _unchecked(
    inputs: Inputs, gdp: GdpDollars | None, holdings: Band | None, keys: Sequence[Key], elasticity: float
) -> tuple[Finding, ...]:
    """That nothing in the data confirms GDP's rate, and what a dollar at twice that rate would make of the ratio."""
    text = "" if gdp is None else unchecked_rate(inputs, gdp.year, weo(inputs))
    if not text or holdings is None:
        return ()
    # The keys rise with GDP, the institution's own figure does not.
    by_gdp = [GDP_IN_KEY if key.name == BY_VOLUME else elasticity for key in keys] or [0.0]
    higher = 100 * (2 ** (1 - sum(by_gdp) / len(by_gdp)) - 1)
    text += (
        f" At twice that rate households' holdings and losses would be about {number(higher, 0)} % higher in relation to "
        "GDP, what banks and the state hold twice as high."
    )
    return (Finding("crash.gdp_unchecked", text, "notice", "data", ("crash.household_holdings_pct_gdp",)),)


def _nothing(reason: str) -> Exposure:
    made = [Estimate.missing(f"crash.{name}", label, unit, reason) for name, (label, unit) in LABELS.items()]
    finding = Finding(
        "crash.no_exposure", f"Households' exposure is not estimated: {reason}.", "warning", "data"
    )
    return Exposure(tuple(made), (), (finding,), None, Split(Band(0.0, 0.0, 0.0), None, 0.0), None, None, ())


__all__ = ["Exposure", "household_holdings", "world"]
