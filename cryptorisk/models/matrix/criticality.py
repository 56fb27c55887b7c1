"""Is crypto use macro-critical here? Six questions, each answered by a datum and a stated rule.

The questions follow the decision tree of Hacibedel and Perez-Saiz (2023, IMF WP/23/214) in spirit: the wording and
the rules are the kit's own, so the table is headed "C-RAM style".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.channels.regulation import legal_tender, statuses
from cryptorisk.periods import period_end
from cryptorisk.result import Result
from cryptorisk.words import clause, listing

Reply = Literal["yes", "no", "cannot be excluded"]

WIDESPREAD_OWNERSHIP_PCT = 10.0
"""One person in ten: the kit's own mark of widespread ownership."""
SIGNIFICANT_HOLDINGS_PCT_GDP = 2.0
"""The kit's own mark; the same figure stresses the market-loss pillar."""
TOP_DECILE = 90.0
"""Percentile above which a published volume counts as exceptional: one economy in ten."""
SIGNIFICANT_PREMIUM_PCT = 10.0
"""A tenth over the official rate: the kit's own mark of a market under pressure."""
PREMIUM_MONTHS = 12
"""An older premium says nothing of today's exchange market: it answers no question."""
SIGNIFICANT_PUBLIC_PCT_GDP = 0.5
"""The kit's own mark of a fiscal exposure worth a question."""
SIGNIFICANT_MINING_PCT = 1.0
"""Of national electricity use; the kit's own mark."""


TOPICS = {
    1: "legal tender",
    2: "ownership",
    3: "exposures",
    4: "capital flows",
    5: "public finances and energy",
    6: "financial integrity",
}
"""The questions in a word or two, for sentences."""


@dataclass(frozen=True)
class Answer:
    """One node of the tree."""

    number: int
    question: str
    reply: Reply
    datum: str
    rule: str


def tree(inputs: Inputs, chapters: Mapping[str, Result]) -> tuple[Answer, ...]:
    """The six answers, in order."""
    return (
        _legal_tender(inputs),
        _widespread(chapters),
        _exposure(chapters),
        _flows(chapters, inputs.as_of),
        _fiscal(chapters),
        _integrity(chapters),
    )


def conclusion(answers: tuple[Answer, ...]) -> str:
    """A sentence from the answers: any yes, else any that cannot be excluded, else monitoring."""
    positive = [TOPICS[a.number] for a in answers if a.reply == "yes"]
    open_ = [TOPICS[a.number] for a in answers if a.reply == "cannot be excluded"]
    if positive:
        return f"Macro-critical by {listing(positive)}, by the rules of the risk matrix."
    if open_:
        return (
            "Macro-criticality cannot be excluded. Open, for lack of data or because the mark lies inside the interval: "
            f"{'; '.join(open_)}."
        )
    return "Not macro-critical by any of the six questions; monitoring suffices."


def against(estimate: Estimate | None, mark: float) -> Reply:
    """Yes when the whole interval lies above a mark, no when below, else not to be excluded."""
    if estimate is None or estimate.value is None:
        return "cannot be excluded"
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    if low >= mark:
        return "yes"
    return "no" if high < mark else "cannot be excluded"


def _find(chapters: Mapping[str, Result], id: str) -> Estimate | None:
    chapter, name = id.split(".", 1)
    result = chapters.get(chapter)
    return result.estimates.get(name) if result is not None else None


def _datum(*estimates: Estimate | None) -> str:
    known = [f"{e.label}: {clause(e)}" for e in estimates if e is not None]
    return "; ".join(known) or "no estimate"


def _legal_tender(inputs: Inputs) -> Answer:
    status = legal_tender(statuses(inputs))
    question = "Is a crypto-asset legal tender or an official currency?"
    rule = (
        "Yes while the newest source says so; open when sources conflict; no for economies that the 2023 list of "
        "adopters omits."
    )
    if status is None:
        datum = (
            "not among the adopters that United Nations paper E/C.16/2023/7 names (El Salvador, the Central African "
            "Republic)"
        )
        return Answer(1, question, "no", datum, rule)
    reply: Reply = {"Yes": "yes", "Disputed": "cannot be excluded"}.get(status.value, "no")  # type: ignore[assignment]
    return Answer(1, question, reply, f"{status.value} ({status.date}; {status.source})", rule)


def _widespread(chapters: Mapping[str, Result]) -> Answer:
    owners = _find(chapters, "crash.ownership_share")
    return Answer(
        2,
        "Is ownership widespread?",
        against(owners, WIDESPREAD_OWNERSHIP_PCT),
        _datum(owners),
        f"Owners above {WIDESPREAD_OWNERSHIP_PCT:g} % of the population (the kit's own mark).",
    )


def _exposure(chapters: Mapping[str, Result]) -> Answer:
    holdings = _find(chapters, "crash.household_holdings_pct_gdp")
    banks = _find(chapters, "crash.bank_exposure_pct_tier1")
    reply = against(holdings, SIGNIFICANT_HOLDINGS_PCT_GDP)
    if banks is not None and banks.value is not None and banks.value > 1:
        reply = "yes"
    elif reply == "no" and (banks is None or banks.value is None):
        reply = "cannot be excluded"
    return Answer(
        3,
        "Are households, banks or other sectors significantly exposed?",
        reply,
        _datum(holdings, banks),
        f"Household holdings above {SIGNIFICANT_HOLDINGS_PCT_GDP:g} % of GDP (the kit's own mark), or banks above 1 % "
        "of Tier 1 (SCO60); unknown bank exposure is never a no.",
    )


def _flows(chapters: Mapping[str, Result], as_of: dt.date) -> Answer:
    """A volume is gross and modelled, so it can raise the question but never answer it with no."""
    percentile = _find(chapters, "volumes.country_volume_percentile")
    premium = _find(chapters, "flight.premium")
    recent = None if premium is None or _old(premium, as_of) else premium
    exceptional = _published(chapters) and against(percentile, TOP_DECILE) == "yes"
    reply: Reply = (
        "yes" if exceptional or against(recent, SIGNIFICANT_PREMIUM_PCT) == "yes" else "cannot be excluded"
    )
    return Answer(
        4,
        "Could it matter for capital flows and the exchange rate?",
        reply,
        _datum(_find(chapters, "volumes.country_volume_pct_gdp"), percentile, premium),
        f"Yes when a published volume puts the country in the top tenth of economies over its whole interval, or a "
        f"parallel or crypto-implied premium of the last {PREMIUM_MONTHS} months is above {SIGNIFICANT_PREMIUM_PCT:g} % "
        "(the kit's own marks). Value received is gross and modelled: it never gives a no.",
    )


def _old(estimate: Estimate, as_of: dt.date) -> bool:
    end = period_end(estimate.date)
    return end is None or pd.Timestamp(end) < pd.Timestamp(as_of) - pd.DateOffset(months=PREMIUM_MONTHS)


def _published(chapters: Mapping[str, Result]) -> bool:
    """Whether the volume of the last year was published for the country, not shared out."""
    path = chapters["volumes"].tables.get("country_path") if "volumes" in chapters else None
    return (
        path is not None
        and "basis" in path.frame
        and str(path.frame["basis"].iloc[-1]).startswith("published")
    )


def _fiscal(chapters: Mapping[str, Result]) -> Answer:
    public = _find(chapters, "crash.government_holdings_pct_gdp")
    energy = _find(chapters, "channels.mining_electricity_pct")
    replies = (against(public, SIGNIFICANT_PUBLIC_PCT_GDP), against(energy, SIGNIFICANT_MINING_PCT))
    reply: Reply = "yes" if "yes" in replies else "no" if replies == ("no", "no") else "cannot be excluded"
    return Answer(
        5,
        "Is there a significant effect on public finances or energy?",
        reply,
        _datum(public, energy),
        f"Public holdings above {SIGNIFICANT_PUBLIC_PCT_GDP:g} % of GDP or mining above {SIGNIFICANT_MINING_PCT:g} % of "
        "electricity use (the kit's own marks).",
    )


def _integrity(chapters: Mapping[str, Result]) -> Answer:
    rating = _find(chapters, "channels.integrity_rating")
    return Answer(
        6,
        "Is financial integrity materially exposed?",
        "cannot be excluded",
        _datum(rating),
        "Needs the rating of Recommendation 15 and the country's own typologies; without them never a no.",
    )
