"""Yahoo through yfinance: which day a close belongs to, which is final, in which unit; and what it leaves behind."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from replay_server import Answer
from replay_world import END

from cryptorisk.countries import countries, country
from cryptorisk.data.catalogue import EURO_AREA, WORLD, catalogue, is_place
from cryptorisk.data.sources import yahoo
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Web
from cryptorisk.data.sources.yahoo import Yahoo, last_closed_day
from cryptorisk.data.sources.yahoo_tickers import KINDS, NOT_QUOTED, RATES, first_day, instruments
from cryptorisk.errors import FetchError

ALL = Request((), END)
DAY = dt.timedelta(days=1)


@pytest.fixture
def source(replay):
    return Yahoo(f"{replay.url}/yahoo")


@pytest.fixture
def wire(replay):
    return replay.wires["yahoo"]


def fetched(source, ticker, request=ALL, web=None):
    task = {task.key: task for task in source.tasks(request)}[ticker]
    return source.fetch(task, request, web or Web())


def clock(quoted, begin, close, zone="UTC"):
    moments = [pd.Timestamp(text, tz=zone) for text in (quoted, begin, close)]
    return {
        "regularMarketTime": moments[0],
        "currentTradingPeriod": {"regular": dict(zip(("start", "end"), moments[1:], strict=True))},
    }


# --- which day, and which is over ---------------------------------------------------------------------------------


def test_a_crypto_assets_day_is_never_over_on_the_day_of_the_refresh():
    late = clock("2026-11-26 23:59:30", "2026-11-26 00:00", "2026-11-26 23:59")
    assert last_closed_day(late, END, "crypto") == END - DAY


@pytest.mark.parametrize(
    ("quoted", "last"),
    [
        ("2026-11-26 09:00", dt.date(2026, 11, 25)),  # before the session
        ("2026-11-26 12:00", dt.date(2026, 11, 25)),  # in it
        ("2026-11-26 16:00:02", dt.date(2026, 11, 26)),  # after it
    ],
)
def test_a_session_must_be_over(quoted, last):
    meta = clock(quoted, "2026-11-26 09:30", "2026-11-26 16:00", "America/New_York")
    assert last_closed_day(meta, END, "index") == last


def test_who_lives_further_east_does_not_take_yesterdays_open_session_for_closed():
    meta = clock("2026-11-25 14:00", "2026-11-25 09:30", "2026-11-25 16:00", "America/New_York")
    assert last_closed_day(meta, END, "index") == dt.date(2026, 11, 24)


def test_a_friday_is_over_by_sunday_whatever_the_last_quote():
    friday = clock("2026-11-20 22:29", "2026-11-20 00:00", "2026-11-20 23:59", "Europe/London")
    assert last_closed_day(friday, dt.date(2026, 11, 21), "fx") == dt.date(2026, 11, 19)
    assert last_closed_day(friday, dt.date(2026, 11, 22), "fx") == dt.date(2026, 11, 20)


def test_without_a_clock_only_what_is_over_everywhere_counts():
    assert last_closed_day({}, END, "index") == END - 2 * DAY


def test_a_past_day_of_refresh_is_kept_to():
    meta = clock("2026-11-26 16:00:02", "2026-11-26 09:30", "2026-11-26 16:00", "America/New_York")
    assert last_closed_day(meta, dt.date(2026, 6, 30), "index") == dt.date(2026, 6, 30)


def test_crypto_has_every_day_and_not_the_open_one(source, world):
    rows = fetched(source, "BTC-USD")
    days = pd.DatetimeIndex(rows["date"])
    assert days[-1].date() == END - DAY
    assert (np.diff(days.to_numpy().astype("datetime64[D]")).astype(int) == 1).all(), (
        "Saturdays and Sundays too"
    )
    true = world.figures("btc_price_usd", WORLD)
    assert rows["value"].iloc[-1] == pytest.approx(true[np.datetime64(END - DAY)], rel=1e-6)


def test_a_price_bears_the_date_of_the_utc_day_that_it_closes(source, world):
    live = fetched(source, "BTC-USD").set_index("date")["value"]
    true = world.figures("btc_price_usd", WORLD)
    assert live[pd.Timestamp("2021-11-08")] == pytest.approx(true[np.datetime64("2021-11-08")], rel=1e-6)


def test_a_closed_session_counts_and_its_day_is_the_exchanges(source):
    frankfurt, sydney = fetched(source, "^GDAXI"), fetched(source, "^AXJO")
    assert frankfurt["date"].max() == pd.Timestamp(END)
    assert set(sydney["date"].dt.day_of_week) == set(range(5)), "Sydney opens on Sunday evening in UTC"


def test_an_exchange_rate_of_today_is_still_moving(source):
    assert fetched(source, "KES=X")["date"].max() == pd.Timestamp(END - DAY)


def test_closes_are_not_lowered_by_later_dividends(source, world):
    rows = fetched(source, "EEM")
    true = world.figures("em_equity_etf_usd", WORLD)
    np.testing.assert_allclose(
        rows["value"], true[rows["date"].to_numpy().astype("datetime64[D]")], rtol=1e-6
    )


def test_the_request_bounds_the_days(source):
    rows = fetched(source, "^VIX", Request((), dt.date(2024, 6, 28), dt.date(2024, 1, 1)))
    assert pd.Timestamp("2024-01-01") <= rows["date"].min() < rows["date"].max() <= pd.Timestamp("2024-06-28")


def test_no_closed_day_at_all_is_an_error(source):
    with pytest.raises(FetchError, match=r"BTC-USD has no close"):
        fetched(source, "BTC-USD", Request((), dt.date(2001, 1, 1)))


# --- in which unit ------------------------------------------------------------------------------------------------


def changed_meta(monkeypatch, wire, **changes):
    plain = type(wire).meta
    monkeypatch.setattr(type(wire), "meta", lambda self, *args: {**plain(self, *args), **changes})


def test_pence_are_not_pounds(source, wire, monkeypatch):
    changed_meta(monkeypatch, wire, currency="GBp")
    with pytest.raises(FetchError, match=r"\^FTSE is quoted in GBp, not in GBP"):
        fetched(source, "^FTSE")


def test_a_price_must_name_its_currency_and_a_level_need_not(source, wire, monkeypatch):
    changed_meta(monkeypatch, wire, currency=None)
    assert len(fetched(source, "^MERV"))
    with pytest.raises(FetchError, match="no stated currency, not in KES"):
        fetched(source, "KES=X")


def test_a_ticker_that_became_something_else_is_refused(source, wire, monkeypatch):
    changed_meta(monkeypatch, wire, instrumentType="EQUITY")
    with pytest.raises(FetchError, match="is of type EQUITY, not FUTURE") as caught:
        fetched(source, "GC=F")
    assert not caught.value.transient


def test_a_rate_begins_with_the_money_in_force():
    rate = {one.currency: one for one in instruments((), END)}
    assert first_day(rate["ZMW"], "ZMB", END) == dt.date(2013, 1, 1)
    assert first_day(rate["VES"], "VEN", END) == dt.date(2021, 10, 1), "zeros cut, same code at the vendor"
    assert first_day(rate["KES"], "KEN", END) == dt.date.min
    assert first_day(rate["EUR"], EURO_AREA, END) == dt.date.min


def test_figures_before_the_money_in_force_are_left_out(source, wire, monkeypatch):
    monkeypatch.setattr(yahoo, "first_day", lambda *_: dt.date(2020, 1, 2))
    assert fetched(source, "KES=X")["date"].min() == pd.Timestamp("2020-01-02")


# --- what is asked ------------------------------------------------------------------------------------------------


def test_the_table_is_of_the_catalogue():
    found = instruments((), END)
    tickers = [one.ticker for one in found]
    assert len(set(tickers)) == len(tickers)
    for one in found:
        assert one.series in catalogue(), one
        assert "yahoo_live" in catalogue()[one.series].sources, one
        assert one.kind in KINDS, one
        for place in one.places:
            assert is_place(place), one
            if place not in (WORLD, EURO_AREA):
                assert country(place).currency_on(END) == one.currency, one


def test_every_currency_is_quoted_or_known_not_to_be():
    spells = [economy.spell_on(END) for economy in countries()]
    own = {spell.currency for spell in spells if spell.status != "dollarised"}
    assert {one.currency for one in instruments((), END) if one.series == RATES} == own - NOT_QUOTED - {"USD"}
    assert own >= NOT_QUOTED


def test_a_rate_is_filed_under_those_whose_money_it_is():
    rates = {one.ticker: one.places for one in instruments((), END) if one.series == RATES}
    assert rates["EUR=X"] == (EURO_AREA,)
    assert rates["XOF=X"] == ("BEN", "BFA", "CIV", "GNB", "MLI", "NER", "SEN", "TGO")
    assert rates["AUD=X"] == ("AUS",), "Tuvalu has no rate of its own"


def test_only_the_economies_that_are_wanted():
    found = {one.ticker: one.places for one in instruments(("SEN", "DEU", "SLV"), END)}
    assert found["XOF=X"] == ("SEN",)
    assert found["EUR=X"] == (EURO_AREA,)
    assert found["^GDAXI"] == ("DEU",)
    assert found["BTC-USD"] == (WORLD,)
    assert not {"^FCHI", "KES=X", "BTC-GBP"} & set(found)
    assert {"EUR=X", "BTC-EUR"} <= {one.ticker for one in instruments(("MNE",), END)}, (
        "who uses the euro needs its rate"
    )


def test_members_of_a_union_share_a_rate(source):
    rows = fetched(source, "XAF=X", Request(("CAF", "CMR"), END))
    by_place = {place: part["value"].tolist() for place, part in rows.groupby("country")}
    assert set(by_place) == {"CAF", "CMR"}
    assert by_place["CAF"] == by_place["CMR"]


# --- how it is asked ----------------------------------------------------------------------------------------------


def test_one_question_a_ticker_and_no_other(source, replay):
    fetched(source, "^GSPC")
    assert replay.paths == ["/yahoo/v8/finance/chart/%5EGSPC"]


def test_cookies_crumbs_and_consent_are_not_asked(replay):
    from curl_cffi.requests.exceptions import RequestException

    from cryptorisk.data.sources.yahoo_session import ChartSession

    with ChartSession(f"{replay.url}/yahoo", Web()) as session:
        for url in (
            "https://fc.yahoo.com",
            "https://query1.finance.yahoo.com/v1/test/getcrumb",
            "https://example.org/v8/finance/chart/X",
        ):
            with pytest.raises(RequestException, match="is not asked"):
                session.get(url)
        with pytest.raises(RequestException, match="is not asked"):
            session.post("https://query2.finance.yahoo.com/v8/finance/chart/X")
    assert not replay.paths


def test_a_small_answer_that_unfolds_without_end_is_cut_off(source, wire, monkeypatch):
    monkeypatch.setattr(type(wire), "answer", lambda *_: Answer(b" " * 20_000_000))  # 20 kB as sent
    with pytest.raises(FetchError, match="more than 3 MB"):
        fetched(source, "^GSPC", web=Web(max_bytes=3_000_000))


def test_a_redirect_is_not_followed(source, wire, monkeypatch):
    away = Answer(b"", status=302, headers={"Location": "https://consent.yahoo.com/"})
    monkeypatch.setattr(type(wire), "answer", lambda *_: away)
    with pytest.raises(FetchError, match="answered 302"):
        fetched(source, "^GSPC")


def test_a_refusal_that_yfinance_reports_itself_is_passing(source, monkeypatch):
    import yfinance
    from yfinance.exceptions import YFRateLimitError

    def refused(*args, **kwargs):
        raise YFRateLimitError

    monkeypatch.setattr(yfinance.Ticker, "history", refused)
    with pytest.raises(FetchError, match="YFRateLimitError") as caught:
        fetched(source, "^GSPC")
    assert caught.value.transient


def test_an_empty_frame_is_an_error_although_yfinance_raises_nothing(source, monkeypatch):
    import yfinance

    monkeypatch.setattr(yfinance.Ticker, "history", lambda *_, **__: pd.DataFrame())
    monkeypatch.setattr(yfinance.Ticker, "get_history_metadata", lambda *_: {"currency": "USD"})
    with pytest.raises(FetchError, match="has no figure at all"):
        fetched(source, "^GSPC")


def test_the_settings_of_others_come_back(source):
    import yfinance

    before = yfinance.config.debug.hide_exceptions
    fetched(source, "^GSPC")
    assert yfinance.config.debug.hide_exceptions == before


def test_several_threads_get_what_they_ask(source):
    tickers = ["^GSPC", "^VIX", "BTC-USD", "KES=X"]
    alone = {ticker: fetched(source, ticker) for ticker in tickers}
    with ThreadPoolExecutor(4) as pool:
        together = dict(zip(tickers, pool.map(lambda ticker: fetched(source, ticker), tickers), strict=True))
    for ticker in tickers:
        pd.testing.assert_frame_equal(alone[ticker], together[ticker])


def test_without_the_library_the_remedy_is_named(source, monkeypatch):
    yahoo._library.cache_clear()
    monkeypatch.setitem(sys.modules, "yfinance", None)
    with pytest.raises(FetchError, match=r"pip install 'cryptorisk\[live\]'") as caught:
        fetched(source, "^GSPC")
    assert not caught.value.transient


def test_nothing_is_left_on_the_machine(replay, tmp_path):
    code = (
        "import datetime as dt\n"
        "from cryptorisk.data.sources.source import Request, Task\n"
        "from cryptorisk.data.sources.web import Web\n"
        "from cryptorisk.data.sources.yahoo import Yahoo\n"
        f"request = Request((), dt.date({END.year}, {END.month}, {END.day}))\n"
        f"print(len(Yahoo('{replay.url}/yahoo').fetch(Task('^VIX', ('vix_close',)), request, Web())))\n"
    )
    homes = {
        "HOME": tmp_path,
        "XDG_CACHE_HOME": tmp_path / "cache",
        "TMPDIR": tmp_path,
        "LOCALAPPDATA": tmp_path,
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **{k: str(v) for k, v in homes.items()}},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_address_may_be_another(replay):
    assert Yahoo().base_url == "https://query2.finance.yahoo.com"
    assert len(fetched(replace(Yahoo(), base_url=f"{replay.url}/yahoo"), "^IRX"))
