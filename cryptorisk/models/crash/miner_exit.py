"""Electricity that miners would stop drawing after a crash: the hash rate that left after past falls, times their power.

The machines of an economy are not known, and an elasticity is not given by the rules of
`cryptorisk.models.price_risk.hash_rate_response`: the least, the middle and the most of past falls stand for the rungs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs, Observation
from cryptorisk.estimate import Estimate
from cryptorisk.models.channels.mining import energy_twh, power_gw
from cryptorisk.models.crash.losses import merged
from cryptorisk.models.crash.miners import NOT_NAMED
from cryptorisk.models.part import Part, places, to_one_digit
from cryptorisk.models.price_risk.hash_rate import NAME as FALL
from cryptorisk.result import Column, Table

SHARE, USE, RATE = "hashrate_share_pct", "electricity_consumption_kwh", "btc_hash_rate_th_s"
EFFICIENCY = "mining_efficiency_j_per_th"
LABELS = (
    ("miner_exit_twh", "Electricity that miners would stop drawing after a crash, a year", "twh"),
    ("miner_exit_pct_electricity", "The same in percent of electricity use", "pct_electricity"),
)
FUNCTION = "cryptorisk.models.crash.miner_exit.miner_exit"
KWH_PER_TWH = 1e9


@dataclass(frozen=True)
class Fleet:
    """An economy's miners in the last month of the mining map.

    Attributes
    ----------
    megawatts : float
        Their power at the surveyed fleet's efficiency of later years: a lower bound.
    share, efficiency : Observation
    use : Observation or None
        Electricity use of the economy.
    """

    megawatts: float
    share: Observation
    efficiency: Observation
    use: Observation | None

    @property
    def twh(self) -> float:
        """A year at this power."""
        return energy_twh(self.megawatts / 1000)

    @property
    def pct_of_use(self) -> float | None:
        """The same in percent of electricity use."""
        return None if self.use is None else 100 * self.twh * KWH_PER_TWH / self.use.value

    @property
    def sources(self) -> tuple[str, ...]:
        """Of the share, the efficiency and electricity use."""
        return tuple(seen.source for seen in (self.share, self.efficiency, self.use) if seen is not None)


def fleet(inputs: Inputs) -> Fleet | None:
    """The economy's miners, or None where share, hash rate of that month or efficiency is missing."""
    share, efficiency = inputs.latest(SHARE), inputs.latest(EFFICIENCY, country=WORLD)
    rate = inputs.series(RATE, country=WORLD)
    if share is None or efficiency is None or rate.empty:
        return None
    month = rate.values[share.date.strftime("%Y-%m") :][: share.date.strftime("%Y-%m")].dropna()
    if month.empty:
        return None
    power = 1000 * power_gw(float(month.mean()) / 1e6 * share.value / 100, efficiency.value)
    return Fleet(power, share, efficiency, inputs.latest(USE))


def miner_exit(inputs: Inputs, risk: Mapping[str, Estimate]) -> Part:
    """Electricity that leaves in the least, the middle and the most of past falls.

    Parameters
    ----------
    inputs : Inputs
    risk : mapping of str to Estimate
        The market's own risk, with the past falls of the hash rate.

    Returns
    -------
    Part
        Estimates ``miner_exit_twh, miner_exit_pct_electricity`` and the table ``miner_exit``; missing outside the map.
    """
    if inputs.latest(SHARE) is None:
        return _missing(NOT_NAMED, applies=False)
    past, here = risk.get(FALL.removeprefix("crash.")), fleet(inputs)
    if here is None:
        return _missing("hash rate of the map's month, or the fleet's efficiency, is not in the vintage")
    if past is None or past.value is None or past.low is None or past.high is None:
        return _missing("past falls of the hash rate are not measured" if past is None else past.reason)
    ends = (past.low, past.value, past.high)
    coarse = bool({SHARE, USE} & inputs.confidential)
    table = exit_table(here, ends, past.sources, coarse=coarse)
    made = [_estimate(row, here, whole, ends, past) for row, whole in zip(LABELS, _wholes(here), strict=True)]
    return Part(tuple(one.coarsened() if coarse else one for one in made), (table,))


def exit_table(
    here: Fleet, ends: tuple[float, float, float], sources: tuple[str, ...], *, coarse: bool
) -> Table:
    """``crash.miner_exit``: hash rate, megawatts, terawatt hours and share of electricity use that leave.

    Parameters
    ----------
    here : Fleet
    ends : tuple of float
        Least, middle and most of the past falls of the hash rate, in percent.
    sources : tuple of str
        Of the past falls.
    coarse : bool
        Whether a confidential figure enters: then to one digit.
    """
    names = ("what", "hash_rate_pct", "megawatts", "twh", "pct_electricity")
    share = here.pct_of_use
    rows = [
        (
            f"{word} of past falls",
            end,
            end / 100 * here.megawatts,
            end / 100 * here.twh,
            None if share is None else end / 100 * share,
        )
        for word, end in zip(("Least", "Middle", "Most"), ends, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(names)).astype(dict.fromkeys(names[1:], float))
    if coarse:
        frame = to_one_digit(frame, names[2:])
    return Table(
        "crash.miner_exit",
        "Electricity that miners would stop drawing",
        frame,
        (
            Column("what", "As after the"),
            Column("hash_rate_pct", "Hash rate that leaves", "%", 0),
            Column("megawatts", "Power", "MW", places(frame, ["megawatts"], 0)),
            Column("twh", "Electricity", "TWh a year", places(frame, ["twh"], 1)),
            Column("pct_electricity", "Of electricity use", "%", places(frame, ["pct_electricity"], 1)),
        ),
        note=_limits(here) + (" To one digit: it stands on a confidential figure." if coarse else ""),
        sources=merged(here.sources, sources),
    )


def _limits(here: Fleet) -> str:
    use = "" if here.use is None else f" Electricity use: {here.use.date.year}{_stale(here.use)}."
    month = f"{here.share.date.strftime('%Y-%m')}{_stale(here.share)}"
    return (
        f"Falls of the world's hash rate, net of machines that joined; the economy's miners as in {month}, since when their "
        f"number is not known, at the {here.efficiency.date.year} fleet's {here.efficiency.value:g} J/TH. "
        "Older machines draw more and leave first: lower bounds for that month." + use
    )


def _stale(seen: Observation) -> str:
    return " (old)" if seen.stale else ""


def _wholes(here: Fleet) -> tuple[float, float | None]:
    return here.twh, here.pct_of_use


def _estimate(
    row: tuple[str, str, str],
    here: Fleet,
    whole: float | None,
    ends: tuple[float, float, float],
    past: Estimate,
) -> Estimate:
    name, label, unit = row
    if whole is None:
        reason = "electricity use is not in the vintage"
        return Estimate.missing(f"crash.{name}", label, unit, reason)
    low, central, high = (end / 100 * whole for end in ends)
    known: dict[str, Any] = {
        "date": here.share.date.strftime("%Y-%m"),
        "sources": merged(here.sources, past.sources),
        "inputs": tuple(dict.fromkeys((SHARE, EFFICIENCY, USE, *past.inputs))),
        "function": FUNCTION,
    }
    return Estimate(
        f"crash.{name}",
        label,
        central,
        unit,
        low=low,
        high=high,
        interval="range",
        method="The hash rate that left after past falls of the price by more than half (least, middle, most) times the "
        "power of the economy's miners.",
        note=_limits(here),
        n_obs=past.n_obs,
        **known,
    )


def _missing(reason: str, *, applies: bool = True) -> Part:
    return Part(
        tuple(
            Estimate.missing(f"crash.{name}", label, unit, reason, applies=applies)
            for name, label, unit in LABELS
        )
    )
