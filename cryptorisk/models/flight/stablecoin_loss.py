"""Scenario: what part of the stablecoins that a country will receive reserves would have to pay for."""

from __future__ import annotations

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.exposure.split import FlowShare
from cryptorisk.models.flight.drain_findings import amounts_of, percent_of
from cryptorisk.models.flight.part import GIVES_AWAY, merge_sources
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserves import not_meaningful
from cryptorisk.models.part import Part
from cryptorisk.params import FlightParams
from cryptorisk.result import Finding, Result
from cryptorisk.words import inside

STABLECOIN_SHARE = 0.5
"""Stablecoins in cross-border value where no share is known: about half at the peak of 2021 (Auer, Lewrick and Paulick 2025,
BIS Working Papers 1265, abstract). Chapter 4 splits holdings by the same published shares of value received
(`cryptorisk.models.exposure.split`); what they miss is for the range of the pass-through to hold, a factor of ten."""
PROJECTIONS = ("country_forecast_usd", "country_nowcast_usd", "country_volume_usd")
"""Estimates of chapter 1, the furthest ahead first: the next twelve months, the running year, the last one reported."""
STABLECOIN_LOSS = "flight.stablecoin_loss_result"
"""The finding that stands beside the drain."""
_IDS = (
    ("flight.stablecoin_loss_usd", "Loss of reserves through stablecoin inflows (scenario)", "usd"),
    (
        "flight.stablecoin_loss_pct_reserves",
        "Loss of reserves through stablecoin inflows (scenario)",
        "pct_reserves",
    ),
)
LAST_YEAR = "country_volume_usd"
"""Estimate of chapter 1 that is past and dated: the one on the first screen."""
_NOTE = "Scenario, not a forecast. The range has the assumption and the interval of the projected volume together."
_FUNCTION = "cryptorisk.models.flight.stablecoin_loss.stablecoin_loss_part"


def stablecoin_loss_part(
    position: Position,
    status: str,
    params: FlightParams,
    received: Estimate | None,
    name: str,
    *,
    within_reach: float | None = None,
    stablecoins: FlowShare | None = None,
) -> Part:
    """The projected value received times the share of stablecoins times an assumed pass-through.

    The elasticity of BIS Working Papers 1340 is one of prices and no quantity follows from it: it is not used here.

    Parameters
    ----------
    position : Position
    status : str
    params : FlightParams
        ``stablecoin_pass_through``.
    received : Estimate or None
        Of chapter 1, which never stands on confidential figures.
    name : str
        The country's name inside a sentence.
    within_reach : float, optional
        Broad money of those who can reach crypto-assets, USD: the sentence puts the loss on the drain's scale.
    stablecoins : FlowShare, optional
        Published share of stablecoins in the value received; `STABLECOIN_SHARE` without.

    Returns
    -------
    Part
    """
    reason = not_meaningful(position, status, money=True)
    if not reason and received is None:
        reason = "chapter 1 gives no value received by the country (country_forecast_usd)"
    if reason or received is None or position.reserves is None:
        return Part(tuple(Estimate.missing(*names, reason) for names in _IDS))
    usd = _loss(received, params, stablecoins)
    to_reserves = _to_reserves(usd, position)
    finding = _finding(usd, to_reserves, received, params, name, within_reach, stablecoins)
    return Part((usd, to_reserves), (), (finding,))


def received_in_a_year(volumes: Result | None) -> Estimate | None:
    """What residents receive in crypto-assets in a year, the furthest ahead that chapter 1 has; None without."""
    if volumes is None:
        return None
    found = (volumes.estimates.get(id) for id in PROJECTIONS)
    return next((one for one in found if one is not None and one.available), None)


def received_last_year(volumes: Result | None) -> Estimate | None:
    """What residents received in the last twelve months that chapter 1 reports, as on the first screen; None without."""
    one = None if volumes is None else volumes.estimates.get(LAST_YEAR)
    return one if one is not None and one.available else None


def _part(stablecoins: FlowShare | None) -> float:
    """Stablecoins in the value received, 0 to 1."""
    return STABLECOIN_SHARE if stablecoins is None else stablecoins.share


def _whose(stablecoins: FlowShare | None) -> str:
    return "" if stablecoins is None else f", as in {stablecoins.place}"


def _loss(projected: Estimate, params: FlightParams, stablecoins: FlowShare | None) -> Estimate:
    share, part = params.stablecoin_pass_through, _part(stablecoins)
    received = part * (projected.value or 0.0)
    ends = [received if end is None else part * end for end in (projected.low, projected.high)]
    note = (
        f"{_NOTE} {_alone('assumption', [share.low * received, share.high * received])}, "
        f"{inside(_alone('projection', [share.central * end for end in ends]))}."
    )
    return Estimate(
        *_IDS[0][:2],
        share.central * received,
        "usd",
        share.low * ends[0],
        share.high * ends[1],
        data_class="proxy",
        interval="range",
        method=(
            f"Value received in crypto-assets (chapter 1, {projected.date}) x {part:g} (stablecoins{_whose(stablecoins)}) x "
            f"pass-through of {_pct(share.central)}, an assumption ({_pct(share.low)} to {_pct(share.high)})."
        ),
        date=projected.date,
        sources=projected.sources,
        inputs=projected.inputs,
        function=_FUNCTION,
        note=note,
    )


def _alone(name: str, ends: list[float]) -> str:
    """The range that one of the two makes at the centre of the other."""
    amounts, unit = amounts_of(ends)
    return f"The {name} alone makes it {amounts[0]} to {amounts[1]} {unit}"


def _to_reserves(usd: Estimate, position: Position) -> Estimate:
    names = _IDS[1]
    reserves = position.reserves
    assert reserves is not None
    if position.hides(reserves):
        return Estimate.missing(*names, GIVES_AWAY)
    factor = 100 / reserves.value
    return usd.with_(
        id=names[0],
        label=names[1],
        unit=names[2],
        value=factor * (usd.value or 0.0),
        low=factor * (usd.low or 0.0),
        high=factor * (usd.high or 0.0),
        note=_NOTE,
        sources=merge_sources(usd.sources, reserves.sources),
        inputs=(*usd.inputs, *reserves.inputs),
    )


def _finding(
    usd: Estimate,
    to_reserves: Estimate,
    received: Estimate,
    params: FlightParams,
    name: str,
    within_reach: float | None,
    stablecoins: FlowShare | None,
) -> Finding:
    """The second scenario, and how it stands to the drain."""
    share = params.stablecoin_pass_through
    when = received.date.replace("/", " to ")
    text = (
        f"Seen from what arrives and not from what could leave: if reserves of {name} had to pay for "
        f"{_pct(share.central)} of the stablecoins received (assumption, {_pct(share.low)} to {_pct(share.high)}; "
        f"{_pct(_part(stablecoins))} of the value received is taken as stablecoins{_whose(stablecoins)}), they would lose "
        f"{_amount(usd.value)} in {when} (range {_amount(usd.low)} to {_amount(usd.high)} over the assumption and the "
        "interval of what will be received)"
    )
    if to_reserves.available and to_reserves.value is not None:
        low, high = (percent_of([end or 0.0], 100) for end in (to_reserves.low, to_reserves.high))
        text += f", {percent_of([to_reserves.value], 100)} of reserves ({low} to {high})"
    if within_reach and usd.value:
        text += (
            f", as much as if {percent_of([usd.value], within_reach)} of the money within reach left; the two are views of "
            "one outflow and are not added"
        )
    return Finding(STABLECOIN_LOSS, f"{text}.", "info", estimates=(usd.id, to_reserves.id))


def _amount(value: float | None) -> str:
    """An amount with two significant digits at least: the range is too wide to tell the digits of the centre."""
    (amount,), unit = amounts_of([value or 0.0])
    return f"{amount} {unit}"


def _pct(share: float) -> str:
    return f"{number(100 * share, 1).removesuffix('.0')} %"
