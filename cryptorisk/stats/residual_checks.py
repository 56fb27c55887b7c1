"""Checks of a regression's residuals: serial correlation, changing variance, shape, functional form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import acorr_breusch_godfrey, het_arch, linear_reset
from statsmodels.stats.stattools import jarque_bera

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample


@dataclass(frozen=True)
class Check:
    """A test of a regression: its hypothesis in words, statistic, p-value and order (lags or powers; 0 for none)."""

    name: str
    hypothesis: str
    statistic: float
    p: float
    order: int


def residual_checks(response: Values, design: FloatArray, *, lags: int) -> tuple[Check, Check, Check, Check]:
    """Breusch and Godfrey, ARCH, Jarque and Bera, RESET.

    Parameters
    ----------
    response : array-like, shape (n,)
    design : ndarray, shape (n, m)
        Regressors with the constant among them.
    lags : int
        Lags of the first two tests: a year of observations, commonly.

    Returns
    -------
    tuple of Check
        In that order. The first and the last in their F form, which keeps its size better in small samples.

    Raises
    ------
    ModelError
        When ``lags`` is not positive or too many for the sample.

    References
    ----------
    Breusch (1978) and Godfrey (1978); Engle (1982); Jarque and Bera (1987); Ramsey (1969), with powers two and three.
    """
    y = checked_sample(response, name="response", minimum=design.shape[1] + 2)
    if not 1 <= lags < len(y) - design.shape[1] - 1:
        raise ModelError(
            f"lags must lie between 1 and {len(y) - design.shape[1] - 2} for {len(y)} observations of "
            f"{design.shape[1]} coefficients (got {lags})"
        )
    fitted = OLS(y, design).fit()
    serial = acorr_breusch_godfrey(fitted, nlags=lags, result_object=True)
    arch = het_arch(np.asarray(fitted.resid), nlags=lags, result_object=True)
    normal = jarque_bera(np.asarray(fitted.resid))
    form = linear_reset(fitted, power=3, use_f=True)
    return (
        Check("Breusch–Godfrey", "no serial correlation", float(serial.fval), float(serial.fpval), lags),
        Check("ARCH", "constant variance", float(arch.lm), float(arch.lmpval), lags),
        Check("Jarque–Bera", "normal errors", float(normal[0]), float(normal[1]), 0),
        Check("RESET", "linear form", float(form.fvalue), float(form.pvalue), 3),
    )
