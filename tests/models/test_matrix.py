"""The risk matrix on hand-made chapters: thresholds, missing pillars, overrides, words."""

import datetime as dt
import math
import re
from dataclasses import dataclass

import pandas as pd
import pytest

from cryptorisk.charts import matrix as charts
from cryptorisk.data.catalogue import Source
from cryptorisk.estimate import UNITS, Estimate
from cryptorisk.models import matrix
from cryptorisk.models.flight.premium_year import RUNS_ON
from cryptorisk.models.matrix.cram import rules
from cryptorisk.models.matrix.criticality import NAMELESS, against, conclusion, tree
from cryptorisk.models.matrix.tables import NO_DATA, NOT_ASKED, UNSCORED
from cryptorisk.params import Params
from cryptorisk.result import Column, Result, Table
from cryptorisk.rules.ara import QUOTED

COLUMNS = ["iso3", "status", "as_of_or_from", "to", "source", "url", "note", "source_id"]


@dataclass(frozen=True)
class FewInputs:
    """What the matrix reads of `Inputs`."""

    rows: tuple = ()
    country: str = "KEN"
    as_of: dt.date = dt.date(2026, 11, 23)

    @property
    def sources(self):
        """A register of two sources, one of which names nobody."""
        told = {"asked": ("Pollster", "Poll"), "nobody": (NAMELESS, "Shares that match another's")}
        return {id: Source(id, *names, "", "open") for id, names in told.items()}

    def table(self, name):
        assert name == "regulation"
        return pd.DataFrame(
            [[self.country, s, d, "", "A source", "https://a.example", "", "asked"] for s, d in self.rows],
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


def with_premium(value, note=""):
    made = chapters(**{**CALM, "flight__premium_year_high": value})
    found = [
        e.with_(note=note) if e.id == "flight.premium_year_high" else e
        for e in made["flight"].estimates.values()
    ]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=found)
    return made


def test_the_premium_of_the_last_twelve_months_is_read_and_not_the_latest_quote():
    made = chapters(**{**CALM, "flight__premium": 0.7, "flight__premium_year_high": 52.0})
    assert {a.number: a.reply for a in tree(FewInputs(), made)}[4] == "yes"
    frame = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made).tables["indicators"].frame
    assert not frame["indicator"].eq("premium").any()
    assert "52" in frame.set_index("indicator").loc["premium_year_high", "value"]
    without = chapters(**{**CALM, "flight__premium": 160.0})
    assert {a.number: a.reply for a in tree(FewInputs(), without)}[4] == "cannot be excluded"


@pytest.mark.parametrize(("value", "scored"), [(3.0, False), (40.0, True)])
def test_a_calm_premium_is_not_scored_where_the_shadow_rate_has_run_on(value, scored):
    note = (
        f"The official rate {RUNS_ON} 2026-07-03; in 2026-08 the parallel rate stood 15 % above the last one."
    )
    for text, counts in ((note, scored), ("", True)):
        made = with_premium(value, text)
        frame = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made).tables["indicators"].frame
        said = frame.set_index("indicator").loc["premium_year_high", "value"]
        assert ("proves nothing" not in said) == counts


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
        "What would change it: high with reserves_to_ara below 115 %, the others as they are." in finding.text
    )
    assert finding.estimates == ("flight.import_cover_months",)
    # In the worst band, the way out of it.
    made = chapters(**{**CALM, "flight__import_cover_months": 1.0, "flight__reserves_to_ara": 50.0})
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    text = next(f.text for f in result.findings if f.id == "matrix.worst_pillar")
    assert "down to elevated with import_cover_months above 4.50 %, or reserves_to_ara above 125 %" in text
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


def pillar(result, name="Capital flows and reserves"):
    return result.tables["pillars"].frame.set_index("pillar").loc[name]


@pytest.mark.parametrize(
    ("before", "moved"),
    [
        # Three scores, 80, 64 and 26: up to high at 225 in all, which neither the first nor the second can give alone.
        (
            {"import_cover_months": 3.6, "reserves_to_ara": 118.0, "drain_pct_reserves": 6.5},
            "drain_pct_reserves",
        ),
        # In the worst band: down.
        (
            {"import_cover_months": 1.0, "reserves_to_ara": 50.0, "drain_pct_reserves": 21.0},
            "import_cover_months",
        ),
    ],
)
def test_each_figure_named_moves_the_pillar_alone(before, moved):
    """The printed value suffices, and a value just short of it does not."""

    def result(**values):
        keys = {f"flight__{name}": value for name, value in {**before, **values}.items()}
        return matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), chapters(**{**CALM, **keys}))

    row = pillar(result())
    told = dict(re.findall(r"(\w+) (?:above|below) ([\d.]+) %", row["change"]))
    assert moved in told
    target = re.match(r"(?:Down to )?(\w+) with", row["change"])[1].lower()
    for name in before:
        if name not in told:  # at neither far end does it reach that band
            assert target not in {pillar(result(**{name: end}))["band"] for end in (-1e3, 1e3)}
            continue
        mark, way = float(told[name]), 1 if f"{name} above" in row["change"] else -1
        assert pillar(result(**{name: mark + way * 0.01}))["band"] == target
        assert pillar(result(**{name: mark - way * 0.02 * abs(mark)}))["band"] == row["band"]


def test_where_no_figure_alone_moves_the_pillar_none_is_named():
    """Kenya in November 2026: 54, 63 and 54 of 100, of which each at its worst gives 69 to 72."""
    values = {
        "import_cover_months": 4.38,
        "reserves_to_short_term_debt": 137.0,
        "drain_pct_reserves": 13.4,
    }
    known = {k: v for k, v in CALM.items() if not k.startswith("flight__")}
    made = chapters(**known, **{f"flight__{name}": value for name, value in values.items()})
    row = pillar(matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made))
    assert row["band"] == "elevated"
    assert (
        row["change"] == "High only if several figures move: one alone brings the score no further than 72."
    )


@pytest.mark.parametrize(("high", "severity"), [(358.0, "notice"), (140.0, "warning")])
def test_a_warning_needs_the_whole_range_of_its_pillar(high, severity):
    known = {k: v for k, v in CALM.items() if not k.startswith("flight__")}
    made = chapters(**known, flight__import_cover_months=4.2, flight__reserves_to_short_term_debt=137.0)
    debt = made["flight"].estimates["reserves_to_short_term_debt"]
    wide = debt.with_(low=116.0, high=high, interval="range", date="2024")
    cover = made["flight"].estimates["import_cover_months"]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=[cover, wide])
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    (finding,) = [f for f in result.findings if f.id == "matrix.worst_pillar"]
    assert finding.severity == severity
    # 60 beside 84 at best, 60 or 0 at worst.
    low = {358.0: 30, 140.0: 60}[high]
    band = "moderate to elevated" if low < 50 else "elevated"
    assert f"(62 of 100, range {low} to 72: {band})" in finding.text
    assert f"137 % (range 116 to {high:.0f}), 2024, where" in finding.text
    assert pillar(result)["range"] == f"{low} to 72"


def test_refused_figures_are_not_called_no_data():
    made = chapters(**CALM)
    gross = [e.with_(note="Gross; encumbered.") for e in made["flight"].estimates.values()]
    made["flight"] = Result.build("flight", "flight", "KEN", estimates=gross)
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    row = pillar(result)
    assert row["band"] == "not scored"
    assert row["change"].startswith("2 of 5 figures are known; an upper bound that looks calm proves nothing")
    policy = result.tables["policy"].frame.set_index("pillar")["band"]
    assert policy["Capital flows and reserves"] == "not scored"
    gaps = next(f.text for f in result.findings if f.id == "matrix.gaps")
    assert "capital flows and reserves (2 of 5 figures are known; an upper bound" in gaps


def test_a_macro_critical_country_is_told_by_which_figure_of_when():
    made = chapters(volumes__country_volume_percentile=98.0, volumes__country_volume_pct_gdp=34.0)
    path = pd.DataFrame({"period": ["2024/25"], "basis": ["published"]})
    quoted = Table("volumes.country_path", "Path", path, (Column("period", "P"), Column("basis", "B")))
    dated = [e.with_(date="2024-07/2025-06") for e in made["volumes"].estimates.values()]
    made["volumes"] = Result.build("volumes", "volumes", "KEN", estimates=dated, tables=[quoted])
    result = matrix.analyse(FewInputs(), Params(country="NGA"), made)
    (finding,) = [f for f in result.findings if f.id == "matrix.criticality"]
    assert finding.text.endswith(
        "country_volume_pct_gdp: 34 %, 2024-07/2025-06, more than in 98 % of the other economies (mark: 90 %)."
    )
    assert finding.estimates == ("volumes.country_volume_pct_gdp", "volumes.country_volume_percentile")


@pytest.mark.parametrize(("date", "reply"), [("2019", "cannot be excluded"), ("2021/2023", "no")])
def test_old_figures_of_ownership_answer_nothing_and_name_their_origin(date, reply):
    made = chapters(crash__ownership_share=5.7)
    share = made["crash"].estimates["ownership_share"].with_(date=date, sources=("asked", "nobody"))
    made["crash"] = Result.build("crash", "crash", "KEN", estimates=[share])
    answer = next(a for a in tree(FewInputs(), made) if a.number == 2)
    assert answer.reply == reply
    assert answer.datum == f"ownership_share: 5.7 %, {date}; from Pollster and shares that match another's"


def test_rows_of_a_chapter_that_does_not_apply_have_names():
    made = chapters(**CALM)
    made["substitution"] = Result.build(
        "substitution", "S", "SLV", applicable=False, reason="uses the dollar"
    )
    frame = (
        matrix.analyse(FewInputs(ALL_RULES, "SLV"), Params(country="SLV"), made).tables["indicators"].frame
    )
    rows = frame[frame["pillar"] == "Currency substitution"]
    assert rows["indicator"].tolist() == [i.label for i in rules().pillars[1].indicators]
    assert not rows["indicator"].str.contains("Mvp|_", regex=True).any()


def with_holdings(value):
    """Public holdings that are written with two digits, beside a calm rest."""
    made = chapters(**CALM)
    found = [
        e.with_(value=value, digits=2) if e.id == "crash.government_holdings_pct_gdp" else e
        for e in made["crash"].estimates.values()
    ]
    made["crash"] = Result.build("crash", "crash", "KEN", estimates=found)
    return matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)


def test_a_value_is_scored_as_it_is_and_not_as_it_is_written():
    """El Salvador: 1.473 % of GDP scores 73.65, elevated; written as 1.5 it would be 75, high."""
    row = pillar(with_holdings(1.473), "Fiscal position and legal tender")
    assert row["score"] == pytest.approx(73.65)
    assert row["band"] == "elevated"
    assert row["change"].startswith("High with government_holdings_pct_gdp above 1.50 % (now 1.47)")
    assert "(now" not in pillar(with_holdings(1.23), "Fiscal position and legal tender")["change"]


def test_the_figure_counts_unknown_pillars_among_those_that_apply():
    """As the first screen and the table of scores do: "3 of 6", and not "3 of 8"."""
    made = chapters(**{**CALM, "crash__bank_exposure_pct_tier1": None})
    made["substitution"] = Result.build(
        "substitution", "S", "KEN", applicable=False, reason="uses the dollar"
    )
    result = matrix.analyse(FewInputs(ALL_RULES), Params(country="KEN"), made)
    bands = result.tables["pillars"].frame["band"]
    asked, unknown = (bands != NOT_ASKED).sum(), bands.isin([NO_DATA, UNSCORED]).sum()
    assert asked < len(bands)
    assert f"{unknown} of {asked} pillars" in charts.pillars(result).note
