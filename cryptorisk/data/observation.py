"""The columns of an observation, and what it is filed under: said once for every table, source and rule."""

from __future__ import annotations

COLUMNS = ("country", "series", "date", "value", "source")
"""Of frames of observations."""

BLOCK = ("series", "country", "source")
"""What tells one history from another."""

KEY = ("series", "country", "date", "source")
"""What tells one figure from another, and how figures are sorted."""

STORED = ("series", "country", "date", "value", "source")
"""The columns in the order of a vintage's tables."""
