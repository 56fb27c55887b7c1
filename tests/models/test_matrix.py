"""The risk matrix on hand-made chapters: thresholds, missing pillars, overrides, words."""

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd
import pytest

from cryptorisk.estimate import UNITS, Estimate
from cryptorisk.models import matrix
from cryptorisk.models.matrix.cram import rules
from cryptorisk.models.matrix.criticality import against, conclusion, tree
from cryptorisk.params import Params
from cryptorisk.result import Column, Result, Table
from cryptorisk.rules.ara import QUOTED

COLUMNS = ["iso3", "status", "as_of_or_from", "to", "source", "url", "note"]


@dataclass(frozen=True)
class FewInputs:
    """What the matrix reads of `Inputs`."""

    rows: tuple = ()
    country: str = "KEN"
    as_of: dt.date = dt.date(2026, 11, 23)

    def table(self, name):
        assert name == "regulation"
        return pd.DataFrame(
            [[self.country, s, d, "", "A source", "https://a.example", ""] for s, d in self.rows],
            columns=COLUMNS,
        )


def chapters(**values):
    """Chapters whose only estimates are the given ones (``volumes__x=12.0``); None is missing."""
    parts = {name: [] for name in ("volumes", "substitution", "flight", "crash", "channels")}
    for key, value in values.items():
        chapter, name = key.split("__")
        id = f"{chapter}.{name}"
        made = (
            Estimate.missing(id, name, "pct", "not asked")
            if value is None
            else Estimate(id, name, value, "pct")
        )
        parts[chapter].append(made)
    return {name: Result.build(name, name, "KEN", estimates=part) for name, part in parts.items()}


CALM = {
    "volumes__country_volume_percentile": 1.0,
    "channels__adoption_percentile": 1.0,
    "substitution__inflation": 2.0,
    "substitution__mvp_share": 0.0,
    "flight__import_cover_months": 12.0,
    "flight__reserves_to_ara": 200.0,
    "crash__household_loss_pct_gdp": 0.01,
    "crash__bank_exposure_pct_tier1": 0.0,
    "crash__government_holdings_pct_gdp": 0.0,
    "channels__mining_electricity_pct": 0.0,
}
ALL_RULES = (("licensing=Yes", "2025"), ("taxation=Yes", "2025"), ("aml_cft=Yes", "2025"))
STRESSED = {
    **CALM,
    "volumes__country_volume_percentile": 100.0,
    "channels__adoption_percentile": 100.0,
    "substitution__inflation": 90.0,
    "substitution__mvp_share": 120.0,
    "flight__import_cover_months": 1.0,
    "flight__reserves_to_ara": 50.0,
    "crash__household_loss_pct_gdp": 5.0,
    "crash__bank_exposure_pct_tier1": 3.0,
    "crash__government_holdings_pct_gdp": 4.0,
    "channels__mining_electricity_pct": 30.0,
}


def test_calm_is_low_and_stressed_is_high():
    calm = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), chapters(**CALM))
    none = (("licensing=No", "2025"), ("taxation=No", "2025"))
    stressed = matrix.analyse(FewInputs(none), Params(country="KEN"), chapters(**STRESSED))
    assert calm["rating"].value < 5
    assert stressed["rating"].value == pytest.approx(90)
    assert "low" in calm["rating"].note
    assert stressed.findings[0].severity == "warning"  # the bands are conventions: no alert


def test_missing_is_not_low():
    known = {
        k: v
        for k, v in STRESSED.items()
        if k.split("__")[0] in ("volumes", "substitution", "flight", "channels")
    }
    known["crash__household_loss_pct_gdp"] = 5.0
    result = matrix.analyse(FewInputs(), Params(country="KEN"), chapters(**known))
    frame = result.tables["pillars"].frame.set_index("pillar")
    assert math.isnan(frame.loc["Banks", "score"])
    assert frame.loc["Banks", "band"] == "no data"
    assert (
        result["rating_if_missing_calm"].value
        < result["rating"].value
        <= result["rating_if_missing_stressed"].value
    )
    assert any("unknown, not low" in f.text for f in result.findings)


def test_no_rating_below_half_of_the_weight():
    result = matrix.analyse(FewInputs(), Params(country="KEN"), chapters(substitution__inflation=30.0))
    assert not result["rating"].available
    assert "half of the weight is needed" in result["rating"].reason


def test_legal_tender_overrides_the_fiscal_pillar():
    result = matrix.analyse(FewInputs((("legal_tender", "2021"),)), Params(country="SLV"), chapters(**CALM))
    assert (
        result.tables["pillars"].frame.set_index("pillar").loc["Fiscal position and legal tender", "score"]
        == 100
    )
    assert result.tables["tree"].frame["reply"].iloc[0] == "yes"


def test_the_rating_is_reproducible_and_inside_its_range():
    one = matrix.analyse(
        FewInputs(ALL_RULES), Params(country="KEN"), chapters(**{**CALM, "substitution__inflation": 25.0})
    )
    two = matrix.analyse(
        FewInputs(ALL_RULES), Params(country="KEN"), chapters(**{**CALM, "substitution__inflation": 25.0})
    )
    assert one.to_dict() == two.to_dict()
    assert one["rating"].low <= one["rating"].value <= one["rating"].high


def test_weights_move_the_rating():
    mixed = chapters(**{**CALM, "substitution__inflation": 90.0, "substitution__mvp_share": 100.0})
    heavy = Params(country="KEN", matrix={"weights": {"currency_substitution": 10.0}})
    light = Params(country="KEN", matrix={"weights": {"currency_substitution": 0.1}})
    inputs = FewInputs(ALL_RULES)
    assert (
        matrix.analyse(inputs, heavy, mixed)["rating"].value
        > matrix.analyse(inputs, light, mixed)["rating"].value
    )


def test_without_data_nothing_is_answered_no_but_legal_tender():
    answers = tree(FewInputs(), chapters())
    assert [a.reply for a in answers] == ["no", *["cannot be excluded"] * 5]
    assert "cannot be excluded" in conclusion(answers)


def test_an_interval_across_the_mark_is_open():
    def wide(low, high):
        return Estimate("a.b", "X", (low + high) / 2, "pct", low=low, high=high, interval="range")

    assert against(wide(5, 9), 4) == "yes"
    assert against(wide(1, 3), 4) == "no"
    assert against(wide(1, 9), 4) == "cannot be excluded"
    assert against(None, 4) == "cannot be excluded"


def test_rule_table_is_sound():
    book = rules()
    for pillar in book.pillars:
        for indicator in pillar.indicators:
            assert indicator.calm != indicator.stress
            assert indicator.citation
            assert indicator.basis in ("cited", "relative", "kit")
            assert indicator.at(0) == indicator.calm
            assert indicator.at(100) == indicator.stress
    assert [label for _, label in book.bands] == ["low", "moderate", "elevated", "high"]
    assert book.next_band(99) is None
    assert "score" in UNITS


def test_an_old_figure_is_shown_and_not_scored():
    made = chapters(**CALM)
    old = made["channels"].estimates["mining_electricity_pct"].with_(date="2021-08", value=30.0)
    made["channels"] = Result.build("channels", "channels", "KEN", estimates=[old])
    frame = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made).tables
    assert math.isnan(frame["pillars"].frame.set_index("pillar").loc["Mining energy", "score"])
    assert (
        "over 5 years old"
        in frame["indicators"].frame.set_index("indicator").loc["mining_electricity_pct", "value"]
    )


def test_no_score_rests_on_weights_of_secondary_sources():
    """The chapter raises no alarm on the IMF's metric; neither does the first screen."""
    made = chapters(**{**CALM, "flight__reserves_to_ara": 60.0})
    told = [
        e.with_(note=f"With {QUOTED}.") if e.id == "flight.reserves_to_ara" else e
        for e in made["flight"].estimates.values()
    ]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=told)
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    shown = result.tables["indicators"].frame.set_index("indicator").loc["reserves_to_ara", "value"]
    assert "not scored" in shown
    score = result.tables["pillars"].frame.set_index("pillar").loc["Capital flows and reserves", "score"]
    assert not score > 0


def test_encumbered_bounds_are_scored_alike_and_make_a_floor():
    """A stressed cover beside a calm one: both count, for choosing the bad one alone can only come out high."""
    made = chapters(**{**CALM, "flight__reserves_to_ara": 60.0})
    gross = [e.with_(note="Gross; encumbered.") for e in made["flight"].estimates.values()]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=gross)
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    row = result.tables["pillars"].frame.set_index("pillar").loc["Capital flows and reserves"]
    assert row["score"] == 50
    assert "floor" in row["observed"]
    worst = next(f.text for f in result.findings if f.id == "matrix.worst_pillar")
    assert "at least 50 of 100" in worst


def test_a_floor_widens_the_rating_upwards():
    made = chapters(**{**CALM, "flight__reserves_to_ara": 60.0})
    free = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)["rating"]
    gross = [e.with_(note="Gross; encumbered.") for e in made["flight"].estimates.values()]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=gross)
    bound = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)["rating"]
    assert bound.value == free.value
    assert bound.high > free.high


def test_an_old_premium_neither_scores_nor_makes_macro_critical():
    made = chapters(**{**CALM, "flight__premium": 160.0})
    for date, reply in (("2023-11-17", "cannot be excluded"), ("2026-06-30", "yes")):
        dated = [
            e.with_(date=date) if e.id == "flight.premium" else e for e in made["flight"].estimates.values()
        ]
        made["flight"] = Result.build("flight", "flight", "KEN", estimates=dated)
        assert {a.number: a.reply for a in tree(FewInputs(), made)}[4] == reply
        frame = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made).tables["indicators"].frame
        said = frame.set_index("indicator").loc["premium", "value"]
        assert ("over 12 months old" in said) == (reply != "yes")


def test_reserves_of_a_dollarised_economy_are_not_scored():
    frame = matrix.analyse(FewInputs(ALL_RULES, "SLV"), Params(country="SLV"), chapters(**STRESSED)).tables
    assert (
        frame["pillars"].frame.set_index("pillar").loc["Capital flows and reserves", "band"]
        == "does not apply"
    )


def test_encumbered_reserves_are_not_calm():
    made = chapters(**CALM)
    gross = [e.with_(note="Gross; encumbered.") for e in made["flight"].estimates.values()]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=gross)
    frame = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made).tables["pillars"].frame
    assert math.isnan(frame.set_index("pillar").loc["Capital flows and reserves", "score"])


def test_one_old_statement_is_no_gap_in_regulation():
    result = matrix.analyse(FewInputs((("aml_cft=No", "2021-11"),)), Params(country="PAK"), chapters(**CALM))
    assert not result["regulation_gap"].available
    assert "two are needed" in result["regulation_gap"].reason


def test_the_rating_says_what_the_unknown_pillars_could_do():
    known = {k: v for k, v in CALM.items() if "bank" not in k and "government" not in k}
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), chapters(**known))
    rating = next(f.text for f in result.findings if f.id == "matrix.rating")
    assert "unknown: with them the rating could be" in rating


def test_the_worst_pillar_names_what_drives_it_and_what_would_change_it():
    made = chapters(**{**CALM, "flight__import_cover_months": 3.6, "flight__reserves_to_ara": 140.0})
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    (finding,) = [f for f in result.findings if f.id == "matrix.worst_pillar"]
    assert finding.text.startswith("Highest pillar: capital flows and reserves (")
    assert (
        "driven by import_cover_months: 3.60 %" in finding.text
        or "driven by import_cover_months" in finding.text
    )
    assert "6 % counts as calm and 3 % as stressed" in finding.text
    assert (
        "What would change it: high with" in finding.text
        or "What would change it: elevated with" in finding.text
    )
    assert finding.estimates == ("flight.import_cover_months",)
    # In the worst band, the way out of it.
    made = chapters(**{**CALM, "flight__import_cover_months": 1.0, "flight__reserves_to_ara": 50.0})
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    text = next(f.text for f in result.findings if f.id == "matrix.worst_pillar")
    assert "down to elevated with import_cover_months above" in text
    calm = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), chapters(**CALM))
    assert not any(f.id == "matrix.worst_pillar" for f in calm.findings)


def test_bands_up_and_down():
    book = rules()
    assert book.next_band(99) is None
    assert book.lower_band(0) is None
    below, word = book.lower_band(99)
    assert book.band(below - 1e-9) == word
    assert book.band(below) == book.band(99)


def test_an_allocated_volume_never_makes_a_country_macro_critical():
    made = chapters(volumes__country_volume_percentile=99.0)
    replies = {a.number: a.reply for a in tree(FewInputs(), made)}
    assert replies[4] == "cannot be excluded"
    path = pd.DataFrame({"period": ["2024/25"], "basis": ["published"]})
    quoted = Table("volumes.country_path", "Path", path, (Column("period", "P"), Column("basis", "B")))
    estimates = list(made["volumes"].estimates.values())
    made["volumes"] = Result.build("volumes", "volumes", "KEN", estimates=estimates, tables=[quoted])
    assert {a.number: a.reply for a in tree(FewInputs(), made)}[4] == "yes"


def test_what_does_not_apply_is_not_unknown():
    made = chapters(**CALM)
    made["substitution"] = Result.build(
        "substitution", "S", "SLV", applicable=False, reason="uses the dollar"
    )
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="SLV"), made)
    frame = result.tables["pillars"].frame.set_index("pillar")
    assert frame.loc["Currency substitution", "band"] == "does not apply"
    assert "currency substitution" not in next(f.text for f in result.findings if f.id == "matrix.gaps")


def test_an_issuer_of_a_reserve_currency_is_not_scored_on_its_reserves():
    made = chapters(**{**CALM, "flight__import_cover_months": 1.0})
    frame = matrix.analyse(FewInputs(ALL_RULES, "GBR"), Params(country="GBR"), made).tables["pillars"].frame
    assert frame.set_index("pillar").loc["Capital flows and reserves", "band"] == "does not apply"
