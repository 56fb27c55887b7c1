"""The bank's own figures of its liquidity: liquid assets, net outflows, and deposits of issuers of stablecoins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptorisk.data.inputs import Inputs, Observation
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.stablecoin_run import ISSUERS
from cryptorisk.rules.lcr import Coverage
from cryptorisk.words import listing

HQLA, OUTFLOWS = "bank_hqla_usd", "bank_net_cash_outflows_usd"
TEMPLATES = {HQLA: "bank_liquidity", OUTFLOWS: "bank_liquidity", ISSUERS: "other_exposures"}
"""The templates (`cryptorisk data template`) that have the series."""


@dataclass(frozen=True)
class Given:
    """The bank's own figures.

    Attributes
    ----------
    hqla, outflows, issuers : Observation or None
        Liquid assets, net outflows of 30 days, deposits of issuers.
    hidden : frozenset of str
        Series among them that are confidential.
    """

    hqla: Observation | None
    outflows: Observation | None
    issuers: Observation | None
    hidden: frozenset[str]

    @property
    def coverage(self) -> Coverage | None:
        """Before; None where a figure is missing or there is no net outflow."""
        if self.hqla is None or self.outflows is None or not self.outflows.value > 0:
            return None
        return Coverage(float(self.hqla.value), float(self.outflows.value))

    @property
    def deposits(self) -> float | None:
        """Issuers' deposits in US dollars, to one digit where confidential."""
        if self.issuers is None:
            return None
        value = float(self.issuers.value)
        return one_digit(value) if ISSUERS in self.hidden else value

    def lacking(self, *series: str) -> str:
        """Why there is no result: the series that are not there, each with its template; empty when all are."""
        seen = {HQLA: self.hqla, OUTFLOWS: self.outflows, ISSUERS: self.issuers}
        absent = [id for id in series if seen[id] is None]
        forms = listing(list(dict.fromkeys(TEMPLATES[id] for id in absent)))
        told = f"not public; banks' returns have them: {listing(absent)} (cryptorisk data template {forms})"
        return told if absent else ""

    def hides(self, *series: str) -> bool:
        """Whether any of the series is confidential."""
        return bool(self.hidden & set(series))

    def known(self, *, issuers: bool) -> dict[str, Any]:
        """What estimates say of their origin, with or without the deposits of issuers."""
        used = (self.hqla, self.outflows, self.issuers if issuers else None)
        figures = [figure for figure in used if figure is not None]
        dates = sorted({figure.date.isoformat() for figure in figures})
        return {
            "date": "/".join(dict.fromkeys((dates[0], dates[-1]))),
            "sources": tuple(dict.fromkeys(figure.source for figure in figures)),
            "inputs": tuple(figure.series for figure in figures),
        }


def given(inputs: Inputs) -> Given:
    """The bank's own figures of liquidity."""
    hqla, outflows, issuers = (inputs.latest(id) for id in (HQLA, OUTFLOWS, ISSUERS))
    return Given(hqla, outflows, issuers, inputs.confidential & {HQLA, OUTFLOWS, ISSUERS})
