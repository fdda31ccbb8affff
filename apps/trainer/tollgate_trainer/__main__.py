"""`python -m tollgate_trainer JOB.json`: rows in, model.onnx and trained.json out."""

import json
import sys
from pathlib import Path

from .evaluate import as_table, evaluate
from .export_onnx import INPUT_NAME, OUTPUT_NAME, export_onnx
from .fit_model import fit_model
from .gates import check_gates
from .golden_rows import choose_golden_rows
from .job import Job, read_job
from .run_onnx import run_onnx
from .thresholds import choose_thresholds
from .training_rows import read_training_rows, split_in_time


def train(job: Job) -> None:
    rows = read_training_rows(job.rows_path, job.features)
    split = split_in_time(rows.occurred_at_ms)
    known = rows.known_fraud(split.cutoff_ms)[: split.validation.stop]
    validation_rows = split.validation.stop - split.validation.start
    print(
        f"rows: {split.training.stop:,} training, {validation_rows:,} validation, "
        f"{len(rows.fraud) - split.test.start:,} test; of the first two, labels say fraud of "
        f"{int(known.sum()):,}, and {int(rows.fraud[: split.validation.stop].sum()):,} are",
        flush=True,
    )
    booster = fit_model(rows, split, job.seed)
    model = export_onnx(booster)
    test_features = rows.features[split.test]
    scores = run_onnx(model, test_features)
    difference = check_gates(model, scores, booster.predict(test_features, num_threads=1))
    recent = run_onnx(model, rows.features[split.unlabelled])
    thresholds = choose_thresholds(recent, job.alert_budget_share, job.decline_budget_share)
    figures = evaluate(rows, split, scores, job.alert_budget_share)
    figures["onnxMaxDifference"] = difference
    figures["alertShareAtThreshold"] = float((scores >= thresholds["review"]).mean())
    figures["declineShareAtThreshold"] = float((scores >= thresholds["decline"]).mean())
    print(f"model: {len(model):,} bytes, {booster.num_trees()} trees, thresholds {thresholds}")
    print(f"test window:\n{as_table(figures)}", flush=True)
    job.output_folder.mkdir(parents=True, exist_ok=True)
    (job.output_folder / "model.onnx").write_bytes(model)
    trained = {
        "input": {"name": INPUT_NAME, "size": len(job.features)},
        "output": {"name": OUTPUT_NAME},
        "thresholds": thresholds,
        "goldenRows": choose_golden_rows(test_features, scores),
        "trainedOn": {
            "trainingRows": split.training.stop,
            "validationRows": validation_rows,
            "labelledFrauds": int(known.sum()),
            "trees": booster.num_trees(),
        },
        "metrics": figures,
    }
    (job.output_folder / "trained.json").write_text(json.dumps(trained, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    try:
        train(read_job(Path(sys.argv[1])))
    except ValueError as error:
        print(f"not trained: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
