"""A figure as a reader meets it: title, unit, drawing, alternative text, note and the data behind it."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from cryptorisk.charts import theme
from cryptorisk.estimate import number
from cryptorisk.result import Table, notice_html

Size = Literal["wide", "half"]
WIDTH_INCHES: dict[str, float] = {"wide": 6.2, "half": 3.7}
HEIGHT_INCHES: dict[str, float] = {"wide": 3.4, "half": 3.0}
_SHOWN_PIXELS = {"wide": 660, "half": 400}


@dataclass(frozen=True, repr=False)
class Figure:
    """A drawn figure, or a one-line notice in its place.

    Attributes
    ----------
    id : str
        ``chapter.name``.
    title : str
        What the figure shows, computed from the result.
    subtitle : str
        What is measured, and in which unit.
    note : str
        Source, vintage, data class.
    alt : str
        Alternative text.
    data : Table or None
        What is plotted; None for a notice.
    svg : str
        The drawing; empty for a notice.
    reason : str
        Why there is no drawing; empty for a drawing.
    size : {"wide", "half"}
    """

    id: str
    title: str
    subtitle: str = ""
    note: str = ""
    alt: str = ""
    data: Table | None = None
    svg: str = ""
    reason: str = ""
    size: Size = "wide"

    def __post_init__(self) -> None:
        if self.svg and (self.data is None or self.data.frame.empty):
            raise ValueError(
                f"{self.id}: a figure without data is not drawn; use Figure.notice with the reason"
            )
        if self.svg and not self.alt.strip():
            raise ValueError(f"{self.id}: a figure needs an alternative text")
        if not self.title.strip() or not (self.svg or self.reason.strip()):
            raise ValueError(f"{self.id}: a figure needs a title, and a notice needs its reason")

    def __repr__(self) -> str:
        return f"<Figure {self.id}>"

    @classmethod
    def notice(cls, id: str, title: str, reason: str) -> Figure:
        """What stands in place of a figure that cannot be drawn: its title and the reason, in one line."""
        return cls(id, title, reason=reason)

    @property
    def anchor(self) -> str:
        """The element's id on the page."""
        return "fig-" + re.sub(r"[^A-Za-z0-9_-]+", "-", self.id)

    def to_html(self) -> str:
        """The whole ``<figure>``; the data stand behind a disclosure."""
        if not self.svg:
            return notice_html(self.title, f"Not drawn: {self.reason}", self.anchor)
        table = cast(Table, self.data)
        subtitle = f'<span class="figure-subtitle">{escape(self.subtitle)}</span>' if self.subtitle else ""
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<figure class="figure {self.size}" id="{self.anchor}">'
            f'<figcaption><strong class="figure-title">{escape(self.title)}</strong> {subtitle}</figcaption>'
            f'<div class="plot">{self.svg}</div>{note}'
            f'<details class="figure-data"><summary>Data of this figure</summary>'
            f"{table.to_html(caption=False)}</details></figure>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        del include, exclude
        return {"text/html": self.to_html(), "text/plain": str(self)}

    def __str__(self) -> str:
        return f"{self.title}\n{self.alt or f'Not drawn: {self.reason}'}"


def draw(
    id: str,
    *,
    title: str,
    subtitle: str,
    note: str,
    alt: str,
    data: Table,
    plot: Callable[[Axes], None] | Callable[[Sequence[Axes]], None],
    size: Size = "wide",
    height: float | None = None,
    panels: tuple[int, int] | None = None,
    sharex: bool = False,
    sharey: bool = False,
) -> Figure:
    """Draw a figure in the kit's theme.

    Parameters
    ----------
    id, title, subtitle, note, alt : str
        As in `Figure`.
    data : Table
        What is plotted; must not be empty. Daily series are thinned first (`thin`).
    plot : callable
        Draws on the `Axes` it is given; with ``panels``, on a flat sequence of ``rows * columns`` axes.
    size : {"wide", "half"}
        Half figures stand side by side where the screen allows it.
    height : float, optional
        Height in inches (a wide figure is 6.2 inches wide); for lists of bars about ``0.8 + 0.27 * bars``.
    panels : (int, int), optional
        Rows and columns of small multiples.
    sharex, sharey : bool
        Whether panels share their scales.

    Raises
    ------
    ValueError
        For empty data or an empty alternative text.
    """
    if data.frame.empty:
        raise ValueError(f"{id}: a figure without data is not drawn; use Figure.notice with the reason")
    with theme.style():
        canvas = Canvas(figsize=(WIDTH_INCHES[size], height or HEIGHT_INCHES[size]), layout="constrained")
        FigureCanvasSVG(canvas)
        rows, columns = panels or (1, 1)
        grid = canvas.subplots(rows, columns, squeeze=False, sharex=sharex, sharey=sharey)
        axes = tuple(grid.ravel())
        cast(Callable[[Any], None], plot)(axes if panels else axes[0])
        for one in axes:
            theme.plain_numbers(one.xaxis)
            theme.plain_numbers(one.yaxis)
            _room_for_labels(one, 72 * WIDTH_INCHES[size] * 0.8 / columns)
        _legible(canvas)
        _wrap_labels(canvas, axes)
        svg = _svg(canvas, id, alt, _SHOWN_PIXELS[size])
    return Figure(id, title, subtitle, note, alt, data, svg, size=size)


def with_range(value: float, low: float, high: float, digits: int) -> str:
    """A drawn point with its range, for an alternative text; the point alone where there is no range."""
    spread = f", range {number(low, digits)} to {number(high, digits)}" if low < high else ""
    return number(value, digits) + spread


def thin(frame: pd.DataFrame, max_points: int = 400) -> pd.DataFrame:
    """Fewer rows of a long series, keeping its first and last value and every stretch's highs and lows.

    Parameters
    ----------
    frame : DataFrame
        In the order of its rows; the numeric columns are looked at.
    max_points : int
        Largest number of rows of the result; a frame with fewer is returned as it is.
    """
    if len(frame) <= max_points:
        return frame
    columns = frame.select_dtypes("number")
    stretches = max(1, (max_points - 2) // max(1, 2 * columns.shape[1]))
    keep = {0, len(frame) - 1}
    for rows in np.array_split(np.arange(len(frame)), stretches):
        for name in columns:
            values = columns[name].to_numpy(dtype=float)[rows]
            if not np.isnan(values).all():
                keep |= {int(rows[np.nanargmin(values)]), int(rows[np.nanargmax(values)])}
    return frame.iloc[sorted(keep)]


def label_ends(ax: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write each line's name beside its last value, at the right edge, moved apart where they would overlap.

    Parameters
    ----------
    ax : Axes
        With its lines drawn and its limits set.
    labels : sequence of (float, str, str)
        Last value, name and colour of each line; the text is darkened where its contrast would not do.
    """
    if not labels:
        return
    places = []
    for value, _text, _colour in labels:
        display = ax.transData.transform((ax.get_xlim()[1], value))
        places.append(float(ax.transAxes.inverted().transform(display)[1]))
    canvas = ax.get_figure()
    points = 72 * float(canvas.get_size_inches()[1]) * 0.8 if isinstance(canvas, Canvas) else 200.0
    spread = _apart(places, 1.25 * theme.FONT_POINTS / (points * ax.get_position().height / 0.77))
    for place, (_value, text, colour) in zip(spread, labels, strict=True):
        ax.annotate(
            text,
            xy=(1, place),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=theme.readable(colour),
            fontsize=theme.FONT_POINTS - 0.5,
            annotation_clip=False,
        )


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """The places, moved by a greedy pass from below and one from above until ``gap`` lies between them."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [min(max(places[i], 0.0), 1.0) for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved:
        moved[-1] = min(moved[-1], max(1.0, gap * (len(moved) - 1)))
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - gap)
    back = dict(zip(order, moved, strict=True))
    return [back[i] for i in range(len(places))]


def _room_for_labels(ax: Axes, points: float) -> None:
    """Leave out every second (third ...) label of the horizontal axis when they would run into each other."""
    low, high = sorted(ax.get_xlim())
    ticks = [
        (place, label.get_text())
        for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=False)
        if low <= place <= high and not label.get_rotation()
    ]
    longest = max((len(line) for _place, text in ticks for line in text.split("\n")), default=0)
    need = len(ticks) * (longest * 0.6 * theme.FONT_POINTS + 4)
    step = -(-int(need) // max(1, int(points)))
    # Labels of a category name what stands there; leaving one out would be wrong.
    if step > 1 and all(any(letter.isdigit() for letter in text) for _place, text in ticks):
        kept = ticks[::-1][::step][::-1]  # the last one stays
        ax.set_xticks([place for place, _text in kept], [text for _place, text in kept])


def _legible(canvas: Canvas) -> None:
    """No text below the smallest size that a phone still shows."""
    canvas.draw_without_rendering()  # tick labels come into being here
    for text in (artist for artist in canvas.findobj() if isinstance(artist, Text)):
        if _points(text) < theme.SMALLEST_POINTS:
            text.set_fontsize(theme.SMALLEST_POINTS)
    for axis in (one for ax in canvas.axes for one in (ax.xaxis, ax.yaxis)):
        if min((_points(label) for label in axis.get_ticklabels()), default=99) < theme.SMALLEST_POINTS:
            axis.set_tick_params(labelsize=theme.SMALLEST_POINTS)


def _points(text: Any) -> float:
    return float(text.get_fontsize())


def _wrap_labels(canvas: Canvas, axes: Sequence[Axes]) -> None:
    """Axis labels and panel titles in as many lines as they need."""
    canvas.draw_without_rendering()
    for ax in axes:
        box = ax.get_window_extent()
        for text, room in ((ax.xaxis.label, box.width), (ax.yaxis.label, box.height), (ax.title, box.width)):
            _wrap(text, room)
        _wrap(ax._left_title, box.width)  # type: ignore[attr-defined]  # no public way to the title at the left
    for panel in (canvas._supxlabel, canvas._supylabel):  # type: ignore[attr-defined]  # the same
        if panel is not None:
            _wrap(panel, canvas.bbox.height if panel.get_rotation() else canvas.bbox.width)


def _wrap(text: Text, room: float) -> None:
    """Break a text that is longer than ``room`` display units, at its words."""
    box = text.get_window_extent()
    length = max(box.width, box.height)
    if "\n" in text.get_text() or length <= room or not text.get_text():
        return
    letters = max(8, int(len(text.get_text()) * room / length))
    text.set_text(textwrap.fill(text.get_text(), letters, break_long_words=False))


def _everything(canvas: Canvas) -> Bbox:
    """The drawing's frame in inches, widened where something reaches beyond it: nothing is cut."""
    canvas.draw_without_rendering()
    frame = Bbox.from_bounds(0, 0, *canvas.get_size_inches())
    free = [
        text
        for texts in (canvas.texts, *(ax.texts for ax in canvas.axes))
        for text in texts
        if not text.get_clip_on()
    ]
    boxes = [text.get_window_extent().transformed(canvas.dpi_scale_trans.inverted()) for text in free]
    drawn = Bbox.union([canvas.get_tightbbox(), *boxes])
    edge = 0.02  # a hair's breadth of letters may lie outside of the box that is reckoned for them
    x0, y0 = (min(f, d - edge) for f, d in zip(frame.min, drawn.min, strict=True))
    x1, y1 = (max(f, d + edge) for f, d in zip(frame.max, drawn.max, strict=True))
    return Bbox.from_extents(x0 if x0 < -edge else 0, y0 if y0 < -edge else 0, x1, y1)


def _svg(canvas: Canvas, id: str, alt: str, pixels: int) -> str:
    buffer = io.StringIO()
    # The salt makes matplotlib's element ids a function of the figure alone: two runs give the same bytes.
    with mpl.rc_context({"svg.hashsalt": id}):
        canvas.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches=_everything(canvas)
        )
    return _for_page(buffer.getvalue(), id, alt, pixels)


def _for_page(text: str, id: str, alt: str, pixels: int) -> str:
    """Matplotlib's file as an element of a page: no header, no fixed size, own ids, the page's font."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
    view = re.search(r'viewBox="([^"]+)"', text)
    if view is None:
        raise ValueError(f"{id}: the drawing has no size")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view[1]}" width="100%" role="img" '
        f'aria-label="{escape(alt)}" style="max-width:{pixels}px;height:auto;stroke-linejoin:round">'
    )
    text = head + text[text.index(">") + 1 :]
    text = text.replace("xlink:href", "href").replace(' type="text/css"', "")
    # Families are left to the page; sizes, weights and slants stay.
    text = re.sub(r" font-family: [^;\"]*;?", "", text)
    # A rule in an inline drawing would hold for the whole page.
    text = re.sub(r"<defs>\s*<style>.*?</style>\s*</defs>", "", text, count=1, flags=re.S)
    text = re.sub(r' (d|x|y|transform)="([^"]*)"', _short_numbers, text)
    text = _own_ids(text, re.sub(r"[^A-Za-z0-9_-]+", "-", id))
    return re.sub(r">\s+<", "><", text).strip()


def _short_numbers(attribute: re.Match[str]) -> str:
    """Coordinates to a hundredth of a point: a quarter of the size, and nothing an eye could see."""
    value = re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), attribute[2])
    return f' {attribute[1]}="{" ".join(value.split())}"'


def _own_ids(text: str, prefix: str) -> str:
    """Drop ids that nothing points at; prefix the others, so that no two figures of a page share one."""
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text))
    names = {one or other for one, other in used}
    text = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in names else "", text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
