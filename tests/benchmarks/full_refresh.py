"""Seconds and memory of a refresh of the whole world from a replay on loopback.

    python tests/benchmarks/full_refresh.py

The replay runs in a process of its own, so that its memory is not counted; the pauses that sources ask for are left
out. Prints seconds by step, and the largest memory, which must stay under 1 GB; exit code 1 when it does not.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

END = dt.date(2026, 11, 26)
MOST_MEGABYTES = 1000.0


def serve(root: Path, pipe) -> None:
    from replay_server import replay_server
    from replay_world import World

    from cryptorisk.data.vintage import find_vintage

    with replay_server(World(find_vintage(root / "data", "2026-11-23"), END)) as server:
        pipe.send(server.addresses())
        pipe.recv()


def main() -> int:
    from cryptorisk.kit import find_root

    root = find_root()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(root, theirs), daemon=True)
    server.start()
    addresses = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(root / "data" / "2026-11-23", data / "2026-11-23")
        megabytes = measure(data, addresses)
    ours.send("end")
    server.join(10)
    return int(megabytes > MOST_MEGABYTES)


def measure(data: Path, addresses: dict[str, str]) -> float:
    from cryptorisk.countries import countries
    from cryptorisk.data.diff import summary
    from cryptorisk.data.refresh.refresh import refresh
    from cryptorisk.data.sources.registry import live_sources
    from cryptorisk.data.sources.source import Request
    from cryptorisk.data.vintage import find_vintage

    sources = live_sources((), addresses)
    for source in sources.values():
        type(source).pause_seconds = 0.0
    codes = tuple(sorted(country.iso3 for country in countries()))
    ended: dict[str, float] = {}
    begun = time.perf_counter()
    done = refresh(
        data,
        sources,
        Request(codes, END),
        tell=lambda step: ended.update({step.source: time.perf_counter() - begun}),
    )
    whole = time.perf_counter() - begun
    said = summary(find_vintage(data, "2026-11-23"), find_vintage(data, done.path.name))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    for name, seconds in ended.items():
        print(f"{name:12} last answer after {seconds:6.1f} s, {done.fetched[name]:9,} figures")
    print(
        f"vintage published after {whole:.1f} s, summary of changes after {time.perf_counter() - begun:.1f} s"
    )
    print(said[0])
    print(f"largest memory {megabytes:.0f} MB (limit {MOST_MEGABYTES:.0f})")
    return megabytes


if __name__ == "__main__":
    sys.exit(main())
