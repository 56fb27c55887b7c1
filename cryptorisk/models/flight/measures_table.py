"""Which measures of capital flight the data allow, what each lacks, and what that would change."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.flight.debt import SHARES
from cryptorisk.models.flight.measures import SHORT_TERM, WORLD_BANK, Measures
from cryptorisk.models.flight.misinvoicing import SERIES
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import annual
from cryptorisk.result import Column, Table
from cryptorisk.words import listing

NOTHING = "\u2013"
_YEARS = 5
"""Years over which the table says how large a recorded item is."""
_RECORDED = {
    "the current account": ("current_account_usd", "cia_factbook"),
    "reserves": ("reserves_usd", ""),
    "external debt": ("external_debt_usd", "cia_factbook"),
    "direct investment": ("fdi_outflow_pct_gdp", ""),
    "the financial account": ("financial_account_excl_reserves_net_usd", ""),
}


def measures_table(inputs: Inputs, measures: Measures) -> Table:
    """A row a measure: its identity, its latest year, what it lacks here, what the missing item would change.

    Parameters
    ----------
    inputs : Inputs
    measures : Measures

    Returns
    -------
    Table
        ``measures``.
    """
    rows = [
        (
            WORLD_BANK,
            "Debt + direct investment + current account \u2212 reserves",
            WORLD_BANK,
            _absent(inputs, ("external debt", "direct investment", "the current account", "reserves")),
            "",
        ),
        (
            f"{HOT_MONEY}, narrow",
            "\u2212 errors and omissions",
            HOT_MONEY,
            _no_accounts(inputs, measures),
            "How much of the residual is unrecorded",
        ),
        (
            f"{HOT_MONEY}, with short-term capital",
            "\u2212 (errors and omissions + short-term private inflow)",
            SHORT_TERM,
            [
                *_no_accounts(inputs, measures),
                *_own(inputs, "short-term private capital", ("short_term_private_net_inflow_usd",)),
            ],
            "Recorded short-term flight would count too",
        ),
        (
            MORGAN,
            "World Bank residual \u2212 growth of banks' foreign assets",
            MORGAN,
            [*_no_residual(measures), *_own(inputs, "banks' foreign assets", ("bank_foreign_assets_usd",))],
            "Lower by what banks added abroad in the year",
        ),
        (
            NDIKUMANA_BOYCE,
            "Debt at constant exchange rates + direct investment + portfolio equity + current account \u2212 reserves "
            "+ misinvoicing",
            NDIKUMANA_BOYCE,
            [
                *_no_residual(measures),
                *(
                    [f"debt by currency ({measures.debt_reason})"]
                    if measures.debt_reason
                    else _own(inputs, "debt by currency", tuple(SHARES.values()), any_of=True)
                ),
                *_own(inputs, "portfolio equity", ("portfolio_equity_net_inflow_usd",)),
                *_own(inputs, "trade as partners record it", SERIES),
            ],
            _ndikumana_boyce_would(inputs, measures),
        ),
        (
            "Dooley",
            "Claims abroad whose income is not reported",
            "",
            ["the international investment position with its income, by instrument"],
            "Another concept: a stock, no residual of flows",
        ),
    ]
    frame = pd.DataFrame(
        [
            {
                "measure": label,
                "identity": identity,
                "latest": _latest(measures, column),
                "lacks": listing(lacks) if lacks else NOTHING,
                "would": would if lacks and would else NOTHING,
            }
            for label, identity, column, lacks, would in rows
        ]
    )
    columns = (
        Column("measure", "Measure"),
        Column("identity", "Identity"),
        Column("latest", "Latest year", "% of GDP"),
        Column("lacks", "What it lacks here"),
        Column("would", "What that would change"),
    )
    note = (
        "Outflow positive. What public sources lack the bank can give: cryptorisk data template capital_flight. "
        "Confidential figures do not enter a measure: beside public items the sum would give them away."
    )
    return Table(
        "flight.measures",
        "Measures of capital flight and what each lacks",
        frame,
        columns,
        note,
        measures.sources,
    )


def _latest(measures: Measures, column: str) -> str:
    every = measures.pct_gdp(measures.every())
    known = every[column].dropna() if column in every else pd.Series(dtype=float)
    if known.empty:
        return NOTHING
    return f"{number(float(known.iloc[-1]), 1)} ({int(known.index[-1])})"


def _absent(inputs: Inputs, names: Iterable[str]) -> list[str]:
    """Recorded items without any public figure."""
    return [
        name
        for name in names
        if annual(
            inputs,
            _RECORDED[name][0],
            without=_RECORDED[name][1],
            bank=_RECORDED[name][0] not in inputs.confidential,
        ).empty
    ]


def _no_accounts(inputs: Inputs, measures: Measures) -> list[str]:
    if not measures.hot_money.empty:
        return []
    published = _own(inputs, "errors and omissions", ("net_errors_omissions_usd",))
    return ["the financial account, or published errors and omissions"] if published else []


def _no_residual(measures: Measures) -> list[str]:
    return ["the World Bank residual"] if measures.central.empty else []


def _own(inputs: Inputs, words: str, ids: tuple[str, ...], *, any_of: bool = False) -> list[str]:
    """The item, where the series behind it are not at hand or are confidential."""
    have = [id for id in ids if not inputs.series(id).values.empty]
    if have and any(id in inputs.confidential for id in have):
        return [f"{words} (given, but confidential)"]
    enough = bool(have) if any_of else len(have) == len(ids)
    return [] if enough else [words]


def _ndikumana_boyce_would(inputs: Inputs, measures: Measures) -> str:
    """How large the items are that public records hold as a whole, percent of GDP a year."""
    portfolio = annual(inputs, "portfolio_net_usd", bank=False)
    mean = (-100 * portfolio.by_year / measures.gdp).dropna().tail(_YEARS).mean()
    flows = measures.pct_gdp(measures.usd)
    taken = f"{WORLD_BANK}, revaluation of debt taken out"
    parts = []
    if taken in flows:
        moved = (flows[WORLD_BANK] - flows[taken]).dropna().abs().tail(_YEARS).mean()
        parts.append(
            f"revaluation of half of debt at the euro's move is {number(float(moved), 1)} % of GDP a year (mean size)"
        )
    if pd.notna(mean):
        parts.append(
            f"net portfolio inflows of equity and debt together were {number(float(mean), 1)} % of GDP a year; the debt "
            "securities among them are in external debt already"
        )
    parts.append("misinvoicing can have either sign")
    text = "; ".join(parts)
    return text[0].upper() + text[1:]
