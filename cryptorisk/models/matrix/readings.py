"""What the matrix reads: each indicator with its estimate, and why a figure is not scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs, is_stale
from cryptorisk.estimate import Estimate
from cryptorisk.models.channels.regulation import Status, current, legal_tender, sources_of, statuses
from cryptorisk.models.flight.premium_year import RUNS_ON
from cryptorisk.models.matrix.cram import Indicator, Rules
from cryptorisk.models.matrix.criticality import SIGNIFICANT_PREMIUM_PCT
from cryptorisk.periods import period_end
from cryptorisk.result import Result
from cryptorisk.rules.ara import QUOTED
from cryptorisk.stats.composite import Indicators, linear_score
from cryptorisk.words import inside

ENCUMBERED = "encumbered"
"""Word in an estimate's note that says that gross reserves are an upper bound of what can be used. Scores on such bounds
are floors, calm and stressed ones alike; where the floor of the whole pillar looks calm it proves nothing."""
FOREIGN_MONEY = "the economy uses another country's money: reserves do not defend an exchange rate"
CALM_SCORE = 25.0
"""Where the band "moderate" begins in ``cram.yaml``."""
RESERVE_CURRENCIES = ("USD", "EUR", "CNY", "JPY", "GBP")
"""Currencies of the SDR basket: their issuers borrow and pay abroad in their own money, so months of imports and the
other rules for emerging markets do not measure their risk."""
RULE_ITEMS = ("Licensing of providers", "Taxation", "Anti-money-laundering rules")
FEWEST_RULES = 2


@dataclass(frozen=True)
class Reading:
    """An indicator of the matrix, the estimate that it reads, and why it is not scored (empty when it is).

    ``applies`` is False where the question does not arise: a chapter that does not apply, a union's reserves.
    """

    pillar: int
    indicator: Indicator
    estimate: Estimate | None
    unscored: str
    applies: bool = True

    @property
    def value(self) -> float:
        """The value that is scored, NaN when there is none."""
        if self.unscored or self.estimate is None or self.estimate.value is None:
            return float("nan")
        return self.estimate.value

    @property
    def known(self) -> bool:
        """Whether there is a figure, scored or not."""
        return self.estimate is not None and self.estimate.available

    @property
    def floor(self) -> bool:
        """Whether the score is a floor: the estimate is an upper bound of a cover."""
        return not self.unscored and self.estimate is not None and ENCUMBERED in self.estimate.note


def read(inputs: Inputs, book: Rules, chapters: Mapping[str, Result], gap: Estimate) -> list[Reading]:
    """Every indicator of the rule book with its estimate.

    Parameters
    ----------
    inputs : Inputs
    book : Rules
    chapters : mapping of str to Result
    gap : Estimate
        `regulation_gap` of the country.
    """
    found: list[Reading] = []
    for position, pillar in enumerate(book.pillars):
        own = [_reading(inputs, position, indicator, chapters, gap) for indicator in pillar.indicators]
        found += _without_calm_bounds(own)
    return found


def _without_calm_bounds(own: list[Reading]) -> list[Reading]:
    """A pillar's readings; upper bounds of cover are not scored where the pillar's floor looks calm."""
    scored = [linear_score(r.value, r.indicator.calm, r.indicator.stress) for r in own if not r.unscored]
    if not any(r.floor for r in own) or np.mean(scored) >= CALM_SCORE:
        return own
    reason = "an upper bound that looks calm proves nothing: part of the reserves may be pledged or owed"
    return [replace(r, unscored=reason) if r.floor else r for r in own]


def _reading(
    inputs: Inputs, position: int, indicator: Indicator, chapters: Mapping[str, Result], gap: Estimate
) -> Reading:
    if indicator.estimate == gap.id:
        return Reading(position, indicator, gap, gap.reason)
    chapter, name = indicator.estimate.split(".", 1)
    result = chapters.get(chapter)
    estimate = result.estimates.get(name) if result is not None else None
    if result is not None and not result.applicable:
        reason = f"the chapter {result.title.lower()} does not apply here"
        return Reading(position, indicator, estimate, reason, applies=False)
    if chapter == "flight" and (reason := no_reserves_asked(inputs)):
        return Reading(position, indicator, estimate, reason, applies=False)
    applies = estimate is None or estimate.applies
    return Reading(position, indicator, estimate, _unscored(indicator, estimate, inputs.as_of), applies)


def no_reserves_asked(inputs: Inputs) -> str:
    """Why reserves and their covers say nothing of risk here; empty where they do."""
    spell = country(inputs.country).spell_on(inputs.as_of)
    if spell.status == "dollarised":
        return FOREIGN_MONEY
    if spell.status == "own_currency" and spell.currency in RESERVE_CURRENCIES:
        return "the economy issues a reserve currency"
    return ""


def _unscored(indicator: Indicator, estimate: Estimate | None, as_of: dt.date) -> str:
    if estimate is None:
        return "the chapter gives no such estimate"
    if estimate.value is None:
        return estimate.reason
    end = period_end(estimate.date)
    oldest = indicator.oldest_months
    if end is not None and pd.Timestamp(end) < pd.Timestamp(as_of) - pd.DateOffset(months=oldest):
        age = f"{oldest // 12} years" if oldest > 12 else f"{oldest} months"
        return f"the figure is of {estimate.date.rsplit('/', 1)[-1]}, over {age} old"
    if RUNS_ON in estimate.note and estimate.value < SIGNIFICANT_PREMIUM_PCT:
        return f"a calm figure of before proves nothing: {inside(estimate.note).rstrip('.')}"
    if QUOTED in estimate.note:
        return f"{QUOTED}, not read in the rule itself: shown, not scored"
    return ""


def arrays(readings: list[Reading]) -> Indicators:
    """The readings as plain arrays for `cryptorisk.stats.composite`."""

    def end(name: str) -> list[float]:
        ends = [
            getattr(r.estimate, name) if r.estimate is not None and not r.unscored else None for r in readings
        ]
        known = [r.value if e is None else e for r, e in zip(readings, ends, strict=True)]
        if name == "high":
            return known
        # Of encumbered reserves as little may be free as the stressed threshold says.
        return [min(v, r.indicator.stress) if r.floor else v for r, v in zip(readings, known, strict=True)]

    return Indicators(
        np.array([r.value for r in readings]),
        np.array(end("low")),
        np.array(end("high")),
        np.array([r.indicator.calm for r in readings]),
        np.array([r.indicator.stress for r in readings]),
        np.array([r.pillar for r in readings]),
        np.array([r.indicator.basis != "relative" for r in readings]),
    )


def overrides(inputs: Inputs, chapters: Mapping[str, Result]) -> dict[str, str]:
    """Pillars that a fact puts at 100 whatever their indicators say, with the fact in words."""
    facts = {}
    tender = legal_tender(statuses(inputs))
    if tender is not None and tender.value == "Yes":
        facts["fiscal_and_legal_tender"] = f"legal tender since {tender.date}"
    banks = chapters["crash"].estimates.get("bank_exposure_pct_tier1") if "crash" in chapters else None
    if banks is not None and banks.value is not None and banks.value > 2:
        facts["banks"] = "exposure above the 2 % limit of SCO60"
    return facts


def regulation_gap(inputs: Inputs) -> Estimate:
    """Share of licensing, taxation and anti-money-laundering rules that fresh statements say are absent.

    Only statements not older than 24 months count, and at least two of the three must have one: a single old No must
    not put a pillar at 100.
    """
    found = statuses(inputs)
    known = {item: current(found, item) for item in RULE_ITEMS}
    fresh = {item: s for item, s in known.items() if s is not None and not _old(s, inputs.as_of)}
    label = "Rules that sources say are absent"
    if len(fresh) < FEWEST_RULES:
        return Estimate.missing(
            "matrix.regulation_gap",
            label,
            "pct",
            f"{len(fresh)} of {len(RULE_ITEMS)} rules have a sourced statement of the last 24 months; two are needed",
        )
    absent = [item for item, status in fresh.items() if status.value == "No"]
    return Estimate(
        "matrix.regulation_gap",
        label,
        100 * len(absent) / len(fresh),
        "pct",
        data_class="proxy",
        date=max(status.date for status in fresh.values()),
        n_obs=len(fresh),
        method=f"Of {', '.join(s.lower() for s in fresh)}: share whose newest statement is No.",
        sources=sources_of(fresh.values()),
        inputs=("regulation",),
        function="cryptorisk.models.matrix.readings.regulation_gap",
    )


def _old(status: Status, as_of: dt.date) -> bool:
    end = period_end(status.date)
    return end is None or is_stale(end, as_of)
