"""What each way to choose the review threshold would give."""

import numpy as np

from .evaluation.cost import cost_per_thousand, outcomes_of
from .evaluation.evaluate import Figures, alert_figures
from .evaluation.ranking import Scores
from .evaluation.window import Budgets, Window
from .thresholds import threshold_for_false_positives, threshold_for_least_cost
from .training_rows import Split, TrainingRows

FALSE_POSITIVE_RATE_MAX = 0.005
"""The policy names none; the report shows what this one would give."""


def threshold_options(
    rows: TrainingRows, split: Split, validation_scores: Scores, by_budget: float, budgets: Budgets
) -> dict[str, float]:
    """The first is from recent scores alone, the others from the labels of the validation window."""
    label = rows.known_fraud(split.cutoff_ms)[split.validation]
    options = {
        f"alert budget {budgets.alert:.2%}": by_budget,
        f"false positives at most {FALSE_POSITIVE_RATE_MAX:.2%}": threshold_for_false_positives(
            validation_scores, label, FALSE_POSITIVE_RATE_MAX
        ),
    }
    if rows.amount is not None and budgets.costs is not None:
        options["least cost"] = threshold_for_least_cost(
            validation_scores, label, rows.amount[split.validation], budgets.costs
        )
    return options


def at_threshold(window: Window, scores: Scores, review: float, budgets: Budgets) -> Figures:
    """On the test window: everything from this score up is reviewed, nothing is declined."""
    alerts = scores >= review
    figures: Figures = {"review": review, **alert_figures(window, alerts)}
    if window.amount is not None and budgets.costs is not None:
        outcome = outcomes_of(alerts, np.zeros(len(scores), dtype=np.bool_))
        figures["costPerThousand"] = cost_per_thousand(window.truth, outcome, window.amount, budgets.costs)
    return figures
