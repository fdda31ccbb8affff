"""What a team that can look at so many transactions would find."""

import numpy as np

from .ranking import Scores, Truth


def alerts_at_budget(scores: Scores, share: float) -> Truth:
    """The highest-scoring share of transactions; among equals the earlier ones."""
    budget = int(round(len(scores) * share))
    chosen = np.zeros(len(scores), dtype=np.bool_)
    chosen[np.argsort(-scores, kind="stable")[:budget]] = True
    return chosen


def recall(truth: Truth, alerts: Truth) -> float:
    """Share of frauds that are alerts."""
    return float((truth & alerts).sum() / max(1, truth.sum()))


def recall_ceiling(truth: Truth, alerts: Truth) -> float:
    """What the recall of so many alerts could be at most."""
    return min(1.0, float(alerts.sum() / max(1, truth.sum())))


def precision(truth: Truth, alerts: Truth) -> float:
    """Share of alerts that are frauds."""
    return float((truth & alerts).sum() / max(1, alerts.sum()))


def false_positive_rate(truth: Truth, alerts: Truth) -> float:
    """Share of honest transactions that are alerts."""
    return float((~truth & alerts).sum() / max(1, (~truth).sum()))


def value_detection_rate(truth: Truth, alerts: Truth, amount: Scores) -> float:
    """Share of the frauds' money that is alerts'."""
    lost = float(amount[truth].sum())
    return float(amount[truth & alerts].sum()) / lost if lost > 0 else 0.0
