"""Scenario: a share of the money that can reach crypto-assets leaves, and reserves pay for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, format_estimate, number
from cryptorisk.models.flight_access import AccessibleShare, access_estimate, accessible_share
from cryptorisk.models.flight_adequacy import Adequacy
from cryptorisk.models.flight_part import Part, differ, merge_sources
from cryptorisk.models.flight_position import Amount, Position
from cryptorisk.models.flight_reserves import not_meaningful
from cryptorisk.params import FlightParams
from cryptorisk.result import Column, Finding, Severity, Table
from cryptorisk.rules.ara import MONTHS_OF_IMPORTS

_IDS = (
    ("flight.drain_usd", "Drain in the scenario", "usd"),
    ("flight.drain_pct_reserves", "Drain in the scenario, to reserves", "pct_reserves"),
    ("flight.import_cover_after_drain", "Months of imports after the drain", "months_imports"),
    ("flight.ara_cover_after_drain", "Reserves to the IMF's metric after the drain", "pct"),
    ("flight.drain_to_100_ara", "Drain that brings reserves to 100 % of the metric", "usd"),
    ("flight.drain_to_3_months", "Drain that brings reserves to three months of imports", "usd"),
)
_FUNCTION = "cryptorisk.models.flight_drain.drain_part"
_SCENARIO = "Scenario, not a forecast; no probability is attached."


def drain_part(
    inputs: Inputs,
    position: Position,
    adequacy: Adequacy | None,
    country: Country,
    status: str,
    params: FlightParams,
    *,
    mature: bool = False,
) -> Part:
    """Estimates, table and findings of the drain scenario.

    Parameters
    ----------
    inputs : Inputs
    position : Position
    adequacy : Adequacy or None
    country : Country
    status : str
    params : FlightParams
        ``drain_shares``; the middle one is the headline.
    mature : bool
        The scenario is shown and raises no alarm.

    Returns
    -------
    Part
    """
    share = accessible_share(inputs)
    shares = sorted({one for one in params.drain_shares if one > 0})
    reason = _reason(position, share, status) or (
        "" if shares else "the parameter file asks for no share above zero"
    )
    access = access_estimate(share)
    if reason or share is None or position.reserves is None or position.broad_money is None:
        return Part((access, *(Estimate.missing(*one, reason) for one in _IDS)))
    central = shares[len(shares) // 2]
    cases = {leaving: Drain(position, adequacy, share, leaving) for leaving in shares}
    estimates = (access, *cases[central].estimates())
    return Part(
        estimates,
        (_table({0.0: Drain(position, adequacy, share, 0.0), **cases}, share),),
        _findings(cases[central], estimates, country, mature),
    )


def _reason(position: Position, share: AccessibleShare | None, status: str) -> str:
    reason = not_meaningful(position, status, money=True)
    if reason:
        return reason
    if position.broad_money is None:
        return "the vintage has no recent and plausible broad money"
    return "" if share else "account ownership or internet use is not known"


@dataclass(frozen=True)
class Drain:
    """One case: ``leaving`` is the share of crypto-accessible broad money that leaves within a year."""

    position: Position
    adequacy: Adequacy | None
    share: AccessibleShare
    leaving: float

    @property
    def reserves(self) -> float:
        """Official reserves, USD."""
        assert self.position.reserves is not None
        return self.position.reserves.value

    @property
    def _reserve_sources(self) -> tuple[str, ...]:
        return self.position.reserves.sources if self.position.reserves else ()

    @property
    def hidden(self) -> bool:
        """Whether the amount of reserves must not be printed."""
        return self.position.hides(self.position.reserves)

    @property
    def usd(self) -> Amount:
        """The drain, USD."""
        money = self.position.broad_money
        assert money is not None
        k, a = self.leaving, self.share
        ends = (k * a.low * money.low, k * a.high * money.high)
        sources = merge_sources(money.sources, a.sources)
        return Amount(k * a.value * money.value, *ends, money.year, sources, (*money.inputs, *a.inputs))

    @property
    def months_after(self) -> tuple[float, float, float] | None:
        """Months of imports that remain (value, low, high), negative: a shortfall; None if unknown."""
        imports = self.position.imports
        if imports is None:
            return None
        ends = [12 * (self.reserves - d) / i for d, i in product(self.usd.ends, imports.ends)]
        return 12 * (self.reserves - self.usd.value) / imports.value, min(ends), max(ends)

    @property
    def coverage_after(self) -> tuple[float, float, float] | None:
        """Reserves to the metric after the drain (value, low, high), percent; None without the metric."""
        if self.adequacy is None:
            return None
        one = self.adequacy
        metrics = (one.central, one.low, one.high)
        try:
            ends = [m.coverage_after_pct(self.reserves, d) for m, d in product(metrics, self.usd.ends)]
            return one.central.coverage_after_pct(self.reserves, self.usd.value), min(ends), max(ends)
        except ModelError:
            return None

    def estimates(self) -> tuple[Estimate, ...]:
        """The scenario's headline figures."""
        drain = self.usd
        told = f"{number(100 * self.leaving, 1).removesuffix('.0')} % of crypto-accessible broad money leaves"
        ids = iter(_IDS)

        def scenario(ends: tuple[float, float, float] | None, method: str, reason: str) -> Estimate:
            id, label, unit = next(ids)
            if ends is None:
                return Estimate.missing(id, label, unit, reason)
            return Estimate(
                id,
                label,
                ends[0],
                unit,
                ends[1],
                ends[2],
                data_class="proxy",
                interval="range",
                method=method,
                date=self.position.date,
                sources=merge_sources(drain.sources, self._reserve_sources),
                inputs=("reserves_usd", *drain.inputs),
                function=_FUNCTION,
                note=_SCENARIO,
            )

        value, low, high = drain.value, drain.low, drain.high
        pct = 100 / self.reserves
        short = f"the drain exceeds reserves by {number((value - self.reserves) / 1e9, 1)} bn USD"
        lasts = value <= self.reserves
        no_metric = "the metric cannot be computed from the vintage"
        return (
            scenario(
                (value, low, high), f"Share x accessible share x broad money: {told} within a year.", ""
            ),
            scenario((pct * value, pct * low, pct * high), f"Drain over reserves: {told}.", ""),
            scenario(
                self.months_after if lasts else None,
                f"Reserves less the drain over a month's imports: {told}.",
                "no recent imports" if self.position.imports is None else short,
            ),
            scenario(
                self.coverage_after if lasts else None,
                f"(R - D) / (metric - w_M D), the drain also cuts broad money: {told}.",
                short if not lasts else no_metric,
            ),
            self._reverse_ara(next(ids)),
            self._reverse_months(next(ids)),
        )

    def _reverse_ara(self, names: tuple[str, str, str]) -> Estimate:
        if self.adequacy is None:
            return Estimate.missing(*names, "the metric cannot be computed from the vintage")
        value = self.adequacy.central.drain_to_adequate(self.reserves)
        if value is None:
            row = self.adequacy.row.name
            return Estimate.missing(*names, f"reserves are below 100 % of the metric already ({row})")
        ends = [m.drain_to_adequate(self.reserves) or 0.0 for m in (self.adequacy.low, self.adequacy.high)]
        return self._reverse(names, value, min(ends), max(ends), "(R - metric) / (1 - w_M)")

    def _reverse_months(self, names: tuple[str, str, str]) -> Estimate:
        imports = self.position.imports
        if imports is None:
            return Estimate.missing(*names, "no recent imports")
        low, value, high = (self.reserves - MONTHS_OF_IMPORTS * one / 12 for one in reversed(imports.ends))
        if value < 0:
            return Estimate.missing(*names, "reserves are below three months of imports already")
        return self._reverse(names, value, max(low, 0.0), high, "R - 3 months of imports")

    def _reverse(
        self, names: tuple[str, str, str], value: float, low: float, high: float, formula: str
    ) -> Estimate:
        accessible = self.share.value * (
            self.position.broad_money.value if self.position.broad_money else 0.0
        )
        share = (
            f" It is {number(100 * value / accessible, 0)} % of crypto-accessible broad money."
            if accessible
            else ""
        )
        ranged = differ(low, high)
        return Estimate(
            *names[:2],
            value,
            names[2],
            low if ranged else None,
            high if ranged else None,
            interval="range" if ranged else "none",
            method=f"Reverse stress: {formula}.",
            date=self.position.date,
            sources=merge_sources(
                self._reserve_sources,
                self.position.imports.sources if self.position.imports else (),
            ),
            inputs=("reserves_usd", "imports_gs_usd", *self.usd.inputs),
            function=_FUNCTION,
            note=_SCENARIO + share,
        )


def _table(cases: dict[float, Drain], share: AccessibleShare) -> Table:
    rows = []
    for leaving, case in cases.items():
        months, cover = case.months_after, case.coverage_after
        rows.append(
            {
                "leaving": 100 * leaving,
                "low": case.usd.low / 1e9,
                "drain": case.usd.value / 1e9,
                "high": case.usd.high / 1e9,
                "to_reserves": None if case.hidden else 100 * case.usd.value / case.reserves,
                "left": None if case.hidden else (case.reserves - case.usd.value) / 1e9,
                "months": months[0] if months else None,
                "months_low": months[1] if months else None,
                "months_high": months[2] if months else None,
                "cover": cover[0] if cover else None,
                "cover_low": cover[1] if cover else None,
                "cover_high": cover[2] if cover else None,
            }
        )
    frame = pd.DataFrame(rows).astype(float)
    columns = (
        Column("leaving", "Share that leaves", "% of crypto-accessible broad money", 1),
        Column("low", "Drain, low", "bn USD", 2),
        Column("drain", "Drain", "bn USD", 2),
        Column("high", "Drain, high", "bn USD", 2),
        Column("to_reserves", "To reserves", "%", 1),
        Column("left", "Reserves left", "bn USD; negative: shortfall", 2),
        Column("months", "Imports covered after", "months", 1),
        Column("months_low", "Low", "months", 1),
        Column("months_high", "High", "months", 1),
        Column("cover", "Reserves to metric after", "%", 0),
        Column("cover_low", "Low", "%", 0),
        Column("cover_high", "High", "%", 0),
    )
    note = (
        f"{_SCENARIO} Accessible share {number(100 * share.value, 0)} % (range "
        f"{number(100 * share.low, 0)} to {number(100 * share.high, 0)} %): adults with an account and on "
        f"the internet. Reserves are supposed to pay for all of the drain at an unchanged exchange rate. "
        f"The first row is the position before; negative figures are a shortfall: reserves do not suffice."
    )
    return Table(
        "flight.drain", "Reserves after a drain through crypto-assets", frame, columns, note, share.sources
    )


def _findings(
    case: Drain, estimates: tuple[Estimate, ...], country: Country, mature: bool
) -> tuple[Finding, ...]:
    by_id = {one.id: one for one in estimates}
    drain, months = by_id["flight.drain_usd"], by_id["flight.import_cover_after_drain"]
    reserves_share = by_id["flight.drain_pct_reserves"]
    leaving = number(100 * case.leaving, 1).removesuffix(".0")
    text = (
        f"Scenario: if {leaving} % of the broad money within reach of crypto-assets left "
        f"{country.name_in_sentence} within a year, reserves would have to pay {format_estimate(drain)}, "
        f"{reserves_share:value}"
    )
    before = case.position.imports
    if months.available and before is not None:
        text += (
            f"; the cover would fall from {number(12 * case.reserves / before.value, 1)} to {months:value}"
        )
    elif not months.available:
        text += f"; {months.reason}"
    severity: Severity = "notice"
    if mature:
        severity = "info"
    elif case.usd.value > case.reserves:
        severity = "alert"
    elif months.value is not None and months.value < MONTHS_OF_IMPORTS:
        severity = "warning"
    finding = Finding(
        "flight.drain_result",
        text + ".",
        severity,
        estimates=(drain.id, months.id),
    )
    return (finding, *_reverse_finding(by_id))


def _reverse_finding(by_id: dict[str, Estimate]) -> tuple[Finding, ...]:
    reverse = by_id["flight.drain_to_100_ara"]
    other = by_id["flight.drain_to_3_months"]
    sentences = []
    for one, goal in ((reverse, "100 % of the metric"), (other, "three months of imports")):
        if one.available:
            sentences.append(f"reserves reach {goal} after a drain of {one:value}")
        elif "already" in one.reason:
            sentences.append(one.reason)
    if not sentences:
        return ()
    text = "Reverse stress: " + "; ".join(sentences) + "."
    return (Finding("flight.reverse", text, "info", estimates=(reverse.id, other.id)),)
