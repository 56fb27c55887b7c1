"""What of the previous vintage stays beside what was fetched, and what is taken over as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from invented import Invented, figures

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.compact import Compact, plain
from cryptorisk.data.refresh.merging import merge, of_pairs
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.refresh import refresh
from cryptorisk.data.refresh.tables import REPLACED
from cryptorisk.data.sources.source import Request
from cryptorisk.data.vintage import find_vintage, open_vintage

FORM = Compact(catalogue())
NOTHING = FORM.joined([])
DAY = dt.date(2026, 11, 26)


def held(*parts):
    return FORM.held(pd.concat(parts, ignore_index=True))


def told(frame):
    rows = plain(frame)
    return list(
        zip(rows["series"], rows["country"], rows["date"].dt.year, rows["source"], rows["value"], strict=True)
    )


OLD = held(
    figures("population", {2020: 1.0, 2021: 2.0, 2022: 3.0}, "wdi_live"),
    figures("population", {2021: 9.0}, "wdi"),
    figures("population", {2021: 8.0}, "wdi_live", "UGA"),
)


def population(*values):
    return [("population", "KEN", year, "wdi_live", value) for year, value in values]


OTHERS = {("population", "KEN", 2021, "wdi", 9.0), ("population", "UGA", 2021, "wdi_live", 8.0)}


def merged(accepted, aside=NOTHING, superseded=NOTHING):
    rows = told(merge(OLD, accepted, aside, superseded, FORM))
    assert rows == sorted(rows)
    assert set(rows) >= OTHERS, "blocks that were not fetched stand"
    return [row for row in rows if row not in OTHERS]


def test_a_fetched_block_is_replaced_as_a_whole():
    new = held(figures("population", {2021: 5.0}, "wdi_live"))
    assert merged(new) == population((2021, 5.0))


def test_for_what_was_set_aside_the_previous_figure_stays():
    new = held(figures("population", {2021: 5.0}, "wdi_live"))
    aside = held(figures("population", {2022: 3000.0, 2023: 4000.0}, "wdi_live"))
    assert merged(new, aside) == population((2021, 5.0), (2022, 3.0))


def test_what_was_found_wrong_goes_although_its_successor_was_set_aside():
    new = held(figures("population", {2021: 5.0}, "wdi_live"))
    wrong = held(figures("population", {2022: 3.0}, "wdi_live"))
    assert merged(new, wrong, wrong) == population((2021, 5.0))
    assert merged(NOTHING, wrong, wrong) == population((2020, 1.0), (2021, 2.0))


def test_judged_beside_are_the_fetched_series_of_the_fetched_economies_alone():
    """Population of Uganda and reserves of Kenya were fetched: those of the other one are neither's business."""
    everything = [
        figures(series, {2020: 1.0}, source, country)
        for series in ("population", "reserves_usd", "gdp_usd")
        for country in ("KEN", "UGA", "BRA")
        for source in ("wdi", "wdi_live")
    ]
    stored = [held(*everything), held(figures("reserves_usd", {2021: 2.0}, "wdi"))]
    fetched = pd.concat(
        [
            figures("population", {2020: 1.0}, "wdi_live", "UGA"),
            figures("reserves_usd", {2020: 1.0}, "wdi_live"),
        ]
    )
    rows = plain(of_pairs(stored, fetched))
    found = set(zip(rows["series"], rows["country"], rows["source"], rows["date"].dt.year, strict=True))
    assert found == {
        ("population", "UGA", "wdi", 2020),
        ("population", "UGA", "wdi_live", 2020),
        ("reserves_usd", "KEN", "wdi", 2020),
        ("reserves_usd", "KEN", "wdi_live", 2020),
        ("reserves_usd", "KEN", "wdi", 2021),
    }


def test_a_series_that_nobody_knows_has_no_previous_figures():
    strange = figures("population", {2020: 1.0}, "wdi_live", "XYZ")
    assert of_pairs([OLD], strange).empty


def written_otherwise(path, name):
    """The same table in other bytes, as another version of the library would have written it."""
    file, descriptor = path / f"{name}.parquet", path / "datapackage.json"
    pq.write_table(pq.read_table(file), file, compression="gzip")
    content = file.read_bytes()
    text = json.loads(descriptor.read_text(encoding="utf-8"))
    resource = next(one for one in text["resources"] if one["name"] == name)
    resource |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
    descriptor.write_text(json.dumps(text), encoding="utf-8")
    return content


@pytest.mark.parametrize("name", ["daily", "monthly"])
def test_what_has_no_news_is_taken_over_to_the_byte(data, name):
    old = data / "2026-11-23"
    content = written_otherwise(old, name)
    source = Invented()
    patience = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=30)
    new = refresh(data, {source.name: source}, Request(("KEN",), DAY), patience=patience).path
    assert (new / f"{name}.parquet").read_bytes() == content
    before, after = open_vintage(old), find_vintage(data)
    taken_over = set(before.resources) - set(REPLACED)
    assert {"regulation", "regional_volume", "country_crypto", "quoted_facts", "dropped"} <= taken_over
    assert set(before.resources) <= set(after.resources)
    for one in taken_over:
        assert after.resources[one] == before.resources[one]
        file = before.resources[one]["path"]
        assert (new / file).read_bytes() == (old / file).read_bytes(), one
