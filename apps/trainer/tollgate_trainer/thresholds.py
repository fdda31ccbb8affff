"""Scores from which a transaction is reviewed or declined, from what the client can bear."""

import numpy as np
from numpy.typing import NDArray

from .evaluation.cost import Costs, cost_per_thousand, outcomes_of

CANDIDATES = 400
"""Thresholds tried for the least cost: quantiles of the scores, close together at the top."""


SMALLEST = float(np.finfo(np.float32).tiny)
"""A threshold of 0 would make every transaction an alert; the manifest refuses it."""


def quantile_above(scores: NDArray[np.float64], share: float) -> float:
    """The score above which this share of the scores lies."""
    return max(SMALLEST, float(np.quantile(scores, 1 - share)))


def threshold_for_false_positives(
    scores: NDArray[np.float64], fraud: NDArray[np.bool_], rate: float
) -> float:
    """The lowest score above which at most this share of honest transactions lies."""
    return quantile_above(scores[~fraud], rate)


def threshold_for_least_cost(
    scores: NDArray[np.float64], fraud: NDArray[np.bool_], amount: NDArray[np.float64], costs: Costs
) -> float:
    """The review threshold that would have cost least on these rows, with nothing declined."""
    shares = np.geomspace(1e-5, 0.5, CANDIDATES)
    candidates = np.unique(np.quantile(scores, 1 - shares))
    nothing = np.zeros(len(scores), dtype=np.bool_)
    spent = [
        cost_per_thousand(fraud, outcomes_of(scores >= candidate, nothing), amount, costs)
        for candidate in candidates
    ]
    return max(SMALLEST, float(candidates[int(np.argmin(spent))]))
