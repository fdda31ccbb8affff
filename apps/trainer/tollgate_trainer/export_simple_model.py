"""The simple model as an ONNX graph with the same input and output as the trees."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .onnx_graph import INPUT_NAME, OUTPUT_NAME, model_bytes
from .simple_model import SimpleModel


def export_simple_model(model: SimpleModel) -> bytes:
    nodes, constants = linear_nodes(model, "logits")
    sigmoid = helper.make_node("Sigmoid", ["logits"], [OUTPUT_NAME])
    return model_bytes([*nodes, sigmoid], model.feature_count, constants)


def linear_nodes(
    model: SimpleModel, output: str, share: float = 1.0
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """The logits, times a share, and the constants they need; every name within begins with the output's."""

    def own(name: str) -> str:
        return f"{output}/{name}"

    constants = {
        "zero": np.float32(0),
        "one": np.float32(1),
        "weights": np.float32(share) * model.weights[:, None],
        "offset": np.array([share * model.offset], dtype=np.float32),
    }
    known = own("known")
    nodes = [
        helper.make_node("IsNaN", [INPUT_NAME], [own("unknown")]),
        helper.make_node("Where", [own("unknown"), own("zero"), INPUT_NAME], [known]),
    ]
    if model.squares:
        nodes += [
            helper.make_node("Mul", [known, known], [own("squares")]),
            helper.make_node("Concat", [known, own("squares")], [own("both")], axis=1),
        ]
        known = own("both")
    nodes += [
        helper.make_node("Sign", [known], [own("sign")]),
        helper.make_node("Abs", [known], [own("size")]),
        helper.make_node("Add", [own("size"), own("one")], [own("above")]),
        helper.make_node("Log", [own("above")], [own("logarithm")]),
        helper.make_node("Mul", [own("sign"), own("logarithm")], [own("signedLog")]),
        helper.make_node("Gemm", [own("signedLog"), own("weights"), own("offset")], [output]),
    ]
    return nodes, [
        numpy_helper.from_array(np.asarray(value), own(name)) for name, value in constants.items()
    ]
