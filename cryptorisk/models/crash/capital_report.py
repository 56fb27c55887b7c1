"""Banks' capital before and after the scenarios, where supervisory figures are given."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.models.crash.bank_capital import READINGS, Capital, requirements
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.one_side import bounded
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.result import Column, Table
from cryptorisk.words import listing


def capital_table(
    capital: Capital,
    headline: Scenario,
    joint: Combined,
    *,
    requirement: float | None = None,
    coarse: bool,
    sources: tuple[str, ...],
) -> Table:
    """``crash.capital``: CET1 ratio by both readings, and exposure to Tier 1, before and after each scenario.

    Parameters
    ----------
    capital : Capital
    headline : Scenario
    joint : Combined
    requirement : float, optional
        The jurisdiction's own, as a share.
    coarse : bool
        Whether a figure behind it is confidential: then down to one digit, with the requirements met in words, and the
        exposure's share is left out.
    sources : tuple of str
    """
    before = 100 * capital.cet1 / capital.rwa
    loss_alone = 100 * (capital.cet1 - capital.exposure * headline.price_drop) / capital.rwa
    shocks = [(headline.name, headline.shock), *((rung.name, rung.shock) for rung in joint.rungs)]
    rows = [
        ("Before, as given", before, before, 100 * float(capital.share(0.0))),
        ("Before, with the weights", *_ratios(capital, 0.0, 0.0), None),
        (f"{headline.name}, loss alone", loss_alone, loss_alone, None),
        *(
            (
                name,
                *_ratios(capital, shock.bitcoin, shock.depreciation),
                _left(capital, shock.bitcoin, shock.depreciation),
            )
            for name, shock in shocks
        ),
    ]
    frame = pd.DataFrame(rows, columns=["what", "cet1_all_pct", "cet1_pct", "exposure_pct"])
    frame = frame.astype({"cet1_pct": float, "cet1_all_pct": float, "exposure_pct": float})
    columns: tuple[Column, ...] = (
        Column("what", "Banks"),
        *(Column(name, f"CET1 ratio: {words}", "%", 2) for name, words in RATIOS.items()),
        Column("exposure_pct", "Exposure left", "% of Tier 1", 2),
    )
    if coarse:
        frame = _coarse(frame, requirements(requirement))
        columns = (columns[0], *_coarse_columns(frame))
    exhausted = any(_left(capital, shock.bitcoin, shock.depreciation) is None for _, shock in shocks)
    return Table(
        "crash.capital",
        "Banks' capital before and after",
        frame,
        columns,
        note="Loss in full, without tax relief. Added to the risk-weighted assets given: 1250 % of all that is left, as for "
        "unhedged positions, or of what the limit penalises alone, for hedged ones (Group 2a). What is lost carries no "
        "weight any more: compare with the line with the weights, from which a fall may raise the ratio. A depreciation "
        "raises what is left in national money; the gain is not counted as capital."
        + (" No exposure to Tier 1 where the loss exhausts it." if exhausted and not coarse else "")
        + (" Down to one digit: it stands on a confidential figure." if coarse else ""),
        sources=sources,
    )


RATIOS = {"cet1_all_pct": READINGS["all"], "cet1_pct": READINGS["limit"]}
"""Columns of the CET1 ratio, the reading that holds without a hedge first."""


def _coarse_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """With as many decimals as one digit needs."""
    places = 0 if (frame[list(RATIOS)] % 1 == 0).all(axis=None) else 2
    ratios = (Column(name, f"CET1 ratio, at least: {words}", "%", places) for name, words in RATIOS.items())
    return (*ratios, Column("met", "For certain not below, by both readings"))


def _coarse(frame: pd.DataFrame, asked: list[float]) -> pd.DataFrame:
    """Ratios down to one digit, and which requirements they meet, as the limit is said in words."""
    worst = frame[list(RATIOS)].min(axis=1)
    met = [[f"{100 * one:g}" for one in asked if ratio >= 100 * one] for ratio in worst]
    words = [f"{listing(one)} %" if one else "none of the requirements" for one in met]
    down = {name: frame[name].map(lambda ratio: bounded(ratio, "at least")) for name in RATIOS}
    return frame[["what"]].assign(**down, met=words)


def _ratios(capital: Capital, fall: float, depreciation: float) -> tuple[float, float]:
    """CET1 ratio in percent with 1250 % on all, and by the limit alone."""
    both = (capital.ratio_if_all_2b(fall, depreciation), capital.ratio(fall, depreciation))
    return 100 * float(both[0]), 100 * float(both[1])


def _left(capital: Capital, fall: float, depreciation: float) -> float | None:
    """Exposure in percent of Tier 1; None when the loss exhausts it."""
    share = float(capital.share(fall, depreciation))
    return 100 * share if math.isfinite(share) else None
