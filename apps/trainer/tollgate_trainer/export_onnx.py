"""LightGBM's trees as an ONNX graph with one input and one output: the probability of fraud."""

from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
import onnx
from onnx import TensorProto, helper

INPUT_NAME = "features"
OUTPUT_NAME = "probabilities"
OPERATOR_SET = 17
TREE_OPERATOR_SET = 3
FORMAT_VERSION = 9


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
        return position


def export_onnx(booster: lightgbm.Booster) -> bytes:
    """Raises ValueError for a kind of split that the features, float32 without NaN, never need."""
    nodes = TreeNodes()
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        first = len(nodes.node)
        _add(nodes, tree["tree_structure"], number, first)
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        [INPUT_NAME],
        ["logits"],
        domain="ai.onnx.ml",
        n_targets=1,
        nodes_treeids=nodes.tree,
        nodes_nodeids=nodes.node,
        nodes_featureids=nodes.feature,
        nodes_values=nodes.threshold,
        nodes_modes=nodes.mode,
        nodes_truenodeids=nodes.left,
        nodes_falsenodeids=nodes.right,
        target_treeids=nodes.leaf_tree,
        target_nodeids=nodes.leaf_node,
        target_ids=[0] * len(nodes.leaf_node),
        target_weights=nodes.leaf_weight,
    )
    sigmoid = helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME])
    graph = helper.make_graph(
        [ensemble, sigmoid],
        "fraud",
        [helper.make_tensor_value_info(INPUT_NAME, TensorProto.FLOAT, ["rows", booster.num_feature()])],
        [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, ["rows", 1])],
    )
    operators = [helper.make_opsetid("", OPERATOR_SET), helper.make_opsetid("ai.onnx.ml", TREE_OPERATOR_SET)]
    model = helper.make_model(graph, producer_name="tollgate", opset_imports=operators)
    model.ir_version = FORMAT_VERSION
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _add(nodes: TreeNodes, structure: dict[str, Any], tree: int, first: int) -> int:
    """Adds a node with all below it, and gives its number within the tree."""
    number = len(nodes.node) - first
    if "split_feature" not in structure:
        nodes.append(tree, number, 0, 0.0, "LEAF")
        nodes.leaf_tree.append(tree)
        nodes.leaf_node.append(number)
        nodes.leaf_weight.append(float(structure["leaf_value"]))
    else:
        if structure["decision_type"] != "<=" or structure["missing_type"] != "None":
            raise ValueError(f"a split of kind {structure['decision_type']} {structure['missing_type']}")
        threshold = float32_at_most(structure["threshold"])
        position = nodes.append(tree, number, structure["split_feature"], threshold, "BRANCH_LEQ")
        nodes.left[position] = _add(nodes, structure["left_child"], tree, first)
        nodes.right[position] = _add(nodes, structure["right_child"], tree, first)
    return number


def float32_at_most(value: float) -> float:
    """The largest float32 that is not above: `x <= value` then means the same for every float32 x."""
    rounded = np.float32(value)
    return float(rounded if float(rounded) <= value else np.nextafter(rounded, np.float32(-np.inf)))
