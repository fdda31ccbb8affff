"""Fits the engagement's model, judges it and leaves all that the registry needs."""

from ..blended_model import BlendedModel
from ..candidate import GateResult, add_gates, gate_notes, pass_gates
from ..candidate_models import CandidateModels, fit_candidates
from ..champion_scorer import champion_notes, champion_scorers
from ..described_model import DescribedModel, write_model
from ..evaluation.calibration import expected_calibration_error
from ..evaluation.compare import Evaluation, compare
from ..evaluation.report import write_report
from ..evaluation.tables import comparison_table, text_table
from ..evaluation.window import Scorer, Window
from ..fitted_model_file import write_fitted_model
from ..job import Job
from ..manifest_metrics import manifest_metrics
from ..permutation_importance import permutation_importance
from ..prequential import as_json, prequential_weeks
from ..threshold_options import option_figures
from ..tracking import TrackedRun, track_run
from ..training_rows import Split, TrainingRows, read_training_rows, split_in_time


def train(job: Job) -> Evaluation:
    """Raises ValueError, with the reason, for a model that must not be registered."""
    rows = read_training_rows(job.rows_path, job.features)
    split = split_in_time(rows.occurred_at_ms)
    _say_rows(rows, split)
    models = fit_candidates(rows, split, job)
    truth = rows.fraud[split.test]
    gates = {one.name: pass_gates(one, job, truth) for one in models.both}
    evaluation = _judge(job, rows, split, models, gates)
    _write_models(job, rows, split, models, evaluation)
    thresholds = models.main.thresholds.as_manifest()
    print(f"model: {models.main.name}, {len(models.main.model):,} bytes, {thresholds}")
    print(text_table(comparison_table(evaluation)), flush=True)
    track_run(job, evaluation, _tracked(job, split, models))
    return evaluation


def _tracked(job: Job, split: Split, models: CandidateModels) -> TrackedRun:
    fitted = models.fitted
    parameters = {
        "seed": job.seed,
        "features": len(job.features),
        "trainingRows": split.training.stop,
        "trees": fitted.trees.tree_count,
        "calibrationSlope": fitted.trees.calibration.slope,
        "calibrationOffset": fitted.trees.calibration.offset,
        "searchSeconds": job.search_seconds,
        **fitted.parameters,
    }
    curves = {"learning/validationAveragePrecision": fitted.learning_curve}
    if models.network_curve is not None:
        curves["learning/networkValidationAveragePrecision"] = models.network_curve
    if fitted.search is not None:
        trials = [trial["averagePrecision"] for trial in fitted.search.trials]
        curves["search/validationAveragePrecision"] = trials
    return TrackedRun(parameters, curves)


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
    job: Job,
    rows: TrainingRows,
    split: Split,
    models: CandidateModels,
    gates: dict[str, list[GateResult]],
) -> Evaluation:
    window = rows.window(split.test)
    scorers = [
        *(Scorer(one.name, one.scores) for one in models.all),
        Scorer("rules", rows.rule_rank[split.test], False, rows.rule_outcome[split.test]),
        *champion_scorers(job, models.main.test),
    ]
    evaluation = compare("simulated", window, scorers, job.budgets, job.seed)
    evaluation["thresholdOptions"] = {
        one.name: option_figures(window, one.scores, one.thresholds, job.budgets) for one in models.both
    }
    evaluation["latencyMicros"] = {one.name: one.latency for one in models.both}
    evaluation["importance"] = _importance(job, models, window)
    add_gates(evaluation, job, gates)
    if job.prequential:
        weeks = prequential_weeks(
            rows,
            models.fitted.parameters,
            trees=models.fitted.trees.tree_count,
            alert_share=job.budgets.alert,
            seed=job.seed,
        )
        evaluation["prequential"] = as_json(weeks)
    evaluation["notes"] += [
        "fallback.onnx beside this report is the simple model, which is registered for the alias fallback.",
        *gate_notes(evaluation),
        *champion_notes(job),
        *_fairness_notes(evaluation, models.main.name),
        _calibration_note(window, models, evaluation),
        _importance_note(models),
    ]
    write_report(job.output_folder, evaluation, window, scorers)
    return evaluation


def _importance(job: Job, models: CandidateModels, window: Window) -> dict[str, float]:
    if models.main is models.trees or job.sequences is None:
        return models.fitted.trees.importance(list(job.features))
    columns = {name: (number,) for number, name in enumerate(job.features)}
    behind = range(len(job.features), models.main.test.shape[1])
    columns[job.sequences.name] = tuple(behind)
    return permutation_importance(columns, models.main.test, window.truth, models.main.predict, job.seed)


def _importance_note(models: CandidateModels) -> str:
    if models.main is models.trees:
        return "Importance: each feature's share of the trees' gain."
    return (
        "Importance: by how much average precision falls on a sample when one feature's values are shuffled "
        "(the sequence's all together), as shares of the sum."
    )


def _fairness_notes(evaluation: Evaluation, name: str) -> list[str]:
    """The model cards take them over."""
    notes = []
    for segment, figures in evaluation["scorers"][name].get("segments", {}).items():
        low, high = figures["false_positive_rate_ratio_interval"]
        notes.append(
            f"Fairness by {segment}: false_positive_rate_ratio {figures['false_positive_rate_ratio']:.2f} "
            f"[{low:.2f}, {high:.2f}], the lowest group's rate divided by the highest's."
        )
    return notes


def _calibration_note(window: Window, models: CandidateModels, evaluation: Evaluation) -> str:
    calibration, main = models.calibration, models.main
    before = expected_calibration_error(window.truth, calibration.undo(main.scores))
    after = evaluation["scorers"][main.name]["expectedCalibrationError"]
    return (
        f"Calibration inside the graph: slope {calibration.slope:.3f}, offset {calibration.offset:.3f} on "
        "the logit, from the validation window's labels as they were known at the cut-off. Expected "
        f"calibration error against the truth: {before:.5f} without, {after:.5f} with it."
    )


def _write_models(
    job: Job,
    rows: TrainingRows,
    split: Split,
    models: CandidateModels,
    evaluation: Evaluation,
) -> None:
    labelled = slice(0, split.validation.stop)
    trained_on = {
        "trainingRows": split.training.stop,
        "validationRows": split.validation.stop - split.validation.start,
        "labelledFrauds": int(rows.known_fraud(split.cutoff_ms)[labelled].sum()),
        "reviewThresholdBy": job.budgets.review_by,
        **job.directions.as_noted(),
    }
    kinds = {
        "model": (models.main, _kind_of_main(models)),
        "fallback": (models.fallback, {"kind": "logistic regression"}),
    }
    for name, (one, kind) in kinds.items():
        described = DescribedModel(
            model=one.model,
            test=one.test,
            scores=one.scores,
            thresholds=one.thresholds.as_manifest(),
            trained_on=trained_on | kind,
            metrics=manifest_metrics(evaluation, one.name),
        )
        write_model(job.output_folder, name, described)
    write_fitted_model(job.output_folder, BlendedModel(models.fitted.trees, []))


def _kind_of_main(models: CandidateModels) -> dict[str, str | float]:
    calibration = models.calibration
    calibrated = {"calibrationSlope": calibration.slope, "calibrationOffset": calibration.offset}
    if models.network_curve is not None:
        return {"kind": "neural", "epochs": len(models.network_curve), **calibrated}
    fitted = models.fitted
    found = fitted.search.best if fitted.search is not None else {}
    return {"kind": "trees", "trees": fitted.trees.tree_count, **calibrated, **found}
