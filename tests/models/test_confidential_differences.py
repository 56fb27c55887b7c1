"""Near a threshold a difference to one digit is a figure to many: what is printed is the same for all figures of a digit."""

import datetime as dt
import itertools
import math

import numpy as np
import pytest

from cryptorisk.data.inputs import Observation
from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.bank_capital import READINGS, Capital
from cryptorisk.models.crash.bank_support import banks_sentence, capital_lines
from cryptorisk.models.crash.losses import Reserves
from cryptorisk.models.crash.one_side import (
    digit_ends,
    next_digit,
    previous_digit,
    rounded_down,
    rounded_up,
)
from cryptorisk.models.crash.reverse import _cell, reserves_breaches
from cryptorisk.models.crash.reverse_banks import bank_breaches
from cryptorisk.models.crash.scenarios import headline_scenario
from cryptorisk.models.crash.supervisory import CET1, EXPOSURE, RWA, TIER1, Supervisory
from cryptorisk.models.crash.surroundings import Ratio, Surroundings
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import Params

PUBLIC = {EXPOSURE: 1e6, TIER1: 2.5e9, CET1: 2.4e9, RWA: 3e10}
CRASH = Params(country="KEN", crash={"cet1_requirement": 0.105}).crash
FALL = headline_scenario(CRASH)


def bank(hidden, **figures):
    seen = {
        id: Observation(
            value, dt.date(2024, 12, 31), "usd", "bank", "measured", False, series=id, country="KEN"
        )
        for id, value in {**PUBLIC, **figures}.items()
    }
    return Supervisory(*(seen[id] for id in (EXPOSURE, TIER1, CET1, RWA)), frozenset(hidden))


def printed(own):
    """All that stands on the differences: reverse stress, capital short, and the sentence."""
    cells = [
        (one.threshold, one.cause, tuple(_cell(one, cause) for cause in one.causes))
        for one in bank_breaches(
            own.capital(),
            own.capital(bare=True),
            own.exposure_share,
            CRASH,
            bool(own.hidden),
            True,
            own.hides(CET1, RWA),
        )
    ]
    lines = [(line.key, rounded_up(line.usd)) for line in capital_lines(own, FALL, CRASH.cet1_requirement)]
    return cells, lines, banks_sentence(own, FALL, CRASH.cet1_requirement)


@pytest.mark.parametrize(
    ("series", "ratios"),
    [
        (CET1, (0.0601, 0.065, 0.0699, 0.069877, 0.0699999)),
        (CET1, (0.07, 0.070001, 0.0702, 0.075, 0.0799)),
        (CET1, (0.0401, 0.0449, 0.045, 0.045001)),
        (RWA, (0.0601, 0.0699, 0.069877)),
        (RWA, (0.0701, 0.070013, 0.0799)),
    ],
)
def test_all_figures_of_a_digit_print_alike(series, ratios):
    """The old amounts told CET1 of 6.9877 % of risk-weighted assets to half a thousandth."""
    figures = [
        {CET1: ratio * 3e10} if series == CET1 else {CET1: 2.1e9, RWA: 2.1e9 / ratio} for ratio in ratios
    ]
    assert len({repr(printed(bank({series}, **one))) for one in figures}) == 1


@pytest.mark.parametrize(
    ("series", "shares"), [(EXPOSURE, (0.0061, 0.0069, 0.007)), (TIER1, (0.0061, 0.0069, 0.007))]
)
def test_exposure_and_tier1_of_a_digit_print_alike(series, shares):
    figures = [
        {EXPOSURE: share * 2.5e9} if series == EXPOSURE else {EXPOSURE: 2e7, TIER1: 2e7 / share}
        for share in shares
    ]
    assert len({repr(printed(bank({series}, **{CET1: 2.1e9, **one}))) for one in figures}) == 1


def test_an_open_figure_prints_its_own_difference():
    """The test above can fail: without the mark the amounts differ."""
    assert printed(bank(set(), **{CET1: 2.0963e9})) != printed(bank(set(), **{CET1: 2.0985e9}))


@pytest.mark.parametrize(
    "hidden",
    [set(some) for n in (1, 2, 4) for some in itertools.combinations((EXPOSURE, TIER1, CET1, RWA), n)],
    ids=lambda some: "-".join(sorted(some)),
)
def test_what_is_told_is_on_the_safe_side(hidden):
    """Ratios after the loss at most, capital short at least, room in percent of Tier 1 at most what it truly is."""
    rng = np.random.default_rng(11)
    for _ in range(40):
        rwa = 10 ** rng.uniform(9, 11)
        cet1 = rng.uniform(0.04, 0.2) * rwa
        tier1 = cet1 * rng.uniform(1.0, 1.3)
        exact = Capital(10 ** rng.uniform(-3.5, -1.3) * tier1, tier1, cet1, rwa)
        own = bank(hidden, **{EXPOSURE: exact.exposure, TIER1: tier1, CET1: cet1, RWA: rwa})
        told, bare = own.capital(), own.capital(bare=True)
        for reading in READINGS:
            assert told.by(reading, 0.5) <= exact.by(reading, 0.5) * (1 + 1e-9)
            for requirement in (0.045, 0.07, 0.105):
                key = f"capital_{requirement:g}"
                lines = {line.key: line.usd for line in capital_lines(own, FALL, 0.105)}
                short = lines.get(key, lines.get(f"{key}_{reading}"))
                assert short >= exact.short_of(requirement, FALL.price_drop, reading) * (1 - 1e-9)
        for requirement in (0.045, 0.07, 0.105):
            room = (exact.cet1 - requirement * exact.rwa) / exact.tier1
            assert max(0.0, bare.cet1 - requirement * bare.rwa) / bare.tier1 <= max(0.0, room) * (1 + 1e-9)


@pytest.mark.parametrize("hidden", [{CET1}, {RWA}, {CET1, RWA}])
def test_a_ratio_at_the_requirement_has_no_amount_of_rounding(hidden):
    """7 % told as 7 %, without an exposure: no room and nothing short, and not a hundred-millionth."""
    own = bank(hidden, **{CET1: 2.1e9, RWA: 2.1e9 / 0.0712345, EXPOSURE: 0.0})
    cells, lines, _text = printed(own)
    assert dict(lines)["capital_0.07"] == 0.0
    room = [c for t, cause, c in cells if t.endswith("below 7 %") and cause == "Exposure that is lost whole"]
    assert room == [("at least 0 %",) * 3]


@pytest.mark.parametrize(
    ("ratio", "requirement", "words"),
    [(0.0699, "7 %", "already"), (0.14, "10.5 %", "at least 0 %"), (0.0701, "7 %", "at least 0 %")],
)
def test_already_is_said_for_certain_alone(ratio, requirement, words):
    """14 % told as "at least 10 %" is not said to miss 10.5 %."""
    own = bank({CET1}, **{CET1: ratio * 3e10, TIER1: 5e9})
    cells, _lines, _text = printed(own)
    found = {cause for threshold, _, cause in cells if threshold == f"Banks' CET1 ratio below {requirement}"}
    assert {cell for cause in found for cell in cause} == {words}


def around(reserves, imports, *, reserves_hidden=False, imports_hidden=False):
    nothing = Ratio()
    held = one_digit(reserves) if reserves_hidden else reserves
    spent = one_digit(imports) if imports_hidden else imports
    return Surroundings(
        Reserves(held, 2024), spent, nothing, nothing, nothing, False, reserves_hidden, imports_hidden
    )


def reserves_cells(surroundings):
    (one,) = reserves_breaches(Band(1e9, 2e9, 4e9), surroundings, CRASH, False)
    return [_cell(one, cause) for cause in one.causes]


def test_reserves_below_the_minimum_are_never_said_to_be_above_it():
    """Three months are 6.896 billion: 6.6 read as 7 seemed above them."""
    imports = 4 * 6.896e9
    assert reserves_cells(around(6.6e9, imports)) == ["already"] * 3
    assert reserves_cells(around(6.6e9, imports, reserves_hidden=True)) == ["at least 0 %"] * 3
    assert reserves_cells(around(5.4e9, imports, reserves_hidden=True)) == ["already"] * 3
    assert reserves_cells(around(6.6e9, imports, imports_hidden=True)) == ["at least 0 %"] * 3
    for secret in np.linspace(0.5e9, 30e9, 200):
        cells = reserves_cells(around(secret, imports, reserves_hidden=True))
        open_cells = reserves_cells(around(secret, imports))
        assert ("already" not in cells) or open_cells == ["already"] * 3
        assert ("not by redeeming all" not in cells) or "not by redeeming all" in open_cells


def test_reserves_and_imports_of_a_digit_print_alike():
    cells = {
        repr(reserves_cells(around(r, 2.76e10, reserves_hidden=True))) for r in (6.6e9, 6.89e9, 6.91e9, 7.4e9)
    }
    assert len(cells) == 1
    cells = {repr(reserves_cells(around(8.7e9, i, imports_hidden=True))) for i in (2.6e10, 3.47e10, 3.49e10)}
    assert len(cells) == 1


@pytest.mark.parametrize("digit", [1.0, 2.0, 7.0, 9.0, 0.3, 6e9, 1e-3])
def test_digits_and_their_ends(digit):
    low, high = digit_ends(digit)
    for inside in np.linspace(low * (1 + 1e-6), high * (1 - 1e-6), 9):
        assert float(f"{inside:.0e}") == pytest.approx(digit)
    assert rounded_down(digit * 1.0001) == pytest.approx(digit)
    assert rounded_down(next_digit(digit) * 0.9999) == pytest.approx(digit)
    assert rounded_up(digit * 0.9999) == pytest.approx(digit)
    assert rounded_up(previous_digit(digit) * 1.0001) == pytest.approx(digit)
    assert math.isclose(next_digit(previous_digit(digit)), digit)
