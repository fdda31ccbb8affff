"""All figures of one scorer on one window."""

from typing import Any

import numpy as np

from .alerts import (
    alerts_at_budget,
    false_positive_rate,
    precision,
    recall,
    recall_ceiling,
    value_detection_rate,
)
from .bootstrap import average_precision_and_roc_intervals, recall_interval
from .calibration import brier_score, expected_calibration_error
from .card_precision import card_precision
from .cost import cost_per_thousand, outcomes_of
from .patterns import recall_by_pattern
from .ranking import Ranking, Truth
from .segments import segment_figures
from .window import Budgets, Scorer, Window

CARDS_A_DAY = 100

Figures = dict[str, Any]


def evaluate(window: Window, scorer: Scorer, budgets: Budgets, seed: int) -> Figures:
    """JSON-ready; a share is in [0, 1], an interval `[low, high]` holds 95 % of resampled sets of cards."""
    ranking = Ranking(window.truth, scorer.scores)
    precision_interval, roc_interval = average_precision_and_roc_intervals(
        window.truth, scorer.scores, window.resampled, seed
    )
    alerts = alerts_at_budget(scorer.scores, budgets.alert)
    figures: Figures = {
        "averagePrecision": ranking.average_precision(),
        "averagePrecisionInterval": list(precision_interval),
        "aucRoc": ranking.area_under_roc(),
        "aucRocInterval": list(roc_interval),
        **cards_a_day(window, scorer),
        "atAlertBudget": alert_figures(window, alerts)
        | {"recallInterval": list(recall_interval(window.truth, alerts, window.resampled, seed))},
        "atOtherBudgets": {
            f"{share:g}": alert_figures(window, alerts_at_budget(scorer.scores, share))
            for share in budgets.others
        },
    }
    if scorer.is_probability:
        figures["expectedCalibrationError"] = expected_calibration_error(window.truth, scorer.scores)
        figures["brierScore"] = brier_score(window.truth, scorer.scores)
    if window.amount is not None and budgets.costs is not None:
        outcome = outcomes_of(alerts, alerts_at_budget(scorer.scores, budgets.decline))
        figures["costPerThousand"] = cost_per_thousand(window.truth, outcome, window.amount, budgets.costs)
    if scorer.outcome is not None:
        figures["asItDecides"] = alert_figures(window, scorer.outcome > 0)
        if window.amount is not None and budgets.costs is not None:
            figures["asItDecides"]["costPerThousand"] = cost_per_thousand(
                window.truth, scorer.outcome, window.amount, budgets.costs
            )
    if window.pattern is not None:
        figures["recallByPattern"] = recall_by_pattern(window.truth, alerts, window.pattern)
    if window.segments:
        figures["segments"] = {
            name: vars(segment_figures(window.truth, alerts, values, window.resampled, seed))
            for name, values in window.segments.items()
        }
    return figures


def cards_a_day(window: Window, scorer: Scorer) -> Figures:
    if window.entity is None:
        return {}
    reached, possible = card_precision(
        window.truth, scorer.scores, window.day, window.entity, CARDS_A_DAY
    )
    return {"cardPrecisionTop100": reached, "cardPrecisionTop100Ceiling": possible}


def alert_figures(window: Window, alerts: Truth) -> Figures:
    figures: Figures = {
        "alertShare": float(np.mean(alerts)),
        "recall": recall(window.truth, alerts),
        "recallCeiling": recall_ceiling(window.truth, alerts),
        "precision": precision(window.truth, alerts),
        "falsePositiveRate": false_positive_rate(window.truth, alerts),
    }
    if window.amount is not None:
        figures["valueDetectionRate"] = value_detection_rate(window.truth, alerts, window.amount)
    return figures
