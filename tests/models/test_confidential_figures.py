"""Chapters 2 and 3 with confidential figures: everything printed is set against public runs and inverted.

Every number of a result (estimates, table cells, and numbers inside texts) is compared with the same number of two
runs with known values of the figure. One that moves with the figure must have one digit only, and all of them
together must leave the figure open.
"""

import math
import re

import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models import flight, peers, substitution
from cryptorisk.params import Params

NUMBER = re.compile(r"(?<![\w-])[\u2212-]?\d[\d\u202f]*(?:\.\d+)?(?![\w-])")
CHAPTERS = {"flight": flight.analyse, "substitution": substitution.analyse}


YEAR = 2024.0
"""Of the figures given: a sentence that one rounded value has and another has not names it, and it is no secret."""


def numbers(result):
    """Every number by where it stands; (value, whether it was read from a text)."""
    raw = result.to_dict()
    raw["findings"] = {f["id"]: f["text"] for f in raw["findings"]}
    found = {}

    def walk(path, part):
        if isinstance(part, dict):
            for key, one in part.items():
                if key not in ("level", "n_obs", "date", "decimals", "sources", "inputs"):
                    walk((*path, key), one)
        elif isinstance(part, list):
            for place, one in enumerate(part):
                walk((*path, place), one)
        elif isinstance(part, str):
            for place, one in enumerate(NUMBER.findall(part)):
                found[(*path, "text", place)] = float(one.replace("\u202f", "").replace("\u2212", "-"))
        elif isinstance(part, int | float) and not isinstance(part, bool):
            found[path] = float(part)

    walk((), raw)
    return found


def run(chapter, iso3, series, value, *, confidential):
    given = {"value": value, "confidential": confidential, "date": "2024-12-31"}
    if series == "base_money_pct_gdp":
        given["unit"] = "pct_gdp"
    params = Params(
        country=iso3,
        vintage="2026-11-23",
        overrides={series: given},
        substitution={"bootstrap_replications": 200},
    )
    return CHAPTERS[chapter](load_inputs(params), params)


def attacked(chapter, iso3, series, secret, references):
    """Numbers that move with the figure and have more than a digit; what the others leave open."""
    one, two = (numbers(run(chapter, iso3, series, x, confidential=False)) for x in references)
    told, other = (numbers(run(chapter, iso3, series, x, confidential=True)) for x in (secret, 1.07 * secret))
    leaks, low, high, used = [], 0.0, math.inf, 0
    for path, value in told.items():
        coarse = math.isclose(value, one_digit(value), rel_tol=1e-9)
        if not coarse and other.get(path) != value and value != YEAR:
            leaks.append((path, value))
        if path not in one or path not in two or one[path] == two[path]:
            continue
        if not coarse or "text" in path or value == 0:
            continue
        used += 1
        slope = (two[path] - one[path]) / (references[1] - references[0])
        half = 0.5 * 10 ** math.floor(math.log10(abs(value)))
        ends = sorted(references[0] + (value + s * half - one[path]) / slope for s in (-1, 1))
        low, high = max(low, ends[0]), min(high, ends[1])
    return leaks, low, high, used


@pytest.mark.parametrize(
    ("chapter", "iso3", "series", "secret", "references", "fewest"),
    [
        ("flight", "KEN", "reserves_usd", 1.0766e10, (1.02e10, 1.14e10), 4),
        ("flight", "TUR", "reserves_usd", 1.3579e11, (1.31e11, 1.44e11), 4),
        ("substitution", "KEN", "reserves_usd", 1.0766e10, (1.02e10, 1.14e10), 0),
        ("substitution", "KEN", "base_money_pct_gdp", 6.2718, (5.9, 6.6), 3),
        ("flight", "KEN", "other_external_liabilities_usd", 5.4321e9, (5.2e9, 5.7e9), 1),
        ("flight", "KEN", "short_term_debt_remaining_maturity_usd", 3.4567e9, (3.2e9, 3.7e9), 1),
        ("flight", "KEN", "imports_gs_usd", 2.4567e10, (2.3e10, 2.6e10), 0),
        ("flight", "KEN", "broad_money_pct_gdp", 38.4567, (37.0, 40.0), 1),
        ("flight", "KEN", "gdp_usd", 1.2345e11, (1.2e11, 1.27e11), 0),
        ("flight", "KEN", "external_debt_usd", 4.4567e10, (4.3e10, 4.6e10), 0),
        ("flight", "KEN", "findex_account_pct", 87.654, (84.0, 90.0), 0),
        ("substitution", "KEN", "broad_money_pct_gdp", 38.4567, (37.0, 40.0), 1),
        ("substitution", "KEN", "cpi_inflation_pct", 5.6789, (5.2, 6.2), 0),
        ("substitution", "KEN", "deposit_dollarization_pct", 31.4159, (29.0, 33.0), 0),
        ("substitution", "KEN", "policy_rate_pct", 8.7654, (8.2, 9.2), 1),
    ],
)
def test_a_confidential_figure_cannot_be_read_off_the_chapter(
    chapter, iso3, series, secret, references, fewest
):
    leaks, low, high, used = attacked(chapter, iso3, series, secret, references)
    assert leaks == []
    assert used >= fewest
    if used:
        assert high - low > 0.01 * secret


@pytest.mark.parametrize("series", ["reserves_usd", "base_money_pct_gdp"])
def test_the_attack_finds_the_figure_where_it_is_not_confidential(series):
    """The test above can fail: without the mark the figure is read off to the digit."""
    chapter = "flight" if series == "reserves_usd" else "substitution"
    secret = 1.0766e10 if series == "reserves_usd" else 6.2718
    one, two = (
        numbers(run(chapter, "KEN", series, x, confidential=False)) for x in (0.95 * secret, 1.06 * secret)
    )
    told = numbers(run(chapter, "KEN", series, secret, confidential=False))
    moving = [p for p in told if p in one and p in two and one[p] != two[p]]
    assert any(not math.isclose(told[p], one_digit(told[p]), rel_tol=1e-9) for p in moving if told[p])


@pytest.mark.parametrize(
    "series", ["reserves_usd", "cpi_inflation_pct", "remittances_received_usd", "deposit_dollarization_pct"]
)
def test_no_comparison_with_peers_or_last_year_stands_on_a_confidential_figure(series):
    def known(confidential):
        given = {"value": 12.345678, "confidential": confidential, "date": "2024-12-31"}
        params = Params(country="KEN", vintage="2026-11-23", overrides={series: given})
        inputs = load_inputs(params)
        own = {id: panel["KEN"] for id, panel in peers.panels(inputs, params).items() if "KEN" in panel.index}
        return own, peers.a_year_before(inputs)

    (open_own, open_before), (own, before) = known(False), known(True)
    concerned = {id for id, inputs in peers.INPUTS_OF.items() if series in inputs}
    assert concerned & set(open_own), "the open figure is compared, so that the test can fail"
    assert not concerned & (set(own) | set(before))
    assert set(open_own) - set(own) == concerned & set(open_own)
    assert set(open_before) >= set(before)
