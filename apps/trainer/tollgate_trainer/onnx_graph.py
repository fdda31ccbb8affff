"""What every exported model has in common: one input, one output, the same versions of the format."""

from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper

INPUT_NAME = "features"
OUTPUT_NAME = "probabilities"
OPERATOR_SET = 17
TREE_OPERATOR_SET = 3
FORMAT_VERSION = 9


def model_bytes(
    nodes: Sequence[onnx.NodeProto], features: int, initializers: Sequence[onnx.TensorProto] = ()
) -> bytes:
    """From float32 `[rows, features]` to the probability of fraud, float32 `[rows, 1]`; checked."""
    graph = helper.make_graph(
        list(nodes),
        "fraud",
        [helper.make_tensor_value_info(INPUT_NAME, TensorProto.FLOAT, ["rows", features])],
        [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, ["rows", 1])],
        initializer=list(initializers),
    )
    operators = [helper.make_opsetid("", OPERATOR_SET), helper.make_opsetid("ai.onnx.ml", TREE_OPERATOR_SET)]
    model = helper.make_model(graph, producer_name="tollgate", opset_imports=operators)
    model.ir_version = FORMAT_VERSION
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)
