"""What a person reads of an evaluation: report.md with its figures, and evaluation.json."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .compare import Evaluation
from .curves import draw_curves
from .tables import Row, comparison_table, markdown_table
from .window import Scorer, Window


def write_report(folder: Path, evaluation: Evaluation, window: Window, scorers: list[Scorer]) -> None:
    """Writes evaluation.json, report.md and the figures it shows into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = draw_curves(
        folder, window, scorers, evaluation["alertBudgetShare"], evaluation["importance"]
    )
    text = json.dumps(evaluation, indent=2)
    (folder / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    (folder / "report.md").write_text(as_markdown(evaluation, pictures), encoding="utf-8")


def as_markdown(evaluation: Evaluation, pictures: list[str]) -> str:
    window = evaluation["window"]
    described = ", ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in window.items()
    )
    parts = [
        f"# Evaluation: {evaluation['dataset']}",
        f"Judged on: {described}.",
        markdown_table(comparison_table(evaluation)),
        *_other_budgets(evaluation),
        *_patterns(evaluation),
        *_as_it_decides(evaluation),
        *_thresholds(evaluation),
        *_gates(evaluation),
        *_segments(evaluation),
        *_prequential(evaluation),
        *_latency(evaluation),
        "## Notes",
        "\n".join(f"- {note}" for note in evaluation["notes"]),
        "## Figures",
        "\n\n".join(f"![{name.removesuffix('.svg')}]({name})" for name in pictures),
    ]
    return "\n\n".join(parts) + "\n"


def _other_budgets(evaluation: Evaluation) -> list[str]:
    scorers = evaluation["scorers"]
    shares = list(next(iter(scorers.values()))["atOtherBudgets"])
    header = ["recall (ceiling) / precision at", *(f"{float(share) * 100:g} % alerts" for share in shares)]
    rows = [
        [name, *(_recall_and_precision(figures["atOtherBudgets"][share]) for share in shares)]
        for name, figures in scorers.items()
    ]
    return ["## At other alert budgets", markdown_table([header, *rows])]


def _recall_and_precision(alerts: dict[str, float]) -> str:
    return f"{alerts['recall']:.3f} ({alerts['recallCeiling']:.3f}) / {alerts['precision']:.3f}"


def _patterns(evaluation: Evaluation) -> list[str]:
    scorers = {
        name: figures["recallByPattern"]
        for name, figures in evaluation["scorers"].items()
        if figures.get("recallByPattern")
    }
    if not scorers:
        return []
    header = ["pattern", *scorers]
    patterns = list(next(iter(scorers.values())))
    rows = [[pattern, *(f"{recalls[pattern]:.3f}" for recalls in scorers.values())] for pattern in patterns]
    return ["## Recall by fraud pattern, at the alert budget", markdown_table([header, *rows])]


def _as_it_decides(evaluation: Evaluation) -> list[str]:
    rows: list[Row] = [
        [name, *_alert_cells(figures["asItDecides"])]
        for name, figures in evaluation["scorers"].items()
        if "asItDecides" in figures
    ]
    return ["## As it decides by itself", markdown_table([["scorer", *ALERT_COLUMNS], *rows])] if rows else []


ALERT_COLUMNS = ["alerts", "recall", "precision", "false positives", "value found", "cost / 1,000"]


def _alert_cells(figures: dict[str, float]) -> Row:
    return [
        f"{figures['alertShare']:.3%}",
        f"{figures['recall']:.3f}",
        f"{figures['precision']:.3f}",
        f"{figures['falsePositiveRate']:.4%}",
        f"{figures['valueDetectionRate']:.3f}" if "valueDetectionRate" in figures else "",
        f"{figures['costPerThousand']:,.2f}" if "costPerThousand" in figures else "",
    ]


def _thresholds(evaluation: Evaluation) -> list[str]:
    rows = [
        [
            scorer,
            f"**{name}**, as the policy says" if figures["chosen"] else name,
            f"{figures['review']:.5f}",
            *_alert_cells(figures),
        ]
        for scorer, options in evaluation["thresholdOptions"].items()
        for name, figures in options.items()
    ]
    if not rows:
        return []
    title = "## What each way to choose the review threshold would give"
    return [title, markdown_table([["model", "chosen by", "threshold", *ALERT_COLUMNS], *rows])]


def _gates(evaluation: Evaluation) -> list[str]:
    """One row for each gate: what was found of each model that is registered, or why it does not apply."""
    models: dict[str, list[dict[str, Any]]] = evaluation.get("gates", {})
    limits = {result["gate"]: result["limit"] for results in models.values() for result in results}
    by_gate = [{result["gate"]: result for result in results} for results in models.values()]
    rows = [
        [gate, limit, *(_gate_cell(found.get(gate)) for found in by_gate)] for gate, limit in limits.items()
    ]
    return ["## Gates", markdown_table([["gate", "limit", *models], *rows])] if rows else []


def _gate_cell(result: dict[str, Any] | None) -> str:
    if result is None:
        return ""
    found = result["found"]
    if found is None:
        return f"– ({result['note']})"
    return f"{found:,.0f}" if float(found).is_integer() else f"{found:.3g}"


def _segments(evaluation: Evaluation) -> list[str]:
    parts: list[str] = []
    for scorer, figures in evaluation["scorers"].items():
        for segment, values in figures.get("segments", {}).items():
            low, high = values["false_positive_rate_ratio_interval"]
            rows = [
                [
                    value,
                    f"{count:,.0f}",
                    f"{values['selection_rate'][value]:.4%}",
                    f"{values['false_positive_rate'][value]:.4%}",
                ]
                for value, count in values["count"].items()
            ]
            ratio = values["false_positive_rate_ratio"]
            parts += [
                f"### {scorer}, by {segment}: false_positive_rate_ratio {ratio:.3f} [{low:.3f}, {high:.3f}]",
                markdown_table([[segment, "count", "selection_rate", "false_positive_rate"], *rows]),
            ]
    return ["## Fairness", *parts] if parts else []


def _prequential(evaluation: Evaluation) -> list[str]:
    weeks = evaluation.get("prequential", [])
    if not weeks:
        return []
    counts = ["week from", "transactions", "frauds", "labels came"]
    header = [*counts, "AP", "AP by labels", "recall", "precision"]
    rows = [
        [
            datetime.fromtimestamp(week["startMs"] / 1000, UTC).strftime("%Y-%m-%d"),
            f"{week['transactions']:,}",
            f"{week['frauds']}",
            f"{week['labelledFrauds']}",
            f"{week['averagePrecision']:.3f}",
            f"{week['averagePrecisionByLabels']:.3f}",
            f"{week['recall']:.3f}",
            f"{week['precision']:.3f}",
        ]
        for week in weeks
    ]
    title = "## Week after week, fitted on the labels that had come, at the alert budget"
    return [title, markdown_table([header, *rows])]


def _latency(evaluation: Evaluation) -> list[str]:
    latency: dict[str, Any] = evaluation["latencyMicros"]
    if not latency:
        return []
    rows = [
        [name, *(f"{micros:.1f}" for micros in figures.values())] for name, figures in latency.items()
    ]
    header = ["µs in ONNX Runtime, one thread", "one row, median", "one row, p99", "a row of 64, median"]
    return ["## Latency", markdown_table([header, *rows])]
