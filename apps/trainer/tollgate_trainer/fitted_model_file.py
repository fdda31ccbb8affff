"""The main model as the training library has it, kept beside its ONNX graph to be compared with."""

import json
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from .average_trees import AveragedTrees
from .blended_model import BlendedModel
from .calibrate import Calibration
from .simple_model import SimpleModel

NAME = "model.fitted.json"


def write_fitted_model(folder: Path, model: BlendedModel) -> None:
    """LightGBM's own text of each fit, the numbers of the lines. Trees alone are a blend without lines."""
    trees = model.trees
    kept = {
        "trees": {
            "boosters": [booster.model_to_string() for booster in trees.boosters],
            "slope": trees.calibration.slope,
            "offset": trees.calibration.offset,
        },
        "lines": [{"share": share, **_line_fields(line)} for share, line in model.lines],
    }
    (folder / NAME).write_text(json.dumps(kept) + "\n", encoding="utf-8")


def read_fitted_model(folder: Path) -> BlendedModel:
    kept = json.loads((folder / NAME).read_text(encoding="utf-8"))
    trees = kept["trees"]
    boosters = [lightgbm.Booster(model_str=text) for text in trees["boosters"]]
    calibration = Calibration(trees["slope"], trees["offset"])
    lines = [(line["share"], _line_of(line)) for line in kept["lines"]]
    return BlendedModel(AveragedTrees(boosters, calibration), lines)


def _line_fields(line: SimpleModel) -> dict[str, Any]:
    return {"weights": line.weights.tolist(), "offset": line.offset, "squares": line.squares}


def _line_of(fields: dict[str, Any]) -> SimpleModel:
    return SimpleModel(np.array(fields["weights"], np.float32), fields["offset"], fields["squares"])
