"""Scores from which a transaction is reviewed or declined, from what the client can bear."""

import numpy as np
from numpy.typing import NDArray


def choose_thresholds(
    scores: NDArray[np.float64], alert_budget_share: float, decline_budget_share: float
) -> dict[str, float]:
    """Quantiles of the scores of recent transactions: the shares of the budgets lie above them."""
    smallest = float(np.finfo(np.float32).tiny)
    review = max(smallest, float(np.quantile(scores, 1 - alert_budget_share)))
    decline = max(review, float(np.quantile(scores, 1 - decline_budget_share)))
    return {"review": review, "decline": decline}
