"""Words on charts stand clear of what they are about: whiskers' caps, and curves near a threshold."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from cryptorisk.charts import theme
from cryptorisk.charts.crash_losses import RUNGS, _plot_components
from cryptorisk.charts.early_warning import _plot_pressure


def _box(ax, words):
    ax.figure.canvas.draw()
    found = next(text for text in ax.texts if words in text.get_text())
    return found.get_window_extent()


def test_the_label_of_a_combined_scenario_is_clear_of_the_whiskers_cap():
    rungs = list(RUNGS)
    parts = pd.DataFrame([{"what": "Households: crypto-assets", **dict.fromkeys(rungs, 0.5)}])
    with theme.style():
        ax = Figure(figsize=(6, 3)).add_subplot()
        _plot_components(ax, parts, rungs, "% of GDP", [(0.1, 2.0)] * len(rungs))
        box = _box(ax, "0.5")
    cap = ax.transData.transform((2.0, 0))[0]
    assert box.x0 >= cap + 4
    assert not next(text for text in ax.texts).get_text().startswith(" "), "a browser drops leading blanks"


def test_the_word_at_the_threshold_is_beside_the_curve_and_not_on_it():
    dates = pd.date_range("2000-01-31", periods=60, freq="ME")
    frame = pd.DataFrame({"date": dates, "deviations": np.linspace(0, 4, 60)})
    with theme.style():
        ax = Figure(figsize=(6, 3)).add_subplot()
        _plot_pressure(ax, frame, frame.tail(1), 3.0)
        box = _box(ax, "crisis above")
    assert box.x0 > ax.get_window_extent().x1
