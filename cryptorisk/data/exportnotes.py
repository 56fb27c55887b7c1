"""What a reader of exported figures must know: where they come from, how they were chosen, under which licence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.cut import STALE_MONTHS
from cryptorisk.data.export import Export

Note = tuple[str, str]
"""Topic and text."""

_RULES: tuple[Note, ...] = (
    ("Dates", "A figure is dated at the last day of its period. None is dated after the day above."),
    (
        "Choice",
        "One figure a series and period. Where several sources have one, a stated order of precedence decides; "
        "nothing is averaged or filled in. A period without a figure has no row.",
    ),
    ("Units", "The unit stands beside every figure; percentages are percentages (12.3 for 12.3 %)."),
    (
        "Classes",
        "measured: read off an account or instrument; survey: asked; modelled: computed by a model; proxy: standing "
        "in for something else.",
    ),
    (
        "Corrections",
        "A figure that was corrected or accepted by hand says so in the column correction, with the reason and the page.",
    ),
    (
        "Stale",
        f"A series is stale when its last figure is more than {STALE_MONTHS} months old on the day above.",
    ),
)


def notes(export: Export) -> list[Note]:
    """Topics and texts of the page that goes with exported figures, in the order in which they are read."""
    head = [
        ("Figures", f"of {export.name} ({export.place}), as a cryptorisk report would use them"),
        ("Vintage", f"{export.vintage.name}, of {export.vintage.date}"),
        ("Hash of the vintage", f"SHA-256 {export.vintage.sha256}"),
        ("As of", str(export.as_of)),
    ]
    if export.place != WORLD:
        text = "Prices of markets and series of the world, which a report uses too: `cryptorisk data export WLD`."
        head.append(("Elsewhere", text))
    return [*head, *_licences(export), *_RULES, *_left_out(export), *_findings(export), *_attribution(export)]


def _licences(export: Export) -> Iterator[Note]:
    bound = export.of_class("non-commercial")
    if len(bound):
        yield (
            "Not for commercial use",
            f"The figures of {_who(bound)} ({_listed(bound['licence'])}) may be used and passed on with attribution, "
            "and not for commercial purposes.",
        )
    own_use = export.of_class("own-use")
    if len(own_use):
        yield (
            "Not to be passed on",
            f"The figures of {_who(own_use)} were fetched for this institution's own use; the provider gives no "
            "licence to pass them on. For a file that may leave the institution export without --with-own-use.",
        )
    if export.own:
        yield (
            "The institution's own figures",
            f"This file holds figures of the institution's own, with the source bank: {_listed(export.own)}. They are "
            "not public.",
        )
    yield ("Licences", "of every source: see the list of sources. Name the source when a figure is used.")


def _left_out(export: Export) -> Iterator[Note]:
    if export.confidential:
        yield (
            "Left out",
            f"Confidential figures of the institution's own, which a report uses: {_listed(export.confidential)}. "
            "Public figures stand in their place where there are any.",
        )
    if export.own_left_out:
        yield (
            "Left out",
            f"Figures of the institution's own, which a report uses: {_listed(export.own_left_out)}. Public figures "
            "stand in their place where there are any; --with-own puts the institution's in.",
        )
    if export.restricted_left_out:
        yield ("Left out", f"Figures of {_listed(export.restricted_left_out)}, for their licence.")


def _findings(export: Export) -> Iterator[Note]:
    yield from (("To be known", text) for text in export.findings)


def _attribution(export: Export) -> Iterator[Note]:
    texts = dict.fromkeys(text for text in export.sources.get("attribution", ()) if text)
    yield from (("Attribution", text) for text in texts)


def _who(sources: pd.DataFrame) -> str:
    return _listed(sources["organisation"])


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(texts)))
