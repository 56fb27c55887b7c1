"""What stands in place of a share that cannot be given: losses of purchasing power, and the figures to read instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cryptorisk.countries import country
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import guarded
from cryptorisk.models.substitution.sample import years_of
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.result import Finding
from cryptorisk.words import listing

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

LOSS_YEARS = 5

OLD_FIGURE_YEARS = 5
"""Older figures are told with their age."""

_WORDS = {
    "mvp_share_annual": "the share from annual averages of {when}, {e}",
    "inflation": "inflation of {e:value} in {when}",
    "purchasing_power_lost": "{e:value} of purchasing power lost by money without interest over {when}",
    "depreciation": "a rise of the official price of foreign currency by {e:value} over {when}",
    "parallel_premium": "a premium of {e:value} on the parallel market in {when}",
    "deposit_dollarisation": "foreign-currency deposits of {e:value} in {when}",
    "one_pct_of_broad_money": "one percent of broad money equal to {e:value} in {when}",
}
"""Figures that speak of the same question, in the order in which they are told."""


def purchasing_power_lost(inputs: Inputs) -> Estimate:
    """Part of the purchasing power that national money without interest lost in five years, percent.

    From annual inflation alone, ``1 - 1 / prod(1 + pi)``: changes of the currency unit and fictitious exchange rates do
    not touch it.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Estimate
        ``substitution.purchasing_power_lost``.
    """
    id = "substitution.purchasing_power_lost"
    label = f"Purchasing power that money without interest lost over {LOSS_YEARS} years"
    prices = inputs.series("cpi_inflation_pct")
    if prices.empty:
        return Estimate.missing(id, label, "pct", "the data have no annual inflation")
    yearly = prices.values.groupby(years_of(prices.values)).last()
    last = int(yearly.index[-1])
    years = yearly.reindex(range(last - LOSS_YEARS + 1, last + 1))
    if years.isna().any():
        return Estimate.missing(
            id, label, "pct", f"annual inflation of {last - LOSS_YEARS + 1} to {last} has gaps"
        )
    changed = [
        cut.date.year
        for cut in country(inputs.country).redenominations
        if last - LOSS_YEARS < cut.date.year <= last and cut.date <= inputs.as_of
    ]
    found = Estimate(
        id,
        label,
        100 * (1.0 - float(np.exp(-np.log1p(years / 100).sum()))),
        "pct",
        data_class=prices.data_class,
        method="Arithmetic on annual average inflation; money that bears no interest.",
        date=f"{last - LOSS_YEARS}/{last}",
        n_obs=LOSS_YEARS,
        sources=tuple(prices.source_ids),
        inputs=("cpi_inflation_pct",),
        function="cryptorisk.models.substitution.instead.purchasing_power_lost",
        note=f"The currency unit changed in {listing([str(one) for one in changed])}; inflation chains the units."
        if changed
        else "",
    )
    return guarded(found, inputs.confidential)


def read_instead(estimates: Mapping[str, Estimate], verdict: Verdict, year: int) -> Finding | None:
    """Figures that speak of currency substitution where the monthly share does not; None where it stands.

    Parameters
    ----------
    estimates : mapping of str to Estimate
        By id.
    verdict : Verdict
        Of the share.
    year : int
        Of the report.

    Returns
    -------
    Finding or None
    """
    if verdict.determinate:
        return None
    told, used = [], []
    for name, words in _WORDS.items():
        one = estimates.get(f"substitution.{name}")
        if one is None or not one.value:
            continue
        age = year - int(re.findall(r"\d{4}", one.date)[-1])
        old = f" (a figure {age} years old)" if age > OLD_FIGURE_YEARS else ""
        told.append(words.format(e=one, when=one.date.replace("/", " to ")) + old)
        used.append(one.id)
    if not told:
        return None
    text = f"To be read in place of the monthly share: {listing(told)}."
    return Finding("substitution.instead", text, "notice", estimates=tuple(used))
