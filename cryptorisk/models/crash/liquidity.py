"""Banks' liquidity in a run on stablecoins: the liquidity coverage ratio before and after issuers take their deposits.

The figures are the bank's own. The standard counts such deposits as leaving in full (`cryptorisk.rules.lcr`), so that the
run changes what is left only as far as the returns counted them lower, or as the currency falls beneath liquid assets.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.liquidity_figures import HQLA, OUTFLOWS, Given, given
from cryptorisk.models.crash.one_side import rounded_down
from cryptorisk.models.crash.stablecoin_run import ISSUERS
from cryptorisk.models.part import Part, to_one_digit
from cryptorisk.result import Column, Finding, Severity, Table, estimates_table
from cryptorisk.rules.lcr import (
    MINIMUM,
    RUN_OFF_OPERATIONAL,
    RUN_OFF_OTHER,
    Coverage,
    after_withdrawal,
    smallest_withdrawal,
)

BEFORE = ("bank_lcr_pct", "Banks' liquidity coverage ratio")
AFTER = ("bank_lcr_after_run_pct", "Banks' liquidity coverage ratio after a run on stablecoins")
RUNGS = ("Mild", "Central", "Severe")
TITLE = "Banks' liquidity in a run on stablecoins"
ALL = "All of them, as the standard assumes"
RATIOS = ("full", "operational", "weaker")
ROUNDED = (
    "Rounded down to one digit, which keeps it on its side of 100 %: it stands on a confidential figure."
)


def liquidity_part(inputs: Inputs, joint: Combined) -> Part:
    """The liquidity coverage ratio before and after the run of the combined scenario.

    Parameters
    ----------
    inputs : Inputs
    joint : Combined
        Shares redeemed and depreciations of the three rungs.

    Returns
    -------
    Part
        Estimates ``bank_lcr_pct, bank_lcr_after_run_pct``; the table ``liquidity``, without figures with the reason; a
        warning where the ratio falls below 100 %.
    """
    own = given(inputs)
    before = own.coverage
    if before is None:
        why = own.lacking(HQLA, OUTFLOWS) or "the net outflows given are not positive"
        after = _missing(AFTER, own.lacking(HQLA, OUTFLOWS, ISSUERS) or why)
        return Part((_missing(BEFORE, why), after), (_refused(after),))
    first = _rounded(_before(before, own), own.hides(HQLA, OUTFLOWS))
    deposits = own.deposits
    if deposits is None:
        after = _missing(AFTER, own.lacking(ISSUERS))
        return Part((first, after), (_refused(first, after),))
    try:
        frame = run_frame(before, deposits, joint)
    except ModelError as error:
        after = _missing(AFTER, str(error.what))
        return Part((first, after), (_refused(first, after),))
    return Part(
        (
            first,
            _rounded(_after(frame, own, "" if own.hidden else _reverse(before, deposits)), bool(own.hidden)),
        ),
        (liquidity_table(frame, own),),
        _findings(frame, rungs_apart(before, deposits, joint), bool(own.hidden)),
    )


class Apart(NamedTuple):
    """Lowest ratios over the rungs, percent, deposits counted at 25 %.

    By the ``run`` alone, by the fall of the ``currency`` alone, by ``both``; and the ``fall`` of the severe rung.
    """

    run: float
    currency: float
    both: float
    fall: float


def rungs_apart(before: Coverage, deposits: float, joint: Combined) -> Apart:
    """What the run and the depreciation each do to the ratio.

    Parameters
    ----------
    before : Coverage
    deposits : float
        Of issuers, US dollars.
    joint : Combined
    """
    shares, falls = joint.range_of("redemption"), joint.range_of("depreciation")
    run = [after_withdrawal(before, share * deposits, RUN_OFF_OPERATIONAL).ratio for share in shares]
    weak = [weaker(before, deposits, fall) for fall in falls]
    both = [
        after_withdrawal(one, share * deposits, RUN_OFF_OPERATIONAL).ratio
        for one, share in zip(weak, shares, strict=True)
    ]
    return Apart(100 * min(run), 100 * min(one.ratio for one in weak), 100 * min(both), max(falls))


def run_frame(before: Coverage, deposits: float, joint: Combined) -> pd.DataFrame:
    """Ratios in percent by rung.

    Parameters
    ----------
    before : Coverage
    deposits : float
        Of issuers, US dollars.
    joint : Combined

    Returns
    -------
    pandas.DataFrame
        ``what``; ``withdrawn`` (US dollars); ``full``, ``operational`` (the returns count these deposits at 100 and at
        25 %); ``weaker`` (25 %, and liquid assets and all other flows are in national money that falls with the rung);
        ``surplus`` (US dollars, of the last; without a depreciation of 25 %).

    Raises
    ------
    ModelError
        Where the outflows given do not hold the deposits.
    """
    start = 100 * before.ratio
    rows: list[tuple[object, ...]] = [("Before", 0.0, start, start, start, before.surplus)]
    falls = (*joint.range_of("depreciation"), 0.0)
    for what, share, fall in zip((*RUNGS, ALL), (*joint.range_of("redemption"), 1.0), falls, strict=True):
        withdrawn = share * deposits
        full = after_withdrawal(before, withdrawn, RUN_OFF_OTHER)
        lower = after_withdrawal(before, withdrawn, RUN_OFF_OPERATIONAL)
        weak = after_withdrawal(weaker(before, deposits, fall), withdrawn, RUN_OFF_OPERATIONAL)
        ratios = (100 * one.ratio for one in (full, lower, weak))
        rows.append((what, withdrawn, *ratios, weak.surplus))
    return pd.DataFrame(rows, columns=["what", "withdrawn", *RATIOS, "surplus"])


def weaker(before: Coverage, deposits: float, fall: float) -> Coverage:
    """Coverage in US dollars after national money fell, with issuers' deposits in dollars and all else in national money.

    Parameters
    ----------
    before : Coverage
    deposits : float
        Of issuers, counted at the rate of operational deposits.
    fall : float
        Share of its dollar value that the currency loses.
    """
    of_issuers = RUN_OFF_OPERATIONAL * deposits
    rest = before.outflows - of_issuers
    return Coverage(before.hqla * (1 - fall), rest * (1 - fall) + of_issuers)


def liquidity_table(frame: pd.DataFrame, own: Given) -> Table:
    """``crash.liquidity``: the ratio before and after, under both countings."""
    shown = frame.assign(withdrawn=frame["withdrawn"] / 1e6, surplus=frame["surplus"] / 1e6)
    columns: tuple[Column, ...] = (
        Column("what", "Deposits of issuers withdrawn"),
        Column("withdrawn", "Withdrawn", "USD million", 0),
        Column("full", "LCR, counted at 100 %", "%", 0),
        Column("operational", "LCR, counted at 25 %", "%", 0),
        Column("weaker", "And the currency falls", "%", 0),
        Column("surplus", "Left above outflows", "USD million", 0),
    )
    if own.hidden:
        shown, columns = _coarse(shown), columns[:4]
    return Table(
        "crash.liquidity",
        TITLE,
        shown,
        columns,
        note=_note(bool(own.hidden)),
        sources=own.known(issuers=True)["sources"],
    )


def _note(coarse: bool) -> str:
    last = "Last two columns: counted at 25 %, deposits in dollars, all else in national money. "
    return (
        "Liquid assets over net outflows of 30 days (Basel LCR). The standard counts these deposits as leaving in full: "
        "then a run leaves the surplus as it was and a ratio above 100 % rises. At 25 %, as operational deposits, it does "
        f"not. {'' if coarse else last}Assumed: inflows below their cap, money leaves the banks as one. Crypto-assets are "
        "no liquid assets, so that a fall of prices takes none." + (f" {ROUNDED}" if coarse else "")
    )


def _coarse(shown: pd.DataFrame) -> pd.DataFrame:
    """Before and after the severe rung, to one digit: every further ratio of the same figures would narrow them down."""
    few = shown[shown["what"].isin(("Before", RUNGS[2]))].drop(columns=["weaker", "surplus"])
    few = to_one_digit(few, ["withdrawn"])
    return few.assign(**{name: few[name].map(rounded_down) for name in RATIOS[:2]})


def _before(before: Coverage, own: Given) -> Estimate:
    assert own.hqla is not None
    id, label = BEFORE
    return Estimate(
        f"crash.{id}",
        label,
        100 * before.ratio,
        "pct",
        data_class=own.hqla.data_class,
        method="High-quality liquid assets over net cash outflows of 30 days, as given.",
        function="cryptorisk.rules.lcr.Coverage",
        **own.known(issuers=False),
    )


def _after(frame: pd.DataFrame, own: Given, reverse: str) -> Estimate:
    id, label = AFTER
    rungs = frame[frame["what"].isin(RUNGS)]
    ratios = rungs[list(RATIOS)].to_numpy()
    return Estimate(
        f"crash.{id}",
        label,
        float(rungs.loc[rungs["what"] == RUNGS[1], RATIOS[0]].iloc[0]),
        "pct",
        low=float(ratios.min()),
        high=float(ratios.max()),
        interval="range",
        method="Deposits of issuers are paid out of liquid assets: the central rung, counted at 100 % as the standard has "
        "it; range over the rungs, a count of 25 % and a currency that falls.",
        function="cryptorisk.rules.lcr.after_withdrawal",
        note="A ratio above 100 % rises where the returns had counted all of these deposits as leaving: it was assumed."
        + reverse,
        **own.known(issuers=True),
    )


def _reverse(before: Coverage, deposits: float) -> str:
    """How much must leave for the ratio to be below the minimum, where the deposits are counted at 25 %."""
    root = smallest_withdrawal(before, RUN_OFF_OPERATIONAL)
    if root is None or not root > 0:
        return ""
    if root >= deposits:
        return " Counted at 25 % it stays above 100 % even when all of them leave."
    return f" Counted at 25 % it is below 100 % once {number(100 * root / deposits, 0)} % of them have left."


def _rounded(made: Estimate, coarse: bool) -> Estimate:
    """Down to one digit where a figure behind it is confidential."""
    if not coarse:
        return made
    ends = {name: getattr(made, name) for name in ("value", "low", "high")}
    note = " ".join(part for part in (made.note, ROUNDED) if part)
    return made.with_(
        **{name: None if end is None else rounded_down(end) for name, end in ends.items()}, note=note
    )


def _findings(frame: pd.DataFrame, apart: Apart, coarse: bool) -> tuple[Finding, ...]:
    """Which of the two brings the ratio below the minimum: the run first, the currency as a second clause."""
    floor = 100 * MINIMUM
    if min(apart.run, apart.both) >= floor:
        return ()
    start, run, currency, both = (
        number(rounded_down(ratio) if coarse else ratio, 0)
        for ratio in (float(frame["full"].iloc[0]), apart.run, apart.currency, apart.both)
    )
    text = f"Banks' liquidity coverage ratio, {start} % before, stands "
    text += f"at {run} % " if apart.run < floor else f"at {run} %, no lower than the standard's 100 %, "
    text += "after the run on stablecoins of the worst rung where the returns counted these deposits at 25 %"
    text += ", below the 100 % of the Basel standard" if apart.run < floor else ""
    if apart.fall > 0 and round(apart.both) < round(apart.run):
        # With a confidential figure each further ratio of the same figures would narrow it down.
        alone = "" if coarse else f"; by that fall alone {currency} %"
        text += (
            f". With the {100 * apart.fall:.0f} % that the currency may lose in the same scenario, deposits being in "
            f"dollars, it stands at {both} %{alone}"
        )
    text += ". In stress liquid assets may be used."
    ids = tuple(f"crash.{id}" for id, _ in (BEFORE, AFTER))
    severity: Severity = "warning" if apart.run < floor else "notice"
    return (Finding("crash.bank_liquidity", text, severity, estimates=ids),)


def _refused(*estimates: Estimate) -> Table:
    """``crash.liquidity`` with the reasons, where there is no ratio after the run."""
    return estimates_table(estimates, id="crash.liquidity", title=TITLE)


def _missing(row: tuple[str, str], reason: str) -> Estimate:
    id, label = row
    return Estimate.missing(
        f"crash.{id}",
        label,
        "pct",
        reason,
        method="Read from the bank's own files; the forms: `cryptorisk data template bank_liquidity`, `other_exposures`.",
        inputs=(HQLA, OUTFLOWS, ISSUERS),
    )
