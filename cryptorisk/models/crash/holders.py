"""Banks and government in a crash: supervisory data or nothing for banks, published holdings for the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs, Observation
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.exposure.figures import GOVERNMENT
from cryptorisk.result import Column, Finding, Table
from cryptorisk.rules import sco60

EXPOSURE, TIER1, CET1, RWA = "bank_crypto_exposure_usd", "bank_tier1_usd", "bank_cet1_usd", "bank_rwa_usd"
OWN_GOVERNMENT = "government_crypto_holdings_usd"

NO_SUPERVISORY_DATA = (
    "no supervisory data on banks' crypto-assets are public; give bank_crypto_exposure_usd, bank_tier1_usd, "
    "bank_cet1_usd and bank_rwa_usd under overrides"
)
NO_PUBLISHED_HOLDINGS = (
    "no published holdings of the government were found, which does not mean that there are none"
)
HIDDEN = "the institution's own figure was used but is confidential; only what follows from it is printed"


@dataclass(frozen=True, eq=False)
class Part:
    """Estimates, tables and findings of a group of holders."""

    estimates: tuple[Estimate, ...]
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


def banks(inputs: Inputs, scenario: Scenario) -> Part:
    """Banks: losses at the limits of SCO60, and with supervisory data the assessment and capital after the loss.

    Parameters
    ----------
    inputs : Inputs
    scenario : Scenario
        Its price fall is applied to the whole exposure.

    Returns
    -------
    Part
    """
    figures = {id: inputs.latest(id) for id in (EXPOSURE, TIER1, CET1, RWA)}
    estimates = [
        _at_limit("bank_loss_at_1pct_limit", 1.0, scenario),
        _at_limit("bank_loss_at_2pct_limit", 2.0, scenario),
    ]
    findings: list[Finding] = []
    exposure, tier1 = figures[EXPOSURE], figures[TIER1]
    estimates.insert(0, _bank_exposure(exposure, inputs))
    if exposure is None or tier1 is None:
        estimates += [
            Estimate.missing(f"crash.{name}", label, unit, NO_SUPERVISORY_DATA)
            for name, label, unit in _SUPERVISED
        ]
    else:
        rule = sco60.assess(exposure.value, tier1.value, on=inputs.as_of)
        estimates += _supervised(rule, figures, scenario)
        findings.append(_limit_finding(rule))
    return Part(tuple(estimates), (_limit_table(scenario),), tuple(findings))


_SUPERVISED = (
    ("bank_exposure_pct_tier1", "Banks' crypto exposure", "pct_tier1"),
    ("bank_loss_pct_tier1", "Banks' loss in the headline scenario", "pct_tier1"),
    ("bank_cet1_after_pct", "Banks' CET1 ratio after the headline scenario", "pct"),
)


def _at_limit(name: str, limit_pct: float, scenario: Scenario) -> Estimate:
    return Estimate(
        f"crash.{name}",
        f"Banks' loss if exposure stood at {limit_pct:g} % of Tier 1, {scenario.name}",
        limit_pct * scenario.price_drop,
        "pct_tier1",
        data_class="modelled",
        method="Arithmetic: the limit of SCO60.116 to 60.119 times the scenario's fall, unhedged bitcoin.",
        function="cryptorisk.models.crash.holders.banks",
        note="Not an estimate of what banks hold, which is not known.",
    )


def _bank_exposure(figure: Observation | None, inputs: Inputs) -> Estimate:
    label = "Banks' crypto-asset exposure"
    if figure is None:
        return Estimate.missing("crash.bank_exposure", label, "usd", NO_SUPERVISORY_DATA)
    if EXPOSURE in inputs.confidential:
        return Estimate.missing("crash.bank_exposure", label, "usd", HIDDEN)
    return Estimate("crash.bank_exposure", label, figure.value, "usd", **_given(figure))


def _given(figure: Observation) -> dict[str, Any]:
    return {
        "data_class": figure.data_class,
        "date": figure.date.isoformat(),
        "sources": (figure.source,),
        "inputs": (figure.series,),
        "method": "As published or given.",
        "note": figure.note,
    }


def _supervised(
    rule: sco60.Sco60, figures: dict[str, Observation | None], scenario: Scenario
) -> list[Estimate]:
    exposure = figures[EXPOSURE]
    assert exposure is not None
    loss = rule.exposure * scenario.price_drop
    known: dict[str, Any] = {
        "data_class": exposure.data_class,
        "date": exposure.date.isoformat(),
        "sources": (exposure.source,),
        "inputs": (EXPOSURE, TIER1),
        "function": "cryptorisk.rules.sco60.assess",
    }
    made = [
        Estimate(
            "crash.bank_exposure_pct_tier1",
            _SUPERVISED[0][1],
            100 * rule.share,
            "pct_tier1",
            method="Group 2 exposure over Tier 1 capital (SCO60.116 to 60.119).",
            **known,
        ),
        Estimate(
            "crash.bank_loss_pct_tier1",
            _SUPERVISED[1][1],
            100 * loss / rule.tier1,
            "pct_tier1",
            method=f"Exposure times the fall of the scenario, {scenario.name}, unhedged.",
            **known,
        ),
    ]
    cet1, rwa = figures[CET1], figures[RWA]
    name, label, unit = _SUPERVISED[2]
    if cet1 is None or rwa is None:
        made.append(Estimate.missing(f"crash.{name}", label, unit, NO_SUPERVISORY_DATA))
        return made
    before, after = sco60.cet1_after(cet1.value, rwa.value, loss, rule.rwa)
    made.append(
        Estimate(
            f"crash.{name}",
            label,
            after,
            unit,
            method="CET1 less the loss in full, no tax relief, over risk-weighted assets with those the limit adds.",
            note=f"Before: {before:.2f} %.",
            **(
                known
                | {"inputs": (EXPOSURE, TIER1, CET1, RWA), "function": "cryptorisk.rules.sco60.cet1_after"}
            ),
        )
    )
    return made


def _limit_finding(rule: sco60.Sco60) -> Finding:
    share = f"{100 * rule.share:.2f} % of Tier 1"
    basis = ("crash.bank_exposure_pct_tier1",)
    later = "" if rule.in_force else " (the standard applies from 1 January 2026 on)"
    if rule.status == "breach":
        text = (
            f"Banks' Group 2 crypto exposure of {share} exceeds the limit of 2 %{later}: all of it takes a risk weight "
            "of 1250 %, capital equal to the exposure."
        )
        return Finding("crash.sco60", text, "alert", "result", basis)
    if rule.status == "notify":
        text = (
            f"Banks' Group 2 crypto exposure of {share} is above 1 % and not above 2 %{later}: supervisors are to be told, "
            "and the excess over 1 % takes a risk weight of 1250 %."
        )
        return Finding("crash.sco60", text, "warning", "result", basis)
    text = f"Banks' Group 2 crypto exposure of {share} is not above 1 %{later}."
    return Finding("crash.sco60", text, "info", "result", basis)


LIMIT_CASES = (
    ("At 1 % of Tier 1: not above the lower limit", 1.0),
    ("At 2 % of Tier 1: not above the upper limit", 2.0),
    ("At 2.1 % of Tier 1: above the upper limit", 2.1),
)


def _limit_table(scenario: Scenario) -> Table:
    rows = []
    for name, share in LIMIT_CASES:
        rule = sco60.assess(share, 100.0)
        rows.append((name, share * scenario.price_drop, rule.penalised, rule.rwa))
    return Table(
        "crash.bank_limits",
        f"Banks at the exposure limit of SCO60: {scenario.name}",
        pd.DataFrame(rows, columns=["case", "loss", "penalised", "rwa"]),
        (
            Column("case", "If exposure stood"),
            Column("loss", "Loss", "% of Tier 1", 2),
            Column("penalised", "Under 1250 % by the limit", "% of Tier 1", 2),
            Column("rwa", "Risk-weighted assets it adds", "% of Tier 1", 1),
        ),
        note=(
            "Arithmetic of BCBS d545 as amended in July 2024, SCO60.116 to 60.119, in force from 1 January 2026 where a "
            "jurisdiction has adopted it. Whether this one has is not in the vintage. Unhedged bitcoin is Group 2b and "
            "takes 1250 % at any size."
        ),
    )


def government(inputs: Inputs, scenario: Scenario, gdp_usd: float | None) -> tuple[Part, float | None]:
    """The government's published holdings at the last price, its loss, and the holdings in US dollars.

    Parameters
    ----------
    inputs : Inputs
    scenario : Scenario
    gdp_usd : float or None

    Returns
    -------
    Part
        ``government_holdings_usd``, ``government_holdings_pct_gdp``, ``government_loss_usd``,
        ``government_loss_pct_gdp``.
    float or None
        Holdings in US dollars.
    """
    value, known, reason = _government_holdings(inputs)
    labels = (
        ("government_holdings_usd", "Government's published bitcoin at the last price", "usd"),
        ("government_holdings_pct_gdp", "Government's published bitcoin at the last price", "pct_gdp"),
        ("government_loss_usd", f"Government's loss, {scenario.name}", "usd"),
        ("government_loss_pct_gdp", f"Government's loss, {scenario.name}", "pct_gdp"),
    )
    if value is None:
        made = [Estimate.missing(f"crash.{name}", label, unit, reason) for name, label, unit in labels]
        return Part(tuple(made)), None
    loss = value * scenario.price_drop
    held_gdp, loss_gdp = (None if gdp_usd is None else 100 * amount / gdp_usd for amount in (value, loss))
    numbers: Sequence[float | None] = (value, held_gdp, loss, loss_gdp)
    hidden = OWN_GOVERNMENT in inputs.confidential
    made = []
    for (name, label, unit), amount in zip(labels, numbers, strict=True):
        if amount is None or (hidden and name == "government_holdings_usd"):
            why = HIDDEN if hidden and amount is not None else "GDP is not in the vintage"
            made.append(Estimate.missing(f"crash.{name}", label, unit, why))
        else:
            made.append(Estimate(f"crash.{name}", label, amount, unit, **known))
    return Part(tuple(made)), value


def _government_holdings(inputs: Inputs) -> tuple[float | None, dict[str, Any], str]:
    own = inputs.latest(OWN_GOVERNMENT)
    if own is not None:
        return own.value, _given(own), ""
    coins = inputs.latest(GOVERNMENT) if inputs.country in inputs.economies(GOVERNMENT) else None
    if coins is None:
        return None, {}, NO_PUBLISHED_HOLDINGS
    price = inputs.latest("btc_price_usd", country=WORLD)
    if price is None:
        return None, {}, "there is no bitcoin price in the vintage to value the published coins at"
    known = {
        "data_class": coins.data_class,
        "date": price.date.isoformat(),
        "sources": (coins.source, price.source),
        "inputs": (GOVERNMENT, "btc_price_usd"),
        "method": f"{number(coins.value, 0)} BTC published for {coins.date.isoformat()} times the price.",
        "function": "cryptorisk.models.crash.holders.government",
        "note": coins.note,
    }
    return coins.value * price.value, known, ""
