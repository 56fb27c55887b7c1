"""What the contest between the simple key and regressions gave: tables, a sentence, and the words of the method."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import number
from cryptorisk.models.volumes.allocation_candidates import Candidate, ranked_years
from cryptorisk.models.volumes.allocation_model import KEY, LEAST_GAIN, LEVEL, Contest
from cryptorisk.models.volumes.country_drivers import DRIVERS, FORMS, country_drivers
from cryptorisk.models.volumes.fit import VolumesFit
from cryptorisk.models.volumes.keys import CountryYears
from cryptorisk.models.volumes.public import public
from cryptorisk.models.volumes.tables import QUOTES
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.gravity import Fit, log_ols, ppml

RULE = (
    f"A regression takes the key's place when on regions left out its root mean square error is lower by at least "
    f"{100 * LEAST_GAIN:.0f} %, and its mean squared error significantly so ({100 * LEVEL:.0f} %, one-sided, t over regions)"
)


def models_table(fit: VolumesFit) -> Table | None:
    """The key and its rivals: coefficients, left-out errors, gain over the key, which is used."""
    found = fit.countries.contest
    if found is None:
        return None
    frame = pd.DataFrame([_row(one, found) for one in found.candidates])
    columns = (
        Column("label", "Way of sharing out"),
        Column("coefficients", "Coefficients estimated", "", 0),
        Column("rms", "Root mean square error, regions left out", "log %", 1),
        Column("median", "Median absolute error", "log %", 1),
        Column("gain", "Squared error below the key's by", "log % squared", 0),
        Column("gain_se", "Standard error", "log % squared", 0),
        Column("chosen", "Chosen in fitting"),
        Column("used", "Used"),
    )
    n = found.candidates[0].left_out.index.size
    note = (f"{found.reason[:1].upper()}{found.reason[1:]}. " if found.reason else f"{RULE}. ") + (
        f"Errors on {n} published country-years, each predicted without the country's own figures and with coefficients "
        "from the other regions; choices in fitting are made anew for each region left out. Published volumes are selected "
        "on their size, which no leaving-out undoes. The two powers of the key's rank were read off the same volumes, so "
        "that the key's own error is somewhat favoured. No driver but size goes beyond its range among published economies."
    )
    title = "The key against regressions on published volumes"
    return Table("volumes.allocation_models", title, frame, columns, note, (QUOTES,))


def _row(one: Candidate, found: Contest) -> dict[str, object]:
    gain, error = found.gain.get(one.id, (math.nan, math.nan))
    return {
        "label": one.label,
        "coefficients": one.coefficients,
        "rms": 100 * one.error,
        "median": 100 * float(np.median(np.abs(one.left_out.log_error))),
        "gain": 1e4 * gain,
        "gain_se": 1e4 * error,
        "chosen": one.chosen,
        "used": "yes" if one.id == found.used else "",
    }


def rank_drivers_table(fit: VolumesFit, inputs: Inputs) -> Table | None:
    """What the vendor's ranking goes with: PPML and least squares of logs side by side."""
    inputs = public(inputs)
    frame = fit.countries.frame
    ranked = ranked_years(frame, country_drivers(inputs, CountryYears(frame)))
    names = list(DRIVERS)
    try:
        fits = [estimator(ranked, "ranked", names, ["group"], "iso3") for estimator in (ppml, log_ols)]
    except ModelError:  # no list, or too few economies on it with all drivers
        return None
    rows = [_driver_row(name, *fits) for name in names]
    columns = (
        Column("driver", "Driver"),
        Column("form", "Enters as"),
        Column("ppml", "PPML", "", 2),
        Column("ppml_se", "Standard error", "", 2),
        Column("ols", "Least squares of logs", "", 2),
        Column("ols_se", "Standard error", "", 2),
    )
    poisson, logs = fits
    note = (
        f"The quantity that the vendor ranks (value received relative to income; a rank's normal score, spread as in the "
        f"key) of {poisson.clusters['iso3']} economies and {poisson.n} country-years, with an effect for every region and "
        f"year; standard errors clustered by economy. Pseudo R2 {number(poisson.pseudo_r2, 2)}; p value of RESET "
        f"{number(poisson.reset_p, 2)} (PPML) and {number(logs.reset_p, 2)} (logs). What goes together, not what follows "
        "from what: the quantity is a ranking by one vendor."
    )
    sources = tuple(f"chainalysis_gcai_{year:.0f}" for year in sorted(frame["rank_year"].dropna().unique()))
    title = "What the vendor's ranking goes with"
    return Table("volumes.rank_drivers", title, pd.DataFrame(rows), columns, note, sources)


def _driver_row(name: str, poisson: Fit, logs: Fit) -> dict[str, object]:
    label = DRIVERS[name]
    return {
        "driver": label[:1].upper() + label[1:],
        "form": FORMS[name],
        "ppml": poisson.params.get(name, math.nan),
        "ppml_se": poisson.se.get(name, math.nan),
        "ols": logs.params.get(name, math.nan),
        "ols_se": logs.se.get(name, math.nan),
    }


def contest_finding(fit: VolumesFit) -> Finding | None:
    """Whether a regression does better than the key, by the rule."""
    found = fit.countries.contest
    if found is None or fit.row["basis"] == "quoted":
        return None
    simple, rival = found.candidates[0], found.best_rival
    if rival is None:
        text = f"The simple way of sharing out is kept: {found.reason}."
        return Finding("volumes.allocation_model", text, "info", "caveat", ("volumes.country_volume_usd",))
    errors = f"{_points(rival)} against {_points(simple)}"
    if found.used == KEY:
        text = (
            f"The simple way of sharing out (size, internet use, ranking) is kept: of {len(found.candidates) - 1} "
            "regressions on published volumes and ranks none predicts regions that it has not seen better by the rule "
            f"stated (error of the best {errors}; at least {100 * LEAST_GAIN:.0f} % less is asked for)."
        )
    else:
        winner = found.winner
        errors = f"{_points(winner)} against {_points(simple)}"
        text = (
            f"The simple way of sharing out is replaced by a regression ({winner.label}; {winner.chosen}), which errs less "
            f"on regions that it has not seen ({errors}) by the rule stated. It was fitted to volumes that were published "
            "because they are large; for economies unlike those it may mislead, and the interval allows for its distance "
            "from the simple way."
        )
    return Finding("volumes.allocation_model", text, "info", "caveat", ("volumes.country_volume_usd",))


def _points(one: Candidate) -> str:
    """A root mean square error of logarithms as a percentage."""
    return f"{number(100 * math.expm1(one.error), 0)} %"


def adjustment(fit: VolumesFit) -> str:
    """How the shares depart from the simple key, for the method of an allocated figure; empty when they do not."""
    found = fit.countries.contest
    if found is None or found.used == KEY:
        return ""
    winner = found.winner
    return f" Shares by the regression that errs less on regions left out: {winner.label} ({winner.chosen})."
