"""Banks' capital before and after the scenarios, where supervisory figures are given."""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.combined import Combined
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.part import to_one_digit
from cryptorisk.result import Column, Table


def capital_table(
    capital: Capital, headline: Scenario, joint: Combined, *, coarse: bool, sources: tuple[str, ...]
) -> Table:
    """``crash.capital``: CET1 ratio, and exposure to Tier 1, before and after each scenario.

    Parameters
    ----------
    capital : Capital
    headline : Scenario
    joint : Combined
    coarse : bool
        Whether a figure behind it is confidential: then to one digit, and the exposure's share is left out.
    sources : tuple of str
    """
    loss_alone = 100 * (capital.cet1 - capital.exposure * headline.price_drop) / capital.rwa
    shocks = [(headline.name, headline.shock), *((rung.name, rung.shock) for rung in joint.rungs)]
    rows = [
        ("Before, as given", 100 * capital.cet1 / capital.rwa, 100 * float(capital.share(0.0))),
        (f"{headline.name}, loss alone", loss_alone, None),
        *(
            (
                name,
                100 * float(capital.ratio(shock.bitcoin, shock.depreciation)),
                100 * float(capital.share(shock.bitcoin, shock.depreciation)),
            )
            for name, shock in shocks
        ),
    ]
    frame = pd.DataFrame(rows, columns=["what", "cet1_pct", "exposure_pct"])
    frame = frame.astype({"cet1_pct": float, "exposure_pct": float})
    columns: tuple[Column, ...] = (
        Column("what", "Banks"),
        Column("cet1_pct", "CET1 ratio", "%", 2),
        Column("exposure_pct", "Exposure left", "% of Tier 1", 2),
    )
    if coarse:
        frame, columns = to_one_digit(frame, ["cet1_pct"]).drop(columns="exposure_pct"), columns[:2]
    return Table(
        "crash.capital",
        "Banks' capital before and after",
        frame,
        columns,
        note="Loss in full, without tax relief. The limit of SCO60 is applied to what is left: 1250 % of the part that it "
        "penalises is added to the risk-weighted assets given. A depreciation raises what is left in national money; the "
        "gain is not counted as capital."
        + (" To one digit: it stands on a confidential figure." if coarse else ""),
        sources=sources,
    )
