"""Reserve adequacy of a country: rules of thumb and the IMF's metric with what is known of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.flight.amount import Amount
from cryptorisk.models.flight.peg import peg
from cryptorisk.models.flight.position import Position
from cryptorisk.models.official import SERIES
from cryptorisk.params import FlightParams
from cryptorisk.rules.ara import Ara, Regime, Weights, ara

MOSTLY_RESTRICTED = 0.5
"""An index of controls from 0 to 1 above one half: most kinds of transactions are restricted."""
FLOATS = (3, 4)
"""Coarse classes that are floats. A rate that is not held may still be a crawl or a managed band, which the IMF does not
count among floats: only with such a code the row is certain. A freely falling currency (5) says nothing of the
arrangement."""
PARTS = ("exports", "broad_money", "short_term_debt", "other_liabilities")
UNCERTAIN = "both rows count the same"
OLD_CONTROLS = (
    "which open the row with controls and do not settle it: it asks for less, and old rules may be gone"
)
REGIME_WORDS = {
    1: "a peg or no separate currency",
    2: "a crawling peg or band",
    3: "a managed float",
    4: "a free float",
    5: "a freely falling currency",
    6: "a dual market without parallel rates",
}
"""Coarse classes of Ilzetzki, Reinhart and Rogoff (2019), Quarterly Journal of Economics 134(2)."""


@dataclass(frozen=True)
class Row:
    """The rows of weights that are open, and why; ``known`` is False when both regimes, or with and without controls, are.

    ``regime`` is what the rate says where the row is not certain.
    """

    regime: Regime
    controls: bool
    regime_known: bool
    controls_known: bool
    regime_why: str
    controls_why: str

    @property
    def rows(self) -> tuple[tuple[Regime, bool], ...]:
        """Rows that are open: the range covers them, the centre is the mean of their weights."""
        regimes: tuple[Regime, ...] = (self.regime,) if self.regime_known else ("fixed", "floating")
        controls = (self.controls,) if self.controls_known else (False, True)
        return tuple(product(regimes, controls))

    @property
    def floats(self) -> bool:
        """Whether the rate is a float for certain."""
        return self.regime_known and self.regime == "floating"

    @property
    def name(self) -> str:
        """``fixed rate, no controls``, or how many rows are open."""
        if len(self.rows) == 1:
            return row_name(self.regime, self.controls)
        return f"mean of the {len(self.rows)} rows of weights that are open"


def row_name(regime: Regime, controls: bool) -> str:
    """A row of the weights in words."""
    return f"{regime} rate, {'with controls' if controls else 'no controls'}"


def choose_row(inputs: Inputs, country: Country, params: FlightParams) -> Row:
    """Exchange-rate regime and controls: as told, or by rule.

    Regime: a legal anchor, or a rate held over five years (`cryptorisk.models.flight.peg`), is fixed; a rate that was not
    held and is coded as a float is floating; else both rows are open. Controls: none where the indices say so; both rows
    are open when the index of outflow restrictions or the inverse of financial openness lies above one half, or neither is
    known. The parameter file overrules.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    params : FlightParams

    Returns
    -------
    Row
    """
    regime, regime_known, regime_why = _regime(inputs, country, params)
    controls, controls_known, controls_why = _controls(inputs, params)
    return Row(regime, controls, regime_known, controls_known, regime_why, controls_why)


def _regime(inputs: Inputs, country: Country, params: FlightParams) -> tuple[Regime, bool, str]:
    if params.exchange_rate_regime != "auto":
        return params.exchange_rate_regime, True, "set in the parameter file"
    anchor = country.anchor_on(inputs.as_of)
    if anchor:
        return "fixed", True, f"bound to {anchor} by law or treaty"
    seen = inputs.latest("irr_coarse_regime")
    code = 0 if seen is None else int(seen.value)
    coded = "" if seen is None else f"coded as {REGIME_WORDS.get(code, 'unclassified')} in {seen.date.year}"
    found = peg(inputs)
    if not found.known or inputs.confidential & set(SERIES):
        regime: Regime = "floating" if code in FLOATS else "fixed"
        return regime, False, f"{coded or 'no coded regime'}; {UNCERTAIN}"
    if found.held:
        return "fixed", True, found.why
    if code in FLOATS:
        return "floating", True, f"{found.why}, and it is {coded}"
    return "floating", False, f"{found.why}: no peg{f', {coded}' if coded else ''}; {UNCERTAIN}"


def _controls(inputs: Inputs, params: FlightParams) -> tuple[bool, bool, str]:
    if params.capital_controls != "auto":
        return params.capital_controls == "yes", True, "set in the parameter file"
    votes, words = [], []
    outflow, openness = inputs.latest("fkrsu_kao"), inputs.latest("ka_open_norm01")
    if outflow is not None:
        votes.append(outflow.value > MOSTLY_RESTRICTED)
        words.append(f"outflow restrictions {outflow.value:.2f} of 1 in {outflow.date.year}")
    if openness is not None:
        votes.append(1 - openness.value > MOSTLY_RESTRICTED)
        words.append(f"financial openness {openness.value:.2f} of 1 in {openness.date.year}")
    if not votes:
        return False, False, f"no index of controls; {UNCERTAIN}"
    why = " and ".join(words)
    if not any(votes):
        return False, True, why
    # An index of rules years old is no reason to halve what money could draw from reserves: it opens the row.
    told = f", {OLD_CONTROLS}" if all(votes) else " disagree"
    return False, False, f"{why}{told}; {UNCERTAIN}"


@dataclass(frozen=True)
class Adequacy:
    """The metric at its centre (central parts, mean weights of the open rows) and at every row and end of its parts.

    Attributes
    ----------
    row : Row
    central : Ara
    low, high : Ara
        The smallest and largest metric over rows and ends.
    by_row : tuple of ((Regime, bool), Ara)
        Central parts under each row of weights.
    split_known : bool
        Whether external debt could be split into short-term and other.
    sources, inputs : tuple of str
    alone : tuple of (str, float, float)
        What makes the range, and the smallest and largest metric when it alone varies and all else is central.
    """

    row: Row
    central: Ara
    low: Ara
    high: Ara
    by_row: tuple[tuple[tuple[Regime, bool], Ara], ...]
    split_known: bool
    other_is_own: bool
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    alone: tuple[tuple[str, float, float], ...] = ()


def missing_parts(position: Position) -> list[str]:
    """Names of the metric's parts that the vintage lacks."""
    liabilities = position.external_debt is not None or (
        position.short_term_debt is not None and position.other_liabilities is not None
    )
    have = {
        "exports": position.exports is not None,
        "broad money": position.broad_money is not None,
        "external debt": liabilities,
    }
    return [name for name, known in have.items() if not known]


def adequacy(position: Position, row: Row, *, usual_short_share: float) -> Adequacy:
    """The IMF's metric from a complete position.

    Where short-term debt is unknown the centre takes the usual share of external debt, and the range runs
    from none to all of it. Other liabilities are external debt without short-term debt unless the bank gives
    them.

    Parameters
    ----------
    position : Position
        With exports, broad money and debt.
    row : Row
    usual_short_share : float
        Share of short-term in external debt of the reporting economies.

    Returns
    -------
    Adequacy

    Raises
    ------
    ModelError
        If a part is missing.
    """
    if missing_parts(position) or position.exports is None or position.broad_money is None:
        raise ModelError(f"the metric lacks {missing_parts(position)}")
    x, m = position.exports, position.broad_money
    liabilities = _liabilities(position, usual_short_share)
    centre = liabilities[0]

    def metric(place: int, pair: tuple[float, float], which: tuple[Regime, bool]) -> Ara:
        return ara(x.ends[place], m.ends[place], *pair, regime=which[0], controls=which[1])

    def over_rows(exports: int, money: int, pair: tuple[float, float]) -> float:
        rows = [ara(x.ends[exports], m.ends[money], *pair, regime=r, controls=c) for r, c in row.rows]
        return mean_of(rows).total

    every = [metric(p, pair, r) for p in (0, 2) for pair in liabilities for r in row.rows]
    middle = mean_of([metric(1, centre, which) for which in row.rows])
    every.append(middle)
    carried = f" carried from {m.year}" if m.year < position.year else ""
    varied = {
        "the row of weights": [metric(1, centre, which).total for which in row.rows],
        "the ends of debt": [over_rows(1, 1, pair) for pair in liabilities],
        f"the ends of broad money{carried}": [over_rows(1, place, centre) for place in range(3)],
        "the ends of exports": [over_rows(place, 1, centre) for place in range(3)],
    }
    parts = (x, m, position.external_debt, position.short_term_debt, position.other_liabilities)
    used = [part for part in parts if part is not None]
    return Adequacy(
        row,
        middle,
        min(every, key=lambda one: one.total),
        max(every, key=lambda one: one.total),
        tuple((which, metric(1, centre, which)) for which in _all_rows()),
        position.short_term_debt is not None,
        position.other_liabilities is not None,
        tuple(dict.fromkeys(s for part in used for s in part.sources)),
        tuple(dict.fromkeys(s for part in used for s in part.inputs)),
        tuple((name, min(totals), max(totals)) for name, totals in varied.items()),
    )


def mean_of(rows: list[Ara]) -> Ara:
    """The metric at the mean of some rows' weights, which is the mean of their metrics: it is linear in the weights.

    No row that is open is likelier than another, and the centre of a range must not be its edge.
    """
    x, m, std, ol = (float(np.mean([getattr(one, part) for one in rows])) for part in PARTS)
    weights = Weights(*(float(np.mean([getattr(one.weights, part) for one in rows])) for part in PARTS))
    return Ara(x, m, std, ol, weights)


def _all_rows() -> tuple[tuple[Regime, bool], ...]:
    regimes: tuple[Regime, ...] = ("fixed", "floating")
    return tuple(product(regimes, (False, True)))


def _liabilities(position: Position, usual_short_share: float) -> list[tuple[float, float]]:
    """(short-term, other) pairs: the central one first, then the ends."""
    debt, short, other = position.external_debt, position.short_term_debt, position.other_liabilities
    if short is not None and other is not None:
        return [
            (s, o) for s in (short.value, short.low, short.high) for o in (other.value, other.low, other.high)
        ]
    total = debt or Amount(0, 0, 0, position.year, (), ())
    if other is not None:
        return [(share * total.value, other.value) for share in (usual_short_share, 0.0, 1.0)]
    if short is None:
        shares = (usual_short_share, 0.0, 1.0)
        return [
            (share * d, (1 - share) * d) for d in (total.value, total.low, total.high) for share in shares
        ]
    pairs = []
    for d in (total.value, total.low, total.high):
        pairs += [(min(s, d), max(d - s, 0.0)) for s in (short.value, short.low, short.high)]
    return pairs


def usual_short_term_share(inputs: Inputs) -> tuple[float, int]:
    """Median share of short-term in external debt over the economies that report both, and their number.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    share : float
        Between 0 and 1.
    economies : int
    """
    panels = [inputs.panel(s) for s in ("short_term_debt_pct_reserves", "reserves_usd", "external_debt_usd")]
    short_pct, reserves, debt = panels
    economies = short_pct.columns.intersection(reserves.columns).intersection(debt.columns)
    shares = (short_pct[economies] * reserves[economies] / debt[economies] / 100).ffill().iloc[-1:].T.dropna()
    values = np.asarray(shares, dtype=float).ravel()
    return (float(np.median(values)), len(values)) if values.size else (0.0, 0)
