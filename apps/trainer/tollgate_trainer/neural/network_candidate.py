"""The network as a candidate: fitted on the rows and windows of the trees, exported, with its thresholds."""

from dataclasses import dataclass

import numpy as np

from ..calibrate import Calibration, fit_calibration
from ..candidate import Candidate, candidate
from ..direction_checks import Features
from ..evaluation.ranking import Scores
from ..job import Job, Sequences
from ..run_onnx import BATCH_ROWS, OnnxScorer
from ..threshold_options import UnseenScores, choose_thresholds
from ..training_rows import Split, TrainingRows
from .export_network import export_network
from .fit_network import fit_network, inputs_logits
from .network import Shape
from .sequences import inputs_of, open_sequences

NAME = "neural"


@dataclass(frozen=True)
class NetworkCandidate:
    candidate: Candidate
    calibration: Calibration
    learning_curve: list[float]


def network_candidate(rows: TrainingRows, split: Split, job: Job, given: Sequences) -> NetworkCandidate:
    """Raises ValueError where there is nothing to learn from."""
    sequences = open_sequences(given, len(rows.fraud))
    known = rows.known_fraud(split.cutoff_ms)
    shape = Shape(job.directions.signs(job.features), given.slots, len(given.channels))
    windows = (_numbers(split.training), _numbers(split.validation))
    fitted = fit_network(rows.features, sequences, known, windows, shape, job.seed)
    label = known[split.validation]
    calibration = fit_calibration(fitted.validation_logits, label)
    model = export_network(fitted.network, calibration)
    unseen = UnseenScores(
        recent=_scores(model, rows.features, sequences, split.unlabelled),
        labelled=calibration.apply(fitted.validation_logits),
        label=label,
        amount=None if rows.amount is None else rows.amount[split.validation],
    )
    thresholds = choose_thresholds(unseen, job.budgets)
    test = inputs_of(rows.features, sequences, _numbers(split.test))

    def in_jax(inputs: Features) -> Scores:
        return calibration.apply(inputs_logits(fitted.network, inputs))

    return NetworkCandidate(
        candidate(NAME, model, in_jax, test, thresholds), calibration, fitted.learning_curve
    )


def _scores(model: bytes, features: Features, sequences: Features, rows: slice) -> Scores:
    """A piece at a time: the inputs of all rows together may not fit into memory."""
    scorer = OnnxScorer(model)
    numbers = _numbers(rows)
    pieces = [numbers[start : start + BATCH_ROWS] for start in range(0, len(numbers), BATCH_ROWS)]
    return np.concatenate([scorer.scores(inputs_of(features, sequences, piece)) for piece in pieces])


def _numbers(rows: slice) -> np.ndarray:
    return np.arange(rows.start, rows.stop)
