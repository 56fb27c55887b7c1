"""The Bank for International Settlements, SDMX 2.1 (``stats.bis.org/api/v1``, https://stats.bis.org/api-doc/v1/).

Unit and multiplier stand at the data set, periods read ``2024-01``, a missing figure is ``NaN``, and no result at all is
404 with an SDMX error message, like an unknown dataflow.
"""

from __future__ import annotations

import pandas as pd
from replay_server import Answer, Asked, Wire
from replay_world import END
from wire_sdmx import Line, Message, error_message

from cryptorisk.countries import countries, country

FLOWS = {
    "WS_CBPOL": ("FREQ", "REF_AREA"),
    "WS_EER": ("FREQ", "EER_TYPE", "EER_BASKET", "REF_AREA"),
    "WS_XRU": ("FREQ", "REF_AREA", "CURRENCY", "COLLECTION"),
}
SERIES = {
    ("WS_CBPOL", "M"): "policy_rate_pct",
    ("WS_EER", "M.R.B"): "reer_index",
    ("WS_EER", "M.N.B"): "neer_index",
    ("WS_XRU", "M.A"): "official_fx_lcu_per_usd",
}
UNIT = {"WS_CBPOL": "368", "WS_EER": "882"}
LEGACY = {"HR": "HRK", "BG": "BGN"}
"""Currencies of old that the provider still publishes."""


class WIRE(Wire):
    name = "bis"
    sample = ("policy_rate_pct", "official_fx_lcu_per_usd", "reer_index")

    multiplier = 0
    """UNIT_MULT of the answers: the provider would then give values in that power of ten."""

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        _, what, *rest = asked.path.split("/")
        if what == "dataflow" and rest[:1] == ["BIS"] and rest[1] in FLOWS and fault != "renamed":
            return Answer(b'<?xml version="1.0" ?><message:Structure/>', "application/xml")
        flow = rest[0].partition(",")[2] if what == "data" else ""
        if flow not in FLOWS or fault == "renamed":
            return Answer(
                error_message(f"Could not find Dataflow and/or DSD related with this data request: {flow}"),
                "application/xml",
                404,
            )
        lines = (
            []
            if fault == "empty"
            else self._lines(flow, rest[1].split("."), asked.query.get("startPeriod", "0"))
        )
        if not lines:
            return Answer(error_message("No Results Found"), "application/xml", 404)
        attributes = {"UNIT_MULT": str(self.multiplier)}
        if flow in UNIT:
            attributes["UNIT_MEASURE"] = "628" if fault == "wrong_currency" else UNIT[flow]
        message = Message("BIS", flow, "1.0", lines, "BIS", attributes)
        message.of_observation = {"OBS_STATUS": "A", "OBS_CONF": "F"}
        message.missing = {"OBS_VALUE": "NaN", "OBS_STATUS": "M", "OBS_CONF": "F"}
        return Answer(message.spoilt(fault).xml(), "application/xml")

    def _lines(self, flow, parts, start) -> list[Line]:
        dimensions = FLOWS[flow]
        place = dimensions.index("REF_AREA")
        series = SERIES.get((flow, ".".join(part for n, part in enumerate(parts) if n != place and part)))
        by_iso2 = {one.iso2: one.iso3 for one in countries() if one.iso3 in self.world.economies} | {
            "XM": "EMU"
        }
        areas = parts[place].split("+") if parts[place] else [*by_iso2, "5J"]
        lines = []
        for area in areas:
            figures = (
                self.world.figures(series, by_iso2[area])
                if series and area in by_iso2
                else pd.Series(dtype=float)
            )
            if figures.empty:
                continue
            given = dict(zip(dimensions, parts, strict=True)) | {"REF_AREA": area}
            shown = [
                (f"{pd.Timestamp(day):%Y-%m}", value / 10**self.multiplier) for day, value in figures.items()
            ]
            shown = [(period, value) for period, value in shown if period >= start]
            notes = {"SOURCE_REF": "Central bank", "TITLE": f" {flow} - {area} - Monthly", "DECIMALS": "4"}
            for currency in self._currencies(given, by_iso2[area]):
                lines.append(Line(given | currency, list(shown), dict(notes)))
        return lines

    def _currencies(self, given, economy) -> list[dict[str, str]]:
        if "CURRENCY" not in given:
            return [{}]
        today = "EUR" if economy == "EMU" else country(economy).currency_on(END)
        old = LEGACY.get(given["REF_AREA"])
        return [{"CURRENCY": today}, *([{"CURRENCY": old}] if old else [])]
