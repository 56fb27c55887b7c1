"""Tables of the early warning: contributions, signals, and for the annex coefficients and accuracy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.early_warning import LEVEL
from cryptorisk.models.early_warning.indicators import BY_NAME, Panel, shown, shown_unit
from cryptorisk.models.early_warning.reading import Fitted, judged_years
from cryptorisk.models.flight.second_market import spans
from cryptorisk.result import Column, Result, Table
from cryptorisk.stats.sample import FloatArray
from cryptorisk.words import inside, listing

_SHARE = number(100 * LEVEL, 0)


def contributions_table(equation: Fitted, x: FloatArray, year: int) -> Table:
    """What each regressor adds to the log-odds beside an average economy, largest first."""
    rows = []
    for name, here, mean, found in zip(
        equation.regressors, x, equation.scaling.mean, equation.contributions(x, LEVEL), strict=True
    ):
        item = BY_NAME[name]
        value, low, high = found
        cells: dict[str, Any] = {"label": item.label, "unit": shown_unit(item.unit)}
        cells |= {"here": shown(item.unit, here), "mean": shown(item.unit, mean)}
        rows.append({**cells, "value": value, "low": low, "high": high})
    frame = pd.DataFrame(rows).sort_values("value", ascending=False)
    columns = (
        Column("label", "Variable"),
        Column("unit", "Unit"),
        Column("here", "Here", "", 1),
        Column("mean", "Mean of all", "", 1),
        Column("value", "Adds to the log-odds", "", 2),
        Column("low", "Low", "", 2),
        Column("high", "High", "", 2),
    )
    note = (
        f"Log-odds of {equation.label.lower()} against the mean of {equation.rows} observations; {_SHARE} % intervals. 0.7 "
        "doubles the odds. Rates of change enter as logarithms. Descriptive: a large part is no cause."
    )
    title = f"What the probability is made of, figures of {year}"
    return Table("flight.early_warning_contributions", title, frame, columns, note, equation.sources)


def year_of(name: str, year: int) -> int:
    """Year of an indicator's figure among those known at the end of a year."""
    return year - BY_NAME[name].older


def figures_of(states: dict[str, float], year: int) -> str:
    """``4 figures of 2025 and 3 of 2024``: what the known signals stand on."""
    counts = Counter(year_of(name, year) for name in states)
    parts = [
        f"{counts[one]} {'figures ' if one == max(counts) else ''}of {one}"
        for one in sorted(counts, reverse=True)
    ]
    return listing(parts)


def date_of(states: dict[str, float], year: int) -> str:
    """The same as an estimate's date."""
    found = sorted({year_of(name, year) for name in states})
    return f"{found[0]}" if len(found) == 1 else f"{found[0]}/{found[-1]}"


def signal_states(here: Panel, world: Result) -> tuple[int, dict[str, float], int | None]:
    """How many signals are on, each known one as 1 or 0, and the year: the last with more than half of them."""
    path = _path(here, world)
    enough = path.index[path.notna().sum(axis=1) > path.shape[1] / 2]
    if enough.empty:
        return 0, {}, None
    year = int(enough[-1])
    row = path.iloc[path.index.get_loc(year)].dropna()
    states = {
        str(name): float(value) for name, value in zip(row.index, row.to_numpy(dtype=float), strict=True)
    }
    return int(sum(states.values())), states, year


def signals_table(here: Panel, world: Result, states: dict[str, float], year: int) -> Table:
    """Each indicator with its threshold, whether it is on, and how well it warned elsewhere."""
    rows = []
    for row in _judged(world).to_dict("records"):
        name = str(row["indicator"])
        item = BY_NAME[name]
        mark = {1.0: "on", 0.0: "off"}.get(states.get(name, np.nan), "not known")
        side = "above" if row["danger"] > 0 else "below"
        unit = str(row["unit"])
        sentence = f"{side} {number(shown(unit, float(row['threshold'])), 1)} {shown_unit(unit)}"
        value = shown(unit, float(here.values[name].iloc[:, 0][year]))
        cells = {"label": f"{item.label}, {item.at}" if item.at else item.label, "year": year_of(name, year)}
        cells |= {"here": value, "unit": shown_unit(unit), "rule": sentence, "state": mark}
        cells |= {"noise": row["noise"]}
        rows.append({**cells, "conditional": 100 * float(row["conditional"])})
    frame = pd.DataFrame(rows)
    columns = (
        Column("label", "Indicator"),
        Column("year", "Year"),
        Column("here", "Here", "", 1),
        Column("unit", "Unit"),
        Column("rule", "Signals"),
        Column("state", "Now"),
        Column("noise", "Noise to signal", "", 2),
        Column("conditional", "Crash after a signal", "%", 0),
    )
    silent = world.tables["signals"].frame
    gone = [inside(str(one)) for one in silent.loc[silent["threshold"].isna(), "label"]]
    base = number(100 * float(_judged(world)["base"].iloc[0]), 0)
    note = (
        f"Thresholds from all economies; crash within two years, {base} % whatever the signals. Reserves, money, credit "
        "and exports are published later and stand a year back, here as in all economies."
    )
    if gone:
        note += f" No threshold warned of a third of the crashes, and none is used: {', '.join(gone)}."
    return Table("flight.signals", "Signals of a currency crash", frame, columns, note, _sources(world))


def signals_path_table(here: Panel, world: Result) -> Table:
    """Signals by year, with the years of a crash: the heat strip is drawn from it."""
    path = _path(here, world)
    known = path[path.notna().any(axis=1)].dropna(axis=1, how="all")
    silent = [inside(BY_NAME[str(name)].label) for name in path.columns.difference(known.columns, sort=False)]
    frame = known.rename_axis("year").reset_index()
    frame["crash"] = here.crash.iloc[:, 0].reindex(known.index).to_numpy(dtype=float)
    columns = (
        Column("year", "Year"),
        *(Column(str(name), BY_NAME[str(name)].label, "1 on, 0 off", 0) for name in known.columns),
        Column("crash", "Crash in the year", "", 0),
    )
    note = (
        "By today's thresholds: what they would have shown, not what was known then. Reserves, money, credit and exports "
        "beside a year are those of the year before."
    )
    if silent:
        note += f" Not known in any year: {', '.join(silent)}."
    return Table("flight.signals_path", "Signals by year", frame, columns, note, _sources(world), shown=False)


def coefficients_table(world: Result) -> Table:
    """The equations, coefficients for one standard deviation."""
    frame = world.tables["coefficients"].frame.copy()
    frame = frame[frame["regressor"] != "constant"]
    labels = world.tables["equations"].frame.set_index("equation")["label"]
    frame["equation"] = frame["equation"].map(labels)
    frame["odds"] = np.exp(frame["value"].astype(float))
    columns = (
        Column("label", "Variable"),
        Column("equation", "Equation"),
        Column("value", "Coefficient", "log-odds a standard deviation", 2),
        Column("low", "Low", "", 2),
        Column("high", "High", "", 2),
        Column("odds", "Odds ratio", "", 2),
        Column("mean", "Mean", "", 1),
        Column("spread", "Standard deviation", "", 1),
    )
    facts = world.tables["equations"].frame
    parts = [
        f"{row['label']}: {int(row['rows'])} observations of {int(row['economies'])} economies, {int(row['events'])} before "
        f"{int(row['crashes'])} crashes, {int(row['first'])} to {int(row['last'])}, pseudo R2 "
        f"{number(float(row['pseudo_r2']), 2)}"
        for row in facts.to_dict("records")
        if not row["refused"]
    ]
    note = (
        f"{'; '.join(parts)}. {_SHARE} % intervals with errors clustered by economy. Values beyond the first and last "
        "percentile are drawn in."
    )
    title = "Logit of a crash within two years"
    return Table("flight.early_warning_coefficients", title, frame, columns, note, _sources(world))


def accuracy_table(world: Result) -> Table:
    """Predictors on years that they had not seen."""
    frame = world.tables["accuracy"].frame.copy()
    frame["gain"] = -frame["gain"].astype(float)
    frame["gain_low"], frame["gain_high"] = (
        -frame["gain_high"].astype(float),
        -frame["gain_low"].astype(float),
    )
    frame["skill"] = 100 * frame["skill"].astype(float)
    columns = (
        Column("label", "Predictor"),
        Column("events", "Rows before a crash", "", 0),
        Column("crashes", "Different crashes", "", 0),
        Column("auroc", "Area", "", 2),
        Column("low", "Low", "", 2),
        Column("high", "High", "", 2),
        Column("gain", "Less the main equation", "", 3),
        Column("gain_low", "Low ", "", 3),
        Column("gain_high", "High ", "", 3),
        Column("skill", "Brier score below the base rate's", "%", 0),
        Column("usefulness", "Usefulness", "", 2),
    )
    note = (
        f"Area under the ROC curve; one half is chance. {_SHARE} % intervals from resampled economies (years, where said). "
        "Every equation, threshold and scale was fitted anew each year on what was over by then, and the variables of the "
        "first two rows were chosen anew too; those of the other equations were picked with these years in view. The "
        "figures themselves are today's, revised. Windows of two years overlap, so that a crash stands in up to two rows; "
        "an equation is fitted from ten different crashes a coefficient on and judged from twenty. Usefulness: one half "
        "less the mean of missed "
        "crashes and false alarms."
    )
    refused = frame[frame["refused"].fillna("") != ""]
    note += "".join(f" {row['label']}: {row['refused']}." for row in refused.to_dict("records"))
    title = "How good the warnings were"
    return Table("flight.early_warning_accuracy", title, frame, columns, note, _sources(world))


def calibration_table(world: Result) -> tuple[Table, ...]:
    """What was said and what followed; none when there were too few crashes."""
    names = ["from", "to", "mean_p", "mean_y", "low", "high"]
    frame = 100 * world.tables["calibration"].frame[names].astype(float)
    if frame.empty:
        return ()
    bins = [span_of(low, high) for low, high in zip(frame["from"], frame["to"], strict=True)]
    counts = world.tables["calibration"].frame[["rows", "crashes"]]
    frame = frame.assign(span=bins, **{str(name): counts[name] for name in counts})
    columns = (
        Column("span", "Probability given"),
        Column("rows", "Economies and years", "", 0),
        Column("crashes", "Different crashes", "", 0),
        Column("mean_p", "Mean of the probabilities", "%", 1),
        Column("mean_y", "A crash followed", "%", 1),
        Column("low", "Low", "%", 1),
        Column("high", "High", "%", 1),
    )
    note = f"{_SHARE} % intervals from resampled economies; none with fewer than five different crashes."
    without = [year for year, chosen in judged_years(world).items() if not chosen]
    if without:
        note += f" Without {listing(spans(without))}: no variable was chosen then, and every economy had the share so far."
    title = "Probabilities on years not seen, and what followed"
    return (Table("flight.early_warning_calibration", title, frame, columns, note, _sources(world)),)


def span_of(low: float, high: float) -> str:
    """A bin of probabilities in words; bounds in percent."""
    if high >= 100:
        return f"more than {number(low, 0)} %"
    if low <= 0:
        return f"at most {number(high, 0)} %"
    return f"{number(low, 0)} to {number(high, 0)} %"


def choices_table(world: Result) -> tuple[Table, ...]:
    """Variables by judged year and how the slope has moved; none when there were too few crashes."""
    frame = world.tables["choices"].frame
    frame = frame[frame["equation"] == "main"].reset_index(drop=True)
    if frame.empty:
        return ()
    named = [
        listing([inside(BY_NAME[one].label) for one in str(chosen).split(";") if one]) or "none"
        for chosen in frame["chosen"]
    ]
    frame = frame.assign(variables=named, slope=10 * frame["slope"].astype(float))
    columns = (
        Column("year", "Year"),
        Column("variables", "Variables chosen"),
        Column("lead", "BIC below that of no variable", "", 1),
        Column("crashes", "Crashes chosen on", "", 0),
        Column("slope", "Slope of inflation alone", "log-odds for 10 log %", 2),
    )
    note = (
        "For each judged year, from what was over by then; the last row is today's equation. BIC with half the "
        "log-likelihood and half the rows: windows of two years overlap, and each crash is in two rows. A slope that moves "
        "makes probabilities of different years hard to compare, and no interval from resampled economies sees it."
    )
    title = "What was chosen, and how the slope moved"
    return (Table("flight.early_warning_choices", title, frame, columns, note, _sources(world)),)


def roc_table(world: Result) -> tuple[Table, ...]:
    """The curve with its interval; none when there were too few crashes."""
    frame = world.tables["roc"].frame
    if frame.empty:
        return ()
    columns = (
        Column("false_alarms", "False alarms", "share", 2),
        Column("hits", "Crashes signalled", "share", 2),
        Column("low", "Low", "share", 2),
        Column("high", "High", "share", 2),
    )
    title = "ROC curve of the equation on years not seen"
    return (Table("flight.early_warning_roc", title, frame, columns, "", _sources(world), shown=False),)


def _sources(world: Result) -> tuple[str, ...]:
    """Sources of the equations that were fitted; one that was refused has none."""
    lists = [str(one).split(";") for one in world.tables["equations"].frame["sources"].dropna()]
    return tuple(dict.fromkeys(source for group in lists for source in group if source))


def _judged(world: Result) -> pd.DataFrame:
    """Indicators that have a threshold."""
    frame = world.tables["signals"].frame
    return frame[frame["threshold"].notna()].reset_index(drop=True)


def _path(here: Panel, world: Result) -> pd.DataFrame:
    """1, 0 or NaN by year and indicator."""
    columns = {}
    for row in _judged(world).to_dict("records"):
        values = here.values[str(row["indicator"])].iloc[:, 0]
        beyond = (row["danger"] * (values - float(row["threshold"])) > 0).astype(float)
        columns[str(row["indicator"])] = beyond.where(values.notna())
    return pd.DataFrame(columns)
