"""How a series is called in a sentence, and how what others have written is told."""

from __future__ import annotations

import re

_REMARK = re.compile(r" \([^()]*\)$")


def in_sentence(description: str) -> str:
    """A series' description without a remark in brackets at its end or after a semicolon, with a small first letter.

    Parameters
    ----------
    description : str
        Of the catalogue: ``Official reserves including gold, end of year``.
    """
    text = _REMARK.sub("", description.split(";")[0])
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


LONGEST_TOLD = 240
"""Letters of a foreign text: enough for what was wrong, too few to bury the sentence around it."""

_INFINITE = re.compile(r"(?<![\w.-])[+-]?(?:inf|Infinity)(?![\w-])", flags=re.ASCII)
_NO_VALUE = re.compile(r"(?<![\w.-])(?:nan|NaN|NAN|NaT|None|undefined)(?![\w-])|<NA>", flags=re.ASCII)
_BRACES = str.maketrans("{}", "()")


def told(text: str) -> str:
    """What a provider or a person has written, fit for a sentence of a report: one short line.

    The marks of templates and the words of programs for no value would make the checks of a page refuse a report for
    what is only quoted in it; half a letter (a lone surrogate) can be written into no file.
    """
    whole = text[: 4 * LONGEST_TOLD].encode("utf-8", "replace").decode("utf-8")
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in whole).split())
    plain = _NO_VALUE.sub("no value", _INFINITE.sub("infinite", line.translate(_BRACES).replace("$$", "$")))
    return plain if len(plain) <= LONGEST_TOLD else f"{plain[: LONGEST_TOLD - 1]}…"
