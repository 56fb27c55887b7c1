"""Coin Metrics: pages, figures written as text, metrics that are withheld, days."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from replay_server import Answer, Asked
from replay_world import END

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.sources import coinmetrics
from cryptorisk.data.sources.coinmetrics import ASSETS, METRICS, CoinMetrics
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

REQUEST = Request((), END)


@pytest.fixture
def source(replay):
    return CoinMetrics(f"{replay.url}/coinmetrics")


@pytest.fixture
def wire(replay):
    return replay.wires["coinmetrics"]


def fetched(source, asset, request=REQUEST):
    task = {task.key: task for task in source.tasks(request)}[asset]
    return source.fetch(task, request, Web())


def answering(monkeypatch, wire, *payloads):
    """The wire gives these answers one after the other, the last for ever."""
    left = list(payloads)

    def answer(self, asked, fault):
        return Answer(json.dumps(left.pop(0) if len(left) > 1 else left[0]).encode())

    monkeypatch.setattr(type(wire), "answer", answer)


def row(day, **figures):
    return {"asset": "btc", "time": f"{day}T00:00:00.000000000Z", **figures}


def test_pages_are_joined_and_never_asked_elsewhere(source, replay, monkeypatch):
    whole = fetched(source, "btc")
    replay.asked.clear()
    monkeypatch.setattr(coinmetrics, "PAGE_SIZE", 700)
    joined = fetched(source, "btc")
    days = whole["date"].nunique()
    assert replay.asked["coinmetrics"] == -(-days // 700) > 2, (
        "the answers name the true host for the next page"
    )
    pd.testing.assert_frame_equal(whole, joined)


def test_pages_without_end_are_left(source, wire, monkeypatch):
    answering(monkeypatch, wire, {"data": [row("2024-01-01", PriceUSD="1")], "next_page_token": "0.x"})
    with pytest.raises(FetchError, match="without end for btc"):
        fetched(source, "btc")


def test_a_metric_that_is_withheld_does_not_spoil_the_others(source):
    given = set(fetched(source, "btc")["series"])
    assert {"btc_price_usd", "btc_market_cap_usd", "btc_hash_rate_th_s", "btc_exchange_inflow_usd"} <= given
    assert not {"btc_onchain_transfer_usd", "btc_onchain_transfer_adj_usd"} & given


def test_the_wire_refuses_what_the_provider_refuses(wire):
    strict = {
        "assets": "btc",
        "metrics": "PriceUSD,TxTfrValUSD",
        "start_time": "2024-01-01",
        "end_time": "2024-01-02",
    }
    refused = wire.answer(Asked("/timeseries/asset-metrics", strict, {}), None)
    assert refused.status == 403
    assert json.loads(refused.body)["error"]["type"] == "forbidden"


def test_nothing_given_is_an_error_that_names_the_asset(source, wire, monkeypatch):
    monkeypatch.setattr(type(wire), "withheld", tuple(METRICS.values()))
    with pytest.raises(FetchError, match="no figure for btc") as caught:
        fetched(source, "btc")
    assert not caught.value.transient


def test_figures_are_text_and_null_is_none(source, wire, monkeypatch):
    days = [
        row("2024-01-01", PriceUSD="0.00000094449512", AdrActCnt=None),
        row("2024-01-02", PriceUSD="43000.5", AdrActCnt="812345"),
    ]
    answering(monkeypatch, wire, {"data": days})
    found = fetched(source, "btc").set_index(["series", "date"])["value"]
    assert found["btc_price_usd"].tolist() == [0.00000094449512, 43000.5]
    assert found["btc_active_addresses"].to_dict() == {pd.Timestamp("2024-01-02"): 812345.0}


@pytest.mark.parametrize("odd", ["n/a", "Infinity", ""])
def test_what_is_no_number_is_not_passed_over(source, wire, monkeypatch, odd):
    answering(monkeypatch, wire, {"data": [row("2024-01-01", PriceUSD="1"), row("2024-01-02", PriceUSD=odd)]})
    with pytest.raises(FetchError, match=r"PriceUSD of btc: .* is no number"):
        fetched(source, "btc")


def test_a_day_is_that_which_the_time_begins(source, world):
    live = fetched(source, "btc").query("series == 'btc_price_usd'").set_index("date")["value"]
    figures = world.figures("btc_price_usd", "WLD")
    true = pd.Series(figures.to_numpy(), index=pd.DatetimeIndex(figures.index))
    assert live[pd.Timestamp("2021-11-08")] == pytest.approx(true[pd.Timestamp("2021-11-08")])


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            {"data": [{"asset": "btc", "time": "2024-01-01T12:00:00Z", "PriceUSD": "1"}]},
            "no beginnings of days",
        ),
        ({"data": [{"asset": "btc", "time": "soon", "PriceUSD": "1"}]}, "no beginnings of days"),
        (
            {"data": [{"asset": "eth", "time": "2024-01-01T00:00:00Z", "PriceUSD": "1"}]},
            "something else than btc",
        ),
        ({"data": [{"PriceUSD": "1"}]}, "something else than btc"),
        ({"error": {"type": "forbidden", "message": "no"}}, "another form"),
        ({"data": ["btc"]}, "another form"),
        ([], "another form"),
    ],
)
def test_another_form_of_answer_is_refused(source, wire, monkeypatch, payload, said):
    answering(monkeypatch, wire, payload)
    with pytest.raises(FetchError, match=said) as caught:
        fetched(source, "btc")
    assert not caught.value.transient


def test_the_request_bounds_the_days(source):
    rows = fetched(source, "ada", Request((), dt.date(2024, 6, 30), dt.date(2024, 1, 1)))
    assert rows["date"].min() == pd.Timestamp("2024-01-01")
    assert rows["date"].max() == pd.Timestamp("2024-06-30")


def test_days_before_the_request_are_left_out_whatever_the_answer_holds(source, wire, monkeypatch):
    days = [row(day, PriceUSD="1") for day in ("2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01")]
    answering(monkeypatch, wire, {"data": days})
    rows = fetched(source, "btc", Request((), dt.date(2024, 6, 30), dt.date(2024, 1, 1)))
    assert rows["date"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-30")]


def test_who_may_read_a_mirror_is_not_told(source, wire, monkeypatch):
    mirror = CoinMetrics(source.base_url.replace("http://", "http://reader:secret@"))
    answering(monkeypatch, wire, {"data": "?"})
    with pytest.raises(FetchError) as caught:
        fetched(mirror, "btc")
    assert caught.value.where == f"{source.base_url}/timeseries/asset-metrics"
    assert "secret" not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize("token", [7, ["x"], {"a": 1}, True])
def test_a_token_of_another_form_is_refused(source, wire, monkeypatch, token):
    answering(monkeypatch, wire, {"data": [row("2024-01-01", PriceUSD="1")], "next_page_token": token})
    with pytest.raises(FetchError, match="another form"):
        fetched(source, "btc")


def test_all_of_the_catalogues_series_are_asked(source):
    asked = {series for task in source.tasks(REQUEST) for series in task.series}
    named = {spec.id for spec in catalogue().series.values() if "coinmetrics_live" in spec.sources}
    assert asked == named
    assert {task.key for task in source.tasks(REQUEST)} == set(ASSETS)
