"""What a surge of stablecoin inflows would do to prices of foreign exchange: a published elasticity, in its own units."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

PAPER = (
    "Aldasoro, Beltran and Grinberg (March 2026), Stablecoin flows and spillovers to FX markets, BIS Working Papers 1340 "
    "(read as IMF Working Paper 26/56)"
)


class Response(NamedTuple):
    """Basis points on impact per net inflow of one percent: as calibrated, and in two other market structures."""

    central: float
    low: float
    high: float


PARITY, DEPRECIATION = Response(40.0, 33.7, 45.9), Response(6.0, 2.6, 9.2)
"""Table 5, panel B, of the paper: its calibration to the instrumented estimates; low: segmented markets, high: twice the
cost of holding both positions. Its introduction rounds the depreciation to 5 and its section 5.2 to 5 to 10. The effect
on covered interest parity is left out: the paper gives -17.5 in section 5.2 and -6 in its calibration."""

INFLOWS = (0.5, 1.0, 2.0)
"""Net inflow rates in percent. The estimate is linear on a winsorised daily rate; multiples far beyond it are not
supported."""


class Pair(NamedTuple):
    """USDT against a currency in the paper's table 1: exchanges, daily volume, parity deviations in percent."""

    exchanges: int
    volume_musd: float
    mean: float
    median: float
    highest: float


PAIRS = MappingProxyType(
    {
        "KRW": Pair(4, 123.73, 2.51, 1.90, 10.53),
        "EUR": Pair(15, 123.27, 0.31, 0.23, 2.21),
        "TRY": Pair(6, 77.07, 1.08, 0.68, 20.98),
        "BRL": Pair(10, 16.02, 0.81, 0.71, 3.80),
        "THB": Pair(1, 14.16, 0.77, 0.43, 8.50),
        "GBP": Pair(8, 12.24, 0.30, 0.22, 2.99),
        "MXN": Pair(2, 7.48, 0.48, 0.37, 2.97),
        "TWD": Pair(1, 5.60, 0.52, 0.43, 2.52),
        "IDR": Pair(2, 3.56, 0.36, 0.28, 2.70),
        "ARS": Pair(2, 2.59, 1.06, 0.61, 14.80),
        "CHF": Pair(1, 2.27, 0.31, 0.23, 3.35),
        "HKD": Pair(1, 2.20, 0.20, 0.15, 1.26),
        "AUD": Pair(5, 2.07, 0.40, 0.29, 8.05),
        "PHP": Pair(1, 1.45, 0.27, 0.22, 1.80),
        "UAH": Pair(2, 1.18, 1.67, 0.85, 10.28),
        "COP": Pair(2, 1.15, 1.49, 1.44, 5.56),
        "CAD": Pair(2, 0.89, 0.34, 0.25, 8.37),
        "PLN": Pair(3, 0.72, 2.32, 0.64, 40.94),
        "AED": Pair(1, 0.71, 0.14, 0.12, 0.92),
        "INR": Pair(3, 0.63, 4.83, 4.78, 13.19),
        "ZAR": Pair(2, 0.23, 2.05, 1.96, 11.38),
        "SGD": Pair(2, 0.12, 1.59, 0.26, 24.11),
        "JPY": Pair(2, 0.09, 0.41, 0.23, 13.81),
        "NZD": Pair(1, 0.05, 1.59, 0.46, 16.51),
        "NGN": Pair(2, 0.04, 4.54, 3.44, 24.39),
        "KES": Pair(1, 0.00, 3.25, 1.26, 13.74),
    }
)
"""Every currency but the dollar. Volume is that of the second quarter of 2025; Argentina, Nigeria and Ukraine are
measured against parallel rates."""

_UNITS = (
    "A net inflow of one percent is a day's purchases less sales of stablecoins for the currency equal to one percent of "
    "the outstanding stock of that pair the day before (the paper's equation 2). The stock is not in public data, so that "
    "the figure is not in money, and it is a price: no amount that could leave follows from it."
)


def inflow(inputs: Inputs) -> Part:
    """Parity deviation and depreciation per net inflow of stablecoins, where the paper's sample has the currency.

    Parameters
    ----------
    inputs : Inputs
        For the country and the date.

    Returns
    -------
    Part
        Estimates ``inflow_parity`` and ``inflow_depreciation`` in basis points; table ``inflow_scenario``.
    """
    currency = country(inputs.country).currency_on(inputs.as_of)
    labels = {
        "inflow_parity": "Rise of the stablecoin's price over the exchange rate per net inflow of 1 % (scenario)",
        "inflow_depreciation": "Depreciation per net inflow of 1 % into stablecoins (scenario)",
    }
    pair = PAIRS.get(currency)
    if pair is None:
        reason = f"the {currency} is not among the currencies on which the elasticity was estimated"
        return Part(
            tuple(Estimate.missing(f"substitution.{n}", text, "bp", reason) for n, text in labels.items())
        )
    return Part(
        tuple(
            _estimate(name, labels[name], response)
            for name, response in (("inflow_parity", PARITY), ("inflow_depreciation", DEPRECIATION))
        ),
        (_table(currency, pair),),
    )


def _estimate(name: str, label: str, response: Response) -> Estimate:
    return Estimate(
        f"substitution.{name}",
        label,
        response.central,
        "bp",
        low=response.low,
        high=response.high,
        data_class="modelled",
        interval="range",
        method=f"Quoted: {PAPER}, table 5; average of 26 currencies, on impact; range over market structures.",
        date="2021-01/2025-11",
        function="cryptorisk.models.substitution.inflow.inflow",
        note="Scenario. One percent is a day's net inflow over the pair's outstanding stock; a price, not an amount.",
    )


def _table(currency: str, pair: Pair) -> Table:
    rows = [
        {
            "inflow": rate,
            "parity": rate * PARITY.central,
            "parity_range": _range(rate, PARITY),
            "depreciation": rate * DEPRECIATION.central,
            "depreciation_range": _range(rate, DEPRECIATION),
        }
        for rate in INFLOWS
    ]
    thin = " The pair is hardly traded there." if pair.volume_musd < 0.1 else ""
    venues = "one exchange" if pair.exchanges == 1 else f"{pair.exchanges} exchanges"
    return Table(
        "substitution.inflow_scenario",
        "Scenario: a day's net inflow into stablecoins and the price of foreign exchange",
        pd.DataFrame(rows),
        (
            Column("inflow", "Net inflow in a day", "% of the pair's stock", 1),
            Column("parity", "Stablecoin dearer than the exchange rate by", "basis points", 0),
            Column("parity_range", "range", "basis points"),
            Column("depreciation", "Depreciation", "basis points", 0),
            Column("depreciation_range", "range", "basis points"),
        ),
        f"{PAPER}: an average of 26 currencies, no estimate for the {currency}. {_UNITS} In the paper's sample USDT in "
        f"{currency} deviated by {number(pair.median, 2)} % in the median ({number(pair.mean, 2)} % on average, at most "
        f"{number(pair.highest, 1)} %), on {venues}.{thin}",
    )


def _range(rate: float, response: Response) -> str:
    digits = 0 if response.low * rate >= 10 else 1
    return f"{number(rate * response.low, digits)} to {number(rate * response.high, digits)}"
