"""What the state would lose on its own crypto-assets, in a sentence, with the budget beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cryptorisk.estimate import COARSE_NOTE, Estimate
from cryptorisk.models.crash.surroundings import Ratio
from cryptorisk.result import Finding, Severity

OF_REVENUE = 1.0
"""Percent of a year's revenue. A loss above it is a warning: the share at which the reverse stress asks for the smallest
cause."""

SEIZED = re.compile(r"\b(mostly )?seized coins\b")
"""Words in a holding's note that say it was seized: held until courts decide, no reserve of the state."""


def state_finding(estimates: Iterable[Estimate], revenue: Ratio, scenario: str) -> tuple[Finding, ...]:
    """The state's loss in the headline scenario, where its holdings are known.

    Parameters
    ----------
    estimates : iterable of Estimate
        Of `cryptorisk.models.crash.government.government`.
    revenue : Ratio
        Percent of GDP.
    scenario : str
        Its name.

    Returns
    -------
    tuple of Finding
        Empty where the holdings are unknown.
    """
    by_name = {one.id.removeprefix("crash."): one for one in estimates}
    usd, share = by_name["government_loss_usd"], by_name["government_loss_pct_gdp"]
    if not usd.available:
        return ()
    text = f"Scenario of a {scenario}: the state would lose {usd:value} on {_what(usd.note)}"
    severity: Severity = "notice"
    if share.value is not None:
        text += f", {share:value}"
        if revenue.value and not revenue.confidential:
            of_revenue = Estimate("crash.of_revenue", "", 100 * share.value / revenue.value, "pct", digits=2)
            if COARSE_NOTE in usd.note:
                of_revenue = of_revenue.coarsened()
            text += f" and {of_revenue:value} of a year's revenue ({revenue.year})"
            severity = "warning" if (of_revenue.value or 0) > OF_REVENUE else "notice"
    text += "; a loss of value, which costs cash only where they are sold or pledged."
    return (Finding("crash.state", text, severity, "result", (usd.id, share.id)),)


def _what(note: str) -> str:
    """The state's holding in words, by what the note of its row says."""
    seized = SEIZED.search(note)
    if seized is None:
        return "its own crypto-assets"
    return f"crypto-assets that it holds ({seized[1] or ''}coins seized, not reserves)"
