"""Scorers side by side on one window, as one JSON-ready whole."""

from datetime import UTC, datetime
from typing import Any

from .evaluate import evaluate
from .window import Budgets, Scorer, Window

Evaluation = dict[str, Any]


def compare(dataset: str, window: Window, scorers: list[Scorer], budgets: Budgets, seed: int) -> Evaluation:
    """The first scorer is the one that is evaluated; the others stand beside it."""
    return {
        "dataset": dataset,
        "window": describe(window),
        "alertBudgetShare": budgets.alert,
        "scorers": {scorer.name: evaluate(window, scorer, budgets, seed) for scorer in scorers},
        "published": [],
        "thresholdOptions": {},
        "latencyMicros": {},
        "importance": {},
        "notes": [] if window.segments else [NO_SEGMENTS],
    }


NO_SEGMENTS = (
    "No segments in this data: fairness not measured (the rows have no segment_* columns, such as age band)."
)


def describe(window: Window) -> dict[str, Any]:
    figures: dict[str, Any] = {"transactions": len(window.truth), "frauds": int(window.truth.sum())}
    if window.entity is not None:
        figures["cards"] = len(set(window.entity.tolist()))
        figures["from"] = _iso(float(window.occurred_at_ms[0]))
        figures["until"] = _iso(float(window.occurred_at_ms[-1]))
    return figures


def _iso(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
