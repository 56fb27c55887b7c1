"""Reading the table of published regional figures: which cells each row speaks of, and how."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.models.volumes.quotes import ERROR_SD, REGIONS, TAIL, UNIONS, ErrorClass, Quote, QuotePanel
from cryptorisk.stats.reconcile import LogContrast, Side

Terms = tuple[tuple[float, tuple[int, ...]], ...]
_KNOWN = {*REGIONS, *UNIONS, "ME", "AFR", "LATAM_3Y"}

_VAGUE = re.compile(r"estimated|approximately|nearly|over|just|about|around", re.I)
_GROWTH = re.compile(r"\+(\d+(?:\.\d+)?)\s?% y/y")
_ABOVE = re.compile(r"higher than ([A-Z][A-Za-z&,]*(?: [A-Z&][A-Za-z&,]*)*)")


def quote_panel(regional: pd.DataFrame, country_volumes: pd.DataFrame | None = None) -> QuotePanel:
    """Read the table of published regional figures.

    Parameters
    ----------
    regional : DataFrame
        Columns region, region_code, period_start, period_end, value_received_usd_bn, share_of_global_pct,
        kind, url, note. Rows of kind ``derived_estimate`` are back-casts by others and never used; their
        growth rates are read from the notes of the rows they were made from.
    country_volumes : DataFrame, optional
        Columns region, first_year, value_usd_bn: published country volumes, whose sum a region cannot fall
        below.

    Returns
    -------
    QuotePanel
    """
    rows = [_Row.read(row) for _, row in regional.iterrows()]
    left_out = [(row.label, row.refusal) for row in rows if row.refusal]
    used = [row for row in rows if not row.refusal]
    if not used:
        return QuotePanel((), (), tuple(left_out))
    years = tuple(range(min(r.first_year for r in used), max(r.last_year for r in used) + 1))
    panel = QuotePanel(years, (), tuple(left_out))
    quotes = [quote for row in used for quote in _quotes_of(row, panel)]
    quotes += _africa_and_middle_east(used, panel)
    if country_volumes is not None:
        quotes += _country_sums(country_volumes, panel)
    return QuotePanel(years, tuple(quotes), tuple(left_out))


@dataclass(frozen=True)
class _Row:
    code: str
    name: str
    first_year: int
    last_year: int
    value: float | None
    share: float | None
    kind: str
    note: str
    url: str

    @classmethod
    def read(cls, row: pd.Series) -> _Row:
        name = str(row["region"])
        code = row["region_code"] if isinstance(row["region_code"], str) and row["region_code"] else "NAM"
        start, end = pd.Timestamp(str(row["period_start"])), pd.Timestamp(str(row["period_end"]))
        return cls(
            "NAM" if code == "NA" else str(code),
            name,
            start.year,
            end.year - 1,
            _number(row["value_received_usd_bn"]),
            _number(row["share_of_global_pct"]),
            str(row["kind"]),
            row["note"] if isinstance(row["note"], str) else "",
            str(row["url"]),
        )

    @property
    def label(self) -> str:
        return f"{self.name} {self.first_year}/{(self.last_year + 1) % 100:02d}"

    @property
    def refusal(self) -> str:
        if self.kind == "derived_estimate":
            return "a back-cast made from a later growth rate, not a published figure"
        if self.code == "DEVTR":
            return "the sum of three regions also quoted one by one, not a further observation"
        if self.code not in _KNOWN:
            return "a region that none of the three schemes knows"
        if "different methodology" in self.note:
            return "the vendor's earlier method is not comparable with the years from 2020/21"
        return ""

    @property
    def error(self) -> ErrorClass:
        if self.kind == "quoted_preview":
            return "preview"
        if "prior-year figure" in self.note:
            return "restated"
        if "another page says" in self.note:
            return "conflicting"
        if self.kind == "quoted_lower_bound":
            return "approximate"
        return "approximate" if _VAGUE.search(self.note) else "quoted"

    @property
    def side(self) -> Side:
        return "at_most" if self.kind == "quoted_upper_bound" else "equal"

    @property
    def is_rounded_down(self) -> bool:
        """Whether the page says "more than", "over": the figure is the end of a rounding interval, not its middle."""
        return self.kind == "quoted_lower_bound"


def _quotes_of(row: _Row, panel: QuotePanel) -> list[Quote]:
    if row.code == "LATAM_3Y":
        years = range(row.first_year, row.last_year + 1)
        cells = tuple(panel.cell("LATAM", year) for year in years)
        return [_quote(row, "sum of three years", row.value or 0.0, ((1.0, cells),), "cumulative")]
    if row.code in ("ME", "AFR"):
        return _partial_region(row, panel)
    members = UNIONS.get(row.code, (row.code,))
    cells = tuple(panel.cell(region, row.first_year) for region in members)
    quotes: list[Quote] = []
    terms: Terms = ((1.0, cells),)
    if row.value is not None and row.error == "restated" and row.first_year != panel.years[-1]:
        terms = (*terms, (1.0, (panel.restatement(row.first_year),)))
        quotes.append(_quote(row, "value as restated", row.value, terms, "restated"))
    elif row.value is not None:
        quotes.append(_quote(row, "value", row.value, terms, row.error, row.side))
    if row.share is not None:
        # "less than 20 %": a share is one-sided only when alone
        side = row.side if row.value is None else "equal"
        terms = ((1.0, cells), (-1.0, panel.world(row.first_year)))
        quotes.append(_quote(row, "share of world", row.share, terms, row.error, side))
    return quotes + _from_note(row, panel, members, cells)


def _from_note(row: _Row, panel: QuotePanel, members: Sequence[str], cells: tuple[int, ...]) -> list[Quote]:
    quotes: list[Quote] = []
    terms: Terms
    growth = _GROWTH.search(row.note)
    before = row.first_year - 1
    if growth and before in panel.years:
        earlier = tuple(panel.cell(region, before) for region in members)
        terms = ((1.0, cells), (-1.0, earlier), (-1.0, (panel.restatement(before),)))
        quotes.append(_quote(row, "growth", float(growth[1]), terms, "growth"))
    above = _ABOVE.search(row.note)
    if above and above[1] in REGIONS.values():
        other = next(code for code, name in REGIONS.items() if name == above[1])
        terms = ((1.0, cells), (-1.0, (panel.cell(other, row.first_year),)))
        quotes.append(_quote(row, f"larger than {above[1]}", 1.0, terms, "ordering", "at_least"))
    return quotes


def _partial_region(row: _Row, panel: QuotePanel) -> list[Quote]:
    """The 2021 report's Middle East lies within MENA, its Africa contains Sub-Saharan Africa."""
    region, side = ("MENA", "at_least") if row.code == "ME" else ("SSA", "at_most")
    cell = (panel.cell(region, row.first_year),)
    quotes = []
    if row.value is not None:
        quotes.append(_quote(row, "value, part of", row.value, ((1.0, cell),), "bound", side))  # type: ignore[arg-type]
    if row.share is not None:
        terms = ((1.0, cell), (-1.0, panel.world(row.first_year)))
        quotes.append(_quote(row, "share, part of", row.share, terms, "bound", side))  # type: ignore[arg-type]
    return quotes


def _africa_and_middle_east(rows: Iterable[_Row], panel: QuotePanel) -> list[Quote]:
    """Middle East plus Africa (2021) cover the same countries as MENA plus Sub-Saharan Africa (2022)."""
    by_code = {row.code: row for row in rows if row.code in ("ME", "AFR") and row.share is not None}
    if len(by_code) < 2 or by_code["ME"].first_year != by_code["AFR"].first_year:
        return []
    row = by_code["ME"]
    cells = tuple(panel.cell(region, row.first_year) for region in ("MENA", "SSA"))
    share = (by_code["ME"].share or 0.0) + (by_code["AFR"].share or 0.0)
    terms = ((1.0, cells), (-1.0, panel.world(row.first_year)))
    return [_quote(row, "share of Middle East and Africa", share, terms, "definition")]


def _country_sums(volumes: pd.DataFrame, panel: QuotePanel) -> list[Quote]:
    quotes = []
    totals = volumes.groupby(["region", "first_year"], as_index=False)["value_usd_bn"].sum()
    for region, year, total in totals.itertuples(index=False, name=None):
        if region in REGIONS and year in panel.years:
            what = "sum of published countries"
            terms = ((1.0, (panel.cell(region, year),)),)
            label = f"{REGIONS[region]} {year}/{(year + 1) % 100:02d}: {what}"
            contrast = LogContrast(terms, math.log(total), ERROR_SD["bound"], "at_least", label=label)
            quotes.append(Quote(region, year, what, total, "bound", contrast, ""))
    return quotes


def _quote(
    row: _Row,
    what: str,
    value: float,
    terms: Terms,
    error: ErrorClass,
    side: Side = "equal",
) -> Quote:
    down = row.is_rounded_down and what == "value"
    middle, rounding = rounded_down(value) if down else (value, _rounding_sd(value))
    target = _log_target(what, middle)
    sd = math.hypot(ERROR_SD[error], rounding)
    tail = TAIL if side == "equal" else np.inf
    contrast = LogContrast(terms, target, sd, side, tail, f"{row.label}: {what}")
    words = _wording(what, value, side, down)
    return Quote(row.code, row.first_year, what, value, error, contrast, row.url, words)


def rounded_down(value: float) -> tuple[float, float]:
    """Middle of the interval that "more than value" speaks of, and the rounding error in logs about it.

    Parameters
    ----------
    value : float
        Positive.

    Notes
    -----
    The step is the largest of 1, 5, 10, 50 ... that divides the figure, at most a tenth of it: "more than 205" speaks of
    205 to 210, "over 1000" of 1000 to 1100. The error is uniform over the step.
    """
    step = 1.0
    for candidate in (unit * 10.0**power for power in range(12) for unit in (1, 5)):
        step = candidate if value % candidate == 0 else step
    step = min(step, 0.1 * value)
    middle = value + step / 2
    return middle, step / math.sqrt(12) / middle


def _wording(what: str, value: float, side: Side, down: bool) -> str:
    before = "more than " if down else "less than " if side == "at_most" else ""
    if what == "growth":
        return f"{value:+g} %"
    if what.startswith("larger"):
        return what
    if what.startswith("share"):
        return f"{before}{value:g} % of the world"
    return f"{before}{value:g}" + (", of three years" if what.startswith("sum") else "")


def _log_target(what: str, value: float) -> float:
    if what == "growth":
        return math.log1p(value / 100)
    return math.log(value / 100) if what.startswith("share") else math.log(value)


def _rounding_sd(value: float) -> float:
    """Error in logs, uniform over half the last written digit (never more than a tenth of the value)."""
    digits = f"{value:.10g}"
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    unit = 10.0**-decimals
    while decimals == 0 and value % (10 * unit) == 0 and 10 * unit <= value:
        unit *= 10
    return min(unit, 0.1 * value) / math.sqrt(12) / value


def _number(value: object) -> float | None:
    number = float(value) if isinstance(value, int | float | str) and value != "" else math.nan
    return number if math.isfinite(number) else None
