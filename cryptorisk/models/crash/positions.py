"""Who holds what: positions of households, banks, other financial institutions and the state, and their loss in a scenario.

The parts of a loss add up: each position is one holder's holding of one instrument, no holding stands in two of them, and
claims of one holder on another (a bank's loan to a fund) are none. What is not known has no amount and a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.banks import NOT_PUBLIC
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.government import NO_PUBLISHED_HOLDINGS, OWN_GOVERNMENT
from cryptorisk.models.crash.losses import NO_BITCOIN
from cryptorisk.models.crash.scenarios import Scenario, losses
from cryptorisk.models.crash.shocks import Instrument, Shock
from cryptorisk.models.crash.supervisory import EXPOSURE
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band, over_gdp
from cryptorisk.models.part import places
from cryptorisk.result import Column, Table

Holder = Literal["Households", "Banks", "Other financial institutions", "Government"]

NONBANKS, ETHER, OTHERS = (
    "nonbank_crypto_exposure_usd",
    "household_ether_holdings_usd",
    "household_other_crypto_holdings_usd",
)
WORDS: dict[Instrument, str] = {
    "bitcoin": "bitcoin",
    "stablecoins": "stablecoins",
    "ether": "ether",
    "others": "other assets",
    "unhedged": "as bitcoin, unhedged",
}
NOT_IN_VINTAGE = "no value of such holdings is in the vintage; the institution can give it"
RUNGS = ("mild", "central", "severe")
NOT_COUNTED = (
    " The currency's fall enters none of these losses, only banks' capital and liquidity: what it adds to a holding counted "
    "in national money is no gain where prices follow."
)
NOMINAL = " Nominal: no rise of prices is taken out."
SHARES = ("low_pct_gdp", "central_pct_gdp", "high_pct_gdp", "all_pct_gdp")
NAMES = (
    "scenario",
    "price_drop_pct",
    "stablecoin_loss_pct",
    "redemption_pct",
    "depreciation_pct",
    *SHARES,
    "national_pct",
    "equity_pct_gdp",
)


@dataclass(frozen=True)
class Position:
    """One holder's holding of one instrument.

    Attributes
    ----------
    holder : str
    instrument : str
    usd : Band or None
        None when not known; to one digit when confidential.
    reason : str
        Why it is not known.
    coarse : bool
        Whether it stands on a confidential figure.
    sources : tuple of str
    """

    holder: Holder
    instrument: Instrument
    usd: Band | None
    reason: str = ""
    coarse: bool = False
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Holder and instrument in words."""
        return f"{self.holder}: {WORDS[self.instrument]}"

    def loss(self, shock: Shock) -> Band | None:
        """Loss in US dollars, low to high holding; None when the holding is not known."""
        return None if self.usd is None else self.usd.scaled(shock.loss(self.instrument))


def positions(exposure: Exposure, inputs: Inputs, government_usd: float | None) -> list[Position]:
    """All positions of an economy, known or not.

    Parameters
    ----------
    exposure : Exposure
    inputs : Inputs
    government_usd : float or None
        Of `cryptorisk.models.crash.government`, to one digit when confidential.

    Returns
    -------
    list of Position
        Households' bitcoin and stablecoins, ether and others, banks, other financial institutions, government.
    """
    state = None if government_usd is None else Band(government_usd, government_usd, government_usd)
    return [
        *_households(exposure),
        _given(inputs, ETHER, "Households", "ether", NOT_IN_VINTAGE),
        _given(inputs, OTHERS, "Households", "others", NOT_IN_VINTAGE),
        _given(inputs, EXPOSURE, "Banks", "unhedged", NOT_PUBLIC),
        _given(
            inputs,
            NONBANKS,
            "Other financial institutions",
            "unhedged",
            "not public; their supervisor can supply it",
        ),
        Position(
            "Government",
            "bitcoin",
            state,
            "" if state else NO_PUBLISHED_HOLDINGS,
            OWN_GOVERNMENT in inputs.confidential,
        ),
    ]


def _households(exposure: Exposure) -> list[Position]:
    held, split = exposure.holdings, exposure.bitcoin_share
    if held is None:
        reason = exposure["household_holdings_usd"].reason
        return [Position("Households", part, None, reason) for part in ("bitcoin", "stablecoins")]
    bitcoin = Band(held.low * split.low, held.central * split.central, held.high * split.high)
    stable = Band(
        held.low * (1 - split.high), held.central * (1 - split.central), held.high * (1 - split.low)
    )
    priced = split.central > 0  # without a bitcoin price the holdings are those of stablecoins alone
    return [
        Position(
            "Households",
            "bitcoin",
            bitcoin if priced else None,
            "" if priced else NO_BITCOIN,
            exposure.hidden,
            exposure.sources,
        ),
        Position("Households", "stablecoins", stable, "", exposure.hidden, exposure.sources),
    ]


def _given(inputs: Inputs, series: str, holder: Holder, instrument: Instrument, reason: str) -> Position:
    figure = inputs.latest(series)
    if figure is None:
        return Position(holder, instrument, None, reason)
    coarse = series in inputs.confidential
    value = (one_digit(figure.value) if coarse else figure.value) or 0.0
    return Position(holder, instrument, Band(value, value, value), "", coarse, (figure.source,))


def known_loss(held: Sequence[Position], shock: Shock) -> float | None:
    """Central loss of all known positions in US dollars; None when none is known."""
    losses = [loss.central for position in held if (loss := position.loss(shock)) is not None]
    return sum(losses) if losses else None


def components_table(held: Sequence[Position], scenario: Combined, gdp_usd: float | None) -> Table:
    """``crash.components``: the central loss of each position in the combined scenario, and their sum.

    Parameters
    ----------
    held : sequence of Position
    scenario : Combined
    gdp_usd : float or None

    Returns
    -------
    Table
        In percent of GDP, or in millions of US dollars without GDP.
    """
    factor = 1e-6 if gdp_usd is None else 100 / gdp_usd
    rows = [_component(position, scenario.rungs, factor) for position in held]
    known = [position for position in held if position.usd is not None]
    if known:
        sums = [factor * (known_loss(known, rung.shock) or 0.0) for rung in scenario.rungs]
        total = sum(position.usd.central for position in known if position.usd is not None) / 1e6
        if any(position.coarse for position in known):
            total, *sums = [one_digit(value) or 0.0 for value in (total, *sums)]
        rows.append(("All that is known", total, *sums, ""))
    numeric = ["held_usd_m", *RUNGS]
    frame = pd.DataFrame(rows, columns=["what", *numeric, "reason"]).astype(dict.fromkeys(numeric, float))
    unit, least = ("USD million", 0) if gdp_usd is None else ("% of GDP", 3)
    digits = places(frame, RUNGS, least)
    columns = (
        Column("what", "Holder and holding"),
        Column("held_usd_m", "Held", "USD million", 0),
        *(Column(rung, rung.capitalize(), unit, digits) for rung in RUNGS),
        Column("reason", "Why not known"),
    )
    return Table(
        "crash.components",
        "Parts of the loss in the combined scenario",
        frame,
        columns,
        note="Central holdings, US dollars at prices and exchange rates before the scenario. The sum leaves out what is not "
        "known and is a lower bound for that reason."
        + (
            " What stands on a confidential figure is given to one digit."
            if any(p.coarse for p in held)
            else ""
        ),
        sources=tuple(dict.fromkeys(id for position in held for id in position.sources)),
    )


def _component(position: Position, rungs: Sequence[Scenario], factor: float) -> tuple[object, ...]:
    if position.usd is None:
        return (position.name, None, None, None, None, position.reason)
    losses = [factor * position.usd.central * rung.shock.loss(position.instrument) for rung in rungs]
    values = [position.usd.central / 1e6, *losses]
    if position.coarse:
        values = [one_digit(value) or 0.0 for value in values]
    return (position.name, *values, "")


def combined_table(
    scenarios: Sequence[Scenario],
    held: Sequence[Position],
    exposure: Exposure,
    joint: Combined,
    equity_pct_gdp: float | None,
    market_year: int | None,
) -> Table:
    """``crash.combined``: the combined scenarios with their parts, the loss, and under a premium the value at home.

    Parameters
    ----------
    scenarios : sequence of Scenario
    held : sequence of Position
    exposure : Exposure
    joint : Combined
        Whose rungs are among them: where the depreciation comes from, and whether there is one.
    equity_pct_gdp : float or None
        Market value of listed domestic shares in percent of GDP.
    market_year : int or None
        Its year.
    """
    coarse = any(position.coarse for position in held)
    rows = [_combined_row(scenario, held, exposure, equity_pct_gdp, coarse) for scenario in scenarios]
    frame = pd.DataFrame(rows, columns=list(NAMES))
    frame = frame.astype(dict.fromkeys(frame.columns[1:], float))
    digits = places(frame, SHARES, 2)
    columns = (
        Column("scenario", "Scenario"),
        Column("price_drop_pct", "Bitcoin", "fall, %", 0),
        Column("stablecoin_loss_pct", "Stablecoins", "loss, %", 1),
        Column("redemption_pct", "Redeemed", "%", 0),
        Column("depreciation_pct", "Currency", "fall, %", 0),
        Column("low_pct_gdp", "Households, low", "% of GDP", digits),
        Column("central_pct_gdp", "central", "% of GDP", digits),
        Column("high_pct_gdp", "high", "% of GDP", digits),
        Column("all_pct_gdp", "All known holders", "% of GDP", digits),
        Column("national_pct", "Holdings in national money, nominal", "change, %", 0),
        Column("equity_pct_gdp", "Listed shares", "% of GDP", 1),
    )
    if not joint.depreciation_known:
        ours = frame["scenario"].isin([rung.name for rung in joint.rungs])
        frame["depreciation_pct"] = frame["depreciation_pct"].mask(ours)
    silent = {name for name in frame.columns[1:] if frame[name].isna().all()}
    shares = f" Listed shares: market value of {market_year}." if "equity_pct_gdp" not in silent else ""
    weaker = NOT_COUNTED if any(one.shock.depreciation for one in scenarios) else ""
    weaker += "" if "national_pct" in silent else NOMINAL
    return Table(
        "crash.combined",
        "Combined scenarios: crash, loss on stablecoins, redemptions and depreciation at once",
        frame,
        tuple(column for column in columns if column.name not in silent),
        note=f"Scenarios, not forecasts: no probability is attached. {joint.depreciation_basis} Losses are in US dollars at "
        f"the exchange rate before.{weaker}{shares}"
        + (" To one digit: it stands on a confidential figure." if coarse else ""),
        sources=exposure.sources,
    )


def _combined_row(
    scenario: Scenario,
    held: Sequence[Position],
    exposure: Exposure,
    equity_pct_gdp: float | None,
    coarse: bool,
) -> dict[str, object]:
    shock, gdp = scenario.shock, exposure.gdp_usd
    row: dict[str, object] = {
        "scenario": scenario.name,
        "price_drop_pct": 100 * shock.bitcoin,
        "stablecoin_loss_pct": 100 * shock.stablecoin_loss,
        "redemption_pct": 100 * shock.redemption,
        "depreciation_pct": 100 * shock.depreciation,
    }
    if equity_pct_gdp is not None and shock.equity:
        row["equity_pct_gdp"] = shock.equity * equity_pct_gdp
    lost = household_loss_band(held, exposure, scenario)
    share = _in_gdp(held, exposure, scenario)
    if lost is None or gdp is None or share is None:
        return row
    amounts = {"low_pct_gdp": share.low, "central_pct_gdp": share.central, "high_pct_gdp": share.high}
    if any(position.usd is not None for position in held if position.holder != "Households"):
        amounts["all_pct_gdp"] = 100 * (known_loss(held, shock) or 0.0) / gdp
    home = [position.usd.central for position in held if position.holder == "Households" and position.usd]
    if shock.premium and sum(home) > 0:
        amounts["national_pct"] = 100 * shock.change_in_national_money(lost.central / sum(home))
    if coarse:
        amounts = {name: one_digit(value) or 0.0 for name, value in amounts.items()}
    return row | amounts


def _in_gdp(held: Sequence[Position], exposure: Exposure, scenario: Scenario) -> Band | None:
    """The same in percent of GDP: what the institution gave itself does not move with the price of a dollar, holdings do."""
    if exposure.holdings is None or exposure.gdp is None or exposure.bitcoin_share.central == 0:
        return None
    share = exposure.in_gdp(losses(scenario, exposure.holdings, exposure.bitcoin_share))
    for position in held:
        if position.holder == "Households" and position.instrument in ("ether", "others"):
            more = position.loss(scenario.shock)
            share = share if share is None or more is None else share.plus(over_gdp(more, exposure.gdp))
    return share


def household_loss_band(held: Sequence[Position], exposure: Exposure, scenario: Scenario) -> Band | None:
    """Households' loss in US dollars: the band of bitcoin and stablecoins, and what else the institution gave.

    None when bitcoin and stablecoins are not known, or no price of bitcoin is.
    """
    if exposure.holdings is None or exposure.bitcoin_share.central == 0:
        return None
    lost = losses(scenario, exposure.holdings, exposure.bitcoin_share)
    for position in held:
        if position.holder == "Households" and position.instrument in ("ether", "others"):
            more = position.loss(scenario.shock)
            lost = lost if more is None else lost.plus(more)
    return lost
