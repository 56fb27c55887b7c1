"""``cryptorisk data refresh`` and ``data sources``: the only commands that may use a network, and only when asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli.params import Root, shown
from cryptorisk.cli.progress import refresh_bars
from cryptorisk.cli.screen import complain, out, say, table
from cryptorisk.errors import ParameterError, Problem

if TYPE_CHECKING:
    from cryptorisk.data.refresh.refresh import Refreshed

PARTIAL = 3
"""Exit code: something that was asked could not be had."""

Names = Annotated[
    list[str] | None,
    typer.Option("--source", "-s", help="Only this source; may be given several times. [default: all]"),
]
Mirrors = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        metavar="SOURCE=URL",
        help="Ask this address in place of the provider's own (http or https).",
    ),
]


def sources(
    long: Annotated[
        bool, typer.Option("--long", "-l", help="Everything: the licence in full, limits, address.")
    ] = False,
    root: Root = None,
) -> None:
    """List the live sources: state in the newest vintage, licence, series. Uses no network.

    Into a file or pipe everything is written, tab-separated.

    - `cryptorisk data sources`
    - `cryptorisk data sources --long`
    - `cryptorisk data sources > sources.tsv`
    """
    from cryptorisk.data.sourcelist import at_length, for_a_reader, list_sources
    from cryptorisk.data.vintage import find_vintage
    from cryptorisk.kit import find_root

    listed = list_sources(find_vintage(find_root(root) / "data"))
    if out.is_terminal and long:
        for line in at_length(listed, out.width):
            say(line)
        return
    shown_ = for_a_reader(listed) if out.is_terminal else listed
    table([str(name) for name in shown_.columns], shown_.itertuples(index=False, name=None))
    if out.is_terminal:
        say("licences in full, limits and addresses: --long")


def refresh(
    source: Names = None,
    countries: Annotated[
        str | None,
        typer.Option(help="Only these economies, as KEN,NGA; markets come in any case. [default: all]"),
    ] = None,
    previous: Annotated[
        str, typer.Option("--from", metavar="VINTAGE", help="The vintage to build on: its name, or latest.")
    ] = "latest",
    mirror: Mirrors = None,
    minutes: Annotated[
        float, typer.Option(min=0.05, max=1440, help="Longest time for the asking, in minutes.")
    ] = 60.0,
    root: Root = None,
) -> None:
    """Fetch new figures and make a new vintage of them. The vintages that are there stay as they are.

    A source that fails leaves its series as in the vintage before; the summary and every report that may use them
    say so, and the exit code is 3. Stopped with Ctrl-C the command changes nothing; the same command goes on with
    the answers that came before. Needs the packages of the extra `live` (`pip install 'cryptorisk[live]'`).

    - `cryptorisk data refresh`
    - `cryptorisk data refresh --source worldbank --source bis --countries KEN,NGA`
    """
    from dataclasses import replace

    from cryptorisk.data.sources.registry import demand_live_packages, live_sources

    demand_live_packages()

    from cryptorisk.data.refresh import refresh as refreshing
    from cryptorisk.data.refresh.patience import Patience
    from cryptorisk.data.sources.source import Request
    from cryptorisk.data.vintage import vintages
    from cryptorisk.kit import find_root

    data = find_root(root) / "data"
    asked = live_sources(source or (), _addresses(mirror or ()))
    request = Request(_economies(countries), today(), part=countries is not None)
    patience = replace(Patience(), total_seconds=60 * minutes)
    there = vintages(data)
    try:
        with refresh_bars(tuple(asked)) as tell:
            done = refreshing.refresh(data, asked, request, previous=previous, patience=patience, tell=tell)
    except KeyboardInterrupt as stop:
        made = [name for name in vintages(data) if name not in there]
        stop.add_note(
            f"the vintage {made[0]} was made and is whole"
            if made
            else "no vintage was made and nothing has changed; the same command today goes on where it stopped"
        )
        raise
    _summarise(done, data)
    if not done.whole or done.path is None:
        raise typer.Exit(PARTIAL)


def today() -> dt.date:
    """The day that a refresh is dated: that of Coordinated Universal Time, as the markets count days."""
    return dt.datetime.now(dt.UTC).date()


def _addresses(mirrors: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in mirrors:
        name, _, address = text.partition("=")
        if not address.startswith(("http://", "https://")):
            what = f"must be SOURCE=URL with an http or https address (got {text[:60]!r})"
            raise ParameterError(
                [Problem("--mirror", what, "for example worldbank=https://mirror.example/wb")]
            )
        found[name] = address
    return found


def _economies(text: str | None) -> tuple[str, ...]:
    from cryptorisk.countries import countries
    from cryptorisk.paramfile.names import country_suggestion

    known = tuple(sorted(country.iso3 for country in countries()))
    if text is None:
        return known
    codes = tuple(dict.fromkeys(code.strip().upper() for code in text.split(",") if code.strip()))
    unknown = [code for code in codes if code not in known]
    if unknown or not codes:
        what = f"must be ISO 3166-1 alpha-3 codes with commas between (got {text[:60]!r})"
        raise ParameterError(
            [Problem("--countries", what, country_suggestion(unknown[0]) if unknown else None)]
        )
    return tuple(sorted(codes))


def _summarise(done: Refreshed, data: Path) -> None:
    _say_sources(done)
    for note in done.record.notes:
        say(note)
    if done.path is None:
        complain("nothing was fetched that could be used: no new vintage, the previous one stays the newest")
        return
    _say_figures(done, done.path, data)
    _say_failures(done)
    _say_changes(done, done.path, data)
    say(f"{shown(done.path)} made from {done.record.previous}")


def _say_sources(done: Refreshed) -> None:
    """The table of sources, and what an interrupted refresh had left."""
    from cryptorisk.data.sources.names import title_of

    rows = []
    for record in done.record.sources:
        if record.name in done.asked:
            asked = done.asked[record.name]
            answered = f"{len(asked.answered)} of {asked.settled}"
            fetched = done.fetched.get(record.name, 0)
            rows.append((title_of(record.name), record.state, answered, fetched, record.reason))
    table(("source", "state", "questions answered", "figures", "reason of the first failure"), rows)
    if resumed := sum(asked.resumed for asked in done.asked.values()):
        say(f"{resumed:,} of these answers came before an interruption and were not asked for again")


def _say_figures(done: Refreshed, path: Path, data: Path) -> None:
    """What was set aside and what was corrected."""
    if len(done.quarantined):
        say(f"{len(done.quarantined):,} figures set aside as suspicious: {shown(path / 'quarantined.csv')}")
    if len(done.corrections):
        say(f"{len(done.corrections):,} corrections of {shown(data / 'corrections.yaml')} applied")


def _say_failures(done: Refreshed) -> None:
    from cryptorisk.data.sources.names import title_of

    for record in done.record.sources:
        if record.state in ("failed", "partly"):
            what = "its series stay" if record.state == "failed" else "the series that it did not give stay"
            complain(
                f"{title_of(record.name)}: {what} as in {done.record.previous}, and reports say so; "
                f"the same command with --source {record.name} asks again"
            )


def _say_changes(done: Refreshed, path: Path, data: Path) -> None:
    from cryptorisk.data.diff import summary
    from cryptorisk.data.vintage import find_vintage

    for line in summary(find_vintage(data, done.record.previous), find_vintage(data, path.name)):
        say(line)
