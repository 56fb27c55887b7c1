"""Time and memory of `load_inputs` on the embedded vintage: ``python tests/benchmarks/load_inputs.py``.

Cold: the first call in a fresh process, after the imports; it opens the vintage, checks the hash of every file and reads
the tables. Warm: a further call in the same process, for another economy or the same. Exit code 1 when a cold call takes
longer than `LIMIT`.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = ("KEN", "NGA", "TUV")
VINTAGE = "2026-11-23"
LIMIT = 0.2
"""Seconds: what an economist does not notice when a notebook's first cell runs."""

RUNS = 5


def measured(country: str) -> dict[str, float]:
    """Seconds of a cold and a warm call and peak memory (10^6 bytes), in this process."""
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.params import Params

    params = Params(country=country, vintage=VINTAGE)
    seconds = []
    for _ in range(4):
        begin = time.perf_counter()
        load_inputs(params, root=ROOT)
        seconds.append(time.perf_counter() - begin)
    return {"cold": seconds[0], "warm": min(seconds[1:]), "memory": peak_memory()}


def peak_memory() -> float:
    """Largest resident memory of this process in 10^6 bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size * 1024 / 1e6


def in_a_fresh_process(country: str) -> dict[str, float]:
    """`measured` in a process of its own."""
    command = [sys.executable, __file__, country]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure every country several times and print a table.

    The limit is held against the best run: what makes another run slower is other programs (see the documentation of
    `timeit.Timer.repeat`).
    """
    print(f"load_inputs on the vintage {VINTAGE}, {RUNS} fresh processes a country")
    print(f"{'':4}{'cold, best':>12}{'median':>10}{'warm':>10}{'peak memory':>14}")
    slowest = 0.0
    for country in COUNTRIES:
        runs = [in_a_fresh_process(country) for _ in range(RUNS)]
        cold = [run["cold"] for run in runs]
        warm, memory = min(run["warm"] for run in runs), max(run["memory"] for run in runs)
        slowest = max(slowest, min(cold))
        print(f"{country:4}{min(cold):10.3f} s{statistics.median(cold):8.3f} s{warm:8.3f} s{memory:11.0f} MB")
    print(f"cold {'within' if slowest <= LIMIT else 'ABOVE'} the limit of {LIMIT} s")
    return int(slowest > LIMIT)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1])))
    else:
        sys.exit(main())
