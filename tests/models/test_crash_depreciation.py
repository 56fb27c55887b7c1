"""Depreciation of the combined scenario: read off prices that were paid, and never nothing because a rate was held."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import CryptoriskError
from cryptorisk.models.crash import depreciation as module
from cryptorisk.models.crash.combined import combined
from cryptorisk.models.crash.depreciation import falls, past_depreciation, spells
from cryptorisk.models.crash.dollar_price import DollarPrice, dollar_price
from cryptorisk.models.crash.ended_pegs import CHOSEN, EndedPegs, ended_pegs, falls_after_holding
from cryptorisk.models.crash.measured_falls import LARGEST, gaps, measured, windows
from cryptorisk.models.crash.peg_variants import variants_table
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.params import CrashParams, Params

TODAY = pd.Timestamp("2026-11-23")


def months(values, end="2026-06-30"):
    return pd.Series(
        np.asarray(values, dtype=float), index=pd.date_range(end=end, periods=len(values), freq="ME")
    )


def price(values, **rest):
    return DollarPrice(months(values), "official rate", **rest)


def by_past(monkeypatch, found, pegs=None):
    monkeypatch.setattr(module, "dollar_price", lambda inputs: found)
    monkeypatch.setattr(module, "ended_pegs", lambda inputs: pegs)
    inputs = SimpleNamespace(country="KEN", as_of=TODAY.date(), confidential=frozenset())
    return past_depreciation(inputs)


def test_members_of_the_euro_area_have_the_euro_s_rate(inputs_for):
    found = {iso: past_depreciation(inputs_for(iso)) for iso in ("DEU", "FRA", "HRV")}
    assert found["DEU"] == found["FRA"] == found["HRV"]
    assert found["DEU"].central == pytest.approx(0.124, abs=0.002)
    assert found["DEU"].severe == pytest.approx(0.218, abs=0.002)
    assert "of the euro" in found["DEU"].basis


def test_who_uses_another_s_money_has_its_rate(inputs_for):
    assert "Switzerland" in dollar_price(inputs_for("LIE")).kind
    assert dollar_price(inputs_for("CAF")).kind == "official rate"
    assert past_depreciation(inputs_for("SLV")).severe == 0


@pytest.mark.parametrize("iso", ["BOL", "LBN", "SAU", "IRN", "PRK", "ETH"])
def test_a_held_dead_or_unknown_rate_gives_an_assumption_and_never_nothing(inputs_for, iso):
    made = past_depreciation(inputs_for(iso))
    assert "not computed from the past" in made.basis
    assert "Assumption" in made.basis
    assert iso != "IRN" or "2017-07" in made.basis
    assert 0.1 < made.central < made.severe
    assert made.assumed


@pytest.mark.parametrize(
    "iso", ["LBN", "BOL", "ETH", "ZWE", "SDN", "NGA", "EGY", "SYR", "YEM", "ARG", "KEN", "TUR"]
)
def test_severe_is_never_below_what_prices_say_the_currency_has_lost_in_a_year(inputs_for, iso):
    """Windows with a price at both ends, counted here by hand."""
    inputs = inputs_for(iso)
    rate = dollar_price(inputs).monthly
    rate = rate[rate.index > rate.index[-1] - pd.DateOffset(years=20)].asfreq("ME")
    largest = float((1 - rate.shift(12) / rate).fillna(0.0).max())
    made = past_depreciation(inputs)
    assert made.severe >= min(largest, LARGEST) - 1e-12


def test_the_rungs_are_raised_to_what_was_measured_and_say_so(inputs_for):
    sudan = past_depreciation(inputs_for("SDN"))
    assert (sudan.central, sudan.severe) == (
        pytest.approx(0.629, abs=0.002),
        pytest.approx(0.877, abs=0.002),
    )
    assert "88 % in the twelve months to 2021-07 (official rate)" in sudan.basis
    assert "both rungs are raised" in sudan.basis


def test_the_step_of_a_rate_that_was_no_price_raises_no_rung(inputs_for):
    """Lebanon's peg of 1507.5 was changed to 89 500: what some twelve months lost at least is (1507.5/89500)^(1/5)."""
    lebanon, nigeria, bolivia = (past_depreciation(inputs_for(iso)) for iso in ("LBN", "NGA", "BOL"))
    for made in (lebanon, nigeria, bolivia):
        assert (made.central, made.severe) == (
            pytest.approx(0.218, abs=0.002),
            pytest.approx(0.607, abs=0.002),
        )
        assert "raised" not in made.basis
    least = 1 - (1507.5 / 89500) ** (1 / 5)
    assert (
        f"{100 * least:.0f} % or more within some twelve months between 2019-09 and 2024-01" in lebanon.basis
    )
    assert "(98 % in all)" in lebanon.basis
    assert "53 % in the twelve months to 2024-09 (official rate)" in nigeria.basis
    assert "21 % or more within some twelve months between 2023-01 and 2024-08" in bolivia.basis


@pytest.mark.parametrize(("months_without", "years"), [(5, 1), (10, 1), (12, 2), (24, 3)])
def test_the_least_that_a_gap_must_have_brought(months_without, years):
    """A price of 10, months without one, a price of 40: covered by so many years, of which one lost the mean or more."""
    rate = price(np.r_[10.0, np.full(months_without, np.nan), 40.0])
    found = measured(rate)
    assert found.largest == pytest.approx(1 - 0.25 ** (1 / years))
    assert "(75 % in all)" in found.when
    path = np.geomspace(
        10, 40, months_without + 2
    )  # the path that spreads it as evenly as can be loses no less
    steps = min(12, months_without + 1)
    assert found.largest <= 1 - path[0] / path[steps] + 1e-12


def test_a_rate_that_never_was_a_price_has_lost_nothing():
    """Nothing leads from hidden months to the first price; and a currency that rose over a gap lost nothing."""
    assert measured(price(np.r_[np.full(30, np.nan), np.full(30, 800.0)])).largest == 0
    assert measured(price(np.r_[40.0, np.full(30, np.nan), np.full(30, 10.0)])).largest == 0
    assert measured(price(np.full(40, np.nan))) is None
    assert gaps(months(np.full(3, np.nan))) == []


def test_the_last_rate_is_called_what_it_is():
    ended = DollarPrice(months(np.linspace(10, 40, 80), end="2021-04-30"), "official rate")
    assert falls(ended, TODAY)[1] == "the last rate in the vintage is of 2021-04"
    hidden = pd.date_range("2021-05-31", "2026-06-30", freq="ME")
    marked = DollarPrice(months(np.linspace(10, 40, 80), end="2021-04-30"), "official rate", hidden=hidden)
    assert falls(marked, TODAY)[1] == "the last rate that was a price is of 2021-04"


def test_few_windows_count_for_what_they_show(monkeypatch):
    """Six windows of a young money: no quantile of its own past, yet no rung below it."""
    pegs = EndedPegs(0.2, 0.5, 25, 18, "")
    made = by_past(monkeypatch, price(np.linspace(10, 40, 18)), pegs)
    assert made.assumed
    fell = 1 - np.linspace(10, 40, 18)[:-12] / np.linspace(10, 40, 18)[12:]
    assert made.severe == pytest.approx(fell.max())
    assert made.central == pytest.approx(np.quantile(fell, 0.9))
    calm = by_past(monkeypatch, price(np.full(18, 10.0)), pegs)
    assert (calm.central, calm.severe) == (0.2, 0.5)
    assert "Measured" not in calm.basis


def test_assumption_and_own_past_have_one_definition():
    """Twelve months from month to month: a rate that comes back within the year has not lost what it had in between."""
    held = np.full(40, 10.0)
    path = np.r_[held, np.full(6, 30.0), np.full(14, 15.0)]
    rates = pd.DataFrame({"AAA": path}, index=pd.date_range("2010-01-31", periods=60, freq="ME"))
    own = windows(rates["AAA"])
    (fall,) = falls_after_holding(rates)["fall"]
    assert fall == pytest.approx(1 / 3)
    assert fall == pytest.approx(own[rates.index[39 + 12]])
    (deepest,) = falls_after_holding(rates, CHOSEN._replace(deepest=True))["fall"]
    assert deepest == pytest.approx(2 / 3)


def test_variants_of_the_assumption_move_one_choice_each(inputs_for):
    frame = variants_table(inputs_for("KEN")).frame.set_index("what")
    pegs = ended_pegs(inputs_for("KEN"))
    used = frame.iloc[0]
    assert (used["n"], used["median"]) == (pegs.n, pytest.approx(100 * pegs.median))
    assert frame.loc["Held for 36 months", "n"] < pegs.n < frame.loc["Held for 12 months", "n"]
    assert frame.loc["20 % or more lost", "median"] > used["median"] > frame.loc["5 % or more lost", "median"]
    kept = frame.loc["Months in which the official rate was no price kept"]
    assert (kept["n"], kept["economies"]) == (32, 22)
    assert kept["median"] == pytest.approx(27.0, abs=0.2)


def test_marked_months_are_filled_by_the_rate_that_was_paid(inputs_for):
    """Argentina's cash rate of 2019 to 2023; what it says of windows is not what the official rate says."""
    inputs = inputs_for("ARG")
    found = dollar_price(inputs)
    cash = inputs.series("parallel_fx_lcu_per_usd").values["2023-07"].mean()
    assert found.monthly["2023-07"].iloc[0] == pytest.approx(cash)
    assert found.monthly["2018-07"].iloc[0] == pytest.approx(
        inputs.series("official_fx_lcu_per_usd").values["2018-07"].iloc[0]
    )
    assert "parallel_fx_lcu_per_usd" in found.series
    assert len(found.hidden) == 1


def test_marked_months_without_another_rate_are_left_out_to_the_day(inputs_for):
    """Lebanon's mark of October 2019 to December 2023: neither 1507.5 nor 15 000 is a price, 89 500 is."""
    monthly = dollar_price(inputs_for("LBN")).monthly
    assert monthly["2019-10":"2023-12"].isna().all()
    assert monthly["2019-09"].iloc[0] == pytest.approx(1507.5)
    assert monthly["2024-01"].iloc[0] == pytest.approx(89_500)


def test_hidden_windows_are_not_taken_for_calm_ones(inputs_for):
    """Half of Nigeria's windows touch marked months: what is left does not tell the tail; Venezuela's rest is worse."""
    made = past_depreciation(inputs_for("NGA"))
    assert "no price in 48 % of the windows" in made.basis
    assert made.assumed
    assert past_depreciation(inputs_for("VEN")).central > 0.9


@pytest.mark.parametrize(("last", "said"), [(10.5, 0.1), (200.0, 0.9), (600.0, 0.9), (2000.0, 0.9)])
def test_a_confidential_rate_gives_tenths_that_a_scenario_can_have(monkeypatch, last, said):
    """Falls of 5, 95, 98.3 and 99 %: neither nothing nor all of the value, which no shock may be."""
    found = price(np.r_[np.full(6, 10.0), np.full(12, last)], series=("official_fx_lcu_per_usd",))
    monkeypatch.setattr(module, "dollar_price", lambda inputs: found)
    monkeypatch.setattr(module, "ended_pegs", lambda inputs: EndedPegs(0.02, 0.03, 25, 18, ""))
    inputs = SimpleNamespace(country="KEN", as_of=TODAY.date(), confidential={"official_fx_lcu_per_usd"})
    made = past_depreciation(inputs)
    assert made.severe == pytest.approx(said)
    assert f"Measured here: about {100 * said:.0f} %" in made.basis
    assert "more than" not in made.basis
    assert Shock(0.5, depreciation=made.severe).depreciation < 1


def test_windows_of_a_floating_rate(monkeypatch):
    rng = np.random.default_rng(4)
    rate = np.exp(np.cumsum(rng.normal(0.005, 0.03, 241)))
    made = by_past(monkeypatch, price(rate))
    change = 1 - rate[:-12] / rate[12:]
    assert made.severe == pytest.approx(change[-228:].max())
    assert made.central == pytest.approx(np.quantile(change[-228:].clip(0), 0.9))
    assert "one of ten windows" in made.basis


def test_no_quantile_is_read_off_a_cliff(monkeypatch):
    """Twenty years held and one step of 60 %: the 90 % quantile over all windows lies on the way up to it."""
    rate = np.r_[np.full(205, 10.0), np.full(25, 25.0), np.full(11, 25.0)]
    made = by_past(monkeypatch, price(rate))
    assert (made.central, made.severe) == (pytest.approx(0.6), pytest.approx(0.6))
    assert "the one spell of falls" in made.basis
    two = np.r_[np.full(100, 10.0), np.full(60, 12.5), np.full(81, 25.0)]
    made = by_past(monkeypatch, price(two))
    assert (made.central, made.severe) == (pytest.approx(0.35), pytest.approx(0.5))


def test_a_held_rate_without_any_past_elsewhere_is_not_known(monkeypatch):
    made = by_past(monkeypatch, price(np.full(241, 3.75)))
    assert not made.known
    assert made.severe == 0
    assert "Assumption" not in made.basis


def test_a_new_unit_is_no_appreciation_and_an_old_rate_no_evidence():
    rate = np.r_[np.linspace(100, 200, 120), np.linspace(0.2, 0.4, 121)]
    found, reason = falls(price(rate), TODAY)
    assert not reason
    assert found.min() > 0
    assert len(found) == 228 - 12
    _, reason = falls(DollarPrice(months(rate, "2024-06-30"), ""), TODAY)
    assert "2024-06" in reason
    _, reason = falls(price(rate, marked_since=pd.Timestamp("2024-01-01")), TODAY)
    assert "no price since 2024-01" in reason


def test_spells_are_windows_without_a_month_between():
    fell = months([0, 0.1, 0.3, 0.01, 0.05, 0, 0])
    assert list(spells(fell)) == [0.3, 0.05]


def test_ends_of_held_rates_are_found_and_small_or_short_ones_are_not():
    held = np.full(40, 10.0)
    rates = pd.DataFrame(
        {
            "AAA": np.r_[held, np.full(20, 20.0)],  # half
            "BBB": np.r_[held, np.full(20, 10.5)],  # five percent
            "CCC": np.r_[np.linspace(5, 10, 40), np.full(20, 20.0)],  # never held
            "DDD": np.r_[held, np.full(20, np.nan)],  # nothing after
        },
        index=pd.date_range("2010-01-31", periods=60, freq="ME"),
    )
    found = falls_after_holding(rates)
    assert list(found["country"]) == ["AAA"]
    assert found["fall"].iloc[0] == pytest.approx(0.5)
    assert found["end"].iloc[0] == rates.index[39]


def test_ends_of_held_rates_in_the_vintage(inputs_for):
    pegs = ended_pegs(inputs_for("KEN"))
    assert pegs.n == 25
    assert pegs.economies == 18
    assert pegs.median == pytest.approx(0.218, abs=0.002)
    assert pegs.ninth == pytest.approx(0.607, abs=0.002)


def test_a_currency_that_loses_everything_is_refused_with_the_file_and_not_in_the_chapter(inputs_for):
    with pytest.raises((CryptoriskError, ValueError), match="less than 1"):
        Params(country="VNM", crash={"depreciation": {"low": 0, "central": 0.5, "high": 1}})
    near = CrashParams(depreciation={"low": 0, "central": 0.5, "high": 0.999})
    assert combined(near, inputs_for("VNM")).range_of("depreciation") == (0, 0.5, 0.999)
