"""Reserves against the rules: months of imports, broad money, short-term debt and the IMF's metric."""

from __future__ import annotations

from collections.abc import Mapping

from cryptorisk.countries import Country
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.adequacy import Adequacy, missing_parts
from cryptorisk.models.flight.amount import Amount
from cryptorisk.models.flight.encumbrance import NOTE
from cryptorisk.models.flight.gold_covers import gold_cover_findings
from cryptorisk.models.flight.part import CONFIDENTIAL, differ, guarded, merge_sources, sourced
from cryptorisk.models.flight.position import NO_RESERVES, Position
from cryptorisk.models.flight.reserve_findings import (
    NO_MONEY_OF_ITS_OWN,
    NOTHING_BROKEN,
    POOLED,
    reserve_findings,
)
from cryptorisk.models.flight.reserve_tables import ara_note, components_table, metrics_table
from cryptorisk.models.part import Part
from cryptorisk.rules import ara as rule
from cryptorisk.words import listing

NO_DEBT_FIGURES = (
    "the IMF's metric needs external debt, and the data have no debtor statistics of this economy (mature "
    "markets, for which the metric is not meant, are among those without)"
)
POOL_NOTE = "The economy's share in the union's pool."
NO_SHORT_TERM = (
    "the data have no short-term external debt of this economy (short_term_debt_remaining_maturity_usd; "
    "`cryptorisk data template external`)"
)
GROSS_NOTE = "Gross: what is pledged, or owed to domestic banks in foreign currency, is not deducted."
_FUNCTION = "cryptorisk.models.flight.reserves.reserves_part"


def reserves_part(
    position: Position,
    adequacy: Adequacy | None,
    country: Country,
    status: str,
    *,
    mature: bool = False,
    broken: Mapping[str, bool] = NOTHING_BROKEN,
) -> Part:
    """Estimates, tables and findings on the adequacy of reserves.

    Parameters
    ----------
    position : Position
    adequacy : Adequacy or None
        None when a part of the metric is missing or the metric is not meant for the economy.
    country : Country
    status : str
        Monetary status at the report's date.
    mature : bool
        A floating currency without debtor statistics: the rules of thumb are shown and raise no alarm.
    broken : mapping of str to bool
        Ids of covers that the central drain of the scenario takes below their minimum, or (True) to about it.

    Returns
    -------
    Part
    """
    reserves = reserves_estimate(position, status)
    covers = (
        import_cover(position, status),
        _to_broad_money(position, status),
        _to_short_term_debt(position, status),
        _to_ara(position, adequacy, status),
    )
    # Coarsened before tables and sentences are written from them.
    estimates = (reserves, *(guarded(_at_most_noted(one, position), position.confidential) for one in covers))
    # Where no rule is meant for the economy the finding says so once; a table of refusals would say it four times.
    tables = [] if all(one.reason == POOLED for one in covers) else [metrics_table(estimates)]
    parts = (
        position.reserves,
        position.exports,
        position.broad_money,
        position.external_debt,
        position.short_term_debt,
        position.other_liabilities,
    )
    if adequacy is not None and position.reserves is not None and not position.hides(*parts):
        tables.append(components_table(position, adequacy))
    return Part(
        estimates,
        tuple(tables),
        (
            *reserve_findings(position, adequacy, estimates, country, status, mature, broken),
            *gold_cover_findings(position, estimates[1:], country.name_in_sentence, status, mature),
        ),
    )


def _at_most_noted(one: Estimate, position: Position) -> Estimate:
    """A cover that is an upper bound, since reserves may be encumbered."""
    if not position.encumbered or not one.available:
        return one
    return one.with_(note=f"{NOTE} {one.note}".strip())


def not_meaningful(position: Position, status: str, *, money: bool) -> str:
    """Why a ratio of reserves is not shown; empty when it is.

    Parameters
    ----------
    position : Position
    status : str
    money : bool
        Whether the ratio needs a currency of the economy's own.
    """
    if status == "currency_union":
        return POOLED
    if money and status == "dollarised":
        return NO_MONEY_OF_ITS_OWN
    if position.reserves is None:
        return position.reserves_reason
    return "" if position.reserves.value > 0 else NO_RESERVES


def reserves_estimate(position: Position, status: str) -> Estimate:
    """Official reserves, a sourced figure."""
    id, label = "flight.reserves_usd", "Official reserves, with gold"
    if position.reserves is None:
        return Estimate.missing(id, label, "usd", position.reserves_reason)
    if position.hides(position.reserves):
        return Estimate.missing(id, label, "usd", CONFIDENTIAL, date=position.date, sources=(BANK,))
    return Estimate(
        id,
        label,
        position.reserves.value,
        "usd",
        data_class="measured",
        method=sourced(position.reserves.sources, "end of year"),
        date=position.date,
        sources=position.reserves.sources,
        inputs=position.reserves.inputs,
        function=_FUNCTION,
        note=POOL_NOTE if status == "currency_union" else GROSS_NOTE,
    )


def ratio(
    id: str,
    label: str,
    unit: str,
    numerator: float,
    denominator: Amount,
    *,
    factor: float,
    method: str,
    date: str,
    sources: tuple[str, ...],
) -> Estimate:
    """``factor * numerator / denominator`` with the range that the denominator's ends give."""
    low, value, high = (factor * numerator / end for end in reversed(denominator.ends))
    low, high = min(low, high), max(low, high)
    ranged = differ(low, high)
    return Estimate(
        id,
        label,
        value,
        unit,
        low if ranged else None,
        high if ranged else None,
        data_class="modelled" if ranged else "measured",
        interval="range" if ranged else "none",
        method=method,
        date=date,
        sources=merge_sources(sources, denominator.sources),
        inputs=("reserves_usd", *denominator.inputs),
        note=denominator.note,
        function=_FUNCTION,
    )


def import_cover(position: Position, status: str) -> Estimate:
    """Months of imports of goods and services that reserves pay for."""
    id, label, unit = "flight.import_cover_months", "Reserves in months of imports", "months_imports"
    reason = not_meaningful(position, status, money=False)
    if reason or position.reserves is None:
        return Estimate.missing(id, label, unit, reason)
    if position.imports is None:
        reason = "the data have no recent imports of goods and services (imports_gs_usd)"
        return Estimate.missing(id, label, unit, reason)
    return ratio(
        id,
        label,
        unit,
        position.reserves.value,
        position.imports,
        factor=12,
        method="Reserves over a month's imports of goods and services.",
        date=position.date,
        sources=position.reserves.sources,
    )


def _to_broad_money(position: Position, status: str) -> Estimate:
    id, label, unit = "flight.reserves_to_broad_money", "Reserves to broad money", "pct_broad_money"
    reason = not_meaningful(position, status, money=True)
    if reason or position.reserves is None:
        return Estimate.missing(id, label, unit, reason)
    if position.broad_money is None:
        return Estimate.missing(id, label, unit, position.money_reason)
    return ratio(
        id,
        label,
        unit,
        position.reserves.value,
        position.broad_money,
        factor=100,
        method=(
            "Reserves over broad money in dollars at December's official rate; the range has the drift of a ratio that "
            "is brought forward (nine tenths of such ratios of all economies)."
        ),
        date=position.date,
        sources=position.reserves.sources,
    )


def _to_short_term_debt(position: Position, status: str) -> Estimate:
    id, label, unit = "flight.reserves_to_short_term_debt", "Reserves to short-term external debt", "pct"
    reason = not_meaningful(position, status, money=False)
    if reason or position.reserves is None:
        return Estimate.missing(id, label, unit, reason)
    if position.short_term_debt is None or position.short_term_debt.value <= 0:
        return Estimate.missing(id, label, unit, NO_SHORT_TERM)
    floor = ""
    if position.short_term_is_floor:
        floor = (
            "original maturity, with the mean debt service of three years where it is known; at original maturity alone "
            "the cover is an upper bound, and what rolls over outside debt service lowers it"
        )
    return ratio(
        id,
        label,
        unit,
        position.reserves.value,
        position.short_term_debt,
        factor=100,
        method=f"Reserves over external debt that falls due within a year{f' ({floor})' if floor else ''}.",
        date=position.date,
        sources=position.reserves.sources,
    )


def _to_ara(position: Position, adequacy: Adequacy | None, status: str) -> Estimate:
    id, label = "flight.reserves_to_ara", "Reserves to the IMF's reserve-adequacy metric (ARA)"
    reason = not_meaningful(position, status, money=True)
    if reason or position.reserves is None:
        return Estimate.missing(id, label, "pct", reason)
    if adequacy is None:
        lacking = missing_parts(position)
        why = f"the data have no recent {listing(lacking)}{_at_most(position)}"
        return Estimate.missing(id, label, "pct", NO_DEBT_FIGURES if "external debt" in lacking else why)
    amount = position.reserves.value
    return Estimate(
        id,
        label,
        adequacy.central.coverage_pct(amount),
        "pct",
        adequacy.high.coverage_pct(amount),
        adequacy.low.coverage_pct(amount),
        interval="range",
        method=(
            f"Reserves over the metric's weighted parts, {adequacy.row.name}; the range covers the rows that the "
            f"regime and controls leave open and the ends of every part."
        ),
        date=position.date,
        sources=merge_sources(position.reserves.sources, adequacy.sources),
        inputs=("reserves_usd", *adequacy.inputs, "irr_coarse_regime", "fkrsu_kao", "ka_open_norm01"),
        function="cryptorisk.models.flight.adequacy.adequacy",
        note=f"With {rule.QUOTED}. {ara_note(adequacy)}",
    )


def _at_most(position: Position) -> str:
    """The bound that the known parts give: at the smallest weights and ends."""
    debt = position.external_debt
    hidden = position.hides(position.reserves, debt, position.exports, position.broad_money)
    if position.reserves is None or debt is None or hidden:
        return ""
    exports = position.exports.low if position.exports else 0.0
    money = position.broad_money.low if position.broad_money else 0.0
    smallest = rule.ara(exports, money, 0.0, debt.low, regime="floating", controls=True)
    bound = smallest.coverage_pct(position.reserves.value)
    return f"; the parts that are known bound the cover from above: at most {number(bound, 0)} %"
