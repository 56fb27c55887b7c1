"""DefiLlama beyond the contract: two hosts, whose coin it is, which dollars, which day."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from replay_world import END

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.sources.defillama import COINS, DefiLlama
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Reply
from cryptorisk.errors import FetchError

REQUEST = Request((), END)
DAY = 86_400
FIRST = 1_511_913_600  # 2017-11-29
TETHER = {"id": "1", "name": "Tether", "symbol": "USDT", "gecko_id": "tether", "pegType": "peggedUSD"}


class Scripted:
    """Answers by the end of the address."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def get(self, url, params=None, headers=None):
        self.asked.append((url, dict(params or {})))
        return Reply(url, json.dumps(self.answers[url.rpartition("/")[2]]).encode(), "application/json")


def day(number=0, usd=1.0, **other):
    amounts = {"peggedUSD": usd, **other} if usd is not None else other
    return {"date": str(FIRST + number * DAY), "totalCirculating": amounts, "totalCirculatingUSD": amounts}


def fetch(key, request=REQUEST, source=None, **answers):
    source = source or DefiLlama()
    web = Scripted(**answers)
    task = next(one for one in source.tasks(request) if one.key == key)
    return source.fetch(task, request, web), web.asked


def refused(key, **answers):
    with pytest.raises(FetchError) as caught:
        fetch(key, **answers)
    return caught.value


# where


def test_at_home_the_parts_have_hosts_of_their_own():
    _, asked = fetch("USDT", stablecoins={"peggedAssets": [TETHER]}, all=[day()])
    assert asked == [
        ("https://stablecoins.llama.fi/stablecoins", {"includePrices": "false"}),
        ("https://stablecoins.llama.fi/stablecoincharts/all", {"stablecoin": "1"}),
    ]
    _, asked = fetch("tvl", historicalChainTvl=[{"date": FIRST, "tvl": 1}])
    assert asked == [("https://api.llama.fi/v2/historicalChainTvl", {})]


def test_a_mirror_holds_both_parts():
    mirror = DefiLlama("https://mirror.example/llama")
    _, asked = fetch("stablecoins", source=mirror, all=[day()])
    assert asked == [("https://mirror.example/llama/stablecoins/stablecoincharts/all", {})]
    _, asked = fetch("tvl", source=mirror, historicalChainTvl=[{"date": FIRST, "tvl": 1}])
    assert asked == [("https://mirror.example/llama/api/v2/historicalChainTvl", {})]


def test_what_continues_the_embedded_figures_and_what_does_not():
    for id in ("stablecoin_supply_total_usd", *(f"{symbol.lower()}_supply_usd" for symbol in COINS)):
        assert catalogue()[id].precedence == (("defillama_live", "defillama"),)
    assert catalogue()["defi_tvl_usd"].precedence == (("defillama_live",), ("defillama",))


# whose coin


def test_a_coin_is_known_by_its_id_at_coingecko_whatever_its_number():
    others = [{**TETHER, "id": "1", "gecko_id": "usdtb"}, {**TETHER, "id": "2", "symbol": "USDT0"}]
    _, asked = fetch("USDT", stablecoins={"peggedAssets": [*others, {**TETHER, "id": "9"}]}, all=[day()])
    assert asked[1][1] == {"stablecoin": "9"}


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ([{**TETHER, "gecko_id": "tether-2", "name": "Tether Two"}], "of that symbol: Tether Two (tether-2)"),
        ([], "of that symbol: none"),
        ([TETHER, {**TETHER, "id": "2"}], "2 stablecoins with the id 'tether'"),
        ([{**TETHER, "pegType": "peggedEUR"}], "listed as peggedEUR, not peggedUSD"),
    ],
)
def test_another_coin_is_never_taken_for_it(listed, told):
    error = refused("USDT", stablecoins={"peggedAssets": listed}, all=[day()])
    assert not error.transient
    assert "USDT" in str(error)
    assert told in str(error)


@pytest.mark.parametrize("answer", [[], {"message": "busy"}, {"peggedAssets": None}])
def test_a_list_of_another_form_may_be_an_outage(answer):
    assert refused("USDT", stablecoins=answer, all=[day()]).transient


# which dollars


def test_only_what_is_pegged_to_the_dollar_counts():
    frame, _ = fetch("stablecoins", all=[day(0, 110_105, peggedEUR=14_967_600), day(1, 5, peggedVAR=3)])
    assert frame["value"].tolist() == [110_105.0, 5.0]
    assert set(frame["country"]) == {"WLD"}


def test_the_value_in_dollars_is_taken_and_not_the_number_of_coins():
    row = {
        "date": str(FIRST),
        "totalCirculating": {"peggedUSD": 18e9},
        "totalCirculatingUSD": {"peggedUSD": 2e9},
    }
    assert fetch("stablecoins", all=[row])[0]["value"].tolist() == [2e9]


def test_amounts_in_another_peg_alone_are_refused():
    error = refused("stablecoins", all=[day(0, None, peggedEUR=1), day(1, None, peggedJPY=1)])
    assert not error.transient
    assert "amounts in peggedEUR, peggedJPY and none in peggedUSD" in str(error)


def test_an_amount_that_is_not_known_is_left_out():
    given = [
        day(0),
        day(1, 0),
        day(2, None),
        {"date": str(FIRST + 3 * DAY), "totalCirculatingUSD": None},
        day(4),
    ]
    assert fetch("stablecoins", all=given)[0]["date"].dt.day.tolist() == [29, 3]


def test_value_locked_can_be_zero_and_can_be_missing():
    given = [
        {"date": FIRST, "tvl": 0},
        {"date": FIRST + DAY, "tvl": None},
        {"date": FIRST + 2 * DAY, "tvl": 3.5},
    ]
    frame, _ = fetch("tvl", historicalChainTvl=given)
    assert frame["value"].tolist() == [0.0, 3.5]


# which day


def test_a_stamp_is_the_day_that_it_begins():
    frame, _ = fetch("stablecoins", all=[day()])
    assert frame["date"].tolist() == [pd.Timestamp("2017-11-29")]


def test_readings_within_a_day_and_outside_the_period_are_left_out():
    request = Request((), dt.date(2017, 12, 1), dt.date(2017, 11, 30))
    given = [{"date": FIRST + number * DAY // 2, "tvl": number} for number in range(8)]
    frame, _ = fetch("tvl", request, historicalChainTvl=given)
    assert frame["value"].tolist() == [2.0, 4.0]


def test_the_same_row_twice_is_one_and_differing_ones_stay():
    frame, _ = fetch("stablecoins", all=[day(), day(), day(0, 2.0), day(1)])
    assert frame["value"].tolist() == [1.0, 2.0, 1.0]


# what is no answer


@pytest.mark.parametrize("answer", [{"message": "Internal server error"}, None, "x"])
def test_what_is_no_list_of_days_may_be_an_outage(answer):
    assert refused("stablecoins", all=answer).transient
    assert refused("tvl", historicalChainTvl=answer).transient


@pytest.mark.parametrize(
    "row",
    [{"tvl": 1}, {"date": "today", "tvl": 1}, {"date": FIRST}, {"date": FIRST, "tvl": "much"}, "x", None],
)
def test_a_row_of_another_form_is_an_error(row):
    error = refused("tvl", historicalChainTvl=[{"date": FIRST, "tvl": 1}, row])
    assert not error.transient
    assert "tvl: a row is not as documented" in str(error)


@pytest.mark.parametrize("answer", [[], [day(0, 0)], [day(-9_999)]])
def test_no_figure_is_an_error(answer):
    assert "no figure" in str(refused("stablecoins", all=answer))
