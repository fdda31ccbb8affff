"""Fits the network on the rows and windows of the main model, and leaves it as ONNX."""

import numpy as np

from ..calibrate import fit_calibration
from ..gates import check_difference
from ..job import Job
from ..neural.export_network import export_network
from ..neural.fit_network import fit_network, logits_of
from ..neural.network import Shape
from ..neural.scores import neural_scores
from ..neural.sequences import open_sequences
from ..training_rows import read_training_rows, split_in_time

CHECKED_ROWS = 8192


def train_neural(job: Job) -> None:
    """Raises ValueError where ONNX Runtime and JAX differ."""
    neural = job.neural
    if neural is None:
        raise ValueError("the job names no network")
    rows = read_training_rows(job.rows_path, job.features)
    split = split_in_time(rows.occurred_at_ms)
    label = rows.known_fraud(split.cutoff_ms)
    sequences = open_sequences(neural, len(rows.fraud))
    shape = Shape(len(job.features), neural.slots, neural.channels)
    windows = (np.arange(split.training.stop), np.arange(split.validation.start, split.validation.stop))
    fitted = fit_network(rows.features, sequences, label, windows, shape, job.seed)
    calibration = fit_calibration(fitted.validation_logits, label[split.validation])
    model = export_network(fitted.network, calibration, shape)
    neural.model_path.write_bytes(model)
    checked = slice(split.test.start, min(split.test.stop, split.test.start + CHECKED_ROWS))
    logits = logits_of(fitted.network, rows.features, sequences, np.arange(checked.start, checked.stop))
    difference = check_difference(
        neural_scores(neural, rows.features, checked), calibration.apply(logits)
    )
    print(
        f"neural: {len(model):,} bytes; ONNX Runtime and JAX differ by at most {difference:.1e} on "
        f"{checked.stop - checked.start:,} rows",
        flush=True,
    )
