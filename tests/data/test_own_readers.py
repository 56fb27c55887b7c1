"""What is said of own figures is what the chapters do: which read a series, and what one takes before it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from own_files import VINTAGE, kit_of, row, write

import cryptorisk
from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.own import findings
from cryptorisk.data.own.readers import Readers, kinds_table, readers_of
from cryptorisk.data.own.template import kinds
from cryptorisk.models.flight.shadow import premium_series
from cryptorisk.params import Params

MODELS = Path(cryptorisk.__file__).parent / "models"
CHAPTERS = {1: "volumes", 2: "substitution", 3: "flight", 4: "crash", 5: "channels", 6: "matrix"}
SERIES = [entry.spec.id for kind in kinds(catalogue()).values() for entry in kind.entries]


@cache
def code_of(module: str) -> str:
    """The source of a module of ``models`` without its docstring; of a package all of it."""
    place = MODELS.joinpath(*module.split("."))
    files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


@cache
def reach(chapter: str) -> frozenset[str]:
    """Modules of ``models`` that a chapter's code comes to by its imports, itself among them."""
    found, todo = set[str](), [chapter]
    while todo:
        module = todo.pop()
        if module not in found:
            found.add(module)
            todo += re.findall(r"cryptorisk\.models\.([\w.]+)", code_of(module))
    return frozenset(found)


@pytest.mark.parametrize("series", SERIES)
def test_the_chapters_named_are_those_whose_code_names_the_series(series: str) -> None:
    readers = readers_of(series)
    assert readers is not None
    direct = {number for number, name in CHAPTERS.items() if f'"{series}"' in code_of(name)}
    reached = {
        number
        for number, name in CHAPTERS.items()
        if any(f'"{series}"' in code_of(one) for one in reach(name))
    }
    assert direct <= set(readers.chapters) <= reached
    if not readers.chapters:
        assert not any(series in file.read_text(encoding="utf-8") for file in MODELS.rglob("*.py"))


def test_every_series_named_is_known() -> None:
    for kind in kinds_table().values():
        for raw in kind["series"].values():
            assert all(id in catalogue() for id in raw.get("before", {}))
    assert readers_of("gdp_usd") is None


@pytest.fixture
def given(kit_root: Path, tmp_path: Path) -> Any:
    kit = kit_of(kit_root, tmp_path / "kit")

    def of(country: str, *rows: dict[str, Any]) -> Inputs:
        write(kit / "data" / "overrides" / "own.csv", [{"country": country, **one} for one in rows])
        return load_inputs(Params(country=country, vintage=VINTAGE), root=kit)

    return of


def text(inputs: Inputs, series: str) -> str:
    (finding,) = [one for one in inputs.findings if one.id == f"data.own_{series}"]
    return finding.text


PARALLEL = row(
    series="parallel_fx_lcu_per_usd", date="2025-06-30", value="12", unit="lcu_per_usd", confidential="no"
)


def test_a_parallel_rate_beside_a_crypto_implied_one_is_not_said_to_be_used(given: Any) -> None:
    """Bolivia has a crypto-implied rate, which chapter 3 takes."""
    inputs = given("BOL", PARALLEL)
    premium = premium_series(inputs)
    assert premium is not None
    assert "bank" not in premium.sources
    said = text(inputs, "parallel_fx_lcu_per_usd")
    assert "used" not in said
    assert said.startswith("The institution's own figures are given for ")
    assert "Chapters 2 and 3 read the series. Chapter 3 takes " in said
    assert "(crypto_implied_fx_lcu_per_usd) before it, which there is here." in said


def test_where_there_is_none_nothing_is_said_of_it(given: Any) -> None:
    said = text(given("KEN", PARALLEL), "parallel_fx_lcu_per_usd")
    assert "for which there are no public ones" in said
    assert "Chapters 2 and 3 read the series." in said
    assert "takes" not in said


def test_confidential_values_received_are_left_out_by_chapter_1_and_that_is_said(given: Any) -> None:
    one = row(series="crypto_value_received_usd", date="2025-06-30", value="2.9e9", unit="usd")
    said = text(given("KEN", one), "crypto_value_received_usd")
    assert "Chapters 1 and 4 leave it out because it is confidential." in said
    assert "or stand on public figures or are left out" in said
    assert "leave it out" not in text(
        given("KEN", {**one, "confidential": "no"}), "crypto_value_received_usd"
    )


def test_a_series_that_no_chapter_reads_is_said_to_be_such(
    given: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "readers_of", lambda _series: Readers(()))
    assert "No chapter computes with this series" in text(given("KEN", PARALLEL), "parallel_fx_lcu_per_usd")
    assert Readers(()).words == "no chapter computes with it yet"


def test_of_a_series_that_nothing_is_recorded_of_nothing_is_said(given: Any) -> None:
    one = row(series="gdp_usd", date="2025", value="1e11", unit="usd")
    said = text(given("KEN", one), "gdp_usd")
    assert "take precedence over the public figures of the same name for the whole history" in said
    assert "hapter" not in said
