"""Scores as ONNX Runtime gives them: what the serving process will see."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

BATCH_ROWS = 8192


class OnnxScorer:
    """A session on one thread; the model has one input and one output, whatever they are called."""

    def __init__(self, model: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.input_name = self.session.get_inputs()[0].name
        self.output_name = self.session.get_outputs()[0].name

    def run(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.session.run([self.output_name], {self.input_name: features})[0][:, 0]

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of any number of rows."""
        scores = np.empty(len(features), dtype=np.float64)
        for start in range(0, len(features), BATCH_ROWS):
            batch = np.ascontiguousarray(features[start : start + BATCH_ROWS])
            scores[start : start + BATCH_ROWS] = self.run(batch)
        return scores


def run_onnx(model: bytes, features: NDArray[np.float32]) -> NDArray[np.float64]:
    return OnnxScorer(model).scores(features)
