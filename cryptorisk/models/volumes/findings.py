"""Sentences of the chapter, each written from its estimates by rule."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate, number
from cryptorisk.models.volumes.allocation_report import contest_finding
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.keys import BANK, OPEN_PERIOD, VALUE_SERIES
from cryptorisk.models.volumes.public import KEY_SERIES
from cryptorisk.result import Finding
from cryptorisk.words import clause, listing, significance

STRONG_DISAGREEMENT = 0.7
"""Standard deviation of the keys' log shares from which the chapter says that they disagree: a factor of two."""

GDP_FALL_PCT = -15.0
"""Fall of GDP in dollars between two periods from which the ratio's rise is said to come partly from there."""

Numbers = Mapping[str, Estimate]


def findings(fit: VolumesFit, inputs: Inputs, numbers: Numbers) -> list[Finding]:
    """All findings of a fitted chapter, results first, then caveats and data."""
    found = [
        _country(fit, numbers),
        _relative(numbers),
        _region(fit, numbers),
        _method(fit, numbers),
        contest_finding(fit),
        _disagreement(fit),
        _gdp_in_dollars(fit),
        _stale_gdp(fit),
        _rank_year(fit),
        _open_period(fit),
        _banned(fit, inputs),
        _convergence(fit),
        _confidential_left_out(inputs),
        _own_left_out(fit, inputs),
        *_caveats(fit),
    ]
    return [finding for finding in found if finding is not None]


def _country(fit: VolumesFit, numbers: Numbers) -> Finding:
    volume = numbers["country_volume_usd"]
    name, when = fit.country.name_in_sentence, f"the twelve months to June {fit.latest + 1}"
    if not volume.available:
        text = f"The crypto volume of {name} in {when} is {clause(volume)}."
        return Finding("volumes.country", text, "notice", "data", (volume.id,))
    value, interval = format_estimate(volume, "value"), format_estimate(volume, "interval")
    if fit.row["published_source"] == BANK:
        text = (
            f"In {when} {name} received crypto-assets worth {value}, by the bank's own figure ({interval})."
        )
    elif fit.row["basis"] == "quoted":
        text = (
            f"In {when} {name} received crypto-assets worth {value}, by the vendor's published estimate; "
            f"given how much such figures are restated, {interval} is plausible."
        )
    else:
        text = (
            f"No volume was published for {name} in {when}. Shared out from {fit.region_name} by size, "
            f"internet use and the vendor's ranking where there is one, it is {clause(volume)}."
        )
    return Finding("volumes.country", text, "notice", "result", (volume.id,))


def _relative(numbers: Numbers) -> Finding | None:
    ratio, place = numbers["country_volume_pct_gdp"], numbers["country_volume_percentile"]
    if not ratio.available or not place.available:
        return None
    text = (
        f"The volume is {clause(ratio)}. {format_estimate(place, 'value')} of the other economies have less "
        f"in relation to their GDP (between {number(place.low or 0, 0)} and {number(place.high or 0, 0)} % "
        "over the interval). The volume is gross: every transfer counts, so that it is neither a stock held nor a "
        "net flow across the border."
    )
    return Finding("volumes.relative", text, "info", "result", (ratio.id, place.id))


def _region(fit: VolumesFit, numbers: Numbers) -> Finding:
    level, growth, share = (
        numbers[n] for n in ("region_volume_usd", "region_growth_pct", "region_share_pct")
    )
    text = f"{fit.region_name} received {clause(level)}, {clause(share)}."
    if growth.available:
        verdict = significance(growth)
        moved = {
            "above": f"grew by {clause(growth)}",
            "below": f"shrank: its change was {clause(growth)}",
        }.get(verdict, f"did not change distinguishably: {clause(growth)}")
        text += f" Against the year before, the volume in dollars {moved}."
    return Finding("volumes.region", text, "info", "result", (level.id, share.id, growth.id))


def _method(fit: VolumesFit, numbers: Numbers) -> Finding | None:
    error, coverage = numbers.get("allocation_error_pct"), numbers.get("allocation_coverage_pct")
    if error is None or coverage is None or fit.row["basis"] != "allocated":
        return None
    text = (
        "Asked for published countries without being shown their figures, the allocation errs by "
        f"{clause(error)} typically, and {clause(coverage)} of them lie inside their {100 * fit.level:.0f} "
        "% interval. Those countries are published because they are large; for small ones the error may be "
        "larger."
    )
    return Finding("volumes.method", text, "info", "caveat", (error.id, coverage.id))


def _disagreement(fit: VolumesFit) -> Finding | None:
    position = fit.countries.frame.index[
        (fit.countries.frame["iso3"] == fit.country.iso3) & (fit.countries.frame["first_year"] == fit.latest)
    ][0]
    spread = float(fit.countries.shares.disagreement[position])
    if fit.row["basis"] != "allocated" or not spread > STRONG_DISAGREEMENT:
        return None
    ranked = math.isfinite(fit.row["rank"])
    why = (
        "The keys disagree about this economy: size and the vendor's ranking point to different volumes"
        if ranked
        else "The vendor's latest list does not rank this economy, so that only its size is known"
    )
    factor = number(math.exp(spread), 1)
    text = f"{why} (a factor of {factor}, one standard deviation); the interval is wide for that reason."
    return Finding("volumes.keys_disagree", text, "notice", "caveat", ("volumes.country_volume_usd",))


def _gdp_in_dollars(fit: VolumesFit) -> Finding | None:
    gdp = fit.path["gdp_usd"].to_numpy(dtype=float)
    if len(gdp) < 2 or not np.isfinite(gdp[-2:]).all():
        return None
    change = 100 * (gdp[-1] / gdp[-2] - 1)
    if change > GDP_FALL_PCT:
        return None
    text = (
        f"GDP in dollars was {number(-change, 0)} % lower than in the year before, so that the ratio of "
        f"volume to GDP rose by {number(100 * (gdp[-2] / gdp[-1] - 1), 0)} % for that reason alone."
    )
    return Finding("volumes.gdp_in_dollars", text, "notice", "caveat", ("volumes.country_volume_pct_gdp",))


def _stale_gdp(fit: VolumesFit) -> Finding | None:
    last = fit.row["gdp_year"]
    if not math.isfinite(last) or last >= fit.latest:
        return None
    text = f"The last known GDP is that of {last:.0f}; it stands for {short_period(fit.latest)}."
    return Finding("volumes.stale_gdp", text, "notice", "data", ("volumes.country_volume_pct_gdp",))


def _rank_year(fit: VolumesFit) -> Finding | None:
    used = fit.row["rank_year"]
    if not math.isfinite(used) or used == fit.latest + 1 or fit.row["basis"] != "allocated":
        return None
    text = (
        f"The ranking used for {short_period(fit.latest)} is that of {used:.0f}, the nearest of which the "
        "full list is known."
    )
    return Finding("volumes.rank_year", text, "info", "data", ("volumes.country_volume_usd",))


def _open_period(fit: VolumesFit) -> Finding | None:
    note = fit.row["published_note"]
    if not isinstance(note, str) or OPEN_PERIOD not in note:
        return None
    text = (
        f"The page that quotes the volume of {fit.country.name_in_sentence} leaves its period open; it is "
        f"read as the twelve months to June {fit.latest + 1}, and its error is set wider."
    )
    return Finding("volumes.open_period", text, "notice", "data", ("volumes.country_volume_usd",))


def _banned(fit: VolumesFit, inputs: Inputs) -> Finding | None:
    table = inputs.table("regulation")
    rows = table[(table["iso3"] == fit.country.iso3) & (table["status"] == "absolute_ban")]
    if rows.empty:
        return None
    text = (
        f"A source lists {fit.country.name_in_sentence} as having banned crypto-assets outright. A ban "
        "moves trade to foreign services and private networks, whose users are placed least reliably; the "
        "volume is given none the less."
    )
    return Finding("volumes.banned", text, "notice", "caveat", ("volumes.country_volume_usd",))


def _convergence(fit: VolumesFit) -> Finding | None:
    if fit.regions.fit.converged:
        return None
    text = f"The reconciliation of regional figures did not converge in {fit.regions.fit.steps} steps."
    return Finding("volumes.not_converged", text, "warning", "caveat", ("volumes.region_volume_usd",))


def _own_left_out(fit: VolumesFit, inputs: Inputs) -> Finding | None:
    own = inputs.series(VALUE_SERIES, sources=(BANK,)).values
    used = fit.path.loc[fit.path["published_source"] == BANK, "first_year"]
    if len(own) <= len(used) or VALUE_SERIES in inputs.confidential:
        return None
    text = (
        "The bank's own figure for the volume is not used where it is not dated in June or lies outside the years with "
        f"regional figures (to {short_period(fit.latest)})."
    )
    return Finding("volumes.own_figure_left_out", text, "warning", "data", ("volumes.country_volume_usd",))


def _confidential_left_out(inputs: Inputs) -> Finding | None:
    hidden = [name for id, name in KEY_SERIES.items() if id in inputs.confidential]
    if not hidden:
        return None
    text = (
        f"The bank's own figures for {listing(hidden)} are marked confidential. This chapter's volumes and shares would "
        "let them be computed back, and so it leaves them out and uses the public ones."
    )
    return Finding("volumes.confidential_left_out", text, "warning", "data", ("volumes.country_volume_usd",))


def _caveats(fit: VolumesFit) -> list[Finding]:
    activity = (
        "On-chain value is not economic activity: transfers to oneself, reshuffling by exchanges, bots and "
        "wash trading are in it, and trades inside an exchange are not. Places are assigned by the vendor "
        "from web traffic, which private networks and foreign exchanges distort."
    )
    others = "other countries'" if fit.row["published_source"] == BANK else "country"
    source = (
        f"Regional and {others} figures are one commercial vendor's, mostly read on secondary pages. The "
        "vendor restates them by a tenth to a quarter from one report to the next, and its regions changed "
        "in 2022 and 2025."
    )
    return [
        Finding("volumes.level_is_not_activity", activity, "info", "caveat", ("volumes.country_volume_usd",)),
        Finding("volumes.one_vendor", source, "info", "caveat", ("volumes.region_volume_usd",)),
    ]
