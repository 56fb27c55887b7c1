"""A number with its interval, unit, class and origin, and the one way such a number is written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

DataClass = Literal["measured", "survey", "modelled", "proxy"]
"""How a value came about: read off an instrument or account, asked, computed by a model, or standing in."""

IntervalKind = Literal["confidence", "prediction", "simulated", "range", "none"]
"""``simulated``: between two quantiles of draws of assumed shapes; ``range``: low and high assumptions (no probability
attached); ``none``: a sourced figure or pure arithmetic."""

MISSING = "n.a."


@dataclass(frozen=True)
class Unit:
    """How a unit is written: ``suffix`` after the number, ``scale`` for bn/m/k, ``noun`` for column heads."""

    suffix: str
    noun: str
    scale: bool = False


UNITS: Mapping[str, Unit] = {
    "usd": Unit(" USD", "US dollars", scale=True),
    "usd_bn": Unit(" bn USD", "billion US dollars"),
    "lcu": Unit(" national currency", "national currency", scale=True),
    "lcu_per_usd": Unit(" per USD", "national currency per US dollar"),
    "pct": Unit(" %", "percent"),
    "pct_gdp": Unit(" % of GDP", "percent of GDP"),
    "pct_cet1": Unit(" % of CET1", "percent of common equity tier 1 capital"),
    "pct_tier1": Unit(" % of Tier 1", "percent of Tier 1 capital"),
    "pct_reserves": Unit(" % of reserves", "percent of official reserves"),
    "pct_deposits": Unit(" % of deposits", "percent of deposits"),
    "pct_broad_money": Unit(" % of broad money", "percent of broad money"),
    "pct_world": Unit(" % of the world", "percent of the world total"),
    "pct_population": Unit(" % of population", "percent of the population"),
    "pct_remittances": Unit(" % of remittances", "percent of remittances received"),
    "pct_revenue": Unit(" % of government revenue", "percent of government revenue"),
    "pct_electricity": Unit(" % of electricity use", "percent of electricity use"),
    "pp": Unit(" percentage points", "percentage points"),
    "bp": Unit(" basis points", "basis points"),
    "months_imports": Unit(" months of imports", "months of imports"),
    "months": Unit(" months", "months"),
    "days": Unit(" days", "days"),
    "years": Unit(" years", "years"),
    "ratio": Unit("", "ratio"),
    "index": Unit("", "index"),
    "score": Unit(" of 100", "score from 0 to 100"),
    "rank": Unit("", "rank"),
    "count": Unit("", "number", scale=True),
    "persons": Unit(" people", "people", scale=True),
    "coins": Unit(" BTC", "bitcoin", scale=True),
    "log_return_pct": Unit(" log %", "percent, log return"),
    "kwh": Unit(" kWh", "kilowatt hours", scale=True),
    "twh": Unit(" TWh", "terawatt hours a year"),
    "none": Unit("", ""),
}

COARSE_NOTE = "Rounded to one digit: it stands on a confidential figure."

_SCALES = ((1e12, 1e12, " tn"), (1e9, 1e9, " bn"), (1e6, 1e6, " m"), (1e4, 1e3, " k"))
"""From which size on a number is written in which scale. Four digits are read at a glance: 1 980 beside 510."""


@dataclass(frozen=True)
class Estimate:
    """One number as a report may print it.

    Attributes
    ----------
    id : str
        ``chapter.name``; stable across versions, e.g. ``substitution.mvp_share``.
    label : str
        What it is, in words, without the unit.
    value, low, high : float or None
        Point and interval in ``unit``; ``value`` is None when not available, and then ``reason`` says why.
    level : float or None
        Nominal coverage of the interval (0.8 for 80 %), or the share of the draws inside; None for ranges of assumptions and
        sourced figures.
    unit : str
        Key of `UNITS`. Percentages are stored as percentages (12.3 for 12.3 %).
    data_class : {"measured", "survey", "modelled", "proxy"}
    interval : {"confidence", "prediction", "simulated", "range", "none"}
    method : str
        One sentence: how it was computed.
    date : str
        The period the number speaks of, e.g. ``2024`` or ``2024-07/2025-06``.
    n_obs : int or None
        Observations behind it.
    sources : tuple of str
        Source ids of the vintage, or ``bank`` for the user's own series.
    inputs : tuple of str
        Series ids it was computed from.
    function : str
        Dotted name of the function that computed it.
    reason : str
        Why there is no value.
    note : str
        What a reader must know beside it (stale input, assumption, "via" of a secondary page).
    applies : bool
        False for a missing number whose question does not arise here (a currency union's national reserves), so that
        its absence is no gap in the data.
    digits : int or None
        Most significant digits that it is written with, where it stands on less exact figures than its own size says.
        A matter of writing: value and interval stay as they are, so that scores and comparisons read them in full.
    """

    id: str
    label: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    data_class: DataClass = "modelled"
    interval: IntervalKind = "none"
    method: str = ""
    date: str = ""
    n_obs: int | None = None
    sources: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    function: str = ""
    reason: str = ""
    note: str = ""
    applies: bool = True
    digits: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"{self.id}: unknown unit {self.unit!r}")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None:
                number = float(number)
                if not math.isfinite(number):
                    raise ValueError(f"{self.id}: {name} is {number}; use Estimate.missing with a reason")
                object.__setattr__(self, name, number)
        if self.digits is not None and self.digits < 1:
            raise ValueError(f"{self.id}: a number is written with at least one digit (got {self.digits})")
        if self.value is None and not self.reason:
            raise ValueError(f"{self.id}: a missing value needs a reason")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.id}: an interval has two ends")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.id}: interval is upside down ({self.low} > {self.high})")
        if self.low is not None and self.interval == "none":
            raise ValueError(f"{self.id}: say which kind of interval it is")

    @classmethod
    def missing(cls, id: str, label: str, unit: str, reason: str, **rest: Any) -> Estimate:
        """An estimate that is not available, with the reason."""
        return cls(id=id, label=label, value=None, unit=unit, reason=reason, **rest)

    @property
    def available(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def chapter(self) -> str:
        """The part of the id before the first dot."""
        return self.id.split(".", 1)[0]

    def with_(self, **changes: Any) -> Estimate:
        """A copy with some attributes changed."""
        return replace(self, **changes)

    def coarsened(self) -> Estimate:
        """The estimate to one significant digit, with a note: for results that stand on a confidential figure.

        A ratio to a published number would otherwise give the confidential figure back to the last digit.
        """
        if self.value is None:
            return self
        note = " ".join(part for part in (self.note, COARSE_NOTE) if part)
        ends: dict[str, Any] = {name: one_digit(getattr(self, name)) for name in ("value", "low", "high")}
        return replace(self, **ends, note=note)

    def __format__(self, spec: str) -> str:
        """``""`` value, interval and unit; ``"value"`` value and unit; ``"interval"`` the interval alone."""
        return format_estimate(self, spec or "full")

    def __str__(self) -> str:
        return f"{self.label}: {self:full}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p><b>{escape(self.label)}</b>: {escape(f'{self:full}')}</p>"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, for the machine twin."""
        return {**asdict(self), "sources": list(self.sources), "inputs": list(self.inputs)}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Estimate:
        """Inverse of `to_dict`."""
        return cls(**{**raw, "sources": tuple(raw["sources"]), "inputs": tuple(raw["inputs"])})


def format_estimate(estimate: Estimate, spec: str = "full") -> str:
    """Write an estimate: nothing more precise than its interval supports.

    Parameters
    ----------
    estimate : Estimate
    spec : {"full", "value", "interval"}

    Returns
    -------
    str
        ``0.62 % of GDP (80 % interval 0.31 to 1.3)``, ``n.a. (no reserves in the vintage)``.
    """
    estimate = _shortened(estimate)
    if estimate.value is None:
        return MISSING if spec in ("value", "interval") else f"{MISSING} ({estimate.reason})"
    unit = UNITS[estimate.unit]
    scale, scale_word = _scale(estimate) if unit.scale else (1.0, "")
    digits = decimals(estimate, scale)
    suffix = scale_word + unit.suffix
    value = _not_zero(estimate.value / scale, digits)
    if estimate.low is None or estimate.high is None:
        return MISSING if spec == "interval" else value + suffix
    low, high = (_not_zero(end / scale, digits) for end in (estimate.low, estimate.high))
    if spec == "interval":
        return f"{low} to {high}{suffix}"
    if spec == "value":
        return value + suffix
    return f"{value}{suffix} ({interval_name(estimate)} {low} to {high})"


def _shortened(estimate: Estimate) -> Estimate:
    """The estimate as it is written: to its ``digits``, where it has them."""
    digits = estimate.digits
    if digits is None:
        return estimate
    ends: dict[str, Any] = {
        name: to_digits(getattr(estimate, name), digits) for name in ("value", "low", "high")
    }
    return replace(estimate, **ends, digits=None)


def interval_name(estimate: Estimate) -> str:
    """``80 % interval``, ``80 % prediction interval``, ``80 % of draws`` or ``range``."""
    if estimate.interval == "range" or estimate.level is None:
        return "range"
    kind = {"prediction": "prediction interval", "simulated": "of draws"}.get(estimate.interval, "interval")
    return f"{number(100 * estimate.level, 0)} % {kind}"


def decimals(estimate: Estimate, scale: float = 1.0) -> int:
    """Decimal places that the interval supports: its width is written with two significant digits at most.

    Without an interval three significant digits of the value are kept (a sourced figure is not a measurement
    to the cent), fewer where it was given to fewer. Never more than four decimals.
    """
    if estimate.low is not None and estimate.high is not None and estimate.high > estimate.low:
        size = (estimate.high - estimate.low) / scale
        digits = 1 - math.floor(math.log10(size))
    elif estimate.value:
        if estimate.unit in ("rank", "count", "persons") and scale == 1.0:
            return 0
        digits = 2 - math.floor(math.log10(abs(estimate.value / scale)))
        # A value given to one or two digits is not written with three: 0.05 and not 0.0500.
        while digits > 0 and math.isclose(
            float(f"{estimate.value / scale:.{digits - 1}f}"), estimate.value / scale
        ):
            digits -= 1
    else:
        return 0
    return max(0, min(4, digits))


def number(value: float, digits: int) -> str:
    """A number with ``digits`` decimals, thin spaces between thousands, a true minus sign and no negative zero."""
    text = f"{value:,.{digits}f}".replace(",", "\u202f")
    if float(f"{value:.{digits}f}") == 0:
        text = text.lstrip("-")
    return text.replace("-", "\u2212")


def _not_zero(value: float, digits: int) -> str:
    """A value or an end of its interval; what is not zero is not written as zero if four decimals tell them apart."""
    for finer in range(digits, 5):
        if round(value, finer) != 0:
            return number(value, finer)
    return number(value, digits)


def one_digit(value: float | None) -> float | None:
    """A number to one significant digit; zero and None stay."""
    return to_digits(value, 1)


def to_digits(value: float | None, digits: int) -> float | None:
    """A number to some significant digits; zero and None stay.

    For writing, and for what must not be known more exactly (confidential figures): a value that is scored, compared or
    used further is not rounded before.
    """
    if not value:
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _scale(estimate: Estimate) -> tuple[float, str]:
    # A range that reaches far beyond its point is written in the scale of its far end.
    far = max(abs(estimate.low or 0.0), abs(estimate.high or 0.0))
    size = max(abs(estimate.value or 0.0), far / 3) or far
    for least, scale, word in _SCALES:
        if size >= least:
            return scale, word
    return 1.0, ""
