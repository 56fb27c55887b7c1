"""An SDMX answer read with the library sdmx1: a row an observation, as the provider spells it.

The messages are SDMX-ML 2.1, structure-specific. Without the data structure beside it the library takes every XML
attribute of a series for a dimension, which is right for what is read here, and leaves out what stands at the data set;
unit and multiplier may stand there, so that they are read from the message itself.

Measured with sdmx1 2.28 on one core: 62 400 observations (195 economies, 320 months) take 4 seconds and 130 MB without
attributes, 5.5 seconds and 190 MB with three attributes an observation; a third of that for 50 economies.
"""

from __future__ import annotations

import io
import logging
import re
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.sources.refusals import few_words
from cryptorisk.data.sources.sdmxscan import TooLarge, scanned
from cryptorisk.data.sources.web import Reply
from cryptorisk.errors import FetchError

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
MULTIPLIER, MEASURE = "UNIT_MULT", "UNIT_MEASURE"
"""Attributes that change what a value means; they may stand at the data set, the series or the observation."""

_PERIODS = {
    "A": re.compile(r"(?P<year>[0-9]{4})(-A1)?"),
    "Q": re.compile(r"(?P<year>[0-9]{4})-Q(?P<quarter>[1-4])"),
    "M": re.compile(r"(?P<year>[0-9]{4})-M?(?P<month>0[1-9]|1[0-2])"),
}
"""``2024``, ``2024-Q3``, and ``2024-M06`` (IMF) or ``2024-06`` (BIS)."""


_SERVER_ERRORS = frozenset({"500", "503"})
"""Internal error, and service unavailable; other codes say that the question was wrong."""


def sdmx_library() -> ModuleType:
    """The library, which is an optional part of the kit.

    Raises
    ------
    FetchError
        When it is not installed.
    """
    try:
        import sdmx
        from sdmx.reader.xml import common
    except ImportError:
        raise FetchError(
            "this source is read with the package sdmx1, which is not installed",
            remedy="pip install 'cryptorisk[live]'",
        ) from None
    # It warns at every message that it got no data structure, which is meant (see the head of this module), and prints
    # all that it holds to standard output at an element that it does not know, where the user reads our own words.
    logging.getLogger("sdmx.reader.xml").setLevel(logging.ERROR)
    common.__dict__["print"] = _say_nothing
    return sdmx


def read_answer(reply: Reply) -> pd.DataFrame:
    """The observations of an answer, all as text.

    Parameters
    ----------
    reply : Reply

    Returns
    -------
    pandas.DataFrame
        A row an observation; a column a dimension, with `TIME` and `VALUE`, and `MULTIPLIER` and `MEASURE` where the
        answer gives them. Empty when it holds none.

    Raises
    ------
    FetchError
        When it is no such message: transient, because an outage answers with a page for people; an SDMX error message
        is so only when the server says that the fault is its own. An answer that would exhaust the memory is refused.
    """
    sdmx = sdmx_library()
    try:
        common = _of_data_set(reply)
        message = sdmx.read_sdmx(io.BytesIO(reply.content))
        parts = [_table(data_set) for data_set in message.data]
    except FetchError:
        raise
    except Exception as error:  # whatever the parsers meet in what is no SDMX
        raise _no_message(reply, type(error).__name__) from None
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    for name in (MULTIPLIER, MEASURE):
        if name in common:
            given = table[name] if name in table else pd.Series(index=table.index, dtype=object)
            table[name] = given.where(given.notna(), common[name])
    return table


def period_ends(periods: pd.Series, frequency: str, where: str) -> npt.NDArray[np.datetime64]:
    """Last days of periods.

    Parameters
    ----------
    periods : pandas.Series of str
    frequency : {"A", "Q", "M"}
    where : str
        What the message of an error names.

    Returns
    -------
    numpy.ndarray of datetime64[D]

    Raises
    ------
    FetchError
        For a text that is no period of that frequency.
    """
    spelled = pd.unique(periods)
    ends = {text: _period_end(str(text), frequency, where) for text in spelled}
    return periods.map(ends).to_numpy(dtype="datetime64[D]")


def _period_end(text: str, frequency: str, where: str) -> np.datetime64:
    found = _PERIODS[frequency].fullmatch(text)
    if found is None:
        what = f"gives a figure for the period {text[:20]!r}, which is none of frequency {frequency}"
        raise FetchError(what, where=where)
    parts = {name: int(number) for name, number in found.groupdict().items()}
    month = parts.get("month") or 3 * parts.get("quarter", 4)
    begin = np.datetime64(f"{parts['year']:04d}-{month:02d}", "M")
    last: np.datetime64 = (begin + 1).astype("datetime64[D]") - 1
    return last


def _of_data_set(reply: Reply) -> dict[str, str]:
    """Attributes of the (first) data set, if the answer is such a message and of a bearable size."""
    try:
        scan = scanned(reply.content)
    except TooLarge as error:
        raise FetchError(f"answers with {error}", where=reply.url) from None
    if scan.root == "Error":
        raise _error_of(reply)
    if scan.root != "StructureSpecificData":
        raise _no_message(reply, f"<{few_words(scan.root)}>")
    return scan.data_set


def _error_of(reply: Reply) -> FetchError:
    """An SDMX error message, which sdmx1 does not read.

    Codes are those of https://github.com/sdmx-twg/sdmx-rest (``v2_1/ws/rest/docs/4_7_errors.md``).
    """
    root = ElementTree.fromstring(reply.content)
    codes = [element.get("code", "") for element in root.iter() if element.tag.endswith("}ErrorMessage")]
    texts = [element.text or "" for element in root.iter() if element.tag.endswith("}Text")]
    what = f"answered with the SDMX error {few_words(', '.join(codes))}: {few_words(' '.join(texts))}"
    return FetchError(what, where=reply.url, transient=bool(_SERVER_ERRORS.intersection(codes)))


def _no_message(reply: Reply, what: str) -> FetchError:
    what = f"answered with what is no structure-specific SDMX message ({what}): {_beginning(reply)}"
    return FetchError(what, where=reply.url, transient=True)


def _say_nothing(*_: object, **__: object) -> None:
    pass


def _table(data_set: Any) -> pd.DataFrame:
    heads, counts = [], []
    columns: dict[str, list[Any]] = {TIME: [], VALUE: [], MULTIPLIER: [], MEASURE: []}
    for key, observations in data_set.series.items():
        heads.append({name: held.value for name, held in key.values.items()})
        counts.append(len(observations))
        for observation in observations:
            given = observation.attached_attribute
            columns[TIME].append(observation.dimension.values[TIME].value)
            columns[VALUE].append(observation.value)
            for name in (MULTIPLIER, MEASURE):
                columns[name].append(given[name].value if name in given else None)
    if not heads:
        return pd.DataFrame()
    table = pd.DataFrame(heads, dtype=object)
    table = table.loc[np.repeat(np.arange(len(heads)), counts)].reset_index(drop=True)
    for name, held in columns.items():
        column = pd.Series(held, dtype=object, index=table.index)
        if name in (TIME, VALUE):
            table[name] = column
        elif column.notna().any():
            table[name] = column.where(column.notna(), table[name]) if name in table else column
    return table


def _beginning(reply: Reply) -> str:
    return repr(few_words(reply.content[:300].decode("utf-8", "replace")))
