"""The World Bank beyond the contract: pages, messages, renamed codes, aggregates, rows that contradict each other."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
from replay_server import replay_server
from replay_world import END
from wire_worldbank import AGGREGATES, ARCHIVED, FINE, TITLES

from cryptorisk.countries import known
from cryptorisk.data.catalogue import catalogue, rows
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Reply, Web
from cryptorisk.data.sources.worldbank import SUBSET, WorldBank, indicators
from cryptorisk.errors import FetchError

GDP, REMITTANCES, GOVERNANCE = "NY.GDP.MKTP.CD", "BX.TRF.PWKR.CD.DT", "GE.EST"
KENYA = Request(("KEN",), END)
SAYS = {
    "usd": "US$",
    "pct_gdp": "% of GDP",
    "lcu_per_usd": "LCU per US$",
    "months_imports": "months of imports",
    "kwh": "kWh",
    "pct_population": "% of population",
    "pct_reserves": "% of total reserves",
}
"""Words that a title must be asked for when the series has the unit."""


@pytest.fixture(scope="module")
def server(world):
    with replay_server(world, ("worldbank",)) as running:
        yield running


@pytest.fixture
def bank(server):
    server.misbehave(None)
    server.paths.clear()
    return live_sources(["worldbank"], server.addresses())["worldbank"]


class Scripted:
    """Answers page after page what it was given."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def get(self, url, params=None, headers=None):
        self.asked.append((url, dict(params)))
        answer = self.answers.pop(0)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Reply(url, body, "application/json")


def row(country="KEN", year="2020", value=1.0, code=GDP, title=None):
    return {
        "indicator": {"id": code, "value": title or TITLES[ARCHIVED.get(code, code)]},
        "country": {"id": "..", "value": ".."},
        "countryiso3code": country,
        "date": year,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }


def page(*given, number=1, pages=1, total=None, updated="2026-11-16"):
    header = {"page": number, "pages": pages, "per_page": 50, "total": len(given) if total is None else total}
    return [{**header, "sourceid": "2", "lastupdated": updated}, list(given)]


def message(id, key="Invalid value", value="The provided parameter value is not valid"):
    return [{"message": [{"id": id, "key": key, "value": value}]}]


def task(code=GDP, request=KENYA):
    return next(one for one in WorldBank().tasks(request) if one.key == code)


def fetch(*answers, code=GDP, request=KENYA):
    return WorldBank().fetch(task(code, request), request, Scripted(*answers))


def refused(*answers, code=GDP, request=KENYA):
    with pytest.raises(FetchError) as caught:
        fetch(*answers, code=code, request=request)
    return caught.value


# the table


def test_every_indicator_is_a_series_that_names_the_source_and_has_its_unit():
    assert len({one.series for one in indicators().values()}) == len(indicators())
    for one in indicators().values():
        spec = catalogue()[one.series]
        assert "wdi_live" in spec.sources, one.code
        assert spec.frequency == "A", one.code
        assert one.says, one.code
        assert SAYS.get(spec.unit, "") in one.says, f"{one.code}: {spec.unit}"
        assert ("US$" in one.says) == (spec.unit in ("usd", "lcu_per_usd")), one.code


def test_the_words_asked_for_are_in_the_titles():
    for one in indicators().values():
        title = TITLES[ARCHIVED.get(one.code, one.code)]
        assert one.says.casefold() in title.casefold(), one.code


def test_what_is_not_fetched_says_why():
    left = [row for row in rows("sources/worldbank.csv") if not row["series"]]
    assert left
    assert all(row["note"].startswith("not fetched: ") for row in left)
    assert not {row["code"] for row in left} & set(indicators())


@pytest.mark.parametrize(
    "id", ["gdp_usd", "cpi_inflation_pct", "current_account_usd", "current_account_pct_gdp"]
)
def test_the_world_economic_outlook_stays_first_where_it_is(id):
    sources = catalogue()[id].sources
    assert sources.index("weo_2026_04") < sources.index("wdi_live")


def test_a_live_group_never_joins_an_embedded_one():
    for one in indicators().values():
        assert ("wdi_live",) in catalogue()[one.series].precedence, one.code


# pages


def test_an_indicator_in_many_pages_is_read_whole(bank, server):
    request = Request(("ARG", "DEU", "KEN", "NGA", "SLV", "TUV"), END)
    frame = bank.fetch(task(FINE, request), request, Web())
    assert len(server.paths) == 2
    assert frame.groupby("country").size().to_dict() == dict.fromkeys(request.countries, 26)


def test_pages_are_joined():
    one, two = row(year="2020"), row(year="2021", value=2)
    frame = fetch(page(one, pages=2, total=2), page(two, number=2, pages=2, total=2))
    assert frame["value"].tolist() == [1.0, 2.0]
    assert frame["date"].tolist() == [pd.Timestamp("2020-12-31"), pd.Timestamp("2021-12-31")]


@pytest.mark.parametrize(
    "second",
    [
        page(row(year="2021"), number=2, pages=2, total=2, updated="2026-11-17"),
        page(row(year="2021"), number=2, pages=3, total=2),
        page(row(year="2021"), number=2, pages=2, total=3),
        page(row(year="2020"), number=1, pages=2, total=2),
    ],
    ids=["updated", "pages", "total", "the first page again"],
)
def test_pages_of_two_states_are_asked_for_again_later(second):
    error = refused(page(row(), pages=2, total=2), second)
    assert error.transient
    assert f"{GDP}: changed while its pages were read" in str(error)


def test_rows_that_do_not_add_up_to_the_total_are_no_answer():
    error = refused(page(row(), pages=2, total=3), page(row(year="2021"), number=2, pages=2, total=3))
    assert error.transient
    assert "2 rows on 2 pages where 3 were announced" in str(error)


def test_a_header_cannot_ask_for_pages_without_end():
    error = refused(page(row(), pages=10**9, total=1))
    assert not error.transient
    assert "announces 1000000000 pages" in str(error)


def test_the_question_has_database_period_and_page():
    web = Scripted(page(row()))
    WorldBank().fetch(task(), KENYA, web)
    url, query = web.asked[0]
    assert url == f"https://api.worldbank.org/v2/country/KEN/indicator/{GDP}"
    assert query == {"source": "2", "format": "json", "date": "2000:2025", "per_page": "10000", "page": "1"}


# messages and outages


def test_an_unknown_code_is_named_with_the_economies_that_may_be_meant():
    error = refused(message("120"))
    assert not error.transient
    assert (
        f"does not serve {GDP} (The provided parameter value is not valid), or one of the economies KEN"
        in str(error)
    )
    assert "successors of worldbank.csv" in str(error)


def test_who_may_read_a_mirror_is_not_told():
    mirror = WorldBank("https://reader:secret@mirror.example/wb")
    with pytest.raises(FetchError) as caught:
        mirror.fetch(task(), KENYA, Scripted(message("120")))
    assert caught.value.where == "https://mirror.example/wb"


def test_a_message_about_the_service_may_pass():
    error = refused(message("105", "Service currently unavailable", "Please try again later"))
    assert error.transient
    assert "Please try again later" in str(error)


@pytest.mark.parametrize(
    "answer", [{"fault": "Rate limited"}, [], ["?"], "no", 7, [{"page": 1}, []], [{}, [], []]]
)
def test_other_json_may_be_an_outage(answer):
    assert refused(answer).transient


@pytest.mark.parametrize(
    "body", [b'<?xml version="1.0"?><wb:error/>', b"<html>maintenance</html>", b"[{", b""]
)
def test_what_is_no_json_may_be_an_outage(body):
    assert refused(body).transient


def test_an_empty_answer_is_an_error():
    error = refused(
        [{"page": 0, "pages": 0, "per_page": 0, "total": 0, "sourceid": None, "lastupdated": None}, None]
    )
    assert f"{GDP}: no figure" in str(error)


# renamed codes


def test_a_successor_is_used_and_told(bank, server):
    frame = bank.fetch(task(GOVERNANCE), KENYA, Web())
    assert set(frame["series"]) == {"govt_effectiveness"}
    assert frame.attrs["notes"] == ("GE.EST is now served as GOV_WGI_GE_EST",)
    assert [path.rpartition("/")[2] for path in server.paths] == ["GE.EST", "GOV_WGI_GE_EST"]


def test_what_is_served_under_its_own_code_needs_no_note():
    given = row(code=GOVERNANCE, title="Government Effectiveness: Estimate")
    assert fetch(page(given), code=GOVERNANCE).attrs == {}


def test_a_successor_that_is_gone_too_is_named():
    error = refused(message("175"), message("120"), code=GOVERNANCE)
    assert not error.transient
    assert "GE.EST (" in str(error)
    assert "GOV_WGI_GE_EST (" in str(error)


def test_an_outage_of_the_successor_is_no_reason_to_give_up():
    assert refused(message("175"), b"<html>", code=GOVERNANCE).transient


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (row(code="NY.GDP.MKTP.KD", title="GDP (constant 2015 US$)"), "another indicator, NY.GDP.MKTP.KD"),
        (row(title="GDP (current LCU)"), "without 'current US$'"),
        ({**row(), "indicator": None}, "names no indicator"),
    ],
)
def test_another_indicator_or_unit_is_refused(given, told):
    error = refused(page(row(year="2019"), given))
    assert not error.transient
    assert told in str(error)


# economies


def test_aggregates_are_dropped(bank, server):
    everywhere = Request((), END)
    frame = bank.fetch(task("SP.POP.TOTL", everywhere), everywhere, Web())
    assert all("/country/all/" in path for path in server.paths)
    found = set(frame["country"])
    assert all(map(known, found))
    assert not found & {code for _, code, _ in AGGREGATES}
    assert 987654321.0 not in set(frame["value"])
    assert {"XKX", "KEN", "TUV"} <= found
    assert len(found) == 216


def test_a_few_economies_are_asked_for_by_code(bank, server):
    request = Request(("NGA", "KEN", "TWN", "VAT", "KEN"), END)
    one = task(GDP, request)
    assert one.countries == ("NGA", "KEN"), "neither Taiwan nor the Vatican, which the Bank does not cover"
    frame = bank.fetch(one, request, Web())
    assert server.paths == [f"/worldbank/country/NGA;KEN/indicator/{GDP}"]
    assert set(frame["country"]) == {"KEN", "NGA"}


def test_many_economies_are_cut_out_of_the_world(bank, server, world):
    request = Request(tuple(code for code in world.economies if code != "KEN")[: SUBSET + 5], END)
    one = task(GDP, request)
    assert one.countries == ()
    frame = bank.fetch(one, request, Web())
    assert server.paths == [f"/worldbank/country/all/indicator/{GDP}"]
    assert set(frame["country"]) <= set(request.countries)


@pytest.mark.parametrize(
    "request_",
    [Request(("TWN", "VAT"), END), Request(("KEN",), dt.date(2026, 6, 30), dt.date(2026, 1, 1))],
    ids=["economies", "years"],
)
def test_there_is_nothing_to_ask_where_the_bank_has_nothing(request_):
    assert WorldBank().tasks(request_) == ()


# figures


def test_the_same_row_twice_is_one_and_differing_ones_stay():
    frame = fetch(page(row(), row(), row(value=2), row(year="2021")))
    assert sorted(zip(frame["date"].dt.year, frame["value"], strict=True)) == [
        (2020, 1.0),
        (2020, 2.0),
        (2021, 1.0),
    ]


def test_only_complete_years_of_the_period_are_taken():
    request = Request(("KEN",), dt.date(2022, 12, 30), dt.date(2020, 1, 1))
    given = [row(year=str(year)) for year in range(2018, 2027)]
    frame = fetch(page(*given), request=request)
    assert frame["date"].dt.year.tolist() == [2020, 2021]


def test_the_year_of_a_request_on_its_last_day_is_complete():
    request = Request(("KEN",), dt.date(2022, 12, 31))
    web = Scripted(page(row(year="2022")))
    assert WorldBank().fetch(task(GDP, request), request, web)["date"].tolist() == [
        pd.Timestamp("2022-12-31")
    ]
    assert web.asked[0][1]["date"] == "2000:2022"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "null"])
def test_what_is_no_number_is_left_out(number):
    body = json.dumps(page(row(), row(year="2021", value="@"))).replace('"@"', number)
    assert fetch(body.encode())["date"].dt.year.tolist() == [2020]


def test_a_zero_is_missing_only_where_the_catalogue_says_so():
    given = [row(code=REMITTANCES, value=0), row(code=REMITTANCES, year="2021")]
    assert fetch(page(*given), code=REMITTANCES)["value"].tolist() == [1.0]
    assert fetch(page(row(value=0), row(year="2021")))["value"].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "change", [{"date": "2020Q1"}, {"date": None}, {"value": "n/a"}, {"value": {"usd": 1}}]
)
def test_a_row_of_another_form_is_an_error(change):
    error = refused(page(row(), {**row(year="2021"), **change}))
    assert not error.transient
    assert f"{GDP}: a row is not as documented" in str(error)


def test_a_row_without_a_field_is_an_error():
    given = row()
    del given["countryiso3code"]
    assert "'countryiso3code'" in str(refused(page(given)))
