"""Chapter 3, capital flight: a drain and what it does to reserves, unrecorded flows, the premium."""

from __future__ import annotations

from dataclasses import replace

from cryptorisk.countries import country as find_country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.early_warning import analyse as analyse_early_warning
from cryptorisk.models.exposure.split import flow_share, world_flow_share
from cryptorisk.models.flight.access import accessible_share
from cryptorisk.models.flight.adequacy import (
    Adequacy,
    adequacy,
    choose_row,
    missing_parts,
    usual_short_term_share,
)
from cryptorisk.models.flight.attack import attack_part
from cryptorisk.models.flight.channel import channel_part
from cryptorisk.models.flight.comparison import comparison_table
from cryptorisk.models.flight.drain import drain_part
from cryptorisk.models.flight.drain_findings import LEAD, broken_rules
from cryptorisk.models.flight.early_warning import early_warning_part
from cryptorisk.models.flight.encumbrance import evidence
from cryptorisk.models.flight.gdp_rate import gdp_rate_finding
from cryptorisk.models.flight.position import position
from cryptorisk.models.flight.premium import premium_part
from cryptorisk.models.flight.premium_drivers import drivers_part
from cryptorisk.models.flight.premium_year import of_late
from cryptorisk.models.flight.reporting_year import fiscal_year_finding
from cryptorisk.models.flight.reserve_findings import NO_MONEY_OF_ITS_OWN, POOLED
from cryptorisk.models.flight.reserves import reserves_part
from cryptorisk.models.flight.residual import residual_part
from cryptorisk.models.flight.scenario import within_reach
from cryptorisk.models.flight.stablecoin_loss import (
    STABLECOIN_LOSS,
    received_in_a_year,
    received_last_year,
    stablecoin_loss_part,
)
from cryptorisk.models.flight.without_gold import without_gold_finding
from cryptorisk.models.part import Part
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, estimates_table

TITLE = "Capital flight"
BPM7 = (
    "In the balance of payments (seventh edition of the manual, March 2025) crypto-assets without a "
    "liability behind them, such as bitcoin, are non-produced non-financial assets and belong to the "
    "capital account; stablecoins with an issuer's liability are financial instruments and belong to the "
    "financial account. Until countries compile them so, both fall largely into errors and omissions, and "
    "thus into a residual."
)


def analyse(
    inputs: Inputs, params: Params, volumes: Result | None = None, early_warning: Result | None = None
) -> Result:
    """Capital flight of a country.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    volumes : Result, optional
        Of chapter 1: without it the loss through stablecoin inflows is missing.
    early_warning : Result, optional
        Of `cryptorisk.models.early_warning.analyse`, which is the same for all countries; computed when not given.

    Returns
    -------
    Result
        Estimates: residual (latest, mean, sum), hot money (latest, mean) and the recorded rest, what needs the bank's own
        series, the stocks with interest,
        reserves against the rules, the drain scenario and its reverse, the loss through stablecoin inflows, the years until
        a peg falls (illustration), the premium. Tables: ``residual``, ``stock``, ``measures``, ``conventions``,
        ``reserve_metrics``, ``ara_components``, ``drain``, ``drain_rules``, ``further_scenarios``,
        ``premium``, ``premium_years``, ``premium_episodes``, ``premium_drivers`` with its ``_tests`` and ``_variants``,
        ``premium_pooled``, ``published``, and of exchange-market pressure and
        early warning ``pressure``, ``pressure_crises``, ``signals``, ``signals_path``, ``early_warning_contributions``,
        ``early_warning_accuracy``, ``early_warning_calibration``, ``early_warning_coefficients``,
        ``early_warning_roc``, each only where there are data.
    """
    country = find_country(params.country)
    status = country.status_on(inputs.as_of)
    stocks = position(inputs)
    stocks = replace(stocks, encumbered=evidence(inputs, country, stocks.year))
    row = choose_row(inputs, country, params.flight)
    metric: Adequacy | None = None
    if status == "own_currency" and stocks.reserves is not None and not missing_parts(stocks):
        usual, _economies = usual_short_term_share(inputs)
        metric = adequacy(stocks, row, usual_short_share=usual)
    mature = status == "own_currency" and stocks.external_debt is None and row.floats
    received = received_in_a_year(volumes)
    share = accessible_share(inputs)
    name = country.name_in_sentence
    drained = drain_part(
        inputs,
        stocks,
        metric,
        country,
        status,
        params.flight,
        mature=mature,
        received=received_last_year(volumes),
    )
    part = Part.join(
        (
            drained,
            _further_scenarios(
                stablecoin_loss_part(
                    stocks,
                    status,
                    params.flight,
                    received,
                    name,
                    within_reach=within_reach(stocks, share),
                    stablecoins=flow_share(inputs.country, inputs.as_of) or world_flow_share(inputs.as_of),
                ),
                attack_part(inputs, stocks, row, country, status, params.flight),
            ),
            reserves_part(
                stocks, metric, country, status, mature=mature, broken=broken_rules(drained.estimates)
            ),
            residual_part(inputs, name),
            premium_part(inputs, country),
            channel_part(inputs, country, seed=params.seed),
            drivers_part(inputs, country, seed=params.seed),
            early_warning_part(inputs, country, early_warning or analyse_early_warning(inputs, params)),
        )
    )
    beside = comparison_table(country, inputs.as_of, part.estimates)
    manual = Finding("flight.bpm7", BPM7, "info", "caveat", ("flight.residual_pct_gdp",))
    available = {one.id.removeprefix("flight.") for one in part.estimates if one.available}
    headline = ["residual_pct_gdp", "reserves_to_ara", "import_cover_months", "import_cover_after_drain"]
    if "residual_pct_gdp" not in available and "hot_money_pct_gdp" in available:
        headline.append("hot_money_pct_gdp")
    if "drain_usd" in available:
        headline.insert(0, "drain_usd")
    if any(
        one.id == "flight.premium" and one.available and of_late(one.date, inputs.as_of)
        for one in part.estimates
    ):
        headline.append("premium")
    return Result.build(
        "flight",
        TITLE,
        params.country,
        # Where the rules are not meant for the economy, their absence is no gap in the data.
        estimates=[
            one.with_(applies=False) if one.reason.startswith((POOLED, NO_MONEY_OF_ITS_OWN)) else one
            for one in part.estimates
        ],
        tables=part.tables if beside is None else (*part.tables, beside),
        findings=(
            *part.findings,
            *without_gold_finding(inputs),
            *gdp_rate_finding(inputs, part.estimates),
            *fiscal_year_finding(params.country, name),
            manual,
        ),
        headline=headline,
        lead=(LEAD, STABLECOIN_LOSS, "flight.status"),
    )


def _further_scenarios(*parts: Part) -> Part:
    """Scenarios of a figure each, with their methods in one table."""
    joined = Part.join(parts)
    if all(one.reason.startswith((POOLED, NO_MONEY_OF_ITS_OWN)) for one in joined.estimates):
        return joined
    table = estimates_table(
        joined.estimates,
        id="flight.further_scenarios",
        title="Stablecoin inflows, and how long a peg would last: scenario and illustration",
        with_method=True,
    )
    return joined._replace(tables=(*joined.tables, table))
