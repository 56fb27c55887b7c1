"""Young levels: several newest figures in a row that nobody else confirms; and the crises that must pass."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.runs import YOUNG

CALM = [130 + month * 0.3 + (month % 3) * 0.2 for month in range(36)]
RATE, PRICES = "official_fx_lcu_per_usd", "cpi_index_monthly"


def rates(newest, *, source="a_live", country="KEN"):
    return history(RATE, [*CALM, *newest], start="2023-01", source=source, country=country)


@pytest.mark.parametrize(
    ("series", "start", "wrong"),
    [
        (RATE, "2023-01", 130 * 40),
        (RATE, "2023-01", 130 / 40),
        (PRICES, "2023-01", 130 * 9),
        ("btc_price_usd", "2026-01-01", 130 * 30),
        ("gdp_usd", "1980", 130 * 1000),
        ("portfolio_net_usd_q", "2016-01", 1e9),
    ],
)
def test_every_young_run_on_a_wrong_level_is_held_and_an_old_one_is_a_level(series, start, wrong):
    young = YOUNG[catalogue()[series].frequency]
    for length in (2, 3, young, young + 1):
        newest = [wrong * (1 + 0.001 * (at % 7)) for at in range(length)]
        found = judged(history(series, [*CALM, *newest], start=start))
        assert held(found) == ({"runs": newest} if length <= young else {}), length


def test_the_next_figure_of_the_same_source_confirms_nothing():
    previous = None
    newest = []
    for month in range(YOUNG["M"]):
        newest.append(130.0 * 40 + month)
        found = judged(rates(newest), previous)
        assert found.quarantined["value"].tolist() == newest
        previous = found.accepted
    assert judged(rates([*newest, 130.0 * 40]), previous).quarantined.empty


def test_the_reason_names_the_figures_and_the_bound():
    reason = judged(rates([5200.0, 5210.0])).quarantined["reason"].iloc[0]
    assert reason == (
        "a_live gives official_fx_lcu_per_usd for KEN at 5 200 (2026-01) after 140.9 (2025-12) and stays there in all 2 "
        "newest periods: beyond the factor 20 that history explains, and no other source confirms it yet."
    )


def test_another_source_confirms_in_the_previous_vintage_and_in_the_same_answer():
    wrong, other = rates([5200.0, 5210.0]), rates([5150.0], source="b")
    assert judged(wrong, other).quarantined.empty
    assert judged(pd.concat([wrong, other])).quarantined.empty


def test_a_level_accepted_by_hand_is_not_judged_again():
    assert judged(rates([5200.0, 5210.0, 5220.0]), rates([5200.0])).quarantined.empty


def test_a_source_that_covers_the_same_periods_and_has_no_such_change_contradicts():
    """Threefold within two months is history in some countries, and not where another source was looking."""
    wrong = rates([420.0, 421.0, 422.0])
    assert judged(wrong).quarantined.empty
    found = judged(wrong, rates([141.0, 141.5], source="b"))
    assert held(found) == {"runs": [420.0, 421.0, 422.0]}
    assert (
        found.quarantined["reason"]
        .iloc[0]
        .endswith(
            "while b had 140.9 before and 141.5 at last: one of the two is wrong, and the new level is young."
        )
    )


def test_one_common_period_contradicts_nothing():
    """An average and a closing rate of the month of a devaluation may differ by all of it."""
    assert judged(rates([420.0, 421.0, 422.0]), rates([141.0], source="b")).quarantined.empty
    late = pd.concat([rates([420.0, 421.0, 422.0]), rates([141.0, 418.0], source="b")])
    assert judged(late).quarantined.empty


def test_a_source_contradicts_what_it_said_itself():
    found = judged(rates([420.0, 421.0, 422.0]), rates([141.0, 142.0, 143.0]))
    assert held(found) == {"runs": [420.0, 421.0, 422.0]}
    assert "its own figures in the previous vintage" in found.quarantined["reason"].iloc[0]


def test_indices_on_other_bases_are_compared_by_their_changes():
    mine = history(PRICES, [*CALM, 260.0, 262.0], start="2023-01")
    half = history(PRICES, [value / 2 for value in [*CALM, 141.0, 142.0]], start="2023-01", source="b")
    assert held(judged(mine, half)) == {"runs": [260.0, 262.0]}
    moved = history(PRICES, [value / 2 for value in [*CALM, 258.0, 261.0]], start="2023-01", source="b")
    assert judged(mine, moved).quarantined.empty
    leapt = history(PRICES, [*CALM, 1300.0, 1310.0], start="2023-01")
    assert held(judged(leapt)) == {"runs": [1300.0, 1310.0]}
    also = history(PRICES, [value / 2 for value in [*CALM, 1290.0]], start="2023-01", source="b")
    assert judged(leapt, also).quarantined.empty


def test_a_level_that_another_source_has_always_had_is_confirmed():
    mine = history("public_debt_pct_gdp", [37.0] * 15 + [0.1, 0.1], start="2000")
    other = history("public_debt_pct_gdp", [0.06] * 17, start="2000", source="b")
    assert "runs" not in held(judged(mine, other))


def test_a_nought_of_another_source_says_nothing():
    mine = history("gdp_usd", [*CALM, 20.0, 21.0], start="1980")
    other = history("gdp_usd", [0.0, 130.0, 131.0], start="2015", source="b")
    assert judged(mine, other).quarantined.empty
    other = other.assign(value=[140.0, 141.0, 142.0])
    assert held(judged(mine, other)) == {"runs": [20.0, 21.0]}


def test_new_money_is_no_question_of_history():
    kuna = [7.1 + month % 3 / 100 for month in range(30)]
    for euro in ([0.93], [0.93, 0.94, 0.93]):
        found = judged(history(RATE, [*kuna, *euro], start="2020-07", country="HRV"))
        assert found.quarantined.empty


def test_what_has_no_history_is_not_judged_by_it():
    assert judged(history(RATE, [5200.0, 5210.0], start="2026-01")).quarantined.empty


CRISES = ("ARG", "EGY", "LBN", "NGA", "TUR", "VEN", "ZWE")


@pytest.fixture(scope="module")
def crises(whole_vintage):
    slow = [id for id, spec in catalogue().series.items() if spec.frequency != "D"]
    return whole_vintage[whole_vintage["country"].isin(CRISES) & whole_vintage["series"].isin(slow)]


def test_real_devaluations_and_hyperinflations_pass_as_they_come(crises):
    """Nigeria 2023, Egypt 2024, Lebanon 2023, Argentina in December 2023, Venezuela and Turkey from 2018: what was new in
    one to six months, every third month."""
    alarms = []
    for number, day in enumerate(pd.date_range("2017-12-31", "2026-06-30", freq="3ME")):
        fetched = crises[crises["date"] <= day]
        previous = crises[crises["date"] <= day - pd.DateOffset(months=1 + number % 6)]
        rows = judged(fetched, previous).quarantined
        alarms += rows.loc[rows["rule"] != "shadows", "reason"].tolist()
    assert alarms == []


@pytest.mark.parametrize(
    ("country", "month"),
    [
        ("NGA", "2023-06"),
        ("EGY", "2024-03"),
        ("LBN", "2023-02"),
        ("ARG", "2023-12"),
        ("VEN", "2018-09"),
        ("TUR", "2021-12"),
    ],
)
def test_each_month_after_a_real_devaluation_passes(crises, country, month):
    rows = crises[(crises["country"] == country) & crises["series"].isin([RATE, PRICES])]
    first = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
    previous = rows[rows["date"] < first]
    for later in range(8):
        fetched = rows[rows["date"] <= first + pd.offsets.MonthEnd(later)]
        assert judged(fetched, previous).quarantined.empty


def test_the_devaluations_are_there(crises):
    """What the test above lets pass is what its name says."""
    for country, before, after, least in (
        ("NGA", "2023-05", "2024-03", 3), ("EGY", "2024-02", "2024-04", 1.4), ("LBN", "2023-01", "2024-03", 50),
        ("ARG", "2023-11", "2024-01", 2), ("VEN", "2018-07", "2019-03", 1000), ("TUR", "2021-08", "2021-12", 1.4),
    ):  # fmt: skip
        rows = crises[(crises["series"] == RATE) & (crises["country"] == country)]
        at = rows.groupby(rows["date"].dt.strftime("%Y-%m"))["value"].median()
        assert at[after] / at[before] > least, country
