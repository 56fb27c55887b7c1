"""Whose report a mistake in ``data/overrides`` stops: only that of the economy it is about, where that is told.

The folder is read for every report. A row with a mistake names its economy, and so may the name of a file that cannot be
read at all; what names none could be anybody's, and a report that went on might lack figures without knowing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptorisk.countries import known as known_economy
from cryptorisk.data.own.faults import Fault

EVERYBODY = Fault(
    "",
    "this stops every country's report, because it does not tell whose figures are wrong",
    "fill in the country column, or begin the file's name with the code, as KEN-returns.csv",
)

_CODE = re.compile(r"([A-Z]{3})(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Concern:
    """The faults of a file that stop the report of an economy.

    Attributes
    ----------
    faults : tuple of Fault
    everybody : bool
        Whether any of them stops the reports of all others too.
    elsewhere : bool
        Whether there are others, which name no economy and which only the file's name gives to another one.
    """

    faults: tuple[Fault, ...]
    everybody: bool
    elsewhere: bool


def named_in(file: str) -> str:
    """The economy that a file's name begins with: ``KEN`` for ``KEN-returns.csv``; empty where it names none."""
    match = _CODE.match(Path(file).name)
    return match[1] if match and known_economy(match[1]) else ""


def concern(faults: Iterable[Fault], file: str, country: str) -> Concern:
    """Which faults of a file of the folder stop a report.

    Parameters
    ----------
    faults : iterable of Fault
    file : str
        Its name.
    country : str
        Economy of the report; empty where that is not known yet, and then all do.
    """
    every, named = tuple(faults), named_in(file)
    if not country:
        return Concern(every, False, False)
    mine = tuple(fault for fault in every if (fault.economy or named) in (country, ""))
    untold = any(not fault.economy for fault in every)
    return Concern(
        mine,
        everybody=untold and not named,
        elsewhere=untold and named not in (country, ""),
    )
