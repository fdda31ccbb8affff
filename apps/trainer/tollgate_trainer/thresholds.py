"""Scores from which a transaction is reviewed or declined, from what the client can bear."""

import numpy as np
from numpy.typing import NDArray

from .evaluation.cost import Costs, cost_per_thousand, outcomes_of

CANDIDATES = 400
"""Thresholds tried for the least cost: quantiles of the scores, close together at the top."""


def choose_thresholds(
    scores: NDArray[np.float64], alert_budget_share: float, decline_budget_share: float
) -> dict[str, float]:
    """Quantiles of the scores of recent transactions: the shares of the budgets lie above them."""
    smallest = float(np.finfo(np.float32).tiny)
    review = max(smallest, float(np.quantile(scores, 1 - alert_budget_share)))
    decline = max(review, float(np.quantile(scores, 1 - decline_budget_share)))
    return {"review": review, "decline": decline}


def threshold_for_false_positives(
    scores: NDArray[np.float64], fraud: NDArray[np.bool_], rate: float
) -> float:
    """The lowest score above which at most this share of honest transactions lies."""
    return float(np.quantile(scores[~fraud], 1 - rate))


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
    return float(candidates[int(np.argmin(spent))])
