"""The network with its calibration as an ONNX graph: any number of rows, one input, one output."""

import logging

import jax
import jax.numpy as jnp
import onnx
from jax2onnx import to_onnx

from ..calibrate import Calibration
from ..onnx_graph import FORMAT_VERSION, INPUT_NAME, OPERATOR_SET, OUTPUT_NAME
from .network import Network


def export_network(network: Network, calibration: Calibration) -> bytes:
    def probabilities(inputs: jax.Array) -> jax.Array:
        logits = network(inputs)
        return jax.nn.sigmoid(jnp.float32(calibration.slope) * logits + jnp.float32(calibration.offset))

    # It warns of every inner value without a type, which ONNX allows.
    logging.getLogger("onnx_ir").setLevel(logging.ERROR)
    model = to_onnx(
        probabilities,
        [("rows", network.shape.width)],
        opset=OPERATOR_SET,
        model_name="fraud",
        input_names=[INPUT_NAME],
        output_names=[OUTPUT_NAME],
    )
    model.ir_version = FORMAT_VERSION
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)
