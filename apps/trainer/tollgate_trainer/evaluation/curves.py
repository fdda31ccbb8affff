"""Pictures of how scorers compare: SVG, the same bytes for the same figures."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen before)
import numpy as np  # noqa: E402

from .alerts import alerts_at_budget  # noqa: E402
from .calibration import reliability_curve  # noqa: E402
from .patterns import recall_by_pattern  # noqa: E402
from .ranking import Ranking, precision_recall_curve  # noqa: E402
from .window import Scorer, Window  # noqa: E402

POINTS_MAX = 1000
"""A curve of a hundred thousand points looks the same and takes megabytes."""
FEATURES_SHOWN = 20

matplotlib.rcParams.update({"svg.hashsalt": "tollgate", "figure.figsize": (6.4, 4.2), "font.size": 9})


def draw_curves(
    folder: Path, window: Window, scorers: list[Scorer], budget: float, importance: dict[str, float]
) -> list[str]:
    """Writes the figures that the window allows; gives their file names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [
        _precision_recall(folder, window, scorers),
        _gain(folder, window, scorers, budget),
        _reliability(folder, window, scorers),
    ]
    if window.pattern is not None:
        names.append(_patterns(folder, window, scorers, budget))
    if importance:
        names.append(_importance(folder, importance))
    return names


def _precision_recall(folder: Path, window: Window, scorers: list[Scorer]) -> str:
    figure, axes = plt.subplots()
    for scorer in scorers:
        recall, precision = precision_recall_curve(window.truth, scorer.scores)
        shown = _thinned(len(recall))
        axes.step(recall[shown], precision[shown], where="post", label=scorer.name)
    axes.set(xlabel="recall", ylabel="precision", title="Precision over recall", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend()
    return _saved(folder, "precision-recall.svg", figure)


def _gain(folder: Path, window: Window, scorers: list[Scorer], budget: float) -> str:
    figure, axes = plt.subplots()
    for scorer in scorers:
        found, alerts = Ranking(window.truth, scorer.scores).found_and_alerts()
        shown = _thinned(len(found))
        axes.plot(alerts[shown] / alerts[-1], found[shown] / max(1, found[-1]), label=scorer.name)
    axes.axvline(budget, color="grey", linestyle=":", label=f"alert budget {budget:.2%}")
    axes.set(xlabel="share of transactions that are alerts", ylabel="share of fraud found", xscale="log")
    axes.set(title="Fraud found by alert budget", xlim=(1e-4, 1), ylim=(0, 1.02))
    axes.legend()
    return _saved(folder, "gain.svg", figure)


def _reliability(folder: Path, window: Window, scorers: list[Scorer]) -> str:
    figure, axes = plt.subplots()
    axes.plot([1e-4, 1], [1e-4, 1], color="grey", linestyle=":")
    for scorer in scorers:
        if scorer.is_probability:
            curve = reliability_curve(window.truth, scorer.scores)
            axes.plot(curve.predicted, curve.observed, marker="o", markersize=3, label=scorer.name)
    axes.set(xlabel="score", ylabel="frequency of fraud", xscale="log", yscale="log")
    axes.set(title="Reliability", xlim=(1e-4, 1), ylim=(1e-4, 1))
    axes.legend()
    return _saved(folder, "reliability.svg", figure)


def _patterns(folder: Path, window: Window, scorers: list[Scorer], budget: float) -> str:
    assert window.pattern is not None
    figure, axes = plt.subplots()
    height = 0.8 / len(scorers)
    names: list[str] = []
    for number, scorer in enumerate(scorers):
        alerts = alerts_at_budget(scorer.scores, budget)
        recalls = recall_by_pattern(window.truth, alerts, window.pattern)
        names = list(recalls)
        axes.barh(np.arange(len(names)) + number * height, list(recalls.values()), height, label=scorer.name)
    axes.set_yticks(np.arange(len(names)) + 0.4 - height / 2, names)
    axes.set(xlabel=f"recall at {budget:.2%} alerts", title="Fraud found by pattern", xlim=(0, 1))
    axes.legend()
    return _saved(folder, "patterns.svg", figure)


def _importance(folder: Path, importance: dict[str, float]) -> str:
    figure, axes = plt.subplots(figsize=(6.4, 5.6))
    first = sorted(importance.items(), key=lambda item: -item[1])[:FEATURES_SHOWN][::-1]
    axes.barh([name for name, _ in first], [share for _, share in first])
    axes.set(xlabel="share", title="Importance")
    return _saved(folder, "importance.svg", figure)


def _thinned(length: int) -> np.ndarray:
    """Dense where there are few alerts: that is what is looked at."""
    if length <= POINTS_MAX:
        return np.arange(length)
    return np.unique(np.geomspace(1, length, POINTS_MAX).astype(np.int64)) - 1


def _saved(folder: Path, name: str, figure: plt.Figure) -> str:
    figure.savefig(folder / name, format="svg", metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
    return name
