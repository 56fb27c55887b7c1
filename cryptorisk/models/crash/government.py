"""The government in a crash: its published holdings, or the institution's own figure, and what a fall takes from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number, one_digit
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.exposure.estimates import HIDDEN
from cryptorisk.models.exposure.figures import GOVERNMENT
from cryptorisk.models.part import Part, given

OWN_GOVERNMENT = "government_crypto_holdings_usd"
SECOND_HAND = re.compile(r"news|tracker|tagging", re.I)
"""Words in a figure's note that say it was read on a news page or tracker: it stands in for an account."""

NO_PUBLISHED_HOLDINGS = (
    "no published holdings of the government were found, which does not mean that there are none"
)


def government(inputs: Inputs, scenario: Scenario, gdp_usd: float | None) -> tuple[Part, float | None]:
    """The government's holdings, published ones at the last price, its loss, and the holdings in US dollars.

    Parameters
    ----------
    inputs : Inputs
    scenario : Scenario
    gdp_usd : float or None

    Returns
    -------
    Part
        ``government_holdings_usd``, ``government_holdings_pct_gdp``, ``government_loss_usd``,
        ``government_loss_pct_gdp``.
    float or None
        Holdings in US dollars; to one digit when they are confidential.
    """
    value, known, reason = _government_holdings(inputs)
    own = inputs.latest(OWN_GOVERNMENT) is not None
    held = "Government's crypto-assets"
    if not own:
        held = f"Government's published bitcoin{known.pop('dated', ' at the last price')}"
    labels = (
        ("government_holdings_usd", held, "usd"),
        ("government_holdings_pct_gdp", held, "pct_gdp"),
        ("government_loss_usd", f"Government's loss, {scenario.name}", "usd"),
        ("government_loss_pct_gdp", f"Government's loss, {scenario.name}", "pct_gdp"),
    )
    if value is None:
        made = [Estimate.missing(f"crash.{name}", label, unit, reason) for name, label, unit in labels]
        return Part(tuple(made)), None
    hidden = OWN_GOVERNMENT in inputs.confidential
    if hidden:
        value = one_digit(value) or 0.0
    loss = value * scenario.price_drop
    held_gdp, loss_gdp = (None if gdp_usd is None else 100 * amount / gdp_usd for amount in (value, loss))
    numbers: Sequence[float | None] = (value, held_gdp, loss, loss_gdp)
    made = []
    for (name, label, unit), amount in zip(labels, numbers, strict=True):
        if amount is None or (hidden and name == "government_holdings_usd"):
            why = HIDDEN if hidden and amount is not None else "GDP is not in the vintage"
            made.append(Estimate.missing(f"crash.{name}", label, unit, why))
        else:
            described = known | ({"data_class": "modelled"} if "loss" in name else {})
            # Coins and price are of two days, and others tagged the addresses: two digits are written.
            digits = 2 if unit == "pct_gdp" and known.get("data_class") == "proxy" else None
            estimate = Estimate(f"crash.{name}", label, amount, unit, digits=digits, **described)
            made.append(estimate.coarsened() if hidden else estimate)
    return Part(tuple(made)), value


def _government_holdings(inputs: Inputs) -> tuple[float | None, dict[str, Any], str]:
    own = inputs.latest(OWN_GOVERNMENT)
    if own is not None:
        return own.value, given(own), ""
    coins = inputs.latest(GOVERNMENT) if inputs.country in inputs.economies(GOVERNMENT) else None
    if coins is None:
        return None, {}, NO_PUBLISHED_HOLDINGS
    price = inputs.latest("btc_price_usd", country=WORLD)
    if price is None:
        return None, {}, "there is no bitcoin price in the vintage to value the published coins at"
    dates = sorted({coins.date.isoformat(), price.date.isoformat()})
    known = {
        "dated": f" of {coins.date.isoformat()} at the price of {price.date.isoformat()}",
        "data_class": "proxy" if SECOND_HAND.search(f"{coins.source} {coins.note}") else coins.data_class,
        "date": "/".join(dates),
        "sources": (coins.source, price.source),
        "inputs": (GOVERNMENT, "btc_price_usd"),
        "method": f"{number(coins.value, 0)} BTC published for {coins.date.isoformat()} times the price.",
        "function": "cryptorisk.models.crash.government.government",
        "note": coins.note,
    }
    return coins.value * price.value, known, ""
