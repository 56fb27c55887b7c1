"""Sentences of the chapter, each written from its estimates by rule."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate, number
from cryptorisk.models.volumes.allocation_report import contest_finding
from cryptorisk.models.volumes.estimates import YEARS, gdp_fall
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.keys import BANK, OPEN_PERIOD, VALUE_SERIES
from cryptorisk.models.volumes.public import KEY_SERIES, public
from cryptorisk.models.volumes.tables import growth_published
from cryptorisk.result import Finding
from cryptorisk.words import at_worst, capital, clause, listing, significance

STRONG_DISAGREEMENT = 0.7
"""Standard deviation of the keys' log shares from which the chapter says that they disagree: a factor of two."""

ADOPTION, FULL_LIST = "gcai_rank", 100
"""The adoption index, and how many economies a year's list must rank to say where one stands (as chapter 5)."""

Numbers = Mapping[str, Estimate]


def findings(fit: VolumesFit, inputs: Inputs, numbers: Numbers) -> list[Finding]:
    """All findings of a fitted chapter, results first, then caveats and data."""
    found = [
        _country(fit, numbers),
        _relative(fit, inputs, numbers),
        _region(fit, numbers),
        _method(fit, numbers),
        contest_finding(fit),
        _disagreement(fit),
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
    volume, ratio = numbers["country_volume_usd"], numbers["country_volume_pct_gdp"]
    name, when = fit.country.name_in_sentence, f"the twelve months to June {fit.latest + 1}"
    if not volume.available:
        text = f"The crypto volume of {name} in {when} is {clause(volume)}."
        return Finding("volumes.country", text, "notice", "data", (volume.id,))
    value, interval = format_estimate(volume, "value"), format_estimate(volume, "interval")
    size = f", or {clause(ratio)}" if ratio.available else ""
    if fit.row["published_source"] == BANK:
        text = f"In {when} {name} received crypto-assets worth {value}, by the bank's own figure ({interval}){size}."
    elif fit.open_years > 1:
        text = _open(fit, numbers)
    elif fit.row["basis"] == "quoted":
        text = (
            f"In {when} {name} received crypto-assets worth {value}, by the vendor's published estimate "
            f"({interval} is plausible, given how much such figures are restated){size}."
        )
    else:
        text = (
            f"No published volume of {name} in {when} is in the data. Shared out from the total of {fit.region_name} by "
            f"economic size, internet use and the vendor's ranking where there is one, it is {clause(volume)}{size}."
        )
    text = " ".join(part for part in (text, gdp_fall(fit) if ratio.available else "") if part)
    return Finding("volumes.country", text, "notice", "result", (volume.id, ratio.id))


def _open(fit: VolumesFit, numbers: Numbers) -> str:
    """The sentence on a published figure whose page does not state its period."""
    volume, ratio = numbers["country_volume_usd"], numbers["country_volume_pct_gdp"]
    first, last = fit.latest + 1 - fit.open_years, fit.latest + 1
    size = f", which would be {ratio:value}" if ratio.available else ""
    return (
        f"{capital(fit.country.name_in_sentence)} received crypto-assets worth {volume:value}, by the vendor's published "
        f"estimate: period not stated on the page quoted, which speaks of July {first} to June {last}. The figure is taken "
        f"as the twelve months to June {last}{size}; if it is the sum of {YEARS[fit.open_years]} years, a year had only "
        f"{format_estimate(volume.with_(value=(volume.value or 0.0) / fit.open_years), 'value')}. The interval, "
        f"{volume:interval}, spans both readings."
    )


def _relative(fit: VolumesFit, inputs: Inputs, numbers: Numbers) -> Finding | None:
    ratio, place = numbers["country_volume_pct_gdp"], numbers["country_volume_percentile"]
    if place.value is None or not ratio.available:
        return None
    name = fit.country.name_in_sentence
    text = (
        f"In relation to GDP {name} is {standing(place)}"
        f"{_adoption(inputs)} The volume is gross: every transfer counts, so that it is neither a stock held nor a net flow "
        "across the border."
    )
    return Finding("volumes.relative", text, "notice", "result", (ratio.id, place.id))


PARTS: tuple[tuple[float, str], ...] = (
    (0, "hardly any"),
    (10, "about a tenth"),
    (17, "about a sixth"),
    (25, "about a quarter"),
    (33, "about a third"),
    (40, "about two fifths"),
    (50, "about half"),
    (60, "about three fifths"),
    (67, "about two thirds"),
    (75, "about three quarters"),
    (83, "about five sixths"),
    (90, "about nine tenths"),
    (100, "nearly all"),
)


def part_of(percent: float) -> str:
    """A share in words: the nearest of `PARTS`."""
    return min(PARTS, key=lambda part: abs(part[0] - percent))[1]


def standing(place: Estimate) -> str:
    """Above what part of the other economies, in a word that holds over the whole interval; in figures alone from none on.

    Parameters
    ----------
    place : Estimate
        Percent of the other economies.
    """
    value = place.value or 0.0
    low, high = (value if end is None else end for end in (place.low, place.high))
    figures = f"between {number(low, 0)} and {number(high, 0)} % over the interval"
    if part_of(low) == PARTS[0][1] != part_of(high):
        return f"above {number(value, 0)} % of the other economies ({figures})"
    return f"above {at_worst(part_of, low, high)} of the other economies ({number(value, 0)} %; {figures})"


def _adoption(inputs: Inputs) -> str:
    """Where the adoption index puts the country, beside its place by volume; a full stop where it is not ranked."""
    known = public(inputs)
    ranks, panel = known.series(ADOPTION).values.dropna(), known.panel(ADOPTION)
    counts = panel.notna().sum(axis=1) if not panel.empty else pd.Series(dtype=int)
    full = [date for date in ranks.index if counts.get(date, 0) >= FULL_LIST]
    if not full:
        return "."
    rank, ranked = float(ranks[full[-1]]), int(counts[full[-1]])
    above = "all others" if rank == 1 else f"{number(100 * (ranked - rank) / (ranked - 1), 0)} %"
    return (
        f"; in the vendor's adoption index of {full[-1].year}, which weighs use by purchasing power, its rank is "
        f"{rank:.0f} of {ranked}, above {above}. The two measure different things; the pillar on size and "
        "adoption of the risk matrix is the mean of both."
    )


def _region(fit: VolumesFit, numbers: Numbers) -> Finding:
    level, growth, share = (
        numbers[n] for n in ("region_volume_usd", "region_growth_pct", "region_share_pct")
    )
    when = f"the twelve months to June {fit.latest + 1}"
    text = f"{fit.region_name} received {clause(level)} in {when}, {clause(share)}."
    if growth.available:
        verdict = significance(growth)
        moved = {
            "above": f"grew by {clause(growth)}",
            "below": f"shrank: its change was {clause(growth)}",
        }.get(verdict, f"did not change distinguishably: {clause(growth)}")
        text += (
            f" Against the year before, like for like, the volume in dollars {moved}{_published_growth(fit)}."
        )
    return Finding("volumes.region", text, "info", "result", (level.id, share.id, growth.id))


def _published_growth(fit: VolumesFit) -> str:
    """The vendor's own growth rate of the region's latest year, or of the union that holds the region; may be empty."""
    said = growth_published(fit, fit.region, fit.latest)
    if not said:
        return "; the vendor published no growth rate of it"
    return f", while the vendor published {listing(said)}; the estimate also fits the other figures published"


def _method(fit: VolumesFit, numbers: Numbers) -> Finding | None:
    error, coverage = numbers.get("allocation_error_pct"), numbers.get("allocation_coverage_pct")
    if error is None or coverage is None or fit.row["basis"] != "allocated":
        return None
    text = (
        "Asked for published countries without being shown their figures, the sharing out errs by "
        f"{number(error.value or 0, 0)} % typically, and {number(coverage.value or 0, 0)} % of them lie inside their "
        f"{100 * fit.level:.0f} % interval. Those countries are published because they are large; for small ones the error "
        "may be larger."
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
        "What the region's total is shared out by disagrees about this economy: size and the vendor's ranking point to "
        "different volumes"
        if ranked
        else "The vendor's latest list does not rank this economy, so that only its size is known"
    )
    factor = number(math.exp(spread), 1)
    text = f"{why} (a factor of {factor}, one standard deviation); the interval is wide for that reason."
    return Finding("volumes.keys_disagree", text, "notice", "caveat", ("volumes.country_volume_usd",))


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
    summed = f", and the interval also spans its being the sum of {YEARS[fit.open_years]} years"
    text = (
        f"The page that gives the volume of {fit.country.name_in_sentence} does not state its period. It is read as the "
        f"twelve months to June {fit.latest + 1}, with a wider error{summed if fit.open_years > 1 else ''}."
    )
    return Finding("volumes.open_period", text, "info", "data", ("volumes.country_volume_usd",))


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
