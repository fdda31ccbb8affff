"""The model that serves now, on the rows that a candidate is judged on."""

from .direction_checks import Features
from .evaluation.window import Scorer
from .job import Job
from .run_onnx import run_onnx

NO_CHAMPION = "No previous champion stands beside it: there is none, or its features are others."


def champion_scorers(job: Job, test: Features) -> list[Scorer]:
    """
    One or none. It reads its own columns, which may be fewer and in another order; the sequence lies behind
    the features of the test rows where the job has one.
    """
    if job.champion is None:
        return []
    columns = [job.features.index(name) for name in job.champion.features]
    if job.champion.reads_sequence:
        columns += range(len(job.features), test.shape[1])
    scores = run_onnx(job.champion.path.read_bytes(), test[:, columns])
    return [Scorer(f"champion {job.champion.reference}", scores)]


def champion_notes(job: Job) -> list[str]:
    return [NO_CHAMPION] if job.champion is None else []
