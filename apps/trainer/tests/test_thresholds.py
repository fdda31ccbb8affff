import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tollgate_trainer.evaluation.cost import Costs
from tollgate_trainer.evaluation.report import _thresholds
from tollgate_trainer.evaluation.window import Budgets, Window
from tollgate_trainer.job import read_job
from tollgate_trainer.threshold_options import UnseenScores, choose_thresholds, option_figures

COUNT = 4000
RANDOM = np.random.default_rng(9)
LABEL = RANDOM.random(COUNT) < 0.05
SCORES = np.clip(RANDOM.beta(1, 12, COUNT) + 0.35 * LABEL * RANDOM.random(COUNT), 0, 1)
AMOUNT = RANDOM.lognormal(3, 1, COUNT)
UNSEEN = UnseenScores(SCORES, SCORES, LABEL, AMOUNT)
BUDGETS = Budgets(alert=0.01, decline=0.003, costs=Costs(300, 1500, 1))
WAYS = ("alertBudget", "falsePositiveRate", "leastCost")


def test_the_alert_budget_decides_where_the_policy_says_nothing() -> None:
    chosen = choose_thresholds(UNSEEN, BUDGETS)
    assert (SCORES >= chosen.review).mean() == pytest.approx(0.01)
    assert (SCORES >= chosen.decline).mean() == pytest.approx(0.003)


def test_a_false_positive_rate_leaves_so_many_honest_ones_above_it() -> None:
    budgets = replace(BUDGETS, review_by="falsePositiveRate", false_positive_rate_max=0.02)
    chosen = choose_thresholds(UNSEEN, budgets)
    assert (SCORES[~LABEL] >= chosen.review).mean() == pytest.approx(0.02, abs=1e-3)


def test_the_least_cost_is_not_more_than_that_of_the_other_ways() -> None:
    chosen = choose_thresholds(UNSEEN, replace(BUDGETS, review_by="leastCost"))
    window = Window(LABEL, np.zeros(COUNT), None, AMOUNT)
    figures = option_figures(window, SCORES, chosen, replace(BUDGETS, review_by="leastCost"))
    assert figures["least cost"]["chosen"] and figures["least cost"]["review"] == chosen.review
    assert figures["least cost"]["costPerThousand"] == min(
        each["costPerThousand"] for each in figures.values()
    )


@pytest.mark.parametrize("way", WAYS)
def test_whatever_decides_what_is_declined_is_an_alert_and_the_threshold_one_that_can_serve(way: str) -> None:
    for scores in (SCORES, np.zeros(COUNT), np.ones(COUNT)):
        budgets = replace(BUDGETS, review_by=way, decline=0.5)
        chosen = choose_thresholds(UnseenScores(scores, scores, LABEL, AMOUNT), budgets)
        assert 0 < chosen.review <= chosen.decline <= 1
        assert chosen.review == chosen.options[way]


def test_least_cost_without_amounts_is_refused_with_what_can_be_had() -> None:
    rows = replace(UNSEEN, amount=None)
    with pytest.raises(ValueError, match="by leastCost; .* by alertBudget, falsePositiveRate$"):
        choose_thresholds(rows, replace(BUDGETS, review_by="leastCost"))
    assert list(choose_thresholds(rows, BUDGETS).options) == ["alertBudget", "falsePositiveRate"]


def test_one_table_says_what_each_way_would_give_and_which_is_chosen() -> None:
    budgets = replace(BUDGETS, review_by="falsePositiveRate")
    window = Window(LABEL, np.zeros(COUNT), None, AMOUNT)
    figures = option_figures(window, SCORES, choose_thresholds(UNSEEN, budgets), budgets)
    _, table = _thresholds({"thresholdOptions": {"trees": figures}})
    assert "| trees | alert budget 1.00% | 0." in table
    assert "| trees | **false positives at most 0.50%**, as the policy says | 0." in table
    assert "| trees | least cost | 0." in table


def test_the_policy_of_a_job_names_it(tmp_path: Path) -> None:
    costs = {"reviewMinor": 1, "blockedGoodMinor": 1, "missedFraudShare": 1}
    policy = {"alertBudgetShare": 0.01, "declineBudgetShare": 0.003, "costs": costs}
    fields = {"task": "train", "rowsPath": "r", "outputFolder": "o", "features": ["a"], "seed": 1}
    path = tmp_path / "job.json"
    path.write_text(json.dumps(fields | {"policy": policy}))
    assert (read_job(path).budgets.review_by, read_job(path).budgets.false_positive_rate_max) == (
        "alertBudget",
        0.005,
    )
    review = {"by": "falsePositiveRate", "falsePositiveRateMax": 0.002}
    path.write_text(json.dumps(fields | {"policy": policy | {"reviewThreshold": review}}))
    assert read_job(path).budgets.review_by == "falsePositiveRate"
    assert read_job(path).budgets.false_positive_rate_max == 0.002
