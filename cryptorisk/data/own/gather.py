"""All of the bank's own series for one economy, by precedence, with every fault of every file.

What stands under ``overrides`` in the parameter file comes first, then the files under ``own_files``, then those in
``data/overrides/``. Two files of one rank must not give the same series. A mistake in a file of the folder stops the
report of the economy that it is about (see `cryptorisk.data.own.concern`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptorisk.countries import country as country_of
from cryptorisk.countries import known as known_economy
from cryptorisk.data.catalogue import Catalogue, SeriesSpec
from cryptorisk.data.own.cells import printed
from cryptorisk.data.own.concern import EVERYBODY, Concern, concern
from cryptorisk.data.own.faults import FOLDER, Fault, Located, Origin, Unreadable, shortened
from cryptorisk.data.own.folder import files_in, shown
from cryptorisk.data.own.outcome import Idle, Own, OwnFile, unread
from cryptorisk.data.own.pairs import figures
from cryptorisk.data.own.reading import Grid, content_of, grid_of
from cryptorisk.data.own.series import RANKS, BankSeries, Rank, by_period, impossible, late, rows_of, told
from cryptorisk.data.own.tidy import Figure, Part, parts
from cryptorisk.data.wording import told as plain_line
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
    for one in refused:
        reader.noted(FOLDER, one.file, [one.fault], Path(one.file).name, "folder")
    for path in files:
        reader.tidy(path, FOLDER, shown(path), "folder")
    return reader.outcome()


class _Reader:
    """Collects series, files and faults."""

    def __init__(self, wanted: Asked, known: Catalogue) -> None:
        self.wanted, self.known = wanted, known
        self.faults: list[Located] = []
        self.idle: list[Idle] = []
        self.remarks: list[Located] = []
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
        opened = self._opened(path, origin, str(path), "overrides")
        if opened is None:
            return
        grid, sha256 = opened
        given, faults = figures(grid, secret=own.confidential)
        points, within, more = by_period(given, spec, self.wanted.as_of)
        if self.noted(origin, str(path), faults + more, path.name, "overrides"):
            return
        self._remark(origin, str(path), late(spec.id, points, self.wanted.as_of))
        self._sheets(origin, str(path), grid, path.name, "overrides")
        rows = rows_of(points, own.note)
        series = BankSeries(spec.id, rows, True, own.confidential, own.note, within, file=path.name)
        self.found["overrides"][spec.id] = (series, OwnFile(path.name, path, sha256, own.confidential))

    def tidy(self, path: Path, origin: Origin, file: str, rank: Rank) -> None:
        """A file of several series."""
        opened = self._opened(path, origin, file, rank)
        if opened is None:
            return
        grid, sha256 = opened
        given, faults = parts(grid, self.known, None if rank == "folder" else self.wanted.country)
        series, remarks = [], []
        for (country, id), part in given.items():
            one, more, dated_later = self._series(id, part, path.name, rank)
            faults += [replace(fault, economy=country) for fault in more]
            if country == self.wanted.country:
                series.append(one)
                remarks += dated_later
        if self.noted(origin, file, faults, path.name, rank):
            return
        self._remark(origin, file, remarks)
        self._sheets(origin, file, grid, path.name, rank)
        if not series and not faults:
            self._idle(origin, file, Idle(path.name, rank, "others" if given else "empty"))
        # a row with a mistake may be confidential too: its file is then taken for one with confidential figures
        secret = bool(faults) or any(part.confidential for part in given.values())
        own = OwnFile(path.name, path, sha256, secret, tuple(one.note for one in series))
        for one in series:
            self._add(one, own, origin, file)

    def _series(
        self, id: str, part: Part, name: str, rank: Rank
    ) -> tuple[BankSeries, list[Fault], list[Fault]]:
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
        return series, faults, late(id, points, self.wanted.as_of)

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

    def _opened(self, path: Path, origin: Origin, file: str, rank: Rank) -> tuple[Grid, str] | None:
        """The file's table and hash; None, and a fault, when it cannot be had."""
        try:
            printed(path.name, longest=LONGEST_NAME, called="file's name")
            content = content_of(path)
            return grid_of(content, path.suffix), hashlib.sha256(content).hexdigest()
        except Unreadable as problem:
            self.noted(origin, file, [problem.at("")], path.name, rank)
            return None

    def noted(self, origin: Origin, file: str, faults: Sequence[Fault], name: str, rank: Rank) -> bool:
        """Keep the faults of a file that stop this report; whether there are any."""
        mine = Concern(tuple(faults), False, False)
        if rank == "folder":
            mine = concern(faults, name, self.wanted.country)
        if mine.elsewhere and not mine.faults:
            self._idle(origin, file, Idle(name, rank, "refused"))
        said = [*shortened(mine.faults), *([EVERYBODY] if mine.faults and mine.everybody else [])]
        self.faults += [Located(origin, file, fault) for fault in said]
        return bool(mine.faults)

    def _sheets(self, origin: Origin, file: str, grid: Grid, name: str, rank: Rank) -> None:
        if grid.unread:
            sheets = tuple(plain_line(sheet) for sheet in grid.unread)
            self._idle(origin, file, Idle(name, rank, "sheets", sheets))

    def _idle(self, origin: Origin, file: str, one: Idle) -> None:
        self.idle.append(one)
        if what := self._words(one):
            self._remark(origin, file, [Fault("", what)])

    def _words(self, one: Idle) -> str:
        """What the check says of it; nothing of a file of the folder that is only about other economies."""
        known = known_economy(self.wanted.country)
        place = country_of(self.wanted.country).name_in_sentence if known else "the country"
        return {
            "sheets": unread(one.sheets),
            "refused": f"cannot be used, and by its name it is not about {place}",
            "empty": "holds no figure",
            "others": "" if one.rank == "folder" else f"holds no figure for {place}",
        }[one.why]

    def _remark(self, origin: Origin, file: str, said: Sequence[Fault]) -> None:
        self.remarks += [Located(origin, file, fault) for fault in said]

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
            tuple(self.remarks),
        )
