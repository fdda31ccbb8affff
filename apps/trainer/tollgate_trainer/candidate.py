"""A model that may be registered, of whatever kind, and the gates that it passes before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import gates
from .direction_checks import Features, Predict
from .directions import check_monotone
from .evaluation.compare import Evaluation
from .evaluation.latency import latency_micros
from .evaluation.ranking import Scores
from .fairness import check_fairness
from .invariance_checks import check_invariances, largest_allowed
from .job import Job
from .robustness import AMOUNT_FACTORS, FLIP_RATE_MAX, HOUR_SHIFTS, check_robustness, robustness
from .run_onnx import OnnxScorer
from .threshold_options import ChosenThresholds

DIFFERENCE = "ONNX Runtime beside the fit, largest difference"
FLIP_RATE = "frauds that pass when changed a little"
CHANGES = len(AMOUNT_FACTORS) * len(HOUR_SHIFTS)


@dataclass(frozen=True)
class Candidate:
    name: str
    """Of its scorer in the evaluation."""
    model: bytes
    predict: Predict
    """As ONNX Runtime gives it."""
    fitted: Predict
    """As the training library gives it."""
    test: Features
    """Its inputs of the test window: the features, and whatever else it reads behind them."""
    scores: Scores
    """Of the test window."""
    latency: dict[str, float]
    thresholds: ChosenThresholds


@dataclass(frozen=True)
class GateResult:
    gate: str
    limit: str
    found: float | None
    """None where the gate does not apply."""
    note: str = ""
    """Why it does not."""


def candidate(
    name: str, model: bytes, fitted: Predict, test: Features, thresholds: ChosenThresholds
) -> Candidate:
    predict = OnnxScorer(model).scores
    latency = latency_micros(model, test)
    return Candidate(name, model, predict, fitted, test, predict(test), latency, thresholds)


def pass_gates(one: Candidate, job: Job, truth: NDArray[np.bool_]) -> list[GateResult]:
    """What was found at each gate. Raises ValueError, with the reason, at the first that refuses."""
    try:
        return list(_results(one, job, truth))
    except ValueError as error:
        raise ValueError(f"{one.name}: {error}") from error


def _results(one: Candidate, job: Job, truth: NDArray[np.bool_]) -> Iterator[GateResult]:
    test = one.test
    difference = gates.check_scores(one.model, one.scores, one.fitted(test))
    yield GateResult("bytes of the file", f"at most {gates.MODEL_BYTES_MAX:,}", len(one.model))
    distinct = len(np.unique(one.scores))
    yield GateResult("different scores", f"at least {gates.DISTINCT_SCORES_MIN}", distinct)
    at_most = f"at most {gates.DIFFERENCE_MAX:.0e}"
    yield GateResult(DIFFERENCE, at_most, difference)
    missing = gates.check_missing_values(test, one.predict, one.fitted)
    yield GateResult("the same, with missing values", at_most, missing)
    yield from _behaviour(one, job)
    gates.check_latency(one.latency["oneRowMedian"])
    limit = f"at most {gates.LATENCY_MICROS_MAX:.0f}"
    yield GateResult("microseconds for one row, median", limit, one.latency["oneRowMedian"])
    held = robustness(job.features, test, truth, one.predict, one.thresholds.review)
    check_robustness(held)
    note = "the features name no amount and no hour, or no fraud is an alert" if held is None else ""
    flips = None if held is None else held.flip_rate
    yield GateResult(FLIP_RATE, f"at most {FLIP_RATE_MAX:.0%}", flips, note)


def _behaviour(one: Candidate, job: Job) -> Iterator[GateResult]:
    test = one.test
    rises = gates.check_directions(job.features, test, one.predict)
    for name, rise in rises.items():
        yield GateResult(f"{name}: rise of the mean score", f"at least {-gates.TOLERANCE:.0e}", rise)
    if not rises:
        yield GateResult("a larger amount", "", None, "the features name no amount")
    signs = job.directions.signs(job.features)
    for name, change in check_monotone(signs, job.features, test, one.predict).items():
        limit = "never down" if signs[job.features.index(name)] > 0 else "never up"
        yield GateResult(f"a larger {name}: change of the mean score", limit, change)
    if not any(signs):
        yield GateResult("directions", "", None, "the policy names none")
    for name, change in check_invariances(job.features, test, one.predict).items():
        yield GateResult(f"{name}: change of a score", f"at most {largest_allowed(name):.0e}", change)


def _fairness_gates(figures: dict[str, Any], job: Job, name: str) -> list[GateResult]:
    """Once a candidate's figures are known; raises ValueError as the other gates do."""
    try:
        check_fairness(figures, job.fairness)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if job.fairness is None:
        return [GateResult("fairness", "", None, "the policy limits none")]
    if not figures.get("segments"):
        return [GateResult("fairness", "", None, "no segments in this data: fairness not measured")]
    return [
        GateResult(
            f"false_positive_rate_ratio by {segment}",
            f"at least {job.fairness.ratio_min:g} within its interval",
            figures["segments"][segment]["false_positive_rate_ratio"],
        )
        for segment in job.fairness.segments
    ]


def add_gates(evaluation: Evaluation, job: Job, gates: dict[str, list[GateResult]]) -> None:
    """What each candidate's gates found, and those of its figures, for the report."""
    evaluation["gates"] = {}
    for name, results in gates.items():
        of_figures = _fairness_gates(evaluation["scorers"][name], job, name)
        evaluation["gates"][name] = [vars(result) for result in [*results, *of_figures]]


def gate_notes(evaluation: Evaluation) -> list[str]:
    """In words, of each candidate: the model cards take them over."""
    notes = []
    for name, results in evaluation["gates"].items():
        left_out = [f"{result['gate']} ({result['note']})" for result in results if result["found"] is None]
        reasons = f"not applied: {'; '.join(left_out)}" if left_out else "which is all"
        notes.append(f"Gates: {name} passed {len(results) - len(left_out)}, {reasons}.")
        flips = next(result["found"] for result in results if result["gate"] == FLIP_RATE)
        if flips is not None:
            notes.append(
                f"Robustness: of the frauds that {name} alerts on, {flips:.1%} pass under one of "
                f"{CHANGES} changes (amount and its ratios by up to a tenth, time by an hour)."
            )
    return notes
