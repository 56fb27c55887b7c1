"""Chapter 5, policy channels: remittances, tax, regulation, legal tender, mining energy, integrity, adoption."""

from __future__ import annotations

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.wording import in_sentence
from cryptorisk.estimate import Estimate
from cryptorisk.models.channels.adoption import adoption
from cryptorisk.models.channels.mining import mining
from cryptorisk.models.channels.regulation import regulation
from cryptorisk.models.channels.remittances import remittances
from cryptorisk.models.volumes.public import public
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result
from cryptorisk.words import listing

CHAPTER = "channels"
TITLE = "Policy channels"
PRINTED = (
    *("remittances_received_usd", "gdp_usd", "gcai_rank", "hashrate_share_pct"),
    "electricity_consumption_kwh",
)
"""Series that the chapter's numbers are, or are computed from in a way that could be turned round."""


def analyse(inputs: Inputs, params: Params) -> Result:
    """Assess the policy channels of United Nations paper E/C.16/2023/7, paragraphs 21 to 23 and 26.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    Result
        Chapter ``channels``. Channels without an open source (tax collected, integrity ratings) are estimates that
        are missing with their reason.
    """
    left_out = _left_out(inputs)
    inputs = public(inputs)
    remit_estimates, remit_tables, remit_findings = remittances(inputs, params)
    rule_estimates, rule_tables, rule_findings = regulation(inputs)
    adopt_estimates, adopt_tables, adopt_findings = adoption(inputs)
    mining_estimates, mining_findings = mining(inputs)
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*adopt_estimates, *remit_estimates, *rule_estimates, *mining_estimates, *_not_measured()],
        tables=[*rule_tables, *adopt_tables, *remit_tables],
        findings=[*rule_findings, *remit_findings, *adopt_findings, *mining_findings, *left_out],
        headline=[
            "adoption_rank",
            "remittances_pct_gdp",
            "remittance_cost_pct",
            "regulation_aspects",
            "mining_share_pct",
            "tax_revenue_pct_gdp",
            "integrity_rating",
        ],
    )


def _left_out(inputs: Inputs) -> list[Finding]:
    """The bank's confidential figures, in whose place the chapter takes the public ones: it prints its inputs as such."""
    names = [in_sentence(inputs.catalogue[id].description) for id in PRINTED if id in inputs.confidential]
    if not names:
        return []
    text = (
        f"The bank's own figures for {listing(names)} are marked confidential. This chapter prints such figures as they "
        "are, and so it leaves them out and takes the public ones where there are any."
    )
    return [Finding("channels.confidential_left_out", text, "warning", "data")]


def _not_measured() -> list[Estimate]:
    return [
        Estimate.missing(
            "channels.tax_revenue_pct_gdp",
            "Tax collected on crypto-assets",
            "pct_gdp",
            "no open source reports tax collected on crypto-assets by country",
        ),
        Estimate.missing(
            "channels.integrity_rating",
            "Compliance with FATF Recommendation 15",
            "index",
            "full ratings of the Financial Action Task Force are not in the data",
        ),
    ]
