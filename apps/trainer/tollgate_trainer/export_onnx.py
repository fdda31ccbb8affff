"""LightGBM's trees, with their calibration, as an ONNX graph that gives the probability of fraud."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper

from .average_trees import AveragedTrees
from .onnx_graph import INPUT_NAME, OUTPUT_NAME, model_bytes


@dataclass
class TreeNodes:
    """The nodes of all trees in ONNX's form: one list for each property."""

    tree: list[int] = field(default_factory=list)
    node: list[int] = field(default_factory=list)
    feature: list[int] = field(default_factory=list)
    threshold: list[float] = field(default_factory=list)
    mode: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    unknown_goes_left: list[int] = field(default_factory=list)
    leaf_tree: list[int] = field(default_factory=list)
    leaf_node: list[int] = field(default_factory=list)
    leaf_weight: list[float] = field(default_factory=list)

    def append(self, tree: int, number: int, feature: int, threshold: float, mode: str) -> int:
        position = len(self.node)
        self.tree.append(tree)
        self.node.append(number)
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.mode.append(mode)
        self.left.append(0)
        self.right.append(0)
        self.unknown_goes_left.append(0)
        return position


def export_onnx(model: AveragedTrees) -> bytes:
    """Raises ValueError for a kind of split that the features never need."""
    sigmoid = helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME])
    return model_bytes([tree_node(model, "logits"), sigmoid], model.boosters[0].num_feature())


def tree_node(model: AveragedTrees, output: str, share: float = 1.0) -> onnx.NodeProto:
    """
    The logits, times a share. The average, the share and the calibration's slope are multiplied into the
    leaves, and its offset is where their sum begins: none of them costs anything in service.
    """
    nodes = TreeNodes()
    trees = [tree for booster in model.boosters for tree in booster.dump_model()["tree_info"]]
    for number, tree in enumerate(trees):
        first = len(nodes.node)
        _add(nodes, tree["tree_structure"], number, first)
    factor = share * model.calibration.slope / len(model.boosters)
    return helper.make_node(
        "TreeEnsembleRegressor",
        [INPUT_NAME],
        [output],
        domain="ai.onnx.ml",
        n_targets=1,
        base_values=[share * model.calibration.offset],
        nodes_treeids=nodes.tree,
        nodes_nodeids=nodes.node,
        nodes_featureids=nodes.feature,
        nodes_values=nodes.threshold,
        nodes_modes=nodes.mode,
        nodes_truenodeids=nodes.left,
        nodes_falsenodeids=nodes.right,
        nodes_missing_value_tracks_true=nodes.unknown_goes_left,
        target_treeids=nodes.leaf_tree,
        target_nodeids=nodes.leaf_node,
        target_ids=[0] * len(nodes.leaf_node),
        target_weights=[factor * weight for weight in nodes.leaf_weight],
    )


def _add(nodes: TreeNodes, structure: dict[str, Any], tree: int, first: int) -> int:
    """Adds a node with all below it, and gives its number within the tree."""
    number = len(nodes.node) - first
    if "split_feature" not in structure:
        nodes.append(tree, number, 0, 0.0, "LEAF")
        nodes.leaf_tree.append(tree)
        nodes.leaf_node.append(number)
        nodes.leaf_weight.append(float(structure["leaf_value"]))
    else:
        if structure["decision_type"] != "<=" or structure["missing_type"] not in ("None", "NaN"):
            raise ValueError(f"a split of kind {structure['decision_type']} {structure['missing_type']}")
        threshold = float32_at_most(structure["threshold"])
        position = nodes.append(tree, number, structure["split_feature"], threshold, "BRANCH_LEQ")
        # Where fitting saw no missing value, LightGBM takes one for 0.
        learnt = structure["missing_type"] == "NaN"
        goes_left = structure["default_left"] if learnt else structure["threshold"] >= 0
        nodes.unknown_goes_left[position] = int(goes_left)
        nodes.left[position] = _add(nodes, structure["left_child"], tree, first)
        nodes.right[position] = _add(nodes, structure["right_child"], tree, first)
    return number


def float32_at_most(value: float) -> float:
    """The largest float32 that is not above: `x <= value` then means the same for every float32 x."""
    rounded = np.float32(value)
    return float(rounded if float(rounded) <= value else np.nextafter(rounded, np.float32(-np.inf)))
