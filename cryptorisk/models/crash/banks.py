"""Banks in a crash: losses at the limits of SCO60, and with supervisory data the assessment and capital after the loss.

Where one of the supervisory figures is confidential, the outcome against the limits is said in words, the ratio to Tier 1
is rounded up to one digit ("at most"), that of CET1 to risk-weighted assets down ("at least"), and losses, ratios after them
and amounts are computed from these digits, so that no number gives the figure back and none meets a requirement by rounding.
"""

from __future__ import annotations

from typing import Any

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.bank_limits import limit_finding, limit_table
from cryptorisk.models.crash.one_side import bounded, rounded_up
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.supervisory import CET1, EXPOSURE, RWA, TIER1, Supervisory, supervisory
from cryptorisk.models.exposure.estimates import HIDDEN
from cryptorisk.models.part import Part, given
from cryptorisk.result import Finding
from cryptorisk.rules import sco60

NOT_PUBLIC = "not public; the banking supervisor can supply it"
SUPPLY = f"Read from {EXPOSURE}, {TIER1}, {CET1} and {RWA} under overrides in the parameter file."

EXPOSURE_LABEL = "Banks' crypto-asset exposure"
SUPERVISED = (
    ("bank_exposure_pct_tier1", "Banks' crypto exposure", "pct_tier1"),
    ("bank_loss_pct_tier1", "Banks' loss in the headline scenario", "pct_tier1"),
    ("bank_cet1_loss_only_pct", "Banks' CET1 ratio after the headline scenario, loss alone", "pct"),
    (
        "bank_cet1_after_pct",
        "Banks' CET1 ratio after the headline scenario, with 1250 % on all that is left",
        "pct",
    ),
)


def banks(inputs: Inputs, scenario: Scenario) -> Part:
    """Losses at the limits of SCO60, and with supervisory data the assessment and capital after the loss.

    Parameters
    ----------
    inputs : Inputs
    scenario : Scenario
        Its price fall is applied to the whole exposure.

    Returns
    -------
    Part
    """
    own = supervisory(inputs)
    estimates = [
        _bank_exposure(own),
        _at_limit("bank_loss_at_1pct_limit", 1.0, scenario, own),
        _at_limit("bank_loss_at_2pct_limit", 2.0, scenario, own),
    ]
    if own.exposure is None or own.tier1 is None or not own.tier1.value > 0:
        return Part(
            (*estimates, *(_absent(name, label, unit, own.problem) for name, label, unit in SUPERVISED)),
            (limit_table(scenario),),
            _problem_finding(own),
        )
    rule = sco60.assess(own.exposure.value, own.tier1.value, on=inputs.as_of)
    hidden = own.hides(EXPOSURE, TIER1)
    return Part(
        (*estimates, *_supervised(rule, own, scenario)),
        (limit_table(scenario),),
        (limit_finding(rule, hidden), *_problem_finding(own)),
    )


def _problem_finding(own: Supervisory) -> tuple[Finding, ...]:
    """What is wrong with the supervisory figures, or that they are of different years; nothing when they are sound."""
    text = f"Banks' capital is not computed: {own.problem}." if own.problem else own.apart
    if not text:
        return ()
    return (Finding("crash.bank_figures", text, "warning", "data", ("crash.bank_cet1_after_pct",)),)


def _absent(name: str, label: str, unit: str, problem: str = "") -> Estimate:
    return Estimate.missing(
        f"crash.{name}",
        label,
        unit,
        problem or NOT_PUBLIC,
        method=SUPPLY,
        inputs=(EXPOSURE, TIER1, CET1, RWA),
    )


def _at_limit(name: str, limit_pct: float, scenario: Scenario, own: Supervisory) -> Estimate:
    note = "Not an estimate of what banks hold, which is not public."
    if own.exposure is not None:
        note = "Not what banks hold: the institution's own figure for that is used beside it."
    return Estimate(
        f"crash.{name}",
        f"Banks' loss if exposure stood at {limit_pct:g} % of Tier 1, {scenario.name}",
        limit_pct * scenario.price_drop,
        "pct_tier1",
        data_class="modelled",
        method="Arithmetic: the limit of SCO60.116 to 60.119 times the scenario's fall, unhedged bitcoin.",
        function="cryptorisk.models.crash.banks.banks",
        note=note,
    )


def _bank_exposure(own: Supervisory) -> Estimate:
    if own.exposure is None:
        return _absent("bank_exposure", EXPOSURE_LABEL, "usd")
    if own.hides(EXPOSURE):
        return Estimate.missing("crash.bank_exposure", EXPOSURE_LABEL, "usd", HIDDEN)
    return Estimate("crash.bank_exposure", EXPOSURE_LABEL, own.exposure.value, "usd", **given(own.exposure))


def _supervised(rule: sco60.Sco60, own: Supervisory, scenario: Scenario) -> list[Estimate]:
    assert own.exposure is not None
    known: dict[str, Any] = {
        "data_class": own.exposure.data_class,
        "date": own.exposure.date.isoformat(),
        "sources": (own.exposure.source,),
        "inputs": (EXPOSURE, TIER1),
        "function": "cryptorisk.rules.sco60.assess",
    }
    share, at_most, note, loss_note = 100 * rule.share, "", "", ""
    if own.hides(EXPOSURE, TIER1):
        share, at_most = rounded_up(share), ", at most"
        note = (
            "Rounded up to one digit, which keeps it on its side of the limits: it stands on a confidential figure. "
            f"In words: {sco60.IN_WORDS[rule.status]}."
        )
        loss_note = "Computed from the exposure rounded up to one digit: it stands on a confidential figure."
    (name, label, unit), (loss_name, loss_label, _) = SUPERVISED[0], SUPERVISED[1]
    made = [
        Estimate(
            f"crash.{name}",
            label + at_most,
            share,
            unit,
            method="Group 2 exposure over Tier 1 capital (SCO60.116 to 60.119).",
            note=note,
            **known,
        ),
        Estimate(
            f"crash.{loss_name}",
            loss_label + at_most,
            share * scenario.price_drop,
            unit,
            method=f"Exposure times the fall of the scenario, {scenario.name}, unhedged.",
            note=loss_note,
            **(known | {"data_class": "modelled"}),
        ),
    ]
    return [*made, *_cet1_after(rule, own, scenario, known)]


def _cet1_after(
    rule: sco60.Sco60, own: Supervisory, scenario: Scenario, known: dict[str, Any]
) -> list[Estimate]:
    """The CET1 ratio after the loss: by the loss alone, and with 1250 % on what is left, the limit alone as upper end."""
    if own.cet1 is None or own.rwa is None or own.problem:
        return [_absent(name, label, unit, own.problem) for name, label, unit in SUPERVISED[2:]]
    used = own.capital()  # from the digits that are told, where a figure is confidential
    if used is None and own.hidden:
        reason = "the CET1 capital given is not above zero"
        return [
            Estimate.missing(f"crash.{name}", label, unit, reason) for name, label, unit in SUPERVISED[2:]
        ]
    figures = (rule.exposure, rule.tier1, own.cet1.value, own.rwa.value)
    if used is not None:
        figures = (used.exposure, used.tier1, used.cet1, used.rwa)
    try:
        capital = sco60.after_fall(*figures, scenario.price_drop)
    except ModelError as error:
        reason = "the loss exhausts Tier 1 capital" if not own.hidden else str(error.what).split(" (")[0]
        return [
            Estimate.missing(f"crash.{name}", label, unit, reason) for name, label, unit in SUPERVISED[2:]
        ]
    described = known | {
        "data_class": "modelled",
        "inputs": (EXPOSURE, TIER1, CET1, RWA),
        "function": "cryptorisk.rules.sco60.after_fall",
        "note": "" if own.hidden else _beside(capital),
    }
    (name, label, unit), (limit_name, limit_label, limit_unit) = SUPERVISED[2:]
    ends: dict[str, Any] = {}
    if capital.after_all_2b < capital.after:
        ends = {"low": capital.after_all_2b, "high": capital.after, "interval": "range"}
    made = [
        Estimate(f"crash.{name}", label, capital.loss_only, unit, method=LOSS_ONLY, **described),
        Estimate(
            f"crash.{limit_name}",
            limit_label,
            capital.after_all_2b,
            limit_unit,
            method=WITH_LIMIT,
            **described,
            **ends,
        ),
    ]
    return [_at_least(estimate) for estimate in made] if own.hidden else made


def _at_least(made: Estimate) -> Estimate:
    """A ratio that must be above a requirement, down to one digit; without the upper end, which it is not at least."""
    value = None if made.value is None else bounded(made.value, "at least")
    return made.with_(
        label=f"{made.label}, at least", value=value, low=None, high=None, interval="none", note=ROUNDED
    )


ROUNDED = "Rounded down to one digit, so that no requirement is met by rounding: it stands on a confidential figure."

LOSS_ONLY = "CET1 less the loss in full, no tax relief, over risk-weighted assets as given."
WITH_LIMIT = (
    "CET1 less the loss in full, no tax relief, with 1250 % on all that the fall leaves, as for unhedged positions. "
    "Assumed: the risk-weighted assets given hold nothing for crypto-assets. Where the limit penalises less than all, the "
    "upper end of the range weights that part alone, which no unhedged position may (only hedged ones, Group 2a)."
)


def _beside(capital: sco60.AfterFall) -> str:
    """The ratio before, as given and with the weights: an exposure that falls takes its weight along."""
    return (
        f"Before: {capital.before:.2f} % as given, {capital.before_all_2b:.2f} % with 1250 % on all of it, "
        f"{capital.before_limit:.2f} % by the limit alone. What is lost carries no weight any more, so that with the "
        "weights a fall may raise the ratio."
    )
