"""Trees and lines as one: where frauds are few, the lines steady the trees."""

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
    lines: list[tuple[float, SimpleModel]]
    """Each with its share of the logit; the rest is the trees'."""

    @property
    def trees_share(self) -> float:
        return 1 - sum(share for share, _ in self.lines)

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        logits = self.trees_share * self.trees.logits(features)
        for share, line in self.lines:
            logits = logits + share * line.logits(features)
        return 1 / (1 + np.exp(-logits))


def export_blended_model(model: BlendedModel) -> bytes:
    """One graph: the logits of all, added, through one sigmoid."""
    parts = ["treeLogits"]
    nodes = [tree_node(model.trees, "treeLogits", model.trees_share)]
    constants = []
    for number, (share, line) in enumerate(model.lines):
        parts.append(f"line{number}")
        of_line, its_constants = linear_nodes(line, parts[-1], share)
        nodes += of_line
        constants += its_constants
    nodes += [
        helper.make_node("Sum", parts, ["logits"]),
        helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME]),
    ]
    return model_bytes(nodes, model.lines[0][1].feature_count, constants)
