"""How far early warning is to be trusted: its accuracy on years not seen, beside inflation alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.early_warning import LEVEL
from cryptorisk.models.early_warning.indicators import RATES
from cryptorisk.models.early_warning.reading import accuracy, judged_years
from cryptorisk.models.flight.early_warning_tables import (
    accuracy_table,
    calibration_table,
    choices_table,
    coefficients_table,
    roc_table,
    span_of,
)
from cryptorisk.models.flight.second_market import spans
from cryptorisk.models.part import Part
from cryptorisk.result import Finding, Result, Table
from cryptorisk.words import listing, significance

_FUNCTION = "cryptorisk.models.flight.early_warning_skill.skill_part"
_FOLLOWED = "How often a crash followed where equations of earlier years gave as much"


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
        method=(
            "For each year variables are chosen (least BIC, each crash counted once) and the equation is fitted on what was "
            "over by then; interval from resampled economies."
        ),
        **facts,
    )
    text = (
        f"Variables chosen and coefficients fitted anew for each year on what was over by then, the equation ranks a year "
        f"before a crash above another one in {area:full} of pairs (one half is chance; {int(main['events'])} rows before "
        f"{int(main['crashes'])} crashes in {int(main['crash_economies'])} economies, {int(main['first'])} to "
        f"{int(main['last'])}), and errs {number(100 * float(main['skill']), 0)} % less than the base rate (Brier score)."
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
    rests = "" if skilled(world) else " No warning rests on it."
    against = f"{area:value} against {number(float(rule['auroc']), 2)}{_within(world)}"
    text += f" {verdict} ({against}){_drift(world)}.{rests}"
    return Part(
        (area, gain),
        tables,
        (Finding("flight.early_warning_skill", text, "info", "caveat", (area.id, gain.id)),),
    )


def followed_share(world: Result, given: Estimate) -> Estimate | None:
    """How often a crash followed where equations of earlier years gave as much; None where nothing is given.

    Parameters
    ----------
    world : Result
    given : Estimate
        The probability, percent.
    """
    if given.value is None:
        return None
    frame = world.tables["calibration"].frame
    found = frame[(100 * frame["from"] < given.value) & (given.value <= 100 * frame["to"])]
    if found.empty:
        reason = "no equation of an earlier year gave as much"
        return Estimate.missing("flight.crash_followed", _FOLLOWED, "pct", reason)
    row = found.iloc[0]
    span = span_of(100 * float(row["from"]), 100 * float(row["to"]))
    if not np.isfinite(row["low"]):
        reason = f"{span} was given before {int(row['crashes'])} different crashes, too few for a share"
        return Estimate.missing("flight.crash_followed", _FOLLOWED, "pct", reason)
    years = judged_years(world)
    with_, without = ([year for year in years if years[year] == so] for so in (True, False))
    left_out = f" ({listing(spans(without))} left out: no variable was chosen then)" if without else ""
    return Estimate(
        "flight.crash_followed",
        _FOLLOWED,
        100 * float(row["mean_y"]),
        "pct",
        100 * float(row["low"]),
        100 * float(row["high"]),
        LEVEL,
        "modelled",
        "confidence",
        method="Share of economies and years with a crash within two years; interval from resampled economies.",
        date=f"{min(with_)}/{max(with_)}" if with_ else "",
        n_obs=int(row["rows"]),
        inputs=RATES,
        function="cryptorisk.models.flight.early_warning_skill.followed_share",
        note=(
            f"Equations of earlier years{left_out} gave {span} ({number(100 * float(row['mean_p']), 0)} % on average) to "
            f"{int(row['rows'])} economies and years, before {int(row['crashes'])} different crashes."
        ),
    )


def _within(world: Result) -> str:
    """The same two areas among economies of one year, where they can be told."""
    row = accuracy(world, "main_within_year")
    if row is None:
        return ""
    rule = number(float(row["auroc"] - row["gain"]), 2)
    return f"; within a year {number(float(row['auroc']), 2)} against {rule}"


def _drift(world: Result) -> str:
    """What of its record is the choice and the slope moving from year to year."""
    frame = world.tables["choices"].frame
    frame = frame[frame["equation"] == "main"]
    years, slopes = judged_years(world), frame["slope"].to_numpy(dtype=float)
    if not years or not np.isfinite(slopes).all() or slopes[0] <= 0:
        return ""
    none = list(years.values()).count(False)
    without = f"no variable was chosen in {none} of {len(years)} years, and " if none else ""
    times = number(float(slopes[-1] / slopes[0]), 1)
    return (
        f": {without}the weight of inflation is now {times} times that of {min(years)}, so that "
        "probabilities of different years are not comparable"
    )


def skilled(world: Result) -> bool:
    """Whether the equation ranks better than inflation alone, with the interval; only then a warning rests on it."""
    rule = accuracy(world, "rule_inflation")
    # The gain is the equation's area less the rule's.
    return rule is not None and bool(np.isfinite(rule["gain"])) and float(rule["gain_low"]) > 0


def _annex(world: Result) -> tuple[Table, ...]:
    return (
        accuracy_table(world),
        *calibration_table(world),
        *choices_table(world),
        coefficients_table(world),
    )
