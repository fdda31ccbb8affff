import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet as parquet
import pytest

from tollgate_trainer.directions import Directions
from tollgate_trainer.evaluation.cost import Costs
from tollgate_trainer.evaluation.window import DAY_MS, Budgets
from tollgate_trainer.export_simple_model import export_simple_model
from tollgate_trainer.job import Champion, Fairness, Job
from tollgate_trainer.simple_model import SimpleModel
from tollgate_trainer.tasks.blend import train_blend
from tollgate_trainer.tasks.train import train

NAMES = ("transaction:amount", "transaction:hour_of_day", "card@v1:amount_to_normal")
ROWS = 6_000
TASKS = {"train": train, "blend": train_blend}


def write_rows(path: Path, *, segments: bool) -> None:
    """50 days in which a payment far above its card's normal is likely a fraud."""
    random = np.random.default_rng(5)
    amount = random.lognormal(3, 1, ROWS).astype(np.float32)
    ratio = random.lognormal(0, 1, ROWS).astype(np.float32)
    fraud = random.random(ROWS) < 1 / (1 + np.exp(13 - 3 * ratio - np.log(amount)))
    at = np.linspace(0, 50 * DAY_MS, ROWS)
    columns = {
        "entityKey": [f"card-{number % 700}" for number in range(ROWS)],
        "occurredAtMs": at,
        "labelFraud": pyarrow.array(fraud.tolist()),
        "labelledAtMs": pyarrow.array([float(moment + DAY_MS) for moment in at]),
        "pattern": pyarrow.array(["theft" if bad else None for bad in fraud], type=pyarrow.string()),
        "ruleOutcome": (ratio > 8).astype(np.int32),
        "rulesFired": (ratio > 8).astype(np.int32),
        NAMES[0]: amount,
        NAMES[1]: np.mod(at / 3_600_000, 24).astype(np.float32),
        NAMES[2]: ratio,
    }
    if segments:
        columns["segment_age_band"] = [("young", "old")[number % 2] for number in range(ROWS)]
    parquet.write_table(pyarrow.table(columns), path)


def job_in(folder: Path, task: str, *, segments: bool) -> Job:
    rows = folder / "rows.parquet"
    write_rows(rows, segments=segments)
    return Job(
        task=task,
        rows_path=rows,
        output_folder=folder,
        features=NAMES,
        seed=1,
        budgets=Budgets(alert=0.1, decline=0.05, costs=Costs(300, 1500, 1)),
        published_features=0,
        champion=None,
        fairness=Fairness(("age_band",), 0.5),
        directions=Directions(("card@v1:amount_to_normal",)),
    )


@pytest.mark.parametrize("task", TASKS)
def test_rows_without_segments_give_a_model_and_a_report_that_says_so(task: str, tmp_path: Path) -> None:
    TASKS[task](job_in(tmp_path, task, segments=False))
    report = (tmp_path / "report.md").read_text()
    assert "No previous champion stands beside it" in report
    assert "No segments in this data: fairness not measured" in report
    assert "| fairness |  | – (no segments in this data: fairness not measured) |" in report
    for name in ("model", "fallback"):
        manifest = json.loads((tmp_path / f"{name}.json").read_text())
        assert manifest["trainedOn"]["neverSafer"] == "card@v1:amount_to_normal"
        assert "onnxMaxDifference" in manifest["metrics"]


def test_a_blend_is_judged_by_segment_and_beside_the_champion(tmp_path: Path) -> None:
    served = tmp_path / "champion.onnx"
    served.write_bytes(export_simple_model(SimpleModel(np.array([1.0, 0.1], np.float32), -5.0)))
    columns = ("card@v1:amount_to_normal", "transaction:amount")
    job = job_in(tmp_path, "blend", segments=True)
    evaluation = train_blend(replace(job, champion=Champion("card-payments@v1", served, columns)))
    assert evaluation["scorers"]["champion card-payments@v1"]["averagePrecision"] > 0.5
    assert "No previous champion" not in (tmp_path / "report.md").read_text()
    assert list(evaluation["gates"]) == ["trees and lines", "simple model"]
    for name, results in evaluation["gates"].items():
        ratio = evaluation["scorers"][name]["segments"]["age_band"]["false_positive_rate_ratio"]
        assert [result["found"] for result in results][-1] == ratio
