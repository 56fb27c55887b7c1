"""Compiling a vintage from a tiny folder of figures."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from cryptorisk.data.compile import compile_vintage
from cryptorisk.data.datalog import BEGIN, END, month_gaps, recompile
from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.verify import require, verify
from cryptorisk.data.vintage import Vintage, open_vintage
from cryptorisk.errors import DataError
from cryptorisk.params import Params

DATE = dt.date(2026, 11, 1)


@pytest.fixture
def compiled(figures_folder: Path, supplement: Path, tmp_path: Path) -> Vintage:
    return open_vintage(compile_vintage(figures_folder, tmp_path / "data", DATE, supplement=supplement))


def replace_line(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def values(vintage: Vintage, series: str, country: str) -> list[tuple[str, float, str]]:
    rows = vintage.observations(series, country)
    return [(str(d), float(v), s) for d, v, s in zip(rows.dates, rows.numbers, rows.sources, strict=True)]


def test_two_compilations_give_the_same_bytes(figures_folder: Path, supplement: Path, tmp_path: Path) -> None:
    first = compile_vintage(figures_folder, tmp_path / "a", DATE, supplement=supplement)
    second = compile_vintage(figures_folder, tmp_path / "b", DATE, supplement=supplement)
    assert sorted(p.name for p in first.iterdir()) == sorted(p.name for p in second.iterdir())
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_an_existing_vintage_is_not_overwritten(compiled: Vintage, figures_folder: Path) -> None:
    before = (compiled.path / "datapackage.json").read_bytes()
    with pytest.raises(DataError, match="exists already"):
        compile_vintage(figures_folder, compiled.path.parent, DATE)
    assert (compiled.path / "datapackage.json").read_bytes() == before


def test_a_vintage_can_be_replaced_on_request(
    compiled: Vintage, figures_folder: Path, supplement: Path
) -> None:
    replace_line(figures_folder, "macro_annual", "UGA,2022,gdp_usd,40.0", "UGA,2022,gdp_usd,41.0")
    data = compiled.path.parent
    path = compile_vintage(figures_folder, data, DATE, supplement=supplement, replace=True)
    assert values(open_vintage(path), "gdp_usd", "UGA") == [("2022-12-31", 41.0, "wdi")]
    assert [entry.name for entry in data.iterdir()] == ["2026-11-01"]


def test_a_failure_leaves_nothing_behind(figures_folder: Path, tmp_path: Path) -> None:
    (figures_folder / "global_daily.csv").unlink()
    with pytest.raises(DataError, match="global_daily"):
        compile_vintage(figures_folder, tmp_path / "data", DATE)
    assert not (tmp_path / "data").exists() or list((tmp_path / "data").iterdir()) == []


def test_dates_are_the_last_day_of_the_period(compiled: Vintage) -> None:
    assert values(compiled, "gdp_usd", "UGA") == [("2022-12-31", 40.0, "wdi")]
    assert values(compiled, "portfolio_net_usd_q", "BRA") == [("2024-12-31", -5.0, "bop_2025_07")]
    assert values(compiled, "cpi_index_monthly", "KEN") == [("2022-12-31", 128.0, "wb_inflation_2024_04")]
    assert values(compiled, "us_cpi_index_sa", "WLD") == [("2024-01-31", 309.7, "fred")]
    assert values(compiled, "official_fx_lcu_per_usd", "ZAF") == [("2026-06-30", 18.1, "frb_h10")]
    assert values(compiled, "official_fx_quarter_end_lcu_per_usd", "KEN") == [
        ("2025-03-31", 129.2, "us_treasury_rre")
    ]


def test_codes_spelt_like_missing_values_are_kept(compiled: Vintage) -> None:
    assert values(compiled, "population", "NAM") == [("2021-12-31", 2.5e6, "wdi")]


def test_all_sources_of_a_figure_are_kept(compiled: Vintage) -> None:
    assert sorted(values(compiled, "gdp_usd", "KEN")) == [
        ("2021-12-31", 90.0, "wdi"),
        ("2021-12-31", 100.0, "weo_2026_04"),
        ("2022-12-31", 95.0, "wdi"),
    ]


def test_what_is_not_open_is_never_read(compiled: Vintage, figures_folder: Path, tmp_path: Path) -> None:
    for path in compiled.path.iterdir():
        assert b"666.0" not in path.read_bytes()
    (figures_folder / "not_open" / "crypto_prices.csv").unlink()
    (figures_folder / "not_open").rmdir()
    again = compile_vintage(figures_folder, tmp_path / "again", DATE, supplement=tmp_path / "supplement")
    for path in compiled.path.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_non_commercial_figures_stand_alone_with_their_notice(compiled: Vintage) -> None:
    own = compiled.resources["crypto_noncommercial"]
    assert own["licence_class"] == ["non-commercial"]
    assert own["notice"] == "NOTICE-noncommercial.txt"
    assert "NonCommercial" in (compiled.path / own["notice"]).read_text(encoding="utf-8")
    others = [r for name, r in compiled.resources.items() if name != "crypto_noncommercial"]
    assert all("non-commercial" not in resource["licence_class"] for resource in others)
    assert values(compiled, "btc_price_usd", "WLD") == [("2022-11-30", 17176.9, "coinmetrics_2026_03")]
    assert values(compiled, "dai_price_usd", "WLD") == [("2021-01-01", 1.001, "coinmetrics_dai")]


def test_sub_ranks_of_the_index_are_not_quoted(compiled: Vintage) -> None:
    assert set(compiled.table("country_crypto")["metric"]) == {
        "chainalysis_gcai_rank",
        "gcai_rank_cex_value",
        "ownership_share_pct_population",
        "crypto_value_received_usd_bn",
    }


def test_quoted_figures_become_series_with_their_page(compiled: Vintage) -> None:
    rows = compiled.observations("crypto_value_received_usd", "ARE")
    assert (str(rows.dates[0]), rows.numbers[0], rows.urls[0]) == (
        "2024-06-30",
        30e9,
        "https://example.org/d",
    )


def test_facts_typed_by_hand_become_series(compiled: Vintage) -> None:
    assert values(compiled, "ownership_share_pct_population", "KEN") == [
        ("2021-12-31", 8.5, "unctad_pb100"),
        ("2024-12-31", 5.1, "Example_2024"),
    ]
    assert values(compiled, "government_bitcoin_holdings", "SLV") == [("2025-03-31", 6100.0, "Example_2025")]
    assert compiled.catalogue["government_bitcoin_holdings"].unit == "coins"
    assert compiled.catalogue.sources["Example_2025"].organisation == "Example office"


def test_faults_are_left_out_and_recorded(compiled: Vintage) -> None:
    assert len(compiled.observations("official_fx_lcu_per_usd", "VEN")) == 0
    assert len(compiled.observations("broad_money_pct_gdp", "SLE")) == 0
    table = compiled.table("faults")
    hit = table[(table["series"] == "broad_money_pct_gdp") & (table["country"] == "SLE")]
    assert hit["rows"].tolist() == [1]
    assert hit["action"].tolist() == ["drop"]


def test_the_log_says_what_was_left_out(compiled: Vintage) -> None:
    log = compiled.table("dropped").set_index("table")["rows"]
    assert log["mining_share_monthly"] == 1
    assert log["all"] == 1
    assert log["fx_official_other"].tolist() == [1, 1]


def test_the_regulation_table_names_its_document(compiled: Vintage) -> None:
    row = compiled.table("regulation").iloc[0]
    assert row["source_id"] == "un_e_c16_2023_7"
    assert row["url"].startswith("https://undocs.org")


def test_regional_volume_has_a_code_for_every_region(compiled: Vintage) -> None:
    table = compiled.table("regional_volume").set_index("region")
    assert table.loc["North America", "region_code"] == "NAM"
    assert table.loc["Eastern Asia", "source"] == "un_e_c16_2023_7"


def test_the_package_passes_its_own_check_and_frictionless(compiled: Vintage) -> None:
    import frictionless

    assert require(compiled)["problems"].eq("").all()
    report = frictionless.Package.metadata_validate(
        json.loads((compiled.path / "datapackage.json").read_text())
    )
    assert list(report) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("macro_annual", "KEN,2021,gdp_usd,90.0,WB_WDI", "KEN,2021,gdp_usd,90.0,Yahoo", "no licence"),
        ("macro_annual", "UGA,2022,gdp_usd", "UGA,2022,gdp_dollars", "gdp_dollars"),
        ("macro_annual", "KEN,2022,gdp_usd,95.0", "KEN,2021,gdp_usd,95.0", "share country"),
        ("macro_annual", "UGA,2022,gdp_usd,40.0", "UGA,2022,gdp_usd,inf", "finite"),
        ("global_daily", "2024-01-02,vix_close", "2027-01-02,vix_close", "after the vintage"),
        ("cpi_monthly", "iso3,date,variable", "iso,date,variable", "iso3"),
    ],
)
def test_unusable_figures_are_refused(
    figures_folder: Path, tmp_path: Path, table: str, old: str, new: str, message: str
) -> None:
    replace_line(figures_folder, table, old, new)
    with pytest.raises(DataError, match=message):
        compile_vintage(figures_folder, tmp_path / "data", DATE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pct_population,survey", "pct,survey", "pct_population"),
        ("5.1,pct", "about five,pct", "no number"),
        ("facts-quoted,2026-11-01,a note", "none,2026-11-01,a note", "may not be shipped"),
        ("facts-quoted,2026-11-01,a note", "non-commercial,2026-11-01,a note", "resource of their own"),
        ("KEN,owner", "KNE,owner", "unknown country"),
        (",2024,5.1", ",last year,5.1", "no period"),
    ],
)
def test_unusable_facts_are_refused_by_line(
    figures_folder: Path, supplement: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    replace_line(supplement, "facts", old, new)
    with pytest.raises(DataError, match=message) as caught:
        compile_vintage(figures_folder, tmp_path / "data", DATE, supplement=supplement)
    assert "facts.csv:2" in str(caught.value)


def test_precedence_picks_one_source_for_the_whole_history(compiled: Vintage) -> None:
    inputs = load_inputs(Params(country="KEN"), data=compiled.path.parent)
    gdp = inputs.series("gdp_usd")
    assert gdp.values.tolist() == [100.0]
    assert gdp.source_ids == ("weo_2026_04",)
    other = inputs.series("gdp_usd", sources=["wdi"])
    assert other.values.tolist() == [90.0, 95.0]


def test_sources_of_one_group_continue_each_other(compiled: Vintage) -> None:
    inputs = load_inputs(Params(country="KEN"), data=compiled.path.parent)
    exports = inputs.series("exports_gs_usd")
    assert exports.values.tolist() == [10.0, 11.0]
    assert exports.source_ids == ("derived_wdi", "wdi")
    assert exports.sources_by_date.tolist() == ["wdi", "derived_wdi"]


def test_a_changed_file_is_found(compiled: Vintage) -> None:
    path = compiled.path / "annual.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    bad = verify(compiled.path)
    assert bad.loc[bad["path"] == "annual.parquet", "problems"].item().startswith("has another hash")
    with pytest.raises(DataError, match=r"annual\.parquet.*restore"):
        load_inputs(Params(country="KEN"), data=compiled.path.parent)
    (compiled.path / "stray.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="does not name this file"):
        require(compiled.path)


@pytest.mark.parametrize("damage", ["truncate", "empty", "remove", "binary"])
def test_a_damaged_parquet_is_one_clear_error(compiled: Vintage, damage: str) -> None:
    path = compiled.path / "annual.parquet"
    content = path.read_bytes()
    path.unlink()
    if damage != "remove":
        path.write_bytes({"truncate": content[:-20], "empty": b"", "binary": b"\x00" * len(content)}[damage])
    with pytest.raises(DataError, match=r"annual\.parquet") as caught:
        load_inputs(Params(country="KEN"), data=compiled.path.parent)
    assert caught.value.exit_code == 2
    assert "restore" in str(caught.value)


def test_a_parquet_that_its_descriptor_vouches_for_but_is_none(compiled: Vintage) -> None:
    path = compiled.path / "annual.parquet"
    path.write_bytes(b"PAR1 but not really PAR1")
    from cryptorisk.data.package import sha256

    descriptor = json.loads((compiled.path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        if resource["name"] == "annual":
            resource["bytes"], resource["hash"] = path.stat().st_size, sha256(path.read_bytes())
    (compiled.path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(DataError, match=r"annual\.parquet.*cannot be read"):
        load_inputs(Params(country="KEN"), data=compiled.path.parent)


@pytest.mark.parametrize("text", ["", "{}", "[1, 2]", "not json", '{"version": "soon", "resources": []}'])
def test_a_bad_descriptor_is_one_clear_error(compiled: Vintage, text: str) -> None:
    (compiled.path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage\.json"):
        load_inputs(Params(country="KEN"), data=compiled.path.parent)


def test_csv_tables_are_what_their_schema_says(compiled: Vintage) -> None:
    for resource in compiled.resources.values():
        if resource["format"] == "csv":
            frame = pd.read_csv(compiled.path / resource["path"])
            assert list(frame.columns) == [field["name"] for field in resource["schema"]["fields"]]
            assert len(frame) == resource["rows"]


def test_short_gaps_of_monthly_series_are_listed(
    figures_folder: Path, supplement: Path, tmp_path: Path
) -> None:
    """One month, several months, many gaps; a gap of a year is the end of a run and not an omission."""
    rows = [
        f"KEN,{month},1.0,IMF_ER_via_WESP_2026-01" for month in ("2020-01", "2020-03", "2020-04", "2020-07")
    ]
    rows += ["UGA,2020-01,1.0,IMF_ER_via_WESP_2026-01", "UGA,2021-01,1.0,IMF_ER_via_WESP_2026-01"]
    rows += ["TZA,2020-01,1.0,IMF_ER_via_WESP_2026-01", "TZA,2021-02,1.0,IMF_ER_via_WESP_2026-01"]
    rows += [
        f"RWA,{year}-{month},1.0,IMF_ER_via_WESP_2026-01"
        for year in (2020, 2021)
        for month in ("01", "04", "07")
    ]
    path = figures_folder / "fx_official_monthly.csv"
    path.write_text("iso3,date,lcu_per_usd_avg,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
    made = open_vintage(compile_vintage(figures_folder, tmp_path / "out", DATE, supplement=supplement))
    found = {country: months for _, country, months in month_gaps(made)}
    assert found["KEN"] == "2020-02, 2020-05 to 2020-06"
    assert found["UGA"] == "2020-02 to 2020-12"
    assert "TZA" not in found
    assert found["RWA"] == "5 gaps between 2020-02 and 2021-06"


def test_recompiling_brings_the_data_log_up_to_date(
    figures_folder: Path, supplement: Path, tmp_path: Path
) -> None:
    data = tmp_path / "kit"
    supplement.rename(tmp_path / "moved")
    (data / "supplement").mkdir(parents=True)
    (tmp_path / "moved" / "facts.csv").rename(data / "supplement" / "facts.csv")
    readme = data / "README.md"
    readme.write_text(f"by hand\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        path = recompile(figures_folder, data, DATE)
        text = readme.read_text(encoding="utf-8")
        assert text.startswith(f"by hand\n{BEGIN}\n\n## Vintage 2026-11-01")
        assert text.endswith(f"{END}\nafter\n")
        assert "Example_2025" in text
        assert "\nold\n" not in text
    assert path.name == "2026-11-01"
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(DataError, match="marks"):
        recompile(figures_folder, data, DATE)


def test_a_row_typed_by_hand_takes_the_place_of_the_tables(
    figures_folder: Path, supplement: Path, tmp_path: Path
) -> None:
    """The same economy, metric and period: the new page counts and the log says so; a further economy is added."""
    head = "iso3,period,metric,value,unit,kind,source,url,note\n"
    row = "{},2023-07-01/2024-06-30,crypto_value_received_usd_bn,{},USD bn,quoted,Chainalysis Geography report,https://example.org/{},dated\n"
    text = head + row.format("ARE", 34.0, "new") + row.format("KEN", 8.0, "more")
    (supplement / "country_crypto.csv").write_text(text, encoding="utf-8")
    made = open_vintage(compile_vintage(figures_folder, tmp_path / "data", DATE, supplement=supplement))
    assert values(made, "crypto_value_received_usd", "ARE") == [("2024-06-30", 34e9, "chainalysis_geography")]
    assert values(made, "crypto_value_received_usd", "KEN") == [("2024-06-30", 8e9, "chainalysis_geography")]
    table = made.table("country_crypto")
    assert table.loc[table["iso3"] == "ARE", "url"].tolist() == ["https://example.org/new"]
    dropped = made.table("dropped")
    assert dropped.loc[dropped["reason"].str.contains("typed by hand"), "rows"].tolist() == [1]
