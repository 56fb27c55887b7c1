"""Illustration: how long a peg would last by a first-generation model if credit went on growing as it did."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.adequacy import Row
from cryptorisk.models.flight.encumbrance import MOSTLY_FOREIGN_PCT, OLDEST_DEPOSITS_YEARS
from cryptorisk.models.flight.part import GIVES_AWAY, annual, merge_sources
from cryptorisk.models.flight.peg import NO_PEG, OLDEST_YEARS, Peg, peg
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserves import not_meaningful
from cryptorisk.models.official import SERIES as RATE_SERIES
from cryptorisk.models.part import Part
from cryptorisk.params import FlightParams
from cryptorisk.rules.ara import MONTHS_OF_IMPORTS
from cryptorisk.stats.speculative_attack import GrowingPeg

YEARS, WINDOW = 5, 3
"""Growth is the mean of five years; its ends are the lowest and highest of it and of means of three years running."""
HORIZON = 10.0
"""Years. Beyond ten the constant growth rates that the model needs are no assumption one would defend."""
_NAMES = (
    "flight.attack_years",
    "Years until a peg falls in a first-generation model (illustration)",
    "years",
)
_SERIES = (
    "broad_money_pct_gdp",
    "gdp_usd",
    "reserves_usd",
    "official_fx_lcu_per_usd",
    "real_gdp_growth_pct",
    "us_cpi_index_sa",
    "deposit_dollarization_pct",
)
_FUNCTION = "cryptorisk.models.flight.attack.attack_part"


class Growth(NamedTuple):
    """Yearly growth of domestic credit and of money demand at a fixed rate, log points: low, central, high excess."""

    credit: tuple[float, float, float]
    money: tuple[float, float, float]
    years: tuple[int, int]


def attack_part(
    inputs: Inputs, position: Position, row: Row, country: Country, status: str, params: FlightParams
) -> Part:
    """The time to an attack with its range, or why the model is not applied.

    Parameters
    ----------
    inputs : Inputs
    position : Position
    row : Row
        The exchange-rate regime.
    country : Country
    status : str
    params : FlightParams
        ``money_semi_elasticity``; an ``exchange_rate_regime`` that is set overrules the rule on the rate.

    Returns
    -------
    Part
        ``flight.attack_years``.
    """
    reason = refused(inputs, position, row, country, status, params)
    growth = None if reason else growth_of(inputs)
    if growth is None:
        gone = Estimate.missing(*_NAMES, reason or _NO_GROWTH)
        # Without a peg the question does not arise: no gap in the data.
        return Part((gone.with_(applies=not reason.endswith(NO_PEG)),))
    return Part((_estimate(position, growth, params),))


_NO_GROWTH = (
    f"growth of domestic credit is not known: money, reserves, exchange rate, output and US prices have no {YEARS} recent "
    "consecutive years in common"
)


def refused(
    inputs: Inputs, position: Position, row: Row, country: Country, status: str, params: FlightParams
) -> str:
    """Why the model does not apply; empty when it does.

    It needs a currency of the economy's own in which most deposits are held, a rate fixed by law or held within two
    percent either side over five years, and reserves, broad money and imports of recent years, none confidential.
    """
    reason = not_meaningful(position, status, money=True)
    if reason:
        return reason
    if row.regime_known and row.regime != "fixed":
        return f"{row.regime_why}: {NO_PEG}"
    told = params.exchange_rate_regime == "fixed" or bool(country.anchor_on(inputs.as_of))
    if inputs.confidential & {*RATE_SERIES, "deposit_dollarization_pct"}:
        return GIVES_AWAY
    if not told and (moved := _no_peg(peg(inputs))):
        return moved
    if _mostly_foreign(inputs):
        return "most deposits are in foreign currency: broad money is not a claim on the peg alone"
    if position.broad_money is None or position.imports is None or position.reserves is None:
        return "the data have no recent broad money or imports"
    if position.hides(position.reserves, position.broad_money, position.imports) or inputs.confidential & set(
        _SERIES
    ):
        return GIVES_AWAY
    if position.reserves.value >= position.broad_money.value:
        return "reserves exceed broad money: all of it could be exchanged and the peg would stand"
    if position.reserves.value < MONTHS_OF_IMPORTS / 12 * position.imports.value:
        return "reserves are below the floor of three months of imports already"
    return ""


def _no_peg(found: Peg) -> str:
    """Why the model does not apply to what the rate says; empty when it does."""
    if not found.known:
        return found.why
    if not found.held:
        return f"{found.why}: {NO_PEG}"
    return "" if found.to == "USD" else f"{found.why}: the model is written for a rate against the dollar"


def _mostly_foreign(inputs: Inputs) -> bool:
    share = inputs.latest("deposit_dollarization_pct")
    old = share is None or inputs.as_of.year - share.date.year > OLDEST_DEPOSITS_YEARS
    return share is not None and not old and share.value > MOSTLY_FOREIGN_PCT


def growth_of(inputs: Inputs) -> Growth | None:
    """Growth of domestic credit (broad money less reserves) and of money demand at a fixed rate.

    Money demand grows with real output and, through the peg, with US prices: one for one. Amounts are in national
    currency, at the year's mean rate for money in proportion to GDP and at December's for reserves.
    """
    rate = inputs.series("official_fx_lcu_per_usd").values
    dates = pd.DatetimeIndex(rate.index)
    mean = rate.groupby(dates.year).mean()
    end = pd.Series(rate.to_numpy(float)[dates.month == 12], index=dates.year[dates.month == 12])
    money = annual(inputs, "broad_money_pct_gdp").by_year * annual(inputs, "gdp_usd").by_year * mean / 100
    credit = money - annual(inputs, "reserves_usd").by_year * end
    prices = inputs.series("us_cpi_index_sa", country=WORLD).values
    level = prices.groupby(pd.DatetimeIndex(prices.index).year).mean()
    demand = np.log1p(annual(inputs, "real_gdp_growth_pct").by_year / 100) + _growth(level)
    both = pd.DataFrame({"credit": _growth(credit[credit > 0]), "money": demand}).dropna()
    if len(both) < YEARS or inputs.as_of.year - int(both.index[-1]) > OLDEST_YEARS:
        return None
    last = both.tail(YEARS)
    if int(last.index[-1]) - int(last.index[0]) != YEARS - 1:
        return None
    running = last.rolling(WINDOW).mean().dropna().to_numpy(float)
    middle = last.mean().to_numpy(float)
    # A mean of five years can lie outside the means of three running ones.
    candidates = sorted([*running, middle], key=lambda pair: float(pair[0] - pair[1]))
    (slow_c, slow_m), (fast_c, fast_m) = candidates[0], candidates[-1]
    return Growth(
        (float(slow_c), float(middle[0]), float(fast_c)),
        (float(slow_m), float(middle[1]), float(fast_m)),
        (int(last.index[0]), int(last.index[-1])),
    )


def _growth(level: pd.Series) -> pd.Series:
    """Log growth between consecutive years."""
    before = level.copy()
    before.index = before.index + 1
    ratio = level / before.reindex(level.index)
    return pd.Series(np.log(ratio.to_numpy(float)), index=ratio.index)


def _estimate(position: Position, growth: Growth, params: FlightParams) -> Estimate:
    slow, central, fast = (_peg(position, growth, params, place) for place in range(3))
    if central.excess <= 0:
        return Estimate.missing(
            *_NAMES,
            f"domestic credit grew no faster than money demand at a fixed rate in {_span(growth)} "
            f"({_pct(growth.credit[1])} against {_pct(growth.money[1])} a year): no attack in this model",
        )
    if central.attack_time <= 0:
        return Estimate.missing(
            *_NAMES,
            "in the model the shadow rate stands at or above the peg already: controls, or what it leaves out, hold the peg",
        )
    if central.attack_time > HORIZON:
        return Estimate.missing(
            *_NAMES,
            f"not within {HORIZON:.0f} years at the growth of {_span(growth)}, beyond what the model can say",
        )
    early = max(fast.attack_time, 0.0)
    if not math.isfinite(slow.attack_time):
        return Estimate.missing(
            *_NAMES,
            f"between {number(early, 1)} years and never: at the slowest growth of credit in {_span(growth)} none comes",
        )
    money = position.broad_money
    assert money is not None
    return Estimate(
        *_NAMES[:2],
        central.attack_time,
        "years",
        early,
        max(slow.attack_time, central.attack_time),
        data_class="modelled",
        interval="range",
        method=(
            "ln(M / (D + floor)) / (mu - g) - eta: M broad money, D broad money less reserves, floor three months of "
            "imports, "
            f"mu growth of D ({_pct(growth.credit[1])} a year in {_span(growth)}), g growth of output and US prices "
            f"({_pct(growth.money[1])}), eta the semi-elasticity of money demand "
            f"({params.money_semi_elasticity.central:g} years)."
        ),
        date=position.date,
        sources=merge_sources(
            position.reserves.sources if position.reserves else (),
            money.sources,
            position.imports.sources if position.imports else (),
        ),
        inputs=(*_SERIES, *(position.imports.inputs if position.imports else ())),
        function=_FUNCTION,
        note=(
            "An illustration, no forecast: constant growth, no controls, no lender, no sale of assets. In the attack "
            f"{number(100 * central.jump, 1)} % of broad money would be exchanged at once."
        ),
    )


def _peg(position: Position, growth: Growth, params: FlightParams, place: int) -> GrowingPeg:
    """The peg at the slow (0), central (1) or fast (2) end: faster credit goes with more responsive money."""
    assert position.broad_money is not None
    assert position.reserves is not None
    assert position.imports is not None
    eta = params.money_semi_elasticity
    return GrowingPeg(
        position.broad_money.value,
        position.reserves.value,
        growth.credit[place],
        growth.money[place],
        (eta.low, eta.central, eta.high)[place],
        MONTHS_OF_IMPORTS / 12 * position.imports.value,
    )


def _span(growth: Growth) -> str:
    return f"{growth.years[0]} to {growth.years[1]}"


def _pct(log_growth: float) -> str:
    return f"{number(100 * math.expm1(log_growth), 1)} %"
