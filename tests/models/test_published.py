"""Published figures: every one has its page, licence and date; comparisons show what was known and concerns the economy."""

import csv
import datetime as dt
from importlib.resources import files

import pytest

from cryptorisk.countries import country
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.comparison import comparison_table
from cryptorisk.models.published import figure, published, published_table

DAY = dt.date(2026, 11, 23)


def rows(package, name):
    with files(package).joinpath(name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("package", "name"),
    [("cryptorisk.models", "published.csv"), ("cryptorisk.models.crash", "quoted.csv")],
)
def test_every_quoted_figure_has_page_licence_and_dates(package, name):
    table = rows(package, name)
    assert len({row["key"] for row in table}) == len(table)
    for row in table:
        assert row["url"].startswith("https://"), row["key"]
        assert row["licence_class"] == "facts-quoted", row["key"]
        assert dt.date.fromisoformat(row["date"]) <= dt.date.fromisoformat(row["accessed"]), row["key"]
        assert row["organisation"], row["key"]
        assert row["unit"], row["key"]
        assert None not in row, f"{row['key']}: more cells than heads"


def test_figures_are_read_as_written():
    assert figure("loans_per_point_of_rwa").text == "1.2 to 1.6 % a year"
    assert figure("kimchi_max").text == "54.48 %"
    assert figure("mpc_models").source.endswith("via vdocument.in")
    assert all(one.low <= one.high for one in published())
    with pytest.raises(ModelError, match="no figure 'nothing'"):
        figure("nothing")


def test_a_table_has_what_was_published_by_its_day():
    late, early = published_table("crash", DAY), published_table("crash", dt.date(2015, 1, 1))
    assert len(early.frame) < len(late.frame) == sum(one.chapter == "crash" for one in published())
    assert not early.frame["source"].str.contains("Iyer").any()
    assert published_table("flight", dt.date(2010, 1, 1)) is None


def test_the_economy_s_own_premium_stands_above_korea_s():
    premium = Estimate("flight.premium", "Premium", 12.0, "pct", 8, 15, interval="range", date="2024-01-31")
    stock = Estimate("flight.stock_pct_gdp", "Stock", 20.0, "pct_gdp", 10, 30, interval="range", date="2024")
    table = comparison_table(country("ARG"), DAY, (premium, stock))
    assert table.frame["what"].iloc[0] == "Premium"
    assert table.frame["figure"].iloc[0].startswith("12.0 %")
    assert "Own premia" in table.note
    assert not table.frame["what"].str.contains("African|Stock").any()


def test_totals_of_africa_are_for_african_economies():
    stock = Estimate("flight.stock_pct_gdp", "Stock", 20.0, "pct_gdp", 10, 30, interval="range", date="2024")
    for iso in ("NGA", "EGY"):
        frame = comparison_table(country(iso), DAY, (stock,)).frame
        assert frame["what"].iloc[0] == "Stock"
        assert "2.7 trillion dollars" in set(frame["figure"])
    missing = Estimate.missing("flight.premium", "Premium", "pct", "no rate")
    table = comparison_table(country("DEU"), DAY, (missing, stock))
    assert not table.frame["figure"].str.contains("n.a.|trillion").any()
    assert "34 exchanges in 19 economies" in table.note
    assert "Own premia" not in table.note
