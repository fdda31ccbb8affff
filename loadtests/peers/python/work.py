"""The common work of the Python peers: two rows of Redis and the transaction become 45 float32."""

import math
import os
import struct

import numpy as np
import onnxruntime

MODEL_PATH = os.environ["PEER_MODEL_PATH"]
REDIS_URL = os.environ["PEER_REDIS_URL"]
REQUEST_FEATURES = 13
ROW_FEATURES = 16
FEATURES = REQUEST_FEATURES + 2 * ROW_FEATURES

_pack = struct.Struct(f"<{REQUEST_FEATURES}f").pack
_cold = bytes(4 * ROW_FEATURES)


def open_session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(MODEL_PATH, options, providers=["CPUExecutionProvider"])


def keys(transaction) -> tuple[str, str]:
    return "peer:card:" + transaction["cardId"], "peer:merchant:" + transaction["merchantId"]


def row(transaction, card: bytes | None, merchant: bytes | None) -> bytes:
    """180 bytes: 45 little-endian float32."""
    amount = transaction["amountMinor"] / 100
    hour = int(transaction["occurredAt"][11:13])
    request = _pack(
        amount,
        math.log1p(amount),
        hour,
        int(transaction["merchantCategoryCode"]),
        1 if transaction["channel"] == "card-present" else 0,
        transaction.get("latitude") or 0,
        transaction.get("longitude") or 0,
        1 if card is not None else 0,
        1 if merchant is not None else 0,
        len(transaction["country"]),
        len(transaction["currency"]),
        len(transaction["entryMode"]),
        len(transaction["terminalId"]),
    )
    width = 4 * ROW_FEATURES
    return request + (card[:width] if card else _cold) + (merchant[:width] if merchant else _cold)


def matrix(rows: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(rows), np.float32).reshape(len(rows), FEATURES)


def scores(session: onnxruntime.InferenceSession, rows: list[bytes]) -> list[float]:
    return session.run(["probabilities"], {"features": matrix(rows)})[0][:, 0].tolist()


def is_transaction(body) -> bool:
    return (
        isinstance(body, dict)
        and isinstance(body.get("amountMinor"), int)
        and isinstance(body.get("cardId"), str)
        and isinstance(body.get("merchantId"), str)
    )


def answer(transaction, score: float) -> dict:
    return {
        "transactionId": transaction["id"],
        "score": score,
        "decision": "decline" if score > 0.5 else "approve",
        "model": {"name": "card-payments", "version": 1},
    }
