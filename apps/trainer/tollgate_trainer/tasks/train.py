"""Fits the engagement's model, judges it and leaves all that the registry needs."""

import json

from ..average_trees import AveragedTrees
from ..candidate_models import CandidateModels, fit_candidates
from ..evaluation.calibration import expected_calibration_error
from ..evaluation.compare import Evaluation, compare
from ..evaluation.report import write_report
from ..evaluation.tables import comparison_table, text_table
from ..evaluation.window import Scorer
from ..golden_rows import choose_golden_rows
from ..job import Job
from ..manifest_metrics import manifest_metrics
from ..onnx_graph import INPUT_NAME, OUTPUT_NAME
from ..run_onnx import run_onnx
from ..threshold_options import at_threshold, threshold_options
from ..thresholds import choose_thresholds
from ..training_rows import Split, TrainingRows, read_training_rows, split_in_time

Thresholds = dict[str, float]


def train(job: Job) -> Evaluation:
    """Raises ValueError, with the reason, for a model that must not be registered."""
    rows = read_training_rows(job.rows_path, job.features)
    split = split_in_time(rows.occurred_at_ms)
    _say_rows(rows, split)
    models = fit_candidates(rows, split, job.features, job.seed)
    recent = run_onnx(models.model, rows.features[split.unlabelled])
    thresholds = choose_thresholds(recent, job.budgets.alert, job.budgets.decline)
    evaluation = _judge(job, rows, split, models, thresholds)
    _write_model(job, rows, split, models, thresholds, evaluation)
    print(f"model: {len(models.model):,} bytes, {models.fitted.trees.tree_count} trees, {thresholds}")
    print(text_table(comparison_table(evaluation)), flush=True)
    return evaluation


def _say_rows(rows: TrainingRows, split: Split) -> None:
    labelled = slice(0, split.validation.stop)
    known = rows.known_fraud(split.cutoff_ms)[labelled]
    print(
        f"rows: {split.training.stop:,} training, {split.validation.stop - split.validation.start:,} "
        f"validation, {len(rows.fraud) - split.test.start:,} test; of the first two, labels say fraud of "
        f"{int(known.sum()):,}, and {int(rows.fraud[labelled].sum()):,} are",
        flush=True,
    )


def _judge(
    job: Job, rows: TrainingRows, split: Split, models: CandidateModels, thresholds: Thresholds
) -> Evaluation:
    window = rows.window(split.test)
    rules = Scorer("rules", rows.rule_rank[split.test], False, rows.rule_outcome[split.test])
    scorers = [Scorer("trees", models.scores), Scorer("simple model", models.simple_scores), rules]
    if job.champion is not None:
        columns = [job.features.index(name) for name in job.champion.features]
        scores = run_onnx(job.champion.path.read_bytes(), rows.features[split.test][:, columns])
        scorers.append(Scorer(f"champion {job.champion.reference}", scores))
    evaluation = compare("simulated", window, scorers, job.budgets, job.seed)
    options = threshold_options(
        rows, split, models.fitted.validation_scores, thresholds["review"], job.budgets
    )
    evaluation["thresholdOptions"] = {
        name: at_threshold(window, models.scores, review, job.budgets) for name, review in options.items()
    }
    evaluation["latencyMicros"] = models.latency
    evaluation["importance"] = models.fitted.trees.importance(list(job.features))
    evaluation["gates"] = {
        "onnxMaxDifference": models.difference,
        "meanScoreRises": models.rises,
        "bytes": len(models.model),
    }
    evaluation["notes"] += [*_notes(job, models), _calibration_note(rows, split, models, evaluation)]
    write_report(job.output_folder, evaluation, window, scorers)
    return evaluation


def _notes(job: Job, models: CandidateModels) -> list[str]:
    rises = ", ".join(f"{name} {rise:+.4f}" for name, rise in models.rises.items())
    notes = [
        f"Directions: the mean score changes by {rises or 'nothing, no feature has one'}.",
        "fallback.onnx beside this report is the simple model; nothing serves it yet.",
    ]
    if job.champion is None:
        notes.append("No previous champion stands beside it: there is none, or its features are others.")
    return notes


def _calibration_note(
    rows: TrainingRows, split: Split, models: CandidateModels, evaluation: Evaluation
) -> str:
    trees = AveragedTrees(models.fitted.trees.boosters)
    before = expected_calibration_error(rows.fraud[split.test], trees.predict(rows.features[split.test]))
    after = evaluation["scorers"]["trees"]["expectedCalibrationError"]
    calibration = models.fitted.trees.calibration
    return (
        f"Calibration inside the graph: slope {calibration.slope:.3f}, offset {calibration.offset:.3f} on "
        "the logit, from the validation window's labels as they were known at the cut-off. Expected "
        f"calibration error against the truth: {before:.5f} without, {after:.5f} with it."
    )


def _write_model(
    job: Job,
    rows: TrainingRows,
    split: Split,
    models: CandidateModels,
    thresholds: Thresholds,
    evaluation: Evaluation,
) -> None:
    labelled = slice(0, split.validation.stop)
    calibration = models.fitted.trees.calibration
    trained = {
        "input": {"name": INPUT_NAME, "size": len(job.features)},
        "output": {"name": OUTPUT_NAME},
        "thresholds": thresholds,
        "goldenRows": choose_golden_rows(rows.features[split.test], models.scores),
        "trainedOn": {
            "trainingRows": split.training.stop,
            "validationRows": split.validation.stop - split.validation.start,
            "labelledFrauds": int(rows.known_fraud(split.cutoff_ms)[labelled].sum()),
            "trees": models.fitted.trees.tree_count,
            "calibrationSlope": calibration.slope,
            "calibrationOffset": calibration.offset,
        },
        "metrics": manifest_metrics(evaluation)
        | {
            "alertShareAtThreshold": float((models.scores >= thresholds["review"]).mean()),
            "declineShareAtThreshold": float((models.scores >= thresholds["decline"]).mean()),
        },
    }
    (job.output_folder / "model.onnx").write_bytes(models.model)
    (job.output_folder / "fallback.onnx").write_bytes(models.simple_model)
    text = json.dumps(trained, indent=2)
    (job.output_folder / "trained.json").write_text(text + "\n", encoding="utf-8")
