"""What the manifest keeps of an evaluation."""

from .evaluation.compare import Evaluation

Metrics = dict[str, float | dict[str, float]]


def manifest_metrics(evaluation: Evaluation) -> Metrics:
    """Numbers, or names and numbers; the same for the same rows on any machine, so no latency."""
    trees, simple, rules = (evaluation["scorers"][name] for name in ("trees", "simple model", "rules"))
    at_budget = trees["atAlertBudget"]
    metrics: Metrics = {
        "testTransactions": float(evaluation["window"]["transactions"]),
        "testFrauds": float(evaluation["window"]["frauds"]),
        "averagePrecision": trees["averagePrecision"],
        "averagePrecisionLow": trees["averagePrecisionInterval"][0],
        "averagePrecisionHigh": trees["averagePrecisionInterval"][1],
        "aucRoc": trees["aucRoc"],
        "recallAtAlertBudget": at_budget["recall"],
        "recallCeilingAtAlertBudget": at_budget["recallCeiling"],
        "precisionAtAlertBudget": at_budget["precision"],
        "cardPrecisionTop100": trees["cardPrecisionTop100"],
        "cardPrecisionTop100Ceiling": trees["cardPrecisionTop100Ceiling"],
        "expectedCalibrationError": trees["expectedCalibrationError"],
        "simpleModelAveragePrecision": simple["averagePrecision"],
        "simpleModelRecallAtAlertBudget": simple["atAlertBudget"]["recall"],
        "rulesAveragePrecision": rules["averagePrecision"],
        "rulesRecallAtAlertBudget": rules["atAlertBudget"]["recall"],
        "rulesAlertShare": rules["asItDecides"]["alertShare"],
        "rulesRecall": rules["asItDecides"]["recall"],
        "rulesPrecision": rules["asItDecides"]["precision"],
        "recallByPattern": trees["recallByPattern"],
        "onnxMaxDifference": evaluation["gates"]["onnxMaxDifference"],
    }
    return metrics | _of_money(trees, rules)


def _of_money(trees: Evaluation, rules: Evaluation) -> Metrics:
    if "costPerThousand" not in trees:
        return {}
    return {
        "valueDetectionRate": trees["atAlertBudget"]["valueDetectionRate"],
        "costPerThousand": trees["costPerThousand"],
        "rulesCostPerThousand": rules["asItDecides"]["costPerThousand"],
    }
