"""What a vintage's descriptor keeps of the refresh that made it, and what a report must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, cast

from cryptorisk.data.checks.breaks import Break
from cryptorisk.errors import DataError

BREAK = tuple(one.name for one in fields(Break))

State = Literal["refreshed", "partly", "failed", "not asked"]
"""``partly``: some of its series were fetched, others failed."""


@dataclass(frozen=True)
class Failure:
    """Series that a source did not give when it was asked, and that therefore stand as before.

    Attributes
    ----------
    series : tuple of str
    countries : tuple of str
        Economies concerned; empty for all.
    reason : str
    day : str
        ISO date of the last refresh that asked in vain.
    vintage : str
        The vintage whose figures still stand.
    """

    series: tuple[str, ...]
    countries: tuple[str, ...]
    reason: str
    day: str
    vintage: str


@dataclass(frozen=True)
class SourceRecord:
    """What became of one source.

    Attributes
    ----------
    name : str
    state : {"refreshed", "partly", "failed", "not asked"}
    reason : str
        Of the first failure; "" when there was none.
    accessed : str
        ISO date of the refresh when anything was fetched, else "".
    failures : tuple of Failure
        Of this refresh, and of earlier ones as long as the series have not been fetched since.
    """

    name: str
    state: State
    reason: str = ""
    accessed: str = ""
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class RefreshRecord:
    """How a refreshed vintage came about.

    Attributes
    ----------
    previous, previous_sha256 : str
        The vintage that it builds on.
    sources : tuple of SourceRecord
    fetched : mapping of str to mapping of str to str
        By id of the register and series: ISO date of the last refresh that fetched the series for all the economies
        asked for in it.
    quarantined, corrections : int
        Figures set aside as suspicious; corrections applied.
    notes : tuple of str
        Sentences on what is no fault and yet worth knowing (rebased indices, withdrawn figures, unused corrections).
    breaks : tuple of Break
        Places in histories across which changes mean nothing; also of earlier refreshes, as long as the history has not
        been fetched since.
    """

    previous: str
    previous_sha256: str
    sources: tuple[SourceRecord, ...]
    fetched: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quarantined: int = 0
    corrections: int = 0
    notes: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_descriptor(cls, descriptor: Mapping[str, Any]) -> RefreshRecord | None:
        """The record in a vintage's descriptor; None for a vintage that was compiled.

        Raises
        ------
        DataError
            When it is not of this form.
        """
        raw = descriptor.get("refresh")
        if raw is None:
            return None
        try:
            return cls._from_dict(raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else error
            what = f"the record of the refresh is damaged ({reason})"
            where = str(descriptor.get("name", "descriptor"))
            raise DataError(what, where=where, remedy="take another vintage, or refresh again") from None

    @classmethod
    def _from_dict(cls, raw: Mapping[str, Any]) -> RefreshRecord:
        sources = tuple(
            SourceRecord(
                str(one["name"]),
                cast(State, one["state"]),
                str(one["reason"]),
                str(one["accessed"]),
                tuple(
                    Failure(
                        tuple(f["series"]),
                        tuple(f["countries"]),
                        str(f["reason"]),
                        str(f["day"]),
                        str(f["vintage"]),
                    )
                    for f in one["failures"]
                ),
            )
            for one in raw["sources"]
        )
        return cls(
            str(raw["previous"]),
            str(raw["previous_sha256"]),
            sources,
            {str(id): dict(series) for id, series in raw["fetched"].items()},
            int(raw["quarantined"]),
            int(raw["corrections"]),
            tuple(map(str, raw["notes"])),
            tuple(Break(**{name: str(one[name]) for name in BREAK}) for one in raw.get("breaks", ())),
        )
