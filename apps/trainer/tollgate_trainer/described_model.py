"""A model as the registry wants it: the file, and what its manifest says of it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .evaluation.ranking import Scores
from .golden_rows import choose_golden_rows
from .manifest_metrics import Metrics
from .onnx_graph import INPUT_NAME, OUTPUT_NAME


@dataclass(frozen=True)
class DescribedModel:
    model: bytes
    test: NDArray[np.float32]
    """Inputs of the rows that it was judged on, and its scores of them: golden rows are chosen of these."""
    scores: Scores
    thresholds: dict[str, float]
    trained_on: dict[str, str | float]
    metrics: Metrics


def write_model(folder: Path, name: str, described: DescribedModel) -> None:
    """Writes NAME.onnx and NAME.json."""
    (folder / f"{name}.onnx").write_bytes(described.model)
    thresholds = described.thresholds
    manifest = {
        "input": {"name": INPUT_NAME, "size": described.test.shape[1]},
        "output": {"name": OUTPUT_NAME},
        "thresholds": thresholds,
        "goldenRows": choose_golden_rows(described.test, described.scores),
        "trainedOn": described.trained_on,
        "metrics": described.metrics
        | {
            "alertShareAtThreshold": float((described.scores >= thresholds["review"]).mean()),
            "declineShareAtThreshold": float((described.scores >= thresholds["decline"]).mean()),
        },
    }
    (folder / f"{name}.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
