import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np

from tollgate_trainer.evaluation.cost import Costs
from tollgate_trainer.evaluation.window import Budgets
from tollgate_trainer.job import Job, Tracking
from tollgate_trainer.search_parameters import search_parameters
from tollgate_trainer.fit_model import PARAMETERS
from tollgate_trainer.tracking import TrackedRun, track_run

RANDOM = np.random.default_rng(3)
FEATURES = RANDOM.normal(size=(6000, 4)).astype(np.float32)
LABEL = FEATURES[:, 0] + FEATURES[:, 1] ** 2 > 4


def test_a_search_begins_with_what_was_given_and_is_not_worse_where_it_looked() -> None:
    windows = (FEATURES[:4000], FEATURES[4000:])
    labels = (LABEL[:4000], LABEL[4000:])
    found = [
        search_parameters(windows, labels, PARAMETERS, seconds=600, seed=5, trials_max=3) for _ in range(2)
    ]
    first, *others = found[0].trials
    assert first["num_leaves"] == PARAMETERS["num_leaves"]
    assert len(others) == 2
    best = max(trial["averagePrecision"] for trial in found[0].trials)
    assert [trial for trial in found[0].trials if trial["averagePrecision"] == best][0]["num_leaves"] == (
        found[0].best["num_leaves"]
    )
    assert found[0] == found[1]


EVALUATION = {
    "dataset": "test",
    "scorers": {"trees": {"averagePrecision": 0.5, "atAlertBudget": {"recall": 1}}},
}


def job_in(folder: Path, uri: str) -> Job:
    (folder / "rows.parquet").write_bytes(b"rows")
    (folder / "report.md").write_text("report")
    return Job(
        task="train",
        rows_path=folder / "rows.parquet",
        output_folder=folder,
        features=("a",),
        seed=1,
        budgets=Budgets(alert=0.01, decline=0.001, costs=Costs(1, 1, 1)),
        published_features=0,
        champion=None,
        tracking=Tracking(uri, "test", (folder / "artifacts").as_uri(), {"code.commit": "abc"}),
    )


def test_a_run_is_kept_with_parameters_figures_curves_data_and_code(tmp_path: Path) -> None:
    job = job_in(tmp_path, f"sqlite:///{tmp_path}/runs.db")
    track_run(job, EVALUATION, TrackedRun({"seed": 1}, {"learning": [0.1, 0.2]}))
    with sqlite3.connect(tmp_path / "runs.db") as store:
        assert store.execute("select status from runs").fetchall() == [("FINISHED",)]
        assert store.execute("select key, value from params").fetchall() == [("seed", "1")]
        tags = dict(store.execute("select key, value from tags").fetchall())
        metrics = set(store.execute("select key, step, value from metrics").fetchall())
    assert tags["code.commit"] == "abc"
    assert tags["data.sha256"] == hashlib.sha256(b"rows").hexdigest()
    assert {("trees/averagePrecision", 0, 0.5), ("learning", 1, 0.1), ("learning", 2, 0.2)} <= metrics
    assert [path.name for path in (tmp_path / "artifacts").rglob("report.md")] == ["report.md"]


def test_a_store_that_is_away_costs_no_model(tmp_path: Path, capsys) -> None:
    job = job_in(tmp_path, "http://127.0.0.1:9")
    track_run(job, EVALUATION, TrackedRun({}))
    assert "not tracked in http://127.0.0.1:9" in capsys.readouterr().out
    track_run(replace(job, tracking=None), EVALUATION, TrackedRun({}))
