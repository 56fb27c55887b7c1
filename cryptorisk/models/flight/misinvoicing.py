"""Trade misinvoicing: what the economy and its partners record of the same goods."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.part import Annual, merge_sources, public_annual
from cryptorisk.rules import residual_flight as rule

SERIES = (
    "exports_goods_usd",
    "imports_goods_usd",
    "imports_reported_by_partners_usd",
    "exports_reported_by_partners_usd",
)
"""All four are needed, and only the bank can give them."""
PARTNER_SHARES = ("partners_share_exports_pct", "partners_share_imports_pct")


class Misinvoicing(NamedTuple):
    """Net misinvoicing by year, USD, outflow positive: a column for each factor of freight and insurance."""

    usd: pd.DataFrame
    sources: tuple[str, ...]


def misinvoicing(inputs: Inputs) -> Misinvoicing:
    """Exports declared too low and imports declared too high, net.

    Parameters
    ----------
    inputs : Inputs
        Nothing is computed where one of the series is confidential.

    Returns
    -------
    Misinvoicing
        ``usd`` has columns ``low``, ``central``, ``high`` (`cryptorisk.rules.residual_flight.CIF_FACTORS`); empty
        where a series lacks.
    """
    if inputs.confidential & {*SERIES, *PARTNER_SHARES}:
        return Misinvoicing(pd.DataFrame(columns=list(rule.CIF_FACTORS), dtype=float), ())
    exports, imports, partners_imports, partners_exports = (public_annual(inputs, id) for id in SERIES)
    out, back = (public_annual(inputs, id) for id in PARTNER_SHARES)
    usd = pd.DataFrame(
        {
            name: rule.export_misinvoicing(
                partners_imports=partners_imports.by_year,
                exports=exports.by_year,
                share=_share(out, exports),
                cif_factor=factor,
            )
            + rule.import_misinvoicing(
                imports=imports.by_year,
                partners_exports=partners_exports.by_year,
                share=_share(back, imports),
                cif_factor=factor,
            )
            for name, factor in rule.CIF_FACTORS.items()
        }
    ).dropna()
    used = (exports, imports, partners_imports, partners_exports, out, back)
    return Misinvoicing(usd, merge_sources(*(one.source_ids() for one in used)) if len(usd) else ())


def _share(share: Annual, trade: Annual) -> pd.Series:
    """Partners' share in trade; all partners where the bank gives none."""
    return (share.by_year / 100).reindex(trade.by_year.index).fillna(1.0)
