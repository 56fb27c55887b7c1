"""Reserves without gold that exceed reserves, of which they are a part, are left out and said so."""

import numpy as np
import pandas as pd
import pytest
from test_recovery_flight import YEARS, annual, reserves_world

from cryptorisk.models.flight.part import Annual
from cryptorisk.models.flight.part import annual as read_annual
from cryptorisk.models.flight.position import position
from cryptorisk.models.flight.reserve_changes import reserve_changes
from cryptorisk.models.flight.without_gold import TOLERANCE, WITHOUT_GOLD, possible, without_gold_finding


def world_with(values):
    """Reserves of 60 in all years."""
    world = reserves_world()
    world.columns[WITHOUT_GOLD] = annual(values)
    return world


def test_a_slip_of_a_unit_is_no_headline():
    world = world_with(np.full(15, 45e3))
    assert position(world).reserves_without_gold is None
    (finding,) = without_gold_finding(world)
    assert finding.kind == "data"
    assert finding.severity == "warning"
    assert f"left out for {', '.join(str(year) for year in YEARS)}" in finding.text


def test_only_the_years_at_fault_go():
    values = np.full(15, 45.0)
    values[3] = 70.0
    world = world_with(values)
    assert position(world).reserves_without_gold.value == 45.0
    reserves = read_annual(world, "reserves_usd")
    changes = reserve_changes(world, reserves, pd.Series(1.0, reserves.by_year.index), 0.3)
    assert YEARS[3] not in changes.without_gold.by_year.index
    assert len(changes.without_gold.by_year) == 14
    assert f"left out for {YEARS[3]}:" in without_gold_finding(world)[0].text


def test_sources_that_round_apart_are_kept():
    """An economy without gold has the same figure twice, up to rounding."""
    for value in (60.0, 60.0 * (1 + 0.9 * TOLERANCE)):
        world = world_with(np.full(15, value))
        assert position(world).reserves_without_gold.value == pytest.approx(value)
        assert without_gold_finding(world) == ()


def test_a_year_without_reserves_stays():
    known = Annual(pd.Series([9.0], index=[2020]), pd.Series(["a"], index=[2020]))
    none = Annual(pd.Series(dtype=float), pd.Series(dtype=object))
    assert possible(known, none).by_year.tolist() == [9.0]


def test_a_confidential_figure_is_not_quoted():
    world = world_with(np.full(15, 71.0))
    world.confidential = frozenset({WITHOUT_GOLD})
    (finding,) = without_gold_finding(world)
    assert "bn USD" not in finding.text
