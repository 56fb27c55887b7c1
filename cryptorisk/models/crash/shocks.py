"""The shock of a scenario: what happens to prices, to redemptions and to the currency, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cryptorisk.errors import ModelError

Instrument = Literal["bitcoin", "stablecoins", "ether", "others", "unhedged"]
"""``unhedged``: a position given as one sum, which is taken to lose what bitcoin loses."""

ALTCOIN_BETA = 1.1
"""Fall of other assets to that of bitcoin: ether from peak to trough in 2018 against bitcoin (94.0 to 83.8 %, measured
in the embedded vintage). Falls of assets without a long price series are not measured here."""


@dataclass(frozen=True)
class Shock:
    """Changes of one scenario, as shares of what was before.

    Attributes
    ----------
    bitcoin : float
        Fall of bitcoin, 0 to 1.
    stablecoin_loss : float
        Loss on stablecoins, 0 to 1.
    ether : float or None
        Fall of ether; None: as other assets.
    altcoin_beta : float
        Fall of other assets as a multiple of bitcoin's; they cannot fall by more than all.
    redemption : float
        Share of stablecoins redeemed, 0 to 1. No loss by itself: a demand for dollars.
    depreciation : float
        Share of its value in US dollars that the national currency loses, 0 to below 1.
    equity : float
        Fall of domestic share prices, 0 to 1.
    premium : float
        Premium on crypto-assets at home over the official rate after the depreciation, not negative.
    """

    bitcoin: float
    stablecoin_loss: float = 0.0
    ether: float | None = None
    altcoin_beta: float = ALTCOIN_BETA
    redemption: float = 0.0
    depreciation: float = 0.0
    equity: float = 0.0
    premium: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.bitcoin, self.stablecoin_loss, self.ether or 0.0, self.redemption, self.equity)
        if not all(0 <= share <= 1 for share in shares) or not 0 <= self.depreciation < 1:
            raise ModelError(f"shares of a shock lie between 0 and 1 (got {self})", where="scenario")
        if self.altcoin_beta < 0 or self.premium < 0:
            raise ModelError(f"beta and premium must not be negative (got {self})", where="scenario")

    def loss(self, instrument: Instrument) -> float:
        """Share of its value in US dollars that an instrument loses."""
        others = min(1.0, self.altcoin_beta * self.bitcoin)
        by_instrument: dict[Instrument, float] = {
            "bitcoin": self.bitcoin,
            "unhedged": self.bitcoin,
            "stablecoins": self.stablecoin_loss,
            "ether": others if self.ether is None else self.ether,
            "others": others,
        }
        return by_instrument[instrument]

    @property
    def revaluation(self) -> float:
        """Value of a US dollar of crypto-assets in national money at home, after to before."""
        return (1.0 + self.premium) / (1.0 - self.depreciation)

    def change_in_national_money(self, loss: float) -> float:
        """Change of a holding's value in national money, as a share, when it loses ``loss`` in US dollars.

        The two effects multiply: what was lost is not revalued, so that nothing counts twice.
        """
        return (1.0 - loss) * self.revaluation - 1.0

    @property
    def combines(self) -> bool:
        """Whether more happens than a fall of prices and a loss on stablecoins."""
        more = (self.redemption, self.depreciation, self.equity, self.premium)
        return self.ether is not None or any(more)
