"""What an authority that stepped in would have to put up, with the assumption behind each amount."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.bank_support import banks_sentence, capital_lines
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.government import OWN_GOVERNMENT
from cryptorisk.models.crash.losses import RESERVES, household_loss, merged
from cryptorisk.models.crash.one_side import rounded_up
from cryptorisk.models.crash.scenarios import Scenario, consumption_fall
from cryptorisk.models.crash.stablecoin_run import residents_stablecoins
from cryptorisk.models.crash.supervisory import Supervisory
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import Part, places, to_one_digit
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.words import listing

COLUMNS = ("what", "low", "central", "high", "pct_gdp", "pct_reserves")
FUNCTION = "cryptorisk.models.crash.intervention.intervention_part"
ESTIMATES = (
    ("demand", "intervention_demand_usd", "Public spending in place of the fall of consumption"),
    ("revenue", "intervention_revenue_usd", "Revenue lost with consumption"),
    ("run", "intervention_liquidity_usd", "Dollars to meet a run on stablecoins in the issuers' place"),
    ("state", "intervention_own_loss_usd", "The state's loss on its own bitcoin"),
)
"""Steps that are estimates of their own: key, id and label."""
COMBINED = "combined scenario"
OF_THE_RUN = ("run",)
"""Steps that stand on the redemptions of the combined scenario: a fall of prices alone brings none."""


class Step(NamedTuple):
    """One line: a key, the step with its assumption, the amount in US dollars, whether reserves would pay it."""

    key: str
    what: str
    usd: Band
    from_reserves: bool = False


def intervention_part(
    exposure: Exposure,
    scenario: Scenario,
    run: Combined,
    inputs: Inputs,
    params: Params,
    around: Surroundings,
    government_usd: float | None,
    own: Supervisory,
) -> Part:
    """What stepping in would take: the table ``crash.intervention``, its main amounts as estimates, and the sentence.

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
    own : Supervisory
        The supervisor's figures on banks, those that are given.

    Returns
    -------
    Part
        Empty when nothing is known. Nothing here says that an authority should step in.
    """
    steps = [
        *_household_steps(exposure, scenario, run, params, around),
        *_bank_steps(own, scenario, params),
    ]
    if government_usd is not None:
        lost = government_usd * scenario.price_drop
        steps.append(Step("state", "Budget: the state's own loss on its bitcoin", Band(lost, lost, lost)))
    if not steps:
        return Part()
    hidden = exposure.hidden or OWN_GOVERNMENT in inputs.confidential or around.revenue.confidential
    estimates = _estimates(steps, exposure, scenario, around, hidden)
    table = _table(steps, exposure, scenario, inputs, around, hidden, own)
    stable = None if exposure.hidden else residents_stablecoins(exposure)
    sentence = _finding(
        estimates, scenario, run, stable, banks_sentence(own, scenario, params.crash.cet1_requirement)
    )
    return Part(tuple(estimates.values()), (table,), sentence)


def _table(
    steps: list[Step],
    exposure: Exposure,
    scenario: Scenario,
    inputs: Inputs,
    around: Surroundings,
    hidden: bool,
    own: Supervisory,
) -> Table:
    frame = pd.DataFrame(
        [_amount(step, exposure.gdp_usd, around.reserves.usd) for step in steps], columns=list(COLUMNS)
    )
    frame = _coarse(frame.astype(dict.fromkeys(COLUMNS[1:], float)), hidden, bool(own.hidden), inputs)
    columns = [
        Column("what", "Step and its assumption"),
        *(Column(end, end.capitalize(), "USD million", places(frame, [end], 1)) for end in COLUMNS[1:4]),
        Column("pct_gdp", "Central", "% of GDP", places(frame, ["pct_gdp"], 2)),
        Column("pct_reserves", "Central", "% of reserves", 1),
    ]
    if frame["pct_reserves"].isna().all():
        columns.pop()
        frame = frame.drop(columns="pct_reserves")
    note = "Alternatives, not to be added up. Sizes under stated assumptions; none is a recommendation or a forecast. "
    runs = any(step.key in OF_THE_RUN for step in steps)
    if runs:
        note += f"Redemptions are those of the {COMBINED}; all else is the {scenario.name}. "
    if own.capital() is None:
        note += (
            "Banks: capital to restore is the loss in the table of the SCO60 limit, in percent of Tier 1. "
        )
    elif own.hidden:
        note += (
            "Banks: at most that, reckoned from the one digit of each ratio that is told, as a confidential figure stands "
            "behind it; they may need nothing. "
        )
    if "pct_reserves" in frame:
        note += (
            "Issuers abroad pay for redemptions; reserves would pay only if the authority did so in their place. "
            f"Where the share of reserves is n.a. the step is not paid out of them. {around.reserves.note}"
        )
    return Table(
        "crash.intervention",
        f"What stepping in would take: {scenario.name}"
        + (f", and the run of the {COMBINED}" if runs else ""),
        frame,
        tuple(columns),
        note=note.strip(),
        sources=_sources(exposure, around),
    )


def _sources(exposure: Exposure, around: Surroundings) -> tuple[str, ...]:
    return merged(exposure.sources, exposure["household_holdings_pct_gdp"].sources, around.reserves.sources)


def _estimates(
    steps: list[Step], exposure: Exposure, scenario: Scenario, around: Surroundings, hidden: bool
) -> dict[str, Estimate]:
    """The main amounts, by key, to one digit where a confidential figure is in them."""
    by_key = {step.key: step for step in steps}
    found = {}
    for key, id, label in ESTIMATES:
        if key not in by_key:
            continue
        step, known = by_key[key], exposure["household_holdings_usd"]
        ranged = step.usd.high > step.usd.low
        made = Estimate(
            f"crash.{id}",
            f"{label}, {COMBINED if key in OF_THE_RUN else scenario.name}",
            step.usd.central,
            "usd",
            step.usd.low if ranged else None,
            step.usd.high if ranged else None,
            interval="range" if ranged else "none",
            data_class="modelled",
            method=f"{step.what}. A size under this assumption, not a recommendation.",
            date=known.date or exposure["household_holdings_pct_gdp"].date,
            sources=_sources(exposure, around),
            inputs=exposure["household_holdings_pct_gdp"].inputs,
            function=FUNCTION,
        )
        found[key] = made.coarsened() if hidden else made
    return found


def _finding(
    estimates: dict[str, Estimate],
    scenario: Scenario,
    run: Combined,
    stable: Band | None,
    banks: str,
) -> tuple[Finding, ...]:
    """What the authority would have to put up, and what is known of banks."""
    words = {
        "demand": "{} to replace the fall of consumption",
        "revenue": "{} of revenue lost with it",
        "state": "{} lost on the state's own bitcoin",
    }
    parts = [words[key].format(f"{made:full}") for key, made in estimates.items() if key in words]
    text = (
        f"What it would take, each alone, in the scenario of a {scenario.name}: {listing(parts)}."
        if parts
        else ""
    )
    if "run" in estimates:
        text += f" {_run_in_words(estimates['run'], run, stable)}"
    text += f" {banks}"
    ids = (*(estimate.id for estimate in estimates.values()), "crash.bank_loss_pct_tier1")
    return (Finding("crash.intervention", text.strip(), "notice", "result", ids),)


def _run_in_words(made: Estimate, run: Combined, stable: Band | None) -> str:
    """The run of the combined scenario: its rungs, and the severe one of the central holdings apart from the highest."""
    low, central, high = (f"{100 * share:.0f} %" for share in run.range_of("redemption"))
    text = (
        f"In the {COMBINED}: {made:full} if the authority met in the issuers' place a run on {central} of residents' "
        f"stablecoins; the range is from {low} of the lowest to {high} of the highest holdings"
    )
    if stable is not None:
        amount = run.range_of("redemption")[2] * stable.central
        severe = Estimate("crash.severe_run", "", amount, "usd", digits=2)
        text += f", {high} of the central ones being {severe:value}"
    return f"{text}."


def _household_steps(
    exposure: Exposure, scenario: Scenario, run: Combined, params: Params, around: Surroundings
) -> list[Step]:
    loss, _ = household_loss(exposure, scenario)
    stable = residents_stablecoins(exposure)
    if loss is None or stable is None:
        return []
    fall = consumption_fall(loss, params.crash.consumption_response)
    low, central, high = run.range_of("redemption")
    asked = Band(low * stable.low, central * stable.central, high * stable.high)
    steps = [
        Step("demand", "Demand: replace the fall of consumption by public spending one for one", fall),
        Step("loss", "Households: make the whole loss good (a ceiling, no precedent)", loss),
        Step(
            "run",
            f"Liquidity: dollars for {100 * low:.0f}, {100 * central:.0f}, {100 * high:.0f} % of residents' stablecoins, "
            "if the authority paid in the issuers' place",
            asked,
            True,
        ),
        Step(
            "all",
            "Reserves: the authority's dollars for all of residents' stablecoins (a ceiling)",
            stable,
            True,
        ),
    ]
    if around.revenue.value is not None:
        share = around.revenue.value / 100
        lost = fall.scaled(share)
        steps.insert(1, Step("revenue", "Budget: revenue lost with consumption, at its ratio to GDP", lost))
    return steps


def _bank_steps(own: Supervisory, scenario: Scenario, params: Params) -> list[Step]:
    """Capital that lifts the CET1 ratio after the loss to each requirement."""
    lines = capital_lines(own, scenario, params.crash.cet1_requirement)
    return [Step(line.key, line.words, Band(line.usd, line.usd, line.usd)) for line in lines]


def _amount(step: Step, gdp_usd: float | None, reserves_usd: float | None) -> tuple[object, ...]:
    band = step.usd
    gdp = None if gdp_usd is None else 100 * band.central / gdp_usd
    share = 100 * band.central / reserves_usd if step.from_reserves and reserves_usd else None
    return (step.what, band.low / 1e6, band.central / 1e6, band.high / 1e6, gdp, share)


def _coarse(frame: pd.DataFrame, all_rows: bool, banks: bool, inputs: Inputs) -> pd.DataFrame:
    """Cells on confidential figures to one digit: of every row, of banks' rows (up), or ratios to reserves."""
    if RESERVES in inputs.confidential:
        frame = to_one_digit(frame, ["pct_reserves"])
    if banks:
        of_banks = frame["what"].str.startswith("Banks:")
        rounded = frame[list(COLUMNS[1:])].map(rounded_up, na_action="ignore")
        frame = frame.assign(**{name: frame[name].where(~of_banks, rounded[name]) for name in COLUMNS[1:]})
    return to_one_digit(frame, COLUMNS[1:]) if all_rows else frame
