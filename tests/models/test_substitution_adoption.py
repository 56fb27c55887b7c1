"""Adoption in chapter 2: classes of figures, regressions of the vintage alone, refusals, words that match numbers."""

import datetime as dt
import json
import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import adoption as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import left_out
from cryptorisk.models.substitution import adoption_panel as panel_module
from cryptorisk.models.substitution import adoption_sample as sample
from cryptorisk.models.substitution.adoption import adoption
from cryptorisk.models.substitution.adoption_panel import BASE, Dependent, adoption_panel
from cryptorisk.models.substitution.adoption_regression import Regression, independent
from cryptorisk.params import Params
from cryptorisk.result import Result
from cryptorisk.stats.cluster_jackknife import Effects
from cryptorisk.stats.fractional import fractional_logit

VINTAGE = "2026-11-23"


def part_of(inputs, iso3, **given):
    return adoption(inputs, Params(country=iso3, vintage=VINTAGE, **given))


def result_of(part, iso3):
    return Result.build(
        "substitution", "t", iso3, estimates=part.estimates, tables=part.tables, findings=part.findings
    )


@pytest.fixture(scope="module")
def adopted(inputs_for):
    kept = {}

    def of(iso3):
        if iso3 not in kept:
            kept[iso3] = part_of(inputs_for(iso3), iso3)
        return kept[iso3]

    return of


@pytest.fixture(scope="module")
def panel(inputs_for):
    return adoption_panel(inputs_for("KEN"))


def by_id(part):
    return {one.id.removeprefix("substitution."): one for one in part.estimates}


def table(part, name):
    return next(one for one in part.tables if one.id == f"substitution.{name}")


def test_kenyas_unctad_figure_is_modelled_and_said_to_be_no_survey(adopted):
    kenya = adopted("KEN")
    rows = table(kenya, "adoption_ownership").frame
    figure = rows[
        (rows["country"] == "KEN") & (rows["year"] == 2021) & (rows["organisation"] == "UNCTAD")
    ].iloc[0]
    assert (figure["value"], figure["data_class"]) == (8.5, "modelled")
    text = next(one.text for one in kenya.findings if one.id == "substitution.ownership_origin")
    assert "8.5 % of 2021" in text
    assert "no survey" in text
    assert "GWI" in text
    reported = by_id(kenya)["ownership_reported"]
    assert reported.data_class == "modelled"
    assert (reported.low, reported.high) == pytest.approx((rows["value"][:3].min(), 8.5))
    assert reported.low < reported.value < reported.high


def test_class_and_year_stand_beside_every_figure(adopted):
    for iso3 in ("KEN", "ARG", "DEU"):
        found = table(adopted(iso3), "adoption_ownership")
        assert found.frame[["data_class", "year", "organisation", "remark"]].notna().all().all()
        shown = {column.name for column in found.columns}
        assert {"data_class", "year", "organisation"} <= shown
        assert set(found.frame["data_class"]) <= {"modelled", "survey"}
        assert found.frame["country"].iloc[0] == iso3


def test_ranks_are_of_full_lists_and_the_country_stands_first(adopted, inputs_for):
    found = table(adopted("NGA"), "adoption_index")
    assert found.frame["economy"].iloc[0] == "Nigeria"
    assert [c for c in found.frame if c.startswith("rank_")] == ["rank_2024", "rank_2023", "rank_2022"]
    assert found.frame["rank_2024"].iloc[0] == inputs_for("NGA").at("gcai_rank", 2024).value
    peers = found.frame["rank_2024"].iloc[1:]
    assert peers.is_monotonic_increasing
    assert "do not compare" in found.note


def test_the_regressions_do_not_depend_on_the_country(inputs_for, panel):
    other = adoption_panel(inputs_for("NGA"))
    for mine, theirs in ((panel.ownership, other.ownership), (panel.index, other.index)):
        assert np.array_equal(mine.main.effects.values, theirs.main.effects.values)
        assert np.array_equal(mine.main.effects.errors, theirs.main.effects.errors)


def test_nor_on_the_banks_own_figures(panel):
    given = {
        "cpi_inflation_pct": {"value": 77.7, "date": "2023-12-31"},
        "internet_users_pct": {"value": 99.0, "date": "2023-12-31"},
    }
    params = Params(country="KEN", vintage=VINTAGE, overrides=given)
    own = adoption_panel(load_inputs(params))
    assert np.array_equal(own.index.main.effects.values, panel.index.main.effects.values)
    assert own.index.expected["KEN"] == panel.index.expected["KEN"]


def test_main_regression_is_the_estimator_on_the_vintage(inputs_for, panel):
    """Built again by hand from the sample: the same coefficients."""
    public = sample.vintage_only(inputs_for("KEN"))
    y = sample.places(public, "gcai_rank")
    x = sample.covariates(public, sorted(set(y.index.get_level_values("year"))))
    frame = x.join(y.rename("y"), how="inner").dropna(subset=[*BASE, "y"]).reset_index()
    standard = frame[list(BASE)] / frame[list(BASE)].std()
    years = [(frame["year"] == year).astype(float) for year in (2023, 2024)]
    matrix = np.column_stack([standard, np.ones(len(frame)), *years])
    names = [*BASE, "constant", "a", "b"]
    fit = fractional_logit(frame["y"], matrix, frame["country"], names)
    assert panel.index.main.n == len(frame)
    assert panel.index.main.effects.values == pytest.approx(100 * fit.effects.values[:6], rel=1e-8)
    assert panel.index.main.effects.clusters == frame["country"].nunique()


def test_collinear_depreciation_gives_way_to_inflation(panel):
    assert panel.ownership.left_out == ("depreciation",)
    assert "inflation" in panel.ownership.main.effects.names
    assert panel.index.left_out == ()
    variant = next(one for one in panel.ownership.variants if one.name == "depreciation")
    assert "inflation" not in variant.effects.names


def test_independent_keeps_what_is_not_held_by_others():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=["inflation", "internet", "income"])
    frame["depreciation"] = frame["inflation"] + 0.05 * rng.normal(size=80)
    assert independent(frame, ["inflation", "depreciation", "internet", "income"]) == (
        ("inflation", "internet", "income"),
        ("depreciation",),
    )


def test_every_variant_is_there_or_says_why(panel):
    for one in (panel.ownership, panel.index):
        assert len(one.variants) >= 8
        for variant in one.variants:
            assert variant.effects is not None or variant.reason, variant.name
    assert {v.name for v in panel.index.variants} >= {
        "linear",
        "ordered",
        "value",
        "restrictions",
        "no_outliers",
    }


def test_models_of_the_same_ranks_agree_in_sign_and_size(panel):
    """Fractional logit, normal scores and ordered logit measure the same slopes of a list in points of 100."""
    main = panel.index.main.effects
    for name in ("linear", "ordered"):
        other = next(one for one in panel.index.variants if one.name == name).effects
        assert np.abs(other.values - main.values).max() < main.errors.max()


def test_a_dependent_that_is_predicted_no_better_is_not_set_against_an_expectation(adopted, panel):
    assert panel.ownership.gain < 0
    kenya = by_id(adopted("KEN"))
    assert not kenya["adoption_expected_share"].available
    assert "no better" in kenya["adoption_expected_share"].reason


def test_a_gain_that_is_noise_gives_no_expectation(adopted, panel):
    """The index is predicted 1.6 % better in squared errors, a third of a standard error: chapter 1's rule refuses."""
    assert 0 < panel.index.gain < 0.05
    better = panel.index.better
    assert better.clusters == panel.index.main.effects.clusters
    assert 0 < better.t < 1
    assert not better.enough
    for iso3 in ("KEN", "NGA", "DEU"):
        found = by_id(adopted(iso3))
        for name in ("adoption_expected_place", "adoption_place_gap"):
            assert "falls by 0.8 % (t 0.3 over economies), where 10 %" in found[name].reason


def test_the_countrys_gap_is_published_less_expected_with_its_interval(inputs_for, panel, monkeypatch):
    """With the rule switched off the expectation is given."""
    monkeypatch.setattr(left_out, "LEAST_GAIN", 0.0)
    monkeypatch.setattr(left_out, "LEVEL", 0.5)
    kenya = by_id(part_of(inputs_for("KEN"), "KEN"))
    expected, gap = kenya["adoption_expected_place"], kenya["adoption_place_gap"]
    assert expected.interval == gap.interval == "prediction"
    assert 0 < expected.low < expected.value < expected.high < 100
    own = float(panel.index.observed["KEN"])
    assert own == pytest.approx(100 * (1 - 27.5 / 151))
    assert (gap.value, gap.low, gap.high) == pytest.approx(
        (own - expected.value, own - expected.high, own - expected.low)
    )


def test_an_economy_of_the_sample_is_held_out_of_its_own_expectation(inputs_for, panel, monkeypatch):
    """Moving Kenya's ranks moves nothing that is expected of Kenya, and something that is expected of others."""
    true = sample.places

    def moved(inputs, series):
        places = true(inputs, series).copy()
        places[places.index.get_level_values("country") == "KEN"] = 0.01
        return places

    monkeypatch.setattr(panel_module.sample, "places", moved)
    other = adoption_panel(inputs_for("KEN"))
    assert other.index.expected["KEN"] == pytest.approx(panel.index.expected["KEN"], abs=1e-9)
    assert other.index.expected["NGA"] != panel.index.expected["NGA"]


def test_sentence_counts_what_excludes_zero(adopted, panel):
    for one in (panel.ownership, panel.index):
        text = next(f.text for f in adopted("KEN").findings if f.id == f"substitution.adoption_{one.name}")
        low, high = one.main.effects.interval(0.9)
        apart = [n for n, a, b in zip(one.main.effects.names, low, high, strict=True) if a > 0 or b < 0]
        for name in one.main.effects.names:
            assert (sample.REGRESSORS[name].label.lower() in text.split(" The index")[0]) == (name in apart)
        if not apart:
            assert f"none of the {len(low)} regressors" in text
        assert "model" in text or "arithmetic" in text
        for word in ("cause", "because", "drive", "leads to"):
            assert word not in text


def test_asterisks_of_the_table_are_those_of_the_intervals(adopted, panel):
    rows = table(adopted("KEN"), "adoption_robustness").frame
    regressions = [r for one in (panel.ownership, panel.index) for r in (one.main, *one.variants)]
    assert len(rows) == len(regressions)
    marks = int(rows[list(BASE)].apply(lambda c: c.astype(str).str.endswith("*")).to_numpy().sum())
    expected = 0
    for one in regressions:
        low, high = one.effects.interval(0.9)
        expected += int(((low > 0) | (high < 0)).sum())
    assert marks == expected > 0


def test_effects_table_names_circularity_sample_and_tests(adopted):
    found = table(adopted("KEN"), "adoption_effects")
    for words in ("vendor's model", "Holm", "Nothing here is a cause", "market rates", "economy-years of"):
        assert words in found.note
    frame = found.frame
    assert (frame["index_low"] <= frame["index_effect"]).all()
    assert (frame["index_effect"] <= frame["index_high"]).all()
    assert frame.loc[frame["regressor"] == "Depreciation", "ownership_effect"].isna().all()


def test_confidential_ownership_takes_no_part_and_is_not_printed():
    given = {"ownership_share_pct_population": {"value": 12.3456, "date": "2025-12-31", "confidential": True}}
    params = Params(country="KEN", vintage=VINTAGE, overrides=given)
    part = adoption(load_inputs(params), params)
    assert "confidential" in by_id(part)["ownership_reported"].reason
    assert "12.3" not in json.dumps(result_of(part, "KEN").to_dict())


def test_own_ownership_stands_alone_when_it_may_be_printed():
    given = {"ownership_share_pct_population": {"value": 12.3, "date": "2025-12-31"}}
    params = Params(country="KEN", vintage=VINTAGE, overrides=given)
    part = adoption(load_inputs(params), params)
    reported = by_id(part)["ownership_reported"]
    assert (reported.value, reported.low, reported.data_class) == (pytest.approx(12.3), None, "survey")
    assert "the institution itself" in set(table(part, "adoption_ownership").frame["organisation"])


def test_economies_without_figures_get_reasons(adopted):
    for iso3 in ("PRK", "TUV"):
        for one in adopted(iso3).estimates:
            assert not one.available
            assert len(one.reason) > 10
    assert "no figure of" in table(adopted("LBN"), "adoption_ownership").note


def test_a_vintage_without_adoption_figures_gives_reasons(inputs_for):
    inputs = inputs_for("KEN")
    gone = {"gcai", "ownership", "unctad", "triple", "unattributed", "gwi", "chainalysis"}
    without = frozenset(id for id in inputs.sources if any(word in id.lower() for word in gone))
    part = part_of(replace(inputs, _without=without), "KEN")
    assert all(not one.available and one.reason for one in part.estimates)
    assert [one.id for one in part.tables] == ["substitution.adoption"]
    assert part.tables[0].absent


def test_an_early_date_has_too_few_economies_and_says_so():
    """In mid-2022 no list of ranks was full and fifteen economies had a share; most regressors are there."""
    params = Params(country="HRV", vintage=VINTAGE, as_of=dt.date(2022, 6, 30))
    part = adoption(load_inputs(params), params)
    found = by_id(part)
    assert (
        "full list" in found["adoption_place_gap"].reason
        or "are needed" in found["adoption_place_gap"].reason
    )
    early = Params(country="KEN", vintage=VINTAGE, as_of=dt.date(2020, 6, 30))
    found = by_id(adoption(load_inputs(early), early))
    assert all(not one.available for one in found.values())


def test_unit_changes_of_a_currency_are_no_appreciation():
    rate = pd.DataFrame(
        {"A": [100.0, 110.0, 0.12, 0.15], "B": [10.0, 20.0, 20.0, 10.5]}, [2019, 2020, 2021, 2022]
    )
    lost = sample._lost_to_dollar(rate)
    assert lost["A"].round(2).tolist()[1:] == pytest.approx([9.09, math.nan, 20.0], nan_ok=True)
    assert lost["B"].tolist()[1:] == pytest.approx([50.0, 0.0, -47.5])


def test_figures_older_than_allowed_are_not_carried():
    panel = pd.DataFrame({"A": [1.0, np.nan, np.nan, np.nan]}, [2019, 2020, 2021, 2022])
    carried = sample._as_of(panel, [2021, 2022], 2)
    assert carried.loc[(2021, "A")] == 1.0
    assert math.isnan(carried.loc[(2022, "A")])


def test_charts_are_drawn_or_say_why(adopted):
    for iso3 in ("KEN", "DEU", "PRK"):
        result = result_of(adopted(iso3), iso3)
        for figure in (
            charts.ownership(result),
            charts.effects(result),
            charts.ces(result),
            charts.tipping(result),
        ):
            assert figure.svg or figure.reason
    assert "4.4 to 8.5" in charts.ownership(result_of(adopted("KEN"), "KEN")).title
    assert "No share" in charts.ownership(result_of(adopted("LBN"), "LBN")).title


def test_title_of_effects_counts_intervals_apart_from_zero(adopted):
    result = result_of(adopted("KEN"), "KEN")
    frame = result.tables["adoption_effects"].frame
    apart = sum(
        int(((frame[f"{name}_low"] > 0) | (frame[f"{name}_high"] < 0)).sum())
        for name in ("ownership", "index")
    )
    assert charts.effects(result).title.startswith(f"{apart} of 11 intervals" if apart else "None of 11")


def test_a_finding_says_when_something_survives_all_tests():
    """A made-up regression with one overwhelming regressor: the sentence changes."""
    from cryptorisk.models.substitution.adoption import _outcome

    def effects(value):
        return Effects(("inflation", "internet"), np.array([value, 0.1]), np.array([1.0, 1.0]), 60)

    strong = Dependent(
        "index",
        "",
        "",
        (2023, 2024),
        Regression("main", "", effects(9.0)),
        (Regression("v", "", effects(4.0)),),
        MappingProxyType({}),
    )
    assert (
        "higher with inflation (so in 1 of 1 variants); after allowing for 2 tests inflation remains"
        in _outcome(strong)[0].text
    )
    weak = replace(strong, main=Regression("main", "", effects(0.2)))
    assert "none of the 2 regressors" in _outcome(weak)[0].text
