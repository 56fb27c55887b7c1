"""How much the figures of a kind of series are believed to change: what history explains.

Changes are measured on a scale on which equal steps are equally surprising. Amounts, rates of exchange and prices are
measured in logarithms; percentages in ``asinh(x / 10)``, which is linear for a few points and logarithmic for
hyperinflations, and stands zero and negative values; net items in ``asinh(x / c)`` with the 90th percentile of the
block's own absolute values for ``c``, so that a change of sign is an ordinary thing.

The bounds were set on the kit's own vintage (783 000 figures, 1962 to 2026), whose extremes are real: just above the
largest change of each kind that is no fault of a source. What each was is said beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks.markets import is_market_price

Kind = Literal[
    "exchange rate",
    "effective rate",
    "prices",
    "yearly prices",
    "people",
    "national amount",
    "amount",
    "market",
    "activity",
    "rate",
    "yield",
    "share",
    "net",
    "coding",
]
Scale = Literal["log", "percent", "net", "none"]


@dataclass(frozen=True)
class Tolerance:
    """Largest changes that are believed, on the scale of the kind.

    Attributes
    ----------
    scale : {"log", "percent", "net", "none"}
        ``none``: changes are not judged.
    passing : float
        A change that comes back within `LONGEST` periods.
    up, down : float
        A last change, which nothing yet confirms.
    learns : bool
        Whether a restless history of the block itself widens the bounds.
    """

    scale: Scale
    passing: float
    up: float
    down: float
    learns: bool = True


LONGEST = 3
"""Periods that a passing change lasts at most; what stays longer is a new level."""

RESTLESS = 8.0
"""Robust standard deviations of a block's changes that widen the bounds. The rouble of March 2022 was 13 of its own:
financial tails are fat, so that this only ever widens the bounds of the kind and never narrows them."""

WIDEST = math.log(500)
"""Beyond it a restless history no longer widens them: figures entered in thousands instead of units are a factor 1000
off, also in remittances that went up and down by a hundred."""

TOLERANCES: dict[Kind, Tolerance] = {
    # Passing: the rouble of March 2022, 1.33 times and back. Last: Lebanon's official rate in February 2023, 9.95
    # times; South Sudan in 2016 13, Sudan in 2021 6.9, Nigeria, Argentina, Egypt and Ethiopia in 2023 and 2024 about 2.
    # Cuba in 2021 (24) and Myanmar in 2012 (147) lie beyond and wait for another source, a person or half a year;
    # Venezuela's of 2018 came with new money. No rate fell to a third without it.
    "exchange rate": Tolerance("log", math.log(1.5), math.log(20), math.log(3)),
    # The same turned over: an effective rate rises when the currency gains.
    "effective rate": Tolerance("log", math.log(1.5), math.log(3), math.log(20)),
    # Passing: Sudan in April 2003, 1.17 down. Last: Venezuela in January 2019, 3 times; no index fell by a third.
    "prices": Tolerance("log", math.log(1.25), math.log(5), math.log(1.5)),
    # Passing: Myanmar in 2001, 1.22. Last: Venezuela in 2018, 655 times.
    "yearly prices": Tolerance("log", math.log(1.3), math.log(1000), math.log(1.5)),
    # Passing: none above 1.15. Last: Qatar in 2008, 1.35; wars and partitions took a fifth.
    "people": Tolerance("log", math.log(1.25), math.log(1.6), math.log(1.6)),
    # Passing: Timor-Leste's oil in 2021, 1.48. Last: Venezuela in 2021, 13 times; nothing fell by more than half.
    "national amount": Tolerance("log", math.log(2), math.log(30), math.log(3)),
    # Passing: South Sudan's exports in 2012, 2.85 times. Last: see RESTLESS; a twentieth or twenty times is no year.
    "amount": Tolerance("log", math.log(3), math.log(20), math.log(20)),
    # Passing: litecoin on 12 April 2013, 2.2 times. Last: litecoin and ripple in April 2013 and 2017, 3 times in a day.
    "market": Tolerance("log", math.log(3), math.log(8), math.log(8)),
    # Passing: tokens moved between an exchange's own wallets in September 2018, 1 300 times and back.
    "activity": Tolerance("log", math.log(2000), math.log(100_000), math.log(100_000), learns=False),
    # Passing: Argentina's overnight rate of November 2001, 557 % (2.5); Libya's growth of 2012, 87 % (4.2). Last:
    # Libya 5.2, Venezuela's inflation of 2018 5.0.
    "rate": Tolerance("percent", 4.5, 6.0, 6.0, learns=False),
    # Passing and last: no yield or money rate of the vintage moves by 1.3 points (0.13) from day to day.
    "yield": Tolerance("percent", 0.7, 1.5, 1.5, learns=False),
    # Passing: government revenue of Sao Tome in 2007, 164 % of GDP with the oil bonus (1.2). Last: Venezuela's deposits
    # in foreign currency in 2019, from nil to 61 % (2.51).
    "share": Tolerance("percent", 1.25, 2.6, 2.6),
    # A thousand times the size that nine tenths of the history stay below: a first Eurobond (Tajikistan in September
    # 2017) or a quarter of derivatives among zeros is a hundred times that.
    "net": Tolerance("net", math.asinh(1000), math.asinh(3000), math.asinh(3000), learns=False),
    "coding": Tolerance("none", math.inf, math.inf, math.inf, learns=False),
}

_ACTIVITY = ("_onchain_", "_active_addresses", "_tx_count", "_exchange_inflow", "_exchange_outflow")
_RATES = ("pct", "pp", "bp", "log_return_pct")


@cache
def kind(spec: SeriesSpec) -> Kind:
    """Which of the kinds a series is, by its unit, frequency, sign convention and id."""
    if spec.sign.startswith("positive ="):
        return "net"
    if spec.unit in ("rank", "ratio", "score") or spec.id.startswith("irr_"):
        return "coding"  # ranks, and the codings of regimes and controls, step freely
    if spec.unit == "lcu_per_usd":
        return "exchange rate"
    if "cpi" in spec.id and spec.unit == "index":
        return "yearly prices" if spec.frequency == "A" else "prices"
    if spec.id in ("reer_index", "neer_index"):
        return "effective rate"
    if is_market_price(spec):
        return "market"
    if spec.unit == "index":
        return "coding"  # scores of governance, openness and stress, around zero
    if spec.unit in _RATES:
        return "yield" if spec.frequency in ("D", "W") else "rate"
    if spec.unit.startswith("pct_"):
        return "share"
    return _amount(spec)


def _amount(spec: SeriesSpec) -> Kind:
    if any(mark in spec.id for mark in _ACTIVITY):
        return "activity"
    if spec.unit == "persons":
        return "people"
    return "national amount" if spec.unit == "lcu" else "amount"
