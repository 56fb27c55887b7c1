"""The kit's own notebooks on the embedded vintage, rendered for real."""

import json
import re
import shutil

import pytest

from cryptorisk.params import Params
from cryptorisk.report.batch import report_countries

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kit(tmp_path_factory, kit_root):
    """A copy of what a report needs, in a folder whose name has spaces and braces."""
    root = tmp_path_factory.mktemp("a kit {x}")
    for folder in ("notebooks", "params", "data"):
        shutil.copytree(kit_root / folder, root / folder)
    shutil.copy(kit_root / "pyproject.toml", root)
    return root


@pytest.fixture(scope="module")
def first(kit):
    return report_countries([Params(country="KEN"), Params(country="PRK")], root=kit, run="first")


def test_a_full_and_an_empty_country_are_done(first):
    assert [(o.country, o.status, o.error) for o in first.outcomes] == [
        ("KEN", "done", ""),
        ("PRK", "done", ""),
    ]
    assert first.exit_code == 0


def test_a_second_run_gives_the_same_bytes(kit, first):
    again = report_countries([Params(country="KEN")], root=kit, run="second")
    assert again.exit_code == 0
    for name in ("KEN.html", "KEN.json"):
        assert (again.folder / name).read_bytes() == (first.folder / name).read_bytes()


def test_the_twin_has_every_chapter(first):
    twin = json.loads((first.folder / "KEN.json").read_text(encoding="utf-8"))
    text = json.dumps(twin)
    for id in (
        "volumes.country_volume_usd",
        "substitution.mvp_share",
        "matrix.rating",
        "overview.data_quality",
    ):
        assert f'"{id}"' in text
    assert str(first.folder) not in text


def test_every_source_is_known_and_quoted_figures_have_their_pages(first):
    page = (first.folder / "KEN.html").read_text(encoding="utf-8")
    sources = json.loads((first.folder / "KEN.json").read_text(encoding="utf-8"))["sources"]
    assert "named in the row" not in page
    assert "list of sources" not in page
    for id, source in sources.items():
        assert source["licence"], id
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source["accessed"]), id
    for host in ("samaa.tv", "getblock.net", "themediaonline.co.za", "mariblock.com"):
        assert page.count(f"://{host}") + page.count(f"://www.{host}") > 1, host
        assert any(host in one for source in sources.values() for one in source["pages"]), host


def test_the_page_loads_nothing_and_names_no_place_of_this_machine(first):
    for name in ("KEN.html", "PRK.html"):
        page = (first.folder / name).read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)=["\']?https?:', page)
        assert "a kit {x}" not in page
        assert page.count("<h1") == 1
        assert len(page) < 2_000_000
