"""The models of one training run, exported and through their gates."""

from dataclasses import dataclass

from . import gates
from .directions import Directions, check_monotone
from .evaluation.latency import latency_micros
from .evaluation.ranking import Scores
from .export_onnx import export_onnx
from .export_simple_model import export_simple_model
from .fit_model import FittedModel, fit_model
from .invariance_checks import check_invariances
from .run_onnx import OnnxScorer, run_onnx
from .simple_model import fit_simple_model
from .training_rows import Split, TrainingRows


@dataclass(frozen=True)
class CandidateModels:
    """Scores are of the test window, as ONNX Runtime gives them."""

    fitted: FittedModel
    model: bytes
    scores: Scores
    simple_model: bytes
    simple_scores: Scores
    difference: float
    """The largest between ONNX Runtime and the training library."""
    rises: dict[str, float]
    """By how much the mean score rises for each change that must not look safer."""
    latency: dict[str, dict[str, float]]


def fit_candidates(
    rows: TrainingRows,
    split: Split,
    names: tuple[str, ...],
    directions: Directions,
    *,
    seed: int,
    search_seconds: float = 0,
) -> CandidateModels:
    """Raises ValueError, with the reason, for a model that must not be registered."""
    signs = directions.signs(names)
    known = rows.known_fraud(split.cutoff_ms)
    labelled = slice(0, split.validation.stop)
    fitted = fit_model(rows, split, signs, seed, search_seconds)
    model = export_onnx(fitted.trees)
    simple = fit_simple_model(rows.features[labelled], known[labelled], signs=signs)
    simple_model = export_simple_model(simple)
    features = rows.features[split.test]
    scores = run_onnx(model, features)
    simple_scores = run_onnx(simple_model, features)
    difference = gates.check_scores(model, scores, fitted.trees.predict(features))
    gates.check_scores(simple_model, simple_scores, simple.predict(features))
    gates.check_missing_values(features, lambda some: run_onnx(model, some), fitted.trees.predict)
    for scorer in (OnnxScorer(model), OnnxScorer(simple_model)):
        check_monotone(signs, names, features, scorer.scores)
        check_invariances(names, features, scorer.scores)
    rises = gates.check_directions(names, features, lambda some: run_onnx(model, some))
    latency = {
        "trees": latency_micros(model, features),
        "simple model": latency_micros(simple_model, features),
    }
    gates.check_latency(latency["trees"]["oneRowMedian"])
    return CandidateModels(
        fitted, model, scores, simple_model, simple_scores, difference, rises, latency
    )
