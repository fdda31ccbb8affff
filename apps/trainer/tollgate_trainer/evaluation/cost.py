"""What decisions cost, by the engagement's cost matrix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ranking import Scores, Truth

REVIEW = 1
DECLINE = 2
Outcomes = NDArray[np.int64]


@dataclass(frozen=True)
class Costs:
    """In minor units of the base currency, as the engagement's policy says."""

    review_minor: float
    """An analyst's look at one transaction."""
    blocked_good_minor: float
    """An honest customer who was declined."""
    missed_fraud_share: float
    """Of a missed fraud's amount."""


def cost_per_thousand(truth: Truth, outcome: Outcomes, amount: Scores, costs: Costs) -> float:
    """In major units for 1,000 transactions: reviews, honest ones declined, frauds approved."""
    return float(costs_by_row(truth, outcome, amount, costs).sum()) * 1000 / max(1, len(truth))


def costs_by_row(truth: Truth, outcome: Outcomes, amount: Scores, costs: Costs) -> Scores:
    """In major units."""
    minor = (
        (outcome == REVIEW) * costs.review_minor
        + ((outcome == DECLINE) & ~truth) * costs.blocked_good_minor
        + (truth & (outcome < REVIEW)) * amount * 100 * costs.missed_fraud_share
    )
    return minor / 100


def outcomes_of(review: Truth, decline: Truth) -> Outcomes:
    """0 approve, 1 review, 2 decline; what is declined needs no review."""
    return np.where(decline, DECLINE, np.where(review, REVIEW, 0)).astype(np.int64)
