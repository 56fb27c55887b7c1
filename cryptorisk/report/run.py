"""Run one country's notebooks, and decide oneself whether they succeeded."""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from cryptorisk.errors import KitError, RunError
from cryptorisk.report.kernels import KERNEL_NAME, private_kernel

NOTEBOOK_SECONDS = 600
"""Time a notebook may take. Chapters take 3 to 20 seconds on two cores of 2024; thirty times the slowest
leaves room for a loaded laptop, and a notebook that hangs is still found within a coffee break."""

PARAMETERS_FILE = "params.json"
_NAME = re.compile(r"^\d\d_[A-Za-z0-9_]+\.ipynb$")


def find_notebooks(root: Path) -> tuple[Path, ...]:
    """The chapters' notebooks in page order: ``NN_name.ipynb`` in the kit's ``notebooks/``.

    Raises
    ------
    KitError
        When there are none.
    """
    found = tuple(sorted(path for path in (root / "notebooks").glob("*.ipynb") if _NAME.match(path.name)))
    if not found:
        raise KitError(
            f"no chapter notebook (NN_name.ipynb) in {root / 'notebooks'}",
            remedy="get the notebooks back from the kit, or give the kit's folder with --root",
        )
    return found


def execution_order(notebooks: tuple[Path, ...]) -> tuple[Path, ...]:
    """The overview (00) is executed last: by then every chapter has proved that it runs."""
    return tuple(sorted(notebooks, key=lambda path: (path.name.startswith("00"), path.name)))


def execute(
    notebook: Path,
    folder: Path,
    *,
    seconds: float = NOTEBOOK_SECONDS,
    results: Path | None = None,
    on_cell: Callable[[], None] | None = None,
) -> Any:
    """Execute a notebook by papermill in a private kernel.

    Parameters
    ----------
    notebook : Path
        The kit's notebook; it is not changed.
    folder : Path
        The country's run folder, which holds `PARAMETERS_FILE`; the executed notebook is written there under
        the same name, also when it fails.
    seconds : float
        Deadline of the whole notebook.
    results : Path, optional
        Private folder in which the run's kernels share results that stand on the bank's own figures.
    on_cell : callable, optional
        Called before every code cell.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook, checked cell by cell and cleaned of clocks and random ids.

    Raises
    ------
    RunError
        When a cell raised, the deadline passed, the kernel died or a cell was not executed.
    """
    source = _read(notebook)
    output = folder / notebook.name
    deadline = time.monotonic() + seconds

    def left(_cell: Any) -> int:
        if on_cell is not None:
            on_cell()
        return max(1, round(deadline - time.monotonic()))

    try:
        with private_kernel(folder, results) as manager:
            executed = _papermill(source, output, folder, km=manager, timeout_func=left)
    except RunError:
        raise
    except Exception as problem:
        raise _explained(problem, notebook, output, seconds) from problem
    _check(executed, notebook.name)
    clean(executed)
    nbformat.write(executed, output)
    return executed


def _papermill(source: Any, output: Path, folder: Path, **engine: Any) -> Any:
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of the runner's own libraries; a notebook's warnings are its outputs
        return papermill.execute_notebook(
            source,
            # papermill passes paths through str.format
            str(output).replace("{", "{{").replace("}", "}}"),
            parameters={"resolved_params": PARAMETERS_FILE},
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            cwd=str(folder),
            **engine,
        )


def _read(notebook: Path) -> Any:
    """The notebook, refused unless the parameters will reach it (papermill only warns)."""
    try:
        node = nbformat.read(notebook, as_version=4)
    except Exception as problem:
        raise RunError(
            f"cannot be read as a notebook ({problem})",
            notebook=notebook.name,
            remedy="restore it from the kit",
        ) from problem
    tagged = [cell for cell in node.cells if "parameters" in cell.metadata.get("tags", ())]
    if len(tagged) != 1 or tagged[0].cell_type != "code" or "resolved_params" not in tagged[0].source:
        raise RunError(
            f"has {len(tagged)} cells tagged parameters; one code cell must set resolved_params",
            notebook=notebook.name,
            remedy="tag the cell with country and resolved_params as parameters",
        )
    node.metadata["kernelspec"] = {"name": KERNEL_NAME, "display_name": "Python 3", "language": "python"}
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return node


def _check(executed: Any, name: str) -> None:
    """Every code cell ran, in order, without an error output."""
    for position, cell in enumerate(code_cells(executed), start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                raise _cell_error(cell, position, output, name)
        if cell.source.strip() and cell.execution_count is None:
            raise RunError("the cell was not executed", notebook=name, cell=position, source=cell.source)


def code_cells(notebook: Any) -> list[Any]:
    """The code cells without the one papermill adds, so that numbers match the notebook a reader opens."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", ())
    ]


def _cell_error(cell: Any, position: int, output: Any, name: str) -> RunError:
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.get("traceback", ())))
    return RunError(
        f"{output.ename}: {output.evalue}",
        notebook=name,
        cell=position,
        source=cell.source,
        traceback=trace,
        remedy="read the message above; the executed notebook is kept beside this page",
    )


def _explained(problem: Exception, notebook: Path, output: Path, seconds: float) -> RunError:
    """What stopped the notebook, in words: the saved file is read for the cell, never for success."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    kept = nbformat.read(output, as_version=4) if output.is_file() else None
    if kept is not None:
        kept.cells = [
            cell for cell in kept.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", ())
        ]
        clean(kept)
        nbformat.write(kept, output)
        cells = code_cells(kept)
        for position, cell in enumerate(cells, start=1):
            for one in cell.outputs:
                if one.output_type == "error":
                    return _cell_error(cell, position, one, notebook.name)
        begun = [i for i, cell in enumerate(cells, start=1) if cell.execution_count is not None]
        position = min(max(begun, default=0) + 1, len(cells)) if cells else 0
    else:
        cells, position = [], 0
    where: dict[str, Any] = {"notebook": notebook.name}
    if position:
        where |= {"cell": position, "source": cells[position - 1].source}
    if isinstance(problem, CellTimeoutError):
        remedy = (
            "look at the cell; a slow machine can be given more time with a smaller number of simulated paths"
        )
        return RunError(f"not finished after {seconds:.0f} seconds", remedy=remedy, **where)
    if isinstance(problem, DeadKernelError):
        remedy = "the machine may be short of memory: close other programs and run again"
        return RunError("the Python process of the notebook ended unexpectedly", remedy=remedy, **where)
    return RunError(f"{type(problem).__name__}: {problem}", **where)


def clean(notebook: Any) -> None:
    """Remove what differs between two runs (clocks, durations, random ids) and what JupyterLab alone shows.

    A cell for JupyterLab may print any input, also a confidential one; executed notebooks travel with the report.
    """
    notebook.metadata.pop("papermill", None)
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:02d}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code" and "lab" in cell.metadata.get("tags", ()):
            cell.outputs = [output for output in cell.outputs if output.output_type == "error"]
