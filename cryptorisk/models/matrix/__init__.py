"""Chapter 6, risk matrix: the chapters' headlines against explicit thresholds, and a rating with its interval."""

from __future__ import annotations

from collections.abc import Mapping

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.matrix.cram import rules
from cryptorisk.models.matrix.criticality import tree
from cryptorisk.models.matrix.findings import findings, worst_pillar
from cryptorisk.models.matrix.rating import ratings, score
from cryptorisk.models.matrix.readings import overrides, read, regulation_gap
from cryptorisk.models.matrix.tables import (
    indicator_table,
    pillar_table,
    policy_table,
    sensitivity_table,
    tree_table,
)
from cryptorisk.params import Params
from cryptorisk.result import Result
from cryptorisk.words import capital

CHAPTER = "matrix"
TITLE = "Risk matrix"


def analyse(inputs: Inputs, params: Params, chapters: Mapping[str, Result]) -> Result:
    """Build the risk matrix, the macro-criticality tree and the rating.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    chapters : mapping of str to Result
        Results of chapters 1 to 5.

    Returns
    -------
    Result
        Chapter ``matrix``; ``rating`` is a score from 0 to 100 whose range runs from the 5th to the 95th percentile over
        draws of weights, thresholds, the kind of mean and the estimates' own intervals.

    Notes
    -----
    Rules and thresholds stand in ``cryptorisk/models/matrix/cram.yaml``. Missing indicators are never imputed: they are
    left out, and bounds with all missing pillars at 0 and at 100 are given beside the rating.
    """
    book, gap = rules(), regulation_gap(inputs)
    readings, facts = read(inputs, book, chapters, gap), overrides(inputs, chapters)
    scored = score(params, book, readings, facts)
    answers = tree(inputs, chapters)
    estimates = ratings(params, book, readings, scored, str(inputs.as_of))
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*estimates, gap],
        tables=[
            pillar_table(book, readings, scored, facts),
            indicator_table(book, readings),
            tree_table(answers),
            sensitivity_table(book, scored),
            policy_table(book, readings, scored),
        ],
        findings=findings(
            capital(country(inputs.country).name_in_sentence),
            book,
            scored,
            estimates,
            answers,
            worst_pillar(book, readings, scored, facts),
            readings,
        ),
        headline=["rating", "rating_if_missing_calm", "rating_if_missing_stressed", "coverage"],
    )
