"""What the chapter says of residual and unrecorded capital flows: sign, size, split, age, and what the measures lack."""

from __future__ import annotations

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate
from cryptorisk.models.flight.measures import Measures
from cryptorisk.models.flight.residual_window import MEAN_YEARS, last_years
from cryptorisk.result import Finding, Severity
from cryptorisk.words import significance, years_by_sign

STALE_YEARS = 3
"""Debt and balance-of-payments figures of a year are complete about two years later; beyond three they are
old."""
LARGE_PCT_GDP = 10.0
"""A residual beyond a tenth of GDP in a year exceeds what households and firms of most economies save: it is
read as a sign of faulty or missing records (trade in a new commodity, grants, debt relief) before it is read
as flight."""


TURNED = "(errors and omissions with the sign turned)"
WARNED_PCT_GDP = 1.4
"""An unrecorded outflow raises a warning when its range lies above this share of GDP and that of the mean above nought: the
median size of errors and omissions, of either sign, in a year (`tests/coverage/study_residual_band.py`)."""


def unrecorded_findings(
    measures: Measures, unrecorded: tuple[Estimate, ...], name: str, year: int
) -> tuple[Finding, ...]:
    """Sign and size of the errors and omissions; a large outflow of late, and in the mean, is a warning.

    ``year`` is the report's: what is older than `STALE_YEARS` warns of nothing.
    """
    latest, usd, mean, _recorded = unrecorded
    if not latest.available:
        return ()
    where, of_mean = significance(latest), significance(mean)
    amount = usd.with_(value=abs(usd.value or 0.0), low=None, high=None)
    size = f"about {amount:value}, {format_estimate(latest)}"
    if where == "above":
        text = f"In {latest.date} more foreign exchange left {name} than was recorded: {size} {TURNED}."
    elif where == "below":
        text = f"In {latest.date} more foreign exchange came to {name} than was recorded: {size} {TURNED}."
    else:
        text = (
            f"For {latest.date} the errors and omissions of {name} do not tell whether money left or came in without a "
            f"record: {format_estimate(latest)}."
        )
    if mean.available:
        text += f" The mean over {mean.date.replace('/', ' to ')} is {format_estimate(mean)} a year."
    alone = measures.central.empty
    large = significance(latest, WARNED_PCT_GDP) == "above" and of_mean == "above"
    recent = year - int(latest.date) <= STALE_YEARS
    severity: Severity = "warning" if large and recent and not alone else "info"
    if alone:
        text += " It is the one measure here, and statistical errors as much as flight."
    ids = tuple(one.id for one in (latest, usd, mean))
    return (Finding("flight.hot_money_latest", text, severity, estimates=ids),)


def result_findings(
    measures: Measures, estimates: tuple[Estimate, ...], unrecorded: tuple[Estimate, ...], name: str
) -> tuple[Finding, ...]:
    """Sign, size and split of the latest year, and the mean; a residual too large to be flight is said to be so."""
    latest, usd, mean, cumulative = estimates
    text = f"{_of_the_year(latest, usd, name)} {_split(measures, latest, unrecorded)}"
    findings = [Finding("flight.residual_latest", text, "info", estimates=(latest.id, usd.id))]
    if abs(latest.value or 0.0) > LARGE_PCT_GDP:
        text = (
            f"A residual of {latest:value} is too large to be read as capital flight alone: trade, grants, "
            f"debt relief or the stocks themselves are probably recorded in part only."
        )
        findings.append(Finding("flight.residual_size", text, "notice", "caveat", (latest.id,)))
    if mean.available:
        _usd, years = last_years(measures, MEAN_YEARS)
        signs = years_by_sign(_year_ranges(measures, years), "an outflow", "an inflow")
        text = f"Over {years[0]} to {years[-1]} the residual averages {format_estimate(mean)} a year and was {signs}."
        if cumulative.available:
            first = cumulative.date.split("/", 1)[0]
            text += f" Added up since {first}, without interest, it comes to {format_estimate(cumulative)}."
        findings.append(Finding("flight.residual_mean", text, "info", estimates=(mean.id, cumulative.id)))
    return tuple(findings)


def _of_the_year(latest: Estimate, usd: Estimate, name: str) -> str:
    amount = usd.with_(value=abs(usd.value or 0.0), low=None, high=None)
    where = significance(latest)
    if where == "above":
        return (
            f"In {latest.date} debt, direct investment and the current account brought {name} more foreign exchange than "
            f"went into reserves, by about {amount:value}: the World Bank residual, recorded and unrecorded flows together, "
            f"is {format_estimate(latest)}."
        )
    if where == "below":
        return (
            f"In {latest.date} the World Bank residual of {name}, recorded and unrecorded flows together, is "
            f"{format_estimate(latest)}, a reversal of about {amount:value} (money that came in, such as portfolio equity, "
            "deposits, grants, or without a record)."
        )
    return (
        f"For {latest.date} the sign of the World Bank residual of {name}, recorded and unrecorded flows together, is not "
        f"told: {format_estimate(latest)}."
    )


def _split(measures: Measures, latest: Estimate, unrecorded: tuple[Estimate, ...]) -> str:
    """How much of the residual is unrecorded and how much recorded, where hot money is known for its year."""
    hot, hot_usd, _mean, recorded = unrecorded
    if recorded.available and recorded.date == latest.date == hot.date:
        return (
            f"Of it {_signed(hot_usd)} is unrecorded and {_signed(recorded)} recorded: portfolio and other investment "
            "beside the change in debt."
        )
    if hot.available:
        return f"How much of it is unrecorded is not known: the balance of payments ends in {hot.date}."
    why = "no balance of payments" if not measures.has_bop else "no balance of payments for these years"
    return f"How much of it is unrecorded is not known: the data have {why}."


def _signed(one: Estimate) -> str:
    return f"{one.with_(low=None, high=None):value}"


def _year_ranges(measures: Measures, years: list[int]) -> list[tuple[float, float]]:
    """The residual's range in each year, percent of GDP, by the treatments that the year has."""
    shares = measures.pct_gdp(measures.every().reindex(years))
    return [measures.band(row.dropna(), "year") for _, row in shares.iterrows()]


def secret_findings(inputs: Inputs, measures: Measures) -> tuple[Finding, ...]:
    """Which of the bank's figures the residual leaves out."""
    left_out = sorted(inputs.confidential & set(measures.inputs))
    if not left_out or measures.usd.empty:
        return ()
    text = (
        f"The residual leaves out the confidential figures of the bank ({', '.join(left_out)}) and uses public ones: "
        "a sum with public figures would give them away."
    )
    return (Finding("flight.residual_public", text, "info", "data", ("flight.residual_pct_gdp",)),)


def data_findings(measures: Measures, name: str) -> tuple[Finding, ...]:
    """That the residual cannot be split, where there is no financial account."""
    if measures.has_bop or measures.usd.empty:
        return ()
    text = (
        f"The data have no balance-of-payments financial account for {name}: direct investment is taken from inflow and "
        "outflow in percent of GDP, the current account from the World Economic Outlook, and hot money, the unrecorded part "
        "of the residual, is not available."
    )
    return (Finding("flight.no_bop", text, "info", "data", ("flight.residual_pct_gdp",)),)


def age_findings(inputs: Inputs, latest: Estimate, name: str) -> tuple[Finding, ...]:
    """That the figures behind the residual are older than `STALE_YEARS`."""
    if inputs.as_of.year - int(latest.date) <= STALE_YEARS:
        return ()
    text = f"The figures behind the capital-flight residual of {name} end in {latest.date}."
    return (Finding("flight.residual_stale", text, "notice", "data", (latest.id,)),)
