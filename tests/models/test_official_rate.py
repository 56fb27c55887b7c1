"""Which official rate stands, whether it is a peg, and money beside a second market: in made-up economies."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from cryptorisk.countries import country
from cryptorisk.data.catalogue import catalogue
from cryptorisk.models import official
from cryptorisk.models.flight.adequacy import adequacy, choose_row
from cryptorisk.models.flight.amount import Amount
from cryptorisk.models.flight.encumbrance import evidence
from cryptorisk.models.flight.overtaken import crash_by, overtaken
from cryptorisk.models.flight.peg import peg
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.second_market import held_years, spans, year_end_gap
from cryptorisk.params import FlightParams

MONTHS = pd.date_range("2018-01-31", "2025-10-31", freq="ME")


@dataclass
class Known:
    value: float
    date: dt.date
    source: str = "world"


@dataclass
class Series:
    values: pd.Series
    source_ids: tuple[str, ...] = ("world",)

    @property
    def empty(self):
        return self.values.empty


@dataclass
class World:
    """Series of one economy, the euro's and others' rates, behind the interface of the kit's inputs."""

    columns: dict[str, pd.Series]
    country: str = "KEN"
    as_of: dt.date = dt.date(2026, 3, 31)
    euro: pd.Series | None = None
    confidential: frozenset[str] = frozenset()
    others: dict[str, pd.Series] = field(default_factory=dict)

    catalogue = catalogue()

    def series(self, id, *, country=None, sources=None):
        empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
        if country in self.others:
            return Series(self.others[country])
        if country not in (None, self.country):
            return Series(self.euro if country == "EMU" and self.euro is not None else empty)
        return Series(self.columns.get(id, empty))

    def panel(self, id):
        return pd.DataFrame({self.country: self.columns[id]}) if id in self.columns else pd.DataFrame()

    def latest(self, id):
        values = self.series(id).values
        return Known(float(values.iloc[-1]), values.index[-1].date()) if len(values) else None


def rate(values, months=MONTHS):
    return pd.Series(np.asarray(values, float) * np.ones(len(months)), months)


def wave(size):
    return rate(100 * (1 + size * np.sin(np.arange(len(MONTHS)))))


def row(world):
    return choose_row(world, country("KEN"), FlightParams(capital_controls="no"))


def coded(code):
    return pd.Series([float(code)], pd.to_datetime(["2019-12-31"]))


@pytest.mark.parametrize(("size", "held"), [(0.0, True), (0.015, True), (0.03, False), (0.3, False)])
def test_a_peg_is_a_rate_held_within_two_percent_over_five_years(size, held):
    world = World({official.MONTHLY: wave(size), "irr_coarse_regime": coded(1)})
    assert peg(world).held == held
    assert row(world).regime_known == held
    assert row(world).regime == ("fixed" if held else "floating")


def test_a_rate_that_rose_and_came_back_was_not_held():
    """Kenya's 121, 160 and 129: the ends of two years differ by little."""
    values = np.full(len(MONTHS), 129.0)
    values[-30:-20] = 160
    world = World({official.MONTHLY: rate(values), "irr_coarse_regime": coded(2)})
    assert not peg(world).held
    assert {regime for regime, _c in row(world).rows} == {"fixed", "floating"}


def test_a_float_is_certain_where_the_code_says_so_too():
    world = World({official.MONTHLY: wave(0.3), "irr_coarse_regime": coded(3)})
    assert row(world).floats
    assert row(world).rows == (("floating", False),)
    freely = World({official.MONTHLY: wave(0.3), "irr_coarse_regime": coded(5)})
    assert not freely.columns["irr_coarse_regime"].empty
    assert not row(freely).floats


def test_a_peg_to_the_euro_is_a_peg():
    euro = wave(0.1) / 100
    world = World({official.MONTHLY: 7.46 * euro}, euro=euro)
    found = peg(world)
    assert found.to == "EUR"
    assert row(world).regime_known


@pytest.mark.parametrize(("money", "place"), [("INR", "IND"), ("SGD", "SGP"), ("ZAR", "ZAF"), ("GBP", "GBR")])
def test_a_peg_to_a_neighbour_s_money_is_a_peg(money, place):
    """Nepal, Bhutan, Brunei, Lesotho: a rate that moves with another's is held, whatever the dollar does."""
    other = wave(0.1)
    world = World({official.MONTHLY: 1.6 * other}, others={place: other})
    assert peg(world).to == money
    assert row(world).regime == "fixed"
    assert not peg(World({official.MONTHLY: 1.6 * other})).held


def test_a_peg_to_a_basket_is_a_peg_and_names_it():
    rng = np.random.default_rng(4)
    yen, euro = (rate(100 * np.exp(0.02 * rng.standard_normal(len(MONTHS)).cumsum())) for _ in range(2))
    basket = rate(np.exp(0.3 * np.log(yen) + 0.5 * np.log(euro)))
    world = World({official.MONTHLY: 3 * basket}, euro=euro, others={"JPN": yen})
    found = peg(world)
    assert found.to == "basket"
    assert "50 % euro, 30 % yen and 20 % dollar" in found.why
    alone = rate(100 * np.exp(0.02 * rng.standard_normal(len(MONTHS)).cumsum()))
    floats = peg(World({official.MONTHLY: alone}, euro=euro, others={"JPN": yen}))
    assert not floats.held
    assert "against no other money or basket" in floats.why


def test_no_money_is_pegged_to_itself(inputs_for):
    for iso3 in ("IND", "SGP", "ZAF", "GBR"):
        assert not peg(inputs_for(iso3)).held


@pytest.mark.parametrize(
    ("iso3", "to"),
    [
        ("NPL", "INR"),
        ("BTN", "INR"),
        ("BRN", "SGD"),
        ("LSO", "ZAR"),
        ("SWZ", "ZAR"),
        ("NAM", "ZAR"),
        ("FJI", "basket"),
        ("WSM", "basket"),
        ("KWT", "USD"),
        ("MAR", ""),
    ],
)
def test_pegs_to_other_moneys_are_seen_in_the_vintage(inputs_for, iso3, to):
    """Morocco's band about its basket is wider than two percent: no peg by the rule."""
    assert peg(inputs_for(iso3)).to == to


def test_a_dead_rate_beside_a_reference_is_no_peg():
    days = pd.bdate_range("2025-05-01", "2026-02-27")
    columns = {official.MONTHLY: rate(7.0)}
    columns |= {name: pd.Series(10.0, days) for name in official.REFERENCE}
    world = World(columns)
    stands = official.monthly(world)
    assert stands["2025-04-30"] == 7
    assert stands["2025-05-31"] == stands["2026-02-28"] == 10
    assert not peg(world).held
    assert peg(World({official.MONTHLY: rate(7.0)})).held
    assert overtaken(world, 2025).crashed
    assert "43 % higher" in overtaken(world, 2025).reason
    assert overtaken(World({official.MONTHLY: rate(7.0)}), 2024) is None
    ends = official.year_ends(world)
    assert ends.rate.loc[2025, "KEN"] == 10
    assert ends.basis.loc[2025, "KEN"] == official.WEEK


def test_a_quote_that_stands_alone_is_a_month_s_and_no_reference():
    lone = pd.Series(9.0, pd.to_datetime(["2025-03-15", "2025-06-15"]))
    world = World({official.MONTHLY: rate(7.0), **dict.fromkeys(official.REFERENCE, lone)})
    assert official.reference(world).empty
    assert (official.monthly(world) == 7).all()


def test_the_year_s_end_is_its_last_quote_and_a_mean_is_called_so():
    months = rate(np.linspace(100, 100, len(MONTHS)))
    months["2021-12-31"] = 112  # a devaluation on the 17th: the mean has half of it
    months["2022-01-31":] = 125
    days = pd.bdate_range("2021-01-01", "2021-12-31")
    daily = pd.Series(np.where(days < "2021-12-17", 100.0, 125.0), days)
    world = World({official.MONTHLY: months})
    means = official.year_ends(world)
    assert means.rate.loc[2021, "KEN"] == 112
    assert means.basis.loc[2021, "KEN"] == official.STEPPED
    assert means.basis.loc[2020, "KEN"] == official.DECEMBER
    assert means.basis.loc[2025, "KEN"] == official.EARLIER
    world.columns[official.DAILY] = daily
    ends = official.year_ends(world)
    assert ends.rate.loc[2021, "KEN"] == 125
    assert ends.basis.loc[2021, "KEN"] == official.DAY


@pytest.mark.parametrize(
    ("before", "rise", "crash"), [(0, 29, False), (0, 31, True), (25, 31, False), (20, 31, True)]
)
def test_the_rule_for_crashes_over_any_twelve_months(before, rise, crash):
    months = pd.date_range("2023-06-30", "2025-06-30", freq="ME")
    values = pd.Series(100.0, months)
    values[months > "2023-06-30"] = 100 * (1 + before / 100)
    values[months > "2024-06-30"] = 100 * (1 + before / 100) * (1 + rise / 100)
    found = crash_by(values, months[-1])
    assert (found is not None) == crash
    if crash:
        assert found == pytest.approx(rise)


def shadow(premium_pct, first="2024-06-01", last="2025-10-31"):
    return pd.Series(100.0 * (1 + premium_pct / 100), pd.date_range(first, last))


def test_a_premium_at_the_year_s_end_is_found_and_is_evidence():
    world = World({official.MONTHLY: rate(100.0), "crypto_implied_fx_lcu_per_usd": shadow(50)})
    gap = year_end_gap(world, 2024)
    assert gap.log_pct == pytest.approx(100 * np.log(1.5))
    assert gap.month == "2024-12"
    assert year_end_gap(world, 2023) is None
    assert any("50 % more on average" in one for one in evidence(world, country("KEN"), 2024))
    calm = World({official.MONTHLY: rate(100.0), "crypto_implied_fx_lcu_per_usd": shadow(5)})
    assert year_end_gap(calm, 2024) is None
    assert evidence(calm, country("KEN"), 2024) == ()
    assert evidence(world, country("KEN"), 2029) == ()  # over two years before those reserves


def test_a_confidential_shadow_rate_is_not_told():
    names = frozenset({"crypto_implied_fx_lcu_per_usd"})
    world = World(
        {official.MONTHLY: rate(100.0), "crypto_implied_fx_lcu_per_usd": shadow(50)}, confidential=names
    )
    (told,) = evidence(world, country("KEN"), 2024)
    assert "50" not in told


def test_years_in_which_the_rate_was_held_beside_a_second_market():
    values = rate(100.0)
    values["2023-02-28":] = 1000
    world = World({official.MONTHLY: values})
    assert held_years(world, [2020, 2021]) == [2020, 2021, 2022]
    assert held_years(world, []) == []
    assert spans([2020, 2021, 2022, 2024]) == ["2020 to 2022", "2024"]


def test_the_centre_of_open_rows_is_the_mean_of_their_metrics():
    def amount(value):
        return Amount(value, value, value, 2024, (), ())

    stocks = Position(
        2024, "2024", amount(60), amount(120), amount(100), amount(200), amount(130), amount(50), False, None
    )
    world = World({official.MONTHLY: wave(0.3), "irr_coarse_regime": coded(1)})
    metric = adequacy(stocks, row(world), usual_short_share=0.2)
    assert metric.central.total == pytest.approx((61 + 42) / 2)
    assert metric.central.weights.broad_money == pytest.approx(0.075)
    assert metric.low.total == pytest.approx(42)
    assert metric.high.total == pytest.approx(61)
