"""One case of the drain scenario: what leaves, what reserves are after it, and the reverse stress."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.access import AccessibleShare
from cryptorisk.models.flight.adequacy import Adequacy
from cryptorisk.models.flight.amount import Amount
from cryptorisk.models.flight.encumbrance import NOTE
from cryptorisk.models.flight.part import GIVES_AWAY, differ, guarded, merge_sources
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserves import NO_SHORT_TERM
from cryptorisk.rules.ara import BROAD_MONEY_PCT, MONTHS_OF_IMPORTS, drain_to_level

IDS = (
    ("flight.drain_usd", "Drain in the scenario", "usd"),
    ("flight.drain_pct_reserves", "Drain in the scenario, to reserves", "pct_reserves"),
    ("flight.import_cover_after_drain", "Months of imports after the drain", "months_imports"),
    ("flight.ara_cover_after_drain", "Reserves to the IMF's metric after the drain", "pct"),
    ("flight.drain_to_100_ara", "Drain that brings reserves to 100 % of the metric", "usd"),
    ("flight.drain_to_3_months", "Drain that brings reserves to three months of imports", "usd"),
    (
        "flight.short_term_debt_cover_after_drain",
        "Reserves to short-term external debt after the drain",
        "pct",
    ),
    ("flight.drain_to_short_term_debt", "Drain that brings reserves to short-term external debt", "usd"),
    ("flight.drain_to_20_pct_broad_money", "Drain that brings reserves to 20 % of broad money", "usd"),
)
OF_RESERVES = (
    "flight.import_cover_after_drain",
    "flight.ara_cover_after_drain",
    "flight.short_term_debt_cover_after_drain",
)
"""Upper bounds where reserves may be encumbered."""
NO_IMPORTS = "no recent imports (imports_gs_usd)"
_FUNCTION = "cryptorisk.models.flight.drain.drain_part"
SHARE_DIGITS = 6
"""Significant digits at most of a share that a user gave: fewer would give two shares one name."""
SCENARIO = "Scenario, not a forecast; no probability is attached."


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
        """Whether a confidential figure is in it: what is left after a drain is then a difference that tells it."""
        position = self.position
        used = (*self.usd.inputs, *(self.adequacy.inputs if self.adequacy else ()))
        stocks = (position.reserves, position.imports, position.short_term_debt)
        return position.hides(*stocks) or bool(position.confidential & set(used))

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
    def within_reach(self) -> float:
        """Broad money of those who can reach crypto-assets, USD, central."""
        return self.usd.value / self.leaving if self.leaving else 0.0

    @property
    def months_after(self) -> tuple[float, float, float] | None:
        """Months of imports that remain (value, low, high), negative: a shortfall; None if unknown."""
        imports = self.position.imports
        if imports is None:
            return None
        ends = [12 * (self.reserves - d) / i for d, i in product(self.usd.ends, imports.ends)]
        return 12 * (self.reserves - self.usd.value) / imports.value, min(ends), max(ends)

    @property
    def short_term_cover_after(self) -> tuple[float, float, float] | None:
        """Reserves to short-term external debt after the drain (value, low, high), percent; None if unknown."""
        debt = self.position.short_term_debt
        if debt is None or debt.value <= 0 or debt.low <= 0:
            return None
        ends = [100 * (self.reserves - d) / one for d, one in product(self.usd.ends, debt.ends)]
        return 100 * (self.reserves - self.usd.value) / debt.value, min(ends), max(ends)

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
        told = f"{told_share(self.leaving)} % of crypto-accessible broad money leaves"
        ids = iter(IDS)

        def scenario(ends: tuple[float, float, float] | None, method: str, reason: str) -> Estimate:
            id, label, unit = next(ids)
            if id in (IDS[0][0], IDS[1][0]):
                label = f"{label} ({told_share(self.leaving)} % of the money within reach leaves)"
            if self.hidden and id != "flight.drain_usd":
                return Estimate.missing(id, label, unit, GIVES_AWAY)
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
                inputs=drain.inputs if id == "flight.drain_usd" else ("reserves_usd", *drain.inputs),
                function=_FUNCTION,
                note=f"{SCENARIO} {NOTE}" if self.position.encumbered and id in OF_RESERVES else SCENARIO,
            )

        value, low, high = drain.value, drain.low, drain.high
        pct = 100 / self.reserves
        short = f"the drain exceeds reserves by {number((value - self.reserves) / 1e9, 1)} bn USD"
        lasts = value <= self.reserves
        no_metric = "the metric cannot be computed from the data"
        amount = scenario(
            (value, low, high), f"Share x accessible share x broad money: {told} within a year.", ""
        )
        return (
            guarded(amount, self.position.confidential),
            scenario((pct * value, pct * low, pct * high), f"Drain over reserves: {told}.", ""),
            scenario(
                self.months_after if lasts else None,
                f"Reserves less the drain over a month's imports: {told}.",
                NO_IMPORTS if self.position.imports is None else short,
            ),
            scenario(
                self.coverage_after if lasts else None,
                f"(R - D) / (metric - w_M D), the drain also cuts broad money: {told}.",
                short if not lasts else no_metric,
            ),
            self._reverse_ara(next(ids)),
            self._reverse_months(next(ids)),
            scenario(
                self.short_term_cover_after if lasts else None,
                f"Reserves less the drain over external debt that falls due within a year: {told}.",
                short if not lasts else NO_SHORT_TERM,
            ),
            self._reverse_short_term(next(ids)),
            self._reverse_money(next(ids)),
        )

    def _reverse_ara(self, names: tuple[str, str, str]) -> Estimate:
        if self.hidden:
            return Estimate.missing(*names, GIVES_AWAY)
        if self.adequacy is None:
            return Estimate.missing(*names, "the metric cannot be computed from the data")
        value = self.adequacy.central.drain_to_adequate(self.reserves)
        if value is None:
            row = self.adequacy.row.name
            return Estimate.missing(*names, f"reserves are below 100 % of the IMF's metric already ({row})")
        ends = [m.drain_to_adequate(self.reserves) or 0.0 for m in (self.adequacy.low, self.adequacy.high)]
        one = self.adequacy
        metric = Amount(one.central.total, one.low.total, one.high.total, 0, one.sources, one.inputs)
        return self._reverse(names, value, min(ends), max(ends), "(R - metric) / (1 - w_M)", metric)

    def _reverse_short_term(self, names: tuple[str, str, str]) -> Estimate:
        if self.hidden:
            return Estimate.missing(*names, GIVES_AWAY)
        debt = self.position.short_term_debt
        if debt is None:
            return Estimate.missing(*names, NO_SHORT_TERM)
        low, value, high = (self.reserves - one for one in reversed(debt.ends))
        if value < 0:
            return Estimate.missing(*names, "reserves are below short-term external debt already")
        return self._reverse(names, value, max(low, 0.0), high, "R - short-term debt", debt)

    def _reverse_money(self, names: tuple[str, str, str]) -> Estimate:
        if self.hidden:
            return Estimate.missing(*names, GIVES_AWAY)
        money = self.position.broad_money
        assert money is not None
        low, value, high = (
            drain_to_level(self.reserves, one, BROAD_MONEY_PCT / 100, 1.0) for one in reversed(money.ends)
        )
        if value is None:
            return Estimate.missing(*names, "reserves are below 20 % of broad money already")
        formula = "(R - 0.2 M) / 0.8, the drain also cuts broad money"
        return self._reverse(names, value, low or 0.0, value if high is None else high, formula, money)

    def _reverse_months(self, names: tuple[str, str, str]) -> Estimate:
        if self.hidden:
            return Estimate.missing(*names, GIVES_AWAY)
        imports = self.position.imports
        if imports is None:
            return Estimate.missing(*names, NO_IMPORTS)
        low, value, high = (self.reserves - MONTHS_OF_IMPORTS * one / 12 for one in reversed(imports.ends))
        if value < 0:
            return Estimate.missing(*names, "reserves are below three months of imports already")
        return self._reverse(names, value, max(low, 0.0), high, "R - 3 months of imports", imports)

    def _reverse(
        self,
        names: tuple[str, str, str],
        value: float,
        low: float,
        high: float,
        formula: str,
        against: Amount | None = None,
    ) -> Estimate:
        accessible = self.within_reach
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
                against.sources if against else (),
            ),
            inputs=("reserves_usd", *(against.inputs if against else ()), *self.usd.inputs),
            function=_FUNCTION,
            note=SCENARIO + share,
        )


def told_share(leaving: float) -> str:
    """A share in percent as sentences write it, with all the digits that were given: ``5``, ``0.5``, ``0.04``."""
    return np.format_float_positional(100 * leaving, SHARE_DIGITS, unique=False, fractional=False, trim="-")


def within_reach(position: Position, share: AccessibleShare | None) -> float | None:
    """Broad money of those who can reach crypto-assets, USD, central; None where it is unknown or must not be told."""
    money = position.broad_money
    if money is None or share is None or position.confidential & {*money.inputs, *share.inputs}:
        return None
    return share.value * money.value
