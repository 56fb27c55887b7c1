"""The special drawing right of the IMF: a basket of fixed amounts of currencies, valued at market rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

SOURCE = "IMF, SDR Valuation, https://www.imf.org/external/np/fin/data/rms_sdrv.aspx"

EARLIER = (
    "Wikipedia, Special drawing rights, as copied in "
    "https://github.com/chinapedia/wikipedia.abstract.en/blob/78b264d37f169c6b1082de61b58fe7dc84b0af05/Page/Special_drawing_rights.md"
)
"""Where the amounts of 2001 and 2006 were read: a secondary page, which gives the dollars of 2011 wrongly (0.68 for 0.66 of
IMF Press Release 10/516). They are believed because they give the IMF's own daily values, which the other basket does not
(tests). The page's amounts of 1999 could not be tried so and are left out."""

BASKETS: Mapping[dt.date, Mapping[str, float]] = MappingProxyType(
    {
        dt.date(2001, 1, 1): MappingProxyType({"USD": 0.5770, "EUR": 0.4260, "JPY": 21.0, "GBP": 0.0984}),
        dt.date(2006, 1, 1): MappingProxyType({"USD": 0.6320, "EUR": 0.4100, "JPY": 18.4, "GBP": 0.0903}),
        dt.date(2011, 1, 1): MappingProxyType({"USD": 0.660, "EUR": 0.423, "JPY": 12.1, "GBP": 0.111}),
        dt.date(2016, 10, 1): MappingProxyType(
            {"USD": 0.58252, "EUR": 0.38671, "CNY": 1.0174, "JPY": 11.900, "GBP": 0.085946}
        ),
        dt.date(2022, 8, 1): MappingProxyType(
            {"USD": 0.57813, "EUR": 0.37379, "CNY": 1.0993, "JPY": 13.452, "GBP": 0.080870}
        ),
    }
)
"""Amounts of each currency in one SDR, by the first day that they hold: before 2011 from `EARLIER`."""


def usd_per_sdr(day: dt.date, usd_per_unit: Mapping[str, float]) -> float | None:
    """Value of one SDR in US dollars.

    Parameters
    ----------
    day : date
        Chooses the basket.
    usd_per_unit : mapping
        US dollars per unit of each currency of the basket (the dollar itself need not be given).

    Returns
    -------
    float or None
        None before the first basket kept here, or without the rate of a currency of the basket.
    """
    known = [start for start in BASKETS if start <= day]
    if not known:
        return None
    rates = {"USD": 1.0, **usd_per_unit}
    basket = BASKETS[max(known)]
    if not set(basket) <= set(rates):
        return None
    return sum(amount * rates[currency] for currency, amount in basket.items())
