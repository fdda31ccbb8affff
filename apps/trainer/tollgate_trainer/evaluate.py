"""Judges scores on the test window, the rules beside them."""

import numpy as np
from numpy.typing import NDArray

from . import metrics
from .training_rows import DAY_MS, Split, TrainingRows

CARDS_A_DAY = 100

Metrics = dict[str, float | dict[str, float]]


def evaluate(rows: TrainingRows, split: Split, scores: NDArray[np.float64], budget: float) -> Metrics:
    """Figures against the truth of the simulation; `scores` are of the test window."""
    window = split.test
    truth = rows.fraud[window]
    pattern = rows.pattern[window]
    day = (rows.occurred_at_ms[window] // DAY_MS).astype(np.int64)
    alerts = metrics.alerts_at_budget(scores, budget)
    rule_rank = rows.rule_rank[window]
    rule_alerts = metrics.alerts_at_budget(rule_rank, budget)
    rule_own = rows.rule_alert[window]
    reached, possible = metrics.card_precision(truth, scores, day, rows.entity[window], CARDS_A_DAY)
    figures: Metrics = {
        "testTransactions": float(len(truth)),
        "testFrauds": float(truth.sum()),
        "averagePrecision": metrics.average_precision(truth, scores),
        "aucRoc": metrics.area_under_roc(truth, scores),
        "recallAtAlertBudget": metrics.recall(truth, alerts),
        "recallCeilingAtAlertBudget": min(1.0, float(alerts.sum() / max(1, truth.sum()))),
        "precisionAtAlertBudget": metrics.precision(truth, alerts),
        "cardPrecisionTop100": reached,
        "cardPrecisionTop100Ceiling": possible,
        "rulesAveragePrecision": metrics.average_precision(truth, rule_rank),
        "rulesRecallAtAlertBudget": metrics.recall(truth, rule_alerts),
        "rulesAlertShare": float(rule_own.mean()),
        "rulesRecall": metrics.recall(truth, rule_own),
        "rulesPrecision": metrics.precision(truth, rule_own),
    }
    names = sorted({str(name) for name in pattern[truth]})
    figures["recallByPattern"] = {name: metrics.recall(pattern == name, alerts) for name in names}
    return figures


def as_table(figures: Metrics) -> str:
    """One figure a line, for a person."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(f"  {name}")
            lines += [f"    {key:<30} {number:.3f}" for key, number in value.items()]
        else:
            text = f"{value:,.0f}" if value > 1 else f"{value:.4f}" if value > 1e-3 else f"{value:.1e}"
            lines.append(f"  {name:<32} {text}")
    return "\n".join(lines)
