"""The crypto channel: which rate is taken, stretches of exchange regimes, events, parts, and what is refused."""

import csv
import datetime as dt
import json
import math
import re
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import exchange as charts
from cryptorisk.charts import flight as flight_charts
from cryptorisk.countries import country, known
from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.models.flight import analyse
from cryptorisk.models.flight.channel import channel_part
from cryptorisk.models.flight.events import TABLE, monthly_steps, sourced_events, with_devaluations
from cryptorisk.models.flight.official_steps import split_at
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.premium import premium_part
from cryptorisk.models.flight.premium_parts import premium_parts
from cryptorisk.models.flight.shadow import comparator_changes, premium_series, published_pair, reference
from cryptorisk.models.flight.stretches import comparable
from cryptorisk.params import Params
from cryptorisk.result import Result

CASES = ("ARG", "BOL", "KEN", "NGA", "LBN", "VEN")
DAYS = pd.date_range("2020-01-01", "2022-12-31", freq="D")


class Column:
    def __init__(self, values, source):
        self.values, self.source_ids = values, (source,) if len(values) else ()
        self.sources_by_date = pd.Series(source, index=values.index, dtype="str")


class World:
    """A made-up economy behind the interface of the kit's inputs."""

    catalogue = catalogue()

    def __init__(self, columns, *, sources=None, confidential=(), iso3="KEN"):
        self.columns, self.named = columns, sources or {}
        self.confidential, self.country = frozenset(confidential), iso3
        self.as_of = dt.date(2026, 6, 30)

    def series(self, id, *, country=None, sources=None):
        empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
        return Column(self.columns.get(id, empty), self.named.get(id, "world"))

    def economies(self, id):
        return (self.country,) if id in self.columns else ()


def walk(days, seed, sd=0.006, drift=0.0):
    rng = np.random.default_rng(seed)
    return np.exp(np.cumsum(drift + sd * rng.standard_normal(len(days))))


@pytest.fixture(scope="module")
def result_of(inputs_for):
    kept = {}

    def of(iso3):
        if iso3 not in kept:
            kept[iso3] = analyse(inputs_for(iso3), Params(country=iso3))
        return kept[iso3]

    return of


@pytest.mark.parametrize("iso3", CASES)
def test_whole_chapters_are_sound(result_of, iso3):
    result = result_of(iso3)
    json.dumps(result.to_dict(), allow_nan=False)
    assert Result.from_dict(result.to_dict()).country == iso3
    ids = {one.id for one in result.estimates.values()}
    for finding in result.findings:
        assert set(finding.estimates) <= ids
        assert "nan" not in finding.text.split()
    for draw in (
        charts.official_rate,
        charts.premium_parts,
        charts.event_study,
        flight_charts.premium,
    ):
        figure = draw(result)
        assert bool(figure.svg) != bool(figure.reason)
        assert "nan" not in figure.title.lower().split()


def test_without_a_premium_the_channel_adds_no_empty_figures(result_of):
    kenya = result_of("KEN")
    assert not kenya["premium"].available
    assert not {"premium_mean", "premium_half_life", "discovery_share", "premium_crypto_part"} & set(
        kenya.estimates
    )
    assert not {"premium_stretches", "price_discovery", "official_steps"} & set(kenya.tables)


@pytest.mark.parametrize(
    ("iso3", "month", "at_least"), [("NGA", "2023-06", 30), ("EGY", "2024-03", 40), ("LBN", "2023-02", 800)]
)
def test_known_devaluations_are_steps_of_the_monthly_rate_on_an_axis_that_holds_them(
    inputs_for, iso3, month, at_least
):
    inputs = inputs_for(iso3)
    steps = monthly_steps(inputs.series("official_fx_lcu_per_usd").values)
    assert steps[f"{month}"].iloc[0] > at_least
    part = channel_part(inputs, country(iso3), seed=1)
    result = Result.build("flight", "x", iso3, estimates=part.estimates, tables=part.tables)
    table = result.tables["official_steps"].frame.set_index("month")
    assert table.loc[month, "what"]
    figure = charts.official_rate(result)
    assert figure.svg
    assert "logarithmic axis" in figure.subtitle


def test_eleven_powers_of_ten_stay_on_one_figure(result_of):
    venezuela = result_of("VEN")
    figure = charts.official_rate(venezuela)
    assert figure.svg
    frame = venezuela.tables["official_rate"].frame
    assert frame["rate"].max() / frame["rate"].min() > 1e11
    assert "The newest 12 of" in venezuela.tables["official_steps"].note


def test_argentine_controls_and_the_float_between_differ(result_of):
    frame = result_of("ARG").tables["premium_stretches"].frame
    assert [text.split(",")[0] for text in frame["stretch"]] == [
        "before controls",
        "controls",
        "free market",
        "controls",
    ]
    means = [float(text.split()[0].replace("−", "-")) for text in frame["mean"]]
    assert means[1] > 30
    assert means[3] > 50
    assert max(means[0], means[2]) < 5
    lives = list(frame["half_life"])
    assert lives[1].startswith("at least")
    assert lives[3].startswith("at least")
    assert 4 < float(lives[2].split()[0]) < 12


def test_argentine_prices_are_found_together_only_when_both_are_free(result_of):
    frame = result_of("ARG").tables["price_discovery"].frame
    refused = frame.set_index("stretch")["reason"]
    assert refused.loc[[name for name in refused.index if name.startswith("free")]].tolist() == [""]
    assert all(refused.loc[name] for name in refused.index if name.startswith("controls"))
    share = frame.loc[frame["reason"] == "", "middle"].iloc[0]
    low, high = (float(one) for one in share.split("(")[1].rstrip(")").split(" to "))
    assert 0 <= low < high <= 100


def test_the_lifting_of_2015_is_the_largest_move_of_the_argentine_premium(result_of):
    argentina = result_of("ARG")
    study = argentina.tables["event_study"].frame
    chosen = study[(study["series"] == "Premium") & (study["window"] == 20)].set_index("date")
    lifted = chosen.loc["2015-12-17"]
    assert lifted["change"] == chosen["change"].min()
    assert lifted["high"] < -20
    assert (chosen["holm"] >= chosen["p"]).all()
    events = argentina.tables["premium_events"].frame
    assert {"2011-10-31", "2015-12-17", "2019-09-02", "2023-08-14"} <= set(events["date"])
    assert "2023-12-13" not in set(events["date"])  # after the last quote
    assert "BBC" in argentina.tables["premium_events"].note


def test_so_few_windows_tell_nothing_from_chance_and_the_page_says_so(result_of):
    argentina = result_of("ARG")
    study = argentina.tables["event_study"].frame
    assert (study["p"] >= 1 / (study["windows"] + 1) - 1e-12).all()
    assert study.loc[study["window"] == 60, "windows"].max() < 20
    assert study["least"].min() > 0.05
    assert study["holm"].min() > 0.05
    assert not argentina.tables["premium_events"].frame["premium"].str.contains("*", regex=False).any()
    assert "nothing can be told from chance" in argentina.tables["event_study"].note
    figure = charts.event_study(argentina)
    assert "too few quotes to tell any from chance" in figure.title
    assert "filled" not in figure.subtitle
    alone = (study["low"] > 0) | (study["high"] < 0)
    assert (alone == (study["p"] <= 0.1 + 1e-9)).all()


def test_a_change_of_the_premium_at_a_step_is_split_between_the_two_rates(inputs_for, result_of):
    inputs = inputs_for("ARG")
    official = inputs.series("official_fx_daily_lcu_per_usd").values
    around = [
        official[official.index < "2015-12-17"].iloc[-1],
        official[official.index >= "2015-12-17"].iloc[0],
    ]
    split = split_at(premium_series(inputs), pd.Timestamp("2015-12-17"))
    assert split.premium == pytest.approx(split.shadow - split.official)
    assert split.official == pytest.approx(100 * math.log(around[1] / around[0]), abs=6)
    assert -8 < split.shadow < 0
    text = next(f.text for f in result_of("ARG").findings if f.id == "flight.premium_steps")
    assert "2015-12-17 official rate +38 %, shadow rate −4 %" in text
    assert text.count("shadow rate +") >= 5
    assert "2012-07-06" not in text  # no step
    assert "2014-01-23 official rate +19 %, shadow rate +13 %" in text
    assert "log %" not in text


def test_the_parts_of_a_closing_premium_have_their_signs(result_of, inputs_for):
    """A dearer official dollar lowers the premium, a cheaper shadow dollar too."""
    daily = premium_series(inputs_for("BOL")).daily[["shadow", "official"]]
    means = [
        np.log(daily.loc[days]).mean() for days in (daily.index < "2025-12-01", daily.index >= "2025-12-01")
    ]
    assert means[1]["official"] > means[0]["official"]
    text = next(f.text for f in result_of("BOL").findings if f.id == "flight.premium_closing")
    official, shadow, premium = (float(one.replace("−", "-")) for one in re.findall(r"([+−][0-9]+) %", text))
    assert 1 + premium / 100 == pytest.approx((1 + shadow / 100) / (1 + official / 100), abs=0.011)
    assert official > 15
    assert shadow < 0


@pytest.mark.parametrize(("factor", "word"), [(1.25, "25 % above"), (0.8, "20 % below")])
def test_what_comes_after_the_last_official_rate_is_dearer_or_cheaper(factor, word):
    days = DAYS[:400]
    official = pd.Series(100.0, index=DAYS[:300])
    shadow = pd.Series(130.0 * walk(days, 9, sd=0.002), index=days)
    shadow[days.to_period("M") == days[-1].to_period("M")] = 100.0 * factor
    world = World({"parallel_fx_lcu_per_usd": shadow, "official_fx_daily_lcu_per_usd": official})
    part = channel_part(world, country("KEN"), seed=1)
    later = next(f for f in part.findings if f.id == "flight.premium_later")
    assert word in later.text
    assert f"{days[-1]:%Y-%m}" in later.text
    assert later.severity == "notice"  # years before the report's date


def test_an_old_premium_is_neither_the_latest_nor_a_headline(result_of):
    argentina, bolivia = result_of("ARG"), result_of("BOL")
    assert "flight.premium" not in {f"flight.{one.removeprefix('flight.')}" for one in argentina.headline}
    assert "latest" not in argentina["premium"].label
    finding = next(f for f in argentina.findings if f.id == "flight.premium_level")
    assert finding.severity == "notice"
    assert "was 168 % in 2023-11" in finding.text
    assert "is not known since" in finding.text
    passed = r"the official rate has passed the parallel rate of that day \(1.443 in 2025-12, against 950\)"
    assert re.search(passed, finding.text)
    assert not [f for f in argentina.findings if f.id == "flight.premium_stale"]
    assert "latest" in bolivia["premium"].label
    assert any(one.endswith("premium") for one in bolivia.headline)


def test_levels_of_the_premium_are_in_percent_of_the_official_rate(result_of):
    bolivia = result_of("BOL")
    years = bolivia.tables["premium_years"].frame
    daily = bolivia.tables["premium"].frame
    assert years["max"].max() == pytest.approx(daily["highest"].max())
    assert bolivia["premium_peak"].value == pytest.approx(daily["premium"].max())
    for name in ("premium_years", "premium_episodes", "premium_stretches", "premium"):
        assert "log %" not in {column.unit for column in bolivia.tables[name].columns}
    assert "log" not in flight_charts.premium(bolivia).subtitle.replace("logarithmic", "")


def test_a_rate_after_the_last_official_one_is_told_what_it_lacks():
    """The reason was that the data have no parallel rate, to a bank that had just given one."""
    months = pd.date_range("2020-01-31", "2025-10-31", freq="ME")
    days = pd.bdate_range("2026-01-05", periods=20)
    columns = {
        "parallel_fx_lcu_per_usd": pd.Series(150.0, index=days),
        "official_fx_lcu_per_usd": pd.Series(129.0, index=months),
    }
    part = premium_part(World(columns), country("KEN"))
    for one in part.estimates:
        assert "parallel_fx_lcu_per_usd) has no official rate beside it" in one.reason
        assert "2026-01-05 to 2026-01-30" in one.reason
        assert "known from 2020-01 to 2025-10" in one.reason
        assert "official_fx_daily_lcu_per_usd for those days can be added" in one.reason
        assert "the data have no parallel" not in one.reason
    parts = next(one for one in channel_part(World(columns), country("KEN"), seed=1).estimates)
    assert "has no official rate beside it" in parts.reason
    columns["official_fx_daily_lcu_per_usd"] = pd.Series(129.0, index=days)
    found = premium_part(World(columns), country("KEN")).estimates[0]
    assert found.value == pytest.approx(100 * (150 / 129 - 1))


def test_a_newer_rate_without_an_official_one_is_named_where_an_older_is_used():
    columns = {
        "parallel_fx_lcu_per_usd": pd.Series(150.0, index=DAYS),
        "crypto_implied_fx_lcu_per_usd": pd.Series(160.0, index=pd.bdate_range("2026-01-05", periods=20)),
        "official_fx_daily_lcu_per_usd": pd.Series(129.0, index=DAYS),
    }
    part = premium_part(World(columns), country("KEN"))
    text = next(f.text for f in part.findings if f.id == "flight.premium_unused")
    assert "crypto_implied_fx_lcu_per_usd" in text
    assert "2026-01-05" in text


def test_one_quote_has_no_range_and_quotes_weeks_apart_no_half_life():
    days = DAYS[::37]
    rng = np.random.default_rng(8)
    columns = {
        "parallel_fx_lcu_per_usd": pd.Series(150 * np.exp(0.05 * rng.standard_normal(len(days))), index=days),
        "official_fx_daily_lcu_per_usd": pd.Series(129.0, index=DAYS),
    }
    world = World(columns)
    world.as_of = dt.date(2023, 1, 31)
    for one in premium_part(world, country("KEN")).estimates:
        assert one.available
        assert one.low is None
        assert one.interval == "none"
    columns["parallel_fx_lcu_per_usd"] = pd.Series(
        150 * np.exp(0.05 * rng.standard_normal(29)), index=DAYS[::37][:29]
    )
    part = channel_part(World(columns), country("KEN"), seed=1)
    life = next(one for one in part.estimates if one.id == "flight.premium_half_life")
    assert "more than 4 days apart" in life.reason
    assert not any(table.id == "flight.premium_events" for table in part.tables)


def test_weekends_without_an_official_rate_do_not_shorten_the_half_life():
    """On a weekend the shadow rate jitters about the carried official one; the premium of published days lasts."""
    rng = np.random.default_rng(12)
    working = pd.bdate_range("2021-01-01", "2022-12-30")
    gap = np.zeros(len(working))
    for t in range(1, len(working)):
        gap[t] = 0.93 * gap[t - 1] + 0.01 * rng.standard_normal()
    lasts = pd.Series(100 * np.exp(gap + 0.1), index=working)
    every = pd.date_range(working[0], working[-1], freq="D")
    shadow = lasts.reindex(every).ffill()
    weekend = ~every.isin(working)
    shadow[weekend] *= np.exp(0.05 * rng.standard_normal(int(weekend.sum())))
    columns = {
        "parallel_fx_lcu_per_usd": shadow,
        "official_fx_daily_lcu_per_usd": pd.Series(100.0, index=working),
    }
    part = channel_part(World(columns), country("KEN"), seed=1)
    life = next(one for one in part.estimates if one.id == "flight.premium_half_life")
    assert life.n_obs == len(working)
    assert life.low < math.log(0.5) / math.log(0.93) < life.high
    assert any(column.unit == "days with both rates" for column in part.tables[0].columns)


def test_a_months_official_mean_has_no_days_and_all_quotes_count():
    premium = pd.Series(10.0, index=DAYS[:90])
    none = pd.DataFrame(columns=["shadow", "official"], index=pd.DatetimeIndex([]))
    assert len(comparable(premium, none, False)) == 90


def test_bolivia_from_the_fixed_to_the_reference_rate(result_of):
    bolivia = result_of("BOL")
    assert 0 < bolivia["premium_mean"].low < bolivia["premium_mean"].value < bolivia["premium_mean"].high < 10
    life = bolivia["premium_half_life"]
    assert life.unit == "days"
    assert life.low < life.value < life.high
    assert not bolivia["discovery_share"].available
    reasons = bolivia.tables["price_discovery"].frame.set_index("stretch")["reason"]
    assert "set and not found" in next(text for name, text in reasons.items() if name.startswith("fixed"))
    closing = next(f.text for f in bolivia.findings if f.id == "flight.premium_closing")
    assert "no evidence that the crypto market was a way out" in closing
    later = next(f.text for f in bolivia.findings if f.id == "flight.premium_later")
    assert "in 2026-08" in later
    assert "15 % above" in later
    assert bolivia["premium"].value < 2 < 40 < bolivia["premium_year_high"].value
    study = bolivia.tables["event_study"].frame
    assert study.loc[study["series"] == "Premium", "change"].isna().all()
    assert study["reason"].str.contains("official side of the comparison changes").any()


def test_a_months_reference_is_not_taken_for_a_days(inputs_for):
    """Bolivia, November 2025: a month's buying value beside a day's selling value made a week's official rate of 10.4."""
    inputs = inputs_for("BOL")
    assert reference(inputs).index[0] == pd.Timestamp("2025-12-01")
    daily = premium_series(inputs).daily
    assert daily.loc["2025-11-01":"2025-11-08", "official"].unique().tolist() == [6.91]
    assert comparator_changes(inputs, pd.DatetimeIndex(daily.index)) == [pd.Timestamp("2025-12-01")]


def test_price_discovery_takes_published_days_alone(inputs_for):
    pairs = published_pair(inputs_for("BOL"), "crypto_implied_fx_lcu_per_usd")
    after = pairs[pairs.index >= "2025-12-10"]
    assert set(pd.DatetimeIndex(after.index).day_of_week) <= {0, 1, 2, 3, 4}


def test_every_event_has_a_source_that_was_read():
    rows = list(csv.DictReader(files("cryptorisk").joinpath(TABLE).read_text("utf-8").splitlines()))
    assert len({(row["iso3"], row["date"]) for row in rows}) == len(rows) > 10
    for row in rows:
        assert known(row["iso3"])
        assert row["url"].startswith("http")
        assert row["source"]
        assert row["what"]
        assert row["licence_class"] == "facts-quoted"
        assert row["kind"].replace("_", " ") in charts.MARKS
        assert dt.date(2000, 1, 1) < dt.date.fromisoformat(row["date"]) < dt.date(2026, 11, 23)


def test_events_after_the_reports_date_are_not_known():
    assert [one.date.year for one in sourced_events("ARG", dt.date(2014, 1, 1))] == [2011, 2012]


def test_a_devaluation_on_the_day_of_a_known_event_is_one_event():
    known_event = sourced_events("ARG", dt.date(2016, 1, 1))[-1]
    days = pd.bdate_range("2015-10-01", "2016-03-01")
    rate = pd.Series(np.where(days < "2015-12-17", 9.8, 13.8), index=days)
    found = with_devaluations([known_event], rate)
    assert len(found) == 1
    assert found[0].kind == "controls_eased"
    assert "up 41 % within 5 days" in found[0].what


def test_steps_are_between_months_that_follow_one_another():
    months = pd.to_datetime(["2020-01-31", "2020-02-29", "2020-12-31", "2021-01-31"])
    steps = monthly_steps(pd.Series([10.0, 11.5, 20.0, 20.5], index=months))
    assert [f"{month:%Y-%m}" for month in steps.index] == ["2020-02"]
    assert steps.iloc[0] == pytest.approx(15.0)


def parts_world(**rest):
    official = pd.Series(100 * walk(DAYS, 1, sd=0.0005), index=DAYS)
    cash = official * 1.4
    crypto = cash * np.exp(0.03 + 0.01 * np.random.default_rng(2).standard_normal(len(DAYS)))
    columns = {
        "crypto_implied_fx_lcu_per_usd": crypto,
        "parallel_fx_lcu_per_usd": cash,
        "official_fx_daily_lcu_per_usd": official,
    }
    return World(columns, **rest)


def test_a_planted_premium_is_split_into_its_parts():
    world = parts_world()
    parts = premium_parts(world).frame
    assert (parts["cash"] + parts["crypto"]).to_numpy() == pytest.approx(parts["premium"].to_numpy())
    part = channel_part(world, country("KEN"), seed=1)
    found = {one.id: one for one in part.estimates}
    cash, crypto = found["flight.premium_cash_part"], found["flight.premium_crypto_part"]
    assert cash.value == pytest.approx(100 * math.log(1.4))
    assert crypto.low < 3.0 < crypto.high
    result = Result.build("flight", "x", "KEN", estimates=part.estimates, tables=part.tables)
    assert charts.premium_parts(result).svg


def test_a_monthly_crypto_rate_is_split_by_the_months_mean_of_the_cash_rate():
    months = pd.date_range("2020-01-31", "2022-12-31", freq="ME")
    cash = pd.Series(140.0, index=DAYS)
    world = World(
        {
            "crypto_parallel_fx_lcu_per_usd": pd.Series(154.0, index=months),
            "parallel_fx_lcu_per_usd": cash,
            "official_fx_daily_lcu_per_usd": pd.Series(100.0, index=DAYS),
            "official_fx_lcu_per_usd": pd.Series(100.0, index=months),
        }
    )
    found = premium_parts(world)
    assert found.monthly
    assert found.frame["crypto"].iloc[0] == pytest.approx(100 * math.log(1.1))


def test_too_few_common_days_are_no_split():
    world = parts_world()
    world.columns["parallel_fx_lcu_per_usd"] = world.columns["parallel_fx_lcu_per_usd"].iloc[:30]
    part = channel_part(world, country("KEN"), seed=1)
    reason = next(one for one in part.estimates if one.id == "flight.premium_crypto_part").reason
    assert "only 30 days" in reason


def test_a_vendors_cross_of_bitcoin_is_no_shadow_rate_and_the_institutions_own_is():
    columns = {
        "btc_price_lcu": pd.Series(5_000_000.0 * 1.2, index=DAYS),
        "btc_price_usd": pd.Series(50_000.0, index=DAYS),
        "official_fx_daily_lcu_per_usd": pd.Series(100.0, index=DAYS),
    }
    assert premium_series(World(columns, sources={"btc_price_lcu": "yahoo_live"})) is None
    own = premium_series(World(columns, sources={"btc_price_lcu": BANK}))
    assert own.daily["premium"].iloc[0] == pytest.approx(100 * math.log(1.2))
    assert "bitcoin" in own.kind


def test_monthly_rates_have_a_half_life_in_months_and_no_discovery_or_event_study():
    months = pd.date_range("2012-01-31", "2022-12-31", freq="ME")
    rng = np.random.default_rng(3)
    gap = np.zeros(len(months))
    for t in range(1, len(months)):
        gap[t] = 0.6 * gap[t - 1] + 0.02 * rng.standard_normal()
    official = 100 * walk(months, 4, sd=0.02)
    world = World(
        {
            "crypto_parallel_fx_lcu_per_usd": pd.Series(official * np.exp(0.1 + gap), index=months),
            "official_fx_lcu_per_usd": pd.Series(official, index=months),
        }
    )
    part = channel_part(world, country("KEN"), seed=1)
    found = {one.id.removeprefix("flight."): one for one in part.estimates}
    assert found["premium_half_life"].unit == "months"
    assert found["premium_half_life"].low < math.log(0.5) / math.log(0.6) < found["premium_half_life"].high
    assert "averages of months" in found["discovery_share"].reason
    assert not {"flight.premium_events", "flight.event_study"} & {table.id for table in part.tables}


def test_two_free_markets_share_the_discovery_of_the_price():
    """The official rate moves by itself, the shadow rate follows it: its share is small."""
    rng = np.random.default_rng(5)
    x = np.full((len(DAYS), 2), math.log(100.0))
    for t in range(1, len(DAYS)):
        x[t] = (
            x[t - 1] + np.array([-0.15, 0.0]) * (x[t - 1, 0] - x[t - 1, 1]) + 0.006 * rng.standard_normal(2)
        )
    world = World(
        {
            "parallel_fx_lcu_per_usd": pd.Series(np.exp(x[:, 0]), index=DAYS),
            "official_fx_daily_lcu_per_usd": pd.Series(np.exp(x[:, 1]), index=DAYS),
        }
    )
    part = channel_part(world, country("KEN"), seed=1)
    share = next(one for one in part.estimates if one.id == "flight.discovery_share")
    assert share.unit == "pct"
    assert 0 <= share.low <= share.value <= share.high < 40


def test_confidential_rates_show_nothing_of_the_channel():
    world = parts_world(confidential=("crypto_implied_fx_lcu_per_usd",))
    part = channel_part(world, country("KEN"), seed=1)
    assert {one.reason for one in part.estimates} == {GIVES_AWAY}
    assert not part.tables


def test_an_earlier_date_sees_no_later_quote_or_event():
    params = Params(country="ARG", vintage="2026-11-23", as_of="2013-06-30")
    result = analyse(load_inputs(params), params)
    events = result.tables["premium_events"].frame
    assert events["date"].tolist() == ["2011-10-31", "2012-07-06"]
    assert all(
        "2013" in text or "2011" in text for text in result.tables["premium_stretches"].frame["stretch"]
    )


def test_the_same_seed_gives_the_same_channel(inputs_for):
    one, other = (channel_part(inputs_for("BOL"), country("BOL"), seed=7) for _ in range(2))
    assert one.estimates == other.estimates
    assert one.findings == other.findings


@pytest.mark.parametrize(
    ("iso3", "words"), [("SLV", "there is no official rate"), ("DNK", "no month since 2000")]
)
def test_an_official_rate_that_is_not_drawn_says_which_reason_holds(iso3, words):
    figure = charts.official_rate(Result.build("flight", "x", iso3))
    assert words in figure.reason
    assert " or " not in figure.reason
