"""What the manifest keeps of an evaluation."""

from .candidate import DIFFERENCE, FLIP_RATE
from .evaluation.compare import Evaluation

Metrics = dict[str, float | dict[str, float]]


def manifest_metrics(evaluation: Evaluation, scorer: str) -> Metrics:
    """
    Of one scorer, beside the simple model and the rules: numbers, or names and numbers. The same for the same
    rows on any machine, so no latency.
    """
    own, simple, rules = (evaluation["scorers"][name] for name in (scorer, "simple model", "rules"))
    at_budget = own["atAlertBudget"]
    metrics: Metrics = {
        "testTransactions": float(evaluation["window"]["transactions"]),
        "testFrauds": float(evaluation["window"]["frauds"]),
        "averagePrecision": own["averagePrecision"],
        "averagePrecisionLow": own["averagePrecisionInterval"][0],
        "averagePrecisionHigh": own["averagePrecisionInterval"][1],
        "aucRoc": own["aucRoc"],
        "recallAtAlertBudget": at_budget["recall"],
        "recallCeilingAtAlertBudget": at_budget["recallCeiling"],
        "precisionAtAlertBudget": at_budget["precision"],
        "expectedCalibrationError": own["expectedCalibrationError"],
        "simpleModelAveragePrecision": simple["averagePrecision"],
        "simpleModelRecallAtAlertBudget": simple["atAlertBudget"]["recall"],
        "rulesAveragePrecision": rules["averagePrecision"],
        "rulesRecallAtAlertBudget": rules["atAlertBudget"]["recall"],
        "rulesAlertShare": rules["asItDecides"]["alertShare"],
        "rulesRecall": rules["asItDecides"]["recall"],
        "rulesPrecision": rules["asItDecides"]["precision"],
    }
    optional = ("cardPrecisionTop100", "cardPrecisionTop100Ceiling", "recallByPattern")
    metrics |= {name: own[name] for name in optional if name in own}
    return metrics | _of_money(own, rules) | _of_people(own) | _of_gates(evaluation, scorer)


def _of_people(own: Evaluation) -> Metrics:
    """Fairlearn's names: the lowest group's rate divided by the highest's."""
    segments = own.get("segments", {})
    if not segments:
        return {}
    return {
        "falsePositiveRateRatio": {
            name: figures["false_positive_rate_ratio"] for name, figures in segments.items()
        }
    }


def _of_gates(evaluation: Evaluation, scorer: str) -> Metrics:
    found = {result["gate"]: result["found"] for result in evaluation["gates"][scorer]}
    named = {"onnxMaxDifference": found[DIFFERENCE], "flipRate": found[FLIP_RATE]}
    return {name: value for name, value in named.items() if value is not None}


def _of_money(own: Evaluation, rules: Evaluation) -> Metrics:
    if "costPerThousand" not in own:
        return {}
    return {
        "valueDetectionRate": own["atAlertBudget"]["valueDetectionRate"],
        "costPerThousand": own["costPerThousand"],
        "rulesCostPerThousand": rules["asItDecides"]["costPerThousand"],
    }
