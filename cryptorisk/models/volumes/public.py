"""Inputs without the bank's confidential figures, for models whose results could be computed back to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cryptorisk.data.inputs import Inputs

KEY_SERIES: Mapping[str, str] = {
    "crypto_value_received_usd": "the value received",
    "gdp_usd": "GDP",
    "population": "the population",
    "internet_users_pct": "internet use",
    "gcai_rank_cex_value": "the rank of value received",
    "remittances_received_usd": "remittances",
    "cpi_inflation_pct": "inflation",
    "exports_gs_usd": "exports",
    "imports_gs_usd": "imports",
    "ka_open_norm01": "the openness of the capital account",
}
"""Series that a volume, or a regression of volumes, is computed from, and their names in a sentence."""


def public(inputs: Inputs) -> Inputs:
    """The inputs with the public figures in place of confidential ones.

    Volumes and shares of all economies are published, keys and weights are in the package: a confidential figure among
    them could be computed back to the last digit, however the country's own result is rounded.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Inputs
        The same object when nothing is confidential.
    """
    if not inputs.confidential:
        return inputs
    kept = {id: series for id, series in inputs._bank.items() if id not in inputs.confidential}
    return replace(inputs, confidential=frozenset(), _bank=MappingProxyType(kept))
