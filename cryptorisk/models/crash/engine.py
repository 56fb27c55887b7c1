"""The scenario engine: the combined scenario on all positions, its uncertainty, what follows, and what it would take."""

from __future__ import annotations

from collections.abc import Mapping

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.capital_report import capital_table
from cryptorisk.models.crash.combined import combined, own_combinations
from cryptorisk.models.crash.episodes import episodes_table
from cryptorisk.models.crash.government import OWN_GOVERNMENT
from cryptorisk.models.crash.intervention import intervention_part
from cryptorisk.models.crash.liquidity import liquidity_part
from cryptorisk.models.crash.losses import household_loss, merged
from cryptorisk.models.crash.miner_exit import miner_exit
from cryptorisk.models.crash.miners import miners
from cryptorisk.models.crash.monte_carlo_report import Denominators, monte_carlo_part, question
from cryptorisk.models.crash.peg_variants import variants_table
from cryptorisk.models.crash.positions import combined_table, components_table, positions
from cryptorisk.models.crash.reverse import (
    government_breaches,
    household_breaches,
    reserves_breaches,
    reverse_part,
)
from cryptorisk.models.crash.reverse_banks import bank_breaches
from cryptorisk.models.crash.scenarios import headline_scenario
from cryptorisk.models.crash.second_round import second_round_table
from cryptorisk.models.crash.stablecoin_run import residents_stablecoins, run_table
from cryptorisk.models.crash.supervisory import CET1, RWA, supervisory
from cryptorisk.models.crash.surroundings import surroundings
from cryptorisk.models.crash.yearly_loss import yearly_loss
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.part import Part
from cryptorisk.models.published import published_table
from cryptorisk.params import Params
from cryptorisk.result import Table


def engine(
    inputs: Inputs,
    params: Params,
    exposure: Exposure,
    government_usd: float | None,
    risk: Mapping[str, Estimate],
) -> Part:
    """Everything beyond the ladder of single falls.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    exposure : Exposure
        Of households.
    government_usd : float or None
        Holdings of the state, to one digit when confidential.
    risk : mapping of str to Estimate
        The market's own risk, by name.

    Returns
    -------
    Part
        Estimates ``simulated_loss_pct_gdp, household_loss_year_95_pct_gdp, reverse_household_fall_pct,
        miner_breakeven_usd, miner_breakeven_fall_pct``; tables ``combined, components, monte_carlo, correlation,
        loss_distribution, reverse, second_round, depreciation_variants, run, capital, intervention, named_episodes,
        published``, those that can be had.
    """
    headline = headline_scenario(params.crash)
    joint = combined(params.crash, inputs)
    around, own = surroundings(inputs), supervisory(inputs)
    held = positions(exposure, inputs, government_usd)
    capital, gdp = own.capital(), exposure.gdp_usd
    hidden_banks, hidden_state = bool(own.hidden), OWN_GOVERNMENT in inputs.confidential
    sources = merged(
        exposure.sources, exposure["household_holdings_pct_gdp"].sources, around.reserves.sources
    )
    rungs = [
        *joint.rungs,
        *own_combinations(params.crash, around.uses_dollar),
    ]
    simulated = monte_carlo_part(
        question(exposure, held, joint, params, capital),
        held,
        exposure.holdings,
        Denominators(around.revenue.of(gdp), around.revenue.confidential),
        params,
        coarse_banks=hidden_banks,
        sources=sources,
    )
    reverse = reverse_part(
        [
            *household_breaches(exposure, headline, params.crash),
            *government_breaches(
                government_usd,
                around.revenue.of(gdp),
                params.crash,
                hidden_state or around.revenue.confidential,
            ),
            *reserves_breaches(residents_stablecoins(exposure), around, params.crash, exposure.hidden),
            *bank_breaches(
                capital,
                own.capital(bare=True),
                own.exposure_share,
                params.crash,
                hidden_banks,
                not around.uses_dollar,
                own.hides(CET1, RWA),
            ),
        ],
        sources,
    )
    lost, _ = household_loss(exposure, headline)
    optional: list[Table | None] = [
        second_round_table(
            None if lost is None else exposure.in_gdp(lost),
            gdp,
            headline,
            params.crash.consumption_response,
            around,
            capital,
            coarse_home=exposure.hidden,
            coarse_banks=hidden_banks,
            sources=exposure.sources,
        ),
        variants_table(inputs) if joint.depreciation_assumed else None,
        published_table("crash", inputs.as_of),
    ]
    tables = [
        combined_table(rungs, held, exposure, joint, around.shares.value, around.shares.year),
        components_table(held, joint, gdp),
        run_table(exposure, joint, inputs),
        episodes_table(inputs),
        *(table for table in optional if table is not None),
    ]
    if capital is not None:
        tables.append(
            capital_table(
                capital,
                headline,
                joint,
                requirement=params.crash.cet1_requirement,
                coarse=hidden_banks,
                sources=own.sources,
            )
        )
    estimates = [yearly_loss(risk, exposure), *miners(inputs, params.crash.mining_electricity_cost)]
    stepping_in = intervention_part(exposure, headline, joint, inputs, params, around, government_usd, own)
    own_parts = [stepping_in, liquidity_part(inputs, joint), miner_exit(inputs, risk)]
    return Part.join([simulated, reverse, Part(tuple(estimates), tuple(tables)), *own_parts])
