"""What sets the review threshold, as the policy says, and what each other way would give."""

from dataclasses import dataclass

import numpy as np

from .evaluation.cost import cost_per_thousand, outcomes_of
from .evaluation.evaluate import Figures, alert_figures
from .evaluation.ranking import Scores, Truth
from .evaluation.window import Budgets, Window
from .thresholds import (
    quantile_above,
    threshold_for_false_positives,
    threshold_for_least_cost,
)

ALERT_BUDGET = "alertBudget"
FALSE_POSITIVE_RATE = "falsePositiveRate"
LEAST_COST = "leastCost"


@dataclass(frozen=True)
class UnseenScores:
    """Of rows that the model was not fitted on."""

    recent: Scores
    """The latest, whose labels may not have come: budgets are shares of these."""
    labelled: Scores
    label: Truth
    amount: Scores | None


@dataclass(frozen=True)
class ChosenThresholds:
    review: float
    decline: float
    options: dict[str, float]
    """The review threshold by each way to choose it."""

    def as_manifest(self) -> dict[str, float]:
        return {"review": self.review, "decline": self.decline}


def choose_thresholds(unseen: UnseenScores, budgets: Budgets) -> ChosenThresholds:
    """Raises ValueError where the policy wants the least cost of rows that name no amount."""
    options = {
        ALERT_BUDGET: quantile_above(unseen.recent, budgets.alert),
        FALSE_POSITIVE_RATE: threshold_for_false_positives(
            unseen.labelled, unseen.label, budgets.false_positive_rate_max
        ),
    }
    if unseen.amount is not None and budgets.costs is not None:
        options[LEAST_COST] = threshold_for_least_cost(
            unseen.labelled, unseen.label, unseen.amount, budgets.costs
        )
    if budgets.review_by not in options:
        raise ValueError(
            f"the policy sets the review threshold by {budgets.review_by}; with these rows it can be by "
            f"{', '.join(options)}"
        )
    review = options[budgets.review_by]
    return ChosenThresholds(review, max(review, quantile_above(unseen.recent, budgets.decline)), options)


def option_figures(
    window: Window, scores: Scores, chosen: ChosenThresholds, budgets: Budgets
) -> dict[str, Figures]:
    """Of each way, on the test window: everything from its threshold up is reviewed, nothing is declined."""
    limits = {
        ALERT_BUDGET: f"alert budget {budgets.alert:.2%}",
        FALSE_POSITIVE_RATE: f"false positives at most {budgets.false_positive_rate_max:.2%}",
        LEAST_COST: "least cost",
    }
    return {
        limits[way]: {"chosen": way == budgets.review_by} | _at_threshold(window, scores, review, budgets)
        for way, review in chosen.options.items()
    }


def _at_threshold(window: Window, scores: Scores, review: float, budgets: Budgets) -> Figures:
    alerts = scores >= review
    figures: Figures = {"review": review, **alert_figures(window, alerts)}
    if window.amount is not None and budgets.costs is not None:
        outcome = outcomes_of(alerts, np.zeros(len(scores), dtype=np.bool_))
        figures["costPerThousand"] = cost_per_thousand(window.truth, outcome, window.amount, budgets.costs)
    return figures
