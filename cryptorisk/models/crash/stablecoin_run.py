"""A run on stablecoins: what residents would ask back, what issuers would sell, which deposits banks would lose."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.quoted import quote
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import places
from cryptorisk.result import Column, Table

ISSUERS = "bank_stablecoin_reserves_usd"
WORLD_SUPPLY = "stablecoin_supply_total_usd"


def residents_stablecoins(exposure: Exposure) -> Band | None:
    """Residents' holdings of stablecoins in US dollars, or None."""
    held, split = exposure.holdings, exposure.bitcoin_share
    if held is None:
        return None
    return Band(held.low * (1 - split.high), held.central * (1 - split.central), held.high * (1 - split.low))


def bill_share(usdt_usd: float | None, usdc_usd: float | None) -> Band:
    """Share of stablecoins' reserves in short-term US Treasury bills.

    Parameters
    ----------
    usdt_usd, usdc_usd : float or None
        Supply of both, the weights of the central value.

    Returns
    -------
    Band
        USDC's share, the mean by supply (without the supplies: of both alike), USDT's share (IMF, December 2025, as quoted).
    """
    low, high = quote("usdc_bill_share").share, quote("usdt_bill_share").share
    if not usdt_usd or not usdc_usd:
        return Band(low, (low + high) / 2, high)
    return Band(low, (high * usdt_usd + low * usdc_usd) / (usdt_usd + usdc_usd), high)


def run_table(exposure: Exposure, scenario: Combined, inputs: Inputs) -> Table:
    """``crash.run``: redemptions in the mild, central and severe rung, at home, in the world, and at domestic banks.

    Parameters
    ----------
    exposure : Exposure
    scenario : Combined
    inputs : Inputs

    Returns
    -------
    Table
        Amounts in millions of US dollars; what is not known is n.a. with its reason. Redemptions are not set against
        official reserves: issuers abroad pay for them.
    """
    asked = scenario.range_of("redemption")
    held, issuers = residents_stablecoins(exposure), inputs.latest(ISSUERS)
    rows: list[tuple[object, ...]] = [_home(held, asked, exposure)]
    supply = inputs.latest(WORLD_SUPPLY, country=WORLD)
    if supply is not None:
        rows.append(_bills(supply.value, asked, inputs))
    if issuers is None:
        reason = "not public; banks' returns can tell it"
        rows.append(("Domestic banks: deposits of issuers withdrawn", None, None, None, reason))
    else:
        amounts = [share * issuers.value / 1e6 for share in asked]
        if ISSUERS in inputs.confidential:
            amounts = [one_digit(amount) or 0.0 for amount in amounts]
        rows.append(("Domestic banks: deposits of issuers withdrawn", *amounts, ""))
    names = ("what", "mild", "central", "severe", "reason")
    frame = pd.DataFrame(rows, columns=list(names)).astype(dict.fromkeys(names[1:4], float))
    digits = places(frame, names[1:4], 0)
    return Table(
        "crash.run",
        "A run on stablecoins",
        frame,
        (
            Column("what", "What"),
            *(Column(rung, rung.capitalize(), "USD million", digits) for rung in names[1:4]),
            Column("reason", "Why not known"),
        ),
        note=_note(asked, bill_share(*_supplies(inputs))),
        sources=tuple(dict.fromkeys((*exposure.sources, *((supply.source,) if supply else ())))),
    )


def _note(asked: tuple[float, float, float], share: Band) -> str:
    before, bills = quote("usdt_may_2022_redeemed"), quote("usdt_bill_share")
    return (
        f"Redeemed: {', '.join(f'{100 * part:.0f}' for part in asked)} % of stablecoins; in May 2022 it was about "
        f"{before.value:.0f} % of USDT in twelve days ({before.source}). Treasury bills: {100 * share.central:.0f} % of "
        f"reserves, by supply of USDC ({100 * share.low:.0f} %) and USDT ({100 * share.high:.0f} %; {bills.source}), all "
        "assets sold alike. A redemption is no loss where the issuer pays. Whether banks' liquid assets suffice needs their "
        "own figures (template bank_liquidity)."
    )


def _home(held: Band | None, asked: tuple[float, float, float], exposure: Exposure) -> tuple[object, ...]:
    what = "Residents: stablecoins redeemed, central holdings"
    if held is None:
        return (what, None, None, None, exposure["household_holdings_usd"].reason)
    amounts = [share * held.central / 1e6 for share in asked]
    if exposure.hidden:
        amounts = [one_digit(amount) or 0.0 for amount in amounts]
    return (what, *amounts, "")


def _bills(supply_usd: float, asked: tuple[float, float, float], inputs: Inputs) -> tuple[object, ...]:
    share = bill_share(*_supplies(inputs)).central
    amounts = [part * supply_usd * share / 1e6 for part in asked]
    return ("World: Treasury bills that issuers would sell", *amounts, "")


def _supplies(inputs: Inputs) -> tuple[float | None, float | None]:
    seen = [inputs.latest(series, country=WORLD) for series in ("usdt_supply_usd", "usdc_supply_usd")]
    usdt, usdc = (None if figure is None else float(figure.value) for figure in seen)
    return usdt, usdc
