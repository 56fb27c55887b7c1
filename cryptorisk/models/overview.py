"""At a glance: the headlines of all chapters, peers, the findings worst first, and the quality of the data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs, is_stale
from cryptorisk.data.sources.names import title_of
from cryptorisk.estimate import UNITS, Estimate, format_estimate
from cryptorisk.models import peers
from cryptorisk.models.matrix.readings import ENCUMBERED, no_reserves_asked
from cryptorisk.models.substitution.verdict import WIDEST_COVER
from cryptorisk.params import Params
from cryptorisk.periods import period_end
from cryptorisk.result import SEVERITIES, Column, Finding, Result, Severity, Table
from cryptorisk.words import inside

CHAPTER = "overview"
TITLE = "At a glance"
FUNCTION = "cryptorisk.models.overview.analyse"

CARDS: tuple[tuple[str, ...], ...] = (
    ("matrix.rating",),
    ("volumes.country_volume_pct_gdp", "volumes.country_volume_usd", "volumes.region_volume_usd"),
    ("crash.ownership_share",),
    ("substitution.mvp_share", "flight.drain_pct_reserves", "substitution.inflation"),
    ("flight.import_cover_months", "flight.residual_pct_gdp", "flight.hot_money_pct_gdp"),
    ("crash.household_loss_pct_gdp",),
)
"""What the first screen shows; of each row the first estimate that the country has, else the first with its reason. Where no
share of least risk can be given, or its interval says nothing, the drain on reserves stands: that can be prepared for."""

WIDEST_SHARE_PCT = 100 * WIDEST_COVER
"""A share whose interval is wider than nine tenths of 0 to 100 % is no headline: chapter 2 refuses others by that mark."""
SHARES = ("substitution.mvp_share",)

GRADE_INPUTS: tuple[str, ...] = (
    "volumes.country_volume_pct_gdp",
    "substitution.mvp_share",
    "substitution.inflation",
    "flight.residual_pct_gdp",
    "flight.import_cover_months",
    "flight.reserves_to_ara",
    "crash.ownership_share",
    "crash.household_loss_pct_gdp",
    "crash.bank_exposure_pct_tier1",
    "channels.remittances_pct_gdp",
)
"""The headline numbers that the data grade counts; chapters that do not apply are left out of the count."""

STAND_INS = {"flight.residual_pct_gdp": "flight.hot_money_pct_gdp"}
"""What the count takes where a headline number cannot be had: of residual flows without debtor statistics the unrecorded."""

GRADES: tuple[tuple[float, str], ...] = ((0.9, "A"), (0.7, "B"), (0.4, "C"), (0.0, "D"))
"""Share of the headline numbers that are there and not stale, and the grade: a convention, printed with it."""

RESERVES, DRAIN = "flight.import_cover_months", "flight.drain_pct_reserves"

NOT_REFRESHED = re.compile(r"data\.not_refreshed_(?P<source>[a-z]+)(_[0-9]+)?")
"""Ids of the findings of `cryptorisk.data.refresh.findings` on sources that gave nothing."""

MOST_FINDINGS = 5
"""With the one on the data. Five sentences are read; the others stand in their chapters."""
ALWAYS = ("matrix.worst_pillar", "matrix.criticality", "channels.legal_tender")
"""Findings that a reader must always see; those that a country does not have are left out."""
NOT_HERE = ("matrix.rating", "matrix.no_rating", "matrix.first_step")
"""What the rating's box says already, also that there is none and why, and what is the same for all countries with the same
worst pillar."""
LIMITING = (ENCUMBERED, "Period not stated", "GDP in dollars fell")
"""Words of a note that limits its number: it comes before how the number compares."""


def analyse(inputs: Inputs, params: Params, chapters: Mapping[str, Result], risk_matrix: Result) -> Result:
    """Gather what a reader must know first.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    chapters : mapping of str to Result
        Results of chapters 1 to 5.
    risk_matrix : Result
        Result of chapter 6.

    Returns
    -------
    Result
        Chapter ``overview``. Its headline estimates repeat those of the chapters: the id of the original stands in
        ``inputs``.
    """
    everything = {**chapters, "matrix": risk_matrix}
    group = peers.peer_group(inputs, params)
    unasked = no_reserves_asked(inputs)
    places = _places(inputs, params, everything, group)
    if unasked:
        places.pop(RESERVES, None)
    before = peers.a_year_before(inputs)
    cards = [_placed(_card(everything, choices, unasked), places, before) for choices in CARDS]
    grade, gap = _grade(everything, inputs.as_of)
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*cards, grade],
        tables=[_peer_table(inputs, params, everything, places, group)],
        findings=_findings(everything, grade, gap, _not_refreshed(inputs)),
        headline=[card.id.removeprefix("overview.") for card in cards],
    )


def _estimate(results: Mapping[str, Result], id: str) -> Estimate | None:
    chapter, name = id.split(".", 1)
    return results[chapter].estimates.get(name) if chapter in results else None


def _card(results: Mapping[str, Result], choices: tuple[str, ...], unasked: str) -> Estimate:
    """The first of the choices that is there and fit for a headline; ``unasked`` is why reserves say nothing here."""
    found = [_fit(e, unasked) for e in (_estimate(results, id) for id in choices) if e is not None]
    chosen = next((e for e in found if e.available), found[0] if found else None)
    if chosen is None:
        chapter, name = choices[0].split(".", 1)
        reason = results[chapter].reason or "the chapter gives no such estimate"
        return Estimate.missing(f"overview.{name}", name.replace("_", " ").capitalize(), "none", reason)
    if (
        chosen.id == DRAIN
        and chosen.available
        and (usd := _estimate(results, "flight.drain_usd")) is not None
    ):
        chosen = chosen.with_(note=f"{usd:value}. {chosen.note}")
    return chosen.with_(id=f"overview.{chosen.id.split('.', 1)[1]}", inputs=(chosen.id,))


def _fit(estimate: Estimate, unasked: str) -> Estimate:
    """The estimate, or why it is no headline: reserves that defend no rate, a share of anything between nothing and all."""
    wide = (
        estimate.id in SHARES
        and estimate.low is not None
        and estimate.high is not None
        and estimate.high - estimate.low > WIDEST_SHARE_PCT
    )
    reason = f"the interval, {estimate:interval}, excludes next to nothing" if wide else ""
    if estimate.id == RESERVES and unasked:
        reason = unasked
    if not reason or not estimate.available:
        return estimate
    return Estimate.missing(estimate.id, estimate.label, estimate.unit, reason, applies=wide)


def _grade(results: Mapping[str, Result], as_of: dt.date) -> tuple[Estimate, str]:
    """Share of the headline numbers that are there and fresh, and the most important one that is not."""
    found = {id: _counted(results, id) for id in GRADE_INPUTS if results[id.split(".")[0]].applicable}
    state = {id: _state(e, as_of) for id, e in found.items() if e is None or e.applies}
    good = sum(value == "" for value in state.values())
    share = good / len(state) if state else 0.0
    letter = next(letter for bound, letter in GRADES if share >= bound)
    gap = next((text for text in state.values() if text), "none of the headline numbers is missing or stale")
    return Estimate(
        "overview.data_quality",
        f"Data grade {letter}: {good} of {len(state)} headline numbers are available and not stale",
        100 * share,
        "pct",
        n_obs=len(state),
        method="Of the headline numbers that apply here; A from 90 %, B from 70 %, C from 40 %, D below. A convention.",
        inputs=tuple(state),
        function="cryptorisk.models.overview._grade",
    ), gap


def _counted(results: Mapping[str, Result], id: str) -> Estimate | None:
    """The headline number, or what stands in where it is missing and that is known."""
    own, other = _estimate(results, id), _estimate(results, STAND_INS.get(id, id))
    return other if (own is None or not own.available) and other is not None and other.available else own


def _state(estimate: Estimate | None, as_of: dt.date) -> str:
    if estimate is None:
        return "a headline number is not estimated"
    if not estimate.available:
        return f"{inside(estimate.label)}: {estimate.reason}"
    end = period_end(estimate.date)
    if end is not None and is_stale(end, as_of):
        return f"{inside(estimate.label)} rests on data that end in {estimate.date.rsplit('/', 1)[-1]}"
    return ""


def _placed(card: Estimate, places: Mapping[str, peers.Position], before: Mapping[str, float]) -> Estimate:
    """The card with its rank among peers and its direction since the year before in the note."""
    if card.value is None:
        return card
    (original,) = card.inputs
    notes = []
    if original in places:
        notes.append(f"Rank {places[original].rank} of {places[original].of} among peers, highest first.")
    if original in before:
        past = before[original]
        shown = format_estimate(card.with_(value=past), "value")
        word = "Up" if card.value > past else "Down"
        within = card.low is not None and card.high is not None and card.low <= past <= card.high
        base = ", each year as first reported" if original.startswith("volumes.") else ""
        notes.append(
            f"{word} from {shown} a year before{base}{', which is inside the interval' if within else ''}."
        )
    limited = any(word in card.note for word in LIMITING)
    order = [card.note, *notes] if limited else [*notes, card.note]
    return card.with_(note=" ".join(order).strip())


def _places(
    inputs: Inputs, params: Params, results: Mapping[str, Result], group: tuple[str, ...]
) -> dict[str, peers.Position]:
    """Rank among peers of every estimate that the country has and the vintage has for them."""
    places = {}
    for id, panel in peers.panels(inputs, params).items():
        estimate = _estimate(results, id)
        place = peers.position(panel, inputs.country, group)
        if estimate is not None and estimate.available and place is not None:
            places[id] = place
    return places


def _peer_table(
    inputs: Inputs,
    params: Params,
    results: Mapping[str, Result],
    places: Mapping[str, peers.Position],
    group: tuple[str, ...],
) -> Table:
    rows = []
    for id, place in places.items():
        estimate = _estimate(results, id)
        assert estimate is not None
        rows.append(
            {
                "what": f"{estimate.label}, {UNITS[estimate.unit].noun}",
                "value": place.value,
                "median": place.median,
                "rank": f"{place.rank}\u00a0of\u00a0{place.of}",
            }
        )
    region = f"{country(inputs.country).region_name('world_bank')} (World Bank)"
    named = "given by the parameter file" if params.peers else region
    return Table(
        "overview.peers",
        "Position among peers",
        pd.DataFrame(rows, columns=["what", "value", "median", "rank"]),
        (
            Column("what", "Figure"),
            Column("value", country(inputs.country).name, "", 1),
            Column("median", "Peers", "", 1),
            Column("rank", "Rank"),
        ),
        note=(
            f"Peers: their median; {named}, {len(group)} economies, those with a figure not older than "
            f"{peers.MAX_AGE_YEARS} years at the report's date. Rank: highest first. "
            "Each row computes every economy in the same way from the vintage, so the country's figure can differ "
            "slightly from the chapter's."
        ),
    )


def _not_refreshed(inputs: Inputs) -> str:
    """A sentence on live sources that gave nothing for this economy when the vintage was made; else empty."""
    found = [NOT_REFRESHED.fullmatch(finding.id) for finding in inputs.findings]
    names = dict.fromkeys(title_of(match["source"]) for match in found if match)
    if not names:
        return ""
    return f"Older figures stand where a source gave nothing at the last refresh: {', '.join(names)} (see the data log)."


def _findings(results: Mapping[str, Result], grade: Estimate, gap: str, unrefreshed: str) -> list[Finding]:
    """What always stands first, then the worst of each chapter, and the state of the data.

    The worst pillar, macro-criticality and legal tender always stand; findings of severity ``info``, among them those that
    are the same in every country, do not, nor what the rating's box says. Of equal severity a result of this country comes
    before a note on its data, such as how its laws were coded years ago.
    """
    everyone = [f for result in results.values() for f in result.findings]
    fixed = [f for id in ALWAYS for f in everyone if f.id == id]
    others = [
        f
        for f in everyone
        if f not in fixed
        and f.id not in NOT_HERE
        and (f.severity in ("alert", "warning") or (f.kind == "result" and f.severity == "notice"))
    ]
    others.sort(key=_order)
    chosen: list[Finding] = []
    for finding in others:
        chapter = finding.id.split(".")[0]
        if len(chosen) < MOST_FINDINGS - 1 - len(fixed) and all(
            c.id.split(".")[0] != chapter for c in chosen
        ):
            chosen.append(finding)
    text = f"{grade.label}. Most important gap: {gap}. {unrefreshed}".rstrip()
    severity: Severity = "notice" if unrefreshed else "info"
    quality = Finding("overview.data_quality", text, severity, "result", (grade.id,))
    shown = sorted(
        [*fixed, *chosen], key=lambda f: (SEVERITIES.index(f.severity), f not in fixed, f.kind != "result")
    )
    return [*(Finding(f"overview.{f.id}", f.text, f.severity, "result", f.estimates) for f in shown), quality]


def _order(finding: Finding) -> tuple[int, bool]:
    """Worst first, results before notes on data; the order of chapters decides between equals."""
    return SEVERITIES.index(finding.severity), finding.kind != "result"
