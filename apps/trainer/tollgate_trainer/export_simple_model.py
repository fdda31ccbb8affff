"""The simple model as an ONNX graph with the same input and output as the trees."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .onnx_graph import INPUT_NAME, OUTPUT_NAME, model_bytes
from .simple_model import SimpleModel


def export_simple_model(model: SimpleModel) -> bytes:
    nodes, constants = linear_nodes(model, "logits")
    sigmoid = helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME])
    return model_bytes([*nodes, sigmoid], len(model.weights), constants)


def linear_nodes(
    model: SimpleModel, output: str, share: float = 1.0
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """The logits, times a share, and the constants they need."""
    constants = {
        "zero": np.float32(0),
        "one": np.float32(1),
        "weights": np.float32(share) * model.weights[:, None],
        "offset": np.array([share * model.offset], dtype=np.float32),
    }
    nodes = [
        helper.make_node("IsNaN", [INPUT_NAME], ["unknown"]),
        helper.make_node("Where", ["unknown", "zero", INPUT_NAME], ["known"]),
        helper.make_node("Sign", ["known"], ["sign"]),
        helper.make_node("Abs", ["known"], ["size"]),
        helper.make_node("Add", ["size", "one"], ["above"]),
        helper.make_node("Log", ["above"], ["logarithm"]),
        helper.make_node("Mul", ["sign", "logarithm"], ["signedLog"]),
        helper.make_node("Gemm", ["signedLog", "weights", "offset"], [output]),
    ]
    return nodes, [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
