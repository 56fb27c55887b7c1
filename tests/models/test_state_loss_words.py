"""The state's coins in words: seized ones are no reserves, by the note of the row."""

import pytest

from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.state_loss import state_finding
from cryptorisk.models.crash.surroundings import Ratio


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("via a news page; seized coins", "on crypto-assets that it holds (coins seized, not reserves)"),
        ("mostly seized coins", "on crypto-assets that it holds (mostly coins seized, not reserves)"),
        ("official tracker", "on its own crypto-assets"),
    ],
)
def test_the_sentence_follows_the_rows_own_note(note, words):
    usd = Estimate("crash.government_loss_usd", "Loss", 2.18e9, "usd", note=note)
    share = Estimate.missing("crash.government_loss_pct_gdp", "Loss", "pct_gdp", "no GDP")
    text = state_finding((usd, share), Ratio(35.0, 2025), "fall")[0].text
    assert f"the state would lose 2.18 bn USD {words}" in text
