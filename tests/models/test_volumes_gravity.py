"""Gravity on files of own flows with known elasticities: what is printed, what is refused, what stays confidential."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models import volumes
from cryptorisk.models.volumes.gravity import ENDS_TO_CLUSTER, gravity
from cryptorisk.models.volumes.gravity_report import NEEDED, gravity_finding, gravity_tables
from cryptorisk.models.volumes.gravity_variables import add_pairs, add_partners
from cryptorisk.models.volumes.public import public
from cryptorisk.params import Params
from cryptorisk.stats.gravity import multilateral_resistance

VINTAGE = "2026-11-23"


@pytest.fixture(scope="module")
def world(inputs_for):
    """Flows of the forty largest economies and Kenya with elasticity -0.7 to distance, in two assets and years."""
    rng = np.random.default_rng(0)
    gdp = inputs_for("KEN").panel("gdp_usd").loc["2024"].iloc[-1].dropna().sort_values(ascending=False)
    codes = list(dict.fromkeys([*gdp.index[:40], "KEN"]))
    rows = []
    for origin in codes:
        for destination in codes:
            if origin == destination:
                continue
            distance, language = rng.normal(8, 1), float(rng.random() < 0.2)
            mean = np.exp(0.5 * np.log(gdp[origin] * gdp[destination]) - 0.7 * distance + 0.4 * language - 20)
            for year in ("2023", "2024"):
                for asset in ("btc", "usdt"):
                    value = float(rng.poisson(mean * rng.lognormal(-0.18, 0.6)))
                    rows.append((origin, destination, year, asset, value, distance, language))
    names = ["origin", "destination", "date", "asset", "value", "ln_distance", "language"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def inputs_of(kit_root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flows")

    def load(frame, *, confidential=False, country="KEN"):
        path = folder / "flows.csv"
        frame.to_csv(path, index=False)
        given = {"flows_file": str(path), "flows_confidential": confidential}
        params = Params(country=country, vintage=VINTAGE, use_overrides_folder=False, volumes=given)
        return load_inputs(params, root=kit_root), params

    return load


def test_few_economies_are_clustered_by_pair(world, inputs_of):
    ends = sorted(set(world["origin"]))[: ENDS_TO_CLUSTER - 1]
    few = world[world["origin"].isin(ends) & world["destination"].isin(ends)]
    found = gravity(inputs_of(few)[0])
    assert dict(found.fits[0].poisson.clusters).keys() == {"pair"}


def own_flows(world):
    return world[(world["origin"] == "KEN") | (world["destination"] == "KEN")]


def test_the_elasticities_of_the_pairs_are_found(world, inputs_of):
    found = gravity(inputs_of(world)[0])
    assert found.kind == "bilateral"
    assert found.fits[0].sample == "all"
    assert {one.sample for one in found.fits} == {"all", "btc", "usdt"}
    for one in found.fits:
        assert one.poisson.params["ln_distance"] == pytest.approx(-0.7, abs=0.06)
        assert one.poisson.params["language"] == pytest.approx(0.4, abs=0.15)
        assert set(one.poisson.effects) == {"origin^date", "destination^date"}
        assert dict(one.poisson.clusters).keys() == {"origin", "destination"}
        assert one.logs.n <= one.poisson.n
    assert found.fits[0].pairs == len(world[["origin", "destination"]].drop_duplicates())
    table, fits = gravity_tables(found)
    assert {"ppml", "ppml_se", "ols", "ols_se"} <= set(table.frame.columns)
    assert set(fits.frame["estimator"]) == {"PPML", "Least squares of logs"}
    zeros = world.groupby(["origin", "destination", "date"])["value"].sum().eq(0).sum()
    logs = fits.frame[
        (fits.frame["sample"] == "all assets") & fits.frame["estimator"].str.startswith("Least")
    ]
    missing = found.fits[0].poisson.dropped.get("missing", 0)
    assert 0 < found.fits[0].logs.dropped["not positive"] <= zeros
    assert logs["dropped"].iloc[0] == missing + found.fits[0].logs.dropped["not positive"]
    assert "ln_distance" in gravity_finding(found).text
    assert "bank" in table.sources


def test_one_date_has_effects_of_the_ends_alone(world, inputs_of):
    found = gravity(inputs_of(world[world["date"] == "2024"])[0])
    assert set(found.fits[0].poisson.effects) == {"origin", "destination"}


def test_the_flows_of_one_economy_are_regressed_on_its_partners(world, inputs_of):
    found = gravity(inputs_of(own_flows(world))[0])
    assert found.kind == "unilateral"
    fit = found.fits[0].poisson
    assert fit.params["ln_distance"] == pytest.approx(-0.7, abs=0.2)
    assert fit.params["gdp"] == pytest.approx(0.5, abs=0.2)
    assert dict(fit.clusters) == {"partner": 40}
    assert set(fit.effects) == {"side^date"}
    assert len(fit.params) <= 4  # forty partners carry four variables
    assert any("too few pairs for so many variables" in reason for reason in found.set_aside)
    assert "multilateral resistance" in gravity_tables(found)[0].note


@pytest.mark.parametrize(
    ("choose", "words"),
    [
        (lambda f: own_flows(f).iloc[:80], "fewer than 30 partners"),
        (lambda f: f[f["origin"].isin(f["origin"].unique()[:2])], "neither those of the own economy alone"),
        (lambda f: f[f["origin"].isin(list(f["origin"].unique()[:6]))].iloc[::30], "fewer than 50 pairs"),
        (lambda f: f.assign(value=0.0), "neither those"),
        (
            lambda f: f.assign(ln_distance=np.where(f["origin"] == "USA", f["ln_distance"], np.nan)),
            "all variables",
        ),
    ],
)
def test_too_little_is_refused_with_the_reason(world, inputs_of, choose, words):
    found = gravity(inputs_of(choose(world))[0])
    assert found.fits == ()
    assert words in found.reason
    assert gravity_tables(found) == []
    assert words in gravity_finding(found).text


def test_without_a_file_one_line_says_what_would_be_needed(inputs_for):
    assert gravity(inputs_for("KEN")) is None
    assert gravity_tables(None) == []
    assert gravity_finding(None).text == NEEDED
    assert "origin, destination, date, asset, value" in NEEDED
    assert "flows_file" not in NEEDED  # prose names no parameter


def test_a_pair_variable_of_the_vintage_is_what_it_says(inputs_for):
    frame = pd.DataFrame(
        {
            "origin": ["DEU", "GBR", "USA"],
            "destination": ["NGA", "IND", "MEX"],
            "date": pd.to_datetime(["2024-12-31"] * 3),
            "value": [1.0, 2.0, 3.0],
        }
    )
    inputs = inputs_for("KEN")
    out = add_pairs(frame, (), inputs)
    ends = [
        math.log(inputs.at("gdp_usd", 2024, country=c).value / inputs.at("population", 2024, country=c).value)
        for c in ("DEU", "NGA")
    ]
    assert out.frame["income_gap"].iloc[0] == pytest.approx(abs(ends[0] - ends[1]))
    table = inputs.table("remittance_corridors")
    rows = table[(table["from_iso3"] == "DEU") & (table["to_iso3"] == "NGA") & table["cost_200_pct"].notna()]
    rows = rows[rows["date"] <= "2024-12-31"]
    last = rows.sort_values(["date", "source"])["cost_200_pct"].iloc[-1]
    assert out.frame["corridor_cost"].iloc[0] == pytest.approx(math.log(last))
    assert "corridor_cost" not in frame.columns


def test_the_gap_of_one_economy_is_less_its_multilateral_resistance(inputs_for):
    inputs = inputs_for("KEN")
    frame = pd.DataFrame(
        {
            "origin": ["KEN", "UGA"],
            "destination": ["TZA", "KEN"],
            "date": pd.to_datetime(["2023-12-31"] * 2),
            "value": [1.0, 2.0],
        }
    )
    out = add_partners(frame, (), inputs)
    gdp = inputs.panel("gdp_usd").loc[:"2023"].ffill().iloc[-1]
    people = inputs.panel("population").loc[:"2023"].ffill().iloc[-1]
    income = np.log(gdp / people).dropna()
    gap = pd.DataFrame(
        np.abs(np.subtract.outer(income.to_numpy(), income.to_numpy())), income.index, income.index
    )
    terms = multilateral_resistance(gap, gdp[income.index])
    # figures older than twelve years do not serve, so that a few small economies differ
    assert out.frame["income_gap"].tolist() == pytest.approx(
        [terms.loc["KEN", "TZA"], terms.loc["KEN", "UGA"]], abs=0.01
    )
    assert out.frame["side"].tolist() == ["out", "in"]


def numbers(part):
    if isinstance(part, dict):
        return [x for one in part.values() for x in numbers(one)]
    if isinstance(part, list):
        return [x for one in part for x in numbers(one)]
    return [float(part)] if isinstance(part, int | float) and not isinstance(part, bool) else []


def test_of_confidential_flows_every_number_has_one_digit(world, inputs_of):
    found = gravity(inputs_of(world, confidential=True)[0])
    rows = [row for table in gravity_tables(found) for row in table.to_dict()["rows"]]
    shown = [value for value in numbers(rows) if value]
    assert len(shown) > 30
    assert all(math.isclose(value, one_digit(value), rel_tol=1e-9) for value in shown)
    open_rows = [
        row for table in gravity_tables(gravity(inputs_of(world)[0])) for row in table.to_dict()["rows"]
    ]
    assert not all(math.isclose(v, one_digit(v), rel_tol=1e-9) for v in numbers(open_rows) if v)
    told = json.dumps([table.to_dict() for table in gravity_tables(found)])
    assert "logarithm" not in told.split('"note"')[0]
    assert "one digit" in told


def test_a_confidential_flow_cannot_be_read_off_by_moving_it(world, inputs_of):
    """Two files that differ in one flow by a tenth print the same numbers."""
    other = world.copy()
    other.loc[17, "value"] = 1.1 * other.loc[17, "value"] + 1
    one, two = (gravity_tables(gravity(inputs_of(f, confidential=True)[0])) for f in (world, other))
    assert [t.to_dict() for t in one] == [t.to_dict() for t in two]


def test_counts_are_no_part_of_a_refusal(world, inputs_of):
    found = gravity(inputs_of(own_flows(world).iloc[:80], confidential=True)[0])
    assert found.reason == "fewer than 30 partners have a positive flow and all variables"


@pytest.mark.slow
def test_the_chapter_carries_the_tables_and_the_sentence(world, inputs_of):
    inputs, params = inputs_of(own_flows(world), confidential=True)
    result = volumes.analyse(inputs, params)
    assert {"gravity", "gravity_fit"} <= set(result.tables)
    assert any(finding.id == "volumes.gravity" for finding in result.findings)
    assert result.tables["gravity"].to_dict() == gravity_tables(gravity(public(inputs)))[0].to_dict()
