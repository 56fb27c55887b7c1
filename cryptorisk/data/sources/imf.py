"""International Monetary Fund: the SDMX 2.1 interface of the data portal (``api.imf.org``, since 2025).

What was read, and where:

- Questions, formats, errors: https://github.com/chatilamoe/agora-skills (``skills/imf-data/references/endpoints.md``,
  checked there on 2026-10-06). Structure-specific SDMX-ML is the default; the key is the codes of all dimensions in
  order, ``+`` between several, nothing for all; ``startPeriod`` is honoured; a period reads ``2024``, ``2024-Q1``,
  ``2024-M01``; an observation without figure has no ``OBS_VALUE``. An unknown dataflow answers 404, an unknown code 200
  and a data set without series. SDMX 3.0 answers too, but sdmx1 does not read its header
  (https://github.com/khaeru/sdmx/issues/240), and wildcards were seen to give nothing there.
- **Values are in full units.** The attribute ``SCALE`` (6 for millions, 9 for billions) only says how the portal shows
  them: Nepal's gross domestic product of 2024 is 42914268000 with ``SCALE="9"`` (same text); Germany's goods exports of
  2017 are 1230793709303.444 with ``SCALE="6"`` (https://github.com/epam/statgpt-sdmx-proxy, design 016). So nothing is
  multiplied, and attributes are not asked for (``detail=dataonly``), which makes answers many times smaller.
- Codes of every key: the column ``read`` of ``imf.csv``.

Without a version in the query the latest version of a dataflow answers. The World Economic Outlook runs to forecasts:
years that have not ended are dropped, and what the Fund estimates for ended years stays, as in the embedded edition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from cryptorisk.countries import known
from cryptorisk.data.catalogue import EURO_AREA
from cryptorisk.data.sources.sdmxflows import Flow
from cryptorisk.data.sources.sdmxweb import SdmxSource
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError

OWN_CODES = MappingProxyType({"XKX": "KOS", "PSE": "WBG", EURO_AREA: "G163"})
"""Where the Fund departs from ISO 3166-1: Kosovo, West Bank and Gaza, euro area. Its other groups begin with G too."""
_ECONOMIES = MappingProxyType({code: economy for economy, code in OWN_CODES.items()})

OUTLOOK = "WEO"
FIRST_ACCOUNT = (4, 10)
"""Month and day from which an edition of the World Economic Outlook speaks of the year before as past: it appears in the
first half of April (https://www.imf.org/en/Publications/WEO), the one before it in October."""


class ImfSource(SdmxSource):
    """Prices, exchange rates, reserves, money, external positions, crypto-based parallel rates and the Outlook."""

    name = "imf"
    register = (
        "imf_cpi_live",
        "imf_er_live",
        "imf_reserves_live",
        "imf_mfs_live",
        "imf_iip_live",
        "imf_wpcper_live",
        "weo_live",
    )
    home = "https://api.imf.org/external/sdmx/2.1"
    documentation = "https://data.imf.org/en/Resource-Pages/IMF-API"
    tested = "2026-10-06"
    limits = "none published; about ten questions in five seconds are known to pass"
    jobs = 1
    pause_seconds = 1.0
    answer_bytes: ClassVar[int] = 8_000_000
    """16 000 observations without attributes are 1 MB."""

    provider = "IMF_DATA"
    detail = "dataonly"
    at_once: ClassVar[Mapping[str, int]] = {"M": 50, "Q": 100, "A": 250}
    """So that an answer holds some 16 000 observations, which are read in one second and 40 MB."""

    def area(self, economy: str) -> str:
        """ISO 3166-1 alpha-3, but for `OWN_CODES`."""
        return OWN_CODES.get(economy, economy)

    def economy(self, area: str) -> str:
        """Groups of economies are dropped."""
        economy = _ECONOMIES.get(area, area)
        return economy if economy == EURO_AREA or known(economy) else ""

    def last_day(self, flow: Flow, request: Request) -> dt.date:
        """The Outlook projects a year until the April after it: before that even a year that has ended is no figure."""
        day = request.end
        if flow.flow == OUTLOOK and (day.month, day.day) < FIRST_ACCOUNT:
            return dt.date(day.year - 2, 12, 31)
        return day

    def not_found(self, flow: Flow, web: Web) -> FetchError:  # noqa: ARG002  (other providers must ask again)
        """Only an unknown dataflow is answered so: an unknown code gives an answer without series."""
        what = f"the IMF knows no dataflow {flow.ref} any more: it was renamed or withdrawn"
        return FetchError(what, where=flow.code)


SOURCE = ImfSource
