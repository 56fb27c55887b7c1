"""What a reader must know about the bank's own figures: which, how many, from where, in place of what; never their size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cryptorisk.countries import country as country_of
from cryptorisk.data.block import Observations
from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.cut import Cut
from cryptorisk.data.own.folder import FOLDER
from cryptorisk.data.own.outcome import Idle, unread
from cryptorisk.data.own.plausible import Doubt, doubts
from cryptorisk.data.own.readers import readers_of
from cryptorisk.data.own.series import PERIODS, BankSeries, Rank
from cryptorisk.data.own.units import power
from cryptorisk.data.wording import in_sentence
from cryptorisk.result import Finding, Severity
from cryptorisk.words import listing

DOUBT = "data.own_unit_"
"""Beginning of the ids of findings on own figures that may stand in another unit."""

_POWERS: Mapping[int, str] = MappingProxyType({2: "hundred", 3: "thousand", 6: "million", 9: "billion"})


def own_findings(cut: Cut, idle: Sequence[Idle] = ()) -> Iterator[Finding]:
    """One finding a series, then what seems to be in another unit, then files that gave nothing.

    Parameters
    ----------
    cut : Cut
    idle : sequence of Idle
        Files that hold no figure for the economy.
    """
    yield from (_series(cut, series) for series in cut.bank.values())
    yield from (_doubt(cut, doubt) for doubt in doubts(cut))
    yield from _idle(cut, idle)


def _series(cut: Cut, series: BankSeries) -> Finding:
    used = series.rows.take(series.rows.dates <= np.datetime64(cut.as_of, "D"))
    if not len(used):
        text = f"The institution's own figures for {_name(cut, series.id)} all lie after {cut.as_of} and were not used."
        return Finding(f"data.own_{series.id}", " ".join([text, *_passed_over(series)]), "warning", "data")
    said = [
        f"The institution's own figures are given for {_name(cut, series.id)}{_replaced(cut, series, used)}: "
        f"{_extent(used)}, {_whence(series.file, series.rank)}."
    ]
    said += _readers(cut, series)
    said += [*_of_the_world(cut, series), *_form(cut, series), *_within(cut, series)]
    if late := len(series.rows) - len(used):
        said.append(f"{late} of its figures lie after {cut.as_of} and were not used.")
    if series.confidential:
        said.append(
            "They are confidential: they are not printed, and results that stand on them are printed to one digit, or "
            "stand on public figures or are left out where the confidential ones could be computed back."
        )
    if series.note:
        said.append(f"Origin: {series.note}.")
    severity: Severity = "warning" if any(_of_the_world(cut, series)) else "info"
    return Finding(f"data.own_{series.id}", " ".join([*said, *_passed_over(series)]), severity, "data")


def _name(cut: Cut, id: str) -> str:
    return f"{in_sentence(cut.catalogue[id].description)} ({id})"


def _replaced(cut: Cut, series: BankSeries, used: Observations) -> str:
    """Before which public figures of the same name."""
    public, first = cut.public.rows(series.id, cut.country), used.dates[0]
    if not len(public):
        return ", for which there are no public ones"
    precedence = " and take precedence over the public figures of the same name"
    if series.whole:
        return f"{precedence} for the whole history"
    if (public.dates >= first).any():
        return f"{precedence} from {first} on"
    return " and follow the public figures, which end earlier"


def _readers(cut: Cut, series: BankSeries) -> Iterator[str]:
    """Which chapters read the series, and what one of them takes before it; nothing where that is not recorded."""
    readers = readers_of(series.id)
    if readers is None:
        return
    if not readers.chapters:
        yield "No chapter computes with this series; it can be looked at and exported."
        return
    several = len(readers.chapters) > 1
    numbers = listing([str(number) for number in readers.chapters])
    yield f"{'Chapters' if several else 'Chapter'} {numbers} read{'' if several else 's'} the series."
    for before in readers.before:
        if cut.latest(before.series, cut.country) is not None:
            yield (
                f"Chapter {before.chapter} takes {_name(cut, before.series)} before it, which there is here."
            )
    if series.confidential and readers.open_only:
        left = listing([str(number) for number in readers.open_only])
        chapters = f"Chapters {left} leave" if len(readers.open_only) > 1 else f"Chapter {left} leaves"
        yield f"{chapters} it out because it is confidential."


def _extent(used: Observations) -> str:
    """How many figures of which dates."""
    first, last = used.dates[0], used.dates[-1]
    return f"one figure, of {first}" if len(used) == 1 else f"{len(used)} figures from {first} to {last}"


def _whence(file: str, rank: Rank) -> str:
    if not file:
        return "given in the parameter file"
    return f"from {file} in {FOLDER}" if rank == "folder" else f"from {file}, named in the parameter file"


def _of_the_world(cut: Cut, series: BankSeries) -> Iterator[str]:
    """A series of markets or of the world, which no economy's figures stand for."""
    if cut.vintage.countries(series.id) == (WORLD,):
        yield "The chapters take this series for the world, where it was not replaced."


def _form(cut: Cut, series: BankSeries) -> Iterator[str]:
    """Conversions, and a class that the institution gives."""
    spec = cut.catalogue[series.id]
    for unit in series.units:
        moved = power(unit, spec.unit)
        how = "multiplied" if moved > 0 else "divided"
        yield f"Figures given in {unit} were {how} by a {_POWERS[abs(moved)]}, to {spec.unit}."
    if series.data_class and series.data_class != spec.data_class:
        yield f"The institution calls them {series.data_class}."


def _within(cut: Cut, series: BankSeries) -> Iterator[str]:
    """The figures of a stock that stand for a period they do not end."""
    if series.within:
        period = PERIODS[cut.catalogue[series.id].frequency]
        yield (
            f"The last figure given in each {period} stands for that {period}, most recently "
            f"that of {series.within[-1]}."
        )


def _passed_over(series: BankSeries) -> Iterator[str]:
    """Files that give the series too."""
    if series.passed_over:
        files = " and ".join(series.passed_over)
        give = "gives" if len(series.passed_over) == 1 else "give"
        yield (
            f"{files} {give} the series too, and what is given there was not taken: the parameter file's overrides "
            f"come first, then its own_files, then {FOLDER}."
        )


def _doubt(cut: Cut, doubt: Doubt) -> Finding:
    size = _POWERS[abs(doubt.power)]
    times = f"about a {size} times" if doubt.power > 0 else f"about a {size}th of"
    others = f", and so it is with {doubt.others} of the others" if doubt.others else ""
    text = (
        f"Unit? The institution's own figure for {_name(cut, doubt.series)} of {doubt.day} is {times} the public "
        f"figure of {doubt.public_day} ({doubt.source}){others}. It was used as given; its unit should be checked."
    )
    return Finding(DOUBT + doubt.series, text, "warning", "data")


def _idle(cut: Cut, idle: Sequence[Idle]) -> Iterator[Finding]:
    """Files that gave nothing; one in the folder may be about other economies and is then not worth a word."""
    place = country_of(cut.country).name_in_sentence
    for number, one in enumerate(idle, start=1):
        if one.rank == "folder" and one.why == "others":
            continue
        what = {
            "empty": "holds no figure",
            "others": f"holds no figure for {place}",
            "refused": f"cannot be used; by its name it is not about {place}, and the report was made without it",
            "sheets": unread(one.sheets),
        }[one.why]
        where = f"in {FOLDER}" if one.rank == "folder" else "named in the parameter file"
        yield Finding(f"data.own_file_{number}", f"The file {one.name} {where} {what}.", "warning", "data")
