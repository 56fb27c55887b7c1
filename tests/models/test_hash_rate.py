"""Past falls of the hash rate on a made-up network and on the vintage, and the electricity that would leave."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.crash.miner_exit import fleet, miner_exit
from cryptorisk.models.price_risk.hash_rate import (
    BAN,
    Network,
    fall_estimate,
    halvings,
    hash_rate_part,
    network,
    past_falls,
)
from cryptorisk.models.price_risk.hash_rate_response import NAME as ELASTICITY
from cryptorisk.models.price_risk.hash_rate_response import monthly
from cryptorisk.params import Params

DAYS = pd.date_range("2010-01-01", "2022-12-31")


def made_up(falls, rate_falls=()):
    """Price and hash rate that grow, but fall by the shares given between two days and come back a year after."""

    def path(changes):
        level = np.exp(np.arange(len(DAYS)) / 2000)
        for start, end, share in changes:
            a, b, c = (
                DAYS.get_loc(pd.Timestamp(day))
                for day in (start, end, pd.Timestamp(end) + pd.DateOffset(years=1))
            )
            level[a:c] = level[a] * np.interp(np.arange(a, c), [a, b, c], [1, 1 - share, 1.2])
        return pd.Series(level, index=DAYS)

    issued = pd.Series(np.where(DAYS < "2016-07-09", 3600.0, 1800.0), index=DAYS)
    return Network(path(rate_falls), path(falls), issued.cumsum(), issued, ("made_up",))


@pytest.fixture(scope="module")
def part(inputs_for):
    return hash_rate_part(inputs_for("KEN"))


def test_a_fall_is_measured_from_the_peak_to_a_year_after_the_trough():
    found = past_falls(made_up([("2014-01-01", "2014-07-01", 0.6)], [("2014-03-01", "2014-10-01", 0.25)]))
    row = found[found["what"] == "price"].iloc[0]
    assert row["price_fall_pct"] == pytest.approx(60, abs=0.1)
    assert row["income_fall_pct"] == pytest.approx(60, abs=0.1)
    assert row["hash_fall_pct"] == pytest.approx(25, abs=0.1)
    assert (row["hash_peak"], row["hash_trough"]) == (pd.Timestamp("2014-03-01"), pd.Timestamp("2014-10-01"))
    assert row["counted"]
    growth = np.exp(181 / 2000)  # from peak to trough of the price, had growth gone on
    level = np.exp(59 / 2000) * np.interp(122, [0, 214], [1, 0.75])
    assert row["trend_gap_pct"] == pytest.approx(100 * (level / growth - 1), abs=0.1)


def test_a_hash_rate_that_grows_on_did_not_fall():
    found = past_falls(made_up([("2014-01-01", "2014-07-01", 0.6)]))
    row = found[found["what"] == "price"].iloc[0]
    assert row["hash_fall_pct"] == 0
    assert row["trend_gap_pct"] == pytest.approx(0, abs=0.01)
    assert pd.isna(row["hash_trough"])


def test_the_ban_and_shallow_or_young_falls_are_not_counted():
    falls = [
        ("2013-01-01", "2013-06-01", 0.6),
        ("2021-04-01", "2021-07-01", 0.55),
        ("2022-09-01", "2022-12-01", 0.7),
    ]
    found = past_falls(made_up(falls[:2]))
    prices = found[found["what"] == "price"].set_index("start")
    assert list(prices["counted"]) == [True, False]
    assert prices.index[1] <= BAN <= prices["end"].iloc[1]
    assert "ban" in prices["remark"].iloc[1]
    young = made_up(falls[:1])
    short = young.price.copy()
    short["2022-09-01":] *= np.linspace(1, 0.3, len(short["2022-09-01":]))
    last = past_falls(Network(young.hash_rate, short, young.supply, young.issued, ())).iloc[-1]
    assert not last["counted"]
    assert "a year has not passed" in last["remark"]


def test_halvings_are_read_from_the_coins_issued():
    supply = pd.Series(np.linspace(9e6, 19e6, len(DAYS)), index=DAYS)
    days = halvings(supply)
    assert [round(float(supply[day]) / 21e6, 2) for day in days] == [0.5, 0.75, 0.88]
    fall = past_falls(made_up([]))
    assert fall.empty or set(fall["what"]) <= {"halving"}


def test_more_coins_than_there_can_be_still_end():
    supply = pd.Series(np.linspace(9e6, 30e6, len(DAYS)), index=DAYS)
    days = halvings(supply)
    assert len(days) == len(set(days))
    assert [round(float(supply[day]) / 21e6, 2) for day in days[:2]] == [0.75, 0.88]  # the first was in 2010
    assert supply[days[-1]] <= 21.01e6


def test_halvings_outside_the_hash_rate_are_left_out():
    whole = made_up([])
    supply = pd.Series(np.linspace(9e6, 20e6, len(DAYS)), index=DAYS)
    every = past_falls(Network(whole.hash_rate, whole.price, supply, whole.issued, ()))
    early = past_falls(Network(whole.hash_rate[:"2013-01-01"], whole.price, supply, whole.issued, ()))
    assert len(every[every["what"] == "halving"]) > len(early[early["what"] == "halving"])


def test_too_few_falls_give_no_range():
    found = past_falls(made_up([("2014-01-01", "2014-07-01", 0.6)]))
    made = fall_estimate(found, ("made_up",))
    assert not made.available
    assert "1 falls" in made.reason


def test_on_the_vintage(part, inputs_for):
    """Falls of half or more since 2011 but that of the ban: least 0, median 10, most 41 %."""
    fall, *elasticities = part.estimates
    assert (fall.low, fall.n_obs) == (0, 5)
    assert fall.value == pytest.approx(10.4, abs=0.1)
    assert fall.high == pytest.approx(41.0, abs=0.1)
    frame = part.tables[0].frame.set_index("episode")
    assert frame.loc["2017–2018", "hash_fall_pct"] == pytest.approx(28.2, abs=0.1)
    assert frame.loc["2021", "hash_fall_pct"] == pytest.approx(42.6, abs=0.1)
    assert "ban" in frame.loc["2021", "remark"]
    assert [name for name in frame.index if name.startswith("Halving")] == [
        f"Halving of {year}" for year in (2012, 2016, 2020, 2024)
    ]
    halved = frame[frame.index.str.startswith("Halving")]["income_fall_pct"]
    assert halved.between(45, 57).all()  # half the coins, and what the price did in a month
    assert [made.id for made in elasticities] == [ELASTICITY.format(months=h) for h in (3, 6, 12)]
    assert not any(made.available for made in elasticities)
    assert all("is demanded" in made.reason for made in elasticities)
    found = network(inputs_for("KEN"))
    months = monthly(found.hash_rate, found.income)
    assert (months.index[0], months.index[-1]) == (pd.Timestamp("2011-01-31"), pd.Timestamp("2026-02-28"))
    assert list(part.tables[1].frame["given"]) == ["no"] * 3


def test_an_early_report_refuses_with_the_reason():
    params = Params(country="KEN", vintage="2026-11-23", as_of=dt.date(2013, 3, 31))
    found = hash_rate_part(load_inputs(params))
    assert not any(made.available for made in found.estimates)
    assert all(made.reason for made in found.estimates)
    params = Params(country="KEN", vintage="2026-11-23", include_non_commercial=False)
    none = hash_rate_part(load_inputs(params))
    assert {made.reason for made in none.estimates} == {
        "hash rate, price or coins issued are not in the vintage"
    }
    assert not none.tables


def past():
    return {
        "hash_rate_fall_pct": Estimate(
            "crash.hash_rate_fall_pct", "Fall", 10.0, "pct", low=0.0, high=40.0, interval="range", n_obs=5
        )
    }


def test_what_leaves_is_the_fall_times_the_fleet(inputs_for):
    inputs = inputs_for("KAZ")
    here = fleet(inputs)
    rate = inputs.series("btc_hash_rate_th_s", country="WLD").values["2022-01"].mean() / 1e6
    assert here.megawatts == pytest.approx(rate * 0.1322 * 28.2)
    assert here.twh == pytest.approx(here.megawatts * 8766 / 1e6)
    part = miner_exit(inputs, past())
    frame = part.tables[0].frame
    assert list(frame["megawatts"]) == pytest.approx([0, 0.1 * here.megawatts, 0.4 * here.megawatts])
    twh, share = part.estimates
    assert (twh.low, twh.value, twh.high) == pytest.approx((0, 0.1 * here.twh, 0.4 * here.twh))
    used = inputs.latest("electricity_consumption_kwh").value
    assert share.value == pytest.approx(100 * 0.1 * here.twh * 1e9 / used)
    assert "2022-01 (old)" in twh.note


def test_only_where_the_map_names_the_economy(inputs_for):
    for made in miner_exit(inputs_for("KEN"), past()).estimates:
        assert not made.available
        assert not made.applies
    missing = miner_exit(inputs_for("KAZ"), {})
    assert not any(made.available for made in missing.estimates)
    assert not missing.tables


def test_a_confidential_share_gives_one_digit():
    given = {"hashrate_share_pct": {"value": 3.217, "date": "2025-06-30", "confidential": True}}
    inputs = load_inputs(Params(country="KAZ", vintage="2026-11-23", overrides=given))
    part = miner_exit(inputs, past())
    frame = part.tables[0].frame
    values = [
        *frame["megawatts"],
        *frame["twh"],
        *frame["pct_electricity"],
        *(e.value for e in part.estimates),
    ]
    for value in (v for v in values if v):
        assert value == pytest.approx(float(f"{value:.0e}"))


def test_the_note_has_no_double_blank(inputs_for):
    part = miner_exit(inputs_for("KAZ"), past())
    assert "  " not in part.tables[0].note
    assert all("  " not in made.note for made in part.estimates)
