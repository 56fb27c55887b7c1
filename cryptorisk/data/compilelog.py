"""What was left out or corrected when a vintage was compiled, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd


@dataclass
class CompileLog:
    """Rows left out or corrected, by table and reason; written into the vintage as ``dropped.csv``."""

    entries: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, table: str, chosen: Iterable[bool], reason: str) -> None:
        """Note rows of ``table`` that are left out or corrected."""
        count = int(pd.Series(chosen).sum())
        if count:
            self.entries[table, reason] = self.entries.get((table, reason), 0) + count

    def to_frame(self) -> pd.DataFrame:
        """Columns table, reason, rows; sorted."""
        rows = [(table, reason, count) for (table, reason), count in sorted(self.entries.items())]
        return pd.DataFrame(rows, columns=["table", "reason", "rows"])
