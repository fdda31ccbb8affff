"""Each run in MLflow: what was asked, what came out, its curves, and what it was made from."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any

# Nothing is sent to anybody but the store that is named; and one that is away is noticed within seconds.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")

from mlflow.entities import Metric, Param, RunTag  # noqa: E402  (the settings come before)
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

from .evaluation.compare import Evaluation  # noqa: E402
from .job import Job, Tracking  # noqa: E402

BATCH = 500
"""Metrics in one call: a server takes 1,000."""


@dataclass(frozen=True)
class TrackedRun:
    """Beside the evaluation and the files of the output folder."""

    parameters: dict[str, Any]
    curves: dict[str, list[float]] = field(default_factory=dict)
    """Values by step."""


def track_run(job: Job, evaluation: Evaluation, run: TrackedRun) -> None:
    """A store that is away costs no model: the reason is said, and the run goes on."""
    if job.tracking is None:
        return
    try:
        run_id = _record(job, job.tracking, evaluation, run)
        experiment = job.tracking.experiment
        print(f"tracked: run {run_id} of experiment {experiment} in {job.tracking.uri}", flush=True)
    except (MlflowException, OSError) as error:
        print(f"not tracked in {job.tracking.uri}: {error}", flush=True)


def _record(job: Job, tracking: Tracking, evaluation: Evaluation, run: TrackedRun) -> str:
    client = MlflowClient(tracking_uri=tracking.uri)
    found = client.get_experiment_by_name(tracking.experiment)
    experiment = (
        found.experiment_id
        if found is not None
        else client.create_experiment(tracking.experiment, artifact_location=tracking.artifacts)
    )
    tags = tracking.tags | {
        "data.sha256": _digest_of(job.rows_path),
        "data.file": job.rows_path.name,
        "dataset": str(evaluation["dataset"]),
    }
    run_id = client.create_run(experiment, run_name=f"{job.task} {evaluation['dataset']}").info.run_id
    status = "FAILED"
    try:
        client.log_batch(
            run_id,
            params=[Param(name, str(value)) for name, value in run.parameters.items()],
            tags=[RunTag(name, value) for name, value in tags.items()],
        )
        metrics = [*_metrics_of(evaluation), *_points_of(run.curves)]
        for start in range(0, len(metrics), BATCH):
            client.log_batch(run_id, metrics=metrics[start : start + BATCH])
        for path in _artifacts_of(job.output_folder):
            client.log_artifact(run_id, str(path))
        status = "FINISHED"
    finally:
        client.set_terminated(run_id, status)
    return run_id


def _metrics_of(evaluation: Evaluation) -> list[Metric]:
    now = int(time() * 1000)
    return [
        Metric(_metric_name(f"{scorer}/{name}"), value, now, 0)
        for scorer, figures in evaluation["scorers"].items()
        for name, value in _numbers(figures)
    ]


def _points_of(curves: dict[str, list[float]]) -> list[Metric]:
    now = int(time() * 1000)
    return [
        Metric(name, value, now, step)
        for name, values in curves.items()
        for step, value in enumerate(values, start=1)
    ]


def _numbers(figures: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{prefix}{name}/")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{prefix}{name}", float(value)


def _metric_name(name: str) -> str:
    """MLflow allows letters, digits and `_-. :/`."""
    return "".join(letter if letter.isalnum() or letter in "_-. :/" else "_" for letter in name)


def _artifacts_of(folder: Path) -> list[Path]:
    """The report with its figures, and the models; never the rows."""
    kinds = {".json", ".md", ".svg", ".onnx"}
    return sorted(path for path in folder.iterdir() if path.suffix in kinds)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
