"""The columns of an observation, and what it is filed under: said once for every table, source and rule."""

from __future__ import annotations

COLUMNS = ("country", "series", "date", "value", "source")
"""Of frames of observations, and of every answer of a live source: ISO 3166-1 alpha-3 (``WLD`` for markets), series id, last
day of the period (datetime64), value in the series' unit (float64), id of the register of sources."""

BLOCK = ("series", "country", "source")
"""What tells one history from another."""

KEY = ("series", "country", "date", "source")
"""What tells one figure from another, and how figures are sorted."""

STORED = ("series", "country", "date", "value", "source")
"""The columns in the order of a vintage's tables."""
