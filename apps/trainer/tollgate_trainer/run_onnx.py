"""Scores as ONNX Runtime gives them: what the serving process will see."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .export_onnx import INPUT_NAME, OUTPUT_NAME

BATCH_ROWS = 8192


def run_onnx(model: bytes, features: NDArray[np.float32]) -> NDArray[np.float64]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    scores = np.empty(len(features), dtype=np.float64)
    for start in range(0, len(features), BATCH_ROWS):
        batch = np.ascontiguousarray(features[start : start + BATCH_ROWS])
        scores[start : start + BATCH_ROWS] = session.run([OUTPUT_NAME], {INPUT_NAME: batch})[0][:, 0]
    return scores
