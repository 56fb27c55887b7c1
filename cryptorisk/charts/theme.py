"""One look for every figure: colours safe for colour-blind readers, line styles for black and white, sizes.

Nothing here changes matplotlib's global settings: `style` is a context, and `cryptorisk.charts.figure.draw`
enters it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axis import Axis, XAxis
from matplotlib.colors import to_hex, to_rgb
from matplotlib.ticker import FuncFormatter, LogFormatter, MaxNLocator, NullFormatter, ScalarFormatter

from cryptorisk.estimate import number

# Okabe and Ito (2008), "Color Universal Design": hues that colour blindness keeps apart.
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"
INK, MUTED, GREY, RULE, PAPER = "#1b2733", "#56616b", "#8d979f", "#dde2e6", "#ffffff"
PALETTE: tuple[str, ...] = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK)
LINE_STYLES: tuple[Any, ...] = (
    "-",
    (0, (5, 2)),
    (0, (1.5, 1.5)),
    (0, (6, 2, 1.5, 2)),
    (0, (8, 3)),
    (0, (3, 1)),
    "-",
)
MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X")
HATCHES: tuple[str, ...] = ("", "///", "...", "\\\\\\", "xxx", "---", "++")
BAND_ALPHA = 0.18
"""Opacity of interval bands; darker ones for inner bands are drawn over them."""

RISK: Mapping[str, str] = {
    "low": "#e8eef2",
    "moderate": "#f6d488",
    "elevated": "#e8924a",
    "high": "#b8372e",
    "missing": "#ffffff",
}
"""Heat map: lightness falls with risk, so that its order survives grey print; cells carry words too."""

SEVERITY: Mapping[str, str] = {
    "alert": "#9c1f1f",
    "warning": "#8a4b00",
    "notice": "#0a4f78",
    "info": "#56616b",
}
"""Colours of findings; each has a contrast of at least 4.5 to 1 on white."""

FONT_POINTS = 11.0
"""Base size; nothing is smaller than half a point less. A wide figure is 446 points wide and takes the whole width of
a phone: on 390 CSS pixels its smallest text has 9.2."""

SMALLEST_POINTS = FONT_POINTS - 0.5

_RC: Any = {
    # A reader's own matplotlibrc must not change the kit's figures.
    **{
        name: value
        for name, value in mpl.rcParamsDefault.items()
        if name.partition(".")[0]
        in ("axes", "date", "errorbar", "figure", "font", "grid", "hatch", "legend", "lines")
        or name.partition(".")[0] in ("patch", "path", "savefig", "svg", "text", "xtick", "ytick")
    },
    "svg.fonttype": "none",
    # DejaVu Sans comes with matplotlib: text is measured alike on every machine. It is wider than the page's
    # own fonts, so that what fits here fits there.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": FONT_POINTS,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "axes.titlesize": FONT_POINTS,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": FONT_POINTS - 0.5,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=LINE_STYLES),
    "axes.xmargin": 0.01,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "grid.linestyle": "-",
    "xtick.labelsize": FONT_POINTS - 0.5,
    "ytick.labelsize": FONT_POINTS - 0.5,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": FONT_POINTS - 0.5,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "patch.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "date.converter": "concise",
    "timezone": "UTC",
}


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings for the kit's figures, undone on leaving."""
    with mpl.rc_context(_RC):
        yield


def readable(colour: str, contrast: float = 4.5) -> str:
    """The colour, darkened until text in it reaches the contrast on white (WCAG 2.2, criterion 1.4.3)."""
    red, green, blue = to_rgb(colour)
    while 1.05 / (_luminance((red, green, blue)) + 0.05) < contrast:
        red, green, blue = red * 0.95, green * 0.95, blue * 0.95
    return to_hex((red, green, blue))


def text_on(background: str) -> str:
    """Ink or white, whichever reads better on the background."""
    light = _luminance(to_rgb(background)) + 0.05
    dark_ink = _luminance(to_rgb(INK)) + 0.05
    return INK if light / dark_ink >= 1.05 / light else PAPER


def plain_numbers(axis: Axis) -> None:
    """Tick labels without powers of ten: thin spaces between thousands from 10 000, a true minus sign.

    `cryptorisk.charts.figure.draw` calls it for every axis that still has matplotlib's own number format.
    """
    formatter = axis.get_major_formatter()
    if isinstance(formatter, LogFormatter):
        axis.set_major_formatter(FuncFormatter(lambda value, _position: _plain(value)))
        axis.set_minor_formatter(NullFormatter())
    elif type(formatter) is ScalarFormatter:
        axis.set_major_formatter(_Grouped())
        if isinstance(axis, XAxis):
            _space_labels(axis)


def _space_labels(axis: XAxis) -> None:
    """Whole years as whole numbers, and room for long numbers side by side."""
    low, high = sorted(axis.get_view_interval())
    if low >= 1950 and high <= 2100:
        axis.set_major_locator(MaxNLocator(7, integer=True, steps=[1, 2, 5, 10]))
    elif max(abs(low), abs(high)) >= 10_000:
        # Matplotlib spaces labels as if each had three characters.
        axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))


class _Grouped(ScalarFormatter):
    """Matplotlib's choice of decimals, in the kit's writing."""

    def __init__(self) -> None:
        super().__init__(useOffset=False, useMathText=False)
        self.set_scientific(False)

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = super().__call__(x, pos)
        _whole, _point, decimals = text.partition(".")
        return text if abs(x) < 10_000 else number(float(x), len(decimals))


def _plain(value: float) -> str:
    return number(value, 0) if abs(value) >= 10_000 else f"{value:g}".replace("-", "\u2212")


def _luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of WCAG 2.2."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
