"""How much of a country's money belongs to people who can reach crypto-assets."""

from __future__ import annotations

from dataclasses import dataclass

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import merge_sources

ANY_ACCOUNT, AT_A_BANK = "findex_account_pct", "findex_fi_account_pct"
NO_ACCESS = "account ownership or internet use is not known (findex_account_pct, internet_users_pct)"


@dataclass(frozen=True)
class AccessibleShare:
    """Share of broad money that belongs to people who can reach crypto-assets, with its range."""

    value: float
    low: float
    high: float
    date: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]


def accessible_share(inputs: Inputs) -> AccessibleShare | None:
    """Adults with an account and on the internet.

    With shares ``a`` and ``i`` the joint share lies between ``a i``, if the two were independent, and ``min(a, i)``, if
    one group held the other: people with an account are online more often than people without, so that independence is
    the floor (Fréchet's lower bound ``a + i - 1`` would have them avoid one another). The range is over every measure of
    internet use at hand, and over any account and an account at a financial institution alone: broad money lies in banks,
    while many accounts are of mobile money. The centre lies half-way, an assumption. Money is supposed to be spread like
    people.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    AccessibleShare or None
        None when account ownership or internet use is not known.
    """
    account = inputs.latest(ANY_ACCOUNT)
    ids = ("findex_used_internet_pct", "internet_users_pct")
    online = [(i, seen) for i in ids if (seen := inputs.latest(i)) is not None]
    if account is None or not online:
        return None
    at_bank = inputs.latest(AT_A_BANK)
    # Of the same survey alone: an older one would be set against a later number of accounts.
    owned = [(ANY_ACCOUNT, account)]
    if at_bank is not None and at_bank.date.year == account.date.year:
        owned.append((AT_A_BANK, at_bank))
    accounts = [seen.value / 100 for _id, seen in owned]
    uses = [seen.value / 100 for _id, seen in online]
    low = min(accounts) * min(uses)
    high = min(max(accounts), max(uses))
    dates = [seen.date.year for _id, seen in (*owned, *online)]
    return AccessibleShare(
        (low + high) / 2,
        low,
        high,
        str(dates[0]) if len(set(dates)) == 1 else f"{min(dates)}/{max(dates)}",
        merge_sources((seen.source for _id, seen in (*owned, *online))),
        tuple(one for one, _seen in (*owned, *online)),
    )


def access_estimate(share: AccessibleShare | None) -> Estimate:
    """The share as the report prints it, ``flight.accessible_share_pct``."""
    id, label = "flight.accessible_share_pct", "Adults with an account and on the internet"
    if share is None:
        return Estimate.missing(id, label, "pct", NO_ACCESS)
    return Estimate(
        id,
        label,
        100 * share.value,
        "pct",
        100 * share.low,
        100 * share.high,
        data_class="proxy",
        interval="range",
        method=(
            "From the product of the two shares (independence) to the smaller of them, over the measures of internet use at "
            "hand and over any account and one at a financial institution; the centre lies half-way, an assumption."
        ),
        date=share.date,
        sources=share.sources,
        inputs=share.inputs,
        function="cryptorisk.models.flight.access.accessible_share",
    )
