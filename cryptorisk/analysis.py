"""The chapters' analyses as the public sees them; results are kept between kernels.

The models are pure. Here their results are written to ``.cache/results`` under the kit's root, named by a hash of
everything that determines them (chapter, parameters, vintage, code, versions of the numerical libraries), so that the
risk matrix and the overview, which run in kernels of their own, need not compute the chapters again. Results that stand
on the bank's own figures are kept for one run alone, in the private folder that `RUN_RESULTS` names.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import KitError
from cryptorisk.files.whole import write_whole
from cryptorisk.kit import find_root
from cryptorisk.models import (
    channels,
    crash,
    early_warning,
    flight,
    market,
    matrix,
    overview,
    price_risk,
    substitution,
    volumes,
)
from cryptorisk.params import Params
from cryptorisk.result import Result


def _volumes(inputs: Inputs, params: Params) -> Result:
    return volumes.analyse(inputs, params, analyse_market(inputs, params))


def _flight(inputs: Inputs, params: Params) -> Result:
    kept = _kept(_place("volumes", inputs, params))
    chapter_1 = kept or _analyse("volumes", inputs, params)
    return flight.analyse(inputs, params, chapter_1, analyse_early_warning(inputs, params))


def _crash(inputs: Inputs, params: Params) -> Result:
    return crash.analyse(inputs, params, analyse_price_risk(inputs, params))


ANALYSES: Mapping[str, Callable[[Inputs, Params], Result]] = MappingProxyType(
    {
        "volumes": _volumes,
        "substitution": substitution.analyse,
        "flight": _flight,
        "crash": _crash,
        "channels": channels.analyse,
    }
)
"""Chapters 1 to 5 in the report's order."""
RUN_RESULTS = "CRYPTORISK_RUN_RESULTS"
"""Environment variable: a private folder, gone after the run, for what stands on the bank's own figures."""
KEPT_DAYS = 60
"""Days after which a kept result is removed: by then code or vintage have changed."""
LIBRARIES = ("arch", "numpy", "pandas", "scipy", "statsmodels")


def analyse_volumes(inputs: Inputs, params: Params) -> Result:
    """Chapter 1, transaction volumes: see `cryptorisk.models.volumes.analyse`."""
    return _analyse("volumes", inputs, params)


def analyse_market(inputs: Inputs, params: Params) -> Result:
    """The market by month, the same for all countries: see `cryptorisk.models.market.analyse`.

    It is kept once for a vintage, a date and what of the parameters matters, and shared by all countries: no figure of the
    bank's own enters it.
    """
    chosen = f"{params.volumes.interval_level!r}"
    return _shared("market", chosen, market.analyse, inputs, params)


def analyse_price_risk(inputs: Inputs, params: Params) -> Result:
    """The risk in crypto prices, the same for all countries and kept like the market: see `cryptorisk.models.price_risk`."""
    return _shared("price-risk", price_risk.chosen(params), price_risk.analyse, inputs, params)


def analyse_early_warning(inputs: Inputs, params: Params) -> Result:
    """Early warning of currency crashes on all economies, kept like the market: see `cryptorisk.models.early_warning`."""
    return _shared("early-warning", early_warning.chosen(params), early_warning.analyse, inputs, params)


def analyse_substitution(inputs: Inputs, params: Params) -> Result:
    """Chapter 2, currency substitution: see `cryptorisk.models.substitution.analyse`."""
    return _analyse("substitution", inputs, params)


def analyse_flight(inputs: Inputs, params: Params) -> Result:
    """Chapter 3, capital flight: see `cryptorisk.models.flight.analyse`."""
    return _analyse("flight", inputs, params)


def analyse_crash(inputs: Inputs, params: Params) -> Result:
    """Chapter 4, price crash: see `cryptorisk.models.crash.analyse`."""
    return _analyse("crash", inputs, params)


def analyse_channels(inputs: Inputs, params: Params) -> Result:
    """Chapter 5, policy channels: see `cryptorisk.models.channels.analyse`."""
    return _analyse("channels", inputs, params)


def analyse_chapters(inputs: Inputs, params: Params) -> Mapping[str, Result]:
    """Chapters 1 to 5 in the report's order, taken from the kept results where they are there.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    mapping of str to Result
    """
    kept = {name: _kept(_place(name, inputs, params)) for name in ANALYSES}
    return MappingProxyType({name: result or _analyse(name, inputs, params) for name, result in kept.items()})


def analyse_matrix(inputs: Inputs, params: Params) -> Result:
    """Chapter 6, risk matrix: see `cryptorisk.models.matrix.analyse`."""
    return matrix.analyse(inputs, params, analyse_chapters(inputs, params))


def analyse_overview(inputs: Inputs, params: Params) -> Result:
    """At a glance: see `cryptorisk.models.overview.analyse`."""
    chapters = analyse_chapters(inputs, params)
    return overview.analyse(inputs, params, chapters, matrix.analyse(inputs, params, chapters))


def _shared(
    name: str, chosen: str, model: Callable[[Inputs, Params], Result], inputs: Inputs, params: Params
) -> Result:
    """What no country enters: kept under a name with neither the country nor anything of the bank's own."""
    place = _named(name, [name, f"{chosen} {params.include_non_commercial}", *left_out(inputs)], inputs)
    kept = _kept(place)
    if kept is not None:
        return kept
    result = model(inputs, params)
    if place is not None:
        _keep(place, result)
    return result


def _analyse(chapter: str, inputs: Inputs, params: Params) -> Result:
    result = ANALYSES[chapter](inputs, params)
    place = _place(chapter, inputs, params)
    if place is not None:
        _keep(place, result)
    return result


def _place(chapter: str, inputs: Inputs, params: Params) -> Path | None:
    """Where the result is kept; None outside a kit, and for a bank's own figures outside of a report's run.

    Figures of the bank's own leave no copies behind: within a run its kernels share them in a folder that goes with it.
    """
    asked = [chapter, params.model_dump_json(), *left_out(inputs)]
    name = f"{chapter}-{inputs.country}"
    if not (params.overrides or params.own_files or inputs.own_series or inputs.flows is not None):
        return _named(name, asked, inputs)
    folder = os.environ.get(RUN_RESULTS)
    return Path(folder) / _file(name, asked, inputs) if folder else None


def left_out(inputs: Inputs) -> list[str]:
    """Sources whose figures the inputs leave out for their licence, for a name."""
    return sorted(inputs.without)


def _named(name: str, asked: list[str], inputs: Inputs) -> Path | None:
    """A file under the kit's root; None outside a kit."""
    try:
        root = find_root()
    except KitError:
        return None
    return root / ".cache" / "results" / _file(name, asked, inputs)


def _file(name: str, asked: list[str], inputs: Inputs) -> str:
    """A file's name with a hash of what was asked, date, vintage and code."""
    known = [*asked, inputs.as_of.isoformat(), inputs.vintage.sha256, _CODE]
    digest = hashlib.sha256("\n".join(known).encode()).hexdigest()
    return f"{name}-{digest[:32]}.json"


def _code() -> str:
    """Digest of the package's own files and of the versions of the numerical libraries."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".yaml", ".csv"):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    digest.update(f"{platform.python_version()} {platform.machine()} {platform.system()}".encode())
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()


_CODE = _code()
"""Taken when the package is imported: files that change under a running kernel are not the code that it runs."""


def _kept(place: Path | None) -> Result | None:
    """The kept result; None when there is none or when the file is damaged: then it is computed again."""
    if place is None or not place.is_file():
        return None
    try:
        body, _, check = place.read_text(encoding="utf-8").rpartition("\n")
        if hashlib.sha256(body.encode()).hexdigest() != check:
            return None
        return Result.from_dict(json.loads(body))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(place: Path, result: Result) -> None:
    """Write whole; a folder that cannot be written is no reason to fail."""
    body = json.dumps(result.to_dict(), allow_nan=False)
    text = f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, text.encode(), mode=0o600)  # in a run's own folder: confidential figures
        _without_old(place.parent)
    except OSError:
        return


def _without_old(folder: Path) -> None:
    """Remove results that were written long ago: every change of code or vintage leaves its set behind."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for place in folder.glob("*.json"):
        if place.stat().st_mtime < oldest:
            place.unlink(missing_ok=True)
