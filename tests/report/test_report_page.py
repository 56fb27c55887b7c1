"""A run from notebooks to published files, on a small kit: real kernels, real rendering."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from small_kit import overview_cells, volumes_cells, write_notebook

from cryptorisk.params import Override, Params
from cryptorisk.report import gate
from cryptorisk.report.batch import ProgressEvent, RunSummary, report_countries
from cryptorisk.report.record import check_twin, file_hash
from cryptorisk.result import Result

HOSTILE = 'Bank of "Kenya" </style><script>alert(1)</script>'
KEN = Params(
    country="KEN",
    institution=HOSTILE,
    classification="Internal",
    overrides={
        "bank_tier1_usd": Override(value=1.5e9, confidential=True),
        "reserves_usd": Override(value=7e9),
    },
)


@pytest.fixture(scope="module")
def done(module_kit: Path) -> tuple[RunSummary, Path, Sequence[ProgressEvent]]:
    events: list[ProgressEvent] = []
    return report_countries([KEN], root=module_kit, progress=events.append), module_kit, events


@pytest.fixture(scope="module")
def page(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> str:
    return (done[0].folder / "KEN.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def twin(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> dict[str, object]:
    return json.loads((done[0].folder / "KEN.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_files_of_a_run(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> None:
    summary, root, _events = done
    assert summary.exit_code == 0
    assert summary.run == "2024-06-30"
    assert summary.folder == root / "reports" / "2024-06-30"
    names = {
        path.relative_to(summary.folder).as_posix() for path in summary.folder.rglob("*") if path.is_file()
    }
    assert names == {
        "KEN.html",
        "KEN.json",
        "KEN/00_overview.ipynb",
        "KEN/01_transaction_volumes.ipynb",
        "index.html",
        "manifest.json",
    }
    assert [path.name for path in (root / "reports").iterdir()] == ["2024-06-30"]


def test_the_overview_runs_last_and_stands_first(
    done: tuple[RunSummary, Path, Sequence[ProgressEvent]], page: str
) -> None:
    assert [event.text for event in done[2]][:2] == ["01_transaction_volumes", "00_overview"]
    assert {event.of for event in done[2]} == {3}
    assert (
        page.index("At a glance</h2>") < page.index("Transaction volumes</h2>") < page.index("Annexes</h2>")
    )


def test_cells_for_the_annex_stand_in_the_technical_annex(page: str) -> None:
    start, end = page.index('<section class="chapter" id="chapter-01"'), page.index('id="annexes"')
    assert "With another key" not in page[start:end]
    assert 'href="#annex-01"' in page[start:end]
    annex = page[page.index('<section id="annex-01"') : page.index('id="annex-parameters"')]
    assert "<h5>Variants</h5>" in annex
    assert 'data-table="volumes.variants"' in annex
    assert 'id="annex-00"' not in page  # a chapter without such cells has no part of it


def test_headlines_are_told(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> None:
    assert done[0].outcomes[0].headlines == ("Rating: 41 of 100 (80 % interval 33 to 52)",)


def test_the_page_passes_the_gate_and_hides_code(page: str) -> None:
    assert gate.problems(page) == []
    assert "resolved_params" not in page
    assert "institution&#39;" not in page


def test_hostile_text_is_shown_not_obeyed(page: str) -> None:
    assert "<script" not in page
    assert "</style><script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("</style>") == 1
    assert "&lt;b&gt;raw&lt;/b&gt;" in page
    assert "<em>stress</em>" in page


def test_every_estimate_has_its_row_and_headlines_lead_there(page: str) -> None:
    for name in ("volumes.level", "volumes.cex", "overview.rating"):
        assert f'id="num-{name}"' in page
        assert f'href="#num-{name}"' in page
    assert "no survey of Kenya is in the vintage" in page
    assert 'id="src-weo"' in page
    assert "models.volumes.analyse" in page


def test_sources_named_in_a_note_are_linked_and_listed_with_their_licence(page: str) -> None:
    assert '<a href="#src-coin">Coin Metrics</a>, synthetic' in page
    assert 'id="src-coin"' in page
    assert "Non-commercial licence." in page


def test_findings_stand_where_they_belong(page: str) -> None:
    chapter = page[page.index('id="chapter-01"') : page.index('id="annexes"')]
    assert "Volume more than doubled in two years." in chapter
    limits = page[page.index('id="annex-limits"') : page.index('id="annex-run"')]
    assert "The key is an assumption." in limits
    log = page[page.index('id="annex-data"') : page.index('id="annex-limits"')]
    assert "GDP ends in 2023." in log
    assert "No bank capital of Kenya in the vintage." in log


def test_on_paper_the_caveats_are_there_or_pointed_at(page: str) -> None:
    chapter = page[page.index('id="chapter-01"') : page.index('id="annexes"')]
    told, folded = chapter.index("GDP in dollars fell."), chapter.index("<details")
    assert told < folded < chapter.index("The key is an assumption.")
    assert "2 further caveats and data notes: see Limits and Data log in the annexes." in chapter


def test_a_method_that_repeats_is_printed_once(page: str) -> None:
    rows = page[page.index('id="annex-numbers"') : page.index('id="annex-sources"')]
    assert rows.count("Share of the region by key.") == 1
    assert "As above." in rows[rows.index('id="num-volumes.again"') :]


def test_a_confidential_figure_is_named_but_never_written(
    done: tuple[RunSummary, Path, Sequence[ProgressEvent]], page: str
) -> None:
    assert "used, not printed" in page
    assert "7e+09" in page
    for path in done[0].folder.rglob("*"):
        if path.is_file():
            assert not re.search(r"1\.5e\+?0?9|1500000000", path.read_text(encoding="utf-8")), path


def test_the_twin_keeps_its_schema_and_its_results(twin: dict[str, object]) -> None:
    check_twin(twin)
    volumes = Result.from_dict(twin["chapters"]["volumes"])  # type: ignore[index]
    assert volumes["level"].value == 2.25e9
    assert list(twin["chapters"]) == ["overview", "volumes"]  # type: ignore[call-overload]
    assert twin["run"]["rendered_on"] == "2024-06-30"  # type: ignore[index]
    assert list(twin["sources"]) == ["weo"]  # type: ignore[call-overload]


def test_the_manifest_hashes_what_lies_there(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> None:
    manifest = json.loads((done[0].folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest["countries"]["KEN"]["files"]
    assert set(files) == {"KEN.html", "KEN.json", "KEN/00_overview.ipynb", "KEN/01_transaction_volumes.ipynb"}
    assert all(file_hash(done[0].folder / name) == digest for name, digest in files.items())


def test_the_index_leads_to_the_report(done: tuple[RunSummary, Path, Sequence[ProgressEvent]]) -> None:
    index = done[0].index.read_text(encoding="utf-8")
    assert gate.problems(index) == []
    assert 'href="KEN.html"' in index
    assert "Rating: 41 of 100" in index
    assert "<script>alert" not in index


def test_two_runs_give_the_same_bytes(
    done: tuple[RunSummary, Path, Sequence[ProgressEvent]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    summary, root, _events = done
    again = report_countries([KEN], root=root, run="again")
    for name in ("KEN.html", "KEN.json", "KEN/01_transaction_volumes.ipynb"):
        assert (summary.folder / name).read_bytes() == (again.folder / name).read_bytes(), name


def test_the_newest_vintage_and_the_same_one_by_name_give_the_same_bytes(
    done: tuple[RunSummary, Path, Sequence[ProgressEvent]],
) -> None:
    summary, root, _events = done
    named = KEN.model_copy(update={"vintage": "2024-06-30", "as_of": dt.date(2024, 6, 30)})
    again = report_countries([named], root=root, run="by_name")
    for name in ("KEN.html", "KEN.json"):
        assert (summary.folder / name).read_bytes() == (again.folder / name).read_bytes(), name


def test_source_date_epoch_is_the_rendering_date(
    done: tuple[RunSummary, Path, Sequence[ProgressEvent]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    summary = report_countries([KEN], root=done[1], run="epoch")
    assert "2025-01-01" in (summary.folder / "KEN.html").read_text(encoding="utf-8")


def test_a_later_run_of_the_same_name_replaces_its_country_and_keeps_the_others(small_kit: Path) -> None:
    report_countries([Params(country="KEN"), Params(country="NGA")], root=small_kit, run="r")
    write_notebook(small_kit / "notebooks" / "02_more.ipynb", volumes_cells(figure=False))
    summary = report_countries([Params(country="KEN")], root=small_kit, run="r")
    manifest = json.loads((summary.folder / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["countries"]) == ["KEN", "NGA"]
    assert "KEN/02_more.ipynb" in manifest["countries"]["KEN"]["files"]
    assert not (summary.folder / "NGA" / "02_more.ipynb").exists()
    index = summary.index.read_text(encoding="utf-8")
    assert "Kenya" in index
    assert "Nigeria" in index


def test_no_home_no_installed_kernel(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    write_notebook(small_kit / "notebooks" / "00_overview.ipynb", overview_cells())
    assert report_countries([Params(country="KEN")], root=small_kit).exit_code == 0


def test_the_cover_says_whose_it_is_and_how_old_its_figures_are(page: str, small_kit: Path) -> None:
    for said in ("Report date</dt><dd>2024-06-30", "Oldest headline ends</dt><dd", "Internal"):
        assert said in page
    assert "Newest figure" not in page  # a daily series of the market says nothing of the country's figures
    for said in ("eight of ten cases", "a range spans assumptions and has no probability"):
        assert said in page
    assert "Published figures, the institution’s own and plain arithmetic have none" in page
    summary = report_countries([Params(country="KEN")], root=small_kit)
    plain = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    assert plain.count("not stated</dd>") == 2


def test_the_classification_stands_on_every_printed_page(page: str) -> None:
    head = re.search(r"@top-left \{ content: \"([^\"]*)\"", page)
    assert head is not None
    assert "Internal" in head[1]


def test_the_rating_has_a_scale_with_a_text_alternative(page: str) -> None:
    assert (
        'aria-label="Scale from 0, calm, to 100, stressed: rating 41, 80 % interval 33 to 52 of 100"' in page
    )


def test_names_of_links_begin_with_what_is_seen(page: str) -> None:
    assert '>[1]<span class="vh"> Volume received</span></a>' in page
    assert 'aria-label="number:' not in page


def test_landmarks_have_names_of_their_own(page: str) -> None:
    names = re.findall(
        r'role="region" aria-label="([^"]+)"|role="region" tabindex="0" aria-label="([^"]+)"', page
    )
    told = [one or other for one, other in names]
    assert told
    assert len(told) == len(set(told))
