"""Adoption: what is published on the country and its peers, and where it stands against comparable economies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit, logit

from cryptorisk.countries import country
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.exposure.figures import OWNERSHIP
from cryptorisk.models.flight.part import CONFIDENTIAL
from cryptorisk.models.left_out import LEAST_GAIN, Gain
from cryptorisk.models.left_out import LEVEL as GAIN_LEVEL
from cryptorisk.models.part import Part
from cryptorisk.models.peers import peer_group
from cryptorisk.models.substitution import adoption_sample as sample
from cryptorisk.models.substitution import adoption_tables as tables
from cryptorisk.models.substitution.adoption_panel import LEVEL, AdoptionPanel, Dependent, of_the_vintage
from cryptorisk.params import Params
from cryptorisk.result import Finding, estimates_table
from cryptorisk.words import capital, listing

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

FUNCTION = "cryptorisk.models.substitution.adoption_panel.adoption_panel"


def adoption(inputs: Inputs, params: Params) -> Part:
    """Published ownership and index ranks of the country and its peers, and the regressions across economies.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        For the peers.

    Returns
    -------
    Part
        Estimates ``ownership_reported``, ``adoption_expected_share``, ``adoption_share_gap``,
        ``adoption_expected_place``, ``adoption_place_gap``; tables ``adoption`` (of these), ``adoption_ownership``,
        ``adoption_index``, ``adoption_effects``, ``adoption_robustness``.
    """
    public = sample.vintage_only(inputs)
    figures, panel = of_the_vintage(inputs)
    published, peers = with_own(inputs, figures), peer_group(inputs, params)
    found = (
        tables.ownership_table(published, inputs.country, peers),
        tables.index_table(public, inputs.country, peers),
        tables.effects_table(panel),
        tables.robustness_table(panel),
    )
    estimates = (
        reported(inputs, published),
        *_against(inputs.country, panel, "ownership", panel.ownership),
        *_against(inputs.country, panel, "index", panel.index),
    )
    own = estimates_table(
        estimates,
        id="substitution.adoption",
        title="This economy: ownership as published, and adoption against comparable economies",
    )
    return Part(
        estimates,
        (own, *(one for one in found if not one.frame.empty)),
        (*_origin(inputs.country, published), *_outcome(panel.ownership), *_outcome(panel.index)),
    )


def with_own(inputs: Inputs, published: pd.DataFrame) -> pd.DataFrame:
    """Published ownership figures, and the bank's own where it is not confidential."""
    own = inputs.latest(OWNERSHIP)
    if own is None or own.source != BANK or OWNERSHIP in inputs.confidential:
        return published
    row = {
        "country": inputs.country,
        "year": own.date.year,
        "value": own.value,
        "organisation": "the institution itself",
        "source": BANK,
        "data_class": "survey",
        "remark": "the institution's own figure",
        "url": "",
    }
    return pd.concat([published, pd.DataFrame([row])], ignore_index=True)


def reported(inputs: Inputs, published: pd.DataFrame) -> Estimate:
    """Mean in log-odds of each organisation's newest figure, with their range; the institution's own stands alone."""
    id, label = (
        "substitution.ownership_reported",
        "Share of the population that owns crypto-assets, as published",
    )
    if OWNERSHIP in inputs.confidential:
        return Estimate.missing(id, label, "pct_population", CONFIDENTIAL, sources=(BANK,))
    rows = newest(published[published["country"] == inputs.country])
    own = rows[rows["source"] == BANK]
    rows = rows if own.empty else own
    if rows.empty:
        reason = "no ownership figure of this economy has been published in the sources of the data"
        return Estimate.missing(id, label, "pct_population", reason)
    values = rows["value"].to_numpy(dtype=float)
    modelled = bool((rows["data_class"] != "survey").any())
    years = sorted(set(rows["year"].astype(int)))
    several = len(rows) > 1
    return Estimate(
        id,
        label,
        float(100 * expit(np.mean(logit(values / 100)))),
        "pct_population",
        low=float(values.min()) if several else None,
        high=float(values.max()) if several else None,
        data_class="modelled" if modelled else "survey",
        interval="range" if several else "none",
        method="Mean in log-odds of the newest figure of each organisation; the range is theirs."
        if several
        else "Sourced figure.",
        date=str(years[0]) if len(years) == 1 else f"{years[0]}/{years[-1]}",
        n_obs=len(rows),
        sources=tuple(dict.fromkeys(rows["source"])),
        inputs=(OWNERSHIP,),
        function="cryptorisk.models.substitution.adoption.reported",
        note="A vendor's model, or figures of unnamed origin, among them." if modelled else "",
    )


def newest(published: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of each organisation, per economy."""
    ordered = published.sort_values(["country", "organisation", "year"], kind="stable")
    return ordered.groupby(["country", "organisation"], as_index=False).last()


def _against(
    iso3: str, panel: AdoptionPanel, kind: Literal["ownership", "index"], one: Dependent
) -> tuple[Estimate, Estimate]:
    """What comparable economies would let expect, with a prediction interval, and the country's distance from it."""
    name, unit = ("share", "pct_population") if kind == "ownership" else ("place", "pct")
    what = "Ownership" if kind == "ownership" else "Share of ranked economies behind it in the adoption index"
    labels = (
        f"{what} expected from comparable economies",
        f"{what}, published less expected",
    )
    ids = (f"substitution.adoption_expected_{name}", f"substitution.adoption_{name}_gap")
    reason = _no_expectation(iso3, one)
    if reason:
        return (
            Estimate.missing(ids[0], labels[0], unit, reason),
            Estimate.missing(ids[1], labels[1], "pp", reason),
        )
    value = float(one.expected[iso3])
    effects = one.main.effects
    assert effects is not None
    half = float(stats.t.ppf(0.5 + LEVEL / 2, effects.clusters - 1)) * one.error
    low, high = (float(100 * expit(logit(value / 100) + side * half)) for side in (-1, 1))
    expected = Estimate(
        ids[0],
        labels[0],
        value,
        unit,
        low,
        high,
        LEVEL,
        "modelled",
        "prediction",
        "Fractional logit across economies with effects of years, the economy itself held out; the interval is that of "
        "held-out errors in log-odds.",
        str(one.years[-1]),
        one.main.n,
        panel.sources,
        tuple(
            dict.fromkeys(
                series for regressor in effects.names for series in sample.REGRESSORS[regressor].series
            )
        ),
        FUNCTION,
        note="A description of other economies, not what adoption ought to be.",
    )
    if iso3 not in one.observed.index:
        return expected, Estimate.missing(
            ids[1], labels[1], "pp", "the economy has no figure of its own to set against it"
        )
    own = float(one.observed[iso3])
    gap = expected.with_(
        id=ids[1], label=labels[1], value=own - value, low=own - high, high=own - low, unit="pp"
    )
    return expected, gap.with_(note=f"Published: {number(own, 1)} %.")


def _no_expectation(iso3: str, one: Dependent) -> str:
    """Why nothing is expected of an economy; empty when something is."""
    if one.main.effects is None:
        return f"the regression cannot be estimated: {one.main.reason}"
    better = one.better
    assert better is not None
    if not better.enough:
        how = "no" if better.mean <= 0 else "hardly"
        return (
            f"left out in turn, the {better.clusters} economies are predicted {how} better with the regressors than by the "
            f"mean of the year{_saved(better)}"
        )
    if iso3 not in one.expected.index:
        return "a regressor is missing for this economy"
    return ""


def _saved(better: Gain) -> str:
    """What the regressors do save, and what the rule asks for; empty when they save nothing."""
    if better.mean <= 0:
        return ""
    return (
        f": the root mean square error falls by {number(100 * better.saved, 1)} % (t {number(better.t, 1)} over economies), "
        f"where {100 * LEAST_GAIN:.0f} % at {100 * GAIN_LEVEL:.0f} % significance are asked for"
    )


def _origin(iso3: str, published: pd.DataFrame) -> tuple[Finding, ...]:
    """What kind of figures a country's shares are."""
    rows = published[published["country"] == iso3]
    name = country(iso3).name_in_sentence
    estimates = ("substitution.ownership_reported",)
    if rows.empty:
        return ()
    brief = rows[rows["organisation"] == "UNCTAD"]
    asked = rows[rows["data_class"] == "survey"]
    surveyed = ""
    if not asked.empty:
        row = asked.sort_values("year").iloc[-1]
        surveyed = (
            f" {capital(str(row['organisation']))}, which asked, comes to {number(row['value'], 1)} % of the population "
            f"in {row['year']:.0f}."
        )
    if not brief.empty:
        row = brief.sort_values("year").iloc[-1]
        text = (
            f"The {number(row['value'], 1)} % of {row['year']:.0f} that UNCTAD printed for {name} is no survey: it equals "
            f"the figure of a vendor's model for that year and is classed as modelled.{surveyed}"
        )
        return (Finding("substitution.ownership_origin", text, "notice", "data", estimates),)
    if asked.empty:
        text = (
            f"All published ownership figures of {name} come from a vendor's model or are of unnamed origin; "
            "nobody is known to have asked the population."
        )
        return (Finding("substitution.ownership_origin", text, "notice", "data", estimates),)
    return ()


def _outcome(one: Dependent) -> tuple[Finding, ...]:
    """What the regression says, counted and not chosen."""
    effects = one.main.effects
    if effects is None:
        return ()
    low, high = effects.interval(LEVEL)
    apart = [name for name, a, b in zip(effects.names, low, high, strict=True) if a > 0 or b < 0]
    firm = [name for name in apart if effects.adjusted_p_values[effects.at(name)] < 1 - LEVEL]
    what = "published ownership shares" if one.name == "ownership" else "places in the adoption index"
    place = f"Across {effects.clusters} economies {what} ({one.years[0]} to {one.years[-1]})"
    circular = (
        " Most of these shares are a vendor's model, so that the regression describes that model as much as adoption."
        if one.name == "ownership"
        else " The index divides by income at purchasing power: its relation to income is partly arithmetic."
    )
    if not apart:
        text = f"{place} go with none of the {len(effects.names)} regressors at the {100 * LEVEL:.0f} % level.{circular}"
        return (_finding(one, text, firm=False),)
    told = []
    for name in apart:
        word = "higher" if effects.values[effects.at(name)] > 0 else "lower"
        told.append(f"{word} with {sample.REGRESSORS[name].label.lower()} ({_survives(one, name)})")
    after = (
        f"after allowing for {len(effects.names)} tests {listing([sample.REGRESSORS[n].label.lower() for n in firm])} "
        f"{'remains' if len(firm) == 1 else 'remain'}"
        if firm
        else f"after allowing for {len(effects.names)} tests none remains"
    )
    return (_finding(one, f"{place} are {listing(told)}; {after}.{circular}", firm=bool(firm)),)


def _finding(one: Dependent, text: str, *, firm: bool) -> Finding:
    """A result where something remains; a regression that distinguishes nothing is a limit of what is known."""
    return Finding(f"substitution.adoption_{one.name}", text, "info", "result" if firm else "caveat")


def _survives(one: Dependent, name: str) -> str:
    """In how many variants with that regressor the interval stays on the same side of zero."""
    assert one.main.effects is not None
    sign = math.copysign(1.0, one.main.effects.values[one.main.effects.at(name)])
    held = tried = 0
    for variant in one.variants:
        if variant.effects is None or name not in variant.effects.names:
            continue
        tried += 1
        low, high = variant.effects.interval(LEVEL)
        at = variant.effects.at(name)
        held += bool(min(sign * low[at], sign * high[at]) > 0)
    return f"so in {held} of {tried} variants"
