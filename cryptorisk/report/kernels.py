"""A private kernel for one notebook: this interpreter, its own folders, fixed settings."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop, run_sync

from cryptorisk.analysis import RUN_RESULTS
from cryptorisk.files.private import private_folder

KERNEL_NAME = "python3"
_LONGEST_SOCKET_PATH = 90
"""Unix socket paths end at 104 bytes on macOS and 108 on Linux; the port number and a margin come on top."""

_FIXED: Mapping[str, str] = {
    "PYTHONHASHSEED": "0",
    # More than one BLAS thread changes fitted parameters in the sixth digit.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TZ": "UTC",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_PERSONAL = (
    "JUPYTER",
    "IPYTHON",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "MPLBACKEND",
    "MATPLOTLIBRC",
    "COLUMNS",
    "LINES",
    RUN_RESULTS,
)


class _ThisInterpreter(KernelSpecManager):  # type: ignore[misc]
    """Knows one kernel, the running interpreter: installed kernel specifications are not asked."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            name=kernel_name,
        )


class _Manager(AsyncKernelManager):  # type: ignore[misc]
    """Closes the connections that were opened through it: nbclient leaves them to whoever made the manager."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.clients: list[Any] = []

    def client(self, **settings: Any) -> Any:
        self.clients.append(super().client(**settings))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.stop_channels()
        if self.has_kernel:
            run_sync(self.shutdown_kernel)(now=True)


@contextmanager
def private_kernel(folder: Path, results: Path | None = None) -> Iterator[Any]:
    """A running kernel that works in ``folder`` and leaves nothing behind.

    Parameters
    ----------
    folder : Path
        The kernel's working directory.
    results : Path, optional
        As in `kernel_environment`.

    Yields
    ------
    jupyter_client.manager.AsyncKernelManager
        Over Unix sockets in a private directory where there are any, over loopback TCP on Windows.
    """
    with private_folder(Path(_short_folder()), "crk-") as private:
        manager = _Manager(
            kernel_name=KERNEL_NAME,
            kernel_spec_manager=_ThisInterpreter(),
            connection_file=str(private / "k.json"),
        )
        if os.name != "nt" and len(str(private)) < _LONGEST_SOCKET_PATH:
            manager.transport, manager.ip = "ipc", str(private / "k")
        try:
            # The blocking manager would hide a silent kernel from the deadline.
            run_sync(manager.start_kernel)(cwd=str(folder), env=kernel_environment(private, results))
            yield manager
        except KeyboardInterrupt:
            _stop_waiting()
            raise
        finally:
            manager.close()


def _stop_waiting() -> None:
    """End what still waits for the kernel: else its end is reported as the failure of a task nobody asks after."""
    loop = ensure_event_loop()
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    if waiting:
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))


def kernel_environment(private: Path, results: Path | None = None) -> dict[str, str]:
    """The environment of a kernel: the caller's, without personal Jupyter settings, with the fixed ones.

    Parameters
    ----------
    private : Path
        Folder for IPython's, Jupyter's and Matplotlib's own files, so that nothing is read from or written to the user's.
    results : Path, optional
        Folder for results that stand on the bank's own figures (`cryptorisk.analysis.RUN_RESULTS`); none without it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PERSONAL)}
    own = {
        name: str(private / name.lower())
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    own["MPLCONFIGDIR"] = str(private / "matplotlib")
    if results is not None:
        own[RUN_RESULTS] = str(results.resolve())
    return {**kept, **_FIXED, **own}


def _short_folder() -> str:
    """The shortest writable place for temporary files: socket paths must stay short."""
    places = [place for place in ("/tmp", tempfile.gettempdir()) if os.access(place, os.W_OK | os.X_OK)]
    return min(places, key=len) if places else tempfile.gettempdir()
