"""Estimates of the measures that need the bank's own series."""

from __future__ import annotations

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.measures import OWN, Measures
from cryptorisk.models.flight.other_measures import MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import differ

_FUNCTION = "cryptorisk.models.flight.other_measures.further"
_NO_RESIDUAL = "the World Bank residual, which it starts from, cannot be computed"


def other_estimates(measures: Measures) -> tuple[Estimate, ...]:
    """Morgan Guaranty, Ndikumana and Boyce, and trade misinvoicing in the latest year, percent of GDP.

    Parameters
    ----------
    measures : Measures

    Returns
    -------
    tuple of Estimate
        Missing ones name what the bank would have to give.
    """
    further = measures.pct_gdp(measures.further)
    start = "" if not measures.central.empty else _NO_RESIDUAL
    boyce = [str(name) for name in further if str(name).startswith(NDIKUMANA_BOYCE)]
    trade = measures.pct_gdp(measures.misinvoicing)
    return (
        _estimate(
            measures,
            ("flight.morgan_guaranty_pct_gdp", "Morgan Guaranty measure, latest year"),
            further[[MORGAN]].rename(columns={MORGAN: "central"}) if MORGAN in further else pd.DataFrame(),
            "World Bank residual less the change in banks' foreign assets.",
            start or "it needs the foreign assets of banks, open to the report (bank_foreign_assets_usd)",
        ),
        _estimate(
            measures,
            ("flight.ndikumana_boyce_pct_gdp", "Ndikumana-Boyce measure, latest year"),
            further[boyce].rename(columns={NDIKUMANA_BOYCE: "central"})
            if NDIKUMANA_BOYCE in boyce
            else pd.DataFrame(),
            "Change in debt at constant exchange rates by currency + direct investment + portfolio equity + current account "
            "- change in reserves + trade misinvoicing; the range covers freight and insurance of 5 to 20 % and the measure "
            "before misinvoicing.",
            start
            or "it needs debt by currency, portfolio equity and trade as partners record it, open to the report",
        ),
        _estimate(
            measures,
            ("flight.misinvoicing_pct_gdp", "Net trade misinvoicing, latest year"),
            trade,
            "Exports declared too low (partners' imports less 1.10 times exports) plus imports declared too high (imports "
            "less 1.10 times partners' exports); range: freight and insurance of 5 to 20 %.",
            "it needs trade in goods as the economy and as its partners record it, open to the report",
        ),
    )


def _estimate(
    measures: Measures, names: tuple[str, str], frame: pd.DataFrame, method: str, reason: str
) -> Estimate:
    known = frame.dropna() if "central" in frame else pd.DataFrame()
    if known.empty:
        return Estimate.missing(*names, "pct_gdp", reason)
    row: pd.Series = known.iloc[-1]
    low, high = float(row.min()), float(row.max())
    ranged = differ(low, high)
    return Estimate(
        *names,
        float(row["central"]),
        "pct_gdp",
        low if ranged else None,
        high if ranged else None,
        interval="range" if ranged else "none",
        method=method,
        date=str(known.index[-1]),
        sources=measures.sources,
        inputs=(*OWN, "gdp_usd"),
        function=_FUNCTION,
        note="Outflow positive; a negative one is a reversal.",
    )
