"""Families of sources: the editions of one publication, whatever the vintage calls the newest."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import pytest

from cryptorisk.data.catalogue import Catalogue, Source, catalogue
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import DataError


def of(*ids: str) -> Catalogue:
    sources = {id: Source(id, "Organisation", "Title", "licence", "open") for id in ids}
    return Catalogue(MappingProxyType({}), MappingProxyType(sources))


def test_editions_newest_first_then_those_without_a_year() -> None:
    known = of("wdi", "wdi_2018", "wdi_2026_02", "wdi_ddf", "derived_wdi", "wdi_2026", "wdix_2027")
    assert known.family("wdi") == ("wdi_2026_02", "wdi_2026", "wdi_2018", "wdi", "wdi_ddf")


def test_a_later_edition_of_a_later_vintage_comes_first() -> None:
    assert of("weo_2026_04", "weo_2027_10", "weo_2027_04").family("weo")[0] == "weo_2027_10"


def test_case_and_underscores_do_not_matter() -> None:
    known = of("triple_a_2023", "TripleA_2023", "TripleA_2024", "tripleab_2025")
    assert known.family("triple_a") == ("TripleA_2024", "triple_a_2023", "TripleA_2023")
    assert known.family("TripleA") == known.family("triple_a")


def test_the_real_register(inputs_for: Callable[[str], Inputs]) -> None:
    known = inputs_for("KEN").catalogue
    assert known.family("weo") == ("weo_live", "weo_2026_04")
    assert known.family("wdi")[:2] == ("wdi_live", "wdi_2026_02")
    assert known.sources[known.family("weo")[0]].organisation == "International Monetary Fund"
    ranks = known.family("chainalysis_gcai")
    assert ranks == tuple(f"chainalysis_gcai_{year}" for year in range(2025, 2019, -1))
    assert {known.sources[id].organisation for id in known.family("triple_a")} == {"Triple-A"}
    assert {known.sources[id].data_class for id in known.family("triple_a")} == {"modelled"}
    figures = inputs_for("KEN").series("gdp_usd", sources=known.family("weo"))
    assert figures.source_ids == ("weo_2026_04",)


@pytest.mark.parametrize(
    ("name", "hint"), [("weoo", "did you mean weo?"), ("", "sources.csv"), ("qqqqq", "sources.csv")]
)
def test_an_unknown_family(name: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        catalogue().family(name)
    assert hint in str(caught.value)
