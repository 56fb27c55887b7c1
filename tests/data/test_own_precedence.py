"""Which figures are taken where several are given, and what is said of it; the folder that need not be named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from own_files import VINTAGE, kit_of, load, row, write

from cryptorisk.analysis import _place
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.own.findings import DOUBT
from cryptorisk.errors import DataError
from cryptorisk.params import Params


@pytest.fixture
def kit(kit_root: Path, tmp_path: Path) -> Path:
    return kit_of(kit_root, tmp_path / "kit")


def of_kit(kit: Path, country: str = "KEN", **fields: Any) -> Inputs:
    return load_inputs(Params(country=country, vintage=VINTAGE, **fields), root=kit)


def shelf(kit: Path, name: str, *rows: dict[str, Any]) -> Path:
    """A file in ``data/overrides``."""
    return write(kit / "data" / "overrides" / name, [{"country": "KEN", **one} for one in rows])


def own_text(inputs: Inputs, series: str = "bank_tier1_usd") -> str:
    (finding,) = [one for one in inputs.findings if one.id == f"data.own_{series}"]
    return finding.text


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_the_folder_is_read_without_being_named(kit: Path, format: str) -> None:
    shelf(kit, f"bank.{format}", row(value=5.0))
    inputs = of_kit(kit)
    assert inputs.series("bank_tier1_usd").values.tolist() == [5.0]
    assert inputs.confidential == {"bank_tier1_usd"}
    assert f"one figure, of 2025-12-31, from bank.{format} in data/overrides" in own_text(inputs)
    assert of_kit(kit, use_overrides_folder=False).own_series == frozenset()
    assert of_kit(kit, country="UGA").own_series == frozenset()


def test_no_folder_and_an_empty_one_are_no_fault(kit: Path) -> None:
    assert of_kit(kit).own_series == frozenset()
    (kit / "data" / "overrides").mkdir()
    assert of_kit(kit).own_series == frozenset()


def test_the_order_is_overrides_then_own_files_then_the_folder_then_public(kit: Path, tmp_path: Path) -> None:
    rows = [row(series=id, value=3.0) for id in ("bank_tier1_usd", "bank_cet1_usd", "reserves_usd")]
    shelf(kit, "shelf.csv", *rows)
    named = write(tmp_path / "named.csv", [row(value=2.0), row(series="bank_cet1_usd", value=2.0)])
    inputs = of_kit(
        kit, own_files=(str(named),), overrides={"bank_tier1_usd": {"value": 1.0, "date": "2025-12-31"}}
    )
    values = {
        id: inputs.series(id).values.tolist() for id in ("bank_tier1_usd", "bank_cet1_usd", "reserves_usd")
    }
    assert values == {"bank_tier1_usd": [1.0], "bank_cet1_usd": [2.0], "reserves_usd": [3.0]}
    order = "the parameter file's overrides come first, then its own_files, then data/overrides."
    assert "named.csv and shelf.csv give the series too" in own_text(inputs)
    assert own_text(inputs).endswith(order)
    assert "shelf.csv gives the series too" in own_text(inputs, "bank_cet1_usd")
    assert "over the public figures of the same name for the whole history" in own_text(
        inputs, "reserves_usd"
    )
    assert [file.name for file in inputs.own_files] == ["named.csv", "shelf.csv"]


def test_two_files_of_one_rank_must_not_give_the_same_series(kit: Path, tmp_path: Path) -> None:
    shelf(kit, "a.csv", row())
    shelf(kit, "b.xlsx", row(date="2024"))
    with pytest.raises(DataError) as caught:
        of_kit(kit)
    assert str(caught.value) == (
        "data/overrides/b.xlsx: gives bank_tier1_usd for KEN, which data/overrides/a.csv gives too; "
        "keep the series in one of them"
    )
    first, second = write(tmp_path / "c.csv", [row()]), write(tmp_path / "d.csv", [row()])
    with pytest.raises(DataError, match=r"d\.csv: gives bank_tier1_usd for KEN, which .*c\.csv gives too"):
        load(kit, first, second)


def test_two_files_may_give_a_series_for_two_economies(kit: Path) -> None:
    shelf(kit, "a.csv", row(value=1.0))
    shelf(kit, "b.csv", row(country="UGA", value=2.0))
    assert of_kit(kit).series("bank_tier1_usd").values.tolist() == [1.0]
    assert of_kit(kit, "UGA").series("bank_tier1_usd").values.tolist() == [2.0]
    assert [file.name for file in of_kit(kit, "UGA").own_files] == ["b.csv"]


def test_a_file_without_a_figure_is_told(kit: Path, tmp_path: Path) -> None:
    shelf(kit, "empty.csv")
    shelf(kit, "others.csv", row(country="UGA"))
    named = write(tmp_path / "named.csv", [row(country="UGA")])
    inputs = of_kit(kit, own_files=(str(named),))
    texts = [one.text for one in inputs.findings if one.id.startswith("data.own_file")]
    assert texts == [
        "The file named.csv named in the parameter file holds no figure for Kenya.",
        "The file empty.csv in data/overrides holds no figure.",
    ]
    assert inputs.own_files == ()


def test_files_are_taken_in_the_order_of_their_names_and_others_passed_over(kit: Path) -> None:
    shelf(kit, "b.csv", row(series="bank_cet1_usd"))
    shelf(kit, "a.csv", row())
    folder = kit / "data" / "overrides"
    (folder / ".hidden.csv").write_text("broken")
    (folder / "~$a.xlsx").write_text("broken")
    (folder / "README.txt").write_text("kept by the department")
    (folder / "earlier").mkdir()
    write(folder / "earlier" / "c.csv", [row(series="bank_rwa_usd", country="KEN")])
    inputs = of_kit(kit)
    assert inputs.own_series == {"bank_tier1_usd", "bank_cet1_usd"}
    assert [file.name for file in inputs.own_files] == ["a.csv", "b.csv"]


@pytest.mark.parametrize("name", ["bank.xls", "bank.ods", "bank.XLSM"])
def test_a_table_of_another_format_is_not_passed_over(kit: Path, name: str) -> None:
    folder = kit / "data" / "overrides"
    folder.mkdir()
    (folder / name).write_text("x")
    with pytest.raises(
        DataError, match=rf"data/overrides/{name}: is no file of the kinds .*; save it as one of them"
    ):
        of_kit(kit)


def link_outside(folder: Path) -> str:
    target = folder.parent.parent / "secret.csv"
    write(target, [row(country="KEN")])
    (folder / "a.csv").symlink_to(target)
    return "is a link that leads out of data/overrides or nowhere; copy the file there"


def link_up(folder: Path) -> str:
    write(folder.parent / "up.csv", [row(country="KEN")])
    (folder / "a.csv").symlink_to(Path("..") / "up.csv")
    return "is a link that leads out of data/overrides or nowhere"


def link_to_nothing(folder: Path) -> str:
    (folder / "a.csv").symlink_to("nothing.csv")
    return "is a link that leads out of data/overrides or nowhere"


def link_in_a_circle(folder: Path) -> str:
    (folder / "a.csv").symlink_to("a.csv")
    return "is a link that leads out of data/overrides or nowhere"


def link_to_a_device(folder: Path) -> str:
    (folder / "a.csv").symlink_to("/dev/zero")
    return "is a link that leads out of data/overrides or nowhere"


def a_folder(folder: Path) -> str:
    (folder / "a.csv").mkdir()
    return "is not a regular file; move it elsewhere"


def a_pipe(folder: Path) -> str:
    os.mkfifo(folder / "a.csv")
    return "is not a regular file; move it elsewhere"


@pytest.mark.parametrize(
    "harm",
    [link_outside, link_up, link_to_nothing, link_in_a_circle, link_to_a_device, a_folder, a_pipe],
)
def test_what_is_no_file_of_the_folder_is_refused(kit: Path, harm: Any) -> None:
    folder = kit / "data" / "overrides"
    folder.mkdir()
    message = harm(folder)
    with pytest.raises(DataError) as caught:
        of_kit(kit)
    assert str(caught.value).startswith(f"data/overrides/a.csv: {message}")


def test_a_folder_that_is_a_link_is_refused(kit: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.csv", [row(country="KEN")])
    (kit / "data" / "overrides").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(
        DataError, match=r"data/overrides: is a link; .* name files elsewhere under own_files"
    ):
        of_kit(kit)
    assert of_kit(kit, use_overrides_folder=False).own_series == frozenset()


@pytest.mark.parametrize("name", ["a\x1b[31m.csv", "{{a}}.csv", "x" * 130 + ".csv"])
def test_a_name_that_no_report_can_print_is_refused(kit: Path, name: str) -> None:
    shelf(kit, name, row())
    with pytest.raises(DataError, match="the file's name"):
        of_kit(kit)


def test_faults_of_files_of_all_ranks_come_together(kit: Path, tmp_path: Path) -> None:
    shelf(kit, "a.csv", row(unit=""))
    named = write(tmp_path / "named.csv", [row(value="x")])
    with pytest.raises(DataError) as caught:
        of_kit(
            kit,
            own_files=(str(named), "nothing.csv"),
            overrides={"bank_rwa_usd": {"value": 1, "unit": "pct"}},
        )
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "overrides.bank_rwa_usd",
        f"{named}:2",
        str(kit / "params" / "nothing.csv"),
        "data/overrides/a.csv:2",
    ]


def test_no_results_are_kept_where_there_are_own_figures(kit: Path, tmp_path: Path) -> None:
    plain = Params(country="KEN", vintage=VINTAGE)
    assert _place("volumes", of_kit(kit), plain) is not None
    named = write(tmp_path / "named.csv", [row()])
    params = plain.model_copy(update={"own_files": (str(named),)})
    assert _place("volumes", load_inputs(params, root=kit), params) is None
    shelf(kit, "a.csv", row())
    assert _place("volumes", of_kit(kit), plain) is None
    assert _place("volumes", of_kit(kit, "UGA"), plain) is not None


def public_reserves(kit: Path) -> tuple[str, float]:
    latest = of_kit(kit).latest("reserves_usd")
    assert latest is not None
    return latest.date.isoformat(), latest.value


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1e-3, "about a thousandth of the public figure"),
        (1.3e3, "about a thousand times the public figure"),
        (0.8e-6, "about a millionth of the public figure"),
        (1e-9, "about a billionth of the public figure"),
        (1.2, None),
        (9.0, None),
        (40.0, None),
    ],
)
def test_a_figure_that_seems_to_be_in_another_unit_is_asked_about_and_used(
    kit: Path, factor: float, words: str | None
) -> None:
    date, value = public_reserves(kit)
    shelf(kit, "a.csv", row(series="reserves_usd", date=date, value=factor * value))
    inputs = of_kit(kit)
    assert inputs.series("reserves_usd").values.tolist() == [factor * value]
    doubts = [one for one in inputs.findings if one.id.startswith(DOUBT)]
    assert len(doubts) == (words is not None)
    if words is not None:
        assert doubts[0].severity == "warning"
        assert doubts[0].text.startswith(
            "Unit? The institution's own figure for official reserves including gold"
        )
        assert words in doubts[0].text
        assert f"of {date}" in doubts[0].text


def test_a_share_taken_for_a_percentage_and_the_figure_nearest_in_time(kit: Path) -> None:
    public = of_kit(kit).series("broad_money_pct_gdp").values
    last = public.index[-1]
    rows = [
        row(
            series="broad_money_pct_gdp", date=f"{last.year + 1}", value=public.iloc[-1] / 100, unit="pct_gdp"
        ),
        row(series="broad_money_pct_gdp", date=f"{last.year}", value=public.iloc[-1] / 100, unit="pct_gdp"),
        row(series="broad_money_pct_gdp", date=f"{last.year - 1}", value=public.iloc[-2], unit="pct_gdp"),
    ]
    shelf(kit, "a.csv", *rows)
    (doubt,) = [one for one in of_kit(kit).findings if one.id.startswith(DOUBT)]
    assert "about a hundredth of the public figure" in doubt.text
    assert f"of {last.year + 1}-12-31 is" in doubt.text
    assert f"figure of {last.date()}" in doubt.text
    assert "so it is with 1 of the others" in doubt.text


def test_nothing_is_asked_where_no_public_figure_is_near(kit: Path) -> None:
    shelf(kit, "a.csv", row(series="reserves_usd", date="1901", value=1.0), row(value=1.0))
    assert not [one for one in of_kit(kit).findings if one.id.startswith(DOUBT)]


def test_a_series_of_the_world_is_not_replaced_and_that_is_said(kit: Path) -> None:
    shelf(kit, "a.csv", row(series="vix_close", date="2025-06-30", value=20.0, unit="index"))
    inputs = of_kit(kit)
    assert "bank" not in inputs.series("vix_close", country="WLD").source_ids
    (finding,) = [one for one in inputs.findings if one.id == "data.own_vix_close"]
    assert finding.severity == "warning"
    assert "The chapters take this series for the world, where it was not replaced." in finding.text
