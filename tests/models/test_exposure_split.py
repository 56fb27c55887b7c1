"""Bitcoin's share of holdings: the world's where nothing is published, moved by published flows where something is."""

import datetime as dt

import pytest

from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.split import bitcoin_split, flow_share, world_flow_share

TODAY = dt.date(2026, 11, 23)


def test_the_economy_s_own_figure_comes_before_its_region_s():
    assert flow_share("ARG", TODAY).share == pytest.approx(0.618)
    assert flow_share("TUR", TODAY).place == "the Middle East and North Africa"
    assert flow_share("KEN", TODAY).place == "Sub-Saharan Africa"
    assert flow_share("BOL", TODAY) is None
    assert flow_share("DEU", TODAY) is None


def test_flows_as_in_the_world_give_the_world_s_split():
    """The odds formula at the world's own flow: a country that receives 44.7 % stablecoins holds what the world holds."""
    world, flow = 0.757, world_flow_share(TODAY).share
    found = bitcoin_split(world, "ARG", TODAY).band.central
    odds = (1 - found) / found
    assert odds / ((1 - world) / world) == pytest.approx((0.618 / 0.382) / (flow / (1 - flow)))
    assert found < world < bitcoin_split(world, "USA", TODAY).band.central


@pytest.mark.parametrize("iso", ["ARG", "KEN", "BOL", "DEU", "TUV"])
def test_the_centre_lies_in_the_kit_s_range(iso):
    split = bitcoin_split(0.757, iso, TODAY)
    assert split.band.low == 0.4
    assert split.band.high == 0.9
    assert 0.4 < split.band.central < 0.9
    assert f"{100 * split.band.central:.0f} %" in split.sentence


def test_nothing_published_says_so_and_takes_the_world():
    split = bitcoin_split(0.757, "BOL", TODAY)
    assert split.band.central == 0.757
    assert split.flow is None
    assert "no share for the country or its region is published" in split.sentence


def test_an_early_report_does_not_know_later_figures():
    assert bitcoin_split(0.757, "ARG", dt.date(2024, 6, 29)).flow is None
    assert world_flow_share(dt.date(2024, 6, 29)) is None


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_one_asset_alone_has_no_split(share):
    split = bitcoin_split(share, "ARG", TODAY)
    assert split.band == Band(share, share, share)
    assert split.sentence == ""
