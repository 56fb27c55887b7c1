"""How far early warning is to be trusted: its accuracy on years not seen, beside inflation alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.early_warning import LEVEL
from cryptorisk.models.early_warning.indicators import RATES
from cryptorisk.models.early_warning.reading import accuracy
from cryptorisk.models.flight.early_warning_tables import (
    accuracy_table,
    calibration_table,
    coefficients_table,
    roc_table,
)
from cryptorisk.models.part import Part
from cryptorisk.result import Finding, Result, Table
from cryptorisk.words import significance

_FUNCTION = "cryptorisk.models.flight.early_warning_skill.skill_part"


def skill_part(world: Result) -> Part:
    """How good the equation was on years that it had not seen, and whether better than inflation alone."""
    label = "Area under the ROC curve on years not seen"
    main, rule = accuracy(world, "main"), accuracy(world, "rule_inflation")
    if main is None:
        why = "too few crashes to judge the equation by"
        return Part((Estimate.missing("flight.early_warning_auroc", label, "ratio", why),))
    tables = (*_annex(world), *roc_table(world))
    facts: dict[str, Any] = {
        "level": LEVEL,
        "interval": "confidence",
        "date": f"{int(main['first'])}/{int(main['last'])}",
    }
    facts |= {"n_obs": int(main["rows"]), "function": _FUNCTION, "inputs": RATES}
    area = Estimate(
        "flight.early_warning_auroc",
        label,
        float(main["auroc"]),
        "ratio",
        float(main["low"]),
        float(main["high"]),
        method="Equation fitted anew each year on what was over by then; interval from resampled economies.",
        **facts,
    )
    text = (
        f"Fitted each year on what was over by then, the equation ranks a year before a crash above another one in "
        f"{area:full} of pairs (one half is chance; {int(main['events'])} rows before {int(main['crashes'])} crashes in "
        f"{int(main['crash_economies'])} economies, {int(main['first'])} to {int(main['last'])}); its probabilities miss by "
        f"{number(100 * float(main['skill']), 0)} % less than the base rate does (Brier score)."
    )
    if rule is None or not np.isfinite(rule["gain"]):
        return Part(
            (area,), tables, (Finding("flight.early_warning_skill", text, "info", "caveat", (area.id,)),)
        )
    gain = Estimate(
        "flight.early_warning_gain",
        "The same less the area of inflation without an equation",
        float(rule["gain"]),
        "ratio",
        float(rule["gain_low"]),
        float(rule["gain_high"]),
        method="Both areas on the same rows and the same resampled economies.",
        **facts,
    )
    verdict = {
        "above": "It ranks better than inflation of the year without an equation",
        "below": "It ranks worse than inflation of the year without an equation",
    }.get(significance(gain), "It ranks no better than inflation of the year without an equation")
    rests = "" if skilled(world) else ", so that no warning rests on it"
    text += f" {verdict} ({area:value} against {number(float(rule['auroc']), 2)}){rests}."
    return Part(
        (area, gain),
        tables,
        (Finding("flight.early_warning_skill", text, "info", "caveat", (area.id, gain.id)),),
    )


def skilled(world: Result) -> bool:
    """Whether the equation ranks better than inflation alone, with the interval; only then a warning rests on it."""
    rule = accuracy(world, "rule_inflation")
    # The gain is the equation's area less the rule's.
    return rule is not None and bool(np.isfinite(rule["gain"])) and float(rule["gain_low"]) > 0


def _annex(world: Result) -> tuple[Table, ...]:
    return accuracy_table(world), *calibration_table(world), coefficients_table(world)
