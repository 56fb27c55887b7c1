"""Month by month on the embedded vintage: adds up, is marked as modelled, refuses with a reason."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import forecast as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import market, volumes
from cryptorisk.models.volumes.fit import fit
from cryptorisk.models.volumes.monthly import month_by_month
from cryptorisk.models.volumes.monthly_estimates import NAMES
from cryptorisk.params import Params
from cryptorisk.result import Result

REAL = ("KEN", "NGA", "DEU", "TUV", "LBN")


@pytest.fixture(scope="module")
def world(inputs_for):
    return market.analyse(inputs_for("KEN"), Params(country="KEN"))


@pytest.fixture(scope="module")
def result_for(inputs_for, world):
    found = {}

    def analyse(iso3):
        if iso3 not in found:
            found[iso3] = volumes.analyse(inputs_for(iso3), Params(country=iso3), world)
        return found[iso3]

    return analyse


@pytest.fixture(scope="module")
def months_for(inputs_for, world):
    @cache
    def one(iso3, seed=1):
        inputs, params = inputs_for(iso3), Params(country=iso3)
        return month_by_month(fit(inputs, params), inputs, world, seed=seed)

    return one


@pytest.mark.parametrize("iso3", REAL)
def test_months_add_up_to_the_annual_figures(months_for, result_for, iso3):
    found = months_for(iso3)
    for path in (found.region, found.country):
        sums = [path.centre[found.within(year)].sum() for year in found.years]
        assert sums == pytest.approx(path.annual)
        assert (path.draws > 0).all()
    own = result_for(iso3).tables["country_path"].frame["value"].to_numpy()
    region = result_for(iso3).tables["region_path"].frame["value"].to_numpy()
    assert found.country.annual[-1] / 1e9 == pytest.approx(own[-1])
    assert found.region.annual[-1] / 1e9 == pytest.approx(region[-1])
    # Years in the chapter's tables are those of the months: in the terms of the last report.
    assert found.country.annual / 1e9 == pytest.approx(own, rel=0.02)
    assert found.region.annual / 1e9 == pytest.approx(region, rel=0.02)
    path = result_for(iso3).tables["country_path"].frame
    assert path["value"][3] / path["first"][3] > 1.1  # 2023/24 was restated upwards by the report on 2024/25


def test_changes_of_the_path_are_the_growth_that_the_chapter_prints(months_for, result_for):
    found, result = months_for("KEN"), result_for("KEN")
    growth = result["region_growth_pct"]
    assert 100 * (found.region.annual[-1] / found.region.annual[-2] - 1) == pytest.approx(
        growth.value, rel=0.02
    )
    inside = [found.region.draws[:, found.within(year)].sum(axis=1) for year in found.years[-2:]]
    drawn = np.quantile(100 * (inside[1] / inside[0] - 1), [0.1, 0.9])
    assert drawn == pytest.approx([growth.low, growth.high], abs=3)


def test_draws_of_the_last_published_year_span_its_interval(months_for, result_for):
    found = months_for("KEN")
    row = result_for("KEN").tables["region_path"].frame.iloc[-1]
    sums = found.region.draws[:, found.within(found.years[-1])].sum(axis=1) / 1e9
    assert np.quantile(sums, [0.1, 0.9]) == pytest.approx([row["low"], row["high"]], rel=0.05)


def test_stages_follow_one_another(months_for):
    found = months_for("KEN")
    assert found.months[0] == pd.Timestamp("2020-07-31")
    assert list(dict.fromkeys(found.stage)) == ["spread", "nowcast", "forecast"]
    assert sum(found.ahead) == 12
    assert found.last_observed == pd.Timestamp("2026-05-31")


def test_doubt_grows_beyond_the_published_years(months_for):
    found = months_for("KEN")
    spread = np.log(found.region.draws).std(axis=0)
    inside = spread[[one == "spread" for one in found.stage]]
    assert spread[[one == "nowcast" for one in found.stage]].mean() > 1.3 * np.median(inside)
    assert spread[-1] > spread[-12] > np.median(inside)


def test_bitcoin_terms_divide_by_the_months_price(months_for, inputs_for):
    found = months_for("KEN")
    price = inputs_for("KEN").series("btc_price_usd", country="WLD").values["2024-11"].mean()
    place = list(found.months).index(pd.Timestamp("2024-11-30"))
    assert found.country.centre[place] / found.country.coins[place] == pytest.approx(price)
    ratio = found.country.draws[:, place] / found.country.coin_draws[:, place]
    assert ratio == pytest.approx(np.full(len(ratio), price))
    ahead = found.country.draws[:, -1] / found.country.coin_draws[:, -1]
    assert np.std(np.log(ahead)) > 0.05  # ahead the price is drawn too


def test_the_same_seed_gives_the_same_months_and_another_one_nearly(months_for):
    one, other = months_for("KEN"), months_for("KEN", seed=2)
    again = months_for.__wrapped__("KEN")
    assert (one.country.draws == again.country.draws).all()
    assert not (one.country.draws == other.country.draws).all()
    ends = [np.quantile(x.region.draws[:, 66], [0.1, 0.9]) for x in (one, other)]
    assert ends[0] == pytest.approx(ends[1], rel=0.12)


@pytest.mark.parametrize("iso3", REAL)
def test_numbers_are_modelled_with_prediction_intervals(result_for, iso3):
    result = result_for(iso3)
    for name in NAMES:
        estimate = result[name]
        assert estimate.available
        assert estimate.data_class == "modelled"
        assert estimate.low < estimate.value < estimate.high
        assert set(estimate.sources) >= {"chainalysis_geography", "defillama"}
    assert result["country_nowcast_usd"].date == "2025-07/2026-06"
    assert result["country_forecast_usd"].date == "2026-06/2027-05"
    assert "11 and forecast in 1" in result["country_nowcast_usd"].note
    assert "was observed" in result["country_nowcast_usd"].note


def test_a_country_is_part_of_its_region(result_for):
    for iso3 in REAL:
        result = result_for(iso3)
        assert result["country_nowcast_usd"].value < result["region_nowcast_usd"].value


def test_an_economy_without_annual_volumes_has_no_months_but_its_region_has(result_for):
    result = result_for("PRK")
    assert not result["country_nowcast_usd"].available
    assert "annual volume" in result["country_nowcast_usd"].reason
    assert result["region_nowcast_usd"].available
    assert "monthly_country" not in result.tables
    assert charts.months(result).svg
    assert "The region" in charts.months(result).title


def test_sentences_say_what_is_not_known(result_for):
    texts = {f.id.split(".")[1]: f.text for f in result_for("KEN").findings}
    assert "ever observed" in texts["months_not_observed"]
    assert "not scored" in texts["months_not_observed"]
    assert "weak evidence at best" in texts["index_knows_little"]
    assert "like for like" in texts["index_knows_little"]
    assert "2024/25 from the years before" in texts["nowcast"]
    assert "No figure after June 2025 exists" in texts["nowcast"]
    assert not any("log %" in text or "MASE" in text for text in texts.values())
    accuracy = result_for("KEN").tables["forecast_accuracy"].note
    assert "times that of no change" in accuracy or "by no change" in accuracy
    assert "month 6 of the forecast" in texts["index_late"]
    assert "June 2020" in texts["series_not_forecast"]
    assert "no_coins" not in texts


def test_while_the_index_is_too_short_to_be_judged_there_are_no_months(kit_root):
    params = Params(country="KEN", as_of=dt.date(2023, 12, 31))
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    assert result["region_volume_usd"].available
    assert not result["region_nowcast_usd"].available
    assert "59 are needed" in result["region_nowcast_usd"].reason
    assert any(f.id == "volumes.no_months" for f in result.findings)
    assert charts.months(result).reason
    assert charts.months_in_bitcoin(result).reason
    assert charts.index(result).reason


def test_without_non_commercial_series_there_are_dollars_and_no_bitcoin(kit_root):
    params = Params(country="KEN", include_non_commercial=False)
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    assert result["country_nowcast_usd"].available
    assert not result["country_nowcast_coins"].available
    assert "licence" in result["country_nowcast_coins"].reason
    assert charts.months(result).svg
    assert charts.months_in_bitcoin(result).reason
    assert any(f.id == "volumes.no_coins" for f in result.findings)


@pytest.mark.parametrize("iso3", ["KEN", "TUV", "PRK"])
def test_figures_are_drawn_from_the_written_result(result_for, iso3):
    result = Result.from_dict(result_for(iso3).to_dict())
    for figure in (charts.months, charts.months_in_bitcoin, charts.index):
        drawn = figure(result)
        assert drawn.svg
        assert drawn.alt
        assert "nan" not in (drawn.title + drawn.alt).lower().split()
        assert figure(result).svg == drawn.svg


def test_the_index_figure_shows_what_was_forecast_and_what_came(result_for):
    result = result_for("KEN")
    frame = result.tables["activity"].frame
    assert set(frame["part"]) == {"observed", "forecast at the time", "forecast"}
    back = frame[frame["part"] == "forecast at the time"]
    assert back["actual"].notna().all()
    title = charts.index(result).title
    assert "May 2027" in title
    assert "May 2026" in title


def test_the_accuracy_table_has_every_candidate_beside_no_change(result_for):
    table = result_for("KEN").tables["forecast_accuracy"]
    assert len(table.frame) == 9
    assert (table.frame["used"] == "yes").sum() == 1
    assert "no change" in table.title
    html = table.to_html()
    assert "HLN" in html
    assert "MASE" in html
