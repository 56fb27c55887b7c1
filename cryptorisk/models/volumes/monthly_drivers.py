"""What monthly volumes moved with: relations in levels and local projections, for the world and for a country.

A volume in dollars contains the price of what is moved. So it is set beside the same volume in coins and beside a
count of transactions, with the same drivers: the price and realised volatility of bitcoin, the volatility index VIX and
the broad dollar. Everything here describes what went together; nothing identifies a cause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.level_relation import (
    COEFFICIENT_LEVEL,
    REPLICATIONS,
    LevelRelation,
    estimate_relation,
    integration_orders,
    reason_in_words,
)
from cryptorisk.models.level_relation_estimates import half_life_estimate
from cryptorisk.models.level_relation_tables import coefficients_table, equation_tests
from cryptorisk.models.part import Part
from cryptorisk.models.volumes.monthly_driver_findings import (
    adjusted,
    country_finding,
    no_country_finding,
    world_findings,
)
from cryptorisk.models.volumes.monthly_driver_paths import paths_table
from cryptorisk.models.volumes.monthly_driver_sample import (
    DRIVERS,
    LONG_MONTHS,
    DriverSample,
    country_sample,
    world_sample,
)
from cryptorisk.params import Params
from cryptorisk.result import Table
from cryptorisk.stats.bounds import simulate_null
from cryptorisk.words import capital

FUNCTION = "cryptorisk.models.volumes.monthly_drivers"
_SEED_WORLD, _SEED_COUNTRY = 104, 105
METHOD = (
    "Long-run coefficient of an error-correction equation with four drivers, interval by a bootstrap of the t statistic; "
    "given where the bounds tests find a relation in levels, the equation passes its checks and both halves of the sample "
    "agree."
)

Key = tuple[str, dt.date, frozenset[str], int]
_last: list[tuple[Key, Part]] = []
"""The world's last parts and what they depend on: in one process many countries ask for the same."""
KEPT = 4


def driver_part(inputs: Inputs, params: Params) -> Part:
    """What the world's and the country's monthly volumes moved with."""
    return Part.join((world_drivers(inputs, params), country_drivers(inputs, params)))


def world_drivers(inputs: Inputs, params: Params) -> Part:
    """What bitcoin sent to exchanges and the number of transactions moved with.

    Parameters
    ----------
    inputs : Inputs
        Only series of the world are read, so that the result is the same for every economy of a vintage.
    params : Params
        The seed is read.

    Returns
    -------
    Part
        Estimates ``volumes.drivers_price_usd``, ``_coins``, ``_count`` (elasticities) and ``drivers_half_life``; tables
        ``drivers``, ``drivers_tests`` and ``drivers_paths``.
    """
    key = (inputs.vintage.sha256, inputs.as_of, inputs._without, params.seed)
    for known, part in _last:
        if known == key:
            return part
    found = _world(inputs, params.seed)
    _last[:] = [(key, found), *_last][:KEPT]
    return found


def country_drivers(inputs: Inputs, params: Params) -> Part:
    """What the country's own monthly volume moved with, or that it cannot be said.

    Parameters
    ----------
    inputs : Inputs
        The bank's own ``p2p_volume_usd`` is read; no public source has a monthly volume of an economy.
    params : Params
        The seed is read.

    Returns
    -------
    Part
        Estimate ``volumes.country_drivers_price_coins``; tables ``country_drivers``, ``country_drivers_tests`` and
        ``country_drivers_paths`` where there is a sample (the last not where the volume is confidential).
    """
    sample, name = country_sample(inputs), country(inputs.country).name_in_sentence
    if sample.reason:
        refused = _refused("country_drivers", "coins", sample.volumes["coins"], sample.reason)
        return Part((refused,), findings=(no_country_finding(name, sample.reason),))
    relations = _relations(sample, np.random.default_rng([params.seed, _SEED_COUNTRY]))
    title = "What the country's own volume moved with"
    tables = _tables("country_drivers", title, relations, sample)
    estimate = _elasticity("country_drivers", "coins", relations["coins"], sample, tables[0])
    return Part((estimate,), tables, (country_finding(name, estimate),))


def _world(inputs: Inputs, seed: int) -> Part:
    sample = world_sample(inputs)
    if sample.reason:
        missing = [_refused("drivers", name, label, sample.reason) for name, label in sample.volumes.items()]
        return Part(
            (*missing, Estimate.missing("volumes.drivers_half_life", _HALF_LIFE, "months", sample.reason))
        )
    relations = _relations(sample, np.random.default_rng([seed, _SEED_WORLD]))
    tables = _tables("drivers", "What the world's volumes moved with", relations, sample)
    estimates = [
        _elasticity("drivers", name, relation, sample, tables[0]) for name, relation in relations.items()
    ]
    estimates.append(_half_life(relations["coins"], sample))
    return Part(tuple(estimates), tables, world_findings(relations, estimates, tables[0]))


def _relations(sample: DriverSample, rng: np.random.Generator) -> dict[str, LevelRelation]:
    order = 4 if len(sample.frame) >= LONG_MONTHS else 2
    null = simulate_null(3, len(DRIVERS), len(sample.frame) - 1, rng=rng, replications=REPLICATIONS)
    orders = integration_orders(sample.frame)
    return {
        name: estimate_relation(
            sample.frame,
            name,
            DRIVERS,
            label=label,
            year=12,
            max_order=order,
            rng=rng,
            null=null,
            orders=orders,
        )
        for name, label in sample.volumes.items()
    }


def _label(prefix: str, volume: str) -> str:
    where = "" if prefix == "drivers" else " (the bank's own series)"
    return f"{volume}{where}: percent for each percent of bitcoin's price, long run"


def _refused(prefix: str, name: str, label: str, reason: str) -> Estimate:
    return Estimate.missing(f"volumes.{prefix}_price_{name}", _label(prefix, label), "ratio", reason)


def _elasticity(
    prefix: str, name: str, relation: LevelRelation, sample: DriverSample, table: Table
) -> Estimate:
    if relation.reason:
        reason = reason_in_words(relation) if sample.confidential else relation.reason
        return _refused(prefix, name, relation.dependent, reason)
    if relation.unequal:
        held = f"{relation.unequal} ({adjusted(table, relation, sample.confidential)} for the whole)"
        reason = "the coefficient is not the same throughout the sample" if sample.confidential else held
        return _refused(prefix, name, relation.dependent, reason)
    found = relation.long_run["price"]
    notes = (
        ["A value in dollars contains the price: one of the coefficient is arithmetic."]
        if name == "usd"
        else []
    )
    notes.append(f"{capital(adjusted(table, relation, sample.confidential))}.")
    estimate = Estimate(
        f"volumes.{prefix}_price_{name}",
        _label(prefix, relation.dependent),
        found.value,
        "ratio",
        low=found.low,
        high=found.high,
        level=COEFFICIENT_LEVEL,
        interval="confidence",
        method=METHOD,
        date=relation.period(),
        n_obs=relation.fit.n,
        sources=sample.sources,
        inputs=sample.series,
        function=f"{FUNCTION}.{'world' if prefix == 'drivers' else 'country'}_drivers",
        note=" ".join(notes),
    )
    return estimate.coarsened() if sample.confidential else estimate


_HALF_LIFE = (
    "Half-life of a deviation of bitcoin sent to exchanges, in coins, from its relation with the drivers"
)


def _half_life(relation: LevelRelation, sample: DriverSample) -> Estimate:
    id = "volumes.drivers_half_life"
    if relation.reason or relation.unequal:
        return Estimate.missing(id, _HALF_LIFE, "months", relation.reason or relation.unequal)
    return half_life_estimate(
        relation,
        id=id,
        label=_HALF_LIFE,
        months=1,
        sources=sample.sources,
        inputs=sample.series,
        function=f"{FUNCTION}.world_drivers",
    )


def _tables(
    prefix: str, title: str, relations: Mapping[str, LevelRelation], sample: DriverSample
) -> tuple[Table, ...]:
    found, coarse, sources = tuple(relations.values()), sample.confidential, sample.sources
    return (
        coefficients_table(found, id=f"volumes.{prefix}", title=title, sources=sources, coarse=coarse),
        equation_tests(
            found,
            id=f"volumes.{prefix}_tests",
            title=f"{title}: tests",
            sources=sources,
            unit="months",
            coarse=coarse,
        ),
        *(() if coarse else (paths_table(prefix, title, sample),)),
    )
