"""Early warning and exchange-market pressure on the embedded vintage: dates, branches, what is refused, what is kept."""

import datetime as dt
import json
import math
import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import cryptorisk.analysis as analysis
from cryptorisk.charts import early_warning as charts
from cryptorisk.countries import country
from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import UNITS, Estimate
from cryptorisk.models import early_warning, flight, official
from cryptorisk.models.early_warning.choice import FIVE, MAIN, SEARCHES, choose
from cryptorisk.models.early_warning.forecasts import FEWEST_EVENTS, predict_chosen
from cryptorisk.models.early_warning.indicators import INDICATORS, panel
from cryptorisk.models.early_warning.reading import accuracy, judged_years, read
from cryptorisk.models.early_warning.sample import FIXED, rows
from cryptorisk.models.flight.early_warning import early_warning_part, stand
from cryptorisk.models.flight.early_warning_skill import followed_share, skill_part, skilled
from cryptorisk.models.flight.early_warning_tables import _sources
from cryptorisk.models.flight.overtaken import overtaken, regime_change
from cryptorisk.models.flight.pressure import Path, path
from cryptorisk.params import Override, Params
from cryptorisk.result import Column, Result, Table
from cryptorisk.stats.panel_logit import EVENTS_PER_COEFFICIENT
from cryptorisk.stats.scaling import Scaling

OWN = ("KEN", "NGA", "ARG", "EGY", "LBN", "BOL")
OTHERS = ("SLV", "CAF", "DEU", "TUV", "USA")


@pytest.fixture(scope="module")
def world(inputs_for):
    return early_warning.analyse(inputs_for("KEN"), Params(country="KEN"))


@pytest.fixture(scope="module")
def everyone(inputs_for):
    return panel(inputs_for("KEN"))


@pytest.fixture
def part_of(inputs_for, world):
    def part(iso3):
        return early_warning_part(inputs_for(iso3), country(iso3), world)

    return part


def named(part):
    return {one.id.removeprefix("flight."): one for one in (*part.estimates, *part.tables)}


def test_it_is_the_same_for_every_country_and_survives_being_written(world, inputs_for):
    assert early_warning.analyse(inputs_for("NGA"), Params(country="NGA")).to_dict() == world.to_dict()
    assert Result.from_dict(json.loads(json.dumps(world.to_dict()))).to_dict() == world.to_dict()


def test_the_bank_s_own_figures_do_not_enter_the_panel(world, kit_root):
    own = {"cpi_inflation_eop_pct": Override(value=412.0, date=dt.date(2025, 12, 31))}
    params = Params(country="KEN", overrides=own)
    inputs = load_inputs(params, root=kit_root)
    assert early_warning.analyse(inputs, params).to_dict() == world.to_dict()
    mine = named(early_warning_part(inputs, country("KEN"), world))
    assert mine["crash_probability"].value > 15  # the country's part reads them
    assert mine["crash_probability"].sources[0] == "bank"


@pytest.mark.parametrize(
    ("iso3", "year"),
    [
        ("NGA", 2016),
        ("NGA", 2023),
        ("EGY", 2016),
        ("EGY", 2022),
        ("EGY", 2024),
        ("LBN", 2023),
        ("ARG", 2002),
        ("ARG", 2018),
        ("ARG", 2023),
        ("TUR", 2018),
        ("GHA", 2022),
        ("LKA", 2022),
        ("ETH", 2024),
    ],
)
def test_known_crashes_are_dated(everyone, iso3, year):
    assert everyone.crash.loc[year, iso3] == 1


def test_kenya_and_a_fixed_rate_have_none(everyone):
    for iso3 in ("KEN", "BOL", "SAU"):
        assert everyone.crash[iso3].sum() == 0
    assert 80 < everyone.crash.sum().sum() < 130


def test_only_money_of_its_own_is_in_the_panel(everyone):
    for iso3 in ("SLV", "CAF", "USA", "TUV"):
        assert everyone.rate[iso3].loc[2001:].isna().all()
    assert everyone.rate["HRV"].loc[2022] > 1
    assert pd.isna(everyone.rate["HRV"].loc[2023])


def test_indicators_by_hand(everyone, inputs_for):
    inputs = inputs_for("KEN")
    rate = inputs.series("official_fx_lcu_per_usd").values
    value = 100 * math.log(rate["2023-12-31"] / rate["2022-12-31"])
    assert everyone.values["depreciation"].loc[2023, "KEN"] == pytest.approx(value)
    reserves = inputs.series("reserves_usd").values
    value = 100 * math.log(reserves["2022-12-31"] / reserves["2021-12-31"])
    assert everyone.values["reserve_growth"].loc[2023, "KEN"] == pytest.approx(value)  # a year older
    prices, abroad = (inputs.series("cpi_inflation_eop_pct", country=c).values for c in ("KEN", "USA"))
    real, level = {2018: 0.0}, 0.0
    for year in range(2019, 2024):
        end, before = f"{year}-12-31", f"{year - 1}-12-31"
        level += math.log(rate[end] / rate[before])
        level += math.log(1 + abroad[end] / 100) - math.log(1 + prices[end] / 100)
        real[year] = level
    mean = sum(real[year] for year in range(2018, 2023)) / 5
    assert everyone.values["overvaluation"].loc[2023, "KEN"] == pytest.approx(100 * (mean - real[2023]))


def test_no_window_reaches_beyond_the_data_and_no_year_after_a_crash_is_used(everyone):
    sample = rows(everyone, FIXED)
    assert sample.year.max() + FIXED.horizon <= everyone.years[-1]
    crash, risen = everyone.crash, everyone.risen
    for year, place in zip(sample.year, sample.place, strict=True):
        assert crash.loc[year, place] != 1
        assert year == crash.index[0] or crash.loc[year - 1, place] != 1
        assert not risen.loc[year, place]
        assert year == crash.index[0] or not risen.loc[year - 1, place]
    known = dict(zip(zip(sample.year, sample.place, strict=True), sample.y, strict=True))
    assert known[(2014, "NGA")] == 1
    assert known[(2013, "NGA")] == 0
    assert (2016, "NGA") not in known


def test_the_equation_is_judged_on_years_not_seen(world):
    main, rule = accuracy(world, "main"), accuracy(world, "rule_inflation")
    assert 0.5 < main["low"] < main["auroc"] < main["high"] < 1
    assert main["crashes"] >= FEWEST_EVENTS
    assert rule["rows"] == main["rows"]
    assert main["skill"] > 0
    facts = world.tables["equations"].frame
    assert (facts["refused"] == "").all()
    assert (facts["draws"] > 450).all()
    assert len(world.tables["signals"].frame) == len(INDICATORS)


@pytest.mark.parametrize("iso3", OWN)
def test_economies_with_money_of_their_own(part_of, iso3):
    found = named(part_of(iso3))
    for one in part_of(iso3).estimates:
        assert one.unit in UNITS
        assert one.available or len(one.reason) > 20, one.id
    assert {"pressure", "signals", "signals_path", "early_warning_accuracy"} <= set(found)
    chance = found["crash_probability"]
    assert chance.available == (iso3 == "KEN")
    if chance.available:
        assert 0 < chance.low <= chance.value <= chance.high < 100
        assert "early_warning_contributions" in found
        assert chance.date == "2026/2027"
        assert "2025" in chance.note
        followed = found["crash_followed"]
        assert followed.low < followed.value < followed.high
        text = next(f.text for f in part_of(iso3).findings if f.id == "flight.crash_probability")
        assert f"{followed:full}" in text


@pytest.mark.parametrize("iso3", OTHERS)
def test_economies_without(part_of, iso3):
    part = part_of(iso3)
    assert not part.tables
    for one in part.estimates:
        assert not one.available
        assert not one.applies
    assert "does not apply" in " ".join(finding.text for finding in part.findings)


def test_readings_are_plausible(part_of):
    value = {iso3: named(part_of(iso3))["crash_probability"].value for iso3 in ("KEN", "UGA", "TUR")}
    assert value["KEN"] < 6 < value["TUR"]
    assert value["UGA"] < value["TUR"]
    base = named(part_of("KEN"))["crash_base_rate"].value
    assert value["KEN"] < base


def test_after_a_crash_no_probability_is_given(part_of):
    reason = named(part_of("EGY"))["crash_probability"].reason
    assert "crashed in 2024" in reason


@pytest.mark.parametrize(("iso3", "year"), [("LBN", 2024), ("NGA", 2024), ("ARG", 2025)])
def test_after_a_rise_as_large_as_a_crash_no_probability_is_given(part_of, everyone, iso3, year):
    """Lebanon 2024: +497 % after +895 % is no crash by the rule, and no calm year either."""
    assert everyone.crash.loc[year, iso3] == 0
    reason = named(part_of(iso3))["crash_probability"].reason
    assert f"the dollar became dearer by 30 % or more in {year}" in reason


def test_a_crash_that_has_come_is_not_forecast(part_of, inputs_for):
    """Bolivia: 6.91 until November 2025, then a reference, and a flexible rate since 26 June 2026."""
    part = part_of("BOL")
    for name in flight.early_warning.IDS.values():
        one = named(part)[name.removeprefix("flight.")]
        assert not one.available
        assert "the crash has come: in 2026-06" in one.reason
        assert "43 % higher" in one.reason
    finding = next(f for f in part.findings if f.id == "flight.crash_probability")
    assert finding.severity == "warning"
    signals = named(part)["signals"].frame.set_index("label")
    assert signals.loc["Depreciation over the year", "state"] == "on"
    inputs = inputs_for("BOL")
    assert overtaken(inputs, 2025).crashed
    assert overtaken(inputs, 2026) is None
    assert overtaken(inputs_for("KEN"), 2025) is None


def test_a_change_of_regime_overtakes_older_figures(inputs_for):
    event = regime_change(inputs_for("BOL"), dt.date(2025, 12, 31))
    assert event.date == dt.date(2026, 6, 26)
    assert regime_change(inputs_for("BOL"), dt.date(2026, 6, 26)) is None


def test_the_kept_rate_is_the_one_that_stands(inputs_for):
    inputs = inputs_for("BOL")
    rate = official.monthly(inputs)
    assert rate["2025-11-30"] == pytest.approx(6.91)
    assert rate["2025-12-31"] == pytest.approx(official.reference(inputs)["2025-12"].mean())
    ends = official.year_ends(inputs, ["BOL", "ARG", "KEN"])
    assert ends.basis.loc[2025, "BOL"] == official.WEEK
    assert 8 < ends.rate.loc[2025, "BOL"] < 9
    daily = inputs.panel("official_fx_daily_lcu_per_usd")["ARG"].dropna()
    assert ends.rate.loc[2015, "ARG"] == daily["2015"].iloc[-1]
    assert ends.basis.loc[2015, "ARG"] == official.DAY
    assert ends.basis.loc[2023, "ARG"] == official.STEPPED  # the daily rate ends in November
    assert ends.basis.loc[2022, "KEN"] == official.DECEMBER


def test_argentina_s_two_devaluations_are_two_crashes(everyone):
    """From year-end to year-end 33 % in 2013 and 52 % in 2015; means of December show neither."""
    for year in (2013, 2015):
        assert everyone.crash.loc[year, "ARG"] == 1


def test_one_crash_in_two_windows_is_counted_once(everyone, world):
    sample = rows(everyone, FIXED)
    pairs = {(place, year) for place, year in zip(sample.place, sample.crash, strict=True) if year}
    assert sample.crashes == len(pairs) < sample.y.sum()
    assert all(everyone.crash.loc[year, place] == 1 for place, year in pairs)
    assert ((sample.crash > 0) == (sample.y == 1)).all()
    facts = world.tables["equations"].frame.set_index("equation")
    for one in SEARCHES:
        chosen = read(world, one.name).regressors
        assert facts.loc[one.name, "crashes"] >= EVENTS_PER_COEFFICIENT * (len(chosen) + 1)
        assert accuracy(world, one.name)["crashes"] >= FEWEST_EVENTS
    five = world.tables["accuracy"].frame.set_index("predictor").loc["five"]
    assert "different crashes to judge by" in five["refused"]


@pytest.mark.parametrize("year", [2012, 2016, 2020, 2025])
def test_the_variables_of_a_year_are_those_that_bic_chooses_on_what_was_over_by_then(everyone, world, year):
    """Against statsmodels; 2025 is today's equation. Windows of two years overlap: half of ln L, half the rows."""
    sample = rows(everyone, MAIN.widest)
    before = sample.take(sample.year + MAIN.horizon <= year)
    x = Scaling.learn(before.x).apply(before.x)

    def halved(fit):
        return -fit.llf + len(fit.params) * math.log(len(before.y) / 2)

    bic = {(): halved(sm.Logit(before.y, np.ones(len(before.y))).fit(disp=0))}
    for size in range(1, min(3, before.crashes // 10 - 1) + 1):
        for chosen in combinations(range(len(FIVE)), size):
            fit = sm.Logit(before.y, sm.add_constant(x[:, list(chosen)])).fit(disp=0)
            bic[tuple(FIVE[k] for k in chosen)] = halved(fit)
    best = min(bic, key=bic.get)
    frame = world.tables["choices"].frame
    row = frame[(frame["equation"] == "main") & (frame["year"] == year)].iloc[0]
    assert row["chosen"] == ";".join(best)
    assert row["lead"] == pytest.approx(bic[()] - bic[best], abs=1e-4)
    assert (year in (2012, 2016)) == (best == ())
    if year == 2025:
        assert read(world, "main").regressors == best


def test_a_choice_needs_twenty_crashes(everyone, world):
    sample = rows(everyone, MAIN.widest)
    first = int(world.tables["choices"].frame["year"].min())
    assert sample.take(sample.year + 2 <= first).crashes >= 2 * EVENTS_PER_COEFFICIENT
    assert choose(sample.take(sample.year + 2 <= first - 1), MAIN) is None
    assert accuracy(world, "main")["first"] == first


def test_what_followed_a_probability_has_an_interval_or_a_reason(world):
    frame = world.tables["calibration"].frame
    assert 0 < frame["rows"].sum() < accuracy(world, "main")["rows"]  # without the years that had no variable
    for row in frame.to_dict("records"):
        assert (row["low"] < row["mean_y"] < row["high"]) == (row["crashes"] >= 5)
    top = frame.iloc[-1]
    given = Estimate("flight.crash_probability", "P", 100 * float(top["to"]) - 1, "pct")
    followed = followed_share(world, given)
    assert followed.value == pytest.approx(100 * top["mean_y"])
    assert followed.n_obs == top["rows"]
    with_ = [year for year, chosen in judged_years(world).items() if chosen]
    assert followed.date == f"{with_[0]}/{with_[-1]}"
    assert followed_share(world, Estimate.missing("flight.crash_probability", "P", "pct", "none")) is None


def test_a_year_without_a_variable_says_nothing_of_calm_economies(everyone, world):
    """The one share of all, 4.6 %, would put every economy of 2012 into the lowest bin, those of high inflation too."""
    known = predict_chosen(everyone, MAIN)
    frame = world.tables["calibration"].frame.set_index("from")
    chosen = known[known["chosen"] != ""]
    assert frame["rows"].sum() == len(chosen)
    lowest = known[known["p"] <= 0.05]
    assert lowest["chosen"].eq("").any()
    assert frame.loc[0.0, "mean_y"] == pytest.approx(chosen.loc[chosen["p"] <= 0.05, "y"].mean())
    assert frame.loc[0.0, "mean_y"] < lowest["y"].mean()
    note = next(one for one in skill_part(world).tables if one.id == "flight.early_warning_calibration").note
    assert "no variable was chosen then" in note


def test_no_warning_rests_on_an_equation_without_skill(part_of, world):
    text = next(f.text for f in part_of("ARG").findings if f.id == "flight.early_warning_skill")
    finding = next(f for f in part_of("TUR").findings if f.id == "flight.crash_probability")
    assert "above the" in finding.text
    assert ("No warning rests on it" in text) == (finding.severity == "notice") == (not skilled(world))
    main = accuracy(world, "main")
    assert f"{int(main['events'])} rows before {int(main['crashes'])} crashes in" in text
    years = judged_years(world)
    assert f"no variable was chosen in {list(years.values()).count(False)} of {len(years)} years" in text


def dates_of(part):
    return next(f.text for f in part.findings if f.id == "flight.pressure_dates")


def test_what_a_second_market_hides_is_said_with_the_dates(part_of):
    text = {iso3: dates_of(part_of(iso3)) for iso3 in OWN}
    assert (
        "In 2020 to 2021 the official rate was held beside a second market; the rate stood still to 2022, and what became "
        "of that market is not known here" in text["LBN"]
    )
    assert "In 2024 to 2025 the official rate was held" in text["BOL"]
    assert "there was a second market" not in text["KEN"]


def test_a_rise_of_the_policy_rate_alone_is_no_crisis(part_of):
    """Nigeria's rate of October 2011 rose by 2.75 points beside a calm naira; 2016 and 2023 were devaluations."""
    nigeria = part_of("NGA")
    assert "opened in 2016 and 2023, and in 2011 by a rise of the policy rate alone;" in dates_of(nigeria)
    rules = named(nigeria)["pressure_crises"].frame.set_index("date")["rule"]
    assert rules["2011-10"].endswith("the policy rate alone")
    assert not rules.drop("2011-10").str.contains("alone").any()


def test_all_years_with_a_second_market_are_named_and_where_the_coding_ends(part_of, inputs_for):
    nigeria = dates_of(part_of("NGA"))
    assert "In 2004 to 2005, 2017 to 2019 and 2021 the official rate was held" in nigeria
    assert "In 2000 to 2003, 2015 to 2016 and 2020 there was also a second market" in nigeria
    assert "2006" not in nigeria  # coded without one
    share = inputs_for("NGA").series("irr_dual_market_share_of_months").values.dropna()
    assert f"coded to {share.index[-1].year}" in nigeria
    assert "coded to" in dates_of(part_of("KEN"))
    argentina = dates_of(part_of("ARG"))
    assert "2006 to 2009, 2012 to 2015 and 2020 to 2023" in argentina  # a premium of 3 % is no second market


def test_the_dates_say_how_far_the_rules_reach_and_what_came_since(part_of):
    bolivia = dates_of(part_of("BOL"))
    assert (
        "than in the year before; to 2025) in no year. Since the end of 2025 the crash has come: in 2026-06"
        in bolivia
    )
    assert "43 % higher" in bolivia
    for iso3 in ("KEN", "NGA", "LBN"):
        text = dates_of(part_of(iso3))
        assert "Since the end" not in text
        assert len(re.findall(r"; to 20[0-9]{2}(?:-[0-9]{2})?\) (?:opened )?in", text)) == 2


def test_the_sentence_and_the_figure_have_the_same_years(part_of):
    for iso3 in OWN:
        part = part_of(iso3)
        title = charts.pressure(_result(part, iso3)).title
        by_pressure = re.sub(r"\([^)]*\)", "", dates_of(part)).split(";")[0]
        years = re.findall(r"(?:19|20)[0-9]{2}", title)
        assert years
        assert sorted(re.findall(r"(?:19|20)[0-9]{2}", by_pressure)) == years


def test_other_months_are_no_interval_of_the_last_one(part_of, inputs_for):
    for iso3 in OWN:
        found = named(part_of(iso3))
        now, peak = found["pressure_index"], found["pressure_peak"]
        assert now.interval == peak.interval == "none"
        assert now.low is now.high is None
        assert now.date in now.label
        assert peak.value >= now.value
    nigeria = named(part_of("NGA"))["pressure_index"]
    assert nigeria.date == "2024-08"
    rate = inputs_for("NGA").series("official_fx_lcu_per_usd").values.dropna()
    assert f"known to {rate.index[-1]:%Y-%m}" in nigeria.note
    assert "rise of the policy rate not known since" in nigeria.note


def test_every_signal_has_the_year_and_the_unit_of_its_figure(part_of):
    part = part_of("KEN")
    table = named(part)["signals"]
    frame = table.frame.set_index("label")
    assert "Inflation, end of year" in frame.index
    assert frame.loc["Change of reserves", "year"] == 2024
    assert frame.loc["Depreciation over the year", "year"] == 2025
    assert frame["unit"].isin(["%", "times", "% of GDP"]).all()
    assert not [one.label for one in table.columns if "2025" in one.label]
    on = named(part)["signals_on"]
    assert on.date == "2024/2025"
    assert on.note == "From 4 figures of 2025 and 3 of 2024."
    text = next(f.text for f in part.findings if f.id == "flight.signals")
    assert "on 4 figures of 2025 and 3 of 2024: none of 7" in text


def test_peaks_stand_beside_openings(part_of):
    kenya = named(part_of("KEN"))["pressure_crises"].frame.set_index("date")["peak"]
    assert kenya["2023-03"].startswith("2023-12, 3.")
    nigeria = named(part_of("NGA"))["pressure_crises"].frame
    opened = nigeria[nigeria["rule"].str.startswith("pressure")].set_index("date")["peak"]
    assert opened["2023-06"].startswith("2024-02, 6.")
    variants = named(part_of("KEN"))["pressure_multiples"].frame
    assert list(variants["multiple"]) == [1.5, 2.0, 3.0] * 2
    ordinary = variants[(variants["scales"] == "ordinary") & (variants["multiple"] == 2)]["opens"].iloc[0]
    assert "2023-12" in ordinary
    assert "2023-03" not in ordinary


def test_pressure_dates(part_of, inputs_for):
    dates = {iso3: list(named(part_of(iso3))["pressure_crises"].frame["date"]) for iso3 in OWN}
    assert [date[:4] for date in dates["KEN"]] == ["2008", "2011", "2015", "2023"]
    assert "2023-06" in dates["NGA"]
    assert "2024-03" in dates["EGY"]
    assert {"2019-08", "2023-08"} <= set(dates["ARG"])
    assert "2023" in dates["LBN"]
    assert "2023" in dates["BOL"]  # in reserves, at an unchanged rate
    fixed = path(inputs_for("BOL"))
    assert isinstance(fixed, Path)
    assert fixed.step == "year"
    assert fixed.names == ("depreciation", "reserves")
    assert path(inputs_for("KEN")).step == "month"


def test_monthly_reserves_are_used_where_they_are_known(kit_root, tmp_path):
    months = pd.date_range("2010-01-31", "2025-10-31", freq="ME")
    values = [4e9 * (1 + 0.02 * math.sin(k)) for k in range(len(months))]
    file = tmp_path / "reserves.csv"
    pd.DataFrame({"date": months, "value": values}).to_csv(file, index=False)
    params = Params(country="BOL", overrides={"reserves_monthly_usd": Override(file=str(file), unit="usd")})
    found = path(load_inputs(params, root=kit_root))
    assert found.step == "month"
    assert found.names == ("depreciation", "reserves")
    assert "bank" in found.sources


def test_a_confidential_figure_is_not_given_back(kit_root, world):
    own = {"reserves_usd": Override(value=5.4321e9, date=dt.date(2024, 12, 31), confidential=True)}
    inputs = load_inputs(Params(country="KEN", overrides=own), root=kit_root)
    part = early_warning_part(inputs, country("KEN"), world)
    found = named(part)
    assert not {"signals", "signals_path", "early_warning_contributions"} & set(found)
    with_reserves = found["crash_probability_reserves"]
    assert with_reserves.value == float(f"{with_reserves.value:.0e}")
    assert "confidential" in with_reserves.note
    texts = " ".join(finding.text for finding in part.findings)
    assert "not shown" in texts
    assert "Early warning" not in charts.signals(_result(part, "KEN")).svg


def test_a_confidential_figure_in_the_pressure_is_not_shown(kit_root, world):
    own = {"reserves_usd": Override(value=5.4321e9, date=dt.date(2024, 12, 31), confidential=True)}
    inputs = load_inputs(Params(country="BOL", overrides=own), root=kit_root)
    found = named(early_warning_part(inputs, country("BOL"), world))
    assert not {"pressure", "pressure_multiples"} & set(found)


def test_old_figures_are_refused_with_their_name(inputs_for, world):
    here = panel(inputs_for("KEN"), only="KEN")
    place = stand(here, read(world, "main"), dt.date(2031, 1, 1))
    assert place.year is None
    assert "no recent figure of" in place.reason


def test_an_earlier_date_sees_less(kit_root):
    params = Params(country="EGY", as_of=dt.date(2011, 6, 30))
    inputs = load_inputs(params, root=kit_root)
    early = early_warning.analyse(inputs, params)
    assert read(early, "main") is None or read(early, "main").last <= 2009
    found = named(early_warning_part(inputs, country("EGY"), early))
    assert not found["crash_probability"].available
    assert "too few" in found["crash_probability"].reason or "rarer" in found["crash_probability"].reason


@pytest.mark.parametrize("iso3", [*OWN, "SLV"])
def test_figures_survive_the_notebook(part_of, iso3):
    result = Result.from_dict(json.loads(json.dumps(_result(part_of(iso3), iso3).to_dict())))
    for draw in (charts.pressure, charts.signals, charts.roc):
        figure = draw(result)
        assert figure.svg or figure.reason
        assert bool(figure.svg) == (iso3 != "SLV")


def test_the_chapter_carries_it_and_takes_the_kept_one(inputs_for, world, monkeypatch):
    inputs, params = inputs_for("KEN"), Params(country="KEN")
    monkeypatch.setattr(flight, "analyse_early_warning", lambda *_: pytest.fail("computed although given"))
    result = flight.analyse(inputs, params, None, world)
    assert result["crash_probability"].value < 10
    assert {"pressure", "signals", "early_warning_accuracy"} <= set(result.tables)


def test_it_is_kept_once_for_all_countries(inputs_for, tmp_path, monkeypatch):
    for name in ("notebooks", "params", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    first = analysis.analyse_early_warning(inputs_for("KEN"), Params(country="KEN"))
    monkeypatch.setattr(analysis.early_warning, "analyse", lambda *_: pytest.fail("computed again"))
    second = analysis.analyse_early_warning(inputs_for("NGA"), Params(country="NGA"))
    assert second.to_dict() == first.to_dict()
    (place,) = (tmp_path / ".cache" / "results").glob("early-warning-*.json")
    assert "KEN" not in place.name


def _result(part, iso3):
    return Result.build(
        "flight", "F", iso3, estimates=part.estimates, tables=part.tables, findings=part.findings
    )


def test_equations_are_those_that_are_read():
    assert [one.name for one in SEARCHES] == list(flight.early_warning.IDS)


def test_an_equation_that_was_refused_has_no_source_called_nan():
    """A row without sources reads NaN where another row has them."""
    facts = pd.DataFrame([{"sources": "weo_2026_04;wdi_2026_07"}, {"refused": "too few"}, {"sources": ""}])
    world = Result.build(
        "early_warning",
        "World",
        "WLD",
        tables=[Table("early_warning.equations", "Equations", facts, (Column("sources", "Sources"),))],
    )
    assert _sources(world) == ("weo_2026_04", "wdi_2026_07")
