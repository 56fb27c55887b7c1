"""A mistake in ``data/overrides`` stops the report of the economy it is about, and of all only where that is not told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from own_files import VINTAGE, kit_of, row, write

from cryptorisk.cli.report import check_data
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.own.concern import EVERYBODY, concern, named_in
from cryptorisk.data.own.faults import Fault
from cryptorisk.errors import CryptoriskError, DataError
from cryptorisk.paramfile import load_params
from cryptorisk.params import Params
from cryptorisk.report.batch import _origins

STOPS_ALL = f"{EVERYBODY.what}; {EVERYBODY.remedy}"


@pytest.fixture
def kit(kit_root: Path, tmp_path: Path) -> Path:
    return kit_of(kit_root, tmp_path / "kit")


def shelf(kit: Path, name: str, *rows: dict[str, Any]) -> Path:
    return write(kit / "data" / "overrides" / name, rows)


def inputs(kit: Path, country: str) -> Inputs:
    return load_inputs(Params(country=country, vintage=VINTAGE), root=kit)


def refused(kit: Path, country: str) -> list[str]:
    with pytest.raises(DataError) as caught:
        inputs(kit, country)
    return str(caught.value).splitlines()


def notices(given: Inputs) -> list[str]:
    return [one.text for one in given.findings if one.id.startswith("data.own_file")]


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"value": "much"}, "the value must be a plain number"),
        ({"unit": "kes"}, "the unit must be usd"),
        ({"series": "bank_tier"}, "the series is not known"),
        ({"value": "-5"}, "bank_tier1_usd cannot be below 0"),
        ({"date": "2025-02-30"}, "the date must be"),
    ],
)
def test_a_mistake_in_a_row_stops_its_economy_alone(
    kit: Path, format: str, bad: dict[str, Any], said: str
) -> None:
    good = row(country="KEN", value="5", confidential="no")
    shelf(
        kit, f"all.{format}", good, row(country="UGA", **{"value": "1", **bad}), row(country="NGA", value="7")
    )
    kenya = inputs(kit, "KEN")
    assert kenya.series("bank_tier1_usd").values.tolist() == [5.0]
    assert notices(kenya) == []
    assert inputs(kit, "TZA").own_series == frozenset()
    (line,) = refused(kit, "UGA")
    assert said in line
    assert STOPS_ALL not in line


def test_mistakes_of_the_format_itself_are_told_by_their_rows(kit: Path) -> None:
    path = kit / "data" / "overrides" / "all.csv"
    path.parent.mkdir()
    path.write_text(
        "country,series,date,value,unit\nKEN,bank_tier1_usd,2025,5,usd\nUGA,bank_tier1_usd,2025,1,5,usd\n"
    )
    assert inputs(kit, "KEN").series("bank_tier1_usd").values.tolist() == [5.0]
    assert refused(kit, "UGA") == [
        "data/overrides/all.csv:3: has 6 columns, not 5; decimals take a point, thousands no mark, a text with a comma "
        "quotes"
    ]
    path.write_text(
        "series,country,date,value,unit\nbank_tier1_usd,KEN,2025,5,usd\nbank_tier1_usd,UGA,2025,1,5,usd\n"
    )
    assert len(refused(kit, "KEN")) == 2, "what stands before the country may have moved it"
    path.unlink()
    shelf(kit, "all.xlsx", row(country="KEN", value=5.0), row(country="UGA", value="=1+1"))
    assert inputs(kit, "KEN").series("bank_tier1_usd").values.tolist() == [5.0]
    assert refused(kit, "UGA") == [
        "data/overrides/all.xlsx figures!D3: holds a formula without a value; open and save the file in a spreadsheet "
        "program, or write the value"
    ]


@pytest.mark.parametrize("country", ["", "Kenya", "ken", "WLD"])
def test_a_row_that_names_no_economy_stops_all_and_says_so(kit: Path, country: str) -> None:
    shelf(kit, "all.csv", row(country="KEN", value="5"), row(country=country, value="1"))
    for economy in ("KEN", "UGA"):
        first, second = refused(kit, economy)
        assert first.startswith("data/overrides/all.csv:3: the country is ")
        assert second == f"data/overrides/all.csv: {STOPS_ALL}"


def test_two_figures_that_contradict_each_other_stop_their_economy(kit: Path) -> None:
    twice = [row(country="UGA", value="1"), row(country="UGA", value="2")]
    shelf(kit, "all.csv", row(country="KEN"), *twice)
    assert inputs(kit, "KEN").own_series == {"bank_tier1_usd"}
    assert refused(kit, "UGA") == [
        "data/overrides/all.csv:4: 2025 is given twice (first on line 3); keep one"
    ]


@pytest.mark.parametrize(
    "name", ["UGA.xlsx", "UGA-returns.xlsx", "UGA returns.csv", "UGA_2025.parquet", "UGA.xls"]
)
def test_a_file_that_cannot_be_read_stops_the_economy_that_its_name_begins_with(kit: Path, name: str) -> None:
    folder = kit / "data" / "overrides"
    folder.mkdir()
    (folder / name).write_bytes(b"\xff broken")
    given = inputs(kit, "KEN")
    assert notices(given) == [
        f"The file {name} in data/overrides cannot be used; by its name it is not about Kenya, and the report was made "
        "without it."
    ]
    (line,) = refused(kit, "UGA")
    assert line.startswith(
        (f"data/overrides/{name}: is no", f"data/overrides/{name}: cannot be read as Parquet")
    )


@pytest.mark.parametrize(
    "name", ["returns.xlsx", "UGAnda.csv", "uga.csv", "QQQ.csv", "returns-UGA.parquet", "a.xls"]
)
def test_a_file_that_cannot_be_read_and_names_no_economy_stops_all(kit: Path, name: str) -> None:
    folder = kit / "data" / "overrides"
    folder.mkdir()
    (folder / name).write_bytes(b"\xff broken")
    for economy in ("KEN", "UGA"):
        _what, all_ = refused(kit, economy)
        assert all_ == f"data/overrides/{name}: {STOPS_ALL}"


def test_a_head_that_is_wrong_is_everybodys_unless_the_name_tells(kit: Path) -> None:
    write(kit / "data" / "overrides" / "a.csv", [row(country="UGA")], ("country", "series", "date", "value"))
    assert [line.split(": ")[1][:16] for line in refused(kit, "KEN")] == [
        "lacks the column",
        "this stops every",
    ]
    (kit / "data" / "overrides" / "a.csv").rename(kit / "data" / "overrides" / "UGA-a.csv")
    assert inputs(kit, "KEN").own_series == frozenset()
    assert len(refused(kit, "UGA")) == 1


def test_a_file_with_mistakes_elsewhere_is_taken_for_confidential(kit: Path) -> None:
    """A row that could not be read may be confidential, and a plain hash of the file could give its figure away."""
    good = row(country="KEN", value="5", confidential="no")
    shelf(kit, "all.csv", good)
    assert not inputs(kit, "KEN").own_files[0].confidential
    shelf(kit, "all.csv", good, row(country="UGA", value="x"))
    assert inputs(kit, "KEN").own_files[0].confidential


def test_a_file_that_the_parameters_name_concerns_their_country_whatever_its_rows_say(kit: Path) -> None:
    path = write(kit / "params" / "UGA.csv", [row(country="UGA", value="x")])
    with pytest.raises(DataError, match="the value must be a plain number"):
        load_inputs(Params(country="KEN", vintage=VINTAGE, own_files=(str(path),)), root=kit)


def test_without_a_country_every_fault_counts() -> None:
    faults = [Fault("", "a", economy="KEN"), Fault("", "b")]
    assert concern(faults, "UGA.csv", "").faults == tuple(faults)
    assert concern(faults, "UGA.csv", "KEN").faults == (faults[0],)
    assert concern(faults, "UGA.csv", "UGA").faults == (faults[1],)
    assert (named_in("KEN.csv"), named_in("KENYA.csv"), named_in("XXX.csv")) == ("KEN", "", "")


def test_of_several_reports_only_those_fail_that_a_mistake_concerns(kit: Path) -> None:
    shelf(kit, "all.csv", row(country="KEN", value="5"), row(country="UGA", value="x"))
    kenya, uganda = (Params(country=code, vintage=VINTAGE) for code in ("KEN", "UGA"))
    (kit / "params" / "UGA.yaml").write_text(f"country: UGA\nvintage: {VINTAGE}\n")
    assert load_params("UGA", root=kit) == uganda, "the parameter file itself is good"
    check_data([kenya, uganda], kit)  # the run begins: a country whose data cannot be had fails by itself
    found = _origins((kenya, uganda), kit)
    assert not isinstance(found["KEN"], CryptoriskError)
    assert "all.csv:3: the value must be a plain number" in str(found["UGA"])
    with pytest.raises(DataError, match=r"all\.csv:3: the value must be"):
        check_data([uganda], kit)
    with pytest.raises(DataError, match="there is no vintage"):
        check_data([kenya, uganda, kenya.model_copy(update={"country": "TZA", "vintage": "2020-01-01"})], kit)
    shelf(kit, "all.csv", row(country="", value="5"))
    with pytest.raises(DataError) as caught:
        check_data([kenya, uganda], kit)
    assert str(caught.value).count(STOPS_ALL) == 1
