"""What would change a pillar's band: the value of one indicator at which the pillar's mean crosses the edge."""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.estimate import Estimate, number, to_digits
from cryptorisk.models.matrix.cram import Rules
from cryptorisk.models.matrix.readings import Reading
from cryptorisk.stats.composite import linear_score
from cryptorisk.words import capital, inside


def unit_of(estimate: Estimate) -> str:
    """The unit as it is printed behind the value."""
    return f"{estimate:value}".partition(" ")[2]


def change(book: Rules, own: list[Reading], score: float) -> str:
    """What would change a pillar's band: data where it has no score, else what each indicator alone could do.

    Parameters
    ----------
    book : Rules
    own : list of Reading
        The pillar's.
    score : float
        NaN when it has none.

    Notes
    -----
    The pillar is a mean of ``n`` scores, so indicator ``i`` alone brings it to the edge ``e`` at the score
    ``n e`` less the sum of the others. Where that lies outside 0 to 100 no value of it can.
    """
    if np.isnan(score):
        return wanting(own)
    worse = book.next_band(score)
    edge, band = worse or book.lower_band(score) or (0.0, "")
    scored = [r for r in own if not r.unscored and r.estimate is not None]
    scores = [float(linear_score(r.value, r.indicator.calm, r.indicator.stress)) for r in scored]
    needed = [len(scores) * edge - (sum(scores) - one) for one in scores]
    alone = [
        _beyond(reading, at, worse=worse is not None)
        for reading, at in zip(scored, needed, strict=True)
        if 0 < at < 100
    ]
    towards = capital(band) if worse else f"Down to {band}"
    if alone:
        return f"{towards} with {', or '.join(alone)}{', the others as they are' if len(scored) > 1 else ''}."
    furthest = 100.0 - min(scores) if worse else -max(scores)
    reached = number(score + furthest / len(scores), 0)
    return f"{towards} only if several figures move: one alone brings the score no further than {reached}."


def _beyond(reading: Reading, score: float, *, worse: bool) -> str:
    """An indicator and the value beyond which it has a score, in words; rounded so that the printed value suffices."""
    assert reading.estimate is not None
    rising = (reading.indicator.stress > reading.indicator.calm) == worse
    mark = reading.indicator.at(score)
    digits = 0 if abs(mark) >= 100 else 1 if abs(mark) >= 10 else 2
    steps = round(mark * 10**digits, 6)
    mark = (math.ceil(steps) if rising else math.floor(steps)) / 10**digits
    way = "above" if rising else "below"
    text = (
        f"{inside(reading.estimate.label)} {way} {number(mark, digits)} {unit_of(reading.estimate)}".rstrip()
    )
    written = reading.estimate.digits
    if written is None or to_digits(mark, written) != to_digits(reading.value, written):
        return text
    return f"{text} (now {number(reading.value, digits)})"  # as it is written the two would be the same


def wanting(own: list[Reading]) -> str:
    """Why a pillar has no score: its question does not arise, its figures are refused, or there are none."""
    reasons = list(dict.fromkeys(r.unscored for r in own if r.unscored)) or ["none of its figures is there"]
    if not any(r.applies for r in own):
        return f"{capital(reasons[0])}."
    known = [r for r in own if r.known]
    if not known:
        return f"Data: {reasons[0]}."
    reason = next((r.unscored for r in known if r.unscored), reasons[0])
    if len(own) == 1:
        return f"{capital(reason)}."
    return f"{len(known)} of {len(own)} figures {'is' if len(known) == 1 else 'are'} known; {reason}."
