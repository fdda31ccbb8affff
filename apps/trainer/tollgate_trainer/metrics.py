"""How good a ranking is: the figures of fraud detection's literature."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]


def average_precision(truth: Truth, scores: Scores) -> float:
    """Area under precision over recall, as a step function; tied scores are one step."""
    found, alerts = _cumulative(truth, scores)
    recall_steps = np.diff(found, prepend=0.0) / max(1.0, float(truth.sum()))
    return float(np.sum(recall_steps * found / alerts))


def area_under_roc(truth: Truth, scores: Scores) -> float:
    """Chance that a fraud scores above an honest transaction; a tie counts half."""
    found, alerts = _cumulative(truth, scores)
    false_alarms = alerts - found
    area = np.trapezoid(np.append(0.0, found), np.append(0.0, false_alarms))
    return float(area / (found[-1] * false_alarms[-1]))


def alerts_at_budget(scores: Scores, share: float) -> Truth:
    """The highest-scoring share of transactions; among equals the earlier ones."""
    budget = int(round(len(scores) * share))
    chosen = np.zeros(len(scores), dtype=np.bool_)
    chosen[np.argsort(-scores, kind="stable")[:budget]] = True
    return chosen


def recall(truth: Truth, alerts: Truth) -> float:
    return float((truth & alerts).sum() / max(1, truth.sum()))


def precision(truth: Truth, alerts: Truth) -> float:
    return float((truth & alerts).sum() / max(1, alerts.sum()))


def card_precision(
    truth: Truth,
    scores: Scores,
    day: NDArray[np.int64],
    entity: NDArray[np.int64],
    top: int,
) -> tuple[float, float]:
    """Of the `top` cards a day by their highest score, the share with a fraud that day; and its ceiling."""
    reached = []
    possible = []
    for number in np.unique(day):
        of_day = day == number
        cards, position = np.unique(entity[of_day], return_inverse=True)
        highest = np.full(len(cards), -np.inf)
        np.maximum.at(highest, position, scores[of_day])
        compromised = np.zeros(len(cards), dtype=np.bool_)
        np.logical_or.at(compromised, position, truth[of_day])
        best = np.argsort(-highest, kind="stable")[:top]
        reached.append(compromised[best].sum() / top)
        possible.append(min(top, int(compromised.sum())) / top)
    return float(np.mean(reached)), float(np.mean(possible))


def _cumulative(truth: Truth, scores: Scores) -> tuple[Scores, Scores]:
    """Frauds found and alerts given when everything down to each distinct score is an alert."""
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    found = np.cumsum(truth[order], dtype=np.float64)[last_of_ties]
    alerts = np.arange(1, len(scores) + 1, dtype=np.float64)[last_of_ties]
    return found, alerts
