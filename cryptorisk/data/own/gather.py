"""All of the bank's own series for one economy, by precedence, with every fault of every file.

What stands under ``overrides`` in the parameter file comes first, then the files under ``own_files``, then those in
``data/overrides/``. Two files of one rank must not give the same series.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptorisk.data.catalogue import Catalogue, SeriesSpec
from cryptorisk.data.own.cells import printed
from cryptorisk.data.own.faults import FOLDER, Fault, Located, Origin, Unreadable, shortened
from cryptorisk.data.own.folder import files_in, shown
from cryptorisk.data.own.outcome import Idle, Own, OwnFile
from cryptorisk.data.own.pairs import figures
from cryptorisk.data.own.reading import Grid, content_of, grid_of
from cryptorisk.data.own.series import RANKS, BankSeries, Rank, by_period, impossible, rows_of, told
from cryptorisk.data.own.tidy import Figure, Part, parts
from cryptorisk.errors import DataError
from cryptorisk.params import Override, Params

LONGEST_NAME = 120
"""Letters of a file's name that a report prints."""


@dataclass(frozen=True)
class Asked:
    """What is looked for.

    Attributes
    ----------
    country : str
    as_of : datetime.date
        Date of a single figure that has none.
    overrides : mapping of str to Override
    files : tuple of Path
        Files named under ``own_files``.
    base : Path
        Folder that relative names of files are looked up in.
    folder : Path or None
        ``data/overrides`` of the kit; None when it is not to be used.
    """

    country: str
    as_of: dt.date
    overrides: Mapping[str, Override] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    base: Path = Path()
    folder: Path | None = None


def asked(params: Params, as_of: dt.date, base: Path, folder: Path) -> Asked:
    """What a country's parameters ask for; ``folder`` is ``data/overrides`` of the kit."""
    files = tuple(Path(name) for name in params.own_files)
    return Asked(
        params.country, as_of, params.overrides, files, base, folder if params.use_overrides_folder else None
    )


def gather(wanted: Asked, known: Catalogue) -> Own:
    """Read everything that the bank gives for an economy.

    Parameters
    ----------
    wanted : Asked
    known : Catalogue

    Returns
    -------
    Own
        With the faults found; the series are to be used only when there are none.
    """
    reader = _Reader(wanted, known)
    for id, override in sorted(wanted.overrides.items()):
        reader.override(id, override)
    for position, file in enumerate(wanted.files):
        path = wanted.base / file
        reader.tidy(path, ("own_files", position), str(path), "own_files")
    files, refused = files_in(wanted.folder) if wanted.folder is not None else ([], [])
    reader.faults += refused
    for path in files:
        reader.tidy(path, FOLDER, shown(path), "folder")
    return reader.outcome()


class _Reader:
    """Collects series, files and faults."""

    def __init__(self, wanted: Asked, known: Catalogue) -> None:
        self.wanted, self.known = wanted, known
        self.faults: list[Located] = []
        self.idle: list[Idle] = []
        self.found: dict[Rank, dict[str, tuple[BankSeries, OwnFile | None]]] = {rank: {} for rank in RANKS}

    def override(self, id: str, own: Override) -> None:
        """A figure or file under ``overrides``."""
        origin: Origin = ("overrides", id)
        try:
            spec = self.known[id]
            if own.unit is not None and own.unit != spec.unit:
                raise DataError(f"unit {own.unit!r} given", remedy=f"the series is in {spec.unit!r}")
            if own.file is None:
                self.found["overrides"][id] = (self._typed(spec, own), None)
            else:
                self._file(spec, own, self.wanted.base / own.file)
        except DataError as error:
            self.faults.append(Located(origin, "", Fault("", error.what, error.remedy)))

    def _typed(self, spec: SeriesSpec, own: Override) -> BankSeries:
        day = own.date or self.wanted.as_of
        if day > self.wanted.as_of:
            what = f"dated {day}, after as_of {self.wanted.as_of}"
            raise DataError(what, remedy="date it at or before as_of")
        assert own.value is not None
        if what := impossible(own.value, spec):
            raise DataError(what, remedy="correct the figure")
        rows = rows_of({day: Figure("", str(day), day, own.value)}, own.note)
        return BankSeries(spec.id, rows, False, own.confidential, own.note)

    def _file(self, spec: SeriesSpec, own: Override, path: Path) -> None:
        origin: Origin = ("overrides", spec.id, "file")
        opened = self._opened(path, origin, str(path))
        if opened is None:
            return
        grid, sha256 = opened
        given, faults = figures(grid, secret=own.confidential)
        points, within, more = by_period(given, spec, self.wanted.as_of)
        if self._noted(origin, str(path), faults + more):
            return
        rows = rows_of(points, own.note)
        series = BankSeries(spec.id, rows, True, own.confidential, own.note, within, file=path.name)
        self.found["overrides"][spec.id] = (series, OwnFile(path.name, path, sha256, own.confidential))

    def tidy(self, path: Path, origin: Origin, file: str, rank: Rank) -> None:
        """A file of several series."""
        opened = self._opened(path, origin, file)
        if opened is None:
            return
        grid, sha256 = opened
        given, faults = parts(grid, self.known, None if rank == "folder" else self.wanted.country)
        series = []
        for (country, id), part in given.items():
            one, more = self._series(id, part, path.name, rank)
            faults += more
            series += [one] if country == self.wanted.country else []
        if self._noted(origin, file, faults):
            return
        if not series:
            self.idle.append(Idle(path.name, rank, not given))
        secret, notes = any(part.confidential for part in given.values()), tuple(one.note for one in series)
        own = OwnFile(path.name, path, sha256, secret, notes)
        for one in series:
            self._add(one, own, origin, file)

    def _series(self, id: str, part: Part, name: str, rank: Rank) -> tuple[BankSeries, list[Fault]]:
        points, within, faults = by_period(part.figures, self.known[id], self.wanted.as_of)
        note = told(figure.note for figure in part.figures)
        series = BankSeries(
            id,
            rows_of(points),
            True,
            part.confidential,
            note,
            within,
            part.data_class,
            rank,
            name,
            part.units,
        )
        return series, faults

    def _add(self, series: BankSeries, own: OwnFile, origin: Origin, file: str) -> None:
        before = self.found[series.rank].get(series.id)
        if before is None:
            self.found[series.rank][series.id] = (series, own)
            return
        first = before[1]
        assert first is not None
        other = shown(first.path) if series.rank == "folder" else str(first.path)
        what = f"gives {series.id} for {self.wanted.country}, which {other} gives too"
        self.faults.append(Located(origin, file, Fault("", what, "keep the series in one of them")))

    def _opened(self, path: Path, origin: Origin, file: str) -> tuple[Grid, str] | None:
        """The file's table and hash; None, and a fault, when it cannot be had."""
        try:
            printed(path.name, longest=LONGEST_NAME, called="file's name")
            content = content_of(path)
            return grid_of(content, path.suffix), hashlib.sha256(content).hexdigest()
        except Unreadable as problem:
            self._noted(origin, file, [problem.at("")])
            return None

    def _noted(self, origin: Origin, file: str, faults: Sequence[Fault]) -> bool:
        """Keep the faults of a file; whether there are any."""
        self.faults += [Located(origin, file, fault) for fault in shortened(faults)]
        return bool(faults)

    def outcome(self) -> Own:
        chosen: dict[str, BankSeries] = {}
        files: dict[Path, OwnFile] = {}
        for rank in RANKS:
            for id, (series, own) in self.found[rank].items():
                if id in chosen:
                    passed = (*chosen[id].passed_over, series.file)
                    chosen[id] = replace(chosen[id], passed_over=passed)
                    continue
                chosen[id] = series
                if own is not None:
                    files.setdefault(own.path, own)
        return Own(
            {id: chosen[id] for id in sorted(chosen)},
            tuple(files.values()),
            tuple(self.idle),
            tuple(self.faults),
        )
