"""Looking around in a vintage: which series there are, and what one of them says for an economy."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.corrected import corrections_of
from cryptorisk.data.inputs import Inputs
from cryptorisk.data.vintage import Vintage
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS


def list_series(vintage: Vintage, *, country: str | None = None) -> pd.DataFrame:
    """Series of a vintage, or of one economy in it.

    Parameters
    ----------
    vintage : Vintage
    country : str, optional
        ISO 3166-1 alpha-3, or ``WLD``: only series with a figure there.

    Returns
    -------
    DataFrame
        Columns series, unit, frequency, data_class, economies, first, last, sources, description; one row a series.
        Series that only the user can give have no economies.
    """
    rows = []
    for id, spec in sorted(vintage.catalogue.series.items()):
        places = vintage.countries(id)
        if country is not None and country not in places:
            continue
        chosen = [vintage.observations(id, place) for place in ((country,) if country else places)]
        dates = [date for rows_ in chosen for date in (rows_.dates[0], rows_.dates[-1])]
        rows.append(
            {
                "series": id,
                "unit": UNITS[spec.unit].noun or spec.unit,
                "frequency": spec.frequency,
                "data_class": spec.data_class,
                "economies": len(places),
                "first": min(dates).astype(object) if dates else None,
                "last": max(dates).astype(object) if dates else None,
                "sources": " > ".join(spec.sources),
                "description": spec.description,
            }
        )
    return pd.DataFrame(rows)


def show_series(inputs: Inputs, name: str, *, country: str | None = None) -> tuple[str, pd.DataFrame]:
    """A series of an economy, with the words that explain it.

    Parameters
    ----------
    inputs : Inputs
    name : str
        Series id, or its beginning without the unit (``reserves`` for ``reserves_usd``).
    country : str, optional
        Default the inputs' own; ``WLD`` for the world.

    Returns
    -------
    text : str
        Description, unit, sign, sources with their licence, staleness.
    frame : DataFrame
        Columns date, value, source, data_class; and correction, where a figure was corrected or accepted by hand.

    Raises
    ------
    DataError
        For an unknown or ambiguous name.
    """
    known = inputs.catalogue
    spec = known[resolve(known, name)]
    series = inputs.series(spec.id, country=country)
    frame = pd.DataFrame({"date": series.values.index, "value": series.values.to_numpy()})
    frame["source"] = series.sources_by_date.to_numpy()
    frame["data_class"] = [known.data_class(spec.id, source) for source in frame["source"]]
    corrections = corrections_of(inputs._vintage, series.country, inputs.as_of)
    marks = corrections.beside(spec.id, inputs._cut.rows(spec.id, series.country))
    if any(marks):
        frame["correction"] = marks
    lines = [] if name == spec.id else [f"taking {spec.id} for {name}"]
    lines.append(f"{spec.id}, {series.country}: {spec.description}")
    lines.append(
        f"unit: {UNITS[spec.unit].noun or spec.unit}; frequency {spec.frequency}; class {series.data_class}"
    )
    lines += [f"sign: {spec.sign}"] if spec.sign else []
    for id in series.source_ids:
        source = known.sources[id]
        lines.append(f"{id}: {source.organisation}, {source.title}. {source.licence}")
    lines += [f"left out by hand: {what}" for what in corrections.left_out(spec.id)]
    lines += ["no figure in the data"] if series.empty else []
    lines += (
        [f"stale: the last figure is more than 24 months older than {inputs.as_of}"] if series.stale else []
    )
    return "\n".join(lines), frame


def resolve(known: Catalogue, name: str) -> str:
    """Series id that a name stands for: itself, or the one id that is the name plus its unit.

    Raises
    ------
    DataError
        When there is none (with the nearest ids) or several.
    """
    if name in known:
        return name
    endings = {f"_{unit}" for unit in UNITS}
    found = sorted(id for id in known.series if id.startswith(name) and id.removeprefix(name) in endings)
    if f"{name}_usd" in found:
        return f"{name}_usd"
    if len(found) > 1:
        raise DataError(f"{name!r} may mean several series", remedy=f"say {' or '.join(found)}")
    return found[0] if found else known[name].id
