"""Numbers as providers write them, and nothing else that Python would take for one.

``int`` and ``float`` read more than numbers: ``1_000``, digits of other scripts, ``nan`` and ``infinity``; ``str.isdigit``
is true of ``²``, which ``int`` cannot read; a whole number of JSON may be too long for a float. What is read here is a
finite number, or no number, or an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

_WHOLE = re.compile(r"[+-]?\d{1,18}", flags=re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,3})?", flags=re.ASCII)
"""The lengths keep a text of a million digits from being read as a number; a price is written with thirty at most."""

_SHOWN = 40


def is_count(text: str) -> bool:
    """Whether a text is a whole number without a sign, in the digits 0 to 9 and short enough for any count."""
    return bool(_WHOLE.fullmatch(text)) and text[0] not in "+-"


def whole(given: Any) -> int:
    """A whole number, written as a number or as text.

    Raises
    ------
    ValueError
        For anything else, infinity and ``NaN`` too.
    """
    if isinstance(given, str) and _WHOLE.fullmatch(given):
        return int(given)
    if isinstance(given, float) and given.is_integer() and abs(given) < 10**15:
        return int(given)
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**18:
        return given
    raise ValueError(f"{_shown(given)} is no whole number")


def figures(given: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Figures, written as numbers or as text; NaN where there is none.

    Parameters
    ----------
    given : iterable
        ``None`` stands for no figure, and so does a float that is not finite, which is how some programs write it.

    Returns
    -------
    numpy.ndarray of float64

    Raises
    ------
    ValueError
        For anything that is no number, or a number beyond those of 64 bits.
    """
    return np.array([_figure(one) for one in given], dtype="float64")


def _figure(given: Any) -> float:
    if given is None:
        return math.nan
    if isinstance(given, float):
        return given if math.isfinite(given) else math.nan
    if (isinstance(given, int) and not isinstance(given, bool)) or (
        isinstance(given, str) and _DECIMAL.fullmatch(given)
    ):
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise ValueError(f"{_shown(given)} is no number")


def _shown(given: Any) -> str:
    """What was given, short: a text may be as long as a whole answer."""
    if isinstance(given, int) and not isinstance(given, bool):
        return "a number of too many digits"
    if isinstance(given, str | float | bool | None):
        return repr(given[:_SHOWN] if isinstance(given, str) else given)
    return f"a {type(given).__name__}"
