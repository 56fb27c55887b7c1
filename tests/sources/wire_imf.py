"""The data portal of the International Monetary Fund, SDMX 2.1.

Read in https://github.com/chatilamoe/agora-skills (``skills/imf-data/references/endpoints.md``, 2026-10-06): keys, empty
positions, ``startPeriod``, ``detail=dataonly``, periods ``2024-M01``, observations without ``OBS_VALUE``, attribute SCALE
that changes nothing, 404 with JSON for an unknown dataflow, 400 for a key that is too long, an answer without series for
an unknown code.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from replay_server import Answer, Asked, Wire
from replay_world import END
from wire_sdmx import Line, Message

from cryptorisk.countries import country

# Dataflow -> version, dimensions; the key without the economy -> series.
FLOWS = {
    "IMF.STA,CPI": ("5.0.0", ("COUNTRY", "INDEX_TYPE", "COICOP_1999", "TYPE_OF_TRANSFORMATION", "FREQUENCY")),
    "IMF.STA,ER": ("4.0.1", ("COUNTRY", "INDICATOR", "TYPE_OF_TRANSFORMATION", "FREQUENCY")),
    "IMF.STA,IL": ("13.0.1", ("COUNTRY", "INDICATOR", "UNIT", "FREQUENCY")),
    "IMF.STA,MFS_DC": ("8.0.0", ("COUNTRY", "INDICATOR", "TYPE_OF_TRANSFORMATION", "FREQUENCY")),
    "IMF.STA,IIP": ("13.0.0", ("COUNTRY", "BOP_ACCOUNTING_ENTRY", "INDICATOR", "UNIT", "FREQUENCY")),
    "IMF.STA,WPCPER": ("6.0.0", ("CURRENCY", "COUNTRY", "INDICATOR", "FREQUENCY")),
    "IMF.RES,WEO": ("9.0.0", ("COUNTRY", "INDICATOR", "FREQUENCY")),
}
SERIES = {
    ("IMF.STA,CPI", "CPI._T.IX.M"): "cpi_index_monthly",
    ("IMF.STA,ER", "XDC_USD.PA_RT.M"): "official_fx_lcu_per_usd",
    ("IMF.STA,IL", "TRGMV_REVS.USD.M"): "reserves_monthly_usd",
    ("IMF.STA,MFS_DC", "DCORP_L_BM.XDC.M"): "broad_money_lcu",
    ("IMF.STA,IIP", "L_P.P_MV.USD.A"): "iip_portfolio_liabilities_usd",
    ("IMF.STA,IIP", "L_P.O.USD.A"): "iip_other_investment_liabilities_usd",
    ("IMF.STA,WPCPER", "BIT_SHD_RT.M"): "crypto_parallel_fx_lcu_per_usd",
    ("IMF.RES,WEO", "NGDPD.A"): "gdp_usd",
    ("IMF.RES,WEO", "NGDP.A"): "gdp_lcu",
    ("IMF.RES,WEO", "NGDP_RPCH.A"): "real_gdp_growth_pct",
    ("IMF.RES,WEO", "LP.A"): "population",
    ("IMF.RES,WEO", "PCPI.A"): "cpi_index",
    ("IMF.RES,WEO", "PCPIPCH.A"): "cpi_inflation_pct",
    ("IMF.RES,WEO", "PCPIEPCH.A"): "cpi_inflation_eop_pct",
    ("IMF.RES,WEO", "LUR.A"): "unemployment_pct",
    ("IMF.RES,WEO", "BCA.A"): "current_account_usd",
    ("IMF.RES,WEO", "BCA_NGDPD.A"): "current_account_pct_gdp",
    ("IMF.RES,WEO", "GGXWDG_NGDP.A"): "public_debt_pct_gdp",
    ("IMF.RES,WEO", "GGXCNL_NGDP.A"): "fiscal_balance_pct_gdp",
    ("IMF.RES,WEO", "GGR_NGDP.A"): "govt_revenue_pct_gdp",
}
OWN = {"KOS": "XKX", "WBG": "PSE", "G163": "EMU"}
OTHER_UNIT = {"XDC_USD": "XDC_EUR", "USD": "EUR", "XDC": "USD", "IX": "SRP_IX"}
FORECASTS = 5
WORLD = "G001"
"""The group of all economies."""


class WIRE(Wire):
    name = "imf"
    sample = (
        "official_fx_lcu_per_usd/1",
        "gdp_usd/1",
        "crypto_parallel_fx_lcu_per_usd/1",
        "reserves_monthly_usd/1",
    )

    attributes = False
    """Whether attributes are sent although only data was asked: what a change of the server might bring."""

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        _, what, flow, key, *_ = [*asked.path.split("/"), "", ""]
        if what != "data" or flow not in FLOWS or fault == "renamed":
            said = {
                "status": 404,
                "code": 40400,
                "message": f"No such dataflow found: Dataflow={flow}(latest)",
            }
            return Answer(json.dumps(said).encode(), status=404)
        version, dimensions = FLOWS[flow]
        if len(key.split(".")) > len(dimensions):
            said = {
                "status": 400,
                "code": 40000,
                "message": f"key {key} has more than expected {len(dimensions)} dimension(s)",
            }
            return Answer(json.dumps(said).encode(), status=400)
        lines = self._lines(flow, dimensions, key.split("."), asked.query.get("startPeriod", "0"), fault)
        agency, _, id = flow.partition(",")
        message = Message(
            agency, id, version, lines, "iData", {"LANGUAGE": "EN", "UPDATE_DATE": "2026-07-26T06:04:47.2Z"}
        )
        if self.attributes or asked.query.get("detail") != "dataonly":
            message.of_observation = {"DERIVATION_TYPE": "O", "SECURITY_CLASSIFICATION": "PUB"}
            indicator = dimensions[1]
            held = f'{indicator}="{lines[0].dimensions[indicator]}"' if lines else ""
            message.groups = f'<Group xsi:type="ns1:GROUP_{indicator}" {held} SERIES_NAME="x"/>'
            for line in message.lines:
                line.attributes = {"IFS_FLAG": "true", "SCALE": "6"}
        return Answer(message.spoilt(fault).xml(), "application/xml")

    def _lines(self, flow, dimensions, parts, start, fault) -> list[Line]:
        place = dimensions.index("COUNTRY")
        rest = ".".join(part for n, part in enumerate(parts) if n != place and part)
        series = SERIES.get((flow, rest))
        if series is None:
            return []
        codes = parts[place].split("+") if parts[place] else [*self._all(), WORLD]
        lines = []
        for code in codes:
            economy = OWN.get(code, code)
            figures = self.world.figures(series, "USA" if economy == WORLD else economy)
            currency = "EUR" if economy == "EMU" else _currency(economy)
            if figures.empty or code == "XKX" or (flow == "IMF.STA,WPCPER" and currency == "EUR"):
                continue
            given = dict(zip(dimensions, parts, strict=True)) | {"COUNTRY": code}
            if "CURRENCY" in given:
                given["CURRENCY"] = currency
            if fault == "wrong_currency":
                given = {name: OTHER_UNIT.get(held, held) for name, held in given.items()}
            lines.append(
                Line(given, _observations(figures, given["FREQUENCY"], start, flow == "IMF.RES,WEO"))
            )
        return lines

    def _all(self) -> list[str]:
        back = {economy: code for code, economy in OWN.items()}
        return [back.get(economy, economy) for economy in self.world.economies]


def _currency(economy: str) -> str:
    return "USD" if economy == WORLD else country(economy).currency_on(END)


def _observations(figures: pd.Series, frequency: str, start: str, forecasts: bool):
    spelled = [(_period(day, frequency), value) for day, value in figures.items()]
    if forecasts:
        last = int(spelled[-1][0])
        spelled += [(str(last + ahead), spelled[-1][1] * 1.03**ahead) for ahead in range(1, FORECASTS + 1)]
    return [(period, value) for period, value in spelled if period.replace("-M", "-") >= start]


def _period(day: np.datetime64, frequency: str) -> str:
    date = pd.Timestamp(day)
    return f"{date.year}" if frequency == "A" else f"{date:%Y-M%m}"
