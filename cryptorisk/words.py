"""Sentences by rule: sign, size, significance and missingness decide the words, never the author."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cryptorisk.estimate import Estimate, format_estimate

LIKELIHOOD_SCALE: tuple[tuple[float, str], ...] = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)
"""Lower bound of the probability and the word for it.

The scale follows the calibrated language of the Intergovernmental Panel on Climate Change (Mastrandrea et al.
2010, Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on Consistent Treatment of
Uncertainties, Table 1), made disjoint so that each probability has exactly one word.
"""


def likelihood(probability: float) -> str:
    """The word for a probability between 0 and 1, by `LIKELIHOOD_SCALE`.

    Raises
    ------
    ValueError
        If the probability lies outside [0, 1].
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1 (got {probability})")
    return next(word for bound, word in LIKELIHOOD_SCALE if probability >= bound)


def significance(estimate: Estimate, reference: float = 0.0) -> str:
    """``above``, ``below`` or ``not distinguishable from`` a reference value, by the estimate's interval."""
    if estimate.value is None:
        return "not available against"
    if estimate.low is None or estimate.high is None:
        if estimate.value == reference:
            return "equal to"
        return "above" if estimate.value > reference else "below"
    if estimate.low > reference:
        return "above"
    if estimate.high < reference:
        return "below"
    return "not distinguishable from"


def clause(estimate: Estimate) -> str:
    """The estimate inside a sentence: value with interval, or ``not available, because ...``."""
    if estimate.value is None:
        return f"not available, because {inside(estimate.reason)}"
    return format_estimate(estimate)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is: ``the Gambia`` at the head of a sentence."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """The text as it stands inside a sentence: a small first letter, unless the first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def listing(items: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def numeral(value: int) -> str:
    """``five``; figures from eleven on."""
    return NUMERALS[value] if value < len(NUMERALS) else str(value)


def count_of(some: int, every: int) -> str:
    """``none of the five``, ``two of the five``, ``all five``."""
    if some == every:
        return f"all {numeral(every)}"
    return f"{numeral(some) if some else 'none'} of the {numeral(every)}"


def years_by_sign(ranges: Sequence[tuple[float, float]], above: str, below: str) -> str:
    """In how many years a range lies above nought, in how many below, and in how many neither is told.

    Parameters
    ----------
    ranges : sequence of tuple of float
        Low and high of each year.
    above, below : str
        What a year is whose whole range lies there: ``an outflow``, ``an inflow``.

    Returns
    -------
    str
        ``an outflow in three of the five years, an inflow in one; the sign of one is not told``. A year counts only by
        its whole range: a point whose range reaches across nought has no sign.
    """
    up = sum(low > 0 for low, _ in ranges)
    down = sum(high < 0 for _, high in ranges)
    open_ = len(ranges) - up - down
    if not up and not down:
        return f"of a sign that is told in none of the {numeral(len(ranges))} years"
    first, some = (above, up) if up else (below, down)
    text = f"{first} in {count_of(some, len(ranges))} years"
    if up and down:
        text += f", {below} in {numeral(down)}"
    return text + (f"; the sign of {numeral(open_)} is not told" if open_ else "")


def at_worst(word: Callable[[float], str], low: float, high: float) -> str:
    """An adjective of size that holds over the whole range: the word of its lower end, with ``at least`` where they differ.

    Parameters
    ----------
    word : callable
        The word of a value.
    low, high : float
    """
    least = word(low)
    return least if word(high) == least else f"at least {least}"
