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
from .bootstrap import (
    Ratio,
    average_precision_and_roc_intervals,
    card_precision_interval,
    ratio_intervals,
    recall_ratio,
)
from .calibration import brier_score, expected_calibration_error
from .card_precision import CardRanking
from .cost import cost_per_thousand, costs_by_row, outcomes_of
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
        **cards_a_day(window, scorer, seed),
        **at_alert_budget(window, scorer, budgets, seed),
        "atOtherBudgets": {
            f"{share:g}": alert_figures(window, alerts_at_budget(scorer.scores, share))
            for share in budgets.others
        },
    }
    if scorer.is_probability:
        figures["expectedCalibrationError"] = expected_calibration_error(window.truth, scorer.scores)
        figures["brierScore"] = brier_score(window.truth, scorer.scores)
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


def cards_a_day(window: Window, scorer: Scorer, seed: int) -> Figures:
    if window.entity is None:
        return {}
    ranking = CardRanking(window.truth, scorer.scores, window.day, window.entity)
    reached, possible = ranking.precision(CARDS_A_DAY)
    low, high = card_precision_interval(ranking, CARDS_A_DAY, window.truth, window.entity, seed)
    return {
        "cardPrecisionTop100": reached,
        "cardPrecisionTop100Interval": [low, high],
        "cardPrecisionTop100Ceiling": possible,
    }


def at_alert_budget(window: Window, scorer: Scorer, budgets: Budgets, seed: int) -> Figures:
    """What the highest-scoring share would find, and what it would cost, each with its interval."""
    truth, amount = window.truth, window.amount
    alerts = alerts_at_budget(scorer.scores, budgets.alert)
    at_budget = alert_figures(window, alerts)
    figures: Figures = {"atAlertBudget": at_budget}
    ratios = {"recall": recall_ratio(truth, alerts)}
    if amount is not None:
        ratios["value"] = Ratio(amount * (truth & alerts), amount * truth)
    if amount is not None and budgets.costs is not None:
        outcome = outcomes_of(alerts, alerts_at_budget(scorer.scores, budgets.decline))
        figures["costPerThousand"] = cost_per_thousand(truth, outcome, amount, budgets.costs)
        spent = costs_by_row(truth, outcome, amount, budgets.costs) * 1000
        ratios["cost"] = Ratio(spent, np.ones(len(truth)))
    intervals = ratio_intervals(ratios, truth, window.resampled, seed)
    at_budget["recallInterval"] = list(intervals["recall"])
    if "value" in intervals:
        at_budget["valueDetectionRateInterval"] = list(intervals["value"])
    if "cost" in intervals:
        figures["costPerThousandInterval"] = list(intervals["cost"])
    return figures


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
