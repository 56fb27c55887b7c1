"""Known faults, in the embedded figures and in what is fetched."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from histories import history

from cryptorisk.data.catalogue import Fault, faults
from cryptorisk.data.checks.faults import apply_faults, live_edition


def fault(**rest):
    given = {
        "series": "gdp_usd",
        "country": "KEN",
        "start": None,
        "end": None,
        "source": "",
        "action": "drop",
    }
    return Fault(**{**given, "reason": "because", **rest})


@pytest.mark.parametrize(
    ("source", "live"),
    [
        ("imf_er_2026_01", "imf_er_live"),
        ("wdi", "wdi_live"),
        ("wdi_live", "wdi_live"),
        ("bis_cbpol_2024_01", "bis_cbpol_live"),
        ("frb_h10", "frb_h10_live"),
    ],
)
def test_live_edition(source, live):
    assert live_edition(source) == live


def test_ranges_are_inclusive_and_flags_only_counted():
    frame = history("gdp_usd", range(1, 11), start="2010")
    dropped = fault(start=dt.date(2012, 12, 31), end=dt.date(2014, 12, 31))
    flagged = fault(action="flag", end=dt.date(2013, 12, 31))
    stays, table = apply_faults(frame, (dropped, flagged))
    assert stays["value"].tolist() == [1, 2, 6, 7, 8, 9, 10]
    assert table["rows"].tolist() == [3, 4]


def test_a_fault_of_one_source_concerns_its_live_edition_and_no_other():
    sources = ("imf_er_2026_01", "imf_er_live", "frb_h10", "imf_er_2025_01")
    frame = pd.concat([history("gdp_usd", [1.0], start="2015", source=source) for source in sources])
    stays, _ = apply_faults(frame, (fault(source="imf_er_2026_01"),))
    assert stays["source"].tolist() == ["frb_h10", "imf_er_2025_01"]


def test_old_bolivares_do_not_come_back_with_a_live_source():
    fetched = history(
        "official_fx_lcu_per_usd", [1e5, 2e5, 60.0], start="2018-05", country="VEN", source="imf_er_live"
    )
    stays, _ = apply_faults(fetched, faults())
    assert stays["value"].tolist() == [60.0]


def test_the_embedded_vintage_holds_nothing_that_a_fault_drops(whole_vintage):
    stays, table = apply_faults(whole_vintage, faults())
    assert len(stays) == len(whole_vintage)
    assert (table.loc[table["action"] == "drop", "rows"] == 0).all()
    assert (table.loc[table["action"] == "flag", "rows"] > 0).any()
