"""Live sources that speak SDMX: the query is built and the answer read by sdmx1, the question goes over our own `Web`.

The library's session would set no bound on time and size, and would keep an answer whatever it is; what it knows of a
provider (address, version of the standard) and how it spells a query is used.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.countries import country, known
from cryptorisk.data.catalogue import EURO_AREA, catalogue
from cryptorisk.data.sources.numerals import figures, whole
from cryptorisk.data.sources.sdmxflows import Flow, read_flows
from cryptorisk.data.sources.sdmxread import (
    MEASURE,
    MULTIPLIER,
    TIME,
    VALUE,
    period_ends,
    read_answer,
    sdmx_library,
)
from cryptorisk.data.sources.source import COLUMNS, FIRST_DAY, LiveSource, Request, Task
from cryptorisk.data.sources.web import Reply, Web
from cryptorisk.errors import FetchError, NoFigures

ACCEPT = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
"""What both providers answer with when nothing is asked, and what sdmx1 reads in the least time."""

EURO = "EUR"

MOST_POWER = 15
"""The code list of multipliers ends with quadrillions (CL_UNIT_MULT of the SDMX guidelines)."""


class SdmxSource(LiveSource):
    """A provider of dataflows. Subclasses say how it names economies and what its silence means."""

    provider: ClassVar[str]
    """As sdmx1 names it: ``IMF_DATA``."""
    detail: ClassVar[str] = "full"
    """``dataonly`` leaves out the attributes where nothing in them is needed."""
    at_once: ClassVar[Mapping[str, int]] = {}
    """Economies asked in one task, by frequency; all when the frequency is not there."""

    @abstractmethod
    def area(self, economy: str) -> str:
        """The provider's code of an economy (ISO 3166-1 alpha-3) or of the euro area."""

    @abstractmethod
    def economy(self, area: str) -> str:
        """Inverse of `area`; "" for aggregates and what is not known."""

    @abstractmethod
    def not_found(self, flow: Flow, web: Web) -> FetchError:
        """What an answer of status 404 means."""

    def named(self, task: Task) -> tuple[str, ...]:
        """Economies that the key names; none asks for all, and what was not wanted is dropped."""
        return task.countries

    def tasks(self, request: Request) -> tuple[Task, ...]:
        """A task for every dataflow and series, cut by economies where the answer would be large."""
        return tuple(task for flow in _flows(self.name) for task in self._tasks(flow, request))

    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """The answer to a task as observations; see `LiveSource.fetch`."""
        flow = next(flow for flow in _flows(self.name) if flow.code == task.code)
        answer = read_answer(self._ask(flow, self.named(task), request, web))
        if len(answer):
            _demand_asked(answer, flow)
            answer = self._observations(answer, flow, task, request)
        if answer.empty:
            whose = f" for {', '.join(task.countries[:5])}" if task.countries else ""
            more = f" and {len(task.countries) - 5} more" if len(task.countries) > 5 else ""
            raise NoFigures(f"holds no figure{whose}{more} since {request.start}", where=flow.code)
        return answer

    def last_day(self, flow: Flow, request: Request) -> dt.date:  # noqa: ARG002  (some know forecasts)
        """The last day of which a figure is an account of what was."""
        return request.end

    def _tasks(self, flow: Flow, request: Request) -> list[Task]:
        asked = list(request.countries)
        if flow.euro_area and any(_currency(code, request.end) == EURO for code in asked):
            asked.append(EURO_AREA)
        size = self.at_once.get(flow.frequency)
        if size is None:
            return [Task(flow.series, (flow.series,), flow.code, tuple(asked))]
        parts = [tuple(asked[begin : begin + size]) for begin in range(0, max(len(asked), 1), size)]
        return [
            Task(f"{flow.series}/{number}", (flow.series,), flow.code, part)
            for number, part in enumerate(parts, 1)
        ]

    def _ask(self, flow: Flow, economies: tuple[str, ...], request: Request, web: Web) -> Reply:
        key = flow.key_for(tuple(self.area(code) for code in economies))
        url = self._url(
            "data",
            resource_id=flow.ref,
            key=key,
            detail=self.detail,
            start_period=_spelled(request.start, flow.frequency),
        )
        try:
            return web.get(url.join(with_query=False), url.query, {"Accept": ACCEPT})
        except FetchError as error:
            if error.status != 404:
                raise
            raise self.not_found(flow, web) from None

    def _url(self, resource: str, **parameters: str) -> Any:
        """The library's query, with this source's address in place of the provider's."""
        sdmx = sdmx_library()
        from sdmx.rest.v21 import URL

        known_source = sdmx.source.get_source(self.provider)
        return URL(replace(known_source, url=self.base_url), sdmx.Resource[resource], **parameters)

    def _observations(self, answer: pd.DataFrame, flow: Flow, task: Task, request: Request) -> pd.DataFrame:
        economies = answer[flow.area_dimension].map(self.economy)
        wanted = economies.isin(task.countries) if task.countries else economies != ""
        if not flow.euro_area:
            wanted &= economies != EURO_AREA
        if flow.currency_dimension:
            own = economies.map(lambda code: _currency(code, request.end))
            wanted &= answer[flow.currency_dimension] == own
        answer, economies = answer[wanted], economies[wanted]
        frame = pd.DataFrame(
            {
                "country": economies.astype("str"),
                "series": flow.series,
                "date": period_ends(answer[TIME], flow.frequency, flow.code),
                "value": _values(answer, flow),
                "source": flow.source,
            }
        )
        held = np.isfinite(frame["value"]) & frame["date"].between(
            _day(request.start), _day(self.last_day(flow, request))
        )
        held &= ~_in_euro(frame)
        kept: pd.DataFrame = frame.loc[held, list(COLUMNS)]
        return kept.sort_values(["country", "date"], kind="stable", ignore_index=True)


def _in_euro(frame: pd.DataFrame) -> pd.Series:
    """Exchange rates of members of the euro area: they are those of the area, and no sequel to the old money's."""
    if frame.empty or catalogue()[frame["series"].iloc[0]].unit != "lcu_per_usd":
        return pd.Series(False, index=frame.index)
    since = frame["country"].map({code: _euro_since(code) for code in frame["country"].unique()})
    return frame["date"] >= pd.to_datetime(since)


@cache
def _euro_since(economy: str) -> dt.date | None:
    """First day of an economy in the euro area; None for one that is none of its members."""
    if economy == EURO_AREA:
        return None
    spells = [s for s in country(economy).spells if s.currency == EURO and s.status == "currency_union"]
    return (spells[0].start or FIRST_DAY) if spells else None


def _demand_asked(answer: pd.DataFrame, flow: Flow) -> None:
    """Refuse an answer in another unit, currency or concept than asked."""
    absent = [dimension for dimension in flow.dimensions if dimension not in answer]
    if absent:
        raise FetchError(
            f"answers without the dimension {absent[0]}: its structure has changed", where=flow.code
        )
    for dimension, code in flow.fixed.items():
        given = set(answer[dimension])
        if given != {code}:
            other = min(str(one) for one in given - {code})
            raise FetchError(f"answers with {dimension} {other} where {code} was asked", where=flow.code)
    if flow.unit and MEASURE in answer:
        other_units = set(answer[MEASURE].dropna()) - {flow.unit}
        if other_units:
            raise FetchError(
                f"answers in the unit {min(other_units)} instead of {flow.unit}", where=flow.code
            )


def _values(answer: pd.DataFrame, flow: Flow) -> npt.NDArray[np.float64]:
    """In the unit of the series; absent and ``NaN`` are both missing."""
    scaled: npt.NDArray[np.float64]
    try:
        values = figures(None if one == "NaN" else one for one in answer[VALUE])
        powers = [_power(one) for one in answer[MULTIPLIER]] if MULTIPLIER in answer else [0] * len(values)
        with np.errstate(over="ignore"):
            scaled = values * flow.factor * np.power(10.0, powers)
        if np.isinf(scaled).any():
            raise ValueError("beyond the numbers of 64 bits")
    except ValueError as error:
        raise FetchError(f"gives a value that is no number ({error})", where=flow.code) from None
    return scaled


def _power(given: Any) -> int:
    """The power of ten that a value is to be multiplied with; none is given where it is 0."""
    power = 0 if given is None or given != given else whole(given)
    if abs(power) > MOST_POWER:
        raise ValueError(f"a multiplier of 10^{power}")
    return power


def _currency(economy: str, date: dt.date) -> str:
    if economy == EURO_AREA:
        return EURO
    return country(economy).currency_on(date) if known(economy) else ""


def _spelled(date: dt.date, frequency: str) -> str:
    if frequency == "A":
        return f"{date:%Y}"
    return f"{date:%Y}-Q{(date.month + 2) // 3}" if frequency == "Q" else f"{date:%Y-%m}"


def _day(date: dt.date) -> np.datetime64:
    return np.datetime64(date, "D")


@cache
def _flows(name: str) -> tuple[Flow, ...]:
    return read_flows(name)
