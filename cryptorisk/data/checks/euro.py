"""Figures restated from a former national currency to the euro, or given in the old one: a factor fixed by law."""

from __future__ import annotations

import math

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks.wording import figure

RATES: dict[str, tuple[str, float]] = {
    "BGR": ("BGN", 1.95583),
    "CYP": ("CYP", 0.585274),
    "EST": ("EEK", 15.6466),
    "HRV": ("HRK", 7.5345),
    "LTU": ("LTL", 3.4528),
    "LVA": ("LVL", 0.702804),
    "MLT": ("MTL", 0.4293),
    "SVK": ("SKK", 30.126),
    "SVN": ("SIT", 239.64),
}
"""Former currency and irrevocably fixed conversion rate (units for one euro) of the economies that joined after the
first dozen: Council Regulation (EC) No 2866/98, Article 1, as amended for each of them, at last for Croatia and
Bulgaria."""

NEAR = math.log10(1.02)
"""Distance of the logarithm of a factor from that of the rate: a rate fixed by law has no other spread than revisions."""

MONEY = ("lcu", "lcu_per_usd")


def conversion(spec: SeriesSpec, country: str, logarithm: float) -> str:
    """What the base-10 logarithm of a factor says of the euro, as the end of a sentence; "" when nothing.

    Parameters
    ----------
    spec : SeriesSpec
    country : str
        ISO code.
    logarithm : float
        Of new figures divided by earlier ones.
    """
    if country not in RATES or spec.unit not in MONEY:
        return ""
    money, rate = RATES[country]
    law = f"the conversion rate of {figure(rate)} {money} for one euro (Council Regulation (EC) No 2866/98)"
    if abs(logarithm + math.log10(rate)) <= NEAR:
        return f"restated to the euro by {law}, while the previous figures are in {money}"
    if abs(logarithm - math.log10(rate)) <= NEAR:
        return f"in {money}, while the previous figures are in euro, by {law}"
    return ""
