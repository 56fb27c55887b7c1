"""What a vintage's descriptor keeps of the refresh that made it, and what a report must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from cryptorisk.errors import DataError

State = Literal["refreshed", "partly", "failed", "not asked"]
"""``partly``: some of its series were fetched, others failed."""


@dataclass(frozen=True)
class Failure:
    """Series that could not be fetched and stand as in the previous vintage, with the reason."""

    series: tuple[str, ...]
    countries: tuple[str, ...]
    reason: str


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
    quarantined, corrections : int
        Figures set aside as suspicious; corrections applied.
    notes : tuple of str
        Sentences on what is no fault and yet worth knowing (rebased indices, withdrawn figures, unused corrections).
    """

    previous: str
    previous_sha256: str
    sources: tuple[SourceRecord, ...]
    quarantined: int = 0
    corrections: int = 0
    notes: tuple[str, ...] = ()

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
        except (KeyError, TypeError, ValueError) as error:
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
                    Failure(tuple(f["series"]), tuple(f["countries"]), str(f["reason"]))
                    for f in one["failures"]
                ),
            )
            for one in raw["sources"]
        )
        return cls(
            str(raw["previous"]),
            str(raw["previous_sha256"]),
            sources,
            int(raw["quarantined"]),
            int(raw["corrections"]),
            tuple(map(str, raw["notes"])),
        )
