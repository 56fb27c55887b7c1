"""Coin Metrics' community API, ``/timeseries/asset-metrics``.

The format is that of the OpenAPI description of API v4 in the provider's Python client of 23 October 2026
(`openapi.yaml`: response ``AssetMetrics``, errors ``Forbidden`` and ``AssetNotFound``, parameters ``IgnoreForbiddenErrors``
and ``IgnoreUnsupportedErrors``): figures as strings, null for no figure, a metric that is withheld missing in every
row when such errors are ignored and a 403 when not, pages by token, the next page's address at the true host.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from replay_server import Answer, Asked, Wire

from cryptorisk.data.sources.coinmetrics import ASSETS, METRICS

TRUE_HOST = "https://community-api.coinmetrics.io/v4"
SERIES = {metric: what for what, metric in METRICS.items()}


class CoinMetricsWire(Wire):
    name = "coinmetrics"
    data_faults = ("empty", "reordered", "duplicated", "renamed", "nan_tail")
    """A metric's unit is part of its name: there is no currency to be wrong."""
    sample = ("btc", "ada")
    withheld = ("TxTfrValAdjUSD", "TxTfrValUSD")
    """Not in the community tier: its public archive has no such column since 2020."""

    def answer(self, asked: Asked, fault: str | None) -> Answer:
        if asked.path != "/timeseries/asset-metrics":
            return _refused(404, "not_found", "Requested resource was not found.")
        query, asset = asked.query, asked.query["assets"]
        if asset not in ASSETS or fault == "renamed":
            if query.get("ignore_unsupported_errors") != "true":
                return _refused(
                    400, "bad_parameter", f"Bad parameter 'assets'. Value '{asset}' is not supported."
                )
            return _told([])
        metrics = query["metrics"].split(",")
        closed = [metric for metric in metrics if metric in self.withheld]
        if closed and query.get("ignore_forbidden_errors") != "true":
            said = f"Requested metric '{closed[0]}' with frequency '1d' for asset '{asset}' is not available"
            return _refused(403, "forbidden", f"{said} with supplied credentials.")
        if fault == "empty":
            return _told([])
        rows = self.rows(asset, [m for m in metrics if m not in closed], query, fault)
        return self.page(rows, query)

    def rows(self, asset: str, metrics: list[str], query: dict[str, str], fault: str | None) -> list[dict]:
        known = {m: self.world.figures(f"{asset}_{SERIES[m]}", "WLD") for m in metrics}
        table = pd.DataFrame({m: values for m, values in known.items() if len(values)}).sort_index()
        days = pd.DatetimeIndex(table.index)
        table = table[(days >= query["start_time"]) & (days <= query["end_time"])]
        if fault == "nan_tail":
            table.iloc[-5:] = np.nan
        rows = [
            {
                "asset": asset,
                "time": f"{day:%Y-%m-%d}T00:00:00.000000000Z",
                **dict(zip(table, map(_written, row), strict=True)),
            }
            for day, row in zip(pd.DatetimeIndex(table.index), table.to_numpy(), strict=True)
        ]
        if fault == "duplicated":
            rows = [row for row in rows for _ in range(2)]
        if fault == "reordered":
            rows = [dict(reversed(row.items())) for row in reversed(rows)]
        return rows

    def page(self, rows: list[dict], query: dict[str, str]) -> Answer:
        size, first = int(query.get("page_size", 100)), int(query.get("next_page_token", "0.0")[2:])
        more = {}
        if first + size < len(rows):
            token = f"0.{first + size}"
            url = f"{TRUE_HOST}/timeseries/asset-metrics?{urlencode({**query, 'next_page_token': token})}"
            more = {"next_page_token": token, "next_page_url": url}
        return _told(rows[first : first + size], **more)


def _written(value: float) -> str | None:
    return None if np.isnan(value) else np.format_float_positional(value, trim="-")


def _told(rows: list[dict], **more: str) -> Answer:
    return Answer(json.dumps({"data": rows, **more}).encode())


def _refused(status: int, kind: str, message: str) -> Answer:
    return Answer(json.dumps({"error": {"type": kind, "message": message}}).encode(), status=status)


WIRE = CoinMetricsWire
