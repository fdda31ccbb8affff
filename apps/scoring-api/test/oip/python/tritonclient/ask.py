"""Asks a running API through tritonclient and prints what it got, as one JSON object.

Arguments: host:port, API key, model name. The vectors come as a JSON list of rows on standard input.
"""

import json
import sys
from collections.abc import Callable

import numpy
import tritonclient.http as http
from tritonclient.utils import InferenceServerException


def infer(client: http.InferenceServerClient, name: str, vectors: numpy.ndarray, *, binary: bool) -> list:
    metadata = client.get_model_metadata(name, headers=headers)
    tensor = http.InferInput(metadata["inputs"][0]["name"], list(vectors.shape), "FP32")
    tensor.set_data_from_numpy(vectors, binary_data=binary)
    output_name = metadata["outputs"][0]["name"]
    output = http.InferRequestedOutput(output_name, binary_data=binary)
    result = client.infer(name, [tensor], outputs=[output], headers=headers)
    return result.as_numpy(output_name).ravel().tolist()


def infer_other(client: http.InferenceServerClient, name: str) -> list:
    tensor = http.InferInput("features", [1, 3], "FP32")
    tensor.set_data_from_numpy(numpy.array([[0.25, 0.25, 0.0]], dtype=numpy.float32))
    # A copy: the client writes the length header of a binary tensor into what it is given.
    result = client.infer(name, [tensor], model_version="4", headers=dict(headers))
    return result.as_numpy("probabilities").ravel().tolist()


def refusal(ask: Callable[[], object]) -> dict[str, str]:
    try:
        ask()
    except InferenceServerException as error:
        return {"status": str(error.status()), "message": str(error.message())}
    raise AssertionError("it was not refused")


address, key, model = sys.argv[1:]
headers = {"Authorization": f"Bearer {key}"}
rows = numpy.array(json.load(sys.stdin), dtype=numpy.float32)
server = http.InferenceServerClient(address, connection_timeout=30, network_timeout=30)
print(
    json.dumps(
        {
            "live": server.is_server_live(headers=headers),
            "ready": server.is_server_ready(headers=headers),
            "modelReady": server.is_model_ready(model, headers=headers),
            "server": server.get_server_metadata(headers=headers),
            "model": server.get_model_metadata(model, headers=headers),
            "index": server.get_model_repository_index(headers=headers),
            "other": server.get_model_metadata(model, "4", headers=headers),
            "otherReady": server.is_model_ready(model, "4", headers=headers),
            "otherScores": infer_other(server, model),
            "json": infer(server, model, rows, binary=False),
            "binary": infer(server, model, rows, binary=True),
            "statistics": server.get_inference_statistics(model, headers=headers),
            "refusal": refusal(lambda: server.get_model_metadata("unknown", headers=headers)),
            "unsupported": refusal(lambda: server.load_model(model, headers=headers)),
        }
    )
)
