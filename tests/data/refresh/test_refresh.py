"""What a refresh makes of answers: judged, corrected, remembered; and what a report says of it."""

from __future__ import annotations

import datetime as dt

import pytest
from invented import Invented, Second, busy, gone

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.record import RefreshRecord
from cryptorisk.data.refresh.refresh import refresh
from cryptorisk.data.sources.source import Request
from cryptorisk.data.verify import problems, verify
from cryptorisk.data.vintage import find_vintage
from cryptorisk.errors import DataError
from cryptorisk.params import Params

DAY = dt.date(2026, 11, 26)
QUICK = Patience(attempts=2, first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=30)


def renew(data, *sources, day=DAY, countries=("KEN",), part=False):
    return refresh(data, {s.name: s for s in sources}, Request(countries, day, part=part), patience=QUICK)


def levels(data, series, name="latest"):
    rows = find_vintage(data, name).observations(series, "KEN")
    chosen = rows.sources == "wdi_live"
    return dict(
        zip(
            rows.dates[chosen].astype("datetime64[Y]").astype(int) + 1970,
            rows.numbers[chosen].tolist(),
            strict=True,
        )
    )


def findings(data, name="latest"):
    return {f.id: f.text for f in load_inputs(Params(country="KEN", vintage=name), data=data).findings}


def later(days):
    return DAY + dt.timedelta(days=days)


def test_what_one_source_says_is_replaced_as_a_whole(data):
    renew(data, Invented(years=(2019, 2020, 2021, 2022, 2023, 2024)))
    renew(data, Invented(level=101.0, years=(2018, 2019, 2020, 2021, 2022, 2023)), day=later(1))
    assert levels(data, "population") == {year: 101.0 + year - 2000 for year in range(2018, 2024)}


def test_a_failed_question_leaves_its_series_and_is_told_until_it_is_answered(data):
    renew(data, Invented())
    done = renew(data, Invented(level=101.0, trouble={"T2": [gone()]}), day=later(1))
    assert not done.whole
    assert done.path is not None
    assert levels(data, "population")[2024] == 125.0
    assert levels(data, "reserves_usd")[2024] == 224.0
    text = findings(data)["data.not_refreshed_worldbank"]
    assert "asked on 2026-11-27" in text
    assert "those of the vintage 2026-11-26" in text
    assert "knows no such code" in text
    renew(data, Second(), day=later(2))
    assert "those of the vintage 2026-11-26" in findings(data)["data.not_refreshed_worldbank"]
    renew(data, Invented(level=102.0, trouble={"T2": [gone()]}), day=later(3))
    text = findings(data)["data.not_refreshed_worldbank"]
    assert "asked on 2026-11-29" in text
    assert "those of the vintage 2026-11-26" in text
    renew(data, Invented(level=103.0), day=later(4))
    assert "data.not_refreshed_worldbank" not in findings(data)


def test_the_date_of_access_is_that_of_the_longest_unfetched_series(data):
    def accessed():
        return find_vintage(data).catalogue.sources["wdi_live"].accessed

    renew(data, Invented())
    assert accessed() == "2026-11-26"
    renew(data, Invented(level=101.0, trouble={"T2": [gone()]}), day=later(1))
    assert accessed() == "2026-11-26"
    renew(data, Invented(level=102.0), day=later(2))
    assert accessed() == "2026-11-28"
    renew(data, Invented(level=103.0), day=later(3), part=True)
    assert accessed() == "2026-11-28", "a refresh for some economies does not make the others newer"


def test_what_is_carried_over_keeps_its_day_of_access(data):
    def days():
        vintage = find_vintage(data)
        used = {one["id"] for one in vintage.descriptor["source_register"]}
        return {id: vintage.catalogue.sources[id].accessed for id in used if not id.endswith("_live")}

    before = days()
    compiled = find_vintage(data).info.date.isoformat()
    assert before
    assert set(before.values()) == {compiled}
    renew(data, Invented())
    renew(data, Invented(level=101.0), day=later(1))
    assert find_vintage(data).info.date.isoformat() > compiled
    assert days() == before


def test_an_economy_that_a_source_no_longer_gives_stands_and_is_told(data):
    from dataclasses import dataclass

    import pandas as pd

    @dataclass(frozen=True)
    class Two(Invented):
        uganda: bool = True

        def fetch(self, task, request, web):
            frame = super().fetch(task, request, web)
            return (
                pd.concat([frame, frame.assign(country="UGA")], ignore_index=True) if self.uganda else frame
            )

    renew(data, Two(), countries=("KEN", "UGA"))
    done = renew(data, Two(level=101.0, uganda=False), countries=("KEN", "UGA"), day=later(1))
    assert done.whole
    vintage = find_vintage(data)
    assert vintage.observations("population", "UGA").numbers[-1] == 124.0
    told = {f.id: f.text for f in load_inputs(Params(country="UGA"), data=data).findings}
    assert "no longer gives" in told["data.not_refreshed_worldbank"]
    assert "data.not_refreshed_worldbank" not in findings(data)
    renew(data, Two(level=102.0), countries=("KEN", "UGA"), day=later(2))
    assert find_vintage(data).observations("population", "UGA").numbers[-1] == 126.0
    told = {f.id for f in load_inputs(Params(country="UGA"), data=data).findings}
    assert "data.not_refreshed_worldbank" not in told


def test_an_answer_set_aside_as_a_whole_is_published_with_its_remedy(data):
    renew(data, Invented())
    done = renew(data, Invented(level=100_000.0), day=later(1))
    assert done.path is not None
    assert levels(data, "population")[2024] == 124.0
    rows = find_vintage(data).table("quarantined")
    assert len(rows) == len(done.quarantined) > 0
    assert rows["remedy"].str.contains("corrections.yaml").all()
    assert "set aside" in findings(data)["data.quarantined"]


CORRECTED = """corrections:
  - {series: population, country: KEN, date: 2024, old: 124, new: 130, reason: census, source: letter of 2026-11-01}
  - {series: population, country: KEN, date: 2016, old: 116, new: null, reason: twice counted, source: '=HYPERLINK(1)'}
  - {series: population, country: KEN, date: 2019, old: 5, new: 6, reason: never so, source: letter}
"""


def test_corrections_are_applied_to_what_comes_and_what_stands_and_leave_a_trace(data):
    (data / "corrections.yaml").write_text(CORRECTED, encoding="utf-8")
    done = renew(data, Invented())
    assert levels(data, "population")[2024] == 130.0
    embedded = find_vintage(data).observations("population", "KEN")
    assert np_years(embedded, "wdi") == [2015, 2017, 2018, 2019, 2020, 2021, 2022]
    assert len(done.corrections) == 2
    assert any("now says" in note for note in done.record.notes)
    text = " ".join(text for id, text in findings(data).items() if id.startswith("data.correction_"))
    assert "124 became 130: census" in text
    assert "116 was left out: twice counted" in text
    assert "'=HYPERLINK(1)" in set(find_vintage(data).table("corrections")["page"]), (
        "no formula in a vintage's table"
    )
    (data / "corrections.yaml").unlink()
    again = renew(data, Second(), day=later(1))
    assert len(again.corrections) == 2, "what was corrected stays told as long as it stands"
    renew(data, Invented(), day=later(2))
    assert levels(data, "population")[2024] == 124.0
    assert find_vintage(data).table("corrections")["date"].dt.year.tolist() == [2016]


def np_years(rows, source):
    return (rows.dates[rows.sources == source].astype("datetime64[Y]").astype(int) + 1970).tolist()


def test_a_history_accepted_by_hand_replaces_the_old_one_as_a_whole(data):
    renew(data, Invented(years=tuple(range(2005, 2025))))
    short = Invented(level=300.0, years=(2020, 2021, 2022, 2023, 2024))
    renew(data, short, day=later(1))
    assert levels(data, "population")[2005] == 105.0
    entry = "{series: population, country: KEN, date: 2020/2024, accept: true, reason: new census, source: letter}"
    (data / "corrections.yaml").write_text(f"corrections:\n  - {entry}\n", encoding="utf-8")
    renew(data, short, day=later(2))
    assert levels(data, "population") == {year: 300.0 + year - 2000 for year in range(2020, 2025)}
    told = [text for id, text in findings(data).items() if id.startswith("data.correction_")]
    assert len(told) == 1
    assert "5 figures" in told[0]


def test_an_unusable_corrections_file_stops_the_refresh(data):
    (data / "corrections.yaml").write_text(
        "corrections:\n  - {series: populatio, country: KEN}\n", encoding="utf-8"
    )
    source = Invented()
    with pytest.raises(DataError, match=r"corrections\.yaml:2"):
        renew(data, source)
    assert source.asked.total() == 0
    assert not (data / "2026-11-26").exists()


def test_a_source_that_is_down_makes_no_vintage_alone(data):
    done = renew(data, Invented(trouble={key: [busy()] * 9 for key in ("T1", "T2", "T3")}))
    assert done.path is None
    assert not done.whole


def test_a_damaged_record_is_said(data):
    with pytest.raises(DataError, match="record of the refresh is damaged"):
        RefreshRecord.from_descriptor({"name": "x", "refresh": {"previous": "y"}})


def test_a_damaged_record_does_not_pass_the_checks(data):
    import json

    path = renew(data, Invented()).path / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["refresh"]["fetched"] = [1]
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert any("record of the refresh is damaged" in one for one in problems(verify(path.parent)))
