"""Scenario accounting: a shock times an exposure, for households, government and the authority.

Scenarios carry no probability. Every loss is an exposure's band times the scenario's fall, so the band of the loss is
that of the exposure and of bitcoin's share in it: the fall itself is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.exposure.holdings import Band, Under
from cryptorisk.models.exposure.split import SHARE_HIGH, SHARE_LOW
from cryptorisk.models.part import places, to_one_digit
from cryptorisk.params import CrashParams, CrashScenario, ShareRange
from cryptorisk.result import Column, Table

Kind = Literal["history", "assumption", "own"]


@dataclass(frozen=True)
class Scenario:
    """A named shock.

    Attributes
    ----------
    name : str
        As the report shows it.
    shock : Shock
    kind : {"history", "assumption", "own"}
    period : str
        Over which time it happens or happened.
    """

    name: str
    shock: Shock
    kind: Kind
    period: str

    @property
    def price_drop(self) -> float:
        """Fall of bitcoin, 0 to 1."""
        return self.shock.bitcoin

    @property
    def stablecoin_loss(self) -> float:
        """Loss on stablecoins, 0 to 1."""
        return self.shock.stablecoin_loss

    def loss_share(self, bitcoin_share: float) -> float:
        """Loss on a holding of which ``bitcoin_share`` is bitcoin and the rest stablecoins."""
        return bitcoin_share * self.price_drop + (1 - bitcoin_share) * self.stablecoin_loss


def headline_scenario(params: CrashParams) -> Scenario:
    """The report's own scenario: the given fall within a month, stablecoins at par."""
    name = f"{100 * params.price_drop:g} % fall in one month"
    return Scenario(name, Shock(params.price_drop), "assumption", "one month")


def own_scenario(given: CrashScenario) -> Scenario:
    """A rung of the parameter file."""
    shock = Shock(
        given.price_drop,
        given.stablecoin_loss,
        given.ether_drop,
        given.altcoin_beta,
        given.redemption,
        given.depreciation,
        given.equity_drop,
        given.premium,
    )
    return Scenario(given.name, shock, "own", "as given")


def ladder(params: CrashParams, past: Sequence[Scenario]) -> list[Scenario]:
    """The headline scenario, measured falls of the past from small to large, then the parameter file's own."""
    own = [own_scenario(given) for given in params.scenarios]
    return [headline_scenario(params), *sorted(past, key=lambda s: s.price_drop), *own]


def losses(scenario: Scenario, holdings: Band, bitcoin_share: Band) -> Band:
    """Households' loss in a scenario, in the unit of the holdings: low share of what falls on low holdings, and so on.

    Parameters
    ----------
    scenario : Scenario
    holdings : Band
    bitcoin_share : Band
        Share of bitcoin in the holdings, 0 to 1.
    """
    low, central, high = (
        scenario.loss_share(share) for share in (bitcoin_share.low, bitcoin_share.central, bitcoin_share.high)
    )
    # Where stablecoins lose more than bitcoin falls, the larger share of bitcoin loses less.
    return Band(holdings.low * min(low, high), holdings.central * central, holdings.high * max(low, high))


def consumption_fall(loss: Band, response: ShareRange) -> Band:
    """Fall of consumption: low response on the low loss to high response on the high loss."""
    return Band(loss.low * response.low, loss.central * response.central, loss.high * response.high)


def scenario_table(
    scenarios: Sequence[Scenario],
    *,
    holdings: Band | None,
    bitcoin_share: Band,
    under: Under | None,
    government_usd: float | None,
    response: ShareRange,
    sources: tuple[str, ...],
    own: bool = False,
    coarse: Sequence[str] = (),
) -> Table:
    """Every scenario's losses, one a row; what is not known stays empty.

    Parameters
    ----------
    scenarios : sequence of Scenario
    holdings : Band or None
        Households' holdings, US dollars.
    bitcoin_share : Band
        Share of bitcoin in them.
    under : Under or None
        GDP under each end of the holdings.
    government_usd : float or None
        The government's published bitcoin at the last price. Losses are not set against official reserves, which
        do not pay for them.
    response : ShareRange
        Fall of consumption per unit of wealth lost.
    sources : tuple of str
    own : bool
        Whether the holdings are the institution's own figure, which has no band.
    coarse : sequence of str
        Columns that stand on a confidential figure: their cells are given to one digit.

    Returns
    -------
    Table
        ``crash.scenarios``; columns in which nothing is known are not shown.
    """
    rows = [
        _row(scenario, holdings, bitcoin_share, under, government_usd, response) for scenario in scenarios
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in _COLUMNS])
    numeric = [column.name for column in _COLUMNS if column.decimals is not None]
    frame[numeric] = frame[numeric].astype(float)
    frame = to_one_digit(frame, coarse)
    blank = {name for name in numeric if frame[name].isna().all()}
    if (frame["stablecoin_loss_pct"] == 0).all():
        blank.add("stablecoin_loss_pct")
    least = {column.name: column.decimals for column in _COLUMNS if column.name in HOUSEHOLD_COLUMNS}
    digits = {name: places(frame, [name], fewest) for name, fewest in least.items() if fewest is not None}
    known = tuple(
        replace(column, decimals=digits.get(column.name, column.decimals))
        for column in _COLUMNS
        if column.name not in blank
    )
    return Table(
        "crash.scenarios",
        "Scenarios: what a fall of prices would take from households and the government",
        frame,
        known,
        note=(
            "Scenarios, not forecasts: no probability is attached. Loss of households: "
            f"{OWN_BAND if own else BAND} The first row is the report's own; rows that begin with As are falls measured in "
            "the past; others stand in the parameter file. Only bitcoin and stablecoins are counted: other assets' value "
            "is not in the vintage; stablecoins lose value only where a scenario says so. Columns without any known figure "
            f"are left out.{COARSE_COLUMNS if coarse else ''}"
        ),
        sources=sources,
    )


BAND = (
    "low and high are the ends of the holdings' band, with bitcoin's share of them between "
    f"{100 * SHARE_LOW:.0f} and {100 * SHARE_HIGH:.0f} %, the kit's own range."
)
OWN_BAND = "holdings are the institution's own figure and have no band; their split is the central one."
COARSE_COLUMNS = " Columns that stand on a confidential figure are given to one digit."
HOUSEHOLD_COLUMNS = (
    "loss_usd_m",
    "low_pct_gdp",
    "central_pct_gdp",
    "high_pct_gdp",
    "consumption_low_pct_gdp",
    "consumption_high_pct_gdp",
)
GOVERNMENT_COLUMN = "government_usd_m"

_COLUMNS = (
    Column("scenario", "Scenario"),
    Column("price_drop_pct", "Fall of bitcoin", "%", 1),
    Column("stablecoin_loss_pct", "Loss on stablecoins", "%", 1),
    Column("loss_usd_m", "Loss", "USD million", 0),
    Column("low_pct_gdp", "Low", "% of GDP", 2),
    Column("central_pct_gdp", "Central", "% of GDP", 2),
    Column("high_pct_gdp", "High", "% of GDP", 2),
    Column("consumption_low_pct_gdp", "Consumption, low", "% of GDP", 2),
    Column("consumption_high_pct_gdp", "high", "% of GDP", 2),
    Column("government_usd_m", "State's loss", "USD million", 0),
)


def _row(
    scenario: Scenario,
    holdings: Band | None,
    bitcoin_share: Band,
    under: Under | None,
    government_usd: float | None,
    response: ShareRange,
) -> dict[str, object]:
    row: dict[str, object] = {
        "scenario": scenario.name,
        "price_drop_pct": 100 * scenario.price_drop,
        "stablecoin_loss_pct": 100 * scenario.stablecoin_loss,
    }
    if government_usd is not None:
        row["government_usd_m"] = government_usd * scenario.price_drop / 1e6
    if holdings is None:
        return row
    loss = losses(scenario, holdings, bitcoin_share)
    row["loss_usd_m"] = loss.central / 1e6
    if under is not None:
        share = under.share(loss)
        fall = consumption_fall(share, response)
        row |= {"low_pct_gdp": share.low, "central_pct_gdp": share.central, "high_pct_gdp": share.high}
        row |= {"consumption_low_pct_gdp": fall.low, "consumption_high_pct_gdp": fall.high}
    return row
