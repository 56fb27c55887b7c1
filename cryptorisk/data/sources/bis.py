"""Bank for International Settlements: the SDMX 2.1 interface (``stats.bis.org/api/v1``).

What was read, and where:

- Interface: https://stats.bis.org/api-doc/v1/ (a subset of the SDMX REST interface 1.4.0). Version 1 is taken because its
  documentation defines ``startPeriod`` and the answer without results, and because it is what sdmx1 knows; version 2
  (``api/v2``) answers with the same messages.
- Message: structure-specific SDMX-ML 2.1 with the unit at the data set (``UNIT_MEASURE="368"``, per cent per year,
  ``UNIT_MULT="0"``), periods ``2024-01``; an observation without figure has ``OBS_VALUE="NaN"``.
- Keys, with their order: https://rdrr.io/cran/bbk/man/bis_data.html (``M.CH``), ``BIS_MIGRATION_NOTES.md`` of
  https://github.com/paulchurch2004/helixoneapp (``M.R.B.DE``: type, basket, area), https://data.bis.org/topics/XRU
  (``M.NZ.NZD.E``: area, currency, collection; ``A`` is the average of the period).
- No result is answered 404 with an SDMX error message (code 100), and so is an unknown dataflow: a second question, for
  the dataflow itself, tells them apart.

Areas are ISO 3166-1 alpha-2, and XM for the euro area. ``UNIT_MULT`` is a power of ten that a value is to be multiplied
with, as the standard has it.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import ClassVar

from cryptorisk.countries import countries, country, known
from cryptorisk.data.catalogue import EURO_AREA
from cryptorisk.data.sources.sdmxflows import Flow
from cryptorisk.data.sources.sdmxweb import SdmxSource
from cryptorisk.data.sources.source import Task
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError, NoFigures

EURO_AREA_CODE = "XM"
FEW = 40
"""A key names so many economies at most. The largest whole dataflow here, bilateral rates, has some 60 000 observations,
and how the provider takes codes that it has no series for, among many, is not documented."""


class BisSource(SdmxSource):
    """Policy rates, effective exchange rates and exchange rates against the US dollar."""

    name = "bis"
    register = ("bis_cbpol_live", "bis_eer_live", "bis_xru_live")
    home = "https://stats.bis.org/api/v1"
    documentation = "https://stats.bis.org/api-doc/v1/"
    tested = "2026-06-30"
    limits = "none published; addresses may be blocked without notice"
    jobs = 1
    pause_seconds = 1.0
    answer_bytes: ClassVar[int] = 24_000_000
    """A whole dataflow with its attributes is 5 to 8 MB."""
    task_bytes: ClassVar[int] = 25_000_000
    """That, and a dataflow's own description when it answers without figures."""

    provider = "BIS"

    def area(self, economy: str) -> str:
        """ISO 3166-1 alpha-2."""
        return EURO_AREA_CODE if economy == EURO_AREA else country(economy).iso2

    def economy(self, area: str) -> str:
        """Groups of economies are dropped."""
        return EURO_AREA if area == EURO_AREA_CODE else _by_iso2().get(area, "")

    def named(self, task: Task) -> tuple[str, ...]:
        """Few are named; for many, all are asked and the others dropped."""
        codes = tuple(code for code in task.countries if code == EURO_AREA or known(code))
        return codes if len(codes) <= FEW else ()

    def not_found(self, flow: Flow, web: Web) -> FetchError:
        """Ask whether the dataflow is still there."""
        url = self._url(
            "dataflow", agency_id=flow.agency, resource_id=flow.flow, detail="allstubs", references="none"
        )
        try:
            web.get(url.join(with_query=False), url.query)
        except FetchError as error:
            if error.status != 404:
                raise
            what = f"the BIS knows no dataflow {flow.ref} any more: it was renamed or withdrawn"
            return FetchError(what, where=flow.code)
        return NoFigures("holds no figure for the economies asked", where=flow.code)


@cache
def _by_iso2() -> MappingProxyType[str, str]:
    return MappingProxyType({one.iso2: one.iso3 for one in countries()})


SOURCE = BisSource
