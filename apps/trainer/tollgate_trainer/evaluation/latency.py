"""What the exported model costs in ONNX Runtime, on one thread."""

from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray

from ..run_onnx import OnnxScorer

RUNS = 400


def latency_micros(model: bytes, features: NDArray[np.float32]) -> dict[str, float]:
    """Microseconds: of a call with one row, and of each row in a call with 64."""
    scorer = OnnxScorer(model)
    single = _durations(scorer, features, 1)
    batch = _durations(scorer, features, 64)
    return {
        "oneRowMedian": float(np.median(single)),
        "oneRowP99": float(np.percentile(single, 99)),
        "rowOf64Median": float(np.median(batch)) / 64,
    }


def _durations(scorer: OnnxScorer, features: NDArray[np.float32], rows: int) -> NDArray[np.float64]:
    micros = np.empty(RUNS)
    for run in range(RUNS):
        start = run * rows % max(1, len(features) - rows)
        batch = np.ascontiguousarray(features[start : start + rows])
        began = perf_counter_ns()
        scorer.run(batch)
        micros[run] = (perf_counter_ns() - began) / 1000
    return micros[RUNS // 10 :]
