"""Trees and the simple model as one: where frauds are few, the line steadies the trees."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import helper

from .average_trees import AveragedTrees
from .export_onnx import tree_node
from .export_simple_model import linear_nodes
from .onnx_graph import OUTPUT_NAME, model_bytes
from .simple_model import SimpleModel


@dataclass(frozen=True)
class BlendedModel:
    trees: AveragedTrees
    simple: SimpleModel
    trees_share: float
    """Of the logit; the rest is the simple model's."""

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        of_trees = self.trees_share * self.trees.logits(features)
        logits = of_trees + (1 - self.trees_share) * self.simple.logits(features)
        return 1 / (1 + np.exp(-logits))


def export_blended_model(model: BlendedModel) -> bytes:
    """One graph: the logits of both, added, through one sigmoid."""
    of_trees = tree_node(model.trees, "treeLogits", model.trees_share)
    linear, constants = linear_nodes(model.simple, "linearLogits", 1 - model.trees_share)
    added = helper.make_node("Add", ["treeLogits", "linearLogits"], ["logits"])
    sigmoid = helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME])
    return model_bytes([of_trees, *linear, added, sigmoid], len(model.simple.weights), constants)
