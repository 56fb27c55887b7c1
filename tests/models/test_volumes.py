"""The volumes chapter on the embedded vintage."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import volumes as charts
from cryptorisk.estimate import Estimate
from cryptorisk.models import volumes
from cryptorisk.models.volumes.findings import part_of, standing
from cryptorisk.models.volumes.fit import fit
from cryptorisk.models.volumes.keys import published_volumes
from cryptorisk.models.volumes.quotes import REGIONS
from cryptorisk.models.volumes.reading import quote_panel, rounded_down
from cryptorisk.models.volumes.regions import hold_out, region_volumes
from cryptorisk.params import Params
from cryptorisk.result import Result

REAL = ("KEN", "NGA", "TUR", "BRA", "PHL")


@pytest.fixture(scope="module")
def result_for(inputs_for):
    found = {}

    def analyse(iso3):
        if iso3 not in found:
            found[iso3] = volumes.analyse(inputs_for(iso3), Params(country=iso3))
        return found[iso3]

    return analyse


@pytest.fixture(scope="module")
def fitted(inputs_for):
    return fit(inputs_for("KEN"), Params(country="KEN"))


@pytest.mark.parametrize("iso3", REAL)
def test_volume_and_volume_per_gdp_are_real_estimates_with_intervals(result_for, iso3):
    result = result_for(iso3)
    for name in ("country_volume_usd", "country_volume_pct_gdp"):
        estimate = result[name]
        assert estimate.available
        assert 0 < estimate.low < estimate.value < estimate.high
        assert estimate.level == 0.8
        assert estimate.data_class == "modelled"
        assert "chainalysis_geography" in estimate.sources
    assert result["country_volume_usd"].high / result["country_volume_usd"].low < 6


def test_quoted_countries_print_the_quoted_figure(result_for):
    assert result_for("NGA")["country_volume_usd"].value == pytest.approx(92.1e9)
    assert result_for("BRA")["country_volume_usd"].value == pytest.approx(318.8e9)
    assert result_for("SLV")["country_volume_usd"].value == pytest.approx(3.5e9)


def test_allocated_countries_say_so(result_for):
    result = result_for("KEN")
    assert "Shared out" in result["country_volume_usd"].note
    assert set(result.tables["country_path"].frame["basis"]) == {"shared out"}
    text = next(f.text for f in result.findings if f.id == "volumes.country")
    assert "No published volume of Kenya in the twelve months to June 2025 is in the data" in text
    assert 3e9 < result["country_volume_usd"].value < 25e9


def test_gdp_ratio_uses_the_two_calendar_years(result_for, inputs_for):
    result, inputs = result_for("NGA"), inputs_for("NGA")
    gdp = np.mean([inputs.at("gdp_usd", year).value for year in (2024, 2025)])
    assert result["country_volume_pct_gdp"].value == pytest.approx(100 * 92.1e9 / gdp)


def test_regions_add_up_to_the_world_draw_by_draw(fitted):
    for year in fitted.years:
        total = sum(fitted.regions.of(code, year) for code in REGIONS)
        assert total == pytest.approx(fitted.regions.of("WLD", year))
    assert fitted.regions.of("APAC", 2024) == pytest.approx(
        fitted.regions.of("CSAO", 2024) + fitted.regions.of("EASIA", 2024)
    )


def test_the_2025_scheme_is_met_within_its_intervals(fitted):
    for region, quoted in (("APAC", 2360), ("EUR", 2600), ("NAM", 2200)):
        low, high = np.quantile(fitted.regions.of(region, 2024), [0.05, 0.95])
        assert low < quoted < high


def test_backcasts_never_enter(fitted):
    labels = [label for label, _ in fitted.regions.panel.left_out]
    assert "Latin America 2020/21" in labels
    assert "Sub-Saharan Africa 2023/24" in labels
    used = [(q.region, q.first_year, q.what) for q in fitted.regions.panel.quotes]
    assert ("LATAM", 2020, "value") not in used
    assert ("SSA", 2023, "value") not in used
    assert not fitted.regions.quoted("SSA", 2023)
    assert fitted.regions.quoted("SSA", 2022)


def test_inferred_cells_are_less_certain_than_quoted_ones(fitted):
    width = {True: [], False: []}
    for region in REGIONS:
        for year in fitted.years:
            logs = np.log(fitted.regions.of(region, year))
            width[fitted.regions.quoted(region, year)].append(logs.std())
    assert np.median(width[False]) > 1.5 * np.median(width[True])


def test_left_out_regional_quotes_lie_in_their_intervals_about_as_often_as_stated(fitted):
    held = hold_out(fitted.regions.panel)
    assert len(held) >= 35
    coverage = (held["z"].abs() <= 1.2816).mean()
    # nominal 80 %; two binomial standard errors at 40 quotes are 13 points
    assert 0.67 <= coverage <= 0.95
    assert held["log_error"].abs().median() < 0.15


def test_left_out_countries_lie_in_their_intervals_about_as_often_as_stated(fitted):
    validation = fitted.countries.validation
    assert validation.left_out.index.size == 33
    assert 0.65 <= validation.coverage_country <= 0.95
    assert 0.65 <= validation.coverage_region <= 0.95
    assert np.median(np.abs(validation.left_out.log_error)) < 0.5


def test_allocation_covers_every_economy_with_a_gdp_and_adds_up(inputs_for, fitted):
    frame = volumes.allocation(inputs_for("KEN"), Params(country="KEN"))
    assert frame["iso3"].is_unique
    assert frame["value"].notna().sum() > 190
    known = frame.dropna(subset=["value"])
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()
    assert set(frame["basis"]) == {"quoted", "allocated", ""}
    # medians of skewed shares add up to less than the mean total, but not to much less
    world = 1e9 * np.median(fitted.regions.of("WLD", fitted.latest))
    assert 0.85 < known["value"].sum() / world < 1.1


def test_the_same_inputs_give_the_same_numbers(inputs_for, result_for):
    again = volumes.analyse(inputs_for("KEN"), Params(country="KEN"))
    assert again.to_dict() == result_for("KEN").to_dict()


def test_other_economies_do_not_depend_on_whose_report_it_is(inputs_for):
    one = volumes.allocation(inputs_for("KEN"), Params(country="KEN"))
    other = volumes.allocation(inputs_for("TUR"), Params(country="TUR"))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("iso3", ["TUV", "PRK", "SSD", "CAF", "LBN", "DEU", "CHN"])
def test_hard_cases_give_a_value_or_its_reason(result_for, iso3):
    result = result_for(iso3)
    assert Result.from_dict(result.to_dict()).country == iso3
    volume = result["country_volume_usd"]
    assert volume.available or volume.reason
    for estimate in result.estimates.values():
        assert estimate.available or estimate.reason


def test_an_economy_without_internet_users_gets_no_invented_volume(result_for):
    volume = result_for("PRK")["country_volume_usd"]
    assert not volume.available
    assert "internet" in volume.reason


def test_a_ban_is_named(result_for):
    assert any(f.id == "volumes.banned" for f in result_for("CHN").findings)


def test_before_any_regional_figure_everything_is_missing_with_the_reason(kit_root):
    import datetime as dt

    from cryptorisk.data.inputs import load_inputs

    params = Params(country="KEN", as_of=dt.date(2020, 12, 31))
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    assert not result["country_volume_usd"].available
    assert "2020-12-31" in result["country_volume_usd"].reason
    assert volumes.allocation(load_inputs(params, root=kit_root), params).empty


def test_an_early_date_uses_only_what_was_dated_by_then(kit_root):
    import datetime as dt

    from cryptorisk.data.inputs import load_inputs

    params = Params(country="KEN", as_of=dt.date(2022, 12, 31))
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    assert result["region_volume_usd"].date == "2021-07/2022-06"
    assert not result["country_volume_usd"].available
    assert "too few" in result["country_volume_usd"].reason


def test_an_unknown_region_is_left_out_with_the_reason(inputs_for):
    table = inputs_for("KEN").table("regional_volume")
    extra = table.iloc[[0]].assign(region="Atlantis", region_code="ATL", kind="quoted", note="")
    panel = quote_panel(pd.concat([table, extra], ignore_index=True))
    assert any(label.startswith("Atlantis") for label, _ in panel.left_out)
    assert region_volumes(panel, seed=1, draws=50).fit.converged


def test_the_banks_own_figure_takes_the_vendors_place(kit_root):
    import datetime as dt

    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.params import Override

    own = Override(value=12e9, date=dt.date(2025, 6, 30))
    params = Params(country="KEN", overrides={"crypto_value_received_usd": own})
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    volume = result["country_volume_usd"]
    assert volume.value == pytest.approx(12e9)
    assert "bank" in volume.sources
    assert "own figure" in volume.method
    assert "own figure" in next(f.text for f in result.findings if f.id == "volumes.country")
    path = result.tables["country_path"].frame
    assert path["basis"].iloc[-1] == "own figure"
    assert set(path["basis"].iloc[:-1]) == {"shared out"}
    assert "(own figure)" in charts.country_path(result).title
    assert "own figure" in charts.peers(result).subtitle

    secret = Params(
        country="KEN", overrides={"crypto_value_received_usd": own.model_copy(update={"confidential": True})}
    )
    result = volumes.analyse(load_inputs(secret, root=kit_root), secret)
    assert result["country_volume_usd"].value != pytest.approx(12e9)
    assert any(f.id == "volumes.confidential_left_out" for f in result.findings)


def test_without_non_commercial_series_the_price_is_missing_and_the_volumes_stay(kit_root, result_for):
    from cryptorisk.data.inputs import load_inputs

    params = Params(country="KEN", include_non_commercial=False)
    result = volumes.analyse(load_inputs(params, root=kit_root), params)
    assert not result["bitcoin_market_cap_usd"].available
    assert result.tables["world_path"].frame["world_coins"].isna().all()
    assert result["country_volume_usd"] == result_for("KEN")["country_volume_usd"]


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "TUV", "PRK"])
def test_figures_are_drawn_or_say_why_not(result_for, iso3):
    for figure in (charts.regions, charts.country_path, charts.peers, charts.market, charts.published):
        drawn = figure(result_for(iso3))
        assert drawn.title
        assert drawn.alt or drawn.reason
        assert "nan" not in (drawn.title + drawn.alt).lower().split()


def test_the_adoption_rank_is_left_to_chapter_five(result_for):
    assert not {"adoption_rank", "adoption"} & {*result_for("KEN").estimates, *result_for("KEN").tables}


def test_the_path_tells_allocated_from_quoted_years_and_shows_notes_where_there_are_any(result_for):
    kenya, salvador = (result_for(iso3).tables["country_path"] for iso3 in ("KEN", "SLV"))
    assert "basis" in [column.name for column in kenya.columns]
    assert "note" not in [column.name for column in kenya.columns]
    assert "note" in [column.name for column in salvador.columns]
    assert salvador.frame["basis"].iloc[-1] == "published, period not stated"


def test_published_figures_have_the_page_that_they_were_read_on(result_for):
    path = result_for("NGA").tables["country_path"]
    assert "url" in [column.name for column in path.columns]
    rows = path.frame.set_index("period")
    assert rows["url"].ne("").equals(rows["basis"].str.startswith("published"))
    assert rows["url"].iloc[-1].startswith("https://www.mariblock.com/")
    assert "url" not in [column.name for column in result_for("KEN").tables["country_path"].columns]
    peers = result_for("KEN").tables["region_peers"].frame
    assert peers["url"].ne("").equals(peers["basis"].str.startswith("published"))
    assert result_for("KEN").tables["published_countries"].frame["url"].str.startswith("http").all()
    for name in ("region_path", "regions"):
        frame = result_for("KEN").tables[name].frame
        assert frame["url"].ne("").equals(frame["stated"].ne("")), name
    pages = frame.set_index(["region", "period"])["url"]
    assert pages.str.contains("https://undocs.org/E/C.16/2023/7", regex=False).any()


def test_published_volumes_stand_behind_their_figure(result_for):
    table = result_for("KEN").tables["published_countries"]
    assert not table.shown
    figure = charts.published(result_for("KEN"))
    assert figure.data.frame is table.frame
    assert f"of {len(table.frame)} published volumes" in figure.title


@pytest.mark.parametrize("iso3", ["KEN", "LBN"])
def test_no_interval_of_the_peers_meets_the_frame(result_for, iso3):
    from matplotlib.figure import Figure as Canvas

    rows = result_for(iso3).tables["region_peers"].frame
    ax = Canvas().subplots()
    charts._plot_peers(ax, rows, "")
    left, right = ax.get_xlim()
    assert left < rows["low"].min()
    assert right > rows["high"].max()


def test_regions_name_their_first_and_last_year(result_for):
    svg = charts.regions(result_for("KEN")).svg
    assert ">2021<" in svg
    assert ">2025<" in svg
    assert ">300<" in svg


def test_more_than_a_figure_is_a_figure_rounded_down():
    middle, error = rounded_down(205.0)
    assert middle == pytest.approx(207.5)
    assert error == pytest.approx(5 / 12**0.5 / 207.5)
    assert rounded_down(1000.0)[0] == pytest.approx(1050)  # at most a tenth of the figure


def test_sub_saharan_africa_stands_near_its_quote(fitted, result_for):
    level = fitted.regions.of("SSA", 2024)
    low, high = np.quantile(level, [0.1, 0.9])
    assert low < 207.5 < high
    assert np.median(level) == pytest.approx(207.5, rel=0.03)
    path = result_for("KEN").tables["region_path"]
    assert path.frame["stated"].iloc[-1] == "more than 205; +52 %"
    assert "stated" in {column.name for column in path.columns}


def test_growth_without_a_level_stands_on_the_base_as_restated(fitted, result_for):
    """Latin America lies above 415 times 1.63, because its report restates the base as it does elsewhere."""
    position = fitted.years.index(2023)
    restated = np.median(fitted.regions.restatements[:, position])
    base = np.median(fitted.regions.of("LATAM", 2023))
    assert np.median(fitted.regions.of("LATAM", 2024)) == pytest.approx(1.63 * restated * base, rel=0.06)
    for region, quoted, growth in (("NAM", 2200, 1.49), ("EUR", 2600, 1.42), ("APAC", 1400, 1)):
        assert quoted / growth > 1.1 * np.median(fitted.regions.of(region, 2023))
    assert "+63 %" in result_for("BRA").tables["region_path"].frame["stated"].iloc[-1]


def test_allocated_figures_are_no_surer_than_published_ones(fitted):
    frame = fitted.countries.frame
    latest = frame[(frame["first_year"] == fitted.latest) & frame["value"].notna()]
    width = np.log(latest["high"] / latest["low"])
    published = width[latest["basis"] == "quoted"]
    assert width[latest["basis"] == "allocated"].min() > 0.9 * published.min()
    for code in (*REGIONS, "WLD"):
        level, growth = fitted.regional_level(code, fitted.latest), fitted.regions.of(code, fitted.latest)
        assert np.log(level["high"] / level["low"]) > np.log(
            np.quantile(growth, 0.9) / np.quantile(growth, 0.1)
        )


def test_a_figure_whose_period_is_open_says_so_and_spans_the_other_reading(result_for, inputs_for):
    """El Salvador's page speaks of three years: 3.5 bn may be their sum, 1.2 a year."""
    result = result_for("SLV")
    volume = result["country_volume_usd"]
    assert volume.low < 3.5e9 / 3 < volume.value < volume.high
    text = next(f.text for f in result.findings if f.id == "volumes.country")
    assert "period not stated on the page quoted" in text
    assert "July 2022 to June 2025" in text
    assert "1.2 bn USD" in text
    for name in ("country_volume_usd", "country_volume_pct_gdp"):
        assert result[name].note.startswith("Period not stated on the page quoted")
    figure = charts.country_path(result)
    assert "period not stated on the page quoted" in figure.title
    assert "half-filled" in figure.subtitle
    # What such figures leave to others is as open; where every period is told nothing is wider.
    frame = fit(inputs_for("SLV"), Params(country="SLV")).countries.frame
    latest = frame[frame["first_year"] == 2024].set_index("iso3")
    width = np.log(latest["high"] / latest["value"])
    assert width["HND"] > 1.2 * width["SEN"]
    assert latest.loc["NGA", "published_years"] == 1
    assert latest.loc["NGA", "low"] > 92.1e9 / 2
    assert "period not stated" not in next(
        f.text for f in result_for("NGA").findings if f.id == "volumes.country"
    )


def test_dated_pages_close_the_period_and_a_published_figure_is_not_said_to_be_missing(inputs_for):
    """Supplement: 273.2, 219 and 376.3 bn are of July 2024 to June 2025; India's and Ukraine's figures are in the data."""
    frame = published_volumes(inputs_for("GBR"))
    latest = frame[frame["first_year"] == 2024].set_index("iso3")
    assert latest.loc[["GBR", "DEU", "RUS", "IND", "UKR", "FRA"], "years"].eq(1).all()
    assert latest.loc[["GBR", "IND", "UKR"], "value_usd_bn"].tolist() == [273.2, 338.0, 206.0]


def test_years_of_a_country_are_like_for_like_and_an_unpublished_one_says_what_changes_mean(
    fitted, result_for
):
    table = result_for("KEN").tables["country_path"]
    rows = fitted.path
    factors = [np.median(fitted.regions.last_terms(year)[:2000]) for year in fitted.years]
    assert table.frame["value"].to_numpy() == pytest.approx(rows["value"].to_numpy() * factors / 1e9)
    assert table.frame["first"].to_numpy() == pytest.approx(rows["value"].to_numpy() / 1e9)
    assert "tell nothing of Kenya itself" in table.note
    assert "tell nothing of Kenya itself" in charts.country_path(result_for("KEN")).note
    assert "tell nothing" not in result_for("NGA").tables["country_path"].note
    region = result_for("KEN").tables["region_path"].frame
    ratio = 100 * (region["value"].iloc[-1] / region["value"].iloc[-2] - 1)
    assert ratio == pytest.approx(region["growth"].iloc[-1], abs=2)


@pytest.mark.parametrize(("iso3", "published"), [("TUR", "+33 %"), ("SLV", "+63 %"), ("KEN", "+52 %")])
def test_the_vendors_growth_stands_beside_the_estimate(result_for, iso3, published):
    text = next(f.text for f in result_for(iso3).findings if f.id == "volumes.region")
    assert f"grew by {result_for(iso3)['region_growth_pct']:value}" in text
    assert f"the vendor published {published}" in text


def test_a_fall_of_gdp_in_dollars_stands_in_the_sentence_and_in_the_tile(result_for):
    result = result_for("NGA")
    said = "GDP in dollars fell by 27 % from 2023/24 to 2024/25, which alone raises the ratio by 36 %."
    assert said in next(f.text for f in result.findings if f.id == "volumes.country")
    assert result["country_volume_pct_gdp"].note.startswith(said)
    assert "GDP in dollars fell" not in result_for("KEN")["country_volume_pct_gdp"].note


def test_volume_and_adoption_index_stand_side_by_side(result_for, inputs_for):
    text = next(f.text for f in result_for("KEN").findings if f.id == "volumes.relative")
    rank = inputs_for("KEN").series("gcai_rank").values.dropna().iloc[-1]
    assert "above at least about a tenth of the other economies (24 %;" in text
    assert f"rank is {rank:.0f} of 151" in text
    assert "mean of both" in text
    assert "gross" in text


@pytest.mark.parametrize(
    ("percent", "words"),
    [(3, "hardly any"), (24, "about a quarter"), (84, "about five sixths"), (98, "nearly all")],
)
def test_parts_in_words(percent, words):
    assert part_of(percent) == words


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (96, 19, 100, "above at least about a sixth of the other economies (96 %;"),
        (96, 94, 99, "above at least about nine tenths of the other economies"),
        (96, 96, 99, "above nearly all of the other economies"),
        (40, 2, 90, "above 40 % of the other economies (between 2 and 90 %"),
        (2, 0, 3, "above hardly any of the other economies"),
    ],
)
def test_the_place_in_words_holds_over_the_whole_interval(value, low, high, words):
    place = Estimate("volumes.x", "Place", value, "pct", low, high, 0.8, interval="prediction")
    assert standing(place).startswith(words)


def test_the_chapter_has_few_findings_and_no_jargon(result_for):
    told = [f for f in result_for("KEN").findings if f.kind == "result"]
    names = [f.id.split(".")[1] for f in told]
    assert names == ["country", "relative", "region", "nowcast", "drivers"]
    for word in ("log %", "allocated", "quoted", "the key", "elasticity", "flows_file", "p2p_volume"):
        assert not any(word in f.text for f in told), word


def test_no_line_of_the_market_leaves_its_axis_and_its_title_names_all(result_for):
    result = result_for("KEN")
    frame = result.tables["market"].frame
    columns = [c for c in charts.MARKET if frame[c].notna().any()]
    assert charts._bottom(frame, columns) < frame[columns].min().min()
    for label in ("Bitcoin", "Stablecoins", "DeFi"):
        assert label in charts.market(result).title


def test_remittances_too_small_are_no_yardstick(result_for):
    turkey = result_for("TUR")["country_volume_pct_remittances"]
    assert not turkey.available
    assert "% of GDP" in turkey.reason
    assert result_for("KEN")["country_volume_pct_remittances"].available


def test_shares_are_those_of_the_reports_in_table_and_estimate(result_for):
    result = result_for("KEN")
    row = result.tables["region_path"].frame.iloc[-1]
    share = result["region_share_pct"]
    regions = result.tables["regions"].frame
    own = regions[(regions["own"] == "yes")].iloc[-1]
    assert (own["share"], own["share_low"], own["share_high"]) == pytest.approx(
        (share.value, share.low, share.high)
    )
    assert row["share"] == pytest.approx(share.value)
