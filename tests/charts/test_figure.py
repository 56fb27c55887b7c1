"""Figures: what they carry, their ids, their bytes, and what they refuse."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, _apart, draw, label_ends, thin
from cryptorisk.result import Column, Table

COLUMNS = (Column("year", "Year"), Column("a", "A", "USD"), Column("b", "B", "USD"))
FRAME = pd.DataFrame({"year": [2020, 2021, 2022], "a": [1.0, 20_000.0, 30_000.0], "b": [2.0, 5.0, 9.0]})
DATA = Table("volumes.two", "Two lines", FRAME, COLUMNS)


def lines(ax: Axes) -> None:
    for position, name in enumerate("ab"):
        ax.plot(FRAME["year"], FRAME[name])
        ax.fill_between(FRAME["year"], FRAME[name] * 0.5, FRAME[name] * 2, alpha=theme.BAND_ALPHA)
        label_ends(ax, [(FRAME[name].iloc[-1], f"{name} in $", theme.PALETTE[position])])


def figure(id: str = "volumes.two", **rest: object) -> Figure:
    given = {"title": "A <grew>", "subtitle": "USD", "note": "Source: none", "alt": 'A "rose"', "plot": lines}
    return draw(id, data=DATA, **{**given, **rest})  # type: ignore[arg-type]


class Ids(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.aims: set[str] = set()
        self.svg: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if value and "url(#" in value:
                self.aims |= set(re.findall(r"url\(#([^)]+)\)", value))
            if name == "href" and value and value.startswith("#"):
                self.aims.add(value[1:])
        if tag == "svg":
            self.svg = dict(attrs)


def test_a_figure_shows_title_unit_note_alternative_text_and_data() -> None:
    html = figure().to_html()
    assert "A &lt;grew&gt;" in html
    assert "<grew>" not in html
    assert "Source: none" in html
    assert '<td class="num">20\u202f000</td>' in html
    svg = Ids(html).svg
    assert svg["role"] == "img"
    assert svg["aria-label"] == 'A "rose"'
    assert "height" not in svg
    assert svg["width"] == "100%"


def test_text_stays_text_and_a_dollar_stays_a_dollar() -> None:
    svg = figure().svg
    assert ">a in $</text>" in svg
    assert "DejaVu" not in svg
    assert "<style" not in svg


def test_two_drawings_have_the_same_bytes_and_two_figures_share_no_id() -> None:
    first, again, other = figure(), figure(), figure("volumes.other")
    assert first.svg == again.svg
    ids = Ids(first.to_html() + other.to_html())
    assert len(ids.ids) == len(set(ids.ids))
    assert ids.aims <= set(ids.ids)
    assert ids.aims


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    figure()
    assert dict(mpl.rcParams) == before


def test_panels_are_given_all_their_axes() -> None:
    seen: list[int] = []

    def plot(axes: object) -> None:
        seen.append(len(axes))  # type: ignore[arg-type]

    figure(plot=plot, panels=(2, 3), sharex=True)
    assert seen == [6]


def test_log_axes_and_large_numbers_have_plain_labels() -> None:
    def plot(ax: Axes) -> None:
        ax.plot(FRAME["year"], FRAME["a"])
        ax.set_yscale("log")

    texts = re.findall(r">([^<]+)</text>", figure(plot=plot).svg)
    assert "10\u202f000" in texts
    assert not [text for text in texts if "math" in text or "e+" in text]
    assert "2021" in texts
    assert not [text for text in texts if text.startswith("202") and "." in text]


@pytest.mark.parametrize("alt", ["", "  "])
def test_no_alternative_text_no_figure(alt: str) -> None:
    with pytest.raises(ValueError, match="alternative text"):
        figure(alt=alt)


def test_no_data_no_figure() -> None:
    empty = Table("volumes.none", "Nothing", FRAME.iloc[:0], COLUMNS)
    with pytest.raises(ValueError, match=r"Figure\.notice"):
        draw("volumes.none", title="T", subtitle="", note="", alt="a", data=empty, plot=lines)


def test_a_notice_is_one_line_with_its_reason() -> None:
    html = Figure.notice("flight.drain", "Reserves after a drain", "no reserves <in> the vintage").to_html()
    assert html.count("<p") == 1
    assert "no reserves &lt;in&gt; the vintage" in html
    assert "<svg" not in html
    with pytest.raises(ValueError, match="reason"):
        Figure.notice("flight.drain", "Reserves", " ")


def test_thinning_keeps_ends_and_extremes() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"date": pd.date_range("2014-01-01", periods=5000), "x": rng.normal(size=5000)})
    frame.loc[1234, "x"], frame.loc[4321, "x"] = 50.0, -50.0
    short = thin(frame, 300)
    assert len(short) <= 300
    assert {0, 1234, 4321, 4999} <= set(short.index)
    assert short.index.is_monotonic_increasing
    assert thin(frame, 5000) is frame


def test_thinning_survives_gaps() -> None:
    frame = pd.DataFrame({"x": [np.nan] * 500 + list(range(500))})
    assert len(thin(frame, 100)) <= 100


def test_labels_are_moved_apart_and_stay_inside() -> None:
    moved = _apart([0.98, 0.99, 1.0, 0.1], 0.06)
    assert sorted(np.diff(sorted(moved)).round(6))[0] >= 0.06
    assert max(moved) <= 1.0
    assert moved[3] == pytest.approx(0.1)
    assert moved.index(max(moved)) == 2


@pytest.mark.parametrize("colour", [*theme.PALETTE, *theme.SEVERITY.values()])
def test_text_in_a_theme_colour_is_readable(colour: str) -> None:
    dark = theme.readable(colour)
    channels = [int(dark[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.45


def test_risk_colours_darken_with_risk() -> None:
    order = ["low", "moderate", "elevated", "high"]
    grey = [
        sum(int(theme.RISK[name][i : i + 2], 16) * w for i, w in ((1, 0.3), (3, 0.59), (5, 0.11)))
        for name in order
    ]
    assert grey == sorted(grey, reverse=True)
    assert theme.text_on(theme.RISK["high"]) == theme.PAPER
    assert theme.text_on(theme.RISK["low"]) == theme.INK


def view(svg: str) -> tuple[float, float, float, float]:
    numbers = re.search(r'viewBox="([^"]+)"', svg)
    assert numbers is not None
    left, top, width, height = (float(part) for part in numbers[1].split())
    return left, top, width, height


def test_a_long_axis_label_is_broken_into_lines() -> None:
    label = "Rating, 0 to 100; band: 5th to 95th percentile over weights, thresholds and estimates, and more words"

    def plot(ax: Axes) -> None:
        ax.plot([1, 2])
        ax.set_xlabel(label)
        ax.set_ylabel(label)

    svg = figure(plot=plot).svg
    assert f">{label}</text>" not in svg
    assert ">Rating, 0 to 100; band:" in svg
    assert view(svg)[2] == pytest.approx(446.4, abs=1)


def test_the_frame_grows_where_text_would_be_cut() -> None:
    def plot(ax: Axes) -> None:
        ax.plot([1, 2])
        ax.text(1, 1, "a word that reaches far beyond the frame", transform=ax.transAxes).set_in_layout(False)

    assert view(figure(plot=plot).svg)[2] > 500


def test_no_text_is_smaller_than_a_phone_can_show() -> None:
    def plot(ax: Axes) -> None:
        ax.plot([1, 2])
        ax.tick_params(labelsize=5)
        ax.text(0, 1, "small", fontsize=4)

    svg = figure(plot=plot).svg
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:[a-z0-9]+ )*([\d.]+)px", svg)]
    assert sizes
    assert min(sizes) * 390 / view(svg)[2] >= 9


def test_plain_text_of_a_figure_is_its_title_and_alternative_text() -> None:
    assert figure()._repr_mimebundle_()["text/plain"] == 'A <grew>\nA "rose"'
    assert repr(figure()) == "<Figure volumes.two>"
