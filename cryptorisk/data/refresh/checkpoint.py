"""Answers kept on disk until the vintage is made of them, so that an interrupted refresh goes on where it stopped."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.package import sha256
from cryptorisk.data.sources.source import COLUMNS, Request, Task
from cryptorisk.files.refused import unwritable
from cryptorisk.files.whole import write_whole

REQUEST = "request.json"
NOTES = b"notes"
"""What a source had to say of its answer: ``attrs["notes"]`` of the frame."""


@dataclass(frozen=True)
class Checkpoint:
    """Answers of one request in a folder of their own.

    A file counts only when it is whole: its first line holds the hash of the rest.

    Attributes
    ----------
    folder : Path
    addresses : mapping of str to str
        Where each source is asked: what a mirror answered is no answer of the provider's.
    """

    folder: Path
    addresses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, folder: Path, request: Request, previous: str, addresses: Mapping[str, str] | None = None
    ) -> Checkpoint:
        """The answers kept for this very request; those of another one are thrown away.

        Parameters
        ----------
        folder : Path
        request : Request
        previous : str
            Hash of the vintage that the refresh builds on.
        addresses : mapping of str to str, optional

        Raises
        ------
        KitError
            When the folder cannot be written to.
        """
        wanted = {
            "countries": list(request.countries),
            "part": request.part,
            "start": request.start.isoformat(),
            "end": request.end.isoformat(),
            "previous": previous,
        }
        place = folder / REQUEST
        try:
            same = json.loads(place.read_text(encoding="utf-8")) == wanted
        except (OSError, ValueError):
            same = False
        if not same:
            with _refusals(folder):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                write_whole(place, json.dumps(wanted).encode())
        return cls(folder, addresses or {})

    def keep(self, source: str, task: Task, frame: pd.DataFrame) -> None:
        """Keep an answer, with its notes, under its final name once it is whole.

        Raises
        ------
        KitError
            When the disk refuses it; that is no fault of the answer.
        """
        table = pa.table(
            {
                "country": pa.array(frame["country"].astype("object"), pa.string()).dictionary_encode(),
                "series": pa.array(frame["series"].astype("object"), pa.string()).dictionary_encode(),
                "date": pa.array(frame["date"].to_numpy(dtype="datetime64[D]"), pa.date32()),
                "value": pa.array(frame["value"].to_numpy(dtype="float64"), pa.float64()),
                "source": pa.array(frame["source"].astype("object"), pa.string()).dictionary_encode(),
            }
        )
        notes = json.dumps(list(frame.attrs.get("notes", ())))
        table = table.replace_schema_metadata({NOTES: notes})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        content = buffer.getvalue()
        place = self._place(source, task)
        with _refusals(self.folder):
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, sha256(content).encode() + b"\n" + content)

    def kept(self, source: str, task: Task) -> pd.DataFrame | None:
        """The kept answer; None when there is none or the file is damaged, so that it is asked for again."""
        try:
            mark, _, content = self._place(source, task).read_bytes().partition(b"\n")
            if mark.decode() != sha256(content):
                return None
            table = pq.read_table(io.BytesIO(content))
            notes = json.loads(table.schema.metadata[NOTES])
            frame: pd.DataFrame = table.replace_schema_metadata().to_pandas(date_as_object=False)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None
        for name in ("country", "series", "source"):
            frame[name] = frame[name].astype("str")
        frame["date"] = frame["date"].astype("datetime64[us]")
        frame = frame[list(COLUMNS)]
        frame.attrs["notes"] = tuple(map(str, notes))
        return frame

    def has(self, source: str, task: Task) -> bool:
        """Whether a whole answer is kept."""
        return self.kept(source, task) is not None

    def forget(self) -> None:
        """Throw everything away: the vintage is made."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, source: str, task: Task) -> Path:
        asked = f"{task!r} {self.addresses.get(source, '')}"
        name = hashlib.sha256(asked.encode()).hexdigest()[:32]
        return self.folder / source / f"{name}.answer"


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """Say a refusal of the disk as what it is."""
    try:
        yield
    except OSError as problem:
        raise unwritable(problem, folder, folder.parent) from problem
