"""The country's share index and bitcoin by week: connectedness, and the index's bad weeks when bitcoin has one."""

from __future__ import annotations

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part, to_one_digit
from cryptorisk.models.price_risk.spillover_estimates import share_estimate
from cryptorisk.models.price_risk.spillover_measure import (
    BLOCK,
    COVERAGE,
    RETURNS,
    TAIL,
    VOLATILITY,
    Spillovers,
    measured,
    tail_rows,
)
from cryptorisk.models.price_risk.spillover_tables import bitcoin_table, covar_table
from cryptorisk.models.price_risk.weekly import BITCOIN, MARKETS, Market, weeks_of
from cryptorisk.params import Params
from cryptorisk.result import Finding, Table

SERIES, NAME = "equity_index_lcu", "domestic"
CHANCE = "chance"
BESIDE = (BITCOIN, "vix", "dollar")
"""Markets beside the index: what moves all shares at once is then not taken for bitcoin's."""

LABELS = {
    "local_returns_from_bitcoin_pct": (
        "Share of the variance of weekly domestic share returns that goes with bitcoin",
        "pct",
    ),
    "local_volatility_from_bitcoin_pct": (
        "Share of the variance of weekly domestic share volatility that goes with bitcoin",
        "pct",
    ),
    "local_delta_covar_pct": (
        "How much lower the bad tail of weekly domestic share returns lies when bitcoin is in distress",
        "log_return_pct",
    ),
}


def country_spillovers(inputs: Inputs, params: Params) -> Part:
    """Estimates of `LABELS` and, where there is an index, tables ``local_spillovers`` and ``local_covar``.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        ``crash.sample_start`` and the seed.

    Returns
    -------
    Part
        In national currency: what savers at home see. Missing with the reason where there is no index or it is short.
    """
    if inputs.series(SERIES).empty:
        return _missing(_absent(f"no figures of {SERIES}"))
    markets = {name: MARKETS[name] for name in BESIDE} | {NAME: Market("Domestic shares", (SERIES,))}
    weeks = weeks_of(inputs, params, markets, {NAME: inputs.country})
    reason = weeks.reason or weeks.absent.get(NAME, "")
    if reason:
        return _missing(reason if weeks.reason else _absent(reason))
    try:
        spill = measured(weeks, params.seed)
    except ModelError as error:
        return _missing(str(error))
    rows = [row for row in tail_rows(weeks, params.seed) if row["name"] == NAME]
    estimates = [
        share_estimate(id, spill, kind, pair=(NAME, BITCOIN), label=LABELS[id][0])
        for id, kind in (
            ("local_returns_from_bitcoin_pct", RETURNS),
            ("local_volatility_from_bitcoin_pct", VOLATILITY),
        )
    ]
    estimates.append(_covar(spill, rows))
    tables = [
        bitcoin_table(spill, "crash.local_spillovers", "Domestic shares and bitcoin's surprises"),
        covar_table(rows, weeks, "crash.local_covar"),
    ]
    if SERIES in inputs.confidential:
        estimates = [each.with_(note=_verdict(each.note)).coarsened() for each in estimates]
        tables = [_coarse(each) for each in tables]
    return Part(tuple(estimates), tuple(tables), (_finding(estimates, inputs.country),))


def _verdict(note: str) -> str:
    """The note without its figures, which stand on the index as well."""
    return f"{note.split(':')[0]}." if CHANCE in note else note


def _absent(reason: str) -> str:
    return f"no domestic share index: {reason}; a live refresh or an own file can fill it"


def _missing(reason: str) -> Part:
    return Part(
        tuple(Estimate.missing(f"crash.{n}", label, unit, reason) for n, (label, unit) in LABELS.items())
    )


def _covar(spill: Spillovers, rows: list[dict[str, object]]) -> Estimate:
    id = "local_delta_covar_pct"
    label, unit = LABELS[id]
    if not rows:
        return Estimate.missing(f"crash.{id}", label, unit, "too few weeks beyond the tail")
    row = {key: float(str(rows[0][key])) for key in ("delta", "low", "high")}
    return Estimate(
        id=f"crash.{id}",
        label=label,
        value=row["delta"],
        unit=unit,
        low=min(row["low"], row["delta"]),
        high=max(row["high"], row["delta"]),
        level=COVERAGE,
        interval="confidence",
        method=f"Delta-CoVaR at {number(100 * TAIL, 0)} % by quantile regression of weekly returns; bootstrap in blocks of "
        f"{BLOCK} weeks.",
        date=spill.weeks.span,
        n_obs=len(spill.weeks.returns),
        sources=spill.weeks.sources,
        inputs=spill.weeks.series,
        function="cryptorisk.stats.covar.delta_covar",
    )


def _coarse(table: Table) -> Table:
    numbers = [column.name for column in table.columns if column.unit]
    frame = to_one_digit(table.frame, numbers)
    return Table(table.id, table.title, frame, table.columns, table.note, table.sources, table.shown)


def _not_above(share: Estimate) -> str:
    return f", not above {CHANCE}" if share.note.startswith("Not") else ""


def _finding(estimates: list[Estimate], iso: str) -> Finding:
    returns, volatility, tail = estimates
    text = (
        f"Of the variance of weekly share returns in {country(iso).name_in_sentence} {returns:full} goes with bitcoin"
        f"{_not_above(returns)}, of that of their volatility {volatility:full}{_not_above(volatility)}"
    )
    if tail.available:
        text += f"; when bitcoin is in distress the index's bad weeks begin {tail:full} lower"
    return Finding(
        "crash.local_spillovers", text + ".", "info", "result", tuple(each.id for each in estimates)
    )
