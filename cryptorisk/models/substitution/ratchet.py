"""The ratio of foreign to national money: its answer to depreciation, its memory of past peaks, rises against falls.

Ramirez-Rojas (1985) writes the log ratio of foreign to national money as

    ln(F/M)_t = b0 + b1 E ds_t + b2 ln(F/M)_{t-1},

with the long-run semi-elasticity b1 / (1 - b2). The month's own change of the rate stands beside it, because it revalues F
without anyone moving. A ratchet is a pull towards the ratio's past peak; an asymmetry, a long-run answer to rises of
depreciation that differs from that to its falls (partial sums). Either means that money which has left does not return when
its cause has gone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, interval_name, one_digit
from cryptorisk.models.level_relation import CHECK_LEVEL, COEFFICIENT_LEVEL, REFUSING, TEST_LEVEL, p_text
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.asymmetry import Asymmetry, asymmetry
from cryptorisk.models.substitution.money_sample import MoneySample, monthly_ratio, still
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.cusum import stability
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.partial_adjustment import PartialAdjustment, partial_adjustment
from cryptorisk.stats.ratchet import (
    PULL,
    RatchetTest,
    past_distance,
    ratchet_test,
)
from cryptorisk.stats.residual_checks import residual_checks
from cryptorisk.words import capital, significance

REPLICATIONS = 999
_SEED_RATCHET, _SEED_ASYMMETRY = 207, 208
_FUNCTION = "cryptorisk.models.substitution.ratchet.currency_ratio"
LABELS = {
    "currency_ratio_response": "Foreign to national money: percent for each point of past depreciation, long run",
    "ratchet": "Part of the distance below its past peak that foreign to national money regains in a month",
    "asymmetry": "Foreign to national money: long-run answer to rises of depreciation less that to falls",
}
UNITS = {"currency_ratio_response": "pct", "ratchet": "ratio", "asymmetry": "pct"}
_METHODS = {
    "currency_ratio_response": "Partial adjustment by month (Ramirez-Rojas 1985) with the month's change of the rate "
    "and centred seasonal terms; errors of Newey and West, long run by the delta method. Depreciation over the past "
    "twelve months stands for expected depreciation.",
    "ratchet": "The same equation with the distance below the past peak since the sample began; p-value by a wild bootstrap "
    "without a pull. The interval is that of the usual t and too narrow for a persistent ratio.",
    "asymmetry": "Error-correction equation on partial sums of rises and falls (Shin, Yu and Greenwood-Nimmo 2014); "
    "bounds of F for one driver, which is the demanding choice.",
}


def currency_ratio(inputs: Inputs, params: Params, sample: MonthlySample) -> Part:
    """Answer, ratchet and asymmetry of the ratio of foreign to national money, where the data carry them.

    Parameters
    ----------
    inputs : Inputs
        The bank's own deposits in foreign currency by month are read.
    params : Params
        The seed is read.
    sample : MonthlySample
        The rate that savers pay.

    Returns
    -------
    Part
        ``substitution.currency_ratio_response`` and ``ratchet`` always (missing with their reason), ``asymmetry`` and the
        table ``currency_ratio`` where the sample is long enough.
    """
    found, name = monthly_ratio(inputs, sample), country(params.country).name_in_sentence
    reason = found.reason or still(found)
    if reason:
        annual = inputs.series("deposit_dollarization_pct").values
        known = f"; deposit dollarisation is known for {len(annual)} years, too few" if len(annual) else ""
        text = (
            f"Whether foreign money in {name} falls back when depreciation slows (a ratchet) is not tested: "
            f"{reason}{known}."
        )
        missing = tuple(_missing(n, reason) for n in ("currency_ratio_response", "ratchet"))
        return Part(missing, (), (Finding("substitution.ratchet", text, "info", "data"),))
    return _estimated(found, params, name)


def _estimated(found: MoneySample, params: Params, name: str) -> Part:
    frame = found.frame
    drivers = frame[["depreciation"]]
    beside = pd.concat([frame[["change"]], _seasons(pd.DatetimeIndex(frame.index))], axis=1)
    pull = _pull(frame, drivers, beside, np.random.default_rng([params.seed, _SEED_RATCHET]))
    ratchet = not isinstance(pull, str) and pull.p < TEST_LEVEL
    # A ratchet that is there belongs into the equation: without it the checks find its kink.
    terms = pd.concat([beside, past_distance(frame["ratio"])], axis=1) if ratchet else beside
    fit = partial_adjustment(frame["ratio"], drivers, other=terms)
    failures = _failures(fit, pd.DatetimeIndex(frame.index)[1:])
    sides = asymmetry(frame, beside, np.random.default_rng([params.seed, _SEED_ASYMMETRY]))
    period = f"{frame.index[1]:%Y-%m}/{frame.index[-1]:%Y-%m}"
    estimates: tuple[Estimate, ...] = (
        _missing("currency_ratio_response", RATCHET_FOUND)
        if ratchet
        else _response(fit, failures, found, period),
        _ratchet(pull, failures, found, period),
        _asymmetry(sides, found, period),
    )
    if found.confidential:
        estimates = tuple(one.coarsened() for one in estimates)
    table = _table(fit, pull, sides, failures, found, period)
    return Part(estimates, (table,), (_finding(name, estimates, pull, found.confidential),))


RATCHET_FOUND = (
    "a ratchet is found, so that the answer depends on how far the ratio stands below its past peak"
)


def _missing(name: str, reason: str) -> Estimate:
    return Estimate.missing(f"substitution.{name}", LABELS[name], UNITS[name], reason)


def _seasons(index: pd.DatetimeIndex) -> pd.DataFrame:
    """Eleven centred dummies of months."""
    return pd.DataFrame({f"m{m}": (index.month == m) - 1 / 12 for m in range(1, 12)}, index=index)


def _failures(fit: PartialAdjustment, dates: pd.DatetimeIndex) -> str:
    """Checks at 1 % each that the equation fails, in words."""
    found = [
        f"the hypothesis of {c.hypothesis} is rejected ({c.name})"
        for c in residual_checks(fit.response, fit.design, lags=12)
        if c.name in REFUSING and c.p < CHECK_LEVEL
    ]
    stable = stability(fit.response, fit.design, level=CHECK_LEVEL)
    for place, what in (
        (stable.sums_crossed, "the cumulative sum of recursive residuals"),
        (stable.squares_crossed, "the cumulative sum of their squares"),
    ):
        if place is not None:
            found.append(f"{what} leaves its 1 % bounds in {dates[place]:%Y-%m}")
    return "; ".join(found)


def _pull(
    frame: pd.DataFrame, drivers: pd.DataFrame, beside: pd.DataFrame, rng: np.random.Generator
) -> RatchetTest | str:
    """The test for a ratchet, or why there is none."""
    try:
        return ratchet_test(
            frame["ratio"], drivers, other=beside, rng=rng, replications=REPLICATIONS, level=COEFFICIENT_LEVEL
        )
    except ModelError as error:
        return str(error)


def _response(fit: PartialAdjustment, failures: str, found: MoneySample, period: str) -> Estimate:
    if failures:
        return _missing("currency_ratio_response", failures)
    persistence = fit.coefficient("y.L1", level=COEFFICIENT_LEVEL)
    if persistence.high >= 1:
        return _missing(
            "currency_ratio_response",
            "the interval of the ratio's persistence reaches one: there may be no long run",
        )
    answer = fit.long_run("depreciation", level=COEFFICIENT_LEVEL)
    return _estimate(
        "currency_ratio_response", 100 * answer.value, 100 * answer.low, 100 * answer.high, found, period
    )


def _ratchet(pull: RatchetTest | str, failures: str, found: MoneySample, period: str) -> Estimate:
    if isinstance(pull, str) or failures:
        return _missing("ratchet", pull if isinstance(pull, str) else failures)
    told = p_text(pull.p, found.confidential)
    estimate = _estimate("ratchet", pull.pull.value, pull.pull.low, pull.pull.high, found, period)
    return estimate.with_(note=f"No pull: {told} (bootstrap).")


def _asymmetry(sides: Asymmetry, found: MoneySample, period: str) -> Estimate:
    if sides.difference is None:
        return _missing("asymmetry", sides.short_reason if found.confidential else sides.reason)
    c = sides.difference
    return _estimate("asymmetry", 100 * c.value, 100 * c.low, 100 * c.high, found, period)


def _estimate(name: str, value: float, low: float, high: float, found: MoneySample, period: str) -> Estimate:
    return Estimate(
        f"substitution.{name}",
        LABELS[name],
        value,
        UNITS[name],
        low=low,
        high=high,
        level=COEFFICIENT_LEVEL,
        interval="confidence",
        method=_METHODS[name],
        date=period,
        n_obs=len(found.frame) - 1,
        sources=found.sources,
        inputs=found.series,
        function=_FUNCTION,
    )


def _table(
    fit: PartialAdjustment,
    pull: RatchetTest | str,
    sides: Asymmetry,
    failures: str,
    found: MoneySample,
    period: str,
) -> Table:
    """The equation's coefficients, the ratchet and the partial sums, with errors and p-values."""
    rows = [
        (label, c.value, c.se, c.p)
        for label, c in (
            ("Depreciation over the past year, %", fit.coefficient("depreciation")),
            ("Change of the rate in the month (log)", fit.coefficient("change")),
            ("Ratio of the month before (log)", fit.coefficient("y.L1")),
        )
    ]
    if not isinstance(pull, str):
        rows.append((f"{capital(PULL)} (bootstrap p)", pull.pull.value, pull.pull.se, pull.p))
    rows += [(f"Long run, {label}", c.value, c.se, c.p) for label, c in sides.rows]
    frame = pd.DataFrame(rows, columns=["term", "value", "se", "p"])
    frame["p"] = adjusted_p(frame["p"].to_numpy(dtype=float))
    if found.confidential:
        for name in ("value", "se", "p"):
            frame[name] = [one_digit(v) for v in frame[name]]
    failed = f" The equation fails: {failures}." if failures else ""
    note = (
        f"Log of foreign to national money, {len(found.frame) - 1} months ({period}); errors of Newey and West; "
        "p-values adjusted over the table (Holm). Partial sums: "
        f"{sides.short_reason if found.confidential else sides.verdict}.{failed}"
    )
    columns = (
        Column("term", "Term"),
        Column("value", "Coefficient", "", 4),
        Column("se", "s.e.", "", 4),
        Column("p", "p, adjusted", "", 3),
    )
    return Table(
        "substitution.currency_ratio",
        "Ratio of foreign to national money",
        frame,
        columns,
        note,
        found.sources,
    )


def _finding(
    name: str, estimates: tuple[Estimate, ...], pull: RatchetTest | str, confidential: bool
) -> Finding:
    answer, ratchet, _ = estimates
    parts = []
    if answer.value is not None:
        how = {"above": "rises", "below": "falls"}.get(
            significance(answer), "does not distinguishably change"
        )
        parts.append(
            f"where depreciation over the past year is a point higher the ratio of foreign to national money {how} "
            f"in the long run ({answer:value}, {interval_name(answer)} {answer:interval})"
        )
    if ratchet.value is not None and not isinstance(pull, str):
        found = pull.p < TEST_LEVEL
        parts.append(
            f"a ratchet is {'found' if found else 'not found'} (bootstrap "
            f"{p_text(pull.p, confidential)}): the ratio "
            + (
                "is drawn back towards its past peak"
                if found
                else "does not measurably remember its past peak"
            )
        )
    if not parts:
        text = f"The ratio of foreign to national money in {name} carries no conclusion: {ratchet.reason}."
        return Finding("substitution.ratchet", text, "notice", "caveat", (answer.id, ratchet.id))
    text = f"In {name}, {' and '.join(parts)}."
    return Finding("substitution.ratchet", text, "notice", "result", (answer.id, ratchet.id))
