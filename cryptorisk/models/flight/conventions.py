"""Signs of the residual's items, and where the balance of payments has them and crypto-assets."""

from __future__ import annotations

import pandas as pd

from cryptorisk.result import Column, Table

_ROWS = (
    (
        "Change in external debt",
        "+ when borrowed",
        "Financial account: loans, debt securities, deposits",
        "As BPM6",
    ),
    ("Net direct investment", "+ when it comes in", "Financial account: direct investment", "As BPM6"),
    ("Portfolio equity, net", "+ when it comes in", "Financial account: portfolio investment", "As BPM6"),
    ("Current account", "+ for a surplus", "Current account", "As BPM6"),
    ("Reserves", "\u2212 when they grow", "Financial account: reserve assets", "As BPM6"),
    (
        "Errors and omissions",
        "\u2212 (hot money)",
        "Balancing item: financial less current and capital account",
        "As BPM6",
    ),
    (
        "Misinvoicing of trade",
        "+ when money leaves",
        "Not recorded; in errors and omissions or in trade",
        "As BPM6",
    ),
    (
        "Bitcoin and other crypto-assets without a liability",
        "unrecorded: +",
        "No class named; recorded in part at most",
        "Capital account: non-produced non-financial assets",
    ),
    (
        "Stablecoins with an issuer's liability",
        "unrecorded: +",
        "No class named; recorded in part at most",
        "Financial account: financial instruments",
    ),
    (
        "Tokens of a platform held across borders",
        "unrecorded: +",
        "No class named; recorded in part at most",
        "Financial account: equity-like",
    ),
    (
        "Validation (mining, staking) for others",
        "none",
        "Services, seldom recorded",
        "Current account: computer services",
    ),
)


def conventions_table() -> Table:
    """Signs and classes, the same for every economy."""
    columns = (
        Column("item", "Item"),
        Column("sign", "Sign in the residual"),
        Column("bpm6", "BPM6 (2009)"),
        Column("bpm7", "BPM7 (March 2025)"),
    )
    frame = pd.DataFrame(_ROWS, columns=[c.name for c in columns])
    note = (
        "A positive residual is an outflow, recorded in part, a negative one a reversal. Net items are in the sixth "
        "edition's presentation (assets less liabilities, outflow positive) and are turned. Unrecorded: a purchase abroad "
        "that no record shows raises the residual. Classes of the seventh edition after the IMF's announcement; accounts "
        "are compiled so from about 2029."
    )
    return Table("flight.conventions", "Signs, and classes of the balance of payments", frame, columns, note)
