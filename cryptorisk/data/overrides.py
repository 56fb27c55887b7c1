"""The bank's own series as other rooms see them: what one is, and how those of a parameter file are read.

The work is done in `cryptorisk.data.own`, where files, units, precedence and templates have modules of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.own import BANK
from cryptorisk.data.own.gather import Asked, gather
from cryptorisk.data.own.series import PERIODS, BankSeries
from cryptorisk.params import Override

__all__ = ["BANK", "PERIODS", "BankSeries", "bank_series"]


def bank_series(
    overrides: Mapping[str, Override], known: Catalogue, as_of: dt.date, folder: Path
) -> dict[str, BankSeries]:
    """The series under ``overrides`` by id.

    Parameters
    ----------
    overrides : mapping of str to Override
    known : Catalogue
    as_of : datetime.date
        Date of a single figure that has none.
    folder : Path
        Folder that a relative file name is looked up in.

    Raises
    ------
    DataError
        For an unknown series, another unit than the series', an unreadable file (with every place), figures for parts
        of a period of a series that is no stock, or a date after ``as_of`` of a single figure.
    """
    return dict(gather(Asked("", as_of, overrides, base=folder), known).demanded().series)
