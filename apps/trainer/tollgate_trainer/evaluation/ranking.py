"""How well scores put frauds before honest transactions; tied scores are one step."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]
Weights = NDArray[np.float64]


class Ranking:
    """Scores sorted once, for many figures and many weightings of the same rows."""

    def __init__(self, truth: Truth, scores: Scores) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.truth = truth[self.order].astype(np.float64)
        self.ends_tie = np.append(np.diff(scores[self.order]) != 0, True)

    def found_and_alerts(self, weights: Weights | None = None) -> tuple[Scores, Scores]:
        """Frauds found and alerts given when everything down to each distinct score is an alert."""
        weight = np.ones(len(self.order)) if weights is None else weights[self.order]
        found = np.cumsum(self.truth * weight)[self.ends_tie]
        return found, np.cumsum(weight)[self.ends_tie]

    def average_precision(self, weights: Weights | None = None) -> float:
        """Area under precision over recall, as a step function."""
        found, alerts = self.found_and_alerts(weights)
        if found[-1] == 0:
            return 0.0
        steps = np.diff(found, prepend=0.0) / found[-1]
        return float(np.sum(steps * found / np.maximum(alerts, 1e-300)))

    def area_under_roc(self, weights: Weights | None = None) -> float:
        """Chance that a fraud scores above an honest transaction; a tie counts half; 0.5 without either."""
        found, alerts = self.found_and_alerts(weights)
        false_alarms = alerts - found
        pairs = found[-1] * false_alarms[-1]
        area = np.trapezoid(np.append(0.0, found), np.append(0.0, false_alarms))
        return float(area / pairs) if pairs > 0 else 0.5


def average_precision(truth: Truth, scores: Scores) -> float:
    return Ranking(truth, scores).average_precision()


def area_under_roc(truth: Truth, scores: Scores) -> float:
    return Ranking(truth, scores).area_under_roc()


def precision_recall_curve(truth: Truth, scores: Scores) -> tuple[Scores, Scores]:
    """Recall and precision at every distinct score, from the highest down."""
    found, alerts = Ranking(truth, scores).found_and_alerts()
    return found / max(1.0, found[-1]), found / alerts
