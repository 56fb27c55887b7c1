"""What an authority that stepped in would have to put up, with the assumption behind each amount."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.bank_capital import MINIMUM_CET1, WITH_BUFFER, Capital
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.government import OWN_GOVERNMENT
from cryptorisk.models.crash.losses import RESERVES, household_loss, merged
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall
from cryptorisk.models.crash.stablecoin_run import residents_stablecoins
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import to_one_digit
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

COLUMNS = ("what", "low", "central", "high", "pct_gdp", "pct_reserves")


def intervention_table(
    exposure: Exposure,
    scenario: Scenario,
    run: Combined,
    inputs: Inputs,
    params: Params,
    around: Surroundings,
    government_usd: float | None,
    capital: Capital | None,
    coarse_banks: bool,
) -> Table | None:
    """``crash.intervention``: amounts that stepping in would take, each with the assumption it stands on.

    Parameters
    ----------
    exposure : Exposure
    scenario : Scenario
        The headline one.
    run : Combined
        Its redemptions set the liquidity.
    inputs : Inputs
    params : Params
    around : Surroundings
    government_usd : float or None
    capital : Capital or None
        Of banks, where supervisory figures are given.
    coarse_banks : bool
        Whether one of these is confidential.

    Returns
    -------
    Table or None
        None when nothing is known. Nothing here says that an authority should step in.
    """
    rows = [*_household_rows(exposure, scenario, run, params, around), *_bank_rows(capital, scenario, params)]
    if government_usd is not None:
        own = government_usd * scenario.price_drop
        rows.append(("Budget: the state's own loss on its bitcoin", Band(own, own, own)))
    if not rows:
        return None
    shares = (exposure.gdp_usd, around.reserves.usd)
    frame = pd.DataFrame([_amount(what, band, *shares) for what, band in rows], columns=list(COLUMNS))
    frame = frame.astype(dict.fromkeys(COLUMNS[1:], float))
    hidden = exposure.hidden or OWN_GOVERNMENT in inputs.confidential or around.revenue.confidential
    frame = _coarse(frame, hidden, coarse_banks, inputs)
    return Table(
        "crash.intervention",
        f"What stepping in would take: {scenario.name}",
        frame,
        (
            Column("what", "Step and its assumption"),
            Column("low", "Low", "USD million", 0),
            Column("central", "Central", "USD million", 0),
            Column("high", "High", "USD million", 0),
            Column("pct_gdp", "Central", "% of GDP", 2),
            Column("pct_reserves", "Central", "% of reserves", 1),
        ),
        note="Alternatives, not to be added up. Sizes under stated assumptions; none is a recommendation or a forecast. "
        + (
            ""
            if capital
            else "Banks: capital to restore is the loss in the table of the SCO60 limit, in percent of Tier 1. "
        )
        + around.reserves.note,
        sources=merged(
            exposure.sources, exposure["household_holdings_pct_gdp"].sources, around.reserves.sources
        ),
    )


def _household_rows(
    exposure: Exposure, scenario: Scenario, run: Combined, params: Params, around: Surroundings
) -> list[tuple[str, Band]]:
    loss, _ = household_loss(exposure, scenario)
    stable = residents_stablecoins(exposure)
    if loss is None or stable is None:
        return []
    fall = consumption_fall(loss, params.crash.consumption_response)
    low, central, high = run.range_of("redemption")
    asked = Band(low * stable.low, central * stable.central, high * stable.high)
    rows = [
        ("Demand: replace the fall of consumption by public spending one for one", fall),
        ("Households: make the whole loss good (a ceiling, no precedent)", loss),
        (
            f"Liquidity: dollars for {100 * low:.0f}, {100 * central:.0f}, {100 * high:.0f} % of residents' stablecoins",
            asked,
        ),
        ("Reserves: if all stablecoin holdings were exchanged for the authority's dollars", stable),
    ]
    if around.revenue.value is not None:
        share = around.revenue.value / 100
        rows.insert(1, ("Budget: revenue lost with consumption, at its ratio to GDP", fall.scaled(share)))
    return rows


def _bank_rows(capital: Capital | None, scenario: Scenario, params: Params) -> list[tuple[str, Band]]:
    """Capital that lifts the CET1 ratio after the loss to each requirement."""
    if capital is None:
        return []
    after = float(capital.ratio(scenario.price_drop))
    rwa = capital.rwa + float(capital.added_rwa(scenario.price_drop))
    asked = sorted({MINIMUM_CET1, WITH_BUFFER, *filter(None, [params.crash.cet1_requirement])})
    rows = []
    for requirement in asked:
        short = max(0.0, requirement - after) * rwa
        words = f"Banks: capital to reach a CET1 ratio of {100 * requirement:g} % after the loss, all banks as one"
        rows.append((words, Band(short, short, short)))
    return rows


def _amount(what: str, band: Band, gdp_usd: float | None, reserves_usd: float | None) -> tuple[object, ...]:
    gdp = None if gdp_usd is None else 100 * band.central / gdp_usd
    share = None if reserves_usd is None else 100 * band.central / reserves_usd
    return (what, band.low / 1e6, band.central / 1e6, band.high / 1e6, gdp, share)


def _coarse(frame: pd.DataFrame, all_rows: bool, banks: bool, inputs: Inputs) -> pd.DataFrame:
    """Cells on confidential figures to one digit: of every row, of banks' rows, or ratios to reserves."""
    if RESERVES in inputs.confidential:
        frame = to_one_digit(frame, ["pct_reserves"])
    if all_rows:
        return to_one_digit(frame, COLUMNS[1:])
    if not banks:
        return frame
    of_banks = frame["what"].str.startswith("Banks:")
    rounded = frame[list(COLUMNS[1:])].map(one_digit, na_action="ignore")
    return frame.assign(**{name: frame[name].where(~of_banks, rounded[name]) for name in COLUMNS[1:]})
