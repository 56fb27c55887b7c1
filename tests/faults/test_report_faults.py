"""What breaks on the way to a report, and what is left behind: nothing under a final name."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))

from small_kit import IMPORTS, PARAMETERS, make_kit, origin, overview_cells, volumes_cells, write_notebook

from cryptorisk.errors import DataError, KitError, RenderError, RunError
from cryptorisk.files.private import private_folder
from cryptorisk.params import Params
from cryptorisk.report import batch, kernels
from cryptorisk.report.batch import ProgressEvent, RunSummary, report_countries
from cryptorisk.report.chapters import read_chapter
from cryptorisk.report.record import check_twin
from cryptorisk.report.run import execute

KEN, NGA = Params(country="KEN"), Params(country="NGA")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batch, "from_inputs", origin)
    return make_kit(tmp_path / "kit")


def fails_with(error: Exception) -> Callable[..., None]:
    """In place of the runner, where what a kernel does is not the question."""

    def execute(*_given: object, **_more: object) -> None:
        raise error

    return execute


def left_over(place: Path, name: str) -> Path:
    """A private folder of a process that ended without tidying up."""
    place.mkdir(exist_ok=True)
    with private_folder(place, "x-") as folder:
        shutil.copytree(folder, place / name)
    return place / name


def broken(kit: Path, source: str, **rest: float) -> RunSummary:
    write_notebook(kit / "notebooks" / "02_broken.ipynb", volumes_cells(("code", source, ()), figure=False))
    return report_countries([KEN], root=kit, run="r", **rest)  # type: ignore[arg-type]


def test_a_failing_cell_is_named_with_cause_and_remedy(kit: Path) -> None:
    summary = broken(kit, 'raise ValueError("reserves are <negative>")')
    assert summary.exit_code == 1
    names = {path.name for path in summary.folder.iterdir()}
    assert names == {"KEN.error.html", "KEN.error", "index.html", "manifest.json"}
    page = (summary.folder / "KEN.error.html").read_text(encoding="utf-8")
    for said in ("02_broken.ipynb", "code cell 5", "ValueError: reserves are &lt;negative&gt;", "Remedy"):
        assert said in page
    kept = json.loads((summary.folder / "KEN.error" / "02_broken.ipynb").read_text(encoding="utf-8"))
    assert any(
        output.get("ename") == "ValueError" for cell in kept["cells"] for output in cell.get("outputs", ())
    )
    assert "ValueError: reserves are" in summary.outcomes[0].error
    assert "failed" in summary.index.read_text(encoding="utf-8")


def test_sys_exit_is_no_success(kit: Path) -> None:
    assert broken(kit, "import sys; sys.exit(0)").exit_code == 1


def test_a_notebook_that_hangs_is_stopped(kit: Path) -> None:
    summary = broken(kit, "import time; time.sleep(60)", seconds=6)
    assert "not finished after 6 seconds" in summary.outcomes[0].error
    assert "02_broken.ipynb, code cell 5" in summary.outcomes[0].error


def test_a_dead_kernel_is_no_success(kit: Path) -> None:
    summary = broken(kit, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert summary.exit_code == 1
    assert "ended unexpectedly" in summary.outcomes[0].error
    assert not (summary.folder / "KEN.html").exists()


def test_one_countrys_failure_does_not_stop_the_others(kit: Path) -> None:
    source = 'if params["country"] == "KEN":\n    raise ValueError("no Kenya today")'
    write_notebook(kit / "notebooks" / "02_kenya.ipynb", volumes_cells(("code", source, ()), figure=False))
    summary = report_countries([KEN, NGA, Params(country="XXX")], root=kit, run="r")
    assert [outcome.status for outcome in summary.outcomes] == ["failed", "done", "failed"]
    assert summary.exit_code == 1
    index = summary.index.read_text(encoding="utf-8")
    for said in ("no Kenya today", "Nigeria", "no series of XXX", "choose another economy"):
        assert said in index


def test_a_failed_attempt_keeps_the_earlier_page_and_says_so(kit: Path) -> None:
    first = report_countries([KEN], root=kit, run="r")
    before = (first.folder / "KEN.html").read_bytes()
    summary = broken(kit, "1 / 0")
    assert (summary.folder / "KEN.html").read_bytes() == before
    assert "earlier page" in summary.index.read_text(encoding="utf-8")
    (kit / "notebooks" / "02_broken.ipynb").unlink()
    assert report_countries([KEN], root=kit, run="r").exit_code == 0
    assert not list(summary.folder.glob("*.error*"))


def test_a_page_that_the_gate_refuses_is_not_published(kit: Path) -> None:
    html = "<img alt=\\'x\\' src=\\'https://x.example/a.png\\'><p>nan</p><p id=\\'chapter-01\\'>x</p>"
    summary = broken(kit, f"from IPython.display import HTML\nHTML('{html}')")
    assert summary.exit_code == 1
    for said in ("loads from outside", "'nan'", "duplicate id"):
        assert said in summary.outcomes[0].error
    assert not (summary.folder / "KEN.html").exists()
    assert not (summary.folder / "KEN.json").exists()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("markdown", "# A", ()), ("code", "resolved_params = None", ())], "0 cells tagged parameters"),
        ([("markdown", "# A", ()), ("code", 'country = "KEN"', ("parameters",))], "must set resolved_params"),
    ],
)
def test_notebooks_that_parameters_cannot_reach_are_refused(
    tmp_path: Path, cells: list[object], said: str
) -> None:
    write_notebook(tmp_path / "02_odd.ipynb", cells)  # type: ignore[arg-type]
    with pytest.raises(RunError, match=said):
        execute(tmp_path / "02_odd.ipynb", tmp_path)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("markdown", "## A", ()), *volumes_cells()[1:]], "0 headings of the first level"),
        ([("markdown", "# A\n\n# B", ()), *volumes_cells()[1:]], "2 headings of the first level"),
        (
            [("markdown", "# A", ()), ("code", PARAMETERS, ("parameters",)), ("code", IMPORTS, ())],
            "no result",
        ),
    ],
)
def test_notebooks_that_are_no_chapters_are_refused(tmp_path: Path, cells: list[object], said: str) -> None:
    write_notebook(tmp_path / "02_odd.ipynb", cells)  # type: ignore[arg-type]
    with pytest.raises(RunError, match=said):
        read_chapter("02_odd.ipynb", nbformat.read(tmp_path / "02_odd.ipynb", as_version=4))


def test_a_notebook_that_is_no_chapter_stops_its_country(kit: Path) -> None:
    write_notebook(kit / "notebooks" / "02_odd.ipynb", [("markdown", "## A", ()), *volumes_cells()[1:]])
    summary = report_countries([KEN], root=kit, run="r")
    assert "0 headings of the first level" in summary.outcomes[0].error


def test_a_damaged_notebook_is_refused(kit: Path) -> None:
    (kit / "notebooks" / "02_odd.ipynb").write_bytes(b"\x00\xff")
    assert "cannot be read" in report_countries([KEN], root=kit, run="r").outcomes[0].error


def test_chapters_that_contradict_each_other_are_refused(kit: Path) -> None:
    cells = [(kind, source.replace("2.25e9", "2.26e9"), tags) for kind, source, tags in volumes_cells()]
    write_notebook(kit / "notebooks" / "02_other.ipynb", cells)
    assert "different results" in report_countries([KEN], root=kit, run="r").outcomes[0].error


def test_an_interrupt_leaves_nothing(kit: Path) -> None:
    def interrupt(event: ProgressEvent) -> None:
        if event.step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_countries([KEN], root=kit, run="r", progress=interrupt)
    assert list((kit / "reports").iterdir()) == []


def test_left_overs_of_a_dead_process_are_swept_and_those_of_a_living_one_kept(kit: Path) -> None:
    dead = left_over(kit / "reports", f".staging-{os.getpid()}-abc")
    (dead / "KEN").mkdir()
    with private_folder(kit / "reports", ".staging-") as alive:
        report_countries([KEN], root=kit, run="r")
        assert not dead.exists()
        assert alive.exists()


@pytest.mark.parametrize("run", ["", ".hidden", "../up", "a/b", "a b", "x" * 81, "a\n", "end."])
def test_impossible_run_names_write_nothing(kit: Path, run: str) -> None:
    with pytest.raises(KitError):
        report_countries([KEN], root=kit, run=run)
    assert not (kit / "reports").exists()


def test_a_country_without_data_writes_nothing(kit: Path) -> None:
    with pytest.raises(DataError, match="no series of XXX"):
        report_countries([Params(country="XXX")], root=kit)
    assert not (kit / "reports").exists()


def test_no_notebooks_no_run(kit: Path) -> None:
    for path in (kit / "notebooks").glob("0*.ipynb"):
        path.unlink()
    with pytest.raises(KitError, match="no chapter notebook"):
        report_countries([KEN], root=kit)


def test_standard_error_is_recorded_not_shown(kit: Path) -> None:
    summary = broken(kit, 'import warnings; warnings.warn("an odd convergence", stacklevel=1)')
    assert summary.exit_code == 0
    page = (summary.folder / "KEN.html").read_text(encoding="utf-8")
    assert "odd convergence" not in page
    assert "Warnings in 02_broken.ipynb" in page
    twin = json.loads((summary.folder / "KEN.json").read_text(encoding="utf-8"))
    assert twin["run"]["warnings"] == {"02_broken.ipynb": 1}


def test_a_twin_that_breaks_its_schema_is_refused(kit: Path) -> None:
    summary = report_countries([KEN], root=kit, run="r")
    twin = json.loads((summary.folder / "KEN.json").read_text(encoding="utf-8"))
    check_twin(twin)
    del twin["chapters"]["volumes"]["estimates"]["level"]["unit"]
    twin["chapters"]["volumes"]["estimates"]["cex"]["reason"] = ""
    with pytest.raises(RenderError) as refusal:
        check_twin(twin)
    assert "chapters/volumes/estimates/level" in str(refusal.value)
    assert "chapters/volumes/estimates/cex" in str(refusal.value)


def test_kernels_leave_no_folder_behind_and_sweep_those_of_the_dead(
    kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params.json").write_text(KEN.model_dump_json())
    write_notebook(kit / "notebooks" / "00_overview.ipynb", overview_cells())
    with tempfile.TemporaryDirectory(prefix="t-") as short:
        monkeypatch.setattr(kernels, "_short_folder", lambda: short)
        left_over(Path(short), "crk-1-abc")
        with private_folder(Path(short), "crk-") as living:
            execute(kit / "notebooks" / "00_overview.ipynb", tmp_path)
            assert list(Path(short).iterdir()) == [living]
    with pytest.raises(RunError):
        execute(kit / "notebooks" / "world.ipynb", tmp_path)


def test_a_kernels_settings(tmp_path: Path) -> None:
    environment = kernels.kernel_environment(tmp_path)
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        assert environment[threads] == "1"
    assert Path(environment["MPLCONFIGDIR"]).parent == tmp_path


def test_a_users_own_words_never_stop_a_run(kit: Path) -> None:
    own = Params(country="KEN", institution="Banca nan, url(https://x.example)", classification="None")
    summary = report_countries([own], root=kit, run="nan")
    assert summary.outcomes[0].error == ""
    assert summary.index.is_file()


@pytest.mark.parametrize(
    "message", ["it is nan and {{ x }} <b>", "Traceback (most recent call last): None", "x" * 10**6]
)
def test_a_run_ends_with_index_and_manifest_whatever_the_cause_says(
    kit: Path, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "execute", fails_with(RunError(message * 3, notebook="01_x.ipynb")))
    summary = report_countries([KEN, NGA], root=kit, run="r")
    assert {outcome.status for outcome in summary.outcomes} == {"failed"}
    index = summary.index.read_text(encoding="utf-8")
    assert "Kenya" in index
    assert "Nigeria" in index
    assert len(index) < 100_000
    manifest = json.loads((summary.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["countries"]) == {"KEN", "NGA"}
