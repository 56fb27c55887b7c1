"""How a series is called in a sentence."""

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
