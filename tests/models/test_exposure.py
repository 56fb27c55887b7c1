from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import ModelError
from cryptorisk.models import exposure
from cryptorisk.models.exposure import figures
from cryptorisk.models.exposure.holdings import Band, MarketValue, bracket, by_owners
from cryptorisk.models.exposure.ownership import world_ownership
from cryptorisk.params import Params, PositiveRange

ELASTICITY = PositiveRange(low=0.5, central=0.75, high=1.0)


@pytest.fixture(scope="module")
def everywhere(inputs_for):
    return exposure.world(inputs_for("KEN"), Params(country="KEN", vintage="2026-11-23"))


@pytest.fixture
def quick(everywhere, monkeypatch):
    """The world computed once: it is the same for every country."""
    monkeypatch.setattr(exposure, "world", lambda inputs, params: everywhere)


def economies(n=6):
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "share": rng.uniform(2, 20, n),
            "population": rng.uniform(1e6, 1e8, n),
            "gdp_per_head": rng.uniform(1e3, 6e4, n),
        },
        index=list("ABCDEFGH"[:n]),
    ).assign(low=lambda d: d["share"] / 2, high=lambda d: d["share"] * 2)


def test_holdings_of_all_economies_add_to_the_market():
    held = by_owners(economies(), Band(80.0, 100.0, 150.0), ELASTICITY)
    assert held["central"].sum() == pytest.approx(100.0)
    assert (held["low"] <= held["central"]).all()
    assert (held["central"] <= held["high"]).all()


def test_equal_incomes_spread_the_market_by_owners():
    frame = economies().assign(gdp_per_head=5000.0)
    held = by_owners(frame, Band(1.0, 1.0, 1.0), ELASTICITY)
    owners = frame["share"] * frame["population"]
    assert held["central"].to_numpy() == pytest.approx((owners / owners.sum()).to_numpy())


def test_the_poorer_economy_holds_less_when_the_elasticity_is_higher():
    frame = economies(2).assign(share=5.0, low=5.0, high=5.0, population=1e6, gdp_per_head=[1e3, 5e4])
    flat = by_owners(frame, Band(1, 1, 1), PositiveRange(low=0.1, central=0.1, high=0.1))
    steep = by_owners(frame, Band(1, 1, 1), PositiveRange(low=1, central=1, high=1))
    assert steep["central"].iloc[0] < flat["central"].iloc[0] < 0.5


def test_an_economy_without_gdp_gets_no_holdings():
    frame = economies()
    frame.loc["A", "gdp_per_head"] = np.nan
    assert "A" not in by_owners(frame, Band(1, 1, 1), ELASTICITY).index


def test_bracket_spans_all_keys_around_their_geometric_mean():
    band = bracket([Band(1, 2, 3), Band(4, 8, 20)])
    assert (band.low, band.central, band.high) == (1, pytest.approx(4), 20)
    with pytest.raises(ModelError):
        bracket([])
    with pytest.raises(ModelError):
        Band(2, 1, 3)


def test_market_without_bitcoin_is_stablecoins_alone():
    market = MarketValue(None, Band(3, 3, 3), "2026-01-01")
    assert market.total == Band(3, 3, 3)
    assert market.bitcoin_share == 0
    assert MarketValue(None, None, "").total is None


def test_too_few_published_shares_are_refused():
    readings = pd.DataFrame(
        {"country": list("AABB"), "year": 2020, "value": [5.0, 6, 7, 8], "organisation": list("xyxy")}
    )
    frame = pd.DataFrame(
        {"population": 1e6, "internet": 80.0, "rank": 1.0, "gdp_per_head": 1e4}, index=["A", "B"]
    )
    with pytest.raises(ModelError):
        world_ownership(readings, frame)


def test_owners_of_the_vintage_match_the_quoted_world_total(everywhere):
    """Built without the quoted total, from published shares and internet use, the world is within a tenth of it."""
    free = world_ownership(
        everywhere.readings, everywhere.frame[["population", "internet", "rank", "gdp_per_head"]]
    )
    assert everywhere.ownership.owners_quoted == pytest.approx(562e6)
    assert free.owners == pytest.approx(562e6, rel=0.1)
    assert everywhere.ownership.owners == pytest.approx(562e6, rel=0.01)
    assert everywhere.ownership.owners_low < 562e6 < everywhere.ownership.owners_high


def test_both_keys_add_to_the_market_value(everywhere):
    total = everywhere.market.total
    assert everywhere.by_owners["central"].sum() == pytest.approx(total.central)
    assert everywhere.by_volume["central"].sum() == pytest.approx(total.central)
    assert 1e12 < total.central < total.high < 2e12


def test_kenya_shows_every_published_figure(everywhere, inputs_for, quick):
    found = exposure.household_holdings(inputs_for("KEN"), Params(country="KEN"))
    table = next(t for t in found.tables if t.id == "crash.ownership").frame
    values = table.set_index("organisation")["value"]
    assert values["UNCTAD"] == pytest.approx(8.5)
    assert 4.92 in values.to_numpy()
    share = found["ownership_share"]
    assert share.low <= values.min()
    assert share.high >= values.max()
    assert "survey" not in {share.data_class}
    hosts = table["url"].str.split("/").str[2].tolist()
    assert sorted(hosts) == ["getblock.net", "samaa.tv.", "themediaonline.co.za"]


def test_every_published_ownership_figure_has_its_page(everywhere):
    assert everywhere.readings["url"].str.startswith("https://").all()


@pytest.mark.parametrize(
    "iso", ["KEN", "NGA", "TUR", "BRA", "PHL", "SLV", "ARG", "DEU", "LBN", "CAF", "TUV", "SSD"]
)
def test_holdings_are_real_and_plausible(iso, inputs_for, quick):
    found = exposure.household_holdings(inputs_for(iso), Params(country=iso))
    share, held = found["ownership_share"], found["household_holdings_pct_gdp"]
    assert 0 < share.low < share.value < share.high < 40
    assert 0.1 < held.value < 6
    assert 0 < held.low < held.value < held.high
    assert found.holdings.central == pytest.approx(found["household_holdings_usd"].value)


def test_no_internet_figure_above_zero_is_unknown_and_not_zero(inputs_for, quick):
    found = exposure.household_holdings(inputs_for("PRK"), Params(country="PRK"))
    assert found.holdings is None
    assert not found["ownership_share"].available
    assert "internet" in found["household_holdings_usd"].reason


@pytest.mark.parametrize("iso", ["AND", "IRN"])
def test_a_volume_that_says_nothing_is_left_out_and_said(iso, inputs_for, quick):
    found = exposure.household_holdings(inputs_for(iso), Params(country=iso))
    held = found["household_holdings_pct_gdp"]
    assert "Owners and income alone" in held.note
    assert held.high < 60 * held.low


def test_the_banks_own_figure_replaces_the_estimate(kit_root, everywhere, monkeypatch):
    monkeypatch.setattr(exposure, "world", lambda inputs, params: everywhere)
    params = Params(country="KEN", overrides={"household_crypto_holdings_usd": 5e8})
    found = exposure.household_holdings(load_inputs(params, root=kit_root), params)
    assert found["household_holdings_usd"].value == 5e8
    assert found["household_holdings_usd"].sources == ("bank",)
    assert found.holdings == Band(5e8, 5e8, 5e8)
    hidden = {"household_crypto_holdings_usd": {"value": 5e8, "confidential": True}}
    params = Params(country="KEN", overrides=hidden)
    found = exposure.household_holdings(load_inputs(params, root=kit_root), params)
    assert found.holdings == Band(5e8, 5e8, 5e8)
    assert not found["household_holdings_usd"].available
    share = 100 * 5e8 / found.gdp_usd
    assert found["household_holdings_pct_gdp"].value == pytest.approx(share, rel=0.5)
    assert found["household_holdings_pct_gdp"].value == float(f"{share:.0e}")


def test_a_source_of_ownership_that_the_kit_does_not_know_is_refused():
    assert figures._organisation("unattributed_latam_2024")[1] == "modelled"
    with pytest.raises(ModelError, match="not known"):
        figures._organisation("unattributed_2027")


def test_the_newest_edition_of_the_outlook_that_covers_the_world_is_chosen():
    held = {"weo_live": 1, "weo_2026_04": 196, "weo_2025_10": 197}
    families = {"weo": tuple(held)}

    def panel(id, sources):
        return np.zeros((3, held[sources[0]] if id == "gdp_usd" or sources[0] != "weo_2025_10" else 197))

    inputs = SimpleNamespace(catalogue=SimpleNamespace(family=families.__getitem__), panel=panel)
    assert figures.weo(inputs) == ("weo_2026_04",), "one economy is not the world"
    held["weo_live"] = 190
    assert figures.weo(inputs) == ("weo_live",)
    held.update(dict.fromkeys(held, 0))
    assert figures.weo(inputs) == ()
