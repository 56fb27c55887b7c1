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
from cryptorisk.models.flight.premium_year import ID as YEAR_HIGH
from cryptorisk.models.flight.premium_year import RECENT_MONTHS
from cryptorisk.models.peers import MAX_AGE_YEARS
from cryptorisk.periods import period_end
from cryptorisk.result import Result
from cryptorisk.words import clause, inside, listing

Reply = Literal["yes", "no", "cannot be excluded"]

WIDESPREAD_OWNERSHIP_PCT = 10.0
"""One person in ten: the kit's own mark of widespread ownership."""
SIGNIFICANT_HOLDINGS_PCT_GDP = 2.0
"""The kit's own mark; the same figure stresses the market-loss pillar."""
TOP_DECILE = 90.0
"""Percentile above which a published volume counts as exceptional: one economy in ten."""
SIGNIFICANT_PREMIUM_PCT = 10.0
"""A tenth over the official rate: the kit's own mark of a market under pressure."""
SIGNIFICANT_BANKS_PCT_TIER1 = 1.0
"""Basel Committee, SCO60: the limit that exposures should not generally exceed."""
SIGNIFICANT_PUBLIC_PCT_GDP = 0.5
"""The kit's own mark of a fiscal exposure worth a question."""
SIGNIFICANT_MINING_PCT = 1.0
"""Of national electricity use; the kit's own mark."""


NAMELESS = "not named on the page"
"""Organisation of a source, in the register, that its page does not name: its title then says what is known."""

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
    """One node of the tree; ``because`` is what a yes rests on, in words, and ``estimates`` the ids of that."""

    number: int
    question: str
    reply: Reply
    datum: str
    rule: str
    because: str = ""
    estimates: tuple[str, ...] = ()


def tree(inputs: Inputs, chapters: Mapping[str, Result]) -> tuple[Answer, ...]:
    """The six answers, in order."""
    return (
        _legal_tender(inputs),
        _widespread(inputs, chapters),
        _exposure(chapters),
        _flows(chapters),
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


def dated(estimate: Estimate) -> str:
    """An estimate inside a sentence, with the period that it speaks of."""
    known = estimate.available and estimate.date
    return f"{clause(estimate)}, {estimate.date}" if known else clause(estimate)


def _datum(*estimates: Estimate | None) -> str:
    known = [f"{e.label}: {dated(e)}" for e in estimates if e is not None]
    return "; ".join(known) or "no estimate"


def _above(*pairs: tuple[Estimate | None, float]) -> tuple[str, tuple[str, ...]]:
    """Those estimates whose whole interval lies above their mark, in words, and their ids."""
    found = [(e, mark) for e, mark in pairs if e is not None and against(e, mark) == "yes"]
    return "; ".join(f"{e.label}: {dated(e)} (mark: {mark:g} %)" for e, mark in found), tuple(
        e.id for e, _ in found
    )


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
    because = f"Legal tender since {status.date} ({status.source})"
    return Answer(1, question, reply, f"{status.value} ({status.date}; {status.source})", rule, because)


def _widespread(inputs: Inputs, chapters: Mapping[str, Result]) -> Answer:
    owners = _find(chapters, "crash.ownership_share")
    old = owners is not None and owners.available and _old(owners, inputs.as_of)
    return Answer(
        2,
        "Is ownership widespread?",
        "cannot be excluded" if old else against(owners, WIDESPREAD_OWNERSHIP_PCT),
        _datum(owners) + _origin(inputs, owners),
        f"Owners above {WIDESPREAD_OWNERSHIP_PCT:g} % of the population (the kit's own mark), by figures not older than "
        f"{MAX_AGE_YEARS} years.",
        *_above((owners, WIDESPREAD_OWNERSHIP_PCT)),
    )


def _old(estimate: Estimate, as_of: dt.date) -> bool:
    end = period_end(estimate.date)
    return end is not None and pd.Timestamp(end) < pd.Timestamp(as_of) - pd.DateOffset(years=MAX_AGE_YEARS)


def _origin(inputs: Inputs, owners: Estimate | None) -> str:
    """Whose figures of ownership these are, for the datum; empty when unknown."""
    if owners is None or not owners.available or not owners.sources:
        return ""
    if owners.interval == "prediction":
        return "; no figure published, estimated from internet use and other economies"
    known = [inputs.sources[id] for id in owners.sources if id in inputs.sources]
    names = [one.organisation if one.organisation != NAMELESS else inside(one.title) for one in known]
    return f"; from {listing(list(dict.fromkeys(names)))}" if names else ""


def _exposure(chapters: Mapping[str, Result]) -> Answer:
    holdings = _find(chapters, "crash.household_holdings_pct_gdp")
    banks = _find(chapters, "crash.bank_exposure_pct_tier1")
    reply = against(holdings, SIGNIFICANT_HOLDINGS_PCT_GDP)
    if banks is not None and banks.value is not None and banks.value > SIGNIFICANT_BANKS_PCT_TIER1:
        reply = "yes"
    elif reply == "no" and (banks is None or banks.value is None):
        reply = "cannot be excluded"
    return Answer(
        3,
        "Are households, banks or other sectors significantly exposed?",
        reply,
        _datum(holdings, banks),
        f"Household holdings above {SIGNIFICANT_HOLDINGS_PCT_GDP:g} % of GDP (the kit's own mark), or banks above "
        f"{SIGNIFICANT_BANKS_PCT_TIER1:g} % "
        "of Tier 1 (SCO60); unknown bank exposure is never a no.",
        *_above((holdings, SIGNIFICANT_HOLDINGS_PCT_GDP), (banks, SIGNIFICANT_BANKS_PCT_TIER1)),
    )


def _flows(chapters: Mapping[str, Result]) -> Answer:
    """A volume is gross and modelled, so it can raise the question but never answer it with no."""
    percentile = _find(chapters, "volumes.country_volume_percentile")
    premium = _find(chapters, YEAR_HIGH)
    exceptional = _published(chapters) and against(percentile, TOP_DECILE) == "yes"
    reply: Reply = (
        "yes" if exceptional or against(premium, SIGNIFICANT_PREMIUM_PCT) == "yes" else "cannot be excluded"
    )
    volume = _find(chapters, "volumes.country_volume_pct_gdp")
    quoted = _exceptional(volume, percentile) if exceptional else ""
    above, ids = _above((premium, SIGNIFICANT_PREMIUM_PCT))
    return Answer(
        4,
        "Could it matter for capital flows and the exchange rate?",
        reply,
        _datum(volume, percentile, premium),
        f"Yes when a published volume puts the country in the top tenth of economies over its whole interval, or a "
        f"parallel or crypto-implied premium was above {SIGNIFICANT_PREMIUM_PCT:g} % on every day of the highest month of "
        f"the last {RECENT_MONTHS} (the kit's own marks). Value received is gross and modelled: it never gives a no.",
        "; ".join(part for part in (quoted, above) if part),
        (*(e.id for e in (volume, percentile) if exceptional and e is not None), *ids),
    )


def _exceptional(volume: Estimate | None, percentile: Estimate | None) -> str:
    """A volume in the top tenth of economies, in words."""
    assert percentile is not None
    rank = f"{percentile:interval}" if percentile.low is not None else f"{percentile:value}"
    what = f"{volume.label}: {dated(volume)}" if volume is not None and volume.available else "Value received"
    return f"{what}, more than in {rank} of the other economies (mark: {TOP_DECILE:g} %)"


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
        *_above((public, SIGNIFICANT_PUBLIC_PCT_GDP), (energy, SIGNIFICANT_MINING_PCT)),
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
