"""A kit for the report's tests: small notebooks that use the package's real objects, a synthetic origin of data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import nbformat

from cryptorisk.errors import DataError
from cryptorisk.params import Params
from cryptorisk.report.provenance import Provenance, SourceNote
from cryptorisk.result import Finding

PARAMETERS = 'country = "KEN"\nresolved_params = None'
IMPORTS = """
import json
from pathlib import Path
import pandas as pd
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.estimate import Estimate
from cryptorisk.result import Column, Finding, Result, Table
params = json.loads(Path(resolved_params).read_text())
"""
VOLUMES = (
    IMPORTS
    + """
frame = pd.DataFrame({"year": [2021, 2022, 2023], "volume": [1.0, 1.5, 2.25]})
columns = (Column("year", "Year"), Column("volume", "Volume", "bn USD", 2))
table = Table("volumes.history", "Volume by year", frame, columns)
level = Estimate(
    "volumes.level", "Volume received", 2.25e9, "usd", 1.4e9, 3.6e9, 0.8, interval="confidence", date="2023",
    method="Share of the region by key.", sources=("weo",), inputs=("gdp_usd",), function="models.volumes.analyse",
)
again = level.with_(id="volumes.again", label="The same again")
gone = Estimate.missing("volumes.cex", "Share of exchanges", "pct", "no survey of Kenya is in the vintage")
volumes = Result.build(
    "volumes", "Transaction volumes", params["country"], estimates=[level, again, gone], tables=[table],
    findings=[
        Finding("volumes.doubled", "Volume more than doubled in two years.", "warning", estimates=("volumes.level",)),
        Finding("volumes.key", "The key is an assumption.", "notice", "caveat"),
        Finding("volumes.stale", "GDP ends in 2023.", "notice", "data"),
        Finding("volumes.fall", "GDP in dollars fell.", "warning", "caveat", ("volumes.level",)),
    ],
    headline=["level", "cex"],
)
volumes
"""
)
FIGURE = """
draw(
    "volumes.history", title="Volume more than doubled", subtitle="Billion US dollars", note="Sources: coin, synthetic",
    alt="Line from 1.0 in 2021 to 2.25 in 2023.", data=table, plot=lambda ax: ax.plot(frame["year"], frame["volume"]),
)
"""
OVERVIEW = (
    IMPORTS
    + """
overview = Result.build(
    "overview", "At a glance", params["country"],
    estimates=[
        Estimate("overview.rating", "Rating", 41.0, "score", 33.0, 52.0, 0.8, interval="confidence", date="2023")
    ],
    findings=[Finding("overview.first", "Volume more than doubled.", "warning", estimates=("volumes.level",))],
    headline=["rating"],
)
overview
"""
)
Cell = tuple[str, str, tuple[str, ...]]


def write_notebook(path: Path, cells: Sequence[Cell]) -> None:
    """Write a notebook from (kind, source, tags)."""
    made = []
    for kind, source, tags in cells:
        cell = nbformat.v4.new_code_cell(source) if kind == "code" else nbformat.v4.new_markdown_cell(source)
        if tags:
            cell.metadata["tags"] = list(tags)
        made.append(cell)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)


def volumes_cells(*more: Cell, figure: bool = True) -> list[Cell]:
    return [
        ("markdown", "# Transaction volumes\n\nText with <b>raw</b> HTML and *stress*.\n\n## Level", ()),
        ("code", PARAMETERS, ("parameters",)),
        ("code", VOLUMES, ()),
        ("code", FIGURE if figure else "table", ()),
        ("code", "params", ("lab",)),
        *more,
    ]


ANNEX_CELLS: tuple[Cell, ...] = (
    ("markdown", "### Variants\n\nWith another key.", ("annex",)),
    ("code", 'Table("volumes.variants", "Other keys", frame, columns)', ("annex",)),
)


def overview_cells() -> list[Cell]:
    return [
        ("markdown", "# At a glance", ()),
        ("code", PARAMETERS, ("parameters",)),
        ("code", OVERVIEW, ()),
    ]


def origin(params: Params, root: Path) -> Provenance:
    """Where figures come from; synthetic, for tests of the page alone."""
    if params.country == "XXX":
        raise DataError("no series of XXX in the vintage", remedy="choose another economy")
    return Provenance(
        iso3=params.country,
        country={"KEN": "Kenya", "NGA": "Nigeria"}.get(params.country, params.country),
        as_of=params.as_of or dt.date(2024, 6, 30),
        vintage="2024-06-30",
        vintage_date="2024-06-30",
        vintage_sha256="0" * 64,
        sources={
            "weo": SourceNote(
                "weo", "IMF", "World Economic Outlook", "reuse", "attribution", "https://www.imf.org"
            ),
            "coin": SourceNote("coin", "Coin Metrics", "Prices", "CC BY-NC 4.0", "non-commercial"),
        },
        findings=(Finding("data.gap", "No bank capital of Kenya in the vintage.", "notice", "data"),),
    )


def make_kit(root: Path) -> Path:
    """A kit with two small notebooks, and one that is no chapter."""
    for name in ("notebooks", "params", "data"):
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    write_notebook(root / "notebooks" / "00_overview.ipynb", overview_cells())
    write_notebook(root / "notebooks" / "01_transaction_volumes.ipynb", volumes_cells(*ANNEX_CELLS))
    write_notebook(root / "notebooks" / "world.ipynb", [("markdown", "# World", ())])
    return root
