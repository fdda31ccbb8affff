from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tollgate_trainer.candidate import Candidate, add_gates, gate_notes, pass_gates
from tollgate_trainer.directions import Directions
from tollgate_trainer.evaluation.cost import Costs
from tollgate_trainer.evaluation.report import as_markdown
from tollgate_trainer.evaluation.window import Budgets
from tollgate_trainer.job import Fairness, Job
from tollgate_trainer.threshold_options import ChosenThresholds

NAMES = ("transaction:amount", "transaction:hour_of_day", "card@v1:count_1h")
RANDOM = np.random.default_rng(8)
ROWS = np.stack(
    [RANDOM.lognormal(3, 1, 800), RANDOM.uniform(0, 24, 800), RANDOM.integers(0, 9, 800)], axis=1
).astype(np.float32)
TRUTH = ROWS[:, 0] > 60
JOB = Job(
    task="train",
    rows_path=Path("rows.parquet"),
    output_folder=Path("."),
    features=NAMES,
    seed=1,
    budgets=Budgets(alert=0.01, decline=0.001, costs=Costs(1, 1, 1)),
    published_features=0,
    champion=None,
    directions=Directions(("card@v1:count_1h",)),
)


def sound(rows: np.ndarray) -> np.ndarray:
    known = np.nan_to_num(rows.astype(np.float64), posinf=1e9)
    return 1 - np.exp(-known[:, 0] / 500 - known[:, 2] / 100)


def more_is_safer(rows: np.ndarray) -> np.ndarray:
    return 0.5 * sound(rows) + 0.4 * np.exp(-np.nan_to_num(rows[:, 2].astype(np.float64)))


def by_the_hour(rows: np.ndarray) -> np.ndarray:
    """An hour earlier or later takes every alert away."""
    return np.where(np.mod(np.nan_to_num(rows[:, 1]) + 1, 2) < 1, 0.2, 0.01) + 0.01 * sound(rows)


def candidate_of(predict, name: str = "trees", micros: float = 50.0) -> Candidate:  # noqa: ANN001
    thresholds = ChosenThresholds(0.1, 0.2, {"alertBudget": 0.1})
    return Candidate(
        name, b"model", predict, predict, ROWS, predict(ROWS), {"oneRowMedian": micros}, thresholds
    )


def test_a_sound_model_passes_every_gate_and_each_says_what_it_found() -> None:
    results = pass_gates(candidate_of(sound), JOB, TRUTH)
    assert all(result.found is not None for result in results)
    assert len(results) > 15


@pytest.mark.parametrize("name", ["trees", "trees and lines", "simple model"])
@pytest.mark.parametrize(
    ("predict", "reason"),
    [
        (lambda rows: np.full(len(rows), 0.5), "1 different scores"),
        (lambda rows: 1 - sound(rows), "a larger amount makes transactions look safer"),
        (more_is_safer, "a larger card@v1:count_1h makes a transaction look safer"),
        (lambda rows: sound(rows) + np.arange(len(rows)) * 1e-5, "differ by|the order of the rows"),
        (lambda rows: np.where(np.isnan(rows).any(axis=1), 2.0, sound(rows)), "no probability"),
        (by_the_hour, "of the frauds that are alerts pass"),
    ],
)
def test_a_bad_model_is_refused_whatever_its_kind(name: str, predict, reason: str) -> None:  # noqa: ANN001
    with pytest.raises(ValueError, match=f"{name}: .*({reason})"):
        pass_gates(candidate_of(predict, name), JOB, TRUTH)


def test_a_slow_fallback_is_refused() -> None:
    with pytest.raises(ValueError, match="simple model: one row takes 2000"):
        pass_gates(candidate_of(sound, "simple model", 2000.0), JOB, TRUTH)


def evaluation_of(ratio: float) -> dict:
    figures = {"false_positive_rate_ratio": ratio, "false_positive_rate_ratio_interval": (0.0, ratio)}
    return {"scorers": {"trees": {}, "simple model": {"segments": {"age_band": figures}}}}


def test_the_fallback_is_held_to_the_policys_fairness_too() -> None:
    job = replace(JOB, fairness=Fairness(("age_band",), 0.5))
    with pytest.raises(ValueError, match="simple model: by age_band the false_positive_rate_ratio is 0.300"):
        add_gates(evaluation_of(0.3), job, {"simple model": []})
    evaluation = evaluation_of(0.6)
    add_gates(evaluation, job, {"simple model": pass_gates(candidate_of(sound), job, TRUTH)})
    assert evaluation["gates"]["simple model"][-1]["found"] == 0.6


def test_the_report_says_of_each_gate_what_it_found_or_why_it_does_not_apply() -> None:
    job = replace(JOB, features=("a", "b", "c"), directions=Directions())
    evaluation = evaluation_of(0.6)
    gates = {name: pass_gates(candidate_of(sound), job, TRUTH) for name in ("trees", "simple model")}
    add_gates(evaluation, job, gates)
    assert "trees passed 10, not applied: a larger amount (the features name no amount); directions" in (
        gate_notes(evaluation)[0]
    )
    empty = {"published": [], "thresholdOptions": {}, "latencyMicros": {}, "notes": []}
    shown = {"dataset": "d", "window": {}, "alertBudgetShare": 0.01, "scorers": {}}
    figures = {
        "averagePrecision": 0.5, "averagePrecisionInterval": [0, 1], "aucRoc": 0.5, "atOtherBudgets": {},
        "atAlertBudget": {"recall": 0.5, "recallCeiling": 1.0, "precision": 0.5},
    }  # fmt: skip
    evaluation |= empty | shown | {"scorers": {"trees": figures}}
    report = as_markdown(evaluation, [])
    assert "| gate | limit | trees | simple model |" in report
    assert "| directions |  | – (the policy names none) | – (the policy names none) |" in report
    assert "| bytes of the file | at most 2,000,000 | 5 | 5 |" in report
