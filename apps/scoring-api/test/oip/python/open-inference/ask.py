"""Asks a running API through the working group's generated client and prints what it got, as one JSON object.

Arguments: host:port, API key, model name. The vectors come as a JSON list of rows on standard input.
"""

import json
import sys

import httpx
from open_inference.openapi import InferenceRequest, RequestInput, TensorData
from open_inference.openapi.client import OpenInferenceClient
from open_inference.openapi.core.api_error import ApiError


def request_of(name: str, values: list[list[float]], data: list) -> InferenceRequest:
    shape = [len(values), len(values[0])]
    tensor = RequestInput(name=name, shape=shape, datatype="FP32", data=TensorData.parse_obj(data))
    return InferenceRequest(id="asked", inputs=[tensor])


def is_ready(client: OpenInferenceClient, model: str, version: str) -> bool:
    """Each of these raises when it is not so."""
    client.check_server_liveness()
    client.check_server_readiness()
    client.check_model_readiness(model)
    client.check_model_version_readiness(model, version)
    return True


def refusal(client: OpenInferenceClient, model: str) -> dict:
    try:
        client.model_infer(model, request=request_of("another", [[1.0]], [1.0]))
    except ApiError as error:
        return {"type": type(error).__name__, "status": error.status_code, "body": error.body}
    raise AssertionError("an unknown input was taken")


address, key, model = sys.argv[1:]
rows = json.load(sys.stdin)
http = httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=30)
server = OpenInferenceClient(base_url=f"http://{address}", httpx_client=http)
metadata = server.read_model_metadata(model)
first, *_ = metadata.versions
tensor_name = metadata.inputs[0].name
flat = request_of(tensor_name, rows, [value for row in rows for value in row])
nested = request_of(tensor_name, rows, rows)
print(
    json.dumps(
        {
            "server": server.read_server_metadata().dict(),
            "ready": is_ready(server, model, first),
            "model": metadata.dict(),
            "version": server.read_model_version_metadata(model, first).dict(),
            "flat": server.model_infer(model, request=flat).dict(),
            "nested": server.model_version_infer(model, first, request=nested).dict(),
            "refusal": refusal(server, model),
        }
    )
)
