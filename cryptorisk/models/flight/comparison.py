"""What others found of crypto premia, bitcoin as a vehicle and Africa's capital flight, beside the economy's figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from cryptorisk.countries import Country
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.state_fund import fund_in_stock
from cryptorisk.models.published import Published, figure, published_table
from cryptorisk.result import Table

PREMIA = ("flight.premium", "flight.premium_mean", "flight.premium_peak")
STOCK = "flight.stock_pct_gdp"
OF_AFRICA = ("africa_total", "africa_to_gdp")
NOT_SHOWN = ("exchanges_studied", "economies_studied")
"""Said in the note, where its finding is."""


def comparison_table(country: Country, as_of: dt.date, estimates: Sequence[Estimate]) -> Table | None:
    """``flight.published``: the economy's premium, and in Africa its stock of outflows, above published figures.

    Parameters
    ----------
    country : Country
    as_of : date
    estimates : sequence of Estimate
        Of the chapter.

    Returns
    -------
    Table or None
    """
    african = country.region("chainalysis_2021") == "AFR"
    shown = (*PREMIA, STOCK) if african else PREMIA
    own = [one for one in estimates if one.id in shown and one.available]
    many, places = figure("exchanges_studied"), figure("economies_studied")
    note = (
        f"{many.source} ({many.date[:4]}): across {many.text} in {places.text}, bitcoin's price differed far more between "
        "economies than within them."
    )
    if any(one.id in PREMIA for one in own):
        note += " Own premia are of the rate named in the premium's tables, in percent of the official rate."
    if african and any(one.id == STOCK for one in own):
        note += " Africa's totals are by the measure of Ndikumana and Boyce since 1970, which the economy's stock is not."
    fund = state_fund_beside(country, as_of, estimates)
    return published_table(
        "flight",
        as_of,
        further=() if fund is None else (replace(fund, label=f"The state's own fund abroad: {fund.label}"),),
        own=[(one.label, format(one, "full"), f"this report, {one.date}") for one in own],
        leave_out=NOT_SHOWN if african else (*NOT_SHOWN, *OF_AFRICA),
        note=note,
        sources=tuple(dict.fromkeys(id for one in own for id in one.sources)),
    )


def state_fund_beside(country: Country, as_of: dt.date, estimates: Sequence[Estimate]) -> Published | None:
    """The state's fund that the sentence on the stock names, with its page."""
    stock = next((one for one in estimates if one.id == "flight.stock_usd"), None)
    if stock is None or stock.value is None or not (stock.low or 0.0) > 0:
        return None
    return fund_in_stock(country.iso3, int(stock.date[-4:]), stock.value, as_of)
