"""From answers to figures: known faults, the form, the rules, and what a report must say of what was let pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pandas as pd
import pytest
from invented import Invented, Second, figures

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.refresh import judging
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.record import RefreshRecord
from cryptorisk.data.refresh.refresh import refresh
from cryptorisk.data.sources.source import COLUMNS, Request, Task
from cryptorisk.data.vintage import find_vintage
from cryptorisk.errors import DataError
from cryptorisk.params import Params

DAY = dt.date(2026, 11, 26)
QUICK = Patience(attempts=2, first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=30)
RATE, PARALLEL = "official_fx_lcu_per_usd", "crypto_parallel_fx_lcu_per_usd"


POPULATION = figures("population", {year: 100.0 + year - 2000 for year in range(2015, 2025)}, "wdi_live")


@dataclass(frozen=True)
class Given(Invented):
    """Answers every question with the rows of its series in ``frame``."""

    frame: pd.DataFrame = field(default_factory=lambda: POPULATION)

    def tasks(self, request):
        return tuple(Task(f"T{at}", (id,)) for at, id in enumerate(self.frame["series"].unique(), start=1))

    def fetch(self, task, request, web):
        return self.frame[self.frame["series"].isin(task.series)].reset_index(drop=True)


@dataclass(frozen=True)
class Imf(Given):
    name: ClassVar[str] = "imf"
    register: ClassVar[tuple[str, ...]] = ("imf_wpcper_live", "weo_live")


@dataclass(frozen=True)
class Bis(Given):
    name: ClassVar[str] = "bis"
    register: ClassVar[tuple[str, ...]] = ("bis_xru_live",)


def months(series, values, source, country="KEN", start="2024-01"):
    dates = pd.date_range(start, periods=len(values), freq="ME").astype("datetime64[us]")
    frame = pd.DataFrame({"date": dates, "value": values}).astype({"value": "float64"})
    return frame.assign(country=country, series=series, source=source)[list(COLUMNS)]


def renew(data, *sources, day=DAY, countries=("KEN", "UGA", "VEN")):
    return refresh(data, {one.name: one for one in sources}, Request(countries, day), patience=QUICK)


def fault(data, series, country):
    table = find_vintage(data).table("faults")
    (row,) = table[(table["series"] == series) & (table["country"] == country)].to_dict("records")
    return row


def test_known_faults_are_left_out_and_counted_until_the_source_is_asked_again(data):
    years = figures(
        "fx_lcu_usd_avg", {year: 10.0 + year - 2010 for year in range(2014, 2025)}, "wdi_live", "VEN"
    )
    doubtful = figures("gdp_usd", {2013: 9.0, 2014: 9.1, 2015: 9.2, 2016: 9.3}, "wdi_live", "VEN")
    before = fault(data, "fx_lcu_usd_avg", "VEN")["rows"]
    done = renew(data, Given(frame=pd.concat([years, doubtful])))
    rows = find_vintage(data).observations("fx_lcu_usd_avg", "VEN")
    assert rows.dates.astype("datetime64[Y]").astype(int).min() + 1970 == 2019
    assert done.fetched["worldbank"] == len(years) + len(doubtful) - 5
    dropped, flagged = fault(data, "fx_lcu_usd_avg", "VEN"), fault(data, "gdp_usd", "VEN")
    assert (before, dropped["action"], dropped["rows"]) == (0, "drop", 5)
    assert (flagged["action"], flagged["rows"]) == ("flag", 2)
    renew(data, Second(), day=DAY + dt.timedelta(days=1))
    assert fault(data, "fx_lcu_usd_avg", "VEN")["rows"] == 5
    late = years[years["date"].dt.year > 2016]
    renew(data, Given(frame=late), day=DAY + dt.timedelta(days=2))
    assert fault(data, "fx_lcu_usd_avg", "VEN")["rows"] == 2
    assert fault(data, "gdp_usd", "VEN")["rows"] == 2


def test_the_faults_of_several_portions_add_up(data, monkeypatch):
    monkeypatch.setattr(judging, "PORTION", 1)
    values = dict.fromkeys(range(2010, 2025), 10.0)
    frames = [figures(id, values, "wdi_live", "VEN") for id in ("fx_lcu_usd_avg", "gdp_usd")]
    renew(data, Given(frame=pd.concat(frames)))
    assert fault(data, "fx_lcu_usd_avg", "VEN")["rows"] == 9
    assert fault(data, "gdp_usd", "VEN")["rows"] == 10


def test_what_has_not_the_form_of_a_figure_is_never_stored(data, monkeypatch):
    """Whatever the rules let pass."""
    judge = judging.judge

    def careless(fetched, *given, **more):
        found = judge(fetched, *given, **more)
        return replace(found, accepted=found.accepted.assign(date=pd.Timestamp(2030, 12, 31)))

    monkeypatch.setattr(judging, "judge", careless)
    with pytest.raises(DataError, match="dated after 2026-11-26"):
        renew(data, Given())
    assert not (data / "2026-11-26").exists()


def test_a_parallel_rate_is_judged_by_the_official_one_of_the_vintage(data):
    turned = months(PARALLEL, [1 / 160, 1 / 161, 1 / 162, 1 / 163, 1 / 164, 1 / 165], "imf_wpcper_live")
    done = renew(data, Imf(frame=turned))
    assert set(done.quarantined["rule"]) == {"parallel"}
    assert len(done.quarantined) == 6
    fit = turned.assign(value=190.0)
    assert renew(data, Imf(frame=fit), day=DAY + dt.timedelta(days=1)).quarantined.empty


def test_a_parallel_rate_is_judged_by_the_official_one_that_came_before_it(data):
    official = Bis(frame=months(RATE, [3700.0] * 6, "bis_xru_live", "UGA"))
    tenfold = Imf(frame=months(PARALLEL, [37_000.0] * 6, "imf_wpcper_live", "UGA"))
    assert len(renew(data, official, tenfold).quarantined) == 6


def test_a_new_base_within_an_answer_is_told_as_long_as_the_history_stands(data):
    def told():
        inputs = load_inputs(Params(country="KEN"), data=data)
        return {one.id: one.text for one in inputs.findings if one.id.startswith("data.break_")}

    level = [100.0, 104, 108, 112, 117, 121, 60, 62, 65, 67, 70, 73]
    broken = figures("cpi_index", dict(zip(range(2013, 2025), level, strict=True)), "weo_live")
    renew(data, Imf(frame=broken))
    text = told()["data.break_1"]
    assert text.startswith("weo_live gives cpi_index for KEN at 121 (2018) and then 60 (2019): a new base")
    assert find_vintage(data).observations("cpi_index", "KEN").numbers.tolist() == level
    uganda = load_inputs(Params(country="UGA"), data=data).findings
    assert not any(one.id.startswith("data.break_") for one in uganda)
    renew(data, Second(), day=DAY + dt.timedelta(days=1))
    assert told() == {"data.break_1": text}
    one_base = broken.assign(value=[value * (60 / 126) if value > 99 else value for value in level])
    renew(data, Imf(frame=one_base), day=DAY + dt.timedelta(days=2))
    assert told() == {}


def test_a_record_of_before_there_were_breaks_is_read(data):
    path = renew(data, Given()).path
    descriptor = dict(find_vintage(data, path.name).descriptor)
    record = RefreshRecord.from_descriptor(descriptor)
    older = {key: value for key, value in descriptor["refresh"].items() if key != "breaks"}
    assert RefreshRecord.from_descriptor({**descriptor, "refresh": older}) == record
