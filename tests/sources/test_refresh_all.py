"""A refresh of every source for the whole world from the replay: it ends, repeating it changes nothing, reports use it."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import numpy as np
import pytest
from replay_world import END

from cryptorisk.cli import main
from cryptorisk.cli import refresh as refresh_command
from cryptorisk.countries import countries
from cryptorisk.data.diff import compare
from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.refresh import refresh
from cryptorisk.data.sources.registry import live_sources
from cryptorisk.data.sources.source import Request
from cryptorisk.data.sources.yahoo import SOURCE as YAHOO
from cryptorisk.data.verify import require
from cryptorisk.data.vintage import find_vintage, vintages
from cryptorisk.kit import find_root
from cryptorisk.params import Params

pytestmark = pytest.mark.slow

WORLD_OVER = tuple(sorted(country.iso3 for country in countries()))
QUICK = Patience(attempts=2, first_wait_seconds=0.05, longest_wait_seconds=0.1)
NEXT_DAY = END + dt.timedelta(days=1)

OLD = "country: KEN\nvintage: 2026-11-23\nas_of: 2026-09-30\n"


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A copy of the kit's folders with the embedded vintage alone."""
    root, copy = find_root(), tmp_path_factory.mktemp("kit")
    for name in ("notebooks", "params"):
        shutil.copytree(root / name, copy / name)
    shutil.copy(root / "pyproject.toml", copy)
    shutil.copytree(root / "data" / "2026-11-23", copy / "data" / "2026-11-23")
    (copy / "params" / "old.yaml").write_text(OLD, encoding="utf-8")
    assert main(["report", str(copy / "params" / "old.yaml"), "--root", str(copy), "--run", "before"]) == 0
    return copy


@pytest.fixture(scope="module")
def done(kit, _server):
    """The world refreshed, and the next day once more."""
    patch = pytest.MonkeyPatch()
    patch.setattr(YAHOO, "pause_seconds", 0.0)  # the pause is a courtesy, and the replay needs none
    patch.setattr(_server, "keeping", True)
    _server.misbehave(None)
    try:
        return [
            refresh(
                kit / "data", live_sources((), _server.addresses()), Request(WORLD_OVER, day), patience=QUICK
            )
            for day in (END, NEXT_DAY)
        ]
    finally:
        patch.undo()


def test_it_ends_with_every_source_and_economy(done, kit):
    first = done[0]
    assert first.whole, [(one.name, one.reason) for one in first.record.sources]
    require(first.path)
    vintage = find_vintage(kit / "data", first.path.name)
    fetched = {
        code
        for code in WORLD_OVER
        for series in ("population", "official_fx_lcu_per_usd")
        if code in vintage.countries(series)
    }
    assert len(fetched) >= 190
    assert sum(first.fetched.values()) > 1_000_000
    assert len(first.quarantined) < 0.0001 * sum(first.fetched.values())


def test_a_second_run_changes_nothing_but_the_dates_of_access(done, kit):
    old, new = (find_vintage(kit / "data", one.path.name) for one in done)
    found = compare(old, new)
    # The day that was still open in the first run is over in the second: only such figures are new.
    late = found.stored_figures
    assert set(late["what"].unique()) <= {"added"}
    assert (late["date"].dt.date >= END - dt.timedelta(days=2)).all()
    accessed = {one["id"]: one.get("accessed", "") for one in new.descriptor["source_register"]}
    live = {id: day for id, day in accessed.items() if id.endswith("_live")}
    assert len(live) >= 12
    assert set(live.values()) == {NEXT_DAY.isoformat()}


def test_figures_are_newer_and_name_their_source(done, kit):
    params = Params(country="KEN", vintage=done[0].path.name)
    before = load_inputs(Params(country="KEN", vintage="2026-11-23"), root=kit, data=kit / "data")
    after = load_inputs(params, root=kit, data=kit / "data")
    assert after.as_of == END
    for series, country, source in (
        ("eth_price_usd", "WLD", "coinmetrics_live"),
        ("cpi_index_monthly", None, "imf_cpi_live"),
        ("official_fx_lcu_per_usd", None, "imf_er_live"),
        ("policy_rate_pct", None, "bis_cbpol_live"),
        ("reserves_usd", None, "wdi_live"),
        ("stablecoin_supply_total_usd", "WLD", "defillama_live"),
        ("vix_close", "WLD", "yahoo_live"),
        ("gdp_usd", None, "weo_live"),
    ):
        old, new = (one.latest(series, country=country) for one in (before, after))
        assert new.source == source, series
        assert new.date >= old.date, series
        assert after.sources[source].accessed == END.isoformat()
    assert (
        after.latest("eth_price_usd", country="WLD").date > before.latest("eth_price_usd", country="WLD").date
    )
    own_use = after.series("vix_close", country="WLD", sources=["yahoo_live"])
    without = load_inputs(
        params.model_copy(update={"include_non_commercial": False}), root=kit, data=kit / "data"
    )
    assert not own_use.empty
    assert without.series("vix_close", country="WLD", sources=["yahoo_live"]).empty


def test_a_report_shows_the_newer_dates_and_the_sources(done, kit, capsys, monkeypatch):
    monkeypatch.chdir(kit)
    assert main(["report", "KEN", "--root", str(kit), "--run", "live"]) == 0
    page = (kit / "reports" / "live" / "KEN.html").read_text(encoding="utf-8")
    twin = json.loads((kit / "reports" / "live" / "KEN.json").read_text(encoding="utf-8"))
    assert twin["vintage"]["date"] == NEXT_DAY.isoformat()
    used = twin["sources"]
    assert {"weo_live", "wdi_live", "imf_cpi_live", "coinmetrics_live"} <= set(used)
    assert used["weo_live"]["accessed"] == NEXT_DAY.isoformat()
    assert f"Accessed {NEXT_DAY.isoformat()}" in page
    assert "gives no licence to pass" in page


def test_an_old_report_is_made_again_to_the_byte(done, kit):
    assert main(["report", str(kit / "params" / "old.yaml"), "--root", str(kit), "--run", "after"]) == 0
    for name in ("KEN.html", "KEN.json"):
        assert (kit / "reports" / "before" / name).read_bytes() == (
            kit / "reports" / "after" / name
        ).read_bytes()


def test_a_source_that_fails_is_said_everywhere(done, kit, replay, capsys, monkeypatch):
    monkeypatch.setattr(refresh_command, "today", lambda: NEXT_DAY + dt.timedelta(days=1))
    monkeypatch.setattr(Patience, "_wait", lambda self, state: 0.01)
    replay.misbehave("web_page", only=lambda provider, asked: provider == "defillama")
    mirrors = [
        part for name in ("defillama", "bis") for part in ("--mirror", f"{name}={replay.addresses()[name]}")
    ]
    code = main(
        [
            "data",
            "refresh",
            "--root",
            str(kit),
            "--source",
            "defillama",
            "--source",
            "bis",
            *mirrors,
            "--countries",
            "KEN,BRA",
        ]
    )
    assert code == 3
    said = capsys.readouterr()
    assert "DefiLlama\tfailed\t0 of 5" in said.out
    assert "answered with a web page" in said.out
    name = vintages(kit / "data")[-1]
    vintage = find_vintage(kit / "data", name)
    old = find_vintage(kit / "data", done[1].path.name)
    assert vintage.catalogue.sources["defillama_live"].accessed == NEXT_DAY.isoformat()
    for series in ("defi_tvl_usd", "usdt_supply_usd"):
        one, other = (v.observations(series, "WLD") for v in (old, vintage))
        assert np.array_equal(one.numbers, other.numbers)
    findings = {
        f.id: f
        for f in load_inputs(Params(country="BRA", vintage=name), root=kit, data=kit / "data").findings
    }
    text = findings["data.not_refreshed_defillama"].text
    assert "those of the vintage" in text
    assert done[1].path.name in text
    assert "data.not_refreshed_bis" not in findings


def test_when_nothing_answers_no_vintage_is_made(kit, done, replay, capsys, monkeypatch):
    monkeypatch.setattr(refresh_command, "today", lambda: NEXT_DAY + dt.timedelta(days=2))
    before = vintages(kit / "data")
    replay.misbehave("error_500", only=lambda provider, asked: provider == "bis")
    mirror = ["--mirror", f"bis={replay.addresses()['bis']}"]
    code = main(["data", "refresh", "--root", str(kit), "--source", "bis", *mirror, "--minutes", "0.05"])
    assert code == 3
    assert "no new vintage" in capsys.readouterr().err
    assert vintages(kit / "data") == before


def test_the_list_of_sources_needs_no_network(kit, done, capsys):
    assert main(["data", "sources", "--root", str(kit)]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines[1:]] == ["yahoo", "worldbank", "imf", "bis", "coinmetrics", "defillama"]
    yahoo = dict(zip(lines[0], lines[1], strict=True))
    assert yahoo["licence_class"] == "own-use"
    assert yahoo["accessed"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--source", "yaho"], "did you mean yahoo?"),
        (["--countries", "KEN,XYZ"], "ISO 3166-1"),
        (["--mirror", "bis=ftp://x"], "http or https"),
        (["--from", "2020-01-01"], "no vintage '2020-01-01'"),
    ],
)
def test_a_mistake_is_said_before_anything_is_asked(kit, replay, capsys, arguments, said):
    assert main(["data", "refresh", "--root", str(kit), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert replay.asked.total() == 0
