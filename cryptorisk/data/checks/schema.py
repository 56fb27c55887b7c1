"""The form of observations: every broken rule in one message, with examples.

The rules are pandera schemas (https://pandera.readthedocs.io, lazy validation), which the extra ``live`` installs;
pandera is imported when a frame is validated, because that takes half a second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import Catalogue, is_place
from cryptorisk.data.observation import COLUMNS, KEY
from cryptorisk.errors import DataError, KitError

if TYPE_CHECKING:
    from pandera.errors import SchemaError
    from pandera.pandas import DataFrameSchema

EXAMPLES = 3
"""Rows that a message quotes for each broken rule."""

_REMEDY = "report it: what a source gives must have this form before it is judged"


def validate_observations(frame: pd.DataFrame, known: Catalogue, date: dt.date) -> None:
    """Demand that a frame of observations is fit to be stored.

    Parameters
    ----------
    frame : DataFrame
        Columns country, series, source (text), date (datetime64) and value (float64); further ones are not looked at.
    known : Catalogue
    date : datetime.date
        Of the vintage: no figure is dated later.

    Raises
    ------
    DataError
        Naming every broken rule with the number of rows and examples.
    KitError
        When pandera is not installed.
    """
    pa = _pandera()
    try:
        _schema(pa, known, date).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        problems = list(dict.fromkeys(filter(None, (_problem(frame, one) for one in errors.schema_errors))))
        what = "the observations break " + ("a rule" if len(problems) == 1 else f"{len(problems)} rules")
        raise DataError("\n  ".join((what + ":", *problems)), remedy=_REMEDY) from None


def _pandera() -> Any:
    try:
        import pandera.pandas as pa
    except ImportError:
        raise KitError(
            "the package pandera, which checks fetched figures, is not installed",
            remedy="pip install 'cryptorisk[live]'",
        ) from None
    return pa


def _schema(pa: Any, known: Catalogue, date: dt.date) -> DataFrameSchema:
    last = np.datetime64(date)
    checks: dict[str, tuple[type | str | None, list[tuple[Callable[[pd.Series], Any], str]]]] = {
        "country": (str, [(_among(is_place), "the country is no economy, nor WLD or EMU")]),
        "series": (str, [(_among(known.series.__contains__), "the series is not in the catalogue")]),
        "source": (str, [(_among(known.sources.__contains__), "the source is not in the register")]),
        "date": (None, [(pd.Series.notna, "the date is missing"), (_not_after(last), f"dated after {date}")]),
        "value": ("float64", [(np.isfinite, "the value is not a finite number")]),
    }
    columns = {
        name: pa.Column(
            kind,
            [_check(pa, test, error) for test, error in tests],
            nullable=True,  # what is missing breaks a rule of its own
        )
        for name, (kind, tests) in checks.items()
    }
    columns["date"].checks.insert(0, _check(pa, _is_datetime, "the column date holds no datetime64"))
    twice = _check(pa, _once, "two figures for one series, country, date and source")
    schema: DataFrameSchema = pa.DataFrameSchema(columns, checks=[twice])
    return schema


def _check(pa: Any, test: Callable[..., Any], error: str) -> Any:
    return pa.Check(test, error=error, ignore_na=False, n_failure_cases=EXAMPLES)


def _among(test: Callable[[str], bool]) -> Callable[[pd.Series], pd.Series]:
    """Whether each text passes the test; every distinct one is asked once."""
    return lambda column: column.isin([text for text in column.dropna().unique() if test(text)])


def _not_after(last: np.datetime64) -> Callable[[pd.Series], pd.Series]:
    return lambda column: ~(column > last)


def _is_datetime(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_dtype(column)


def _once(frame: pd.DataFrame) -> pd.Series:
    return ~frame.duplicated(list(KEY), keep=False)


def _problem(frame: pd.DataFrame, error: SchemaError) -> str:
    """A broken rule in words; "" for what only follows from another one."""
    reason = error.reason_code.name if error.reason_code else ""
    if reason == "COLUMN_NOT_IN_DATAFRAME":
        return f"the column {error.failure_cases} is missing"
    if reason == "WRONG_DATATYPE":
        name = str(error.schema.name)
        return f"the column {name} holds {frame[name].dtype}, not {'float64' if name == 'value' else 'text (str)'}"
    if reason == "CHECK_ERROR":
        return ""
    text, outcome = str(error.check.error), error.check_output
    if not isinstance(outcome, pd.Series):
        return text
    rows = frame[~outcome.to_numpy(dtype=bool)]
    count = f"{len(rows)} row" + ("" if len(rows) == 1 else "s")
    return f"{text} ({count}): " + "; ".join(_examples(rows.head(EXAMPLES)))


def _examples(rows: pd.DataFrame) -> Iterable[str]:
    """Country, series, date, value and source of rows."""
    for row in rows.reindex(columns=list(COLUMNS)).itertuples(index=False):
        yield " ".join(
            str(cell)[:10] if name == "date" else str(cell) for name, cell in zip(COLUMNS, row, strict=True)
        )
