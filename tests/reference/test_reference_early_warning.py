"""Published and exact numbers of early warning.

V22: for normal scores one standard deviation apart the area under the ROC curve is ``Phi(1/sqrt(2)) = 0.7602`` (the binormal
model; Bamber 1975, Journal of Mathematical Psychology 12(4), 387-415), and the area is Mann and Whitney's U over the number
of pairs (Hanley and McNeil 1982, Radiology 143(1), 29-36).
"""

import numpy as np
import pytest
from scipy import stats

from cryptorisk.stats.roc import auroc


def test_v22_binormal_area():
    expected = stats.norm.cdf(1 / np.sqrt(2))
    assert expected == pytest.approx(0.7602, abs=5e-5)
    n = 200_000
    rng = np.random.default_rng(22)
    event = np.repeat([0.0, 1.0], n)
    found = auroc(rng.standard_normal(2 * n) + event, event)
    # The standard error of the area is about 0.0008 here.
    assert found == pytest.approx(expected, abs=0.003)


def test_v22_mann_whitney_identity():
    rng = np.random.default_rng(7)
    calm, before = rng.integers(0, 20, 500), rng.integers(3, 23, 80)
    u = stats.mannwhitneyu(before, calm).statistic
    event = np.concatenate([np.zeros(500), np.ones(80)])
    assert auroc(np.concatenate([calm, before]).astype(float), event) == pytest.approx(
        u / (80 * 500), abs=1e-12
    )
