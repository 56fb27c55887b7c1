"""Households' loss in the headline scenario and the fall of consumption that may follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number, one_digit
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall, losses
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.split import SHARE_HIGH, SHARE_LOW
from cryptorisk.models.flight.position import NO_RESERVES, position
from cryptorisk.params import Params, ShareRange
from cryptorisk.result import Finding

FUNCTION = "cryptorisk.models.crash.scenarios.losses"
RESERVES = "reserves_usd"
NO_BITCOIN = "there is no bitcoin price in the vintage, so what share of holdings would fall is not known"


@dataclass(frozen=True)
class Reserves:
    """Official reserves that losses are set against.

    Attributes
    ----------
    usd : float or None
        To one digit when they are confidential.
    year : int or None
    sources : tuple of str
    reason : str
        Why there are none.
    """

    usd: float | None = None
    year: int | None = None
    sources: tuple[str, ...] = ()
    reason: str = ""

    @property
    def note(self) -> str:
        """The year of the reserves, for the note beside a ratio to them."""
        return f"Reserves of {self.year}." if self.usd is not None else ""


def reserves(inputs: Inputs) -> Reserves:
    """Official reserves as chapter 3 takes them, or the reason why there are none.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Reserves
        None for members of a currency union, which pool theirs, and where the last figure is older than chapter 3
        accepts (`cryptorisk.models.flight.position.OLDEST_RESERVES_YEARS`).
    """
    if country(inputs.country).status_on(inputs.as_of) == "currency_union":
        return Reserves(reason="members of a currency union pool their reserves")
    taken = position(inputs)
    if taken.reserves is None:
        return Reserves(reason=taken.reserves_reason)
    if not taken.reserves.value > 0:
        return Reserves(reason=NO_RESERVES)
    value = taken.reserves.value
    usd = one_digit(value) if RESERVES in inputs.confidential else value
    return Reserves(usd, taken.reserves.year, taken.reserves.sources)


def household_estimates(
    exposure: Exposure, scenario: Scenario, inputs: Inputs, params: Params
) -> list[Estimate]:
    """Loss in US dollars, percent of GDP and of reserves, and the fall of consumption.

    Parameters
    ----------
    exposure : Exposure
    scenario : Scenario
        The headline one.
    inputs : Inputs
    params : Params

    Returns
    -------
    list of Estimate
        ``household_loss_usd, household_loss_pct_gdp, household_loss_pct_reserves, consumption_fall_pct_gdp``.
    """
    loss, reason = household_loss(exposure, scenario)
    held = reserves(inputs)
    share = None if loss is None else exposure.in_gdp(loss)
    fall = None if share is None else consumption_fall(share, params.crash.consumption_response)
    no_gdp = reason or "GDP is not in the vintage"
    common: dict[str, Any] = {
        "data_class": "modelled",
        "interval": "range",
        "date": exposure["household_holdings_usd"].date or exposure["household_holdings_pct_gdp"].date,
        "sources": exposure.sources,
        "inputs": exposure["household_holdings_pct_gdp"].inputs,
        "function": FUNCTION,
    }
    words = f"Households' loss, {scenario.name}"
    method = (
        "Holdings times the scenario's fall; the range is that of the holdings and of bitcoin's share of them "
        f"({100 * SHARE_LOW:.0f} to {100 * SHARE_HIGH:.0f} %; {exposure.split.basis}). A scenario, not a forecast."
    )
    if exposure.own:
        method = (
            "The institution's own figure for holdings times the scenario's fall. A scenario, not a forecast."
        )
        common["note"] = OWN_NOTE
    in_gdp = common | {"sources": merged(exposure.sources, exposure["household_holdings_pct_gdp"].sources)}
    if exposure.gdp is not None and exposure.gdp.note:
        in_gdp["note"] = f"{common.get('note', '')} {exposure.gdp.note}".strip()
    beside = common | {
        "inputs": merged(common["inputs"], (RESERVES,)),
        "sources": merged(exposure.sources, held.sources),
        "note": f"{common.get('note', '')} {held.note}".strip(),
    }
    made = [
        _banded("household_loss_usd", words, "usd", loss, reason, method, common),
        _banded("household_loss_pct_gdp", words, "pct_gdp", share, no_gdp, method, in_gdp),
        _banded(
            "household_loss_pct_reserves",
            words,
            "pct_reserves",
            None if loss is None or held.usd is None else loss.scaled(100 / held.usd),
            reason or held.reason,
            method,
            beside,
        ),
        _banded(
            "consumption_fall_pct_gdp",
            f"Fall of consumption, {scenario.name}",
            "pct_gdp",
            fall,
            no_gdp,
            f"Loss times {response_in_words(params.crash.consumption_response)}, low on low loss to high on high. "
            "Households in the United States: 9.7 cents (Aiello et al. 2024); elsewhere it is an assumption.",
            in_gdp,
        ),
    ]
    return [_rounded(estimate, exposure, inputs) for estimate in made]


def response_in_words(response: ShareRange) -> str:
    """The assumed response of consumption: ``5 cents a dollar lost (3 to 10)``."""
    low, central, high = (f"{100 * end:g}" for end in (response.low, response.central, response.high))
    return f"{central} cents a dollar lost" + ("" if low == high else f" ({low} to {high})")


def merged(*ids: tuple[str, ...]) -> tuple[str, ...]:
    """Ids in the order of their first mention."""
    return tuple(dict.fromkeys(id for group in ids for id in group))


OWN_NOTE = "Arithmetic on a scenario with the institution's own figure, which has no interval."


def _rounded(estimate: Estimate, exposure: Exposure, inputs: Inputs) -> Estimate:
    """To one digit on a confidential figure; written with two on a figure of the institution's own."""
    if exposure.hidden or (RESERVES in estimate.inputs and RESERVES in inputs.confidential):
        return estimate.coarsened()
    if not exposure.own:
        return estimate
    return estimate.with_(digits=2)


def household_loss(exposure: Exposure, scenario: Scenario) -> tuple[Band | None, str]:
    """The loss in US dollars, or None and the reason."""
    if exposure.holdings is None:
        return None, exposure["household_holdings_usd"].reason
    if exposure.bitcoin_share.central == 0 and scenario.stablecoin_loss == 0:
        return None, NO_BITCOIN
    return losses(scenario, exposure.holdings, exposure.bitcoin_share), ""


def _banded(
    name: str, label: str, unit: str, band: Band | None, reason: str, method: str, common: dict[str, Any]
) -> Estimate:
    if band is None:
        return Estimate.missing(f"crash.{name}", label, unit, reason)
    ends = {"low": band.low, "high": band.high} if band.high > band.low else {"interval": "none"}
    return Estimate(f"crash.{name}", label, band.central, unit, method=method, **(common | ends))


def loss_finding(estimates: dict[str, Estimate], scenario: Scenario, exposure: Exposure) -> Finding:
    """The chapter's main sentence on households."""
    share, consumption = estimates["household_loss_pct_gdp"], estimates["consumption_fall_pct_gdp"]
    if not share.available:
        text = f"What households would lose in the scenario of a {scenario.name} is not available: {share.reason}."
        return Finding("crash.households", text, "warning", "data", (share.id,))
    text = (
        f"Scenario of a {scenario.name}: households would lose {share:full}. {_split(scenario, exposure)}Under the assumed "
        f"response consumption would be lower by {consumption:full}. {_basis(exposure)}"
    )
    return Finding("crash.households", text, "notice", "result", (share.id, consumption.id))


def _split(scenario: Scenario, exposure: Exposure) -> str:
    """How much of holdings is taken for bitcoin; where nothing published says so, the loss at the lower share too."""
    split = exposure.split
    if not split.sentence or split.flow is not None or exposure.holdings is None or not exposure.gdp_usd:
        return f"{split.sentence} ".lstrip()
    loss = 100 * exposure.holdings.central * scenario.loss_share(SHARE_LOW) / exposure.gdp_usd
    written = f"{one_digit(loss):g}" if exposure.hidden else number(loss, 2)
    return f"{split.sentence} At {100 * SHARE_LOW:.0f} % the loss would be {written} % of GDP. "


def _basis(exposure: Exposure) -> str:
    """What the range comes from, or that there is none but that of consumption."""
    rate = exposure.gdp is not None and exposure.gdp.gap is not None
    if not exposure.own:
        return (
            "The range comes from what residents hold and how much of it is bitcoin, which public statistics do not "
            f"measure{', and from the two prices of a dollar at which GDP is converted' if rate else ''}."
        )
    text = "What residents hold is the institution's own figure; the range of consumption is that of its assumed response."
    return (
        f"{text} All numbers here are given to one digit, because that figure is confidential."
        if exposure.hidden
        else text
    )
