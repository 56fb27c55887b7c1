"""Fingerprints of files of own figures for a run's record: they prove which file was used and tell nothing of it.

A file with a few confidential figures has a plain hash that gives them away: whoever has the report tries every figure
that comes into question until the hash fits. The fingerprint of such a file is therefore made with a key that never
leaves the machine. The key lies beside the files, so that whoever archives ``data/overrides/`` can still check.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from cryptorisk.data.own.folder import FOLDER
from cryptorisk.errors import DataError
from cryptorisk.files.whole import write_whole

KEY = ".key"
"""Name of the key's file in ``data/overrides/``; 64 hexadecimal digits. Whoever has it can check fingerprints."""

SHOWN = f"{FOLDER}/{KEY}"
"""How messages name it; they may end up on the page of a report that could not be made."""

_FORM = re.compile(r"[0-9a-f]{64}")


def fingerprint(sha256: str, key: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of a file's SHA-256, both as hexadecimal text, under the machine's key.

    To check one by hand::

        printf %s "$(sha256sum FILE | cut -c1-64)" | openssl dgst -sha256 -hmac "$(cat data/overrides/.key)"
    """
    return hmac.new(key.encode(), sha256.encode(), hashlib.sha256).hexdigest()


def machine_key(folder: Path) -> str:
    """The key in ``data/overrides``, made on first use.

    Parameters
    ----------
    folder : Path
        Made when it is not there.

    Raises
    ------
    DataError
        When it can neither be read nor made, or is damaged.
    """
    place = folder / KEY
    try:
        if not place.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(place)
        key = place.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text"
        raise DataError(
            f"the key for fingerprints of confidential files cannot be had ({reason})",
            where=SHOWN,
            remedy="let the folder be written to, or put the key of the archive there",
        ) from None
    if not _FORM.fullmatch(key):
        raise DataError(
            "the key for fingerprints of confidential files is damaged",
            where=SHOWN,
            remedy="put the archived one there; without one remove the file, and a new one is made",
        )
    return key


def _make(place: Path) -> None:
    """Of two processes at once one wins, and both read its key; nobody else on the machine may."""
    write_whole(place, f"{secrets.token_hex(32)}\n".encode(), mode=0o600, fresh=True)
