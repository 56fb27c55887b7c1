"""What the gravity regressions say: a table of coefficients, one of fits, and a sentence."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.data.own import BANK
from cryptorisk.data.own.flows import ALL_ASSETS
from cryptorisk.estimate import one_digit
from cryptorisk.models.volumes.gravity import Gravity, GravityFit
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.fe_regression import Fit
from cryptorisk.stats.fe_sample import CONSTANT, REASONS
from cryptorisk.words import listing

NEEDED = (
    "No gravity regression: flows of crypto-assets between economies are not public. With a file of the institution's own "
    "(origin, destination, date, asset, value) the chapter fits one."
)

SIGNIFICANT = 0.05

SELECTED = (
    "Descriptive: what goes with larger flows, not what a measure would do. A pair and date without a row in the file is "
    "taken as unknown and not as zero. Places of crypto flows are assigned by whoever made the file."
)


def gravity_tables(found: Gravity | None) -> list[Table]:
    """Coefficients of PPML and of least squares side by side, and what each regression rests on."""
    if found is None or not found.fits:
        return []
    return [_coefficients(found), _fits(found)]


def gravity_finding(found: Gravity | None) -> Finding:
    """One sentence: what would be needed, why there is nothing, or what was fitted."""
    if found is None:
        return Finding("volumes.gravity", NEEDED, "info", "data")
    if not found.fits:
        text = f"No gravity regression of the institution's own flows: {found.reason}."
        return Finding("volumes.gravity", text, "notice", "data")
    return Finding("volumes.gravity", _told(found), "info", "result")


def _told(found: Gravity) -> str:
    fit = found.fits[0].poisson
    table = fit.table.drop(index=CONSTANT, errors="ignore")
    sure = table[table["p"] < SIGNIFICANT]
    more, fewer = (
        listing([found.labels[str(name)] for name in sure.index[sign * sure["t"] > 0]]) for sign in (1, -1)
    )
    said = [f"larger flows go with more of: {more}"] if more else []
    said += [f"smaller flows go with more of: {fewer}"] if fewer else []
    text = (
        f"In the gravity regression of the institution's own flows between "
        f"{'its economy and others' if found.kind == 'unilateral' else 'economies'}, "
        f"{'; '.join(said) or 'no variable matters'} (PPML, {100 * SIGNIFICANT:.0f} % level)."
    )
    return text + (" RESET objects to its form." if fit.reset_p < SIGNIFICANT else "")


def _coefficients(found: Gravity) -> Table:
    rows = [
        {
            "sample": _sample(one),
            "variable": label,
            **_pair(one.poisson, name, "ppml"),
            **_pair(one.logs, name, "ols"),
        }
        for one in found.fits
        for name, label in found.labels.items()
        if name in one.poisson.params.index or name in one.logs.params.index
    ]
    columns = (
        Column("variable", "Variable"),
        Column("sample", "Flows"),
        Column("ppml", "PPML", "", 3),
        Column("ppml_se", "Standard error", "", 3),
        Column("ols", "Least squares of logs", "", 3),
        Column("ols_se", "Standard error", "", 3),
    )
    note = " ".join(
        part
        for part in (
            _design(found),
            SELECTED,
            f"Not used: {'; '.join(found.set_aside)}." if found.set_aside else "",
            _coarse(found),
        )
        if part
    )
    title = "Gravity of the institution's own flows: elasticities"
    return Table("volumes.gravity", title, _frame(rows, columns, found), columns, note, (BANK,))


def _design(found: Gravity) -> str:
    effects = listing([name.replace("^", " by ") for name in found.fits[0].poisson.effects])
    clusters = listing(list(found.fits[0].poisson.clusters))
    own = "Effects of both ends hold their sizes and their multilateral resistance. "
    if found.kind == "unilateral":
        allowed = "in the gap of incomes only" if "income_gap" in found.labels else "nowhere"
        own = (
            "Flows of the own economy alone: effects of partners cannot be fitted, and their distance from everybody else "
            f"(multilateral resistance) is allowed for {allowed}. "
        )
    return (
        f"{own}{f'Effects: {effects}. ' if effects else ''}Standard errors clustered by {clusters}. PPML keeps zeros and is "
        "right under any variance; least squares of logs drops zeros and is shown for comparison. Of many variables one "
        "in twenty passes the 5 % level by chance."
    )


def _pair(fit: Fit, name: str, prefix: str) -> dict[str, float]:
    return {prefix: float(fit.params.get(name, math.nan)), f"{prefix}_se": float(fit.se.get(name, math.nan))}


def _fits(found: Gravity) -> Table:
    rows = [
        _fit_row(one, fit, label)
        for one in found.fits
        for fit, label in ((one.poisson, "PPML"), (one.logs, "Least squares of logs"))
    ]
    columns = (
        Column("sample", "Flows"),
        Column("estimator", "Estimator"),
        Column("n", "Observations", "", 0),
        Column("pairs", "Pairs in the file", "", 0),
        Column("clusters", "Clusters", "", 0),
        Column("dropped", "Dropped", "", 0),
        Column("why", "Dropped because"),
        Column("r2", "Pseudo R2", "", 2),
        Column("reset", "RESET", "p value", 3),
    )
    note = (
        "Pseudo R2: one less the ratio of the deviance to that of a constant; of logs R2. RESET: the square of the "
        "regressors' part of the index added (Santos Silva and Tenreyro 2006); a small value speaks against the form. "
        + _coarse(found)
    ).strip()
    title = "Gravity of the institution's own flows: samples and tests"
    return Table("volumes.gravity_fit", title, _frame(rows, columns, found), columns, note, (BANK,))


def _fit_row(one: GravityFit, fit: Fit, label: str) -> dict[str, object]:
    return {
        "sample": _sample(one),
        "estimator": label,
        "n": fit.n,
        "pairs": one.pairs,
        "clusters": min(fit.clusters.values(), default=math.nan),
        "dropped": sum(fit.dropped.values()),
        "why": "; ".join(REASONS[reason] for reason in fit.dropped),
        "r2": fit.pseudo_r2,
        "reset": fit.reset_p,
    }


def _sample(one: GravityFit) -> str:
    return "all assets" if one.sample == ALL_ASSETS else one.sample


def _frame(rows: list[dict[str, object]], columns: tuple[Column, ...], found: Gravity) -> pd.DataFrame:
    """The rows; of confidential flows every number to one digit, and no reason that tells where zeros lie."""
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    if not found.confidential:
        return frame
    for name in frame.select_dtypes("number").columns:
        frame[name] = [one_digit(float(value)) if math.isfinite(value) else math.nan for value in frame[name]]
    # how many flows fell out says how many are zero
    return frame.assign(why="", dropped=math.nan) if "why" in frame else frame


def _coarse(found: Gravity) -> str:
    return "The flows are confidential: every number is rounded to one digit." if found.confidential else ""
