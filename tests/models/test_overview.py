"""The first screen: its findings, tiles and peers, and what it says of the state of the data."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from cryptorisk.estimate import Estimate
from cryptorisk.models import overview, peers
from cryptorisk.models.matrix import cram
from cryptorisk.models.overview import _not_refreshed
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result


@pytest.fixture
def inputs(inputs_for):
    return inputs_for("KEN")


def with_findings(inputs, *ids):
    findings = tuple(Finding(id, "Text.", "warning", "data") for id in ids)
    return dataclasses.replace(inputs, findings=findings)


def test_nothing_is_said_of_a_vintage_in_which_every_source_answered(inputs):
    assert _not_refreshed(with_findings(inputs, "data.stale", "data.quarantined")) == ""


def test_sources_that_gave_nothing_are_named_once(inputs):
    ids = ("data.not_refreshed_imf", "data.not_refreshed_worldbank", "data.not_refreshed_worldbank_2")
    text = _not_refreshed(with_findings(inputs, *ids))
    assert (
        "gave nothing at the last refresh: International Monetary Fund, World Bank (see the data log)" in text
    )


def overview_of(inputs, **changes):
    """The overview over one chapter that matters and a matrix with a finding of each kind."""
    params = Params(country="KEN")
    volume = Estimate(
        "volumes.country_volume_pct_gdp",
        "Volume",
        6.4,
        "pct_gdp",
        3.6,
        11.5,
        0.8,
        interval="prediction",
        **changes,
    )
    told = [Finding(f"crash.f{place}", f"Crash {place}.", "warning") for place in range(3)]
    chapters = {
        name: Result.build(
            name, name, "KEN", estimates=[volume] if name == "volumes" else [], findings=[*part]
        )
        for name, part in (
            ("volumes", [Finding("volumes.country", "Volume.", "notice")]),
            ("substitution", [Finding("substitution.one", "Substitution.", "notice")]),
            ("flight", [Finding("flight.one", "Flight.", "notice")]),
            ("crash", told),
            ("channels", [Finding("channels.one", "Channels.", "notice")]),
        )
    }
    rules = ("rating", "worst_pillar", "criticality", "first_step")
    risk = Result.build(
        "matrix", "M", "KEN", findings=[Finding(f"matrix.{name}", f"{name}.", "warning") for name in rules]
    )
    return overview.analyse(inputs, params, chapters, risk)


def test_at_most_five_findings_and_none_that_repeats_the_box(inputs):
    found = [f.id for f in overview_of(inputs).findings]
    assert len(found) == 5
    assert "overview.matrix.worst_pillar" in found
    assert not {"overview.matrix.rating", "overview.matrix.first_step"} & set(found)


def test_what_limits_a_number_comes_first_on_its_tile(inputs):
    note = overview_of(inputs, note="Period not stated by the source. More.")["country_volume_pct_gdp"].note
    assert note.startswith("Period not stated by the source.")
    assert "among peers" in note
    assert overview_of(inputs, note="GDP is a mean.")["country_volume_pct_gdp"].note.startswith("Rank ")


def test_the_age_of_peers_figures_counts_from_the_reports_date(inputs):
    dates = pd.to_datetime(["2018-12-31", "2019-12-31"])
    panel = pd.DataFrame({"KEN": [20.0, 23.0], "UGA": [30.0, 31.0]}, dates)
    assert peers._newest(panel, dt.date(2026, 11, 23)).empty
    assert peers._newest(panel, dt.date(2024, 11, 23)).to_dict() == {"KEN": 23.0, "UGA": 31.0}
    late = pd.concat([panel, pd.DataFrame({"UGA": [32.0]}, pd.to_datetime(["2024-12-31"]))])
    assert peers._newest(late, dt.date(2026, 11, 23)).to_dict() == {"UGA": 32.0}
    # Deposit dollarisation of 2019 is no comparison of 2026, and the matrix has the same rule.
    assert (
        peers.panels(inputs, Params(country="KEN"))["substitution.deposit_dollarisation"].get("KEN") is None
    )
    assert cram.rules().pillars[0].indicators[0].oldest_months == 12 * peers.MAX_AGE_YEARS


def first_screen(inputs, country="KEN", estimates=(), findings=()):
    """The overview over chapters with the given estimates and findings alone."""
    parts = {}
    for name in ("volumes", "substitution", "flight", "crash", "channels", "matrix"):
        own = [e for e in estimates if e.chapter == name]
        told = [f for f in findings if f.id.startswith(f"{name}.")]
        parts[name] = Result.build(name, name, country, estimates=own, findings=told)
    risk = parts.pop("matrix")
    return overview.analyse(inputs, Params(country=country), parts, risk)


def test_an_outflow_comes_before_a_coding_of_laws_and_before_what_the_box_says(inputs):
    """Nigeria in November 2026: one place was left, and a coding of 2021 had it."""
    told = [
        Finding("substitution.second_market", "A second market in 2021.", "warning", "data"),
        Finding("flight.encumbered", "Gross.", "warning", "caveat"),
        Finding("flight.residual_latest", "17.6 bn USD left unrecorded.", "warning", "result"),
        Finding("matrix.worst_pillar", "Highest.", "notice", "result"),
        Finding("matrix.criticality", "Critical.", "warning", "result"),
        Finding("matrix.no_rating", "No rating.", "notice", "data"),
    ]
    found = [f.id.removeprefix("overview.") for f in first_screen(inputs, findings=told).findings]
    assert found == [
        "matrix.criticality",
        "flight.residual_latest",
        "substitution.second_market",
        "matrix.worst_pillar",
        "data_quality",
    ]


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(-22.0, 87.0, "drain_pct_reserves"), (13.0, 96.0, "mvp_share")]
)
def test_a_share_of_anything_is_no_tile_and_the_drain_stands_in_its_place(inputs, low, high, shown):
    share = Estimate("substitution.mvp_share", "Share", 40.0, "pct", low, high, 0.9, interval="confidence")
    drain = Estimate("flight.drain_pct_reserves", "Drain", 19.6, "pct_reserves", note="Scenario.")
    usd = Estimate("flight.drain_usd", "Drain", 5.8e9, "usd")
    prices = Estimate("substitution.inflation", "Inflation", 41.9, "pct")
    made = first_screen(inputs, estimates=[share, drain, usd, prices])
    assert shown in made.headline
    assert len(made.headline) == len(overview.CARDS)
    if shown == "drain_pct_reserves":
        assert made[shown].note.startswith("5.8 bn USD. Scenario.")
        alone = first_screen(inputs, estimates=[share])
        assert "excludes next to nothing" in alone["mvp_share"].reason
        assert "inflation" in first_screen(inputs, estimates=[share, prices]).headline


def test_reserves_that_defend_no_rate_are_neither_a_tile_nor_ranked(inputs_for):
    cover = Estimate("flight.import_cover_months", "Reserves in months of imports", 2.42, "months_imports")
    residual = Estimate("flight.residual_pct_gdp", "Residual", 4.2, "pct_gdp")
    dollars, own = (first_screen(inputs_for(code), code, [cover, residual]) for code in ("SLV", "KEN"))
    assert "residual_pct_gdp" in dollars.headline
    assert "import_cover_months" in own.headline
    ranked = [
        made.tables["peers"].frame["what"].str.contains("months of imports").any() for made in (dollars, own)
    ]
    assert ranked == [False, True]
    alone = first_screen(inputs_for("SLV"), "SLV", [cover])["import_cover_months"]
    assert "do not defend an exchange rate" in alone.reason


def test_a_figure_that_exists_comes_before_one_that_cannot_be_had(inputs_for):
    """Germany: neither reserves of its own nor debtor statistics, but errors and omissions are known."""
    names = {"flight.import_cover_months": "Cover", "flight.residual_pct_gdp": "Residual"}
    none = [Estimate.missing(id, label, "pct_gdp", "not here") for id, label in names.items()]
    hot = Estimate("flight.hot_money_pct_gdp", "Hot money", -1.25, "pct_gdp", date="2025")
    known, unknown = (first_screen(inputs_for("DEU"), "DEU", found) for found in ([*none, hot], none))
    assert known["hot_money_pct_gdp"].value == -1.25
    assert unknown["import_cover_months"].reason == "not here"
    assert known["data_quality"].value > unknown["data_quality"].value
