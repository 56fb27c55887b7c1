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
