"""Chapter 4, price crash: what the market can do, what residents have at stake, and the two together."""

from __future__ import annotations

from collections.abc import Mapping

from cryptorisk.data.inputs import Inputs
from cryptorisk.models import price_risk
from cryptorisk.models.crash.banks import banks
from cryptorisk.models.crash.engine import engine
from cryptorisk.models.crash.government import OWN_GOVERNMENT, government
from cryptorisk.models.crash.losses import (
    household_estimates,
    loss_finding,
    merged,
)
from cryptorisk.models.crash.miner_exit import SHARE
from cryptorisk.models.crash.past import past_scenarios
from cryptorisk.models.crash.scenarios import (
    GOVERNMENT_COLUMN,
    HOUSEHOLD_COLUMNS,
    headline_scenario,
    ladder,
    scenario_table,
)
from cryptorisk.models.crash.state_loss import state_finding
from cryptorisk.models.crash.supervisory import EXPOSURE
from cryptorisk.models.crash.surroundings import surroundings
from cryptorisk.models.exposure import Exposure, household_holdings
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.hash_rate import TABLES as MINING
from cryptorisk.models.price_risk.staleness import headlines
from cryptorisk.models.spillovers import own_markets
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, Table, estimates_table

CHAPTER = "crash"
TITLE = "Price crash"
HEADLINE = (
    "household_loss_pct_gdp",
    "household_holdings_pct_gdp",
    "ownership_share",
    "es_10d",
    "fall_probability_pct",
)
"""The loss over ten days gives its place to the one through the cycle where prices are old (`headlines`)."""
STATE_LOSS = "government_loss_pct_gdp"
"""A headline where the state's holdings are known."""


def analyse(inputs: Inputs, params: Params, risk: Result | None = None) -> Result:
    """Price-crash stability: tails, history, exposures and scenarios.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    risk : Result, optional
        Of `cryptorisk.models.price_risk.analyse`; computed when not given.

    Returns
    -------
    Result
        Estimates of `cryptorisk.models.price_risk`, `cryptorisk.models.exposure`, the headline scenario,
        `cryptorisk.models.crash.engine` and `cryptorisk.models.spillovers`; tables of the same and ``scenarios, exposures,
        ownership, keys, bank_limits``.
    """
    part = risk or price_risk.analyse(inputs, params)
    exposure = household_holdings(inputs, params)
    headline = headline_scenario(params.crash)
    bank_part = banks(inputs, headline)
    government_part, government_usd = government(inputs, headline, exposure.gdp_usd)
    households = household_estimates(exposure, headline, inputs, params)
    accounting = engine(inputs, params, exposure, government_usd, part.estimates)
    further = Part.join([accounting, own_markets(inputs, params)])
    estimates = [
        *households,
        *exposure.estimates,
        *bank_part.estimates,
        *government_part.estimates,
        *further.estimates,
        *part.estimates.values(),
    ]
    scenarios = scenario_table(
        ladder(params.crash, past_scenarios(part.tables)),
        holdings=exposure.holdings if exposure.bitcoin_share.central > 0 else None,
        bitcoin_share=exposure.bitcoin_share,
        under=exposure.under,
        government_usd=government_usd,
        response=params.crash.consumption_response,
        sources=merged(exposure.sources, exposure["household_holdings_pct_gdp"].sources),
        own=exposure.own,
        coarse=_coarse_columns(exposure, inputs),
    )
    exposures = estimates_table(
        [*exposure.estimates, bank_part.estimates[0], government_part.estimates[0]],
        id="crash.exposures",
        title="Who holds what",
        note="Households: bitcoin and stablecoins only, unless the institution gave its own figure. A missing figure is "
        "unknown or confidential, as its reason says, never zero.",
    )
    tables = [
        scenarios,
        exposures,
        *exposure.tables,
        *bank_part.tables,
        *further.tables,
        *_concerning(part.tables, inputs),
    ]
    findings = [
        loss_finding({e.id.removeprefix("crash."): e for e in households}, headline, exposure),
        *state_finding(government_part.estimates, surroundings(inputs).revenue, headline.name),
        *_unknown_holders(inputs.latest(EXPOSURE) is not None, government_usd is not None),
        *exposure.findings,
        *bank_part.findings,
        *further.findings,
        *part.findings,
    ]
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=estimates,
        tables=tables,
        findings=findings,
        headline=headlines(
            (*HEADLINE[:1], *((STATE_LOSS,) if government_usd else ()), *HEADLINE[1:]),
            part["es_10d"],
            inputs.as_of,
        ),
    )


def _concerning(tables: Mapping[str, Table], inputs: Inputs) -> list[Table]:
    """Tables of the market's own risk; those on miners where the mining map names the economy."""
    mining = inputs.latest(SHARE) is not None
    return [table for name, table in tables.items() if mining or name not in MINING]


def _coarse_columns(exposure: Exposure, inputs: Inputs) -> list[str]:
    """Columns of the scenario table that stand on a confidential figure."""
    chosen = set(HOUSEHOLD_COLUMNS) if exposure.hidden else set()
    chosen |= {GOVERNMENT_COLUMN} if OWN_GOVERNMENT in inputs.confidential else set()
    return sorted(chosen)


def _unknown_holders(banks_known: bool, government_known: bool) -> list[Finding]:
    found = []
    if not banks_known:
        text = (
            "What banks hold is not public: losses are shown as if exposure stood at the limits of SCO60. The banking "
            "supervisor can supply the figures that replace this."
        )
        found.append(Finding("crash.banks_unknown", text, "notice", "data", ("crash.bank_exposure",)))
    if not government_known:
        text = "No published crypto holdings of the government were found; this is not evidence that there are none."
        found.append(
            Finding("crash.government_unknown", text, "info", "data", ("crash.government_holdings_usd",))
        )
    return found
