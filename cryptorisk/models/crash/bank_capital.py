"""Banks' CET1 ratio after a shock, for many shocks at once, and the smallest fall that takes it below a requirement.

The rule is that of `cryptorisk.rules.sco60.after_fall`, with one thing more: after a depreciation the exposure that is left
is worth more national money, and the limit is held against that. The gain is not counted as capital.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from cryptorisk.errors import ModelError
from cryptorisk.rules.sco60 import GROUP_2B_RISK_WEIGHT, LIMIT_SHARE, NOTIFY_SHARE

Floats = NDArray[np.float64]

MINIMUM_CET1, WITH_BUFFER = 0.045, 0.07
"""CET1 to risk-weighted assets: the minimum (Basel Framework RBC20.1) and with the capital conservation buffer of 2.5 %
(RBC30.2)."""


Reading = Literal["limit", "all"]
"""Of SCO60: 1250 % on all of the exposure, which an unhedged position binds in Group 2b and, net, in Group 2a; or on the
part that the limit penalises alone, with no weight on the rest: at best a netted position of Group 2a."""
READINGS: Mapping[Reading, str] = MappingProxyType(
    {"all": "all at 1250 %", "limit": "the limit alone, only if hedged"}
)


def requirements(own: float | None) -> list[float]:
    """CET1 ratios asked about, as shares: the minimum, with the buffer, and the jurisdiction's own."""
    return sorted({MINIMUM_CET1, WITH_BUFFER, *filter(None, [own])})


@dataclass(frozen=True)
class Capital:
    """Banks' exposure and capital, in one currency.

    Attributes
    ----------
    exposure, tier1, cet1, rwa : float
        Before the shock; capital and risk-weighted assets positive.
    """

    exposure: float
    tier1: float
    cet1: float
    rwa: float

    def __post_init__(self) -> None:
        if not (self.exposure >= 0 and self.tier1 > 0 and self.rwa > 0):
            raise ModelError(
                f"exposure must not be negative, Tier 1 and risk-weighted assets must be positive (got {self})",
                where="banks' capital",
            )

    def added_rwa(self, fall: Floats | float, depreciation: Floats | float = 0.0) -> Floats:
        """Risk-weighted assets that the limit of SCO60 adds after a shock.

        Parameters
        ----------
        fall, depreciation : array_like
            Share of the exposure lost, and share of its dollar value that the national currency loses.

        Returns
        -------
        numpy.ndarray
            1250 % of the part that the limit penalises; of the whole when the loss exhausts Tier 1.
        """
        fall, depreciation = np.asarray(fall, dtype=float), np.asarray(depreciation, dtype=float)
        left = self.exposure * (1 - fall) / (1 - depreciation)
        tier1 = self.tier1 - self.exposure * fall
        penalised = np.where(
            left > LIMIT_SHARE * tier1,
            left,
            np.where(left > NOTIFY_SHARE * tier1, left - NOTIFY_SHARE * tier1, 0.0),
        )
        return np.asarray(GROUP_2B_RISK_WEIGHT * penalised, dtype=np.float64)

    def ratio(self, fall: Floats | float, depreciation: Floats | float = 0.0) -> Floats:
        """CET1 ratio after a shock as a share: the loss in full, no tax relief, and the limit's risk-weighted assets."""
        lost = self.exposure * np.asarray(fall, dtype=float)
        return np.asarray((self.cet1 - lost) / (self.rwa + self.added_rwa(fall, depreciation)))

    def ratio_if_all_2b(self, fall: Floats | float, depreciation: Floats | float = 0.0) -> Floats:
        """The same with 1250 % on all of the exposure that is left, as for unhedged positions."""
        fall = np.asarray(fall, dtype=float)
        left = self.exposure * (1 - fall) / (1 - np.asarray(depreciation, dtype=float))
        return np.asarray(
            (self.cet1 - self.exposure * fall) / (self.rwa + GROUP_2B_RISK_WEIGHT * left), dtype=np.float64
        )

    def share(self, fall: Floats | float, depreciation: Floats | float = 0.0) -> Floats:
        """Exposure to Tier 1 after a shock, as a share; infinite when the loss exhausts Tier 1."""
        fall = np.asarray(fall, dtype=float)
        left = self.exposure * (1 - fall) / (1 - np.asarray(depreciation, dtype=float))
        tier1 = self.tier1 - self.exposure * fall
        return np.where(tier1 > 0, left / np.where(tier1 > 0, tier1, 1.0), np.inf)

    def by(self, reading: Reading, fall: Floats | float, depreciation: Floats | float = 0.0) -> Floats:
        """CET1 ratio after a shock by one of the two readings."""
        ratio = self.ratio if reading == "limit" else self.ratio_if_all_2b
        return ratio(fall, depreciation)

    def short_of(self, requirement: float, fall: float, reading: Reading) -> float:
        """Capital that lifts the CET1 ratio after a fall to a requirement; nothing where it is met."""
        left = GROUP_2B_RISK_WEIGHT * self.exposure * (1 - fall)
        added = float(self.added_rwa(fall)) if reading == "limit" else left
        return max(0.0, requirement - float(self.by(reading, fall))) * (self.rwa + added)

    def smallest_fall(self, requirement: float, reading: Reading = "limit") -> float | None:
        """Smallest fall of prices after which the CET1 ratio is below a requirement.

        Parameters
        ----------
        requirement : float
            As a share.
        reading : {"limit", "all"}

        Returns
        -------
        float or None
            0 when it is below already; None when no fall of up to 100 % takes it there.

        Notes
        -----
        With 1250 % on all the ratio is one linear function of the fall over another and so monotone. By the limit alone it
        is such between the falls at which the exposure left crosses 1 and 2 % of the capital left: the smallest root lies in
        the first such stretch whose end is below. At a crossing of 2 % the ratio jumps up, since the limit then spares 1 %
        of Tier 1; both sides are looked at.
        """

        def above(fall: float) -> float:
            return float(self.by(reading, fall)) - requirement

        if above(0.0) < 0:
            return 0.0
        edges = sorted({0.0, *(self._crossings() if reading == "limit" else ()), 1.0})
        for start, end in pairwise(edges):
            inner = min(start + 1e-12, end), max(end - 1e-12, start)
            for low, high in ((start, inner[0]), inner, (inner[1], end)):
                if above(high) < 0:
                    return float(brentq(above, low, high, xtol=1e-12))
        return None

    def _crossings(self) -> list[float]:
        """Falls at which ``E (1 - f) = k (T - E f)``: ``f = (E - k T) / (E (1 - k))``, for both limits."""
        if self.exposure == 0:
            return []
        found = [
            (self.exposure - k * self.tier1) / (self.exposure * (1 - k)) for k in (NOTIFY_SHARE, LIMIT_SHARE)
        ]
        return [fall for fall in found if 0 < fall < 1]

    def depreciation_to_limit(self, limit: float) -> float | None:
        """Depreciation, prices in dollars unchanged, above which the exposure exceeds a share of Tier 1.

        Returns
        -------
        float or None
            ``1 - E / (k T)``; 0 when it exceeds it already, None without an exposure.
        """
        if self.exposure == 0:
            return None
        return max(0.0, 1.0 - self.exposure / (limit * self.tier1))
