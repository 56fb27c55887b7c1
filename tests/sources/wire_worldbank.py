"""The World Bank's Indicators API, version 2, on loopback."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import cached_property

import numpy as np
import pandas as pd
from replay_server import DATA_FAULTS, Answer, Asked, Wire

from cryptorisk.countries import countries
from cryptorisk.data.sources.worldbank import NOT_COVERED, indicators

AGGREGATES = (
    ("ZH", "AFE", "Africa Eastern and Southern"),
    ("1A", "ARB", "Arab World"),
    ("XC", "EMU", "Euro area"),
    ("EU", "EUU", "European Union"),
    ("XD", "", "High income"),
    ("XM", "", "Low income"),
    ("OE", "OED", "OECD members"),
    ("1W", "WLD", "World"),
    ("XY", "", "Not classified"),
    ("JG", "CHI", "Channel Islands"),
)
"""Rows among the economies that are none: regions, income groups without a code, and a pair of islands."""

FINE, FINE_ROWS = "SP.POP.TOTL", 100
"""An indicator that is given in smaller pages than asked for: the header says so, and the reader must believe it."""

ARCHIVED = {"GE.EST": "GOV_WGI_GE_EST"}
"""No longer served since the edition of July 2026."""

TITLES = {
    "BM.KLT.DINV.CD.WD": "Foreign direct investment, net outflows (BoP, current US$)",
    "BM.KLT.DINV.WD.GD.ZS": "Foreign direct investment, net outflows (% of GDP)",
    "BM.TRF.PWKR.CD.DT": "Personal remittances, paid (current US$)",
    "BN.CAB.XOKA.CD": "Current account balance (BoP, current US$)",
    "BN.CAB.XOKA.GD.ZS": "Current account balance (% of GDP)",
    "BN.KAC.EOMS.CD": "Net errors and omissions (BoP, current US$)",
    "BN.KLT.DINV.CD": "Foreign direct investment, net (BoP, current US$)",
    "BN.KLT.PTXL.CD": "Portfolio Investment, net (BoP, current US$)",
    "BN.RES.INCL.CD": "Reserves and related items (BoP, current US$)",
    "BX.KLT.DINV.CD.WD": "Foreign direct investment, net inflows (BoP, current US$)",
    "BX.KLT.DINV.WD.GD.ZS": "Foreign direct investment, net inflows (% of GDP)",
    "BX.TRF.PWKR.CD.DT": "Personal remittances, received (current US$)",
    "BX.TRF.PWKR.DT.GD.ZS": "Personal remittances, received (% of GDP)",
    "CM.MKT.LCAP.GD.ZS": "Market capitalization of listed domestic companies (% of GDP)",
    "DT.DOD.DECT.CD": "External debt stocks, total (DOD, current US$)",
    "DT.DOD.DECT.GN.ZS": "External debt stocks (% of GNI)",
    "DT.DOD.DIMF.CD": "Use of IMF credit (DOD, current US$)",
    "DT.DOD.DSTC.CD": "External debt stocks, short-term (DOD, current US$)",
    "DT.DOD.DSTC.IR.ZS": "Short-term debt (% of total reserves)",
    "DT.TDS.DECT.EX.ZS": "Total debt service (% of exports of goods, services and primary income)",
    "EG.USE.ELEC.KH.PC": "Electric power consumption (kWh per capita)",
    "FB.AST.NPER.ZS": "Bank nonperforming loans to total gross loans (%)",
    "FB.ATM.TOTL.P5": "Automated teller machines (ATMs) (per 100,000 adults)",
    "FB.BNK.CAPA.ZS": "Bank capital to assets ratio (%)",
    "FB.CBK.BRCH.P5": "Commercial bank branches (per 100,000 adults)",
    "FI.RES.TOTL.CD": "Total reserves (includes gold, current US$)",
    "FI.RES.XGLD.CD": "Total reserves minus gold (current US$)",
    "FI.RES.TOTL.DT.ZS": "Total reserves (% of total external debt)",
    "FI.RES.TOTL.MO": "Total reserves in months of imports",
    "FM.LBL.BMNY.GD.ZS": "Broad money (% of GDP)",
    "FP.CPI.TOTL.ZG": "Inflation, consumer prices (annual %)",
    "FR.INR.DPST": "Deposit interest rate (%)",
    "FR.INR.LEND": "Lending interest rate (%)",
    "FR.INR.RISK": "Risk premium on lending (lending rate minus treasury bill rate, %)",
    "FS.AST.PRVT.GD.ZS": "Domestic credit to private sector (% of GDP)",
    "FX.OWN.TOTL.ZS": "Account ownership at a financial institution or with a mobile-money-service provider"
    " (% of population ages 15+)",
    "GC.TAX.TOTL.GD.ZS": "Tax revenue (% of GDP)",
    "GOV_WGI_GE_EST": "Government Effectiveness - Governance estimate (approx. -2.5 to +2.5)",
    "IT.NET.USER.ZS": "Individuals using the Internet (% of population)",
    "NE.EXP.GNFS.CD": "Exports of goods and services (current US$)",
    "NE.EXP.GNFS.ZS": "Exports of goods and services (% of GDP)",
    "NE.IMP.GNFS.CD": "Imports of goods and services (current US$)",
    "NE.IMP.GNFS.ZS": "Imports of goods and services (% of GDP)",
    "NE.RSB.GNFS.CD": "External balance on goods and services (current US$)",
    "NE.TRD.GNFS.ZS": "Trade (% of GDP)",
    "NY.GDP.DEFL.KD.ZG": "Inflation, GDP deflator (annual %)",
    "NY.GDP.MKTP.CD": "GDP (current US$)",
    "NY.GDP.PCAP.PP.CD": "GDP per capita, PPP (current international $)",
    "PA.NUS.FCRF": "Official exchange rate (LCU per US$, period average)",
    "SI.RMT.COST.IB.ZS": "Average transaction cost of sending remittances to a specific country (%)",
    "SI.RMT.COST.OB.ZS": "Average transaction cost of sending remittances from a specific country (%)",
    "SP.POP.TOTL": "Population, total",
}
"""Titles of the edition of July 2026."""

UNKNOWN = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
GONE = {
    "id": "175",
    "key": "Invalid format",
    "value": "The indicator was not found. It may have been deleted or archived.",
}
NOTHING = [{"page": 0, "pages": 0, "per_page": 0, "total": 0, "sourceid": None, "lastupdated": None}, None]


class WorldBankWire(Wire):
    """``/country/{all or codes}/indicator/{code}``.

    Documented in the Bank's Data Help Desk, articles 898581 (call structures) and 898599 (indicator queries); the
    header, the rows with null, the empty answer and the messages with status 200 as public clients met them in 2026.
    """

    name = "worldbank"
    data_faults = DATA_FAULTS
    sample = ("NY.GDP.MKTP.CD", "SP.POP.TOTL", "GE.EST")
    updated = "2026-11-16"

    @cached_property
    def entities(self) -> dict[str, tuple[str, str, str]]:
        """ISO 2 and 3 and name of all that ``all`` gives, by the code to ask for it: aggregates come first."""
        economies = [
            (one.iso2, one.iso3, one.name)
            for one in countries()
            if one.region("world_bank") and one.iso3 not in NOT_COVERED
        ]
        return {iso3 or iso2: (iso2, iso3, name) for iso2, iso3, name in (*AGGREGATES, *economies)}

    @cached_property
    def series(self) -> dict[str, str]:
        """The series by the code under which it is served."""
        return {ARCHIVED.get(code, code): one.series for code, one in indicators().items()}

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        """Rows in pages, or a message."""
        _, place, _, code = asked.path.strip("/").split("/")
        if asked.query.get("format") != "json":
            return Answer(b'<?xml version="1.0" encoding="utf-8"?><wb:data/>', "text/xml;charset=utf-8")
        refused = self.refusals(place, code, fault)
        if refused:
            return _json([{"message": refused}])
        if fault == "empty":
            return _json(NOTHING)
        rows = self.rows(place, code, asked.query.get("date", ""), fault)
        return _json(self.page(rows, code, asked, fault) if rows else NOTHING)

    def refusals(self, place: str, code: str, fault: str | None) -> list[dict[str, str]]:
        """One message for every part of the path that is not known; the indicator is looked at last."""
        messages = []
        if place != "all" and not set(place.split(";")) <= set(self.entities):
            messages.append(UNKNOWN)
        if code not in self.series and code not in ARCHIVED:
            messages.append(UNKNOWN)
        gone = code in ARCHIVED or fault == "renamed"
        return messages or ([GONE] if gone else [])

    def rows(self, place: str, code: str, date: str, fault: str | None) -> list[dict]:
        """Every entity and year, the latest year first, with null where nothing is known."""
        last = self.world.end.year - ((self.world.end.month, self.world.end.day) != (12, 31))
        first, _, final = date.partition(":")
        years = range(min(int(final or first), last), max(int(first), 1960) - 1, -1)
        title = TITLES[code].replace("US$", "LCU") if fault == "wrong_currency" else TITLES[code]
        rows = []
        for one in self.entities if place == "all" else place.split(";"):
            values = self.values(self.entities[one][1], code, years)
            if fault == "nan_tail":
                values = {year: value if year <= last - 2 else None for year, value in values.items()}
            rows += [_row(self.entities[one], code, title, year, values[year]) for year in years]
        if fault == "reordered":
            rows = [dict(reversed(row.items())) for row in reversed(rows)]
        return [row for row in rows for _ in range(2)] if fault == "duplicated" else rows

    def values(self, iso3: str, code: str, years: range) -> dict[int, float | None]:
        """What is true by year; a made-up figure for aggregates, so that one that slips in is seen."""
        if iso3 in {"", *(code for _, code, _ in AGGREGATES)}:
            return dict.fromkeys(years, 987654321.0)
        figures = self.world.figures(self.series[code], iso3)
        known = {
            day.astype(dt.date).year: float(value) for day, value in zip(_days(figures), figures, strict=True)
        }
        return {year: known.get(year) for year in years}

    def page(self, rows: list[dict], code: str, asked: Asked, fault: str | None) -> list:
        """A page of the rows with its header."""
        size = min(int(asked.query.get("per_page", 50)), FINE_ROWS if code == FINE else 32_500)
        number = int(asked.query.get("page", 1))
        header = {
            "page": number,
            "pages": math.ceil(len(rows) / size),
            "per_page": size,
            "total": len(rows),
            "sourceid": asked.query.get("source", "2"),
            "lastupdated": self.updated,
        }
        if fault == "reordered":
            header = dict(reversed(header.items()))
        return [header, rows[(number - 1) * size : number * size]]


def _row(entity: tuple[str, str, str], code: str, title: str, year: int, value: float | None) -> dict:
    """A row as the Bank writes it."""
    iso2, iso3, name = entity
    return {
        "indicator": {"id": code, "value": title},
        "country": {"id": iso2, "value": name},
        "countryiso3code": iso3,
        "date": str(year),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }


def _days(figures: pd.Series) -> np.ndarray:
    return figures.index.to_numpy().astype("datetime64[D]")


def _json(content: object) -> Answer:
    return Answer(json.dumps(content).encode(), "application/json;charset=utf-8")


WIRE = WorldBankWire
