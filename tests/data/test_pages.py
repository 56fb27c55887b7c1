"""Pages of quoted figures: which source was read where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from small_vintage import make_vintage

from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.pages import QUOTED, quoted_pages
from cryptorisk.data.vintage import open_vintage
from cryptorisk.params import Params


def test_every_quoted_source_of_the_vintage_has_a_page(
    inputs_for: Callable[[str], Inputs], embedded: Path
) -> None:
    register = open_vintage(embedded).descriptor["source_register"]
    quoted = {source["id"] for source in register if source["licence_class"] == QUOTED}
    no_pages_of_figures = {
        "ccaf_cbeci",
        "ccaf_cbeci_secondary",
        "bcb_reference",
        "bcra_official",
        "dolar_blue",
    }
    no_pages_of_figures |= {"binance_p2p_bol"}  # series: one address each, in the register
    regulation = {"esya_2023", "loc_2021", "regulation_pages"}  # where they speak about the economy
    for iso3 in ("KEN", "NGA", "TUV"):
        pages = quoted_pages(inputs_for(iso3))
        assert quoted - set(pages) - regulation == no_pages_of_figures, iso3
        assert all("://" in page for found in pages.values() for page in found)


def test_pages_about_the_economy_stand_before_those_about_others(inputs_for: Callable[[str], Inputs]) -> None:
    kenya, nigeria, tuvalu = (quoted_pages(inputs_for(iso3)) for iso3 in ("KEN", "NGA", "TUV"))
    assert [page.split("/")[2] for page in kenya["GWI_2022"]] == ["themediaonline.co.za"]
    assert [page.split("/")[2] for page in kenya["unattributed_2023"]] == ["samaa.tv."]
    assert [page.split("/")[2] for page in kenya["unctad_pb100"]] == ["getblock.net"]
    assert len(tuvalu["unctad_pb100"]) == 3, "none is about Tuvalu: all are named"
    own = set(nigeria["chainalysis_geography"]) - set(kenya["chainalysis_geography"])
    assert [page.split("/")[2] for page in own] == ["naijarave.com"]
    assert "https://undocs.org/E/C.16/2023/7" in kenya["un_e_c16_2023_7"]
    assert "regulation_pages" not in tuvalu
    assert len(kenya["regulation_pages"]) == 2


def test_a_page_dated_after_the_report_is_not_named(kit_root: Path) -> None:
    early = load_inputs(Params(country="NGA", as_of="2023-12-31"), root=kit_root)
    assert not [page for page in quoted_pages(early)["chainalysis_geography"] if "naijarave" in page]


def test_a_vintage_without_quoted_figures_has_no_pages(tmp_path: Path) -> None:
    make_vintage(
        tmp_path, "2026-11-01", [("gdp_usd", "KEN", "2021-12-31", 100, "weo_2026_04")], regulation=()
    )
    assert quoted_pages(load_inputs(Params(country="KEN"), data=tmp_path)) == {}
