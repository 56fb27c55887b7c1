"""The bank's own supervisory figures on exposure and capital, and which of them are confidential."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cryptorisk.data.inputs import Inputs, Observation
from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.one_side import rounded_up
from cryptorisk.models.crash.told_capital import told, told_tier1

EXPOSURE, TIER1, CET1, RWA = "bank_crypto_exposure_usd", "bank_tier1_usd", "bank_cet1_usd", "bank_rwa_usd"
DAYS_APART = 366
"""Days between the dates of exposure and capital above which a reader must know."""


@dataclass(frozen=True)
class Supervisory:
    """The bank's own supervisory figures, and which of them a report must not print.

    Attributes
    ----------
    exposure, tier1, cet1, rwa : Observation or None
    hidden : frozenset of str
        Series ids among them that are confidential.
    """

    exposure: Observation | None
    tier1: Observation | None
    cet1: Observation | None
    rwa: Observation | None
    hidden: frozenset[str]

    def hides(self, *series: str) -> bool:
        """Whether any of the series is confidential."""
        return bool(self.hidden & set(series))

    @property
    def problem(self) -> str:
        """Why the figures cannot be used together, in words without a number; empty when they can."""
        if self.tier1 is not None and not self.tier1.value > 0:
            return "the Tier 1 capital given is not above zero"
        if self.rwa is not None and not self.rwa.value > 0:
            return "the risk-weighted assets given are not above zero"
        if self.tier1 is not None and self.cet1 is not None and self.cet1.value > self.tier1.value:
            return "the CET1 capital given exceeds Tier 1 capital, of which it is a part"
        return ""

    @property
    def apart(self) -> str:
        """A sentence where exposure and capital are of dates more than a year apart; else empty."""
        if self.exposure is None or self.tier1 is None:
            return ""
        ours, theirs = self.exposure.date, self.tier1.date
        if abs((ours - theirs).days) <= DAYS_APART:
            return ""
        return f"Exposure of {ours.isoformat()} against Tier 1 of {theirs.isoformat()}."

    def capital(self, *, bare: bool = False) -> Capital | None:
        """Exposure and capital for arithmetic, None where a figure is missing; ``bare`` leaves the exposure at nothing.

        Confidential figures are put back from the digits that are told (`cryptorisk.models.crash.told_capital`).
        """
        ends = self.capital_ends(bare=bare)
        return None if ends is None else ends[0]

    def capital_ends(self, *, bare: bool = False) -> tuple[Capital, Capital] | None:
        """The same with the least and the largest risk-weighted assets that the digits leave possible."""
        if self.tier1 is None or self.cet1 is None or self.rwa is None or self.problem:
            return None
        if self.exposure is None and not bare:
            return None
        exposed = 0.0 if self.exposure is None else self.exposure.value
        if not (self.cet1.value > 0 and exposed >= 0):
            return None
        exact = Capital(exposed, self.tier1.value, self.cet1.value, self.rwa.value)
        share = (self.hides(EXPOSURE), self.hides(TIER1))
        least, largest = told(exact, share=share, ratio=(self.hides(CET1), self.hides(RWA)))
        if not bare:
            return least, largest
        tier1 = told_tier1(exact, share=share)
        return replace(least, exposure=0.0, tier1=tier1), replace(largest, exposure=0.0, tier1=tier1)

    @property
    def sources(self) -> tuple[str, ...]:
        """Source ids of the figures given."""
        given = (self.exposure, self.tier1, self.cet1, self.rwa)
        return tuple(dict.fromkeys(figure.source for figure in given if figure is not None))

    @property
    def exposure_share(self) -> float | None:
        """Exposure to Tier 1, rounded up to one digit where one of them is confidential."""
        if self.exposure is None or self.tier1 is None or not self.tier1.value > 0:
            return None
        share = 100 * self.exposure.value / self.tier1.value
        return (rounded_up(share) if self.hides(EXPOSURE, TIER1) else share) / 100


def supervisory(inputs: Inputs) -> Supervisory:
    """The bank's own supervisory figures."""
    ids = (EXPOSURE, TIER1, CET1, RWA)
    exposure, tier1, cet1, rwa = (inputs.latest(id) for id in ids)
    return Supervisory(exposure, tier1, cet1, rwa, inputs.confidential & set(ids))
