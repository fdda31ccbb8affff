"""Scores of the exported network: what a serving process would see."""

import numpy as np
from numpy.typing import NDArray

from ..job import Neural
from ..run_onnx import BATCH_ROWS, OnnxScorer
from .sequences import inputs_of, open_sequences


def neural_scores(neural: Neural, features: NDArray[np.float32], rows: slice) -> NDArray[np.float64]:
    sequences = open_sequences(neural, len(features))
    scorer = OnnxScorer(neural.model_path.read_bytes())
    wanted = np.arange(*rows.indices(len(features)))
    scores = np.empty(len(wanted), dtype=np.float64)
    for start in range(0, len(wanted), BATCH_ROWS):
        some = wanted[start : start + BATCH_ROWS]
        scores[start : start + BATCH_ROWS] = scorer.run(inputs_of(features, sequences, some))
    return scores
