"""Remittance channel: how much comes in, and what sending it costs."""

from __future__ import annotations

import pandas as pd

from cryptorisk.countries import country, known
from cryptorisk.data.inputs import Inputs, is_stale
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table

SDG_TARGET_PCT = 3.0
"""Sustainable Development Goal target 10.c: transaction costs of migrant remittances below 3 %."""
SDG_CORRIDOR_CEILING_PCT = 5.0
"""The same target: no corridor with costs above 5 %."""

FUNCTION = "cryptorisk.models.channels.remittances.remittances"
OWN = "Personal remittances received, the bank's own figure."
STALE = "Stale: more than 24 months before the report's date."


def remittances(inputs: Inputs, params: Params) -> tuple[list[Estimate], list[Table], list[Finding]]:
    """Remittances received, their cost by corridor, and what senders pay in a year.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        ``channels.remittance_ticket_usd`` chooses the ticket of 200 or 500 US dollars.

    Returns
    -------
    tuple of (list of Estimate, list of Table, list of Finding)
        The cost is the unweighted mean over corridors of the latest quarter with the range over corridors;
        corridor volumes are not published, so no weighting is possible.
    """
    received = _received(inputs)
    cost, table = _cost(inputs, params)
    estimates = [*received, cost, _paid(received[0], cost)]
    return estimates, [table] if table is not None else [], _findings(inputs, received[1], cost)


def _received(inputs: Inputs) -> list[Estimate]:
    latest = inputs.latest("remittances_received_usd")
    label, label_gdp = "Remittances received", "Remittances received, share of GDP"
    if latest is None:
        reason = "no remittance figure for this economy in the data"
        return [
            Estimate.missing("channels.remittances_usd", label, "usd", reason),
            Estimate.missing("channels.remittances_pct_gdp", label_gdp, "pct_gdp", reason),
        ]
    year = latest.date.year
    note = STALE if latest.stale else ""
    usd = Estimate(
        "channels.remittances_usd",
        label,
        latest.value,
        "usd",
        method=OWN if latest.source == BANK else "Personal remittances received, as published.",
        sources=(latest.source,),
        inputs=("remittances_received_usd",),
        data_class=latest.data_class,
        date=str(year),
        function=FUNCTION,
        note=note,
    )
    gdp = inputs.at("gdp_usd", year)
    if gdp is None or gdp.value <= 0:
        return [
            usd,
            Estimate.missing(
                "channels.remittances_pct_gdp",
                label_gdp,
                "pct_gdp",
                f"no GDP for {year} in the data",
            ),
        ]
    share = Estimate(
        "channels.remittances_pct_gdp",
        label_gdp,
        100 * latest.value / gdp.value,
        "pct_gdp",
        method="Personal remittances received over GDP of the same year, both in US dollars.",
        sources=(latest.source, gdp.source),
        inputs=("remittances_received_usd", "gdp_usd"),
        data_class=latest.data_class,
        date=str(year),
        function=FUNCTION,
        note=note,
    )
    return [usd, share]


def _cost(inputs: Inputs, params: Params) -> tuple[Estimate, Table | None]:
    ticket = params.channels.remittance_ticket_usd
    column = f"cost_{ticket}_pct"
    label = f"Cost of sending USD {ticket} to {country(inputs.country).name_in_sentence}"
    corridors = inputs.table("remittance_corridors")
    here = corridors[(corridors["to_iso3"] == inputs.country)].dropna(subset=[column])
    # A negative total cost means an exchange margin measured against an official rate that nobody gets.
    newest = max(here["date"], default=None)
    refused = int(((here["date"] == newest) & (here[column] < 0)).sum())
    here = here[here[column] >= 0]
    if here.empty:
        return Estimate.missing(
            "channels.remittance_cost_pct", label, "pct", "no corridor to this economy in the price database"
        ), None
    newest = max(here["date"])
    quarter = f"{newest.year}-Q{(newest.month + 2) // 3}"
    now = here[here["date"] == newest].sort_values(column)
    # A corridor reported by two vintages of the database counts once: the later source wins.
    now = now.drop_duplicates("from_iso3", keep="last")
    stale = is_stale(newest.date(), inputs.as_of)
    estimate = Estimate(
        "channels.remittance_cost_pct",
        label,
        float(now[column].mean()),
        "pct",
        low=float(now[column].min()) if len(now) > 1 else None,
        high=float(now[column].max()) if len(now) > 1 else None,
        interval="range" if len(now) > 1 else "none",
        data_class="survey",
        date=quarter,
        n_obs=len(now),
        method=f"Unweighted mean over {len(now)} corridors; the range runs over corridors.",
        sources=tuple(sorted(set(now["source"]))),
        inputs=("remittance_corridors",),
        function=FUNCTION,
        note=" ".join(part for part in (STALE if stale else "", _refused(refused)) if part),
    )
    senders = [country(code).name if known(code) else code for code in now["from_iso3"]]
    table = Table(
        "channels.remittance_corridors",
        f"Cost of sending USD {ticket}, {quarter}, by sending country",
        pd.DataFrame({"sender": senders, "cost_pct": now[column].to_numpy()}),
        (Column("sender", "From"), Column("cost_pct", "Cost", "% of the amount sent", 1)),
        note="World Bank, Remittance Prices Worldwide. The database does not cover transfers in crypto-assets.",
        sources=estimate.sources,
    )
    return estimate, table


def _refused(count: int) -> str:
    if not count:
        return ""
    corridors = "corridor" if count == 1 else "corridors"
    return (
        f"{count} {corridors} with a negative total cost left out: the exchange margin is measured against an official "
        "rate that is not the market's, so the other corridors may be too low as well."
    )


def _paid(received: Estimate, cost: Estimate) -> Estimate:
    label = "What senders pay in a year, at the mean corridor cost"
    if received.value is None or cost.value is None:
        reason = received.reason or cost.reason
        return Estimate.missing("channels.remittance_cost_usd", label, "usd", reason)
    if STALE in cost.note or STALE in received.note:
        reason = f"the newest figures are too old (remittances {received.date}, corridor prices {cost.date})"
        return Estimate.missing("channels.remittance_cost_usd", label, "usd", reason)
    factor = received.value / 100
    return Estimate(
        "channels.remittance_cost_usd",
        label,
        cost.value * factor,
        "usd",
        low=cost.low * factor if cost.low is not None else None,
        high=cost.high * factor if cost.high is not None else None,
        interval="range" if cost.low is not None else "none",
        data_class="modelled",
        date=f"{received.date} at the prices of {cost.date}",
        method="Remittances received times the mean corridor cost; an upper bound of what cheaper channels could save.",
        sources=(*received.sources, *cost.sources),
        inputs=(*received.inputs, *cost.inputs),
        function=FUNCTION,
    )


def _findings(inputs: Inputs, share: Estimate, cost: Estimate) -> list[Finding]:
    findings = []
    if cost.value is not None:
        level = "above" if cost.value > SDG_TARGET_PCT else "at or below"
        findings.append(
            Finding(
                "channels.remittance_cost",
                f"Sending money to {country(inputs.country).name_in_sentence} cost {cost:full} of the amount in "
                f"{cost.date}, {level} the 3 % of Sustainable Development Goal 10.c; the cost in crypto-assets is not "
                "measured by any open source.",
                "notice" if cost.value > SDG_CORRIDOR_CEILING_PCT else "info",
                estimates=(cost.id,),
            )
        )
    if share.value is not None and share.value >= 5:
        findings.append(
            Finding(
                "channels.remittance_dependence",
                f"Remittances are {share:full}: a move of senders to crypto-assets would take foreign exchange past "
                "the banks, as far as recipients do not sell the crypto-assets to a local intermediary.",
                "notice",
                estimates=(share.id,),
            )
        )
    return findings
